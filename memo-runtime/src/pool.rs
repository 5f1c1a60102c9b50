//! Room for tables: what a call needs is added up and checked against the limit
//! before anything is allocated, and buffers are used again, since fresh
//! megabytes cost more in page faults than in arithmetic.

mod few;

use std::cell::{Cell, RefCell};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::LocalKey;

use crate::real::Dual;
use crate::{Error, Fault};

pub(crate) use few::{SlopesRoom, few_cells, take_back_few};

/// Below this many cells the allocator is as quick.
const SMALL: usize = 1_024;

/// How many buffers, and how many cells in all, a thread keeps.
const KEPT: (usize, usize) = (256, 8 << 20);

/// Below this many bytes the limit need not be looked up.
const CERTAIN: usize = 1 << 20;

/// What has been set; 0 for nothing.
static SET_LIMIT: AtomicU64 = AtomicU64::new(0);

/// How many bytes the tables of one call of a model may take from now on, in all
/// threads; `None` for the default, half of the memory of the machine.
///
/// A call that needs more fails with [`Error::TooLarge`], before anything is
/// allocated. The limit is not held against what stays below a megabyte.
///
/// ```
/// memo_runtime::set_memory_limit(Some(1 << 30));
/// memo_runtime::set_memory_limit(None);
/// ```
pub fn set_memory_limit(bytes: Option<u64>) {
    // A limit of 0 is one of a byte: no large table fits either.
    SET_LIMIT.store(bytes.map_or(0, |bytes| bytes.max(1)), Ordering::Relaxed);
}

pub(crate) fn memory_limit() -> u128 {
    match SET_LIMIT.load(Ordering::Relaxed) {
        0 => half_of_memory(),
        set => u128::from(set),
    }
}

/// Half of the memory of the machine, or 8 GiB where it cannot be found out.
fn half_of_memory() -> u128 {
    static LIMIT: OnceLock<u128> = OnceLock::new();
    *LIMIT.get_or_init(|| {
        let info = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let total = info.lines().find_map(|line| line.strip_prefix("MemTotal:"));
        let kibibytes = total.and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse::<u128>().ok());
        kibibytes.map_or(8 << 30, |k| k * 1024 / 2)
    })
}

/// What the tables of one call need.
#[derive(Debug)]
pub struct Room {
    model: &'static str,
    /// Cells of all tables.
    cells: usize,
    /// Those of tables that live as long as the call.
    own: usize,
}

impl Room {
    /// For no tables yet.
    #[must_use]
    #[inline]
    pub fn new(model: &'static str) -> Self {
        Self { model, cells: 0, own: 0 }
    }

    /// Adds a table that lives as long as the call; returns its cells.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when all tables together would need more than the
    /// limit, see [`set_memory_limit`].
    #[inline(always)]
    pub fn table(&mut self, axes: &[(&str, usize)]) -> Result<usize, Fault> {
        let cells = self.returned(axes)?;
        self.own += cells;
        Ok(cells)
    }

    /// Adds a table that is handed out; returns its cells.
    ///
    /// # Errors
    /// [`Error::TooLarge`], as [`Room::table`].
    #[inline(always)]
    pub fn returned(&mut self, axes: &[(&str, usize)]) -> Result<usize, Fault> {
        // Said without a loop, and with nothing that refers to `self`: with constant lengths
        // all of it is constants to LLVM at once. Else it tried for minutes what follows from
        // what, for a model of some forty tables.
        let product = match axes {
            [] => Some(1),
            [(_, a)] => Some(*a),
            [(_, a), (_, b)] => a.checked_mul(*b),
            [(_, a), (_, b), (_, c)] => a.checked_mul(*b).and_then(|cells| cells.checked_mul(*c)),
            _ => axes.iter().try_fold(1_usize, |cells, (_, n)| cells.checked_mul(*n)),
        };
        let total = product.and_then(|cells| cells.checked_add(self.cells));
        let cells = match (product, total) {
            (Some(cells), Some(total)) if total < CERTAIN / 8 => cells,
            _ => large(self.model, self.cells, axes)?,
        };
        self.cells += cells;
        Ok(cells)
    }

    /// The room itself.
    #[must_use]
    #[inline]
    pub fn space(&self) -> Space {
        let own = self.own;
        Space {
            small: if 0 < own && own < SMALL { small_space() } else { None },
            large: if own < SMALL { Vec::new() } else { buffer(own) },
            own,
        }
    }
}

/// The cells of a table beside so many others, if all together are within the limit.
#[cold]
fn large(model: &str, others: usize, axes: &[(&str, usize)]) -> Result<usize, Fault> {
    let cells = axes.iter().fold(1_u128, |cells, (_, n)| cells.saturating_mul(*n as u128));
    let bytes = cells.saturating_add(others as u128).saturating_mul(8);
    if bytes > memory_limit() {
        return Err(Error::TooLarge {
            model: model.into(),
            axes: axes.iter().map(|(name, n)| ((*name).to_string(), *n)).collect(),
            bytes,
            limit: memory_limit(),
        }
        .into());
    }
    Ok(cells as usize)
}

/// A place for the tables of one call, used again by the next.
#[derive(Debug)]
pub struct Space {
    small: Option<Box<[f64; SMALL]>>,
    large: Vec<f64>,
    own: usize,
}

impl Space {
    /// All of it; what it holds is left over from other calls.
    #[inline]
    pub fn cells(&mut self) -> &mut [f64] {
        match &mut self.small {
            Some(cells) => &mut cells[..self.own],
            None => &mut self.large[..self.own],
        }
    }
}

impl Drop for Space {
    #[inline]
    fn drop(&mut self) {
        if let Some(cells) = self.small.take() {
            // A table may outlive its thread's pool: then it is simply dropped.
            let _ = SMALL_SPACE.try_with(|slot| slot.set(Some(cells)));
        }
        if self.own >= SMALL {
            take_back(std::mem::take(&mut self.large));
        }
    }
}

/// Buffers that nobody needs.
type Free<T> = RefCell<Vec<Vec<T>>>;

thread_local! {
    static FREE: Free<f64> = const { RefCell::new(Vec::new()) };
    /// Of places in tables.
    static FREE_PLACES: Free<u32> = const { RefCell::new(Vec::new()) };
    /// Of numbers with what they change by.
    static FREE_MOVING: Free<Dual<1>> = const { RefCell::new(Vec::new()) };
    static SMALL_SPACE: Cell<Option<Box<[f64; SMALL]>>> = const { Cell::new(None) };
}

/// The place of the call before this one, handed over as one pointer.
fn small_space() -> Option<Box<[f64; SMALL]>> {
    let found = SMALL_SPACE.try_with(Cell::take).unwrap_or_default();
    found.or_else(|| Some(Box::new([0.0; SMALL])))
}

/// The next so many cells of what is left.
#[must_use]
#[inline(always)]
pub fn part<'s>(rest: &mut &'s mut [f64], cells: usize) -> &'s mut [f64] {
    let (part, left) = std::mem::take(rest).split_at_mut(cells);
    *rest = left;
    part
}

/// A table of its own, to be filled.
#[must_use]
#[inline]
pub fn cells(cells: usize) -> Vec<f64> {
    if cells < SMALL { small(cells) } else { buffer(cells) }
}

/// A small table, to be filled: of what was given back last, which is not where an
/// allocator looks that is asked for zeros.
#[inline]
fn small(cells: usize) -> Vec<f64> {
    if cells >= SMALLEST {
        return line_by_line(cells);
    }
    let mut table = Vec::with_capacity(cells);
    table.resize(cells, f64::NAN);
    table
}

/// From so many cells on small tables are kept, too; below that an allocator is as quick.
const SMALLEST: usize = 2 * LINE;

/// The cells of a line of the cache.
const LINE: usize = 8;

/// How many cells a thread keeps in small tables of one size: some dozens of them, since
/// models with a cache have many at a time.
const KEPT_SMALL: usize = 1 << 12;

/// So many times a thread looks in vain for tables of one size that begin with a line.
const LOOKED_FOR: u8 = 8;

/// Small tables of one size that nobody needs, and how many have been looked for in vain.
struct FreeSmall(Vec<Vec<f64>>, u8);

thread_local! {
    /// By the lines that they fill.
    static FREE_SMALL: RefCell<[FreeSmall; SMALL / LINE]> =
        const { RefCell::new([const { FreeSmall(Vec::new(), 0) }; SMALL / LINE]) };
}

/// A small table whose room is whole lines of the cache; what it holds may be left over.
fn line_by_line(cells: usize) -> Vec<f64> {
    let lines = cells.div_ceil(LINE);
    // In its place: what is moved word by word and read in larger pieces waits for its way to memory.
    let mut table = Vec::new();
    _ = FREE_SMALL.try_with(|free| {
        if let Some(FreeSmall(tables, _)) = free.borrow_mut().get_mut(lines)
            && let Some(found) = tables.pop()
        {
            table = found;
        }
    });
    if table.capacity() == 0 {
        table = new_lines(lines);
    }
    // Most often it was as long, and nothing is written that has to be read at once.
    if table.len() != cells {
        table.resize(cells, f64::NAN);
    }
    table
}

/// Room for so many lines, of which none is free.
#[cold]
fn new_lines(lines: usize) -> Vec<f64> {
    let in_vain = |more: u8| {
        let count = FREE_SMALL.try_with(|free| {
            let mut free = free.borrow_mut();
            let FreeSmall(_, in_vain) = free.get_mut(lines)?;
            *in_vain += more;
            Some(*in_vain)
        });
        count.ok().flatten().unwrap_or(LOOKED_FOR)
    };
    if in_vain(0) >= LOOKED_FOR {
        return Vec::with_capacity(LINE * lines);
    }
    let room = fresh_lines(lines);
    in_vain(u8::from(!begins_with_a_line(&room)));
    room
}

/// An allocator that gives out multiples of 16 bytes has one of four at the beginning of a line,
/// but may first give back what it has kept of that size.
const TRIES: usize = 12;

/// Room for so many lines; where it can be had, it begins with one: a vector that lies across
/// two takes twice as long, and what is looked for here is used again and again.
fn fresh_lines(lines: usize) -> Vec<f64> {
    let mut others = [const { Vec::new() }; TRIES];
    for other in &mut others {
        *other = Vec::with_capacity(LINE * lines);
        if begins_with_a_line(other) {
            return std::mem::take(other);
        }
    }
    std::mem::take(&mut others[0])
}

fn begins_with_a_line(cells: &[f64]) -> bool {
    cells.as_ptr().addr().is_multiple_of(LINE * size_of::<f64>())
}

/// A small table that is read as long as the process lives, from where a line of the cache
/// begins.
pub(crate) fn from_a_line(cells: Vec<f64>) -> Vec<f64> {
    if !(SMALLEST..SMALL).contains(&cells.len()) || begins_with_a_line(&cells) {
        return cells;
    }
    let mut table = fresh_lines(cells.len().div_ceil(LINE));
    table.extend_from_slice(&cells);
    table
}

/// Takes back a small one.
fn keep_small(buffer: Vec<f64>) {
    let lines = buffer.capacity() / LINE;
    let _ = FREE_SMALL.try_with(|free| {
        let mut free = free.borrow_mut();
        if let Some(FreeSmall(list, in_vain)) = free.get_mut(lines)
            && (list.len() + 1) * buffer.capacity() <= KEPT_SMALL
            && (begins_with_a_line(&buffer) || *in_vain >= LOOKED_FOR)
        {
            list.push(buffer);
        }
    });
}

/// A table in the place of one that nobody needs any more, if there is one of
/// that size.
#[must_use]
#[inline]
pub fn in_place(old: Vec<f64>, count: usize) -> Vec<f64> {
    if old.len() == count { old } else { cells(count) }
}

/// A table of zeros.
#[must_use]
pub fn zeros(count: usize) -> Vec<f64> {
    let mut zeros = if count < SMALL { small(count) } else { buffer(count) };
    zeros.fill(0.0);
    zeros
}

/// A copy of a table.
pub(crate) fn copy(table: &[f64]) -> Vec<f64> {
    let mut copy = cells(table.len());
    copy.copy_from_slice(table);
    copy
}

/// A table of numbers with what they change by, to be filled.
pub(crate) fn cells_that_move(count: usize) -> Vec<Dual<1>> {
    let nothing = Dual::moving(0.0, 0.0);
    if count < SMALL { vec![nothing; count] } else { buffer_of(&FREE_MOVING, count, nothing) }
}

/// Zeros that do not change.
pub(crate) fn zeros_that_move(count: usize) -> Vec<Dual<1>> {
    let mut zeros = cells_that_move(count);
    zeros.fill(Dual::moving(0.0, 0.0));
    zeros
}

/// A copy of a table of numbers with what they change by.
pub(crate) fn copy_of_moving(table: &[Dual<1>]) -> Vec<Dual<1>> {
    let mut copy = cells_that_move(table.len());
    copy.copy_from_slice(table);
    copy
}

/// Takes back one that nobody needs any more.
pub(crate) fn take_back_moving(buffer: Vec<Dual<1>>) {
    if buffer.capacity() >= SMALL {
        keep_in(&FREE_MOVING, buffer);
    }
}

/// A buffer for so many places in a table; what it holds is left over.
pub(crate) fn places(count: usize) -> Vec<u32> {
    if count < SMALL { vec![0; count] } else { buffer_of(&FREE_PLACES, count, 0) }
}

/// Takes back one that nobody needs any more.
pub(crate) fn take_back_places(buffer: Vec<u32>) {
    if buffer.capacity() >= SMALL {
        keep_in(&FREE_PLACES, buffer);
    }
}

/// A buffer of so many cells; what it holds is left over.
fn buffer(cells: usize) -> Vec<f64> {
    buffer_of(&FREE, cells, 0.0)
}

fn buffer_of<T: Copy>(free: &'static LocalKey<Free<T>>, cells: usize, zero: T) -> Vec<T> {
    let fits = |buffer: &Vec<T>| buffer.capacity() >= cells && buffer.capacity() / 4 <= cells;
    let found = free.try_with(|free| {
        let mut free = free.borrow_mut();
        // The least that is enough: what a smaller table cuts off has to be filled again. Most
        // often there is one that was as large, let go not long ago.
        let as_large = free.iter().rposition(|buffer| buffer.capacity() == cells);
        let least = || {
            let fitting = free.iter().enumerate().filter(|(_, buffer)| fits(buffer));
            fitting.min_by_key(|(_, buffer)| buffer.capacity()).map(|(at, _)| at)
        };
        let at = as_large.or_else(least)?;
        Some(free.swap_remove(at))
    });
    match found {
        Ok(Some(mut buffer)) => {
            buffer.resize(cells, zero);
            buffer
        }
        _ => vec![zero; cells],
    }
}

/// Takes back one that nobody needs any more.
#[inline]
pub fn take_back(buffer: Vec<f64>) {
    if is_kept(&buffer) {
        keep(buffer);
    }
}

/// Whether a buffer is one that is used again.
#[inline]
pub(crate) fn is_kept(buffer: &Vec<f64>) -> bool {
    let cells = buffer.capacity();
    cells >= SMALLEST && (cells >= SMALL || cells.is_multiple_of(LINE))
}

fn keep(buffer: Vec<f64>) {
    if buffer.capacity() < SMALL { keep_small(buffer) } else { keep_in(&FREE, buffer) }
}

fn keep_in<T>(free: &'static LocalKey<Free<T>>, buffer: Vec<T>) {
    // A table may outlive its thread's pool: then it is simply dropped.
    let _ = free.try_with(|free| {
        let mut free = free.borrow_mut();
        let cells: usize = free.iter().map(Vec::capacity).sum();
        if free.len() < KEPT.0 && cells + buffer.capacity() <= KEPT.1 {
            free.push(buffer);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_buffers_come_back() {
        let first = cells(10_000);
        let place = first.as_ptr();
        take_back(first);
        let again = cells(9_000);
        assert!(again.len() == 9_000 && again.as_ptr() == place);
        // One that is much too large is left for others.
        take_back(again);
        let small = cells(SMALL / 2);
        assert_ne!(small.as_ptr(), place);
        assert_eq!(cells(20_000).len(), 20_000);
    }

    #[test]
    fn small_tables_come_back() {
        let tables = || -> Vec<Vec<f64>> { (0..20).map(|_| cells(100)).collect() };
        let first = tables();
        let before: Vec<_> =
            first.iter().filter(|table| begins_with_a_line(table.as_slice())).map(Vec::as_ptr).collect();
        first.into_iter().for_each(take_back);
        let again = tables();
        let places: Vec<_> = again.iter().map(Vec::as_ptr).collect();
        assert!(before.iter().all(|place| places.contains(place)));
        assert!(again.iter().all(|table| table.len() == 100));
        // Those of another length that fill as many lines have them, too.
        again.into_iter().for_each(take_back);
        assert!(cells(97).len() == 97 && cells(104).len() == 104 && cells(105).len() == 105);
    }

    /// Where they begin, tables hold the same.
    #[test]
    fn what_is_read_again_and_again_is_the_same() {
        for n in [0, 1, SMALLEST, 100, 101, 102, 103, SMALL, 2 * SMALL] {
            let cells: Vec<f64> = (0..n).map(|at| at as f64).collect();
            assert_eq!(from_a_line(cells.clone()), cells);
        }
    }

    #[test]
    fn tables_that_move_come_back_too() {
        let first = zeros_that_move(10_000);
        let place = first.as_ptr();
        take_back_moving(first);
        let again = copy_of_moving(&[Dual::moving(1.0, 2.0); 9_000]);
        assert!(again.len() == 9_000 && again.as_ptr() == place);
        take_back_moving(again);
        assert!(zeros_that_move(9_500).iter().all(|cell| cell.vanishes()));
    }

    #[test]
    fn a_space_is_divided_and_used_again() {
        let place = || {
            let mut room = Room::new("m");
            let (a, b) = (room.table(&[("x", 2), ("y", 3)]), room.table(&[("x", 2)]));
            assert_eq!((a, b, room.returned(&[("y", 3)])), (Ok(6), Ok(2), Ok(3)));
            let mut space = room.space();
            let mut rest = space.cells();
            let (first, second) = (part(&mut rest, 6), part(&mut rest, 2));
            assert_eq!((first.len(), second.len(), rest.len()), (6, 2, 0));
            first.as_ptr()
        };
        assert_eq!(place(), place());
    }

    #[test]
    fn all_tables_together_are_held_against_the_limit() {
        let mut room = Room::new("m");
        let limit = memory_limit();
        let third = usize::try_from(limit / 8 / 3).expect("a machine's memory can be counted");
        assert_eq!(room.table(&[("x", third)]), Ok(third));
        assert_eq!(room.returned(&[("x", third)]), Ok(third));
        let axes = [("x", third), ("y", 2)];
        let bytes = 4 * third as u128 * 8;
        let named = axes.iter().map(|(name, n)| ((*name).to_string(), *n)).collect();
        let error = Error::TooLarge { model: "m".into(), axes: named, bytes, limit };
        assert_eq!(room.table(&axes), Err(error.into()));
        assert!(room.table(&[("x", usize::MAX), ("y", usize::MAX)]).is_err());
    }
}
