//! What is wrong with a model is said once, however many models its explanation takes.

use memo::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin {
    Tails,
    Heads,
}

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Die {
    One,
    Six,
}

fn odds(die: Die) -> f64 {
    if die == Die::Six { 0.5 } else { 0.1 }
}

#[memo(explain)]
fn mixed_up<seen: Coin>() {
    model! {
        ann: knows(seen);
        ann: thinks[ bob: chooses(coin in Coin, wpp = odds(coin)), bob: chooses(told in Coin, uniformly) ];
        ann: observes [bob.told] is seen;
        ann: observes_that [bob.coin == bob.told];
        return ann[Pr[bob.coin == Die::Six]];
    }
}

#[memo(explain)]
fn misspelt<seen: Coin>() {
    model! {
        ann: thinks[ bob: chooses(coin in Coin, uniformly) ];
        ann: observes [bob.coin] is sen;
        return ann[Pr[bob.coin == Coin::Heads]];
    }
}

#[memo(explains)]
fn misspelt_option() {
    model! {
        return 1;
    }
}

fn main() {
    let why = misspelt::explain(Coin::Heads);
    println!("{why}");
}
