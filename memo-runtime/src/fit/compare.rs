//! Several models of the same data.

use std::fmt;

use super::chance::chi_squared_above;
use super::error::FitError;
use super::fitted::Fitted;
use super::objective::Measure;
use super::predict::cells_there;
use super::text::{bordered, markdown, trimmed};
use crate::table::{LabelledArray, LabelledAxis};

/// Fits of several models to the same data, the best by AIC first: printed as a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq)]
struct Row {
    name: String,
    parameters: usize,
    likelihood: f64,
    aic: f64,
    bic: f64,
}

/// Sets models of the same data side by side by AIC and BIC, with Akaike weights: the
/// share of exp(−AIC / 2) (Burnham & Anderson 2002).
///
/// ```
/// use memo_runtime::Real;
/// use memo_runtime::fit::{Fit, compare, log_likelihood};
/// let coin = |fix: Option<f64>| {
///     let binomial = log_likelihood(100.0, |p| Ok(p["p"].ln() * 60.0 + (1.0 - p["p"]).ln() * 40.0));
///     let fit = Fit::new(binomial).parameter("p", 0.01..=0.99);
///     fix.map_or(fit.clone(), |p| fit.fix("p", p)).run()
/// };
/// let (fair, bent) = (coin(Some(0.5))?, coin(None)?);
/// let both = compare(&[("fair", &fair), ("bent", &bent)])?;
/// assert_eq!(both.best(), "bent");
/// # Ok::<(), memo_runtime::fit::FitError>(())
/// ```
///
/// # Errors
/// [`FitError::NotPossible`] where a fit has no AIC, or the fits are not about the same
/// data: another number of observations, other data, other responses, or counts beside numbers.
pub fn compare(fits: &[(&str, &Fitted<'_>)]) -> Result<Comparison, FitError> {
    let mut rows = Vec::new();
    for (name, fitted) in fits {
        same_data(fits[0], (name, fitted))?;
        let (Some(aic), Some(bic), Some(likelihood)) = (fitted.aic(), fitted.bic(), fitted.log_likelihood())
        else {
            let why = if fitted.has_priors() {
                "has priors, so that its likelihood is not at its maximum"
            } else {
                "is a loss, which is no likelihood"
            };
            return Err(FitError::not_possible(format!(
                "the fit `{name}` {why}: it has no AIC; compare by cross-validation"
            )));
        };
        rows.push(Row { name: (*name).into(), parameters: fitted.parameters(), likelihood, aic, bic });
    }
    if rows.is_empty() {
        return Err(FitError::not_possible("a comparison needs a fit at least"));
    }
    rows.sort_by(|a, b| a.aic.total_cmp(&b.aic));
    Ok(Comparison { rows })
}

fn same_data(first: (&str, &Fitted<'_>), second: (&str, &Fitted<'_>)) -> Result<(), FitError> {
    let differ = |what: String| {
        Err(FitError::not_possible(format!(
            "the fits `{}` and `{}` are not about the same data: {what}; only fits of the same data can be compared",
            first.0, second.0
        )))
    };
    let (a, b) = (&first.1.fit.objective, &second.1.fit.objective);
    let kind = |measure: Measure| std::mem::discriminant(&measure);
    if kind(a.measure()) != kind(b.measure()) {
        return differ("one has another kind of objective".into());
    }
    if first.1.observations() != second.1.observations() {
        let told = |fitted: &Fitted<'_>| fitted.observations().map_or("none".into(), trimmed);
        return differ(format!("{} observations and {}", told(first.1), told(second.1)));
    }
    if let (Some(a), Some(b)) = (a.about(), b.about()) {
        let Some(cells) = same_cells(&a.data, &b.data) else {
            let told = |data: &LabelledArray| data.axis_names().join(", ");
            return differ(format!(
                "their axes differ, or the values along them ({} and {})",
                told(&a.data),
                told(&b.data)
            ));
        };
        let (mut own, mut others) = (a.response_names(), b.response_names());
        own.sort_unstable();
        others.sort_unstable();
        if own != others {
            let told = |names: Vec<&str>| names.join(", ");
            return differ(format!(
                "the responses are {} in one and {} in the other",
                told(own),
                told(others)
            ));
        }
        let equal = |(x, at): (&f64, usize)| {
            let y = b.data.data[at];
            *x == y || (x.is_nan() && y.is_nan())
        };
        if !a.data.data.iter().zip(cells).all(equal) {
            return differ("their numbers differ".into());
        }
    }
    Ok(())
}

/// Where each cell of some data is in others with the same axes, in whatever order they have
/// them and the values along them.
fn same_cells(a: &LabelledArray, b: &LabelledArray) -> Option<Vec<usize>> {
    if a.axes.len() != b.axes.len() || a.data.len() != b.data.len() {
        return None;
    }
    let theirs = |own: &LabelledAxis| {
        let at = b.axes.iter().position(|axis| axis.name == own.name)?;
        let labels = &b.axes[at].labels;
        let found: Option<Vec<usize>> =
            own.labels.iter().map(|label| labels.iter().position(|other| other == label)).collect();
        Some((at, found?)).filter(|_| labels.len() == own.labels.len())
    };
    let axes: Vec<(usize, Vec<usize>)> = a.axes.iter().map(theirs).collect::<Option<_>>()?;
    Some(cells_there(&a.shape(), &b.shape(), &axes))
}

impl Comparison {
    /// The name of the fit with the lowest AIC.
    #[must_use]
    pub fn best(&self) -> &str {
        &self.rows[0].name
    }

    /// The Akaike weight of a fit: its share of exp(−AIC / 2).
    ///
    /// # Panics
    /// When no fit has that name.
    #[must_use]
    pub fn weight(&self, name: &str) -> f64 {
        let Some(at) = self.rows.iter().position(|row| row.name == name) else {
            let names: Vec<&str> = self.rows.iter().map(|row| row.name.as_str()).collect();
            panic!("there is no fit `{name}`: there are {}", names.join(", "))
        };
        self.weights()[at]
    }

    fn weights(&self) -> Vec<f64> {
        let best = self.rows[0].aic;
        let weights: Vec<f64> = self.rows.iter().map(|row| (-0.5 * (row.aic - best)).exp()).collect();
        let total: f64 = weights.iter().sum();
        weights.iter().map(|weight| weight / total).collect()
    }

    fn cells(&self) -> Vec<Vec<String>> {
        let best_bic = self.rows.iter().map(|row| row.bic).fold(f64::INFINITY, f64::min);
        let cells = |(row, weight): (&Row, f64)| {
            vec![
                row.name.clone(),
                row.parameters.to_string(),
                trimmed(row.likelihood),
                trimmed(row.aic),
                trimmed(row.aic - self.rows[0].aic),
                format!("{weight:.3}"),
                trimmed(row.bic),
                trimmed(row.bic - best_bic),
            ]
        };
        self.rows.iter().zip(self.weights()).map(cells).collect()
    }

    /// The table that is printed, in Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        markdown(&HEADER, &self.cells())
    }
}

const HEADER: [&str; 8] = ["model", "parameters", "log likelihood", "AIC", "ΔAIC", "weight", "BIC", "ΔBIC"];

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bordered(&HEADER, &self.cells(), f)
    }
}

/// The likelihood-ratio test of two fits, of which one is a special case of the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// Twice the difference of the log likelihoods.
    pub statistic: f64,
    /// The difference of the numbers of parameters.
    pub freedom: usize,
    /// The chance of a larger one if the smaller model is true, by χ² (Wilks 1938).
    pub p: f64,
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "χ²({}) = {}, p = {}", self.freedom, trimmed(self.statistic), trimmed(self.p))
    }
}

/// Tests a fit against one with more parameters, of which it is a special case.
///
/// # Errors
/// [`FitError::NotPossible`] where they are not about the same data, have no likelihood at
/// its maximum, or the second has not more parameters or is no better.
pub fn likelihood_ratio(small: &Fitted<'_>, large: &Fitted<'_>) -> Result<Ratio, FitError> {
    compare(&[("small", small), ("large", large)])?;
    let (Some(a), Some(b)) = (small.log_likelihood(), large.log_likelihood()) else {
        unreachable!("bug in memo: a comparison without a likelihood")
    };
    let (few, many) = (small.parameters(), large.parameters());
    if many <= few {
        return Err(FitError::not_possible(format!(
            "the larger model has {many} parameters, the smaller {few}: give the smaller one first"
        )));
    }
    let statistic = 2.0 * (b - a);
    if statistic < -1e-6 {
        return Err(FitError::not_possible(format!(
            "the larger model has the lower log likelihood ({b} and {a}): the smaller is no special case of it, \
             or its search has not arrived; give it more `.starts(…)`"
        )));
    }
    let freedom = many - few;
    Ok(Ratio { statistic: statistic.max(0.0), freedom, p: chi_squared_above(statistic, freedom) })
}
