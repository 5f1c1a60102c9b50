//! Wide tables that stand upright, row after row: each row of weights is written where
//! its probabilities belong and added to the sums of the columns, by which all rows
//! are then divided. So a row lies next to itself in memory, where a tile has a little
//! of each of many.

use std::ops::Range;

use super::block::{Block, Tile, most, tile_cells, tile_stride};
use super::{BadColumn, normalize_across, softmax_across};
use crate::elementary::weight;
use crate::machine::{Arithmetic, LANES, load, on_this_machine};
use crate::rows::{divisible, is_near};

/// From how many columns, and cells, on a table is wide: a smaller one stays in the
/// first level of the cache, however it is gone through.
const WIDE: usize = 64;
const WIDE_CELLS: usize = 4096;

/// How many columns are worked on together at most, so that a row of them stays in the
/// first level of the cache with what is computed of it.
const MOST: usize = 1024;

/// The rows beside each other that are worked with: the weights, the sums, and what
/// these are divided by.
const BESIDE: usize = 3;

/// The way across some of the columns of a table: tile by tile, or row after row.
///
/// Row after row the weights are those that [`is_near`] tells. Where one is not, what
/// is there already is taken as weights, and these columns are gone through in tiles.
#[derive(Debug)]
pub struct Across {
    /// How many columns a tile has at most, and how many cells a row of it.
    most: usize,
    stride: usize,
    /// How many columns are taken row after row; 0 where all go in tiles.
    wide: usize,
    /// The columns to come.
    rest: Range<usize>,
    /// Up to which column tiles are needed all the same.
    careful: usize,
    /// How many rows of these hold their weights.
    weighed: usize,
}

impl Across {
    /// For a table of so many rows and columns, some of the columns.
    ///
    /// How they are gone through depends on the table only: not on who shares it.
    #[must_use]
    #[inline(always)]
    pub fn new(rows: usize, columns: usize, range: Range<usize>) -> Self {
        let wide = if columns >= WIDE && rows * columns >= WIDE_CELLS { widest(rows, columns) } else { 0 };
        let (most, stride) = (most(rows), tile_stride(rows, columns));
        Self { most, stride, wide, careful: range.start, rest: range, weighed: 0 }
    }

    /// The next columns; all rows are in the same place, one after the other, where the
    /// stride is 0.
    #[inline(always)]
    pub fn tile(&mut self) -> Option<Tile> {
        if self.rest.is_empty() {
            return None;
        }
        let (start, end) = (self.rest.start, self.rest.end);
        let tile = if self.wide == 0 {
            Tile { start, width: self.most.min(end - start), stride: self.stride }
        } else {
            self.tile_of_wide()
        };
        self.rest.start += tile.width;
        Some(tile)
    }

    // Nothing here borrows it for a call: of a small table all of it is constant.
    #[inline(always)]
    fn tile_of_wide(&mut self) -> Tile {
        let (start, end) = (self.rest.start, self.rest.end);
        if start < self.careful {
            return Tile { start, width: self.most.min(self.careful - start), stride: self.stride };
        }
        self.weighed = 0;
        Tile { start, width: self.wide.min(end - start), stride: 0 }
    }

    /// Whether a row of a tile has its weights from where it was left; these, with
    /// exponents if there are any, are then in the scratch space.
    #[inline(always)]
    pub fn has_row(
        &self,
        block: &Block<'_>,
        row: usize,
        weights: &mut [f64],
        exponents: &mut [f64],
        tile: Tile,
    ) -> bool {
        let has = row < self.weighed;
        if has {
            let place = row * tile.stride..row * tile.stride + tile.width;
            weights[place.clone()].copy_from_slice(block.row(row, tile));
            if !exponents.is_empty() {
                exponents[place].fill(0.0);
            }
        }
        has
    }

    /// Takes a row of weights `factor · exp(exponent)`; false where the rows have to be
    /// gone through in another way.
    #[inline(always)]
    pub fn softmax_row(
        &mut self,
        block: &mut Block<'_>,
        row: usize,
        factors: &mut [f64],
        exponents: &[f64],
        tile: Tile,
    ) -> bool {
        if tile.stride > 0 {
            return true;
        }
        let done = weigh_row(block, row, factors, exponents, tile);
        if !done {
            self.take_care(tile, row);
        }
        done
    }

    /// The same for weights without exponents.
    #[inline(always)]
    pub fn normalize_row(
        &mut self,
        block: &mut Block<'_>,
        row: usize,
        weights: &mut [f64],
        tile: Tile,
    ) -> bool {
        if tile.stride > 0 {
            return true;
        }
        let done = add_row(block, row, weights, tile);
        if !done {
            self.take_care(tile, row + 1);
        }
        done
    }

    /// The probabilities, when all rows have been taken.
    ///
    /// # Errors
    /// The first column with a weight that is negative, NaN or infinite.
    #[inline(always)]
    pub fn softmax(
        &mut self,
        block: &mut Block<'_>,
        factors: &mut [f64],
        exponents: &mut [f64],
        tile: Tile,
    ) -> Result<(), BadColumn> {
        if tile.stride > 0 {
            return softmax_across(block, factors, exponents, tile);
        }
        self.finish(block, factors, tile);
        Ok(())
    }

    /// The same for weights without exponents.
    ///
    /// # Errors
    /// The first column with a weight that is negative, NaN or infinite.
    #[inline(always)]
    pub fn normalize(
        &mut self,
        block: &mut Block<'_>,
        weights: &mut [f64],
        tile: Tile,
    ) -> Result<(), BadColumn> {
        if tile.stride > 0 {
            return normalize_across(block, weights, tile);
        }
        self.finish(block, weights, tile);
        Ok(())
    }

    /// Goes back to the first column of a tile; so many of its rows have been left as
    /// weights.
    #[inline(always)]
    fn take_care(&mut self, tile: Tile, weighed: usize) {
        (self.careful, self.weighed) = (tile.start + tile.width, weighed);
        self.rest.start = tile.start;
    }

    #[inline(always)]
    fn finish(&mut self, block: &mut Block<'_>, scratch: &mut [f64], tile: Tile) {
        if self.careful > tile.start {
            return;
        }
        if !divide_rows(block, scratch, tile) {
            self.take_care(tile, block.rows());
        }
    }
}

/// How many columns of a table there is room for.
fn widest(rows: usize, columns: usize) -> usize {
    (tile_cells(rows, columns) / BESIDE / LANES * LANES).min(MOST)
}

/// The weights of a row, the sums, and room for another row; filled up to whole groups
/// of columns.
#[inline(always)]
fn beside(scratch: &mut [f64], tile: Tile) -> [&mut [f64]; BESIDE] {
    let cells = tile.width.next_multiple_of(LANES);
    let (weights, rest) = scratch.split_at_mut(cells);
    let (sums, rest) = rest.split_at_mut(cells);
    [weights, sums, &mut rest[..cells]]
}

/// The weights of a row and the sums, ready for the row.
#[inline(always)]
fn ready(scratch: &mut [f64], row: usize, tile: Tile) -> [&mut [f64]; 2] {
    let [weights, sums, _] = beside(scratch, tile);
    if row == 0 {
        // What fills up the last group counts for nothing.
        weights[tile.width..].fill(0.0);
        sums.fill(0.0);
    }
    [weights, sums]
}

/// Writes weights `factor · exp(exponent)` to a row and adds them to the sums; false,
/// with the row as it was, where one is not near.
#[inline(always)]
fn weigh<A: Arithmetic>(
    block: &mut Block<'_>,
    row: usize,
    scratch: &mut [f64],
    exponents: &[f64],
    tile: Tile,
) -> bool {
    let [weights, sums] = ready(scratch, row, tile);
    let exponents = &exponents[..weights.len()];
    let mut far = [0_u64; LANES];
    let mut at = 0;
    while at + LANES <= weights.len() {
        let (mut weighed, exponents) = (load(&weights[at..]), load(&exponents[at..]));
        let mut total = load(&sums[at..]);
        for lane in 0..LANES {
            far[lane] |= u64::from(!is_near(weighed[lane], exponents[lane]));
            weighed[lane] = weight::<A>(weighed[lane], exponents[lane]);
            total[lane] += weighed[lane];
        }
        weights[at..at + LANES].copy_from_slice(&weighed);
        sums[at..at + LANES].copy_from_slice(&total);
        at += LANES;
    }
    let near = far.iter().fold(0, |any, far| any | far) == 0;
    if near {
        block.row_mut(row, tile).copy_from_slice(&weights[..tile.width]);
    }
    near
}

/// Writes weights to a row and adds them to the sums; false where one is negative.
#[inline(always)]
fn add<A: Arithmetic>(block: &mut Block<'_>, row: usize, scratch: &mut [f64], tile: Tile) -> bool {
    let [weights, sums] = ready(scratch, row, tile);
    block.row_mut(row, tile).copy_from_slice(&weights[..tile.width]);
    let mut negative = [0_u64; LANES];
    let mut at = 0;
    while at + LANES <= weights.len() {
        let (weights, mut total) = (load(&weights[at..]), load(&sums[at..]));
        for lane in 0..LANES {
            negative[lane] |= u64::from(weights[lane] < 0.0);
            total[lane] += weights[lane];
        }
        sums[at..at + LANES].copy_from_slice(&total);
        at += LANES;
    }
    negative.iter().fold(0, |any, negative| any | negative) == 0
}

/// Divides all rows by the sums, as a division rounds where there is a fused
/// multiply-add (Markstein 1990); false, with all as it was, where a sum cannot be
/// divided by.
#[inline(always)]
fn divide<A: Arithmetic>(block: &mut Block<'_>, scratch: &mut [f64], tile: Tile) -> bool {
    let [_, totals, by] = beside(scratch, tile);
    let (totals, by) = (&mut totals[..tile.width], &mut by[..tile.width]);
    if !totals.iter().fold(true, |all, total| all & divisible(*total, false)) {
        return false;
    }
    for (total, by) in totals.iter_mut().zip(by.iter_mut()) {
        // Nothing stays nothing.
        *total = if *total == 0.0 { 1.0 } else { *total };
        *by = 1.0 / *total;
    }
    for row in 0..block.rows() {
        let cells = &mut block.row_mut(row, tile)[..totals.len()];
        for at in 0..cells.len() {
            let quotient = cells[at] * by[at];
            let rest = A::fma(-quotient, totals[at], cells[at]);
            cells[at] = if A::FUSED { A::fma(rest, by[at], quotient) } else { cells[at] / totals[at] };
        }
    }
    true
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
fn weigh_row(block: &mut Block<'_>, row: usize, scratch: &mut [f64], exponents: &[f64], tile: Tile) -> bool {
    on_this_machine!(weigh(block: &mut Block<'_>, row: usize, scratch: &mut [f64], exponents: &[f64], tile: Tile) -> bool)
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: twice as fast")]
fn add_row(block: &mut Block<'_>, row: usize, scratch: &mut [f64], tile: Tile) -> bool {
    on_this_machine!(add(block: &mut Block<'_>, row: usize, scratch: &mut [f64], tile: Tile) -> bool)
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: twice as fast")]
fn divide_rows(block: &mut Block<'_>, scratch: &mut [f64], tile: Tile) -> bool {
    on_this_machine!(divide(block: &mut Block<'_>, scratch: &mut [f64], tile: Tile) -> bool)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::tiles;
    use crate::kernel::BadWeight;

    type Done = Result<Vec<f64>, (usize, BadWeight)>;

    /// Numbers without a pattern, in (0, 1).
    fn numbers(count: usize) -> Vec<f64> {
        let mut x = 0.731;
        let next = |_| {
            x = (x * 3.97 * (1.0 - x) + 0.001_f64).fract();
            x
        };
        (0..count).map(next).collect()
    }

    fn fill(to: &mut [f64], table: &[f64], columns: usize, row: usize, tile: Tile) {
        let row = &table[row * columns + tile.start..][..tile.width];
        to[row_of(0, tile).start..][..tile.width].copy_from_slice(row);
    }

    fn row_of(row: usize, tile: Tile) -> Range<usize> {
        row * tile.stride..row * tile.stride + tile.width
    }

    /// The probabilities as generated code computes them, in parts of so many columns;
    /// the exponents are what the table holds before. And whether any went in tiles.
    fn across(factors: &[f64], exponents: Option<&[f64]>, columns: usize, each: usize) -> (Done, bool) {
        let rows = factors.len() / columns;
        let mut table = exponents.map_or(vec![7.0; factors.len()], <[f64]>::to_vec);
        let mut scratch = vec![f64::NAN; 2 * tile_cells(rows, columns)];
        let (weights, logits) = scratch.split_at_mut(tile_cells(rows, columns));
        let mut in_tiles = false;
        for (range, mut block) in Block::split(&mut table, columns, each) {
            let block = &mut block;
            let mut across = Across::new(rows, columns, range);
            while let Some(tile) = across.tile() {
                in_tiles |= tile.stride > 0;
                for row in 0..rows {
                    let beside = if exponents.is_some() { &mut *logits } else { &mut [][..] };
                    if across.has_row(block, row, weights, beside, tile) {
                        continue;
                    }
                    fill(&mut weights[row_of(row, tile)], factors, columns, row, tile);
                    let done = if exponents.is_some() {
                        logits[row_of(row, tile)].copy_from_slice(block.row(row, tile));
                        across.softmax_row(block, row, weights, logits, tile)
                    } else {
                        across.normalize_row(block, row, weights, tile)
                    };
                    if !done {
                        break;
                    }
                }
                let done = match exponents {
                    Some(_) => across.softmax(block, weights, logits, tile),
                    None => across.normalize(block, weights, tile),
                };
                if let Err((column, bad)) = done {
                    return (Err((tile.start + column, bad)), in_tiles);
                }
            }
        }
        (Ok(table), in_tiles)
    }

    /// The same tile by tile.
    fn tiled(factors: &[f64], exponents: Option<&[f64]>, columns: usize) -> Done {
        let rows = factors.len() / columns;
        let mut table = vec![7.0; factors.len()];
        let block = &mut Block::Whole(&mut table, columns);
        for tile in tiles(rows, columns, 0..columns) {
            let mut weights = vec![f64::NAN; tile_cells(rows, columns)];
            let mut logits = weights.clone();
            for row in 0..rows {
                fill(&mut weights[row_of(row, tile)], factors, columns, row, tile);
                exponents.iter().for_each(|exponents| {
                    fill(&mut logits[row_of(row, tile)], exponents, columns, row, tile);
                });
            }
            match exponents {
                Some(_) => softmax_across(block, &mut weights, &mut logits, tile),
                None => normalize_across(block, &mut weights, tile),
            }
            .map_err(|(column, bad)| (tile.start + column, bad))?;
        }
        Ok(table)
    }

    fn agree(found: &Done, wanted: &Done) {
        match (found, wanted) {
            (Ok(found), Ok(wanted)) => {
                for (at, (a, b)) in found.iter().zip(wanted).enumerate() {
                    // Exponents are rounded where the largest is taken away.
                    assert!((a - b).abs() <= 1e-13 * b + f64::MIN_POSITIVE, "{a} is not {b} at {at}");
                }
            }
            // A NaN is another than itself.
            _ => assert_eq!(format!("{found:?}"), format!("{wanted:?}")),
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
        for (rows, columns) in [(200, 130), (64, 64), (7, 3001), (1, 5000), (300, 67)] {
            let (factors, exponents) = table(rows, columns);
            for each in [columns, 48, 16] {
                for exponents in [None, Some(&exponents[..])] {
                    let (found, in_tiles) = across(&factors, exponents, columns, each);
                    assert!(!in_tiles, "{rows} by {columns}");
                    agree(&found, &tiled(&factors, exponents, columns));
                }
            }
        }
        // Columns without any weight have no probabilities.
        let (factors, exponents) = table(200, 130);
        let (found, _) = across(&factors, Some(&exponents), 130, 130);
        assert!(found.is_ok_and(|table| table[5..].iter().step_by(130).all(|cell| *cell == 0.0)));
    }

    #[test]
    fn small_tables_go_in_tiles() {
        for (rows, columns) in [(200, 20), (5, 300), (3, 4)] {
            let (factors, exponents) = table(rows, columns);
            let (found, in_tiles) = across(&factors, Some(&exponents), columns, columns);
            assert!(in_tiles);
            agree(&found, &tiled(&factors, Some(&exponents), columns));
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
            for each in [columns, 64] {
                for (factor, exponent) in strange {
                    let (mut factors, mut exponents) = (factors.clone(), exponents.clone());
                    // A second one is not the first.
                    for at in [at, 70 * columns + 90] {
                        (factors[at], exponents[at]) = (factor, exponent);
                    }
                    let (found, in_tiles) = across(&factors, Some(&exponents), columns, each);
                    assert_eq!(in_tiles, factor != 0.0, "{factor} and {exponent} at {at}");
                    agree(&found, &tiled(&factors, Some(&exponents), columns));
                    let (found, _) = across(&factors, None, columns, each);
                    agree(&found, &tiled(&factors, None, columns));
                }
            }
        }
        // Sums that overflow, or sink below what can be divided by.
        for factor in [1e308, 1e-310] {
            let mut factors = factors.clone();
            factors[9..].iter_mut().step_by(columns).for_each(|cell| *cell = factor);
            let (found, in_tiles) = across(&factors, None, columns, columns);
            assert!(in_tiles && found.is_ok());
            agree(&found, &tiled(&factors, None, columns));
        }
    }
}
