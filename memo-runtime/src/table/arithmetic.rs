//! Arithmetic of labelled arrays: axes meet by name.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::axes::places;
use super::labelled::{LabelledArray, LabelledAxis};
use super::{Axes, AxisNames, Table};

impl LabelledArray {
    /// Two arrays, number by number: axes of one name go together, others are
    /// repeated along; those of the first come first.
    fn combine(&self, other: &Self, sign: &str, f: impl Fn(f64, f64) -> f64) -> Self {
        let mut axes = self.axes.clone();
        for axis in &other.axes {
            match self.axes.iter().find(|own| own.name == axis.name) {
                Some(own) => assert!(
                    own.labels == axis.labels,
                    "the axis `{}` of `{}` and that of `{}` have different values",
                    axis.name,
                    self.name,
                    other.name
                ),
                None => axes.push(axis.clone()),
            }
        }
        // How far a step along each axis of the result goes in an array.
        let strides = |array: &Self| -> Vec<usize> {
            let stride = |axis: &LabelledAxis| {
                let place = array.axes.iter().position(|own| own.name == axis.name);
                place.map_or(0, |at| array.axes[at + 1..].iter().map(|axis| axis.labels.len()).product())
            };
            axes.iter().map(stride).collect()
        };
        let (first, second) = (strides(self), strides(other));
        let shape: Vec<usize> = axes.iter().map(|axis| axis.labels.len()).collect();
        let cell =
            |strides: &[usize], at: &[usize]| at.iter().zip(strides).map(|(a, s)| a * s).sum::<usize>();
        let cells: usize = shape.iter().product();
        let mut data = Vec::with_capacity(cells);
        let mut marks = Vec::new();
        let marked = self.impossible.is_some() || other.impossible.is_some();
        let mark = |array: &Self, cell: usize| array.impossible.as_ref().is_some_and(|marks| marks[cell]);
        for place in 0..cells {
            let at = places(place, &shape);
            let (a, b) = (cell(&first, &at), cell(&second, &at));
            data.push(f(self.data[a], other.data[b]));
            if marked {
                marks.push(mark(self, a) || mark(other, b));
            }
        }
        Self::new(&format!("{} {sign} {}", self.name, other.name), axes, data).marked(marked.then_some(marks))
    }

    fn each(&self, name: String, f: impl Fn(f64) -> f64) -> Self {
        Self { name, data: self.data.iter().map(|x| f(*x)).collect(), ..self.clone() }
    }

    /// The sum over the axes of these names: `"x"`, or `["x", "y"]`.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// let a = t.to_labelled();
    /// assert_eq!(a.sum_over(&["n"]).values(), [0.5, 0.5]);
    /// assert_eq!(a.sum_over(&["rain", "n"]).values(), [1.0]);
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When there is no axis of one of the names.
    #[must_use]
    pub fn sum_over(&self, names: impl AxisNames) -> Self {
        let names = names.names();
        for name in &names {
            self.axis_at(name);
        }
        let stays = |axis: &LabelledAxis| !names.contains(&axis.name.as_str());
        let axes: Vec<LabelledAxis> = self.axes.iter().filter(|axis| stays(axis)).cloned().collect();
        let shape = self.shape();
        let mut data = vec![0.0; axes.iter().map(|axis| axis.labels.len()).product()];
        let mut marks = self.impossible.as_ref().map(|_| vec![true; data.len()]);
        for (place, value) in self.data.iter().enumerate() {
            let at = places(place, &shape);
            let left = self.axes.iter().zip(&at).filter(|(axis, _)| stays(axis));
            let cell = left.fold(0, |cell, (axis, at)| cell * axis.labels.len() + at);
            data[cell] += value;
            if let (Some(marks), Some(own)) = (&mut marks, &self.impossible) {
                marks[cell] &= own[place];
            }
        }
        Self::new(&self.name, axes, data).marked(marks)
    }

    /// The same array, rescaled so that the numbers over the axes of these names
    /// sum to 1 for each combination of the others; where they sum to 0 they stay.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// let a = t.to_labelled();
    /// assert_eq!(a.normalize(&["n"]).values(), [1.0, 0.0, 0.25, 0.75]);
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When there is no axis of one of the names.
    #[must_use]
    pub fn normalize(&self, names: impl AxisNames) -> Self {
        let totals = self.sum_over(names);
        let shares = self.combine(&totals, "/", |x, total| if total == 0.0 { x } else { x / total });
        Self { name: self.name.clone(), impossible: self.impossible.clone(), ..shares }
    }

    /// The sum over all axes but those of these names.
    ///
    /// # Panics
    /// When there is no axis of one of the names.
    #[must_use]
    pub fn marginal(&self, names: impl AxisNames) -> Self {
        let names = names.names();
        for name in &names {
            self.axis_at(name);
        }
        let others: Vec<&str> = self.axis_names().into_iter().filter(|name| !names.contains(name)).collect();
        self.sum_over(others)
    }

    /// The part where an axis has the value of this label.
    ///
    /// ```
    /// # use memo_runtime::{Bool, LabelledArray, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // p(false, 0) = 0.5, p(false, 1) = 0, p(true, 0) = 0.125, p(true, 1) = 0.375
    /// let a = t.to_labelled();
    /// assert_eq!(a.select("rain", "true").values(), [0.125, 0.375]);
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When there is no such axis or label.
    #[must_use]
    pub fn select(&self, axis: &str, label: &str) -> Self {
        let place = self.axis_at(axis);
        let wanted = self.label_at(place, label);
        self.part(place, wanted)
    }

    /// The part at one place along an axis.
    pub(super) fn part(&self, axis: usize, wanted: usize) -> Self {
        let mut part = self.parts(axis, &[wanted]);
        part.axes.remove(axis);
        part
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident $sign:tt;)*) => {$(
        impl $trait for &LabelledArray {
            type Output = LabelledArray;
            /// Axes of one name go together, others are repeated along.
            ///
            /// # Panics
            /// When axes of one name have different values.
            fn $method(self, other: &LabelledArray) -> LabelledArray {
                self.combine(other, stringify!($sign), |a, b| a $sign b)
            }
        }

        impl<A: Axes> $trait<&Table<A>> for &LabelledArray {
            type Output = LabelledArray;
            fn $method(self, other: &Table<A>) -> LabelledArray {
                self $sign &other.to_labelled()
            }
        }

        // What has just been computed need not be borrowed.
        impl $trait for LabelledArray {
            type Output = LabelledArray;
            fn $method(self, other: LabelledArray) -> LabelledArray {
                &self $sign &other
            }
        }

        impl $trait<&LabelledArray> for LabelledArray {
            type Output = LabelledArray;
            fn $method(self, other: &LabelledArray) -> LabelledArray {
                &self $sign other
            }
        }

        impl $trait<LabelledArray> for &LabelledArray {
            type Output = LabelledArray;
            fn $method(self, other: LabelledArray) -> LabelledArray {
                self $sign &other
            }
        }

        impl<A: Axes> $trait<&Table<A>> for LabelledArray {
            type Output = LabelledArray;
            fn $method(self, other: &Table<A>) -> LabelledArray {
                &self $sign other
            }
        }

        impl $trait<f64> for LabelledArray {
            type Output = LabelledArray;
            fn $method(self, number: f64) -> LabelledArray {
                &self $sign number
            }
        }

        impl $trait<LabelledArray> for f64 {
            type Output = LabelledArray;
            fn $method(self, array: LabelledArray) -> LabelledArray {
                self $sign &array
            }
        }

        impl $trait<f64> for &LabelledArray {
            type Output = LabelledArray;
            fn $method(self, number: f64) -> LabelledArray {
                self.each(format!("{} {} {number}", self.name, stringify!($sign)), |x| x $sign number)
            }
        }

        impl $trait<&LabelledArray> for f64 {
            type Output = LabelledArray;
            fn $method(self, array: &LabelledArray) -> LabelledArray {
                array.each(format!("{self} {} {}", stringify!($sign), array.name), |x| self $sign x)
            }
        }

        impl<A: Axes> $trait<&Table<A>> for f64 {
            type Output = LabelledArray;
            fn $method(self, table: &Table<A>) -> LabelledArray {
                self $sign &table.to_labelled()
            }
        }

        /// Another table, a labelled array or a number: axes of one name go together,
        /// others are repeated along.
        impl<A: Axes, R: Into<LabelledArray>> $trait<R> for &Table<A> {
            type Output = LabelledArray;
            fn $method(self, other: R) -> LabelledArray {
                &self.to_labelled() $sign &other.into()
            }
        }
    )*};
}
operators! {
    Add add +;
    Sub sub -;
    Mul mul *;
    Div div /;
}

impl Neg for LabelledArray {
    type Output = LabelledArray;
    fn neg(self) -> LabelledArray {
        -&self
    }
}

impl Neg for &LabelledArray {
    type Output = LabelledArray;
    fn neg(self) -> LabelledArray {
        self.each(format!("-{}", self.name), |x| -x)
    }
}

impl<A: Axes> Neg for &Table<A> {
    type Output = LabelledArray;
    fn neg(self) -> LabelledArray {
        -&self.to_labelled()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Coordinates;

    fn array(name: &str, axes: &[(&str, usize)], data: &[f64]) -> LabelledArray {
        let axis = |(name, n): &(&str, usize)| LabelledAxis {
            name: (*name).into(),
            domain: "X".into(),
            labels: (0..*n).map(|at| at.to_string()).collect(),
            coordinates: Coordinates::Labels,
        };
        LabelledArray::new(name, axes.iter().map(axis).collect(), data.to_vec())
    }

    #[test]
    fn axes_meet_by_name() {
        let a = array("a", &[("x", 2), ("y", 3)], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let b = array("b", &[("z", 2), ("x", 2)], &[10.0, 20.0, 30.0, 40.0]);
        let sum = &a + &b;
        assert_eq!((sum.axis_names(), sum.shape()), (vec!["x", "y", "z"], vec![2, 3, 2]));
        // x = 1, y = 2, z = 0: 6 + 20.
        assert_eq!(sum.get(&["1", "2", "0"]), Some(26.0));
        assert_eq!(sum.get(&["0", "0", "1"]), Some(31.0));
        assert_eq!((&(&a * 2.0) - &a).values(), a.values());
        assert_eq!((-&a).values()[5], -6.0);
        assert_eq!((&a / &a).values(), [1.0; 6]);
        assert_eq!(sum.name(), "a + b");
    }

    #[test]
    #[should_panic(expected = "the axis `x` of `a` and that of `b` have different values")]
    fn axes_of_one_name_must_agree() {
        let _ = &array("a", &[("x", 2)], &[1.0, 2.0]) + &array("b", &[("x", 3)], &[1.0, 2.0, 3.0]);
    }

    #[test]
    fn sums_and_parts() {
        let a = array("a", &[("x", 2), ("y", 3)], &[1.0, 2.0, 3.0, 0.0, 0.0, 0.0]);
        assert_eq!(a.sum_over(["x"]).values(), [1.0, 2.0, 3.0]);
        assert_eq!(a.sum_over(["x", "y"]).values(), [6.0]);
        assert_eq!(a.normalize(["y"]).values(), [1.0 / 6.0, 2.0 / 6.0, 0.5, 0.0, 0.0, 0.0]);
        assert_eq!(a.normalize(["y"]).axis_names(), ["x", "y"]);
        assert_eq!(a.normalize(["x"]).values(), [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
        assert_eq!(a.select("y", "1").values(), [2.0, 0.0]);
        assert_eq!(a.select("x", "0").axis_names(), ["y"]);
    }

    #[test]
    fn marks_go_where_their_numbers_go() {
        let a = array("a", &[("x", 2), ("y", 2)], &[1.0, 2.0, 0.0, 0.0]);
        let marked = a.clone().marked(Some(vec![false, false, true, true]));
        assert_eq!(marked.select("x", "0").impossible(), None);
        assert_eq!(marked.select("x", "1").impossible(), Some(&[true, true][..]));
        assert_eq!(marked.sum_over(["y"]).impossible(), Some(&[false, true][..]));
        assert_eq!(marked.sum_over(["x"]).impossible(), None);
        assert_eq!((&a / &marked.sum_over(["y"])).impossible(), marked.impossible());
        assert_eq!((-&marked).impossible(), marked.normalize(["x"]).impossible());
        assert_eq!(a.marked(Some(vec![false; 4])).impossible(), None);
    }

    #[test]
    #[should_panic(expected = "`a` has no axis called `z`: it has x")]
    fn unknown_axes_are_named() {
        let _ = array("a", &[("x", 2)], &[1.0, 2.0]).sum_over(["z"]);
    }
}
