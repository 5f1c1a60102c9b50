//! `alice[e]` asks alice for a value, and she does not know it.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: thinks[ bob: chooses(z in X, wpp = 1) ];
        return alice[bob.z] + x;
    }
}

fn main() {}
