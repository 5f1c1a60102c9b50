//! Published models at larger sizes.

use memo::prelude::*;

use super::crying_baby::{Action, Sound, State, belief, reward, sound, transition};
use std::ops::{Range, RangeInclusive};

/// Utterances.
pub const U: Range<i64> = 0..200;
/// Referents.
pub const R: Range<i64> = 0..500;

/// How well an utterance fits a referent, in (0, 1].
pub fn fit(u: i64, r: i64) -> f64 {
    ((u * 7919 + r * 104_729) % 1000 + 1) as f64 / 1000.0
}

/// Rational speech acts over a big lexicon.
#[memo(grad)]
pub fn rsa<u: U, r: R>(alpha: f64, depth: i64) {
    model! {
        listener: thinks[
            speaker: given(r in R, wpp = 1),
            speaker: chooses(u in U, wpp = fit(u, r) * (1 if depth == 0 else exp(alpha * rsa[u, r](alpha, depth - 1))))
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(r in R, wpp = Pr[speaker.r == r]);
        return Pr[listener.r == r];
    }
}

/// Ten thousand people.
pub const N: RangeInclusive<i64> = 0..=10_000;

/// What may be said of them.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Quantifier {
    None,
    Some,
    All,
}

/// Whether the quantifier holds of `n` people.
pub fn holds(n: i64, u: Quantifier) -> bool {
    match u {
        Quantifier::None => n == 0,
        Quantifier::Some => n > 0,
        Quantifier::All => n == *N.end(),
    }
}

/// Scalar implicature.
#[memo]
pub fn scalar<n: N, u: Quantifier>() {
    model! {
        listener: thinks[
            speaker: chooses(n in N, wpp = 1),
            speaker: chooses(u in Quantifier, wpp = imagine[
                listener: knows(u),
                listener: chooses(n in N, wpp = holds(n, u)),
                Pr[listener.n == n]
            ])
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(n in N, wpp = E[speaker.n == n]);
        return Pr[listener.n == n];
    }
}

/// A hundred bars.
pub const BAR: Range<usize> = 0..100;

/// How popular a bar is.
pub fn prior(b: usize) -> f64 {
    1.0 + (b % 7) as f64 / 10.0
}

/// Where Alice goes.
#[memo]
pub fn alice<b: BAR>(depth: i64) {
    model! {
        alice: thinks[ bob: chooses(b in BAR, wpp = bob[b](depth - 1)) ];
        alice: chooses(b in BAR, wpp = prior(b) * Pr[b == bob.b]);
        return Pr[alice.b == b];
    }
}

/// Where Bob goes.
#[memo]
pub fn bob<b: BAR>(depth: i64) {
    model! {
        bob: thinks[ alice: chooses(b in BAR, wpp = alice[b](depth) if depth > 0 else 1) ];
        bob: chooses(b in BAR, wpp = prior(b) * Pr[b == alice.b]);
        return Pr[bob.b == b];
    }
}

/// The crying baby with ten times as many beliefs.
pub const FINE: memo::Linspace = linspace(0.0, 1.0, 500);

/// The value of each step at each belief.
#[memo(cache)]
pub fn fine<b: FINE, a: Action>(t: i64) {
    model! {
        alice: knows(b, a);
        alice: thinks[
            env: knows(b, a),
            env: chooses(s in State, wpp = belief(b, s)),
            env: chooses(s_ in State, wpp = transition(s, a, s_)),
            env: chooses(o in Sound, wpp = sound(o, s_, a))
        ];
        alice: snapshots_self_as(future_alice);
        return alice[E[reward(env.s, a)] + (0.0 if t <= 0 else 0.9 * imagine[
            future_alice: observes [env.o] is env.o,
            future_alice: chooses(b_ in FINE, wpp = exp(-100.0 * abs(Pr[env.s_ == State::Hungry] - b_))),
            future_alice: chooses(a_ in Action, to_maximize = fine[b_, a_](t - 1)),
            E[future_alice[fine[b_, a_](t - 1)]]
        ])];
    }
}
