//! Losses that are added up cell by cell.

use super::bars_of_logarithms;
use super::cotangent::Cotangent;
use super::result::{Gradient, Record, fits, pull_back};
use super::surprise::Surprise;
use super::way::Way;
use crate::machine::{Arithmetic, LANES, on_this_machine};
use crate::real::{Dual, Real, times};
use crate::table::Axes;
use crate::{Error, Table, parallel, pool};

/// What the cells of a table add to a loss.
pub(crate) trait OfCells: Sync {
    /// What the cell at a place adds, and its slope.
    fn one<A: Arithmetic>(&self, at: usize, cell: f64) -> (f64, f64);

    /// The same of the cells from a place on.
    #[inline(always)]
    fn group<A: Arithmetic>(&self, at: usize, cells: &[f64; LANES]) -> [(f64, f64); LANES] {
        let mut found = [(0.0, 0.0); LANES];
        for lane in 0..LANES {
            found[lane] = self.one::<A>(at + lane, cells[lane]);
        }
        found
    }
}

/// A function of a place and its number, which carries the derivative.
struct Each<F>(F);

impl<F: Fn(usize, Dual<1>) -> Dual<1> + Sync> OfCells for Each<F> {
    #[inline(always)]
    fn one<A: Arithmetic>(&self, at: usize, cell: f64) -> (f64, f64) {
        let loss = (self.0)(at, Dual::moving(cell, 1.0));
        (loss.value(), loss.rate())
    }
}

#[inline(always)]
fn add_cells_by<A: Arithmetic, C: OfCells>(
    cells: &[f64],
    slopes: &mut [f64],
    first: usize,
    of_cells: &C,
) -> (f64, f64) {
    let ((groups, last), (places, rest)) = (cells.as_chunks::<LANES>(), slopes.as_chunks_mut::<LANES>());
    let (mut lanes, mut products) = ([0.0; LANES], [0.0; LANES]);
    for (group, (cells, slopes)) in groups.iter().zip(places).enumerate() {
        let cells = *cells;
        let found = of_cells.group::<A>(first + group * LANES, &cells);
        for lane in 0..LANES {
            let (loss, slope) = found[lane];
            lanes[lane] += loss;
            products[lane] += times(slope, cells[lane]);
            slopes[lane] = slope;
        }
    }
    let (mut sum, mut product) =
        if groups.is_empty() { (0.0, 0.0) } else { (A::add_up(lanes), A::add_up(products)) };
    for (at, (cell, slope)) in last.iter().zip(rest).enumerate() {
        let loss;
        (loss, *slope) = of_cells.one::<A>(first + groups.len() * LANES + at, *cell);
        sum += loss;
        product += times(*slope, *cell);
    }
    (sum, product)
}

/// What the cells from the place `first` on add to a loss, and the sum of the products of cells
/// and slopes; these are left in `slopes`.
#[allow(unsafe_code, reason = "functions for the machine's own instructions: twice as fast")]
pub(crate) fn add_cells<C: OfCells>(
    cells: &[f64],
    slopes: &mut [f64],
    first: usize,
    of_cells: &C,
) -> (f64, f64) {
    on_this_machine!(add_cells_by<C: OfCells>(cells: &[f64], slopes: &mut [f64], first: usize, of_cells: &C) -> (f64, f64))
}

/// What a cell counts for, of which little is computed.
const WORK: f64 = 4.0;

/// The loss of a table, and what each cell counts in it.
fn loss_of(cells: &[f64], of_cells: &impl OfCells) -> (f64, Vec<f64>) {
    let (mut loss, mut slopes) = (0.0, pool::cells(cells.len()));
    let work = WORK * cells.len() as f64;
    let added = [std::slice::from_mut(&mut loss)];
    let done = parallel::in_shares(work, cells.len(), [(&mut slopes, 1)], added, |range, [slopes], [sum]| {
        sum[0] += add_cells(&cells[range.clone()], slopes, range.start, of_cells).0;
        Ok(())
    });
    debug_assert!(done.is_ok(), "nothing can go wrong");
    (loss, slopes)
}

/// The loss of a table of such rows, and what the logarithms of its cells count, with the sums
/// of that over the rows: while a row is at hand it is gone back through.
fn loss_of_rows(cells: &[f64], row: usize, of_cells: &impl OfCells) -> (f64, Vec<Vec<f64>>) {
    let (mut loss, mut bars, mut sums) = (0.0, pool::cells(cells.len()), vec![0.0; row]);
    let (work, rows) = (2.0 * WORK * cells.len() as f64, cells.len() / row.max(1));
    let added = [std::slice::from_mut(&mut loss), &mut sums];
    let done = parallel::in_shares(work, rows, [(&mut bars, row)], added, |range, [bars], [loss, sums]| {
        for (at, bars) in range.zip(bars.chunks_exact_mut(row)) {
            let cells = &cells[at * row..][..row];
            let (of_row, mean) = add_cells(cells, bars, at * row, of_cells);
            loss[0] += of_row;
            bars_of_logarithms(bars, cells, mean, sums);
        }
        Ok(())
    });
    debug_assert!(done.is_ok(), "nothing can go wrong");
    (loss, vec![bars, sums])
}

impl<A: Axes> Record<'_, Table<A>, 1> {
    /// A loss that is added up cell by cell, and its derivative with respect to the
    /// parameters: in one call what else is a loop over the table, a cotangent and
    /// [`vjp`](Self::vjp).
    ///
    /// `of_cell` says what a cell adds, given its place in [`Table::values`] and what it
    /// holds; it computes with [`Dual`] numbers, which carry the derivative, and may be called
    /// more than once for a cell, by several threads.
    ///
    /// ```text
    /// let (loss, gradient) = model::record(beta).loss_and_grad(|at, p| (p - said[at]).powi(2));
    /// ```
    ///
    /// # Panics
    /// Where `try_loss_and_grad` returns an error.
    #[track_caller]
    pub fn loss_and_grad(&mut self, of_cell: impl Fn(usize, Dual<1>) -> Dual<1> + Sync) -> (f64, Gradient) {
        self.try_loss_and_grad(of_cell).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same.
    ///
    /// # Errors
    /// Whatever goes wrong in functions of the user's on the way back.
    pub fn try_loss_and_grad(
        &mut self,
        of_cell: impl Fn(usize, Dual<1>) -> Dual<1> + Sync,
    ) -> Result<(f64, Gradient), Error> {
        self.of(&Each(of_cell))
    }

    /// How surprising it is that the cells were seen so many times, `-Σ count · ln p`, and its
    /// derivative with respect to the parameters: minus the log likelihood of counts, which a fit
    /// makes as small as can be. It is what [`loss_and_grad`](Self::loss_and_grad) finds of
    /// `-count * p.ln()`, several times as fast. A cell that was not seen adds nothing, whatever
    /// its chance; one that was seen and cannot be makes the loss infinite. The counts, one a
    /// cell as a cotangent has them, may be shares or other weights.
    ///
    /// ```text
    /// let (loss, gradient) = model::record(beta).surprise_and_grad(&counts);
    /// ```
    ///
    /// # Panics
    /// Where `try_surprise_and_grad` returns an error.
    #[track_caller]
    pub fn surprise_and_grad(&mut self, counts: &(impl Cotangent + ?Sized)) -> (f64, Gradient) {
        self.try_surprise_and_grad(counts).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same.
    ///
    /// # Errors
    /// [`Error::CotangentSize`], and whatever goes wrong in functions of the user's on the way
    /// back.
    pub fn try_surprise_and_grad(
        &mut self,
        counts: &(impl Cotangent + ?Sized),
    ) -> Result<(f64, Gradient), Error> {
        let counts = counts.cells();
        let (value, model, _) = self.parts_mut();
        fits(model, value.values().len(), &counts)?;
        self.of(&Surprise(&counts))
    }

    fn of(&mut self, of_cells: &impl OfCells) -> Result<(f64, Gradient), Error> {
        let (value, model, way) = self.parts_mut();
        let cells = value.values();
        match way {
            Way::Slopes(slopes) => {
                let (loss, cotangent) = loss_of(cells, of_cells);
                Ok((loss, slopes.gradient(&cotangent)))
            }
            Way::Back(trace) => {
                let row = value.shape().last().filter(|_| trace.takes_logarithms()).copied();
                let mut loss = 0.0;
                let gradient = pull_back(model, trace, |instead| {
                    let bars;
                    (loss, bars) = match row {
                        // Infinite ones are told from the cells' own.
                        Some(row) if instead.is_infinite() => loss_of_rows(cells, row, of_cells),
                        _ => {
                            let (loss, slopes) = loss_of(cells, of_cells);
                            (loss, vec![slopes])
                        }
                    };
                    bars
                })?;
                Ok((loss, gradient))
            }
        }
    }
}
