//! Values are not assigned to names: what has a name is chosen.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>(a: f64) {
    model! {
        return x + (a := 1);
    }
}

fn main() {}
