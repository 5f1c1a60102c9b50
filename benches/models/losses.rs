//! Losses of models, with their derivatives.

use std::ops::Range;
use std::sync::LazyLock;

use memo::prelude::*;
use ndarray::Array2;

use super::{large, lewis_game};

/// A loss and its derivatives, one after the other.
pub struct Numbers(Vec<f64>);

impl Numbers {
    /// All of them.
    pub fn values(&self) -> &[f64] {
        &self.0
    }
}

/// How far the listener is from what 180 people said of the green things.
pub fn lewis(beta: f64) -> Numbers {
    let mut call = lewis_game::listener::record(beta, 1);
    let mut seed = [0.0; 12];
    let mut loss = 0.0;
    for ((p, seed), said) in call.value().values().iter().zip(&mut seed).zip([65.0, 115.0, 0.0]) {
        let error = p - said / 180.0;
        loss += error * error / 3.0;
        *seed = 2.0 * error / 3.0;
    }
    Numbers(vec![loss, call.vjp(&seed)["beta"]])
}

/// The mean square of all cells.
pub fn rsa(alpha: f64) -> Numbers {
    let mut call = large::rsa::record(alpha, 3);
    let cells = call.value().values();
    let n = cells.len() as f64;
    let loss = cells.iter().map(|x| x * x).sum::<f64>() / n;
    let seed: Vec<f64> = cells.iter().map(|x| 2.0 * x / n).collect();
    Numbers(vec![loss, call.vjp(&seed)["alpha"]])
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
pub fn logits(scale: f64) -> Numbers {
    static DATA: LazyLock<Vec<usize>> =
        LazyLock::new(|| (0..10_000).map(|i: usize| i * 7 % 16 * 8 + (i * i + i / 3) % 8).collect());
    static LOGITS: LazyLock<Array2<f64>> =
        LazyLock::new(|| Array2::from_shape_fn((16, 8), |(x, y)| ((x * 8 + y) as f64).sin()));
    let w = &*LOGITS * scale;
    let mut call = mapping::record(&w);
    let logs: Vec<f64> = call.value().values().iter().map(|p| p.ln()).collect();
    let (mut loss, mut counts) = (0.0, vec![0_u32; logs.len()]);
    for &cell in &*DATA {
        loss -= logs[cell];
        counts[cell] += 1;
    }
    let n = DATA.len() as f64;
    let cells = call.value().values().iter();
    let seed: Vec<f64> = cells.zip(&counts).map(|(p, count)| -f64::from(*count) / (n * p)).collect();
    let gradient = call.vjp(&seed);
    let mut numbers = vec![loss / n];
    numbers.extend(gradient.to_vec());
    Numbers(numbers)
}
