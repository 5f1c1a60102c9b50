//! Derivatives of what is computed from several models: a tape of numbers, on which
//! a call of a model is one entry (Griewank & Walther, *Evaluating Derivatives*, 2008,
//! chapter 6).
//!
//! Every number carries what it changes by along one direction, and so does every
//! derivative on the tape. That is 0 where first derivatives are asked for; where it is
//! not, the way back has the first derivatives with what they change by: the product of
//! the matrix of second derivatives and the direction (forward over reverse mode;
//! Griewank & Walther, chapter 5).

mod array;
mod second;
mod table;
mod tape;

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use super::bars::Bar;
use super::rates::Direction;
use super::result::Record;
use super::tangent::InputArray;
use super::way::{Back, Way};
use super::{Trace, TracedJob};
use crate::real::{Dual, Real};
use crate::solve::Tables;
use crate::table::Axes;
use crate::{Error, Table};

pub use array::{Handed, Held, TracedArray};
pub use second::{hessian, hvp, try_hessian, try_hvp};
use table::Cells;
pub use table::{Cut, TracedTable};
use tape::NONE;
pub use tape::Tape;

/// A real number whose derivative is wanted, in [`grad`]: it can be given to models
/// (`f::traced`) and to functions that are generic over [`Real`].
#[derive(Clone, Copy)]
pub struct Var<'t, 'env> {
    /// Nothing for what does not change.
    place: Option<(&'t Tape<'env>, usize)>,
    value: Dual<1>,
}

/// The value of a function at `start` and its derivative with respect to each
/// number there, by reverse mode: the cost is a small multiple of the function's,
/// however many numbers there are.
///
/// ```
/// use memo_runtime::{Real, grad};
///
/// let (value, slopes) = grad(&[2.0, 3.0], |x| x[0] * x[1] + x[0].exp());
/// assert_eq!(value, 6.0 + 2.0_f64.exp());
/// assert_eq!(slopes, [3.0 + 2.0_f64.exp(), 2.0]);
/// ```
///
/// A model takes its part by `f::traced(…)`, which takes a [`Var`] in the place of
/// every real parameter and returns a table of them.
///
/// # Panics
/// Where [`try_grad`] returns an error.
#[track_caller]
pub fn grad<'env>(
    start: &[f64],
    function: impl for<'t> FnOnce(&[Var<'t, 'env>]) -> Var<'t, 'env>,
) -> (f64, Vec<f64>) {
    try_grad(start, |x| Ok::<_, Error>(function(x))).unwrap_or_else(|error| panic!("{error}"))
}

/// [`grad`] of a function that can fail: `f::try_traced(…)?`.
///
/// # Errors
/// Those of the function, and what goes wrong in functions of the user's on the way
/// back.
pub fn try_grad<'env, E: From<Error>>(
    start: &[f64],
    function: impl for<'t> FnOnce(&[Var<'t, 'env>]) -> Result<Var<'t, 'env>, E>,
) -> Result<(f64, Vec<f64>), E> {
    let (value, slopes) = followed(start.iter().map(|x| Dual::from(*x)), function)?;
    Ok((value.value(), slopes))
}

/// The value of a function of numbers that may move, and its derivative.
fn followed<'env, N: Bar, E: From<Error>>(
    start: impl ExactSizeIterator<Item = Dual<1>>,
    function: impl for<'t> FnOnce(&[Var<'t, 'env>]) -> Result<Var<'t, 'env>, E>,
) -> Result<(Dual<1>, Vec<N>), E> {
    let count = start.len();
    let tape = Tape::new(count, N::MOVES);
    let result = {
        let variable = |(at, value)| Var { place: Some((&tape, at)), value };
        let variables: Vec<Var<'_, 'env>> = start.enumerate().map(variable).collect();
        let result = function(&variables)?;
        (result.value, result.place.map(|(_, at)| at))
    };
    let slopes = match result.1 {
        Some(at) => tape.derivatives(at, count)?,
        None => vec![N::from(0.0); count],
    };
    Ok((result.0, slopes))
}

/// What a call is given of numbers whose derivatives are wanted, by position: one, or all
/// elements of an array.
type Numbers<'n, 't, 'env> = [(usize, &'n [Var<'t, 'env>])];

/// The tape that they are on, if one is.
fn tape_of<'t, 'env>(numbers: &Numbers<'_, 't, 'env>) -> Option<&'t Tape<'env>> {
    numbers.iter().flat_map(|(_, numbers)| *numbers).find_map(|number| number.place).map(|(tape, _)| tape)
}

/// Whether no more than first derivatives are wanted of a call with such parameters.
#[must_use]
#[inline]
pub fn of_first_order(numbers: &Numbers<'_, '_, '_>) -> bool {
    tape_of(numbers).is_none_or(|tape| !tape.moves())
}

impl<'env, A: Axes> Record<'env, Table<A>, 1> {
    /// For generated code: the call as one of numbers whose first derivatives are wanted.
    #[doc(hidden)]
    #[must_use]
    pub fn __traced<'t>(self, numbers: &Numbers<'_, 't, 'env>) -> TracedTable<'t, 'env, A> {
        let (table, way) = self.into_parts();
        let tape = tape_of(numbers);
        let first = tape.map(|tape| (tape, tape.numbers()));
        if let Some(tape) = tape {
            tape.call(numbers, way);
        }
        TracedTable::new(table, first)
    }
}

/// The tables of a call some of whose parameters are numbers whose derivatives are
/// wanted.
///
/// # Errors
/// Whatever goes wrong in the call.
pub fn traced<'t, 'env: 't, T: Cut<'t, 'env>>(
    model: &str,
    job: TracedJob<'env>,
    inputs: &[InputArray],
    numbers: &Numbers<'_, 't, 'env>,
    wrap: impl FnOnce(Tables) -> Result<T, Error>,
) -> Result<T::Cut, Error> {
    let mut moving = numbers.iter().flat_map(|(_, numbers)| *numbers);
    let trace = crate::solve::guarded(model, || {
        if !moving.any(|number| number.value.rate() != 0.0) {
            return Trace::record(job, inputs.into());
        }
        let mut rates = vec![Vec::new(); inputs.len()];
        for (position, numbers) in numbers {
            rates[*position] = numbers.iter().map(|number| number.value.rate()).collect();
        }
        Trace::record_along(job, inputs.into(), Direction::new(rates))
    })?;
    let wrapped = wrap(trace.tables())?;
    let tape = tape_of(numbers);
    let first = tape.map(|tape| (tape, tape.numbers()));
    let cut = wrapped.cut(&mut Cells::new(first, trace.returned(), trace.rates()));
    if let Some(tape) = tape {
        tape.call(numbers, Way::Back(Back::new(trace)));
    }
    Ok(cut)
}

impl Real for Var<'_, '_> {
    type Primal = Dual<1>;

    #[inline]
    fn value(self) -> f64 {
        self.value.value()
    }

    #[inline]
    fn primal(self) -> Dual<1> {
        self.value
    }

    #[inline]
    fn chain(self, value: Dual<1>, derivative: Dual<1>) -> Self {
        let place = self.place.map(|(tape, at)| (tape, tape.function([(at, derivative), NONE])));
        Self { place, value }
    }

    #[inline]
    fn chain2(self, other: Self, value: Dual<1>, (a, b): (Dual<1>, Dual<1>)) -> Self {
        match (self.place, other.place) {
            (None, None) => Self { place: None, value },
            (Some(_), None) => self.chain(value, a),
            (None, Some(_)) => other.chain(value, b),
            (Some((tape, first)), Some((_, second))) => {
                let at = tape.function([(first, a), (second, b)]);
                Self { place: Some((tape, at)), value }
            }
        }
    }
}

impl From<f64> for Var<'_, '_> {
    fn from(value: f64) -> Self {
        Self { place: None, value: value.into() }
    }
}

impl fmt::Debug for Var<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value().fmt(f)
    }
}

crate::real::number_like!(['t, 'env] Var<'t, 'env>, Dual<1>);

impl Var<'_, '_> {
    fn quotient(a: Self, b: Self) -> Self {
        let (value, by) = (a.value / b.value, b.value);
        // A divisor may be so small that its square is 0.
        a.chain2(b, value, (1.0 / by, -value / by))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_change_has_no_derivative() {
        assert_eq!(grad(&[1.0], |_| Var::from(3.0)), (3.0, vec![0.0]));
        assert_eq!(grad(&[1.0, 5.0], |x| x[1] * 2.0 - x[1]), (5.0, vec![0.0, 1.0]));
    }

    #[test]
    fn a_number_used_twice_counts_twice() {
        let (value, slopes) = grad(&[3.0], |x| {
            let square = x[0] * x[0];
            square * square + 1.0 / x[0]
        });
        assert_eq!(value, 81.0 + 1.0 / 3.0);
        assert!((slopes[0] - (108.0 - 1.0 / 9.0)).abs() < 1e-12);
    }

    /// A tape takes the lists of the one before it, not of one that is still written.
    #[test]
    fn a_loss_may_differentiate_another() {
        let slope = |at: f64| grad(&[at], |x| x[0] * x[0] * x[0]).1[0];
        let (value, slopes) = grad(&[2.0], |x| {
            let first = x[0] * x[0];
            first * slope(2.0) + first
        });
        assert_eq!((value, slopes), (52.0, vec![52.0]));
        assert_eq!(slope(3.0), 27.0);
    }

    #[test]
    fn errors_come_out() {
        let error = Error::EmptyDomain { model: "m".into(), name: "D".into() };
        let found = try_grad(&[1.0], |_| Err(error.clone()));
        assert_eq!(found, Err(error));
    }
}
