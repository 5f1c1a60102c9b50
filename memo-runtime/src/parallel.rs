//! Large tables are filled by several threads, each a part of the outermost axis
//! at a time; and gone back through so.

mod parts;
mod total;

use std::cell::Cell;
use std::ops::Range;

use crate::Fault;
use crate::columns::{Across, Block, Divisor, RowParts, Rowwise, is_wide};
use crate::machine::LANES;
use crate::{fixed, pool};
use parts::among_threads;
use total::Total;

/// From how many operations on several threads are faster than one: to wake
/// another and to wait for it takes some ten microseconds.
const WORTH_THREADS: f64 = 300_000.0;

/// How many parts there are for each thread, so that none waits long for
/// another.
const PARTS: usize = 4;

/// The same of columns, of which a few next to each other are read a row at a time:
/// with more of them memory is read faster.
const PARTS_OF_COLUMNS: usize = 2;

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
) -> Result<(), Fault>
where
    F: Fn(Range<usize>, &mut [f64], &mut [f64]) -> Result<(), Fault> + Sync,
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

/// A copy of a table, whose parts are in the caches of those who go back through it.
pub(crate) fn copy(table: &[f64]) -> Vec<f64> {
    let mut copy = pool::cells(table.len());
    let work = COPIED * table.len() as f64;
    let done = in_shares(work, table.len(), [(&mut copy, 1)], [], |range, [part], []| {
        part.copy_from_slice(&table[range]);
        Ok(())
    });
    debug_assert!(done.is_ok(), "nothing can go wrong");
    copy
}

/// What a cell that is copied counts for: a table that is worth it is beyond the nearest
/// caches.
const COPIED: f64 = 4.0;

/// Fills a table with so many rows that stand upright and columns: the parts are
/// columns, gone across in tiles.
///
/// # Errors
/// That of the first part in which there is one.
#[inline(always)]
pub fn in_columns<F>(
    work: f64,
    table: &mut [f64],
    (rows, columns): (usize, usize),
    scratch: &mut [f64],
    run: F,
) -> Result<(), Fault>
where
    F: Fn(&mut Across<'_>, &mut Block<'_, '_>, &mut [f64]) -> Result<(), Fault> + Sync,
{
    in_tiles(work, table, (rows, columns), scratch, &[], &run)
}

/// The same, where some rows may hold their weights already.
#[inline(always)]
fn in_tiles(
    work: f64,
    table: &mut [f64],
    (rows, columns): (usize, usize),
    scratch: &mut [f64],
    weighed: &[f64],
    run: &(impl Fn(&mut Across<'_>, &mut Block<'_, '_>, &mut [f64]) -> Result<(), Fault> + Sync),
) -> Result<(), Fault> {
    if work < WORTH_THREADS {
        let across = &mut Across::in_tiles(rows, columns, 0..columns, weighed);
        run(across, &mut Block::Whole(table, columns), scratch)
    } else {
        columns_among_threads(table, columns, scratch, weighed, run)
    }
}

/// The same for probabilities that are weights divided by their sums, which `run` may go
/// through row after row, too: the parts are rows then.
///
/// # Errors
/// That of the first part in which there is one.
#[inline(always)]
pub fn upright<F>(
    work: f64,
    table: &mut [f64],
    (rows, columns): (usize, usize),
    scratch: &mut [f64],
    run: F,
) -> Result<(), Fault>
where
    F: Fn(&mut Across<'_>, &mut Block<'_, '_>, &mut [f64]) -> Result<(), Fault> + Sync,
{
    let mut divisor = Divisor::default();
    upright_undivided(work, table, (rows, columns), scratch, &mut divisor, run)?;
    if divisor.is_done() {
        return Ok(());
    }
    in_shares(work, rows, [(table, columns)], [], |_, [rows], []| {
        divisor.divide(rows);
        Ok(())
    })
}

/// The same, but that the rows may be left as weights: then the divisor divides them.
///
/// # Errors
/// That of the first part in which there is one.
#[inline(always)]
pub fn upright_undivided<F>(
    work: f64,
    table: &mut [f64],
    (rows, columns): (usize, usize),
    scratch: &mut [f64],
    divisor: &mut Divisor,
    run: F,
) -> Result<(), Fault>
where
    F: Fn(&mut Across<'_>, &mut Block<'_, '_>, &mut [f64]) -> Result<(), Fault> + Sync,
{
    if !is_wide(rows, columns) {
        return in_columns(work, table, (rows, columns), scratch, run);
    }
    *divisor = row_after_row(work, table, columns, scratch, &run)?;
    Ok(())
}

/// In how many shares tables are gone through with sums over them: by the work that there is,
/// not by who does it, so that the sums do not depend on the number of threads.
fn shares_of(work: f64, steps: usize) -> usize {
    // Two threads, or four, get as many each.
    let shares = if work < 2.0 * FEWEST as f64 * WORTH_A_SHARE { FEWEST } else { MOST };
    shares.min(steps)
}

/// How many operations are worth a share of their own: to begin one and to add up what it has
/// added takes a hundredth of that.
const WORTH_A_SHARE: f64 = 100_000.0;

/// Fewer would be waited for too long.
const FEWEST: usize = 8;

/// As many for much work.
const MOST: usize = 16;

/// Goes through `steps` places on an axis by `run`, which gets some of them with the
/// same part of each of the `divided` tables, a step of which are so many cells, and
/// with numbers to add to, which end up in `added`. About `work` operations are to be
/// done.
///
/// What is in the divided tables is `run`'s to change; numbers are added up two
/// parts at a time, always the same two, whoever has gone through them.
///
/// # Errors
/// That of the first part in which there is one.
#[inline(always)]
pub fn in_shares<const D: usize, const A: usize, F>(
    work: f64,
    steps: usize,
    divided: [(&mut [f64], usize); D],
    added: [&mut [f64]; A],
    run: F,
) -> Result<(), Fault>
where
    F: Fn(Range<usize>, [&mut [f64]; D], [&mut [f64]; A]) -> Result<(), Fault> + Sync,
{
    if work < WORTH_THREADS {
        run(0..steps, divided.map(|(table, _)| table), added)
    } else {
        let run: &OfShare<'_> = &|range, tables| {
            let (divided, added) = tables.split_at_mut(D);
            run(range, lent(divided), lent(added))
        };
        shares_among_threads(work, steps, divided.into(), added.into(), run)
    }
}

/// So many tables, lent.
fn lent<'l, const N: usize>(tables: &'l mut [&mut [f64]]) -> [&'l mut [f64]; N] {
    let mut tables = tables.iter_mut();
    std::array::from_fn(|_| tables.next().map_or(&mut [][..], |table| &mut **table))
}

/// What goes through some places, with its parts of the tables that are divided, and then those
/// of the ones that are added up.
type OfShare<'r> = dyn Fn(Range<usize>, &mut [&mut [f64]]) -> Result<(), Fault> + Sync + 'r;
/// What fills a part of a table.
type OfPart<'r> = dyn Fn(Range<usize>, &mut [f64], &mut [f64]) -> Result<(), Fault> + Sync + 'r;
/// What goes across some columns, or some rows.
type GoesAcross<'r> =
    dyn Fn(&mut Across<'_>, &mut Block<'_, '_>, &mut [f64]) -> Result<(), Fault> + Sync + 'r;

// What follows is compiled once, not with every model.

#[cold]
fn parts_among_threads(
    table: &mut [f64],
    stride: usize,
    scratch: &mut [f64],
    run: &OfPart<'_>,
) -> Result<(), Fault> {
    let rows = table.len() / stride.max(1);
    let Some(each) = several(rows, PARTS) else { return run(0..rows, table, scratch) };
    let parts = table.chunks_mut(each * stride).enumerate().map(|(at, part)| (at * each, part));
    let run =
        |start, part: &mut [f64], scratch: &mut [f64]| run(start..start + part.len() / stride, part, scratch);
    among_threads(rayon::current_num_threads(), parts.collect(), scratch, &run)
}

#[cold]
fn columns_among_threads(
    table: &mut [f64],
    columns: usize,
    scratch: &mut [f64],
    weighed: &[f64],
    run: &GoesAcross<'_>,
) -> Result<(), Fault> {
    let rows = table.len() / columns.max(1);
    let Some(each) = several(columns.div_ceil(LANES), PARTS_OF_COLUMNS) else {
        let across = &mut Across::in_tiles(rows, columns, 0..columns, weighed);
        return run(across, &mut Block::Whole(table, columns), scratch);
    };
    let parts = Block::split(table, columns, each * LANES).into_iter();
    let parts = parts.map(|(range, rows)| (range.start, (range.end, rows))).collect();
    let run = |start, (end, mut parts): (usize, RowParts<'_>), scratch: &mut [f64]| {
        let block = &mut Block::Part(&mut parts, start);
        run(&mut Across::in_tiles(rows, columns, start..end, weighed), block, scratch)
    };
    among_threads(rayon::current_num_threads(), parts, scratch, &run)
}

/// Fills a wide table with weights and returns what they are to be divided by; where
/// one needs care all is gone through again, in tiles, and nothing is left to be divided.
#[cold]
fn row_after_row(
    work: f64,
    table: &mut [f64],
    columns: usize,
    scratch: &mut [f64],
    run: &GoesAcross<'_>,
) -> Result<Divisor, Fault> {
    let rows = table.len() / columns;
    // What each row and each column has.
    let mut beside = pool::zeros(rows + columns);
    let (weighed, sums) = beside.split_at_mut(rows);
    let room = scratch.len();
    let divided = [(&mut *table, columns), (&mut *weighed, 1)];
    in_shares(work, rows, divided, [&mut *sums], |range, [part, weighed], [sums]| {
        let mut scratch = pool::cells(room);
        let first = range.start;
        let rowwise = &mut Rowwise::new(weighed, sums);
        let across = &mut Across::by_rows(range, columns, rowwise);
        let done = run(across, &mut Block::Rows(part, columns, first), &mut scratch);
        pool::take_back(scratch);
        done
    })?;
    let all = weighed.iter().all(|weighed| *weighed != 0.0);
    let divisor = match Divisor::by(sums).filter(|_| all) {
        Some(divisor) => divisor,
        None => {
            in_tiles(work, table, (rows, columns), scratch, weighed, &run)?;
            Divisor::default()
        }
    };
    pool::take_back(beside);
    Ok(divisor)
}

#[cold]
fn shares_among_threads(
    work: f64,
    steps: usize,
    divided: Vec<(&mut [f64], usize)>,
    mut added: Vec<&mut [f64]>,
    run: &OfShare<'_>,
) -> Result<(), Fault> {
    let shares = shares_of(work, steps);
    // As even as can be: whoever gets more is waited for.
    let range = |share: usize| share * steps / shares..(share + 1) * steps / shares;
    let cells: usize = added.iter().map(|sums| sums.len()).sum();
    // To add the sums up must be little beside the work.
    if shares < 2 || (cells * shares) as f64 > work / 4.0 {
        let divided = divided.into_iter().map(|(table, _)| table);
        return run(0..steps, &mut divided.chain(added).collect::<Vec<_>>());
    }
    let mut sums = pool::cells(cells * shares);
    // The parts of all tables, share by share, in one piece of memory.
    let of_share = divided.len() + added.len();
    let mut tables: Vec<&mut [f64]> = Vec::with_capacity(of_share * shares);
    let (mut left, mut rest) = (divided, &mut sums[..]);
    for share in 0..shares {
        for (table, stride) in &mut left {
            // One that was not needed is empty.
            let part = if table.is_empty() { 0 } else { range(share).len() * *stride };
            tables.push(pool::part(table, part));
        }
        tables.extend(added.iter().map(|target| pool::part(&mut rest, target.len())));
    }
    let first = of_share - added.len();
    // There may be none.
    let mut tables = tables.chunks_exact_mut(of_share.max(1));
    let mut parts: Vec<_> = (0..shares).map(|share| (share, tables.next().unwrap_or_default())).collect();
    turn(&mut parts);
    let total = Total::new(shares);
    let all = if is_alone() { 1 } else { rayon::current_num_threads() };
    among_threads(all, parts, &mut [], &|share, tables, _| {
        // Whoever adds to them has them in its cache.
        tables[first..].iter_mut().for_each(|sums| sums.fill(0.0));
        run(range(share), tables)?;
        total.add(share, &mut tables[first..]);
        Ok(())
    })?;
    total.add_to(&mut added);
    pool::take_back(sums);
    Ok(())
}

/// Turns the order of the parts round every other time, so that a thread begins with
/// what it has come to last, which its cache still holds.
fn turn<P>(parts: &mut [P]) {
    thread_local! {
        static BACK: Cell<bool> = const { Cell::new(false) };
    }
    if BACK.replace(!BACK.get()) {
        let (own, others) = parts.split_at_mut(if is_alone() { parts.len() } else { parts.len() / 2 });
        own.reverse();
        others.reverse();
    }
}

/// How many steps make a part, if there are to be several, so many for each thread.
fn several(steps: usize, parts: usize) -> Option<usize> {
    let alone = steps < 2 || is_alone();
    (!alone).then(|| steps.div_ceil(parts * rayon::current_num_threads()))
}

/// Whether this thread has to do all by itself.
fn is_alone() -> bool {
    // A thread that waits may take up other work, which must not find this one's
    // half done.
    rayon::current_num_threads() < 2 || fixed::is_underway()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    fn bad_at(place: usize) -> Fault {
        Error::Panicked { model: "m".into(), message: place.to_string() }.into()
    }

    fn fill(work: f64, bad: &[usize]) -> (Vec<f64>, Result<(), Fault>) {
        let mut table = vec![0.0; 1001 * 3];
        let done = in_parts(work, &mut table, 3, &mut [0.0; 2], |range, part, scratch| {
            assert_eq!((scratch.len(), part.len()), (2, 3 * range.len()));
            for (at, cells) in range.zip(part.chunks_exact_mut(3)) {
                if bad.contains(&at) {
                    return Err(bad_at(at));
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
    fn sums_over_parts_are_those_of_one() {
        let through = |work: f64, steps: usize| {
            let (mut table, mut empty) = (vec![f64::NAN; steps * 3], Vec::new());
            let (mut columns, mut total) = ([1.0; 3], 0.5);
            let divided = [(&mut table[..], 3), (&mut empty[..], 7)];
            let added = [&mut columns[..], std::slice::from_mut(&mut total)];
            let done = in_shares(work, steps, divided, added, |range, [table, empty], [columns, total]| {
                assert!(empty.is_empty() && table.len() == 3 * range.len());
                for (at, row) in range.zip(table.chunks_exact_mut(3)) {
                    for (column, (cell, sum)) in row.iter_mut().zip(&mut *columns).enumerate() {
                        *cell = (at * (column + 1)) as f64;
                        *sum += *cell;
                        total[0] += *cell;
                    }
                }
                Ok(())
            });
            assert_eq!(done, Ok(()));
            (table, columns, total)
        };
        for steps in [1, 2, 15, 16, 17, 1001] {
            let (alone, together) = (through(0.0, steps), through(1e9, steps));
            assert_eq!(alone, together);
            let sum = (steps * (steps - 1) / 2) as f64;
            assert_eq!(
                (together.1, together.2),
                ([1.0 + sum, 1.0 + 2.0 * sum, 1.0 + 3.0 * sum], 0.5 + 6.0 * sum)
            );
        }
    }

    /// Rounded otherwise where they are added up in another order.
    #[test]
    fn sums_do_not_depend_on_the_number_of_threads() {
        let sum = || {
            let mut total = 0.0;
            let done = in_shares(1e9, 1001, [], [std::slice::from_mut(&mut total)], |range, [], [total]| {
                range.for_each(|at| total[0] += 1.0 / (at + 1) as f64);
                Ok(())
            });
            assert_eq!(done, Ok(()));
            total.to_bits()
        };
        let with = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let sums: Vec<u64> = (1..=5)
            .map(|threads| with(threads).unwrap_or_else(|error| panic!("{error}")).install(sum))
            .collect();
        assert!(sums.iter().all(|other| *other == sum()), "{sums:?}");
    }

    #[test]
    fn the_first_error_is_told() {
        for work in [0.0, 1e9] {
            assert_eq!(fill(work, &[900, 17, 500]).1, Err(bad_at(17)));
            let failing = |range: Range<usize>, _: [&mut [f64]; 0], _: [&mut [f64]; 0]| match range.start {
                0 => Ok(()),
                at => Err(bad_at(at)),
            };
            assert_eq!(in_shares(1e9, 32, [], [], failing), Err(bad_at(2)));
        }
    }
}
