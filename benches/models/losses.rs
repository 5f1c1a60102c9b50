//! Losses of models, with their derivatives.

use std::ops::Range;
use std::sync::LazyLock;

use memo::prelude::*;
use ndarray::Array2;

use super::{large, lewis_game};

/// A loss and its derivatives, one after the other.
pub struct Numbers<N>(N);

impl<N: AsRef<[f64]>> Numbers<N> {
    /// All of them.
    pub fn values(&self) -> &[f64] {
        self.0.as_ref()
    }
}

/// How far the listener is from what 180 people said of the green things.
#[inline]
pub fn lewis(beta: f64) -> Numbers<[f64; 2]> {
    let mut call = lewis_game::listener::record(beta, 1);
    let mut seed = [0.0; 12];
    let mut loss = 0.0;
    for ((p, seed), said) in call.value().values().iter().zip(&mut seed).zip([65.0, 115.0, 0.0]) {
        let error = p - said / 180.0;
        loss += error * error;
        *seed = 2.0 / 3.0 * error;
    }
    Numbers([loss / 3.0, call.vjp(&seed)["beta"]])
}

/// The mean square of all cells.
pub fn rsa(alpha: f64) -> Numbers<[f64; 2]> {
    let mut call = large::rsa::record(alpha, 3);
    let n = call.value().len() as f64;
    let (loss, gradient) = call.loss_and_grad(|_, p| p * p / n);
    Numbers([loss, gradient["alpha"]])
}

const INPUT: Range<usize> = 0..16;
const OUTPUT: Range<usize> = 0..8;

/// Which output an input has, by 128 logits.
#[memo(grad)]
pub fn mapping<x: INPUT, y: OUTPUT>(w: &Array2<f64>) {
    model! {
        a: knows(x);
        a: chooses(y in OUTPUT, wpp = exp(w[x, y]));
        return Pr[a.y == y];
    }
}

/// The mean surprise at ten thousand data.
pub fn logits(scale: f64) -> Numbers<Vec<f64>> {
    static DATA: LazyLock<Vec<u8>> =
        LazyLock::new(|| (0..10_000).map(|i: usize| (i * 7 % 16 * 8 + (i * i + i / 3) % 8) as u8).collect());
    static LOGITS: LazyLock<Array2<f64>> =
        LazyLock::new(|| Array2::from_shape_fn((16, 8), |(x, y)| ((x * 8 + y) as f64).sin()));
    // How often each cell was seen.
    let mut counts = [0_u32; 256];
    for cell in &*DATA {
        counts[usize::from(*cell)] += 1;
    }
    let n = DATA.len() as f64;
    let shares: [f64; 128] = std::array::from_fn(|at| f64::from(counts[at]) / n);
    let w = &*LOGITS * scale;
    let (loss, gradient) = mapping::record(&w).surprise_and_grad(&shares);
    let mut numbers = Vec::with_capacity(129);
    numbers.push(loss);
    numbers.extend(gradient.to_vec());
    Numbers(numbers)
}
