//! Ten flips of a coin: with a fair one, and with one that is swapped on the way.

use memo::prelude::*;
use std::ops::RangeInclusive;

/// A face.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Coin {
    Tails,
    Heads,
}

/// How many heads there may be.
pub const HEADS: RangeInclusive<i64> = 0..=10;
/// With how many the player wins.
pub const WINS: RangeInclusive<i64> = 4..=6;

/// How many heads there are.
pub fn heads(flips: [Coin; 10]) -> i64 {
    flips.iter().map(|face| i64::from(*face == Coin::Heads)).sum()
}

/// The weight of flips of which the first two are fair and the others show heads
/// one time in ten.
pub fn swapped(flips: [Coin; 10]) -> f64 {
    let chance = |(at, face): (usize, &Coin)| match (at < 2, face) {
        (true, _) => 0.5,
        (false, Coin::Heads) => 0.1,
        (false, Coin::Tails) => 0.9,
    };
    flips.iter().enumerate().map(chance).product()
}

/// The number of heads in fair flips.
#[memo]
pub fn fair<n: HEADS>() {
    model! {
        player: draws(s in [Coin; 10], uniformly);
        return Pr[heads(player.s) == n];
    }
}

/// The number of heads when the coin is swapped after two flips.
#[memo]
pub fn deceptive<n: HEADS>() {
    model! {
        player: draws(s in [Coin; 10], wpp = swapped(s));
        return Pr[heads(player.s) == n];
    }
}
