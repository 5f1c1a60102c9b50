use memo::prelude::*;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Die { One = 1, Two = 2, Three = 3 }

const X: Range<i64> = 0..3;

#[memo]
struct NotAFunction;

#[memo]
fn lifetimes<'a, const N: usize, x, y: X + Y>() -> f64 {
    model! { return 1; }
}

#[memo]
const fn patterns((a, b): (f64, f64), mut c: f64) where f64: Copy {
    model! { return 1; }
}

#[memo]
fn by_value(w: Vec<f64>) {
    model! { return w[0]; }
}

#[memo(cache, f32, frob, crate = 1)]
fn options(w: &[f64]) {
    model! { return w[0]; }
}

#[memo]
fn no_block() {
    let x = 1;
}

#[memo]
fn empty() {}

fn stray() {
    model! { return 1; }
}

fn main() {}
