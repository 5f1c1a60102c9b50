//! `thinks` and `observes` take square brackets, `chooses`, `knows` and `wants`
//! round ones.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: thinks(bob: chooses(z in X, wpp = 1));
        return alice[E[bob.z]] + x;
    }
}

fn main() {}
