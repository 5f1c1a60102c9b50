//! One value is asked for. Joint chances are `Pr[c, d]`, joint entropies `H[a.x,
//! b.y]`.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses(y in X, wpp = 1);
        return E[alice.y, x];
    }
}

fn main() {}
