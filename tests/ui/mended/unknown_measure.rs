use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        return x + time @ g();
    }
}

#[memo]
fn g() {
    model! {
        return 1;
    }
}
