//! What calls return, and where it is.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::found::Place;
use crate::entries::Entries;
use crate::impossible::Returned;

/// The tables of one call, one for each returned value.
#[derive(Clone, Debug, Default)]
pub enum Tables {
    /// The call has not been made.
    #[default]
    Nothing,
    /// The call has not been made, and of its one table the caller asks for no more than
    /// the entries of the rows along the axis at this place.
    Asked(usize),
    /// Of a single one, of the caller's own, what is not 0.
    Entries(Box<Entries>),
    /// A single one, of the caller's own.
    One(Returned),
    /// Several, or tables that others read as well.
    Shared(Arc<[Returned]>),
    /// Such tables, left with what the calls under one call have found; on the way down only.
    Found(Place),
}

impl Tables {
    /// The same tables, for several readers; they are gone from here.
    pub(crate) fn share(&mut self) -> Arc<[Returned]> {
        match self {
            Self::Nothing | Self::Asked(_) | Self::Found(_) => Arc::new([]),
            Self::Entries(entries) => Arc::new([entries.table()]),
            Self::One(table) => Arc::new([std::mem::take(table)]),
            Self::Shared(tables) => Arc::clone(tables),
        }
    }

    /// The tables, for readers that only look at them where they are kept; they are gone
    /// from here.
    #[inline]
    pub(super) fn keep(&mut self) -> Self {
        match self {
            Self::One(_) | Self::Shared(_) => std::mem::take(self),
            others => Self::Shared(others.share()),
        }
    }

    /// Tables that are kept, for readers that keep them as well: only these cost memory of
    /// their own.
    pub(super) fn hand_out(&mut self) -> Arc<[Returned]> {
        if !matches!(self, Self::Shared(_)) {
            *self = Self::Shared(self.share());
        }
        self.share()
    }

    /// The numbers of one of the tables: a copy where others read them as well.
    #[inline]
    pub(super) fn cells(&mut self, which: usize) -> Vec<f64> {
        match self {
            Self::One(table) => std::mem::take(&mut table.cells),
            others => others.cells_of_others(which),
        }
    }

    /// The same of what is not a single one of the caller's own.
    #[inline(never)]
    fn cells_of_others(&mut self, which: usize) -> Vec<f64> {
        match self {
            Self::Nothing | Self::Asked(_) | Self::Found(_) => Vec::new(),
            Self::Entries(entries) => std::mem::take(&mut entries.table().cells),
            Self::One(table) => std::mem::take(&mut table.cells),
            Self::Shared(tables) => match Arc::get_mut(tables) {
                Some(own) => std::mem::take(&mut own[which].cells),
                None => crate::parallel::copy(&tables[which].cells),
            },
        }
    }

    /// Whether the entries of the one table will do, by rows along the axis at this place
    /// and without marks of impossible cells.
    #[must_use]
    #[inline]
    pub fn asks_for_entries(&self, along: usize) -> bool {
        matches!(self, Self::Asked(axis) if *axis == along)
    }

    /// A single one in its place, of the given cells.
    #[inline(always)]
    pub(crate) fn own(&mut self, cells: Vec<f64>) -> &mut Returned {
        self.put(Self::One(Returned::new(cells, None)));
        match self {
            Self::One(table) => table,
            _ => unreachable!("bug in memo: a table that is not there"),
        }
    }

    /// Leaves tables here, where there are none yet: what may be here all the same is
    /// dropped elsewhere, not in each model.
    #[inline]
    pub fn put(&mut self, tables: Self) {
        if !matches!(self, Self::Nothing | Self::Asked(_)) {
            let_go(std::mem::take(self));
        }
        // Nothing that would have to be dropped is here now: that is not looked up again.
        std::mem::forget(std::mem::replace(self, tables));
    }

    /// Hands one of the tables out, with its place in what is handed out.
    #[inline]
    pub(crate) fn take(&mut self, which: usize) -> (Self, usize) {
        match self {
            Self::Nothing | Self::Asked(_) | Self::Found(_) => (Self::Nothing, which),
            Self::Entries(entries) => (Self::One(entries.table()), which),
            Self::One(_) => (std::mem::take(self), 0),
            Self::Shared(tables) => (Self::Shared(Arc::clone(tables)), which),
        }
    }
}

impl Deref for Tables {
    type Target = [Returned];

    #[inline]
    fn deref(&self) -> &[Returned] {
        match self {
            Self::Nothing | Self::Asked(_) | Self::Entries(_) | Self::Found(_) => &[],
            Self::One(table) => std::slice::from_ref(table),
            Self::Shared(tables) => tables,
        }
    }
}

#[cold]
fn let_go(tables: Tables) {
    drop(tables);
}

/// The tables of calls that rest on no parameter, computed once.
#[derive(Debug, Default)]
pub struct ConstantTables(OnceLock<Arc<[Returned]>>);

/// So many cells are kept for good.
const MOST_CONSTANT: usize = 1 << 20;

impl ConstantTables {
    /// Not yet computed.
    #[must_use]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Hands them out, if they have been computed.
    #[inline]
    pub fn take(&self, tables: &mut Tables) -> bool {
        let Some(kept) = self.0.get() else { return false };
        *tables = Tables::Shared(Arc::clone(kept));
        true
    }

    /// Keeps them.
    #[cold]
    pub fn keep(&self, tables: &mut Tables) {
        if tables.iter().map(|table| table.cells.len()).sum::<usize>() <= MOST_CONSTANT {
            let made = tables.share();
            *tables = Tables::Shared(Arc::clone(&made));
            let _ = self.0.set(made);
        }
    }
}
