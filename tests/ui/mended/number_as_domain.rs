use memo::prelude::*;

#[memo]
fn f(n: i64) {
    model! {
        alice: draws(x in 0..n, uniformly);
        return E[alice.x];
    }
}
