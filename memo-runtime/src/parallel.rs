//! Large tables are filled by several threads, each a part of the outermost axis
//! at a time.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::Error;
use crate::columns::Block;
use crate::fixed;
use crate::machine::LANES;

/// From how many operations on several threads are faster than one: to wake
/// another and to wait for it takes some ten microseconds.
const WORTH_THREADS: f64 = 300_000.0;

/// How many parts there are for each thread, so that none waits long for
/// another.
const PARTS: usize = 4;

/// Fills a table by `run`, which gets a part of it with the places of that on the
/// outermost axis, a step of which are `stride` cells, and cells to work with.
/// About `work` operations are to be done.
///
/// # Errors
/// That of the first part in which there is one.
#[inline(always)]
pub fn in_parts<F>(
    work: f64,
    table: &mut [f64],
    stride: usize,
    scratch: &mut [f64],
    run: F,
) -> Result<(), Error>
where
    F: Fn(Range<usize>, &mut [f64], &mut [f64]) -> Result<(), Error> + Sync,
{
    if work < WORTH_THREADS {
        run(0..table.len() / stride.max(1), table, scratch)
    } else {
        parts_among_threads(table, stride, scratch, &run)
    }
}

/// Fills a table with zeros.
pub fn clear(table: &mut [f64]) {
    // Several cells at a time.
    let work = table.len() as f64 / 8.0;
    let done = in_parts(work, table, 1, &mut [], |_, part, _| {
        part.fill(0.0);
        Ok(())
    });
    debug_assert!(done.is_ok(), "nothing can go wrong");
}

/// The same for a table with rows that stand upright: the parts are columns.
///
/// # Errors
/// That of the first part in which there is one.
#[inline(always)]
pub fn in_columns<F>(
    work: f64,
    table: &mut [f64],
    columns: usize,
    scratch: &mut [f64],
    run: F,
) -> Result<(), Error>
where
    F: Fn(Range<usize>, &mut Block<'_>, &mut [f64]) -> Result<(), Error> + Sync,
{
    if work < WORTH_THREADS {
        run(0..columns, &mut Block::Whole(table, columns), scratch)
    } else {
        columns_among_threads(table, columns, scratch, &run)
    }
}

/// What fills a part of a table.
type OfPart<'r> = dyn Fn(Range<usize>, &mut [f64], &mut [f64]) -> Result<(), Error> + Sync + 'r;
/// What fills some columns.
type OfColumns<'r> = dyn Fn(Range<usize>, &mut Block<'_>, &mut [f64]) -> Result<(), Error> + Sync + 'r;

// What follows is compiled once, not with every model.

#[cold]
fn parts_among_threads(
    table: &mut [f64],
    stride: usize,
    scratch: &mut [f64],
    run: &OfPart<'_>,
) -> Result<(), Error> {
    let rows = table.len() / stride.max(1);
    let Some(each) = several(rows) else { return run(0..rows, table, scratch) };
    let parts = table.chunks_mut(each * stride).enumerate();
    let parts = parts.map(|(at, part)| (at * each..at * each + part.len() / stride, part));
    among_threads(parts, scratch, &|range, part: &mut [f64], scratch| run(range, part, scratch))
}

#[cold]
fn columns_among_threads(
    table: &mut [f64],
    columns: usize,
    scratch: &mut [f64],
    run: &OfColumns<'_>,
) -> Result<(), Error> {
    let Some(each) = several(columns.div_ceil(LANES)) else {
        return run(0..columns, &mut Block::Whole(table, columns), scratch);
    };
    let parts = Block::split(table, columns, each * LANES).into_iter();
    among_threads(parts, scratch, &|range, mut block, scratch| run(range, &mut block, scratch))
}

/// How many steps make a part, if there are to be several parts.
fn several(steps: usize) -> Option<usize> {
    let threads = rayon::current_num_threads();
    // A thread that waits may take up other work, which must not find this one's
    // half done.
    let alone = threads < 2 || steps < 2 || fixed::is_underway();
    (!alone).then(|| steps.div_ceil(PARTS * threads))
}

fn among_threads<P: Send>(
    parts: impl Iterator<Item = (Range<usize>, P)>,
    scratch: &mut [f64],
    run: &(impl Fn(Range<usize>, P, &mut [f64]) -> Result<(), Error> + Sync),
) -> Result<(), Error> {
    let parts = Mutex::new(parts.collect::<VecDeque<_>>());
    let failed: Mutex<Option<(usize, Error)>> = Mutex::new(None);
    let cells = scratch.len();
    // From both ends, so that a thread finds in its cache what it has filled
    // before.
    let work = |scratch: &mut [f64], own: bool| {
        loop {
            // The lock is let go before the work is done.
            let next = if own { held(&parts).pop_front() } else { held(&parts).pop_back() };
            let Some((range, part)) = next else { return };
            let at = range.start;
            if let Err(error) = run(range, part, scratch) {
                let mut failed = held(&failed);
                if failed.as_ref().is_none_or(|(first, _)| at < *first) {
                    *failed = Some((at, error));
                }
            }
        }
    };
    rayon::in_place_scope(|scope| {
        for _ in 1..rayon::current_num_threads() {
            scope.spawn(|_| work(&mut vec![0.0; cells], false));
        }
        work(scratch, true);
    });
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.map_or(Ok(()), |(_, error)| Err(error))
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(work: f64, bad: &[usize]) -> (Vec<f64>, Result<(), Error>) {
        let mut table = vec![0.0; 1001 * 3];
        let done = in_parts(work, &mut table, 3, &mut [0.0; 2], |range, part, scratch| {
            assert_eq!((scratch.len(), part.len()), (2, 3 * range.len()));
            for (at, cells) in range.zip(part.chunks_exact_mut(3)) {
                if bad.contains(&at) {
                    return Err(Error::Panicked { model: "m".into(), message: at.to_string() });
                }
                cells.fill(at as f64);
            }
            Ok(())
        });
        (table, done)
    }

    #[test]
    fn all_parts_are_filled_whoever_does_it() {
        let (alone, together) = (fill(0.0, &[]), fill(1e9, &[]));
        assert_eq!(alone, together);
        assert!(alone.0.iter().enumerate().all(|(at, x)| *x == (at / 3) as f64));
    }

    #[test]
    fn the_first_error_is_told() {
        for work in [0.0, 1e9] {
            let Err(Error::Panicked { message, .. }) = fill(work, &[900, 17, 500]).1 else {
                panic!("three parts go wrong")
            };
            assert_eq!(message, "17");
        }
    }
}
