//! The likelihood along one parameter, with all others at their best.

use super::chance::width;
use super::error::FitError;
use super::fitted::{Fitted, meets_exactly};
use super::objective::Measure;
use super::search::search;
use crate::table::{Coordinates, LabelledArray, LabelledAxis};

/// The profile likelihood of a parameter.
///
/// The interval is where twice the log likelihood is less than a quantile of χ² with one
/// degree of freedom below its maximum (3.84 for 0.95): it needs no curvature, is not
/// symmetric, and keeps to the bounds (Venzon & Moolgavkar 1988). With priors it is of the
/// posterior density.
#[derive(Clone, Debug)]
pub struct Profile<'a> {
    fitted: Fitted<'a>,
    at: usize,
    /// Values of the parameter and twice the fall of the log likelihood there, in order.
    points: Vec<(f64, f64)>,
}

/// The profile reaches so far down: beyond the interval of the level 0.999.
const DEPTH: f64 = 11.0;

impl<'a> Fitted<'a> {
    /// The profile likelihood of a parameter: all others are fitted again at each of its
    /// values.
    ///
    /// # Errors
    /// [`FitError::NotPossible`] without a likelihood, for a fixed parameter, and where a
    /// better optimum turns up on the way.
    pub fn profile(&self, name: &str) -> Result<Profile<'a>, FitError> {
        let at = self.fit.layout.one(name)?;
        let element = &self.fit.layout.elements[at];
        if element.fixed.is_some() {
            return Err(FitError::parameter(name, "is fixed, so that it has no profile"));
        }
        if self.fit.objective.measure() == Measure::Loss {
            return Err(FitError::not_possible(
                "a profile likelihood needs a likelihood, which a loss is not: fit `counts`, `squares` or a \
                 `log_likelihood`",
            ));
        }
        if self.exact() {
            return Err(meets_exactly("a profile likelihood"));
        }
        let mut profile = Profile { fitted: self.clone(), at, points: vec![(self.all[at], 0.0)] };
        for sign in [-1.0, 1.0] {
            profile.extend(sign)?;
        }
        profile.points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(profile)
    }
}

impl<'a> Profile<'a> {
    /// Walks from the estimate to one side, until the likelihood has fallen far enough.
    fn extend(&mut self, sign: f64) -> Result<(), FitError> {
        let element = &self.fitted.fit.layout.elements[self.at];
        let best = self.fitted.all[self.at];
        let bound = if sign < 0.0 { element.low } else { element.high };
        let mut step = self.fitted.error_of(self.at).unwrap_or(0.05 * element.size(best)) / 4.0;
        let (mut x, mut warm, mut fall) = (best, self.fitted.all.clone(), 0.0);
        for _ in 0..60 {
            if x == bound || fall > DEPTH {
                return Ok(());
            }
            x = if sign < 0.0 { (x - step).max(bound) } else { (x + step).min(bound) };
            let (found, all) = self.fall(x, &warm)?;
            // Where hardly anything happens the steps become longer.
            if found - fall < 0.25 {
                step *= 2.0;
            }
            (fall, warm) = (found, all);
            self.points.push((x, fall));
        }
        Ok(())
    }

    /// Twice the fall of the log likelihood at a value, and the parameters there.
    fn fall(&self, x: f64, warm: &[f64]) -> Result<(f64, Vec<f64>), FitError> {
        let fitted = &self.fitted;
        let mut target = fitted.fit.target();
        target.free.retain(|at| *at != self.at);
        target.scale = fitted.scale;
        target.base = warm.to_vec();
        target.base[self.at] = x;
        let base = target.base.clone();
        let value = match target.value(&base) {
            // Without any chance of the data the likelihood has fallen without end.
            Err(FitError::ZeroChance { .. }) => return Ok((f64::INFINITY, base)),
            Err(error) => return Err(error),
            Ok(value) if !value.is_finite() => return Ok((f64::INFINITY, base)),
            Ok(value) => value,
        };
        let (value, all) = if target.free.is_empty() {
            (value, base)
        } else {
            let found = search(&target, fitted.fit.optimizer, fitted.fit.iterations, &base)?;
            (found.value, found.all)
        };
        let fall = match fitted.fit.objective.measure() {
            Measure::Squares { n } => n * (value / fitted.total).ln(),
            _ => 2.0 * (value - fitted.total),
        };
        if fall < -1e-4 {
            let name = &fitted.fit.layout.elements[self.at].name;
            return Err(FitError::not_possible(format!(
                "the profile of {name} has found a better optimum, with {name} = {x}, than the fit; give the \
                 fit more `.starts(…)` or that start"
            )));
        }
        Ok((fall.max(0.0), all))
    }

    /// The ends of the confidence interval of a level. None at a side where the likelihood
    /// has not fallen far enough at the bound, or after sixty steps that grow as long as
    /// nothing happens.
    ///
    /// # Errors
    /// Those of the objective, and [`FitError::NotPossible`] for a level above 0.999, where
    /// the profile ends.
    ///
    /// # Panics
    /// When the level is not between 0 and 1.
    pub fn interval(&self, level: f64) -> Result<(Option<f64>, Option<f64>), FitError> {
        let depth = width(level).powi(2);
        if depth > DEPTH {
            return Err(FitError::not_possible(format!(
                "a profile has no interval of the level {level}: it ends at 0.999"
            )));
        }
        let best = self.points.iter().position(|(x, _)| *x == self.fitted.all[self.at]).unwrap_or_default();
        let below = (0..best).rev().find(|at| self.points[*at].1 > depth);
        let above = (best + 1..self.points.len()).find(|at| self.points[*at].1 > depth);
        let low = below.map(|at| self.crossing(at + 1, at, depth)).transpose()?;
        let high = above.map(|at| self.crossing(at - 1, at, depth)).transpose()?;
        Ok((low, high))
    }

    /// Where the likelihood has fallen by a depth, between two points, by the method of
    /// Ridders on the root of the fall, which is nearly straight.
    fn crossing(&self, inside: usize, outside: usize, depth: f64) -> Result<f64, FitError> {
        let (mut a, mut b) = (self.points[inside], self.points[outside]);
        let goal = depth.sqrt();
        let warm = self.fitted.all.clone();
        for _ in 0..60 {
            let (da, db) = (a.1.sqrt() - goal, b.1.sqrt() - goal);
            let straight = a.0 + (b.0 - a.0) * (da / (da - db));
            let middle = 0.5 * (a.0 + b.0);
            // A straight line, unless it leads to an end again.
            let part = (straight - a.0) / (b.0 - a.0);
            let x = if (0.01..=0.99).contains(&part) { straight } else { middle };
            let (fall, _) = self.fall(x, &warm)?;
            if (fall.sqrt() - goal).abs() < 1e-9 || (b.0 - a.0).abs() < 1e-12 * x.abs().max(1e-12) {
                return Ok(x);
            }
            if fall.sqrt() < goal { a = (x, fall) } else { b = (x, fall) }
        }
        Ok(0.5 * (a.0 + b.0))
    }

    /// The fall of the log likelihood below its maximum along the parameter: 0 at the
    /// estimate, negative beside it.
    #[must_use]
    pub fn values(&self) -> LabelledArray {
        let points = self.points.iter().filter(|(_, fall)| fall.is_finite());
        let (xs, falls): (Vec<f64>, Vec<f64>) = points.map(|(x, fall)| (*x, -0.5 * fall)).unzip();
        let name = self.fitted.fit.layout.elements[self.at].name.clone();
        let labels = xs.iter().map(ToString::to_string).collect();
        let axis = LabelledAxis { name, domain: "f64".into(), labels, coordinates: Coordinates::Floats(xs) };
        LabelledArray::new("log likelihood", vec![axis], falls)
    }

    /// A line of the profile, with the level that the interval of 95 % is above.
    pub fn plot(&self) -> crate::plot::Plot {
        let half = -0.5 * width(0.95).powi(2);
        self.values().plot().lines().mark_level(half, "95 %")
    }
}
