//! A choice and a parameter cannot share a name: what would the name mean?

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>(y: f64) {
    model! {
        alice: chooses(y in X, wpp = 1);
        return Pr[alice.y == x];
    }
}

fn main() {}
