//! The tape: what has been computed, in order, and the way back through it.

use std::cell::{Cell, RefCell};
use std::fmt;

use super::super::bars::Bar;
use super::super::steep::settled;
use super::super::way::Way;
use super::Var;
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
    /// The parameters of all calls.
    given: Vec<Given>,
}

/// A function of one number or of two, with the derivatives.
#[derive(Clone, Copy)]
struct Function {
    parts: [usize; 2],
    slopes: [f64; 2],
}

/// A call of a model on a tape.
struct Made<'env> {
    /// How many functions stand before it, and how many parameters of other calls.
    before: (usize, usize),
    way: Way<'env>,
}

/// Which number a parameter of a call is.
struct Given {
    /// By position; where derivatives have been carried forward, the direction.
    at: usize,
    /// The element of an array.
    element: usize,
    of: usize,
}

/// A part that there is not.
pub(super) const NONE: (usize, Dual<1>) = (usize::MAX, Dual::moving(0.0, 0.0));

/// The lists of a tape.
type Lists = (Vec<Function>, Vec<[f64; 2]>, Vec<Given>);

/// The room for the derivatives of so many numbers may be handed out for those of a few.
const FEW: usize = 256;

/// So many functions at most are kept room for.
const KEPT: usize = 1 << 19;

thread_local! {
    /// The lists of the tape before this one: fresh memory costs more than what is written
    /// there.
    static LISTS: Cell<Lists> = const { Cell::new((Vec::new(), Vec::new(), Vec::new())) };
}

impl fmt::Debug for Tape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tape of {} numbers", self.numbers())
    }
}

impl<'env> Tape<'env> {
    /// For so many variables.
    pub(super) fn new(variables: usize, moves: bool) -> Self {
        let (functions, rates, given) = LISTS.try_with(Cell::take).unwrap_or_default();
        let written = Written { numbers: variables, functions, rates, calls: Vec::new(), given };
        Self { written: RefCell::new(written), moves }
    }

    /// Whether second derivatives are wanted.
    pub(super) fn moves(&self) -> bool {
        self.moves
    }

    /// How many numbers there are.
    pub(super) fn numbers(&self) -> usize {
        self.written.borrow().numbers
    }

    /// A function of some numbers, with its derivatives.
    #[inline]
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

    /// A call of a model with these parameters, whose cells are the numbers that follow.
    pub(super) fn call(&self, parameters: &[(usize, &[Var<'_, 'env>])], way: Way<'env>) {
        let mut written = self.written.borrow_mut();
        let written = &mut *written;
        written.numbers += way.sizes().sum::<usize>();
        let before = (written.functions.len(), written.given.len());
        for (direction, (position, numbers)) in parameters.iter().enumerate() {
            let at = match way {
                Way::Back(_) => *position,
                Way::Slopes(_) => direction,
            };
            let given = numbers
                .iter()
                .enumerate()
                .filter_map(|(element, number)| number.place.map(|(_, of)| Given { at, element, of }));
            written.given.extend(given);
        }
        written.calls.push(Made { before, way });
    }

    /// The derivative of a number with respect to the first so many.
    pub(super) fn derivatives<N: Bar>(self, of: usize, variables: usize) -> Result<Vec<N>, Error> {
        let mut written = self.written.into_inner();
        let mut found = settled(|instead| Ok::<_, Error>(vec![written.back(of, variables, instead)?]))?;
        let Written { mut functions, mut rates, mut given, .. } = written;
        if functions.capacity().max(given.capacity()) <= KEPT {
            functions.clear();
            rates.clear();
            given.clear();
            // A number may outlive its thread's lists: then they are simply dropped.
            let _ = LISTS.try_with(|lists| lists.set((functions, rates, given)));
        }
        Ok(found.swap_remove(0))
    }
}

impl Written<'_> {
    /// The way back; `instead` stands for infinite derivatives.
    fn back<N: Bar>(&mut self, of: usize, variables: usize, instead: f64) -> Result<Vec<N>, Error> {
        let Self { numbers, functions, rates, calls, given } = self;
        let mut bars = N::zeros(*numbers);
        bars[of] = N::from(1.0);
        let (mut next, mut end) = (*numbers, functions.len());
        let (mut calls, mut given) = (calls.iter_mut().rev(), &given[..]);
        loop {
            let made = calls.next();
            let start = made.as_ref().map_or(0, |made| made.before.0);
            for (at, Function { parts, slopes }) in (start..end).zip(&functions[start..end]).rev() {
                next -= 1;
                let bar = bars[next];
                let rates = if N::MOVES { rates[at] } else { [0.0; 2] };
                for i in 0..2 {
                    if parts[i] != NONE.0 {
                        bars[parts[i]] += bar.share(Dual::moving(slopes[i], rates[i]), instead);
                    }
                }
            }
            end = start;
            let Some(Made { before, way }) = made else { break };
            next -= way.sizes().sum::<usize>();
            // What the call was given was there before it.
            let (earlier, cells) = bars.split_at_mut(next);
            let (others, own) = given.split_at(before.1);
            given = others;
            match way {
                Way::Slopes(slopes) => {
                    let seed = &cells[..slopes.cells];
                    own.iter()
                        .for_each(|Given { at, of, .. }| earlier[*of] += slopes.sum(*at, seed, instead));
                }
                Way::Back(trace) => {
                    let mut rest = &*cells;
                    let seed = |size: usize| {
                        let (seed, after) = rest.split_at(size);
                        rest = after;
                        seed
                    };
                    let seeds: Vec<&[N]> = trace.sizes().map(seed).collect();
                    let found = N::pull_back(trace, &seeds, instead)?;
                    own.iter().for_each(|Given { at, element, of }| earlier[*of] += found[*at][*element]);
                }
            }
        }
        if bars.len() <= FEW {
            bars.truncate(variables);
            return Ok(bars);
        }
        let found = bars[..variables].to_vec();
        N::take_back(bars);
        Ok(found)
    }
}
