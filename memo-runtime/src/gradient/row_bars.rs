//! The way back along rows: what generated code does with the bars of a whole row at a
//! time, at the speed of the machine.
//!
//! A bar that is 0 has no share, whatever the derivative, see [`times`].

use super::slopes::products_that_count;
use crate::machine::{Arithmetic, LANES, Plain, load, on_this_machine};
use crate::parallel;
use crate::real::times;

/// At least this is one of the chances of a row that has some weight. The sum of its weights
/// can be told from such a chance and its weight.
pub const LEAST_CHANCE: f64 = 1e-200;

/// A weight of a row, by its chance and the reciprocal of the sum of all; 0 where the chance is
/// too small to tell it.
#[must_use]
#[inline(always)]
pub fn weight_of(chance: f64, inverse: f64) -> f64 {
    if chance >= LEAST_CHANCE { chance / inverse } else { 0.0 }
}

macro_rules! of_rows {
    ($($(#[$doc:meta])* $name:ident($row:ident: $row_type:ty $(, $argument:ident: $type:ty)*), $on_machine:ident, $kernel:ident;)*) => {$(
        $(#[$doc])*
        #[inline]
        pub fn $name($row: $row_type $(, $argument: $type)*) {
            if $row.len() < LANES {
                // A few are part of the model's own code.
                $kernel::<Plain>($row $(, $argument)*);
            } else {
                $on_machine($row $(, $argument)*);
            }
        }

        #[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
        fn $on_machine($row: $row_type $(, $argument: $type)*) {
            on_this_machine!($kernel($row: $row_type $(, $argument: $type)*) -> ())
        }
    )*};
}

of_rows! {
    /// From the bars of chances `pᵢ = exp(eᵢ) / Σ exp(e)` to those of the exponents,
    /// `pᵢ (barᵢ − mean)`; each cell is one of a choice of its own, with the mean `Σ p bar`.
    /// Bars of the logarithms of chances are times these already; then there may be multiples
    /// of the chances, so many times as much, in their place.
    ///
    /// ```
    /// # use memo_runtime::__private::softmax_bars;
    /// let (chances, means) = ([0.5, 0.25], [0.0, 4.0]);
    /// let mut bars = [1.0, 2.0];
    /// softmax_bars(&mut bars, &chances, &means, None);
    /// assert_eq!(bars, [0.5, -0.5]);
    /// let mut bars = [0.5, 0.5];
    /// softmax_bars(&mut bars, &[0.25, 0.125], &means, Some(2.0));
    /// assert_eq!(bars, [0.5, -0.5]);
    /// ```
    softmax_bars(bars: &mut [f64], chances: &[f64], means: &[f64], of_logarithms: Option<f64>), softmax_bars_on_machine, softmax_bars_by;
    /// From the bars of chances `qᵢ ∝ pᵢ fᵢ`, all of a choice, with their mean `Σ q bar`, to
    /// those of the logarithms of the pᵢ, `qᵢ (barᵢ − mean)`, which are added to sums as well.
    ///
    /// ```
    /// # use memo_runtime::__private::bars_of_logarithms;
    /// let (mut bars, mut sums) = ([1.0, 3.0], [0.0, 1.0]);
    /// bars_of_logarithms(&mut bars, &[0.5, 0.5], 2.0, &mut sums);
    /// assert_eq!((bars, sums), ([-0.5, 0.5], [-0.5, 1.5]));
    /// ```
    bars_of_logarithms(bars: &mut [f64], chances: &[f64], mean: f64, sums: &mut [f64]), bars_of_logarithms_on_machine, bars_of_logarithms_by;
    /// From the bars of chances `pᵢ = wᵢ / Σ w` to those of the weights,
    /// `(barᵢ − mean) / Σ w` with the mean `Σ p bar`.
    ///
    /// ```
    /// # use memo_runtime::__private::normalize_bars;
    /// let mut bars = [1.0, 3.0];
    /// normalize_bars(&mut bars, 2.0, 0.5);
    /// assert_eq!(bars, [-0.5, 0.5]);
    /// ```
    normalize_bars(bars: &mut [f64], mean: f64, inverse: f64), normalize_bars_on_machine, normalize_bars_by;
    /// Both of [`normalize_bars`] and [`take_shares`].
    ///
    /// ```
    /// # use memo_runtime::__private::normalize_shares;
    /// let mut bars = [1.0, 3.0];
    /// normalize_shares(&mut bars, 2.0, 0.5, &[4.0, 6.0]);
    /// assert_eq!(bars, [-2.0, 3.0]);
    /// ```
    normalize_shares(bars: &mut [f64], mean: f64, inverse: f64, slopes: &[f64]), normalize_shares_on_machine, normalize_shares_by;
    /// Adds to each number a bar times a derivative.
    ///
    /// ```
    /// # use memo_runtime::__private::add_shares;
    /// let mut sums = [1.0, 2.0];
    /// add_shares(&mut sums, &[0.0, 3.0], &[f64::INFINITY, 2.0]);
    /// assert_eq!(sums, [1.0, 8.0]);
    /// ```
    add_shares(sums: &mut [f64], bars: &[f64], slopes: &[f64]), add_shares_on_machine, add_shares_by;
    /// Multiplies bars with derivatives, cell by cell.
    ///
    /// ```
    /// # use memo_runtime::__private::take_shares;
    /// let mut bars = [0.0, 3.0];
    /// take_shares(&mut bars, &[f64::INFINITY, 2.0]);
    /// assert_eq!(bars, [0.0, 6.0]);
    /// ```
    take_shares(bars: &mut [f64], slopes: &[f64]), take_shares_on_machine, take_shares_by;
    /// Multiplies bars with a derivative.
    ///
    /// ```
    /// # use memo_runtime::__private::take_share;
    /// let mut bars = [0.0, 3.0];
    /// take_share(&mut bars, 2.0);
    /// assert_eq!(bars, [0.0, 6.0]);
    /// ```
    take_share(bars: &mut [f64], slope: f64), take_share_on_machine, take_share_by;
}

/// The sum of all bars, each times its derivative.
///
/// ```
/// # use memo_runtime::__private::total_of_shares;
/// assert_eq!(total_of_shares(&[0.0, 3.0, 1.0], &[f64::NAN, 2.0, 0.5]), 6.5);
/// ```
#[inline]
#[must_use]
pub fn total_of_shares(bars: &[f64], slopes: &[f64]) -> f64 {
    if bars.len() < LANES {
        // A few are part of the model's own code.
        total_of_shares_by::<Plain>(bars, slopes)
    } else {
        total_of_shares_on_machine(bars, slopes)
    }
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
fn total_of_shares_on_machine(bars: &[f64], slopes: &[f64]) -> f64 {
    on_this_machine!(total_of_shares_by(bars: &[f64], slopes: &[f64]) -> f64)
}

/// All of [`softmax_bars`], [`total_of_shares`] and [`take_share`], in one sweep.
///
/// ```
/// # use memo_runtime::__private::softmax_shares;
/// let (chances, means, slopes) = ([0.5, 0.25], [0.0, 4.0], [1.0, 3.0]);
/// let mut bars = [1.0, 2.0];
/// assert_eq!(softmax_shares(&mut bars, &chances, &means, None, &slopes, 2.0), -1.0);
/// assert_eq!(bars, [1.0, -1.0]);
/// ```
#[inline]
#[must_use]
pub fn softmax_shares(
    bars: &mut [f64],
    chances: &[f64],
    means: &[f64],
    of_logarithms: Option<f64>,
    slopes: &[f64],
    slope: f64,
) -> f64 {
    softmax_shares_on_machine(bars, chances, means, of_logarithms, slopes, slope)
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
fn softmax_shares_on_machine(
    bars: &mut [f64],
    chances: &[f64],
    means: &[f64],
    of_logarithms: Option<f64>,
    slopes: &[f64],
    slope: f64,
) -> f64 {
    on_this_machine!(softmax_shares_by(bars: &mut [f64], chances: &[f64], means: &[f64], of_logarithms: Option<f64>, slopes: &[f64], slope: f64) -> f64)
}

/// The bar of an exponent, by that of its chance, or of the logarithm of this with so many
/// times the chance.
#[inline(always)]
fn bar_of_exponent<const OF_LOGARITHM: bool>(bar: f64, chance: f64, mean: f64, scale: f64) -> f64 {
    if OF_LOGARITHM { bar - chance * (mean * scale) } else { chance * (bar - mean) }
}

/// [`bars_of_logarithms`] of all rows of a table, in the place of its bars; the sums.
pub(super) fn table_of_logarithms(bars: &mut [f64], chances: &[f64], row: usize) -> Vec<f64> {
    let mut sums = vec![0.0; row];
    let (work, rows) = (5.0 * bars.len() as f64, bars.len() / row.max(1));
    let done = parallel::in_shares(work, rows, [(bars, row)], [&mut sums], |range, [bars], [sums]| {
        let chances = chances[range.start * row..].chunks_exact(row);
        bars.chunks_exact_mut(row).zip(chances).for_each(|(bars, chances)| {
            bars_of_logarithms(bars, chances, total_of_shares(bars, chances), sums);
        });
        Ok(())
    });
    debug_assert!(done.is_ok(), "nothing can go wrong");
    sums
}

#[inline(always)]
fn softmax_shares_by<A: Arithmetic>(
    bars: &mut [f64],
    chances: &[f64],
    means: &[f64],
    of_logarithms: Option<f64>,
    slopes: &[f64],
    slope: f64,
) -> f64 {
    match of_logarithms {
        Some(scale) => shares_of_exponents::<A, true>(bars, chances, means, scale, slopes, slope),
        None => shares_of_exponents::<A, false>(bars, chances, means, 1.0, slopes, slope),
    }
}

#[inline(always)]
fn shares_of_exponents<A: Arithmetic, const OF_LOGARITHMS: bool>(
    bars: &mut [f64],
    chances: &[f64],
    means: &[f64],
    scale: f64,
    slopes: &[f64],
    slope: f64,
) -> f64 {
    let count = bars.len();
    let (chances, means, slopes) = (&chances[..count], &means[..count], &slopes[..count]);
    let mut sums = [0.0; LANES];
    let mut at = 0;
    while at + LANES <= count {
        let (mut cells, chances) = (load(&bars[at..]), load(&chances[at..]));
        let (means, slopes) = (load(&means[at..]), load(&slopes[at..]));
        for lane in 0..LANES {
            let bar = bar_of_exponent::<OF_LOGARITHMS>(cells[lane], chances[lane], means[lane], scale);
            sums[lane] += times(bar, slopes[lane]);
            cells[lane] = times(bar, slope);
        }
        bars[at..at + LANES].copy_from_slice(&cells);
        at += LANES;
    }
    let mut total = A::add_up(sums);
    while at < count {
        let bar = bar_of_exponent::<OF_LOGARITHMS>(bars[at], chances[at], means[at], scale);
        total += times(bar, slopes[at]);
        bars[at] = times(bar, slope);
        at += 1;
    }
    total
}

#[inline(always)]
fn normalize_shares_by<A: Arithmetic>(bars: &mut [f64], mean: f64, inverse: f64, slopes: &[f64]) {
    let slopes = &slopes[..bars.len()];
    for at in 0..bars.len() {
        bars[at] = times((bars[at] - mean) * inverse, slopes[at]);
    }
}

#[inline(always)]
fn softmax_bars_by<A: Arithmetic>(
    bars: &mut [f64],
    chances: &[f64],
    means: &[f64],
    of_logarithms: Option<f64>,
) {
    match of_logarithms {
        Some(scale) => bars_of_exponents::<true>(bars, chances, means, scale),
        None => bars_of_exponents::<false>(bars, chances, means, 1.0),
    }
}

#[inline(always)]
fn bars_of_exponents<const OF_LOGARITHMS: bool>(
    bars: &mut [f64],
    chances: &[f64],
    means: &[f64],
    scale: f64,
) {
    let (chances, means) = (&chances[..bars.len()], &means[..bars.len()]);
    for at in 0..bars.len() {
        bars[at] = bar_of_exponent::<OF_LOGARITHMS>(bars[at], chances[at], means[at], scale);
    }
}

#[inline(always)]
fn bars_of_logarithms_by<A: Arithmetic>(bars: &mut [f64], chances: &[f64], mean: f64, sums: &mut [f64]) {
    let (chances, sums) = (&chances[..bars.len()], &mut sums[..bars.len()]);
    for at in 0..bars.len() {
        let bar = times(bars[at] - mean, chances[at]);
        bars[at] = bar;
        sums[at] += bar;
    }
}

#[inline(always)]
fn normalize_bars_by<A: Arithmetic>(bars: &mut [f64], mean: f64, inverse: f64) {
    for bar in bars {
        *bar = (*bar - mean) * inverse;
    }
}

#[inline(always)]
fn take_shares_by<A: Arithmetic>(bars: &mut [f64], slopes: &[f64]) {
    let slopes = &slopes[..bars.len()];
    for at in 0..bars.len() {
        bars[at] = times(bars[at], slopes[at]);
    }
}

#[inline(always)]
fn take_share_by<A: Arithmetic>(bars: &mut [f64], slope: f64) {
    for bar in bars {
        *bar = times(*bar, slope);
    }
}

#[inline(always)]
fn total_of_shares_by<A: Arithmetic>(bars: &[f64], slopes: &[f64]) -> f64 {
    let slopes = &slopes[..bars.len()];
    let (mut total, mut at) = (0.0, 0);
    if bars.len() >= LANES {
        let mut sums = [0.0; LANES];
        while at + LANES <= bars.len() {
            let (bars, slopes) = (load(&bars[at..]), load(&slopes[at..]));
            for lane in 0..LANES {
                sums[lane] += bars[lane] * slopes[lane];
            }
            at += LANES;
        }
        total = A::add_up(sums);
    }
    while at < bars.len() {
        total += bars[at] * slopes[at];
        at += 1;
    }
    // Only then nothing has met what is infinite.
    if total.is_nan() { products_that_count(bars, slopes) } else { total }
}

#[inline(always)]
fn add_shares_by<A: Arithmetic>(sums: &mut [f64], bars: &[f64], slopes: &[f64]) {
    let (bars, slopes) = (&bars[..sums.len()], &slopes[..sums.len()]);
    for at in 0..sums.len() {
        sums[at] += times(bars[at], slopes[at]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row whose cells are 0 here and there, whatever its length.
    fn row(count: usize, step: usize) -> Vec<f64> {
        (0..count).map(|at| (at * step % 7) as f64 - 2.0).collect()
    }

    #[test]
    fn rows_are_their_cells() {
        for count in [0, 1, 7, 16, 33, 500] {
            let (bars, mut slopes, means) = (row(count, 3), row(count, 5), row(count, 2));
            // What counts for nothing may be anything.
            for at in 0..count {
                if bars[at] == 0.0 {
                    slopes[at] = f64::NAN;
                }
            }
            let cells = |of: &dyn Fn(usize) -> f64| (0..count).map(of).collect::<Vec<_>>();
            let mut found = bars.clone();
            take_shares(&mut found, &slopes);
            assert_eq!(found, cells(&|at| times(bars[at], slopes[at])));
            assert_eq!(total_of_shares(&bars, &slopes), found.iter().sum());
            let mut also = means.clone();
            add_shares(&mut also, &bars, &slopes);
            assert_eq!(also, cells(&|at| means[at] + times(bars[at], slopes[at])));
            let mut found = bars.clone();
            take_share(&mut found, 0.5);
            assert_eq!(found, cells(&|at| bars[at] * 0.5));
            let mut found = bars.clone();
            softmax_bars(&mut found, &means, &bars, None);
            assert_eq!(found, vec![0.0; count]);
            let mut found = bars.clone();
            softmax_bars(&mut found, &bars, &means, None);
            assert_eq!(found, cells(&|at| bars[at] * (bars[at] - means[at])));
            let mut found = bars.clone();
            softmax_bars(&mut found, &means, &bars, Some(0.5));
            assert_eq!(found, cells(&|at| bars[at] - means[at] * 0.5 * bars[at]));
            let mut found = bars.clone();
            normalize_bars(&mut found, 3.0, 2.0);
            assert_eq!(found, cells(&|at| (bars[at] - 3.0) * 2.0));
            take_shares(&mut found, &means);
            let mut also = bars.clone();
            normalize_shares(&mut also, 3.0, 2.0, &means);
            assert_eq!(also, found);
            let (mut found, mut sums) = (bars.clone(), means.clone());
            let mean = total_of_shares(&bars, &means);
            bars_of_logarithms(&mut found, &means, mean, &mut sums);
            assert_eq!(found, cells(&|at| (bars[at] - mean) * means[at]));
            assert_eq!(sums, cells(&|at| means[at] + found[at]));
            // What cannot be is no part of it.
            if count > 1 {
                let (mut found, mut sums, mut chances) =
                    (vec![1.0; count], vec![0.0; count], vec![0.5; count]);
                (found[1], chances[1]) = (f64::INFINITY, 0.0);
                let mean = total_of_shares(&found, &chances);
                assert_eq!(mean, 0.5 * (count - 1) as f64);
                bars_of_logarithms(&mut found, &chances, mean, &mut sums);
                assert_eq!(found, cells(&|at| if at == 1 { 0.0 } else { (1.0 - mean) * 0.5 }));
                assert_eq!(sums, found);
            }
            // In one sweep or in three.
            let ways = [(&means, &slopes, None), (&slopes, &means, None), (&means, &slopes, Some(2.0))];
            for (chances, slopes, of_logarithms) in ways {
                let (mut found, mut also) = (bars.clone(), bars.clone());
                softmax_bars(&mut found, chances, &means, of_logarithms);
                let total = total_of_shares(&found, slopes);
                take_share(&mut found, 0.5);
                let also_total = softmax_shares(&mut also, chances, &means, of_logarithms, slopes, 0.5);
                let bits = |cells: &[f64]| cells.iter().map(|cell| cell.to_bits()).collect::<Vec<_>>();
                assert_eq!((bits(&also), also_total.to_bits()), (bits(&found), total.to_bits()));
            }
        }
    }
}
