use memo::prelude::*;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Die { One = 1, Two = 2, Three = 3 }

const X: Range<i64> = 0..3;

const LIMIT: f64 = 2.0;

#[memo]
fn names<x: X>(alpha: f64) {
    model! {
        alice: chooses(height in X, wpp = exp(alhpa * x));
        alice: chooses(width in X, wpp = alice.height);
        alice: thinks[ bob: chooses(y in X, wpp = 1) ];
        alice: chooses(z in X, wpp = E[y]);
        alice: chooses(w in X, wpp = E[bbo.y] + LIMIT);
        carol: chooses(v in X, wpp = EU[happiness]);
        return Pr[alice.hieght == x];
    }
}

#[memo]
fn heard<w: X, s: X>(lambda: f64) {
    model! {
        listener: knows(w);
        listener: thinks[ speaker: given(s in X, wpp = 1), speaker: chooses(w in X, wpp = exp(lambda * w)) ];
        listener: observes [speaker.w] is w;
        return listener[Pr[speaker.s == s]];
    }
}

fn main() {}
