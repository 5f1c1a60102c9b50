//! Guess two thirds of the average.

use memo::prelude::*;
use std::ops::RangeInclusive;

/// The guesses.
pub const N: RangeInclusive<i64> = 0..=100;

/// The guess of a player who thinks that all others think one level less.
#[memo(grad)]
pub fn player<n: N>(level: i64, beta: f64) {
    model! {
        reader: thinks[
            everyone_else: chooses(n in N, wpp = player[n](level - 1, beta) if level > 0 else 1)
        ];
        reader: chooses(n in N, wpp = exp(beta * -abs(n - (2 / 3) * E[everyone_else.n])));
        return Pr[reader.n == n];
    }
}
