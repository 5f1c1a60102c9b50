use memo::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin {
    Tails,
    Heads,
}

#[memo]
fn f<c: Coin>() {
    model! {
        return if c == Coin::Tails { 1 } else { 2 };
    }
}
