//! The subtraction game: take one or two, who cannot move loses.

use memo::prelude::*;
use std::ops::RangeInclusive;

/// What is left on the table.
pub const N: RangeInclusive<i64> = 0..=20;

/// What is taken.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Move {
    One = 1,
    Two = 2,
}

/// What the position is worth to the player who is to move.
#[memo(cache)]
pub fn worth<n: N>(t: i64) {
    model! {
        player: knows(n);
        return -1 if n == 0 else 0 if t <= 0 else imagine[
            player: chooses(m in Move, wpp = (n >= m) * policy[n, m](t)),
            player: chooses(n_ in N, wpp = n_ == n - m),
            -E[worth[player.n_](t - 1)]
        ];
    }
}

/// What the player takes, thinking `t` moves ahead.
#[memo(cache)]
pub fn policy<n: N, m: Move>(t: i64) {
    model! {
        player: knows(n);
        player: chooses(m in Move, wpp = (n >= m) * exp(10 * (0 if t <= 0 else imagine[
            env: knows(n, m),
            env: chooses(n_ in N, wpp = n_ == n - m),
            -E[worth[env.n_](t - 1)]
        ])));
        return Pr[player.m == m];
    }
}
