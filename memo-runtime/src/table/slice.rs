//! Parts of an axis: some of its values, or those in a range.

use std::ops::{Range, RangeFrom, RangeInclusive, RangeTo, RangeToInclusive};

use super::coordinates::converted;
use super::labelled::LabelledArray;
use super::{Axes, Table};

/// Which values of an axis are kept: a list of them, or a range.
pub trait Slice<V> {
    /// The places of the values along an axis of `n` places, in the order of the result.
    ///
    /// # Errors
    /// The place in the list of a value that is not on the axis.
    fn places(
        &self,
        n: usize,
        value: &dyn Fn(usize) -> Option<V>,
        find: &dyn Fn(&V) -> Option<usize>,
    ) -> Result<Vec<usize>, usize>;
}

macro_rules! ranges {
    ($($range:ident)*) => {$(
        impl<V: PartialOrd> Slice<V> for $range<V> {
            fn places(
                &self,
                n: usize,
                value: &dyn Fn(usize) -> Option<V>,
                _: &dyn Fn(&V) -> Option<usize>,
            ) -> Result<Vec<usize>, usize> {
                Ok((0..n).filter(|at| value(*at).is_some_and(|value| self.contains(&value))).collect())
            }
        }
    )*};
}
ranges!(Range RangeInclusive RangeFrom RangeTo RangeToInclusive);

macro_rules! lists {
    ($([$($generics:tt)*] $list:ty;)*) => {$(
        impl<$($generics)*> Slice<V> for $list {
            fn places(
                &self,
                _: usize,
                _: &dyn Fn(usize) -> Option<V>,
                find: &dyn Fn(&V) -> Option<usize>,
            ) -> Result<Vec<usize>, usize> {
                self.iter().enumerate().map(|(at, value)| find(value).ok_or(at)).collect()
            }
        }
    )*};
}
lists! {
    [V, const N: usize] [V; N];
    [V, const N: usize] &[V; N];
    [V] &[V];
    [V] Vec<V>;
    [V] &Vec<V>;
}

impl<A: Axes> Table<A> {
    /// The table with some of the values of an axis only: those of a list, in its
    /// order, or those in a range, in the order of the axis.
    ///
    /// ```
    /// use memo_runtime::{Table, Values};
    /// let p = Values::from([0.0, 0.25, 0.5]);
    /// let file = "p,n,f\n0.25,2,12\n0.25,3,13\n0.5,1,21\n";
    /// let table = Table::from_csv("f", &["p", "n"], (p, 0..4_i64), file.as_bytes())?;
    /// assert_eq!(table.slice("n", 2..4).slice("p", [0.25]).values(), [12.0, 13.0]);
    /// assert_eq!(table.slice("p", 0.2..=0.6).slice("n", ["2", "1"]).values(), [12.0, 0.0, 0.0, 21.0]);
    /// # Ok::<(), memo_runtime::ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When there is no axis of that name, its values are of another type, a value is
    /// not in its domain, or no value is chosen.
    #[must_use]
    pub fn slice<V: Copy + 'static>(&self, axis: &str, values: impl Slice<V>) -> LabelledArray {
        let at = self.axis_at(axis);
        let n = self.shape()[at];
        let value = |place: usize| converted::<V>(&*self.axes.value(at, place));
        assert!(
            n == 0 || (0..n).any(|place| value(place).is_some()),
            "the values of the axis `{axis}` of `{}` are of another type than `{}`",
            self.called.name,
            std::any::type_name::<V>()
        );
        let find = |value: &V| self.place_of(at, value);
        match values.places(n, &value, &find) {
            Ok(places) => self.to_labelled().parts(at, &places),
            Err(nth) => panic!(
                "value {nth} (from 0) of those given for the axis `{axis}` of `{}` is not in its domain",
                self.called.name
            ),
        }
    }
}

/// Which values of an axis of a labelled array are kept: a list of labels or
/// numbers, or a range of numbers.
pub trait LabelSlice {
    /// The places of the values along the axis at a place of the array.
    ///
    /// # Panics
    /// When a value is not on the axis, or numbers are given and those of the axis are
    /// none.
    fn places(&self, array: &LabelledArray, axis: usize) -> Vec<usize>;
}

fn numbers(array: &LabelledArray, axis: usize) -> Vec<f64> {
    let axis = &array.axes[axis];
    match axis.coordinates.numbers() {
        Some(numbers) => numbers,
        None => panic!(
            "the values of the axis `{}` of `{}` are no numbers: give labels, as `{}`",
            axis.name, array.name, axis.labels[0]
        ),
    }
}

fn number_at(array: &LabelledArray, axis: usize, number: f64) -> usize {
    match crate::domain::nearest(number, numbers(array, axis).iter().copied()) {
        Some(place) => place,
        None => panic!("the axis `{}` of `{}` has no value {number}", array.axes[axis].name, array.name),
    }
}

macro_rules! number_ranges {
    ($($range:ident)*) => {$(
        impl LabelSlice for $range<f64> {
            fn places(&self, array: &LabelledArray, axis: usize) -> Vec<usize> {
                let numbers = numbers(array, axis);
                (0..numbers.len()).filter(|at| self.contains(&numbers[*at])).collect()
            }
        }
        impl LabelSlice for $range<i64> {
            fn places(&self, array: &LabelledArray, axis: usize) -> Vec<usize> {
                let numbers = numbers(array, axis);
                let inside = |x: f64| x.fract() == 0.0 && self.contains(&(x as i64));
                (0..numbers.len()).filter(|at| inside(numbers[*at])).collect()
            }
        }
    )*};
}
number_ranges!(Range RangeInclusive RangeFrom RangeTo RangeToInclusive);

macro_rules! value_lists {
    ($([$($generics:tt)*] $list:ty, $find:expr;)*) => {$(
        impl<$($generics)*> LabelSlice for $list {
            fn places(&self, array: &LabelledArray, axis: usize) -> Vec<usize> {
                self.iter().map(|value| $find(array, axis, *value)).collect()
            }
        }
    )*};
}
value_lists! {
    [const N: usize] [&str; N], LabelledArray::label_at;
    [const N: usize] &[&str; N], LabelledArray::label_at;
    [] &[&str], LabelledArray::label_at;
    [] Vec<&str>, LabelledArray::label_at;
    [const N: usize] [f64; N], number_at;
    [] &[f64], number_at;
    [] Vec<f64>, number_at;
}

impl LabelledArray {
    /// The array with some of the values of an axis only: those of a list of labels or
    /// numbers, in its order, or those in a range of numbers, in the order of the axis.
    ///
    /// ```
    /// use memo_runtime::{Bool, Table, sweep};
    /// # fn flip(bias: f64) -> Table<(Bool,)> {
    /// #     let file = format!("heads,flip\ntrue,{bias}\nfalse,{}\n", 1.0 - bias);
    /// #     Table::from_csv("flip", &["heads"], (Bool,), file.as_bytes()).unwrap()
    /// # }
    /// let by_bias = sweep("bias", [0.0, 0.25, 0.5, 1.0], flip);
    /// let some = by_bias.slice("bias", 0.25..1.0).slice("heads", ["true"]);
    /// assert_eq!((some.shape(), some.values()), (vec![2, 1], &[0.25, 0.5][..]));
    /// ```
    ///
    /// # Panics
    /// When there is no axis of that name, a value is not on it, numbers are given for
    /// labels, no value is chosen, or one twice.
    #[must_use]
    pub fn slice(&self, axis: &str, values: impl LabelSlice) -> Self {
        let at = self.axis_at(axis);
        self.parts(at, &values.places(self, at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bool, linspace};

    fn table() -> Table<(crate::Linspace, Bool, Range<i64>)> {
        let axes = (linspace(0.0, 1.0, 3), Bool, 0..2_i64);
        let cells: String = (0..12)
            .map(|cell| format!("{},{},{},{cell}\n", [0.0, 0.5, 1.0][cell / 4], cell / 2 % 2 == 1, cell % 2))
            .collect();
        let file = format!("p,b,n,f\n{cells}");
        Table::from_csv("f", &["p", "b", "n"], axes, file.as_bytes())
            .unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn lists_are_in_their_own_order() {
        let part = table().slice("p", [1.0, 0.0]);
        assert_eq!(part.shape(), [2, 2, 2]);
        assert_eq!(part.values(), [8.0, 9.0, 10.0, 11.0, 0.0, 1.0, 2.0, 3.0]);
        assert_eq!(part.labels("p"), Some(&["1".to_string(), "0".to_string()][..]));
        assert_eq!(part, table().to_labelled().slice("p", vec!["1", "0"]));
        assert_eq!(table().slice("b", vec![true]).values(), [2.0, 3.0, 6.0, 7.0, 10.0, 11.0]);
    }

    #[test]
    fn ranges_are_in_the_order_of_the_axis() {
        assert_eq!(table().slice("n", 1..).values(), [1.0, 3.0, 5.0, 7.0, 9.0, 11.0]);
        assert_eq!(table().slice("p", 0.1..=0.9).shape(), [1, 2, 2]);
        assert_eq!(table().to_labelled().slice("p", ..0.5).values(), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(table().to_labelled().slice("n", 0..=0), table().slice("n", 0..=0));
    }

    #[test]
    #[should_panic(expected = "value 1 (from 0) of those given for the axis `n` of `f` is not in its domain")]
    fn values_outside_are_refused() {
        let _ = table().slice("n", [1, 7]);
    }

    #[test]
    #[should_panic(expected = "the values of the axis `n` of `f` are of another type than `f64`")]
    fn values_of_another_type_are_refused() {
        let _ = table().slice("n", [1.0]);
    }

    #[test]
    #[should_panic(expected = "no value of the axis `p` of `f` is chosen")]
    fn empty_parts_are_refused() {
        let _ = table().slice("p", 0.6..0.9);
    }

    #[test]
    #[should_panic(expected = "the value `true` of the axis `b` is chosen twice")]
    fn values_come_once() {
        let _ = table().slice("b", [true, true]);
    }

    #[test]
    #[should_panic(expected = "the values of the axis `b` of `f` are no numbers: give labels, as `false`")]
    fn numbers_are_for_numbers() {
        let _ = table().to_labelled().slice("b", 0.0..1.0);
    }

    #[test]
    #[should_panic(expected = "the axis `b` of `f` has no value `ture`; did you mean `true`?")]
    fn misspelt_labels_are_told_of() {
        let _ = table().to_labelled().slice("b", ["ture"]);
    }
}
