//! Entropy and divergence measure uncertainty. What is known has none.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: knows(x);
        return alice[H[x]];
    }
}

fn main() {}
