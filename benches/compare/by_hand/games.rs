//! Games: a hundred bars, and the subtraction game.

use std::sync::LazyLock;

use super::{Use, exp, for_this_machine, sum};
use crate::large;

// Schelling: 100 bars. --------------------------------------------------------

const BARS: usize = 100;

#[inline(always)]
fn schelling_kernel<const F: bool>(prior: &[f64; BARS], depth: i64) -> [f64; BARS] {
    let mut p = [1.0; BARS];
    for _ in 0..2 * depth {
        for (p, prior) in p.iter_mut().zip(prior) {
            *p *= prior;
        }
        let share = 1.0 / sum(BARS, |at| p[at]);
        for p in &mut p {
            *p *= share;
        }
    }
    p
}

fn schelling_table(depth: i64) -> [f64; BARS] {
    static PRIOR: LazyLock<[f64; BARS]> = LazyLock::new(|| std::array::from_fn(large::prior));
    for_this_machine!(schelling_kernel(&PRIOR => prior: &[f64; BARS], depth => depth: i64) -> [f64; BARS])
}

/// Where Alice goes.
pub fn schelling(depth: i64, see: Use<'_>) {
    see(&schelling_table(depth));
}

// The subtraction game: 21 positions, two moves. ------------------------------

const POSITIONS: usize = 21;
const ROOMY: usize = 24;

#[inline(always)]
fn takeaway_kernel<const F: bool>(t: usize) -> [f64; 2 * POSITIONS] {
    let (mut worth, mut one, mut two) = ([0.0; ROOMY], [0.0; ROOMY], [0.0; ROOMY]);
    let mut values = [[0.0; ROOMY]; 2];
    for level in 0..=t {
        // What is left after a move is worth something to the other.
        for n in 0..POSITIONS {
            values[0][n] = if level == 0 || n < 1 { 0.0 } else { -worth[n - 1] };
            values[1][n] = if level == 0 || n < 2 { 0.0 } else { -worth[n - 2] };
        }
        for n in 0..ROOMY {
            let a = exp::<F>(10.0 * values[0][n]);
            let b = if n < 2 { 0.0 } else { exp::<F>(10.0 * values[1][n]) };
            let share = 1.0 / (a + b);
            (one[n], two[n]) = (a * share, b * share);
        }
        for n in 0..ROOMY {
            worth[n] = if level == 0 { 0.0 } else { one[n] * values[0][n] + two[n] * values[1][n] };
        }
        worth[0] = -1.0;
    }
    (one[0], two[0]) = (0.0, 0.0);
    std::array::from_fn(|at| if at.is_multiple_of(2) { one[at / 2] } else { two[at / 2] })
}

fn takeaway_table(t: usize) -> [f64; 2 * POSITIONS] {
    for_this_machine!(takeaway_kernel(t => t: usize) -> [f64; 2 * POSITIONS])
}

/// What the player takes.
pub fn takeaway(t: usize, see: Use<'_>) {
    see(&takeaway_table(t));
}
