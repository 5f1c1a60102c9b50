//! A labelled array: a table whose axes are known by name only.

use ndarray::{ArrayViewD, IxDyn};

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
    pub(super) name: String,
    pub(super) axes: Vec<LabelledAxis>,
    pub(super) data: Vec<f64>,
}

/// One axis of a labelled array.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LabelledAxis {
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) labels: Vec<String>,
}

impl LabelledArray {
    pub(super) fn new(name: &str, axes: Vec<LabelledAxis>, data: Vec<f64>) -> Self {
        Self { name: name.into(), axes, data }
    }

    /// The model's name.
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
}
