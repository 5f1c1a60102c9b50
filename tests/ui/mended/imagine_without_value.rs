use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        return imagine[ bob: chooses(z in X, wpp = 1), E[bob.z] ] + x;
    }
}
