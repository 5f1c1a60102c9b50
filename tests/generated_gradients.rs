//! Derivatives of random models against differences of the oracle's answers.

#![allow(clippy::approx_constant, deprecated, reason = "the models and numbers are computed")]

use memo::prelude::*;
use std::ops::Range;

const A2: Range<i64> = 0..2;
const A3: Range<i64> = 0..3;
const A4: Range<i64> = 0..4;

/// What each cell of a table counts.
fn seed(cells: usize) -> Vec<f64> {
    (0..cells).map(|cell| [1.0, -0.5, 2.0, 0.25, -1.5][cell % 5]).collect()
}

fn agree(name: &str, gradient: &memo::Gradient, difference: f64) {
    let ours = gradient["p"];
    assert!(
        (ours - difference).abs() < 1e-7 * difference.abs().max(1.0),
        "{name}: {ours} is not {difference}"
    );
}

/// The same by forward mode: there is one parameter.
fn forward_agrees(name: &str, slopes: &[f64], difference: f64) {
    let ours: f64 = slopes.iter().zip(seed(slopes.len())).map(|(slope, count)| slope * count).sum();
    assert!(
        (ours - difference).abs() < 1e-7 * difference.abs().max(1.0),
        "{name}: {ours} is not {difference}"
    );
}

include!("generated/gradients.rs");
