//! Wide tables that stand upright, row after row: each row of weights is written where
//! its probabilities belong and added to the sums of the columns, by which all rows are
//! then divided (`divisor.rs`). So a row lies next to itself in memory, where a tile has a little of
//! each of many; and threads that share the rows find theirs again, when they divide
//! them and when they read them.

use std::ops::Range;

use super::block::{Block, Tile, most, tile_stride};
use super::weigh::{Given, Row, add_row, weigh_row};
use super::{BadColumn, normalize_across, softmax_across};

/// From how many rows and columns on a table is wide: a smaller one stays in the cache,
/// however it is gone through.
const WIDE: usize = 64;

/// Whether a table of so many rows and columns is gone through row after row.
///
/// That depends on the table only: not on who shares it.
#[inline(always)]
pub(crate) fn is_wide(rows: usize, columns: usize) -> bool {
    rows >= WIDE && columns >= WIDE
}

/// The way across some of the columns of a table, tile by tile, or across some of its
/// rows, one after the other.
///
/// Row after row the weights are those that `is_near` tells. Where one is not, what
/// is there already is taken as weights, and all are gone through in tiles.
#[derive(Debug)]
pub struct Across<'s> {
    /// How many columns a tile has at most, and how many cells a row of it.
    most: usize,
    stride: usize,
    /// The columns to come.
    rest: Range<usize>,
    rows: Range<usize>,
    /// By row, what is not 0 for one that holds its weights; empty where none does.
    weighed: &'s [f64],
    /// Where they are gone through row after row: elsewhere, so that no more than that is
    /// handed on, and rustc knows what the rest is.
    rowwise: Option<&'s mut Rowwise<'s>>,
}

/// What is known of some rows that are gone through one after the other.
#[derive(Debug)]
pub(crate) struct Rowwise<'s> {
    /// By row, from the first of them on: what is not 0 for one that holds its weights.
    weighed: &'s mut [f64],
    /// The sums of the columns.
    sums: &'s mut [f64],
    /// Whether all weights so far were plain.
    quick: bool,
}

impl<'s> Across<'s> {
    /// Tiles of some columns of a table of so many rows and columns; `weighed` says
    /// which rows hold their weights already, if any does.
    #[must_use]
    #[inline(always)]
    pub(crate) fn in_tiles(rows: usize, columns: usize, range: Range<usize>, weighed: &'s [f64]) -> Self {
        let (most, stride) = (most(rows), tile_stride(rows, columns));
        Self { most, stride, rest: range, rows: 0..rows, weighed, rowwise: None }
    }

    /// Some rows of a table of so many columns.
    #[must_use]
    pub(crate) fn by_rows(rows: Range<usize>, columns: usize, rowwise: &'s mut Rowwise<'s>) -> Self {
        Self { most: columns, stride: 0, rest: 0..columns, rows, weighed: &[], rowwise: Some(rowwise) }
    }

    /// The next columns.
    #[inline(always)]
    pub fn tile(&mut self) -> Option<Tile> {
        if self.rest.is_empty() {
            return None;
        }
        let start = self.rest.start;
        let width = self.most.min(self.rest.end - start);
        self.rest.start += width;
        Some(Tile { start, width, stride: self.stride })
    }

    /// The rows that are gone through.
    #[inline(always)]
    #[must_use]
    pub fn rows(&self) -> Range<usize> {
        self.rows.clone()
    }

    /// Whether a row of a tile has its weights from where it was left; these, with
    /// exponents if there are any, are then in the scratch space.
    #[inline(always)]
    pub fn has_row(
        &self,
        block: &Block<'_, '_>,
        row: usize,
        weights: &mut [f64],
        exponents: &mut [f64],
        tile: Tile,
    ) -> bool {
        let has = !self.weighed.is_empty() && self.weighed[row] != 0.0;
        if has {
            let place = place(row, tile);
            weights[place.clone()].copy_from_slice(block.row(row, tile));
            if !exponents.is_empty() {
                exponents[place].fill(0.0);
            }
        }
        has
    }

    /// Takes a row of weights `factor · exp(scale · exponent)`; false where the rows
    /// have to be gone through in another way.
    #[inline(always)]
    #[allow(clippy::too_many_arguments, reason = "what generated code has at hand")]
    pub fn softmax_row(
        &mut self,
        block: &mut Block<'_, '_>,
        row: usize,
        weights: &mut [f64],
        exponents: &mut [f64],
        factors: Given<'_>,
        (scale, given): (f64, Given<'_>),
        tile: Tile,
    ) -> bool {
        let Some(rowwise) = &mut self.rowwise else {
            bring(factors, block, row, weights, tile);
            let held = match given {
                Given::Made => return true,
                Given::Row(given) => given,
                Given::Held => block.row(row, tile),
            };
            let exponents = &mut exponents[place(row, tile)];
            for at in 0..exponents.len() {
                exponents[at] = scale * held[at];
            }
            return true;
        };
        rowwise.softmax(block, (self.rows.start, row), (weights, exponents), (factors, scale, given), tile)
    }

    /// The same for weights without exponents.
    #[inline(always)]
    pub fn normalize_row(
        &mut self,
        block: &mut Block<'_, '_>,
        row: usize,
        weights: &mut [f64],
        given: Given<'_>,
        tile: Tile,
    ) -> bool {
        let Some(rowwise) = &mut self.rowwise else {
            bring(given, block, row, weights, tile);
            return true;
        };
        let given = match given {
            Given::Made => Some(&weights[..tile.width]),
            Given::Row(given) => Some(given),
            Given::Held => None,
        };
        let sound = add_row(block.row_mut(row, tile), given, rowwise.sums);
        rowwise.weighed[row - self.rows.start] = f64::from(u8::from(sound));
        sound
    }

    /// The probabilities, when all rows of a tile have been taken.
    ///
    /// # Errors
    /// The first column with a weight that is negative, NaN or infinite.
    #[inline(always)]
    pub fn softmax(
        &self,
        block: &mut Block<'_, '_>,
        factors: &mut [f64],
        exponents: &mut [f64],
        tile: Tile,
    ) -> Result<(), BadColumn> {
        if self.rowwise.is_some() { Ok(()) } else { softmax_across(block, factors, exponents, tile) }
    }

    /// The same for weights without exponents.
    ///
    /// # Errors
    /// The first column with a weight that is negative, NaN or infinite.
    #[inline(always)]
    pub fn normalize(
        &self,
        block: &mut Block<'_, '_>,
        weights: &mut [f64],
        tile: Tile,
    ) -> Result<(), BadColumn> {
        if self.rowwise.is_some() { Ok(()) } else { normalize_across(block, weights, tile) }
    }
}

/// Brings what is given of a row to its place in the scratch space.
#[inline(always)]
fn bring(given: Given<'_>, block: &Block<'_, '_>, row: usize, weights: &mut [f64], tile: Tile) {
    match given {
        Given::Made => {}
        Given::Row(given) => weights[place(row, tile)].copy_from_slice(given),
        Given::Held => weights[place(row, tile)].copy_from_slice(block.row(row, tile)),
    }
}

/// Where a row of a tile lies in the scratch space.
#[inline(always)]
fn place(row: usize, tile: Tile) -> Range<usize> {
    row * tile.stride..row * tile.stride + tile.width
}

impl<'s> Rowwise<'s> {
    /// A place for each row that says whether it holds its weights, and the sums of the
    /// columns, which are 0 yet.
    #[must_use]
    pub(crate) fn new(weighed: &'s mut [f64], sums: &'s mut [f64]) -> Self {
        Self { weighed, sums, quick: true }
    }

    /// Leaves the weights of a row where they belong and adds them to the sums; false,
    /// with the row as it was, where one is not near. The rows from `first` on are done.
    #[inline(never)]
    fn softmax(
        &mut self,
        block: &mut Block<'_, '_>,
        (first, row): (usize, usize),
        scratch: (&mut [f64], &[f64]),
        parts: (Given<'_>, f64, Given<'_>),
        tile: Tile,
    ) -> bool {
        let near = loop {
            let near = self.weigh(block, row, (&mut *scratch.0, scratch.1), parts, tile);
            if near || !self.quick {
                break near;
            }
            self.quick = false;
            // What the row has added to them is not to be taken away.
            self.sums.fill(0.0);
            for row in first..row {
                add_row(block.row_mut(row, tile), None, self.sums);
            }
        };
        self.weighed[row - first] = f64::from(u8::from(near));
        near
    }

    /// Leaves the weights of a row where they belong and adds them to the sums; false,
    /// with all but the sums as it was, where one needs more care.
    fn weigh(
        &mut self,
        block: &mut Block<'_, '_>,
        row: usize,
        (weights, exponents): (&mut [f64], &[f64]),
        (factors, scale, given): (Given<'_>, f64, Given<'_>),
        tile: Tile,
    ) -> bool {
        let width = tile.width;
        let (weights, spare) = weights.split_at_mut(width);
        let sums = &mut *self.sums;
        // What has been made cell by cell may have been made from what the row holds.
        if matches!(factors, Given::Made) || matches!(given, Given::Made) {
            let from = |given, made| match given {
                Given::Made => made,
                Given::Row(row) => row,
                Given::Held => block.row(row, tile),
            };
            let exponents = Some(from(given, &exponents[..width]));
            let (factors, cells) = (from(factors, weights), &mut spare[..width]);
            let near = weigh_row(Row { cells, factors, scale, exponents, saved: &mut [], sums }, self.quick);
            if near {
                block.row_mut(row, tile).copy_from_slice(&spare[..width]);
            }
            return near;
        }
        let factors = match factors {
            Given::Row(row) => row,
            _ => {
                weights.copy_from_slice(block.row(row, tile));
                weights
            }
        };
        let exponents = if let Given::Row(row) = given { Some(row) } else { None };
        let (cells, saved) = (block.row_mut(row, tile), &mut spare[..width]);
        let near = weigh_row(Row { cells, factors, scale, exponents, saved, sums }, self.quick);
        if !near {
            let held = if exponents.is_none() { &spare[..width] } else { factors };
            block.row_mut(row, tile).copy_from_slice(held);
        }
        near
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::columns::{Divisor, tile_cells, tiles};
    use crate::parallel::{upright, upright_undivided};
    use crate::{Error, Fault};

    /// A table, or what is wrong with it, as text: a NaN is another than itself.
    type Done = Result<Vec<f64>, String>;

    /// Numbers without a pattern, in (0, 1).
    fn numbers(count: usize) -> Vec<f64> {
        let mut x = 0.731;
        let next = |_| {
            x = (x * 3.97 * (1.0 - x) + 0.001_f64).fract();
            x
        };
        (0..count).map(next).collect()
    }

    fn part(table: &[f64], columns: usize, row: usize, tile: Tile) -> &[f64] {
        &table[row * columns + tile.start..][..tile.width]
    }

    fn bad(tile: Tile, (column, bad): BadColumn) -> String {
        format!("{bad:?} in column {}", tile.start + column)
    }

    /// The probabilities as generated code computes them; the exponents, over a number,
    /// are what the table holds before. And whether any went in tiles.
    fn across(
        work: f64,
        factors: &[f64],
        exponents: Option<(f64, &[f64])>,
        columns: usize,
        lent: bool,
    ) -> (Done, bool) {
        let rows = factors.len() / columns;
        let mut table = exponents.map_or(vec![7.0; factors.len()], |(_, exponents)| exponents.to_vec());
        let cells = tile_cells(rows, columns);
        let mut scratch = vec![f64::NAN; 2 * cells];
        let in_tiles = AtomicBool::new(false);
        let run = |across: &mut Across<'_>, block: &mut Block<'_, '_>, scratch: &mut [f64]| {
            let (weights, logits) = scratch.split_at_mut(cells);
            while let Some(tile) = across.tile() {
                in_tiles.fetch_or(tile.stride > 0, Ordering::Relaxed);
                for row in across.rows() {
                    let beside = if exponents.is_some() { &mut *logits } else { &mut [][..] };
                    if across.has_row(block, row, weights, beside, tile) {
                        continue;
                    }
                    let given = part(factors, columns, row, tile);
                    if !lent {
                        weights[place(row, tile)].copy_from_slice(given);
                    }
                    let given = if lent { Given::Row(given) } else { Given::Made };
                    let done = if let Some((scale, _)) = exponents {
                        if !lent {
                            let old = block.row(row, tile);
                            let logits = &mut logits[place(row, tile)];
                            logits.iter_mut().zip(old).for_each(|(logit, old)| *logit = scale * old);
                        }
                        let scaled = if lent { (scale, Given::Held) } else { (1.0, Given::Made) };
                        across.softmax_row(block, row, weights, logits, given, scaled, tile)
                    } else {
                        across.normalize_row(block, row, weights, given, tile)
                    };
                    if !done {
                        break;
                    }
                }
                let done = match exponents {
                    Some(_) => across.softmax(block, weights, logits, tile),
                    None => across.normalize(block, weights, tile),
                };
                let message = done.map_err(|wrong| bad(tile, wrong));
                message.map_err(|message| Fault::new(Error::Panicked { model: "m".into(), message }))?;
            }
            Ok(())
        };
        let done = upright(work, &mut table, (rows, columns), &mut scratch, run);
        let done = done.map(|()| table).map_err(|error| match *error {
            Error::Panicked { message, .. } => message,
            other => other.to_string(),
        });
        (done, in_tiles.into_inner())
    }

    /// The same tile by tile.
    fn tiled(factors: &[f64], exponents: Option<(f64, &[f64])>, columns: usize) -> Done {
        let rows = factors.len() / columns;
        let mut table = vec![7.0; factors.len()];
        let block = &mut Block::Whole(&mut table, columns);
        for tile in tiles(rows, columns, 0..columns) {
            let mut weights = vec![f64::NAN; tile_cells(rows, columns)];
            let mut logits = weights.clone();
            for row in 0..rows {
                weights[place(row, tile)].copy_from_slice(part(factors, columns, row, tile));
                if let Some((scale, exponents)) = exponents {
                    let old = part(exponents, columns, row, tile).iter();
                    logits[place(row, tile)].iter_mut().zip(old).for_each(|(x, old)| *x = scale * old);
                }
            }
            match exponents {
                Some(_) => softmax_across(block, &mut weights, &mut logits, tile),
                None => normalize_across(block, &mut weights, tile),
            }
            .map_err(|wrong| bad(tile, wrong))?;
        }
        Ok(table)
    }

    fn agree(found: &Done, wanted: &Done) {
        let (Ok(found), Ok(wanted)) = (found, wanted) else {
            assert_eq!(found, wanted);
            return;
        };
        for (at, (a, b)) in found.iter().zip(wanted).enumerate() {
            // Exponents are rounded where the largest is taken away.
            assert!((a - b).abs() <= 1e-13 * b + f64::MIN_POSITIVE, "{a} is not {b} at {at}");
        }
    }

    /// A table with a column of zeros, and zeros elsewhere; and exponents, some of them
    /// minus infinity.
    fn table(rows: usize, columns: usize) -> (Vec<f64>, Vec<f64>) {
        let factors = numbers(rows * columns).into_iter().enumerate();
        let factor = |(at, x): (usize, f64)| if x < 0.2 || at % columns == 5 { 0.0 } else { x };
        let exponent = |x: f64| if x > 0.9 { f64::NEG_INFINITY } else { 500.0 * x - 250.0 };
        (factors.map(factor).collect(), numbers(rows * columns).into_iter().map(exponent).collect())
    }

    #[test]
    fn rows_after_each_other_are_tiles() {
        for (rows, columns) in [(200, 130), (64, 64), (70, 3001), (65, 17_000), (300, 67)] {
            let (factors, exponents) = table(rows, columns);
            let small: Vec<f64> = exponents.iter().map(|exponent| exponent.max(-250.0) / 3.0).collect();
            let scaled = [(1.0, &exponents[..]), (-0.5, &exponents), (1.0, &small), (-2.0, &small)];
            for exponents in [None].into_iter().chain(scaled.map(Some)) {
                let wanted = tiled(&factors, exponents, columns);
                for (work, lent) in [(0.0, true), (1e9, false), (1e9, true)] {
                    // Nothing times minus infinity is a number; less of it is too much.
                    let sound = exponents.is_none_or(|(scale, exponents)| {
                        exponents.iter().all(|exponent| scale * exponent < f64::INFINITY)
                    });
                    let (found, in_tiles) = across(work, &factors, exponents, columns, lent);
                    assert_eq!(in_tiles, !sound, "{rows} by {columns}");
                    agree(&found, &wanted);
                }
            }
        }
        // Columns without any weight have no probabilities.
        let (factors, exponents) = table(200, 130);
        let (found, _) = across(1e9, &factors, Some((1.0, &exponents)), 130, true);
        assert!(found.is_ok_and(|table| table[5..].iter().step_by(130).all(|cell| *cell == 0.0)));
    }

    #[test]
    fn small_tables_go_in_tiles() {
        for (rows, columns) in [(200, 20), (5, 300), (3, 4)] {
            let (factors, exponents) = table(rows, columns);
            let exponents = Some((1.0, &exponents[..]));
            let (found, in_tiles) = across(1e9, &factors, exponents, columns, true);
            assert!(in_tiles);
            agree(&found, &tiled(&factors, exponents, columns));
        }
    }

    /// What needs care somewhere in the middle gets it, and a bad weight is named with
    /// its column.
    #[test]
    fn rows_that_need_care_go_in_tiles() {
        let (rows, columns) = (100, 150);
        let (factors, exponents) = table(rows, columns);
        let strange = [
            (1e-200, 0.0),
            (1e200, 0.0),
            (1.0, 400.0),
            (1.0, -400.0),
            (1.0, 1e5),
            (-1.0, 0.0),
            (f64::NAN, 0.0),
            (f64::INFINITY, 0.0),
            (1.0, f64::NAN),
            (1.0, f64::INFINITY),
            (0.0, f64::NAN),
        ];
        for at in [0, 20 * columns + 7, 60 * columns + 149, rows * columns - 1] {
            for (work, lent) in [(0.0, false), (1e9, true)] {
                for (factor, exponent) in strange {
                    let (mut factors, mut exponents) = (factors.clone(), exponents.clone());
                    // A second one is not the first.
                    for at in [at, 70 * columns + 90] {
                        (factors[at], exponents[at]) = (factor, exponent);
                    }
                    let scaled = Some((1.0, &exponents[..]));
                    let (found, in_tiles) = across(work, &factors, scaled, columns, lent);
                    assert_eq!(in_tiles, factor != 0.0, "{factor} and {exponent} at {at}");
                    agree(&found, &tiled(&factors, scaled, columns));
                    let (found, _) = across(work, &factors, None, columns, lent);
                    agree(&found, &tiled(&factors, None, columns));
                }
            }
        }
        // Sums that overflow, or sink below what can be divided by.
        for factor in [1e308, 1e-310] {
            let mut factors = factors.clone();
            factors[9..].iter_mut().step_by(columns).for_each(|cell| *cell = factor);
            let (found, in_tiles) = across(0.0, &factors, None, columns, true);
            assert!(in_tiles && found.is_ok());
            agree(&found, &tiled(&factors, None, columns));
        }
    }

    /// The sums are added up in the same order, whoever has made them.
    #[test]
    fn many_threads_find_what_one_finds() {
        let (factors, exponents) = table(150, 333);
        let bits = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            let pool = pool.unwrap_or_else(|error| panic!("{error}"));
            let (found, _) = pool.install(|| across(1e9, &factors, Some((1.0, &exponents)), 333, true));
            found.map(|table| table.iter().map(|cell| cell.to_bits()).collect::<Vec<_>>())
        };
        let alone = bits(1);
        assert!(alone.is_ok() && (2..=5).all(|threads| bits(threads) == alone));
    }

    /// What is left to be divided is divided into the same.
    #[test]
    fn rows_are_divided_later() {
        let (rows, columns) = (90, 70);
        let (weights, _) = table(rows, columns);
        let mut left = vec![7.0; weights.len()];
        let mut scratch = vec![0.0; tile_cells(rows, columns)];
        let mut divisor = Divisor::default();
        let run = |across: &mut Across<'_>, block: &mut Block<'_, '_>, room: &mut [f64]| {
            while let Some(tile) = across.tile() {
                for row in across.rows() {
                    let given = part(&weights, columns, row, tile);
                    assert!(across.normalize_row(block, row, room, Given::Row(given), tile));
                }
            }
            Ok(())
        };
        let done = upright_undivided(0.0, &mut left, (rows, columns), &mut scratch, &mut divisor, run);
        assert_eq!(done, Ok(()));
        assert_eq!(left, weights);
        let mut products = left.clone();
        let (times, mut beside) = (numbers(columns), vec![7.0; weights.len()]);
        let mut also = left.clone();
        for (row, weights) in beside.chunks_exact_mut(columns).zip(also.chunks_exact_mut(columns)) {
            assert_eq!(divisor.divide_products(row, weights, &times), Ok(()));
        }
        left.chunks_exact_mut(columns).for_each(|row| divisor.divide(row));
        assert_eq!(also, left);
        for (row, shares) in beside.chunks_exact(columns).zip(left.chunks_exact_mut(columns)) {
            let mut wanted = vec![7.0; columns];
            assert_eq!(Divisor::default().divide_products(&mut wanted, shares, &times), Ok(()));
            assert_eq!(row, wanted);
        }
        for (row, shares) in products.chunks_exact_mut(columns).zip(left.chunks_exact(columns)) {
            let mut wanted = shares.to_vec();
            assert_eq!(Divisor::default().normalize_products(&mut wanted, None, &times), Ok(()));
            // Weights beside the row stay what they are.
            let mut apart = vec![7.0; columns];
            assert_eq!(divisor.normalize_products(&mut apart, Some(row), &times), Ok(()));
            assert_eq!(divisor.normalize_products(row, None, &times), Ok(()));
            assert_eq!(apart, row);
            agree(&Ok(row.to_vec()), &Ok(wanted));
        }
        agree(&Ok(left.clone()), &tiled(&weights, None, columns));
        Divisor::default().divide(&mut left[..columns]);
        agree(&Ok(left), &tiled(&weights, None, columns));
    }
}
