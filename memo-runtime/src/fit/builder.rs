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

    /// A number to be found, with its bounds: `0.0..=10.0`, `0.0..` or `..`. A bound may be
    /// reached, also that of `0.0..1.0`.
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
        let scale = self.objective.scale().unwrap_or(1.0);
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
        let (value, slopes) = target.evaluate(&target.base)?;
        let bad = slopes.iter().find(|slope| !slope.is_finite());
        if let Some(value) = [value].iter().find(|value| !value.is_finite()).or(bad) {
            return Err(FitError::NotFinite { value: *value, at: self.layout.told(&target.base) });
        }
        if self.objective.scale().is_none() && value.abs() > 0.0 {
            target.scale = value.abs();
        }
        if self.check_gradient {
            gradient_holds(&target)?;
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
        let near = 1e-6 * best.value.abs().max(1e-3 * best.scale);
        let mut ends: Vec<f64> = found.iter().map(|end| end.value).collect();
        ends.sort_by(f64::total_cmp);
        let agree = ends.iter().filter(|end| **end - best.value <= near).count();
        let starts = Starts { of, agree, ends };
        self.objective.check(&target.point(best.all.clone()))?;
        Fitted::new(self, &Target { scale: best.scale, ..target }, best.clone(), starts)
    }
}

/// The gradient at the start, or a step inside of the bounds, is the slope of the objective
/// along a direction in which all parameters move, on the scale of the search; where it is not,
/// which one's is wrong.
fn gradient_holds(target: &Target<'_, '_>) -> Result<(), FitError> {
    let mut begin = target.inward(&target.base);
    let mut steps = Vec::with_capacity(begin.len());
    for (at, t) in target.free.iter().zip(&mut begin) {
        let element = &target.layout.elements[*at];
        let (low, high) = element.inward_bounds();
        let step = (1e-5 * element.step(target.base[*at])).min(0.25 * (high - low));
        *t = t.clamp(low + step, high - step);
        steps.push(step);
    }
    let base = target.outward(&begin);
    let (_, slopes) = target.evaluate(&base)?;
    let inner = target.searched_slopes(&base, &slopes);
    // Weights of which no few cancel.
    let all: Vec<f64> = steps.iter().enumerate().map(|(i, step)| step * (1.0 + i as f64).cos()).collect();
    if slope_holds(target, &begin, &inner, &all)?.is_none() {
        return Ok(());
    }
    for (i, step) in steps.iter().enumerate() {
        let mut one = vec![0.0; begin.len()];
        one[i] = *step;
        if let Some(found) = slope_holds(target, &begin, &inner, &one)? {
            let at = target.free[i];
            let element = &target.layout.elements[at];
            let found = found * target.scale / (step * element.outward_slope(base[at]));
            let (name, at, given) = (element.name.clone(), target.layout.told(&base), slopes[at]);
            return Err(FitError::WrongGradient { name, given, found, at });
        }
    }
    Ok(())
}

/// The difference along a direction, if it is not what the slopes say, with steps of that
/// length and of a hundredth.
fn slope_holds(
    target: &Target<'_, '_>,
    begin: &[f64],
    slopes: &[f64],
    direction: &[f64],
) -> Result<Option<f64>, FitError> {
    let mut last = None;
    for part in [1.0, 0.01] {
        let at = |sign: f64| {
            let moved: Vec<f64> = begin.iter().zip(direction).map(|(t, d)| t + sign * part * d).collect();
            Ok::<f64, FitError>(target.value(&target.outward(&moved))? / target.scale)
        };
        let (up, down) = (at(1.0)?, at(-1.0)?);
        let given: f64 = slopes.iter().zip(direction).map(|(slope, d)| part * slope * d).sum();
        let size: f64 = slopes.iter().zip(direction).map(|(slope, d)| (part * slope * d).abs()).sum();
        let rounding = 1e-12 * (up.abs() + down.abs() + 1.0);
        let found = 0.5 * (up - down);
        let near = (given - found).abs() <= 1e-3 * size + rounding;
        // Where a shorter step is lost in rounding it says nothing.
        if !found.is_finite() || near && (part == 1.0 || rounding < 0.1 * size) {
            return Ok(None);
        }
        last = last.or(Some(found));
    }
    Ok(last)
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
