use memo::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin {
    Tails,
    Heads,
}

#[memo]
fn f() {
    model! {
        alice: thinks[ bob: chooses(c in Coin, wpp = 1) ];
        alice: observes_that [bob.c == Coin::Heads];
        return alice[Pr[bob.c == Coin::Heads]];
    }
}
