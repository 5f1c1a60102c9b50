//! What a call costs is measured in `cost @`, `time @`, `space @` or `size @`.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        return x + speed @ g();
    }
}

#[memo]
fn g() {
    model! {
        return 1;
    }
}

fn main() {}
