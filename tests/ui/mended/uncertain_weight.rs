use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: thinks[ bob: chooses(z in X, wpp = 1) ];
        alice: chooses(y in X, wpp = E[bob.z] + 1);
        return Pr[alice.y == x];
    }
}
