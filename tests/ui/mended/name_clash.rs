use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>(y_weight: f64) {
    model! {
        alice: chooses(y in X, wpp = y_weight);
        return Pr[alice.y == x];
    }
}
