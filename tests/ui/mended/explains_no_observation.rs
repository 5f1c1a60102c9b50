//! Ann sees the coin and is asked.

use memo::prelude::*;

#[memo(explain)]
fn f<coin: Bool>() {
    model! {
        ann: thinks[ bob: chooses(coin in Bool, uniformly) ];
        ann: observes [bob.coin] is coin;
        return ann[Pr[bob.coin]] + coin;
    }
}

fn main() {}
