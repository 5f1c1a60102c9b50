//! The listener of the Lewis game, fitted to what people did.
//!
//! C. Qing and M. Franke, *Variations on a Bayesian theme: comparing Bayesian models of
//! referential reasoning*, 2015: of 180 people who were to say what “green” means, 65 took
//! the green square, 115 the green circle, none the pink circle.

#[allow(dead_code)]
#[path = "models/lewis_game.rs"]
mod model;

use memo::fit::{Fit, FitError, Fitted, compare, counts, from_record, from_vars, likelihood_ratio, squares};
use memo::{LabelledArray, Table, linspace};
use model::{Referent, Utterance, listener};

const PEOPLE: &str = "u,r,people\nGreen,GreenSquare,65\nGreen,GreenCircle,115\nGreen,PinkCircle,0\n";

/// How many took which utterance for which referent.
fn people() -> LabelledArray {
    match Table::from_csv("people", &["u", "r"], (Utterance, Referent), PEOPLE.as_bytes()) {
        Ok(people) => people.to_labelled(),
        Err(error) => panic!("{error}"),
    }
}

/// The most likely beta of a listener of a level.
fn likely(level: i64) -> Fit<'static> {
    let chances = from_record(move |p| listener::try_record(p["beta"], level));
    Fit::new(counts(people(), "r", chances)).parameter("beta", 0.0..=10.0).starts(8)
}

/// The beta with the smallest mean squared error to the shares, as memo's demo has it.
fn nearest() -> Result<Fitted<'static>, FitError> {
    let shares: LabelledArray = &people().select("u", "Green") / 180.0;
    // The first row of the table is that of “green”.
    let row = from_vars(|p| Ok(listener::try_traced(p["beta"], 1)?.cells()[..3].to_vec()));
    Fit::new(squares(shares, row)).parameter("beta", 0.0..=10.0).starts(8).run()
}

fn main() -> Result<(), FitError> {
    let nearest = nearest()?;
    println!("By the mean squared error, beta = {}:\n{nearest}\n", nearest.estimate("beta"));

    let pragmatic = likely(1).run()?;
    println!("By the likelihood:\n{pragmatic}");
    let profile = pragmatic.profile("beta")?;
    let (low, high) = profile.interval(0.95)?;
    println!("95 % of the profile likelihood: {low:.3?} to {high:.3?}\n{}\n", profile.plot());

    let posterior = likely(1).grid().over("beta", linspace(0.0, 5.0, 26)).run()?.posterior()?;
    println!("With a flat prior:\n{}\n", posterior.plot());

    // Someone who takes words literally has no beta.
    let literal = Fit::new(counts(people(), "r", from_record(|_| listener::try_record(0.0, 0)))).run()?;
    println!("{}", compare(&[("literal", &literal), ("pragmatic", &pragmatic)])?);
    println!("{}", likelihood_ratio(&literal, &pragmatic)?);
    let predicted = pragmatic.predicted()?.select("u", "Green");
    let shares = &people().select("u", "Green") / 180.0;
    println!("\n{}", predicted.plot().bars().points(&shares).title("What does “green” mean?"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_beta_is_that_of_memo() {
        let beta = nearest().map(|fitted| fitted.estimate("beta"));
        assert!((beta.unwrap() - 1.863_116_408_009_885_4).abs() < 1e-8);
        // There is one number to fit and one to be fitted, so the likelihood agrees.
        let likely = likely(1).run().unwrap();
        assert!((likely.estimate("beta") - 1.8631).abs() < 0.01);
        assert!((likely.standard_error("beta").unwrap() - 0.45).abs() < 0.1, "{likely}");
        assert_eq!(likely.agreement(), (8, 8));
    }
}
