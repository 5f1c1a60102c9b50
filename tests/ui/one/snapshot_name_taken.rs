//! A snapshot is kept under a name that the mind does not use yet.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: thinks[ past: chooses(z in X, wpp = 1) ];
        alice: snapshots_self_as(past);
        return alice[E[past.z]] + x;
    }
}

fn main() {}
