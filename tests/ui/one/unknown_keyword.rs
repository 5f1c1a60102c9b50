//! What an agent can do has fixed words: `chooses`, `thinks`, `observes`, `knows`,
//! …

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chuses(y in X, wpp = 1);
        return Pr[alice.y == x];
    }
}

fn main() {}
