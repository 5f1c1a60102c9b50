use memo::prelude::*;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Die { One = 1, Two = 2, Three = 3 }

const X: Range<i64> = 0..3;

#[memo]
fn observing<x: X, c: Coin>() {
    model! {
        alice: thinks[ bob: chooses(y in X, wpp = 1), bob: chooses(z in Die, wpp = 1) ];
        alice: observes [bob.w] is x;
        alice: observes [bob.y] is nothing;
        alice: observes [bob.y] is x;
        alice: observes [bob.y] is x;
        alice: thinks[ bob: chooses(v in 0..3, wpp = 1) ];
        carol: chooses(u in 0..4, wpp = 1);
        alice: observes [bob.v] is carol.u;
        return alice[E[bob.z]] + c;
    }
}

#[memo]
fn other_type<c: Coin>() {
    model! {
        alice: thinks[ bob: chooses(z in Die, wpp = 1) ];
        alice: observes [bob.z] is c;
        return alice[Pr[bob.z == Die::One]];
    }
}

#[memo]
fn other_divergence<_c: Coin>() {
    model! {
        alice: chooses(x in X, wpp = 1);
        alice: chooses(c in Coin, wpp = 1);
        return KL[alice.c | alice.x];
    }
}

// What one broken statement names is no reason to keep silent about another.
#[memo]
fn broken<x: X>() {
    model! {
        alice: observes_that bob.y;
        alice: observes [bob.y] is x;
        return alice[E[carol.w]] + x;
    }
}

fn main() {}
