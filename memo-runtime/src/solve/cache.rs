//! Tables kept between calls.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Tables;
use super::index::{Entry, Index};
use super::key::Key;
use crate::impossible::Returned;

/// How many bytes of tables one model's cache may hold.
const CACHE_BYTES: usize = 256 << 20;

/// How many are left when there were too many: all are put in their places again then,
/// which is not to be for each that is added.
const LEFT_BYTES: usize = CACHE_BYTES / 4 * 3;

/// The room of so many tables stays when they are forgotten.
const FEW: usize = 1024;

/// Tables kept between calls, for `#[memo(cache)]`; the oldest go first.
#[derive(Debug)]
pub(super) struct Cache {
    kept: Mutex<Option<Kept>>,
    /// Whether something may be kept: where nothing is nobody need wait to look for it.
    filled: AtomicBool,
}

#[derive(Debug, Default)]
struct Kept {
    tables: Index<Tables>,
    bytes: usize,
}

/// How many bytes some tables take.
pub(super) fn bytes_of(tables: &[Returned]) -> usize {
    tables.iter().map(|table| table.cells.len() * size_of::<f64>()).sum()
}

/// What tables take in the cache beside their cells.
const BESIDE: usize = 64;

fn size(tables: &[Returned]) -> usize {
    bytes_of(tables) + BESIDE
}

impl Cache {
    /// An empty cache.
    pub(super) const fn new() -> Self {
        Self { kept: Mutex::new(None), filled: AtomicBool::new(false) }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all tables.
    pub(super) fn clear(&self) {
        let mut all = self.lock();
        self.filled.store(false, Ordering::Relaxed);
        match all.as_mut() {
            // The room that it takes is used again, unless it is much.
            Some(kept) if kept.tables.capacity() <= FEW => {
                kept.tables.clear();
                kept.bytes = 0;
            }
            _ => *all = None,
        }
    }

    /// The tables of a call; `hash` is that of its key.
    pub(super) fn get(&self, hash: u64, key: &Key) -> Option<Arc<[Returned]>> {
        if !self.filled.load(Ordering::Relaxed) {
            return None;
        }
        Some(self.lock().as_mut()?.tables.get_mut(hash, key)?.hand_out())
    }

    /// Keeps the tables of a call.
    pub(super) fn put(&self, hash: u64, key: Key, tables: &Arc<[Returned]>) {
        let mut kept = self.lock();
        self.filled.store(true, Ordering::Relaxed);
        let kept = kept.get_or_insert_with(Kept::default);
        kept.add(Entry { hash, key, value: Tables::Shared(Arc::clone(tables)) });
        kept.make_room();
    }

    /// Keeps the tables of several calls, whose cells take so many bytes; their index is
    /// left empty, with room for more.
    pub(super) fn put_all(&self, tables: &mut Index<Tables>, bytes: usize) {
        let mut kept = self.lock();
        self.filled.store(true, Ordering::Relaxed);
        let kept = kept.get_or_insert_with(Kept::default);
        if kept.tables.is_empty() {
            kept.bytes = bytes + BESIDE * tables.len();
            std::mem::swap(&mut kept.tables, tables);
        } else {
            tables.take_all().for_each(|entry| kept.add(entry));
        }
        kept.make_room();
    }
}

impl Kept {
    /// Another thread may have added it already.
    fn add(&mut self, entry: Entry<Tables>) {
        if self.tables.get(entry.hash, &entry.key).is_none() {
            self.bytes += size(&entry.value);
            self.tables.add(entry.hash, entry.key, entry.value);
        }
    }

    fn make_room(&mut self) {
        if self.bytes > CACHE_BYTES {
            let bytes = &mut self.bytes;
            self.tables.take_oldest(|tables| {
                let more = *bytes > LEFT_BYTES;
                *bytes -= if more { size(tables) } else { 0 };
                more
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Model;
    use super::*;

    #[test]
    fn the_oldest_go_first() {
        static MODEL: Model = Model::new("m", false);
        let cache = Cache::new();
        let call = |at: usize| Key::new(&MODEL, &[&at]);
        let cells = CACHE_BYTES / 8 / 10;
        let large: Arc<[Returned]> = Arc::new([Returned::new(vec![0.0; cells], None)]);
        let small: Arc<[Returned]> = Arc::new([Returned::new(vec![1.0], None)]);
        let is_kept = |at: usize| cache.get(call(at).hash(), &call(at)).is_some();
        cache.put(call(0).hash(), call(0), &small);
        (1..10).for_each(|at| cache.put(call(at).hash(), call(at), &large));
        assert!((0..10).all(is_kept));
        cache.put(call(10).hash(), call(10), &large);
        assert_eq!((0..=10).filter(|at| is_kept(*at)).collect::<Vec<_>>(), [4, 5, 6, 7, 8, 9, 10]);
        cache.clear();
        assert!(!(0..=10).any(is_kept));
        // Many at a time, with and without others there.
        for first in [0, 5] {
            let mut tables = Index::default();
            for at in first..first + 10 {
                let own = Tables::One(Returned::new(vec![1.0], None));
                tables.add(call(at).hash(), call(at), own);
            }
            cache.put_all(&mut tables, 10 * 8);
            assert!(tables.is_empty() && (0..first + 10).all(is_kept) && !is_kept(first + 10));
        }
        (20..30).for_each(|at| cache.put(call(at).hash(), call(at), &large));
        assert_eq!((0..30).filter(|at| is_kept(*at)).collect::<Vec<_>>(), (23..30).collect::<Vec<_>>());
    }
}
