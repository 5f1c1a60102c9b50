//! Statements end in `;`, and inside `thinks[…]` and `imagine[…]` they are
//! separated by `,`.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: knows(x) bob: knows(x);
        return alice[x] + bob[x];
    }
}

fn main() {}
