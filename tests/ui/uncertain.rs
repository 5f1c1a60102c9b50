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

#[memo]
fn other<c: Coin>() {
    model! {
        return c == Coin::Heads;
    }
}

/// The caret stands under what is uncertain, wherever that is in an expression.
#[memo]
fn deep<x: X, c: Coin>(p: f64) {
    model! {
        alice: thinks[ bob: chooses(y in X, wpp = 1) ];
        alice: chooses(z in X, wpp = 1);
        alice: chooses(w in X, wpp = z + 2 * bob.y);
        alice: chooses(v in X, such_that = z != bob.y);
        alice: chooses(u in X, wpp = if p > 1 { 1 } else { exp(p * (z - bob.y)) });
        alice: chooses(c in Coin, uniformly);
        bob: knows(x);
        bob: chooses(y in X, wpp = y == x);
        return 2 * x + alice.z;
        return Pr[alice.z == x] + alice.z;
        return x + E[alice.z * x] * bob[2 * x + E[y]];
        return 1 + other[alice.c]();
        return x + alice[p + 2 * bob.y];
        return 1 + deep[x, c](p + x);
    }
}

fn main() {}
