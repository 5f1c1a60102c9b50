//! The cast of a model is named before it plays.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses(y in X, wpp = 1);
        cast: [alice];
        return Pr[alice.y == x];
    }
}

fn main() {}
