//! Tables: what a model returns, a labelled array with typed keys.

mod arithmetic;
mod axes;
mod display;
mod distribution;
mod export;
mod import;
mod labelled;
mod sweep;

use std::ops::Index;

use ndarray::{ArrayD, ArrayViewD, IxDyn};

use crate::Error;
use crate::impossible::Returned;
use crate::solve::Tables;

pub use axes::Axes;
pub(crate) use axes::places;
pub(crate) use export::show_in_notebook;
pub use import::ReadError;
pub use labelled::LabelledArray;
pub(crate) use labelled::LabelledAxis;
pub use sweep::sweep;

/// One number for each combination of the values of its axes.
///
/// The key of a table with one axis is a value of that axis, with several a
/// tuple of values, with none `()`.
#[derive(Clone, Debug)]
pub struct Table<A: Axes> {
    name: &'static str,
    axes: A,
    names: &'static [&'static str],
    domains: &'static [&'static str],
    shape: A::Lengths,
    /// Where the numbers are: one of the tables of the call.
    tables: Tables,
    which: usize,
}

impl<A: Axes> Table<A> {
    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    pub fn __new(
        name: &'static str,
        axes: A,
        names: &'static [&'static str],
        domains: &'static [&'static str],
        tables: &mut Tables,
        which: usize,
    ) -> Self {
        let shape = axes.lengths();
        let (tables, which) = tables.take(which);
        debug_assert_eq!(
            shape.as_ref().iter().product::<usize>(),
            tables[which].cells.len(),
            "bug in memo: a table of the wrong size"
        );
        Self { name, axes, names, domains, shape, tables, which }
    }

    /// For generated code: the table, unless some cell is impossible.
    ///
    /// # Errors
    /// [`Error::ImpossibleEvidence`].
    #[doc(hidden)]
    pub fn __strict(self) -> Result<Self, Error> {
        let marks = self.tables[self.which].impossible.as_deref().unwrap_or_default();
        let Some(cell) = marks.iter().position(|mark| *mark) else { return Ok(self) };
        let at = places(cell, self.shape());
        let label = |(axis, at): (usize, &usize)| (self.names[axis].to_string(), self.axes.label(axis, *at));
        let cell = at.iter().enumerate().map(label).collect();
        Err(Error::ImpossibleEvidence { model: self.name.into(), cell })
    }

    /// The keys of the cells that rest directly on impossible evidence, in
    /// row-major order: a mind observed there what cannot be, or a choice had
    /// no option of any weight. Their number is 0 for lack of a belief, not as
    /// a chance.
    ///
    /// Only what the cell itself reads counts: a mind that somebody else
    /// merely thinks of may well be thought of as having seen the impossible.
    #[must_use]
    pub fn impossible(&self) -> Vec<A::Key> {
        let marks = self.tables[self.which].impossible.as_deref().unwrap_or_default();
        let marked = marks.iter().enumerate().filter(|(_, mark)| **mark);
        marked.map(|(cell, _)| self.axes.key(cell)).collect()
    }

    /// The number at a key; `None` when a value is outside its domain.
    #[must_use]
    pub fn get(&self, key: A::Key) -> Option<f64> {
        Some(self.values()[self.axes.index(key)?])
    }

    /// The model's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name
    }

    /// The names of the axes, in order.
    #[must_use]
    pub fn axis_names(&self) -> &[&'static str] {
        self.names
    }

    /// The length of each axis.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        self.shape.as_ref()
    }

    /// The number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values().len()
    }

    /// Whether there are no cells; never for a table that a model returned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values().is_empty()
    }

    /// All numbers, row-major: the last axis varies fastest.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.tables[self.which].cells
    }

    /// The numbers as an array with one dimension an axis.
    #[must_use]
    pub fn array(&self) -> ArrayViewD<'_, f64> {
        match ArrayViewD::from_shape(IxDyn(self.shape()), self.values()) {
            Ok(view) => view,
            Err(error) => unreachable!("bug in memo: {error}"),
        }
    }

    /// A copy of the numbers as an owned array.
    #[must_use]
    pub fn to_array(&self) -> ArrayD<f64> {
        self.array().to_owned()
    }

    /// The keys and numbers, row-major.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (A::Key, f64)> + '_ {
        (0..self.values().len()).map(|at| (self.axes.key(at), self.values()[at]))
    }

    /// The key of the largest number, the first of several.
    ///
    /// # Panics
    /// When all numbers are NaN.
    #[must_use]
    pub fn argmax(&self) -> A::Key {
        let mut best: Option<usize> = None;
        for (at, value) in self.values().iter().enumerate() {
            if !value.is_nan() && best.is_none_or(|b| *value > self.values()[b]) {
                best = Some(at);
            }
        }
        match best {
            Some(at) => self.axes.key(at),
            None => panic!("the table of `{}` holds no number to be the largest", self.name),
        }
    }

    /// The same table, rescaled so that the numbers along an axis sum to 1;
    /// rows without mass stay 0.
    ///
    /// # Panics
    /// When there is no axis of that name.
    #[must_use]
    pub fn normalize(&self, axis: &str) -> Self {
        let at = self.axis_at(axis);
        let inner: usize = self.shape()[at + 1..].iter().product();
        let n = self.shape()[at];
        let mut data = self.values().to_vec();
        for outer in 0..data.len() / (n * inner) {
            for column in 0..inner {
                let cell = |k: usize| (outer * n + k) * inner + column;
                let total: f64 = (0..n).map(|k| data[cell(k)]).sum();
                if total != 0.0 {
                    (0..n).for_each(|k| data[cell(k)] /= total);
                }
            }
        }
        let impossible = self.tables[self.which].impossible.clone();
        Self { tables: Tables::One(Returned { cells: data, impossible }), which: 0, ..self.clone() }
    }

    /// The sum over all other axes.
    ///
    /// # Panics
    /// When there is no axis of that name.
    #[must_use]
    pub fn marginal(&self, axis: &str) -> LabelledArray {
        let at = self.axis_at(axis);
        let others: Vec<&str> =
            self.names.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, n)| *n).collect();
        self.to_labelled().sum_over(&others)
    }

    /// The part of the table where an axis has the given value.
    ///
    /// # Panics
    /// When there is no axis of that name, or the value is not in its domain.
    #[must_use]
    pub fn select<V: 'static>(&self, axis: &str, value: V) -> LabelledArray {
        let at = self.axis_at(axis);
        let Some(chosen) = self.axes.find(at, &value) else {
            panic!("the value given for the axis `{axis}` of `{}` is not in its domain", self.name)
        };
        self.to_labelled().part(at, chosen)
    }

    fn axis_at(&self, axis: &str) -> usize {
        match self.names.iter().position(|name| *name == axis) {
            Some(at) => at,
            None => panic!(
                "the table of `{}` has no axis `{axis}`; its axes are {}",
                self.name,
                self.names.join(", ")
            ),
        }
    }

    fn label_axis(&self, at: usize) -> labelled::LabelledAxis {
        labelled::LabelledAxis {
            name: self.names[at].into(),
            domain: self.domains[at].into(),
            labels: (0..self.shape()[at]).map(|i| self.axes.label(at, i)).collect(),
        }
    }

    /// The table without types: labels in the place of values.
    #[must_use]
    pub fn to_labelled(&self) -> LabelledArray {
        let axes = (0..self.shape().len()).map(|at| self.label_axis(at)).collect();
        LabelledArray::new(self.name, axes, self.values().to_vec())
    }
}

impl Table<()> {
    /// The number of a model without axes.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.values()[0]
    }
}

impl<A: Axes> Index<A::Key> for Table<A> {
    type Output = f64;

    fn index(&self, key: A::Key) -> &f64 {
        match self.axes.index(key) {
            Some(at) => &self.values()[at],
            None => {
                let at = self.axes.outside(key);
                let value = self.axes.show(key, at);
                panic!(
                    "{value} is outside the axis `{}: {}` of the table of `{}`",
                    self.names[at], self.domains[at], self.name
                )
            }
        }
    }
}

impl<A: Axes> PartialEq for Table<A> {
    fn eq(&self, other: &Self) -> bool {
        self.names == other.names && self.shape() == other.shape() && self.values() == other.values()
    }
}

impl<'t, A: Axes> IntoIterator for &'t Table<A> {
    type Item = (A::Key, f64);
    type IntoIter = Box<dyn Iterator<Item = (A::Key, f64)> + 't>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}
