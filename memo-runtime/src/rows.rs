//! A branch-free exponential that the compiler vectorises, and the rows of
//! probabilities that are made with it.
//!
//! `exp x = 2^k · exp r` with `k` the integer nearest to `x / ln 2` and
//! `|r| ≤ ln 2 / 2`, reduced in two steps (Cody & Waite 1980); `exp r` is
//! `1 + r + r² · p(r)` with `p` of degree 10, near to the best (Chebyshev), so
//! that what is left out is below 4e-19. Against correctly rounded values the
//! error is at most 1 unit in the last place for normal results, see the tests.

use crate::machine::{Arithmetic, LANES, Plain, add_up, on_this_machine};

// Adding and taking away 1.5 · 2^52 rounds to an integer, whose low bits then
// stand in those of the sum.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// `exp r` for `x = k · ln 2 + r`, and `k + ROUND`.
#[inline(always)]
fn reduced<A: Arithmetic>(x: f64) -> (f64, f64) {
    const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let shifted = A::fma(x, std::f64::consts::LOG2_E, ROUND);
    let k = shifted - ROUND;
    let r = A::fma(-k, LN_2_LOW, A::fma(-k, LN_2_HIGH, x));
    let mut sum = 2.091_468_696_808_687_6e-9;
    for coefficient in [
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
    ] {
        sum = A::fma(sum, r, coefficient);
    }
    // 1 + (r + r²·sum): the large terms come last.
    (1.0 + A::fma(r * r, sum, r), shifted)
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
    // Beyond these the result is 0 or infinite; a NaN passes both.
    let x = if x < -746.0 { -746.0 } else { x };
    let x = if x > 710.0 { 710.0 } else { x };
    let (sum, shifted) = reduced::<A>(x);
    // 2^k in two factors, so that neither is out of range.
    let k = (shifted.to_bits() as i64) << 12 >> 12;
    let k = k - ((ROUND.to_bits() as i64) << 12 >> 12);
    let half = k >> 1;
    let power = |k: i64| f64::from_bits(((k + 1023) as u64) << 52);
    sum * power(half) * power(k - half)
}

/// `factor · exp x` for `x ≤ 0`, with 0 for an exponential below 2^-1021, and
/// for a factor of 0 whatever `x` is. Never called with a NaN.
#[inline(always)]
pub(crate) fn weight<A: Arithmetic>(factor: f64, x: f64) -> f64 {
    const LEAST: f64 = -707.7;
    let (sum, shifted) = reduced::<A>(x);
    // k is added to the exponent of the sum: no power of two is made. Where x is
    // out of range this is rubbish, and not used.
    let scaled = f64::from_bits(sum.to_bits().wrapping_add(shifted.to_bits() << 52));
    let counts = (x >= LEAST) & (factor != 0.0);
    if counts { factor * scaled } else { 0.0 }
}

/// Divides a row by a number: where there is a fused multiply-add, by the
/// reciprocal and one correction, which rounds as a division does (Markstein
/// 1990) and is several times as fast.
#[inline(always)]
fn divide<A: Arithmetic>(row: &mut [f64], by: f64) {
    if A::FUSED {
        let reciprocal = 1.0 / by;
        for w in row {
            let quotient = *w * reciprocal;
            let rest = A::fma(-quotient, by, *w);
            *w = A::fma(rest, reciprocal, quotient);
        }
    } else {
        row.iter_mut().for_each(|w| *w /= by);
    }
}

/// The factors with which plain products lose nothing.
pub(crate) const PLAIN: std::ops::RangeInclusive<f64> = 1e-150..=1e150;

/// Below this many weights one at a time is as fast.
const FEW: usize = 6;

/// The factors span a range in which plain products would lose something, or
/// there is a weight that is none; the row is as it was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TooWide;

/// Turns weights `factor · exp(exponent)` into probabilities; the factors come
/// in `row`, where the probabilities are left. A factor of 0 wins over any
/// exponent.
///
/// The exponents are taken from the largest, so that none overflows. With
/// factors between 1e-150 and 1e150 what sinks below 1e-308 is then nothing
/// beside the total.
#[inline(always)]
fn weigh<A: Arithmetic>(row: &mut [f64], exponents: &[f64]) -> Result<(), TooWide> {
    let exponents = &exponents[..row.len()];
    let whole = row.len() - row.len() % LANES;
    // What does not fill all lanes is padded with weights of 0.
    let (mut last, mut last_exponents) = ([0.0; LANES], [0.0; LANES]);
    last[..row.len() - whole].copy_from_slice(&row[whole..]);
    last_exponents[..row.len() - whole].copy_from_slice(&exponents[whole..]);
    let mut tops = [f64::NEG_INFINITY; LANES];
    let mut unsound = [0.0; LANES];
    let mut look = |factors: &[f64], exponents: &[f64]| {
        for lane in 0..LANES {
            let (factor, exponent) = (factors[lane], exponents[lane]);
            let zero = factor == 0.0;
            let sound = zero | (PLAIN.contains(&factor) & (exponent < f64::INFINITY));
            unsound[lane] = if sound { unsound[lane] } else { 1.0 };
            let exponent = if zero { f64::NEG_INFINITY } else { exponent };
            tops[lane] = if exponent > tops[lane] { exponent } else { tops[lane] };
        }
    };
    let mut at = 0;
    while at < whole {
        look(&row[at..at + LANES], &exponents[at..at + LANES]);
        at += LANES;
    }
    look(&last, &last_exponents);
    let top = tops.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if unsound.iter().any(|u| *u != 0.0) {
        return Err(TooWide);
    }
    if top == f64::NEG_INFINITY {
        row.fill(0.0);
        return Ok(());
    }
    let mut sums = [0.0; LANES];
    let mut weigh = |factors: &mut [f64], exponents: &[f64]| {
        for lane in 0..LANES {
            factors[lane] = weight::<A>(factors[lane], exponents[lane] - top);
            sums[lane] += factors[lane];
        }
    };
    let mut at = 0;
    while at < whole {
        weigh(&mut row[at..at + LANES], &exponents[at..at + LANES]);
        at += LANES;
    }
    if whole < row.len() {
        weigh(&mut last, &last_exponents);
        let rest = row.len() - whole;
        row[whole..].copy_from_slice(&last[..rest]);
    }
    let total = add_up(sums);
    divide::<A>(row, total);
    Ok(())
}

/// [`weigh`] for a few weights.
fn weigh_few(row: &mut [f64], exponents: &[f64]) -> Result<(), TooWide> {
    let exponents = &exponents[..row.len()];
    let (mut top, mut sound) = (f64::NEG_INFINITY, true);
    for (&factor, &exponent) in row.iter().zip(exponents) {
        let zero = factor == 0.0;
        sound &= zero | (PLAIN.contains(&factor) & (exponent < f64::INFINITY));
        top = if !zero && exponent > top { exponent } else { top };
    }
    if !sound {
        return Err(TooWide);
    }
    if top == f64::NEG_INFINITY {
        row.fill(0.0);
        return Ok(());
    }
    let mut total = 0.0;
    for (w, &exponent) in row.iter_mut().zip(exponents) {
        *w = weight::<Plain>(*w, exponent - top);
        total += *w;
    }
    row.iter_mut().for_each(|w| *w /= total);
    Ok(())
}

/// [`weigh`] at the speed of the machine.
#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 to 4 times as fast")]
pub(crate) fn weigh_row(row: &mut [f64], exponents: &[f64]) -> Result<(), TooWide> {
    if row.len() < FEW {
        return weigh_few(row, exponents);
    }
    on_this_machine!(weigh(row: &mut [f64], exponents: &[f64]) -> Result<(), TooWide>)
}

/// Whether a row of this total can be divided by it.
#[inline(always)]
pub(crate) fn divisible(total: f64, negative: bool) -> bool {
    let normal = total == 0.0 || total >= f64::MIN_POSITIVE / f64::EPSILON;
    normal && !negative && total != f64::INFINITY
}

/// Divides a row by its sum; false, with the row as it was, when a weight is
/// negative or the sum overflows, sinks below the normal numbers or is none.
#[inline(always)]
fn share<A: Arithmetic>(row: &mut [f64]) -> bool {
    let whole = row.len() - row.len() % LANES;
    let (mut sums, mut least) = ([0.0; LANES], [0.0; LANES]);
    let mut at = 0;
    while at < whole {
        for lane in 0..LANES {
            let w = row[at + lane];
            sums[lane] += w;
            least[lane] = if w < least[lane] { w } else { least[lane] };
        }
        at += LANES;
    }
    for at in whole..row.len() {
        sums[at - whole] += row[at];
        least[at - whole] = if row[at] < least[at - whole] { row[at] } else { least[at - whole] };
    }
    let total = add_up(sums);
    let negative = least.iter().any(|w| *w < 0.0);
    if !divisible(total, negative) {
        return false;
    }
    if total > 0.0 {
        divide::<A>(row, total);
    }
    true
}

/// [`share`] at the speed of the machine.
#[inline]
pub(crate) fn share_out(row: &mut [f64]) -> bool {
    if row.len() < LANES { share_few(row) } else { share_many(row) }
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: twice as fast")]
fn share_many(row: &mut [f64]) -> bool {
    on_this_machine!(share(row: &mut [f64]) -> bool)
}

/// [`share`] for a few weights; part of the model's own code, where their
/// number may be known.
#[inline]
fn share_few(row: &mut [f64]) -> bool {
    let (mut total, mut negative) = (0.0, false);
    for w in row.iter() {
        total += *w;
        negative |= *w < 0.0;
    }
    if !divisible(total, negative) {
        return false;
    }
    if total > 0.0 {
        row.iter_mut().for_each(|w| *w /= total);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Fused;

    /// Units in the last place between `found` and the true value, which is
    /// known as `high + low`.
    fn error(found: f64, high: f64, low: f64) -> f64 {
        let unit = f64::from_bits(high.to_bits() + 1) - high;
        ((found - high) - low).abs() / unit
    }

    /// `exp x` to about 30 digits: `x` is halved until its series is short, and
    /// the result squared in double-double arithmetic (Dekker 1971).
    fn reference(x: f64) -> (f64, f64) {
        type Double = (f64, f64);
        fn two_sum(a: f64, b: f64) -> Double {
            let s = a + b;
            let t = s - a;
            (s, (a - (s - t)) + (b - t))
        }
        fn multiply(a: Double, b: Double) -> Double {
            let p = a.0 * b.0;
            let e = a.0.mul_add(b.0, -p) + (a.0 * b.1 + a.1 * b.0);
            two_sum(p, e)
        }
        fn add(a: Double, b: Double) -> Double {
            let (s, e) = two_sum(a.0, b.0);
            two_sum(s, e + a.1 + b.1)
        }
        let small = x / 1024.0;
        let mut term: Double = (1.0, 0.0);
        let mut sum: Double = (1.0, 0.0);
        for n in 1..24 {
            let next = multiply(term, (small, 0.0));
            // Divide by n with one correction.
            let quotient = next.0 / f64::from(n);
            let rest = (-quotient).mul_add(f64::from(n), next.0) + next.1;
            term = two_sum(quotient, rest / f64::from(n));
            sum = add(sum, term);
        }
        for _ in 0..10 {
            sum = multiply(sum, sum);
        }
        sum
    }

    fn worst<A: Arithmetic>() -> f64 {
        let mut worst: f64 = 0.0;
        let mut x = -707.9;
        while x < 709.0 {
            let (high, low) = reference(x);
            worst = worst.max(error(exp_by::<A>(x), high, low));
            x += 0.012_345_678_9;
        }
        worst
    }

    #[test]
    fn within_one_unit_in_the_last_place() {
        assert!(worst::<Fused>() <= 1.0, "{}", worst::<Fused>());
        assert!(worst::<Plain>() <= 1.5, "{}", worst::<Plain>());
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

    #[test]
    fn the_quick_division_is_a_division() {
        let mut x = 0.731;
        for n in [1, 7, 49, 100] {
            let row: Vec<f64> = (0..n)
                .map(|_| {
                    x = (x * 3.99 * (1.0 - x) + 0.001_f64).fract();
                    x
                })
                .collect();
            let by: f64 = row.iter().sum();
            let (mut quick, mut slow) = (row.clone(), row);
            divide::<Fused>(&mut quick, by);
            divide::<Plain>(&mut slow, by);
            assert_eq!(quick, slow);
        }
        // Certain is certain.
        let mut certain = vec![0.0; 49];
        certain[3] = 49.0;
        assert!(share::<Fused>(&mut certain));
        assert_eq!(certain[3], 1.0);
    }

    #[test]
    fn rows_agree_on_all_machines() {
        for n in [2, 3, 15, 16, 17, 50, 1000] {
            let factors: Vec<f64> = (0..n).map(|i| f64::from(i % 5)).collect();
            let exponents: Vec<f64> = (0..n).map(|i| f64::from(i * 37 % 101) / 7.0).collect();
            let (mut fast, mut slow) = (factors.clone(), factors.clone());
            assert_eq!(weigh_row(&mut fast, &exponents), Ok(()));
            assert_eq!(weigh::<Plain>(&mut slow, &exponents), Ok(()));
            assert!((fast.iter().sum::<f64>() - 1.0).abs() < 1e-14);
            for (a, b) in fast.iter().zip(&slow) {
                assert!((a - b).abs() <= 1e-15, "{a} is not {b}");
            }
        }
    }
}
