//! A choice has a name and a domain.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses();
        alice: chooses(y in X, wpp = 1);
        return Pr[alice.y == x];
    }
}

fn main() {}
