//! A name is used that the mind at this place does not hold. The mind is named:
//! what alice knows is not what bob knows. If another mind holds it, the help says
//! which; if it is a misspelt name, the help has the nearest one.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses(height in X, wpp = 1);
        return Pr[alice.hieght == x];
    }
}

fn main() {}
