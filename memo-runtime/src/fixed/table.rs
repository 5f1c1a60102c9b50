//! A table that does not change, and what is made of it once to read it quickly: its rows
//! without their zeros, along any axis, the index map of what is certain, and its columns
//! upright.

use std::ops::Deref;
use std::sync::OnceLock;

use crate::pool;
use crate::sums::{Upright, dot};

/// From how many rows and columns on a table is made to stand upright.
const WORTH_COLUMNS: usize = 8;

/// The cells of a table that a core's own cache holds. In a larger one the pieces of
/// columns that a thread reads are too far from each other.
const MOST_UPRIGHT: usize = 1 << 15;

/// From how many cells on a table is made by its entries, where these are few.
const WORTH_ENTRIES: usize = 4096;

/// A table and, on demand, where the numbers in its rows are that are not 0.
#[derive(Debug)]
pub struct FixedTable {
    cells: Vec<f64>,
    /// Length of a row: of the last axis.
    row: usize,
    /// Whether few of its numbers are not 0.
    few: bool,
    /// Whether it is large, and hardly any are.
    hardly_any: bool,
    sparse: OnceLock<Sparse>,
    turned: Turned,
    upright: OnceLock<Upright>,
}

/// The rows along other axes than the last: one way, and the next.
type Turned = OnceLock<Box<(usize, Sparse, Next)>>;

#[derive(Debug, Default)]
struct Next(Turned);

/// Compressed sparse rows: the entries of row `i` are those from `starts[i]`
/// up to `starts[i + 1]`.
#[derive(Debug)]
struct Sparse {
    starts: Vec<u32>,
    entries: Vec<(u32, f64)>,
    /// Where the one entry of each row is, if none has more and all of them are 1, as those
    /// of a choice that is certain are; [`NOWHERE`] in a row without.
    places: Option<Box<[u32]>>,
    /// Whether there are places, and no row is without.
    is_map: bool,
    /// How many numbers of a row are not 0, on average.
    mean: f64,
}

/// No place in a row.
const NOWHERE: u32 = u32::MAX;

impl FixedTable {
    /// A table without cells.
    pub(super) const fn empty() -> Self {
        Self {
            cells: Vec::new(),
            row: 1,
            few: false,
            hardly_any: false,
            sparse: OnceLock::new(),
            turned: OnceLock::new(),
            upright: OnceLock::new(),
        }
    }

    /// A table with rows of the given length.
    #[must_use]
    pub fn new(cells: Vec<f64>, row: usize) -> Self {
        // A number by its place costs about as much as four in a row.
        let filled = cells.iter().filter(|x| **x != 0.0).count();
        let few = row > 4 && filled < cells.len() / 4;
        let hardly_any = cells.len() >= WORTH_ENTRIES && filled < cells.len() / 8;
        Self { cells: pool::from_a_line(cells), row, few, hardly_any, ..Self::empty() }
    }

    /// Whether it is large and so many of its numbers are 0 that it is worth its
    /// while to go over the others alone, wherever what is made of them goes.
    #[must_use]
    #[inline]
    pub fn is_sparse(&self) -> bool {
        self.hardly_any
    }

    /// The rows without their zeros.
    #[must_use]
    #[inline]
    pub fn rows(&self) -> Rows<'_> {
        self.sparse().rows()
    }

    #[inline]
    fn sparse(&self) -> &Sparse {
        self.sparse.get_or_init(|| Sparse::new(&self.cells, self.row))
    }

    /// The rows along one of its axes, which are so long, without their zeros: they are
    /// numbered along the others in their order.
    #[must_use]
    pub fn rows_along(&self, axis: usize, lengths: &[usize]) -> Rows<'_> {
        debug_assert_eq!(lengths.iter().product::<usize>(), self.cells.len());
        if axis + 1 == lengths.len() {
            return self.rows();
        }
        let turn = || Sparse::across(&self.cells, lengths[axis], lengths[axis + 1..].iter().product());
        let mut turned = &self.turned;
        loop {
            let (along, sparse, next) = &**turned.get_or_init(|| Box::new((axis, turn(), Next::default())));
            if *along == axis {
                return sparse.rows();
            }
            turned = &next.0;
        }
    }

    /// The product of row `at` with a row of the same length, summed; by what
    /// is not 0 where that is little.
    #[must_use]
    #[inline]
    pub fn dot(&self, at: usize, other: &[f64]) -> f64 {
        if self.few {
            self.rows().dot(at, other)
        } else {
            dot(&self.cells[at * self.row..][..self.row], other)
        }
    }

    /// The products of the rows from `first` on with a row of the same length, summed: a
    /// number for each.
    #[inline]
    pub fn dots(&self, first: usize, other: &[f64], sums: &mut [f64]) {
        let upright = self.cells.len() <= MOST_UPRIGHT && sums.len().min(self.row) >= WORTH_COLUMNS;
        if self.few || !upright {
            sums.iter_mut().enumerate().for_each(|(at, sum)| *sum = self.dot(first + at, other));
        } else {
            let upright = self.upright.get_or_init(|| Upright::new(&self.cells, self.row));
            upright.dots(first, &other[..self.row], sums);
        }
    }

    /// The same, going by what is not 0: only that counts.
    pub fn few_dots(&self, first: usize, other: &[f64], sums: &mut [f64]) {
        let (sparse, other) = (self.sparse(), &other[..self.row]);
        if let Some(places) = &sparse.places {
            let places = &places[first..][..sums.len()];
            for (sum, place) in sums.iter_mut().zip(places) {
                *sum = 0.0 + other.get(*place as usize).copied().unwrap_or(0.0);
            }
            return;
        }
        let rows = sparse.rows();
        // Nothing has no sign.
        sums.iter_mut().enumerate().for_each(|(at, sum)| *sum = 0.0 + rows.dot(first + at, other));
    }
}

impl Rows<'_> {
    #[inline]
    fn dot(self, at: usize, other: &[f64]) -> f64 {
        self.row(at).iter().map(|(at, number)| number * other[*at as usize]).sum()
    }
}

impl Deref for FixedTable {
    type Target = [f64];

    #[inline(always)]
    fn deref(&self) -> &[f64] {
        &self.cells
    }
}

impl Sparse {
    fn of(starts: Vec<u32>, entries: Vec<(u32, f64)>) -> Self {
        let places = Self::single(&starts, &entries);
        let is_map = places.as_ref().is_some_and(|places| !places.contains(&NOWHERE));
        let mean = entries.len() as f64 / starts.len().saturating_sub(1).max(1) as f64;
        Self { starts, entries, places, is_map, mean }
    }

    fn new(cells: &[f64], row: usize) -> Self {
        let (mut starts, mut entries) = (vec![0], Vec::new());
        for row in cells.chunks_exact(row.max(1)) {
            let filled = row.iter().enumerate().filter(|(_, x)| **x != 0.0);
            entries.extend(filled.map(|(at, x)| (at as u32, *x)));
            starts.push(entries.len() as u32);
        }
        Self::of(starts, entries)
    }

    /// Where the one entry of each row is, if none has more and all of them are 1.
    fn single(starts: &[u32], entries: &[(u32, f64)]) -> Option<Box<[u32]>> {
        let rows = starts.windows(2).map(|ends| &entries[ends[0] as usize..ends[1] as usize]);
        let place = |row: &[(u32, f64)]| match row {
            [] => Some(NOWHERE),
            [(place, 1.0)] => Some(*place),
            _ => None,
        };
        rows.map(place).collect()
    }

    /// Of blocks of so many lines the rows across these, each as long as there are lines.
    fn across(cells: &[f64], lines: usize, width: usize) -> Self {
        let (width, block) = (width.max(1), (lines * width).max(1));
        let mut starts = vec![0; cells.len() / lines.max(1) + 1];
        // In the order of the cells, which are many.
        let blocks = || cells.chunks_exact(block).enumerate();
        for (at, block) in blocks() {
            for line in block.chunks_exact(width) {
                let counts = starts[1 + at * width..].iter_mut().zip(line);
                counts.for_each(|(count, number)| *count += u32::from(*number != 0.0));
            }
        }
        for row in 1..starts.len() {
            starts[row] += starts[row - 1];
        }
        let mut next = starts.clone();
        let mut entries = vec![(0, 0.0); starts.last().map_or(0, |end| *end as usize)];
        for (at, block) in blocks() {
            for (place, line) in block.chunks_exact(width).enumerate() {
                for (next, number) in next[at * width..].iter_mut().zip(line) {
                    if *number != 0.0 {
                        entries[*next as usize] = (place as u32, *number);
                        *next += 1;
                    }
                }
            }
        }
        Self::of(starts, entries)
    }

    #[inline(always)]
    fn rows(&self) -> Rows<'_> {
        let map = self.places.as_deref().filter(|_| self.is_map);
        Rows { starts: &self.starts, entries: &self.entries, map, mean: self.mean }
    }
}

/// The rows of a table without their zeros.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'t> {
    starts: &'t [u32],
    entries: &'t [(u32, f64)],
    map: Option<&'t [u32]>,
    mean: f64,
}

impl<'t> Rows<'t> {
    /// How many numbers of a row are not 0, on average.
    #[must_use]
    #[inline]
    pub fn mean(self) -> f64 {
        self.mean
    }

    /// How many numbers are not 0.
    #[must_use]
    pub fn count(self) -> usize {
        self.entries.len()
    }

    /// The places and numbers of row `at` that are not 0.
    #[must_use]
    #[inline(always)]
    pub fn row(self, at: usize) -> &'t [(u32, f64)] {
        &self.entries[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// What is certain: the place of the one number of each row that is not 0, if every
    /// row has one, and that is 1.
    #[must_use]
    #[inline(always)]
    pub fn map(self) -> Option<&'t [u32]> {
        self.map
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_zeros() {
        let table = FixedTable::new(vec![0.0, 0.5, 0.5, 0.0, 0.0, 0.0], 3);
        assert_eq!(table.rows().row(0), [(1, 0.5), (2, 0.5)]);
        assert_eq!(table.rows().row(1), []);
        assert_eq!(table.rows().map(), None);
    }

    #[test]
    fn rows_of_a_single_one_are_a_map() {
        let map = |cells: &[f64]| FixedTable::new(cells.to_vec(), 3).rows().map().map(<[u32]>::to_vec);
        assert_eq!(map(&[0.0, 1.0, 0.0, 1.0, 0.0, 0.0]), Some(vec![1, 0]));
        // None, two, and one that is not certain.
        assert_eq!(map(&[0.0, 1.0, 0.0, 0.0, 0.0, 0.0]), None);
        assert_eq!(map(&[0.0, 1.0, 1.0, 1.0, 0.0, 0.0]), None);
        assert_eq!(map(&[0.0, 1.0, 1.0, 0.0, 0.0, 0.0]), None);
        assert_eq!(map(&[0.0, 0.5, 0.0, 1.0, 0.0, 0.0]), None);
        // Along the first axis: each column has a single one.
        let table = FixedTable::new(vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0], 3);
        assert_eq!(table.rows_along(0, &[2, 3]).map(), Some(&[1, 0, 1][..]));
    }

    /// Over 2, 3 and 4 places, against the cells themselves.
    #[test]
    fn rows_along_any_axis() {
        let full = [0, 1, 0, 2, 3, 0, 0, 0, 0, 4, 5, 0, 0, 6, 0, 7, 0, 0, 8, 9, 10, 0, 0, 0].map(f64::from);
        let table = FixedTable::new(full.to_vec(), 4);
        let row = |numbers: Vec<f64>| {
            let entries = numbers.into_iter().enumerate().filter(|(_, number)| *number != 0.0);
            entries.map(|(at, number)| (at as u32, number)).collect::<Vec<_>>()
        };
        let cell = |a: usize, b: usize, c: usize| full[(a * 3 + b) * 4 + c];
        // Each way twice: the second time it is there.
        for _ in 0..2 {
            let [first, second, third] = [0, 1, 2].map(|axis| table.rows_along(axis, &[2, 3, 4]));
            assert_eq!([first, second, third].map(Rows::count), [10; 3]);
            for (a, b, c) in (0..24).map(|at| (at / 12, at / 4 % 3, at % 4)) {
                assert_eq!(first.row(b * 4 + c), row((0..2).map(|a| cell(a, b, c)).collect()));
                assert_eq!(second.row(a * 4 + c), row((0..3).map(|b| cell(a, b, c)).collect()));
                assert_eq!(third.row(a * 3 + b), row((0..4).map(|c| cell(a, b, c)).collect()));
            }
        }
    }

    #[test]
    fn products_of_rows() {
        let mut cells = vec![0.0; 20];
        cells[3] = 0.5;
        cells[12] = 2.0;
        cells[19] = 3.0;
        let other: Vec<f64> = (0..10).map(f64::from).collect();
        let (few, many) = (FixedTable::new(cells, 10), FixedTable::new(vec![1.0; 20], 10));
        assert!(few.few && !many.few);
        assert_eq!((few.dot(0, &other), few.dot(1, &other), many.dot(1, &other)), (1.5, 31.0, 45.0));
        let together = |table: &FixedTable| {
            let mut sums = [7.0; 2];
            table.dots(0, &other, &mut sums);
            sums
        };
        assert_eq!((together(&few), together(&many)), ([1.5, 31.0], [45.0, 45.0]));
        // Row r, column c has 100 r + c: from 3 on, the sum of (100 r + c) c.
        let table = FixedTable::new((0..300).map(|at| f64::from(at / 10 * 100 + at % 10)).collect(), 10);
        let mut sums = [7.0; 20];
        table.dots(3, &other, &mut sums);
        let expected: [f64; 20] = std::array::from_fn(|r| 4500.0 * (r + 3) as f64 + 285.0);
        assert_eq!(sums, expected);
    }

    #[test]
    fn what_is_not_zero_is_summed() {
        let other: Vec<f64> = (0..6).map(|at| f64::from(at) - 2.5).collect();
        // Row r has a 1 at place 5 - r, the last has nothing.
        let mut one = vec![0.0; 24];
        [5, 10, 15].iter().for_each(|at| one[*at] = 1.0);
        let (mut half, mut two) = (one.clone(), one.clone());
        (half[10], two[6]) = (0.5, 2.0);
        let sums = |cells: Vec<f64>, first: usize| {
            let (table, mut sums) = (FixedTable::new(cells, 6), [7.0; 3]);
            table.few_dots(first, &other, &mut sums);
            sums
        };
        assert_eq!((sums(one.clone(), 0), sums(one, 1)), ([2.5, 1.5, 0.5], [1.5, 0.5, 0.0]));
        assert_eq!((sums(half, 0), sums(two, 0)), ([2.5, 0.75, 0.5], [2.5, 1.5 - 5.0, 0.5]));
        // A number that is none is read where it counts alone.
        let (mut table, mut sums) = (vec![0.0; 6], [7.0; 3]);
        (table[1], table[2]) = (1.0, 0.0);
        FixedTable::new([&table[..], &[0.0; 6], &table[..]].concat(), 6).few_dots(
            0,
            &[f64::INFINITY, 3.0, f64::NAN, 0.0, 0.0, 0.0],
            &mut sums,
        );
        assert_eq!(sums, [3.0, 0.0, 3.0]);
    }

    #[test]
    fn large_tables_of_hardly_anything_are_sparse() {
        let table = |cells: usize, step: usize| {
            let mut numbers = vec![0.0; cells];
            numbers.iter_mut().step_by(step).for_each(|number| *number = 1.0);
            FixedTable::new(numbers, 8).is_sparse()
        };
        assert_eq!([table(8192, 81), table(8192, 8), table(80, 40)], [true, false, false]);
    }
}
