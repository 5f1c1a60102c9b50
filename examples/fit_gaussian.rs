//! A normal distribution (mean 1, standard deviation 2.5) found from samples: as a model
//! over bins, by its density, and by what turns standard normal numbers into it.

use memo::fit::{Fit, FitError, Fitted, Transform, counts, from_record, log_likelihood, loss};
use memo::prelude::*;
use memo::{Real, Var};
use rand::{Rng, SeedableRng, rngs::SmallRng};

/// The middles of bins of the width ¼.
const BIN: Linspace = linspace(-11.0, 13.0, 97);

/// A normal distribution over the bins.
#[memo(grad)]
fn bins<x: BIN>(mean: f64, deviation: f64) {
    model! {
        nature: chooses(x in BIN, wpp = exp(-0.5 * ((x - mean) / deviation) ** 2));
        return Pr[nature.x == x];
    }
}

/// Standard normal numbers (Box & Muller 1958).
fn standard(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = SmallRng::seed_from_u64(seed);
    let mut one = || {
        let (u, v) = (1.0 - rng.random::<f64>(), rng.random::<f64>());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    };
    (0..n).map(|_| one()).collect()
}

fn samples(n: usize) -> Vec<f64> {
    standard(n, 4).iter().map(|z| 1.0 + 2.5 * z).collect()
}

/// The deviation is positive: it is searched by its logarithm.
fn normal(objective: memo::fit::Objective<'_>) -> Result<Fitted<'_>, FitError> {
    let fit = Fit::new(objective).parameter("mean", -10.0..=10.0).parameter("deviation", 0.01..=10.0);
    fit.transform("deviation", Transform::Log).run()
}

/// From how many samples fell into each bin.
fn discretised(samples: &[f64]) -> Result<Fitted<'static>, FitError> {
    let bin =
        |x: &f64| BIN.into_iter().min_by(|a, b| (a - x).abs().total_cmp(&(b - x).abs())).unwrap_or_default();
    let mut count = vec![0_u32; BIN.len()];
    for x in samples {
        count[BIN.index(bin(x)).unwrap_or_default()] += 1;
    }
    let rows: String = BIN.into_iter().zip(count).map(|(x, count)| format!("{x},{count}\n")).collect();
    match Table::from_csv("samples", &["x"], (BIN,), format!("x,samples\n{rows}").as_bytes()) {
        Ok(seen) => normal(counts(seen, "x", from_record(|p| bins::try_record(p["mean"], p["deviation"])))),
        Err(error) => panic!("{error}"),
    }
}

/// From the density at the samples.
fn continuous(samples: &[f64]) -> Result<Fitted<'_>, FitError> {
    normal(log_likelihood(samples.len() as f64, |p| {
        let off = samples.iter().map(|x| ((p["mean"] - *x) / p["deviation"]).powi(2));
        Ok(off.sum::<Var<'_, '_>>() * -0.5 - p["deviation"].ln() * samples.len() as f64)
    }))
}

/// From numbers mean + deviation · z, whose derivatives are known (the reparameterisation
/// of Kingma & Welling 2014): in order, they are to be near the samples in order.
fn reparameterised(samples: &[f64]) -> Result<Fitted<'static>, FitError> {
    let (mut samples, mut z) = (samples.to_vec(), standard(samples.len(), 9));
    samples.sort_by(f64::total_cmp);
    z.sort_by(f64::total_cmp);
    normal(loss(move |p| {
        let off = samples.iter().zip(&z).map(|(x, z)| (p["mean"] + p["deviation"] * *z - *x).powi(2));
        Ok(off.sum::<Var<'_, '_>>() / samples.len() as f64)
    }))
}

fn main() -> Result<(), FitError> {
    let samples = samples(2000);
    println!("Over bins:\n{}\n", discretised(&samples)?);
    println!("By the density:\n{}\n", continuous(&samples)?);
    println!("By what turns standard normal numbers into it:\n{}", reparameterised(&samples)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_deviation_are_found() {
        let samples = samples(2000);
        let n = samples.len() as f64;
        let mean = samples.iter().sum::<f64>() / n;
        let deviation = (samples.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
        let exact = continuous(&samples).unwrap();
        let near = |a: f64, b: f64, by: f64| assert!((a - b).abs() < by * b.abs(), "{a}, not {b}");
        // In closed form, with the standard errors s / √n and s / √(2 n).
        near(exact.estimate("mean"), mean, 1e-8);
        near(exact.estimate("deviation"), deviation, 1e-8);
        near(exact.standard_error("mean").unwrap(), deviation / n.sqrt(), 1e-6);
        near(exact.standard_error("deviation").unwrap(), deviation / (2.0 * n).sqrt(), 1e-6);
        // Bins of the width h add h² / 12 to the variance.
        let over_bins = discretised(&samples).unwrap();
        near(over_bins.estimate("mean"), mean, 0.02);
        near(over_bins.estimate("deviation").powi(2), deviation.powi(2) + 0.0625 / 12.0, 0.01);
        // Of the truth all three are within some standard errors.
        for fitted in [exact, over_bins, reparameterised(&samples).unwrap()] {
            near(fitted.estimate("mean"), 1.0, 0.25);
            near(fitted.estimate("deviation"), 2.5, 0.1);
        }
    }
}
