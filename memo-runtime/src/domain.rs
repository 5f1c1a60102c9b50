//! Domains: finite, ordered sets of values.

use std::ops::{Range, RangeInclusive};

use crate::value::Value;

/// A finite, ordered set of values, each with a place and a label.
///
/// ```
/// use memo_runtime::Domain;
/// let die = 1..=6_i64;
/// assert_eq!((die.len(), die.value(2), die.index(6), die.label(0)), (6, 3, Some(5), "1".into()));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a domain",
    label = "a domain is expected here",
    note = "domains are types with `#[derive(Domain)]`, integer ranges, `Bool`, `linspace(…)`, `Values::from([…])`, slices of floats, tuples and arrays of domains"
)]
pub trait Domain: Clone + PartialEq {
    /// The type of the values.
    type Value: Value;
    /// Tells the built-in domain types apart at compile time; 0 for others.
    const KIND: usize = 0;
    /// A second number beside [`Domain::KIND`].
    const SIZE: usize = 0;
    /// How many values there are, where the type alone says so; else 0.
    const COUNT: usize = 0;
    /// How many values there are.
    fn len(&self) -> usize;
    /// The value at a place below [`Domain::len`].
    fn value(&self, index: usize) -> Self::Value;
    /// The place of a value, if it is in the domain.
    fn index(&self, value: Self::Value) -> Option<usize>;
    /// What the value is called in print.
    fn label(&self, index: usize) -> String;
    /// Whether there are no values.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<D: Domain> Domain for &D {
    type Value = D::Value;
    const COUNT: usize = D::COUNT;
    #[inline]
    fn len(&self) -> usize {
        D::len(self)
    }
    #[inline]
    fn value(&self, index: usize) -> D::Value {
        D::value(self, index)
    }
    #[inline]
    fn index(&self, value: D::Value) -> Option<usize> {
        D::index(self, value)
    }
    fn label(&self, index: usize) -> String {
        D::label(self, index)
    }
}

macro_rules! ranges {
    ($($t:ty, $kind:literal;)*) => {$(
        impl Domain for Range<$t> {
            type Value = $t;
            const KIND: usize = $kind;
            #[inline]
            fn len(&self) -> usize {
                if self.start < self.end { (self.end as i128 - self.start as i128) as usize } else { 0 }
            }
            #[inline]
            fn value(&self, index: usize) -> $t {
                (self.start as i128 + index as i128) as $t
            }
            #[inline]
            fn index(&self, value: $t) -> Option<usize> {
                self.contains(&value).then(|| (value as i128 - self.start as i128) as usize)
            }
            fn label(&self, index: usize) -> String {
                self.value(index).to_string()
            }
        }
        impl Length<$kind> {
            /// That of a range.
            #[must_use]
            pub const fn of(range: &Range<$t>) -> usize {
                if range.start < range.end { range.end.abs_diff(range.start) as usize } else { 0 }
            }
        }
        impl Length<{ $kind + 1 }> {
            /// That of a range with its end.
            #[must_use]
            pub const fn of(range: &RangeInclusive<$t>) -> usize {
                let (start, end) = (*range.start(), *range.end());
                if start <= end { (end.abs_diff(start) as usize).saturating_add(1) } else { 0 }
            }
        }
        impl Domain for RangeInclusive<$t> {
            type Value = $t;
            const KIND: usize = $kind + 1;
            #[inline]
            fn len(&self) -> usize {
                if self.start() <= self.end() { (*self.end() as i128 - *self.start() as i128) as usize + 1 } else { 0 }
            }
            #[inline]
            fn value(&self, index: usize) -> $t {
                (*self.start() as i128 + index as i128) as $t
            }
            #[inline]
            fn index(&self, value: $t) -> Option<usize> {
                self.contains(&value).then(|| (value as i128 - *self.start() as i128) as usize)
            }
            fn label(&self, index: usize) -> String {
                self.value(index).to_string()
            }
        }
    )*};
}
ranges! {
    i8, 2; i16, 4; i32, 6; i64, 8; isize, 10; u8, 12; u16, 14; u32, 16; u64, 18; usize, 20;
}

/// The truth values, `false` first.
///
/// ```
/// use memo_runtime::{Bool, Domain};
/// assert_eq!((Bool.len(), Bool.value(0), Bool.index(true)), (2, false, Some(1)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bool;

impl Domain for Bool {
    type Value = bool;
    const KIND: usize = 30;
    const COUNT: usize = 2;
    #[inline]
    fn len(&self) -> usize {
        2
    }
    #[inline]
    fn value(&self, index: usize) -> bool {
        index == 1
    }
    #[inline]
    fn index(&self, value: bool) -> Option<usize> {
        Some(usize::from(value))
    }
    fn label(&self, index: usize) -> String {
        (index == 1).to_string()
    }
}

/// Evenly spaced numbers, both ends included: see [`linspace`].
///
/// ```
/// use memo_runtime::{Linspace, linspace};
/// const P: Linspace = linspace(0.0, 1.0, 3);
/// assert_eq!(P.into_iter().collect::<Vec<f64>>(), [0.0, 0.5, 1.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Linspace {
    start: f64,
    stop: f64,
    count: usize,
}

/// `count` evenly spaced numbers from `start` to `stop`. Where these are whole, each is the
/// number next to its decimal, so that it equals what is written so.
///
/// ```
/// use memo_runtime::{linspace, Domain, Linspace};
/// const P: Linspace = linspace(0.0, 1.0, 11);
/// assert_eq!((P.value(3), P.value(7), P.value(10)), (0.3, 0.7, 1.0));
/// ```
#[must_use]
pub const fn linspace(start: f64, stop: f64, count: usize) -> Linspace {
    Linspace { start, stop, count }
}

impl Domain for Linspace {
    type Value = f64;
    const KIND: usize = 31;
    #[inline]
    fn len(&self) -> usize {
        self.count
    }
    #[inline]
    fn value(&self, index: usize) -> f64 {
        let (Self { start, stop, .. }, at) = (*self, index as f64);
        let steps = (self.count.max(2) - 1) as f64;
        if index == 0 {
            start
        } else if index + 1 == self.count {
            stop
        } else if start.abs().max(stop.abs()) * steps == f64::INFINITY {
            start * ((steps - at) / steps) + stop * (at / steps)
        } else {
            // Products of whole numbers are exact: the quotient alone is rounded.
            (start * (steps - at) + stop * at) / steps
        }
    }
    #[inline]
    fn index(&self, value: f64) -> Option<usize> {
        let step = (self.stop - self.start) / (self.count.max(2) - 1) as f64;
        let guess = ((value - self.start) / step).round();
        // The cast saturates, and where all numbers are the same the guess is none.
        let first = (guess as usize).saturating_sub(1).min(self.count);
        let near = first..(first + 3).min(self.count);
        nearest(value, near.clone().map(|at| self.value(at))).map(|at| first + at)
    }
    /// The number to twelve digits: `0.3`, not `0.30000000000000004`.
    fn label(&self, index: usize) -> String {
        let value = self.value(index);
        let round = format!("{value:.11e}").parse::<f64>();
        round.unwrap_or(value).to_string()
    }
}

/// The numbers, in order: `for p in linspace(0.0, 1.0, 5)`.
impl IntoIterator for Linspace {
    type Item = f64;
    type IntoIter =
        std::iter::Map<std::iter::Zip<Range<usize>, std::iter::Repeat<Self>>, fn((usize, Self)) -> f64>;
    fn into_iter(self) -> Self::IntoIter {
        let value: fn((usize, Self)) -> f64 = |(at, numbers)| numbers.value(at);
        (0..self.count).zip(std::iter::repeat(self)).map(value)
    }
}

/// The place of a float: exact, or within 1e-12, relative, of a value.
pub(crate) fn nearest(value: f64, values: impl Iterator<Item = f64> + Clone) -> Option<usize> {
    let close = |x: f64| (x - value).abs() <= 1e-12 * x.abs().max(value.abs());
    values.clone().position(|x| x == value).or_else(|| values.clone().position(close))
}

/// Listed numbers.
///
/// ```
/// use memo_runtime::{Domain, Values};
/// const GUILT: Values<2> = Values::from([0.0, 0.7]);
/// assert_eq!(GUILT.value(1), 0.7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Values<const N: usize> {
    values: [f64; N],
}

impl<const N: usize> Values<N> {
    /// A domain of these numbers, in this order.
    #[must_use]
    pub const fn from(values: [f64; N]) -> Self {
        Self { values }
    }
}

impl<const N: usize> Domain for Values<N> {
    type Value = f64;
    const KIND: usize = 32;
    const SIZE: usize = N;
    const COUNT: usize = N;
    #[inline]
    fn len(&self) -> usize {
        N
    }
    #[inline]
    fn value(&self, index: usize) -> f64 {
        self.values[index]
    }
    #[inline]
    fn index(&self, value: f64) -> Option<usize> {
        nearest(value, self.values.iter().copied())
    }
    fn label(&self, index: usize) -> String {
        self.values[index].to_string()
    }
}

macro_rules! lists {
    ($($t:ty, $kind:literal;)*) => {$(
        impl Domain for $t {
            type Value = f64;
            const KIND: usize = $kind;
            #[inline]
            fn len(&self) -> usize {
                <[f64]>::len(self)
            }
            #[inline]
            fn value(&self, index: usize) -> f64 {
                self[index]
            }
            #[inline]
            fn index(&self, value: f64) -> Option<usize> {
                nearest(value, self.iter().copied())
            }
            fn label(&self, index: usize) -> String {
                self[index].to_string()
            }
        }
    )*};
}
lists! { Vec<f64>, 33; &[f64], 34; }

/// How many values a domain has that is a constant, as a constant; 0 where that is not known.
/// The kind of its type chooses the function: a trait has none that is `const`.
///
/// ```
/// use memo_runtime::__private::{Length, kind};
/// const X: std::ops::Range<i64> = -2..3;
/// const N: usize = Length::<{ kind(&X) }>::of(&X);
/// assert_eq!(N, 5);
/// ```
#[derive(Debug)]
pub struct Length<const KIND: usize>;

impl Length<0> {
    /// That of a domain whose type alone may say so.
    #[must_use]
    pub const fn of<D: Domain>(_: &D) -> usize {
        D::COUNT
    }
}

impl Length<{ Bool::KIND }> {
    /// Two.
    #[must_use]
    pub const fn of(_: &Bool) -> usize {
        Bool::COUNT
    }
}

impl Length<{ Linspace::KIND }> {
    /// That of numbers on a line.
    #[must_use]
    pub const fn of(numbers: &Linspace) -> usize {
        numbers.count
    }
}

impl Length<{ <Values<0> as Domain>::KIND }> {
    /// That of a list as long as its type says.
    #[must_use]
    pub const fn of<const N: usize>(_: &Values<N>) -> usize {
        N
    }
}

impl Length<{ <Vec<f64> as Domain>::KIND }> {
    /// That of a list.
    #[must_use]
    #[allow(clippy::ptr_arg, reason = "a constant is not dereferenced on the way")]
    pub const fn of(numbers: &Vec<f64>) -> usize {
        numbers.len()
    }
}

impl Length<{ <&[f64] as Domain>::KIND }> {
    /// That of a slice.
    #[must_use]
    pub const fn of(numbers: &&[f64]) -> usize {
        <[f64]>::len(numbers)
    }
}

impl<D: Domain, const N: usize> Domain for [D; N] {
    type Value = [D::Value; N];
    const COUNT: usize = {
        let (mut count, mut at) = (1_usize, 0);
        while at < N {
            count = count.saturating_mul(D::COUNT);
            at += 1;
        }
        count
    };
    #[inline]
    fn len(&self) -> usize {
        self.iter().fold(1, |n, d| n.saturating_mul(d.len()))
    }
    #[inline]
    fn value(&self, index: usize) -> Self::Value {
        let mut rest = index;
        let mut places = [0; N];
        for (at, domain) in self.iter().enumerate().rev() {
            places[at] = rest % domain.len();
            rest /= domain.len();
        }
        std::array::from_fn(|at| self[at].value(places[at]))
    }
    #[inline]
    fn index(&self, value: Self::Value) -> Option<usize> {
        let pairs = self.iter().zip(value);
        pairs.into_iter().try_fold(0, |at, (domain, value)| Some(at * domain.len() + domain.index(value)?))
    }
    fn label(&self, index: usize) -> String {
        let mut rest = index;
        let mut labels = Vec::new();
        for domain in self.iter().rev() {
            labels.push(domain.label(rest % domain.len()));
            rest /= domain.len();
        }
        labels.reverse();
        format!("[{}]", labels.join(", "))
    }
}

macro_rules! tuples {
    ($($name:ident $at:tt)+) => {
        impl<$($name: Domain),+> Domain for ($($name,)+) {
            type Value = ($($name::Value,)+);
            const COUNT: usize = 1_usize$(.saturating_mul($name::COUNT))+;
            #[inline]
            fn len(&self) -> usize {
                1_usize$(.saturating_mul(self.$at.len()))+
            }
            #[inline]
            fn value(&self, index: usize) -> Self::Value {
                let places = crate::table::places(index, &[$(self.$at.len()),+]);
                ($(self.$at.value(places[$at]),)+)
            }
            #[inline]
            fn index(&self, value: Self::Value) -> Option<usize> {
                let mut at = 0;
                $(at = at * self.$at.len() + self.$at.index(value.$at)?;)+
                Some(at)
            }
            fn label(&self, index: usize) -> String {
                let places = crate::table::places(index, &[$(self.$at.len()),+]);
                let labels = [$(self.$at.label(places[$at])),+];
                format!("({})", labels.join(", "))
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0 B 1);
tuples!(A 0 B 1 C 2);
tuples!(A 0 B 1 C 2 D 3);
tuples!(A 0 B 1 C 2 D 3 E 4);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evenly_spaced_numbers_are_found_and_named() {
        for numbers in
            [linspace(0.0, 1.0, 11), linspace(-3.0, 7.0, 101), linspace(2.0, -2.0, 9), linspace(0.0, 1.0, 1)]
        {
            for at in 0..numbers.len() {
                assert_eq!(numbers.index(numbers.value(at)), Some(at), "{numbers:?}");
            }
        }
        let tenths = linspace(0.0, 1.0, 11);
        assert_eq!((tenths.label(3), tenths.index(0.3), tenths.index(0.35)), ("0.3".into(), Some(3), None));
        assert_eq!([f64::NAN, -0.1, 1.1, f64::INFINITY].map(|x| tenths.index(x)), [None; 4]);
        assert_eq!(linspace(2.0, 2.0, 3).index(2.0), Some(0));
    }

    #[test]
    #[allow(clippy::reversed_empty_ranges, reason = "they have no values")]
    fn lengths_as_constants() {
        use crate::axis_type::kind;
        macro_rules! as_long {
            ($($t:ty = $domain:expr, $length:expr;)*) => {$({
                const X: $t = $domain;
                const LENGTH: usize = Length::<{ kind(&X) }>::of(&X);
                assert_eq!((LENGTH, Domain::len(&X)), ($length, $length));
            })*};
        }
        as_long! {
            Range<i64> = -3..4, 7;
            Range<u8> = 9..4, 0;
            RangeInclusive<i8> = -128..=127, 256;
            RangeInclusive<usize> = 1..=0, 0;
            Linspace = linspace(0.0, 1.0, 11), 11;
            &[f64] = &[0.1, 0.2], 2;
            Bool = Bool, 2;
            Values<3> = Values::from([1.0, 2.0, 3.0]), 3;
            [Bool; 3] = [Bool; 3], 8;
        }
        // It has as many values as there are at run time.
        const X: (Bool, Range<i64>) = (Bool, 0..3);
        const LENGTH: usize = Length::<{ kind(&X) }>::of(&X);
        assert_eq!((LENGTH, Domain::len(&X)), (0, 6));
    }

    /// Numbers on a line are what is written, wherever their ends are whole.
    #[test]
    fn numbers_on_a_line_are_their_decimals() {
        for (start, stop, count) in [(0.0, 1.0, 11), (0.0, 1.0, 101), (-1.0, 1.0, 21), (0.0, 10.0, 101)] {
            let numbers = linspace(start, stop, count);
            for at in 0..count {
                assert_eq!(numbers.label(at).parse(), Ok(numbers.value(at)), "{at} of {numbers:?}");
            }
        }
        let wide = linspace(-1e308, 1e308, 5);
        assert_eq!((wide.value(1), wide.value(2)), (-5e307, 0.0));
    }

    fn goes_round<D: Domain>(domain: &D) {
        for at in 0..domain.len() {
            assert_eq!(domain.index(domain.value(at)), Some(at), "{}", domain.label(at));
        }
    }

    #[test]
    fn values_and_places_agree() {
        goes_round(&(0..7_i64));
        goes_round(&(-3..=3_i8));
        goes_round(&Bool);
        goes_round(&linspace(0.0, 1.0, 50));
        goes_round(&Values::from([0.2, 0.8]));
        goes_round(&vec![1.5, 2.5]);
        goes_round(&(0..2_u8, Bool, 0..=2_i64));
        goes_round(&[0..3_i64, 0..3, 0..3]);
    }

    #[test]
    fn products_put_the_first_slowest() {
        assert_eq!((0..2_i64, 0..3_i64).value(4), (1, 1));
        assert_eq!([0..2_i64, 0..2].label(2), "[1, 0]");
    }

    #[test]
    fn what_is_outside_has_no_place() {
        assert_eq!((0..3_i64).index(3), None);
        assert_eq!((3..3_i64).len(), 0);
        assert_eq!(linspace(0.0, 1.0, 3).index(0.3), None);
    }
}
