//! What stands in braces is Rust, of which the model knows nothing.

use memo::prelude::*;

const N: std::ops::Range<i64> = 0..3;

#[memo(grad)]
fn f<x: N>(beta: f64) {
    model! {
        a: chooses(x in N, wpp = exp({ beta * 2.0 } * x));
        return Pr[a.x == x];
    }
}

fn main() {}
