use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses(y in X, wpp = 1);
        alice: chooses(z in X, wpp = y);
        return Pr[alice.z == x];
    }
}
