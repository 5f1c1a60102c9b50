//! Where a way back begins: how much each cell of a table counts.

use std::borrow::Cow;

use ndarray::{ArrayBase, Data, Dimension};

use crate::Table;
use crate::table::{Axes, LabelledArray};

/// The cells of a cotangent: how much each cell of a table counts.
pub trait Cotangent {
    /// One number a cell, row-major.
    fn cells(&self) -> Cow<'_, [f64]>;
}

impl Cotangent for f64 {
    fn cells(&self) -> Cow<'_, [f64]> {
        Cow::Owned(vec![*self])
    }
}

impl Cotangent for [f64] {
    fn cells(&self) -> Cow<'_, [f64]> {
        Cow::Borrowed(self)
    }
}

impl Cotangent for Vec<f64> {
    fn cells(&self) -> Cow<'_, [f64]> {
        Cow::Borrowed(self)
    }
}

impl<const N: usize> Cotangent for [f64; N] {
    fn cells(&self) -> Cow<'_, [f64]> {
        Cow::Borrowed(self)
    }
}

impl<A: Axes> Cotangent for Table<A> {
    fn cells(&self) -> Cow<'_, [f64]> {
        Cow::Borrowed(self.values())
    }
}

impl Cotangent for LabelledArray {
    fn cells(&self) -> Cow<'_, [f64]> {
        Cow::Borrowed(self.values())
    }
}

impl<S: Data<Elem = f64>, D: Dimension> Cotangent for ArrayBase<S, D> {
    fn cells(&self) -> Cow<'_, [f64]> {
        match self.as_slice() {
            Some(cells) => Cow::Borrowed(cells),
            None => self.iter().copied().collect(),
        }
    }
}

/// Cotangents of all tables of a model: one, or a tuple of several.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no cotangent of the {N} table(s) that this model returns",
    note = "a number a cell: a table, an array or a slice by reference; a tuple of these for several tables"
)]
pub trait Seeds<const N: usize> {
    /// The cells of each.
    fn seeds(&self) -> [Cow<'_, [f64]>; N];
}

impl<C: Cotangent + ?Sized> Seeds<1> for &C {
    fn seeds(&self) -> [Cow<'_, [f64]>; 1] {
        [self.cells()]
    }
}

macro_rules! tuples {
    ($n:literal $($name:ident $at:tt)+) => {
        impl<$($name: Cotangent + ?Sized),+> Seeds<$n> for ($(&$name,)+) {
            fn seeds(&self) -> [Cow<'_, [f64]>; $n] {
                [$(self.$at.cells()),+]
            }
        }
    };
}
tuples!(2 A 0 B 1);
tuples!(3 A 0 B 1 C 2);
tuples!(4 A 0 B 1 C 2 D 3);
