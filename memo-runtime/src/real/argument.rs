//! Numbers that carry derivatives as arguments of functions.

use std::ops::Deref;

use super::{Dual, Real};
use crate::value::FromNumber;

/// What is carried through a function: a number with its derivatives takes the place of
/// a number.
///
/// The name stands in what rustc says of a function that does not let it through.
#[derive(Debug)]
pub struct Derivative;

/// The types of arguments and results that a derivative can pass.
///
/// That two of them could be meant leaves the type of an argument to the function, so
/// that one of another type is a missing implementation, with the words below, instead of
/// a mismatch of types that nobody has written. What is said is the same for first and
/// second derivatives, so rustc says it once.
#[diagnostic::on_unimplemented(
    message = "a derivative cannot pass through a function of `{T}`",
    label = "this function stands between a parameter and the result of a model that is differentiated",
    note = "make it generic over real numbers: `fn f<R: memo::Real>(x: R, …) -> R`",
    note = "or leave the parameter out: `#[memo(grad(…))]` names those with respect to which is differentiated"
)]
pub trait PassesThrough<T> {
    /// The argument of a function, in one of the directions.
    fn carry<V: Real + Into<Dual<1>>>(value: V, direction: usize) -> T;
}

#[diagnostic::do_not_recommend]
impl<const N: usize> PassesThrough<Dual<N>> for Derivative {
    #[inline(always)]
    fn carry<V: Real + Into<Dual<1>>>(value: V, direction: usize) -> Dual<N> {
        Dual::variable(value.value(), direction)
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> PassesThrough<Dual<N, Dual<1>>> for Derivative {
    #[inline(always)]
    fn carry<V: Real + Into<Dual<1>>>(value: V, direction: usize) -> Dual<N, Dual<1>> {
        Dual::variable(value.into(), direction)
    }
}

/// What a function has returned.
#[derive(Debug)]
pub struct Loaded<T>(Refused<T>);

/// The same, where the function was none that a derivative can pass.
#[derive(Debug)]
pub struct Refused<T>(T);

/// What a function has returned, to be unloaded.
#[inline(always)]
pub fn loaded<T>(result: T) -> Loaded<T> {
    Loaded(Refused(result))
}

/// A value and its derivatives.
pub type Unloaded<const N: usize> = (f64, [f64; N]);

impl<const N: usize, T> Loaded<Dual<N, T>> {
    /// The value and its derivatives.
    #[inline(always)]
    pub fn unloaded(self) -> (T, [T; N]) {
        let Dual { value, slopes } = self.0.0;
        (value, slopes)
    }
}

// A type that is not known yet is taken for a number with derivatives; `unloaded` of
// another is found behind this.
impl<T> Deref for Loaded<T> {
    type Target = Refused<T>;

    fn deref(&self) -> &Refused<T> {
        &self.0
    }
}

impl<T> Refused<T> {
    /// What does not compile, with the same words as for an argument.
    ///
    /// # Panics
    /// Never: no model calls it.
    pub fn unloaded<X>(&self) -> X
    where
        Derivative: PassesThrough<T>,
    {
        unreachable!("bug in memo: a function without a derivative was called for one")
    }
}

/// Values as arguments beside those that carry derivatives.
pub trait Beside<T> {
    /// The value as the function takes it.
    fn beside(self) -> T;
}

impl<T> Beside<T> for T {
    #[inline(always)]
    fn beside(self) -> T {
        self
    }
}

macro_rules! numbers_beside {
    ($($t:ty)*) => {$(
        impl<const N: usize, T: Real> Beside<Dual<N, T>> for $t {
            #[inline(always)]
            fn beside(self) -> Dual<N, T> {
                Dual::from(self as f64)
            }
        }
    )*};
}
numbers_beside!(f64 f32 i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

impl<const N: usize, T: Real> FromNumber for Dual<N, T> {
    #[inline(always)]
    fn from_number(number: f64) -> Option<Self> {
        Some(Self::from(number))
    }
}
