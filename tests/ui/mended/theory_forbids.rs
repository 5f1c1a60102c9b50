use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        adult: has_theory(ADULT);
        adult: thinks[ bob: chooses(z in X, wpp = 1) ];
        return adult[E[bob.z]] + x;
    }
}
