//! A model is an ordinary function: it is neither `const` nor `async` nor `unsafe`,
//! and has no `where`.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
const fn f<x: X>() {
    model! {
        return x;
    }
}

fn main() {}
