//! What is made as small as can be: data against predictions, or any function.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::error::{FitError, told};
use super::parameters::{Point, Vars};
use super::predict::{Bent, Cells, Places, Predictions, Scored, rows};
use super::score::{NoScore, Score, present};
use crate::table::{AxisNames, LabelledArray, did_you_mean, places};
use crate::{Error, Var, try_grad, try_hessian};

/// What an objective is, as far as statistics are concerned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Measure {
    /// Minus the logarithm of a likelihood of `n` observations.
    Likelihood { n: f64 },
    /// The mean of `n` squared errors.
    Squares { n: f64 },
    /// Something else.
    Loss,
}

/// What a fit makes as small as can be. [`counts`], [`squares`] and [`correlation`]
/// compare predictions with data; [`log_likelihood`], [`loss`] and their variants with a
/// gradient take any function.
#[derive(Clone)]
pub struct Objective<'a>(pub(super) Source<'a>);

#[derive(Clone)]
pub(super) enum Source<'a> {
    Data(Data<'a>),
    Function { measure: Measure, function: Arc<dyn Function + 'a> },
}

impl fmt::Debug for Objective<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Data(data) => write!(f, "Objective: {:?} of `{}`", data.score, data.data.name),
            Source::Function { measure, .. } => write!(f, "Objective: a function, {measure:?}"),
        }
    }
}

/// A function of the parameters, to be made small, with its slopes.
pub(super) trait Function: Send + Sync {
    fn evaluate(&self, at: &Point) -> Scored;
    /// Its second derivatives, where they can be had exactly.
    fn bend(&self, _: &Point) -> Option<Bent> {
        None
    }
}

/// Data with what predicts them.
#[derive(Clone)]
pub(super) struct Data<'a> {
    pub(super) score: Score,
    /// Counts or numbers; NaN where there is none.
    pub(super) data: Arc<LabelledArray>,
    /// Where its cells are in the model's table.
    places: Arc<Places>,
    /// The axes of what was responded; none if it is not about counts.
    pub(super) responses: Vec<usize>,
    pub(super) predictions: Predictions<'a>,
    /// What is wrong with the data, told when the fit begins.
    pub(super) problem: Option<FitError>,
}

/// The likelihood of counts: how often each response was given in each condition.
///
/// `responses` names the axis of the responses, or several; the others are the
/// conditions, in each of which the chances of all responses sum to 1. The likelihood is
/// multinomial, Σ count · ln chance; the number of orders, which no parameter changes, is
/// left out, as is usual. Counts may be weights, which need not be whole.
///
/// ```text
/// counts(&data, "r", from_record(|p| listener::try_record(p["beta"], 1)))
/// ```
pub fn counts<'a>(
    data: impl Into<LabelledArray>,
    responses: impl AxisNames,
    predictions: Predictions<'a>,
) -> Objective<'a> {
    let data: LabelledArray = data.into();
    let names = data.axis_names();
    let mut problem = None;
    let mut found = Vec::new();
    for name in responses.names() {
        match names.iter().position(|own| *own == name) {
            Some(at) => found.push(at),
            None => {
                let near = did_you_mean(name, &names);
                problem = Some(FitError::data(format!(
                    "the data `{}` have no axis `{name}` of responses: they have {}{near}",
                    data.name,
                    names.join(", ")
                )));
            }
        }
    }
    let bad = data.data.iter().position(|count| !(*count >= 0.0 && count.is_finite()));
    if let Some(cell) = bad {
        let (place, count) = (place(&data, cell), data.data[cell]);
        let what =
            format!("the data `{}` have the count {count} at {place}; counts are 0 or more", data.name);
        problem = Some(FitError::data(what));
    } else if data.data.iter().sum::<f64>() <= 0.0 {
        problem = Some(FitError::data(format!("all counts of the data `{}` are 0", data.name)));
    }
    Objective(Source::Data(Data::new(Score::Counts, data, found, predictions, problem)))
}

/// The mean squared error of the predictions: ratings, proportions, any number a cell.
/// A cell that is NaN is left out.
///
/// Standard errors, AIC and BIC are those of nonlinear regression: each cell has a
/// normal error of one variance, which is estimated, too.
pub fn squares<'a>(data: impl Into<LabelledArray>, predictions: Predictions<'a>) -> Objective<'a> {
    numbers(Score::Squares, data.into(), predictions)
}

/// One minus the correlation of Pearson between predictions and data, as papers report
/// it. A correlation is no likelihood, so there are no standard errors; `bootstrap` has
/// intervals. A cell that is NaN is left out.
pub fn correlation<'a>(data: impl Into<LabelledArray>, predictions: Predictions<'a>) -> Objective<'a> {
    numbers(Score::Correlation, data.into(), predictions)
}

fn numbers(score: Score, data: LabelledArray, predictions: Predictions<'_>) -> Objective<'_> {
    let infinite = data.data.iter().position(|y| y.is_infinite());
    let problem = if let Some(cell) = infinite {
        Some(FitError::data(format!("the data `{}` are infinite at {}", data.name, place(&data, cell))))
    } else if present(&data.data) < 2.0 {
        Some(FitError::data(format!("the data `{}` have fewer than two numbers", data.name)))
    } else {
        None
    };
    Objective(Source::Data(Data::new(score, data, Vec::new(), predictions, problem)))
}

/// Any log likelihood of `n` observations, of numbers that carry derivatives; `n` is
/// what BIC counts.
///
/// ```
/// use memo_runtime::Real;
/// use memo_runtime::fit::{Fit, log_likelihood};
/// // 30 of 100: the most likely chance is 0.3, with the standard error √(p (1 − p) / n).
/// let binomial = log_likelihood(100.0, |p| Ok(p["p"].ln() * 30.0 + (1.0 - p["p"]).ln() * 70.0));
/// let fitted = Fit::new(binomial).parameter("p", 0.01..=0.99).run()?;
/// assert!((fitted.estimate("p") - 0.3).abs() < 1e-9);
/// assert!((fitted.standard_error("p").unwrap() - (0.3_f64 * 0.7 / 100.0).sqrt()).abs() < 1e-7);
/// # Ok::<(), memo_runtime::fit::FitError>(())
/// ```
pub fn log_likelihood<'env, F>(n: f64, function: F) -> Objective<'env>
where
    F: for<'p, 't> Fn(&Vars<'p, 't, 'env>) -> Result<Var<'t, 'env>, Error> + Send + Sync + 'env,
{
    let function = Arc::new(OfVars { function, sign: -1.0, of: PhantomData });
    Objective(Source::Function { measure: Measure::Likelihood { n }, function })
}

/// Any loss, of numbers that carry derivatives. Without a likelihood there are no
/// standard errors.
pub fn loss<'env, F>(function: F) -> Objective<'env>
where
    F: for<'p, 't> Fn(&Vars<'p, 't, 'env>) -> Result<Var<'t, 'env>, Error> + Send + Sync + 'env,
{
    let function = Arc::new(OfVars { function, sign: 1.0, of: PhantomData });
    Objective(Source::Function { measure: Measure::Loss, function })
}

/// [`log_likelihood`] of a function that returns its gradient, too: one derivative for
/// each number of the parameters, in their order.
pub fn log_likelihood_with_gradient<'a, F>(n: f64, function: F) -> Objective<'a>
where
    F: Fn(&Point) -> Result<(f64, Vec<f64>), Error> + Send + Sync + 'a,
{
    let function = Arc::new(WithGradient { function, sign: -1.0 });
    Objective(Source::Function { measure: Measure::Likelihood { n }, function })
}

/// [`loss`] of a function that returns its gradient, too.
///
/// ```
/// use memo_runtime::fit::{Fit, loss_with_gradient};
/// let bowl = loss_with_gradient(|p| Ok(((p["x"] - 3.0).powi(2), vec![2.0 * (p["x"] - 3.0)])));
/// let fitted = Fit::new(bowl).parameter("x", ..).run()?;
/// assert!((fitted.estimate("x") - 3.0).abs() < 1e-9);
/// # Ok::<(), memo_runtime::fit::FitError>(())
/// ```
pub fn loss_with_gradient<'a, F>(function: F) -> Objective<'a>
where
    F: Fn(&Point) -> Result<(f64, Vec<f64>), Error> + Send + Sync + 'a,
{
    let function = Arc::new(WithGradient { function, sign: 1.0 });
    Objective(Source::Function { measure: Measure::Loss, function })
}

struct OfVars<'env, F> {
    function: F,
    sign: f64,
    of: PhantomData<fn(&'env ())>,
}

impl<'env, F> Function for OfVars<'env, F>
where
    F: for<'p, 't> Fn(&Vars<'p, 't, 'env>) -> Result<Var<'t, 'env>, Error> + Send + Sync,
{
    fn evaluate(&self, at: &Point) -> Scored {
        let layout = at.layout();
        try_grad(at.values(), |vars| {
            let result = (self.function)(&Vars { layout, values: vars })?;
            Ok::<_, FitError>(result * self.sign)
        })
    }

    fn bend(&self, at: &Point) -> Option<Bent> {
        let layout = at.layout();
        Some(try_hessian(at.values(), |vars| {
            let result = (self.function)(&Vars { layout, values: vars })?;
            Ok::<_, FitError>(result * self.sign)
        }))
    }
}

struct WithGradient<F> {
    function: F,
    sign: f64,
}

impl<F> Function for WithGradient<F>
where
    F: Fn(&Point) -> Result<(f64, Vec<f64>), Error> + Send + Sync,
{
    fn evaluate(&self, at: &Point) -> Scored {
        let (value, slopes) = (self.function)(at)?;
        let (wanted, found) = (at.values().len(), slopes.len());
        if wanted != found {
            return Err(FitError::not_possible(format!(
                "the objective gives {found} derivatives for {wanted} parameters ({}); give one for each, in \
                 their order",
                at.layout().names().collect::<Vec<_>>().join(", ")
            )));
        }
        Ok((self.sign * value, slopes.iter().map(|slope| self.sign * slope).collect()))
    }
}

/// A cell in words: `u = Green, r = PinkCircle`.
fn place(data: &LabelledArray, cell: usize) -> String {
    let labels: Vec<String> =
        labels(data, cell).into_iter().map(|(axis, label)| format!("{axis} = {label}")).collect();
    labels.join(", ")
}

fn labels(data: &LabelledArray, cell: usize) -> Vec<(String, String)> {
    let at = places(cell, &data.shape());
    data.axes.iter().zip(at).map(|(axis, at)| (axis.name.clone(), axis.labels[at].clone())).collect()
}

impl<'a> Data<'a> {
    fn new(
        score: Score,
        data: LabelledArray,
        responses: Vec<usize>,
        predictions: Predictions<'a>,
        problem: Option<FitError>,
    ) -> Self {
        Self { score, data: Arc::new(data), places: Arc::default(), responses, predictions, problem }
    }

    /// The cells, as predictions find them.
    fn cells(&self) -> Cells<'_> {
        Cells { data: &self.data, places: &self.places }
    }

    /// The same about other numbers.
    pub(super) fn with(&self, observed: Vec<f64>) -> Objective<'a> {
        let data = LabelledArray { data: observed, ..(*self.data).clone() };
        Objective(Source::Data(Data { data: Arc::new(data), ..self.clone() }))
    }

    /// The score of predictions.
    fn score(&self, predicted: &[f64]) -> Scored {
        let cell = |at| labels(&self.data, at);
        self.score.of(&self.data.data, predicted).map_err(|reason| match reason {
            NoScore::ZeroChance(at) => {
                FitError::ZeroChance { cell: cell(at), count: self.data.data[at], at: Vec::new() }
            }
            NoScore::BadPrediction(at) => FitError::data(format!(
                "the prediction for {} of the data `{}` is {}",
                place(&self.data, at),
                self.data.name,
                predicted[at]
            )),
            NoScore::NoSpread(of) => {
                FitError::data(format!("all {of} are the same, so that there is no correlation"))
            }
        })
    }

    pub(super) fn predicted(&self, at: &Point) -> Result<Vec<f64>, FitError> {
        self.predictions.0.predict(at, self.cells())
    }

    /// The axes of what was responded.
    pub(super) fn response_names(&self) -> Vec<&str> {
        self.responses.iter().map(|axis| self.data.axes[*axis].name.as_str()).collect()
    }

    /// Which condition each cell is of.
    pub(super) fn conditions(&self) -> Vec<usize> {
        rows(&self.data.shape(), &self.responses)
    }

    /// Whether the chances of each condition that was observed sum to 1.
    fn check_chances(&self, at: &Point) -> Result<(), FitError> {
        let totals = self.predictions.0.totals(at, self.cells(), &self.responses)?;
        let seen = |cell: &usize| self.data.data[*cell] > 0.0 && (totals[*cell] - 1.0).abs() > 1e-6;
        let Some(cell) = (0..totals.len()).find(seen) else { return Ok(()) };
        let names = self.response_names();
        let conditions: Vec<String> = labels(&self.data, cell)
            .into_iter()
            .filter(|(axis, _)| !names.contains(&axis.as_str()))
            .map(|(axis, label)| format!("{axis} = {label}"))
            .collect();
        let given =
            if conditions.is_empty() { String::new() } else { format!(" given {}", conditions.join(", ")) };
        Err(FitError::data(format!(
            "the chances of `{}`{given} sum to {} with {}, not to 1; name the axes of what was responded, all of \
             them and no others, or normalize the predictions",
            names.join("`, `"),
            totals[cell],
            told(&at.told())
        )))
    }
}

impl Objective<'_> {
    pub(super) fn measure(&self) -> Measure {
        match &self.0 {
            Source::Function { measure, .. } => *measure,
            Source::Data(data) => match data.score {
                Score::Counts => Measure::Likelihood { n: data.data.data.iter().sum() },
                Score::Squares => Measure::Squares { n: present(&data.data.data) },
                Score::Correlation => Measure::Loss,
            },
        }
    }

    /// By what a search divides it: the number of observations, the variance of the data, or
    /// nothing for a correlation; how large another loss is shows only when it is computed.
    pub(super) fn scale(&self) -> Option<f64> {
        match (self.measure(), self.about()) {
            (Measure::Likelihood { n }, _) => Some(n.max(1.0)),
            (Measure::Squares { n }, Some(data)) => {
                let present = || data.data.data.iter().filter(|y| !y.is_nan());
                let mean = present().sum::<f64>() / n;
                let spread = present().map(|y| (y - mean).powi(2)).sum::<f64>() / n;
                let around = if spread > 0.0 { spread } else { mean * mean };
                Some(if around > 0.0 && around.is_finite() { around } else { 1.0 })
            }
            (_, Some(_)) => Some(1.0),
            (_, None) => None,
        }
    }

    /// The data, if it is about such.
    pub(super) fn about(&self) -> Option<&Data<'_>> {
        match &self.0 {
            Source::Data(data) => Some(data),
            Source::Function { .. } => None,
        }
    }

    /// What it is and its slopes.
    pub(super) fn evaluate(&self, at: &Point) -> Scored {
        let found = match &self.0 {
            Source::Function { function, .. } => function.evaluate(at),
            Source::Data(data) => {
                data.predictions.0.pull(at, data.cells(), &|predicted| data.score(predicted))
            }
        };
        found.map_err(|error| error.at(|| at.told()))
    }

    /// Its second derivatives, where they can be had exactly.
    pub(super) fn bend(&self, at: &Point) -> Option<Bent> {
        let found = match &self.0 {
            Source::Function { function, .. } => function.bend(at),
            Source::Data(data) => data.predictions.0.bend(at, data.cells(), data.score),
        };
        Some(found?.map_err(|error| error.at(|| at.told())))
    }

    pub(super) fn value(&self, at: &Point) -> Result<f64, FitError> {
        let found = match &self.0 {
            Source::Function { function, .. } => function.evaluate(at).map(|(value, _)| value),
            Source::Data(data) => {
                data.predicted(at).and_then(|predicted| data.score(&predicted)).map(|(value, _)| value)
            }
        };
        found.map_err(|error| error.at(|| at.told()))
    }

    /// Whether data and predictions go together, where the search begins and where it has ended.
    pub(super) fn check(&self, at: &Point) -> Result<(), FitError> {
        let Source::Data(data) = &self.0 else { return Ok(()) };
        if let Some(problem) = &data.problem {
            return Err(problem.clone());
        }
        if data.score == Score::Counts {
            data.check_chances(at).map_err(|error| error.at(|| at.told()))?;
        }
        Ok(())
    }
}
