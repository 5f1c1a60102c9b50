//! An observation has two sides: what is seen in the mind, and what it is in truth.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: thinks[ bob: chooses(z in X, wpp = 1) ];
        alice: observes [bob.z];
        return alice[E[bob.z]] + x;
    }
}

fn main() {}
