use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: thinks[ bob: chooses(z in X, wpp = 1) ];
        alice: snapshots_self_as(past);
        return alice[past[E[bob.z]]] + x;
    }
}
