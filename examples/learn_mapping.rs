//! A mapping learned from samples: p(y | x) = softmax(w[x]), with 16 × 8 logits, by Adam
//! and by L-BFGS.

use memo::fit::{Fit, FitError, Fitted, Optimizer, Prior, counts, from_record};
use memo::prelude::*;
use ndarray::Array2;
use rand::{Rng, SeedableRng, rngs::SmallRng};
use std::ops::Range;

const X: Range<i64> = 0..16;
const Y: Range<i64> = 0..8;

/// The chance of each y given each x.
#[memo(grad)]
fn mapping<x: X, y: Y>(w: &Array2<f64>) {
    model! {
        learner: knows(x);
        learner: chooses(y in Y, wpp = exp(w[x, y]));
        return Pr[learner.y == y];
    }
}

type Mapping = Table<(Range<i64>, Range<i64>)>;

/// The true mapping, and how often each pair was seen.
fn samples(n: usize) -> (Mapping, Mapping) {
    let mut rng = SmallRng::seed_from_u64(7);
    let truth = mapping(&Array2::from_shape_fn((16, 8), |_| rng.random_range(-1.5..1.5)));
    let mut seen = Array2::<u32>::zeros((16, 8));
    // Every x equally often.
    for (x, y) in truth.samples(&mut rng, n) {
        seen[[x as usize, y as usize]] += 1;
    }
    let rows: String = seen.indexed_iter().map(|((x, y), k)| format!("{x},{y},{k}\n")).collect();
    match Table::from_csv("seen", &["x", "y"], (X, Y), format!("x,y,seen\n{rows}").as_bytes()) {
        Ok(seen) => (truth, seen),
        Err(error) => panic!("{error}"),
    }
}

/// Only differences of logits matter; a prior keeps them near 0.
fn learned(seen: &Mapping, optimizer: Optimizer) -> Result<Fitted<'static>, FitError> {
    let chances = from_record(|p| mapping::try_record(p.matrix("w")));
    let fit =
        Fit::new(counts(seen, "y", chances)).array("w", &[16, 8], ..).prior("w", Prior::normal(0.0, 2.0));
    fit.optimizer(optimizer).run()
}

/// Half of the absolute differences of two distributions, in the mean over x.
fn distance(truth: &Mapping, fitted: &Fitted<'_>) -> Result<f64, FitError> {
    let predicted = fitted.predicted()?;
    let pairs = truth.values().iter().zip(predicted.values());
    Ok(pairs.map(|(a, b)| (a - b).abs()).sum::<f64>() / 32.0)
}

fn main() -> Result<(), FitError> {
    for n in [1_000, 10_000, 100_000] {
        let (truth, seen) = samples(n);
        let adam = learned(&seen, Optimizer::Adam { rate: 0.05, steps: 500 })?;
        let lbfgs = learned(&seen, Optimizer::Lbfgs)?;
        println!(
            "{n} samples: {:.4} from the truth by Adam, {:.4} by L-BFGS",
            distance(&truth, &adam)?,
            distance(&truth, &lbfgs)?
        );
    }
    let (_, seen) = samples(10_000);
    println!("\n{}", learned(&seen, Optimizer::Lbfgs)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_truth_is_recovered() {
        let (truth, seen) = samples(20_000);
        let lbfgs = learned(&seen, Optimizer::Lbfgs).unwrap();
        let adam = learned(&seen, Optimizer::Adam { rate: 0.05, steps: 500 }).unwrap();
        assert!(lbfgs.converged(), "{lbfgs}");
        for fitted in [&lbfgs, &adam] {
            // The error of a share is some √(p / n) with n = 1250 for each x.
            let off = distance(&truth, fitted).unwrap();
            assert!(off < 0.04, "{off}");
        }
        assert!((adam.value() - lbfgs.value()).abs() < 1e-3 * lbfgs.value());
    }
}
