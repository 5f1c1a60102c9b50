use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: thinks[ bob: chooses(z in X, wpp = 1) ];
        alice: observes_event(wpp = bob.z + 1);
        return alice[E[bob.z]] + x;
    }
}
