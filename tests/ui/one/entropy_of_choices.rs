//! Entropy is that of choices, not of values made of them.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses(y in X, wpp = 1);
        return H[alice.y + 1] + x;
    }
}

fn main() {}
