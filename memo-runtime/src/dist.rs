//! Densities and mass functions, on plain numbers. Outside its support each
//! is 0.
//!
//! Formulas: Johnson, Kotz & Balakrishnan, *Continuous Univariate
//! Distributions*; Johnson, Kemp & Kotz, *Univariate Discrete Distributions*.

use std::f64::consts::PI;

fn is_count(k: f64) -> bool {
    k >= 0.0 && k.fract() == 0.0
}

/// Normal density.
///
/// ```
/// let p = memo_runtime::dist::normal_pdf(0.0, 0.0, 1.0);
/// assert!((p - 0.3989422804014327).abs() < 1e-15);
/// ```
#[must_use]
pub fn normal_pdf(x: f64, mean: f64, sd: f64) -> f64 {
    normal_logpdf(x, mean, sd).exp()
}

/// Logarithm of the normal density.
///
/// ```
/// let p = memo_runtime::dist::normal_logpdf(3.0, 1.0, 2.0);
/// assert!((p - (-0.5 - 2.0_f64.ln() - 0.5 * (2.0 * std::f64::consts::PI).ln())).abs() < 1e-12);
/// ```
#[must_use]
pub fn normal_logpdf(x: f64, mean: f64, sd: f64) -> f64 {
    let z = (x - mean) / sd;
    -0.5 * z * z - sd.ln() - 0.5 * (2.0 * PI).ln()
}

/// Chance of `k` (0 or 1) in one trial.
///
/// ```
/// use memo_runtime::dist::bernoulli_pmf;
/// assert_eq!((bernoulli_pmf(1.0, 0.25), bernoulli_pmf(0.0, 0.25)), (0.25, 0.75));
/// ```
#[must_use]
pub fn bernoulli_pmf(k: f64, p: f64) -> f64 {
    if k == 1.0 {
        p
    } else if k == 0.0 {
        1.0 - p
    } else {
        0.0
    }
}

/// Chance of `k` successes in `n` trials.
///
/// ```
/// let p = memo_runtime::dist::binomial_pmf(5.0, 10.0, 0.5);
/// assert!((p - 0.24609375).abs() < 1e-12);
/// ```
#[must_use]
pub fn binomial_pmf(k: f64, n: f64, p: f64) -> f64 {
    if !is_count(k) || k > n {
        return 0.0;
    }
    let choose = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    choose.exp().round_if_small() * p.powf(k) * (1.0 - p).powf(n - k)
}

trait RoundIfSmall {
    fn round_if_small(self) -> f64;
}

impl RoundIfSmall for f64 {
    /// Binomial coefficients are integers: small ones are made exact.
    fn round_if_small(self) -> f64 {
        if self < 1e12 { self.round() } else { self }
    }
}

/// Chance of `k` events at the given rate.
///
/// ```
/// let p = memo_runtime::dist::poisson_pmf(2.0, 3.0);
/// assert!((p - 4.5 * (-3.0_f64).exp()).abs() < 1e-12);
/// ```
#[must_use]
pub fn poisson_pmf(k: f64, rate: f64) -> f64 {
    if !is_count(k) {
        return 0.0;
    }
    if rate == 0.0 {
        return if k == 0.0 { 1.0 } else { 0.0 };
    }
    (k * rate.ln() - rate - libm::lgamma(k + 1.0)).exp()
}

/// Chance that the first success comes in trial `k` = 1, 2, …
///
/// ```
/// let p = memo_runtime::dist::geometric_pmf(3.0, 0.5);
/// assert!((p - 0.125).abs() < 1e-12);
/// ```
#[must_use]
pub fn geometric_pmf(k: f64, p: f64) -> f64 {
    if is_count(k) && k >= 1.0 { p * (1.0 - p).powf(k - 1.0) } else { 0.0 }
}

/// Beta density.
///
/// ```
/// let p = memo_runtime::dist::beta_pdf(0.5, 2.0, 2.0);
/// assert!((p - 1.5).abs() < 1e-12);
/// ```
#[must_use]
pub fn beta_pdf(x: f64, a: f64, b: f64) -> f64 {
    if !(0.0..=1.0).contains(&x) {
        return 0.0;
    }
    let norm = (libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b)).exp();
    norm * x.powf(a - 1.0) * (1.0 - x).powf(b - 1.0)
}

/// Gamma density with shape and rate.
///
/// ```
/// let p = memo_runtime::dist::gamma_pdf(1.5, 2.0, 3.0);
/// assert!((p - 9.0 * 1.5 * (-4.5_f64).exp()).abs() < 1e-12);
/// ```
#[must_use]
pub fn gamma_pdf(x: f64, shape: f64, rate: f64) -> f64 {
    if x < 0.0 {
        return 0.0;
    }
    (shape * rate.ln() - libm::lgamma(shape) - rate * x).exp() * x.powf(shape - 1.0)
}

/// Exponential density.
///
/// ```
/// let p = memo_runtime::dist::exponential_pdf(1.5, 2.0);
/// assert!((p - 2.0 * (-3.0_f64).exp()).abs() < 1e-12);
/// ```
#[must_use]
pub fn exponential_pdf(x: f64, rate: f64) -> f64 {
    if x < 0.0 { 0.0 } else { rate * (-rate * x).exp() }
}

/// Density of the uniform distribution on `low..=high`.
///
/// ```
/// use memo_runtime::dist::uniform_pdf;
/// assert_eq!((uniform_pdf(3.0, 2.0, 6.0), uniform_pdf(7.0, 2.0, 6.0)), (0.25, 0.0));
/// ```
#[must_use]
pub fn uniform_pdf(x: f64, low: f64, high: f64) -> f64 {
    if (low..=high).contains(&x) { 1.0 / (high - low) } else { 0.0 }
}

/// Laplace density.
///
/// ```
/// let p = memo_runtime::dist::laplace_pdf(0.0, 1.0, 2.0);
/// assert!((p - 0.25 * (-0.5_f64).exp()).abs() < 1e-12);
/// ```
#[must_use]
pub fn laplace_pdf(x: f64, mean: f64, scale: f64) -> f64 {
    (-(x - mean).abs() / scale).exp() / (2.0 * scale)
}

/// Logistic density.
///
/// ```
/// let p = memo_runtime::dist::logistic_pdf(1.0, 1.0, 2.0);
/// assert!((p - 0.125).abs() < 1e-12);
/// ```
#[must_use]
pub fn logistic_pdf(x: f64, mean: f64, scale: f64) -> f64 {
    let e = (-(x - mean).abs() / scale).exp();
    e / (scale * (1.0 + e) * (1.0 + e))
}

/// Cauchy density.
///
/// ```
/// let p = memo_runtime::dist::cauchy_pdf(3.0, 1.0, 2.0);
/// assert!((p - 0.25 / std::f64::consts::PI).abs() < 1e-12);
/// ```
#[must_use]
pub fn cauchy_pdf(x: f64, location: f64, scale: f64) -> f64 {
    let z = (x - location) / scale;
    1.0 / (PI * scale * (1.0 + z * z))
}

/// Student's t density.
///
/// ```
/// let p = memo_runtime::dist::student_t_pdf(0.0, 1.0);
/// assert!((p - 1.0 / std::f64::consts::PI).abs() < 1e-12);
/// ```
#[must_use]
pub fn student_t_pdf(x: f64, freedom: f64) -> f64 {
    let half = 0.5 * (freedom + 1.0);
    let norm = (libm::lgamma(half) - libm::lgamma(0.5 * freedom)).exp() / (freedom * PI).sqrt();
    norm * (1.0 + x * x / freedom).powf(-half)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12 * b.abs().max(1.0), "{a} is not {b}");
    }

    #[test]
    fn known_values() {
        close(poisson_pmf(2.0, 3.0), 4.5 * (-3.0_f64).exp());
        close(beta_pdf(0.5, 2.0, 2.0), 1.5);
        close(gamma_pdf(1.0, 1.0, 2.0), 2.0 * (-2.0_f64).exp());
        close(student_t_pdf(0.0, 1.0), 1.0 / PI);
        close((0..=10).map(|k| binomial_pmf(f64::from(k), 10.0, 0.3)).sum(), 1.0);
        close(geometric_pmf(3.0, 0.5), 0.125);
        close(logistic_pdf(0.0, 0.0, 1.0), 0.25);
    }

    #[test]
    fn nothing_outside_the_support() {
        assert_eq!(binomial_pmf(1.5, 3.0, 0.5), 0.0);
        assert_eq!(beta_pdf(1.2, 2.0, 2.0), 0.0);
        assert_eq!(exponential_pdf(-1.0, 1.0), 0.0);
        assert_eq!(poisson_pmf(-1.0, 1.0), 0.0);
    }
}
