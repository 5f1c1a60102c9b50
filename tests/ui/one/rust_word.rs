//! A word of Rust that the language does not have.

use memo::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Coin { Tails, Heads }

#[memo]
fn f<c: Coin>() {
    model! {
        return match c { Coin::Tails => 1, Coin::Heads => 2 };
    }
}

fn main() {}
