use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: knows(x);
        alice: wants(money = z);
        alice: chooses(y in X, wpp = exp(EU[money]));
        alice: chooses(z in X, wpp = exp(x * EU[money]));
        return Pr[alice.y == x];
    }
}
