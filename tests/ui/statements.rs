use memo::prelude::*;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Die { One = 1, Two = 2, Three = 3 }

const X: Range<i64> = 0..3;

#[memo]
fn statements<x: X>() {
    model! {
        alice: chuses(y in X, wpp = 1);
        alice: frobnicates(y);
        alice: ;
        hello world;
        alice: chooses y in X;
        alice: chooses();
        alice: chooses(y in X);
        alice: chooses(z in, wpp = 1);
        alice: chooses(w, wpp = 1);
        alice: chooses(v in X, weight = 1);
        alice: chooses(u in X, 1 + 1);
        alice: chooses(t in X, wpp == 1);
        alice: thinks(bob: knows(x));
        alice: thinks[ nothing ];
        alice: observes [bob.y] x;
        alice: observes bob.y is x;
        alice: observes [1 + 1] is x;
        alice: observes_that (x == 1);
        alice: observes_that [x == 1] or else;
        alice: observes_event(x);
        alice: observes_event(weight = x);
        alice: wants(x);
        alice: knows(1);
        alice: snapshots_self_as();
        alice: knows(x) bob: knows(x);
        cast: alice;
        return;
        return x;
        alice: knows(x);
    }
}

#[memo]
fn no_return<x: X>() {
    model! {
        alice: knows(x);
    }
}

// What is plainly meant is read on, so that nothing is told one at a time.
#[memo]
fn read_on<x: X>(beta: f64) {
    model! {
        alice: choses(y in X, wpp = exp(bta * y));
        bob chooses(z in X, wpp = alice.y == zz)
        bob: knows(x);
        carol: frobnicates(w);
        bob: has_theory(ADULT, CHILD);
        bob: INSPECT(z);
        bob: INSPECT;
        return E[alice.why] + E[carol.w] + E[dave.w];
    }
}

// Callers get as many tables as there are `return`s.
#[memo]
fn three_tables<x: X>() {
    model! {
        return x;
        return x +;
        return;
    }
}

#[memo]
fn one_table<x: X>() {
    model! {
        return x x;
    }
}

fn callers() {
    let (_, b, _) = three_tables();
    println!("{b} {}", one_table()[0]);
}

fn main() {}
