//! Without what she sees, Ann does not know what her bet would win.

use memo::prelude::*;

#[memo(explain)]
fn f<seen: Bool, bet: Bool>() {
    model! {
        ann: thinks[ bob: chooses(coin in Bool, wpp = 2 if coin else 1) ];
        ann: observes_that [bob.coin or not bob.coin];
        ann: observes [bob.coin] is seen;
        ann: chooses(bet in Bool, to_maximize = bet == bob.coin);
        return Pr[ann.bet == bet];
    }
}

fn main() {}
