//! Small tables of probabilities: a few columns of a few weights each.
//!
//! This is part of the model's own code. Where the lengths of the axes are constants,
//! so are all trip counts here, and no lanes are filled that nobody needs; only the
//! exponentials are left to a kernel.

use crate::elementary::quick_weight;
use crate::kernel::least_of_the_best;
use crate::machine::{Arithmetic, LANES, load, on_this_machine};
use crate::rows::{divisible, is_near};

/// So many cells are a few.
const FEW: usize = 32;

/// Whether a table of so many rows and columns is small.
#[inline(always)]
pub(crate) fn is_few(rows: usize, columns: usize) -> bool {
    columns < LANES && rows <= FEW && rows * columns <= FEW
}

/// How many cells the weights of a small table take, with as many beside them.
#[inline(always)]
pub(crate) fn few_cells(rows: usize, columns: usize) -> usize {
    2 * (rows * columns).next_multiple_of(LANES)
}

/// Turns weights `factor · exp(exponent)` into probabilities, column by column, and
/// writes them to the table; false, with nothing written, when one of them needs care.
///
/// Of all three the first `rows · columns` cells count; the factors and exponents fill
/// whole groups, see [`few_cells`].
#[inline(always)]
pub(crate) fn weigh_few(
    table: &mut [f64],
    factors: &mut [f64],
    exponents: &mut [f64],
    rows: usize,
    columns: usize,
) -> bool {
    let cells = rows * columns;
    let all = cells.next_multiple_of(LANES);
    let (factors, exponents) = (&mut factors[..all], &mut exponents[..all]);
    // What counts for nothing is sound.
    factors[cells..].fill(0.0);
    let sound = weigh_groups(factors, exponents);
    if sound {
        share_columns(table, factors, exponents, rows, columns);
    }
    sound
}

/// Turns the weights of a few rows into probabilities; false, with all as they were, when
/// one of them needs care. The exponents fill whole groups, whatever stands after the
/// last of them.
#[inline(always)]
pub(crate) fn weigh_few_rows(rows: &mut [f64], exponents: &[f64], row: usize) -> bool {
    let cells = rows.len();
    let all = cells.next_multiple_of(LANES);
    if cells > FEW || exponents.len() < all {
        return false;
    }
    let mut weights = [0.0; FEW];
    weights[..cells].copy_from_slice(rows);
    if !weigh_groups(&mut weights[..all], &exponents[..all]) {
        return false;
    }
    for (row, weights) in rows.chunks_exact_mut(row).zip(weights.chunks_exact(row)) {
        let total: f64 = weights.iter().sum();
        // Nothing stays nothing.
        let total = if total == 0.0 { 1.0 } else { total };
        row.iter_mut().zip(weights).for_each(|(chance, weight)| *chance = weight / total);
    }
    true
}

/// How many cells the exponents of a few rows take.
#[inline(always)]
pub(crate) fn whole_groups(cells: usize) -> usize {
    if cells <= FEW { cells.next_multiple_of(LANES) } else { cells }
}

/// Divides weights by their sums, column by column; false, with nothing written, when
/// one of them needs care.
///
/// After the weights there is room for as many, see [`few_cells`].
#[inline(always)]
pub(crate) fn share_few(table: &mut [f64], weights: &mut [f64], rows: usize, columns: usize) -> bool {
    let cells = rows * columns;
    let (weights, room) = weights[..few_cells(rows, columns)].split_at_mut(few_cells(rows, columns) / 2);
    let mut sound = true;
    for column in 0..columns {
        let (mut total, mut least) = (0.0, 0.0);
        for row in 0..rows {
            let weight = weights[row * columns + column];
            total += weight;
            least = if weight < least { weight } else { least };
        }
        sound &= divisible(total, least < 0.0);
    }
    if sound {
        share_columns(&mut table[..cells], weights, room, rows, columns);
    }
    sound
}

/// Shares each column out among its largest values; false, with nothing written, when
/// one of them is no number.
#[inline(always)]
pub(crate) fn choose_few(table: &mut [f64], values: &[f64], rows: usize, columns: usize) -> bool {
    let cells = rows * columns;
    let (table, values) = (&mut table[..cells], &values[..cells]);
    if values.iter().fold(false, |unsound, value| unsound | value.is_nan()) {
        return false;
    }
    for column in 0..columns {
        let mut best = f64::NEG_INFINITY;
        for row in 0..rows {
            let value = values[row * columns + column];
            best = if value > best { value } else { best };
        }
        let (least, mut count) = (least_of_the_best(best), 0.0);
        for row in 0..rows {
            count += if values[row * columns + column] >= least { 1.0 } else { 0.0 };
        }
        let share = 1.0 / count;
        for row in 0..rows {
            let at = row * columns + column;
            table[at] = if values[at] >= least { share } else { 0.0 };
        }
    }
    true
}

/// Writes what the weights are of their columns' totals; 0 in a column without any
/// weight. `room` has as many cells as there are weights.
#[inline(always)]
fn share_columns(table: &mut [f64], weights: &[f64], room: &mut [f64], rows: usize, columns: usize) {
    let cells = rows * columns;
    let (table, weights, room) = (&mut table[..cells], &weights[..cells], &mut room[..cells]);
    for column in 0..columns {
        let mut total = 0.0;
        for row in 0..rows {
            total += weights[row * columns + column];
        }
        let total = if total == 0.0 { 1.0 } else { total };
        for row in 0..rows {
            room[row * columns + column] = total;
        }
    }
    // All at once: two divisions take as long as one.
    for at in 0..cells {
        table[at] = weights[at] / room[at];
    }
}

/// `factor · exp(exponent)` in the place of the factors; false, with all as it was,
/// when one of them needs care.
#[inline(always)]
fn weigh_each<A: Arithmetic>(factors: &mut [f64], exponents: &[f64]) -> bool {
    let (cells, exponents) = (factors.len(), &exponents[..factors.len()]);
    let mut unsound = [0.0; LANES];
    let mut at = 0;
    while at + LANES <= cells {
        let (factors, exponents) = (load(&factors[at..]), load(&exponents[at..]));
        for lane in 0..LANES {
            unsound[lane] = if is_near(factors[lane], exponents[lane]) { unsound[lane] } else { 1.0 };
        }
        at += LANES;
    }
    if unsound.iter().any(|u| *u != 0.0) {
        return false;
    }
    at = 0;
    while at + LANES <= cells {
        let (mut weights, exponents) = (load(&factors[at..]), load(&exponents[at..]));
        for lane in 0..LANES {
            weights[lane] = quick_weight::<A>(weights[lane], exponents[lane]);
        }
        factors[at..at + LANES].copy_from_slice(&weights);
        at += LANES;
    }
    true
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
fn weigh_groups(factors: &mut [f64], exponents: &[f64]) -> bool {
    on_this_machine!(weigh_each(factors: &mut [f64], exponents: &[f64]) -> bool)
}
