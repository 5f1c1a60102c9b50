//! Parts of a loop, each done by whoever comes to it first.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Fault, pool, team};

/// Goes through some parts, each with its place among all, until there is none left; the error
/// of the first part in which there is one.
pub(super) fn among_threads<P: Send>(
    all: usize,
    parts: Vec<(usize, P)>,
    scratch: &mut [f64],
    run: &(impl Fn(usize, P, &mut [f64]) -> Result<(), Fault> + Sync),
) -> Result<(), Fault> {
    let parts = Parts::new(parts);
    let failed: Mutex<Option<(usize, Fault)>> = Mutex::new(None);
    let cells = scratch.len();
    // From both ends, so that a thread finds in its cache what it has filled
    // before.
    let work = |scratch: &mut [f64], own: bool| {
        while let Some((at, part)) = parts.next(own) {
            if let Err(error) = run(at, part, scratch) {
                let mut failed = held(&failed);
                if failed.as_ref().is_none_or(|(first, _)| at < *first) {
                    *failed = Some((at, error));
                }
            }
        }
    };
    let help = || {
        let mut scratch = pool::cells(cells);
        work(&mut scratch, false);
        pool::take_back(scratch);
    };
    team::together(all - 1, &help, || work(scratch, true));
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.map_or(Ok(()), |(_, error)| Err(error))
}

/// What threads take from both ends, without waiting for each other.
struct Parts<P> {
    parts: Vec<Mutex<Option<(usize, P)>>>,
    /// How many have been taken from the front, and 2^32 times as many as from the back.
    taken: AtomicU64,
}

impl<P> Parts<P> {
    fn new(parts: Vec<(usize, P)>) -> Self {
        let parts = parts.into_iter().map(|part| Mutex::new(Some(part))).collect();
        Self { parts, taken: AtomicU64::new(0) }
    }

    /// The next from the front or from the back.
    fn next(&self, front: bool) -> Option<(usize, P)> {
        let taken = self.taken.fetch_add(if front { 1 } else { 1 << 32 }, Ordering::Relaxed);
        let (before, behind) = ((taken & u64::from(u32::MAX)) as usize, (taken >> 32) as usize);
        let left = self.parts.len().checked_sub(before + behind + 1)?;
        let part = &self.parts[if front { before } else { before + left }];
        held(part).take()
    }
}

pub(super) fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
