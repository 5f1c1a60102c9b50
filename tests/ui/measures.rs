use memo::prelude::*;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Die { One = 1, Two = 2, Three = 3 }

const X: Range<i64> = 0..3;

#[memo]
fn measures<x: X>() {
    model! {
        alice: thinks[ bob: chooses(y in X, wpp = 1), bob: chooses(c in Coin, wpp = 1) ];
        alice: observes [bob.y] is x;
        return alice[H[bob.y]];
        return alice[KL[bob.y | bob.c]];
        return alice[1, 2];
        return H[nobody.y];
    }
}

fn main() {}
