//! Random models through the whole compiler, against the oracle.

#![allow(clippy::approx_constant, deprecated, reason = "the models and numbers are computed")]

use memo::prelude::*;
use std::ops::Range;

const A2: Range<i64> = 0..2;
const A3: Range<i64> = 0..3;
const A4: Range<i64> = 0..4;

fn agree<A: AsRef<[f64]>, B: AsRef<[f64]>>(name: &str, ours: &[A], oracle: &[B]) {
    for (ours, oracle) in ours.iter().zip(oracle) {
        let (ours, oracle) = (ours.as_ref(), oracle.as_ref());
        assert_eq!(ours.len(), oracle.len(), "{name}");
        for (a, b) in ours.iter().zip(oracle) {
            assert!(
                (a - b).abs() <= 1e-9 * a.abs().max(b.abs()) + 1e-12,
                "{name}: {ours:?} is not {oracle:?}"
            );
        }
    }
}

include!("generated/models.rs");
