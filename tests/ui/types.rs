use memo::prelude::*;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Die { One = 1, Two = 2, Three = 3 }

const X: Range<i64> = 0..3;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
struct Pair { a: Coin, b: Die }

fn denotes(c: Coin, d: Die) -> bool { (c == Coin::Heads) == (d == Die::One) }

fn text(_: Coin) -> String { String::new() }

#[memo]
fn compare<c: Coin, d: Die>() {
    model! {
        return c == d;
    }
}

#[memo]
fn order<p: Pair, d: Die>() {
    model! {
        return p < d;
    }
}

#[memo]
fn swapped<c: Coin, d: Die>() {
    model! {
        return denotes(d, c);
    }
}

#[memo]
fn arithmetic<p: Pair>() {
    model! {
        return p + 1;
    }
}

#[memo]
fn returns_text<c: Coin>() {
    model! {
        return text(c);
    }
}

#[memo]
fn no_domain<x: f64>() {
    model! {
        return x;
    }
}

#[memo]
fn fine<c: Coin, d: Die>() {
    model! {
        return denotes(c, d);
    }
}

fn keys() {
    let _ = fine()[(Die::One, Coin::Heads)];
    let _ = fine().get(Coin::Heads);
    let _ = fine().value();
}

#[memo]
fn computed<x: X, p: Pair>() {
    model! {
        alice: knows(x, p);
        alice: chooses(y in X, wpp = p == 2 * y + x);
        return Pr[2 * x + alice.y == p];
    }
}

#[memo]
fn parameters<c: Coin, d: Die>(beta: f64, w: &[f64]) {
    model! {
        return 2 * beta + denotes(c, beta);
        return d == w;
    }
}

fn main() {}
