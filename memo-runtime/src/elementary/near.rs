//! Weights `factor · exp(scale · x)`, many at a time: of exponents that are near 0, or below.
//!
//! Where a machine picks numbers from a small table at once, `exp x` is `2^k · 2^(j/16) · exp r`
//! with `16 k + j` the integer nearest to `16 x / ln 2` and `|r| ≤ ln 2 / 32` (Tang 1989): then
//! `(exp r - 1 - r) / r²` has degree 4, the best such (Remez), and what is left out is below
//! 1.2e-17. Elsewhere it is as in [`super`].

use super::{LEAST, LN_2_HIGH, LN_2_LOW, ROUND, SERIES, polynomial, times_power, weight};
use crate::machine::{Arithmetic, LANES};

/// Weights, and for each the power of two that its exponential is a small multiple of, in steps
/// of [`steps_of_two`] and modulo 2^64; where that is beyond ±1000 all else is rubbish.
#[inline(always)]
pub(crate) fn near_weights<A: Arithmetic>(
    factors: &[f64; LANES],
    scale: f64,
    exponents: &[f64; LANES],
) -> ([f64; LANES], [u64; LANES]) {
    if A::PICKS {
        by_sixteenths::<A>(factors, scale, exponents)
    } else {
        by_halves::<A>(factors, scale, exponents)
    }
}

/// Weights `factor · exp x` for `x ≤ 0`, as [`weight`] has them.
#[inline(always)]
pub(crate) fn weights_below<A: Arithmetic>(
    mut factors: [f64; LANES],
    exponents: &[f64; LANES],
) -> [f64; LANES] {
    if A::PICKS {
        let mut near = [0.0; LANES];
        for lane in 0..LANES {
            // Out of range they would be rubbish, and slow where that is below the normal numbers.
            let counts = (exponents[lane] >= LEAST) & (factors[lane] != 0.0);
            near[lane] = if counts { exponents[lane] } else { 0.0 };
            factors[lane] = if counts { factors[lane] } else { 0.0 };
        }
        (factors, _) = by_sixteenths::<A>(&factors, 1.0, &near);
    } else {
        for lane in 0..LANES {
            factors[lane] = weight::<A>(factors[lane], exponents[lane]);
        }
    }
    factors
}

/// How many steps a factor of two is for [`near_weights`].
#[inline(always)]
pub(crate) fn steps_of_two<A: Arithmetic>() -> u64 {
    if A::PICKS { 16 } else { 1 }
}

#[inline(always)]
fn by_halves<A: Arithmetic>(
    factors: &[f64; LANES],
    scale: f64,
    exponents: &[f64; LANES],
) -> ([f64; LANES], [u64; LANES]) {
    let turns = scale * std::f64::consts::LOG2_E;
    let (mut weights, mut powers) = ([0.0; LANES], [0; LANES]);
    for lane in 0..LANES {
        // As in `reduce`, but that nothing waits for the exponent.
        let shifted = A::fma(exponents[lane], turns, ROUND);
        let k = shifted - ROUND;
        let r = A::fma(-k, LN_2_LOW, A::fma(-k, LN_2_HIGH, scale * exponents[lane]));
        // The factor and the power of two are there long before the series.
        let factor = factors[lane] * times_power(1.0, shifted);
        weights[lane] = A::fma(factor, halved_series::<A>(r), factor);
        powers[lane] = shifted.to_bits().wrapping_sub(ROUND.to_bits());
    }
    (weights, powers)
}

/// `exp r - 1` with the even and the odd powers side by side: half of it waits for the other.
#[inline(always)]
fn halved_series<A: Arithmetic>(r: f64) -> f64 {
    let [k, j, i, h, g, f, e, d, c, b, a] = SERIES;
    let square = r * r;
    let even = polynomial::<A, _>([k, i, g, e, c, a], square);
    let odd = polynomial::<A, _>([j, h, f, d, b], square);
    A::fma(square, A::fma(odd, r, even), r)
}

/// The bits of `2^(j/16)` less `j · 2^48`: what `16 k + j`, shifted by 48 bits, makes
/// `2^k · 2^(j/16)` when it is added.
const SIXTEENTHS: [u64; 16] = [
    0x3ff0_0000_0000_0000,
    0x3fef_b558_6cf9_890f,
    0x3fef_72b8_3c7d_517b,
    0x3fef_387a_6e75_6238,
    0x3fef_06fe_0a31_b715,
    0x3fee_dea6_4c12_3422,
    0x3fee_bfda_d536_2a27,
    0x3fee_ab07_dd48_5429,
    0x3fee_a09e_667f_3bcd,
    0x3fee_a114_73eb_0187,
    0x3fee_ace5_422a_a0db,
    0x3fee_c491_82a3_f090,
    0x3fee_e89f_995a_d3ad,
    0x3fef_199b_dd85_529c,
    0x3fef_5818_dcfb_a487,
    0x3fef_a4af_a2a4_90da,
];

#[inline(always)]
fn by_sixteenths<A: Arithmetic>(
    factors: &[f64; LANES],
    scale: f64,
    exponents: &[f64; LANES],
) -> ([f64; LANES], [u64; LANES]) {
    let turns = scale * (16.0 * std::f64::consts::LOG2_E);
    let mut shifted = [0; LANES];
    for lane in 0..LANES {
        shifted[lane] = A::fma(exponents[lane], turns, ROUND).to_bits();
    }
    let picked = A::pick(&SIXTEENTHS, &shifted);
    let (mut weights, mut powers) = ([0.0; LANES], [0; LANES]);
    for lane in 0..LANES {
        let k = f64::from_bits(shifted[lane]) - ROUND;
        let r = A::fma(-k, LN_2_LOW / 16.0, A::fma(-k, LN_2_HIGH / 16.0, scale * exponents[lane]));
        let square = r * r;
        let high = A::fma(A::fma(C6, r, C5), r, C4);
        let less_1 = A::fma(A::fma(high, square, A::fma(C3, r, C2)), square, r);
        let power = f64::from_bits(picked[lane].wrapping_add(shifted[lane] << 48));
        let factor = factors[lane] * power;
        weights[lane] = A::fma(factor, less_1, factor);
        powers[lane] = shifted[lane].wrapping_sub(ROUND.to_bits());
    }
    (weights, powers)
}

// Near to 1/2, 1/6, 1/24, 1/120 and 1/720.
const C2: f64 = 0.500_000_000_000_000_6;
const C3: f64 = 0.166_666_666_644_134_13;
const C4: f64 = 4.166_666_665_963_621e-2;
const C5: f64 = 8.333_472_061_958_091e-3;
const C6: f64 = 1.388_912_933_120_029_8e-3;

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_within, error, steps, true_exp};
    use super::*;
    use crate::machine::{Fused, Plain, on_this_machine};

    type Found = ([f64; LANES], [u64; LANES]);

    #[inline(always)]
    fn near_by<A: Arithmetic>(factors: &[f64; LANES], exponents: &[f64; LANES], steps: &mut u64) -> Found {
        *steps = steps_of_two::<A>();
        near_weights::<A>(factors, 0.5, exponents)
    }

    #[allow(unsafe_code, reason = "the machine's own instructions")]
    fn on_machine(factors: &[f64; LANES], exponents: &[f64; LANES], steps: &mut u64) -> Found {
        on_this_machine!(near_by(factors: &[f64; LANES], exponents: &[f64; LANES], steps: &mut u64) -> Found)
    }

    type Way = fn(&[f64; LANES], &[f64; LANES], &mut u64) -> Found;

    /// One rounding more than the exponential, and another of what it is picked from.
    #[test]
    fn weights_are_within_two_units_in_the_last_place() {
        for (way, limit) in [(on_machine as Way, 1.9), (near_by::<Fused>, 1.1), (near_by::<Plain>, 1.4)] {
            let mut worst: f64 = 0.0;
            for x in steps(-177.0, 0.012_345_67, 28_670) {
                let mut exponents = [x; LANES];
                exponents[1..].iter_mut().enumerate().for_each(|(at, e)| *e = x / (3 << at) as f64);
                let factor = |at: usize| if at % 4 == 3 { 0.0 } else { 1.0 + at as f64 / 7.0 };
                let factors = std::array::from_fn(factor);
                let mut steps = 0;
                let (weights, powers) = way(&factors, &exponents.map(|x| 2.0 * x), &mut steps);
                for lane in 0..LANES {
                    let (high, low) = true_exp(exponents[lane]);
                    let truth = super::super::times::<Fused>((high, low), (factors[lane], 0.0));
                    if factors[lane] == 0.0 {
                        assert_eq!(weights[lane], 0.0);
                    } else {
                        worst = worst.max(error(weights[lane], truth));
                    }
                    let turns = exponents[lane] * std::f64::consts::LOG2_E * steps as f64;
                    assert!((powers[lane] as i64 as f64 - turns).abs() <= 0.5 + 1e-9);
                }
            }
            assert_within(limit, worst);
            // What is picked for 0 is 1.
            assert_eq!(way(&[3.0; LANES], &[0.0; LANES], &mut 0).0, [3.0; LANES]);
        }
    }

    #[inline(always)]
    fn below_by<A: Arithmetic>(factors: [f64; LANES], exponents: &[f64; LANES]) -> [f64; LANES] {
        weights_below::<A>(factors, exponents)
    }

    #[allow(unsafe_code, reason = "the machine's own instructions")]
    fn below_on_machine(factors: [f64; LANES], exponents: &[f64; LANES]) -> [f64; LANES] {
        on_this_machine!(below_by(factors: [f64; LANES], exponents: &[f64; LANES]) -> [f64; LANES])
    }

    /// The whole range below 0, and what is beyond it.
    #[test]
    fn weights_below_are_weights() {
        for x in steps(-707.6, 0.123_456_7, 5_731) {
            let exponents = std::array::from_fn(|at| x / (at + 1) as f64);
            let factors = std::array::from_fn(|at| if at % 5 == 4 { 0.0 } else { 1.0 + at as f64 / 7.0 });
            let found = below_on_machine(factors, &exponents);
            for lane in 0..LANES {
                let wanted = weight::<Fused>(factors[lane], exponents[lane]);
                assert!((found[lane] - wanted).abs() <= 3.0 * f64::EPSILON * wanted, "{}", exponents[lane]);
            }
        }
        let mut exponents = [-1e300; LANES];
        exponents[..6].copy_from_slice(&[0.0, -0.0, -707.7, -707.71, f64::NEG_INFINITY, -3.0]);
        for way in [below_on_machine, below_by::<Plain>] {
            let found = way([1.0; LANES], &exponents);
            assert_eq!((found[0], found[1], found[3], found[4]), (1.0, 1.0, 0.0, 0.0));
            assert!(found[2] > 0.0 && found[6..].iter().all(|weight| *weight == 0.0));
            assert_eq!(way([0.0; LANES], &exponents), [0.0; LANES]);
        }
    }
}
