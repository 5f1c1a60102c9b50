//! Tables: what a model returns, a labelled array with typed keys.

mod arithmetic;
mod axes;
mod coordinates;
mod dataset;
mod display;
mod distribution;
mod export;
#[cfg(any(feature = "arrow", feature = "parquet", feature = "netcdf", feature = "npz", feature = "polars"))]
mod files;
mod handed;
mod import;
mod json;
mod labelled;
mod names;
mod nearest;
mod slice;
mod sweep;

use std::any::Any;
use std::fmt;
use std::ops::Index;
use std::sync::{Mutex, PoisonError};

use ndarray::{ArrayD, ArrayViewD, IxDyn};

use crate::Error;
use crate::impossible::Returned;
use crate::solve::Tables;
use handed::Handed;

pub use axes::Axes;
pub(crate) use axes::places;
pub use coordinates::Coordinates;
pub use dataset::{Dataset, join};
pub(crate) use display::trimmed;
pub(crate) use export::{html_text, show_in_notebook};
pub use import::ReadError;
pub use labelled::LabelledArray;
pub(crate) use labelled::LabelledAxis;
pub use names::AxisNames;
#[cfg(feature = "fit")]
pub(crate) use nearest::did_you_mean;
pub(crate) use nearest::nearest;
pub use slice::{LabelSlice, Slice};
pub use sweep::sweep;

/// One number for each combination of the values of its axes.
///
/// The key of a table with one axis is a value of that axis, with several a
/// tuple of values, with none `()`.
///
/// ```
/// use memo_runtime::{Bool, Table};
///
/// let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
/// let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
/// assert_eq!((t[(true, 1)], t.get((true, 7))), (0.375, None));
/// assert_eq!((t.axis_names(), t.shape()), (["rain", "n"].as_slice(), [2, 2].as_slice()));
/// for ((rain, n), p) in &t {
///     assert_eq!(p, t[(rain, n)]);
/// }
/// # Ok::<(), memo_runtime::ReadError>(())
/// ```
#[derive(Clone)]
pub struct Table<A: Axes> {
    called: &'static Called,
    axes: A,
    shape: A::Lengths,
    /// Where the numbers are: one of the tables of the call.
    tables: Handed,
    which: usize,
}

/// What a table, its axes and their domains are called.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Called {
    pub name: &'static str,
    pub axes: &'static [&'static str],
    pub domains: &'static [&'static str],
}

/// What tables are called that are read. It is kept for good, so that a table has nothing to let
/// go of but its numbers: all names are a program's own, so that there are only so many.
fn kept(called: Called) -> &'static Called {
    static KEPT: Mutex<Vec<&'static Called>> = Mutex::new(Vec::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(same) = kept.iter().find(|other| ***other == called) {
        return same;
    }
    let called = Box::leak(Box::new(called));
    kept.push(called);
    called
}

/// The name, the axes with their labels, and the numbers.
impl<A: Axes> fmt::Debug for Table<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = |axis: usize| (0..self.shape()[axis]).map(|at| self.axes.label(axis, at)).collect();
        let axes: Vec<(&str, Vec<String>)> =
            self.called.axes.iter().enumerate().map(|(axis, name)| (*name, labels(axis))).collect();
        f.debug_struct("Table")
            .field("name", &self.called.name)
            .field("axes", &axes)
            .field("values", &self.values())
            .finish()
    }
}

impl<A: Axes> Table<A> {
    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    #[inline]
    pub fn __new(called: &'static Called, axes: A, tables: &mut Tables, which: usize) -> Self {
        Self::with(called, axes, tables, which)
    }

    /// For generated code: a table that is made in its place, since one that is moved soon
    /// after it was written waits for its way to memory. See [`Table::__tables`].
    #[doc(hidden)]
    #[must_use]
    #[inline(always)]
    pub fn __to_be_made(called: &'static Called, axes: A) -> Self {
        let shape = axes.lengths();
        Self { called, axes, shape, tables: Handed::new(Tables::Nothing), which: 0 }
    }

    /// For generated code: the place of the numbers of a single table.
    #[doc(hidden)]
    #[inline(always)]
    pub fn __tables(&mut self) -> &mut Tables {
        &mut self.tables.0
    }

    /// One that was to be made, with its numbers.
    #[inline(always)]
    pub(crate) fn filled(self, returned: Returned) -> Self {
        let Self { called, axes, shape, tables, which } = self;
        // There is nothing yet to be dropped.
        std::mem::forget(tables);
        Self { called, axes, shape, tables: Handed::new(Tables::One(returned)), which }
    }

    /// A table that was read, whose domains are called as its axes.
    pub(crate) fn read(
        name: &'static str,
        axes: A,
        names: &'static [&'static str],
        returned: Returned,
    ) -> Self {
        let called = Called { name, axes: names, domains: names };
        Self::with(kept(called), axes, &mut Tables::One(returned), 0)
    }

    #[inline]
    fn with(called: &'static Called, axes: A, tables: &mut Tables, which: usize) -> Self {
        let shape = axes.lengths();
        let (tables, which) = tables.take(which);
        debug_assert_eq!(
            shape.as_ref().iter().product::<usize>(),
            tables[which].cells.len(),
            "bug in memo: a table of the wrong size"
        );
        Self { called, axes, shape, tables: Handed::new(tables), which }
    }

    /// The same axes with a single other table.
    pub(crate) fn with_tables(&self, tables: Tables) -> Self {
        Self { tables: Handed::new(tables), which: 0, ..self.clone() }
    }

    /// The row-major place of a key; `None` when a value is outside its domain.
    #[doc(hidden)]
    #[must_use]
    pub fn __place(&self, key: A::Key) -> Option<usize> {
        self.axes.index(key)
    }

    /// For generated code: the table, unless some cell is impossible.
    ///
    /// # Errors
    /// [`Error::ImpossibleEvidence`].
    #[doc(hidden)]
    pub fn __strict(self) -> Result<Self, Error> {
        self.__check_strict().map(|()| self)
    }

    /// For generated code: that no cell is impossible.
    ///
    /// # Errors
    /// [`Error::ImpossibleEvidence`].
    #[doc(hidden)]
    pub fn __check_strict(&self) -> Result<(), Error> {
        let marks = self.tables[self.which].impossible.as_deref().unwrap_or_default();
        let Some(cell) = marks.iter().position(|mark| *mark) else { return Ok(()) };
        let at = places(cell, self.shape());
        let label =
            |(axis, at): (usize, &usize)| (self.called.axes[axis].to_string(), self.axes.label(axis, *at));
        let cell = at.iter().enumerate().map(label).collect();
        Err(Error::ImpossibleEvidence { model: self.called.name.into(), cell })
    }

    /// The keys of the cells that rest directly on impossible evidence, in
    /// row-major order: a mind observed there what cannot be, or a choice had
    /// no option of any weight. Their number is 0 for lack of a belief, not as
    /// a chance.
    ///
    /// Only what the cell itself reads counts: a mind that somebody else
    /// merely thinks of may well be thought of as having seen the impossible.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// // What is read from a file rests on no evidence.
    /// assert!(t.impossible().is_empty());
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn impossible(&self) -> Vec<A::Key> {
        let marks = self.tables[self.which].impossible.as_deref().unwrap_or_default();
        let marked = marks.iter().enumerate().filter(|(_, mark)| **mark);
        marked.map(|(cell, _)| self.axes.key(cell)).collect()
    }

    /// The number at a key; `None` when a value is outside its domain.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// assert_eq!((t.get((true, 1)), t.get((true, 2))), (Some(0.375), None));
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn get(&self, key: A::Key) -> Option<f64> {
        Some(self.values()[self.axes.index(key)?])
    }

    /// The model's name.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
    /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
    /// // p(false) = 0.75, p(true) = 0.25
    /// assert_eq!(rain.name(), "p");
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        self.called.name
    }

    /// The names of the axes, in order.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// assert_eq!(t.axis_names(), ["rain", "n"]);
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn axis_names(&self) -> &[&'static str] {
        self.called.axes
    }

    /// The length of each axis.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// assert_eq!(t.shape(), [2, 2]);
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        self.shape.as_ref()
    }

    /// The number of cells.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// assert_eq!(t.len(), 4);
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.values().len()
    }

    /// Whether there are no cells; never for a table that a model returned.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
    /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
    /// // p(false) = 0.75, p(true) = 0.25
    /// assert!(!rain.is_empty());
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values().is_empty()
    }

    /// All numbers, row-major: the last axis varies fastest.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// assert_eq!(t.values(), [0.5, 0.0, 0.125, 0.375]);
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn values(&self) -> &[f64] {
        match &*self.tables {
            Tables::One(table) => &table.cells,
            others => &others[self.which].cells,
        }
    }

    /// The numbers as an array with one dimension an axis.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// assert_eq!(t.array()[[1, 0]], 0.125);
    /// assert_eq!(t.array().ndim(), 2);
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn array(&self) -> ArrayViewD<'_, f64> {
        match ArrayViewD::from_shape(IxDyn(self.shape()), self.values()) {
            Ok(view) => view,
            Err(error) => unreachable!("bug in memo: {error}"),
        }
    }

    /// A copy of the numbers as an owned array.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// let mut copy = t.to_array();
    /// copy[[0, 0]] = 9.0;
    /// assert_eq!(t[(false, 0)], 0.5);
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn to_array(&self) -> ArrayD<f64> {
        self.array().to_owned()
    }

    /// The keys and numbers, row-major.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// let even: f64 = t.iter().filter(|((_, n), _)| n % 2 == 0).map(|(_, p)| p).sum();
    /// assert_eq!(even, 0.625);
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (A::Key, f64)> + '_ {
        (0..self.values().len()).map(|at| (self.axes.key(at), self.values()[at]))
    }

    /// The same table, rescaled so that the numbers along an axis, or over several
    /// (`["x", "y"]`), sum to 1; where they sum to 0 they stay 0.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// let n_given_rain = t.normalize("n");
    /// assert_eq!(n_given_rain.values(), [1.0, 0.0, 0.25, 0.75]);
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When there is no axis of that name.
    #[must_use]
    pub fn normalize(&self, axes: impl AxisNames) -> Self {
        let cells = match axes.names().as_slice() {
            [axis] => self.normalized_along(axis),
            several => self.to_labelled().normalize(several).data,
        };
        let impossible = self.tables[self.which].impossible.clone();
        self.with_tables(Tables::One(Returned { cells, impossible }))
    }

    fn normalized_along(&self, axis: &str) -> Vec<f64> {
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
        data
    }

    /// The sum over all axes but one, or but several (`["x", "y"]`).
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// assert_eq!(t.marginal("rain").values(), [0.5, 0.5]);
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When there is no axis of that name.
    #[must_use]
    pub fn marginal(&self, axes: impl AxisNames) -> LabelledArray {
        for axis in axes.names() {
            self.axis_at(axis);
        }
        self.to_labelled().marginal(axes)
    }

    /// The part of the table where an axis has the given value.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// assert_eq!(t.select("n", 0_i64).values(), [0.5, 0.125]);
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When there is no axis of that name, or the value is not in its domain.
    #[must_use]
    pub fn select<V: 'static>(&self, axis: &str, value: V) -> LabelledArray {
        let at = self.axis_at(axis);
        let Some(chosen) = self.place_of(at, &value) else {
            panic!("the value given for the axis `{axis}` of `{}` is not in its domain", self.called.name)
        };
        self.to_labelled().part(at, chosen)
    }

    fn axis_at(&self, axis: &str) -> usize {
        match self.called.axes.iter().position(|name| *name == axis) {
            Some(at) => at,
            None => panic!(
                "the table of `{}` has no axis `{axis}`; its axes are {}{}",
                self.called.name,
                self.called.axes.join(", "),
                nearest::did_you_mean(axis, self.called.axes)
            ),
        }
    }

    /// The place of a value on an axis; an integer may be of another width.
    fn place_of(&self, axis: usize, value: &dyn Any) -> Option<usize> {
        let same_number = || {
            let wanted = coordinates::integer(value)?;
            let own = |place: &usize| coordinates::integer(&*self.axes.value(axis, *place));
            (0..self.shape()[axis]).find(|place| own(place) == Some(wanted))
        };
        self.axes.find(axis, value).or_else(same_number)
    }

    fn label_axis(&self, at: usize) -> labelled::LabelledAxis {
        labelled::LabelledAxis::of(&self.axes, at, self.called.axes[at], self.called.domains[at])
    }

    /// The table without types: labels in the place of values.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// assert_eq!(t.to_labelled().get(&["true", "1"]), Some(0.375));
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn to_labelled(&self) -> LabelledArray {
        let axes = (0..self.shape().len()).map(|at| self.label_axis(at)).collect();
        let marks = self.tables[self.which].impossible.clone();
        LabelledArray::new(self.called.name, axes, self.values().to_vec()).marked(marks)
    }

    /// The table without types, under another name: that of its column in a file.
    #[must_use]
    pub fn named(&self, name: impl Into<String>) -> LabelledArray {
        self.to_labelled().named(name)
    }
}

impl Table<()> {
    /// The number of a model without axes.
    ///
    /// ```
    /// use memo_runtime::{ReadError, Table};
    /// let answer = Table::from_csv("answer", &[], (), "answer\n42\n".as_bytes())?;
    /// assert_eq!(answer.value(), 42.0);
    /// # Ok::<(), ReadError>(())
    /// ```
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
                    self.called.axes[at], self.called.domains[at], self.called.name
                )
            }
        }
    }
}

impl<A: Axes> PartialEq for Table<A> {
    fn eq(&self, other: &Self) -> bool {
        self.called.axes == other.called.axes
            && self.shape() == other.shape()
            && self.values() == other.values()
    }
}

impl<'t, A: Axes> IntoIterator for &'t Table<A> {
    type Item = (A::Key, f64);
    type IntoIter = Box<dyn Iterator<Item = (A::Key, f64)> + 't>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}
