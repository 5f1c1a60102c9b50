//! `to_be` sets one choice to a value.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses(y in X, z in X, to_be = 1);
        return Pr[alice.y == x, alice.z == x];
    }
}

fn main() {}
