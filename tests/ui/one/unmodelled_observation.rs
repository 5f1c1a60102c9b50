//! To learn from an observation a mind needs a model of how it comes about:
//! `thinks` first, then `observes`.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: observes [bob.z] is x;
        return alice[E[bob.z]];
    }
}

fn main() {}
