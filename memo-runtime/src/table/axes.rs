//! The axes of a table: a tuple of domains.

use std::any::Any;

use crate::Domain;
use crate::value::Value;

/// A tuple of domains, and the keys that go with it.
///
/// ```
/// use memo_runtime::{Axes, Bool, Table};
///
/// /// The largest number of a table over any axes.
/// fn largest<A: Axes>(table: &Table<A>) -> f64 {
///     table.values().iter().copied().fold(f64::NEG_INFINITY, f64::max)
/// }
///
/// let rain = Table::from_csv("p", &["rain"], (Bool,), "rain,p\ntrue,0.25\n".as_bytes())?;
/// assert_eq!(largest(&rain), 0.25);
/// # Ok::<(), memo_runtime::ReadError>(())
/// ```
pub trait Axes: Clone + PartialEq {
    /// A value of the one axis, or a tuple of values, or `()`.
    type Key: Copy;
    /// One length an axis.
    type Lengths: AsRef<[usize]> + Copy + std::fmt::Debug;
    /// The length of each axis.
    fn lengths(&self) -> Self::Lengths;
    /// The row-major place of a key, if all its values are in their domains.
    fn index(&self, key: Self::Key) -> Option<usize>;
    /// The key of a row-major place.
    fn key(&self, cell: usize) -> Self::Key;
    /// What the value at a place of an axis is called.
    fn label(&self, axis: usize, at: usize) -> String;
    /// The value at a place of an axis.
    fn value(&self, axis: usize, at: usize) -> Box<dyn Any>;
    /// The place of a value on an axis; `None` if it is of another type, too.
    fn find(&self, axis: usize, value: &dyn Any) -> Option<usize>;
    /// The first axis whose part of the key is outside its domain.
    fn outside(&self, key: Self::Key) -> usize;
    /// What a part of the key is called.
    fn show(&self, key: Self::Key, axis: usize) -> String;
}

/// The place on each axis of a row-major place in the whole.
pub(crate) fn places(cell: usize, shape: &[usize]) -> Vec<usize> {
    let mut rest = cell;
    let mut places = vec![0; shape.len()];
    for (place, n) in places.iter_mut().zip(shape).rev() {
        *place = rest % n;
        rest /= n;
    }
    places
}

/// A value for a message: plain numbers as they are, others by their type.
fn show_value<V: Value + 'static>(value: V) -> String {
    let value: &dyn Any = &value;
    macro_rules! numbers {
        ($($t:ty)*) => {
            $(if let Some(number) = value.downcast_ref::<$t>() {
                return number.to_string();
            })*
        };
    }
    numbers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64 bool);
    format!("a value of type `{}`", std::any::type_name::<V>())
}

impl Axes for () {
    type Key = ();
    type Lengths = [usize; 0];
    fn lengths(&self) -> [usize; 0] {
        []
    }
    fn index(&self, (): ()) -> Option<usize> {
        Some(0)
    }
    fn key(&self, _: usize) {}
    fn label(&self, _: usize, _: usize) -> String {
        String::new()
    }
    fn value(&self, _: usize, _: usize) -> Box<dyn Any> {
        Box::new(())
    }
    fn find(&self, _: usize, _: &dyn Any) -> Option<usize> {
        None
    }
    fn outside(&self, (): ()) -> usize {
        0
    }
    fn show(&self, (): (), _: usize) -> String {
        String::new()
    }
}

/// The place of a value of unknown type in a domain.
fn find_in<D: Domain>(domain: &D, value: &dyn Any) -> Option<usize>
where
    D::Value: 'static,
{
    domain.index(*value.downcast_ref::<D::Value>()?)
}

impl<A: Domain> Axes for (A,)
where
    A::Value: 'static,
{
    type Key = A::Value;
    type Lengths = [usize; 1];
    fn lengths(&self) -> [usize; 1] {
        [self.0.len()]
    }
    fn index(&self, key: A::Value) -> Option<usize> {
        self.0.index(key)
    }
    fn key(&self, cell: usize) -> A::Value {
        self.0.value(cell)
    }
    fn label(&self, _: usize, at: usize) -> String {
        self.0.label(at)
    }
    fn value(&self, _: usize, at: usize) -> Box<dyn Any> {
        Box::new(self.0.value(at))
    }
    fn find(&self, _: usize, value: &dyn Any) -> Option<usize> {
        find_in(&self.0, value)
    }
    fn outside(&self, _: A::Value) -> usize {
        0
    }
    fn show(&self, key: A::Value, _: usize) -> String {
        show_value(key)
    }
}

macro_rules! tuples {
    ($($name:ident $at:tt)+) => {
        impl<$($name: Domain),+> Axes for ($($name,)+)
        where
            $($name::Value: 'static),+
        {
            type Key = ($($name::Value,)+);
            type Lengths = [usize; [$($at),+].len()];
            fn lengths(&self) -> Self::Lengths {
                [$(self.$at.len()),+]
            }
            fn index(&self, key: Self::Key) -> Option<usize> {
                let mut cell = 0;
                $(cell = cell * self.$at.len() + self.$at.index(key.$at)?;)+
                Some(cell)
            }
            fn key(&self, cell: usize) -> Self::Key {
                let places = places(cell, &self.lengths());
                ($(self.$at.value(places[$at]),)+)
            }
            fn label(&self, axis: usize, at: usize) -> String {
                match axis {
                    $($at => self.$at.label(at),)+
                    _ => String::new(),
                }
            }
            fn value(&self, axis: usize, at: usize) -> Box<dyn Any> {
                match axis {
                    $($at => Box::new(self.$at.value(at)),)+
                    _ => Box::new(()),
                }
            }
            fn find(&self, axis: usize, value: &dyn Any) -> Option<usize> {
                match axis {
                    $($at => find_in(&self.$at, value),)+
                    _ => None,
                }
            }
            fn outside(&self, key: Self::Key) -> usize {
                $(if self.$at.index(key.$at).is_none() {
                    return $at;
                })+
                0
            }
            fn show(&self, key: Self::Key, axis: usize) -> String {
                match axis {
                    $($at => show_value(key.$at),)+
                    _ => String::new(),
                }
            }
        }
    };
}
tuples!(A 0 B 1);
tuples!(A 0 B 1 C 2);
tuples!(A 0 B 1 C 2 D 3);
tuples!(A 0 B 1 C 2 D 3 E 4);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);
