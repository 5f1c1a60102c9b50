//! A choice is made from a domain, a list of values: `0..n` are the numbers below `n`.

use memo::prelude::*;

#[memo]
fn f(n: i64) {
    model! {
        alice: draws(x in n, uniformly);
        return E[alice.x];
    }
}

fn main() {}
