//! Cross-validation: fitted to some of the data, asked about the rest.

use std::fmt;

use rand::Rng;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::builder::Fit;
use super::error::FitError;
use super::fitted::Fitted;
use super::objective::{Data, Source};
use super::resample::MOST;
use super::score::Score;
use super::text::trimmed;
use crate::table::places;

/// How data are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folds<'n> {
    /// Into so many parts of about the same size, at random: counts observation by
    /// observation, numbers cell by cell.
    Random(usize),
    /// By the values of an axis: each is left out once.
    LeaveOut(&'n str),
}

/// How well what is fitted to some of the data predicts the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Validation {
    /// For each part that was left out: its log likelihood, or for numbers minus its sum
    /// of squared errors.
    pub scores: Vec<f64>,
    /// For each part the number of observations in it.
    pub observations: Vec<f64>,
    /// For each part the estimates, in the order of the parameters.
    pub estimates: Vec<Vec<f64>>,
    /// For each part whether the fit without it has [converged](super::Fitted::converged).
    pub converged: Vec<bool>,
    counts: bool,
}

impl<'a> Fit<'a> {
    /// Fits the model to all parts of the data but one, and scores that one, for each.
    ///
    /// # Errors
    /// Those of [`Fit::run`]; [`FitError::NotPossible`] where the objective is a function or
    /// a correlation, and where counts that are not whole, or more than ten million, are to be
    /// divided at random.
    pub fn cross_validate<R: Rng + ?Sized>(
        &self,
        folds: Folds<'_>,
        rng: &mut R,
    ) -> Result<Validation, FitError> {
        self.checked()?;
        let Source::Data(data) = &self.objective.0 else {
            return Err(FitError::not_possible(
                "the objective is a function, whose data cannot be divided: fit `counts` or `squares`",
            ));
        };
        if data.score == Score::Correlation {
            return Err(FitError::not_possible(
                "a correlation is no sum over the data: cross-validate `squares`",
            ));
        }
        let parts = match folds {
            Folds::Random(n) => random(data, n, rng)?,
            Folds::LeaveOut(axis) => by_axis(data, axis)?,
        };
        let nothing = if data.score == Score::Counts { 0.0 } else { f64::NAN };
        let one = |held: &Vec<f64>| {
            let rest = |(all, held): (&f64, &f64)| match data.score {
                Score::Counts => all - held,
                _ if held.is_nan() => *all,
                _ => nothing,
            };
            let train: Vec<f64> = data.data.data.iter().zip(held).map(rest).collect();
            let fitted = self.about(data.with(train)).run()?;
            let asked = data.with(held.clone());
            let value = asked.value(&fitted.point())?;
            let n = match data.score {
                Score::Counts => held.iter().sum(),
                _ => super::score::present(held),
            };
            let score = if data.score == Score::Counts { -value } else { -value * n };
            Ok((score, n, fitted))
        };
        let found: Vec<(f64, f64, Fitted<'_>)> =
            parts.par_iter().map(one).collect::<Result<_, FitError>>()?;
        let mut validation = Validation {
            scores: Vec::new(),
            observations: Vec::new(),
            estimates: Vec::new(),
            converged: Vec::new(),
            counts: data.score == Score::Counts,
        };
        for (score, n, fitted) in found {
            validation.scores.push(score);
            validation.observations.push(n);
            validation.estimates.push(fitted.point().values().to_vec());
            validation.converged.push(fitted.converged());
        }
        Ok(validation)
    }
}

/// What is in each part: of counts how many, of numbers which (NaN elsewhere).
fn random<R: Rng + ?Sized>(data: &Data<'_>, n: usize, rng: &mut R) -> Result<Vec<Vec<f64>>, FitError> {
    let all = &data.data.data;
    let counts = data.score == Score::Counts;
    if let Some(broken) = all.iter().find(|count| counts && count.fract() != 0.0) {
        return Err(FitError::not_possible(format!(
            "the count {broken} is not whole, so that it cannot be divided at random; leave out the values of \
             an axis (`Folds::LeaveOut`)"
        )));
    }
    let many: f64 = if counts { all.iter().sum() } else { 0.0 };
    if many > MOST {
        return Err(FitError::not_possible(format!(
            "{many} observations are too many to be dealt out one by one, {MOST} can be; leave out the values of an \
             axis (`Folds::LeaveOut`)"
        )));
    }
    // The cell of each observation, in random order.
    let mut cells: Vec<usize> = Vec::new();
    for (cell, value) in all.iter().enumerate() {
        let times = if counts { *value as usize } else { usize::from(!value.is_nan()) };
        cells.extend(std::iter::repeat_n(cell, times));
    }
    if n < 2 || n > cells.len() {
        return Err(FitError::not_possible(format!(
            "{} observations cannot be divided into {n} parts; take from 2 to as many parts as there are observations",
            cells.len()
        )));
    }
    for at in (1..cells.len()).rev() {
        cells.swap(at, rng.random_range(0..=at));
    }
    let nothing = if counts { 0.0 } else { f64::NAN };
    let mut parts = vec![vec![nothing; all.len()]; n];
    for (place, cell) in cells.into_iter().enumerate() {
        let held = &mut parts[place % n][cell];
        if counts { *held += 1.0 } else { *held = all[cell] }
    }
    Ok(parts)
}

fn by_axis(data: &Data<'_>, axis: &str) -> Result<Vec<Vec<f64>>, FitError> {
    let names = data.data.axis_names();
    let Some(at) = names.iter().position(|own| *own == axis) else {
        let near = crate::table::did_you_mean(axis, &names);
        return Err(FitError::not_possible(format!(
            "the data have no axis `{axis}`: they have {}{near}",
            names.join(", ")
        )));
    };
    if data.responses.contains(&at) {
        return Err(FitError::not_possible(format!(
            "`{axis}` is what was responded: leave out the values of a condition, or divide at random"
        )));
    }
    let shape = data.data.shape();
    let nothing = if data.score == Score::Counts { 0.0 } else { f64::NAN };
    let all = &data.data.data;
    let part = |value: usize| -> Vec<f64> {
        (0..all.len())
            .map(|cell| if places(cell, &shape)[at] == value { all[cell] } else { nothing })
            .collect()
    };
    let empty = |part: &Vec<f64>| part.iter().all(|x| x.is_nan() || *x == nothing);
    let parts: Vec<Vec<f64>> = (0..shape[at]).map(part).filter(|part| !empty(part)).collect();
    if parts.len() < 2 {
        return Err(FitError::not_possible(format!(
            "there are data for one value of `{axis}` only: none is left to fit"
        )));
    }
    Ok(parts)
}

impl Validation {
    /// The sum of all scores.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.scores.iter().sum()
    }

    /// The score for an observation: the mean log likelihood, or minus the mean squared
    /// error.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.total() / self.observations.iter().sum::<f64>()
    }
}

impl fmt::Display for Validation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, total) = (self.scores.len(), trimmed(self.total()));
        if self.counts {
            write!(
                f,
                "held-out log likelihood {total} in {parts} parts, {} an observation",
                trimmed(self.mean())
            )
        } else {
            write!(f, "held-out mean squared error {} in {parts} parts", trimmed(-self.mean()))
        }?;
        let lost = self.converged.iter().filter(|converged| !**converged).count();
        if lost > 0 {
            write!(f, "; {lost} of the {parts} fits have NOT CONVERGED")?;
        }
        Ok(())
    }
}
