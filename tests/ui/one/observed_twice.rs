//! What has been observed is known, and cannot be observed again.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X, y: X>() {
    model! {
        alice: thinks[ bob: chooses(z in X, wpp = 1) ];
        alice: observes [bob.z] is x;
        alice: observes [bob.z] is y;
        return alice[E[bob.z]] + y;
    }
}

fn main() {}
