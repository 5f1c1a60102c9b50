//! A function takes the whole array.

use memo::prelude::*;

const N: std::ops::Range<i64> = 0..3;

fn pick(w: &[f64], x: i64) -> f64 {
    w[x as usize]
}

#[memo(grad)]
fn f<x: N>(w: &[f64]) {
    model! {
        a: chooses(x in N, wpp = exp(w[x]));
        return Pr[a.x == x];
    }
}

fn main() {}
