//! Densities and mass functions, on real numbers with or without derivatives.
//! Outside its support each is 0. No derivative passes through what is counted (successes,
//! trials, events): these are whole numbers.
//!
//! Formulas: Johnson, Kotz & Balakrishnan, *Continuous Univariate
//! Distributions*; Johnson, Kemp & Kotz, *Univariate Discrete Distributions*.

mod large;

use std::f64::consts::{PI, TAU};

use crate::Real;
use large::{
    LARGE, TINY, artanh_tail, beta_of_large, chance_of_many, coefficient, deviance, gamma_of_large, is_few,
    is_whole, odd_powers, power_of_rest, stirling_error,
};

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

/// Chance of `k` (0 or 1) in one trial. `k` is a whole number: no derivative passes through it.
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

/// Chance of `k` successes in `n` trials. `k` and `n` are whole numbers: no derivative passes
/// through them.
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
    if !is_few(all) {
        return chance_of_many(some, all, p);
    }
    // Whole powers are products.
    p.powi(some as i32) * (-p + 1.0).powi((all - some) as i32) * coefficient(all, some)
}

/// Chance of `k` events at the given rate. `k` is a whole number: no derivative passes through
/// it.
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
    if rate < 0.0 {
        return plain(f64::NAN);
    }
    let events = k.value();
    if events == 0.0 {
        return (-rate).exp();
    }
    if is_few(events) && rate.value() < 700.0 {
        return rate.powi(events as i32) * (-rate).exp() * (1.0 / FACTORIALS[events as usize]);
    }
    if rate == 0.0 {
        return plain(0.0);
    }
    (-deviance(plain(events), rate) - stirling_error(events)).exp() * (1.0 / (TAU * events).sqrt())
}

/// The products of the first whole numbers.
const FACTORIALS: [f64; 33] = {
    let mut products = [1.0; 33];
    let mut i = 1;
    while i < products.len() {
        products[i] = products[i - 1] * i as f64;
        i += 1;
    }
    products
};

/// Chance that the first success comes in trial `k` = 1, 2, … `k` is a whole number: no
/// derivative passes through it.
///
/// ```
/// let p = memo_runtime::dist::geometric_pmf(3.0, 0.5);
/// assert!((p - 0.125).abs() < 1e-12);
/// ```
#[must_use]
pub fn geometric_pmf<R: Real>(k: R, p: R) -> R {
    if is_count(k) && k >= 1.0 { p * power_of_rest(p, k.value() - 1.0) } else { plain(0.0) }
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
    if a.value().min(b.value()) > LARGE || a.value().max(b.value()) > 100.0 {
        return beta_of_large(x, a, b);
    }
    // Only a power can leave the range of numbers, and the others do not make up for it.
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
    if rate < 0.0 {
        return plain(f64::NAN);
    }
    let mean = rate * x;
    if shape <= LARGE {
        let (norm, power) = ((-mean - shape.ln_gamma()).exp(), mean.powf(shape - 1.0));
        if is_whole(norm) && is_whole(power) || x == 0.0 || x <= TINY && mean > 0.0 {
            return norm * power * rate;
        }
    }
    gamma_of_large(x, shape, rate)
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
    let z = (x - mean) / scale;
    // Both are the same function, and it has no kink in the middle; neither overflows.
    let e = (if z > 0.0 { -z } else { z }).exp();
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
    let distance = x - location;
    let z = distance / scale;
    if z.value().abs() > 1e100 {
        // The square would overflow, and 1 is nothing beside it.
        return scale / distance / (distance * PI);
    }
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
    let (half, ratio) = ((freedom + 1.0) * 0.5, x * (x / freedom));
    let large = freedom > 2.0 * LARGE;
    let norm = if large {
        // Γ(h + ½) / Γ(h) √h, whose logarithms would cancel: what their series differ by.
        let series = [-1.0 / 8.0, 1.0 / 192.0, -1.0 / 640.0, 17.0 / 14_336.0, -31.0 / 18_432.0];
        odd_powers(plain::<R>(2.0) / freedom, &series).exp() * (1.0 / TAU.sqrt())
    } else {
        (half.ln_gamma() - (freedom * 0.5).ln_gamma()).exp() / (freedom * PI).sqrt()
    };
    if ratio > 1e20 {
        // Beside the ratio 1 is nothing; the ratio itself may be infinite.
        let distance = if x < 0.0 { -x } else { x };
        return norm * (half * (freedom.ln() - distance.ln() * 2.0)).exp();
    }
    if !large || ratio > 0.1 {
        return norm * (ratio + 1.0).powf(-half);
    }
    // Freedom times a logarithm of next to 1: x² times what is left of it, next to 1 itself.
    let v = ratio / (ratio + 2.0);
    let left = (artanh_tail(v * v) + 1.0) / (ratio + 2.0);
    norm * (-x * x * left).exp() / (ratio + 1.0).sqrt()
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

    /// A number with its first and second derivatives.
    type Bent = crate::Dual<1, crate::Dual<1>>;

    fn c(x: f64) -> Bent {
        x.into()
    }

    /// A function's value, slope and bend.
    fn bends(f: impl Fn(Bent) -> Bent, x: f64) -> [f64; 3] {
        let found = f(Bent::variable(crate::Dual::variable(x, 0), 0));
        let [slope] = *found.slopes();
        [found.value(), slope.value(), slope.slopes()[0]]
    }

    /// Against what mpmath finds with 120 digits.
    #[test]
    fn parameters_of_all_sizes() {
        type Three = fn(Bent, Bent, Bent) -> Bent;
        type Two = fn(Bent, Bent) -> Bent;
        let of_three: &[(Three, [f64; 3], usize, [f64; 3])] = &[
            (binomial_pmf, [520.0, 1040.0, 0.51], 2, [0.0200894325814, -0.836054817313, -48.8785949617]),
            (binomial_pmf, [600.0, 1200.0, 0.49], 2, [0.018113710946, 0.869806047829, -45.282819857]),
            (binomial_pmf, [500.0, 2000.0, 0.26], 2, [0.0121946734713, -1.26763757498, 8.1698055768]),
            (binomial_pmf, [500.0, 1000.0, 0.2], 2, [3.10326226001e-99, 5.81861673752e-96, 1.0868691181e-92]),
            (binomial_pmf, [13.0, 40.0, 0.3], 2, [0.126068142093, 0.600324486156, -22.2977666287]),
            (binomial_pmf, [2.0, 1e9, 1e-9], 2, [0.183939720678, 183939720.862, -1.83939720494e17]),
            (binomial_pmf, [32.0, 1e15, 2e-14], 2, [0.0033643291313, 2.01859747878e12, 9.42012156765e26]),
            (binomial_pmf, [1.0, 40.0, 1e-20], 2, [4e-19, 40.0, -3120.0]),
            (beta_pdf, [0.5, 600.0, 600.0], 1, [27.6337743223, 0.0115188701629, -0.0230521475782]),
            (beta_pdf, [0.51, 600.0, 600.0], 0, [21.7451511957, -1042.44462315, -54353.9553406]),
            (beta_pdf, [0.45, 2000.0, 2100.0], 2, [0.000391308108579, 2.79115324085e-5, 1.89996680179e-6]),
            (beta_pdf, [1e-5, 1.5, 1e6], 2, [161.991800024, -0.00137693846059, 1.14610587002e-8]),
            (beta_pdf, [0.999, 400.0, 2.5], 0, [51.3069208013, -56468.4278489, -14831708.0623]),
            (beta_pdf, [0.3, 20.0, 30.0], 1, [2.11650075047, -0.576761530636, 0.0914130271666]),
            (gamma_pdf, [150.0, 150.0, 1.0], 0, [0.0325554094568, -0.000217036063046, -0.000214142248872]),
            (gamma_pdf, [150.0, 150.0, 1.0], 1, [0.0325554094568, 0.000108638606577, -0.000217398593197]),
            (gamma_pdf, [301.0, 300.0, 1.1], 2, [0.0050769511281, -0.143539254622, 2.79949798527]),
            (gamma_pdf, [15.0, 17.0, 1.3], 1, [0.0922858556451, 0.0154026142585, -0.00302065852529]),
            (gamma_pdf, [3e21, 10.0, 1e-21], 0, [2.70050393156e-24, 5.40100786312e-45, 8.10151179468e-66]),
            (gamma_pdf, [3e-21, 10.0, 1e21], 1, [2.70050393156e18, -3.11405991487e18, 3.30694588271e18]),
        ];
        let of_two: &[(Two, [f64; 2], usize, [f64; 3])] = &[
            (poisson_pmf, [150.0, 140.0], 1, [0.0229659531402, 0.0016404252243, -5.85866151536e-5]),
            (poisson_pmf, [81000.0, 81500.0], 1, [0.000301442807136, -1.84934237507e-6, 7.66966531009e-9]),
            (poisson_pmf, [1.0, 1e-20], 1, [1e-20, 1.0, -2.0]),
            (geometric_pmf, [1e9, 3e-9], 1, [1.4936120488e-10, -0.0995741368851, 49787068.5421]),
            (geometric_pmf, [50.0, 0.3], 1, [7.70770732563e-9, -5.13847155042e-7, 3.34000650777e-5]),
            (student_t_pdf, [3.0, 1e6], 1, [0.00443191710567, -6.8693817684e-14, 1.37387802664e-19]),
            (student_t_pdf, [3.0, 1e6], 0, [0.00443191710567, -0.013295644952, 0.0354548138858]),
            (student_t_pdf, [0.0, 10000.0], 1, [0.398932306969, 9.97330762436e-10, -1.99463658163e-13]),
            (student_t_pdf, [-2.0, 40.0], 1, [0.0561883089997, -5.10178371224e-5, 2.36480008816e-6]),
            (student_t_pdf, [7.0, 40.0], 1, [3.00559662126e-8, -3.53335940759e-9, 5.21530875664e-10]),
            (student_t_pdf, [1e200, 0.5], 1, [1.60350487707e-301, -7.3567648573e-299, 3.37518800222e-296]),
        ];
        let same = |found: [f64; 3], wanted: [f64; 3], row: usize| {
            for (a, b) in found.into_iter().zip(wanted) {
                assert!((a - b).abs() <= 1e-11 * b.abs(), "row {row}: {a} is not {b}");
            }
        };
        for (row, &(f, at, i, wanted)) in of_three.iter().enumerate() {
            let of = |x: Bent, j: usize| if i == j { x } else { c(at[j]) };
            same(bends(|x| f(of(x, 0), of(x, 1), of(x, 2)), at[i]), wanted, row);
        }
        for (row, &(f, at, i, wanted)) in of_two.iter().enumerate() {
            let found = bends(|x| if i == 0 { f(x, c(at[1])) } else { f(c(at[0]), x) }, at[i]);
            same(found, wanted, row);
        }
        let values = [
            (binomial_pmf(520.0, 1040.0, 0.5), 0.024735403208810385),
            (binomial_pmf(600.0, 1200.0, 0.5), 0.02302814526860268),
            (gamma_pdf(100.0, 99.0, 1.0), 0.03946238684105567),
            (beta_pdf(0.5, 2000.0, 2000.0), 50.45949662334134),
        ];
        for (a, b) in values {
            assert!((a - b).abs() <= 1e-13 * b, "{a} is not {b}");
        }
        let cauchy = bends(|scale| cauchy_pdf(c(1e200), c(0.0), scale), 1e100);
        assert_eq!((cauchy[0] / (1e-300 / PI), cauchy[2]), (1.0, 0.0));
    }

    /// Nothing jumps from one formula to the next, and on both sides the slope is that of the
    /// logarithm times the density.
    #[test]
    fn formulas_meet() {
        let near = |a: f64, b: f64| assert!((a - b).abs() <= 1e-12 * (a.abs() + b.abs()), "{a} is not {b}");
        for large in [LARGE, 100.0] {
            for shape in [large, large * (1.0 + f64::EPSILON)] {
                let [gamma, slope, _] = bends(|x| gamma_pdf(x, c(shape), c(1.5)), 11.0);
                near(slope, gamma * ((shape - 1.0) / 11.0 - 1.5));
                near(
                    gamma,
                    ((shape - 1.0) * 11.0_f64.ln() - 16.5 + shape * 1.5_f64.ln() - libm::lgamma(shape)).exp(),
                );
                let [beta, slope, _] = bends(|x| beta_pdf(x, c(shape), c(20.0)), 0.7);
                near(slope, beta * ((shape - 1.0) / 0.7 - 19.0 / 0.3));
                let [student, slope, _] = bends(|x| student_t_pdf(x, c(2.0 * shape)), 1.7);
                near(slope, -student * (2.0 * shape + 1.0) * 1.7 / (2.0 * shape + 1.7 * 1.7));
            }
        }
        for (a, b) in [(0.3, 16.0), (5.0, 16.0), (0.3, 100.0), (5.0, 100.0), (16.0, 99.0)] {
            let above = b * (1.0 + f64::EPSILON);
            near(beta_pdf(0.04, a, b), beta_pdf(0.04, a, above));
            near(beta_pdf(0.96, b, a), beta_pdf(0.96, above, a));
        }
        let ratio = |n: f64, k: f64| binomial_pmf(k, n, 0.4) / binomial_pmf(k - 1.0, n - 1.0, 0.4);
        for n in 2..80 {
            for k in 1..=n {
                let (n, k) = (f64::from(n), f64::from(k));
                near(ratio(n, k), 0.4 * n / k);
            }
        }
        for k in 1..60 {
            let k = f64::from(k);
            near(poisson_pmf(k, 20.0) / poisson_pmf(k - 1.0, 20.0), 20.0 / k);
            near(geometric_pmf(k + 1.0, 0.07) / geometric_pmf(k, 0.07), 0.93);
        }
        for (below, above, freedom) in [(0.0999, 0.1001, 500.0_f64), (0.9999e20, 1.0001e20, 3.0)] {
            let density = |ratio: f64| student_t_pdf((ratio * freedom).sqrt(), freedom);
            let power = ((below + 1.0) / (above + 1.0)).powf(-0.5 * (freedom + 1.0));
            near(density(below) / density(above), power);
        }
    }

    /// It is symmetric and smooth in the middle, and nothing far out.
    #[test]
    fn logistic_bends_at_its_mean() {
        for scale in [0.3, 1.0, 7.0] {
            let bend = -1.0 / (8.0 * scale * scale * scale);
            for found in [
                bends(|x| logistic_pdf(x, c(2.5), c(scale)), 2.5),
                bends(|mean| logistic_pdf(c(2.5), mean, c(scale)), 2.5),
            ] {
                close(found[0], 0.25 / scale);
                assert_eq!(found[1], 0.0);
                close(found[2] / bend, 1.0);
            }
        }
    }

    /// Neither infinite nor without a value, however far out: 0, and so are the derivatives.
    #[test]
    fn nothing_far_out() {
        for far in [1e4, 1e21, 1e154, 1e200, 1e308, f64::MAX] {
            for x in [far, -far] {
                let all: [[f64; 3]; 12] = [
                    bends(|x| logistic_pdf(x, c(0.0), c(1.0)), x),
                    bends(|mean| logistic_pdf(c(x), mean, c(0.5)), 0.0),
                    bends(|scale| logistic_pdf(c(x), c(0.0), scale), 1.0),
                    bends(|scale| logistic_pdf(c(x), c(0.0), scale), 1e-5),
                    bends(|scale| laplace_pdf(c(x), c(0.0), scale), 1e-5),
                    bends(|x| normal_pdf(x, c(0.0), c(1.0)), x),
                    bends(|sd| normal_pdf(c(x), c(0.0), sd), 1e-5),
                    bends(|x| gamma_pdf(x, c(10.0), c(2.0)), x),
                    bends(|shape| gamma_pdf(c(x), shape, c(2.0)), 3.0),
                    bends(|shape| gamma_pdf(c(x), shape, c(2.0)), 30.0),
                    bends(|rate| exponential_pdf(c(x), rate), 2.0),
                    bends(|freedom| student_t_pdf(c(x), freedom), 200.0),
                ];
                for (at, [value, slope, bend]) in all.into_iter().enumerate() {
                    assert_eq!((value, slope, bend), (0.0, 0.0, 0.0), "{at} at {x}");
                }
                for found in [
                    bends(|x| student_t_pdf(x, c(0.5)), x),
                    bends(|freedom| student_t_pdf(c(x), freedom), 0.5),
                    bends(|x| cauchy_pdf(x, c(0.0), c(1.0)), x),
                    bends(|scale| cauchy_pdf(c(x), c(0.0), scale), 1.0),
                ] {
                    assert!(found.iter().all(|number| number.is_finite()), "{found:?} at {x}");
                }
            }
            assert_eq!(bends(|rate| poisson_pmf(c(3.0), rate), far), [0.0; 3]);
            assert_eq!(bends(|rate| poisson_pmf(c(300.0), rate), far), [0.0; 3]);
            assert_eq!(bends(|p| geometric_pmf(c(far), p), 0.3), [0.0; 3]);
        }
    }

    /// Where powers of 0 come in.
    #[test]
    fn edges_of_the_support() {
        let infinite = f64::INFINITY;
        for (shape, wanted) in [(1.0, [3.0, -9.0, 27.0]), (2.0, [0.0, 9.0, -54.0]), (3.0, [0.0, 0.0, 27.0])] {
            let found = bends(|x| gamma_pdf(x, c(shape), c(3.0)), 0.0);
            found.iter().zip(wanted).for_each(|(a, b)| close(*a, b));
        }
        for shape in [4.0, 16.0, 17.0, 500.0] {
            assert_eq!(bends(|x| gamma_pdf(x, c(shape), c(3.0)), 0.0), [0.0; 3]);
            assert_eq!(bends(|shape| gamma_pdf(c(0.0), shape, c(3.0)), shape), [0.0; 3]);
        }
        assert_eq!((gamma_pdf(0.0, 0.5, 3.0), beta_pdf(0.0, 0.5, 2.0)), (infinite, infinite));
        // a = 1: b (1 − x)ᵇ⁻¹; and the same the other way round.
        for b in [3.0_f64, 20.0, 700.0] {
            let wanted = [b, -b * (b - 1.0), b * (b - 1.0) * (b - 2.0)];
            let left = bends(|x| beta_pdf(x, c(1.0), c(b)), 0.0);
            let right = bends(|x| beta_pdf(-x + 1.0, c(b), c(1.0)), 0.0);
            for found in [left, right] {
                found.iter().zip(wanted).for_each(|(a, b)| close(a / b, 1.0));
            }
            for x in [0.0, 1.0] {
                assert_eq!(bends(|x| beta_pdf(x, c(30.0), c(30.0 * b)), x), [0.0; 3]);
            }
        }
        // pᵏ (1 − p)ⁿ⁻ᵏ, and its coefficient.
        for n in [40.0_f64, 2000.0] {
            let pairs = n * (n - 1.0);
            for p in [0.0, 1e-200] {
                let at = |k: f64| bends(|p| binomial_pmf(c(k), c(n), p), p);
                for (k, wanted) in
                    [(0.0, [1.0, -n, pairs]), (1.0, [0.0, n, -2.0 * pairs]), (2.0, [0.0, 0.0, pairs])]
                {
                    at(k).iter().zip(wanted).for_each(|(a, b)| close(*a, b));
                }
                for k in [n / 2.0, n - 1.0, n] {
                    assert_eq!(at(k), [0.0; 3]);
                }
            }
            let at = |k: f64| bends(|p| binomial_pmf(c(k), c(n), p), 1.0);
            for (k, wanted) in
                [(n, [1.0, n, pairs]), (n - 1.0, [0.0, -n, -2.0 * pairs]), (n - 2.0, [0.0, 0.0, pairs])]
            {
                at(k).iter().zip(wanted).for_each(|(a, b)| close(*a, b));
            }
            assert_eq!((at(n / 2.0), at(0.0)), ([0.0; 3], [0.0; 3]));
        }
        assert_eq!(bends(|p| geometric_pmf(c(1.0), p), 1.0), [1.0, 1.0, 0.0]);
        assert_eq!(bends(|p| geometric_pmf(c(2.0), p), 1.0), [0.0, -1.0, -2.0]);
        assert_eq!(bends(|p| geometric_pmf(c(500.0), p), 0.0), [0.0, 1.0, -998.0]);
        assert_eq!(bends(|p| geometric_pmf(c(500.0), p), 1.0), [0.0; 3]);
        assert!(gamma_pdf(1.0, 1.0, -2.0).is_nan() && poisson_pmf(2.0, -1.0).is_nan());
    }

    /// No derivative passes through what is counted, in formulas for few and for many.
    #[test]
    fn counts_do_not_change() {
        for (k, n) in [(3.0, 10.0), (13.0, 40.0), (400.0, 1000.0)] {
            for found in [
                bends(|k| binomial_pmf(k, c(n), c(0.3)), k),
                bends(|n| binomial_pmf(c(k), n, c(0.3)), n),
                bends(|k| poisson_pmf(k, c(n)), k),
                bends(|k| geometric_pmf(k, c(0.3)), k),
                bends(|k| bernoulli_pmf(k, c(0.3)), 1.0),
            ] {
                assert_eq!(&found[1..], &[0.0; 2], "{k} of {n}");
                assert!(found[0] > 0.0);
            }
        }
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
