//! Chains of choices in one mind.

use memo::prelude::*;
use std::ops::Range;

/// Four values.
pub const FOUR: Range<i64> = 0..4;

/// Twelve choices, each near the one before.
#[memo]
pub fn twelve<x: FOUR>() {
    model! {
        a: chooses(x1 in FOUR, wpp = 1 + x1);
        a: chooses(x2 in FOUR, wpp = 1 + (x1 == x2));
        a: chooses(x3 in FOUR, wpp = 1 + (x2 == x3));
        a: chooses(x4 in FOUR, wpp = 1 + (x3 == x4));
        a: chooses(x5 in FOUR, wpp = 1 + (x4 == x5));
        a: chooses(x6 in FOUR, wpp = 1 + (x5 == x6));
        a: chooses(x7 in FOUR, wpp = 1 + (x6 == x7));
        a: chooses(x8 in FOUR, wpp = 1 + (x7 == x8));
        a: chooses(x9 in FOUR, wpp = 1 + (x8 == x9));
        a: chooses(x10 in FOUR, wpp = 1 + (x9 == x10));
        a: chooses(x11 in FOUR, wpp = 1 + (x10 == x11));
        a: chooses(x12 in FOUR, wpp = 1 + (x11 == x12));
        return Pr[a.x12 == x];
    }
}

/// Eight of them.
#[memo]
pub fn eight<x: FOUR>() {
    model! {
        a: chooses(x1 in FOUR, wpp = 1 + x1);
        a: chooses(x2 in FOUR, wpp = 1 + (x1 == x2));
        a: chooses(x3 in FOUR, wpp = 1 + (x2 == x3));
        a: chooses(x4 in FOUR, wpp = 1 + (x3 == x4));
        a: chooses(x5 in FOUR, wpp = 1 + (x4 == x5));
        a: chooses(x6 in FOUR, wpp = 1 + (x5 == x6));
        a: chooses(x7 in FOUR, wpp = 1 + (x6 == x7));
        a: chooses(x8 in FOUR, wpp = 1 + (x7 == x8));
        return Pr[a.x8 == x];
    }
}

/// Fifteen of them.
#[memo]
pub fn fifteen<x: FOUR>() {
    model! {
        a: chooses(x1 in FOUR, wpp = 1 + x1);
        a: chooses(x2 in FOUR, wpp = 1 + (x1 == x2));
        a: chooses(x3 in FOUR, wpp = 1 + (x2 == x3));
        a: chooses(x4 in FOUR, wpp = 1 + (x3 == x4));
        a: chooses(x5 in FOUR, wpp = 1 + (x4 == x5));
        a: chooses(x6 in FOUR, wpp = 1 + (x5 == x6));
        a: chooses(x7 in FOUR, wpp = 1 + (x6 == x7));
        a: chooses(x8 in FOUR, wpp = 1 + (x7 == x8));
        a: chooses(x9 in FOUR, wpp = 1 + (x8 == x9));
        a: chooses(x10 in FOUR, wpp = 1 + (x9 == x10));
        a: chooses(x11 in FOUR, wpp = 1 + (x10 == x11));
        a: chooses(x12 in FOUR, wpp = 1 + (x11 == x12));
        a: chooses(x13 in FOUR, wpp = 1 + (x12 == x13));
        a: chooses(x14 in FOUR, wpp = 1 + (x13 == x14));
        a: chooses(x15 in FOUR, wpp = 1 + (x14 == x15));
        return Pr[a.x15 == x];
    }
}

/// Twenty choices with exponentials: such chains once took rustc minutes to compile.
#[memo]
pub fn twenty<x: FOUR>(beta: f64) {
    model! {
        a: chooses(x1 in FOUR, wpp = exp(beta * x1));
        a: chooses(x2 in FOUR, wpp = exp(beta * (x1 == x2)));
        a: chooses(x3 in FOUR, wpp = exp(beta * (x2 == x3)));
        a: chooses(x4 in FOUR, wpp = exp(beta * (x3 == x4)));
        a: chooses(x5 in FOUR, wpp = exp(beta * (x4 == x5)));
        a: chooses(x6 in FOUR, wpp = exp(beta * (x5 == x6)));
        a: chooses(x7 in FOUR, wpp = exp(beta * (x6 == x7)));
        a: chooses(x8 in FOUR, wpp = exp(beta * (x7 == x8)));
        a: chooses(x9 in FOUR, wpp = exp(beta * (x8 == x9)));
        a: chooses(x10 in FOUR, wpp = exp(beta * (x9 == x10)));
        a: chooses(x11 in FOUR, wpp = exp(beta * (x10 == x11)));
        a: chooses(x12 in FOUR, wpp = exp(beta * (x11 == x12)));
        a: chooses(x13 in FOUR, wpp = exp(beta * (x12 == x13)));
        a: chooses(x14 in FOUR, wpp = exp(beta * (x13 == x14)));
        a: chooses(x15 in FOUR, wpp = exp(beta * (x14 == x15)));
        a: chooses(x16 in FOUR, wpp = exp(beta * (x15 == x16)));
        a: chooses(x17 in FOUR, wpp = exp(beta * (x16 == x17)));
        a: chooses(x18 in FOUR, wpp = exp(beta * (x17 == x18)));
        a: chooses(x19 in FOUR, wpp = exp(beta * (x18 == x19)));
        a: chooses(x20 in FOUR, wpp = exp(beta * (x19 == x20)));
        return Pr[a.x20 == x];
    }
}
