//! What is believed of a parameter before the data.

use libm::lgamma as ln_gamma;

use crate::real::{Dual, Real};

/// A distribution of a parameter before the data: its density is multiplied with the
/// likelihood, so the estimate is the one of maximal posterior density (MAP).
///
/// The density is that of the parameter itself, whatever its
/// [`Transform`](super::Transform): an estimate does not depend on how the search
/// sees a parameter.
///
/// ```
/// use memo_runtime::fit::Prior;
/// // ln of the density 2 e⁻²ˣ.
/// assert_eq!(Prior::exponential(2.0).log_density(1.5), 2.0_f64.ln() - 3.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior(Kind);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Normal { mean: f64, deviation: f64 },
    HalfNormal { deviation: f64 },
    LogNormal { mean: f64, deviation: f64 },
    Exponential { rate: f64 },
    Gamma { shape: f64, rate: f64 },
    Beta { a: f64, b: f64 },
}

impl Prior {
    /// A normal distribution.
    #[must_use]
    pub const fn normal(mean: f64, deviation: f64) -> Self {
        Self(Kind::Normal { mean, deviation })
    }

    /// The absolute value of a normal number with mean 0.
    #[must_use]
    pub const fn half_normal(deviation: f64) -> Self {
        Self(Kind::HalfNormal { deviation })
    }

    /// A number whose logarithm is normal with this mean and deviation.
    #[must_use]
    pub const fn log_normal(mean: f64, deviation: f64) -> Self {
        Self(Kind::LogNormal { mean, deviation })
    }

    /// An exponential distribution with mean `1 / rate`.
    #[must_use]
    pub const fn exponential(rate: f64) -> Self {
        Self(Kind::Exponential { rate })
    }

    /// A gamma distribution with mean `shape / rate`.
    #[must_use]
    pub const fn gamma(shape: f64, rate: f64) -> Self {
        Self(Kind::Gamma { shape, rate })
    }

    /// A beta distribution, between 0 and 1, with mean `a / (a + b)`.
    #[must_use]
    pub const fn beta(a: f64, b: f64) -> Self {
        Self(Kind::Beta { a, b })
    }

    /// The natural logarithm of the density; −∞ where there is none.
    #[must_use]
    pub fn log_density(&self, x: f64) -> f64 {
        let (low, high) = self.support();
        if x < low || x > high { f64::NEG_INFINITY } else { self.log_density_of(x) }
    }

    /// The derivative of [`Prior::log_density`].
    pub(super) fn slope(&self, x: f64) -> f64 {
        self.log_density_of(Dual::<1>::variable(x, 0)).slopes()[0]
    }

    /// Its second derivative.
    pub(super) fn bend(&self, x: f64) -> f64 {
        let x = Dual::<1, Dual<1>>::variable(Dual::variable(x, 0), 0);
        self.log_density_of(x).slopes()[0].slopes()[0]
    }

    fn log_density_of<R: Real>(&self, x: R) -> R {
        let root = 0.5 * std::f64::consts::TAU.ln();
        match self.0 {
            Kind::Normal { mean, deviation } => {
                ((x - mean) / deviation).powi(2) * -0.5 - deviation.ln() - root
            }
            Kind::HalfNormal { deviation } => {
                (x / deviation).powi(2) * -0.5 - deviation.ln() - root + std::f64::consts::LN_2
            }
            Kind::LogNormal { mean, deviation } => {
                ((x.ln() - mean) / deviation).powi(2) * -0.5 - x.ln() - deviation.ln() - root
            }
            Kind::Exponential { rate } => x * -rate + rate.ln(),
            Kind::Gamma { shape, rate } => {
                power(x, shape - 1.0) - x * rate + shape * rate.ln() - ln_gamma(shape)
            }
            Kind::Beta { a, b } => {
                power(x, a - 1.0) + power(-x + 1.0, b - 1.0) + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b)
            }
        }
    }

    /// Between what it has a density.
    pub(super) fn support(&self) -> (f64, f64) {
        match self.0 {
            Kind::Normal { .. } => (f64::NEG_INFINITY, f64::INFINITY),
            Kind::Beta { .. } => (0.0, 1.0),
            _ => (0.0, f64::INFINITY),
        }
    }

    /// The number of it that may not be: a deviation, rate or shape that is not positive.
    pub(super) fn bad_number(&self) -> Option<f64> {
        let numbers = match self.0 {
            Kind::Normal { deviation, mean } | Kind::LogNormal { deviation, mean } => {
                if !mean.is_finite() {
                    return Some(mean);
                }
                [deviation, 1.0]
            }
            Kind::HalfNormal { deviation } => [deviation, 1.0],
            Kind::Exponential { rate } => [rate, 1.0],
            Kind::Gamma { shape, rate } => [shape, rate],
            Kind::Beta { a, b } => [a, b],
        };
        numbers.into_iter().find(|x| !(*x > 0.0 && x.is_finite()))
    }
}

/// The logarithm of a power, of which 0⁰ is 1.
fn power<R: Real>(x: R, exponent: f64) -> R {
    if exponent == 0.0 { R::from(0.0) } else { x.ln() * exponent }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every density adds up to 1, by the midpoint rule, and has the slope of its
    /// differences.
    #[test]
    fn densities_are_normalised() {
        let priors = [
            (Prior::normal(1.0, 0.5), -5.0, 7.0),
            (Prior::half_normal(2.0), 0.0, 20.0),
            (Prior::log_normal(0.2, 0.4), 0.0, 30.0),
            (Prior::exponential(1.5), 0.0, 30.0),
            (Prior::gamma(2.5, 1.2), 0.0, 40.0),
            (Prior::beta(2.0, 3.5), 0.0, 1.0),
        ];
        for (prior, low, high) in priors {
            let steps = 200_000;
            let step = (high - low) / f64::from(steps);
            let total: f64 =
                (0..steps).map(|i| prior.log_density(low + (f64::from(i) + 0.5) * step).exp() * step).sum();
            assert!((total - 1.0).abs() < 1e-6, "{prior:?}: {total}");
            let (x, h) = (0.4, 1e-5);
            let found = (prior.log_density(x + h) - prior.log_density(x - h)) / (2.0 * h);
            assert!((prior.slope(x) - found).abs() < 1e-7, "{prior:?}");
            let found = (prior.slope(x + h) - prior.slope(x - h)) / (2.0 * h);
            assert!((prior.bend(x) - found).abs() < 1e-6 * found.abs().max(1.0), "{prior:?}");
        }
        assert_eq!(Prior::beta(1.0, 1.0).log_density(0.0), 0.0);
        assert_eq!(Prior::beta(1.0, 1.0).log_density(1.5), f64::NEG_INFINITY);
    }
}
