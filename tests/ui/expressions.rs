use memo::prelude::*;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Die { One = 1, Two = 2, Three = 3 }

const X: Range<i64> = 0..3;

#[memo]
fn expressions<x: X>(a: f64) {
    model! {
        alice: chooses(y in X, wpp = 1 +);
        alice: chooses(z in X, wpp = a b);
        alice: chooses(w in X, wpp = (a));
        return Pr[];
        return x is 1;
        return "text";
        return if x == 1 { 2 };
        return imagine[];
        return imagine[ bob: knows(x) ];
        return a := 1;
        return lambda x;
        return |x| x;
        return E(alice.y);
        return cost @ 3;
        return 1e999;
        return H[alice.y + 1];
        return KL[alice.y, alice.z];
        return x as f64;
    }
}

fn main() {}
