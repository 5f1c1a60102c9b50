use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: thinks[ bob: chooses(y in X, wpp = 1 + y), bob: chooses(z in X, wpp = 1 + (z == y)) ];
        alice: knows(x);
        return alice[Pr[bob.z == x]];
    }
}
