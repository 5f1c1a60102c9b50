//! Weights of small tables, and what they come to where each row is shared out among its
//! cells. The pads of weights are 0, as those of chances are: a column of pads is one without
//! any weight.

#![allow(clippy::needless_range_loop, reason = "plain counts vanish, iterators leave calls behind")]

use super::Care;
use super::small::{Small, everywhere, is_everywhere, load, store, vectors};
use super::wide::Wide;
use crate::elementary::weights_of_fours;
use crate::four::{Four, Lanes};
use crate::kernel::least_of_the_best;
use crate::rows::{SMALLEST_TOTAL, are_close, are_near, are_plain, quotient};

/// So many fours are divided, which takes less time than the steps after a reciprocal; more
/// would wait for each other.
const DIVIDED: usize = 4;

/// Sums of four rows, and what to divide these by.
struct Divisors<V> {
    totals: V,
    /// One by the totals; 0 where a row has no weight.
    shares: V,
    /// The same for what the weights change by; 1 where a row has no weight.
    rates: V,
    /// Where a sum is none that can be divided by.
    unsound: V,
    /// Where a row has no weight: it stays so.
    empty: V,
}

impl<V: Four> Divisors<V> {
    #[inline(always)]
    fn new(totals: V, divides: bool) -> Self {
        let (one, ends) = (V::splat(1.0), totals.below(V::splat(f64::INFINITY)));
        let empty = totals.equals(V::splat(0.0));
        let sound = V::splat(SMALLEST_TOTAL).at_most(totals).or(empty).and(ends);
        // The division waits for nothing but the sum.
        let shares = (one / totals).without(empty);
        let rates = shares.or(one.and(empty));
        let totals = if V::FUSED && !divides { totals } else { totals.or(one.and(empty)) };
        Self { totals, shares, rates, unsound: everywhere::<V>().without(sound), empty }
    }
}

/// What is known of weights, and wanted of their shares.
pub trait Sharing {
    /// Whether each may be below 0, or no number.
    const ANY: bool;
    /// Whether each share is rounded as a quotient is: those that are weights again need
    /// not be.
    const EXACT: bool;
}

/// Any weights, and their exact shares.
#[derive(Debug)]
pub struct AnyWeights;

/// Weights that are known to be some, and their exact shares.
#[derive(Debug)]
pub struct Sound;

/// Weights that are known to be some, and shares that are weights again.
#[derive(Debug)]
pub struct Rough;

impl Sharing for AnyWeights {
    const ANY: bool = true;
    const EXACT: bool = true;
}

impl Sharing for Sound {
    const ANY: bool = false;
    const EXACT: bool = true;
}

impl Sharing for Rough {
    const ANY: bool = false;
    const EXACT: bool = false;
}

/// Where the fours of a pair are in a table of so many cells, and how many there are: the last
/// may stand there twice.
#[inline(always)]
fn pair_of_fours(pair: usize, cells: usize) -> ([usize; 2], usize) {
    let (first, count) = (2 * pair, (vectors(cells) - 2 * pair).min(2));
    ([4 * first, 4 * (first + count - 1)], count)
}

impl<const K: usize, const N: usize> Small<K, N> {
    /// The numbers of two fours.
    #[inline(always)]
    fn fours<V: Four>(&self, places: [usize; 2]) -> [V; 2] {
        [load(&self.values, places[0]), load(&self.values, places[1])]
    }

    /// Makes weights `factor · exp(exponent)` of factors; with `MOVES` these carry
    /// derivatives, with `PLAIN` they are known to be in the range of plain products.
    ///
    /// # Errors
    /// [`Care`] where plain products would lose something.
    #[inline(always)]
    pub fn weigh<V: Four, const MOVES: bool, const PLAIN: bool, const E: usize>(
        &mut self,
        exponents: &Small<E, N>,
        cells: usize,
    ) -> Result<(), Care> {
        if PLAIN && !MOVES && self.weigh_near::<V, E>(exponents, cells) {
            return Ok(());
        }
        let (zero, mut sound) = (V::splat(0.0), everywhere::<V>());
        for pair in 0..vectors(cells).div_ceil(2) {
            let (places, count) = pair_of_fours(pair, cells);
            let factors: [V; 2] = self.fours(places);
            let one = V::splat(1.0);
            let weighed = if MOVES { [one, one] } else { factors };
            let exps = weights_of_fours(weighed, exponents.fours(places));
            for four in 0..count {
                let (at, factors, exps) = (places[four], factors[four], exps[four]);
                let exponents: Wide<V, E> = exponents.four(at);
                let plain = if PLAIN { everywhere::<V>() } else { are_plain(factors) };
                let (near, none) = (are_near(exponents.value), factors.equals(zero));
                let weights = if MOVES {
                    sound = sound.and(near).and(plain.or(none));
                    for rates in &mut self.rates {
                        store(load::<V>(rates, at) * exps, rates, at);
                    }
                    factors * exps
                } else {
                    sound = sound.and(near.and(plain).or(none));
                    exps
                };
                store(weights, &mut self.values, at);
                // Exponents that do not change have no slopes.
                for k in 0..K.min(E) {
                    let (rates, slope) = (&mut self.rates[k], exponents.slopes[k]);
                    // What counts for nothing has no share, whatever its slope.
                    let share = (weights * slope).without(weights.equals(zero));
                    store(if MOVES { load::<V>(rates, at) + share } else { share }, rates, at);
                }
            }
        }
        if is_everywhere(sound) { Ok(()) } else { Err(Care) }
    }

    /// The same where the factors are in the range of plain products and all exponents near,
    /// as they mostly are: then nothing else is to be told apart. False where one is not.
    #[inline(always)]
    fn weigh_near<V: Four, const E: usize>(&mut self, exponents: &Small<E, N>, cells: usize) -> bool {
        let mut near = everywhere::<V>();
        for vector in 0..vectors(cells) {
            let exponents: V = load(&exponents.values, 4 * vector);
            near = near.and(are_close(exponents));
        }
        if !is_everywhere(near) {
            return false;
        }
        for pair in 0..vectors(cells).div_ceil(2) {
            let (places, count) = pair_of_fours(pair, cells);
            let weights = V::weights_in_range(self.fours(places), exponents.fours(places));
            for four in 0..count {
                let (at, weights) = (places[four], weights[four]);
                store(weights, &mut self.values, at);
                for k in 0..K.min(E) {
                    // What counts for nothing has no share but of a slope that is none: that
                    // needs care, which is seen where the slopes are handed out.
                    let slope = load(&exponents.rates[k], at);
                    store(weights * slope, &mut self.rates[k], at);
                }
            }
        }
        true
    }

    /// Divides weights by the sums of their rows, which stand upright where there are
    /// several cells from one of a row to the next; a row of zeros stays one.
    ///
    /// # Errors
    /// [`Care`] where a weight is none, or the sum is out of range.
    #[inline(always)]
    pub fn share<V: Four, S: Sharing>(&mut self, outer: usize, own: usize, inner: usize) -> Result<(), Care> {
        let unsound: V = if inner == 1 {
            self.share_rows::<V, S>(outer, own)
        } else {
            self.share_upright::<V, S>(outer, own, inner)
        };
        if unsound.any() { Err(Care) } else { Ok(()) }
    }

    /// Whether so many fours are divided: what they change by needs the reciprocal anyway.
    #[inline(always)]
    fn divides(fours: usize) -> bool {
        K == 0 && fours <= DIVIDED
    }

    /// Rows that follow each other, four of them together.
    #[inline(always)]
    fn share_rows<V: Four, S: Sharing>(&mut self, rows: usize, row: usize) -> V {
        let zero = V::splat(0.0);
        let (mut unsound, mut empty) = (zero, zero);
        for first in 0..rows.div_ceil(4) {
            // Of a row that there is not, the sum is 1.
            let (mut sums, mut slopes) = ([V::splat(0.25); 4], [[zero; 4]; K]);
            for four in 0..4 {
                let start = (4 * first + four) * row;
                if 4 * first + four >= rows {
                    continue;
                }
                for vector in 0..vectors(row) {
                    let at = start + 4 * vector;
                    let weights: V = load(&self.values, at);
                    if S::ANY {
                        unsound = unsound.or(weights.below(zero));
                    }
                    sums[four] = if vector == 0 { weights } else { sums[four] + weights };
                    for k in 0..K {
                        let rates = load(&self.rates[k], at);
                        slopes[k][four] = if vector == 0 { rates } else { slopes[k][four] + rates };
                    }
                }
            }
            let divisors = Divisors::new(V::sums(sums), Self::divides(rows * vectors(row)));
            unsound = unsound.or(divisors.unsound);
            empty = empty.or(divisors.empty);
            let (totals, shares) = (divisors.totals.spread(), divisors.shares.spread());
            let rates = if divisors.empty.any() { divisors.rates.spread() } else { shares };
            for k in 0..K {
                slopes[k] = V::sums(slopes[k]).spread();
            }
            for four in 0..4 {
                if 4 * first + four >= rows {
                    continue;
                }
                for vector in 0..vectors(row) {
                    let at = (4 * first + four) * row + 4 * vector;
                    let mut own = [zero; K];
                    for k in 0..K {
                        own[k] = slopes[k][four];
                    }
                    let divisors = (totals[four], shares[four], rates[four]);
                    if Self::divides(rows * vectors(row)) {
                        self.divide::<V, S, true>(at, divisors, own);
                    } else {
                        self.divide::<V, S, false>(at, divisors, own);
                    }
                }
            }
        }
        self.is_full = !empty.any();
        unsound
    }

    /// Rows that stand upright, four of them side by side.
    #[inline(always)]
    fn share_upright<V: Four, S: Sharing>(&mut self, outer: usize, own: usize, inner: usize) -> V {
        let zero = V::splat(0.0);
        let mut unsound = zero;
        for block in 0..outer {
            for column in 0..vectors(inner) {
                let first = block * own * inner + 4 * column;
                let (mut total, mut slopes) = (zero, [zero; K]);
                for row in 0..own {
                    let at = first + row * inner;
                    let weights: V = load(&self.values, at);
                    if S::ANY {
                        unsound = unsound.or(weights.below(zero));
                    }
                    total = if row == 0 { weights } else { total + weights };
                    for k in 0..K {
                        let rates = load(&self.rates[k], at);
                        slopes[k] = if row == 0 { rates } else { slopes[k] + rates };
                    }
                }
                let divisors = Divisors::new(total, false);
                unsound = unsound.or(divisors.unsound);
                for row in 0..own {
                    let at = first + row * inner;
                    self.divide::<V, S, false>(
                        at,
                        (divisors.totals, divisors.shares, divisors.rates),
                        slopes,
                    );
                }
            }
        }
        unsound
    }

    /// Divides four weights, see [`Divisors`]; their rows change by so much.
    #[inline(always)]
    fn divide<V: Four, S: Sharing, const AT_ONCE: bool>(
        &mut self,
        at: usize,
        divisors: (V, V, V),
        slopes: [V; K],
    ) {
        let (totals, shares, by) = divisors;
        let weights: V = load(&self.values, at);
        let chances = match (S::EXACT, AT_ONCE) {
            (true, true) => weights / totals,
            (true, false) => quotient::<Lanes, V>(weights, totals, shares),
            (false, _) => weights * shares,
        };
        store(chances, &mut self.values, at);
        // What these change by does not wait for the last bit.
        let rough = weights * shares;
        for k in 0..K {
            let rates = &mut self.rates[k];
            store((-rough).fma(slopes[k], load(rates, at)) * by, rates, at);
        }
    }

    /// Shares each row out among its largest values, or its smallest: of the last so many
    /// cells in lanes so many count.
    ///
    /// # Errors
    /// [`Care`] where one is no number.
    #[inline(always)]
    pub fn choose(
        &mut self,
        (outer, own, inner): (usize, usize, usize),
        (row, lanes): (usize, usize),
        smallest: bool,
    ) -> Result<(), Care> {
        let all = outer * own * inner;
        if self.values[..all].iter().fold(false, |unsound, value| unsound | value.is_nan()) {
            return Err(Care);
        }
        let sign = if smallest { -1.0 } else { 1.0 };
        for first in (0..outer).flat_map(|at| (0..inner).map(move |cell| at * own * inner + cell)) {
            let cells = || (0..own).map(|at| first + at * inner).filter(|at| at % lanes < row);
            let mut best = f64::NEG_INFINITY;
            for at in cells() {
                let value = sign * self.values[at];
                best = if value > best { value } else { best };
            }
            let (least, mut count) = (least_of_the_best(best), 0.0);
            let good = |value: f64| sign * value >= least;
            for at in cells() {
                count += if good(self.values[at]) { 1.0 } else { 0.0 };
            }
            for at in cells() {
                let value = &mut self.values[at];
                *value = if good(*value) { 1.0 / count } else { 0.0 };
            }
        }
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

#[cfg(test)]
mod tests {
    use super::super::small::{lanes, pack};
    use super::super::wide::Single;
    use super::super::{Depth, fits};
    use super::*;
    use crate::four::Plain4;

    /// Three rows of two cells and their pads that stand upright, the factors and exponents
    /// moving with one number.
    fn softmax(x: f64) -> Result<Small<1, 12>, Care> {
        let (mut table, mut exponents) = (Small::<1, 12>::new(12), Small::<1, 12>::new(12));
        for at in (0..3).flat_map(|row| [4 * row, 4 * row + 1]) {
            let (factor, exponent) = ((at % 3) as f64, (at as f64).sin());
            table.set(at, Single::with(factor * x, [factor]));
            exponents.set(at, Single::with(exponent * x * x, [2.0 * exponent * x]));
        }
        table.weigh::<Plain4, true, false, 1>(&exponents, 12)?;
        table.share::<Plain4, AnyWeights>(1, 3, 4)?;
        Ok(table)
    }

    #[test]
    fn chances_and_their_slopes() {
        let (table, h) = (softmax(0.7).expect("plain weights"), 1e-6);
        let [less, more] = [-h, h].map(|h| softmax(0.7 + h).expect("plain weights"));
        for at in [0, 1, 4, 5, 8, 9] {
            let weight = |at: usize| (at % 3) as f64 * ((at as f64).sin() * 0.49).exp();
            let chance = weight(at) / (at % 4..12).step_by(4).map(weight).sum::<f64>();
            assert!((table[at] - chance).abs() < 1e-14);
            let slope = (more[at] - less[at]) / (2.0 * h);
            assert!((table.number(at).slopes()[0] - slope).abs() < 1e-8, "{at}");
        }
        let pads = [2, 3, 6, 7, 10, 11];
        assert!(pads.iter().all(|at| table[*at] == 0.0 && table.number(*at).slopes()[0] == 0.0));
    }

    /// An exponent that is minus infinity is nothing, and leaves the other weights as they are.
    #[test]
    fn weights_of_near_exponents_and_of_none() {
        let weighed = |last: f64| {
            let (mut table, mut exponents) = (Small::<1, 8>::new(8), Small::<1, 8>::new(8));
            for at in 0..8 {
                table.put(at, (at % 3) as f64);
                exponents.set(at, Single::with(if at == 7 { last } else { at as f64 - 4.0 }, [0.5]));
            }
            table.weigh::<Plain4, false, true, 1>(&exponents, 8).map(|()| table)
        };
        let (near, none) = (weighed(3.0).expect("weights"), weighed(f64::NEG_INFINITY).expect("weights"));
        for at in 0..7 {
            let weight = (at % 3) as f64 * (at as f64 - 4.0).exp();
            assert!((near[at] - weight).abs() <= 1e-15 * weight, "{at}");
            assert_eq!(near[at].to_bits(), none[at].to_bits());
            assert_eq!(near.number(at).slopes(), &[0.5 * near[at]]);
        }
        assert!((near[7] - 3.0_f64.exp()).abs() < 1e-13 && none[7] == 0.0);
        assert_eq!((near.number(7).slopes()[0], none.number(7).slopes()[0]), (0.5 * near[7], 0.0));
        assert!(weighed(f64::NAN).is_err() && weighed(-301.0).is_err());
    }

    /// A slope that is none makes none of a weight that is nothing: what it comes to is for the
    /// general way.
    #[test]
    fn infinite_slopes_of_nothing_are_seen() {
        for (slope, is_seen) in [(0.5, false), (f64::INFINITY, true), (f64::NAN, true)] {
            let (mut table, mut exponents) = (Small::<1, 4>::new(4), Small::<1, 4>::new(4));
            for at in 0..4 {
                table.put(at, if at == 1 { 0.0 } else { 1.0 });
                exponents.set(at, Single::with(0.1, [if at == 1 { slope } else { 2.0 }]));
            }
            assert!(table.weigh::<Plain4, false, true, 1>(&exponents, 4).is_ok() && table[1] == 0.0);
            assert_eq!(table.rates_are_finite::<Plain4>(4), !is_seen, "{slope}");
        }
    }

    /// More rows than a vector has numbers, of more numbers than that.
    #[test]
    fn rows_of_several_vectors() {
        let mut table = Small::<0, 56>::new(56);
        let weight = |row: usize, cell: usize| ((row * 5 + cell) % 7) as f64;
        for (row, cell) in (0..7).flat_map(|row| (0..5).map(move |cell| (row, cell))) {
            table.put(row * lanes(5) + cell, weight(row, cell));
        }
        assert!(table.share::<Plain4, AnyWeights>(7, lanes(5), 1).is_ok() && table.is_full());
        let mut packed = [f64::NAN; 35];
        pack::<Plain4>(&table, &mut packed, 7, 5);
        for (at, chance) in packed.iter().enumerate() {
            let total: f64 = (0..5).map(|cell| weight(at / 5, cell)).sum();
            assert!((chance - weight(at / 5, at % 5) / total).abs() < 1e-15, "{at}");
        }
    }

    /// Shares that are weights again are the same but for their last bit.
    #[test]
    fn rough_shares() {
        let shares = |rough: bool, by_rows: bool| {
            let mut table = Small::<0, 16>::new(16);
            (0..16).filter(|at| at / 4 != 2).for_each(|at| table.put(at, (at * at % 7) as f64));
            let (outer, own, inner) = if by_rows { (4, 4, 1) } else { (1, 4, 4) };
            let shared = if rough {
                table.share::<Plain4, Rough>(outer, own, inner)
            } else {
                table.share::<Plain4, Sound>(outer, own, inner)
            };
            shared.map(|()| table.to_vec()).expect("weights")
        };
        for by_rows in [false, true] {
            let (rough, exact) = (shares(true, by_rows), shares(false, by_rows));
            assert!(rough.iter().zip(&exact).all(|(a, b)| (a - b).abs() <= f64::EPSILON * b));
            assert!(exact.iter().any(|share| *share > 0.5));
        }
    }

    #[test]
    fn what_needs_care() {
        let share = |weights: [f64; 4]| {
            let mut table = Small::<0, 8>::new(8);
            (0..4).for_each(|at| table.put(at / 2 * 4 + at % 2, weights[at]));
            let shared = table.share::<Plain4, AnyWeights>(2, 4, 1);
            shared.map(|()| ([table[0], table[1], table[4], table[5]], table.is_full()))
        };
        // A row without any weight stays so.
        assert!(share([0.0, 0.0, 3.0, 1.0]).is_ok_and(|found| found == ([0.0, 0.0, 0.75, 0.25], false)));
        assert!(share([1.0, 0.0, 3.0, 1.0]).is_ok_and(|found| found == ([1.0, 0.0, 0.75, 0.25], true)));
        for bad in [-1.0, f64::NAN, f64::INFINITY, 1e-308] {
            assert!(share([0.0, bad, 3.0, 1.0]).is_err(), "{bad}");
        }
        // Beyond these the general way scales.
        for (x, plain) in [(17.0, true), (-17.0, false), (19.0, false), (f64::NAN, false)] {
            assert_eq!(softmax(x).is_ok(), plain, "{x}");
        }
        assert!(Depth::start().deeper().is_ok() && fits(&[(8, 8), (9, 8)]).is_err());
    }

    #[test]
    fn the_best_are_many_or_one() {
        let mut table = Small::<0, 8>::new(4);
        (0..4).for_each(|at| table.put(at, [2.0, 2.0, 5.0, 1.0][at]));
        let (mut largest, mut smallest) = (table, table);
        assert!(
            largest.choose((2, 2, 1), (2, 2), false).is_ok()
                && smallest.choose((1, 2, 2), (2, 2), true).is_ok()
        );
        assert_eq!((&*largest, &*smallest), (&[0.5, 0.5, 1.0, 0.0][..], &[1.0, 0.0, 0.0, 1.0][..]));
        table.put(3, f64::NAN);
        assert!(table.choose((2, 2, 1), (2, 2), false).is_err());
    }
}
