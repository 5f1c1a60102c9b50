//! How many steps ahead do the readers of a newspaper think? Guesses at two thirds of the
//! average, as a mixture of players of ten levels.
//!
//! The data are the guesses of 61 139 readers (*Are You Smarter Than 61,139 Other New York
//! Times Readers?*, 2015; heights of its histogram, as in memo's demo 23).

#[allow(dead_code)]
#[path = "models/guess_two_thirds.rs"]
mod model;

use memo::fit::{Fit, FitError, Predictions, counts, from_vars, squares};
use memo::{LabelledArray, Real, Table, Var, try_grad};
use model::{N, player};
use rand::{SeedableRng, rngs::SmallRng};

const LEVELS: usize = 10;
const READERS: f64 = 61_139.0;

/// The share of readers of each guess.
fn shares() -> LabelledArray {
    let file = include_str!("data/guess_two_thirds.csv");
    let heights = match Table::from_csv("height", &["n"], (N,), file.as_bytes()) {
        Ok(heights) => heights,
        Err(error) => panic!("{error}"),
    };
    heights.normalize("n").named("readers")
}

/// The guesses of a mixture: the share of level i is proportional to exp fs[i].
fn mixture<'t, 'env>(fs: &[Var<'t, 'env>], beta: Var<'t, 'env>) -> Result<Vec<Var<'t, 'env>>, memo::Error> {
    let weights: Vec<Var<'_, '_>> = fs.iter().map(|f| f.exp()).collect();
    let total: Var<'_, '_> = weights.iter().copied().sum();
    let players =
        (0..LEVELS as i64).map(|level| player::try_traced(level, beta)).collect::<Result<Vec<_>, _>>()?;
    let guess = |n: usize| -> Var<'_, '_> {
        weights.iter().zip(&players).map(|(weight, player)| *weight * player.cells()[n]).sum::<Var<'_, '_>>()
            / total
    };
    Ok((0..players[0].cells().len()).map(guess).collect())
}

/// What memo's demo does: 200 steps of gradient descent, all shares alike at first. Gives
/// the last loss that it prints, and beta after the last step.
fn descent() -> Result<(f64, f64), memo::Error> {
    let data = shares();
    let mut at = vec![1.0; LEVELS + 1];
    let mut loss = 0.0;
    for _ in 0..=200 {
        let (value, slopes) = try_grad(&at, |x| {
            let guesses = mixture(&x[..LEVELS], x[LEVELS])?;
            let off = guesses.iter().zip(data.values()).map(|(guess, share)| (*guess - *share).powi(2));
            Ok::<_, memo::Error>(off.sum())
        })?;
        loss = value;
        at.iter_mut().zip(slopes).for_each(|(x, slope)| *x -= 10.0 * slope);
    }
    Ok((loss, at[LEVELS]))
}

fn predictions() -> Predictions<'static> {
    from_vars(|p| mixture(p.slice("fs"), p["beta"]))
}

/// The parameters: only differences of fs matter, so the first is 0.
fn mixed(objective: memo::fit::Objective<'static>) -> Fit<'static> {
    let fit = Fit::new(objective).array("fs", &[LEVELS], -12.0..=12.0).fix("fs[0]", 0.0);
    fit.parameter("beta", 0.01..=5.0).start("beta", 1.0).start("fs", 0.0)
}

/// The smallest squared error, which the demo's steps are on the way to.
fn nearest() -> Fit<'static> {
    mixed(squares(shares(), predictions()))
}

/// The most likely parameters: the shares times the number of readers are their guesses.
fn likely() -> Fit<'static> {
    mixed(counts(&shares() * READERS, "n", predictions()))
}

fn main() -> Result<(), FitError> {
    let (loss, beta) = descent()?;
    println!("200 steps of gradient descent: the squared error is {loss:.7}, beta = {beta:.6}\n");
    let nearest = nearest().starts(4).run()?;
    println!("The optimum: the squared error is {:.7}\n{nearest}\n", 101.0 * nearest.value());
    let likely = likely().starts(4).run()?;
    println!("By the likelihood:\n{likely}\n");
    let bootstrap = likely.bootstrap(40, &mut SmallRng::seed_from_u64(1))?;
    println!(
        "beta = {:.4}, standard error {:.4} by curvature, {:.4} by the bootstrap",
        likely.estimate("beta"),
        likely.standard_error("beta").unwrap_or(f64::NAN),
        bootstrap.standard_error("beta")
    );
    for level in 0..LEVELS {
        let share = likely.derived(|p| {
            let fs = p.slice("fs");
            Ok(fs[level].exp() / fs.iter().map(|f| f.exp()).sum::<Var<'_, '_>>())
        })?;
        println!(
            "level {level}: {:5.1} % of the readers, ± {:.1}",
            100.0 * share.value,
            100.0 * share.standard_error
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What memo's demo prints, in 32 bits.
    #[test]
    fn descent_ends_where_that_of_the_demo_does() {
        let (loss, beta) = descent().unwrap();
        assert!((loss - 0.014_317_522).abs() < 1e-7, "{loss}");
        assert!((beta - 0.657_967_45).abs() < 1e-5, "{beta}");
    }

    #[test]
    fn the_optimum_is_below_it() {
        let fitted = nearest().run().unwrap();
        assert!(fitted.converged(), "{fitted}");
        assert!(101.0 * fitted.value() < 0.014_317, "{fitted}");
        let likely = likely().run().unwrap();
        assert!(likely.converged() && likely.standard_error("beta").is_some_and(|e| e < 0.05), "{likely}");
    }
}
