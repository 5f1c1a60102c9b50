//! `cost @` is followed by the call of a model.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        return x + cost @ g;
    }
}

#[memo]
fn g() {
    model! {
        return 1;
    }
}

fn main() {}
