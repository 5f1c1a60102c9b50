//! `EU[goal]` asks for a goal that the agent has not declared by `wants`.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: wants(riches = y);
        alice: chooses(y in X, wpp = exp(EU[riche]));
        return Pr[alice.y == x];
    }
}

fn main() {}
