//! Densities and mass functions, on real numbers with or without derivatives.
//! Outside its support each is 0.
//!
//! Formulas: Johnson, Kotz & Balakrishnan, *Continuous Univariate
//! Distributions*; Johnson, Kemp & Kotz, *Univariate Discrete Distributions*.

use std::f64::consts::PI;

use crate::Real;

fn is_count<R: Real>(k: R) -> bool {
    // What is asked of small numbers without a call of a function.
    f64::from(k.value() as u32) == k.value() || k >= 0.0 && k.value().fract() == 0.0
}

/// A plain number.
fn plain<R: Real>(x: f64) -> R {
    R::from(x)
}

/// Normal density.
///
/// ```
/// let p = memo_runtime::dist::normal_pdf(0.0, 0.0, 1.0);
/// assert!((p - 0.3989422804014327).abs() < 1e-15);
/// ```
#[must_use]
pub fn normal_pdf<R: Real>(x: R, mean: R, sd: R) -> R {
    let (spread, distance) = (sd.primal(), x - mean);
    if spread < 0.0 {
        return plain(f64::NAN);
    }
    let z = distance.primal() / spread;
    let density = (-(z * z) * 0.5).exp() / (spread * (2.0 * PI).sqrt());
    let by_distance = -density.times(z) / spread;
    distance.chain2(sd, density, (by_distance, density.times(z * z - 1.0) / spread))
}

/// Logarithm of the normal density.
///
/// ```
/// let p = memo_runtime::dist::normal_logpdf(3.0, 1.0, 2.0);
/// assert!((p - (-0.5 - 2.0_f64.ln() - 0.5 * (2.0 * std::f64::consts::PI).ln())).abs() < 1e-12);
/// ```
#[must_use]
pub fn normal_logpdf<R: Real>(x: R, mean: R, sd: R) -> R {
    let z = (x - mean) / sd;
    -z * z * 0.5 - sd.ln() - 0.5 * (2.0 * PI).ln()
}

/// Chance of `k` (0 or 1) in one trial.
///
/// ```
/// use memo_runtime::dist::bernoulli_pmf;
/// assert_eq!((bernoulli_pmf(1.0, 0.25), bernoulli_pmf(0.0, 0.25)), (0.25, 0.75));
/// ```
#[must_use]
pub fn bernoulli_pmf<R: Real>(k: R, p: R) -> R {
    if k == 1.0 {
        p
    } else if k == 0.0 {
        -p + 1.0
    } else {
        plain(0.0)
    }
}

/// Chance of `k` successes in `n` trials.
///
/// ```
/// let p = memo_runtime::dist::binomial_pmf(5.0, 10.0, 0.5);
/// assert!((p - 0.24609375).abs() < 1e-12);
/// ```
#[must_use]
pub fn binomial_pmf<R: Real>(k: R, n: R, p: R) -> R {
    if !is_count(k) || k > n {
        return plain(0.0);
    }
    let (all, some) = (n.value(), k.value());
    let choose = coefficient(all, some);
    if !is_few(all) {
        return p.powf(k) * (-p + 1.0).powf(n - k) * choose;
    }
    // Whole powers are products.
    p.powi(some as i32) * (-p + 1.0).powi((all - some) as i32) * choose
}

/// Whether it is a whole number of factors that together lose no more than a power does.
fn is_few(factors: f64) -> bool {
    f64::from(factors as u8) == factors && factors <= 32.0
}

/// The binomial coefficient: exact where it is small.
fn coefficient(all: f64, some: f64) -> f64 {
    let few = some.min(all - some);
    if !(is_few(few) && (is_few(all) || all.fract() == 0.0)) {
        return (libm::lgamma(all + 1.0) - libm::lgamma(some + 1.0) - libm::lgamma(all - some + 1.0)).exp();
    }
    // Each product is a coefficient, too: nothing is left over.
    (1..=few as i32).fold(1.0, |product, i| product * (all - few + f64::from(i)) / f64::from(i))
}

/// Chance of `k` events at the given rate.
///
/// ```
/// let p = memo_runtime::dist::poisson_pmf(2.0, 3.0);
/// assert!((p - 4.5 * (-3.0_f64).exp()).abs() < 1e-12);
/// ```
#[must_use]
pub fn poisson_pmf<R: Real>(k: R, rate: R) -> R {
    if !is_count(k) {
        return plain(0.0);
    }
    if rate == 0.0 {
        // The first terms of its series: what has second derivatives there.
        return if k == 0.0 {
            -rate + 1.0 + rate * rate * 0.5
        } else if k == 1.0 {
            rate - rate * rate
        } else if k == 2.0 {
            rate * rate * 0.5
        } else {
            plain(0.0)
        };
    }
    (k * rate.ln() - rate - libm::lgamma(k.value() + 1.0)).exp()
}

/// Chance that the first success comes in trial `k` = 1, 2, …
///
/// ```
/// let p = memo_runtime::dist::geometric_pmf(3.0, 0.5);
/// assert!((p - 0.125).abs() < 1e-12);
/// ```
#[must_use]
pub fn geometric_pmf<R: Real>(k: R, p: R) -> R {
    if is_count(k) && k >= 1.0 { p * (-p + 1.0).powf(k - 1.0) } else { plain(0.0) }
}

/// Beta density.
///
/// ```
/// let p = memo_runtime::dist::beta_pdf(0.5, 2.0, 2.0);
/// assert!((p - 1.5).abs() < 1e-12);
/// ```
#[must_use]
pub fn beta_pdf<R: Real>(x: R, a: R, b: R) -> R {
    if !(0.0..=1.0).contains(&x.value()) {
        return plain(0.0);
    }
    let norm = ((a + b).ln_gamma() - a.ln_gamma() - b.ln_gamma()).exp();
    norm * x.powf(a - 1.0) * (-x + 1.0).powf(b - 1.0)
}

/// Gamma density with shape and rate.
///
/// ```
/// let p = memo_runtime::dist::gamma_pdf(1.5, 2.0, 3.0);
/// assert!((p - 9.0 * 1.5 * (-4.5_f64).exp()).abs() < 1e-12);
/// ```
#[must_use]
pub fn gamma_pdf<R: Real>(x: R, shape: R, rate: R) -> R {
    if x < 0.0 {
        return plain(0.0);
    }
    (shape * rate.ln() - shape.ln_gamma() - rate * x).exp() * x.powf(shape - 1.0)
}

/// Exponential density.
///
/// ```
/// let p = memo_runtime::dist::exponential_pdf(1.5, 2.0);
/// assert!((p - 2.0 * (-3.0_f64).exp()).abs() < 1e-12);
/// ```
#[must_use]
pub fn exponential_pdf<R: Real>(x: R, rate: R) -> R {
    if x < 0.0 { plain(0.0) } else { rate * (-rate * x).exp() }
}

/// Density of the uniform distribution on `low..=high`.
///
/// ```
/// use memo_runtime::dist::uniform_pdf;
/// assert_eq!((uniform_pdf(3.0, 2.0, 6.0), uniform_pdf(7.0, 2.0, 6.0)), (0.25, 0.0));
/// ```
#[must_use]
pub fn uniform_pdf<R: Real>(x: R, low: R, high: R) -> R {
    if (low..=high).contains(&x) { plain::<R>(1.0) / (high - low) } else { plain(0.0) }
}

/// Laplace density.
///
/// ```
/// let p = memo_runtime::dist::laplace_pdf(0.0, 1.0, 2.0);
/// assert!((p - 0.25 * (-0.5_f64).exp()).abs() < 1e-12);
/// ```
#[must_use]
pub fn laplace_pdf<R: Real>(x: R, mean: R, scale: R) -> R {
    (-(x - mean).abs() / scale).exp() / (scale * 2.0)
}

/// Logistic density.
///
/// ```
/// let p = memo_runtime::dist::logistic_pdf(1.0, 1.0, 2.0);
/// assert!((p - 0.125).abs() < 1e-12);
/// ```
#[must_use]
pub fn logistic_pdf<R: Real>(x: R, mean: R, scale: R) -> R {
    let e = (-(x - mean).abs() / scale).exp();
    e / (scale * (e + 1.0) * (e + 1.0))
}

/// Cauchy density.
///
/// ```
/// let p = memo_runtime::dist::cauchy_pdf(3.0, 1.0, 2.0);
/// assert!((p - 0.25 / std::f64::consts::PI).abs() < 1e-12);
/// ```
#[must_use]
pub fn cauchy_pdf<R: Real>(x: R, location: R, scale: R) -> R {
    let z = (x - location) / scale;
    plain::<R>(1.0) / (scale * PI * (z * z + 1.0))
}

/// Student's t density.
///
/// ```
/// let p = memo_runtime::dist::student_t_pdf(0.0, 1.0);
/// assert!((p - 1.0 / std::f64::consts::PI).abs() < 1e-12);
/// ```
#[must_use]
pub fn student_t_pdf<R: Real>(x: R, freedom: R) -> R {
    let half = (freedom + 1.0) * 0.5;
    let norm = (half.ln_gamma() - (freedom * 0.5).ln_gamma()).exp() / (freedom * PI).sqrt();
    norm * (x * x / freedom + 1.0).powf(-half)
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

    /// Pascal's triangle, and beyond it logarithms.
    #[test]
    fn coefficients() {
        let mut row = vec![1.0];
        for n in 0..50 {
            for (k, wanted) in row.iter().enumerate() {
                assert_eq!(coefficient(f64::from(n), k as f64), *wanted, "{n} over {k}");
            }
            let inner = row.windows(2).map(|pair| pair[0] + pair[1]);
            row = std::iter::once(1.0).chain(inner).chain([1.0]).collect();
        }
        close(coefficient(80.0, 40.0) / 107_507_208_733_336_176_461_620.0, 1.0);
        close(binomial_pmf(20.0, 40.0, 0.4), binomial_pmf(20.0, 40.0, 0.6));
        close((0..=40).map(|k| binomial_pmf(f64::from(k), 40.0, 0.3)).sum(), 1.0);
    }

    #[test]
    fn normal_densities_and_their_slopes() {
        use crate::Dual;
        for (x, mean, sd) in [(0.3, 0.3, 0.2), (-1.0, 2.0, 1.7), (4.0, 0.0, 0.5)] {
            close(normal_pdf(x, mean, sd), normal_logpdf(x, mean, sd).exp());
            let [x, mean, sd] = [(x, 0), (mean, 1), (sd, 2)].map(|(x, at)| Dual::<3>::variable(x, at));
            let (found, wanted) = (normal_pdf(x, mean, sd), normal_logpdf(x, mean, sd).exp());
            found.slopes().iter().zip(wanted.slopes()).for_each(|(a, b)| close(*a, *b));
        }
        assert!(normal_pdf(0.0, 0.0, -1.0).is_nan() && normal_pdf(0.0, 0.0, 0.0).is_nan());
        let far = normal_pdf(Dual::<1>::from(1e200), Dual::from(0.0), Dual::variable(1.0, 0));
        assert_eq!((far.value(), far.slopes()), (0.0, &[0.0]));
    }

    /// Against products that are written out, also where the chance is 0, 1, or next to nothing.
    #[test]
    fn binomial_slopes() {
        use crate::Dual;
        type Bent = Dual<1, Dual<1>>;
        for n in 0..5_i32 {
            for k in 0..=n {
                for chance in [0.0, 1e-200, 0.3, 0.5, 0.999, 1.0] {
                    let p = Bent::variable(Dual::variable(chance, 0), 0);
                    let found = binomial_pmf(Bent::from(f64::from(k)), Bent::from(f64::from(n)), p);
                    let product = |of: Bent, times: i32| (0..times).fold(Bent::from(1.0), |all, _| all * of);
                    let choose = coefficient(f64::from(n), f64::from(k));
                    let wanted = product(p, k) * product(-p + 1.0, n - k) * choose;
                    let ([a], [b]) = (*found.slopes(), *wanted.slopes());
                    close(found.value(), wanted.value());
                    close(a.value(), b.value());
                    close(a.slopes()[0], b.slopes()[0]);
                }
            }
        }
    }

    /// rᵏ e⁻ʳ / k! at 0: its derivatives are those of its series.
    #[test]
    fn a_rate_of_nothing_bends() {
        use crate::Dual;
        let rate = Dual::<1, Dual<1>>::variable(Dual::variable(0.0, 0), 0);
        let wanted = [(1.0, -1.0, 1.0), (0.0, 1.0, -2.0), (0.0, 0.0, 1.0), (0.0, 0.0, 0.0)];
        for (k, (value, slope, bend)) in wanted.into_iter().enumerate() {
            let found = poisson_pmf(Dual::from(k as f64), rate);
            let [first] = *found.slopes();
            assert_eq!((found.value(), first.value(), first.slopes()[0]), (value, slope, bend), "{k}");
        }
    }

    #[test]
    fn nothing_outside_the_support() {
        assert_eq!(binomial_pmf(1.5, 3.0, 0.5), 0.0);
        assert_eq!(beta_pdf(1.2, 2.0, 2.0), 0.0);
        assert_eq!(exponential_pdf(-1.0, 1.0), 0.0);
        assert_eq!(poisson_pmf(-1.0, 1.0), 0.0);
    }
}
