//! Speakers and listeners of a few remarks: the Lewis game and polite speech.

use std::sync::LazyLock;

use super::{Use, exp, for_this_machine};
use crate::{lewis_game, politeness};

/// A table of four rows of four.
type Four = [[f64; 4]; 4];

// The Lewis game: four utterances, three referents and a fourth that nothing fits.

static DENOTES: LazyLock<Four> = LazyLock::new(|| {
    use lewis_game::{Referent, Utterance, denotes};
    let fits = |u, r| f64::from(u8::from(denotes(u, r)));
    [Utterance::Green, Utterance::Pink, Utterance::Square, Utterance::Round].map(|u| {
        let [a, b, c] =
            [Referent::GreenSquare, Referent::GreenCircle, Referent::PinkCircle].map(|r| fits(u, r));
        [a, b, c, 0.0]
    })
});

/// The speaker's choice, the sums by which it became the listener's, and that.
#[inline(always)]
fn lewis_level<const F: bool>(weights: &Four) -> (Four, [f64; 4], Four) {
    let mut columns = [0.0; 4];
    for row in weights {
        for (sum, w) in columns.iter_mut().zip(row) {
            *sum += w;
        }
    }
    columns[3] = 1.0;
    let mut speaker = *weights;
    let shares = columns.map(|sum| 1.0 / sum);
    for row in &mut speaker {
        for (w, share) in row.iter_mut().zip(shares) {
            *w *= share;
        }
    }
    let rows = speaker.map(|row| 1.0 / (row[0] + row[1] + row[2] + row[3]));
    let mut listener = speaker;
    for (row, share) in listener.iter_mut().zip(rows) {
        for p in row {
            *p *= share;
        }
    }
    (speaker, rows, listener)
}

#[inline(always)]
fn lewis_weights<const F: bool>(denotes: &Four, beta: f64, listener: &Four) -> Four {
    let mut weights = *denotes;
    for (row, before) in weights.iter_mut().zip(listener) {
        for (w, p) in row.iter_mut().zip(before) {
            *w *= exp::<F>(beta * p);
        }
    }
    weights
}

#[inline(always)]
fn lewis_kernel<const F: bool>(denotes: &Four, beta: f64, level: i64) -> Four {
    let mut listener = lewis_level::<F>(denotes).2;
    for _ in 0..level {
        listener = lewis_level::<F>(&lewis_weights::<F>(denotes, beta, &listener)).2;
    }
    listener
}

fn lewis_table(beta: f64, level: i64) -> Four {
    for_this_machine!(lewis_kernel(&DENOTES => denotes: &Four, beta => beta: f64, level => level: i64) -> Four)
}

/// The listener of the Lewis game.
pub fn listener(beta: f64, see: Use<'_>) {
    let table = lewis_table(beta, 1);
    see(&std::array::from_fn::<f64, 12, _>(|at| table[at / 3][at % 3]));
}

/// The loss, and its derivative carried forward.
#[inline(always)]
fn lewis_loss_kernel<const F: bool>(denotes: &Four, beta: f64, level: i64) -> (f64, f64) {
    let mut listener = lewis_level::<F>(denotes).2;
    let mut rate = [[0.0; 4]; 4];
    for _ in 0..level {
        let (speaker, rows, next) = lewis_level::<F>(&lewis_weights::<F>(denotes, beta, &listener));
        let mut means = [0.0; 4];
        for ((rate, p), speaker) in rate.iter_mut().zip(&listener).zip(&speaker) {
            for (((rate, p), s), mean) in rate.iter_mut().zip(p).zip(speaker).zip(&mut means) {
                *rate = p + beta * *rate;
                *mean += s * *rate;
            }
        }
        for (((rate, speaker), next), share) in rate.iter_mut().zip(&speaker).zip(&next).zip(rows) {
            for ((rate, s), mean) in rate.iter_mut().zip(speaker).zip(means) {
                *rate = s * (*rate - mean);
            }
            let all = rate[0] + rate[1] + rate[2] + rate[3];
            for (rate, p) in rate.iter_mut().zip(next) {
                *rate = (*rate - p * all) * share;
            }
        }
        listener = next;
    }
    let said = [65.0 / 180.0, 115.0 / 180.0, 0.0];
    let mut found = (0.0, 0.0);
    for at in 0..3 {
        let error = listener[0][at] - said[at];
        found.0 += error * error;
        found.1 += 2.0 / 3.0 * error * rate[0][at];
    }
    found.0 /= 3.0;
    found
}

fn lewis_loss_of(beta: f64, level: i64) -> (f64, f64) {
    for_this_machine!(lewis_loss_kernel(&DENOTES => denotes: &Four, beta => beta: f64, level => level: i64) -> (f64, f64))
}

/// The loss and its derivative.
pub fn loss(beta: f64, see: Use<'_>) {
    see(&<[f64; 2]>::from(lewis_loss_of(beta, 1)));
}

// Polite speech: four remarks about four qualities.

/// How informative and how kind each remark is at each quality, the quality
/// outermost; an impossible one is `-∞` informative.
static REMARKS: LazyLock<(Four, Four)> = LazyLock::new(|| {
    use politeness::{Remark, apt};
    let remarks = [Remark::Terrible, Remark::NotAmazing, Remark::NotTerrible, Remark::Amazing];
    // Literal chances of the remarks given the quality, and of the quality given
    // the remark.
    let says = |s: i64, w| apt(w, s) / remarks.iter().map(|&w| apt(w, s)).sum::<f64>();
    let means = |s: i64, w| says(s, w) / (0..4).map(|s| says(s, w)).sum::<f64>();
    let kind = |w| (0..4).map(|s| s as f64 * means(s, w)).sum::<f64>();
    let all = |of: &dyn Fn(i64, Remark) -> f64| std::array::from_fn(|s| remarks.map(|w| of(s as i64, w)));
    (all(&|s, w| means(s, w).ln().max(-1e300)), all(&|_, w| kind(w)))
});

#[inline(always)]
fn polite_kernel<const F: bool>((informs, pleases): &(Four, Four), alpha: f64, phi: f64) -> [f64; 16] {
    let mut table = [0.0; 16];
    for (s, row) in table.chunks_exact_mut(4).enumerate() {
        for w in 0..4 {
            let x = alpha * (phi * informs[s][w] + (1.0 - phi) * pleases[s][w]);
            row[w] = if x < -700.0 { 0.0 } else { exp::<F>(x) };
        }
        let share = 1.0 / (row[0] + row[1] + row[2] + row[3]);
        row.iter_mut().for_each(|p| *p *= share);
    }
    table
}

fn polite_table(alpha: f64, phi: f64) -> [f64; 16] {
    for_this_machine!(polite_kernel(&REMARKS => remarks: &(Four, Four), alpha => alpha: f64, phi => phi: f64) -> [f64; 16])
}

/// What the speaker says.
pub fn polite(alpha: f64, phi: f64, see: Use<'_>) {
    see(&polite_table(alpha, phi));
}
