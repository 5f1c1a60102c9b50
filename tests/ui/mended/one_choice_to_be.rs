use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses(y in X, to_be = 1);
        alice: chooses(z in X, to_be = 2);
        return Pr[alice.y == x, alice.z == x];
    }
}
