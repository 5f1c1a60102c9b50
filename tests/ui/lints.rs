#![deny(deprecated)]

use memo::prelude::*;
use std::ops::Range;

const X: Range<i64> = 0..3;

#[memo]
fn hardly_meant<x: X>(bob: f64) {
    model! {
        alice: knows(x);
        alice: chooses(y in X, wpp = x + 1);
        bob: chooses(z in X, wpp = 1 + z);
        carol: thinks[ dave: chooses(w in X, wpp = 1 + w) ];
        erin: knows(alice.y);
        return Pr[alice.y == x] + E[x * x] + E[erin[E[alice.y]]] * bob + E[bob.z];
    }
}

#[memo]
#[allow(deprecated)]
fn silenced<x: X>() {
    model! {
        alice: knows(x);
        alice: chooses(y in X, wpp = x + 1);
        carol: knows(x);
        return Pr[alice.y == x];
    }
}

/// Nothing to warn of: a constant weight, a weight that varies in the end, what is
/// known only in an imagined future.
#[memo]
fn meant<x: X>(p: f64) {
    model! {
        alice: knows(x);
        alice: chooses(y in X, wpp = 1);
        alice: chooses(z in X, wpp = p);
        alice: wants(riches = y * w);
        alice: chooses(w in X, wpp = exp(EU[riches]));
        return Pr[alice.y == x] + E[alice.z + alice.w];
    }
}

/// What somebody knows, at the place where it is asked.
#[memo]
fn inspected<x: X>() {
    model! {
        alice: knows(x);
        alice: thinks[ bob: knows(x), bob: chooses(y in X, wpp = 1 + x * y) ];
        alice: INSPECT();
        return alice[E[bob.y]];
    }
}

fn main() {}
