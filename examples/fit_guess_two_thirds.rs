//! How many steps ahead do the readers of a newspaper think? Guesses at two thirds of the
//! average, as a mixture of players of ten levels.
//!
//! The data are the guesses of 61 139 readers (*Are You Smarter Than 61,139 Other New York
//! Times Readers?*, 2015; heights of its histogram, as in memo's demo 23).

#[allow(dead_code)]
#[path = "models/guess_two_thirds.rs"]
mod model;

use memo::fit::{Fit, FitError, Objective, Predictions, compare, counts, from_vars, squares};
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

/// The guesses of a mixture of players with these shares, up to their sum; a share more is
/// of readers who guess at random.
fn mixture<'t, 'env>(
    shares: &[Var<'t, 'env>],
    beta: Var<'t, 'env>,
) -> Result<Vec<Var<'t, 'env>>, memo::Error> {
    let total: Var<'_, '_> = shares.iter().copied().sum();
    let players =
        (0..LEVELS as i64).map(|level| player::try_traced(level, beta)).collect::<Result<Vec<_>, _>>()?;
    let guesses = players[0].cells().len();
    let guess = |n: usize| -> Var<'_, '_> {
        let players = shares.iter().zip(&players).map(|(share, player)| *share * player.cells()[n]);
        let random = shares[LEVELS..].iter().map(|share| *share / guesses as f64);
        players.chain(random).sum::<Var<'_, '_>>() / total
    };
    Ok((0..guesses).map(guess).collect())
}

/// What memo's demo does, which fits the logarithms of the shares: 200 steps of gradient descent, all shares alike at first. Gives
/// the last loss that it prints, and beta after the last step.
fn descent() -> Result<(f64, f64), memo::Error> {
    let data = shares();
    let mut at = vec![1.0; LEVELS + 1];
    let mut loss = 0.0;
    for _ in 0..=200 {
        let (value, slopes) = try_grad(&at, |x| {
            let shares: Vec<Var<'_, '_>> = x[..LEVELS].iter().map(|f| f.exp()).collect();
            let guesses = mixture(&shares, x[LEVELS])?;
            let off = guesses.iter().zip(data.values()).map(|(guess, share)| (*guess - *share).powi(2));
            Ok::<_, memo::Error>(off.sum())
        })?;
        loss = value;
        at.iter_mut().zip(slopes).for_each(|(x, slope)| *x -= 10.0 * slope);
    }
    Ok((loss, at[LEVELS]))
}

/// The shares are 0 or more, and only their relation matters: the first is 1.
fn mixed(objective: Objective<'static>, players: usize) -> Fit<'static> {
    let fit = Fit::new(objective).array("share", &[players], 0.0..=10.0).fix("share[0]", 1.0);
    fit.parameter("beta", 0.01..=5.0).start("beta", 1.0).start("share", 1.0)
}

fn predictions() -> Predictions<'static> {
    from_vars(|p| mixture(p.slice("share"), p["beta"]))
}

/// The smallest squared error, which the demo's steps are on the way to.
fn nearest() -> Fit<'static> {
    mixed(squares(shares(), predictions()), LEVELS)
}

/// The most likely parameters: the shares times the number of readers are their guesses.
fn likely(players: usize) -> Fit<'static> {
    mixed(counts(&shares() * READERS, "n", predictions()), players)
}

fn main() -> Result<(), FitError> {
    let (loss, beta) = descent()?;
    println!("200 steps of gradient descent: the squared error is {loss:.7}, beta = {beta:.6}\n");
    let nearest = nearest().starts(4).run()?;
    println!("The optimum: the squared error is {:.7}\n{nearest}\n", 101.0 * nearest.value());
    // Who guesses more than 67 is at no level: some readers guess at random.
    let (levels, random) = (likely(LEVELS).starts(4).run()?, likely(LEVELS + 1).starts(4).run()?);
    println!("{}\n", compare(&[("ten levels", &levels), ("and random guesses", &random)])?);
    println!("{random}\nEnds of the searches: {:.0?}\n", random.ends());
    let bootstrap = random.bootstrap(40, &mut SmallRng::seed_from_u64(1))?;
    println!(
        "beta = {:.4}, standard error {:.4} by curvature, {:.4} by the bootstrap",
        random.estimate("beta"),
        random.standard_error("beta").unwrap_or(f64::NAN),
        bootstrap.standard_error("beta")
    );
    for player in 0..=LEVELS {
        let share = random.derived(|p| {
            let all = p.slice("share");
            Ok(all[player] / all.iter().copied().sum::<Var<'_, '_>>())
        })?;
        let name = if player == LEVELS { "at random".into() } else { format!("level {player}") };
        println!(
            "{name:>9}: {:5.1} % of the readers, ± {:.1}",
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
        assert!(101.0 * fitted.value() < 0.0135, "{fitted}");
        let random = likely(LEVELS + 1).run().unwrap();
        assert!(random.converged() && random.standard_error("beta").is_some_and(|e| e < 0.05), "{random}");
    }
}
