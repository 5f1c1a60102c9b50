//! The models of the tutorial: cards and nice people.

use memo::prelude::*;
use std::ops::{Range, RangeInclusive};

/// The cards.
pub const CARDS: RangeInclusive<i64> = 1..=3;
/// How many of three people are nice.
pub const N: Range<i64> = 0..4;
/// None, some or all of them.
pub const U: Range<i64> = 0..3;

/// Alice likes high cards.
#[memo(grad)]
pub fn alice_chooses_card<c: CARDS>(beta: f64) {
    model! {
        cast: [alice];
        alice: chooses(c in CARDS, wpp = exp(beta * c));
        return E[alice.c == c];
    }
}

/// Bob avoids Alice's card.
#[memo]
pub fn bob_chooses_card<c: CARDS>() {
    model! {
        cast: [alice, bob];
        bob: thinks[ alice: chooses(c in CARDS, wpp = alice_chooses_card[c](3.0)) ];
        bob: chooses(c in CARDS, wpp = E[~(c == alice.c)]);
        return E[bob.c == c];
    }
}

/// Both at once.
#[memo]
pub fn all_outcomes<a: CARDS, b: CARDS>() {
    model! {
        cast: [alice, bob];
        alice: chooses(c in CARDS, wpp = alice_chooses_card[c](3.0));
        bob: chooses(c in CARDS, wpp = bob_chooses_card[c]());
        return E[alice.c == a and bob.c == b];
    }
}

/// Whether “none”, “some” or “all” holds of `n` people.
pub fn holds(n: i64, u: i64) -> bool {
    [n == 0, n > 0, n == 3][u as usize]
}

/// Scalar implicature with a speaker of any rationality.
#[memo(grad)]
pub fn scalar<n: N, u: U>(beta: f64) {
    model! {
        cast: [speaker, listener];
        listener: thinks[
            speaker: given(n in N, wpp = 1),
            speaker: chooses(u in U, wpp = imagine[
                listener: knows(u),
                listener: chooses(n in N, wpp = holds(n, u)),
                exp(beta * E[listener.n == n])
            ])
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(n in N, wpp = E[speaker.n == n]);
        return E[listener.n == n];
    }
}
