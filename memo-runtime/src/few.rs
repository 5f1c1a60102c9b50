//! Small tables of probabilities: a few columns of a few weights each.
//!
//! A kernel is compiled for each length of a row that is at all common, so that its
//! trip counts are constants and no lanes are filled that nobody needs. That is done here,
//! once: with constants in the model's own code LLVM would do it again for every model.

use crate::elementary::quick_weight;
use crate::kernel::least_of_the_best;
use crate::machine::{Arithmetic, LANES, load, on_this_machine};
use crate::rows::{divisible, is_near, quotient};

/// So many cells are a few.
const FEW: usize = 32;

/// Whether a table of so many rows and columns is small.
#[inline(always)]
pub(crate) fn is_few(rows: usize, columns: usize) -> bool {
    rows <= FEW && are_few(rows * columns, columns)
}

/// Whether a table of so many cells, and columns, is small.
#[inline(always)]
pub(crate) fn are_few(cells: usize, columns: usize) -> bool {
    columns < LANES && cells <= FEW
}

/// Calls a kernel with the length of a row as a constant, or with 0 for a longer one.
macro_rules! with_length {
    ($kernel:ident::<$arithmetic:ident>[$length:expr]$arguments:tt) => {
        match $length {
            1 => $kernel::<$arithmetic, 1>$arguments,
            2 => $kernel::<$arithmetic, 2>$arguments,
            3 => $kernel::<$arithmetic, 3>$arguments,
            4 => $kernel::<$arithmetic, 4>$arguments,
            5 => $kernel::<$arithmetic, 5>$arguments,
            6 => $kernel::<$arithmetic, 6>$arguments,
            7 => $kernel::<$arithmetic, 7>$arguments,
            8 => $kernel::<$arithmetic, 8>$arguments,
            _ => $kernel::<$arithmetic, 0>$arguments,
        }
    };
}

/// The length of a row, if it is no constant.
#[inline(always)]
fn length<const N: usize>(length: usize) -> usize {
    if N > 0 { N } else { length }
}

/// A few numbers, filled up with what counts for nothing.
#[inline(always)]
fn filled_up(numbers: &[f64]) -> [f64; FEW] {
    let mut all = [0.0; FEW];
    for at in [0, LANES] {
        if at + LANES <= numbers.len() {
            all[at..at + LANES].copy_from_slice(&load(&numbers[at..]));
        } else if at < numbers.len() {
            all[at..at + LANES].copy_from_slice(&last_group(&numbers[at..]));
        }
    }
    all
}

/// The last numbers, fewer than there are lanes: in pieces of known lengths, since a copy
/// of an unknown length is a call.
#[inline(always)]
fn last_group(numbers: &[f64]) -> [f64; LANES] {
    let (mut lanes, mut at) = ([0.0; LANES], 0);
    for size in [8, 4, 2, 1] {
        if numbers.len() & size != 0 {
            lanes[at..at + size].copy_from_slice(&numbers[at..at + size]);
            at += size;
        }
    }
    lanes
}

/// Turns weights `factor · exp(exponent)` into probabilities, column by column, and
/// writes them to the table; false, with nothing written, when one of them needs care.
///
/// Of all three the cells of the table count; the factors and exponents fill whole
/// groups, see [`whole_groups`].
#[inline(always)]
fn weigh<A: Arithmetic>(table: &mut [f64], factors: &[f64], exponents: &[f64], columns: usize) -> bool {
    let mut weights = filled_up(&factors[..table.len()]);
    let all = table.len().next_multiple_of(LANES);
    weigh_each::<A>(&mut weights[..all], exponents) && {
        with_length!(share_columns::<A>[columns](table, &weights[..table.len()], columns));
        true
    }
}

/// Divides weights by their sums, column by column; false, with nothing written, when
/// one of them needs care.
#[inline(always)]
fn share<A: Arithmetic>(table: &mut [f64], weights: &[f64], columns: usize) -> bool {
    let weights = &weights[..table.len()];
    let sound = with_length!(all_divisible::<A>[columns](weights, columns));
    if sound {
        with_length!(share_columns::<A>[columns](table, weights, columns));
    }
    sound
}

/// Whether each column can be divided by its sum.
#[inline(always)]
fn all_divisible<A: Arithmetic, const N: usize>(weights: &[f64], columns: usize) -> bool {
    let columns = length::<N>(columns);
    let (mut totals, mut least) = ([0.0; LANES], [0.0; LANES]);
    for row in weights.chunks_exact(columns) {
        for at in 0..columns {
            totals[at] += row[at];
            least[at] = if row[at] < least[at] { row[at] } else { least[at] };
        }
    }
    (0..columns).fold(true, |all, at| all & divisible(totals[at], least[at] < 0.0))
}

/// Writes what the weights are of their columns' totals; 0 in a column without any
/// weight.
#[inline(always)]
fn share_columns<A: Arithmetic, const N: usize>(table: &mut [f64], weights: &[f64], columns: usize) {
    let columns = length::<N>(columns);
    let (mut totals, mut by) = ([0.0; LANES], [0.0; LANES]);
    for row in weights.chunks_exact(columns) {
        for at in 0..columns {
            totals[at] += row[at];
        }
    }
    for at in 0..columns {
        // Nothing stays nothing.
        totals[at] = if totals[at] == 0.0 { 1.0 } else { totals[at] };
        by[at] = 1.0 / totals[at];
    }
    // Not zipped: what goes through two slices at a time is compiled apart, for any machine.
    for start in (0..table.len()).step_by(columns) {
        let (cells, row) = (&mut table[start..start + columns], &weights[start..start + columns]);
        for at in 0..columns {
            cells[at] = quotient::<A, _>(row[at], totals[at], by[at]);
        }
    }
}

/// Shares each column out among its largest values; false, with nothing written, when
/// one of them is no number.
#[inline(always)]
fn choose<A: Arithmetic>(table: &mut [f64], values: &[f64], columns: usize) -> bool {
    let values = &values[..table.len()];
    let sound = !values.iter().fold(false, |unsound, value| unsound | value.is_nan());
    if sound {
        with_length!(choose_columns::<A>[columns](table, values, columns));
    }
    sound
}

#[inline(always)]
fn choose_columns<A: Arithmetic, const N: usize>(table: &mut [f64], values: &[f64], columns: usize) {
    let columns = length::<N>(columns);
    let (mut best, mut shares) = ([f64::NEG_INFINITY; LANES], [0.0; LANES]);
    for row in values.chunks_exact(columns) {
        for at in 0..columns {
            best[at] = if row[at] > best[at] { row[at] } else { best[at] };
        }
    }
    let least = best.map(least_of_the_best);
    for row in values.chunks_exact(columns) {
        for at in 0..columns {
            shares[at] += if row[at] >= least[at] { 1.0 } else { 0.0 };
        }
    }
    (0..columns).for_each(|at| shares[at] = 1.0 / shares[at]);
    for start in (0..table.len()).step_by(columns) {
        let (cells, row) = (&mut table[start..start + columns], &values[start..start + columns]);
        for at in 0..columns {
            cells[at] = if row[at] >= least[at] { shares[at] } else { 0.0 };
        }
    }
}

/// Turns the weights of a few rows into probabilities; false, with all as they were, when
/// one of them needs care. The exponents fill whole groups, whatever stands after the
/// last of them.
///
/// Part of the model's own code, where all lengths may be constants: a kernel for each
/// length of a row takes a twentieth longer.
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

/// How many cells the weights of a small table take, or its exponents.
#[inline(always)]
pub(crate) fn whole_groups(cells: usize) -> usize {
    if cells <= FEW { cells.next_multiple_of(LANES) } else { cells }
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
pub(crate) fn weigh_few(table: &mut [f64], factors: &[f64], exponents: &[f64], columns: usize) -> bool {
    on_this_machine!(weigh(table: &mut [f64], factors: &[f64], exponents: &[f64], columns: usize) -> bool)
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: no call of the model's own")]
pub(crate) fn share_few(table: &mut [f64], weights: &[f64], columns: usize) -> bool {
    on_this_machine!(share(table: &mut [f64], weights: &[f64], columns: usize) -> bool)
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: no call of the model's own")]
pub(crate) fn choose_few(table: &mut [f64], values: &[f64], columns: usize) -> bool {
    on_this_machine!(choose(table: &mut [f64], values: &[f64], columns: usize) -> bool)
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
fn weigh_groups(factors: &mut [f64], exponents: &[f64]) -> bool {
    on_this_machine!(weigh_each(factors: &mut [f64], exponents: &[f64]) -> bool)
}
