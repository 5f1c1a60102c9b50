//! The objective at all combinations of some values of the parameters.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::builder::Fit;
use super::error::{FitError, told};
use super::objective::Measure;
use crate::domain::Domain;
use crate::progress::Progress;
use crate::table::{Coordinates, LabelledArray, LabelledAxis, places};

/// The values of the parameters at which an objective is to be computed.
#[derive(Clone, Debug)]
#[must_use = "nothing is computed until `.run()`"]
pub struct GridBuilder<'a> {
    fit: Fit<'a>,
    axes: Vec<(String, LabelledAxis, Vec<f64>)>,
}

impl<'a> Fit<'a> {
    /// Begins a grid search: `.over("beta", linspace(0.0, 10.0, 101))` for each parameter,
    /// then `.run()`. All others stay where the search would begin.
    ///
    /// ```
    /// use memo_runtime::fit::{Fit, log_likelihood};
    /// use memo_runtime::{Real, linspace};
    /// let binomial = log_likelihood(10.0, |p| Ok(p["p"].ln() * 3.0 + (1.0 - p["p"]).ln() * 7.0));
    /// let fit = Fit::new(binomial).parameter("p", 0.0..=1.0);
    /// let grid = fit.grid().over("p", linspace(0.005, 0.995, 100)).run()?;
    /// assert_eq!(grid.best(), [("p".into(), 0.305)]);
    /// // With a flat prior the posterior is a beta distribution of mean 4 / 12.
    /// let posterior = grid.posterior()?;
    /// let mean: f64 = (0..100).map(|i| (0.005 + f64::from(i) / 100.0) * posterior.values()[i as usize]).sum();
    /// assert!((mean - 4.0 / 12.0).abs() < 1e-4);
    /// # Ok::<(), memo_runtime::fit::FitError>(())
    /// ```
    pub fn grid(&self) -> GridBuilder<'a> {
        GridBuilder { fit: self.clone(), axes: Vec::new() }
    }
}

impl GridBuilder<'_> {
    /// One axis more: the values of a parameter.
    pub fn over<D: Domain<Value = f64>>(mut self, name: &str, values: D) -> Self {
        let numbers: Vec<f64> = (0..values.len()).map(|at| values.value(at)).collect();
        let labels = (0..values.len()).map(|at| values.label(at)).collect();
        let coordinates = Coordinates::Floats(numbers.clone());
        let axis = LabelledAxis { name: name.into(), domain: "f64".into(), labels, coordinates };
        self.axes.push((name.into(), axis, numbers));
        self
    }

    /// Computes the objective everywhere, in parallel.
    ///
    /// # Errors
    /// A parameter that is unknown, named twice or outside its bounds, a prior of infinite density
    /// at a value, and what is wrong with the objective. A cell of which the model gives no chance to the data is no
    /// error: its log likelihood is −∞.
    pub fn run(self) -> Result<Grid, FitError> {
        let target = self.fit.sound()?;
        let layout = &self.fit.layout;
        let mut columns = Vec::new();
        for (name, _, values) in &self.axes {
            let at = layout.one(name)?;
            let element = &layout.elements[at];
            if columns.contains(&at) {
                return Err(FitError::parameter(name, "stands in the grid twice"));
            }
            if values.is_empty() {
                return Err(FitError::parameter(name, "has no values in the grid"));
            }
            if let Some(x) = values.iter().find(|x| !(**x >= element.low && **x <= element.high)) {
                let (low, high) = (element.low, element.high);
                return Err(FitError::parameter(
                    name,
                    format!("is {x} in the grid, outside its bounds {low} and {high}"),
                ));
            }
            columns.push(at);
        }
        let shape: Vec<usize> = self.axes.iter().map(|(_, _, values)| values.len()).collect();
        let cells: usize = shape.iter().product();
        let progress = Progress::new("grid", cells);
        let value = |cell: usize| -> Result<f64, FitError> {
            let mut all = target.base.clone();
            for ((column, place), (_, _, values)) in columns.iter().zip(places(cell, &shape)).zip(&self.axes)
            {
                all[*column] = values[place];
            }
            let found = match target.value(&all) {
                Err(FitError::ZeroChance { .. }) => Ok(f64::INFINITY),
                found => found,
            };
            progress.step();
            found
        };
        let values: Vec<f64> = (0..cells).into_par_iter().map(value).collect::<Result<_, _>>()?;
        progress.end();
        if let Some(cell) = values.iter().position(|value| value.is_nan()) {
            let at = places(cell, &shape);
            let at = self.axes.iter().zip(at).map(|((name, _, values), at)| (name.clone(), values[at]));
            return Err(FitError::NotFinite { value: f64::NAN, at: at.collect() });
        }
        if let Some(cell) = values.iter().position(|value| *value == f64::NEG_INFINITY) {
            let at: Vec<f64> =
                self.axes.iter().zip(places(cell, &shape)).map(|((_, _, values), at)| values[at]).collect();
            let dense = |(column, x): &(&usize, &f64)| {
                layout.elements[**column].prior.is_some_and(|prior| prior.log_density(**x) == f64::INFINITY)
            };
            if let Some((column, x)) = columns.iter().zip(&at).find(dense) {
                let what =
                    format!("has a prior of infinite density at {x}; leave that value out of the grid");
                return Err(FitError::parameter(&layout.elements[*column].name, what));
            }
            let at: Vec<(String, f64)> = self.axes.iter().map(|(name, ..)| name.clone()).zip(at).collect();
            return Err(FitError::not_possible(format!(
                "the objective is infinitely good with {}; leave that out of the grid",
                told(&at)
            )));
        }
        let measure = self.fit.objective.measure();
        let likelihood = matches!(measure, Measure::Likelihood { .. });
        let (name, values) = if likelihood {
            ("log likelihood", values.iter().map(|value| -value).collect())
        } else {
            ("loss", values)
        };
        let free = layout
            .elements
            .iter()
            .enumerate()
            .filter(|(at, element)| element.fixed.is_none() && !columns.contains(at));
        let left_out = free.map(|(_, element)| element.name.clone()).next();
        let names = self.axes.iter().map(|(name, _, values)| (name.clone(), values.clone())).collect();
        let axes = self.axes.into_iter().map(|(_, axis, _)| axis).collect();
        Ok(Grid { values: LabelledArray::new(name, axes, values), axes: names, likelihood, left_out })
    }
}

/// An objective over a grid.
#[derive(Clone, Debug)]
pub struct Grid {
    values: LabelledArray,
    axes: Vec<(String, Vec<f64>)>,
    likelihood: bool,
    /// A parameter that is free, but none of the grid.
    left_out: Option<String>,
}

impl Grid {
    /// The log likelihood (with that of the priors), or the loss, an axis a parameter.
    #[must_use]
    pub fn values(&self) -> &LabelledArray {
        &self.values
    }

    /// The parameters of the best cell, the first of several.
    #[must_use]
    pub fn best(&self) -> Vec<(String, f64)> {
        let sign = if self.likelihood { -1.0 } else { 1.0 };
        let values = &self.values.data;
        let best = (0..values.len()).min_by(|a, b| (sign * values[*a]).total_cmp(&(sign * values[*b])));
        let at = places(best.unwrap_or_default(), &self.values.shape());
        self.axes.iter().zip(at).map(|((name, values), at)| (name.clone(), values[at])).collect()
    }

    /// The posterior distribution over the cells: likelihood and priors, divided by their
    /// sum. A parameter without a prior has a flat one: its values count alike.
    ///
    /// # Errors
    /// [`FitError::NotPossible`] without a likelihood, where a free parameter is not in
    /// the grid, and where no cell has any chance.
    pub fn posterior(&self) -> Result<LabelledArray, FitError> {
        if !self.likelihood {
            return Err(FitError::not_possible(
                "a posterior needs a likelihood: fit `counts` or a `log_likelihood`",
            ));
        }
        if let Some(name) = &self.left_out {
            return Err(FitError::not_possible(format!(
                "the posterior is one of all parameters, and `{name}` is not in the grid: add `.over(\"{name}\", …)`, \
                 or fix it"
            )));
        }
        let most = self.values.data.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if most == f64::NEG_INFINITY {
            return Err(FitError::not_possible("no cell of the grid gives any chance to the data"));
        }
        let weights: Vec<f64> = self.values.data.iter().map(|value| (value - most).exp()).collect();
        let total: f64 = weights.iter().sum();
        let shares = weights.iter().map(|weight| weight / total).collect();
        Ok(LabelledArray { name: "posterior".into(), data: shares, ..self.values.clone() })
    }
}
