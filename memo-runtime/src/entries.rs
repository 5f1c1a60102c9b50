//! Tables of which few numbers are not 0, by these: what one model hands to another
//! that asks for no more.

use crate::impossible::Returned;
use crate::pool;

/// The numbers of a table that may be other than 0, each with its place in the table,
/// row-major; no place comes twice.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    /// How many cells the whole table has.
    cells: usize,
    list: Vec<(u32, f64)>,
}

impl Entries {
    /// None yet, of a table with so many cells; `None` where these cannot be numbered.
    #[must_use]
    pub fn new(cells: usize) -> Option<Self> {
        u32::try_from(cells).ok().map(|_| Self { cells, list: Vec::new() })
    }

    /// Adds the number at a place.
    #[inline]
    pub fn push(&mut self, place: usize, number: f64) {
        self.list.push((place as u32, number));
    }

    /// The whole table.
    pub(crate) fn table(&self) -> Returned {
        let mut cells = pool::zeros(self.cells);
        self.list.iter().for_each(|(place, number)| cells[*place as usize] = *number);
        Returned::new(cells, None)
    }

    /// The same numbers by rows: of a table with axes of these lengths, its rows along
    /// the last axis of `order`, which are numbered along the others in that order.
    #[must_use]
    pub fn rows(&self, lengths: &[usize], order: &[usize]) -> Sorted {
        debug_assert_eq!(lengths.iter().product::<usize>(), self.cells);
        let (own, leading) = order.split_last().map_or((0, order), |(own, leading)| (*own, leading));
        // How far a step along each axis goes from row to row.
        let mut steps = vec![0; lengths.len()];
        let rows = leading.iter().rev().fold(1, |step, axis| {
            steps[*axis] = step as u32;
            step * lengths[*axis]
        });
        let lengths: Vec<u32> = lengths.iter().map(|length| *length as u32).collect();
        let found = self.list.iter().map(|(place, number)| {
            let (mut rest, mut row, mut column) = (*place, 0, 0);
            for axis in (0..lengths.len()).rev() {
                let at = rest % lengths[axis];
                rest /= lengths[axis];
                row += at * steps[axis];
                column = if axis == own { at } else { column };
            }
            (row, column, *number)
        });
        let found: Vec<(u32, u32, f64)> = found.collect();
        let mut starts = vec![0; rows + 1];
        found.iter().for_each(|(row, ..)| starts[*row as usize + 1] += 1);
        (0..rows).for_each(|row| starts[row + 1] += starts[row]);
        // Where the next entry of each row goes.
        let mut next = starts.clone();
        let mut entries = vec![(0, 0.0); found.len()];
        for (row, column, number) in found {
            let next = &mut next[row as usize];
            entries[*next as usize] = (column, number);
            *next += 1;
        }
        Sorted { starts, entries }
    }
}

/// The numbers of a table by rows, each with its place in the row.
#[derive(Debug)]
pub struct Sorted {
    starts: Vec<u32>,
    entries: Vec<(u32, f64)>,
}

impl Sorted {
    /// Those of row `at`.
    #[must_use]
    #[inline]
    pub fn row(&self, at: usize) -> &[(u32, f64)] {
        &self.entries[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_by_rows_of_any_order() {
        // Over x (2), y (3) and z (2).
        let mut entries = Entries::new(12).expect("a dozen can be numbered");
        for (place, number) in [(7, 1.0), (0, 2.0), (11, 3.0), (1, 4.0), (6, f64::NAN)] {
            entries.push(place, number);
        }
        let table = entries.table();
        for order in [[0, 1, 2], [0, 2, 1], [2, 1, 0], [1, 2, 0], [1, 0, 2], [2, 0, 1]] {
            let (sorted, lengths) = (entries.rows(&[2, 3, 2], &order), [2, 3, 2]);
            let mut found = [0.0; 12];
            for row in 0..12 / lengths[order[2]] {
                let (a, b) = (row / lengths[order[1]], row % lengths[order[1]]);
                for (column, number) in sorted.row(row) {
                    let mut at = [0; 3];
                    (at[order[0]], at[order[1]], at[order[2]]) = (a, b, *column as usize);
                    found[(at[0] * 3 + at[1]) * 2 + at[2]] = *number;
                }
            }
            assert!(found.iter().zip(&table.cells).all(|(a, b)| a.to_bits() == b.to_bits()), "{order:?}");
        }
    }

    #[test]
    fn what_cannot_be_numbered_is_no_entry() {
        assert!(Entries::new(1 << 40).is_none());
        assert_eq!(Entries::new(3).map(|none| none.rows(&[3], &[0]).row(0).len()), Some(0));
    }
}
