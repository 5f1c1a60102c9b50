//! Rows of probabilities that stand upright: what is chosen runs down the
//! columns of a table, so that the arithmetic of neighbouring columns is done
//! side by side.
//!
//! A table is worked on in tiles of columns, whose weights stay in the cache
//! between the passes; a wide one row after row.

mod block;
mod divisor;
mod stream;
mod weigh;

pub(crate) use block::RowParts;
pub use block::{Block, Tile, tile_cells, tiles};
pub use divisor::{Divisor, Scales, restored, scales_of_products};
pub use stream::Across;
pub(crate) use stream::{Rowwise, is_wide};
pub use weigh::Given;

use crate::elementary::weight;
use crate::few::{choose_few, share_few, weigh_few};
use crate::kernel::{BadWeight, least_of_the_best, maximize, normalize, softmax};
use crate::machine::{Arithmetic, LANES, load, on_this_machine};
use crate::rows::{divisible, is_sound};

/// From how many columns on a tile of them is worth its while, where there are
/// many.
pub const WORTH_A_TILE: usize = 8;

/// Writes a row down a column.
#[inline(always)]
pub fn scatter(row: &[f64], table: &mut [f64], start: usize, stride: usize) {
    for (at, cell) in row.iter().enumerate() {
        table[start + at * stride] = *cell;
    }
}

/// A bad weight with its column in the tile.
pub type BadColumn = (usize, BadWeight);

/// What is computed: probabilities for the columns of a tile, into a block.
struct Task<'t, 'b, 'r> {
    block: &'t mut Block<'b, 'r>,
    factors: &'t mut [f64],
    exponents: &'t [f64],
    tile: Tile,
}

impl Task<'_, '_, '_> {
    #[inline(always)]
    fn rows(&self) -> usize {
        self.block.rows()
    }

    /// The first of each group of columns that are worked on at a time.
    fn groups(&self) -> impl Iterator<Item = usize> + Clone + use<> {
        (0..self.tile.width).step_by(LANES)
    }

    /// The weights, and two rows of room beside them. The lanes after the last
    /// column hold anything at all.
    fn scratch(&mut self) -> (&mut [f64], &mut [f64], &mut [f64]) {
        let stride = self.tile.stride;
        let (factors, room) = self.factors.split_at_mut(self.rows() * stride);
        let (first, second) = room.split_at_mut(stride);
        (factors, first, second)
    }
}

/// Whether a lane has a flag that is not 0, of those that hold a column: `columns`
/// are left.
#[inline(always)]
fn any_flag(flags: &[f64; LANES], columns: usize) -> bool {
    // Without a way out, so that all lanes are looked at together.
    let mut found = [0_u64; LANES];
    for lane in 0..LANES {
        found[lane] = u64::from((lane < columns) & (flags[lane] != 0.0));
    }
    found.iter().fold(0, |any, flag| any | flag) != 0
}

/// Turns weights `factor · exp(exponent)` into probabilities, column by column
/// as [`crate::rows::weigh_row`] does for a row; false, with the weights as
/// they were, when one of them needs care.
#[inline(always)]
fn weigh<A: Arithmetic>(task: &mut Task<'_, '_, '_>) -> bool {
    let (rows, tile, groups, all_exponents) = (task.rows(), task.tile, task.groups(), task.exponents);
    let (weights, tops, totals) = task.scratch();
    for first in groups.clone() {
        let (mut top, mut unsound) = ([f64::NEG_INFINITY; LANES], [0.0; LANES]);
        for row in 0..rows {
            let place = row * tile.stride + first;
            let (factors, exponents) = (load(&weights[place..]), load(&all_exponents[place..]));
            for lane in 0..LANES {
                let (factor, exponent) = (factors[lane], exponents[lane]);
                unsound[lane] = if is_sound(factor, exponent) { unsound[lane] } else { 1.0 };
                let exponent = if factor == 0.0 { f64::NEG_INFINITY } else { exponent };
                top[lane] = if exponent > top[lane] { exponent } else { top[lane] };
            }
        }
        if any_flag(&unsound, tile.width - first) {
            return false;
        }
        // A column without weights has no top: its factors are all 0.
        let top = top.map(|top| if top == f64::NEG_INFINITY { 0.0 } else { top });
        tops[first..first + LANES].copy_from_slice(&top);
    }
    for first in groups {
        let (top, mut total) = (load(&tops[first..]), [0.0; LANES]);
        for row in 0..rows {
            let place = row * tile.stride + first;
            let (mut factors, exponents) = (load(&weights[place..]), load(&all_exponents[place..]));
            for lane in 0..LANES {
                factors[lane] = weight::<A>(factors[lane], exponents[lane] - top[lane]);
                total[lane] += factors[lane];
            }
            weights[place..place + LANES].copy_from_slice(&factors);
        }
        totals[first..first + LANES].copy_from_slice(&total);
    }
    divide::<A>(task);
    true
}

/// Divides weights by their sums, column by column as
/// [`crate::rows::share_out`] does for a row; false when one of them needs
/// care.
#[inline(always)]
fn share<A: Arithmetic>(task: &mut Task<'_, '_, '_>) -> bool {
    let (rows, tile, groups) = (task.rows(), task.tile, task.groups());
    let (all_weights, _, totals) = task.scratch();
    for first in groups {
        let (mut total, mut least) = ([0.0; LANES], [0.0; LANES]);
        for row in 0..rows {
            let weights = load(&all_weights[row * tile.stride + first..]);
            for lane in 0..LANES {
                total[lane] += weights[lane];
                least[lane] = if weights[lane] < least[lane] { weights[lane] } else { least[lane] };
            }
        }
        let columns = LANES.min(tile.width - first);
        if !(0..columns).all(|lane| divisible(total[lane], least[lane] < 0.0)) {
            return false;
        }
        totals[first..first + LANES].copy_from_slice(&total);
    }
    divide::<A>(task);
    true
}

/// Shares each column out among its largest values, as
/// [`crate::kernel::maximize`] does for a row; false when one of them is no
/// number.
#[inline(always)]
fn choose<A: Arithmetic>(task: &mut Task<'_, '_, '_>) -> bool {
    let (rows, tile, groups) = (task.rows(), task.tile, task.groups());
    let (values, least, shares) = task.scratch();
    for first in groups.clone() {
        let (mut best, mut unsound) = ([f64::NEG_INFINITY; LANES], [0.0; LANES]);
        for row in 0..rows {
            let values = load(&values[row * tile.stride + first..]);
            for lane in 0..LANES {
                let value = values[lane];
                unsound[lane] = if value.is_nan() { 1.0 } else { unsound[lane] };
                best[lane] = if value > best[lane] { value } else { best[lane] };
            }
        }
        if any_flag(&unsound, tile.width - first) {
            return false;
        }
        least[first..first + LANES].copy_from_slice(&best.map(least_of_the_best));
    }
    for first in groups {
        let (least, mut total) = (load(&least[first..]), [0.0; LANES]);
        for row in 0..rows {
            let place = row * tile.stride + first;
            let mut chosen = load(&values[place..]);
            for lane in 0..LANES {
                chosen[lane] = if chosen[lane] >= least[lane] { 1.0 } else { 0.0 };
                total[lane] += chosen[lane];
            }
            values[place..place + LANES].copy_from_slice(&chosen);
        }
        shares[first..first + LANES].copy_from_slice(&total);
    }
    // Hardly ever are two equally good.
    let shares = &mut shares[..tile.width];
    let tied = shares.iter().fold(0, |ties, total| ties | u64::from(*total > 1.0)) != 0;
    if tied {
        shares.iter_mut().for_each(|total| *total = 1.0 / *total);
    }
    for row in 0..rows {
        let chosen = &task.factors[row * tile.stride..][..tile.width];
        let cells = task.block.row_mut(row, tile);
        if tied {
            let shares = &task.factors[(rows + 1) * tile.stride..][..tile.width];
            for at in 0..tile.width {
                cells[at] = chosen[at] * shares[at];
            }
        } else {
            cells.copy_from_slice(chosen);
        }
    }
    true
}

/// Writes what the weights are of their columns' totals, as a division rounds
/// where there is a fused multiply-add (Markstein 1990); 0 in a column without
/// any weight.
#[inline(always)]
fn divide<A: Arithmetic>(task: &mut Task<'_, '_, '_>) {
    let (rows, tile) = (task.rows(), task.tile);
    let (all_weights, room) = task.factors.split_at_mut(rows * tile.stride);
    let (by, totals) = room.split_at_mut(tile.stride);
    let (by, totals) = (&mut by[..tile.width], &totals[..tile.width]);
    for (by, total) in by.iter_mut().zip(totals) {
        *by = 1.0 / total;
    }
    for row in 0..rows {
        let weights = &all_weights[row * tile.stride..][..tile.width];
        let cells = task.block.row_mut(row, tile);
        for at in 0..tile.width {
            let quotient = weights[at] * by[at];
            let rest = A::fma(-quotient, totals[at], weights[at]);
            let exact = if A::FUSED { A::fma(rest, by[at], quotient) } else { weights[at] / totals[at] };
            cells[at] = if totals[at] == 0.0 { 0.0 } else { exact };
        }
    }
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
fn weigh_tile(task: &mut Task<'_, '_, '_>) -> bool {
    on_this_machine!(weigh(task: &mut Task<'_, '_, '_>) -> bool)
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
fn share_tile(task: &mut Task<'_, '_, '_>) -> bool {
    on_this_machine!(share(task: &mut Task<'_, '_, '_>) -> bool)
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
fn choose_tile(task: &mut Task<'_, '_, '_>) -> bool {
    on_this_machine!(choose(task: &mut Task<'_, '_, '_>) -> bool)
}

/// Probabilities for the columns of a tile, from weights
/// `factor · exp(exponent)`: these are rows of `tile.stride` cells, with room
/// as [`tile_cells`] says.
///
/// # Errors
/// The first column with a weight that is negative, NaN or infinite.
#[inline(always)]
pub fn softmax_across(
    block: &mut Block<'_, '_>,
    factors: &mut [f64],
    exponents: &mut [f64],
    tile: Tile,
) -> Result<(), BadColumn> {
    if let Some((table, columns)) = block.few()
        && weigh_few(table, factors, exponents, columns)
    {
        return Ok(());
    }
    softmax_tile(&mut block.lent(), factors, exponents, tile)
}

fn softmax_tile(
    block: &mut Block<'_, '_>,
    factors: &mut [f64],
    exponents: &[f64],
    tile: Tile,
) -> Result<(), BadColumn> {
    let mut task = Task { block, factors, exponents, tile };
    // A few columns are not worth sixteen lanes.
    let done = !tile.is_few() && tile.width > 2 && weigh_tile(&mut task);
    if done { Ok(()) } else { one_by_one(task, softmax) }
}

/// The same for weights without exponents.
///
/// # Errors
/// The first column with a weight that is negative, NaN or infinite.
#[inline(always)]
pub fn normalize_across(block: &mut Block<'_, '_>, weights: &mut [f64], tile: Tile) -> Result<(), BadColumn> {
    if let Some((table, columns)) = block.few()
        && share_few(table, weights, columns)
    {
        return Ok(());
    }
    normalize_tile(&mut block.lent(), weights, tile)
}

fn normalize_tile(block: &mut Block<'_, '_>, weights: &mut [f64], tile: Tile) -> Result<(), BadColumn> {
    let mut task = Task { block, factors: weights, exponents: &[], tile };
    let done = !tile.is_few() && tile.width > FEW && share_tile(&mut task);
    if done { Ok(()) } else { one_by_one(task, |row, _| normalize(row)) }
}

/// Uniform over the largest values of each column, ties within 1e-12 of the
/// best, relative.
///
/// # Errors
/// The first column with a value that is NaN.
#[inline(always)]
pub fn maximize_across(block: &mut Block<'_, '_>, values: &mut [f64], tile: Tile) -> Result<(), BadColumn> {
    if let Some((table, columns)) = block.few()
        && choose_few(table, values, columns)
    {
        return Ok(());
    }
    maximize_tile(&mut block.lent(), values, tile)
}

fn maximize_tile(block: &mut Block<'_, '_>, values: &mut [f64], tile: Tile) -> Result<(), BadColumn> {
    let mut task = Task { block, factors: values, exponents: &[], tile };
    let done = !tile.is_few() && tile.width > FEW && choose_tile(&mut task);
    if done { Ok(()) } else { one_by_one(task, |row, _| maximize(row)) }
}

/// [`maximize_across`] of the negated values.
///
/// # Errors
/// The first column with a value that is NaN.
#[inline(always)]
pub fn minimize_across(block: &mut Block<'_, '_>, values: &mut [f64], tile: Tile) -> Result<(), BadColumn> {
    values.iter_mut().for_each(|x| *x = -*x);
    maximize_across(block, values, tile)
}

/// So many columns are done one by one where little is computed of each.
const FEW: usize = 4;

/// Each column as a row: where there are few, or one needs care.
#[inline]
fn one_by_one(
    task: Task<'_, '_, '_>,
    alone: impl Fn(&mut [f64], &[f64]) -> Result<(), BadWeight>,
) -> Result<(), BadColumn> {
    const SHORT: usize = 32;
    let rows = task.rows();
    if rows <= SHORT {
        let (mut row, mut exponents) = ([0.0; SHORT], [0.0; SHORT]);
        each_column(task, &mut row[..rows], &mut exponents[..rows], alone)
    } else {
        each_column(task, &mut vec![0.0; rows], &mut vec![0.0; rows], alone)
    }
}

#[inline]
fn each_column(
    task: Task<'_, '_, '_>,
    row: &mut [f64],
    exponents: &mut [f64],
    alone: impl Fn(&mut [f64], &[f64]) -> Result<(), BadWeight>,
) -> Result<(), BadColumn> {
    let Tile { width, stride, .. } = task.tile;
    for column in 0..width {
        for (at, cell) in row.iter_mut().enumerate() {
            *cell = task.factors[at * stride + column];
        }
        if !task.exponents.is_empty() {
            for (at, cell) in exponents.iter_mut().enumerate() {
                *cell = task.exponents[at * stride + column];
            }
        }
        alone(row, exponents).map_err(|bad| (column, bad))?;
        for (at, chance) in row.iter().enumerate() {
            task.block.row_mut(at, task.tile)[column] = *chance;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::block::tile_stride;
    use super::*;

    /// Numbers without a pattern, in (0, 1).
    fn numbers(count: usize) -> Vec<f64> {
        let mut x = 0.371;
        let next = |_| {
            x = (x * 3.97 * (1.0 - x) + 0.001_f64).fract();
            x
        };
        (0..count).map(next).collect()
    }

    fn column(table: &[f64], stride: usize, at: usize) -> Vec<f64> {
        table[at..].iter().step_by(stride).copied().collect()
    }

    /// The part of a table that lies in a tile, with rubbish beside it.
    fn part(table: &[f64], columns: usize, tile: Tile) -> Vec<f64> {
        let row = |row: &[f64]| {
            let mut cells = row[tile.start..][..tile.width].to_vec();
            cells.resize(tile.stride, f64::NAN);
            cells
        };
        let mut cells: Vec<f64> = table.chunks_exact(columns).flat_map(row).collect();
        let rows = table.len() / columns;
        cells.resize(tile_cells(rows, columns), f64::NAN);
        cells
    }

    /// The tile that has all columns.
    fn only_tile(rows: usize, columns: usize) -> Tile {
        let mut tiles = tiles(rows, columns, 0..columns);
        tiles.next().filter(|tile| tile.width == columns).expect("a few columns")
    }

    #[test]
    fn columns_are_rows_upright() {
        for (rows, columns) in [
            (4, 3),
            (3, 7),
            (5, 13),
            (9, 16),
            (200, 130),
            (1, 5),
            (2, 31),
            (6, 4),
            (8, 4),
            (9, 4),
            (32, 1),
            (1, 1),
        ] {
            let factors: Vec<f64> =
                numbers(rows * columns).iter().map(|x| if *x < 0.2 { 0.0 } else { *x }).collect();
            let exponents: Vec<f64> = numbers(rows * columns).iter().map(|x| 40.0 * x).collect();
            let (mut soft, mut plain) = (vec![7.0; rows * columns], vec![7.0; rows * columns]);
            for tile in tiles(rows, columns, 0..columns) {
                let (mut factors, mut exponents) =
                    (part(&factors, columns, tile), part(&exponents, columns, tile));
                let mut weights = factors.clone();
                assert_eq!(
                    softmax_across(&mut Block::Whole(&mut soft, columns), &mut factors, &mut exponents, tile),
                    Ok(())
                );
                assert_eq!(
                    normalize_across(&mut Block::Whole(&mut plain, columns), &mut weights, tile),
                    Ok(())
                );
            }
            for at in 0..columns {
                let mut row = column(&factors, columns, at);
                assert_eq!(softmax(&mut row, &column(&exponents, columns, at)), Ok(()));
                for (found, wanted) in column(&soft, columns, at).iter().zip(&row) {
                    assert!((found - wanted).abs() <= 1e-15, "{rows} by {columns}: {found} is not {wanted}");
                }
                let mut row = column(&factors, columns, at);
                assert_eq!(normalize(&mut row), Ok(()));
                for (found, wanted) in column(&plain, columns, at).iter().zip(&row) {
                    assert!((found - wanted).abs() <= 1e-15, "{rows} by {columns}: {found} is not {wanted}");
                }
            }
        }
    }

    #[test]
    fn the_best_of_each_column() {
        let tile = only_tile(3, 3);
        let choose = |values: [f64; 9]| {
            let mut table = vec![7.0; 9];
            maximize_across(&mut Block::Whole(&mut table, 3), &mut part(&values, 3, tile), tile)
                .map(|()| table)
        };
        let table = choose([1.0, 5.0, f64::NEG_INFINITY, 3.0, 5.0, f64::NEG_INFINITY, 2.0, 4.0, 0.0]);
        assert_eq!(table, Ok(vec![0.0, 0.5, 0.0, 1.0, 0.5, 0.0, 0.0, 0.0, 1.0]));
        let bad = choose([1.0, 5.0, 1.0, 3.0, f64::NAN, 2.0, 2.0, 4.0, 0.0]);
        assert!(matches!(bad, Err((1, BadWeight { at: 1, value })) if value.is_nan()));
        for (rows, columns) in [(4, 3), (5, 40), (2, 17), (9, 4), (7, 1)] {
            let values = numbers(rows * columns);
            let (mut most, mut least) = (vec![7.0; values.len()], vec![7.0; values.len()]);
            for tile in tiles(rows, columns, 0..columns) {
                let part = || part(&values, columns, tile);
                assert_eq!(maximize_across(&mut Block::Whole(&mut most, columns), &mut part(), tile), Ok(()));
                assert_eq!(
                    minimize_across(&mut Block::Whole(&mut least, columns), &mut part(), tile),
                    Ok(())
                );
            }
            for at in 0..columns {
                let mut row = column(&values, columns, at);
                assert_eq!(maximize(&mut row), Ok(()));
                assert_eq!(column(&most, columns, at), row);
                let mut row: Vec<f64> = column(&values, columns, at).iter().map(|x| -x).collect();
                assert_eq!(maximize(&mut row), Ok(()));
                assert_eq!(column(&least, columns, at), row);
            }
        }
    }

    #[test]
    fn tiles_fit_the_cache() {
        assert_eq!((tile_stride(4, 9), tile_stride(200, 500), tile_stride(1_000_000, 500)), (16, 80, 16));
        assert_eq!((tile_stride(4, 3), tile_stride(1, 16), tile_stride(40, 3)), (3, 16, 16));
        let widths: Vec<usize> = tiles(200, 500, 0..500).map(|tile| tile.width).collect();
        assert_eq!(widths, [80, 80, 80, 80, 80, 80, 20]);
    }

    #[test]
    fn columns_that_need_care() {
        let tile = only_tile(2, 3);
        let run = |weights: [f64; 6], exponents: Option<[f64; 6]>| {
            let mut table = vec![7.0; 6];
            let mut weights = part(&weights, 3, tile);
            let done = match exponents {
                Some(e) => {
                    let block = &mut Block::Whole(&mut table, 3);
                    softmax_across(block, &mut weights, &mut part(&e, 3, tile), tile)
                }
                None => normalize_across(&mut Block::Whole(&mut table, 3), &mut weights, tile),
            };
            done.map(|()| table)
        };
        // A column of zeros, one of a range too wide, and a plain one.
        let table = run([0.0, 1e-200, 1.0, 0.0, 1.0, 3.0], Some([5.0, 1000.0, 0.0, 1e4, 0.0, 0.0]));
        let tiny = (200.0 * std::f64::consts::LN_10 - 1000.0).exp();
        let table = table.expect("sound weights");
        assert!((table[4] / tiny - 1.0).abs() < 1e-12);
        assert_eq!((&table[..4], table[5]), (&[0.0, 1.0, 0.25, 0.0][..], 0.75));
        let table = run([0.0, 1e308, 1.0, 0.0, 1e308, 3.0], None);
        assert_eq!(table, Ok(vec![0.0, 0.5, 0.25, 0.0, 0.5, 0.75]));
        // A bad weight is named with its column.
        let bad = BadWeight { at: 1, value: -2.0 };
        assert_eq!(run([1.0, 1.0, 1.0, 1.0, -2.0, 1.0], None), Err((1, bad)));
        assert_eq!(run([1.0, 1.0, 1.0, 1.0, -2.0, 1.0], Some([0.0; 6])), Err((1, bad)));
    }

    /// Columns in parts are the same columns.
    #[test]
    fn blocks_can_be_split() {
        let (rows, columns) = (5, 103);
        let (weights, mut whole) = (numbers(rows * columns), vec![7.0; rows * columns]);
        let mut parts = whole.clone();
        let fill = |block: &mut Block<'_, '_>, range: Range<usize>| {
            for tile in tiles(rows, columns, range) {
                assert_eq!(normalize_across(block, &mut part(&weights, columns, tile), tile), Ok(()));
                assert_eq!(block.row(1, tile).len(), tile.width);
            }
        };
        fill(&mut Block::Whole(&mut whole, columns), 0..columns);
        let split = Block::split(&mut parts, columns, 40);
        assert_eq!(split.iter().map(|(range, _)| range.len()).collect::<Vec<_>>(), [40, 40, 23]);
        for (range, mut rows) in split {
            fill(&mut Block::Part(&mut rows, range.start), range);
        }
        assert_eq!(whole, parts);
    }
}
