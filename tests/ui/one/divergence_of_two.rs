//! The divergence is that of one choice from another, with a bar between them.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses(y in X, wpp = 1);
        alice: chooses(z in X, wpp = 1 + z);
        return KL[alice.y, alice.z] + x;
    }
}

fn main() {}
