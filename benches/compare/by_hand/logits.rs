//! A softmax of 128 logits against ten thousand data, and its derivative.

use std::sync::LazyLock;

use super::{Use, exp, for_this_machine};

#[inline(always)]
fn logits_kernel<const F: bool>(data: &[u8], w: &[f64; 128]) -> [f64; 129] {
    let mut counts = [0_u32; 256];
    for &cell in data {
        counts[usize::from(cell)] += 1;
    }
    let (mut found, n) = ([0.0; 129], data.len() as f64);
    let mut loss = 0.0;
    for x in 0..16 {
        let at = 8 * x;
        let count: [f64; 8] = std::array::from_fn(|y| f64::from(counts[at + y]));
        let e: [f64; 8] = std::array::from_fn(|y| exp::<F>(w[at + y]));
        let (total, all) = (e.iter().sum::<f64>(), count.iter().sum::<f64>());
        let share = all / total;
        let hits: f64 = count.iter().zip(&w[at..]).map(|(count, w)| count * w).sum();
        loss += all * total.ln() - hits;
        for y in 0..8 {
            found[1 + at + y] = (e[y] * share - count[y]) / n;
        }
    }
    found[0] = loss / n;
    found
}

fn logits_of(data: &[u8], w: &[f64; 128]) -> [f64; 129] {
    for_this_machine!(logits_kernel(data => data: &[u8], w => w: &[f64; 128]) -> [f64; 129])
}

/// The mean surprise, and its derivatives.
pub fn loss(scale: f64, see: Use<'_>) {
    static DATA: LazyLock<Vec<u8>> =
        LazyLock::new(|| (0..10_000).map(|i: usize| (i * 7 % 16 * 8 + (i * i + i / 3) % 8) as u8).collect());
    static LOGITS: LazyLock<[f64; 128]> = LazyLock::new(|| std::array::from_fn(|at| (at as f64).sin()));
    see(&logits_of(&DATA, &LOGITS.map(|w| w * scale)));
}
