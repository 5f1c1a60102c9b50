//! Which of the two is to be explained?

use memo::prelude::*;

#[memo(explain)]
fn f<seen: Bool>() {
    model! {
        ann: thinks[ bob: chooses(coin in Bool, uniformly), bob: chooses(die in Bool, uniformly) ];
        ann: observes [bob.coin] is seen;
        return ann[Pr[bob.coin and bob.die]];
    }
}

fn main() {}
