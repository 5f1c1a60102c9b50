//! Food trucks: from where a student walks, an observer infers what she wants
//! and what she believes (Baker, Jara-Ettinger, Saxe & Tenenbaum 2017).

use memo::prelude::*;

const WIDTH: i64 = 10;
const HEIGHT: i64 = 5;

/// Where the student may stand.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub struct Place {
    #[domain(0..WIDTH)]
    pub x: i64,
    #[domain(0..HEIGHT)]
    pub y: i64,
}

/// One spot for a truck, hidden behind a wall: L or M is parked there.
pub const FAR: Place = Place { x: WIDTH - 1, y: 0 };
/// The other, where K always is.
pub const NEAR: Place = Place { x: 0, y: HEIGHT - 1 };

/// Which truck is parked at the hidden spot.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Parked {
    L,
    M,
}

/// What the student sees.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Seen {
    L,
    M,
    Nothing,
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Action {
    Left,
    Right,
    Up,
    Down,
    Stay,
}

/// How much each truck would please, as numbers of `UTILITY`.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub struct Wishes {
    #[domain(0..4)]
    pub k: usize,
    #[domain(0..4)]
    pub l: usize,
    #[domain(0..4)]
    pub m: usize,
}

/// How much a truck may please.
pub const UTILITY: [f64; 4] = [-20.0, 0.0, 50.0, 100.0];

/// Beliefs: the chance that L is parked.
pub const B: memo::Linspace = linspace(0.0, 1.0, 7);

fn wall(x: i64, y: i64) -> bool {
    y == 2 && x >= 1
}

/// Whether a step leads from one place to another; walls and edges stop it.
pub fn leads_to(s: Place, a: Action, next: Place) -> bool {
    let (dx, dy) = [(-1, 0), (1, 0), (0, -1), (0, 1), (0, 0)][a as usize];
    let (x, y) = ((s.x + dx).clamp(0, WIDTH - 1), (s.y + dy).clamp(0, HEIGHT - 1));
    if wall(x, y) { next == s } else { next == Place { x, y } }
}

/// Whether there is a truck to eat at.
pub fn ends(s: Place) -> bool {
    s == FAR || s == NEAR
}

/// How much it pleases to be there.
pub fn reward(d: Parked, s: Place, g: Wishes) -> f64 {
    match d {
        _ if s == NEAR => UTILITY[g.k],
        Parked::L if s == FAR => UTILITY[g.l],
        Parked::M if s == FAR => UTILITY[g.m],
        _ => 0.0,
    }
}

/// What a step costs.
pub fn effort(a: Action) -> f64 {
    f64::from(u8::from(a != Action::Stay))
}

/// The chance of a truck under a belief.
pub fn chance(b: f64, d: Parked) -> f64 {
    if d == Parked::L { b } else { 1.0 - b }
}

/// How likely the student sees that from there.
pub fn sees(d: Parked, s: Place, o: Seen) -> f64 {
    match (s.y < 2, d, o) {
        (false, _, Seen::Nothing) => 1.0,
        (true, Parked::L, Seen::L) | (true, Parked::M, Seen::M) => 0.99,
        (true, _, Seen::Nothing) => 0.01,
        _ => 0.0,
    }
}

/// How near a belief is to what follows from seeing something somewhere.
#[memo(cache)]
pub fn updated<b: B, s: Place, o: Seen, b_: B>() {
    model! {
        alice: knows(b, s);
        alice: thinks[
            env: knows(b, s),
            env: chooses(d in Parked, wpp = chance(b, d)),
            env: chooses(o in Seen, wpp = sees(d, s, o))
        ];
        alice: observes [env.o] is o;
        alice: knows(b_);
        return exp(-10 * alice[abs(Pr[env.d == Parked::L] - b_)]);
    }
}

/// The value of a step to a student with a belief and wishes.
#[memo(cache)]
pub fn q<b: B, s: Place, a: Action, g: Wishes>(t: i64) {
    model! {
        alice: knows(b, s, a, g);
        alice: thinks[ env: knows(b, s, a), env: chooses(d in Parked, wpp = chance(b, d)) ];
        alice: given(s_ in Place, wpp = leads_to(s, a, s_));
        alice: thinks[ env: knows(s_), env: chooses(o in Seen, wpp = sees(d, s_, o)) ];
        alice: snapshots_self_as(future_alice);
        return E[alice[
            E[reward(env.d, s_, g) - effort(a)]
            + (0.0 if t <= 0 else 0.0 if ends(s_) else imagine[
                future_alice: observes [env.o] is env.o,
                future_alice: chooses(b_ in B, wpp = updated[b, s_, env.o, b_]()),
                future_alice: chooses(a_ in Action, to_maximize = q[b, s_, a_, g](t - 1)),
                0.99 * E[future_alice[q[b, s_, a_, g](t - 1)]]
            ])
        ]];
    }
}

/// What the student does: she looks behind the wall, and comes back.
pub const WALK: [Action; 14] = [
    Action::Left,
    Action::Left,
    Action::Left,
    Action::Up,
    Action::Up,
    Action::Right,
    Action::Right,
    Action::Right,
    Action::Left,
    Action::Left,
    Action::Left,
    Action::Down,
    Action::Down,
    Action::Down,
];

/// Where she comes from.
pub const START: Place = Place { x: 3, y: 3 };

/// What an observer infers from the first steps about her belief, place and
/// wishes; L is parked.
#[memo(cache)]
pub fn inferred<b: B, s: Place, g: Wishes>(t: i64, horizon: i64) {
    model! {
        viewer: thinks[
            alice: given(b in B, g in Wishes, s in Place,
                wpp = (s == { START }) if t <= 0 else inferred[b, s, g](t - 1, horizon)),
            alice: chooses(a in Action, wpp = exp(2.5 * q[b, s, a, g](horizon)))
        ];
        viewer: observes_that [alice.a == { WALK[t as usize] }];
        viewer: thinks[
            alice: given(s_ in Place, wpp = leads_to(s, a, s_)),
            alice: given(o in Seen, wpp = sees({ Parked::L }, s_, o)),
            alice: given(b_ in B, wpp = updated[b, s_, o, b_]())
        ];
        viewer: knows(b, s, g);
        return viewer[Pr[b == alice.b_, s == alice.s_, g == alice.g]];
    }
}
