//! A labelled array: a table whose axes are known by name only.

use ndarray::{ArrayViewD, IxDyn};

/// The result of slicing a table by the name of an axis.
///
/// Its keys are labels, since a name does not tell a type.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledArray {
    pub(crate) name: String,
    pub(crate) axes: Vec<LabelledAxis>,
    pub(crate) data: Vec<f64>,
}

/// One axis of a labelled array.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LabelledAxis {
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) labels: Vec<String>,
}

impl LabelledArray {
    pub(crate) fn new(name: &str, axes: Vec<LabelledAxis>, data: Vec<f64>) -> Self {
        Self { name: name.into(), axes, data }
    }

    /// The model's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of the axes, in order.
    #[must_use]
    pub fn axis_names(&self) -> Vec<&str> {
        self.axes.iter().map(|axis| axis.name.as_str()).collect()
    }

    /// The length of each axis.
    #[must_use]
    pub fn shape(&self) -> Vec<usize> {
        self.axes.iter().map(|axis| axis.labels.len()).collect()
    }

    /// The labels along an axis, if there is one of that name.
    #[must_use]
    pub fn labels(&self, axis: &str) -> Option<&[String]> {
        self.axes.iter().find(|a| a.name == axis).map(|a| a.labels.as_slice())
    }

    /// All numbers, row-major.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.data
    }

    /// The number at one label an axis.
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
    #[must_use]
    pub fn array(&self) -> ArrayViewD<'_, f64> {
        match ArrayViewD::from_shape(IxDyn(&self.shape()), &self.data) {
            Ok(view) => view,
            Err(error) => unreachable!("bug in memo: {error}"),
        }
    }
}
