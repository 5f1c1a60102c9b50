//! What is observed and what it is observed to be range over the same values, and
//! the source shows here that they do not.

use memo::prelude::*;

#[memo]
fn f() {
    model! {
        alice: thinks[ bob: chooses(z in 0..3, wpp = 1) ];
        carol: chooses(y in 0..4, wpp = 1);
        alice: observes [bob.z] is carol.y;
        return E[alice[E[bob.z]]];
    }
}

fn main() {}
