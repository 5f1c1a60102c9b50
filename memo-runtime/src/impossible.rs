//! Which cells of a table rest on impossible evidence.
//!
//! Where a mind observes what cannot be, or a choice has no option of any
//! weight, there is no belief to answer from and the answer is 0. These cells
//! are marked beside the numbers, so that the 0 can be told from a chance.

/// A table as a model returns it: its cells, row-major.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Returned {
    /// The numbers.
    pub cells: Vec<f64>,
    /// One mark a cell; none at all when everything is possible.
    pub impossible: Option<Vec<bool>>,
}

impl Returned {
    /// A table with its marks.
    #[must_use]
    pub fn new(cells: Vec<f64>, impossible: Option<Vec<bool>>) -> Self {
        Self { cells, impossible }
    }
}

impl Drop for Returned {
    /// The buffer is used again.
    #[inline]
    fn drop(&mut self) {
        if crate::pool::is_kept(&self.cells) {
            crate::pool::take_back(std::mem::take(&mut self.cells));
        }
    }
}

/// So many axes are a few, whose strides need no memory of their own.
const FEW: usize = 8;

/// Collects the marks of one table.
///
/// ```
/// use memo_runtime::__private::Impossible;
/// // A table over u (2) and r (3); the chances of r given u are all 0 for u = 1.
/// let mut impossible = Impossible::new(&[2, 3]);
/// impossible.rows(&[0.5, 0.5, 0.0, 0.0, 0.0, 0.0], 3, &[0]);
/// assert_eq!(impossible.marks(), Some(vec![false, false, false, true, true, true]));
/// ```
#[derive(Clone, Debug)]
pub struct Impossible<'t> {
    lengths: &'t [usize],
    marks: Option<Vec<bool>>,
}

impl<'t> Impossible<'t> {
    /// For a table with axes of these lengths.
    #[must_use]
    #[inline]
    pub fn new(lengths: &'t [usize]) -> Self {
        Self { lengths, marks: None }
    }

    /// Marks the cells that read a row of zeros of another table.
    ///
    /// The other table's leading axes are the axes of this one at `places`;
    /// what follows them are rows of `row` cells. An empty table was not
    /// needed and marks nothing.
    #[inline]
    pub fn rows(&mut self, table: &[f64], row: usize, places: &[usize]) {
        // Masses have no sign. Most rows have some in their first cells.
        let empty = |row: &[f64]| row.iter().all(|mass| *mass == 0.0);
        if table.chunks_exact(row).any(empty) {
            self.mark_rows(table, row, places);
        }
    }

    #[cold]
    fn mark_rows(&mut self, table: &[f64], row: usize, places: &[usize]) {
        let empty = |row: &[f64]| row.iter().all(|mass| *mass == 0.0);
        if places.iter().enumerate().all(|(at, place)| at == *place) {
            // The rows of that table follow each other as the blocks of this one do.
            let block: usize = self.lengths[places.len()..].iter().product();
            let marks = self.all_marks();
            return match row {
                2 => mark_blocks::<2>(marks, table, row, block),
                3 => mark_blocks::<3>(marks, table, row, block),
                _ => mark_blocks::<0>(marks, table, row, block),
            };
        }
        let marks: Vec<bool> = table.chunks_exact(row).map(empty).collect();
        self.mark(&marks, places);
    }

    /// One mark a cell.
    fn all_marks(&mut self) -> &mut Vec<bool> {
        let cells = self.lengths.iter().product();
        self.marks.get_or_insert_with(|| {
            // Memory that was given back just now, which who asks for zeros does not get.
            let mut marks = Vec::with_capacity(cells);
            marks.resize(cells, false);
            marks
        })
    }

    /// Takes over the marks of another model's table, read with the axes at
    /// `places`.
    pub fn inherit(&mut self, marks: Option<&[bool]>, places: &[usize]) {
        if let Some(marks) = marks {
            self.mark(marks, places);
        }
    }

    fn mark(&mut self, found: &[bool], places: &[usize]) {
        let lengths = self.lengths;
        let rank = lengths.len();
        // How far a step along each axis of this table goes in the other.
        let (mut few, mut many) = ([0; 3 * FEW], Vec::new());
        let room = if rank <= FEW {
            &mut few[..3 * rank]
        } else {
            many.resize(3 * rank, 0);
            &mut many[..]
        };
        let (strides, room) = room.split_at_mut(rank);
        let (spans, at) = room.split_at_mut(rank);
        let mut stride = 1;
        for place in places.iter().rev() {
            strides[*place] += stride;
            stride *= lengths[*place];
        }
        // Axes that follow each other in both tables are gone through as one.
        let mut axes = 0;
        for (axis, length) in lengths.iter().enumerate() {
            let stride = strides[axis];
            if axes > 0 && strides[axes - 1] == stride * length {
                spans[axes - 1] *= length;
            } else {
                spans[axes] = *length;
                axes += 1;
            }
            strides[axes - 1] = stride;
        }
        let marks = self.all_marks();
        let (Some((length, outer)), Some((step, strides))) =
            (spans[..axes].split_last(), strides[..axes].split_last())
        else {
            marks.iter_mut().for_each(|mark| *mark |= found[0]);
            return;
        };
        // Row by row, counted up like the digits of a clock.
        let at = &mut at[..outer.len()];
        let mut there = 0;
        for row in marks.chunks_exact_mut(*length) {
            match *step {
                0 if found[there] => row.fill(true),
                0 => {}
                1 => row.iter_mut().zip(&found[there..]).for_each(|(mark, found)| *mark |= found),
                step => row.iter_mut().enumerate().for_each(|(at, mark)| *mark |= found[there + at * step]),
            }
            for ((at, length), stride) in at.iter_mut().zip(outer).zip(strides).rev() {
                *at += 1;
                there += stride;
                if *at < *length {
                    break;
                }
                there -= stride * *length;
                *at = 0;
            }
        }
    }

    /// The marks, if any cell has one.
    #[must_use]
    #[inline]
    pub fn marks(self) -> Option<Vec<bool>> {
        self.marks.filter(|marks| marks.contains(&true))
    }
}

/// Marks the blocks of those rows that are empty, `N` cells each, or `row` where `N` is 0:
/// of a few it is soon said whether they are.
fn mark_blocks<const N: usize>(marks: &mut [bool], table: &[f64], row: usize, block: usize) {
    let row = if N == 0 { row } else { N };
    let mut start = 0;
    for cells in table.chunks_exact(row) {
        if cells[0] == 0.0 && cells.iter().all(|mass| *mass == 0.0) {
            marks[start..start + block].fill(true);
        }
        start += block;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Few axes or many, the marks are those of the row that is read.
    #[test]
    fn marks_go_where_the_row_is_read() {
        for axes in [2, FEW, FEW + 1] {
            let mut lengths = vec![1; axes];
            (lengths[0], lengths[axes - 1]) = (2, 3);
            // Over the last axis and the first, with rows of 2.
            let table = [0.5, 0.5, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.5, 0.5];
            let mut impossible = Impossible::new(&lengths);
            impossible.rows(&table, 2, &[axes - 1, 0]);
            assert_eq!(impossible.marks(), Some(vec![false, false, false, true, true, false]), "{axes}");
        }
    }

    /// Rows that follow each other as the cells do are marked as all others are.
    #[test]
    fn rows_in_order_mark_blocks() {
        let lengths = [2, 3, 2];
        let table: Vec<f64> =
            (0..12).map(|at| f64::from(u8::from(![0, 1, 8, 9, 10].contains(&at)))).collect();
        for places in [&[][..], &[0], &[0, 1], &[0, 1, 2]] {
            let rows: usize = places.iter().map(|place| lengths[*place]).product();
            for empty in [false, true] {
                let table = if empty { vec![0.0; 12] } else { table.clone() };
                let marks: Vec<bool> =
                    table.chunks_exact(12 / rows).map(|row| row.iter().all(|mass| *mass == 0.0)).collect();
                let [mut by_rows, mut by_marks] = [Impossible::new(&lengths), Impossible::new(&lengths)];
                by_rows.rows(&table, 12 / rows, places);
                by_marks.inherit(Some(&marks), places);
                assert_eq!(by_rows.marks(), by_marks.marks(), "{places:?}");
            }
        }
    }
}
