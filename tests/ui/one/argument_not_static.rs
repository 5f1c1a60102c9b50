//! A model is called before anybody chooses: its arguments are numbers, parameters
//! and Rust. What depends on a choice is handed on as an axis.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn g<x: X>(n: i64) {
    model! {
        return x + n;
    }
}

#[memo]
fn f<x: X>() {
    model! {
        return g[x](x);
    }
}

fn main() {}
