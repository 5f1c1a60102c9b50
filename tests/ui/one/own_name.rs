//! Within a mind its own choices go by their names alone. `alice.x` in alice's mind
//! would be what an alice whom she models has chosen.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses(y in X, wpp = 1);
        alice: chooses(z in X, wpp = alice.y);
        return Pr[alice.z == x];
    }
}

fn main() {}
