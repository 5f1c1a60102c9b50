//! A word of Python that Rust spells differently, or that the language does not
//! have.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        return True if x == 1 else false;
    }
}

fn main() {}
