//! What is to be fitted, and how.

use std::ops::RangeBounds;
use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::error::FitError;
use super::fitted::{Fitted, Starts};
use super::objective::{Measure, Objective};
use super::parameters::{Layout, Transform};
use super::prior::Prior;
use super::search::{Found, Optimizer, search, starts};
use super::target::Target;
use crate::progress::Progress;

/// An objective with its parameters: the beginning of a fit.
///
/// Mistakes of names and bounds are told by [`Fit::run`].
#[derive(Clone, Debug)]
#[must_use = "nothing is fitted until `.run()`"]
pub struct Fit<'a> {
    pub(super) objective: Objective<'a>,
    pub(super) layout: Arc<Layout>,
    pub(super) starts: usize,
    pub(super) iterations: u64,
    pub(super) optimizer: Optimizer,
    check_gradient: bool,
    problem: Option<FitError>,
}

impl<'a> Fit<'a> {
    /// Begins a fit.
    pub fn new(objective: Objective<'a>) -> Self {
        Self {
            objective,
            layout: Arc::default(),
            starts: 1,
            iterations: 1000,
            optimizer: Optimizer::Lbfgs,
            check_gradient: true,
            problem: None,
        }
    }

    fn noting(mut self, step: impl FnOnce(&mut Layout) -> Result<(), FitError>) -> Self {
        if let Err(problem) = step(Arc::make_mut(&mut self.layout)) {
            self.problem.get_or_insert(problem);
        }
        self
    }

    /// A number to be found, with its bounds: `0.0..=10.0`, `0.0..` or `..`.
    pub fn parameter(self, name: &str, range: impl RangeBounds<f64>) -> Self {
        self.noting(|layout| layout.add(name, &[], &range))
    }

    /// An array of numbers to be found, each within the bounds. Its elements are called
    /// `w[0, 2]`.
    pub fn array(self, name: &str, shape: &[usize], range: impl RangeBounds<f64>) -> Self {
        self.noting(|layout| layout.add(name, shape, &range))
    }

    /// Where the search for a parameter begins, for an array for all its elements: without
    /// it in the middle of its bounds, one from the only one, or at 0.
    pub fn start(self, name: &str, value: f64) -> Self {
        self.noting(|layout| {
            let at = layout.find(name)?;
            layout.elements[at].iter_mut().for_each(|element| element.start = Some(value));
            Ok(())
        })
    }

    /// Where the search for each element of an array begins, row-major.
    pub fn start_array(self, name: &str, values: &[f64]) -> Self {
        self.noting(|layout| {
            let at = layout.find(name)?;
            if at.len() != values.len() {
                let (wanted, found) = (at.len(), values.len());
                return Err(FitError::parameter(
                    name,
                    format!("has {wanted} elements, but {found} starts are given"),
                ));
            }
            layout.elements[at]
                .iter_mut()
                .zip(values)
                .for_each(|(element, value)| element.start = Some(*value));
            Ok(())
        })
    }

    /// Searches a parameter on another scale.
    pub fn transform(self, name: &str, transform: Transform) -> Self {
        self.noting(|layout| {
            let at = layout.find(name)?;
            layout.elements[at].iter_mut().for_each(|element| element.transform = transform);
            Ok(())
        })
    }

    /// What is believed of a parameter before the data; for an array, of each element on
    /// its own. The estimate is then the one of maximal posterior density.
    pub fn prior(self, name: &str, prior: Prior) -> Self {
        self.noting(|layout| {
            let at = layout.find(name)?;
            layout.elements[at].iter_mut().for_each(|element| element.prior = Some(prior));
            Ok(())
        })
    }

    /// Keeps a parameter, or an element of an array, at a value: it is not searched, and
    /// not counted.
    pub fn fix(self, name: &str, value: f64) -> Self {
        self.noting(|layout| {
            let at = layout.find(name)?;
            if !value.is_finite() {
                return Err(FitError::parameter(name, format!("is fixed at {value}; fix it at a number")));
            }
            layout.elements[at].iter_mut().for_each(|element| element.fixed = Some(value));
            Ok(())
        })
    }

    /// From how many points the search begins, in parallel: the start, and others that
    /// fill the bounds evenly. The best end counts; [`Fitted`] tells how many agree.
    pub fn starts(mut self, starts: usize) -> Self {
        self.starts = starts.max(1);
        self
    }

    /// The number of iterations after which a search stops: 1000 without it.
    pub fn iterations(mut self, iterations: u64) -> Self {
        self.iterations = iterations;
        self
    }

    /// How the best parameters are searched for.
    pub fn optimizer(mut self, optimizer: Optimizer) -> Self {
        self.optimizer = optimizer;
        self
    }

    /// Whether the gradient is compared with a difference where the search begins, as it
    /// is without this.
    pub fn check_gradient(mut self, check: bool) -> Self {
        self.check_gradient = check;
        self
    }

    /// The same of another objective.
    pub(super) fn about(&self, objective: Objective<'a>) -> Self {
        Self { objective, ..self.clone() }
    }

    /// What is searched, from where.
    pub(super) fn target(&self) -> Target<'_, 'a> {
        let elements = &self.layout.elements;
        let free = (0..elements.len()).filter(|at| elements[*at].fixed.is_none()).collect();
        let base = elements.iter().map(|element| element.begins()).collect();
        let scale = match self.objective.measure() {
            Measure::Likelihood { n } => n.max(1.0),
            _ => 1.0,
        };
        Target { objective: &self.objective, layout: &self.layout, free, base, scale }
    }

    /// What is searched, if parameters, data and model go together.
    pub(super) fn sound(&self) -> Result<Target<'_, 'a>, FitError> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        self.layout.elements.iter().try_for_each(|element| element.check())?;
        let measure = self.objective.measure();
        let prior = self.layout.elements.iter().find(|element| element.prior.is_some());
        if let (Some(element), false) = (prior, matches!(measure, Measure::Likelihood { .. })) {
            return Err(FitError::parameter(
                &element.name,
                "has a prior, which needs a likelihood; the objective is another loss: take `counts` or \
                 `log_likelihood`, or leave the prior out",
            ));
        }
        let target = self.target();
        self.objective.check(&target.point(target.base.clone()))?;
        if let Measure::Likelihood { n } = measure
            && !(n > 0.0 && n.is_finite())
        {
            return Err(FitError::not_possible(format!(
                "a likelihood of {n} observations; give their number"
            )));
        }
        Ok(target)
    }

    /// Everything that can be wrong before the search.
    pub(super) fn checked(&self) -> Result<Target<'_, 'a>, FitError> {
        let mut target = self.sound()?;
        let measure = self.objective.measure();
        let (value, slopes) = target.evaluate(&target.base)?;
        let bad = slopes.iter().find(|slope| !slope.is_finite());
        if let Some(value) = [value].iter().find(|value| !value.is_finite()).or(bad) {
            return Err(FitError::NotFinite { value: *value, at: self.layout.told(&target.base) });
        }
        if measure == Measure::Loss || matches!(measure, Measure::Squares { .. }) {
            target.scale = if value.abs() > 0.0 { value.abs() } else { 1.0 };
        }
        if self.check_gradient {
            gradient_holds(&target, &slopes)?;
        }
        no_effect(&target, &slopes)?;
        Ok(target)
    }

    /// Finds the best parameters.
    ///
    /// # Errors
    /// A [`FitError`]: what is wrong with the parameters, the data or the objective where
    /// the search begins. A search that has not arrived is no error:
    /// [`Fitted::converged`] tells.
    pub fn run(&self) -> Result<Fitted<'a>, FitError> {
        let target = self.checked()?;
        let mut points = vec![target.base.clone()];
        if !target.free.is_empty() {
            points.extend(starts(&target, self.starts - 1));
        }
        let progress = Progress::new("fit", points.len());
        let ends: Vec<Result<Found, FitError>> = points
            .par_iter()
            .map(|point| {
                let found = search(&target, self.optimizer, self.iterations, point);
                progress.step();
                found
            })
            .collect();
        progress.end();
        let of = ends.len();
        let mut found = Vec::new();
        let mut failed = None;
        for end in ends {
            match end {
                Ok(end) if end.value.is_finite() => found.push(end),
                Ok(_) => {}
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        let best = found.iter().min_by(|a, b| a.value.total_cmp(&b.value));
        let Some(best) = best else {
            return Err(failed.unwrap_or(FitError::not_possible("no search has ended at a finite value")));
        };
        let near = 1e-6 * best.value.abs().max(1e-3 * target.scale);
        let mut ends: Vec<f64> = found.iter().map(|end| end.value).collect();
        ends.sort_by(f64::total_cmp);
        let agree = ends.iter().filter(|end| **end - best.value <= near).count();
        let starts = Starts { of, agree, ends };
        Fitted::new(self, &target, best.clone(), starts)
    }
}

/// The gradient at the start is the slope of the objective along a direction in which all
/// parameters move.
fn gradient_holds(target: &Target<'_, '_>, slopes: &[f64]) -> Result<(), FitError> {
    let base = &target.base;
    let step = |at: usize| {
        let element = &target.layout.elements[at];
        let step = 1e-5 * element.size(base[at]);
        let room = (base[at] - element.low).min(element.high - base[at]);
        if room > step { step } else { 0.5 * room }
    };
    let along = |weights: &[(usize, f64)]| -> Result<(f64, f64, f64), FitError> {
        let at = |sign: f64| {
            let mut moved = base.clone();
            weights.iter().for_each(|(at, weight)| moved[*at] += sign * weight);
            target.value(&moved)
        };
        let (up, down) = (at(1.0)?, at(-1.0)?);
        let given = weights.iter().map(|(at, weight)| slopes[*at] * weight).sum::<f64>();
        let size = weights.iter().map(|(at, weight)| (slopes[*at] * weight).abs()).sum::<f64>();
        let rounding = 1e-13 * (up.abs() + down.abs() + target.scale);
        Ok((given, 0.5 * (up - down), 1e-3 * size + 10.0 * rounding))
    };
    // Weights of which no few cancel.
    let weights: Vec<(usize, f64)> =
        target.free.iter().map(|at| (*at, step(*at) * (1.0 + *at as f64).cos())).collect();
    let (given, found, near) = along(&weights)?;
    if (given - found).abs() <= near || !found.is_finite() {
        return Ok(());
    }
    for (at, _) in &weights {
        let step = step(*at);
        let (given, found, near) = along(&[(*at, step)])?;
        if (given - found).abs() > near {
            let name = target.layout.elements[*at].name.clone();
            let at = target.layout.told(base);
            return Err(FitError::WrongGradient { name, given: given / step, found: found / step, at });
        }
    }
    Ok(())
}

/// Every free parameter without a prior changes the objective somewhere.
fn no_effect(target: &Target<'_, '_>, slopes: &[f64]) -> Result<(), FitError> {
    let silent = |slopes: &[f64], at: usize| slopes[at] == 0.0 && target.layout.elements[at].prior.is_none();
    let mut flat: Vec<usize> = target.free.iter().copied().filter(|at| silent(slopes, *at)).collect();
    for point in starts(target, 3) {
        if flat.is_empty() {
            return Ok(());
        }
        // Where there is no value, nothing is learned.
        let Ok((_, slopes)) = target.evaluate(&point) else { continue };
        flat.retain(|at| silent(&slopes, *at));
    }
    match flat.first() {
        Some(at) => Err(FitError::NoEffect { name: target.layout.elements[*at].name.clone() }),
        None => Ok(()),
    }
}
