//! Numbers that carry derivatives as arguments of functions.

use super::{Dual, Real};
use crate::value::FromNumber;

/// What a function may take in the place of a number that carries derivatives.
#[diagnostic::on_unimplemented(
    message = "a derivative cannot pass through a function of `{Self}`",
    label = "this function stands between a parameter and the result of a model that is differentiated",
    note = "make it generic over real numbers: `fn f<R: memo::Real>(x: R, …) -> R`",
    note = "or leave the parameter out: `#[memo(grad(…))]` names those with respect to which is differentiated"
)]
pub trait Carries<const N: usize>: Sized {
    /// The number in this type.
    fn carry(number: Dual<N>) -> Self;
}

impl<const N: usize> Carries<N> for Dual<N> {
    #[inline(always)]
    fn carry(number: Self) -> Self {
        number
    }
}

/// The argument of a function, in one of `N` directions.
#[inline(always)]
pub fn carried<const N: usize, T: Carries<N>>(value: f64, direction: usize) -> T {
    T::carry(Dual::variable(value, direction))
}

/// What a function has returned: its value and its derivatives.
#[inline(always)]
pub fn unloaded<const N: usize>(result: Dual<N>) -> (f64, [f64; N]) {
    (result.value, result.slopes)
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
