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

/// All cells of one table or of several, each as often as it counts.
trait Sum<'t> {
    fn sum(&self) -> memo::Var<'t, 'static>;
}

impl<'t, A: memo::Axes> Sum<'t> for memo::TracedTable<'t, 'static, A> {
    fn sum(&self) -> memo::Var<'t, 'static> {
        self.cells().iter().zip(seed(self.cells().len())).map(|(cell, count)| *cell * count).sum()
    }
}

impl<'t, A: Sum<'t>, B: Sum<'t>> Sum<'t> for (A, B) {
    fn sum(&self) -> memo::Var<'t, 'static> {
        self.0.sum() + self.1.sum()
    }
}

/// The second derivative against differences of the first.
fn bends(name: &str, function: impl for<'t> Fn(&[memo::Var<'t, 'static>]) -> memo::Var<'t, 'static>) {
    let ours = memo::hessian(&[0.7], &function)[[0, 0]];
    let slope = |p: f64| memo::grad(&[p], &function).1[0];
    let h = 1e-3;
    let found = (slope(0.7 - 2.0 * h) - 8.0 * slope(0.7 - h) + 8.0 * slope(0.7 + h) - slope(0.7 + 2.0 * h))
        / (12.0 * h);
    assert!((ours - found).abs() < 1e-7 * found.abs().max(1.0), "{name}: {ours} is not {found}");
}

include!("generated/gradients.rs");
