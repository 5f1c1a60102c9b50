//! Arithmetic of labelled arrays: axes meet by name.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::axes::places;
use super::labelled::{LabelledArray, LabelledAxis};

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
        let data = (0..shape.iter().product())
            .map(|place| {
                let at = places(place, &shape);
                f(self.data[cell(&first, &at)], other.data[cell(&second, &at)])
            })
            .collect();
        Self { name: format!("{} {sign} {}", self.name, other.name), axes, data }
    }

    fn each(&self, name: String, f: impl Fn(f64) -> f64) -> Self {
        Self { name, axes: self.axes.clone(), data: self.data.iter().map(|x| f(*x)).collect() }
    }

    /// The sum over the axes of these names.
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
    pub fn sum_over(&self, names: &[&str]) -> Self {
        let known = |name: &&str| self.axes.iter().any(|axis| axis.name == **name);
        if let Some(unknown) = names.iter().find(|name| !known(name)) {
            panic!("`{}` has no axis called `{unknown}`: it has {}", self.name, self.axis_names().join(", "));
        }
        let stays = |axis: &LabelledAxis| !names.contains(&axis.name.as_str());
        let axes: Vec<LabelledAxis> = self.axes.iter().filter(|axis| stays(axis)).cloned().collect();
        let shape = self.shape();
        let mut data = vec![0.0; axes.iter().map(|axis| axis.labels.len()).product()];
        for (place, value) in self.data.iter().enumerate() {
            let at = places(place, &shape);
            let left = self.axes.iter().zip(&at).filter(|(axis, _)| stays(axis));
            let cell = left.fold(0, |cell, (axis, at)| cell * axis.labels.len() + at);
            data[cell] += value;
        }
        Self { name: self.name.clone(), axes, data }
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
    pub fn normalize(&self, names: &[&str]) -> Self {
        let totals = self.sum_over(names);
        let shares = self.combine(&totals, "/", |x, total| if total == 0.0 { x } else { x / total });
        Self { name: self.name.clone(), ..shares }
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
        let Some(place) = self.axes.iter().position(|own| own.name == axis) else {
            panic!("`{}` has no axis called `{axis}`: it has {}", self.name, self.axis_names().join(", "))
        };
        let Some(wanted) = self.axes[place].labels.iter().position(|own| own == label) else {
            panic!("the axis `{axis}` of `{}` has no value `{label}`", self.name)
        };
        self.part(place, wanted)
    }

    /// The part at one place along an axis.
    pub(super) fn part(&self, axis: usize, wanted: usize) -> Self {
        let shape = self.shape();
        let chosen = |(cell, value): (usize, &f64)| (places(cell, &shape)[axis] == wanted).then_some(*value);
        let data = self.data.iter().enumerate().filter_map(chosen).collect();
        let mut axes = self.axes.clone();
        axes.remove(axis);
        Self { name: self.name.clone(), axes, data }
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

        impl $trait<f64> for &LabelledArray {
            type Output = LabelledArray;
            fn $method(self, number: f64) -> LabelledArray {
                self.each(format!("{} {} {number}", self.name, stringify!($sign)), |x| x $sign number)
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

impl Neg for &LabelledArray {
    type Output = LabelledArray;
    fn neg(self) -> LabelledArray {
        self.each(format!("-{}", self.name), |x| -x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array(name: &str, axes: &[(&str, usize)], data: &[f64]) -> LabelledArray {
        let axis = |(name, n): &(&str, usize)| LabelledAxis {
            name: (*name).into(),
            domain: "X".into(),
            labels: (0..*n).map(|at| at.to_string()).collect(),
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
        assert_eq!(a.sum_over(&["x"]).values(), [1.0, 2.0, 3.0]);
        assert_eq!(a.sum_over(&["x", "y"]).values(), [6.0]);
        assert_eq!(a.normalize(&["y"]).values(), [1.0 / 6.0, 2.0 / 6.0, 0.5, 0.0, 0.0, 0.0]);
        assert_eq!(a.normalize(&["y"]).axis_names(), ["x", "y"]);
        assert_eq!(a.normalize(&["x"]).values(), [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
        assert_eq!(a.select("y", "1").values(), [2.0, 0.0]);
        assert_eq!(a.select("x", "0").axis_names(), ["y"]);
    }

    #[test]
    #[should_panic(expected = "`a` has no axis called `z`: it has x")]
    fn unknown_axes_are_named() {
        let _ = array("a", &[("x", 2)], &[1.0, 2.0]).sum_over(&["z"]);
    }
}
