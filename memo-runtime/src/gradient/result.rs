//! What a derivative is handed out as.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Index, Range};
use std::sync::Arc;

use ndarray::{ArrayViewD, Dimension, IxDyn};

use super::cotangent::Seeds;
use super::one_or_more::OneOrMore;
use super::rates::Direction;
use super::slopes::{Slopes, products};
use super::tangent::InputArray;
use super::way::{Back, Way};
use super::{Trace, TracedJob};
use crate::impossible::Returned;
use crate::solve::Tables;
use crate::table::Axes;
use crate::{Error, Table, parallel};

/// The derivative of a number with respect to the parameters of a model.
///
/// `gradient["beta"]` is the derivative with respect to a number,
/// [`Gradient::array`] that with respect to the elements of an array or a table.
#[derive(Clone, Debug)]
pub struct Gradient(Derivatives);

#[derive(Clone, Debug)]
enum Derivatives {
    /// With respect to a few numbers, which need no memory of their own.
    Numbers(&'static [&'static str], [f64; FEW]),
    Parts(Vec<Part>),
}

/// With respect to so many numbers derivatives are carried forward, at most.
const FEW: usize = 4;

/// With respect to one parameter.
#[derive(Clone, Debug, PartialEq)]
struct Part {
    name: &'static str,
    /// The lengths of an array.
    shape: Option<IxDyn>,
    values: OneOrMore<f64>,
}

/// The same, wherever it is.
#[derive(Clone, Copy, PartialEq)]
struct View<'g> {
    name: &'static str,
    shape: Option<&'g [usize]>,
    values: &'g [f64],
}

impl Part {
    fn view(&self) -> View<'_> {
        View { name: self.name, shape: self.shape.as_ref().map(Dimension::slice), values: &self.values }
    }
}

impl<'g> View<'g> {
    fn array(self) -> ArrayViewD<'g, f64> {
        match ArrayViewD::from_shape(IxDyn(self.shape.unwrap_or_default()), self.values) {
            Ok(view) => view,
            Err(error) => unreachable!("bug in memo: {error}"),
        }
    }
}

impl PartialEq for Gradient {
    fn eq(&self, other: &Self) -> bool {
        self.parts().eq(other.parts())
    }
}

impl Gradient {
    fn new(inputs: &[InputArray], values: Vec<OneOrMore<f64>>) -> Self {
        let parts = inputs.iter().zip(values).filter(|(input, _)| input.wanted);
        let part = |(input, values): (&InputArray, OneOrMore<f64>)| Part {
            name: input.name,
            shape: input.shape.clone(),
            values,
        };
        Self(Derivatives::Parts(parts.map(part).collect()))
    }

    /// With respect to each parameter.
    fn parts(&self) -> impl Iterator<Item = View<'_>> {
        let (names, numbers, parts) = match &self.0 {
            Derivatives::Numbers(names, numbers) => (*names, &numbers[..], &[][..]),
            Derivatives::Parts(parts) => (&[][..], &[][..], &parts[..]),
        };
        let number = |(name, number): (&&'static str, _)| View {
            name,
            shape: None,
            values: std::slice::from_ref(number),
        };
        names.iter().zip(numbers).map(number).chain(parts.iter().map(Part::view))
    }

    /// The names of the parameters with respect to which it is.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.parts().map(|part| part.name)
    }

    #[track_caller]
    fn part(&self, name: &str) -> View<'_> {
        self.parts().find(|part| part.name == name).unwrap_or_else(|| none_named(self.names(), name))
    }

    /// The derivative with respect to each element of an array parameter, in its
    /// shape; that of a number has no axes.
    ///
    /// # Panics
    /// When no parameter has that name.
    #[must_use]
    pub fn array(&self, name: &str) -> ArrayViewD<'_, f64> {
        let part = self.part(name);
        part.array()
    }

    /// All derivatives one after the other, in the order of the parameters,
    /// arrays row-major.
    #[must_use]
    pub fn to_vec(&self) -> Vec<f64> {
        let mut all = Vec::with_capacity(self.parts().map(|part| part.values.len()).sum());
        self.parts().for_each(|part| all.extend_from_slice(part.values));
        all
    }

    /// That with respect to a number, which may be none.
    #[track_caller]
    fn number(&self, name: &str) -> &f64 {
        let part = self.part(name);
        assert!(
            part.shape.is_none(),
            "`{name}` is an array: its derivatives are `gradient.array(\"{name}\")`"
        );
        &part.values[0]
    }
}

#[cold]
#[track_caller]
fn none_named(names: impl Iterator<Item = &'static str>, name: &str) -> ! {
    let names: Vec<&str> = names.collect();
    panic!("there is no derivative with respect to `{name}`: there is one for {}", names.join(", "))
}

/// `gradient["beta"]`.
///
/// # Panics
/// When no parameter has that name, or it is an array.
impl Index<&str> for Gradient {
    type Output = f64;

    // Where it is called the name is known: it is compared as a number.
    #[inline(always)]
    fn index(&self, name: &str) -> &f64 {
        if let Derivatives::Numbers(names, numbers) = &self.0 {
            // A constant count, and so no loop.
            for (at, number) in numbers.iter().enumerate() {
                if names.get(at).is_some_and(|own| *own == name) {
                    return number;
                }
            }
        }
        self.number(name)
    }
}

impl fmt::Display for Gradient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.parts().enumerate() {
            let separator = if at == 0 { "" } else { ", " };
            write!(f, "{separator}d/d{}: {}", part.name, self.array(part.name))?;
        }
        Ok(())
    }
}

/// The derivative of every cell of a table with respect to the parameters.
#[derive(Clone)]
pub struct Jacobian<A: Axes> {
    table: Table<A>,
    /// The lengths of the table's axes come first.
    parts: Vec<Part>,
}

impl<A: Axes> fmt::Debug for Jacobian<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jacobian").field("table", &self.table).field("parts", &self.parts).finish()
    }
}

impl<A: Axes> Jacobian<A> {
    /// The table of which it is the derivative.
    #[must_use]
    pub fn value(&self) -> &Table<A> {
        &self.table
    }

    #[track_caller]
    fn part(&self, name: &str) -> &Part {
        let names = self.parts.iter().map(|part| part.name);
        self.parts.iter().find(|part| part.name == name).unwrap_or_else(|| none_named(names, name))
    }

    /// The derivatives with respect to a number, as a table.
    ///
    /// # Panics
    /// When no parameter has that name, or it is an array.
    #[must_use]
    pub fn table(&self, name: &str) -> Table<A> {
        let part = self.part(name);
        let cells = self.table.len();
        assert!(part.values.len() == cells, "`{name}` is an array: its derivatives are `array(\"{name}\")`");
        self.table.with_values(part.values.to_vec())
    }

    /// The derivatives as an array: the axes of the table, then those of the
    /// parameter.
    ///
    /// # Panics
    /// When no parameter has that name.
    #[must_use]
    pub fn array(&self, name: &str) -> ArrayViewD<'_, f64> {
        let part = self.part(name);
        part.view().array()
    }
}

/// A call that has been made, with all that its derivatives need: its tables, of
/// type `T`, and the way back from `N` of them.
///
/// ```text
/// let mut call = model::record(beta);
/// let seed = …;                        // from `call.value()`
/// let gradient = call.vjp(&seed);
/// ```
pub struct Record<'a, T, const N: usize> {
    value: T,
    model: &'static str,
    way: Way<'a>,
}

impl<T, const N: usize> fmt::Debug for Record<'_, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record of `{}`", self.model)
    }
}

impl<'a, T, const N: usize> Record<'a, T, N> {
    /// For generated code.
    ///
    /// # Errors
    /// Whatever goes wrong.
    #[doc(hidden)]
    pub fn __new(
        model: &'static str,
        job: TracedJob<'a>,
        inputs: &[InputArray],
        wrap: impl FnOnce(Tables) -> Result<T, Error>,
    ) -> Result<Self, Error> {
        let trace = Trace::record(job, inputs.into())?;
        let value = wrap(trace.tables())?;
        Ok(Self { value, model, way: Way::Back(Back::new(trace)) })
    }

    /// A call whose derivatives have been carried forward.
    #[inline(always)]
    pub(crate) fn with_slopes(model: &'static str, value: T, slopes: Slopes) -> Self {
        Self { value, model, way: Way::Slopes(slopes) }
    }

    /// The table, or the tuple of tables.
    #[must_use]
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The same, by value.
    #[must_use]
    pub fn into_value(self) -> T {
        self.value
    }

    /// The same, the name of the model, and how its derivatives are had.
    pub(super) fn parts_mut(&mut self) -> (&T, &'static str, &mut Way<'a>) {
        (&self.value, self.model, &mut self.way)
    }

    /// The value, and how its derivatives are had.
    #[inline]
    pub(super) fn into_parts(self) -> (T, Way<'a>) {
        (self.value, self.way)
    }

    /// The derivative of the sum of all cells times the cotangent, with respect to
    /// the parameters.
    ///
    /// # Errors
    /// [`Error::CotangentSize`], and whatever goes wrong in functions of the user's.
    pub fn try_vjp(&mut self, cotangent: impl Seeds<N>) -> Result<Gradient, Error> {
        self.pulled(&cotangent.seeds())
    }

    /// What cotangents come to.
    #[inline(always)]
    fn pulled(&mut self, seeds: &[Cow<'_, [f64]>; N]) -> Result<Gradient, Error> {
        match self.carried(seeds) {
            Some(slopes) => Ok(slopes.gradient(&seeds[0])),
            None => self.back(seeds),
        }
    }

    /// What has been recorded, and its derivative as by [`try_vjp`](Self::try_vjp). Nothing of the
    /// record is moved but what is returned.
    ///
    /// # Errors
    /// Those of both.
    #[doc(hidden)]
    #[inline(always)]
    pub fn __with_vjp(
        mut recorded: Result<Self, Error>,
        cotangent: impl Seeds<N>,
    ) -> Result<(T, Gradient), Error> {
        let seeds = cotangent.seeds();
        let gradient = match &mut recorded {
            Ok(record) => record.pulled(&seeds)?,
            // It goes nowhere.
            Err(_) => Gradient(Derivatives::Numbers(&[], [0.0; FEW])),
        };
        match recorded {
            Ok(Self { value, .. }) => Ok((value, gradient)),
            Err(error) => Err(error),
        }
    }

    /// What has been carried forward, if that will do.
    #[inline(always)]
    fn carried(&self, seeds: &[Cow<'_, [f64]>; N]) -> Option<&Slopes> {
        match &self.way {
            Way::Slopes(slopes) if slopes.cells == seeds[0].len() => Some(slopes),
            _ => None,
        }
    }

    /// The same on the way back.
    #[cold]
    fn back(&mut self, seeds: &[Cow<'_, [f64]>; N]) -> Result<Gradient, Error> {
        let model = self.model;
        seeds.iter().zip(self.way.sizes()).try_for_each(|(seed, cells)| fits(model, cells, seed))?;
        match &mut self.way {
            Way::Slopes(slopes) => Ok(slopes.gradient(&seeds[0])),
            Way::Back(trace) => pull_back(model, trace, |_| copies(seeds)),
        }
    }

    /// The derivative of the sum of all cells times the cotangent, with respect to
    /// the parameters.
    ///
    /// # Panics
    /// Where `try_vjp` returns an error.
    #[track_caller]
    #[inline(always)]
    pub fn vjp(&mut self, cotangent: impl Seeds<N>) -> Gradient {
        let seeds = cotangent.seeds();
        match self.carried(&seeds) {
            // In its place: one that is moved waits for its way to memory.
            Some(slopes) => slopes.gradient(&seeds[0]),
            None => self.back(&seeds).unwrap_or_else(|error| panic!("{error}")),
        }
    }
}

/// The derivative by a call's way back, from cotangents that are made for each time it is gone.
pub(super) fn pull_back(
    model: &str,
    trace: &mut Trace<'_>,
    cotangents: impl FnMut(f64) -> Vec<Vec<f64>>,
) -> Result<Gradient, Error> {
    let values = crate::solve::guarded(model, || trace.gradient(cotangents))?;
    Ok(Gradient::new(trace.wanted(), values))
}

/// That there is one number for each cell.
pub(super) fn fits(model: &str, cells: usize, numbers: &[f64]) -> Result<(), Error> {
    match numbers.len() {
        found if found == cells => Ok(()),
        found => Err(Error::CotangentSize { model: model.into(), cells, found }),
    }
}

fn copies(seeds: &[impl AsRef<[f64]>]) -> Vec<Vec<f64>> {
    seeds.iter().map(|seed| parallel::copy(seed.as_ref())).collect()
}

impl<A: Axes> Record<'_, Table<A>, 1> {
    /// The table and the derivative of each of its cells: a way forward for each number
    /// with respect to which it is taken, or a way back for each cell, whichever are
    /// fewer.
    ///
    /// # Errors
    /// Whatever goes wrong.
    pub fn try_jacobian(self) -> Result<Jacobian<A>, Error> {
        let (model, cells) = (self.model, self.value.len());
        let mut trace = match self.way {
            Way::Back(trace) => trace,
            Way::Slopes(slopes) => {
                let parts = slopes.parts(self.value.shape());
                return Ok(Jacobian { table: self.value, parts });
            }
        };
        let inputs = Arc::clone(trace.wanted());
        let directions = inputs.iter().filter(|input| input.wanted).map(InputArray::cells).sum();
        // A row a cell, a column a number.
        let mut slopes = vec![0.0; cells * directions];
        if directions <= cells {
            let mut column = 0;
            Direction::each(&inputs, |direction| {
                let rates = crate::solve::guarded(model, || trace.push_forward(direction))?;
                let place = slopes.iter_mut().skip(column).step_by(directions);
                place.zip(rates.iter().flatten()).for_each(|(slope, rate)| *slope = *rate);
                column += 1;
                Ok::<(), Error>(())
            })?;
        } else {
            let mut seed = vec![0.0; cells];
            for (cell, row) in slopes.chunks_exact_mut(directions).enumerate() {
                seed[cell] = 1.0;
                row.copy_from_slice(&pull_back(model, &mut trace, |_| copies(&[&seed]))?.to_vec());
                seed[cell] = 0.0;
            }
        }
        let mut first = 0;
        let part = |input: &InputArray| {
            let own = first..first + input.cells();
            first = own.end;
            Part {
                name: input.name,
                shape: Some(input.shape_of_rates(self.value.shape())),
                values: OneOrMore::More(
                    slopes.chunks_exact(directions).flat_map(|row| row[own.clone()].to_vec()).collect(),
                ),
            }
        };
        let parts = inputs.iter().filter(|input| input.wanted).map(part).collect();
        Ok(Jacobian { table: self.value, parts })
    }
}

impl Slopes {
    #[inline(always)]
    pub(super) fn gradient(&self, seed: &[f64]) -> Gradient {
        if self.arrays.is_some() {
            return self.gradient_of_inputs(seed);
        }
        let first = products(&self.slopes, seed);
        if self.names.len() > 1 {
            return self.gradient_of_several(first, seed);
        }
        Gradient(Derivatives::Numbers(self.names, [first, 0.0, 0.0, 0.0]))
    }

    /// The same with respect to several numbers, of which the first is known.
    #[inline(never)]
    fn gradient_of_several(&self, first: f64, seed: &[f64]) -> Gradient {
        // Not an array that is filled: what is written as a number cannot soon be moved in vectors.
        let number = |at: usize| {
            if at < self.names.len() { products(&self.slopes[at * self.step..], seed) } else { 0.0 }
        };
        Gradient(Derivatives::Numbers(self.names, [first, number(1), number(2), number(3)]))
    }

    /// The same where some of the numbers are elements of arrays.
    #[inline(never)]
    fn gradient_of_inputs(&self, seed: &[f64]) -> Gradient {
        let slope = |number: usize| products(self.of(number), seed);
        let part = |(input, numbers): (&InputArray, Range<usize>)| Part {
            name: input.name,
            shape: input.shape.clone(),
            values: match input.shape {
                None => OneOrMore::One([slope(numbers.start)]),
                Some(_) => OneOrMore::More(numbers.map(slope).collect()),
            },
        };
        Gradient(Derivatives::Parts(self.places_of_inputs().map(part).collect()))
    }

    /// The inputs, with the directions of each.
    fn places_of_inputs(&self) -> impl Iterator<Item = (&InputArray, Range<usize>)> {
        let mut next = 0;
        self.inputs().iter().map(move |input| {
            let first = next;
            next += input.cells();
            (input, first..next)
        })
    }

    /// Those of a table of this shape.
    fn parts(&self, shape: &[usize]) -> Vec<Part> {
        if !self.inputs().is_empty() {
            let part = |(input, numbers): (&InputArray, Range<usize>)| Part {
                name: input.name,
                shape: Some(input.shape_of_rates(shape)),
                values: OneOrMore::More(
                    (0..self.cells)
                        .flat_map(|cell| numbers.clone().map(move |at| self.of(at)[cell]))
                        .collect(),
                ),
            };
            return self.places_of_inputs().map(part).collect();
        }
        let part = |(number, name): (usize, &&'static str)| Part {
            name,
            shape: Some(IxDyn(shape)),
            values: OneOrMore::More(self.of(number).to_vec()),
        };
        self.names.iter().enumerate().map(part).collect()
    }
}

impl<A: Axes> Table<A> {
    /// The same table with other numbers.
    pub(crate) fn with_values(&self, cells: Vec<f64>) -> Self {
        self.with_tables(Tables::One(Returned::new(cells, None)))
    }
}
