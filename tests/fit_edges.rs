//! Fits where searches, bounds and data are difficult: what is found is known in closed form, or
//! it is said that nothing can be.
#![cfg(feature = "fit")]

use approx::assert_relative_eq;
use memo::fit::{
    Fit, FitError, Folds, Objective, Predictions, Prior, Transform, compare, counts, from_record,
    from_traced, from_vars, likelihood_ratio, log_likelihood, log_likelihood_with_gradient, loss, squares,
};
use memo::prelude::*;
use memo::{LabelledArray, Real, linspace};
use rand::{SeedableRng, rngs::SmallRng};
use std::ops::Range;

#[allow(dead_code)]
#[path = "../examples/models/lewis_game.rs"]
mod lewis_game;
use lewis_game::{Referent, Utterance, listener};

const SIX: Range<i64> = 0..6;

fn numbers(values: [f64; 6]) -> LabelledArray {
    numbers_of(&["x"], values)
}

fn numbers_of(axis: &'static [&'static str; 1], values: [f64; 6]) -> LabelledArray {
    let text: String = values.iter().enumerate().map(|(x, y)| format!("{x},{y}\n")).collect();
    let file = format!("{},y\n{text}", axis[0]);
    Table::from_csv("y", axis, (SIX,), file.as_bytes()).unwrap().to_labelled()
}

fn said(lines: &str) -> LabelledArray {
    let file = format!("u,r,n\n{lines}");
    Table::from_csv("n", &["u", "r"], (Utterance, Referent), file.as_bytes()).unwrap().to_labelled()
}

const LINES: &str =
    "Green,GreenSquare,65\nGreen,GreenCircle,115\nRound,GreenCircle,70\nRound,PinkCircle,40\n";

/// The same lines, with the axes the other way round.
fn turned() -> LabelledArray {
    let file = format!("u,r,n\n{LINES}");
    Table::from_csv("n", &["r", "u"], (Referent, Utterance), file.as_bytes()).unwrap().to_labelled()
}

/// Predictions may be cloned and set against other data.
#[test]
fn predictions_of_several_data() {
    let fitted = |data: LabelledArray, predictions: Predictions<'static>| {
        Fit::new(counts(data, "r", predictions)).parameter("beta", 0.0..=10.0).run().unwrap().estimate("beta")
    };
    let some = || said("Round,GreenCircle,70\nRound,PinkCircle,40\n");
    for predictions in [
        from_record(|p| listener::try_record(p["beta"], 1)),
        from_traced(|p| listener::try_traced(p["beta"], 1)),
    ] {
        let all = fitted(said(LINES), predictions.clone());
        assert_eq!(fitted(turned(), predictions.clone()), all);
        let fresh = fitted(some(), from_record(|p| listener::try_record(p["beta"], 1)));
        assert_relative_eq!(fitted(some(), predictions), fresh, max_relative = 1e-9);
    }
}

/// How far the start is from the optimum does not matter.
#[test]
fn squares_from_afar() {
    let growth = |high: f64| {
        let data = numbers([1.0, 1.4, 1.8, 2.4, 3.4, 4.4]);
        let predicted =
            from_vars(|p| Ok((0..6).map(|i| (p["k"] * f64::from(i)).exp() * p["a"]).collect::<Vec<_>>()));
        Fit::new(squares(data, predicted))
            .parameter("k", 0.0..=high)
            .parameter("a", 0.0..=10.0)
            .run()
            .unwrap()
    };
    let (near, far) = (growth(1.0), growth(5.0));
    assert!(far.converged(), "{far}");
    for name in ["k", "a"] {
        assert_relative_eq!(far.estimate(name), near.estimate(name), max_relative = 1e-7);
        let errors = [&far, &near].map(|fitted| fitted.standard_error(name).unwrap());
        assert_relative_eq!(errors[0], errors[1], max_relative = 1e-5);
    }
}

#[test]
fn losses_from_afar() {
    for start in [4.0, 100.0, 1000.0, 1e4] {
        let well = loss(|p| Ok((p["k"] - 3.0).powi(4) + (p["k"] - 3.0).powi(2) * 1e-3));
        let fitted = Fit::new(well).parameter("k", ..).start("k", start).run().unwrap();
        assert!(fitted.converged() && (fitted.estimate("k") - 3.0).abs() < 1e-6, "from {start}:\n{fitted}");
    }
}

/// ln r − r t for four waiting times: r = 1/3 with the standard error r / 2, however wide the
/// bounds.
#[test]
fn wide_bounds() {
    for high in [10.0, 1e6, 1e9] {
        let waiting = log_likelihood(4.0, |p| Ok(p["rate"].ln() * 4.0 - p["rate"] * 12.0));
        let fitted = Fit::new(waiting).parameter("rate", 0.0..=high).start("rate", 1.0).run().unwrap();
        assert!(!fitted.at_bound("rate"), "{fitted}");
        assert_relative_eq!(fitted.standard_error("rate").unwrap(), 1.0 / 6.0, max_relative = 1e-5);
    }
    // The best is the lower bound, next to nothing.
    let falling = log_likelihood(100.0, |p| Ok((1.0 - p["p"]).ln() * 100.0));
    let fitted = Fit::new(falling).parameter("p", 1e-12..=1.0).run().unwrap();
    assert!(fitted.at_bound("p") && fitted.converged() && fitted.estimate("p") == 1e-12, "{fitted}");
}

/// What is measured in large units is found as what is measured in small ones: the location of
/// a Cauchy distribution.
#[test]
fn units_of_any_size() {
    let data = [1.5, 2.0, 2.25, 3.0, 4.5];
    let fitted = |unit: f64| {
        let cauchy = move |x: f64| {
            let far = |y: &f64| (y * unit - x) / unit;
            let value: f64 = data.iter().map(|y| -far(y).mul_add(far(y), 1.0).ln()).sum();
            let slope: f64 = data.iter().map(|y| 2.0 * far(y) / far(y).mul_add(far(y), 1.0) / unit).sum();
            (value, vec![slope])
        };
        let density = log_likelihood_with_gradient(5.0, move |p| Ok(cauchy(p["x"])));
        Fit::new(density).parameter("x", ..).start("x", 2.0 * unit).run().unwrap()
    };
    let one = fitted(1.0);
    for unit in [1e-6, 1e4, 1e8, 1e12] {
        let other = fitted(unit);
        assert!(other.converged(), "{unit}:\n{other}");
        assert_relative_eq!(other.estimate("x") / unit, one.estimate("x"), max_relative = 1e-7);
        let errors = [&other, &one].map(|fitted| fitted.standard_error("x").unwrap());
        assert_relative_eq!(errors[0] / unit, errors[1], max_relative = 1e-5);
    }
}

/// A wrong gradient is found where the search begins on a bound, too.
#[test]
fn a_wrong_gradient_on_a_bound() {
    for start in [0.0, 1.0, 10.0] {
        let wrong = counts(said(LINES), "r", from_record(|p| listener::try_record(p["beta"] * 2.0, 1)));
        let found = Fit::new(wrong).parameter("beta", 0.0..=10.0).start("beta", start).run();
        assert!(matches!(found, Err(FitError::WrongGradient { .. })), "from {start}: {found:?}");
    }
}

/// The top of a hill on a bound is no optimum, whether second derivatives are known or not.
#[test]
fn the_top_of_a_hill_on_a_bound() {
    let exact: Objective<'_> = log_likelihood(1.0, |p| Ok(-(p["x"] * p["x"] - 1.0).powi(2)));
    let differences = log_likelihood_with_gradient(1.0, |p| {
        let x = p["x"];
        Ok((-(x * x - 1.0).powi(2), vec![-4.0 * x * (x * x - 1.0)]))
    });
    for hill in [exact, differences] {
        let fit = Fit::new(hill).parameter("x", 0.0..=3.0);
        let top = fit.clone().start("x", 0.0).run().unwrap();
        assert!(!top.converged() && !top.at_bound("x"), "{top}");
        assert!(top.to_string().contains("the objective falls along +1.00 x"), "{top}");
        let well = fit.starts(5).run().unwrap();
        assert_relative_eq!(well.estimate("x"), 1.0, max_relative = 1e-8);
    }
}

#[test]
fn chances_that_do_not_sum_to_one_where_the_search_ends() {
    // At 0, where the search begins, they do.
    let data = numbers([10.0, 12.0, 14.0, 18.0, 22.0, 24.0]);
    let weights = from_vars(|p| Ok((0..6).map(|i| (p["beta"] * (0.2 * f64::from(i))).exp() / 6.0).collect()));
    let error = Fit::new(counts(data, "x", weights)).parameter("beta", -3.0..=3.0).run().unwrap_err();
    let text = error.to_string();
    assert!(text.contains("the chances of `x` sum to") && text.contains("with beta = 3, not to 1"), "{text}");
}

/// 1 − 0.01 − 0.06 − 0.93 is a little less than nothing.
#[test]
fn chances_that_rounding_leaves_below_0() {
    let data = numbers([1.0, 6.0, 93.0, 0.0, 0.0, 0.0]);
    let shares = || {
        from_vars(|p| {
            let p = p["p"];
            let none = p * 0.0;
            Ok(vec![p * 0.01, p * 0.06, p * 0.93, 1.0 - p * 0.01 - p * 0.06 - p * 0.93, none, none])
        })
    };
    for start in [0.5, 1.0] {
        let fit = Fit::new(counts(data.clone(), "x", shares())).parameter("p", 0.0..=1.0).start("p", start);
        let fitted = fit.run().unwrap();
        assert!(fitted.converged() && fitted.at_bound("p") && fitted.estimate("p") == 1.0, "{fitted}");
    }
}

#[test]
fn only_fits_of_one_likelihood_are_compared() {
    let fit = |data: LabelledArray, responses: &[&str]| {
        let predicted = from_record(|p| listener::try_record(p["beta"], 1));
        Fit::new(counts(data, responses.to_vec(), predicted)).parameter("beta", 0.0..=10.0)
    };
    let (one, two) = (fit(said(LINES), &["r"]), fit(turned(), &["r"]));
    let (whole, fixed) = (one.run().unwrap(), two.fix("beta", 1.0).run().unwrap());
    // Cells are the same wherever they stand.
    assert_eq!(likelihood_ratio(&fixed, &whole).unwrap().freedom, 1);
    let joint = from_vars(|p| Ok(vec![p["share"] * 0.0 + 1.0 / 12.0; 12]));
    let joint =
        Fit::new(counts(said(LINES), ["u", "r"], joint)).parameter("share", 0.0..=1.0).fix("share", 0.5);
    let error = compare(&[("one", &whole), ("other", &joint.run().unwrap())]).unwrap_err().to_string();
    assert!(error.contains("the responses are r in one and r, u in the other"), "{error}");
    let renamed = |name: &'static str| {
        let flat = from_vars(|p| Ok(vec![p["a"] * 0.0 + 1.0 / 6.0; 6]));
        let data = numbers_of(if name == "x" { &["x"] } else { &["z"] }, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        Fit::new(counts(data, name, flat)).parameter("a", 0.0..=1.0).fix("a", 0.5).run().unwrap()
    };
    let error = compare(&[("x", &renamed("x")), ("z", &renamed("z"))]).unwrap_err().to_string();
    assert!(error.contains("their axes differ, or the values along them (x and z)"), "{error}");
}

/// −0.3 a − 50 (b − 1)², by the logarithm of a: nothing is told of a small a as if it were known.
#[test]
fn curvature_on_another_scale() {
    let sloping = log_likelihood_with_gradient(1.0, |p| {
        let (a, b) = (p["a"], p["b"]);
        Ok((-0.3 * a - 50.0 * (b - 1.0).powi(2), vec![-0.3, -100.0 * (b - 1.0)]))
    });
    let fit = Fit::new(sloping).parameter("a", 0.0..).transform("a", Transform::Log).parameter("b", ..);
    let fitted = fit.run().unwrap();
    assert!(fitted.standard_error("a").is_none(), "{fitted}");
    // Second derivatives by differences are those of the parameter, wherever it is.
    let cube = log_likelihood_with_gradient(1.0, |p| {
        let x: f64 = p["x"];
        Ok((-(x - 2.0).powi(2) - (x - 2.0).powi(4), vec![-2.0 * (x - 2.0) - 4.0 * (x - 2.0).powi(3)]))
    });
    for transform in [Transform::None, Transform::Log, Transform::Logit] {
        let fit = Fit::new(cube.clone()).parameter("x", 0.5..=7.0).transform("x", transform);
        let fitted = fit.run().unwrap();
        let error = fitted.standard_error("x").unwrap();
        assert!((error / 0.5_f64.sqrt() - 1.0).abs() < 1e-6, "{transform:?}:\n{fitted}");
    }
}

#[test]
fn what_cannot_be_told_is_not() {
    // Data on a line: no likelihood, so no profile of one.
    let line = from_vars(|p| Ok((0..6).map(|i| p["a"] * f64::from(i)).collect::<Vec<_>>()));
    let fitted =
        Fit::new(squares(numbers([0.0, 2.0, 4.0, 6.0, 8.0, 10.0]), line)).parameter("a", ..).run().unwrap();
    let error = fitted.profile("a").unwrap_err().to_string();
    assert!(error.contains("the predictions meet the data exactly"), "{error}");
    // A prior of infinite density at an edge of the grid.
    let coin =
        log_likelihood(10.0, |p| Ok((p["p"] * 0.5 + 0.25).ln() * 3.0 + (0.75 - p["p"] * 0.5).ln() * 7.0));
    let fit = Fit::new(coin).parameter("p", 0.0..=1.0).prior("p", Prior::beta(0.5, 0.5));
    let error = fit.grid().over("p", linspace(0.0, 1.0, 3)).run().unwrap_err().to_string();
    assert!(error.contains("`p` has a prior of infinite density at 0"), "{error}");
    assert!(fit.grid().over("p", linspace(0.1, 0.9, 3)).run().is_ok());
    // Fixed where it may not be.
    let error = fit.clone().fix("p", 12.0).run().unwrap_err().to_string();
    assert!(error.contains("`p` is fixed at 12, outside its bounds 0 and 1"), "{error}");
    // Who is never wrong has no best rationality.
    let certain = log_likelihood(20.0, |p| Ok((1.0 / ((-p["beta"]).exp() + 1.0)).ln() * 20.0));
    let fitted = Fit::new(certain).parameter("beta", 0.0..).run().unwrap();
    assert!(fitted.to_string().contains("hardly falls towards greater values of beta"), "{fitted}");
}

#[test]
fn resampling_at_its_limits() {
    let coin = |heads: f64, tails: f64| {
        let chances = from_vars(|p| {
            let rest = (1.0 - p["p"]) / 5.0;
            Ok(vec![p["p"], rest, rest, rest, rest, rest])
        });
        Fit::new(counts(numbers([heads, tails, tails, tails, tails, tails]), "x", chances))
            .parameter("p", 0.0..=1.0)
    };
    let mut rng = SmallRng::seed_from_u64(7);
    let fitted = coin(30.0, 4.0).run().unwrap();
    for times in [0, 1] {
        let error = fitted.bootstrap(times, &mut rng).unwrap_err().to_string();
        assert!(error.contains("tell nothing"), "{error}");
    }
    let error = fitted.goodness_of_fit(0, &mut rng).unwrap_err().to_string();
    assert!(error.contains("0 draws tell nothing"), "{error}");
    // Not drawn one by one: there is neither the time nor the memory.
    let many = coin(3e12, 1e12);
    let error = many.cross_validate(Folds::Random(10), &mut rng).unwrap_err().to_string();
    assert!(error.contains("8000000000000 observations are too many"), "{error}");
    let error = many.run().unwrap().bootstrap(10, &mut rng).unwrap_err().to_string();
    assert!(error.contains("too many to be drawn one by one"), "{error}");
    // Fits that have not arrived are told of.
    let validation = coin(30.0, 4.0).iterations(1).cross_validate(Folds::Random(5), &mut rng).unwrap();
    let lost = validation.converged.iter().filter(|converged| !**converged).count();
    assert_eq!(lost > 0, validation.to_string().contains("have NOT CONVERGED"), "{validation}");
    let validation = coin(30.0, 4.0).cross_validate(Folds::Random(5), &mut rng).unwrap();
    assert!(validation.converged.iter().all(|converged| *converged), "{validation}");
}
