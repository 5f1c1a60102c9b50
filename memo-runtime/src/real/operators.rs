//! Comparisons and operators of numbers that carry derivatives.

/// Those of a type with the field `value`, a number of the type `$primal`: with its like
/// and with plain numbers.
macro_rules! number_like {
    ([$($generics:tt)*] $type:ty, $primal:ty) => {
        impl<$($generics)*> PartialEq for $type {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.value == other.value
            }
        }

        impl<$($generics)*> PartialOrd for $type {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                self.value.partial_cmp(&other.value)
            }
        }

        impl<$($generics)*> PartialEq<f64> for $type {
            #[inline]
            fn eq(&self, other: &f64) -> bool {
                self.value == *other
            }
        }

        impl<$($generics)*> PartialOrd<f64> for $type {
            #[inline]
            fn partial_cmp(&self, other: &f64) -> Option<std::cmp::Ordering> {
                self.value.partial_cmp(other)
            }
        }

        impl<$($generics)*> Neg for $type {
            type Output = Self;
            #[inline]
            fn neg(self) -> Self {
                self.shifted(-self.value, -1.0)
            }
        }

        impl<$($generics)*> Sum for $type {
            fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
                numbers.fold(Self::from(0.0), Add::add)
            }
        }

        impl<$($generics)*> fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.value(), f)
            }
        }

        $crate::real::number_like!(@sum [$($generics)*] $type, $primal, Add add +, 1.0);
        $crate::real::number_like!(@sum [$($generics)*] $type, $primal, Sub sub -, -1.0);
        $crate::real::number_like! { @assigned [$($generics)*] $type;
            AddAssign add_assign Add add; SubAssign sub_assign Sub sub;
            MulAssign mul_assign Mul mul; DivAssign div_assign Div div;
        }
        $crate::real::number_like! { @operators [$($generics)*] $type, $primal;
            Mul mul |a, b| a * b, (b, a);
        }
        $crate::real::number_like!(@quotients [$($generics)*] $type);
    };
    // How a quotient changes each type says itself.
    (@quotients [$($generics:tt)*] $type:ty) => {
        impl<$($generics)*> Div for $type {
            type Output = Self;
            #[inline]
            fn div(self, other: Self) -> Self {
                Self::quotient(self, other)
            }
        }
        impl<$($generics)*> Div<f64> for $type {
            type Output = Self;
            #[inline]
            fn div(self, other: f64) -> Self {
                Self::quotient(self, other.into())
            }
        }
        impl<$($generics)*> Div<$type> for f64 {
            type Output = $type;
            #[inline]
            fn div(self, other: $type) -> $type {
                <$type>::quotient(self.into(), other)
            }
        }
    };
    (@operators $generics:tt $type:ty, $primal:ty; $($trait:ident $method:ident |$a:ident, $b:ident| $value:expr, $slopes:expr;)*) => {
        $($crate::real::number_like!(@operator $generics $type, $primal, $trait $method |$a, $b| $value, $slopes);)*
    };
    (@operator [$($generics:tt)*] $type:ty, $primal:ty, $trait:ident $method:ident |$a:ident, $b:ident| $value:expr, $slopes:expr) => {
        impl<$($generics)*> $trait for $type {
            type Output = Self;
            #[inline]
            fn $method(self, other: Self) -> Self {
                let ($a, $b) = (self.value, other.value);
                self.chain2(other, $value, $slopes)
            }
        }
        impl<$($generics)*> $trait<f64> for $type {
            type Output = Self;
            #[inline]
            fn $method(self, other: f64) -> Self {
                let ($a, $b) = (self.value, <$primal>::from(other));
                let (slope, _) = $slopes;
                self.chain($value, slope)
            }
        }
        impl<$($generics)*> $trait<$type> for f64 {
            type Output = $type;
            #[inline]
            fn $method(self, other: $type) -> $type {
                let ($a, $b) = (<$primal>::from(self), other.value);
                let (_, slope) = $slopes;
                other.chain($value, slope)
            }
        }
    };
    // Sums have derivatives that are 1 or −1.
    (@sum [$($generics:tt)*] $type:ty, $primal:ty, $trait:ident $method:ident $operator:tt, $sign:expr) => {
        impl<$($generics)*> $trait for $type {
            type Output = Self;
            #[inline]
            fn $method(self, other: Self) -> Self {
                self.joined(other, self.value $operator other.value, $sign)
            }
        }
        impl<$($generics)*> $trait<f64> for $type {
            type Output = Self;
            #[inline]
            fn $method(self, other: f64) -> Self {
                self.shifted(self.value $operator <$primal>::from(other), 1.0)
            }
        }
        impl<$($generics)*> $trait<$type> for f64 {
            type Output = $type;
            #[inline]
            fn $method(self, other: $type) -> $type {
                other.shifted(<$primal>::from(self) $operator other.value, $sign)
            }
        }
    };
    (@assigned $generics:tt $type:ty; $($assign:ident $assigned:ident $trait:ident $method:ident;)*) => {
        $($crate::real::number_like!(@one_assigned $generics $type, $assign $assigned $trait $method);)*
    };
    (@one_assigned [$($generics:tt)*] $type:ty, $assign:ident $assigned:ident $trait:ident $method:ident) => {
        impl<$($generics)*> $assign for $type {
            #[inline]
            fn $assigned(&mut self, other: Self) {
                *self = $trait::$method(*self, other);
            }
        }
        impl<$($generics)*> $assign<f64> for $type {
            #[inline]
            fn $assigned(&mut self, other: f64) {
                *self = $trait::$method(*self, other);
            }
        }
    };
}
pub(crate) use number_like;
