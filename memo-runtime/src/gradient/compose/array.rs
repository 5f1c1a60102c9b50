//! Arrays and tables as parameters of calls that are differentiated.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use ndarray::{Array, ArrayView, Dimension};

use super::{TracedTable, Var};
use crate::Table;
use crate::real::Real;
use crate::table::Axes;

/// A parameter of a call: the user's own, or made for the calls that share it.
pub enum Held<'a, A: ?Sized> {
    /// The user's.
    Borrowed(&'a A),
    /// Made of numbers whose derivatives are wanted.
    Shared(Arc<A>),
}

impl<A: ?Sized> Clone for Held<'_, A> {
    fn clone(&self) -> Self {
        match self {
            Self::Borrowed(array) => Self::Borrowed(array),
            Self::Shared(array) => Self::Shared(Arc::clone(array)),
        }
    }
}

impl<A: ?Sized> Deref for Held<'_, A> {
    type Target = A;

    #[inline]
    fn deref(&self) -> &A {
        match self {
            Self::Borrowed(array) => array,
            Self::Shared(array) => array,
        }
    }
}

impl<A: ?Sized> fmt::Debug for Held<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held")
    }
}

impl<'a, A: ?Sized> Held<'a, A> {
    /// What lives as long as the call: of this kind are domains.
    ///
    /// # Panics
    /// Where it was made of numbers, which no domain is.
    #[must_use]
    pub fn borrowed(&self) -> &'a A {
        match self {
            Self::Borrowed(array) => array,
            Self::Shared(_) => {
                unreachable!("bug in memo: numbers whose derivatives are wanted are no domain")
            }
        }
    }
}

/// What one call hands to another in the place of a reference.
pub trait Handed<'a, A: ?Sized> {
    /// To be kept.
    fn held(self) -> Held<'a, A>;
}

impl<'a, A: ?Sized> Handed<'a, A> for Held<'a, A> {
    #[inline]
    fn held(self) -> Held<'a, A> {
        self
    }
}

impl<'a, A: ?Sized> Handed<'a, A> for &'a A {
    #[inline]
    fn held(self) -> Held<'a, A> {
        Held::Borrowed(self)
    }
}

impl<'a, T> Handed<'a, [T]> for &'a Vec<T> {
    fn held(self) -> Held<'a, [T]> {
        Held::Borrowed(self)
    }
}

impl<'a, T, const N: usize> Handed<'a, [T]> for &'a [T; N] {
    fn held(self) -> Held<'a, [T]> {
        Held::Borrowed(self)
    }
}

/// What `f::traced` takes where the model takes an array or a table `A` by reference:
/// the same, through which no derivative passes, or one of [`Var`]s.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no `{A}` of numbers whose derivatives are wanted",
    note = "in the place of a slice stands a slice of `memo::Var`, of an `ndarray` array one with the same axes, of a table a `memo::TracedTable`; or the array of plain numbers itself, by reference"
)]
pub trait TracedArray<'t, 'env, A: ?Sized> {
    /// The numbers without derivatives, and those whose derivatives are wanted,
    /// row-major.
    fn taken(self) -> (Held<'env, A>, Vec<Var<'t, 'env>>);
}

impl<'t, 'env, A: ?Sized> TracedArray<'t, 'env, A> for &'env A {
    fn taken(self) -> (Held<'env, A>, Vec<Var<'t, 'env>>) {
        (Held::Borrowed(self), Vec::new())
    }
}

impl<'t, 'env> TracedArray<'t, 'env, [f64]> for &'env Vec<f64> {
    fn taken(self) -> (Held<'env, [f64]>, Vec<Var<'t, 'env>>) {
        (Held::Borrowed(self), Vec::new())
    }
}

impl<'t, 'env, const N: usize> TracedArray<'t, 'env, [f64]> for &'env [f64; N] {
    fn taken(self) -> (Held<'env, [f64]>, Vec<Var<'t, 'env>>) {
        (Held::Borrowed(self), Vec::new())
    }
}

/// The numbers alone.
fn values(numbers: &[Var<'_, '_>]) -> Vec<f64> {
    numbers.iter().map(|number| number.value()).collect()
}

impl<'t, 'env> TracedArray<'t, 'env, [f64]> for &[Var<'t, 'env>] {
    fn taken(self) -> (Held<'env, [f64]>, Vec<Var<'t, 'env>>) {
        (Held::Shared(values(self).into()), self.to_vec())
    }
}

impl<'t, 'env> TracedArray<'t, 'env, [f64]> for &Vec<Var<'t, 'env>> {
    fn taken(self) -> (Held<'env, [f64]>, Vec<Var<'t, 'env>>) {
        self.as_slice().taken()
    }
}

impl<'t, 'env, const N: usize> TracedArray<'t, 'env, [f64]> for &[Var<'t, 'env>; N] {
    fn taken(self) -> (Held<'env, [f64]>, Vec<Var<'t, 'env>>) {
        self.as_slice().taken()
    }
}

impl<'t, 'env> TracedArray<'t, 'env, Vec<f64>> for &[Var<'t, 'env>] {
    fn taken(self) -> (Held<'env, Vec<f64>>, Vec<Var<'t, 'env>>) {
        (Held::Shared(Arc::new(values(self))), self.to_vec())
    }
}

impl<'t, 'env> TracedArray<'t, 'env, Vec<f64>> for &Vec<Var<'t, 'env>> {
    fn taken(self) -> (Held<'env, Vec<f64>>, Vec<Var<'t, 'env>>) {
        self.as_slice().taken()
    }
}

impl<'t, 'env, const N: usize> TracedArray<'t, 'env, [f64; N]> for &[Var<'t, 'env>; N] {
    fn taken(self) -> (Held<'env, [f64; N]>, Vec<Var<'t, 'env>>) {
        (Held::Shared(Arc::new(self.map(|number| number.value()))), self.to_vec())
    }
}

impl<'t, 'env, D: Dimension> TracedArray<'t, 'env, Array<f64, D>> for &Array<Var<'t, 'env>, D> {
    fn taken(self) -> (Held<'env, Array<f64, D>>, Vec<Var<'t, 'env>>) {
        (&self.view()).taken()
    }
}

impl<'t, 'env, D: Dimension> TracedArray<'t, 'env, Array<f64, D>> for &ArrayView<'_, Var<'t, 'env>, D> {
    fn taken(self) -> (Held<'env, Array<f64, D>>, Vec<Var<'t, 'env>>) {
        // Rows lie one after the other, whatever the layout of the array.
        let numbers: Vec<Var<'t, 'env>> = self.iter().copied().collect();
        match Array::from_shape_vec(self.raw_dim(), values(&numbers)) {
            Ok(array) => (Held::Shared(Arc::new(array)), numbers),
            Err(error) => unreachable!("bug in memo: {error}"),
        }
    }
}

impl<'t, 'env, A: Axes> TracedArray<'t, 'env, Table<A>> for &TracedTable<'t, 'env, A> {
    fn taken(self) -> (Held<'env, Table<A>>, Vec<Var<'t, 'env>>) {
        (Held::Shared(Arc::new(self.table.clone())), self.cells.clone())
    }
}
