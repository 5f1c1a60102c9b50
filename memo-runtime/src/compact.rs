//! Small models on the stack: where all tables have a few cells, what is computed in
//! them is no more work than making room for them, keeping them and saying what they are.
//!
//! A model whose domains are of known, small sizes has, beside the general way, a
//! function that computes its table in arrays on the stack; calls of itself go straight
//! down. Numbers carry what they change by in `K` directions, so that the same function
//! is the model's forward derivative (Griewank & Walther, *Evaluating Derivatives*, 2008,
//! chapter 3), and with none of them its value. Whatever needs care (a weight that is
//! none, exponents that plain products would let overflow, a recursion that goes deep)
//! is left to the general way, which tells what is wrong.

use std::ops::{Deref, Index};
use std::sync::OnceLock;

use crate::elementary::{exp, quick_weight};
use crate::gradient::Slopes;
use crate::impossible::Returned;
use crate::kernel::{Mean, least_of_the_best};
use crate::machine::{Arithmetic, on_this_machine};
use crate::real::{Dual, Real};
use crate::rows::{PLAIN, SMALLEST_TOTAL, divisible, is_near};
use crate::solve::{STACK_BYTES, Tables, call_limit, stack};
use crate::{Domain, Error};

/// Tables of more cells are no small ones.
const MOST: usize = 64;

/// The cells of a table whose size is not known before the program runs.
const UNKNOWN: usize = 32;

/// So many weights are computed together.
const LANES: usize = 8;

/// `factor · exp(exponent)` in the place of the factors, whole groups of them; false when
/// one of them needs care.
#[inline(always)]
fn weigh_each<A: Arithmetic>(factors: &mut [f64], exponents: &[f64]) -> bool {
    let mut unsound = [0.0; LANES];
    for (factors, exponents) in factors.chunks_exact_mut(LANES).zip(exponents.chunks_exact(LANES)) {
        for lane in 0..LANES {
            let (factor, exponent) = (factors[lane], exponents[lane]);
            unsound[lane] = if is_near(factor, exponent) { unsound[lane] } else { 1.0 };
            factors[lane] = quick_weight::<A>(factor, exponent);
        }
    }
    unsound.iter().all(|unsound| *unsound == 0.0)
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
fn weigh_groups(factors: &mut [f64], exponents: &[f64]) -> bool {
    on_this_machine!(weigh_each(factors: &mut [f64], exponents: &[f64]) -> bool)
}

/// How many values a domain has, where its type says so; else 0.
#[must_use]
pub const fn count<D: Domain>(_: &D) -> usize {
    D::COUNT
}

/// The cells of the largest of some tables, whole groups of them: 0 if it is no small
/// one. The lengths of a table's axes are 0 where they are not known.
///
/// ```
/// # use memo_runtime::__private::small_cells;
/// assert_eq!(small_cells(&[&[4, 3], &[3]]), 16);
/// assert_eq!(small_cells(&[&[4, 0]]), 32);
/// assert_eq!(small_cells(&[&[4, 300], &[3]]), 0);
/// ```
#[must_use]
pub const fn small_cells(tables: &[&[usize]]) -> usize {
    let (mut most, mut at) = (1, 0);
    while at < tables.len() {
        let (mut cells, mut known, mut axis) = (1_usize, true, 0);
        while axis < tables[at].len() {
            match tables[at][axis] {
                0 => known = false,
                n => cells = cells.saturating_mul(n),
            }
            axis += 1;
        }
        if !known && cells < UNKNOWN {
            cells = UNKNOWN;
        }
        if cells > most {
            most = cells;
        }
        at += 1;
    }
    if most > MOST { 0 } else { most.next_multiple_of(LANES) }
}

/// That something needs the care of the general way.
#[derive(Clone, Copy, Debug)]
pub struct Care;

/// What is wrong is told by the general way.
impl From<Error> for Care {
    #[cold]
    fn from(_: Error) -> Self {
        Self
    }
}

/// How deep calls have gone on the stack.
#[derive(Clone, Copy, Debug)]
pub struct Depth {
    top: usize,
    left: usize,
}

impl Depth {
    /// Before the first call.
    #[must_use]
    #[inline(always)]
    pub fn start() -> Self {
        Self { top: stack(), left: call_limit() }
    }

    /// One call further.
    ///
    /// # Errors
    /// [`Care`] where the calls go too deep, or are more than may be made.
    #[inline(always)]
    pub fn deeper(self) -> Result<Self, Care> {
        match self.left.checked_sub(1) {
            Some(left) if self.top.abs_diff(stack()) <= STACK_BYTES => Ok(Self { left, ..self }),
            _ => Err(Care),
        }
    }
}

/// That no table has more cells than there is room for.
///
/// # Errors
/// [`Care`] where one has.
#[inline(always)]
pub fn fits<const N: usize>(cells: &[usize]) -> Result<(), Care> {
    if cells.iter().all(|cells| *cells <= N) { Ok(()) } else { Err(Care) }
}

/// Makes a call whose numbers carry no derivatives; false where it needs care.
#[inline(always)]
pub fn made<const N: usize>(
    tables: &mut Tables,
    call: impl FnOnce(&mut Small<0, N>, &mut Option<Vec<bool>>) -> Result<(), Care>,
) -> bool {
    let (mut table, mut marks) = (Small::new(0), None);
    if call(&mut table, &mut marks).is_err() {
        return false;
    }
    *tables = Tables::One(Returned::new(table.to_vec(), marks));
    true
}

/// A table that rests on no parameter, computed once.
#[derive(Debug)]
pub struct Constant<const N: usize>(OnceLock<Small<0, N>>);

impl<const N: usize> Constant<N> {
    /// Not yet computed.
    #[must_use]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Writes it to a table, if it has been computed.
    #[inline(always)]
    pub fn write<const K: usize>(&self, table: &mut Small<K, N>) -> bool {
        let Some(found) = self.0.get() else { return false };
        table.cells = found.cells;
        table.values = found.values;
        true
    }

    /// Keeps it.
    #[cold]
    pub fn keep<const K: usize>(&self, table: &Small<K, N>) {
        let _ = self.0.set(Small { cells: table.cells, values: table.values, rates: [] });
    }
}

impl<const N: usize> Default for Constant<N> {
    fn default() -> Self {
        Self::new()
    }
}

/// A plain number beside those that carry derivatives.
#[must_use]
#[inline(always)]
pub fn plain(x: f64) -> f64 {
    x
}

/// eˣ.
#[must_use]
#[inline(always)]
pub fn exp_of<const K: usize>(x: Dual<K>) -> Dual<K> {
    let value = exp(x.value());
    x.chain(value, value)
}

/// `a / b`, and 0 where `b` is.
#[must_use]
#[inline(always)]
pub fn ratio_of<const K: usize>(a: Dual<K>, b: Dual<K>) -> Dual<K> {
    if b.value() == 0.0 { Dual::from(0.0) } else { a / b }
}

/// Whether a mass is some, or becomes some.
#[must_use]
#[inline(always)]
pub fn counts<const K: usize>(mass: &Dual<K>) -> bool {
    mass.value() != 0.0 || mass.slopes().iter().any(|slope| *slope != 0.0)
}

/// A weighted mean of numbers that may change.
#[derive(Clone, Copy, Debug)]
pub struct Average<const K: usize> {
    plain: Mean,
    mass: Dual<K>,
    sum: Dual<K>,
}

impl<const K: usize> Default for Average<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const K: usize> Average<K> {
    /// Nothing added yet.
    #[must_use]
    #[inline(always)]
    pub fn new() -> Self {
        Self { plain: Mean::new(), mass: Dual::from(0.0), sum: Dual::from(0.0) }
    }

    /// Adds a value that has the given mass, which must count.
    #[inline(always)]
    pub fn add(&mut self, mass: Dual<K>, value: Dual<K>) {
        if mass.value() != 0.0 {
            self.plain.add(mass.value(), value.value());
        }
        self.mass += mass;
        self.sum += mass * value;
    }

    /// All of the mass.
    #[must_use]
    #[inline(always)]
    pub fn mass(&self) -> Dual<K> {
        self.mass
    }

    /// The mean, of masses divided by their own sum; 0 without mass.
    #[must_use]
    #[inline(always)]
    pub fn value(&self) -> Dual<K> {
        // What is the same for all is exactly that.
        Dual::with(self.plain.value(), *ratio_of(self.sum, self.mass).slopes())
    }

    /// The sum of mass times value, divided by `scale`; 0 for scale 0.
    #[must_use]
    #[inline(always)]
    pub fn over(&self, scale: Dual<K>) -> Dual<K> {
        ratio_of(self.sum, scale)
    }
}

/// Calls `work` with the first cell of each row: the others follow at steps of `inner`.
#[inline(always)]
fn each_row(outer: usize, own: usize, inner: usize, mut work: impl FnMut(usize)) {
    for first in (0..outer).map(|at| at * own * inner) {
        for first in first..first + inner {
            work(first);
        }
    }
}

/// The sums of rows, for each of their cells; each sum is looked at once.
#[inline(always)]
fn sums<const N: usize>(
    numbers: &[f64; N],
    (outer, own, inner): (usize, usize, usize),
    mut look: impl FnMut(f64),
) -> [f64; N] {
    let mut sums = [0.0; N];
    each_row(outer, own, inner, |first| {
        let mut sum = 0.0;
        for row in 0..own {
            sum += numbers[first + row * inner];
        }
        look(sum);
        for row in 0..own {
            sums[first + row * inner] = sum;
        }
    });
    sums
}

/// Rows without any weight stay so: they are divided by 1. False where a total is out of
/// range.
#[cold]
fn spare(totals: &mut [f64]) -> bool {
    let sound = totals.iter().all(|total| divisible(*total, false));
    totals.iter_mut().filter(|total| **total == 0.0).for_each(|total| *total = 1.0);
    sound
}

/// A small table: its numbers, and what they change by in `K` directions. Beyond its
/// cells all is 0.
#[derive(Clone, Copy, Debug)]
pub struct Small<const K: usize, const N: usize> {
    cells: usize,
    values: [f64; N],
    rates: [[f64; N]; K],
}

impl<const K: usize, const N: usize> Deref for Small<K, N> {
    type Target = [f64];

    #[inline(always)]
    fn deref(&self) -> &[f64] {
        &self.values[..self.cells]
    }
}

/// Of any cell that there is room for: how many there are is not looked up.
impl<const K: usize, const N: usize> Index<usize> for Small<K, N> {
    type Output = f64;

    #[inline(always)]
    fn index(&self, at: usize) -> &f64 {
        &self.values[at]
    }
}

impl<const K: usize, const N: usize> Small<K, N> {
    /// A table of so many cells, at most `N`.
    #[must_use]
    #[inline(always)]
    pub fn new(cells: usize) -> Self {
        Self { cells, values: [0.0; N], rates: [[0.0; N]; K] }
    }

    /// Writes a number that does not change.
    #[inline(always)]
    pub fn put(&mut self, at: usize, value: f64) {
        self.values[at] = value;
    }

    /// Writes a number.
    #[inline(always)]
    pub fn set(&mut self, at: usize, number: Dual<K>) {
        self.values[at] = number.value();
        for (rates, slope) in self.rates.iter_mut().zip(number.slopes()) {
            rates[at] = *slope;
        }
    }

    /// The number in a cell.
    #[must_use]
    #[inline(always)]
    pub fn number(&self, at: usize) -> Dual<K> {
        Dual::with(self.values[at], std::array::from_fn(|k| self.rates[k][at]))
    }

    /// Makes an empty table one of so many cells.
    #[inline(always)]
    pub fn extend_to(&mut self, cells: usize) {
        self.cells = cells;
    }

    /// Makes weights `factor · exp(exponent)` of factors; with `MOVES` these carry
    /// derivatives.
    ///
    /// # Errors
    /// [`Care`] where plain products would lose something.
    #[inline(always)]
    pub fn weigh<const MOVES: bool, const E: usize>(
        &mut self,
        exponents: &Small<E, N>,
        cells: usize,
    ) -> Result<(), Care> {
        let all = cells.next_multiple_of(LANES);
        let exponent = &exponents.values[..all];
        if MOVES {
            let mut exps = [0.0; N];
            exps[..all].fill(1.0);
            let sound = |factor: &f64| (*factor == 0.0) | PLAIN.contains(factor);
            if !weigh_groups(&mut exps[..all], exponent) || !self.values[..cells].iter().all(sound) {
                return Err(Care);
            }
            for numbers in std::iter::once(&mut self.values).chain(&mut self.rates) {
                for at in 0..all {
                    numbers[at] *= exps[at];
                }
            }
        } else if !weigh_groups(&mut self.values[..all], exponent) {
            return Err(Care);
        }
        for (rates, exponents) in self.rates.iter_mut().zip(&exponents.rates) {
            for at in 0..all {
                // What counts for nothing has no share, whatever its slope.
                let weight = self.values[at];
                let share = weight * exponents[at];
                rates[at] += if weight == 0.0 { 0.0 } else { share };
            }
        }
        Ok(())
    }

    /// Divides weights by the sums of their rows, which stand upright where there are
    /// several cells from one of a row to the next; a row of zeros stays one.
    ///
    /// # Errors
    /// [`Care`] where a weight is none, or the sum is out of range.
    #[inline(always)]
    pub fn share(&mut self, outer: usize, own: usize, inner: usize) -> Result<(), Care> {
        let all = outer * own * inner;
        let (mut least, mut smallest, mut sum) = (f64::INFINITY, f64::INFINITY, 0.0);
        for weight in &self.values[..all] {
            least = if *weight < least { *weight } else { least };
        }
        let mut totals = sums(&self.values, (outer, own, inner), |total| {
            smallest = if total < smallest { total } else { smallest };
            sum += total;
        });
        // No weight is missing from the sum of all, so that it tells of each that is none.
        let plain = (least >= 0.0) & (smallest >= SMALLEST_TOTAL) & (sum < f64::INFINITY);
        if !plain && (least < 0.0 || !spare(&mut totals[..all])) {
            return Err(Care);
        }
        // All at once: two divisions take as long as one.
        for (value, total) in self.values[..all].iter_mut().zip(&totals[..all]) {
            *value /= total;
        }
        let mut shares = [0.0; N];
        if K > 0 {
            each_row(outer, own, inner, |first| {
                let share = 1.0 / totals[first];
                for row in 0..own {
                    shares[first + row * inner] = share;
                }
            });
        }
        for rates in &mut self.rates {
            let sums = sums(rates, (outer, own, inner), |_| {});
            for at in 0..all {
                rates[at] = (rates[at] - self.values[at] * sums[at]) * shares[at];
            }
        }
        Ok(())
    }

    /// Shares each row out among its largest values, or its smallest.
    ///
    /// # Errors
    /// [`Care`] where one is no number.
    #[inline(always)]
    pub fn choose(&mut self, outer: usize, own: usize, inner: usize, smallest: bool) -> Result<(), Care> {
        let all = &self.values[..outer * own * inner];
        if all.iter().fold(false, |unsound, value| unsound | value.is_nan()) {
            return Err(Care);
        }
        let sign = if smallest { -1.0 } else { 1.0 };
        each_row(outer, own, inner, |first| {
            let mut best = f64::NEG_INFINITY;
            for row in 0..own {
                let value = sign * self.values[first + row * inner];
                best = if value > best { value } else { best };
            }
            let (least, mut count) = (least_of_the_best(best), 0.0);
            let good = |value: f64| sign * value >= least;
            for row in 0..own {
                count += if good(self.values[first + row * inner]) { 1.0 } else { 0.0 };
            }
            for row in 0..own {
                let value = &mut self.values[first + row * inner];
                *value = if good(*value) { 1.0 / count } else { 0.0 };
            }
        });
        Ok(())
    }

    /// That each number is a weight of soft evidence.
    ///
    /// # Errors
    /// [`Care`] where one is none.
    #[inline(always)]
    pub fn check(&self) -> Result<(), Care> {
        let sound = |weight: &f64| (*weight >= 0.0) & (*weight < f64::INFINITY);
        if self.iter().fold(true, |all, weight| all & sound(weight)) { Ok(()) } else { Err(Care) }
    }
}

/// Makes a call whose numbers carry derivatives with respect to these numbers, one a
/// direction: its table, and what its cells change by. Nothing where it needs care, or
/// that is no number.
#[inline(always)]
pub fn recorded<const K: usize, const N: usize>(
    names: &'static [&'static str; K],
    call: impl FnOnce(&mut Small<K, N>, &mut Option<Vec<bool>>) -> Result<(), Care>,
) -> Option<(Tables, Slopes)> {
    let (mut table, mut marks) = (Small::new(0), None);
    call(&mut table, &mut marks).ok()?;
    let rates = table.rates.iter().map(|rates| &rates[..table.cells]);
    let sound = rates.clone().flatten().fold(true, |all, rate| all & rate.is_finite());
    sound.then(|| {
        let slopes = Slopes::new(names, table.cells, rates);
        (Tables::One(Returned::new(table.to_vec(), marks)), slopes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three rows of two cells that stand upright, the factors and exponents moving with
    /// one number.
    fn softmax(x: f64) -> Result<Small<1, 8>, Care> {
        let (mut table, mut exponents) = (Small::<1, 8>::new(6), Small::<1, 8>::new(6));
        for at in 0..6 {
            let (factor, exponent) = ((at % 4) as f64, (at as f64).sin());
            table.set(at, Dual::with(factor * x, [factor]));
            exponents.set(at, Dual::with(exponent * x * x, [2.0 * exponent * x]));
        }
        table.weigh::<true, 1>(&exponents, 6)?;
        table.share(1, 3, 2)?;
        Ok(table)
    }

    #[test]
    fn chances_and_their_slopes() {
        let (table, h) = (softmax(0.7).expect("plain weights"), 1e-6);
        let [less, more] = [-h, h].map(|h| softmax(0.7 + h).expect("plain weights"));
        for at in 0..6 {
            let weight = |at: usize| (at % 4) as f64 * ((at as f64).sin() * 0.49).exp();
            let chance = weight(at) / (at % 2..6).step_by(2).map(weight).sum::<f64>();
            assert!((table[at] - chance).abs() < 1e-14);
            let slope = (more[at] - less[at]) / (2.0 * h);
            assert!((table.number(at).slopes()[0] - slope).abs() < 1e-8, "{at}");
        }
    }

    #[test]
    fn what_needs_care() {
        let share = |weights: [f64; 4]| {
            let mut table = Small::<0, 8>::new(4);
            (0..4).for_each(|at| table.put(at, weights[at]));
            table.share(2, 2, 1).map(|()| table.to_vec())
        };
        // A row without any weight stays so.
        assert!(share([0.0, 0.0, 3.0, 1.0]).is_ok_and(|row| row == [0.0, 0.0, 0.75, 0.25]));
        for bad in [-1.0, f64::NAN, f64::INFINITY, 1e-308] {
            assert!(share([0.0, bad, 3.0, 1.0]).is_err(), "{bad}");
        }
        // Beyond these the general way scales.
        for (x, plain) in [(17.0, true), (-17.0, false), (19.0, false), (f64::NAN, false)] {
            assert_eq!(softmax(x).is_ok(), plain, "{x}");
        }
        assert!(Depth::start().deeper().is_ok() && fits::<8>(&[9]).is_err());
    }

    #[test]
    fn the_best_are_many_or_one() {
        let mut table = Small::<0, 8>::new(4);
        (0..4).for_each(|at| table.put(at, [2.0, 2.0, 5.0, 1.0][at]));
        let (mut largest, mut smallest) = (table, table);
        assert!(largest.choose(2, 2, 1, false).is_ok() && smallest.choose(1, 2, 2, true).is_ok());
        assert_eq!((&*largest, &*smallest), (&[0.5, 0.5, 1.0, 0.0][..], &[1.0, 0.0, 0.0, 1.0][..]));
        table.put(3, f64::NAN);
        assert!(table.choose(2, 2, 1, false).is_err());
    }
}
