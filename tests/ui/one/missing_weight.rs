//! It is not said how the choice is made.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses(y in X);
        return Pr[alice.y == x];
    }
}

fn main() {}
