//! Tables of numbers whose derivatives are wanted.

use std::fmt;
use std::ops::Index;
use std::slice;

use super::{Tape, Var};
use crate::Table;
use crate::impossible::Returned;
use crate::real::Dual;
use crate::table::Axes;

/// A table of numbers whose derivatives are wanted.
#[derive(Clone)]
pub struct TracedTable<'t, 'env, A: Axes> {
    pub(super) table: Table<A>,
    pub(super) cells: Vec<Var<'t, 'env>>,
}

impl<'t, 'env, A: Axes> TracedTable<'t, 'env, A> {
    /// A table whose cells stand on a tape from this place on, and change by nothing along
    /// a direction.
    pub(super) fn new(table: Table<A>, place: Option<(&'t Tape<'env>, usize)>) -> Self {
        let number = |(at, value): (usize, &f64)| Var {
            place: place.map(|(tape, first)| (tape, first + at)),
            value: Dual::from(*value),
        };
        let cells = table.values().iter().enumerate().map(number).collect();
        Self { table, cells }
    }

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

/// The cells of the tables of a call, table by table.
#[derive(Debug)]
pub struct Cells<'t, 'env, 'c> {
    /// The tape, and which of its numbers is the next.
    place: Option<(&'t Tape<'env>, usize)>,
    tables: slice::Iter<'c, Returned>,
    /// What they change by, if they do.
    rates: Option<slice::Iter<'c, Vec<f64>>>,
}

impl<'t, 'env, 'c> Cells<'t, 'env, 'c> {
    pub(super) fn new(
        place: Option<(&'t Tape<'env>, usize)>,
        tables: &'c [Returned],
        rates: Option<&'c [Vec<f64>]>,
    ) -> Self {
        Self { place, tables: tables.iter(), rates: rates.map(<[_]>::iter) }
    }

    /// Those of the next table.
    fn table(&mut self) -> Vec<Var<'t, 'env>> {
        let values = self.tables.next().map_or(&[][..], |table| &table.cells);
        let rates = self.rates.as_mut().and_then(Iterator::next);
        let place = self.place;
        let number = |at: usize, value| Var { place: place.map(|(tape, first)| (tape, first + at)), value };
        if let Some((_, first)) = &mut self.place {
            *first += values.len();
        }
        match rates {
            Some(rates) => {
                let pairs = values.iter().zip(rates).enumerate();
                pairs.map(|(at, (value, rate))| number(at, Dual::moving(*value, *rate))).collect()
            }
            None => {
                values.iter().enumerate().map(|(at, value)| number(at, Dual::moving(*value, 0.0))).collect()
            }
        }
    }
}

/// Tables that have been cut out of a call.
pub trait Cut<'t, 'env> {
    /// The same with their cells.
    type Cut;
    /// Takes the cells.
    fn cut(self, cells: &mut Cells<'t, 'env, '_>) -> Self::Cut;
}

impl<'t, 'env: 't, A: Axes> Cut<'t, 'env> for Table<A> {
    type Cut = TracedTable<'t, 'env, A>;

    fn cut(self, cells: &mut Cells<'t, 'env, '_>) -> Self::Cut {
        TracedTable { table: self, cells: cells.table() }
    }
}

macro_rules! tuples {
    ($($name:ident $at:tt)+) => {
        impl<'t, 'env, $($name: Cut<'t, 'env>),+> Cut<'t, 'env> for ($($name,)+) {
            type Cut = ($($name::Cut,)+);

            fn cut(self, cells: &mut Cells<'t, 'env, '_>) -> Self::Cut {
                ($(self.$at.cut(cells),)+)
            }
        }
    };
}
tuples!(A 0 B 1);
tuples!(A 0 B 1 C 2);
tuples!(A 0 B 1 C 2 D 3);
