//! An agent is asked about of whom nothing has been said at this place.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses(y in X, wpp = 1);
        return E[alcie.y] + x;
    }
}

fn main() {}
