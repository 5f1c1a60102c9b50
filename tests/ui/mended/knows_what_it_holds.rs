use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: thinks[ bob: chooses(y in X, wpp = 1) ];
        bob: chooses(y in X, wpp = 1 + y);
        alice: observes [bob.y] is bob.y;
        return E[alice[bob.y]] + x;
    }
}
