//! `has_theory` restricts what an agent can do, and the statement goes beyond that.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        child: has_theory(CHILD);
        child: thinks[ bob: chooses(z in X, wpp = 1) ];
        return child[E[bob.z]] + x;
    }
}

fn main() {}
