use memo::prelude::*;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Die { One = 1, Two = 2, Three = 3 }

const X: Range<i64> = 0..3;

#[memo]
fn unused<x: X, y: X, _z: X>() {
    model! {
        alice: chooses(a in X, wpp = 1);
        return Pr[alice.a == x];
    }
}

fn main() {}
