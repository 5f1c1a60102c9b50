//! Two people look for each other in one of two bars.

use memo::prelude::*;
use std::ops::Range;

/// The bars.
pub const BAR: Range<usize> = 0..2;

/// How popular a bar is.
pub fn prior(b: usize) -> f64 {
    [0.55, 0.45][b]
}

/// Where Alice goes, who thinks `depth` times about what Bob thinks.
#[memo]
pub fn alice<b: BAR>(depth: i64) {
    model! {
        alice: thinks[ bob: chooses(b in BAR, wpp = bob[b](depth - 1)) ];
        alice: chooses(b in BAR, wpp = prior(b) * Pr[b == bob.b]);
        return Pr[alice.b == b];
    }
}

/// Where Bob goes.
#[memo]
pub fn bob<b: BAR>(depth: i64) {
    model! {
        bob: thinks[ alice: chooses(b in BAR, wpp = alice[b](depth) if depth > 0 else 1) ];
        bob: chooses(b in BAR, wpp = prior(b) * Pr[b == alice.b]);
        return Pr[bob.b == b];
    }
}

/// How sure Alice is, on average, that Bob goes to the bar that she goes to.
#[memo]
pub fn alice_confidence(depth: i64) {
    model! {
        alice: thinks[ bob: chooses(b in BAR, wpp = bob[b](depth - 1)) ];
        alice: chooses(b in BAR, wpp = prior(b) * Pr[b == bob.b]);
        return E[alice[Pr[b == bob.b]]];
    }
}

/// How likely they are to meet.
#[memo]
pub fn they_meet(depth: i64) {
    model! {
        alice: chooses(b in BAR, wpp = alice[b](depth));
        bob: chooses(b in BAR, wpp = bob[b](depth));
        return Pr[alice.b == bob.b];
    }
}
