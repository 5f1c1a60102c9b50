use memo::prelude::*;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Die { One = 1, Two = 2, Three = 3 }

const X: Range<i64> = 0..3;

#[memo]
fn other<x: X, c: Coin>(k: i64) {
    model! {
        return x + c + k;
    }
}

#[memo]
fn calling<x: X, c: Coin>(n: i64) {
    model! {
        alice: chooses(y in X, wpp = exp(x, 2));
        return calling[x](n) + calling[x, c](n, 1) + E[other[alice.y, c](alice.y)];
    }
}

#[memo]
fn wrong_axes<x: X, c: Coin>() {
    model! {
        return other[c, x](1);
    }
}

#[memo]
fn too_few<x: X>() {
    model! {
        return other[x](1);
    }
}

#[memo]
fn wrong_arguments<x: X, c: Coin>() {
    model! {
        return other[x, c](1, 2);
    }
}

fn main() {}
