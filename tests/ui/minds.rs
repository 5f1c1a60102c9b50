use memo::prelude::*;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Die { One = 1, Two = 2, Three = 3 }

const X: Range<i64> = 0..3;

#[memo]
fn minds<x: X>() {
    model! {
        alice: knows(x, y);
        alice: thinks[ bob: chooses(y in X, wpp = 1) ];
        bob: chooses(y in X, wpp = 1);
        alice: knows(bob.y);
        carol: knows(x);
        carol: chooses(z in X, wpp = 1 + x);
        carol: thinks[ dave: chooses(w in X, wpp = 1), dave: knows(x), dave: chooses(v in X, wpp = x + 1) ];
        carol: forgets_about(dave.v);
        carol: forgets_about(nothing);
        carol: snapshots_self_as(dave);
        carol: wants(riches = z);
        carol: wants(riches = z + 1);
        carol: has_theory(GROWN_UP);
        return E[carol.z] + x;
    }
}

#[memo]
fn theories<x: X>() {
    model! {
        child: has_theory(CHILD);
        child: thinks[ bob: chooses(y in X, wpp = 1) ];
        hermit: has_theory(NO_KNOWS);
        hermit: knows(x);
        monk: has_theory(NO_WANTS);
        monk: wants(nothing = 0);
        return x;
    }
}

#[memo]
fn foresight<x: X>() {
    model! {
        alice: chooses(b in X, wpp = 1);
        alice: wants(money = y + b);
        alice: chooses(now in X, wpp = exp(EU[money]));
        alice: knows(x);
        alice: chooses(y in X, wpp = exp(x * EU[money]));
        return Pr[alice.y == x] + Predict[alice.y];
    }
}

fn main() {}
