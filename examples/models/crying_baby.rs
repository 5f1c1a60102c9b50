//! The crying baby: planning under partial observation, with a belief that is
//! itself the state.

use memo::prelude::*;

/// Whether the baby is hungry.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum State {
    Hungry,
    Sated,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Action {
    Feed,
    Sing,
    Ignore,
}

/// What is heard.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Sound {
    Crying,
    Quiet,
}

/// The belief that the baby is hungry, in fifty steps.
pub const B: Linspace = linspace(0.0, 1.0, 50);

/// The chance of a state under a belief.
pub fn belief(b: f64, s: State) -> f64 {
    if s == State::Hungry { b } else { 1.0 - b }
}

/// The chance of the next state.
pub fn transition(s: State, a: Action, next: State) -> f64 {
    let hungry = match (s, a) {
        (_, Action::Feed) => 0.0,
        (State::Hungry, _) => 1.0,
        (State::Sated, _) => 0.1,
    };
    if next == State::Hungry { hungry } else { 1.0 - hungry }
}

/// The chance of a sound.
pub fn sound(o: Sound, s: State, a: Action) -> f64 {
    let cry = match (s, a) {
        (State::Hungry, Action::Sing) => 0.9,
        (State::Hungry, _) => 0.8,
        (State::Sated, Action::Sing) => 0.0,
        (State::Sated, _) => 0.1,
    };
    if o == Sound::Crying { cry } else { 1.0 - cry }
}

/// What a step is worth.
pub fn reward(s: State, a: Action) -> f64 {
    let state = if s == State::Hungry { -10.0 } else { 0.0 };
    state + [-5.0, -0.5, 0.0][a as usize]
}

/// The value of an action under a belief, `t` steps ahead.
#[memo(cache)]
pub fn q<b: B, a: Action>(t: i64) {
    model! {
        alice: knows(b, a);
        alice: thinks[
            env: knows(b, a),
            env: chooses(s in State, wpp = belief(b, s)),
            env: chooses(s_ in State, wpp = transition(s, a, s_)),
            env: chooses(o in Sound, wpp = sound(o, s_, a))
        ];
        alice: snapshots_self_as(future_alice);
        return alice[ E[reward(env.s, a)] + (0.0 if t <= 0 else 0.9 * imagine[
            future_alice: observes [env.o] is env.o,
            future_alice: chooses(b_ in B, wpp = exp(-100.0 * abs(Pr[env.s_ == State::Hungry] - b_))),
            future_alice: chooses(a_ in Action, to_maximize = q[b_, a_](t - 1)),
            E[ future_alice[ q[b_, a_](t - 1) ] ]
        ]) ];
    }
}
