//! The values of domains: how they compare and count as numbers.

use crate::support::place;
use crate::{Error, Fault};

/// A value that a choice can take.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type of value that a model knows",
    note = "numbers, `bool`, types with `#[derive(Domain)]`, and tuples and arrays of these are"
)]
pub trait Value: Copy + PartialEq {
    /// [`Number`] for plain numbers, the type itself for everything else: what
    /// may be compared with what is decided by it.
    type Class;
}

/// Types of which some value is at hand in constants.
#[diagnostic::on_unimplemented(
    message = "a field of the type `{Self}` cannot be part of a domain",
    note = "numbers, `bool`, types with `#[derive(Domain)]`, and tuples and arrays of these can"
)]
pub trait AnyValue: Sized {
    /// One of the values.
    const ANY: Self;
}

macro_rules! any_number {
    ($($t:ty = $any:literal;)*) => {$(
        impl AnyValue for $t {
            const ANY: Self = $any;
        }
    )*};
}
any_number! {
    i8 = 0; i16 = 0; i32 = 0; i64 = 0; isize = 0; u8 = 0; u16 = 0; u32 = 0; u64 = 0; usize = 0;
    f32 = 0.0; f64 = 0.0; bool = false;
}

impl<V: AnyValue + Copy, const N: usize> AnyValue for [V; N] {
    const ANY: Self = [V::ANY; N];
}

/// The class of plain numbers.
#[derive(Clone, Copy, Debug)]
pub struct Number;

/// Values that count as a number: enums by their discriminant.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` does not count as a number",
    label = "a number is expected here",
    note = "integers, floats, `bool` and enums with `#[derive(Domain)]` do",
    note = "a model is called with its axes in brackets: `f[x](…)`, or `f[](…)` when it has none"
)]
pub trait Numeric: Value {
    /// The number.
    fn number(self) -> f64;
    /// The place in an array that it is.
    #[inline(always)]
    fn place(self) -> Option<usize> {
        place(self.number())
    }
}

/// Types whose class is themselves; `#[derive(Domain)]` implements it.
pub trait Labelled: Value<Class = Self> {}

macro_rules! plain_numbers {
    ($($place:ident: $($t:ty)*;)*) => {$($(
        impl Value for $t {
            type Class = Number;
        }
        impl Numeric for $t {
            #[inline(always)]
            fn number(self) -> f64 {
                self as f64
            }
            plain_numbers!(@$place);
        }
    )*)*};
    (@integer) => {
        #[inline(always)]
        fn place(self) -> Option<usize> {
            usize::try_from(self).ok()
        }
    };
    (@float) => {};
}
plain_numbers! {
    integer: i8 i16 i32 i64 isize u8 u16 u32 u64 usize;
    float: f32 f64;
}

impl Value for bool {
    type Class = Number;
}

impl Numeric for bool {
    #[inline(always)]
    fn number(self) -> f64 {
        f64::from(u8::from(self))
    }
}

impl<V: Value, const N: usize> Value for [V; N] {
    type Class = Self;
}

impl<V: Value, const N: usize> Labelled for [V; N] {}

macro_rules! tuples {
    ($($name:ident)+) => {
        impl<$($name: Value),+> Value for ($($name,)+) {
            type Class = Self;
        }
        impl<$($name: Value),+> Labelled for ($($name,)+) {}
        impl<$($name: AnyValue),+> AnyValue for ($($name,)+) {
            const ANY: Self = ($($name::ANY,)+);
        }
    };
}
tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);

/// Whether values of two classes may be asked to be equal.
#[diagnostic::on_unimplemented(
    message = "a `{A}` cannot be compared with a `{B}`",
    label = "these two are of different kinds",
    note = "values of one domain can be compared with each other, and numbers with numbers and enums"
)]
pub trait Equal<A, B> {
    /// Whether they are.
    fn equal(a: A, b: B) -> bool;
}

impl<A: Numeric<Class = Number>, B: Numeric<Class = Number>> Equal<A, B> for (Number, Number) {
    #[inline(always)]
    fn equal(a: A, b: B) -> bool {
        a.number() == b.number()
    }
}

#[diagnostic::do_not_recommend]
impl<C: Labelled> Equal<C, C> for (C, C) {
    #[inline(always)]
    fn equal(a: C, b: C) -> bool {
        a == b
    }
}

#[diagnostic::do_not_recommend]
impl<C: Labelled + Numeric, B: Numeric> Equal<C, B> for (C, Number) {
    #[inline(always)]
    fn equal(a: C, b: B) -> bool {
        a.number() == b.number()
    }
}

#[diagnostic::do_not_recommend]
impl<C: Labelled + Numeric, A: Numeric> Equal<A, C> for (Number, C) {
    #[inline(always)]
    fn equal(a: A, b: C) -> bool {
        a.number() == b.number()
    }
}

/// Whether values of two classes have an order between them.
#[diagnostic::on_unimplemented(
    message = "there is no order between a `{A}` and a `{B}`",
    label = "these two are of different kinds",
    note = "values of one enum are ordered by their discriminant, and numbers are ordered with numbers and enums"
)]
pub trait Ordered<A, B> {
    /// The two as numbers.
    fn numbers(a: A, b: B) -> (f64, f64);
}

macro_rules! ordered {
    ($([$($generics:tt)*] $a:ty, $b:ty, $classes:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Ordered<$a, $b> for $classes {
            #[inline(always)]
            fn numbers(a: $a, b: $b) -> (f64, f64) {
                (a.number(), b.number())
            }
        }
    )*};
}
ordered! {
    [A: Numeric, B: Numeric] A, B, (Number, Number);
    [C: Labelled + Numeric] C, C, (C, C);
    [C: Labelled + Numeric, B: Numeric] C, B, (C, Number);
    [C: Labelled + Numeric, A: Numeric] A, C, (Number, C);
}

/// `a == b`
#[inline(always)]
pub fn eq<A: Value, B: Value>(a: A, b: B) -> bool
where
    (A::Class, B::Class): Equal<A, B>,
{
    <(A::Class, B::Class)>::equal(a, b)
}

/// `a != b`
#[inline(always)]
pub fn ne<A: Value, B: Value>(a: A, b: B) -> bool
where
    (A::Class, B::Class): Equal<A, B>,
{
    !<(A::Class, B::Class)>::equal(a, b)
}

macro_rules! orders {
    ($($(#[$doc:meta])* $name:ident $operator:tt)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        pub fn $name<A: Value, B: Value>(a: A, b: B) -> bool
        where
            (A::Class, B::Class): Ordered<A, B>,
        {
            let (a, b) = <(A::Class, B::Class)>::numbers(a, b);
            a $operator b
        }
    )*};
}
orders! {
    /// `a < b`
    lt <
    /// `a <= b`
    le <=
    /// `a > b`
    gt >
    /// `a >= b`
    ge >=
}

/// The value as a number.
#[inline(always)]
pub fn num<V: Numeric>(value: V) -> f64 {
    value.number()
}

/// The value as a truth value: whether it is not 0.
#[inline(always)]
pub fn truth<V: Numeric>(value: V) -> bool {
    value.number() != 0.0
}

/// Types that a computed number can become, to be given to a Rust function.
#[diagnostic::on_unimplemented(
    message = "a computed number cannot be given to a function as a `{Self}`",
    note = "functions of a model take numbers, `bool` and values of domains"
)]
pub trait FromNumber: Sized {
    /// The number in this type, if it has a place there.
    fn from_number(number: f64) -> Option<Self>;
}

impl FromNumber for f64 {
    #[inline(always)]
    fn from_number(number: f64) -> Option<Self> {
        Some(number)
    }
}

impl FromNumber for f32 {
    #[inline(always)]
    fn from_number(number: f64) -> Option<Self> {
        Some(number as Self)
    }
}

impl FromNumber for bool {
    #[inline(always)]
    fn from_number(number: f64) -> Option<Self> {
        Some(number != 0.0)
    }
}

macro_rules! integers_from_numbers {
    ($($t:ty)*) => {$(
        impl FromNumber for $t {
            #[inline(always)]
            fn from_number(number: f64) -> Option<Self> {
                // The cast saturates, so only exact integers come back whole.
                let integer = number as Self;
                (integer as f64 == number).then_some(integer)
            }
        }
    )*};
}
integers_from_numbers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

/// A computed number as the argument of a Rust function.
///
/// # Errors
/// [`Error::BadArgument`] when the function wants an integer and the number is
/// none, or none of that size.
#[inline(always)]
pub fn arg<T: FromNumber>(model: &str, function: &str, number: f64) -> Result<T, Fault> {
    match T::from_number(number) {
        Some(value) => Ok(value),
        None => Err(bad_argument::<T>(model, function, number)),
    }
}

#[cold]
fn bad_argument<T>(model: &str, function: &str, number: f64) -> Fault {
    let wanted = std::any::type_name::<T>().into();
    Error::BadArgument { model: model.into(), function: function.into(), wanted, number }.into()
}
