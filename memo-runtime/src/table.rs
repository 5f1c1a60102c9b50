//! Tables: what a model returns, a labelled array with typed keys.

mod axes;
mod display;
mod export;
mod labelled;

use std::ops::Index;
use std::sync::Arc;

use ndarray::{ArrayD, ArrayViewD, IxDyn};

pub use axes::Axes;
pub(crate) use axes::places;
pub use labelled::LabelledArray;

/// One number for each combination of the values of its axes.
///
/// The key of a table with one axis is a value of that axis, with several a
/// tuple of values, with none `()`.
#[derive(Clone, Debug)]
pub struct Table<A: Axes> {
    name: String,
    axes: A,
    names: Vec<String>,
    domains: Vec<String>,
    shape: Vec<usize>,
    data: Arc<[f64]>,
    impossible: Option<Arc<[bool]>>,
}

impl<A: Axes> Table<A> {
    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    pub fn __new(
        name: &str,
        axes: A,
        names: &[&str],
        domains: &[&str],
        data: Vec<f64>,
        impossible: Option<Vec<bool>>,
    ) -> Self {
        let shape = axes.lengths();
        debug_assert_eq!(
            shape.iter().product::<usize>(),
            data.len(),
            "bug in memo: a table of the wrong size"
        );
        Self {
            name: name.into(),
            axes,
            names: names.iter().map(ToString::to_string).collect(),
            domains: domains.iter().map(ToString::to_string).collect(),
            shape,
            data: data.into(),
            impossible: impossible.map(Into::into),
        }
    }

    /// The number at a key; `None` when a value is outside its domain.
    #[must_use]
    pub fn get(&self, key: A::Key) -> Option<f64> {
        Some(self.data[self.axes.index(key)?])
    }

    /// The model's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of the axes, in order.
    #[must_use]
    pub fn axis_names(&self) -> &[String] {
        &self.names
    }

    /// The length of each axis.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.data.len()
    }

    /// Whether there are no cells; never for a table that a model returned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// All numbers, row-major: the last axis varies fastest.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.data
    }

    /// The numbers as an array with one dimension an axis.
    #[must_use]
    pub fn array(&self) -> ArrayViewD<'_, f64> {
        match ArrayViewD::from_shape(IxDyn(&self.shape), &self.data) {
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
        (0..self.data.len()).map(|at| (self.axes.key(at), self.data[at]))
    }

    /// The key of the largest number, the first of several.
    ///
    /// # Panics
    /// When all numbers are NaN.
    #[must_use]
    pub fn argmax(&self) -> A::Key {
        let mut best: Option<usize> = None;
        for (at, value) in self.data.iter().enumerate() {
            if !value.is_nan() && best.is_none_or(|b| *value > self.data[b]) {
                best = Some(at);
            }
        }
        match best {
            Some(at) => self.axes.key(at),
            None => panic!("the table of `{}` holds no number to be the largest", self.name),
        }
    }

    /// A key drawn at random, with chances proportional to the numbers.
    ///
    /// # Panics
    /// When the numbers are no distribution: negative, not finite or all 0.
    pub fn sample<R: rand::Rng + ?Sized>(&self, rng: &mut R) -> A::Key {
        let sound = self.data.iter().all(|p| *p >= 0.0 && p.is_finite());
        let total: f64 = self.data.iter().sum();
        assert!(sound && total > 0.0, "the table of `{}` is no distribution to sample from", self.name);
        let mut left = rng.random::<f64>() * total;
        let mut last = 0;
        for (at, p) in self.data.iter().enumerate() {
            if *p > 0.0 {
                last = at;
                left -= p;
                if left < 0.0 {
                    break;
                }
            }
        }
        self.axes.key(last)
    }

    /// The same table, rescaled so that the numbers along an axis sum to 1;
    /// rows without mass stay 0.
    ///
    /// # Panics
    /// When there is no axis of that name.
    #[must_use]
    pub fn normalize(&self, axis: &str) -> Self {
        let at = self.axis_at(axis);
        let inner: usize = self.shape[at + 1..].iter().product();
        let n = self.shape[at];
        let mut data = self.data.to_vec();
        for outer in 0..data.len() / (n * inner) {
            for column in 0..inner {
                let cell = |k: usize| (outer * n + k) * inner + column;
                let total: f64 = (0..n).map(|k| data[cell(k)]).sum();
                if total != 0.0 {
                    (0..n).for_each(|k| data[cell(k)] /= total);
                }
            }
        }
        Self { data: data.into(), ..self.clone() }
    }

    /// The sum over all other axes.
    ///
    /// # Panics
    /// When there is no axis of that name.
    #[must_use]
    pub fn marginal(&self, axis: &str) -> LabelledArray {
        let at = self.axis_at(axis);
        let mut sums = vec![0.0; self.shape[at]];
        for (cell, value) in self.data.iter().enumerate() {
            sums[places(cell, &self.shape)[at]] += value;
        }
        LabelledArray::new(&self.name, vec![self.label_axis(at)], sums)
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
        let kept: Vec<usize> = (0..self.shape.len()).filter(|other| *other != at).collect();
        let cells = (0..self.data.len()).filter(|cell| places(*cell, &self.shape)[at] == chosen);
        let data = cells.map(|cell| self.data[cell]).collect();
        LabelledArray::new(&self.name, kept.into_iter().map(|k| self.label_axis(k)).collect(), data)
    }

    fn axis_at(&self, axis: &str) -> usize {
        match self.names.iter().position(|name| name == axis) {
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
            name: self.names[at].clone(),
            domain: self.domains[at].clone(),
            labels: (0..self.shape[at]).map(|i| self.axes.label(at, i)).collect(),
        }
    }

    /// The table without types: labels in the place of values.
    #[must_use]
    pub fn to_labelled(&self) -> LabelledArray {
        let axes = (0..self.shape.len()).map(|at| self.label_axis(at)).collect();
        LabelledArray::new(&self.name, axes, self.data.to_vec())
    }

    /// The cells whose evidence is impossible, as far as they are recorded.
    #[doc(hidden)]
    #[must_use]
    pub fn __impossible(&self) -> Option<&[bool]> {
        self.impossible.as_deref()
    }
}

impl Table<()> {
    /// The number of a model without axes.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.data[0]
    }
}

impl<A: Axes> Index<A::Key> for Table<A> {
    type Output = f64;

    fn index(&self, key: A::Key) -> &f64 {
        match self.axes.index(key) {
            Some(at) => &self.data[at],
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
        self.names == other.names && self.shape == other.shape && self.data == other.data
    }
}

impl<'t, A: Axes> IntoIterator for &'t Table<A> {
    type Item = (A::Key, f64);
    type IntoIter = Box<dyn Iterator<Item = (A::Key, f64)> + 't>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}
