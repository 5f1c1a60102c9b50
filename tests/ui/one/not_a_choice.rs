//! What is observed is a choice, `bob.y`, not a value made of choices.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: thinks[ bob: chooses(z in X, wpp = 1) ];
        alice: observes [1 + 1] is x;
        return alice[E[bob.z]] + x;
    }
}

fn main() {}
