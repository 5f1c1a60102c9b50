//! What the values along an axis are to a file: numbers, truth values or labels.

use std::any::Any;

/// The values along an axis, as far as they are more than labels.
///
/// Files keep numbers as numbers and truth values as such; values of enums,
/// structs, tuples and arrays are their labels there.
///
/// ```
/// use memo_runtime::{Bool, Coordinates, Table};
/// let table = Table::from_csv("f", &["b", "n"], (Bool, 5..7_u8), "b,n,f\n".as_bytes())?.to_labelled();
/// assert_eq!(table.coordinates("b"), Some(&Coordinates::Booleans(vec![false, true])));
/// assert_eq!(table.coordinates("n"), Some(&Coordinates::Integers(vec![5, 6])));
/// # Ok::<(), memo_runtime::ReadError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Coordinates {
    /// Integers that fit in 64 bits with a sign.
    Integers(Vec<i64>),
    /// Floating-point numbers.
    Floats(Vec<f64>),
    /// `false` and `true`.
    Booleans(Vec<bool>),
    /// Everything else: the labels are all there is.
    Labels,
}

/// A value as an integer, if its type is one and it fits.
pub(super) fn integer(value: &dyn Any) -> Option<i64> {
    macro_rules! any_of {
        ($($t:ty)*) => {
            $(if let Some(number) = value.downcast_ref::<$t>() {
                return i64::try_from(*number).ok();
            })*
        };
    }
    any_of!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);
    None
}

/// A value as one of another type: the same, or an integer of another width.
pub(super) fn converted<V: Copy + 'static>(value: &dyn Any) -> Option<V> {
    if let Some(same) = value.downcast_ref::<V>() {
        return Some(*same);
    }
    let number = integer(value)?;
    macro_rules! any_of {
        ($($t:ty)*) => {
            $(if let Ok(number) = <$t>::try_from(number)
                && let Some(number) = (&number as &dyn Any).downcast_ref::<V>()
            {
                return Some(*number);
            })*
        };
    }
    any_of!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);
    None
}

fn float(value: &dyn Any) -> Option<f64> {
    let narrow = value.downcast_ref::<f32>().map(|x| f64::from(*x));
    value.downcast_ref::<f64>().copied().or(narrow)
}

impl Coordinates {
    /// The same, floats as their labels have them: those of evenly spaced numbers are
    /// free of what rounding left.
    pub(super) fn labelled(self, labels: &[String]) -> Self {
        match self {
            Self::Floats(numbers) => {
                let labelled = numbers.iter().zip(labels).map(|(x, label)| label.parse().unwrap_or(*x));
                Self::Floats(labelled.collect())
            }
            other => other,
        }
    }

    /// Those of values that are all of one type.
    pub(super) fn of<'v>(values: impl Iterator<Item = &'v dyn Any> + Clone) -> Self {
        if let Some(integers) = values.clone().map(integer).collect() {
            return Self::Integers(integers);
        }
        if let Some(floats) = values.clone().map(float).collect() {
            return Self::Floats(floats);
        }
        let booleans: Option<Vec<bool>> = values.map(|value| value.downcast_ref::<bool>().copied()).collect();
        booleans.map_or(Self::Labels, Self::Booleans)
    }

    /// The values at some places, in that order.
    pub(super) fn at(&self, places: &[usize]) -> Self {
        fn chosen<T: Copy>(values: &[T], places: &[usize]) -> Vec<T> {
            places.iter().map(|place| values[*place]).collect()
        }
        match self {
            Self::Integers(values) => Self::Integers(chosen(values, places)),
            Self::Floats(values) => Self::Floats(chosen(values, places)),
            Self::Booleans(values) => Self::Booleans(chosen(values, places)),
            Self::Labels => Self::Labels,
        }
    }

    /// The values as numbers; none for truth values and labels.
    pub(super) fn numbers(&self) -> Option<Vec<f64>> {
        match self {
            Self::Integers(values) => Some(values.iter().map(|value| *value as f64).collect()),
            Self::Floats(values) => Some(values.clone()),
            Self::Booleans(_) | Self::Labels => None,
        }
    }

    /// The place of a value as another program writes it: `True`, `1.0`, `.5`.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        match self {
            Self::Integers(values) => {
                // Beyond 2⁵³ not all integers are floats: there they are to be written out.
                let exact = |x: &f64| x.fract() == 0.0 && x.abs() < 9_007_199_254_740_992.0;
                let number = text.parse::<f64>().ok().filter(exact)? as i64;
                values.iter().position(|value| *value == number)
            }
            Self::Floats(values) => crate::domain::nearest(text.parse().ok()?, values.iter().copied()),
            Self::Booleans(values) => {
                let wanted = ["false", "true"].iter().position(|word| text.eq_ignore_ascii_case(word))? == 1;
                values.iter().position(|value| *value == wanted)
            }
            Self::Labels => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<T: Any>(values: &[T]) -> Coordinates {
        Coordinates::of(values.iter().map(|value| -> &dyn Any { value }))
    }

    #[test]
    fn numbers_stay_numbers() {
        assert_eq!(of(&[1_u8, 2]), Coordinates::Integers(vec![1, 2]));
        assert_eq!(of(&[0.5_f32]), Coordinates::Floats(vec![0.5]));
        assert_eq!(of(&[true]), Coordinates::Booleans(vec![true]));
        assert_eq!(of(&["x"]), Coordinates::Labels);
        // What does not fit is a label, not another number.
        assert_eq!(of(&[u64::MAX]), Coordinates::Labels);
    }

    #[test]
    fn integers_have_any_width() {
        assert_eq!(converted::<i32>(&3_u64), Some(3));
        assert_eq!(converted::<u8>(&-1_i64), None);
        assert_eq!(converted::<f64>(&3_i64), None);
        assert_eq!(converted::<bool>(&true), Some(true));
    }

    #[test]
    fn values_are_found_as_other_programs_write_them() {
        assert_eq!(of(&[3_i64, 4]).find("4.0"), Some(1));
        assert_eq!(of(&[3_i64, 4]).find("4.5"), None);
        assert_eq!(of(&[0.1, 0.3]).find("0.30000000000000004"), Some(1));
        assert_eq!(of(&[0.1, 0.3]).find("0.31"), None);
        assert_eq!(of(&[false, true]).find("True"), Some(1));
        assert_eq!(of(&[false, true]).find("FALSE"), Some(0));
        assert_eq!(of(&["x"]).find("x"), None);
    }
}
