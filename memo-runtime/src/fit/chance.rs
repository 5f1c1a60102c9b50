//! Quantiles and tails of the normal and the χ² distribution.

/// The chance that a standard normal number is below `x`.
fn normal_below(x: f64) -> f64 {
    0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

/// The number below which a standard normal one is with chance `p`, 0 < p < 1, by
/// bisection to the last digit.
pub(super) fn normal_quantile(p: f64) -> f64 {
    // The tail that is the smaller one keeps its digits.
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    let (mut low, mut high) = (-40.0, 0.0);
    while let middle = 0.5 * (low + high)
        && middle > low
        && middle < high
    {
        if normal_below(middle) < p { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Half the width of an interval of this level, in standard errors: 1.96 for 0.95.
///
/// # Panics
/// When the level is not between 0 and 1.
pub(super) fn width(level: f64) -> f64 {
    assert!(level > 0.0 && level < 1.0, "the level of an interval is {level}, not between 0 and 1");
    -normal_quantile(0.5 * (1.0 - level))
}

/// The chance that a χ² number with so many degrees of freedom is above `x`: the
/// recurrence of the incomplete gamma function, Q(a + 1, x) = Q(a, x) + xᵃ e⁻ˣ / Γ(a + 1)
/// (Abramowitz & Stegun 6.5.21).
pub(super) fn chi_squared_above(x: f64, freedom: usize) -> f64 {
    let half = 0.5 * x.max(0.0);
    let (mut a, mut q) = if freedom % 2 == 1 { (0.5, libm::erfc(half.sqrt())) } else { (1.0, (-half).exp()) };
    while 2.0 * a < freedom as f64 {
        q += if half > 0.0 { (a * half.ln() - half - libm::lgamma(a + 1.0)).exp() } else { 0.0 };
        a += 1.0;
    }
    q.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_the_tables() {
        assert!((width(0.95) - 1.959_963_984_540_054).abs() < 1e-12);
        assert!((width(0.99) - 2.575_829_303_548_901).abs() < 1e-12);
        assert!((normal_quantile(0.841_344_746_068_542_9) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn tails_of_chi_squared() {
        // 95 % of χ² lie below 3.841 (1), 5.991 (2), 7.815 (3) and 11.070 (5).
        for (x, freedom) in [
            (3.841_458_820_694_124, 1),
            (5.991_464_547_107_979, 2),
            (7.814_727_903_251_179, 3),
            (11.070_497_693_516_351, 5),
        ] {
            assert!((chi_squared_above(x, freedom) - 0.05).abs() < 1e-12, "{freedom}");
        }
        assert_eq!(chi_squared_above(0.0, 3), 1.0);
    }
}
