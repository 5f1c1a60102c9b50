use memo::prelude::*;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Die { One = 1, Two = 2, Three = 3 }

const X: Range<i64> = 0..3;

#[memo]
fn choices<x: X, x: X, alpha: X>(alpha: f64) {
    model! {
        alice: chooses(alpha in X, wpp = 1);
        alice: chooses(y in X, wpp = 1);
        alice: chooses(y in Coin, wpp = 1);
        alice: chooses(p in X, q in X, to_be = 1);
        alice: chooses(r in X, wpp = 1, uniformly);
        return Pr[alice.y == x];
    }
}

fn main() {}
