//! Densities of large parameters, where factors would leave the range of numbers and logarithms
//! lose digits: by deviances and what Stirling's formula lacks.
//!
//! Loader, *Fast and Accurate Computation of Binomial Probabilities*, 2000.

use std::f64::consts::TAU;

use super::plain;
use crate::Real;

/// Parameters above this are large: here Stirling's series has all the digits.
pub(super) const LARGE: f64 = 16.0;

/// So near to 0 a power is a product, even where it is 0: it still has the right derivatives,
/// and those of its logarithm are too large to be added up.
pub(super) const TINY: f64 = 1e-90;

/// Whether it is a factor that has lost no digits: neither 0, nor next to 0, nor infinite.
pub(super) fn is_whole<R: Real>(factor: R) -> bool {
    factor.value().is_normal()
}

/// What Stirling's formula (x − ½) ln x − x + ½ ln 2π lacks of the logarithm of the gamma
/// function.
pub(super) fn stirling_error<R: Real>(x: R) -> R {
    if x < LARGE {
        return x.ln_gamma() - (x - 0.5) * x.ln() + x - 0.5 * TAU.ln();
    }
    let r = plain::<R>(1.0) / x;
    let series = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0];
    odd_powers(r, &series)
}

/// c₀ x + c₁ x³ + c₂ x⁵ + …
pub(super) fn odd_powers<R: Real>(x: R, series: &[f64]) -> R {
    let square = x * x;
    series.iter().rev().fold(plain::<R>(0.0), |sum, c| sum * square + *c) * x
}

/// artanh(v) / v − 1 = v²/3 + v⁴/5 + …, given the square of v, which is at most 0.01.
pub(super) fn artanh_tail<R: Real>(square: R) -> R {
    (1..9).rev().fold(plain(0.0), |sum, i| (sum + 1.0 / f64::from(2 * i + 1)) * square)
}

/// x ln(x/m) − x + m, with all its digits where x is next to m, too.
pub(super) fn deviance<R: Real>(x: R, mean: R) -> R {
    if mean.value() == f64::INFINITY {
        return plain(f64::INFINITY);
    }
    let (a, m) = (x.primal(), mean.primal());
    let (apart, together, ratio) = (a - m, a + m, a / m);
    let value = if apart.value().abs() < 0.1 * together.value() {
        let v = apart / together;
        (apart + a * artanh_tail(v * v) * 2.0) * v
    } else {
        a * ratio.ln() - apart
    };
    x.chain2(mean, value, (ratio.ln(), -ratio + 1.0))
}

/// A power whose exponent does not change: a product where it is a whole number and small.
pub(super) fn power<R: Real>(x: R, exponent: f64) -> R {
    if is_few(exponent) { x.powi(exponent as i32) } else { x.powf(plain(exponent)) }
}

/// (1 − p)ⁿ where n does not change.
pub(super) fn power_of_rest<R: Real>(p: R, n: f64) -> R {
    if is_few(n) || p.value().abs() > 0.1 { power(-p + 1.0, n) } else { high_power_of_rest(p, plain(n)) }
}

/// (1 − p)ⁿ where p is small: 1 − p has lost digits of it that a high power would need.
pub(super) fn high_power_of_rest<R: Real>(p: R, n: R) -> R {
    (-deviance(n, (-p + 1.0) * n) - p * n).exp()
}

/// Chance of so many successes in many trials.
#[inline(never)]
pub(super) fn chance_of_many<R: Real>(some: f64, all: f64, p: R) -> R {
    let (rest, chance) = (all - some, p.value());
    let (few, inside) = (some.min(rest), chance > TINY && chance < 1.0);
    if few <= 32.0 || !inside {
        // A coefficient that is infinite is a factor of nothing here.
        let choose = coefficient(all, some).min(f64::MAX);
        let (hits, misses) = (power(p, some), power_of_rest(p, rest));
        if few == 0.0 || !inside || is_whole(hits) && is_whole(misses) && choose < f64::MAX {
            return hits * choose * misses;
        }
    }
    let (hits, misses) = (deviance(plain(some), p * all), deviance(plain(rest), (-p + 1.0) * all));
    let error = stirling_error(all) - stirling_error(some) - stirling_error(rest);
    (-hits - misses + error).exp() * (all / (TAU * some) / rest).sqrt()
}

/// Whether it is a whole number of factors that together lose no more than a power does.
pub(super) fn is_few(factors: f64) -> bool {
    f64::from(factors as u8) == factors && factors <= 32.0
}

/// The binomial coefficient: exact where it is small.
#[inline(always)]
pub(super) fn coefficient(all: f64, some: f64) -> f64 {
    let few = some.min(all - some);
    if !(is_few(few) && (is_few(all) || all.fract() == 0.0)) {
        return (libm::lgamma(all + 1.0) - libm::lgamma(some + 1.0) - libm::lgamma(all - some + 1.0)).exp();
    }
    // Each product is a coefficient, too: nothing is left over.
    (1..=few as i32).fold(1.0, |product, i| product * (all - few + f64::from(i)) / f64::from(i))
}

/// Beta density where one parameter is large, or both.
#[inline(never)]
pub(super) fn beta_of_large<R: Real>(x: R, a: R, b: R) -> R {
    let (all, rest, inside) = (a + b, -x + 1.0, x > TINY && x < 1.0);
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    if small <= LARGE {
        let norm = (ln_rising(large, small) - small.ln_gamma()).exp();
        let high = b > LARGE && x < 0.1;
        let misses = if high { high_power_of_rest(x, b - 1.0) } else { rest.powf(b - 1.0) };
        let hits = x.powf(a - 1.0);
        if is_whole(norm) && is_whole(hits) && is_whole(misses) || !inside {
            return norm * hits * misses;
        }
    } else if !inside {
        return plain(0.0);
    }
    let errors = stirling_error(all) - stirling_error(a) - stirling_error(b);
    let root = (a / all * b * (1.0 / TAU)).sqrt();
    (errors - deviance(a, all * x) - deviance(b, all * rest)).exp() * root / (x * rest)
}

/// ln Γ(x + y) − ln Γ(x) where x is large and y is not.
pub(super) fn ln_rising<R: Real>(x: R, y: R) -> R {
    let sum = x + y;
    y * sum.ln() - deviance(x, sum) - (sum / x).ln() * 0.5 + stirling_error(sum) - stirling_error(x)
}

/// Gamma density where the shape is large, or factors are that otherwise make it up.
#[inline(never)]
pub(super) fn gamma_of_large<R: Real>(x: R, shape: R, rate: R) -> R {
    let mean = rate * x;
    if mean.value() == f64::INFINITY || mean == 0.0 && shape > LARGE {
        return plain(0.0);
    }
    if shape <= LARGE {
        return (shape * rate.ln() - shape.ln_gamma() - mean + (shape - 1.0) * x.ln()).exp();
    }
    (-deviance(shape, mean) - stirling_error(shape)).exp() * (shape * (1.0 / TAU)).sqrt() / x
}
