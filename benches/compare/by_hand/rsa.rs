//! RSA with 200 utterances and 500 referents, and its derivative.

use std::cell::RefCell;
use std::sync::LazyLock;

use super::{Use, exp, for_this_machine, sum};
use crate::large;

const U: usize = 200;
const R: usize = 500;

static LEXICON: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let cells = (0..U).flat_map(|u| (0..R).map(move |r| (u, r)));
    cells.map(|(u, r)| large::fit(u as i64, r as i64)).collect()
});

/// One level on from the listener before it, in place; the first where there is
/// none. The speaker's sums stay unmade: they scale columns, and rows right after.
#[inline(always)]
fn rsa_level<const F: bool>(
    lexicon: &[f64],
    alpha: f64,
    first: bool,
    from: &[f64],
    to: &mut [f64],
    rows: &mut [f64; U],
) {
    let mut columns = [0.0; R];
    let tables = lexicon.chunks_exact(R).zip(from.chunks_exact(R)).zip(to.chunks_exact_mut(R));
    for ((fit, from), to) in tables {
        for r in 0..R {
            let w = if first { fit[r] } else { fit[r] * exp::<F>(alpha * from[r]) };
            to[r] = w;
            columns[r] += w;
        }
    }
    for sum in &mut columns {
        *sum = 1.0 / *sum;
    }
    for (row, total) in to.chunks_exact_mut(R).zip(rows) {
        let row: &mut [f64; R] = row.try_into().unwrap();
        *total = 1.0 / sum(R, |r| row[r] * columns[r]);
        for r in 0..R {
            row[r] *= columns[r] * *total;
        }
    }
}

#[inline(always)]
fn rsa_kernel<const F: bool>(
    lexicon: &[f64],
    alpha: f64,
    depth: usize,
    levels: &mut [Vec<f64>],
    rows: &mut [[f64; U]],
) {
    for level in 0..=depth {
        let mut to = std::mem::take(&mut levels[level]);
        let from = if level == 0 { lexicon } else { &levels[level - 1] };
        rsa_level::<F>(lexicon, alpha, level == 0, from, &mut to, &mut rows[level]);
        levels[level] = to;
    }
}

fn rsa_levels(alpha: f64, depth: usize, levels: &mut [Vec<f64>], rows: &mut [[f64; U]]) {
    for_this_machine!(rsa_kernel(&LEXICON => lexicon: &[f64], alpha => alpha: f64, depth => depth: usize, levels => levels: &mut [Vec<f64>], rows => rows: &mut [[f64; U]]) -> ())
}

#[inline(always)]
fn rsa_value_kernel<const F: bool>(
    lexicon: &[f64],
    alpha: f64,
    depth: usize,
    table: &mut [f64],
    spare: &mut [f64],
) {
    let mut rows = [0.0; U];
    for level in 0..=depth {
        // The level before is overwritten row by row.
        let (from, to) =
            if (depth - level).is_multiple_of(2) { (&*spare, &mut *table) } else { (&*table, &mut *spare) };
        rsa_level::<F>(lexicon, alpha, level == 0, if level == 0 { lexicon } else { from }, to, &mut rows);
    }
}

fn rsa_value(alpha: f64, depth: usize, table: &mut [f64], spare: &mut [f64]) {
    for_this_machine!(rsa_value_kernel(&LEXICON => lexicon: &[f64], alpha => alpha: f64, depth => depth: usize, table => table: &mut [f64], spare => spare: &mut [f64]) -> ())
}

thread_local! {
    static ROOM: RefCell<(Vec<Vec<f64>>, Vec<f64>)> = RefCell::new((vec![vec![0.0; U * R]; 4], vec![0.0; U * R]));
}

/// The listener of RSA, handed to `see`.
pub fn listener(alpha: f64, see: Use<'_>) {
    ROOM.with_borrow_mut(|(levels, spare)| {
        rsa_value(alpha, 3, &mut levels[3], spare);
        see(&levels[3]);
    });
}

/// From the bars of a row of the listener's table to those of the logarithms of what the speaker
/// does, which are added to those of the columns.
#[inline(always)]
fn rsa_row_back(bar: &mut [f64; R], p: &[f64; R], columns: &mut [f64; R]) {
    let mean = sum(R, |r| bar[r] * p[r]);
    for r in 0..R {
        bar[r] = (bar[r] - mean) * p[r];
        columns[r] += bar[r];
    }
}

#[inline(always)]
fn rsa_loss_kernel<const F: bool>(
    alpha: f64,
    levels: &[Vec<f64>],
    rows: &[[f64; U]],
    bar: &mut [f64],
) -> (f64, f64) {
    let last: &[f64] = &levels[levels.len() - 1];
    let n = last.len() as f64;
    let (mut loss, mut columns) = (0.0, [0.0; R]);
    for (bar, p) in bar.chunks_exact_mut(R).zip(last.chunks_exact(R)) {
        let (bar, p): (&mut [f64; R], &[f64; R]) = (bar.try_into().unwrap(), p.try_into().unwrap());
        loss += sum(R, |r| p[r] * p[r]);
        for r in 0..R {
            bar[r] = 2.0 * p[r] / n;
        }
        rsa_row_back(bar, p, &mut columns);
    }
    let mut found = 0.0;
    for level in (1..levels.len()).rev() {
        let mut next = [0.0; R];
        let tables = bar.chunks_exact_mut(R).zip(levels[level].chunks_exact(R));
        for (((bar, p), before), share) in tables.zip(levels[level - 1].chunks_exact(R)).zip(&rows[level]) {
            let (bar, p): (&mut [f64; R], &[f64; R]) = (bar.try_into().unwrap(), p.try_into().unwrap());
            let (before, total): (&[f64; R], f64) = (before.try_into().unwrap(), 1.0 / share);
            let mut lanes = [0.0; 20];
            for start in (0..R).step_by(20) {
                for (lane, sum) in lanes.iter_mut().enumerate() {
                    let r = start + lane;
                    let e = bar[r] - p[r] * total * columns[r];
                    *sum += e * before[r];
                    bar[r] = alpha * e;
                }
            }
            found += lanes.iter().sum::<f64>();
            if level > 1 {
                rsa_row_back(bar, before, &mut next);
            }
        }
        columns = next;
    }
    (loss / n, found)
}

fn rsa_loss_of(alpha: f64, levels: &[Vec<f64>], rows: &[[f64; U]], bar: &mut [f64]) -> (f64, f64) {
    for_this_machine!(rsa_loss_kernel(alpha => alpha: f64, levels => levels: &[Vec<f64>], rows => rows: &[[f64; U]], bar => bar: &mut [f64]) -> (f64, f64))
}

/// The mean square of the listener's table, and its derivative.
pub fn loss(alpha: f64, see: Use<'_>) {
    ROOM.with_borrow_mut(|(levels, bar)| {
        let mut rows = [[0.0; U]; 4];
        rsa_levels(alpha, 3, levels, &mut rows);
        let (loss, rate) = rsa_loss_of(alpha, levels, &rows, bar);
        see(&[loss, rate]);
    });
}
