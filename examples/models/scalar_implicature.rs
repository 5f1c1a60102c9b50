//! Scalar implicature: “some” is taken to mean “not all”.

use memo::prelude::*;
use std::ops::RangeInclusive;

/// How many of the twenty people are nice.
pub const N: RangeInclusive<i64> = 0..=20;

/// What may be said of them.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Quantifier {
    None,
    Some,
    All,
}

/// Whether the quantifier holds of `n` people.
pub fn holds(n: i64, u: Quantifier) -> bool {
    match u {
        Quantifier::None => n == 0,
        Quantifier::Some => n > 0,
        Quantifier::All => n == *N.end(),
    }
}

/// What a listener believes after hearing the quantifier, who knows that the
/// speaker wanted to be understood.
#[memo]
pub fn scalar<n: N, u: Quantifier>() {
    model! {
        listener: thinks[
            speaker: chooses(n in N, wpp = 1),
            speaker: chooses(u in Quantifier, wpp = imagine[
                listener: knows(u),
                listener: chooses(n in N, wpp = holds(n, u)),
                Pr[listener.n == n]
            ])
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(n in N, wpp = E[speaker.n == n]);
        return Pr[listener.n == n];
    }
}
