//! Empowerment: how much an agent's plans decide where it ends up, as the
//! capacity of the channel from plans to places (Klyubin, Polani & Nehaniv
//! 2005), by the algorithm of Arimoto and Blahut (1972).

use memo::prelude::*;

const SIDE: i64 = 9;

/// Where the agent may be.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub struct Place {
    #[domain(0..SIDE)]
    pub x: i64,
    #[domain(0..SIDE)]
    pub y: i64,
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Step {
    North,
    South,
    West,
    East,
    Stay,
}

/// A plan of four steps.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub struct Plan {
    pub first: Step,
    pub second: Step,
    pub third: Step,
    pub fourth: Step,
}

fn step(s: Place, a: Step) -> Place {
    let (dx, dy) = [(0, -1), (0, 1), (-1, 0), (1, 0), (0, 0)][a as usize];
    let next = Place { x: (s.x + dx).clamp(0, SIDE - 1), y: (s.y + dy).clamp(0, SIDE - 1) };
    // There is a block in the middle.
    if next == (Place { x: SIDE / 2, y: SIDE / 2 }) { s } else { next }
}

/// Whether a plan leads from one place to another.
pub fn leads_to(end: Place, plan: Plan, start: Place) -> bool {
    let steps = [plan.first, plan.second, plan.third, plan.fourth];
    steps.into_iter().fold(start, step) == end
}

/// How often the best sender uses each plan at a place, after `t` rounds.
#[memo]
pub fn sender<x: Plan, z: Place>(t: i64) {
    model! {
        alice: knows(z);
        alice: chooses(x in Plan, wpp = imagine[
            bob: knows(x, z),
            bob: chooses(y in Place, wpp = leads_to(y, x, z)),
            bob: thinks[
                charlie: knows(y, z),
                charlie: chooses(x in Plan, wpp = receiver[x, y, z](t - 1) if t > 0 else 1)
            ],
            exp(E[bob[H[charlie.x]]])
        ]);
        return Pr[alice.x == x];
    }
}

/// What the place where it ended tells of the plan.
#[memo]
pub fn receiver<x: Plan, y: Place, z: Place>(t: i64) {
    model! {
        alice: knows(x, y, z);
        alice: thinks[
            bob: knows(z),
            bob: chooses(x in Plan, wpp = sender[x, z](t)),
            bob: chooses(y in Place, wpp = leads_to(y, x, z))
        ];
        alice: observes [bob.y] is y;
        return alice[Pr[bob.x == x]];
    }
}

/// The empowerment of each place, in bits.
#[memo]
pub fn empowerment<z: Place>(t: i64) {
    model! {
        alice: knows(z);
        alice: chooses(x in Plan, wpp = sender[x, z](t));
        alice: chooses(y in Place, wpp = leads_to(y, x, z));
        return (H[alice.x] + H[alice.y] - H[alice.x, alice.y]) / log(2);
    }
}
