//! Tables of which few numbers are not 0, by these: what one model hands to another
//! that asks for no more.

use crate::impossible::Returned;
use crate::pool;

/// The numbers of a table that may be other than 0, by rows along one of its axes.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    /// How long the axes of the whole table are.
    lengths: Vec<usize>,
    /// The places of these axes: of those that number the rows, the last the fastest, and
    /// of that along which the rows lie.
    order: Vec<usize>,
    /// Where each row begins, and where the next will.
    starts: Vec<u32>,
    /// The place of each number in its row.
    places: Vec<u32>,
    numbers: Vec<f64>,
}

impl Entries {
    /// No rows yet, of a table with axes of these lengths, with room for so many numbers;
    /// `None` where these cannot be counted.
    #[must_use]
    pub fn new(lengths: &[usize], order: &[usize], most: usize) -> Option<Self> {
        u32::try_from(most).ok()?;
        let (_, leading) = order.split_last()?;
        let rows: usize = leading.iter().map(|axis| lengths[*axis]).product();
        let mut starts = pool::places(rows + 1);
        starts.clear();
        starts.push(0);
        let (mut places, mut numbers) = (pool::places(most), pool::cells(most));
        places.clear();
        numbers.clear();
        Some(Self { lengths: lengths.to_vec(), order: order.to_vec(), starts, places, numbers })
    }

    /// The next row, with a number for each of the entries of another; to be filled.
    #[inline]
    pub fn add_row(&mut self, like: &[(u32, f64)]) -> &mut [f64] {
        let start = self.numbers.len();
        self.places.extend(like.iter().map(|(place, _)| *place));
        self.numbers.resize(start + like.len(), 0.0);
        self.starts.push(self.numbers.len() as u32);
        &mut self.numbers[start..]
    }

    /// The whole table.
    pub(crate) fn table(&self) -> Returned {
        let mut cells = pool::zeros(self.lengths.iter().product());
        let Some((own, leading)) = self.order.split_last() else { return Returned::new(cells, None) };
        let steps = self.steps();
        for row in 0..self.starts.len() - 1 {
            let (mut rest, mut first) = (row, 0);
            for axis in leading.iter().rev() {
                first += rest % self.lengths[*axis] * steps[*axis];
                rest /= self.lengths[*axis];
            }
            let entries = self.starts[row] as usize..self.starts[row + 1] as usize;
            for (place, number) in self.places[entries.clone()].iter().zip(&self.numbers[entries]) {
                cells[first + *place as usize * steps[*own]] = *number;
            }
        }
        Returned::new(cells, None)
    }

    /// How far a step along each axis goes in the whole table.
    fn steps(&self) -> Vec<usize> {
        let after = |axis: usize| self.lengths[axis + 1..].iter().product();
        (0..self.lengths.len()).map(after).collect()
    }

    /// The rows, numbered by the axes at these places.
    #[must_use]
    pub fn rows<const N: usize>(&self, by: [usize; N]) -> RowsOf<'_, N> {
        let leading = &self.order[..self.order.len().saturating_sub(1)];
        debug_assert!(by.len() == leading.len() && by.iter().all(|axis| leading.contains(axis)));
        let after = |axis: usize| {
            let following = leading.iter().skip_while(move |other| **other != axis).skip(1);
            following.map(|axis| self.lengths[*axis]).product()
        };
        RowsOf { entries: self, steps: by.map(after) }
    }
}

impl Entries {
    /// Not where tables are dropped: hardly any are entries.
    #[cold]
    fn give_back(&mut self) {
        pool::take_back(std::mem::take(&mut self.numbers));
        pool::take_back_places(std::mem::take(&mut self.starts));
        pool::take_back_places(std::mem::take(&mut self.places));
    }
}

impl Drop for Entries {
    /// The buffers are used again.
    fn drop(&mut self) {
        self.give_back();
    }
}

/// The rows of a table by their entries.
#[derive(Clone, Copy, Debug)]
pub struct RowsOf<'t, const N: usize> {
    entries: &'t Entries,
    /// How many rows a step along each axis goes.
    steps: [usize; N],
}

impl<'t, const N: usize> RowsOf<'t, N> {
    /// The row at these places, and where its numbers stand in it.
    #[must_use]
    #[inline]
    pub fn row(&self, at: [usize; N]) -> (&'t [f64], &'t [u32]) {
        let row: usize = at.iter().zip(&self.steps).map(|(at, step)| at * step).sum();
        let Entries { starts, places, numbers, .. } = self.entries;
        let (start, end) = (starts[row] as usize, starts[row + 1] as usize);
        (&numbers[start..end], &places[start..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Over x (2), y (3) and z (2), in any order.
    #[test]
    fn rows_by_any_order() {
        let (lengths, full) = ([2, 3, 2], [0.0, 2.0, 0.0, 4.0, 0.0, 0.0, 5.0, 1.0, f64::NAN, 0.0, 0.0, 3.0]);
        let cell = |at: [usize; 3]| full[(at[0] * 3 + at[1]) * 2 + at[2]];
        for order in [[0, 1, 2], [0, 2, 1], [2, 1, 0], [1, 2, 0], [1, 0, 2], [2, 0, 1]] {
            let mut entries = Entries::new(&lengths, &order, 12).expect("a dozen can be counted");
            let [a, b, own] = order;
            let at = |i: usize, j: usize, k: usize| {
                let mut at = [0; 3];
                (at[a], at[b], at[own]) = (i, j, k);
                cell(at)
            };
            for i in 0..lengths[a] {
                for j in 0..lengths[b] {
                    let row = (0..lengths[own]).map(|k| (k as u32, at(i, j, k)));
                    let row: Vec<(u32, f64)> = row.filter(|(_, number)| *number != 0.0).collect();
                    let filled = entries.add_row(&row);
                    filled.iter_mut().zip(row).for_each(|(number, (_, new))| *number = new);
                }
            }
            let table = entries.table();
            assert!(table.cells.iter().zip(full).all(|(a, b)| a.to_bits() == b.to_bits()), "{order:?}");
            let (rows, turned) = (entries.rows([a, b]), entries.rows([b, a]));
            for i in 0..lengths[a] {
                for j in 0..lengths[b] {
                    let (numbers, places) = rows.row([i, j]);
                    let same =
                        |(number, k): (&f64, &u32)| number.to_bits() == at(i, j, *k as usize).to_bits();
                    assert!(numbers.iter().zip(places).all(same), "{order:?}");
                    let count = (0..lengths[own]).filter(|k| at(i, j, *k) != 0.0).count();
                    assert_eq!((numbers.len(), places), (count, turned.row([j, i]).1), "{order:?}");
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_counted_is_no_entry() {
        assert!(Entries::new(&[1 << 20, 1 << 20], &[0, 1], 1 << 33).is_none());
        let mut none = Entries::new(&[3], &[0], 0).expect("nothing can be counted");
        assert!(none.add_row(&[]).is_empty() && none.rows([]).row([]).0.is_empty());
        assert_eq!(none.table().cells, [0.0; 3]);
    }

    #[test]
    fn the_room_is_used_again() {
        let place = || {
            let mut entries = Entries::new(&[100, 100], &[1, 0], 5000).expect("5000 can be counted");
            let row: Vec<(u32, f64)> = (0..100).map(|at| (at, 0.0)).collect();
            (0..50).for_each(|_| _ = entries.add_row(&row));
            (entries.numbers.as_ptr(), entries.places.as_ptr())
        };
        assert_eq!(place(), place());
    }
}
