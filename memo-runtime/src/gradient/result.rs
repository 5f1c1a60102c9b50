//! What a derivative is handed out as.

use std::fmt;
use std::ops::Index;

use ndarray::{ArrayBase, ArrayViewD, Data, Dimension, IxDyn};

use super::tangent::InputArray;
use super::{Trace, TracedJob};
use crate::impossible::Returned;
use crate::solve::Tables;
use crate::table::{Axes, LabelledArray};
use crate::{Error, Table};

/// The derivative of a number with respect to the parameters of a model.
///
/// `gradient["beta"]` is the derivative with respect to a number,
/// [`Gradient::array`] that with respect to the elements of an array or a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient {
    parts: Vec<Part>,
}

/// With respect to one parameter.
#[derive(Clone, Debug, PartialEq)]
struct Part {
    name: &'static str,
    /// The lengths of an array.
    shape: Option<Vec<usize>>,
    values: Vec<f64>,
}

impl Gradient {
    fn new(inputs: &[InputArray], values: Vec<Vec<f64>>) -> Self {
        let parts = inputs.iter().zip(values).filter(|(input, _)| input.wanted);
        let part = |(input, values): (&InputArray, Vec<f64>)| Part {
            name: input.name,
            shape: input.shape.clone(),
            values,
        };
        Self { parts: parts.map(part).collect() }
    }

    /// The names of the parameters with respect to which it is.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.parts.iter().map(|part| part.name)
    }

    fn part(&self, name: &str) -> &Part {
        let found = self.parts.iter().find(|part| part.name == name);
        found.unwrap_or_else(|| {
            let names: Vec<&str> = self.names().collect();
            panic!("there is no derivative with respect to `{name}`: there is one for {}", names.join(", "))
        })
    }

    /// The derivative with respect to each element of an array parameter, in its
    /// shape; that of a number has no axes.
    ///
    /// # Panics
    /// When no parameter has that name.
    #[must_use]
    pub fn array(&self, name: &str) -> ArrayViewD<'_, f64> {
        let part = self.part(name);
        view(part.shape.as_deref().unwrap_or_default(), &part.values)
    }

    /// All derivatives one after the other, in the order of the parameters,
    /// arrays row-major.
    #[must_use]
    pub fn to_vec(&self) -> Vec<f64> {
        self.parts.iter().flat_map(|part| part.values.iter().copied()).collect()
    }
}

fn view<'v>(shape: &[usize], values: &'v [f64]) -> ArrayViewD<'v, f64> {
    match ArrayViewD::from_shape(IxDyn(shape), values) {
        Ok(view) => view,
        Err(error) => unreachable!("bug in memo: {error}"),
    }
}

/// `gradient["beta"]`.
///
/// # Panics
/// When no parameter has that name, or it is an array.
impl Index<&str> for Gradient {
    type Output = f64;

    fn index(&self, name: &str) -> &f64 {
        let part = self.part(name);
        assert!(
            part.shape.is_none(),
            "`{name}` is an array: its derivatives are `gradient.array(\"{name}\")`"
        );
        &part.values[0]
    }
}

impl fmt::Display for Gradient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.parts.iter().enumerate() {
            let separator = if at == 0 { "" } else { ", " };
            write!(f, "{separator}d/d{}: {}", part.name, self.array(part.name))?;
        }
        Ok(())
    }
}

/// The derivative of every cell of a table with respect to the parameters.
#[derive(Clone, Debug)]
pub struct Jacobian<A: Axes> {
    table: Table<A>,
    /// The lengths of the table's axes come first.
    parts: Vec<Part>,
}

impl<A: Axes> Jacobian<A> {
    /// The table of which it is the derivative.
    #[must_use]
    pub fn value(&self) -> &Table<A> {
        &self.table
    }

    fn part(&self, name: &str) -> &Part {
        let found = self.parts.iter().find(|part| part.name == name);
        found.unwrap_or_else(|| {
            let names: Vec<&str> = self.parts.iter().map(|part| part.name).collect();
            panic!("there is no derivative with respect to `{name}`: there is one for {}", names.join(", "))
        })
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
        self.table.with_values(part.values.clone())
    }

    /// The derivatives as an array: the axes of the table, then those of the
    /// parameter.
    ///
    /// # Panics
    /// When no parameter has that name.
    #[must_use]
    pub fn array(&self, name: &str) -> ArrayViewD<'_, f64> {
        let part = self.part(name);
        view(part.shape.as_deref().unwrap_or_default(), &part.values)
    }
}

/// The cells of a cotangent: how much each cell of a table counts.
pub trait Cotangent {
    /// One number a cell, row-major.
    fn cells(&self) -> Vec<f64>;
}

impl Cotangent for f64 {
    fn cells(&self) -> Vec<f64> {
        vec![*self]
    }
}

impl Cotangent for [f64] {
    fn cells(&self) -> Vec<f64> {
        self.to_vec()
    }
}

impl Cotangent for Vec<f64> {
    fn cells(&self) -> Vec<f64> {
        self.clone()
    }
}

impl<const N: usize> Cotangent for [f64; N] {
    fn cells(&self) -> Vec<f64> {
        self.to_vec()
    }
}

impl<A: Axes> Cotangent for Table<A> {
    fn cells(&self) -> Vec<f64> {
        self.values().to_vec()
    }
}

impl Cotangent for LabelledArray {
    fn cells(&self) -> Vec<f64> {
        self.values().to_vec()
    }
}

impl<S: Data<Elem = f64>, D: Dimension> Cotangent for ArrayBase<S, D> {
    fn cells(&self) -> Vec<f64> {
        self.iter().copied().collect()
    }
}

/// Cotangents of all tables of a model: one, or a tuple of several.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no cotangent of the {N} table(s) that this model returns",
    note = "a number a cell: a table, an array or a slice by reference; a tuple of these for several tables"
)]
pub trait Seeds<const N: usize> {
    /// The cells of each.
    fn seeds(&self) -> [Vec<f64>; N];
}

impl<C: Cotangent + ?Sized> Seeds<1> for &C {
    fn seeds(&self) -> [Vec<f64>; 1] {
        [self.cells()]
    }
}

macro_rules! tuples {
    ($n:literal $($name:ident $at:tt)+) => {
        impl<$($name: Cotangent + ?Sized),+> Seeds<$n> for ($(&$name,)+) {
            fn seeds(&self) -> [Vec<f64>; $n] {
                [$(self.$at.cells()),+]
            }
        }
    };
}
tuples!(2 A 0 B 1);
tuples!(3 A 0 B 1 C 2);
tuples!(4 A 0 B 1 C 2 D 3);

/// The tables of a call and the derivative of the sum of all cells times these
/// cotangents.
///
/// # Errors
/// Whatever goes wrong, and a cotangent of another size.
pub fn pulled_back<const N: usize>(
    model: &str,
    job: TracedJob<'_>,
    inputs: &[InputArray],
    seeds: &impl Seeds<N>,
) -> Result<(Tables, Gradient), Error> {
    let mut trace = Trace::record(job, inputs.into())?;
    let tables = trace.tables();
    let seeds = seeds.seeds();
    for (seed, table) in seeds.iter().zip(tables.iter()) {
        if seed.len() != table.cells.len() {
            let (cells, found) = (table.cells.len(), seed.len());
            return Err(Error::CotangentSize { model: model.into(), cells, found });
        }
    }
    let seeds: Vec<&[f64]> = seeds.iter().map(Vec::as_slice).collect();
    let values = trace.pull_back(&seeds)?;
    Ok((tables, Gradient::new(inputs, values)))
}

/// The table of a call and the derivative of each of its cells: a way back for
/// each that is not the same all over.
///
/// # Errors
/// Whatever goes wrong.
pub fn jacobian<A: Axes>(
    job: TracedJob<'_>,
    inputs: &[InputArray],
    table: impl FnOnce(Tables) -> Result<Table<A>, Error>,
) -> Result<Jacobian<A>, Error> {
    let mut trace = Trace::record(job, inputs.into())?;
    let table = table(trace.tables())?;
    let wanted: Vec<&InputArray> = inputs.iter().filter(|input| input.wanted).collect();
    let part = |input: &&InputArray| Part {
        name: input.name,
        shape: Some(table.shape().iter().chain(input.shape.iter().flatten()).copied().collect()),
        values: Vec::with_capacity(table.len() * input.cells()),
    };
    let mut parts: Vec<Part> = wanted.iter().map(part).collect();
    let mut seed = vec![0.0; table.len()];
    for cell in 0..table.len() {
        seed[cell] = 1.0;
        let gradient = Gradient::new(inputs, trace.pull_back(&[&seed])?);
        seed[cell] = 0.0;
        parts.iter_mut().zip(gradient.parts).for_each(|(all, one)| all.values.extend(one.values));
    }
    Ok(Jacobian { table, parts })
}

impl<A: Axes> Table<A> {
    /// The same table with other numbers.
    pub(crate) fn with_values(&self, cells: Vec<f64>) -> Self {
        self.with_tables(Tables::One(Returned::new(cells, None)))
    }
}
