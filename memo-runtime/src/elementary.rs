//! Elementary functions without branches, so that a loop of one is vectorised:
//! `exp`, `ln`, `tanh` and powers.
//!
//! `exp x = 2^k · exp r` with `k` the integer nearest to `x / ln 2` and
//! `|r| ≤ ln 2 / 2`, reduced in two steps (Cody & Waite 1980); `exp r` is
//! `1 + r + r² · p(r)` with `p` of degree 10, near to the best (Chebyshev), so
//! that what is left out is below 4e-19.
//!
//! `ln x = k · ln 2 + ln m` with `m` between `√½` and `√2`, and `ln m` by the
//! series of `2 artanh s`, `s = (m - 1) / (m + 1)`, as in fdlibm (Sun 1993); for
//! powers in double-double arithmetic (Dekker 1971).
//!
//! Against correctly rounded values the errors are at most, in units in the last
//! place, 1.1 for `exp` and powers, 0.9 for `ln` and 2.5 for `tanh` with a
//! fused multiply-add, and half a unit more without one; see the tests. Weights that are
//! exponentials of small numbers have ways of their own, see `near.rs`.

mod near;

use crate::four::{Four, Lanes};
use crate::machine::{Arithmetic, Field, Plain, Scale, on_this_machine};

pub(crate) use near::{near_weights, steps_of_two, weights_below};

// Adding and taking away 1.5 · 2^52 rounds to an integer, whose low bits then
// stand in those of the sum.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// `ln 2`, the first so short that multiples by exponents are exact.
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// `exp r - 1` for `x = k · ln 2 + r`, and `k + ROUND`.
#[inline(always)]
fn reduced<A: Arithmetic>(x: f64) -> (f64, f64) {
    let (r, shifted) = reduce::<A, _>(x);
    (series::<A>(r), shifted)
}

/// `r` and `k + ROUND` for `x = k · ln 2 + r`.
#[inline(always)]
fn reduce<A: Arithmetic<T>, T: Field>(x: T) -> (T, T) {
    let round = T::splat(ROUND);
    let shifted = A::fma(x, T::splat(std::f64::consts::LOG2_E), round);
    let k = shifted - round;
    (A::fma(-k, T::splat(LN_2_LOW), A::fma(-k, T::splat(LN_2_HIGH), x)), shifted)
}

/// A polynomial by Horner's scheme, the coefficient of the highest power first.
#[inline(always)]
fn polynomial<A: Arithmetic, const N: usize>(coefficients: [f64; N], x: f64) -> f64 {
    let mut sum = coefficients[0];
    for coefficient in &coefficients[1..] {
        sum = A::fma(sum, x, *coefficient);
    }
    sum
}

/// The coefficients of `(exp r - 1 - r) / r²`, that of the highest power first.
const SERIES: [f64; 11] = [
    2.091_468_696_808_687_6e-9,
    2.510_521_700_472_074_5e-8,
    2.755_727_364_311_03e-7,
    2.755_725_540_020_642_2e-6,
    2.480_158_732_554_774_3e-5,
    1.984_126_987_482_062_7e-4,
    1.388_888_888_888_374_8e-3,
    8.333_333_333_326_136e-3,
    4.166_666_666_666_667e-2,
    1.666_666_666_666_666_9e-1,
    0.5,
];

/// `exp r - 1`.
#[inline(always)]
fn series<A: Arithmetic>(r: f64) -> f64 {
    // r + r²·sum: the large term comes last.
    A::fma(r * r, polynomial::<A, _>(SERIES, r), r)
}

/// The same with what does not wait for each other done side by side (Estrin 1960):
/// where there are too few numbers to fill the time with others of them.
#[inline(always)]
fn quick_series<A: Arithmetic<T>, T: Field>(r: T) -> T {
    // No closures: they would not have the instructions of where they are.
    let (square, fourth) = (r * r, (r * r) * (r * r));
    let first = A::fma(pair::<A, T>(7, r), square, pair::<A, T>(9, r));
    let second = A::fma(pair::<A, T>(3, r), square, pair::<A, T>(5, r));
    let third = A::fma(T::splat(SERIES[0]), square, pair::<A, T>(1, r));
    // r + r²·first + r⁶·(second + r⁴·third)
    A::fma(A::fma(third, fourth, second), square * fourth, A::fma(first, square, r))
}

/// Two terms of the series.
#[inline(always)]
fn pair<A: Arithmetic<T>, T: Field>(first: usize, r: T) -> T {
    A::fma(T::splat(SERIES[first]), r, T::splat(SERIES[first + 1]))
}

/// `exp x`, without branches: a loop of it is vectorised.
///
/// ```
/// # use memo_runtime::__private::exp;
/// assert!((exp(1.0) - std::f64::consts::E).abs() < 1e-15);
/// ```
#[must_use]
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    exp_by::<Plain>(x)
}

#[inline(always)]
fn exp_by<A: Arithmetic>(x: f64) -> f64 {
    exp_of_sum::<A>(x, 0.0)
}

/// `exp` of the sum of a number and another that is nothing beside it.
#[inline(always)]
fn exp_of_sum<A: Arithmetic>(x: f64, rest: f64) -> f64 {
    // Beyond these the result is 0 or infinite; a NaN passes both.
    let x = if x < -746.0 { -746.0 } else { x };
    let x = if x > 710.0 { 710.0 } else { x };
    let (r, shifted) = reduce::<A, _>(x);
    let less_1 = series::<A>(r + rest);
    // 2^k in two factors, so that neither is out of range.
    let k = (shifted.to_bits() as i64) << 12 >> 12;
    let k = k - ((ROUND.to_bits() as i64) << 12 >> 12);
    let half = k >> 1;
    let power = |k: i64| f64::from_bits(((k + 1023) as u64) << 52);
    (1.0 + less_1) * power(half) * power(k - half)
}

/// `factor · exp x` for `x ≤ 0`, with 0 for an exponential below 2^-1021, and
/// for a factor of 0 whatever `x` is. Never called with a NaN.
#[inline(always)]
pub(crate) fn weight<A: Arithmetic>(factor: f64, x: f64) -> f64 {
    let (r, shifted) = reduce::<A, _>(x);
    weight_of(factor, x, series::<A>(r), shifted)
}

/// The same for a few weights.
#[inline(always)]
pub(crate) fn quick_weight<A: Arithmetic>(factor: f64, x: f64) -> f64 {
    let (r, shifted) = reduce::<A, _>(x);
    weight_of(factor, x, quick_series::<A, _>(r), shifted)
}

/// The same for twice four weights.
#[inline(always)]
pub(crate) fn weights_of_fours<V: Four>(factors: [V; 2], x: [V; 2]) -> [V; 2] {
    let [first, second] = V::weights_in_range(factors, x);
    [first.and(count(factors[0], x[0])), second.and(count(factors[1], x[1]))]
}

/// Where weights are more than nothing.
#[inline(always)]
fn count<V: Four>(factors: V, x: V) -> V {
    V::splat(LEAST).at_most(x).without(factors.equals(V::splat(0.0)))
}

/// Several weights, where all exponentials are in range.
#[inline(always)]
pub(crate) fn weights_in_range<T: Scale>(factors: T, x: T) -> T {
    let (r, shifted) = reduce::<Lanes, _>(x);
    // The factor and the power of two are there long before the series.
    let powers = factors * T::splat(1.0).times_power(shifted);
    powers.fma(quick_series::<Lanes, _>(r), powers)
}

/// Exponentials below are 0.
const LEAST: f64 = -707.7;

/// A number times the power of two that a shifted number has: k is added to its exponent, no
/// power of two is made.
#[inline(always)]
fn times_power(x: f64, shifted: f64) -> f64 {
    f64::from_bits(x.to_bits().wrapping_add(shifted.to_bits() << 52))
}

#[inline(always)]
fn weight_of(factor: f64, x: f64, less_1: f64, shifted: f64) -> f64 {
    let sum = 1.0 + less_1;
    // Where x is out of range this is rubbish, and not used.
    let scaled = times_power(sum, shifted);
    let counts = (x >= LEAST) & (factor != 0.0);
    if counts { factor * scaled } else { 0.0 }
}

/// `exp x - 1` for `0 ≤ x ≤ 40`.
#[inline(always)]
fn exp_less_1<A: Arithmetic>(x: f64) -> f64 {
    let (less_1, shifted) = reduced::<A>(x);
    let power = times_power(1.0, shifted);
    // Exact but for the last addition.
    A::fma(power, less_1, power - 1.0)
}

/// `x = 2^k · m` with `√½ ≤ m < √2`, for a normal `x`: `k` and `m`.
#[inline(always)]
pub(crate) fn split(x: f64) -> (f64, f64) {
    const ROOT_OF_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const ONE: u64 = 0x3ff0_0000_0000_0000;
    let bits = x.to_bits().wrapping_add(ONE - ROOT_OF_HALF);
    // The same trick as in `reduced`, the other way round: k without its bias.
    let k = f64::from_bits((bits >> 52).wrapping_add(ROUND.to_bits())) - (ROUND + 1023.0);
    let m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff).wrapping_add(ROOT_OF_HALF));
    (k, m)
}

/// `ln x`, without branches: `-∞` at 0, NaN below.
#[inline(always)]
pub(crate) fn ln_by<A: Arithmetic>(x: f64) -> f64 {
    const UP: f64 = 18_014_398_509_481_984.0;
    let subnormal = x < f64::MIN_POSITIVE;
    let (k, m) = split(if subnormal { x * UP } else { x });
    let k = if subnormal { k - 54.0 } else { k };
    let value = ln_of_parts::<A>(k, m);
    let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
    let value = if x == f64::INFINITY { f64::INFINITY } else { value };
    if x >= 0.0 { value } else { f64::NAN }
}

/// `k · ln 2 + ln m` for `√½ ≤ m < √2`.
#[inline(always)]
pub(crate) fn ln_of_parts<A: Arithmetic>(k: f64, m: f64) -> f64 {
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let series = polynomial::<A, _>(
        [
            1.479_819_860_511_658_6e-1,
            1.531_383_769_920_937_3e-1,
            1.818_357_216_161_805e-1,
            2.222_219_843_214_978_4e-1,
            2.857_142_874_366_239e-1,
            3.999_999_999_940_942e-1,
            6.666_666_666_666_735e-1,
        ],
        z,
    );
    let half = 0.5 * f * f;
    // The small terms come first.
    let small = A::fma(s, A::fma(series, z, half), k * LN_2_LOW);
    A::fma(k, LN_2_HIGH, f - (half - small))
}

/// `tanh x`, without branches.
#[inline(always)]
fn tanh_by<A: Arithmetic>(x: f64) -> f64 {
    // From 20 on it is 1; a NaN passes.
    let twice = 2.0 * x.abs();
    let twice = if twice > 40.0 { 40.0 } else { twice };
    let grown = exp_less_1::<A>(twice);
    (grown / (grown + 2.0)).copysign(x)
}

/// A number to twice the precision: the sum of both, the second small.
type Double = (f64, f64);

/// The sum of two numbers, the first the larger.
#[inline(always)]
fn sum_of(large: f64, small: f64) -> Double {
    let sum = large + small;
    (sum, small - (sum - large))
}

/// The product of two numbers.
#[inline(always)]
fn product_of<A: Arithmetic>(a: f64, b: f64) -> Double {
    let product = a * b;
    if A::FUSED {
        return (product, A::fma(a, b, -product));
    }
    // Halves of 26 bits, whose products are exact (Veltkamp 1968).
    let halves = |x: f64| {
        let big = 134_217_729.0 * x;
        let high = big - (big - x);
        (high, x - high)
    };
    let ((a, c), (b, d)) = (halves(a), halves(b));
    (product, c * d - (((product - a * b) - c * b) - a * d))
}

#[inline(always)]
fn times<A: Arithmetic>(a: Double, b: Double) -> Double {
    let (high, low) = product_of::<A>(a.0, b.0);
    sum_of(high, low + (a.0 * b.1 + a.1 * b.0))
}

/// `x^y` for a positive, normal and finite `x` and a finite `y`.
#[inline(always)]
fn power_by<A: Arithmetic>(x: f64, y: f64) -> f64 {
    // Beyond these the result is out of range, or x is 1.
    let y = if y > 1e20 { 1e20 } else { y };
    let y = if y < -1e20 { -1e20 } else { y };
    let (k, m) = split(x);
    let f = m - 1.0;
    let below = sum_of(2.0, f);
    let quotient = f / below.0;
    let (high, low) = product_of::<A>(quotient, below.0);
    let s = (quotient, (((f - high) - low) - quotient * below.1) / below.0);
    let z = times::<A>(s, s);
    // 2/3 + z·(2/5 + …), the first to twice the precision.
    let series = polynomial::<A, _>(
        [
            8.2e-2,
            8.695_652_173_913_043e-2,
            9.523_809_523_809_523e-2,
            1.052_631_578_947_368_4e-1,
            1.176_470_588_235_294_1e-1,
            1.333_333_333_333_333_3e-1,
            1.538_461_538_461_538_5e-1,
            1.818_181_818_181_818e-1,
            2.222_222_222_222_222e-1,
            2.857_142_857_142_857e-1,
            0.4,
        ],
        z.0,
    );
    let (high, low) = sum_of(2.0 / 3.0, series * z.0);
    let factor = times::<A>(z, (high, low + 3.700_743_415_417_188e-17));
    let cubic = times::<A>(s, factor);
    // 2·s + s·z·(…), then k · ln 2, from the largest down.
    let twice = (2.0 * s.0, 2.0 * s.1);
    let (high, low) = sum_of(twice.0, cubic.0);
    let of_m = sum_of(high, low + (twice.1 + cubic.1));
    let (high, low) = if k == 0.0 {
        of_m
    } else {
        let (high, low) = sum_of(k * LN_2_HIGH, of_m.0);
        sum_of(high, low + (of_m.1 + k * LN_2_LOW))
    };
    let (exponent, rest) = product_of::<A>(high, y);
    // Out of range the rest may be large, and does not count.
    let rest = if exponent.abs() < 745.0 { rest + low * y } else { 0.0 };
    exp_of_sum::<A>(exponent, rest)
}

/// So many numbers are worked on at a time; fewer are left to the library.
const GROUP: usize = 8;

/// From how many numbers on it is worth while to compute a function of them
/// together.
pub const WORTH_A_BUFFER: usize = GROUP;

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident, $machine:ident, $each:ident = $one:ident, $alone:path;)*) => {$(
        #[inline(always)]
        fn $each<A: Arithmetic>(row: &mut [f64]) {
            let Some(start) = row.len().checked_sub(GROUP) else { return };
            // The last group overlaps the one before it.
            let mut last = [0.0; GROUP];
            last.copy_from_slice(&row[start..]);
            for group in row.chunks_exact_mut(GROUP) {
                for x in group {
                    *x = $one::<A>(*x);
                }
            }
            for x in &mut last {
                *x = $one::<A>(*x);
            }
            row[start..].copy_from_slice(&last);
        }

        #[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
        fn $machine(row: &mut [f64]) {
            on_this_machine!($each(row: &mut [f64]) -> ())
        }

        $(#[$doc])*
        pub fn $name(row: &mut [f64]) {
            if row.len() < GROUP {
                row.iter_mut().for_each(|x| *x = $alone(*x));
            } else {
                $machine(row);
            }
        }
    )*};
}

rows! {
    /// `exp` of each number.
    ///
    /// ```
    /// # use memo_runtime::__private::exp_all;
    /// let mut row = [0.0, 1.0, f64::NEG_INFINITY];
    /// exp_all(&mut row);
    /// assert!(row[0] == 1.0 && (row[1] - std::f64::consts::E).abs() < 1e-15 && row[2] == 0.0);
    /// ```
    exp_all, exp_on_machine, exp_each = exp_by, exp;
    /// `ln` of each number: `-∞` at 0, NaN below.
    ///
    /// ```
    /// # use memo_runtime::__private::ln_all;
    /// let mut row = [1.0, 10.0, 0.0];
    /// ln_all(&mut row);
    /// assert_eq!(row, [0.0, std::f64::consts::LN_10, f64::NEG_INFINITY]);
    /// ```
    ln_all, ln_on_machine, ln_each = ln_by, f64::ln;
    /// `tanh` of each number.
    ///
    /// ```
    /// # use memo_runtime::__private::tanh_all;
    /// let mut row = [0.0, 100.0, -100.0];
    /// tanh_all(&mut row);
    /// assert_eq!(row, [0.0, 1.0, -1.0]);
    /// ```
    tanh_all, tanh_on_machine, tanh_each = tanh_by, f64::tanh;
}

/// Each number to the same power, as [`f64::powf`] has it.
///
/// ```
/// # use memo_runtime::__private::pow_all;
/// let mut row = [2.0, 9.0, 0.0, -2.0];
/// pow_all(&mut row, 3.0);
/// assert_eq!(row, [8.0, 729.0, 0.0, -8.0]);
/// ```
pub fn pow_all(row: &mut [f64], power: f64) {
    if power == 2.0 {
        row.iter_mut().for_each(|x| *x *= *x);
        return;
    }
    let plain = |x: &f64| (*x == 0.0) | ((*x >= f64::MIN_POSITIVE) & (*x < f64::INFINITY));
    let all_plain = row.iter().fold(power.is_finite(), |all, x| all & plain(x));
    if row.len() >= GROUP && all_plain {
        pow_on_machine(row, power);
    } else {
        row.iter_mut().for_each(|x| *x = x.powf(power));
    }
}

#[inline(always)]
fn pow_each<A: Arithmetic>(row: &mut [f64], power: f64) {
    let of_zero = 0.0_f64.powf(power);
    for x in row {
        *x = if *x == 0.0 { of_zero } else { power_by::<A>(*x, power) };
    }
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 1.7 times as fast")]
fn pow_on_machine(row: &mut [f64], power: f64) {
    on_this_machine!(pow_each(row: &mut [f64], power: f64) -> ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::four::Plain4;
    use crate::machine::Fused;

    /// A true value, as a number and what it lacks.
    fn add(a: Double, b: Double) -> Double {
        let high = a.0 + b.0;
        let t = high - a.0;
        sum_of(high, (a.0 - (high - t)) + (b.0 - t) + (a.1 + b.1))
    }

    fn divide(a: Double, b: Double) -> Double {
        let first = a.0 / b.0;
        let rest = add(a, times::<Fused>((-first, 0.0), b));
        let second = rest.0 / b.0;
        let rest = add(rest, times::<Fused>((-second, 0.0), b));
        add((first, 0.0), add((second, 0.0), (rest.0 / b.0, 0.0)))
    }

    /// `exp x` to about 30 digits: `x` is halved until its series is short, and
    /// the result squared in double-double arithmetic (Dekker 1971).
    pub(super) fn true_exp(x: f64) -> Double {
        // Each squaring doubles the error.
        let squarings = if x.abs() < 0.5 { 0 } else { 10 };
        let small = x / f64::from(1 << squarings);
        let (mut term, mut sum) = ((1.0, 0.0), (1.0, 0.0));
        for n in 1..24 {
            term = divide(times::<Fused>(term, (small, 0.0)), (f64::from(n), 0.0));
            sum = add(sum, term);
        }
        (0..squarings).fold(sum, |power, _| times::<Fused>(power, power))
    }

    /// `ln x`, one step of Newton's from the library's.
    fn true_ln(x: f64) -> Double {
        let up = if x < 1e-290 { f64::exp2(66.0) } else { 1.0 };
        let near = (x * up).ln();
        let (x, scale) = (x * up, if up == 1.0 { (0.0, 0.0) } else { true_ln(up) });
        let off = add(times::<Fused>((x, 0.0), true_exp(-near)), (-1.0, 0.0));
        let step = add(off, times::<Fused>(times::<Fused>(off, off), (-0.5, 0.0)));
        add(add((near, 0.0), step), (-scale.0, -scale.1))
    }

    fn true_tanh(x: f64) -> Double {
        if x.abs() < 1e-8 {
            return sum_of(x, -x * x * x / 3.0);
        }
        let power = true_exp(2.0 * x);
        divide(add(power, (-1.0, 0.0)), add(power, (1.0, 0.0)))
    }

    fn true_power(x: f64, y: f64) -> Double {
        let (high, low) = times::<Fused>(true_ln(x), (y, 0.0));
        let rest = (low, low * low / 2.0);
        times::<Fused>(true_exp(high), add((1.0, 0.0), rest))
    }

    /// Units in the last place between `found` and the true value.
    pub(super) fn error(found: f64, (high, low): Double) -> f64 {
        let unit = f64::from_bits(high.abs().to_bits() + 1) - high.abs();
        ((found - high) - low).abs() / unit
    }

    /// The largest error over some arguments.
    fn worst(arguments: impl Iterator<Item = f64>, found: fn(f64) -> f64, truth: fn(f64) -> Double) -> f64 {
        arguments.map(|x| error(found(x), truth(x))).fold(0.0, f64::max)
    }

    /// So many numbers from `from` on, at equal distances.
    pub(super) fn steps(from: f64, by: f64, count: u32) -> impl Iterator<Item = f64> {
        (0..count).map(move |at| from + by * f64::from(at))
    }

    /// Numbers over the whole range, at equal ratios.
    fn all_sizes() -> impl Iterator<Item = f64> {
        steps(-1022.0, 0.012_345_67, 165_000).map(f64::exp2)
    }

    pub(super) fn assert_within(limit: f64, worst: f64) {
        assert!(worst <= limit, "{worst} units in the last place");
    }

    #[test]
    fn exp_is_within_a_unit_in_the_last_place() {
        let range = || steps(-707.9, 0.012_345_678_9, 114_700);
        assert_within(1.0, worst(range(), exp_by::<Fused>, true_exp));
        assert_within(1.5, worst(range(), exp_by::<Plain>, true_exp));
    }

    #[test]
    fn ln_is_within_a_unit_in_the_last_place() {
        for (found, limit) in [(ln_by::<Fused> as fn(f64) -> f64, 0.9), (ln_by::<Plain>, 0.9)] {
            assert_within(limit, worst(all_sizes(), found, true_ln));
            assert_within(limit, worst(steps(0.5, 1.234_567e-5, 125_000), found, true_ln));
            // Around 1 the result is as small as the distance.
            let near = steps(-52.0, 0.01, 5_000).map(f64::exp2).flat_map(|e| [1.0 + e, 1.0 - e / 2.0]);
            assert_within(limit, worst(near, found, true_ln));
            assert_eq!([0.0, -0.0, -1.0, f64::INFINITY, 1.0].map(found)[0..2], [f64::NEG_INFINITY; 2]);
            assert!(found(-1.0).is_nan() && found(f64::NAN).is_nan() && found(f64::NEG_INFINITY).is_nan());
            assert_eq!((found(f64::INFINITY), found(1.0)), (f64::INFINITY, 0.0));
            for tiny in [5e-324, 1e-320, 2.2e-308] {
                assert!((found(tiny) - tiny.ln()).abs() <= 1.2e-13, "{tiny}");
            }
        }
    }

    #[test]
    fn tanh_is_within_three_units_in_the_last_place() {
        for (found, limit) in [(tanh_by::<Fused> as fn(f64) -> f64, 2.5), (tanh_by::<Plain>, 3.0)] {
            assert_within(limit, worst(steps(-21.0, 1.234_567e-4, 340_000), found, true_tanh));
            assert_within(limit, worst(steps(-1000.0, 0.1, 10_000).map(f64::exp2), found, true_tanh));
            assert_eq!([0.0, 30.0, -1e300, f64::INFINITY].map(found), [0.0, 1.0, -1.0, 1.0]);
            assert!(found(f64::NAN).is_nan() && found(-0.0).is_sign_negative());
        }
    }

    #[test]
    fn powers_are_within_two_units_in_the_last_place() {
        for (found, limit) in [(power_by::<Fused> as fn(f64, f64) -> f64, 1.1), (power_by::<Plain>, 1.6)] {
            let mut y = 0.371;
            for x in all_sizes().step_by(3) {
                // Exponents for which the result is within range.
                y = (y * 3.97 * (1.0 - y) + 0.001_f64).fract();
                let most = 700.0 / x.ln().abs();
                for y in [most * (2.0 * y - 1.0), y, most] {
                    let power = found(x, y);
                    if (1e-300..1e300).contains(&power) {
                        assert_within(limit, error(power, true_power(x, y)));
                    }
                }
            }
            assert_eq!(
                [found(2.0, 10.0), found(9.0, 0.5), found(1.0, 1e300), found(7.0, 0.0)],
                [1024.0, 3.0, 1.0, 1.0]
            );
            assert_eq!(
                [found(2.0, 1e300), found(2.0, -1e300), found(0.5, 2000.0)],
                [f64::INFINITY, 0.0, 0.0]
            );
        }
    }

    /// What is not positive and finite is as the library has it.
    #[test]
    fn powers_of_all_kinds() {
        let kinds =
            [0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 3.0, 1e-310, 1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
        for x in kinds {
            for y in kinds {
                let (mut alone, truth) = ([x; 20], x.powf(y));
                pow_all(&mut alone, y);
                let near = (alone[0] - truth).abs() <= 1e-15 * truth.abs();
                assert!(
                    near || alone[0] == truth || (alone[0].is_nan() && truth.is_nan()),
                    "{x}^{y}: {} is not {truth}",
                    alone[0]
                );
            }
        }
    }

    #[test]
    fn rows_are_their_numbers() {
        for n in [0, 1, 7, 16, 100] {
            let row: Vec<f64> = (0..n).map(|i| 0.1 + f64::from(i) / 7.0).collect();
            let all = |work: fn(&mut [f64])| {
                let mut row = row.clone();
                work(&mut row);
                row
            };
            let near = |found: Vec<f64>, truth: fn(f64) -> f64| {
                let near = |(a, b): (&f64, f64)| (a - b).abs() <= 1e-15 * b.abs();
                assert!(found.iter().zip(row.iter().map(|x| truth(*x))).all(near), "{found:?}");
            };
            near(all(exp_all), f64::exp);
            near(all(ln_all), f64::ln);
            near(all(tanh_all), f64::tanh);
            near(all(|row| pow_all(row, 1.7)), |x| x.powf(1.7));
        }
    }

    /// Where both are made, they are the same number.
    #[test]
    fn a_weight_is_a_product_with_exp() {
        let mut x = -707.6;
        while x <= 0.0 {
            assert_eq!(weight::<Fused>(3.0, x), 3.0 * exp_by::<Fused>(x), "{x}");
            assert_eq!(weight::<Plain>(3.0, x), 3.0 * exp_by::<Plain>(x), "{x}");
            x += 0.031_415_926;
        }
        for weight in [weight::<Plain>, weight::<Fused>] {
            let ends = [0.0, -0.0, -707.7, -707.71, -1e300, f64::NEG_INFINITY].map(|x| weight(1.0, x));
            assert_eq!((ends[0], ends[1], &ends[3..]), (1.0, 1.0, &[0.0; 3][..]));
            assert!(ends[2] > 0.0);
            assert_eq!([f64::INFINITY, 1e300, 800.0, -5.0].map(|x| weight(0.0, x)), [0.0; 4]);
        }
    }

    /// In another order, and for exponents above 0, too.
    #[test]
    fn a_quick_weight_is_within_a_unit_in_the_last_place_of_a_slow_one() {
        let mut x = -300.0;
        while x <= 300.0 {
            for (quick, slow) in [
                (quick_weight::<Fused>(1.0, x), exp_by::<Fused>(x)),
                (quick_weight::<Plain>(1.0, x), exp_by::<Plain>(x)),
            ] {
                assert!(quick.to_bits().abs_diff(slow.to_bits()) <= 1, "{x}: {quick} is not {slow}");
            }
            x += 0.013_141_592_6;
        }
        assert_eq!((quick_weight::<Plain>(2.0, 0.0), quick_weight::<Fused>(0.0, 7.0)), (2.0, 0.0));
        assert_eq!(quick_weight::<Plain>(1.0, f64::NEG_INFINITY), 0.0);
    }

    /// One rounding more than the exponential itself, of the factor's power of two.
    #[test]
    fn near_weights_are_within_two_units_in_the_last_place() {
        let mut x = -300.0;
        while x <= 300.0 {
            let (factors, exponents) = ([1.0, 0.3, 0.0, 7e3], [x, -x, x, x / 300.0]);
            let mut found = [0.0; 4];
            weights_in_range(Plain4::load(&factors), Plain4::load(&exponents)).store(&mut found);
            for lane in 0..4 {
                let weight = factors[lane] * exponents[lane].exp();
                let distance = (found[lane] - weight).abs();
                assert!(distance <= 2.0 * f64::EPSILON * weight, "{x}: {} is not {weight}", found[lane]);
            }
            x += 0.013_141_592_6;
        }
    }

    #[test]
    fn the_ends_of_the_range() {
        for exp in [exp_by::<Plain>, exp_by::<Fused>] {
            assert_eq!(exp(0.0), 1.0);
            assert_eq!(exp(f64::NEG_INFINITY), 0.0);
            assert_eq!(exp(-800.0), 0.0);
            assert_eq!(exp(f64::INFINITY), f64::INFINITY);
            assert_eq!(exp(709.9), f64::INFINITY);
            assert!(exp(709.78).is_finite());
            assert!(exp(f64::NAN).is_nan());
            // Subnormal results lose bits, not their size.
            let tiny = exp(-740.0);
            assert!((tiny - (-740.0_f64).exp()).abs() <= 1e-323, "{tiny}");
        }
    }
}
