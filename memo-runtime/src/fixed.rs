//! Tables that are the same in every call: computed once a process, and kept for
//! good if they are not large, else for the calls under one call.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use crate::pool::memory_limit;
use crate::solve::Key;
use crate::{Error, Fault};

mod table;

pub use table::{FixedTable, Rows};

/// How many bytes of tables one part of a model may keep for good.
const KEPT_BYTES: usize = 64 << 20;

/// How many bytes the cells of some tables take.
fn bytes_of(tables: &[FixedTable]) -> usize {
    tables.iter().map(|table| table.len() * size_of::<f64>()).sum()
}

/// `N` tables as a call reads them.
#[derive(Debug)]
pub enum Kept<const N: usize> {
    /// Those that are kept.
    Here(&'static [FixedTable; N]),
    /// Kept for the calls under one call.
    Shared(Arc<[FixedTable; N]>),
}

impl<const N: usize> Deref for Kept<N> {
    type Target = [FixedTable; N];

    #[inline(always)]
    fn deref(&self) -> &[FixedTable; N] {
        match self {
            Self::Here(tables) => tables,
            Self::Shared(tables) => tables,
        }
    }
}

/// Tables that rest on some of a model's parameters only, kept for the calls
/// under one call.
#[derive(Debug, Default)]
pub(crate) struct Invariants {
    list: Vec<Invariant>,
    bytes: usize,
}

#[derive(Debug)]
struct Invariant {
    /// Model and parameters.
    key: Key,
    /// Which part of the model.
    part: usize,
    tables: Arc<dyn Any + Send + Sync>,
}

impl Invariants {
    /// The tables of a part of a model for these parameters, computed if need be.
    pub(crate) fn get<const N: usize>(
        &mut self,
        key: Key,
        part: usize,
        compute: impl FnOnce() -> Result<[FixedTable; N], Fault>,
    ) -> Result<Kept<N>, Fault> {
        let found = self.list.iter().find(|kept| kept.part == part && kept.key == key);
        if let Some(tables) = found.and_then(|kept| Arc::clone(&kept.tables).downcast().ok()) {
            return Ok(Kept::Shared(tables));
        }
        let tables = Arc::new(compute()?);
        // Parameters may change at every level.
        let most = (memory_limit() / 4).max(KEPT_BYTES as u128);
        let bytes = self.bytes + bytes_of(&*tables);
        if bytes as u128 <= most {
            self.bytes = bytes;
            self.list.push(Invariant { key, part, tables: Arc::<[FixedTable; N]>::clone(&tables) });
        }
        Ok(Kept::Shared(tables))
    }
}

thread_local! {
    /// What this thread is computing.
    static UNDERWAY: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
    /// What this thread keeps until a call ends, and how many these are.
    static HELD: RefCell<Vec<Arc<dyn Any + Send + Sync>>> = const { RefCell::new(Vec::new()) };
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

/// A call; what is kept for those under it goes when it is dropped.
pub(crate) struct Holding {
    before: usize,
}

impl Holding {
    #[inline]
    pub(crate) fn begin() -> Self {
        Self { before: COUNT.get() }
    }

    fn add(tables: Arc<dyn Any + Send + Sync>) {
        let count = HELD.with_borrow_mut(|held| {
            held.push(tables);
            held.len()
        });
        COUNT.set(count);
    }
}

impl Drop for Holding {
    // In every call, and there is hardly ever anything to do.
    #[inline(always)]
    fn drop(&mut self) {
        if COUNT.get() > self.before {
            let_go(self.before);
        }
    }
}

/// Lets go of all that is held but the first so many.
#[cold]
fn let_go(before: usize) {
    COUNT.set(before);
    // What goes with them may not ask for what is held.
    drop(HELD.with_borrow_mut(|held| held.split_off(before)));
}

/// That something is being computed, until it is dropped.
struct Underway;

impl Underway {
    /// What rests on other models may rest on itself by them.
    fn enter(place: usize, model: &str) -> Result<Self, Fault> {
        UNDERWAY.with_borrow_mut(|places| {
            if places.contains(&place) {
                let chain = vec![format!("{model}(…)"), "…".into(), format!("{model}(…)")];
                return Err(Error::EndlessRecursion { chain }.into());
            }
            places.push(place);
            Ok(Self)
        })
    }
}

/// Whether this thread is computing what is kept for good.
pub(crate) fn is_underway() -> bool {
    UNDERWAY.with_borrow(|places| !places.is_empty())
}

impl Drop for Underway {
    fn drop(&mut self) {
        UNDERWAY.with_borrow_mut(Vec::pop);
    }
}

/// The place where `N` tables are kept.
#[derive(Debug)]
pub struct Fixed<const N: usize> {
    kept: OnceLock<Result<[FixedTable; N], Fault>>,
    /// Those that are too large to be kept for good, as long as a call holds them.
    held: Mutex<Weak<[FixedTable; N]>>,
}

impl<const N: usize> Fixed<N> {
    /// Nothing computed yet.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "only ever built as a static")]
    pub const fn new() -> Self {
        Self { kept: OnceLock::new(), held: Mutex::new(Weak::new()) }
    }

    /// The tables, computed if need be.
    ///
    /// # Errors
    /// What went wrong when they were computed, or that they are asked for
    /// while this thread is computing them.
    #[inline]
    pub fn get(
        &'static self,
        model: &str,
        compute: fn() -> Result<[FixedTable; N], Fault>,
    ) -> Result<Kept<N>, Fault> {
        match self.kept.get() {
            Some(Ok(kept)) => Ok(Kept::Here(kept)),
            _ => self.fill(model, compute),
        }
    }

    /// Compiled once for so many tables, for all models.
    #[cold]
    fn fill(
        &'static self,
        model: &str,
        compute: fn() -> Result<[FixedTable; N], Fault>,
    ) -> Result<Kept<N>, Fault> {
        if let Some(Err(error)) = self.kept.get() {
            return Err(error.clone());
        }
        let held = || self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tables) = held().upgrade() {
            return Ok(Kept::Shared(tables));
        }
        let _underway = Underway::enter(std::ptr::from_ref(self).addr(), model)?;
        // Two threads may compute the same at a time, and one of them in vain: to
        // wait for each other could be to wait forever.
        let tables = match compute() {
            // The limit may be another the next time.
            Err(error) if matches!(*error, Error::TooLarge { .. }) => return Err(error),
            tables => tables,
        };
        if tables.as_ref().map_or(0, |tables| bytes_of(tables)) > KEPT_BYTES {
            let tables = Arc::new(tables?);
            *held() = Arc::downgrade(&tables);
            Holding::add(Arc::<[FixedTable; N]>::clone(&tables));
            return Ok(Kept::Shared(tables));
        }
        match self.kept.get_or_init(|| tables) {
            Ok(kept) => Ok(Kept::Here(kept)),
            Err(error) => Err(error.clone()),
        }
    }
}

/// One of the tables, or an empty one where they are not needed.
#[must_use]
#[inline(always)]
pub fn fixed_table<const N: usize>(tables: &Option<Kept<N>>, at: usize) -> &FixedTable {
    static EMPTY: FixedTable = FixedTable::empty();
    tables.as_ref().map_or(&EMPTY, |tables| &tables[at])
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::solve::Model;

    #[test]
    fn kept_for_calls_with_the_same_parameters() {
        static MODEL: Model = Model::new("m", false);
        let (mut kept, mut times) = (Invariants::default(), 0);
        let mut ask = |part: usize, parameter: f64| {
            let tables = kept.get(Key::new(&MODEL, &[&parameter]), part, || {
                times += 1;
                Ok([FixedTable::new(vec![parameter], 1)])
            });
            (tables.map(|t| t[0][0]), times)
        };
        assert_eq!([ask(0, 2.0), ask(0, 2.0), ask(0, 3.0)], [(Ok(2.0), 1), (Ok(2.0), 1), (Ok(3.0), 2)]);
        assert_eq!([ask(1, 2.0), ask(0, 3.0)], [(Ok(2.0), 3), (Ok(3.0), 3)]);
    }

    #[test]
    fn what_rests_on_itself_is_an_error() {
        static TABLES: Fixed<1> = Fixed::new();
        let found = TABLES.get("m", || TABLES.get("m", || unreachable!()).map(|_| unreachable!()));
        assert!(found.as_ref().is_err_and(|e| matches!(**e, Error::EndlessRecursion { .. })), "{found:?}");
    }

    #[test]
    fn large_tables_are_held_until_the_call_ends() {
        static TABLES: Fixed<1> = Fixed::new();
        static TIMES: AtomicUsize = AtomicUsize::new(0);
        let ask = || {
            let large = || {
                TIMES.fetch_add(1, Ordering::Relaxed);
                Ok([FixedTable::new(vec![1.0; KEPT_BYTES / 8 + 1], 1)])
            };
            assert!(TABLES.get("m", large).is_ok_and(|tables| tables[0].len() > KEPT_BYTES / 8));
        };
        let call = Holding::begin();
        ask();
        {
            let _inner = Holding::begin();
            ask();
        }
        ask();
        assert_eq!(TIMES.load(Ordering::Relaxed), 1);
        drop(call);
        let _call = Holding::begin();
        ask();
        assert_eq!(TIMES.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn computed_once_and_errors_are_kept() {
        static TABLES: Fixed<1> = Fixed::new();
        static TIMES: AtomicUsize = AtomicUsize::new(0);
        for _ in 0..3 {
            let tables = TABLES.get("m", || {
                TIMES.fetch_add(1, Ordering::Relaxed);
                Ok([FixedTable::new(vec![1.0], 1)])
            });
            assert_eq!(tables.map(|t| t[0][0]), Ok(1.0));
        }
        assert_eq!(TIMES.load(Ordering::Relaxed), 1);
        static WRONG: Fixed<1> = Fixed::new();
        let error = || Fault::from(Error::EmptyDomain { model: "m".into(), name: "D".into() });
        let wrong = || {
            TIMES.fetch_add(1, Ordering::Relaxed);
            Err(Error::EmptyDomain { model: "m".into(), name: "D".into() }.into())
        };
        for _ in 0..2 {
            assert_eq!(WRONG.get("m", wrong).map(|_| ()), Err(error()));
        }
        assert_eq!(TIMES.load(Ordering::Relaxed), 2);
    }
}
