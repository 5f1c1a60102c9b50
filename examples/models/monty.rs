//! The Monty Hall problem.

use memo::prelude::*;
use std::ops::Range;

/// The doors.
pub const DOOR: Range<i64> = 0..3;

/// Alice's belief that the prize is behind door `d`, after Monty reveals one.
#[memo]
pub fn monty<pick: DOOR, reveal: DOOR, d: DOOR>() {
    model! {
        alice: thinks[ monty: chooses(prize in DOOR, wpp = 1) ];
        alice: knows(pick);
        alice: thinks[
            monty: knows(pick),
            monty: chooses(reveal in DOOR, wpp = reveal != prize and reveal != pick)
        ];
        alice: observes [monty.reveal] is reveal;
        alice: knows(d);
        return alice[Pr[monty.prize == d]];
    }
}
