use memo::prelude::*;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Die { One = 1, Two = 2, Three = 3 }

const X: Range<i64> = 0..3;

#[memo]
fn uncertain<x: X>() {
    model! {
        alice: thinks[ bob: chooses(y in X, wpp = 1) ];
        alice: chooses(z in X, wpp = bob.y + 1);
        carol: thinks[ alice: thinks[ bob: chooses(y in X, wpp = 1) ], alice: chooses(z in X, wpp = bob.y) ];
        return alice[bob.y == x];
        return alice.z;
    }
}

fn main() {}
