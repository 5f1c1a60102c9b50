use memo::prelude::*;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

const X: Range<i64> = 0..3;

const THREE: [Coin; 3] = [Coin; 3];

const PAIR: (Coin, Range<i64>) = (Coin, 0..3);

#[memo]
fn array<t: THREE>() {
    model! {
        return t[0] == Coin::Heads;
    }
}

#[memo]
fn tuple<x: X, t: PAIR>() {
    model! {
        return t.1 == x;
    }
}

fn largest(n: i64) -> i64 {
    n - 1
}

#[memo]
fn result<x: X>() {
    model! {
        alice: chooses(y in largest(3), wpp = y);
        return Pr[alice.y == x];
    }
}

#[memo]
fn numbers<x: X>(beta: f64) {
    model! {
        alice: chooses(y in 3, z in beta, wpp = y);
        alice: chooses(b in bool, wpp = 1);
        return Pr[alice.y == x];
    }
}

fn main() {}
