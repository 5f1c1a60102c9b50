//! `alice[…]` asks alice for one value. Several names in brackets are the axes of
//! another model, and that takes its arguments in parentheses.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses(y in X, wpp = 1);
        return alice[1, 2] + x;
    }
}

fn main() {}
