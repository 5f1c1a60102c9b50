//! The type of a domain, from the path to its value.
//!
//! The bound of an axis, `fn f<n: N>`, names a value; the type of the table
//! needs the *type* of that value, and Rust has no `typeof`. Generated code
//! imports the path under the name `Axis0` in a scope that also imports
//! [`fallback`] by glob. An explicit import shadows a glob, namespace by
//! namespace: where the path is a type as well (an enum with
//! `#[derive(Domain)]`), `Axis0` is that type; where it is a constant only,
//! `Axis0` is [`fallback::NoType`], and the type is found among the built-in
//! domain types by the numbers [`kind`] and [`size`] of the constant.

use std::ops::{Range, RangeInclusive};

use crate::{Bool, Domain, Linspace, Values};

/// Stand-ins for paths that are no types.
#[allow(unused_imports)]
pub mod fallback {
    /// In the type namespace of a path that is only a constant.
    #[derive(Debug)]
    pub struct NoType {}
    pub use NoType as Axis0;
    pub use NoType as Axis1;
    pub use NoType as Axis2;
    pub use NoType as Axis3;
    pub use NoType as Axis4;
    pub use NoType as Axis5;
    pub use NoType as Axis6;
    pub use NoType as Axis7;
    pub use NoType as Axis8;
    pub use NoType as Axis9;
    pub use NoType as Axis10;
    pub use NoType as Axis11;
}

/// The axes of a model's table.
pub trait Signature {
    /// A tuple of domains.
    type Axes<'memo>: crate::table::Axes;
    /// For each returned table the places of those axes whose rows are chances, which sum
    /// to 1 or are all 0, as bits; none where that is not known.
    const CHANCES: &'static [u64] = &[];
}

/// Whether a model's table holds rows of chances along the axes at these places.
#[must_use]
#[inline(always)]
pub fn has_chances<S: Signature>(which: usize, places: u64) -> bool {
    S::CHANCES.get(which) == Some(&places)
}

/// From a name and the numbers of its value to the type of the domain.
#[diagnostic::on_unimplemented(
    message = "the type of this domain cannot be told from its name",
    label = "an axis ranges over this",
    note = "beside the constant, give the type the same name: `type X = …; const X: … = …;`"
)]
pub trait AxisType<const KIND: usize, const SIZE: usize> {
    /// The domain.
    type Domain: Domain;
}

// A type alias may name a domain as well.
impl<D: Domain, const KIND: usize, const SIZE: usize> AxisType<KIND, SIZE> for D {
    type Domain = D;
}

/// Something that no type is.
pub trait Unknown {}

/// The second number of a domain whose first says nothing.
#[derive(Debug)]
pub struct Size<const SIZE: usize>;

// With it there are two implementations for a name that is no type and a number that says
// nothing, so that rustc does not take the one for granted and ask for more of the name.
#[diagnostic::do_not_recommend]
impl<const SIZE: usize> AxisType<0, SIZE> for fallback::NoType
where
    Size<SIZE>: Unknown,
{
    type Domain = Bool;
}

macro_rules! built_in {
    ($($t:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl AxisType<{ <$t as Domain>::KIND }, 0> for fallback::NoType {
            type Domain = $t;
        }
    )*};
}
built_in!(
    Range<i8>,
    Range<i16>,
    Range<i32>,
    Range<i64>,
    Range<isize>,
    Range<u8>,
    Range<u16>,
    Range<u32>,
    Range<u64>,
    Range<usize>,
    RangeInclusive<i8>,
    RangeInclusive<i16>,
    RangeInclusive<i32>,
    RangeInclusive<i64>,
    RangeInclusive<isize>,
    RangeInclusive<u8>,
    RangeInclusive<u16>,
    RangeInclusive<u32>,
    RangeInclusive<u64>,
    RangeInclusive<usize>,
    Bool,
    Linspace,
    Vec<f64>,
    &'static [f64]
);

#[diagnostic::do_not_recommend]
impl<const N: usize> AxisType<{ <Values<0> as Domain>::KIND }, N> for fallback::NoType {
    type Domain = Values<N>;
}

/// [`Domain::KIND`] of a value.
#[must_use]
pub const fn kind<D: Domain>(_: &D) -> usize {
    D::KIND
}

/// [`Domain::SIZE`] of a value.
#[must_use]
pub const fn size<D: Domain>(_: &D) -> usize {
    D::SIZE
}
