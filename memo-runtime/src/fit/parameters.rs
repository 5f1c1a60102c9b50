//! What is fitted: numbers and arrays by name, with their bounds.

use std::fmt;
use std::ops::{Bound, Index, RangeBounds};
use std::sync::Arc;

use ndarray::{Array2, ArrayView2, ArrayViewD, IxDyn};

use super::error::FitError;
use super::prior::Prior;
use crate::Var;
use crate::table::did_you_mean;

/// How the search sees a parameter.
///
/// Estimates, intervals and priors are those of the parameter itself; the transform
/// changes the steps of the search, and intervals are symmetric on its scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transform {
    /// As it is; bounds are kept by the search.
    #[default]
    None,
    /// By its logarithm: for what is positive and may be of any size.
    Log,
    /// By the logarithm of its odds between its bounds: for chances.
    Logit,
}

/// One number of what is fitted.
#[derive(Clone, Debug)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) transform: Transform,
    pub(super) start: Option<f64>,
    pub(super) prior: Option<Prior>,
    pub(super) fixed: Option<f64>,
}

/// Beyond this the logistic function is 0 or 1 to thirteen digits.
const FAR: f64 = 30.0;

impl Element {
    /// The number on the scale of the search.
    pub(super) fn inward(&self, x: f64) -> f64 {
        match self.transform {
            Transform::None => x,
            Transform::Log => x.ln(),
            Transform::Logit => ((x - self.low) / (self.high - x)).ln(),
        }
    }

    /// The number that a place on the scale of the search is.
    pub(super) fn outward(&self, t: f64) -> f64 {
        match self.transform {
            Transform::None => t,
            Transform::Log => t.exp(),
            Transform::Logit => self.low + (self.high - self.low) / (1.0 + (-t).exp()),
        }
    }

    /// How fast the number changes with its place on the scale of the search.
    pub(super) fn outward_slope(&self, x: f64) -> f64 {
        match self.transform {
            Transform::None => 1.0,
            Transform::Log => x,
            Transform::Logit => (x - self.low) * (self.high - x) / (self.high - self.low),
        }
    }

    /// How fast that changes: the second derivative.
    pub(super) fn outward_bend(&self, x: f64) -> f64 {
        match self.transform {
            Transform::None => 0.0,
            Transform::Log => x,
            Transform::Logit => {
                self.outward_slope(x) * ((self.low - x) + (self.high - x)) / (self.high - self.low)
            }
        }
    }

    /// The bounds on the scale of the search.
    pub(super) fn inward_bounds(&self) -> (f64, f64) {
        match self.transform {
            Transform::None => (self.low, self.high),
            Transform::Log => (self.low.max(f64::MIN_POSITIVE).ln(), self.high.ln()),
            Transform::Logit => (-FAR, FAR),
        }
    }

    /// Where the search begins if nobody says.
    fn usual_start(&self) -> f64 {
        match (self.transform, self.low.is_finite(), self.high.is_finite()) {
            (Transform::Log, _, true) if self.low > 0.0 => (self.low * self.high).sqrt(),
            (Transform::Log, _, true) => (0.5 * self.high).min(1.0),
            (Transform::Log, ..) => {
                if self.low < 1.0 {
                    1.0
                } else {
                    2.0 * self.low
                }
            }
            (_, true, true) => 0.5 * (self.low + self.high),
            (_, true, false) => self.low + 1.0,
            (_, false, true) => self.high - 1.0,
            (_, false, false) => 0.0,
        }
    }

    pub(super) fn begins(&self) -> f64 {
        self.fixed.or(self.start).unwrap_or_else(|| self.usual_start())
    }

    /// The typical size of a step before anything is known of the objective.
    pub(super) fn size(&self, x: f64) -> f64 {
        let width = self.high - self.low;
        if width.is_finite() { x.abs().max(1.0).min(width) } else { x.abs().max(1.0) }
    }

    /// The same on the scale of the search, which counts in such: slopes are then about what a
    /// change by its size makes of the objective.
    pub(super) fn step(&self, x: f64) -> f64 {
        if self.transform == Transform::None { self.size(x) } else { 1.0 }
    }

    /// Which bound a number lies near, within a millionth of the range; by its logarithm
    /// within a millionth of the bound or of 1.
    pub(super) fn bound_at(&self, x: f64) -> Option<f64> {
        let near = |bound: f64| {
            let width = match self.transform {
                Transform::Log => bound.max(1.0),
                _ if (self.high - self.low).is_finite() => self.high - self.low,
                _ => bound.abs().max(1.0),
            };
            bound.is_finite() && (x - bound).abs() <= 1e-6 * width
        };
        [self.low, self.high].into_iter().find(|bound| near(*bound))
    }

    /// Whether all that has been said of it goes together.
    pub(super) fn check(&self) -> Result<(), FitError> {
        let wrong = |what: String| Err(FitError::parameter(&self.name, what));
        let (low, high) = (self.low, self.high);
        if low.is_nan() || high.is_nan() || low >= high || low == f64::INFINITY || high == f64::NEG_INFINITY {
            return wrong(format!("has the bounds {low} and {high}; the first is to be below the second"));
        }
        match self.transform {
            Transform::Log if low < 0.0 => {
                return wrong(format!(
                    "is fitted by its logarithm, but may be {low}; give it bounds from 0 on"
                ));
            }
            Transform::Logit if !(low.is_finite() && high.is_finite()) => {
                return wrong("is fitted by its odds, but has no bounds on both sides; give it both".into());
            }
            _ => {}
        }
        let start = self.begins();
        let inside = start >= low && start <= high && start.is_finite();
        if !inside {
            let how = if self.fixed.is_some() { "is fixed" } else { "starts" };
            return wrong(format!("{how} at {start}, outside its bounds {low} and {high}"));
        }
        if self.fixed.is_none() && !self.inward(start).is_finite() {
            return wrong(format!(
                "starts at {start}, where its {:?} transform is infinite; start inside the bounds",
                self.transform
            ));
        }
        if let Some(prior) = &self.prior {
            if let Some(number) = prior.bad_number() {
                return wrong(format!("has the prior {prior:?}, of which {number} may not be"));
            }
            let (from, to) = prior.support();
            if low < from || high > to {
                return wrong(format!(
                    "may be between {low} and {high}, its prior has a density between {from} and {to} only; \
                     give the parameter bounds within these"
                ));
            }
        }
        Ok(())
    }
}

/// A parameter as it is named: a number or an array of them.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) shape: Vec<usize>,
    pub(super) first: usize,
}

impl Group {
    pub(super) fn cells(&self) -> usize {
        self.shape.iter().product()
    }
}

/// All parameters in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    pub(super) groups: Vec<Group>,
    pub(super) elements: Vec<Element>,
}

impl Layout {
    pub(super) fn add(
        &mut self,
        name: &str,
        shape: &[usize],
        range: &impl RangeBounds<f64>,
    ) -> Result<(), FitError> {
        if self.groups.iter().any(|group| group.name == name) {
            return Err(FitError::parameter(name, "is there twice; each name stands for one parameter"));
        }
        let bound = |bound: Bound<&f64>, none: f64| match bound {
            Bound::Included(x) | Bound::Excluded(x) => *x,
            Bound::Unbounded => none,
        };
        let (low, high) =
            (bound(range.start_bound(), f64::NEG_INFINITY), bound(range.end_bound(), f64::INFINITY));
        let group = Group { name: name.into(), shape: shape.to_vec(), first: self.elements.len() };
        if group.cells() == 0 {
            return Err(FitError::parameter(name, "is an array without elements"));
        }
        for cell in 0..group.cells() {
            let at: Vec<String> = crate::table::places(cell, shape).iter().map(ToString::to_string).collect();
            let name = if shape.is_empty() { name.to_string() } else { format!("{name}[{}]", at.join(", ")) };
            let transform = Transform::None;
            self.elements.push(Element { name, low, high, transform, start: None, prior: None, fixed: None });
        }
        self.groups.push(group);
        Ok(())
    }

    /// The places of the elements of a parameter, or of one of them (`fs[0]`).
    pub(super) fn find(&self, name: &str) -> Result<std::ops::Range<usize>, FitError> {
        if let Some(group) = self.groups.iter().find(|group| group.name == name) {
            return Ok(group.first..group.first + group.cells());
        }
        if let Some(at) = self.elements.iter().position(|element| element.name == name) {
            return Ok(at..at + 1);
        }
        let names: Vec<&str> = self.groups.iter().map(|group| group.name.as_str()).collect();
        let near = did_you_mean(name, &names);
        let known =
            if names.is_empty() { "there is none".into() } else { format!("there are {}", names.join(", ")) };
        Err(FitError::parameter(name, format!("is unknown: {known}{near}")))
    }

    /// The one number of a name.
    pub(super) fn one(&self, name: &str) -> Result<usize, FitError> {
        let range = self.find(name)?;
        if range.len() == 1 {
            return Ok(range.start);
        }
        let first = &self.elements[range.start].name;
        Err(FitError::parameter(name, format!("is an array; name one of its elements, as `{first}`")))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.elements.iter().map(|element| element.name.as_str())
    }

    /// Values by the names of what they belong to.
    pub(super) fn told(&self, values: &[f64]) -> Vec<(String, f64)> {
        self.names().map(String::from).zip(values.iter().copied()).collect()
    }

    fn group(&self, name: &str) -> &Group {
        match self.groups.iter().find(|group| group.name == name) {
            Some(group) => group,
            None => match self.find(name) {
                Err(error) => panic!("{error}"),
                Ok(_) => panic!("`{name}` is an element of an array: take the array by its name"),
            },
        }
    }

    fn slice<'v, T>(&self, name: &str, values: &'v [T]) -> &'v [T] {
        let group = self.group(name);
        &values[group.first..group.first + group.cells()]
    }

    fn number<'v, T>(&self, name: &str, values: &'v [T]) -> &'v T {
        match self.slice(name, values) {
            [number] if self.group(name).shape.is_empty() => number,
            _ => panic!("the parameter `{name}` is an array: `p.slice(\"{name}\")` has its elements"),
        }
    }
}

/// Elements in the shape of their array.
fn view<'v, T>(group: &Group, elements: &'v [T]) -> ArrayViewD<'v, T> {
    match ArrayViewD::from_shape(IxDyn(&group.shape), elements) {
        Ok(view) => view,
        Err(error) => unreachable!("bug in memo: {error}"),
    }
}

/// Values of the parameters, as an objective gets them: `p["beta"]`.
#[derive(Clone)]
pub struct Point {
    layout: Arc<Layout>,
    values: Vec<f64>,
    /// The arrays with two axes, by group.
    matrices: Vec<Option<Array2<f64>>>,
}

impl Point {
    pub(super) fn new(layout: &Arc<Layout>, values: Vec<f64>) -> Self {
        let matrix = |group: &Group| match *group.shape {
            [rows, columns] => {
                let cells = values[group.first..group.first + group.cells()].to_vec();
                Array2::from_shape_vec((rows, columns), cells).ok()
            }
            _ => None,
        };
        let matrices = layout.groups.iter().map(matrix).collect();
        Self { layout: Arc::clone(layout), values, matrices }
    }

    /// All numbers, in the order in which the parameters were named, arrays row-major.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The elements of a parameter, row-major.
    ///
    /// # Panics
    /// When no parameter has that name.
    #[must_use]
    pub fn slice(&self, name: &str) -> &[f64] {
        self.layout.slice(name, &self.values)
    }

    /// A parameter with two axes.
    ///
    /// # Panics
    /// When no parameter has that name, or it has not two axes.
    #[must_use]
    pub fn matrix(&self, name: &str) -> &Array2<f64> {
        let group = self.layout.group(name);
        let at = self.layout.groups.iter().position(|own| own.name == group.name).unwrap_or_default();
        match &self.matrices[at] {
            Some(matrix) => matrix,
            None => panic!("the parameter `{name}` has the shape {:?}, not two axes", group.shape),
        }
    }

    /// A parameter as an array of its shape.
    ///
    /// # Panics
    /// When no parameter has that name.
    #[must_use]
    pub fn array(&self, name: &str) -> ArrayViewD<'_, f64> {
        view(self.layout.group(name), self.slice(name))
    }

    pub(super) fn told(&self) -> Vec<(String, f64)> {
        self.layout.told(&self.values)
    }

    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }
}

/// `p["beta"]`.
///
/// # Panics
/// When no parameter has that name, or it is an array.
impl Index<&str> for Point {
    type Output = f64;

    fn index(&self, name: &str) -> &f64 {
        self.layout.number(name, &self.values)
    }
}

impl fmt::Debug for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.told()).finish()
    }
}

/// The parameters as numbers whose derivatives are wanted: `p["beta"]` is a
/// [`Var`], to be given to `f::try_traced(…)` and to functions of numbers.
pub struct Vars<'p, 't, 'env> {
    pub(super) layout: &'p Layout,
    pub(super) values: &'p [Var<'t, 'env>],
}

impl<'p, 't, 'env> Vars<'p, 't, 'env> {
    /// All numbers, in the order in which the parameters were named.
    #[must_use]
    pub fn values(&self) -> &'p [Var<'t, 'env>] {
        self.values
    }

    /// The elements of a parameter, row-major.
    ///
    /// # Panics
    /// When no parameter has that name.
    #[must_use]
    pub fn slice(&self, name: &str) -> &'p [Var<'t, 'env>] {
        self.layout.slice(name, self.values)
    }

    /// A parameter with two axes, to be given to a model: `f::try_traced(&p.matrix("w"))`.
    ///
    /// # Panics
    /// When no parameter has that name, or it has not two axes.
    #[must_use]
    pub fn matrix(&self, name: &str) -> ArrayView2<'p, Var<'t, 'env>> {
        let shape = &self.layout.group(name).shape;
        match self.array(name).into_dimensionality() {
            Ok(view) => view,
            Err(_) => panic!("the parameter `{name}` has the shape {shape:?}, not two axes"),
        }
    }

    /// A parameter as an array of its shape.
    ///
    /// # Panics
    /// When no parameter has that name.
    #[must_use]
    pub fn array(&self, name: &str) -> ArrayViewD<'p, Var<'t, 'env>> {
        view(self.layout.group(name), self.slice(name))
    }
}

/// `p["beta"]`.
///
/// # Panics
/// When no parameter has that name, or it is an array.
impl<'t, 'env> Index<&str> for Vars<'_, 't, 'env> {
    type Output = Var<'t, 'env>;

    fn index(&self, name: &str) -> &Var<'t, 'env> {
        self.layout.number(name, self.values)
    }
}

impl fmt::Debug for Vars<'_, '_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.values.iter().map(|value| crate::Real::value(*value));
        f.debug_map().entries(self.layout.names().zip(values)).finish()
    }
}
