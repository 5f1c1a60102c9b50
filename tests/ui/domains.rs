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

fn main() {}
