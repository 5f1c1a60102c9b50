//! Fits against what is known of them: optima, standard errors, profiles and criteria in
//! closed form, and golden values.
#![cfg(feature = "fit")]

use approx::assert_relative_eq;
use memo::fit::{
    Fit, FitError, Fitted, Folds, Optimizer, Prior, Transform, compare, correlation, counts, from_record,
    from_traced, from_vars, likelihood_ratio, log_likelihood, log_likelihood_with_gradient, loss,
    loss_with_gradient, squares,
};
use memo::prelude::*;
use memo::{LabelledArray, Real, Var};
use ndarray::Array2;
use rand::{Rng, SeedableRng, rngs::SmallRng};
use std::ops::Range;

#[allow(dead_code)]
#[path = "../examples/models/lewis_game.rs"]
mod lewis_game;
use lewis_game::{Referent, Utterance, listener};

fn binomial(k: f64, n: f64) -> memo::fit::Objective<'static> {
    log_likelihood(n, move |p| Ok(p["p"].ln() * k + (1.0 - p["p"]).ln() * (n - k)))
}

#[test]
fn rosenbrock_is_found_from_everywhere() {
    let rosenbrock = loss_with_gradient(|p| {
        let (x, y) = (p["x"], p["y"]);
        let value = (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
        Ok((value, vec![-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x)]))
    });
    let fit = Fit::new(rosenbrock).parameter("x", ..).parameter("y", ..).start("x", -1.2).start("y", 1.0);
    let fitted = fit.clone().starts(8).run().unwrap();
    assert!(fitted.converged());
    assert_relative_eq!(fitted.estimate("x"), 1.0, max_relative = 1e-9);
    assert_relative_eq!(fitted.estimate("y"), 1.0, max_relative = 1e-9);
    // Adam gets near, too.
    let adam = fit.starts(1).optimizer(Optimizer::Adam { rate: 0.02, steps: 4000 }).run().unwrap();
    assert_relative_eq!(adam.estimate("x"), 1.0, max_relative = 1e-2);
}

#[test]
fn a_ridge_is_no_minimum() {
    // From 0 no slope leads to ±1.
    let wells = || loss(|p| Ok((p["x"].powi(2) - 1.0).powi(2)));
    let fitted = Fit::new(wells()).parameter("x", -2.0..=2.0).run().unwrap();
    assert!(!fitted.converged());
    assert!(
        fitted.to_string().contains("the objective falls along +1.00 x, on a saddle or a ridge"),
        "{fitted}"
    );
    let fitted = Fit::new(wells()).parameter("x", -2.0..=2.0).starts(5).run().unwrap();
    assert_relative_eq!(fitted.estimate("x").abs(), 1.0, max_relative = 1e-9);
    assert_eq!((fitted.agreement(), fitted.ends().len()), ((4, 5), 5));
}

#[test]
fn standard_errors_next_to_a_bound_and_of_any_size() {
    for k in [1.0, 999.0] {
        let p: f64 = k / 1000.0;
        let fitted = Fit::new(binomial(k, 1000.0)).parameter("p", 0.0..=1.0).run().unwrap();
        let error = (p * (1.0 - p) / 1000.0).sqrt();
        assert_relative_eq!(fitted.standard_error("p").unwrap(), error, max_relative = 1e-5);
        assert!(fitted.to_string().contains("the interval of p leaves its bounds"), "{fitted}");
    }
    for (size, transform) in [(3e-5, Transform::Log), (3e6, Transform::Log), (3e6, Transform::None)] {
        // A log likelihood whose curvature at the optimum is 20 / size².
        let peak = log_likelihood(10.0, move |p| Ok(-(p["s"] / size).ln().powi(2) * 10.0));
        let fit = Fit::new(peak).parameter("s", 1e-9..).start("s", size * 1.5).transform("s", transform);
        let fitted = fit.run().unwrap();
        assert_relative_eq!(fitted.estimate("s"), size, max_relative = 1e-8);
        assert_relative_eq!(fitted.standard_error("s").unwrap(), size / 20.0_f64.sqrt(), max_relative = 1e-5);
    }
}

#[test]
fn a_quadratic_at_a_bound() {
    // (x − 3)² + (x + y)² within x ≤ 2: x = 2, y = −2.
    let fit = |transform| {
        let bowl = log_likelihood(1.0, |p| Ok(-((p["x"] - 3.0).powi(2) + (p["x"] + p["y"]).powi(2)) * 0.5));
        Fit::new(bowl).parameter("x", 0.0..=2.0).parameter("y", ..).transform("x", transform).run().unwrap()
    };
    let fitted = fit(Transform::None);
    assert_eq!(fitted.estimate("x"), 2.0);
    assert_relative_eq!(fitted.estimate("y"), -2.0, max_relative = 1e-9);
    assert!(fitted.at_bound("x") && !fitted.at_bound("y") && fitted.converged());
    assert_eq!(fitted.standard_error("x"), None);
    // With x at its bound, y has the curvature 1.
    assert_relative_eq!(fitted.standard_error("y").unwrap(), 1.0, max_relative = 1e-7);
    assert!(fitted.to_string().contains("at the bound"), "{fitted}");
    // By the odds of its place between the bounds the same is found.
    let fitted = fit(Transform::Logit);
    assert_relative_eq!(fitted.estimate("x"), 2.0, max_relative = 1e-5);
    assert!(fitted.at_bound("x"));
}

#[test]
fn the_standard_error_of_a_share_is_known() {
    for (k, n) in [(65.0, 180.0), (3.0, 40.0), (61_139.0 * 0.3, 61_139.0)] {
        for transform in [Transform::None, Transform::Log, Transform::Logit] {
            let fitted =
                Fit::new(binomial(k, n)).parameter("p", 0.0..=1.0).transform("p", transform).run().unwrap();
            let p: f64 = k / n;
            assert_relative_eq!(fitted.estimate("p"), p, max_relative = 1e-9);
            let error = (p * (1.0 - p) / n).sqrt();
            assert_relative_eq!(fitted.standard_error("p").unwrap(), error, max_relative = 1e-6);
            let (low, high) = fitted.interval("p", 0.95).unwrap();
            match transform {
                Transform::None => {
                    assert_relative_eq!(high - low, 2.0 * 1.959_963_984_540_054 * error, max_relative = 1e-6);
                }
                // The odds of the ends are as far from those of the estimate.
                Transform::Logit => {
                    let odds = |p: f64| (p / (1.0 - p)).ln();
                    assert_relative_eq!(odds(low) + odds(high), 2.0 * odds(p), max_relative = 1e-8);
                }
                Transform::Log => assert_relative_eq!(low * high, p * p, max_relative = 1e-8),
            }
            // BIC by hand: k ln n − 2 ln L.
            let likelihood = k * p.ln() + (n - k) * (1.0 - p).ln();
            assert_relative_eq!(fitted.log_likelihood().unwrap(), likelihood, max_relative = 1e-12);
            assert_relative_eq!(fitted.aic().unwrap(), 2.0 - 2.0 * likelihood, max_relative = 1e-12);
            assert_relative_eq!(fitted.bic().unwrap(), n.ln() - 2.0 * likelihood, max_relative = 1e-12);
        }
    }
}

#[test]
fn a_profile_of_a_quadratic_is_the_interval_of_wald() {
    // A normal log likelihood with correlated parameters: both agree, for every level.
    let bowl = || {
        log_likelihood(10.0, |p| {
            let (x, y) = (p["x"] - 1.0, p["y"] + 2.0);
            Ok(-(x * x * 2.0 + x * y * 2.0 + y * y * 3.0) * 0.5)
        })
    };
    let fitted = Fit::new(bowl()).parameter("x", ..).parameter("y", ..).run().unwrap();
    let profile = fitted.profile("x").unwrap();
    // The inverse of [[2, 1], [1, 3]] begins with 3 / 5.
    assert_relative_eq!(fitted.standard_error("x").unwrap(), 0.6_f64.sqrt(), max_relative = 1e-8);
    for level in [0.5, 0.95, 0.99] {
        let (low, high) = profile.interval(level).unwrap();
        let wald = fitted.interval("x", level).unwrap();
        assert_relative_eq!(low.unwrap(), wald.0, max_relative = 1e-6);
        assert_relative_eq!(high.unwrap(), wald.1, max_relative = 1e-6);
    }
    assert!(profile.plot().to_svg().starts_with("<svg"));
    // Where the bound comes first, there is no end.
    let fitted = Fit::new(bowl()).parameter("x", 0.5..).parameter("y", ..).run().unwrap();
    let (low, high) = fitted.profile("x").unwrap().interval(0.95).unwrap();
    assert_eq!(low, None);
    assert_relative_eq!(high.unwrap(), 1.0 + 1.959_963_984_540_054 * 0.6_f64.sqrt(), max_relative = 1e-6);
    // Of a binomial, it is where the likelihood ratio is 3.84.
    let fitted = Fit::new(binomial(3.0, 40.0)).parameter("p", 0.0..=1.0).run().unwrap();
    let (low, high) = fitted.profile("p").unwrap().interval(0.95).unwrap();
    let likelihood = |p: f64| 3.0 * p.ln() + 37.0 * (1.0 - p).ln();
    for end in [low.unwrap(), high.unwrap()] {
        assert_relative_eq!(
            2.0 * (likelihood(0.075) - likelihood(end)),
            3.841_458_820_694_124,
            max_relative = 1e-6
        );
    }
}

#[test]
fn maximal_posterior_density() {
    // Beta(2, 5) and 30 of 100: (30 + 1) / (100 + 5).
    let fitted = Fit::new(binomial(30.0, 100.0))
        .parameter("p", 0.0..=1.0)
        .prior("p", Prior::beta(2.0, 5.0))
        .run()
        .unwrap();
    assert_relative_eq!(fitted.estimate("p"), 31.0 / 105.0, max_relative = 1e-9);
    assert_eq!(fitted.aic(), None);
    assert!(fitted.log_posterior().unwrap() != fitted.log_likelihood().unwrap());
    // Of two normals the precisions add up.
    let normal = log_likelihood(1.0, |p| Ok((p["x"] - 3.0).powi(2) * -0.5));
    let fitted = Fit::new(normal).parameter("x", ..).prior("x", Prior::normal(0.0, 0.5)).run().unwrap();
    assert_relative_eq!(fitted.estimate("x"), 3.0 / 5.0, max_relative = 1e-9);
    assert_relative_eq!(fitted.standard_error("x").unwrap(), 0.2_f64.sqrt(), max_relative = 1e-7);
}

/// What people took “green” for, of 180.
fn green() -> LabelledArray {
    let file = "u,r,people\nGreen,GreenSquare,65\nGreen,GreenCircle,115\nGreen,PinkCircle,0\n";
    let table = Table::from_csv("people", &["u", "r"], (Utterance, Referent), file.as_bytes()).unwrap();
    table.to_labelled()
}

fn golden(name: &str) -> Vec<f64> {
    let data = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/lewis-game.json"));
    let data: serde_json::Value = serde_json::from_str(&data.unwrap()).unwrap();
    let found = data.as_array().into_iter().flatten().find(|record| record["model"] == name);
    let values = found.and_then(|record| record["values"].as_array());
    values.into_iter().flatten().filter_map(serde_json::Value::as_f64).collect()
}

#[test]
fn the_lewis_game_is_fitted_as_in_memo() {
    // Shares of the one row that people were asked about; the others are left out.
    let shares = green().map(|count| count / 180.0);
    let asked = LabelledArray::from(&shares).select("u", "Green");
    let fit = Fit::new(squares(
        asked,
        from_vars(|p| {
            let table = listener::try_traced(p["beta"], 1)?;
            Ok(Vec::from(&table.cells()[..3]))
        }),
    ));
    let fitted = fit.parameter("beta", 0.0..=10.0).starts(4).run().unwrap();
    let wanted = golden("beta minimising that mse")[0];
    assert_relative_eq!(wanted, 1.863_116_408_009_885_4, max_relative = 1e-15);
    assert_relative_eq!(fitted.estimate("beta"), wanted, max_relative = 1e-8);
    assert_eq!(fitted.agreement(), (4, 4));
    // The likelihood: by a record, with the rows that nobody was asked about left at 0.
    let likely = Fit::new(counts(green(), "r", from_record(|p| listener::try_record(p["beta"], 1))));
    let likely = likely.parameter("beta", 0.0..=10.0).starts(4).run().unwrap();
    // The chance of the square is 65 / 180 there, and its standard error is that of a
    // share, divided by the slope of the chance.
    let chance = |beta: f64| listener(beta, 1)[(Utterance::Green, Referent::GreenSquare)];
    let beta = likely.estimate("beta");
    assert_relative_eq!(chance(beta), 65.0 / 180.0, max_relative = 1e-9);
    let share = 65.0_f64 / 180.0;
    let slope = (chance(beta + 1e-5) - chance(beta - 1e-5)) / 2e-5;
    let error = (share * (1.0 - share) / 180.0).sqrt() / slope.abs();
    assert_relative_eq!(likely.standard_error("beta").unwrap(), error, max_relative = 1e-6);
    // Compared with the literal listener, who has no beta.
    let literal =
        Fit::new(counts(green(), "r", from_record(|_| listener::try_record(0.0, 0)))).run().unwrap();
    assert_relative_eq!(literal.log_likelihood().unwrap(), 180.0 * 0.5_f64.ln(), max_relative = 1e-12);
    let both = compare(&[("literal", &literal), ("pragmatic", &likely)]).unwrap();
    assert_eq!(both.best(), "pragmatic");
    let ratio = likelihood_ratio(&literal, &likely).unwrap();
    let wanted = 2.0 * (65.0 * share.ln() + 115.0 * (1.0 - share).ln() - 180.0 * 0.5_f64.ln());
    assert_relative_eq!(ratio.statistic, wanted, max_relative = 1e-9);
    assert!(ratio.p < 0.001 && ratio.freedom == 1, "{ratio}");
}

#[test]
fn grids_and_their_posteriors() {
    let fit = Fit::new(counts(green(), "r", from_record(|p| listener::try_record(p["beta"], 1))));
    let fit = fit.parameter("beta", 0.0..=10.0);
    let grid = fit.grid().over("beta", linspace(0.0, 10.0, 1001)).run().unwrap();
    let best = fit.run().unwrap().estimate("beta");
    assert!((grid.best()[0].1 - best).abs() <= 0.005, "{:?}", grid.best());
    let posterior = grid.posterior().unwrap();
    assert_relative_eq!(posterior.values().iter().sum::<f64>(), 1.0, max_relative = 1e-12);
    assert_eq!(posterior.axis_names(), ["beta"]);
    // A prior moves it.
    let with = fit.prior("beta", Prior::normal(1.0, 0.1)).grid().over("beta", linspace(0.0, 10.0, 1001));
    let mean = |posterior: &LabelledArray| -> f64 {
        posterior.values().iter().enumerate().map(|(i, p)| i as f64 / 100.0 * p).sum()
    };
    assert!(mean(&with.run().unwrap().posterior().unwrap()) < mean(&posterior) - 0.3);
}

/// A line with errors: least squares, by hand.
#[test]
fn least_squares_are_those_of_regression() {
    let (xs, ys) = ([0.0, 1.0, 2.0, 3.0, 4.0], [1.1, 2.9, 5.2, 6.8, 9.1]);
    let data = || {
        let rows: String = xs.iter().zip(ys).map(|(x, y)| format!("{x},{y}\n")).collect();
        let file = format!("x,y\n{rows}");
        Table::from_csv("y", &["x"], (0..5_i64,), file.as_bytes()).unwrap()
    };
    let line = || from_vars(|p| Ok((0..5).map(|x| p["a"] + p["b"] * f64::from(x)).collect()));
    let fitted = Fit::new(squares(data(), line())).parameter("a", ..).parameter("b", ..).run().unwrap();
    // The textbook: b = Sxy / Sxx, its standard error √(SSE / (n − 2) / Sxx).
    let (mx, my) = (2.0, ys.iter().sum::<f64>() / 5.0);
    let sxx = 10.0;
    let b = xs.iter().zip(ys).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>() / sxx;
    let sse: f64 = xs.iter().zip(ys).map(|(x, y)| (y - my - b * (x - mx)).powi(2)).sum();
    assert_relative_eq!(fitted.estimate("b"), b, max_relative = 1e-9);
    assert_relative_eq!(fitted.value(), sse / 5.0, max_relative = 1e-9);
    assert_relative_eq!(fitted.standard_error("b").unwrap(), (sse / 3.0 / sxx).sqrt(), max_relative = 1e-7);
    let likelihood = -2.5 * ((std::f64::consts::TAU * sse / 5.0).ln() + 1.0);
    assert_relative_eq!(fitted.log_likelihood().unwrap(), likelihood, max_relative = 1e-9);
    // Three parameters: the variance is one.
    assert_relative_eq!(fitted.bic().unwrap(), 3.0 * 5.0_f64.ln() - 2.0 * likelihood, max_relative = 1e-9);
    // What is derived: the value at x = 2 has the standard error √(s² / n).
    let middle = fitted.derived(|p| Ok(p["a"] + p["b"] * 2.0)).unwrap();
    assert_relative_eq!(middle.value, my, max_relative = 1e-9);
    assert_relative_eq!(middle.standard_error, (sse / 3.0 / 5.0).sqrt(), max_relative = 1e-7);
    // The correlation does not see the size of the predictions: xᶜ.
    let powers = from_vars(|p| Ok((0..5).map(|x| Var::from(f64::from(x)).powf(p["c"])).collect()));
    let r = Fit::new(correlation(data(), powers));
    let fitted_r = r.parameter("c", 0.2..=3.0).start("c", 2.0).run().unwrap();
    let (_, best) = fitted_r.agreement_with_data().unwrap();
    assert_relative_eq!(best, 1.0 - fitted_r.value(), max_relative = 1e-12);
    assert!(best > 0.99 && fitted_r.standard_error("c").is_none());
    // The errors of the bootstrap are like those of the formula.
    let boot = fitted.bootstrap(400, &mut SmallRng::seed_from_u64(3)).unwrap();
    let ratio = boot.standard_error("b") / (sse / 5.0 / sxx).sqrt();
    assert!((0.8..1.2).contains(&ratio), "{ratio}");
    // Each cell left out: by hand it is Σ (e / (1 − h))².
    let hat = |x: f64| 0.2 + (x - mx).powi(2) / sxx;
    let press: f64 =
        xs.iter().zip(ys).map(|(x, y)| ((y - my - b * (x - mx)) / (1.0 - hat(*x))).powi(2)).sum();
    let fit = Fit::new(squares(data(), line())).parameter("a", ..).parameter("b", ..);
    let left = fit.cross_validate(Folds::LeaveOut("x"), &mut SmallRng::seed_from_u64(1)).unwrap();
    assert_relative_eq!(left.total(), -press, max_relative = 1e-7);
}

const X: Range<i64> = 0..4;
const Y: Range<i64> = 0..3;

/// p(y | x) ∝ exp w[x, y].
#[memo(grad)]
fn mapping<x: X, y: Y>(w: &Array2<f64>) {
    model! {
        mind: knows(x);
        mind: chooses(y in Y, wpp = exp(w[x, y]));
        return Pr[mind.y == y];
    }
}

fn drawn(n: usize) -> Table<(Range<i64>, Range<i64>)> {
    let w = Array2::from_shape_fn((4, 3), |(x, y)| ((x * 3 + y * 5) % 7) as f64 / 3.0);
    let (truth, mut rng) = (mapping(&w), SmallRng::seed_from_u64(8));
    let mut seen = Array2::<f64>::zeros((4, 3));
    for _ in 0..n {
        let x = rng.random_range(0..4_usize);
        let row: Vec<f64> = (0..3).map(|y| truth[(x as i64, y)]).collect();
        let (u, mut y) = (rng.random::<f64>(), 0);
        let mut sum = row[0];
        while u >= sum {
            y += 1;
            sum += row[y];
        }
        seen[[x, y]] += 1.0;
    }
    let rows: String = seen.indexed_iter().map(|((x, y), k)| format!("{x},{y},{k}\n")).collect();
    Table::from_csv("seen", &["x", "y"], (X, Y), format!("x,y,seen\n{rows}").as_bytes()).unwrap()
}

#[test]
fn arrays_and_what_is_not_identified() {
    let seen = drawn(2000);
    let fit = Fit::new(counts(&seen, "y", from_record(|p| mapping::try_record(p.matrix("w")))));
    let fit = fit.array("w", &[4, 3], -10.0..=10.0);
    // A row may be moved as a whole: there are no standard errors, and it is said why.
    let fitted = fit.run().unwrap();
    let shares = seen.normalize("y");
    let predicted = fitted.predicted().unwrap();
    for (share, p) in shares.values().iter().zip(predicted.values()) {
        assert_relative_eq!(share, p, max_relative = 1e-7);
    }
    let error = fitted.covariance().unwrap_err();
    let FitError::NotIdentified { direction } = &error else { panic!("{error}") };
    assert!(direction.len() >= 3, "{error}");
    assert!(error.to_string().contains("fix one of these parameters"), "{error}");
    // With the first of each row fixed, they are those of a multinomial distribution:
    // the log odds of two cells have the variance 1/a + 1/b.
    let fixed = (0..4).fold(fit.clone(), |fit, x| fit.fix(&format!("w[{x}, 0]"), 0.0)).run().unwrap();
    for x in 0..4 {
        for y in 1..3 {
            let name = format!("w[{x}, {y}]");
            let (a, b) = (seen[(x, 0)], seen[(x, y)]);
            assert_relative_eq!(fixed.estimate(&name), (b / a).ln(), epsilon = 1e-8);
            let error = (1.0 / a + 1.0 / b).sqrt();
            assert_relative_eq!(fixed.standard_error(&name).unwrap(), error, max_relative = 1e-6);
        }
    }
    assert_eq!(fixed.parameters(), 8);
    // The bootstrap agrees.
    let boot = fixed.bootstrap(200, &mut SmallRng::seed_from_u64(5)).unwrap();
    let ratio = boot.standard_error("w[1, 2]") / fixed.standard_error("w[1, 2]").unwrap();
    assert!((0.8..1.2).contains(&ratio), "{ratio}");
    // The saturated model fits: its deviance is 0.
    let check = fixed.goodness_of_fit(50, &mut SmallRng::seed_from_u64(5)).unwrap();
    assert!(check.observed.abs() < 1e-6 && check.p() > 0.9, "{check}");
    // Left out, the observations are predicted a little worse than they are fitted.
    let held = fit.cross_validate(Folds::Random(5), &mut SmallRng::seed_from_u64(2)).unwrap();
    assert_eq!(held.observations.iter().sum::<f64>(), 2000.0);
    let all = fitted.log_likelihood().unwrap();
    assert!(held.total() < all && held.total() > all - 40.0, "{held}, {all}");
}

/// Predictions that are composed have exact second derivatives, through arrays and priors,
/// too.
#[test]
fn what_is_composed_has_exact_standard_errors() {
    let seen = drawn(2000);
    let composed = from_vars(|p| Ok(mapping::try_traced(&p.matrix("w"))?.cells().to_vec()));
    let fit = Fit::new(counts(&seen, "y", composed)).array("w", &[4, 3], -10.0..=10.0);
    let fixed = (0..4).fold(fit.clone(), |fit, x| fit.fix(&format!("w[{x}, 0]"), 0.0)).run().unwrap();
    for (x, y) in [(0, 1), (1, 2), (3, 1)] {
        let (a, b) = (seen[(x, 0)], seen[(x, y)]);
        let error = fixed.standard_error(&format!("w[{x}, {y}]")).unwrap();
        assert_relative_eq!(error, (1.0 / a + 1.0 / b).sqrt(), max_relative = 1e-8);
    }
    // By names, as of a recorded call, whose second derivatives are differences: right to
    // the seven digits of which docs/fitting.md speaks.
    let prior = |predictions| {
        let fit = Fit::new(counts(&seen, "y", predictions)).array("w", &[4, 3], ..);
        fit.prior("w", Prior::normal(0.3, 2.0)).run().unwrap()
    };
    let recorded = prior(from_record(|p| mapping::try_record(p.matrix("w"))));
    let traced = prior(from_traced(|p| mapping::try_traced(&p.matrix("w"))));
    let listed = prior(from_vars(|p| Ok(mapping::try_traced(&p.matrix("w"))?.cells().to_vec())));
    assert_eq!(traced.to_string(), listed.to_string());
    for x in 0..4 {
        for y in 0..3 {
            let name = format!("w[{x}, {y}]");
            let error = |fitted: &Fitted| fitted.standard_error(&name).unwrap();
            assert_relative_eq!(error(&traced), error(&listed), max_relative = 1e-12);
            assert_relative_eq!(error(&recorded), error(&traced), max_relative = 1e-7);
        }
    }
}

/// The data may be some of the cells, in another order; the argument is computed.
#[test]
fn one_call_on_numbers_that_carry_derivatives() {
    let doubled = || from_traced(|p| listener::try_traced(p["half"] * 2.0, 1));
    let found = Fit::new(counts(green(), "r", doubled())).parameter("half", 0.0..=5.0).run().unwrap();
    let chances = from_record(|p| listener::try_record(p["beta"], 1));
    let plain = Fit::new(counts(green(), "r", chances)).parameter("beta", 0.0..=10.0).run().unwrap();
    assert_relative_eq!(found.estimate("half") * 2.0, plain.estimate("beta"), max_relative = 1e-7);
    let exact = found.standard_error("half").unwrap() * 2.0;
    assert_relative_eq!(plain.standard_error("beta").unwrap(), exact, max_relative = 1e-6);
    let file = "r,u,people\nPinkCircle,Green,0\nGreenCircle,Green,115\nGreenSquare,Green,65\n";
    let turned = Table::from_csv("people", &["r", "u"], (Referent, Utterance), file.as_bytes()).unwrap();
    let turned = Fit::new(counts(turned, "r", doubled())).parameter("half", 0.0..=5.0).run().unwrap();
    assert_relative_eq!(found.estimate("half"), turned.estimate("half"), max_relative = 1e-9);
    // The chances of a condition are those of all its responses, whichever are data.
    let square = green().select("r", "GreenSquare");
    let said = wrong(Fit::new(counts(square, "u", doubled())).parameter("half", 0.0..=5.0));
    assert!(said.contains("have no axis `r`"), "{said}");
}

fn wrong(fit: Fit<'_>) -> String {
    fit.run().map(|fitted| fitted.to_string()).unwrap_err().to_string()
}

#[test]
fn what_is_wrong_is_said() {
    let coin = || Fit::new(binomial(3.0, 10.0));
    let said = wrong(coin().parameter("p", 0.0..=1.0).start("p", 2.0));
    assert_eq!(said, "the parameter `p` starts at 2, outside its bounds 0 and 1");
    let said = wrong(coin().parameter("prob", 0.0..=1.0).start("prop", 0.5));
    assert_eq!(said, "the parameter `prop` is unknown: there are prob; did you mean `prob`?");
    let said = wrong(coin().parameter("p", 1.0..=0.0));
    assert!(said.contains("has the bounds 1 and 0; the first is to be below the second"), "{said}");
    let said = wrong(coin().parameter("p", 0.0..=1.0).parameter("p", ..));
    assert!(said.contains("is there twice"), "{said}");
    let said = wrong(coin().parameter("p", -1.0..=1.0).transform("p", Transform::Log));
    assert!(said.contains("by its logarithm, but may be -1"), "{said}");
    let said = wrong(coin().parameter("p", 0.0..=2.0).prior("p", Prior::beta(1.0, 1.0)));
    assert!(said.contains("its prior has a density between 0 and 1 only"), "{said}");
    let said = wrong(coin().parameter("p", 0.1..=0.9).parameter("q", 0.0..=1.0));
    assert!(said.starts_with("the objective does not depend on the parameter `q`; use it"), "{said}");
    let said = wrong(Fit::new(loss(|p| Ok(p["x"].ln()))).parameter("x", ..).start("x", -1.0));
    assert!(said.starts_with("the objective is NaN with x = -1, where the search begins"), "{said}");
    let bad = log_likelihood_with_gradient(1.0, |p| Ok((-p["x"].powi(2), vec![-3.0 * p["x"]])));
    let said = wrong(Fit::new(bad).parameter("x", ..).start("x", 1.0));
    assert!(said.starts_with("the gradient says that the objective changes by 3 with `x`, but"), "{said}");
    let said =
        wrong(Fit::new(loss(|p| Ok(p["x"].powi(2)))).parameter("x", ..).prior("x", Prior::normal(0.0, 1.0)));
    assert!(said.contains("has a prior, which needs a likelihood"), "{said}");
    // Only the sum of two matters.
    let sum = log_likelihood(1.0, |p| Ok(-(p["a"] + p["b"] - 1.0).powi(2)));
    let fitted = Fit::new(sum).parameter("a", ..).parameter("b", ..).run().unwrap();
    assert_eq!(fitted.standard_error("a"), None);
    assert!(fitted.to_string().contains("the objective hardly changes along"), "{fitted}");
}

#[test]
fn what_is_wrong_with_data_is_said() {
    let model = || from_record(|p| listener::try_record(p["beta"], 1));
    let fit = |data: LabelledArray| wrong(Fit::new(counts(data, "r", model())).parameter("beta", 0.0..=10.0));
    let mut file = "u,r,people\nGreen,GreenSquare,65\nGreen,PinkCircle,2\n".to_string();
    let read = |file: &str| {
        Table::from_csv("people", &["u", "r"], (Utterance, Referent), file.as_bytes()).unwrap().to_labelled()
    };
    let said = fit(read(&file));
    assert!(
        said.starts_with("the model gives no chance to u = Green, r = PinkCircle with beta = 5, which the data have 2 times"),
        "{said}"
    );
    file += "Pink,PinkCircle,-1\n";
    let said = fit(read(&file));
    assert!(said.contains("have the count -1 at u = Pink, r = PinkCircle"), "{said}");
    let said = wrong(Fit::new(counts(green(), "ref", model())).parameter("beta", 0.0..=10.0));
    assert!(said.contains("have no axis `ref` of responses: they have u, r"), "{said}");
    // The chances over u do not sum to 1.
    let said = wrong(Fit::new(counts(green(), "u", model())).parameter("beta", 0.0..=10.0));
    assert!(said.contains("the chances of `u` given r = GreenSquare sum to"), "{said}");
    let other = Table::from_csv(
        "people",
        &["u", "object"],
        (Utterance, Referent),
        "u,object,people\nGreen,GreenSquare,1\n".as_bytes(),
    );
    let said = wrong(Fit::new(counts(other.unwrap(), "object", model())).parameter("beta", 0.0..=10.0));
    assert!(said.contains("the data `people` have no axis `r`, which the table of `listener` has"), "{said}");
    let said = wrong(
        Fit::new(counts(green(), "r", from_vars(|p| Ok(vec![p["beta"]])))).parameter("beta", 0.0..=10.0),
    );
    assert!(said.starts_with("1 predictions are given for the 12 cells of the data `people`"), "{said}");
}

#[test]
#[should_panic(expected = "the parameter `beta` is unknown: there are bta; did you mean `bta`?")]
fn a_parameter_that_is_not_named_is_told() {
    let fit = Fit::new(counts(green(), "r", from_record(|p| listener::try_record(p["beta"], 1))));
    let _ = fit.parameter("bta", 0.0..=10.0).run();
}

#[test]
fn a_parameter_that_the_model_has_not_is_told() {
    let fit = Fit::new(counts(green(), "r", from_record(|p| listener::try_record(p["alpha"], 1))));
    let said = wrong(fit.parameter("alpha", 0.0..=10.0));
    assert!(said.starts_with("the parameter `alpha` is none of the model `listener`: it has beta"), "{said}");
    // What is computed from it is caught by the check of the gradient.
    let fit = Fit::new(counts(green(), "r", from_record(|p| listener::try_record(2.0 * p["beta"], 1))));
    let said = wrong(fit.parameter("beta", 0.0..=5.0));
    assert!(said.contains("what is computed from it needs `from_traced`"), "{said}");
    // So it is right.
    let fit = Fit::new(counts(
        green().select("u", "Green"),
        "r",
        from_vars(|p| {
            let cells: Vec<Var<'_, '_>> = listener::try_traced(p["beta"] * 2.0, 1)?.cells()[..3].to_vec();
            Ok(cells)
        }),
    ));
    let half = fit.parameter("beta", 0.0..=5.0).run().unwrap().estimate("beta");
    let whole = Fit::new(counts(green(), "r", from_record(|p| listener::try_record(p["beta"], 1))));
    let whole = whole.parameter("beta", 0.0..=10.0).run().unwrap().estimate("beta");
    assert_relative_eq!(2.0 * half, whole, max_relative = 1e-8);
}
