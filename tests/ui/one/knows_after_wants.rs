//! An agent that looks ahead must know beforehand what it will know.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: wants(money = z);
        alice: chooses(y in X, wpp = exp(EU[money]));
        alice: knows(x);
        alice: chooses(z in X, wpp = exp(x * EU[money]));
        return Pr[alice.y == x];
    }
}

fn main() {}
