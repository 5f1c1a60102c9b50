//! Data that might as well have been observed: bootstrap and predictive checks.

use std::fmt;

use rand::Rng;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::error::FitError;
use super::fitted::Fitted;
use super::objective::Data;
use super::score::Score;
use super::search::search;
use super::text::trimmed;
use crate::progress::Progress;
use crate::table::LabelledArray;

/// More observations than these are not drawn or dealt out one by one.
pub(super) const MOST: f64 = 1e7;

/// Whether so many draws can be made.
fn can_draw(data: &Data<'_>, times: usize, least: usize) -> Result<(), FitError> {
    let n = data.data.data.iter().filter(|count| !count.is_nan()).sum::<f64>();
    if times < least {
        return Err(FitError::not_possible(format!("{times} draws tell nothing; make {least} at least")));
    }
    if data.score == Score::Counts && n > MOST {
        return Err(FitError::not_possible(format!(
            "{n} observations are too many to be drawn one by one; {MOST} can be"
        )));
    }
    Ok(())
}

/// Counts drawn in each condition with chances proportional to weights, as many as there
/// were.
fn draw_counts<R: Rng + ?Sized>(data: &Data<'_>, weights: &[f64], rng: &mut R) -> Vec<f64> {
    let conditions = data.conditions();
    let observed = &data.data.data;
    let mut drawn = vec![0.0; observed.len()];
    let rows = conditions.iter().max().map_or(0, |most| most + 1);
    let mut cells: Vec<Vec<usize>> = vec![Vec::new(); rows];
    conditions.iter().enumerate().for_each(|(cell, row)| cells[*row].push(cell));
    for cells in cells {
        let total = cells.iter().map(|cell| observed[*cell]).sum::<f64>().round() as u64;
        let mut sum = 0.0;
        let sums: Vec<f64> = cells
            .iter()
            .map(|cell| {
                sum += weights[*cell].max(0.0);
                sum
            })
            .collect();
        for _ in 0..total {
            let part = rng.random::<f64>() * sum;
            let at = sums.partition_point(|sum| *sum <= part).min(sums.partition_point(|own| *own < sum));
            drawn[cells[at]] += 1.0;
        }
    }
    drawn
}

/// Estimates from data that were drawn again and again.
#[derive(Clone, Debug)]
pub struct Bootstrap {
    names: Vec<String>,
    /// For each parameter its estimates, in order.
    estimates: Vec<Vec<f64>>,
    failed: usize,
}

impl<'a> Fitted<'a> {
    /// Fits the model again to data drawn from the data, in parallel: counts are drawn
    /// with replacement in each condition, the errors of numbers are dealt out anew
    /// (Efron & Tibshirani 1993). It needs no likelihood and no curvature.
    ///
    /// # Errors
    /// [`FitError::NotPossible`] where the objective is a function, for less than two draws and
    /// for more than ten million observations, which are drawn one by one; the errors of the
    /// model.
    pub fn bootstrap<R: Rng + ?Sized>(&self, times: usize, rng: &mut R) -> Result<Bootstrap, FitError> {
        let data = self.data()?;
        can_draw(data, times, 2)?;
        let observed = &data.data.data;
        let predicted = data.predicted(&self.point())?;
        let draws: Vec<Vec<f64>> = (0..times)
            .map(|_| match data.score {
                Score::Counts => draw_counts(data, observed, rng),
                Score::Squares | Score::Correlation => draw_errors(observed, &predicted, rng),
            })
            .collect();
        let progress = Progress::new("bootstrap", times);
        let again = |drawn: &Vec<f64>| {
            let objective = data.with(drawn.clone());
            let mut target = self.fit.target();
            target.objective = &objective;
            (target.base, target.scale) = (self.all.clone(), self.scale);
            let found = search(&target, self.fit.optimizer, self.fit.iterations, &self.all);
            progress.step();
            found
        };
        let found: Vec<_> = draws.par_iter().map(again).collect();
        progress.end();
        let names: Vec<String> = self.fit.layout.names().map(String::from).collect();
        let mut estimates = vec![Vec::new(); names.len()];
        let mut failed = 0;
        for found in found {
            match found {
                Ok(found) if found.steepest <= 1e-4 => {
                    estimates.iter_mut().zip(&found.all).for_each(|(all, x)| all.push(*x));
                }
                _ => failed += 1,
            }
        }
        if times - failed < 2 {
            return Err(FitError::not_possible(format!(
                "{failed} of the {times} searches of the bootstrap have not arrived"
            )));
        }
        estimates.iter_mut().for_each(|all| all.sort_by(f64::total_cmp));
        Ok(Bootstrap { names, estimates, failed })
    }

    /// A predictive check: data are drawn from the fitted model, and a statistic of them
    /// is compared with that of the observed data.
    ///
    /// # Errors
    /// [`FitError::NotPossible`] where the data are no counts or more than ten million, and where
    /// nothing is drawn; the errors of the model.
    pub fn check<R: Rng + ?Sized>(
        &self,
        times: usize,
        rng: &mut R,
        statistic: impl Fn(&LabelledArray) -> f64,
    ) -> Result<Check, FitError> {
        let data = self.data()?;
        if data.score != Score::Counts {
            return Err(FitError::not_possible(
                "a predictive check draws counts, and the data are other numbers: fit `counts`",
            ));
        }
        can_draw(data, times, 1)?;
        let predicted = data.predicted(&self.point())?;
        let of = |drawn: Vec<f64>| statistic(&LabelledArray { data: drawn, ..(*data.data).clone() });
        let drawn: Vec<f64> = (0..times).map(|_| of(draw_counts(data, &predicted, rng))).collect();
        Ok(Check { observed: statistic(&data.data), drawn })
    }

    /// A check of the whole fit: the deviance of the data, 2 Σ k ln (k / n p), against that
    /// of data drawn from the fitted model. A small share of larger ones means that the
    /// model misses something.
    ///
    /// # Errors
    /// Those of [`Fitted::check`].
    pub fn goodness_of_fit<R: Rng + ?Sized>(&self, times: usize, rng: &mut R) -> Result<Check, FitError> {
        let data = self.data()?;
        let predicted = data.predicted(&self.point())?;
        let totals = super::predict::sums_over(&data.data.shape(), &data.data.data, &data.responses);
        self.check(times, rng, |counts| {
            let cells = counts.data.iter().zip(&predicted).zip(&totals).filter(|((k, _), _)| **k > 0.0);
            cells.map(|((k, p), n)| 2.0 * k * (k / (n * p)).ln()).sum()
        })
    }
}

/// Predictions with the errors of the data, drawn with replacement.
fn draw_errors<R: Rng + ?Sized>(observed: &[f64], predicted: &[f64], rng: &mut R) -> Vec<f64> {
    let present: Vec<f64> =
        observed.iter().zip(predicted).filter(|(y, _)| !y.is_nan()).map(|(y, m)| y - m).collect();
    let draw = |(y, m): (&f64, &f64)| {
        if y.is_nan() { f64::NAN } else { m + present[rng.random_range(0..present.len())] }
    };
    observed.iter().zip(predicted).map(draw).collect()
}

impl Bootstrap {
    fn of(&self, name: &str) -> &[f64] {
        match self.names.iter().position(|own| own == name) {
            Some(at) => &self.estimates[at],
            None => panic!("the parameter `{name}` is unknown: there are {}", self.names.join(", ")),
        }
    }

    /// All estimates of a parameter, in order.
    ///
    /// # Panics
    /// When there is no such parameter, or it is an array.
    #[must_use]
    pub fn estimates(&self, name: &str) -> &[f64] {
        self.of(name)
    }

    /// The standard deviation of the estimates of a parameter.
    ///
    /// # Panics
    /// When there is no such parameter, or it is an array.
    #[must_use]
    pub fn standard_error(&self, name: &str) -> f64 {
        let all = self.of(name);
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        (all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (all.len() as f64 - 1.0)).sqrt()
    }

    /// The interval between the quantiles of the estimates.
    ///
    /// # Panics
    /// When there is no such parameter, it is an array, or the level is not between 0 and
    /// 1.
    #[must_use]
    pub fn interval(&self, name: &str, level: f64) -> (f64, f64) {
        assert!(level > 0.0 && level < 1.0, "the level of an interval is {level}, not between 0 and 1");
        let all = self.of(name);
        let quantile = |p: f64| {
            let place = p * (all.len() - 1) as f64;
            let (below, part) = (place.floor() as usize, place.fract());
            all[below] + part * (all[(below + 1).min(all.len() - 1)] - all[below])
        };
        (quantile(0.5 * (1.0 - level)), quantile(0.5 * (1.0 + level)))
    }

    /// How many searches have not arrived; their ends are left out.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.failed
    }
}

/// A statistic of the data and of data drawn from the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// That of the data.
    pub observed: f64,
    /// Those of the drawn data.
    pub drawn: Vec<f64>,
}

impl Check {
    /// The share of drawn data whose statistic is at least as large, the data counted in:
    /// (1 + larger) / (1 + drawn).
    #[must_use]
    pub fn p(&self) -> f64 {
        let larger = self.drawn.iter().filter(|drawn| **drawn >= self.observed).count();
        (1.0 + larger as f64) / (1.0 + self.drawn.len() as f64)
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "observed {}, at least as large in {} of all draws ({})",
            trimmed(self.observed),
            trimmed(self.p()),
            self.drawn.len()
        )
    }
}
