use memo::prelude::*;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Die { One = 1, Two = 2, Three = 3 }

const X: Range<i64> = 0..3;

#[memo]
fn casting<x: X>() {
    model! {
        cast: [alice, bob];
        alcie: chooses(y in X, wpp = 1);
        alice: thinks[ carol: chooses(y in X, wpp = 1) ];
        bob: chooses(y in X, wpp = 1);
        return Pr[bob.y == x];
    }
}

fn main() {}
