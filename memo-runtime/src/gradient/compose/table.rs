//! Tables of numbers whose derivatives are wanted.

use std::fmt;
use std::ops::Index;

use super::Var;
use crate::Table;
use crate::table::Axes;

/// A table of numbers whose derivatives are wanted.
#[derive(Clone)]
pub struct TracedTable<'t, 'env, A: Axes> {
    pub(super) table: Table<A>,
    pub(super) cells: Vec<Var<'t, 'env>>,
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
