//! A statement names an agent and says what it does.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        hello world;
        alice: chooses(y in X, wpp = 1);
        return Pr[alice.y == x];
    }
}

fn main() {}
