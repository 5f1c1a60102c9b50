//! Carol sees the coin, but Ann is asked.

use memo::prelude::*;

#[memo(explain)]
fn f<coin: Bool>() {
    model! {
        ann: thinks[ bob: chooses(coin in Bool, uniformly) ];
        carol: thinks[ bob: chooses(coin in Bool, uniformly) ];
        carol: observes [bob.coin] is coin;
        return ann[Pr[bob.coin]] + coin;
    }
}

fn main() {}
