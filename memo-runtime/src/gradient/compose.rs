//! Derivatives of what is computed from several models: a tape of numbers, on which
//! a call of a model is one entry (Griewank & Walther, *Evaluating Derivatives*, 2008,
//! chapter 6).

use std::cell::RefCell;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Index, Mul, MulAssign, Neg, Sub, SubAssign};

use super::tangent::InputArray;
use super::{Trace, TracedJob};
use crate::real::Real;
use crate::solve::Tables;
use crate::table::Axes;
use crate::{Error, Table};

/// What has been computed, in order.
pub struct Tape<'env> {
    entries: RefCell<Vec<Entry<'env>>>,
}

enum Entry<'env> {
    /// A variable, or a cell of a table.
    Leaf,
    /// A function of one entry or of two: each with the derivative.
    Function([(usize, f64); 2]),
    /// A call of a model, whose cells are the entries that follow; the parameters
    /// that are entries, by their position.
    Call { sizes: Vec<usize>, parameters: Vec<(usize, usize)>, trace: Box<Trace<'env>> },
}

/// A part that there is not.
const NONE: (usize, f64) = (usize::MAX, 0.0);

impl fmt::Debug for Tape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tape of {} entries", self.entries.borrow().len())
    }
}

impl<'env> Tape<'env> {
    fn push(&self, entry: Entry<'env>) -> usize {
        let mut entries = self.entries.borrow_mut();
        entries.push(entry);
        entries.len() - 1
    }

    /// The derivative of an entry with respect to the first so many.
    fn derivatives(self, of: usize, variables: usize) -> Result<Vec<f64>, Error> {
        let mut entries = self.entries.into_inner();
        let mut bars = vec![0.0; entries.len()];
        bars[of] = 1.0;
        for at in (0..entries.len()).rev() {
            match &mut entries[at] {
                Entry::Leaf => {}
                Entry::Function(parts) => {
                    for (part, slope) in parts.iter().filter(|(part, _)| *part != usize::MAX) {
                        bars[*part] += crate::real::times(bars[at], *slope);
                    }
                }
                Entry::Call { sizes, parameters, trace } => {
                    let mut rest = &bars[at + 1..];
                    let seeds: Vec<&[f64]> = sizes
                        .iter()
                        .map(|size| {
                            let (seed, after) = rest.split_at(*size);
                            rest = after;
                            seed
                        })
                        .collect();
                    let found = trace.pull_back(&seeds)?;
                    for (position, entry) in parameters {
                        bars[*entry] += found[*position][0];
                    }
                }
            }
        }
        bars.truncate(variables);
        Ok(bars)
    }
}

/// A real number whose derivative is wanted, in [`grad`]: it can be given to models
/// (`f::traced`) and to functions that are generic over [`Real`].
#[derive(Clone, Copy)]
pub struct Var<'t, 'env> {
    /// Nothing for what does not change.
    place: Option<(&'t Tape<'env>, usize)>,
    value: f64,
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
    let tape = Tape { entries: RefCell::default() };
    let result = {
        let variable = |value: &f64| Var { place: Some((&tape, tape.push(Entry::Leaf))), value: *value };
        let variables: Vec<Var<'_, 'env>> = start.iter().map(variable).collect();
        let result = function(&variables)?;
        (result.value, result.place.map(|(_, at)| at))
    };
    let slopes = match result.1 {
        Some(at) => tape.derivatives(at, start.len())?,
        None => vec![0.0; start.len()],
    };
    Ok((result.0, slopes))
}

/// The matrix of second derivatives of a function, by differences of its exact first
/// derivatives: the five-point rule of the fourth order with steps of 2⁻⁹ of each
/// number, or of 1 where that is less. For smooth functions it agrees with the exact
/// one to about nine digits; the two halves are averaged.
///
/// ```
/// use memo_runtime::{Real, hessian};
///
/// let h = hessian(&[2.0, 3.0], |x| x[0] * x[0] * x[1]);
/// assert!((h[[0, 0]] - 6.0).abs() < 1e-9 && (h[[0, 1]] - 4.0).abs() < 1e-9);
/// ```
///
/// # Panics
/// Where [`try_grad`] returns an error.
#[track_caller]
pub fn hessian<'env>(
    at: &[f64],
    function: impl for<'t> Fn(&[Var<'t, 'env>]) -> Var<'t, 'env>,
) -> ndarray::Array2<f64> {
    let n = at.len();
    let mut rows = ndarray::Array2::zeros((n, n));
    for i in 0..n {
        let step = at[i].abs().max(1.0) / 512.0;
        let slopes = |steps: f64| {
            let mut moved = at.to_vec();
            moved[i] += steps * step;
            grad(&moved, &function).1
        };
        let all = [-2.0, -1.0, 1.0, 2.0].map(slopes);
        for j in 0..n {
            rows[[i, j]] = (all[0][j] - 8.0 * all[1][j] + 8.0 * all[2][j] - all[3][j]) / (12.0 * step);
        }
    }
    (&rows + &rows.t()) / 2.0
}

/// A table of numbers whose derivatives are wanted.
#[derive(Clone)]
pub struct TracedTable<'t, 'env, A: Axes> {
    table: Table<A>,
    cells: Vec<Var<'t, 'env>>,
}

impl<'t, 'env, A: Axes> TracedTable<'t, 'env, A> {
    /// The plain numbers.
    #[must_use]
    pub fn table(&self) -> &Table<A> {
        &self.table
    }

    /// All cells, row-major.
    #[must_use]
    pub fn cells(&self) -> &[Var<'t, 'env>] {
        &self.cells
    }

    /// The cell at a key; `None` when a value is outside its domain.
    #[must_use]
    pub fn get(&self, key: A::Key) -> Option<Var<'t, 'env>> {
        self.table.__place(key).map(|at| self.cells[at])
    }

    /// The keys and cells, row-major.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (A::Key, Var<'t, 'env>)> + '_ {
        self.table.iter().zip(&self.cells).map(|((key, _), cell)| (key, *cell))
    }
}

impl<A: Axes> fmt::Debug for TracedTable<'_, '_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table.fmt(f)
    }
}

impl<'t, 'env> TracedTable<'t, 'env, ()> {
    /// The number of a model without axes.
    #[must_use]
    pub fn value(&self) -> Var<'t, 'env> {
        self.cells[0]
    }
}

/// `table[(u, r)]`.
///
/// # Panics
/// When a value of the key is outside its domain.
impl<'t, 'env, A: Axes> Index<A::Key> for TracedTable<'t, 'env, A> {
    type Output = Var<'t, 'env>;

    fn index(&self, key: A::Key) -> &Var<'t, 'env> {
        match self.table.__place(key) {
            Some(at) => &self.cells[at],
            // It tells what is wrong.
            None => {
                let _ = self.table[key];
                unreachable!("bug in memo: a key that is outside is refused")
            }
        }
    }
}

/// Tables that have been cut out of a call.
pub trait Cut<'t, 'env> {
    /// The same with their cells, which are taken from the front.
    type Cut;
    /// How many cells each has.
    fn sizes(&self) -> Vec<usize>;
    /// Takes the cells.
    fn cut(self, cells: &mut dyn Iterator<Item = Var<'t, 'env>>) -> Self::Cut;
}

impl<'t, 'env: 't, A: Axes> Cut<'t, 'env> for Table<A> {
    type Cut = TracedTable<'t, 'env, A>;

    fn sizes(&self) -> Vec<usize> {
        vec![self.len()]
    }

    fn cut(self, cells: &mut dyn Iterator<Item = Var<'t, 'env>>) -> Self::Cut {
        let cells = cells.take(self.len()).collect();
        TracedTable { table: self, cells }
    }
}

macro_rules! tuples {
    ($($name:ident $at:tt)+) => {
        impl<'t, 'env, $($name: Cut<'t, 'env>),+> Cut<'t, 'env> for ($($name,)+) {
            type Cut = ($($name::Cut,)+);

            fn sizes(&self) -> Vec<usize> {
                [$(self.$at.sizes()),+].concat()
            }

            fn cut(self, cells: &mut dyn Iterator<Item = Var<'t, 'env>>) -> Self::Cut {
                ($(self.$at.cut(&mut *cells),)+)
            }
        }
    };
}
tuples!(A 0 B 1);
tuples!(A 0 B 1 C 2);
tuples!(A 0 B 1 C 2 D 3);

/// The tables of a call whose real parameters are `numbers`, by position.
///
/// # Errors
/// Whatever goes wrong in the call.
pub fn traced<'t, 'env: 't, T: Cut<'t, 'env>>(
    model: &str,
    job: TracedJob<'env>,
    inputs: &[InputArray],
    numbers: &[(usize, Var<'t, 'env>)],
    wrap: impl FnOnce(Tables) -> Result<T, Error>,
) -> Result<T::Cut, Error> {
    let trace = crate::solve::guarded(model, || Trace::record(job, inputs.into()))?;
    let tables = trace.tables();
    let values: Vec<f64> = tables.iter().flat_map(|table| table.cells.iter().copied()).collect();
    let wrapped = wrap(tables)?;
    let parameters: Vec<(usize, usize)> =
        numbers.iter().filter_map(|(position, number)| Some((*position, number.place?.1))).collect();
    let place = numbers.iter().find_map(|(_, number)| number.place).map(|(tape, _)| tape);
    let Some(tape) = place else {
        let mut cells = values.into_iter().map(Var::from);
        return Ok(wrapped.cut(&mut cells));
    };
    tape.push(Entry::Call { sizes: wrapped.sizes(), parameters, trace: Box::new(trace) });
    let mut cells =
        values.into_iter().map(|value| Var { place: Some((tape, tape.push(Entry::Leaf))), value });
    let cut = wrapped.cut(&mut cells);
    Ok(cut)
}

impl Real for Var<'_, '_> {
    fn value(self) -> f64 {
        self.value
    }

    fn chain(self, value: f64, derivative: f64) -> Self {
        let place = self.place.map(|(tape, at)| (tape, tape.push(Entry::Function([(at, derivative), NONE]))));
        Self { place, value }
    }

    fn chain2(self, other: Self, value: f64, (a, b): (f64, f64)) -> Self {
        match (self.place, other.place) {
            (None, None) => Self { place: None, value },
            (Some(_), None) => self.chain(value, a),
            (None, Some(_)) => other.chain(value, b),
            (Some((tape, first)), Some((_, second))) => {
                let at = tape.push(Entry::Function([(first, a), (second, b)]));
                Self { place: Some((tape, at)), value }
            }
        }
    }
}

impl From<f64> for Var<'_, '_> {
    fn from(value: f64) -> Self {
        Self { place: None, value }
    }
}

impl fmt::Debug for Var<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl fmt::Display for Var<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.value, f)
    }
}

crate::real::number_like!(['t, 'env] Var<'t, 'env>);

impl<'t, 'env> Sum for Var<'t, 'env> {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::from(0.0), Add::add)
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

    #[test]
    fn errors_come_out() {
        let error = Error::EmptyDomain { model: "m".into(), name: "D".into() };
        let found = try_grad(&[1.0], |_| Err(error.clone()));
        assert_eq!(found, Err(error));
    }
}
