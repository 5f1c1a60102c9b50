//! Where predictions come from: a call of a model, or what is computed from several.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use ndarray::Array2;

use super::error::FitError;
use super::parameters::{Point, Vars};
use super::score::Score;
use crate::gradient::Record;
use crate::table::{Axes, LabelledArray, did_you_mean, places};
use crate::{Error, Real, Table, TracedTable, Var, try_grad, try_hessian};

/// A number of predictions and its slopes.
pub(super) type Scored = Result<(f64, Vec<f64>), FitError>;

/// Second derivatives with respect to all parameters.
pub(super) type Bent = Result<Array2<f64>, FitError>;

/// The cells that are to be predicted.
#[derive(Clone, Copy)]
pub(super) struct Cells<'d> {
    pub(super) data: &'d LabelledArray,
    /// Where they are in the model's table.
    pub(super) places: &'d Places,
}

/// What finds a prediction for each cell of the data.
pub(super) trait Predict: Send + Sync {
    /// The predictions, in the order of the cells.
    fn predict(&self, at: &Point, cells: Cells<'_>) -> Result<Vec<f64>, FitError>;
    /// The score of the predictions and its derivative with respect to the parameters.
    fn pull(&self, at: &Point, cells: Cells<'_>, score: &dyn Fn(&[f64]) -> Scored) -> Scored;
    /// The second derivatives of the score, where they can be had exactly.
    fn bend(&self, at: &Point, cells: Cells<'_>, score: Score) -> Option<Bent>;
    /// The sum of the model's chances over the responses, for each cell of the data.
    fn totals(&self, at: &Point, cells: Cells<'_>, responses: &[usize]) -> Result<Vec<f64>, FitError>;
}

/// Predictions: [`from_record`], [`from_traced`] and [`from_vars`] make them.
#[derive(Clone)]
pub struct Predictions<'a>(pub(super) Arc<dyn Predict + 'a>);

impl fmt::Debug for Predictions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Predictions")
    }
}

/// Predictions from one call of a `#[memo(grad)]` model: `f::try_record(…)`.
///
/// The cells of the data are found in the table by the names of the axes and their
/// labels. The parameters of the fit have the names of those of the model, and the model
/// is given them as they are; for what is computed from them there is [`from_traced`].
/// Arrays are `p.slice("w")` and `p.matrix("w")`.
///
/// A recorded call knows its first derivatives, so the second ones, for standard errors,
/// are differences of those.
///
/// ```text
/// from_record(|p| listener::try_record(p["beta"], 1))
/// ```
pub fn from_record<'a, A, F>(model: F) -> Predictions<'a>
where
    A: Axes + Send + Sync + 'a,
    F: for<'p> Fn(&'p Point) -> Result<Record<'p, Table<A>, 1>, Error> + Send + Sync + 'a,
{
    Predictions(Arc::new(Recorded { model }))
}

/// Predictions from one call of a `#[memo(grad)]` model on numbers that carry derivatives:
/// `f::try_traced(…)`.
///
/// As with [`from_record`], the cells of the data are found in the table by the names of
/// the axes and their labels. Here the arguments may be computed from the parameters of the
/// fit, which have names of their own, and second derivatives are exact.
///
/// ```text
/// from_traced(|p| listener::try_traced(p["beta"].exp(), 1))
/// ```
pub fn from_traced<'env, A, F>(model: F) -> Predictions<'env>
where
    A: Axes + 'env,
    F: for<'p, 't> Fn(&Vars<'p, 't, 'env>) -> Result<TracedTable<'t, 'env, A>, Error> + Send + Sync + 'env,
{
    Predictions(Arc::new(Composed { of: OneCall { model, of: PhantomData } }))
}

/// Predictions that are computed from the parameters and from models
/// (`f::try_traced(…)`): one for each cell of the data, in their order.
///
/// ```text
/// from_vars(|p| {
///     let (shallow, deep) = (player::try_traced(1, p["beta"])?, player::try_traced(2, p["beta"])?);
///     let pairs = shallow.cells().iter().zip(deep.cells());
///     Ok(pairs.map(|(a, b)| p["share"] * *a + (1.0 - p["share"]) * *b).collect())
/// })
/// ```
pub fn from_vars<'env, F>(predict: F) -> Predictions<'env>
where
    F: for<'p, 't> Fn(&Vars<'p, 't, 'env>) -> Result<Vec<Var<'t, 'env>>, Error> + Send + Sync + 'env,
{
    Predictions(Arc::new(Composed { of: Listed { predict, of: PhantomData } }))
}

struct Recorded<F> {
    model: F,
}

/// For each cell of the data, which one of a model's table it is: found when the first table
/// is there.
#[derive(Default)]
pub(super) struct Places(OnceLock<Map>);

struct Map {
    shape: Vec<usize>,
    cells: Vec<usize>,
    /// Which axis of the table each axis of the data is.
    axes: Vec<usize>,
}

/// The cells of the data in a table.
fn map(table: &LabelledArray, data: &LabelledArray) -> Result<Map, FitError> {
    let names = table.axis_names();
    if let Some(missing) = names.iter().find(|name| data.axes.iter().all(|own| own.name != **name)) {
        return Err(FitError::data(format!(
            "the data `{}` have no axis `{missing}`, which the table of `{}` has; add it, so that each cell \
             of the data is one of the model's",
            data.name, table.name
        )));
    }
    let mut found = Vec::new();
    for axis in &data.axes {
        let Some(at) = names.iter().position(|name| *name == axis.name) else {
            let near = did_you_mean(&axis.name, &names);
            return Err(FitError::data(format!(
                "the data `{}` have the axis `{}`, which the table of `{}` lacks: it has {}{near}",
                data.name,
                axis.name,
                table.name,
                names.join(", ")
            )));
        };
        let known = &table.axes[at].labels;
        let places = axis.labels.iter().map(|label| {
            known.iter().position(|own| own == label).ok_or_else(|| {
                let near = did_you_mean(label, known);
                FitError::data(format!(
                    "`{label}`, a value of the axis `{}` of the data, is none of the table of `{}`{near}",
                    axis.name, table.name
                ))
            })
        });
        found.push((at, places.collect::<Result<Vec<usize>, _>>()?));
    }
    let shape = table.shape();
    let cells = cells_there(&data.shape(), &shape, &found);
    Ok(Map { shape, cells, axes: found.into_iter().map(|(at, _)| at).collect() })
}

/// For each cell of an array, which one of another it is: by which axis each of its axes is
/// there, and where its values are along that.
pub(super) fn cells_there(own: &[usize], there: &[usize], axes: &[(usize, Vec<usize>)]) -> Vec<usize> {
    let cell = |cell: usize| {
        let mut at = vec![0; there.len()];
        for ((axis, map), here) in axes.iter().zip(places(cell, own)) {
            at[*axis] = map[here];
        }
        at.iter().zip(there).fold(0, |cell, (at, n)| cell * n + at)
    };
    (0..own.iter().product()).map(cell).collect()
}

impl<'d> Cells<'d> {
    fn map<A: Axes>(self, table: &Table<A>) -> Result<&'d Map, FitError> {
        let places = &self.places.0;
        if places.get().is_none() {
            let found = map(&table.to_labelled(), self.data)?;
            // Another thread may have been faster, with the same.
            let _ = places.set(found);
        }
        match places.get() {
            Some(map) if map.shape == table.shape() => Ok(map),
            _ => Err(FitError::data(format!(
                "the table of `{}` changes its shape with the parameters; it is to have the same cells always",
                table.name()
            ))),
        }
    }

    /// The sum of the table over the responses, for each cell of the data.
    fn totals<A: Axes>(self, table: &Table<A>, responses: &[usize]) -> Result<Vec<f64>, FitError> {
        let map = self.map(table)?;
        let responses: Vec<usize> = responses.iter().map(|axis| map.axes[*axis]).collect();
        let sums = sums_over(&map.shape, table.values(), &responses);
        Ok(map.cells.iter().map(|cell| sums[*cell]).collect())
    }
}

impl<A, F> Predict for Recorded<F>
where
    A: Axes,
    F: for<'p> Fn(&'p Point) -> Result<Record<'p, Table<A>, 1>, Error> + Send + Sync,
{
    fn predict(&self, at: &Point, cells: Cells<'_>) -> Result<Vec<f64>, FitError> {
        let call = (self.model)(at)?;
        let map = cells.map(call.value())?;
        Ok(map.cells.iter().map(|cell| call.value().values()[*cell]).collect())
    }

    fn pull(&self, at: &Point, cells: Cells<'_>, score: &dyn Fn(&[f64]) -> Scored) -> Scored {
        let mut call = (self.model)(at)?;
        let map = cells.map(call.value())?;
        let values = call.value().values();
        let predicted: Vec<f64> = map.cells.iter().map(|cell| values[*cell]).collect();
        let (value, slopes) = score(&predicted)?;
        let mut seed = vec![0.0; values.len()];
        map.cells.iter().zip(slopes).for_each(|(cell, slope)| seed[*cell] += slope);
        let name = call.value().name().to_string();
        let gradient = call.try_vjp(&seed)?;
        let layout = at.layout();
        let mut all = Vec::with_capacity(at.values().len());
        for group in &layout.groups {
            if !gradient.names().any(|own| own == group.name) {
                let known: Vec<&str> = gradient.names().collect();
                let near = did_you_mean(&group.name, &known);
                return Err(FitError::parameter(
                    &group.name,
                    format!(
                        "is none of the model `{name}`: it has {}{near}; name it as the model does, or \
                         compute with it in `from_traced`",
                        known.join(", ")
                    ),
                ));
            }
            let part = gradient.array(&group.name);
            if part.len() != group.cells() {
                return Err(FitError::parameter(
                    &group.name,
                    format!(
                        "has the shape {:?}, but is {:?} in the model `{name}`",
                        group.shape,
                        part.shape()
                    ),
                ));
            }
            all.extend(part.iter());
        }
        Ok((value, all))
    }

    fn bend(&self, _: &Point, _: Cells<'_>, _: Score) -> Option<Bent> {
        None
    }

    fn totals(&self, at: &Point, cells: Cells<'_>, responses: &[usize]) -> Result<Vec<f64>, FitError> {
        let call = (self.model)(at)?;
        cells.totals(call.value(), responses)
    }
}

/// For each cell, the sum over some axes at its place on the others.
pub(super) fn sums_over(shape: &[usize], values: &[f64], over: &[usize]) -> Vec<f64> {
    let rows = rows(shape, over);
    let mut sums = vec![0.0; values.len()];
    rows.iter().zip(values).for_each(|(row, value)| sums[*row] += value);
    rows.iter().map(|row| sums[*row]).collect()
}

/// For each cell, the number of its place on all axes but some.
pub(super) fn rows(shape: &[usize], over: &[usize]) -> Vec<usize> {
    let row = |cell: usize| {
        let at = places(cell, shape);
        let others = (0..shape.len()).filter(|axis| !over.contains(axis));
        others.fold(0, |row, axis| row * shape[axis] + at[axis])
    };
    (0..shape.iter().product()).map(row).collect()
}

/// What computes predictions in numbers that carry derivatives.
trait Compose<'env>: Send + Sync {
    /// The predictions, in the order of the cells of the data.
    fn cells<'t>(&self, at: &Vars<'_, 't, 'env>, cells: Cells<'_>) -> Result<Vec<Var<'t, 'env>>, FitError>;
    /// The sum over the responses, for each cell of the data.
    fn totals(
        &self,
        at: &Vars<'_, '_, 'env>,
        cells: Cells<'_>,
        responses: &[usize],
    ) -> Result<Vec<f64>, FitError>;
}

/// Predictions as a list.
struct Listed<'env, F> {
    predict: F,
    of: PhantomData<fn(&'env ())>,
}

impl<'env, F> Compose<'env> for Listed<'env, F>
where
    F: for<'p, 't> Fn(&Vars<'p, 't, 'env>) -> Result<Vec<Var<'t, 'env>>, Error> + Send + Sync,
{
    fn cells<'t>(&self, at: &Vars<'_, 't, 'env>, cells: Cells<'_>) -> Result<Vec<Var<'t, 'env>>, FitError> {
        let predicted = (self.predict)(at)?;
        let data = cells.data;
        let (wanted, found) = (data.data.len(), predicted.len());
        if wanted != found {
            return Err(FitError::data(format!(
                "{found} predictions are given for the {wanted} cells of the data `{}`; give one for each, \
                 in their order",
                data.name
            )));
        }
        Ok(predicted)
    }

    fn totals(
        &self,
        at: &Vars<'_, '_, 'env>,
        cells: Cells<'_>,
        responses: &[usize],
    ) -> Result<Vec<f64>, FitError> {
        Ok(sums_over(&cells.data.shape(), &plain(&self.cells(at, cells)?), responses))
    }
}

/// Predictions from a table.
struct OneCall<'env, A, F> {
    model: F,
    of: PhantomData<fn(&'env ()) -> A>,
}

impl<'env, A, F> Compose<'env> for OneCall<'env, A, F>
where
    A: Axes,
    F: for<'p, 't> Fn(&Vars<'p, 't, 'env>) -> Result<TracedTable<'t, 'env, A>, Error> + Send + Sync,
{
    fn cells<'t>(&self, at: &Vars<'_, 't, 'env>, cells: Cells<'_>) -> Result<Vec<Var<'t, 'env>>, FitError> {
        let table = (self.model)(at)?;
        let map = cells.map(table.table())?;
        Ok(map.cells.iter().map(|cell| table.cells()[*cell]).collect())
    }

    fn totals(
        &self,
        at: &Vars<'_, '_, 'env>,
        cells: Cells<'_>,
        responses: &[usize],
    ) -> Result<Vec<f64>, FitError> {
        cells.totals((self.model)(at)?.table(), responses)
    }
}

struct Composed<C> {
    of: C,
}

/// Numbers without what they change by.
fn plain(numbers: &[Var<'_, '_>]) -> Vec<f64> {
    numbers.iter().map(|number| Real::value(*number)).collect()
}

/// Numbers that do not change leave nothing on a tape.
fn resting<'t, 'env>(at: &Point) -> Vec<Var<'t, 'env>> {
    at.values().iter().map(|x| Var::from(*x)).collect()
}

impl<'env, C: Compose<'env>> Predict for Composed<C> {
    fn predict(&self, at: &Point, cells: Cells<'_>) -> Result<Vec<f64>, FitError> {
        let values = resting(at);
        Ok(plain(&self.of.cells(&Vars { layout: at.layout(), values: &values }, cells)?))
    }

    fn pull(&self, at: &Point, cells: Cells<'_>, score: &dyn Fn(&[f64]) -> Scored) -> Scored {
        try_grad(at.values(), |vars| {
            let predicted = self.of.cells(&Vars { layout: at.layout(), values: vars }, cells)?;
            let (value, slopes) = score(&plain(&predicted))?;
            // Σ slope · prediction has the derivative of the score.
            let used = predicted.iter().zip(slopes).filter(|(_, slope)| *slope != 0.0);
            let sum = used.fold(Var::from(0.0), |sum, (cell, slope)| {
                sum.chain2(*cell, 0.0.into(), (1.0.into(), slope.into()))
            });
            Ok(sum.chain(value.into(), 1.0.into()))
        })
    }

    fn bend(&self, at: &Point, cells: Cells<'_>, score: Score) -> Option<Bent> {
        Some(try_hessian(at.values(), |vars| {
            let predicted = self.of.cells(&Vars { layout: at.layout(), values: vars }, cells)?;
            Ok(score.of_numbers(&cells.data.data, &predicted))
        }))
    }

    fn totals(&self, at: &Point, cells: Cells<'_>, responses: &[usize]) -> Result<Vec<f64>, FitError> {
        let values = resting(at);
        self.of.totals(&Vars { layout: at.layout(), values: &values }, cells, responses)
    }
}
