//! The cast is a list of names in brackets.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        cast: alice;
        alice: chooses(y in X, wpp = 1);
        return Pr[alice.y == x];
    }
}

fn main() {}
