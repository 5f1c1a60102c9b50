use memo::prelude::*;
use std::ops::Range;

const X: Range<i64> = 0..3;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

#[memo]
fn separators<x: X>() {
    model! {
        alice: thinks[ bob: chooses(y in X, wpp = 1); bob: chooses(z in X, wpp = 1) ];
        alice chooses(w in X, wpp = 1);
        alice: thinks[ bob chooses(v in X, wpp = 1) ];
        return x;
    }
}

#[memo]
fn missing_semicolon<x: X>() {
    model! {
        alice: chooses(y in X, wpp = 1)
        return Pr[alice.y == x];
    }
}

#[memo]
fn python<x: X>() {
    model! {
        alice: chooses(y in X, wpp = True);
        alice: chooses(z in Coin, wpp = z == Coin.Heads);
        alice: chooses(w in X, wpp = 1 if y else None);
        alice: chooses(v in X, wpp = 0 < y < 2);
        return Pr[alice.u == x];
    }
}

#[memo]
fn python_functions<x: X>() {
    model! {
        def f(x): return x;
    }
}

#[memo]
fn rust_statements<x: X>() {
    model! {
        let y = x;
        if x == 1 { alice: knows(x); };
        return x;
    }
}

#[memo]
fn several_values<x: X>() {
    model! {
        alice: chooses(y in X, wpp = 1);
        return Pr[alice.y == x], E[alice.y];
    }
}

#[memo]
fn equal_weights<x: X>() {
    model! {
        alice: chooses(y in X, wpp = uniform);
        return Pr[alice.y == x];
    }
}

#[memo]
fn other_names_of_queries<x: X>() {
    model! {
        alice: chooses(y in X, wpp = 1);
        return P[alice.y == x];
        return Mean[alice.y];
    }
}

const WEIGHTS: [f64; 3] = [1.0, 2.0, 3.0];

#[memo]
fn misspelt_ways<x: X>() {
    model! {
        alice: chooses(a in X, uniformely);
        alice: chooses(b in X, uniform);
        alice: chooses(c in X, wp = 1);
        alice: chooses(d in X, to_maximise = d);
        alice: chooses(e in X, minimize = e);
        alice: chooses(f in X, tobe = f);
        alice: chooses(g in X, suchthat = g > 1);
        alice: chooses(h in X, uniformly = 1);
        alice: observes_event(wp = a);
        return Pr[alice.a == x];
    }
}

#[memo]
fn names_of_rust<x: X>() {
    model! {
        alice: chooses(y in X, wpp = WEIGHTS[y]);
        alice: chooses(c in Coin, wpp = c == Heads);
        alice: forgets_about(x);
        return Pr[alice.y == x];
    }
}

fn main() {}
