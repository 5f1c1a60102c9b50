//! What the code at hand may rely on, as the generator goes through a program.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;

use crate::tensor::AxisId;

/// What the code at hand may rely on.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// The static conditions that hold here, as text; `None` where every table
    /// in sight is there.
    pub(super) assumed: RefCell<Option<Vec<String>>>,
    pub(super) row: RefCell<Option<super::rows::Row>>,
    /// Which tables lie in the memory of which others.
    pub(super) shared: RefCell<BTreeMap<usize, usize>>,
    /// The buffers for whole rows of functions, and the axes that they are as long
    /// as.
    pub(super) buffers: RefCell<BTreeMap<String, AxisId>>,
    /// The outermost axes of the table at hand, where it is filled part by part:
    /// that part is at hand as the table.
    pub(super) outermost: RefCell<BTreeSet<AxisId>>,
    /// The axis that is gone over a line of the cache at a time.
    pub(super) crossed: Cell<Option<AxisId>>,
    /// The memory that is filled part by part.
    pub(super) filled: Cell<Option<usize>>,
    /// Whether some of the columns of the table at hand are filled, as `block`.
    pub(super) columns: Cell<bool>,
    /// Whether it may be filled row after row, too.
    pub(super) by_rows: Cell<bool>,
    /// The tables of weights that their reader divides by the sums of their columns.
    pub(super) undivided: RefCell<BTreeSet<usize>>,
    /// The definitions that the function at hand goes back through.
    pub(super) gone_through: RefCell<BTreeSet<usize>>,
    /// The choices whose means the way back through their reader makes, and as what it hands
    /// their bars on.
    pub(super) means: RefCell<BTreeMap<usize, super::adjoint::means::HandedBars>>,
    /// The table of weights that its reader leaves undivided, for the way back.
    pub(super) left_as_weights: Cell<Option<usize>>,
    /// Those that lie beside their reader's, with the reader.
    pub(super) divided: RefCell<BTreeMap<usize, usize>>,
    /// The tables that are filled row by row with what their reader makes of
    /// the rows.
    pub(super) fused: RefCell<BTreeSet<usize>>,
    /// The table that is being overwritten, and how what a cell of it holds is
    /// written at the moment.
    pub(super) old: RefCell<Option<(usize, Option<TokenStream>)>>,
    /// The choices that have no table, with their readers.
    pub(super) passing: RefCell<BTreeMap<usize, usize>>,
    /// The choices that may be computed by what is not 0.
    pub(super) nonzero: RefCell<BTreeMap<usize, super::nonzero::Nonzero>>,
    /// The parts of tables that the code at hand may read.
    pub(super) taken: RefCell<Option<super::taken::Taken>>,
    /// Whether the code at hand is part of a condition.
    pub(super) compared: Cell<bool>,
    /// Whether calls may be asked for entries alone, and those that are, with the place of
    /// the axis along which the rows lie.
    pub(super) may_ask: Cell<bool>,
    pub(super) asked: RefCell<BTreeMap<usize, usize>>,
    /// The one whose rows are made by the code at hand.
    pub(super) passed: RefCell<Option<super::passing::Passed>>,
}

impl Context {
    /// For the functions that run in every call, where tables may be missing.
    pub(super) fn enter_call(&self) {
        *self.assumed.borrow_mut() = Some(Vec::new());
    }

    /// For the functions of what is computed once.
    pub(super) fn leave_call(&self) {
        *self.assumed.borrow_mut() = None;
    }

    /// Nothing lies in the memory of anything else.
    pub(super) fn reset(&self) {
        self.shared.borrow_mut().clear();
        self.fused.borrow_mut().clear();
        self.passing.borrow_mut().clear();
        self.nonzero.borrow_mut().clear();
        self.undivided.borrow_mut().clear();
        self.divided.borrow_mut().clear();
        self.gone_through.borrow_mut().clear();
        self.means.borrow_mut().clear();
    }

    /// The static conditions that hold here.
    pub(super) fn assumed(&self) -> Option<Vec<String>> {
        self.assumed.borrow().clone()
    }

    /// Which of the two.
    pub(super) fn is_in_call(&self) -> bool {
        self.assumed.borrow().is_some()
    }
}
