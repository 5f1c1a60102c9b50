//! Tables kept between calls.

use std::collections::VecDeque;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use super::key::{Key, Map};
use crate::impossible::Returned;

/// How many bytes of tables one model's cache may hold.
const CACHE_BYTES: usize = 256 << 20;

/// The room of so many tables stays when they are forgotten.
const FEW: usize = 1024;

/// Tables kept between calls, for `#[memo(cache)]`; the oldest go first.
#[derive(Debug)]
pub(super) struct Cache {
    kept: Mutex<Option<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    tables: Map<Arc<[Returned]>>,
    order: VecDeque<Key>,
    bytes: usize,
}

impl Cache {
    /// An empty cache.
    pub(super) const fn new() -> Self {
        Self { kept: Mutex::new(None) }
    }

    /// Forgets all tables.
    pub(super) fn clear(&self) {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match all.as_mut() {
            // The room that it takes is used again, unless it is much.
            Some(kept) if kept.tables.capacity() <= FEW => {
                kept.tables.clear();
                kept.order.clear();
                kept.bytes = 0;
            }
            _ => *all = None,
        }
    }

    pub(super) fn get(&self, key: &Key) -> Option<Arc<[Returned]>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref()?.tables.get(key).cloned()
    }

    pub(super) fn put(&self, key: Key, tables: &Arc<[Returned]>) {
        let size =
            |tables: &[Returned]| tables.iter().map(|t| t.cells.len() * size_of::<f64>()).sum::<usize>() + 64;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.get_or_insert_with(Kept::default);
        let Entry::Vacant(place) = kept.tables.entry(key) else { return };
        kept.bytes += size(tables);
        kept.order.push_back(place.key().clone());
        place.insert(Arc::clone(tables));
        while kept.bytes > CACHE_BYTES {
            let Some(oldest) = kept.order.pop_front() else { break };
            if let Some(tables) = kept.tables.remove(&oldest) {
                kept.bytes -= size(&tables);
            }
        }
    }
}
