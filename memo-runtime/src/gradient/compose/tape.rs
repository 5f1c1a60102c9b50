//! The tape: what has been computed, in order, and the way back through it.

use std::cell::{Cell, RefCell};
use std::fmt;

use super::super::Trace;
use super::super::bars::Bar;
use super::super::steep::settled;
use crate::Error;
use crate::real::{Dual, Real};

/// What has been computed, in order.
pub struct Tape<'env> {
    written: RefCell<Written<'env>>,
    /// Whether second derivatives are wanted.
    moves: bool,
}

/// Numbers are counted: the variables first, then the results of functions and the cells of
/// calls, in the order in which they were made.
struct Written<'env> {
    numbers: usize,
    functions: Vec<Function>,
    /// What the derivatives of each function change by, where second ones are wanted.
    rates: Vec<[f64; 2]>,
    calls: Vec<Made<'env>>,
}

/// A function of one number or of two, with the derivatives.
#[derive(Clone, Copy)]
struct Function {
    parts: [usize; 2],
    slopes: [f64; 2],
}

/// A call of a model on a tape.
struct Made<'env> {
    /// How many functions stand before it.
    before: usize,
    parameters: Vec<Given>,
    trace: Trace<'env>,
}

/// Which number a parameter of a call is.
pub(super) struct Given {
    pub(super) position: usize,
    /// The element of an array.
    pub(super) element: usize,
    pub(super) of: usize,
}

/// A part that there is not.
pub(super) const NONE: (usize, Dual<1>) = (usize::MAX, Dual::moving(0.0, 0.0));

/// The lists of a tape.
type Lists = (Vec<Function>, Vec<[f64; 2]>);

/// So many functions at most are kept room for.
const KEPT: usize = 1 << 19;

thread_local! {
    /// The lists of the tape before this one: fresh memory costs more than what is written
    /// there.
    static LISTS: Cell<Lists> = const { Cell::new((Vec::new(), Vec::new())) };
}

impl fmt::Debug for Tape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tape of {} numbers", self.numbers())
    }
}

impl<'env> Tape<'env> {
    /// For so many variables.
    pub(super) fn new(variables: usize, moves: bool) -> Self {
        let (functions, rates) = LISTS.try_with(Cell::take).unwrap_or_default();
        let written = Written { numbers: variables, functions, rates, calls: Vec::new() };
        Self { written: RefCell::new(written), moves }
    }

    /// How many numbers there are.
    pub(super) fn numbers(&self) -> usize {
        self.written.borrow().numbers
    }

    /// A function of some numbers, with its derivatives.
    pub(super) fn function(&self, parts: [(usize, Dual<1>); 2]) -> usize {
        let mut written = self.written.borrow_mut();
        let [(first, a), (second, b)] = parts;
        written.functions.push(Function { parts: [first, second], slopes: [a.value(), b.value()] });
        if self.moves {
            written.rates.push([a.rate(), b.rate()]);
        }
        written.numbers += 1;
        written.numbers - 1
    }

    /// A call of a model, whose cells are the numbers that follow.
    pub(super) fn call(&self, parameters: Vec<Given>, trace: Trace<'env>) {
        let mut written = self.written.borrow_mut();
        written.numbers += trace.sizes().sum::<usize>();
        let before = written.functions.len();
        written.calls.push(Made { before, parameters, trace });
    }

    /// The derivative of a number with respect to the first so many.
    pub(super) fn derivatives<N: Bar>(self, of: usize, variables: usize) -> Result<Vec<N>, Error> {
        let mut written = self.written.into_inner();
        let mut found = settled(|instead| Ok::<_, Error>(vec![written.back(of, variables, instead)?]))?;
        let Written { mut functions, mut rates, .. } = written;
        if functions.capacity() <= KEPT {
            functions.clear();
            rates.clear();
            // A number may outlive its thread's lists: then they are simply dropped.
            let _ = LISTS.try_with(|lists| lists.set((functions, rates)));
        }
        Ok(found.swap_remove(0))
    }
}

impl Written<'_> {
    /// The way back; `instead` stands for infinite derivatives.
    fn back<N: Bar>(&mut self, of: usize, variables: usize, instead: f64) -> Result<Vec<N>, Error> {
        let Self { numbers, functions, rates, calls } = self;
        let mut bars = N::zeros(*numbers);
        bars[of] = N::from(1.0);
        let (mut next, mut end) = (*numbers, functions.len());
        let mut calls = calls.iter_mut().rev();
        loop {
            let made = calls.next();
            let start = made.as_ref().map_or(0, |made| made.before);
            for at in (start..end).rev() {
                next -= 1;
                let (bar, Function { parts, slopes }) = (bars[next], functions[at]);
                let rates = if N::MOVES { rates[at] } else { [0.0; 2] };
                for i in 0..2 {
                    if parts[i] != NONE.0 {
                        let slope = Dual::moving(slopes[i], rates[i]);
                        bars[parts[i]] += bar.share(slope.steep(instead));
                    }
                }
            }
            end = start;
            let Some(Made { parameters, trace, .. }) = made else { break };
            let sizes: Vec<usize> = trace.sizes().collect();
            next -= sizes.iter().sum::<usize>();
            let mut rest = &bars[next..];
            let seed = |size: &usize| {
                let (seed, after) = rest.split_at(*size);
                rest = after;
                seed
            };
            let seeds: Vec<&[N]> = sizes.iter().map(seed).collect();
            let found = N::pull_back(trace, &seeds, instead)?;
            for Given { position, element, of } in parameters {
                bars[*of] += found[*position][*element];
            }
        }
        let found = bars[..variables].to_vec();
        N::take_back(bars);
        Ok(found)
    }
}
