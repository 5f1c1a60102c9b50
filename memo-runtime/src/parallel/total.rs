//! Sums over shares of a loop, added up as the shares are done.

use std::sync::{Mutex, PoisonError};

use super::MOST;
use super::parts::held;
use crate::machine::{Arithmetic, on_this_machine};

/// The numbers that a share, or several, have added to.
pub(super) type Sums<'s, 't> = &'s mut [&'t mut [f64]];

/// Sums over shares as they are done: always of the same two, so that the total does not
/// depend on who has done which, and by whoever has one of them in its cache.
pub(super) struct Total<'s, 't> {
    shares: usize,
    /// The first of two that is done, by the first share of the second of them.
    waiting: [Mutex<Option<Sums<'s, 't>>>; MOST],
}

impl<'s, 't> Total<'s, 't> {
    pub(super) fn new(shares: usize) -> Self {
        Self { shares, waiting: std::array::from_fn(|_| Mutex::default()) }
    }

    /// Adds what a share has.
    pub(super) fn add(&self, share: usize, sums: Sums<'s, 't>) {
        if sums.is_empty() {
            return;
        }
        let mut size = 1;
        while size < self.shares {
            // So many shares have been added up, and so many beside them may have.
            let second = (share / size) | 1;
            if second * size < self.shares {
                let mut waiting = held(&self.waiting[second * size]);
                let Some(other) = waiting.take() else {
                    *waiting = Some(sums);
                    return;
                };
                drop(waiting);
                add_all(sums, other);
            }
            size *= 2;
        }
        // The first share is the second of none.
        *held(&self.waiting[0]) = Some(sums);
    }

    /// Adds those of all shares, once they are done.
    pub(super) fn add_to(self, targets: Sums<'_, '_>) {
        let [all, ..] = self.waiting;
        if let Some(all) = all.into_inner().unwrap_or_else(PoisonError::into_inner) {
            add_all(targets, all);
        }
    }
}

/// Adds to some numbers as many others.
fn add_all(targets: Sums<'_, '_>, others: Sums<'_, '_>) {
    for (target, other) in targets.iter_mut().zip(others) {
        add_up(target, other);
    }
}

#[inline(always)]
fn add_to_each<A: Arithmetic>(target: &mut [f64], other: &[f64]) {
    let other = &other[..target.len()];
    for at in 0..target.len() {
        target[at] += other[at];
    }
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: twice as fast")]
fn add_up(target: &mut [f64], other: &[f64]) {
    on_this_machine!(add_to_each(target: &mut [f64], other: &[f64]) -> ())
}
