//! The tables that the calls under one top-level call have in common.

use std::cell::Cell;

use super::cache::bytes_of;
use super::index::Index;
use super::key::Key;
use super::{Model, Tables};
use crate::impossible::Returned;

/// How many bytes of tables are kept for other callers on the way down; the
/// graph knows when a table has no reader left.
const KEPT_BYTES: usize = 64 << 20;

/// The room of so many tables is used again.
const SPARED: usize = 1024;

/// The tables of calls that may come again, apart for each model: what a model with a cache
/// has is handed over in one piece when all is done, and nobody need wait for anybody on
/// the way.
#[derive(Debug, Default)]
pub(super) struct Found {
    lists: Vec<List>,
    bytes: usize,
}

#[derive(Debug)]
struct List {
    model: &'static Model,
    tables: Index<Tables>,
    bytes: usize,
}

thread_local! {
    /// The room that the tables of the call before this one took, since an index that grows
    /// moves all that it holds.
    static SPARE: Cell<Vec<List>> = const { Cell::new(Vec::new()) };
}

/// Where tables are among those that have been found.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    list: u32,
    at: u32,
}

impl Found {
    /// Where the tables of a call are, if it has been made; `hash` is that of its key.
    #[inline]
    pub(super) fn get(&self, hash: u64, key: &Key) -> Option<Place> {
        let list = self.list_of(key.model)?;
        let at = self.lists[list].tables.find(hash, key)?;
        Some(Place { list: list as u32, at: at as u32 })
    }

    #[inline]
    fn list_of(&self, model: &'static Model) -> Option<usize> {
        self.lists.iter().position(|list| std::ptr::eq(list.model, model))
    }

    /// Those at a place.
    #[inline]
    pub(super) fn tables(&self, place: Place) -> &[Returned] {
        self.lists[place.list as usize].tables.at(place.at as usize)
    }

    /// Adds the tables of a call; nothing if it is too much to go on.
    pub(super) fn add(&mut self, hash: u64, key: &Key, tables: &mut Tables) -> Option<Place> {
        if self.lists.is_empty() {
            self.lists = SPARE.try_with(Cell::take).unwrap_or_default();
        }
        let model = key.model;
        let list = self.list_of(model).unwrap_or_else(|| {
            self.lists.push(List { model, tables: Index::default(), bytes: 0 });
            self.lists.len() - 1
        });
        let (into, bytes) = (&mut self.lists[list], bytes_of(tables));
        let at = into.tables.len();
        into.tables.add(hash, key.clone(), tables.keep());
        into.bytes += bytes;
        self.bytes += bytes;
        (self.bytes <= KEPT_BYTES).then_some(Place { list: list as u32, at: at as u32 })
    }

    /// Hands out those that are at a place, for a reader that is none of the calls.
    #[inline]
    pub(super) fn hand_out(&mut self, tables: &mut Tables) {
        if let Tables::Found(place) = *tables {
            let list = &mut self.lists[place.list as usize];
            *tables = Tables::Shared(list.tables.at_mut(place.at as usize).hand_out());
        }
    }

    #[cold]
    fn hand_over(&mut self) {
        for List { model, tables, bytes } in &mut self.lists {
            match &model.cache {
                Some(cache) if !tables.is_empty() => cache.put_all(tables, *bytes),
                _ => tables.clear(),
            }
            *bytes = 0;
        }
        if self.lists.iter().map(|list| list.tables.capacity()).sum::<usize>() <= SPARED {
            let _ = SPARE.try_with(|spare| spare.set(std::mem::take(&mut self.lists)));
        }
    }
}

impl Drop for Found {
    #[inline]
    fn drop(&mut self) {
        if !self.lists.is_empty() {
            self.hand_over();
        }
    }
}
