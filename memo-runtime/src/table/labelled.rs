//! A labelled array: a table whose axes are known by name only.

use std::any::Any;
use std::collections::BTreeSet;

use ndarray::{ArrayViewD, IxDyn};

use super::coordinates::Coordinates;
use super::{Axes, Table};

/// The result of slicing a table by the name of an axis.
///
/// Its keys are labels, since a name does not tell a type.
///
/// ```
/// use memo_runtime::{Bool, Table};
///
/// let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
/// let joint = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
/// // P(n | rain) = P(rain, n) / P(rain): axes meet by name.
/// let given = &joint.to_labelled() / &joint.marginal("rain");
/// assert_eq!(given.get(&["true", "1"]), Some(0.75));
/// # Ok::<(), memo_runtime::ReadError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledArray {
    pub(crate) name: String,
    pub(crate) axes: Vec<LabelledAxis>,
    pub(crate) data: Vec<f64>,
    /// One mark a number that rests on impossible evidence: see
    /// [`Table::impossible`]; none at all where everything is possible.
    pub(crate) impossible: Option<Vec<bool>>,
}

/// One axis of a labelled array.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LabelledAxis {
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) labels: Vec<String>,
    pub(crate) coordinates: Coordinates,
}

impl LabelledAxis {
    /// One of the axes of a table.
    pub(crate) fn of(axes: &impl Axes, axis: usize, name: &str, domain: &str) -> Self {
        let n = axes.lengths().as_ref()[axis];
        let labels: Vec<String> = (0..n).map(|at| axes.label(axis, at)).collect();
        let values: Vec<Box<dyn Any>> = (0..n).map(|at| axes.value(axis, at)).collect();
        let coordinates = Coordinates::of(values.iter().map(AsRef::as_ref)).labelled(&labels);
        Self { name: name.into(), domain: domain.into(), labels, coordinates }
    }

    /// The axis with the values at some of its places only, in that order.
    pub(crate) fn at(&self, places: &[usize]) -> Self {
        let labels = places.iter().map(|place| self.labels[*place].clone()).collect();
        let coordinates = self.coordinates.at(places);
        Self { name: self.name.clone(), domain: self.domain.clone(), labels, coordinates }
    }
}

impl LabelledArray {
    pub(crate) fn new(name: &str, axes: Vec<LabelledAxis>, data: Vec<f64>) -> Self {
        Self { name: name.into(), axes, data, impossible: None }
    }

    /// The same array with marks of impossible cells.
    pub(super) fn marked(mut self, impossible: Option<Vec<bool>>) -> Self {
        self.impossible = impossible.filter(|marks| marks.contains(&true));
        self
    }

    /// The model's name, or what was computed with it.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// let a = t.to_labelled();
    /// assert_eq!((a.name(), (&a * 2.0).name()), ("p", "p * 2"));
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same array under another name: that of its column in a file.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The names of the axes, in order.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// let a = t.to_labelled();
    /// assert_eq!(a.axis_names(), ["rain", "n"]);
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn axis_names(&self) -> Vec<&str> {
        self.axes.iter().map(|axis| axis.name.as_str()).collect()
    }

    /// The length of each axis.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// let a = t.to_labelled();
    /// assert_eq!(a.shape(), [2, 2]);
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn shape(&self) -> Vec<usize> {
        self.axes.iter().map(|axis| axis.labels.len()).collect()
    }

    /// The labels along an axis, if there is one of that name.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// let a = t.to_labelled();
    /// assert_eq!(a.labels("rain").unwrap(), ["false", "true"]);
    /// assert_eq!(a.labels("snow"), None);
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn labels(&self, axis: &str) -> Option<&[String]> {
        self.axes.iter().find(|a| a.name == axis).map(|a| a.labels.as_slice())
    }

    /// The values along an axis, as far as they are more than labels, if there is an
    /// axis of that name.
    #[must_use]
    pub fn coordinates(&self, axis: &str) -> Option<&Coordinates> {
        self.axes.iter().find(|a| a.name == axis).map(|a| &a.coordinates)
    }

    /// All numbers, row-major.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// let a = t.to_labelled();
    /// assert_eq!(a.values(), [0.5, 0.0, 0.125, 0.375]);
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.data
    }

    /// Which numbers rest on impossible evidence, row-major: see
    /// [`Table::impossible`]. `None` where everything is possible.
    ///
    /// What is computed from a marked number is marked; a sum is marked where all
    /// that was added is.
    #[must_use]
    pub fn impossible(&self) -> Option<&[bool]> {
        self.impossible.as_deref()
    }

    /// The number at one label an axis.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// let a = t.to_labelled();
    /// assert_eq!((a.get(&["true", "1"]), a.get(&["true", "7"])), (Some(0.375), None));
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn get(&self, labels: &[&str]) -> Option<f64> {
        if labels.len() != self.axes.len() {
            return None;
        }
        let pairs = self.axes.iter().zip(labels);
        let cell = pairs.into_iter().try_fold(0, |cell, (axis, label)| {
            Some(cell * axis.labels.len() + axis.labels.iter().position(|l| l == label)?)
        });
        Some(self.data[cell?])
    }

    /// The numbers as an array with one dimension an axis.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// let a = t.to_labelled();
    /// assert_eq!(a.array()[[1, 0]], 0.125);
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn array(&self) -> ArrayViewD<'_, f64> {
        match ArrayViewD::from_shape(IxDyn(&self.shape()), &self.data) {
            Ok(view) => view,
            Err(error) => unreachable!("bug in memo: {error}"),
        }
    }

    /// The place of the axis of a name.
    ///
    /// # Panics
    /// When there is none.
    pub(super) fn axis_at(&self, name: &str) -> usize {
        let Some(place) = self.axes.iter().position(|axis| axis.name == name) else {
            panic!("`{}` has no axis called `{name}`: it has {}", self.name, self.axis_names().join(", "))
        };
        place
    }

    /// The place of a label on an axis.
    ///
    /// # Panics
    /// When there is none.
    pub(super) fn label_at(&self, axis: usize, label: &str) -> usize {
        let axis = &self.axes[axis];
        let Some(place) = axis.labels.iter().position(|own| own == label) else {
            let near = super::nearest::did_you_mean(label, &axis.labels);
            panic!("the axis `{}` of `{}` has no value `{label}`{near}", axis.name, self.name)
        };
        place
    }

    /// The part at some places along an axis, in that order.
    ///
    /// # Panics
    /// When there are none, or one comes twice.
    pub(super) fn parts(&self, axis: usize, places: &[usize]) -> Self {
        let own = &self.axes[axis];
        assert!(!places.is_empty(), "no value of the axis `{}` of `{}` is chosen", own.name, self.name);
        let mut seen = BTreeSet::new();
        if let Some(twice) = places.iter().find(|place| !seen.insert(**place)) {
            panic!("the value `{}` of the axis `{}` is chosen twice", own.labels[*twice], own.name);
        }
        let inner: usize = self.axes[axis + 1..].iter().map(|axis| axis.labels.len()).product();
        let n = own.labels.len();
        let mut axes = self.axes.clone();
        axes[axis] = own.at(places);
        let impossible = self.impossible.as_ref().map(|marks| chosen(marks, n, inner, places));
        Self::new(&self.name, axes, chosen(&self.data, n, inner, places)).marked(impossible)
    }
}

/// The cells at some places along an axis of length `n`, each with the `inner` cells
/// of the axes behind it.
fn chosen<T: Copy>(cells: &[T], n: usize, inner: usize, places: &[usize]) -> Vec<T> {
    let rows = cells.chunks_exact(n * inner);
    rows.flat_map(|row| places.iter().flat_map(|place| &row[place * inner..(place + 1) * inner]))
        .copied()
        .collect()
}

impl<A: Axes> From<&Table<A>> for LabelledArray {
    fn from(table: &Table<A>) -> Self {
        table.to_labelled()
    }
}

impl<A: Axes> From<Table<A>> for LabelledArray {
    fn from(table: Table<A>) -> Self {
        table.to_labelled()
    }
}

impl From<&LabelledArray> for LabelledArray {
    fn from(array: &LabelledArray) -> Self {
        array.clone()
    }
}

/// A number is an array without axes.
impl From<f64> for LabelledArray {
    fn from(number: f64) -> Self {
        Self::new(&number.to_string(), Vec::new(), vec![number])
    }
}
