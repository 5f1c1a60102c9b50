//! An agent chooses by what it knows. Here the weight rests on a choice of which
//! the agent is uncertain.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: thinks[ bob: chooses(z in X, wpp = 1) ];
        alice: chooses(y in X, wpp = bob.z + 1);
        return Pr[alice.y == x];
    }
}

fn main() {}
