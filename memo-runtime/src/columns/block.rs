//! Tiles of columns, and the tables that they are written to.

use std::ops::Range;

use crate::few::{are_few, is_few, whole_groups};
use crate::machine::LANES;

/// What the factors and exponents of one tile may take of the cache.
const TILE_BYTES: usize = 256 << 10;

/// How many columns a tile has at most: those of a few rows stay in the first
/// level of the cache.
const WIDEST: usize = 512;

/// How many columns a tile of so many rows has at most; they are worked on as
/// many at a time as there are lanes.
#[inline]
pub(super) fn most(rows: usize) -> usize {
    let cells = TILE_BYTES / (2 * size_of::<f64>());
    (cells / rows.max(1) / LANES * LANES).clamp(LANES, WIDEST)
}

/// How many cells the weights of a tile take, with two rows of room for what
/// is computed of each column; enough for two rows of the table in any case.
///
/// ```
/// # use memo_runtime::__private::tile_cells;
/// assert_eq!((tile_cells(4, 30), tile_cells(4, 3)), (6 * 32, 16));
/// ```
#[must_use]
#[inline]
pub fn tile_cells(rows: usize, columns: usize) -> usize {
    if is_few(rows, columns) {
        whole_groups(rows * columns)
    } else {
        ((rows + 2) * tile_stride(rows, columns)).max(2 * columns)
    }
}

/// How many cells a row of weights has in the scratch space of a tile.
#[inline]
pub(super) fn tile_stride(rows: usize, columns: usize) -> usize {
    if is_few(rows, columns) { columns } else { most(rows).min(columns).next_multiple_of(LANES) }
}

/// Columns that are worked on together.
#[derive(Clone, Copy, Debug)]
pub struct Tile {
    /// The first of them.
    pub start: usize,
    /// How many there are.
    pub width: usize,
    /// How many cells a row of their weights has: what follows them is not
    /// looked at.
    pub stride: usize,
}

impl Tile {
    /// Whether it is all of a small table, whose rows are not padded.
    pub(super) fn is_few(self) -> bool {
        self.stride < LANES
    }
}

/// Some of so many columns, tile by tile.
#[inline]
pub fn tiles(rows: usize, columns: usize, range: Range<usize>) -> impl Iterator<Item = Tile> {
    let (most, stride) = (most(rows), tile_stride(rows, columns));
    let tile = move |start| Tile { start, width: most.min(range.end - start), stride };
    range.step_by(most).map(tile)
}

/// The rows of a table, or some columns of each.
#[derive(Debug)]
pub enum Block<'b, 't> {
    /// All, one after the other, with so many cells in each.
    Whole(&'b mut [f64], usize),
    /// The same from a row on.
    Rows(&'b mut [f64], usize, usize),
    /// Of each row those from a column on.
    Part(&'b mut [&'t mut [f64]], usize),
}

/// The parts of the rows of a table that make a [`Block::Part`].
pub(crate) type RowParts<'t> = Vec<&'t mut [f64]>;

impl<'t> Block<'_, 't> {
    /// The same, lent: who hands out this one and not itself is known to rustc to be what
    /// it was.
    #[inline(always)]
    pub(super) fn lent(&mut self) -> Block<'_, 't> {
        match self {
            Self::Whole(cells, stride) => Block::Whole(cells, *stride),
            Self::Rows(cells, stride, first) => Block::Rows(cells, *stride, *first),
            Self::Part(rows, first) => Block::Part(rows, *first),
        }
    }

    /// How many rows there are.
    #[must_use]
    #[inline(always)]
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Whole(cells, stride) | Self::Rows(cells, stride, _) => cells.len() / stride,
            Self::Part(rows, _) => rows.len(),
        }
    }

    /// The whole of a small table, if it is one, with its columns: these are all in its
    /// only tile.
    #[inline(always)]
    pub(super) fn few(&mut self) -> Option<(&mut [f64], usize)> {
        match self {
            Self::Whole(cells, columns) if are_few(cells.len(), *columns) => Some((cells, *columns)),
            _ => None,
        }
    }

    /// The cells of a tile in one of the rows.
    #[must_use]
    #[inline(always)]
    pub fn row(&self, at: usize, tile: Tile) -> &[f64] {
        match self {
            Self::Whole(cells, stride) => &cells[at * stride + tile.start..][..tile.width],
            Self::Rows(cells, stride, first) => &cells[(at - first) * stride + tile.start..][..tile.width],
            Self::Part(rows, first) => &rows[at][tile.start - first..][..tile.width],
        }
    }

    /// The same, to be written to.
    #[inline(always)]
    pub(super) fn row_mut(&mut self, at: usize, tile: Tile) -> &mut [f64] {
        match self {
            Self::Whole(cells, stride) => &mut cells[at * *stride + tile.start..][..tile.width],
            Self::Rows(cells, stride, first) => {
                &mut cells[(at - *first) * *stride + tile.start..][..tile.width]
            }
            Self::Part(rows, first) => &mut rows[at][tile.start - *first..][..tile.width],
        }
    }

    /// A table divided along its columns, so many in each part; with the columns
    /// of each.
    pub(crate) fn split(
        table: &'t mut [f64],
        columns: usize,
        each: usize,
    ) -> Vec<(Range<usize>, RowParts<'t>)> {
        let starts = (0..columns).step_by(each.max(1));
        let mut parts: Vec<(Range<usize>, RowParts<'t>)> =
            starts.map(|start| (start..columns.min(start + each), Vec::new())).collect();
        for row in table.chunks_exact_mut(columns) {
            for ((_, rows), cells) in parts.iter_mut().zip(row.chunks_mut(each)) {
                rows.push(cells);
            }
        }
        parts
    }
}
