use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses(height in X, wpp = 1);
        return Pr[alice.height == x];
    }
}
