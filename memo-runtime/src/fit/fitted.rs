//! What a fit has found.

use std::fmt;

use ndarray::{Array1, Array2};

use super::builder::Fit;
use super::chance::width;
use super::curvature::{hessian, inverse};
use super::error::FitError;
use super::objective::{Data, Measure};
use super::parameters::{Point, Transform, Vars};
use super::score::{Score, correlation};
use super::search::{FLAT, Found};
use super::target::Target;
use super::text::{bordered, markdown, trimmed};
use crate::table::LabelledArray;
use crate::{Error, Var, try_grad};

/// How the starts of a search have ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Starts {
    pub(super) of: usize,
    pub(super) agree: usize,
    /// Where each has ended that did, the best first.
    pub(super) ends: Vec<f64>,
}

/// The best parameters, and how sure they are: printed as a table.
///
/// A parameter at one of its bounds (pressed against it by the objective, which is no worse on
/// the bound itself) has no standard error; those of the others are given that it
/// stays there.
#[derive(Clone, Debug)]
pub struct Fitted<'a> {
    pub(super) fit: Fit<'a>,
    pub(super) all: Vec<f64>,
    /// The objective with its priors.
    pub(super) total: f64,
    /// The objective alone.
    value: f64,
    pub(super) scale: f64,
    steepest: f64,
    iterations: u64,
    stopped: Option<String>,
    starts: Starts,
    /// The bound at which each parameter is.
    bounds: Vec<Option<f64>>,
    /// The parameters that have standard errors.
    pub(super) inner: Vec<usize>,
    pub(super) covariance: Result<Array2<f64>, FitError>,
    /// How many standard errors away the optimum is, as slopes and curvature have it.
    distance: Option<f64>,
    /// A parameter along which the likelihood hardly falls, and whether upwards.
    endless: Option<(usize, bool)>,
}

impl<'a> Fitted<'a> {
    pub(super) fn new(
        fit: &Fit<'a>,
        target: &Target<'_, 'a>,
        mut found: Found,
        starts: Starts,
    ) -> Result<Self, FitError> {
        let bounds = bounds_reached(target, &mut found);
        let inner: Vec<usize> = target.free.iter().copied().filter(|at| bounds[*at].is_none()).collect();
        let names: Vec<String> = inner.iter().map(|at| fit.layout.elements[*at].name.clone()).collect();
        let mut curved = hessian(target, &found.all, &inner);
        if let Ok(first) = &curved
            && let Ok(inverse) = inverse(first, &names)
            && polish(target, &mut found, &inner, &inverse)
        {
            curved = hessian(target, &found.all, &inner);
        }
        let all = found.all;
        let value = found.value + target.log_prior(&all);
        let mut fitted = Self {
            fit: fit.clone(),
            all,
            total: found.value,
            value,
            scale: target.scale,
            steepest: found.steepest,
            iterations: found.iterations,
            stopped: found.stopped,
            starts,
            bounds,
            inner,
            covariance: Ok(Array2::zeros((0, 0))),
            distance: None,
            endless: None,
        };
        fitted.covariance = curved.and_then(|curved| match inverse(&curved, &names) {
            Err(saddle @ FitError::NotAMinimum { .. }) => Err(saddle),
            _ => inverse(&fitted.scaled(&curved)?, &names),
        });
        if let (Ok(covariance), Measure::Likelihood { .. }) = (&fitted.covariance, fit.objective.measure()) {
            let slopes: Array1<f64> = fitted.inner.iter().map(|at| found.slopes[*at]).collect();
            fitted.distance = Some(deviation(&slopes, covariance));
        }
        fitted.endless = fitted.endless(target);
        Ok(fitted)
    }

    /// A parameter far along which, by a standard error that is many times its size, the
    /// likelihood falls by no twentieth of what its curvature says: there may be no best value.
    fn endless(&self, target: &Target<'_, '_>) -> Option<(usize, bool)> {
        let far =
            |at: &usize| self.error_of(*at).filter(|error| *error > 10.0 * self.all[*at].abs().max(1e-300));
        let level = |at: usize, to: f64| {
            let element = &self.fit.layout.elements[at];
            let mut all = self.all.clone();
            all[at] = to.clamp(element.low, element.high);
            all[at] == to && target.value(&all).is_ok_and(|value| value - self.total < 0.025)
        };
        if !matches!(self.fit.objective.measure(), Measure::Likelihood { .. }) {
            return None;
        }
        self.inner.iter().find_map(|at| {
            let (x, error) = (self.all[*at], far(at)?);
            let sides = [(x + error, true), (x - error, false)];
            sides.into_iter().find(|(to, _)| level(*at, *to)).map(|(_, upwards)| (*at, upwards))
        })
    }

    /// The second derivatives of minus the log likelihood, given those of the objective.
    fn scaled(&self, curved: &Array2<f64>) -> Result<Array2<f64>, FitError> {
        match self.fit.objective.measure() {
            Measure::Likelihood { .. } => Ok(curved.clone()),
            Measure::Squares { .. } if self.exact() => Err(meets_exactly("standard errors")),
            Measure::Squares { n } => {
                let k = self.free() as f64;
                if n <= k {
                    return Err(FitError::not_possible(format!(
                        "{n} numbers are too few for the standard errors of {k} parameters"
                    )));
                }
                let variance = self.value * n / (n - k);
                Ok(curved * (n / (2.0 * variance)))
            }
            Measure::Loss => Err(FitError::not_possible(
                "a loss is no likelihood, so that there are no standard errors; fit `counts`, `squares` or a \
                 `log_likelihood`, or take the `bootstrap`",
            )),
        }
    }

    /// Whether squared errors are those of rounding, 10⁻¹⁰ of the data.
    pub(super) fn exact(&self) -> bool {
        let Some(data) = self.fit.objective.about() else { return false };
        let present = data.data.data.iter().filter(|y| !y.is_nan());
        data.score == Score::Squares && self.value <= 1e-20 * present.map(|y| y * y).sum::<f64>()
    }

    /// How many parameters were free.
    fn free(&self) -> usize {
        self.fit.layout.elements.iter().filter(|element| element.fixed.is_none()).count()
    }

    fn one(&self, name: &str) -> usize {
        self.fit.layout.one(name).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The best value of a parameter, or of an element of an array (`fs[0]`).
    ///
    /// # Panics
    /// When there is no such parameter, or it is an array.
    #[must_use]
    pub fn estimate(&self, name: &str) -> f64 {
        self.all[self.one(name)]
    }

    /// The best values of all parameters, as an objective gets them.
    #[must_use]
    pub fn point(&self) -> Point {
        Point::new(&self.fit.layout, self.all.clone())
    }

    /// The standard error of a parameter: the root of its place on the diagonal of
    /// [`Fitted::covariance`]. None where there is no covariance, and for what is fixed or
    /// at a bound.
    ///
    /// # Panics
    /// When there is no such parameter, or it is an array.
    #[must_use]
    pub fn standard_error(&self, name: &str) -> Option<f64> {
        self.error_of(self.one(name))
    }

    pub(super) fn error_of(&self, at: usize) -> Option<f64> {
        let inner = self.inner.iter().position(|own| *own == at)?;
        let covariance = self.covariance.as_ref().ok()?;
        Some(covariance[[inner, inner]].sqrt())
    }

    /// The interval of Wald, so many standard errors to each side: 1.96 for the level
    /// 0.95. With a transform it is symmetric on its scale. None where there is no
    /// standard error. [`Fitted::profile`] has an interval that keeps to the bounds.
    ///
    /// # Panics
    /// When there is no such parameter, it is an array, or the level is not between 0 and
    /// 1.
    #[must_use]
    pub fn interval(&self, name: &str, level: f64) -> Option<(f64, f64)> {
        self.interval_of(self.one(name), level)
    }

    fn interval_of(&self, at: usize, level: f64) -> Option<(f64, f64)> {
        let half = width(level);
        let (element, x) = (&self.fit.layout.elements[at], self.all[at]);
        let error = self.error_of(at)? / element.outward_slope(x);
        let middle = element.inward(x);
        Some((element.outward(middle - half * error), element.outward(middle + half * error)))
    }

    /// The covariance of the estimates, row by row in the order of
    /// [`Fitted::covariance_names`]: the inverse of the matrix of second derivatives of
    /// minus the log likelihood (and log prior) at the estimates.
    ///
    /// # Errors
    /// [`FitError::NotIdentified`], [`FitError::NotAMinimum`], and [`FitError::NotPossible`]
    /// for a loss.
    pub fn covariance(&self) -> Result<&Array2<f64>, FitError> {
        self.covariance.as_ref().map_err(Clone::clone)
    }

    /// The parameters that [`Fitted::covariance`] is about: those that are free and at no
    /// bound.
    #[must_use]
    pub fn covariance_names(&self) -> Vec<&str> {
        self.inner.iter().map(|at| self.fit.layout.elements[*at].name.as_str()).collect()
    }

    /// Whether a parameter is at one of its bounds.
    ///
    /// # Panics
    /// When there is no such parameter, or it is an array.
    #[must_use]
    pub fn at_bound(&self, name: &str) -> bool {
        self.bounds[self.one(name)].is_some()
    }

    /// What is computed from the parameters, with its standard error by the delta method:
    /// the root of ∇ᵀ Σ ∇, with Σ the covariance.
    ///
    /// # Errors
    /// Those of the function and of [`Fitted::covariance`].
    pub fn derived<F>(&self, function: F) -> Result<Derived, FitError>
    where
        F: for<'p, 't> Fn(&Vars<'p, 't, 'a>) -> Result<Var<'t, 'a>, Error>,
    {
        let covariance = self.covariance()?;
        let (value, slopes) =
            try_grad(&self.all, |vars| function(&Vars { layout: &self.fit.layout, values: vars }))?;
        let slopes: Array1<f64> = self.inner.iter().map(|at| slopes[*at]).collect();
        Ok(Derived { value, standard_error: deviation(&slopes, covariance) })
    }

    /// The value of the objective that was made small, without priors: minus the log
    /// likelihood, the mean squared error, one minus the correlation, the loss.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The logarithm of the likelihood: that of a normal error of the best variance for
    /// `squares`, unless they are 0; none for a loss.
    #[must_use]
    pub fn log_likelihood(&self) -> Option<f64> {
        match self.fit.objective.measure() {
            Measure::Likelihood { .. } => Some(-self.value),
            Measure::Squares { .. } if self.exact() => None,
            Measure::Squares { n } => Some(-0.5 * n * ((std::f64::consts::TAU * self.value).ln() + 1.0)),
            Measure::Loss => None,
        }
    }

    /// The logarithm of likelihood and priors together, where there are priors.
    #[must_use]
    pub fn log_posterior(&self) -> Option<f64> {
        self.has_priors().then_some(-self.total)
    }

    pub(super) fn has_priors(&self) -> bool {
        self.fit.layout.elements.iter().any(|element| element.prior.is_some() && element.fixed.is_none())
    }

    /// The number of observations, where there is a likelihood.
    #[must_use]
    pub fn observations(&self) -> Option<f64> {
        match self.fit.objective.measure() {
            Measure::Likelihood { n } | Measure::Squares { n } => Some(n),
            Measure::Loss => None,
        }
    }

    /// How many parameters were fitted: those at a bound count, those that are fixed do
    /// not; for `squares` the variance of the errors is one more.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.free() + usize::from(matches!(self.fit.objective.measure(), Measure::Squares { .. }))
    }

    /// Akaike's information criterion, 2 k − 2 ln L. None without a likelihood, and with
    /// priors, since the likelihood is not at its maximum then.
    #[must_use]
    pub fn aic(&self) -> Option<f64> {
        let likelihood = self.log_likelihood().filter(|_| !self.has_priors())?;
        Some(2.0 * self.parameters() as f64 - 2.0 * likelihood)
    }

    /// The Bayesian information criterion, k ln n − 2 ln L; see [`Fitted::aic`].
    #[must_use]
    pub fn bic(&self) -> Option<f64> {
        let likelihood = self.log_likelihood().filter(|_| !self.has_priors())?;
        Some(self.parameters() as f64 * self.observations()?.ln() - 2.0 * likelihood)
    }

    /// Whether the search has arrived: a thousandth of a standard error from the optimum, as
    /// slopes and curvature have it. Where there are no standard errors: no slope, divided by the
    /// number of observations, the variance of the data or the last value of a loss (a millionth
    /// of its first at least), is steeper than 10⁻⁶, and the objective falls along no direction.
    #[must_use]
    pub fn converged(&self) -> bool {
        match (self.distance, &self.covariance) {
            (_, Err(FitError::NotAMinimum { .. })) => false,
            (Some(distance), _) => distance <= NEAR,
            (None, _) => self.steepest <= FLAT,
        }
    }

    /// How many of the starts have ended at the best value, within a millionth of it, and
    /// how many there were.
    #[must_use]
    pub fn agreement(&self) -> (usize, usize) {
        (self.starts.agree, self.starts.of)
    }

    /// The values of the objective (with its priors) where the starts have ended, the best
    /// first; a start that failed has none.
    #[must_use]
    pub fn ends(&self) -> &[f64] {
        &self.starts.ends
    }

    pub(super) fn data(&self) -> Result<&Data<'a>, FitError> {
        match &self.fit.objective.0 {
            super::objective::Source::Data(data) => Ok(data),
            super::objective::Source::Function { .. } => Err(FitError::not_possible(
                "the objective is a function, which has no data to predict: fit `counts`, `squares` or \
                 `correlation`",
            )),
        }
    }

    /// The predictions for the cells of the data: chances, or numbers as the data are.
    /// `memo::plot::scatter` sets them against the data.
    ///
    /// # Errors
    /// Those of the model, and [`FitError::NotPossible`] where the objective is a function.
    pub fn predicted(&self) -> Result<LabelledArray, FitError> {
        let data = self.data()?;
        let predicted = data.predicted(&self.point())?;
        Ok(LabelledArray { name: "predicted".into(), data: predicted, ..(*data.data).clone() })
    }

    /// The mean squared error and the correlation of Pearson between predictions and
    /// data, as papers report them. Counts become shares of their condition first. The
    /// correlation is NaN where one side does not vary.
    ///
    /// # Errors
    /// Those of [`Fitted::predicted`].
    pub fn agreement_with_data(&self) -> Result<(f64, f64), FitError> {
        let data = self.data()?;
        let predicted = self.predicted()?.data;
        let observed = if data.score == Score::Counts {
            let totals = super::predict::sums_over(&data.data.shape(), &data.data.data, &data.responses);
            let share = |(count, total): (&f64, &f64)| if *total > 0.0 { count / total } else { f64::NAN };
            data.data.data.iter().zip(&totals).map(share).collect()
        } else {
            data.data.data.clone()
        };
        let pairs: Vec<(f64, f64)> =
            observed.iter().copied().zip(predicted.iter().copied()).filter(|(y, _)| !y.is_nan()).collect();
        let mse = pairs.iter().map(|(y, m)| (y - m).powi(2)).sum::<f64>() / pairs.len() as f64;
        Ok((mse, correlation(&observed, &predicted).map_or(f64::NAN, |(r, _)| r)))
    }

    /// The table that is printed, in Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let lines: String = self.remarks().iter().map(|line| format!("\n{line}  ")).collect();
        markdown(&HEADER, &self.rows(usize::MAX)) + &lines + "\n"
    }

    fn rows(&self, most: usize) -> Vec<Vec<String>> {
        let row = |(at, element): (usize, &super::parameters::Element)| {
            let (error, interval) = match (element.fixed, self.bounds[at]) {
                (Some(_), _) => ("fixed".to_string(), String::new()),
                (_, Some(_)) => ("at the bound".to_string(), String::new()),
                _ => {
                    let interval = self.interval_of(at, 0.95);
                    let told = |(low, high): (f64, f64)| format!("{} to {}", trimmed(low), trimmed(high));
                    (self.error_of(at).map_or("none".into(), trimmed), interval.map_or("".into(), told))
                }
            };
            vec![element.name.clone(), trimmed(self.all[at]), error, interval]
        };
        self.fit.layout.elements.iter().enumerate().take(most).map(row).collect()
    }

    /// What is to be said below the table.
    fn remarks(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut numbers = Vec::new();
        let mut number = |name: &str, x: Option<f64>| {
            if let Some(x) = x {
                numbers.push(format!("{name} {}", trimmed(x)));
            }
        };
        let score = self.fit.objective.about().map(|data| data.score);
        match score {
            Some(Score::Squares) => number("mean squared error", Some(self.value)),
            Some(Score::Correlation) => number("correlation", Some(1.0 - self.value)),
            Some(Score::Counts) => {}
            None => number("loss", self.log_likelihood().is_none().then_some(self.value)),
        }
        number("log likelihood", self.log_likelihood());
        number("log posterior", self.log_posterior());
        number("AIC", self.aic());
        number("BIC", self.bic());
        number("n =", self.observations());
        lines.push(numbers.join(", "));
        let mut end = match &self.stopped {
            _ if self.converged() => format!("converged after {} iterations", self.iterations),
            Some(why) => format!("NOT CONVERGED: {why}, a slope of {} is left", trimmed(self.steepest)),
            None => match self.distance.filter(|distance| *distance > NEAR) {
                Some(far) => format!("NOT CONVERGED: the optimum is {} standard errors away", trimmed(far)),
                None => "NOT CONVERGED: no minimum".into(),
            },
        };
        let Starts { of, agree, ref ends } = self.starts;
        if of > 1 {
            end += &format!("; {agree} of {of} starts agree");
            let failed = of - ends.len();
            if failed > 0 {
                end += &format!(", {failed} failed");
            }
        }
        lines.push(end);
        if let Err(error) = &self.covariance {
            lines.push(error.to_string());
        }
        if let Some((at, upwards)) = self.endless {
            let side = if upwards { "greater" } else { "smaller" };
            let name = &self.fit.layout.elements[at].name;
            lines.push(format!(
                "the likelihood hardly falls towards {side} values of {name}, which may have no best one: give it a \
                 bound or a prior"
            ));
        }
        for (at, element) in self.fit.layout.elements.iter().enumerate() {
            if let Some((low, high)) = self.interval_of(at, 0.95)
                && (low < element.low || high > element.high)
            {
                lines.push(format!(
                    "the interval of {} leaves its bounds: `.profile(\"{}\")` has one that does not",
                    element.name, element.name
                ));
                break;
            }
        }
        lines
    }
}

/// So many standard errors from the optimum a search has arrived.
const NEAR: f64 = 1e-3;

const HEADER: [&str; 4] = ["parameter", "estimate", "standard error", "95 % interval"];

/// The standard deviation of a number with these slopes: √(∇ᵀ Σ ∇).
fn deviation(slopes: &Array1<f64>, covariance: &Array2<f64>) -> f64 {
    slopes.dot(&covariance.dot(slopes)).max(0.0).sqrt()
}

/// What cannot be told where predictions and data are the same.
pub(super) fn meets_exactly(what: &str) -> FitError {
    FitError::not_possible(format!(
        "the predictions meet the data exactly, so that there is nothing to tell {what} by; fit the `counts` behind \
         the data, if there are such"
    ))
}

/// The bounds at which parameters are: the objective presses them there, and is no higher on the
/// bound itself. One that the search sees as it is is put on its bound.
fn bounds_reached(target: &Target<'_, '_>, found: &mut Found) -> Vec<Option<f64>> {
    let mut bounds = vec![None; found.all.len()];
    for at in &target.free {
        let (element, x) = (&target.layout.elements[*at], found.all[*at]);
        let pressed = |bound: &f64| {
            if *bound == element.low { found.slopes[*at] > 0.0 } else { found.slopes[*at] < 0.0 }
        };
        let Some(bound) = element.bound_at(x).filter(pressed) else { continue };
        if x == bound {
            bounds[*at] = Some(bound);
            continue;
        }
        let mut all = found.all.clone();
        all[*at] = bound;
        let Ok((value, slopes)) = target.evaluate(&all) else { continue };
        // NaN is no better.
        if value <= found.value + 1e-12 * found.value.abs().max(target.scale) {
            bounds[*at] = Some(bound);
            if element.transform == Transform::None {
                let steepest = target.steepest(&all, &slopes);
                (found.all, found.value, found.slopes, found.steepest) = (all, value, slopes, steepest);
            }
        }
    }
    bounds
}

/// Steps of Newton from where the search has ended, as long as the slopes get flatter.
/// Whether that was farther than a millionth of some standard error.
fn polish(target: &Target<'_, '_>, found: &mut Found, inner: &[usize], inverse: &Array2<f64>) -> bool {
    let mut far = false;
    for _ in 0..4 {
        let slopes: Array1<f64> = inner.iter().map(|at| found.slopes[*at]).collect();
        let step = inverse.dot(&slopes);
        let mut all = found.all.clone();
        for (at, step) in inner.iter().zip(&step) {
            all[*at] -= step;
        }
        let inside = |at: &usize| {
            let element = &target.layout.elements[*at];
            all[*at] > element.low && all[*at] < element.high
        };
        if !inner.iter().all(inside) {
            return far;
        }
        let Ok((value, slopes)) = target.evaluate(&all) else { return far };
        let steepest = target.steepest(&all, &slopes);
        let rounding = 1e-12 * found.value.abs().max(target.scale);
        // NaN is not flatter either.
        if steepest < found.steepest && value <= found.value + rounding {
            let errors = inverse.diag().mapv(f64::sqrt);
            far |= step.iter().zip(&errors).any(|(step, error)| step.abs() > 1e-6 * error);
            (found.all, found.value, found.slopes, found.steepest) = (all, value, slopes, steepest);
        } else {
            return far;
        }
    }
    far
}

/// A number that is computed from the estimates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Derived {
    /// Its value at the estimates.
    pub value: f64,
    /// Its standard error by the delta method.
    pub standard_error: f64,
}

/// How many parameters are printed.
const SHOWN: usize = 24;

impl fmt::Display for Fitted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.all.is_empty() {
            bordered(&HEADER, &self.rows(SHOWN), f)?;
            writeln!(f)?;
        }
        if self.all.len() > SHOWN {
            writeln!(f, "… and {} more: `.to_markdown()` has all", self.all.len() - SHOWN)?;
        }
        write!(f, "{}", self.remarks().join("\n"))
    }
}
