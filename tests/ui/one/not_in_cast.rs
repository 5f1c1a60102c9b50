//! A model that begins with `cast: […]` names all its agents there, so that a
//! misspelt agent is not a new one.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        cast: [alice];
        alice: chooses(y in X, wpp = 1);
        alcie: knows(x);
        return Pr[alice.y == x];
    }
}

fn main() {}
