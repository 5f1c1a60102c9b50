//! The generic parameters of a model are its axes. References in its parameters
//! need no lifetimes.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<'a, x: X>(w: &'a [f64]) {
    model! {
        return w[x];
    }
}

fn main() {}
