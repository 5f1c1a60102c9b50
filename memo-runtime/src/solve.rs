//! Calls of models by models.
//!
//! Two ways to the same tables. Most calls go straight down, callee by callee
//! on the native stack, which costs next to nothing. A recursion that goes
//! deeper than a fixed part of the stack is laid out as a graph first and then
//! computed callees before callers ([`graph`]), so that no depth overflows the
//! stack. Either way each (model, parameters) is computed once a top-level
//! call.

mod cache;
mod found;
mod graph;
mod index;
mod key;
mod tables;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::entries::RowsOf;
use crate::fixed::{FixedTable, Holding, Invariants, Kept};
use crate::impossible::Returned;
use crate::{Cost, Error, Fault};
use cache::{Cache, bytes_of};
use found::Found;
pub use found::Place;
pub use graph::{Calls, cost};
pub(crate) use graph::{Laid, lay_out};
pub(crate) use key::Key;
pub use key::{KeyPart, Parameters};
pub use tables::{ConstantTables, Tables};

/// What tells a model from all others, one `static` each.
#[derive(Debug)]
pub struct Model {
    name: &'static str,
    cache: Option<Cache>,
}

impl Model {
    /// A model; with `cache` its tables are kept between calls.
    #[must_use]
    pub const fn new(name: &'static str, cache: bool) -> Self {
        Self { name, cache: if cache { Some(Cache::new()) } else { None } }
    }

    /// Forgets the tables that were kept between calls.
    pub fn clear_cache(&self) {
        if let Some(cache) = &self.cache {
            cache.clear();
        }
    }
}

/// The tables that a model has asked for, by call site.
#[derive(Debug)]
pub struct Inputs<'t> {
    tables: &'t mut [Tables],
    kept: &'t mut Invariants,
    /// Where calls have left what others may ask for as well.
    found: Option<&'t Found>,
    /// Whether the quick way of computing from them has turned out to be none.
    careful: bool,
}

impl<'t> Inputs<'t> {
    pub(crate) fn new(tables: &'t mut [Tables], kept: &'t mut Invariants) -> Self {
        Self { tables, kept, found: None, careful: false }
    }

    /// Whether to compute from them with care, though that takes longer.
    #[must_use]
    #[inline]
    pub fn is_careful(&self) -> bool {
        self.careful
    }

    /// To be computed from once more, with care.
    #[cold]
    pub fn take_care(&mut self) {
        self.careful = true;
    }

    /// The table that the call at `site` returned in the given place; empty
    /// when the call was not needed.
    #[must_use]
    #[inline]
    pub fn table(&self, site: usize, which: usize) -> &[f64] {
        self.returned(site).get(which).map_or(&[], |table| &table.cells)
    }

    /// The rows of the one table that the call at `site` returned, numbered by the axes
    /// at these places, if it returned its entries.
    #[must_use]
    pub fn entries<const N: usize>(&self, site: usize, by: [usize; N]) -> Option<RowsOf<'_, N>> {
        match &self.tables[site] {
            Tables::Entries(entries) => Some(entries.rows(by)),
            _ => None,
        }
    }

    /// The numbers of that table, to be worked on in place: a copy where others
    /// read them as well. Empty when the call was not needed.
    #[must_use]
    #[inline]
    pub fn take(&mut self, site: usize, which: usize) -> Vec<f64> {
        match &mut self.tables[site] {
            Tables::Found(place) => copy_found(self.found, *place, which),
            own => own.cells(which),
        }
    }

    /// What rests on these of the model's parameters only, computed once for all
    /// calls under one call that have them in common.
    ///
    /// # Errors
    /// Those of `compute`.
    pub fn kept<const N: usize>(
        &mut self,
        model: &'static Model,
        part: usize,
        parameters: &[&dyn KeyPart],
        compute: impl FnOnce() -> Result<[FixedTable; N], Fault>,
    ) -> Result<Kept<N>, Fault> {
        self.kept.get(Key::new(model, parameters), part, compute)
    }

    /// Which cells of that table rest on impossible evidence.
    #[must_use]
    #[inline]
    pub fn impossible(&self, site: usize, which: usize) -> Option<&[bool]> {
        self.returned(site).get(which)?.impossible.as_deref()
    }

    #[inline]
    fn returned(&self, site: usize) -> &[Returned] {
        match (&self.tables[site], self.found) {
            (Tables::Found(place), Some(found)) => found.tables(*place),
            (own, _) => own,
        }
    }
}

#[cold]
fn copy_found(found: Option<&Found>, place: Place, which: usize) -> Vec<f64> {
    found.map_or_else(Vec::new, |found| crate::parallel::copy(&found.tables(place)[which].cells))
}

/// What a model does with its parameters, as generated code gives it: as functions, so that
/// what is done with them is compiled once for all models with parameters of these types.
pub struct Parts<'a, P> {
    /// How many calls of other models it makes at most.
    pub sites: usize,
    /// Adds what tells the call from others of the model.
    pub parameters: fn(&mut Parameters, P),
    /// Notes the calls of other models.
    pub calls: fn(&mut Calls<'a>, P) -> Result<(), Fault>,
    /// Makes these calls and computes the tables.
    pub node: fn(&mut Scope, &mut Tables, P) -> Result<(), Stop>,
    /// Computes the tables from those of the calls.
    pub run: fn(&mut Inputs<'_>, &mut Tables, P) -> Result<(), Fault>,
    /// Counts what that costs.
    pub cost: fn(P) -> Result<Cost, Fault>,
}

/// A model with its parameters.
pub trait Call<'a> {
    /// How many calls of other models it makes at most.
    fn sites(&self) -> usize;
    /// Adds what tells the call from others of the model.
    fn parameters(&self, bits: &mut Parameters);
    /// Notes the calls of other models.
    ///
    /// # Errors
    /// What goes wrong with their arguments or axes.
    fn calls(&self, calls: &mut Calls<'a>) -> Result<(), Fault>;
    /// Makes these calls and computes the tables, in their place.
    ///
    /// # Errors
    /// Whatever goes wrong, or that the calls go too deep.
    fn node(&self, scope: &mut Scope, tables: &mut Tables) -> Result<(), Stop>;
    /// Computes the tables from those of the calls, in their place.
    ///
    /// # Errors
    /// Whatever goes wrong.
    fn run(&self, inputs: &mut Inputs<'_>, tables: &mut Tables) -> Result<(), Fault>;
    /// Counts what that costs.
    ///
    /// # Errors
    /// Whatever goes wrong with the domains.
    fn cost(&self) -> Result<Cost, Fault>;
}

impl<'a, P: Copy> Call<'a> for (&Parts<'a, P>, P) {
    #[inline]
    fn sites(&self) -> usize {
        self.0.sites
    }

    fn parameters(&self, bits: &mut Parameters) {
        (self.0.parameters)(bits, self.1);
    }

    fn calls(&self, calls: &mut Calls<'a>) -> Result<(), Fault> {
        (self.0.calls)(calls, self.1)
    }

    #[inline]
    fn node(&self, scope: &mut Scope, tables: &mut Tables) -> Result<(), Stop> {
        (self.0.node)(scope, tables, self.1)
    }

    fn run(&self, inputs: &mut Inputs<'_>, tables: &mut Tables) -> Result<(), Fault> {
        (self.0.run)(inputs, tables, self.1)
    }

    fn cost(&self) -> Result<Cost, Fault> {
        (self.0.cost)(self.1)
    }
}

/// Makes the call for one of its tables, which is to be kept for good.
///
/// # Errors
/// Whatever goes wrong in it or in a call that it needs.
pub fn solved<'a, C: Call<'a> + 'a>(job: Job<C>, which: usize) -> Result<Vec<f64>, Fault> {
    Ok(solve(job)?.cells(which))
}

/// The call of a model that does not compile.
#[derive(Clone, Copy, Debug)]
pub enum Never {}

impl Call<'_> for Never {
    fn sites(&self) -> usize {
        match *self {}
    }

    fn parameters(&self, _: &mut Parameters) {
        match *self {}
    }

    fn calls(&self, _: &mut Calls<'_>) -> Result<(), Fault> {
        match *self {}
    }

    fn node(&self, _: &mut Scope, _: &mut Tables) -> Result<(), Stop> {
        match *self {}
    }

    fn run(&self, _: &mut Inputs<'_>, _: &mut Tables) -> Result<(), Fault> {
        match *self {}
    }

    fn cost(&self) -> Result<Cost, Fault> {
        match *self {}
    }
}

/// One call of a model, not yet made.
#[derive(Debug)]
pub struct Job<C> {
    model: &'static Model,
    call: C,
}

/// One of any model.
struct AnyJob<'a> {
    key: Key,
    call: Box<dyn Call<'a> + 'a>,
}

impl AsRef<Key> for AnyJob<'_> {
    fn as_ref(&self) -> &Key {
        &self.key
    }
}

impl<C> Job<C> {
    /// A call of `model`.
    #[must_use]
    #[inline]
    pub fn new(model: &'static Model, call: C) -> Self {
        Self { model, call }
    }

    fn boxed<'a>(self) -> AnyJob<'a>
    where
        C: Call<'a> + 'a,
    {
        let mut key = Key { model: self.model, parameters: Parameters::none() };
        self.call.parameters(&mut key.parameters);
        AnyJob { key, call: Box::new(self.call) }
    }
}

/// Who wants to know of the calls that a model makes.
pub trait Visitor<'a> {
    /// Why it wants to know no more.
    type Stop: From<Fault>;
    /// Whether it wants to know of calls whose answers are kept for good, too.
    fn counts_kept(&self) -> bool;
    /// That of the table of the next call, at `site`, the entries will do, by rows along
    /// the axis at this place.
    #[inline]
    fn ask_for_entries(&mut self, site: usize, along: usize) {
        let _ = (site, along);
    }
    /// The call at `site`.
    ///
    /// # Errors
    /// Why it wants to know no more.
    fn visit<C: Call<'a> + 'a>(&mut self, site: usize, job: Job<C>) -> Result<(), Self::Stop>;
}

/// Why the way straight down has ended.
#[derive(Debug)]
pub enum Stop {
    /// Something is wrong: in a box, so that what is right is told in a register.
    Error(Fault),
    /// The calls go too deep, or their tables fill too much memory: they are to
    /// be laid out as a graph.
    Deep,
}

impl From<Fault> for Stop {
    #[cold]
    fn from(error: Fault) -> Self {
        Self::Error(error)
    }
}

/// How much of the native stack the calls of models may take.
pub(crate) const STACK_BYTES: usize = 256 << 10;

/// From how many bytes on tables are large: those of a few levels leave a core's own
/// cache.
const LARGE: usize = 128 << 10;

/// Of the levels of a recursion with large tables a cache keeps one in so many.
const LEVELS: usize = 16;

/// What the calls under one top-level call share.
pub struct Scope {
    /// Where the stack was when it began.
    top: usize,
    /// Whether some caller above makes several calls, so that a call may come
    /// again.
    branching: bool,
    /// The model with a cache that is being computed.
    within: Option<&'static Model>,
    found: Found,
    invariants: Invariants,
    /// How many calls have been made, and how many may be.
    calls: usize,
    limit: usize,
}

/// How many calls of models one call may need, if nothing else is said.
const CALLS: usize = 2_000_000;

static CALL_LIMIT: AtomicUsize = AtomicUsize::new(CALLS);

/// How many different calls of models one call may need from now on, in all
/// threads; `None` for the default, two million.
///
/// A call that needs more fails with [`Error::EndlessRecursion`], which tells the
/// chain of calls: most often a recursion that does not end.
///
/// ```
/// memo_runtime::set_call_limit(Some(10_000));
/// memo_runtime::set_call_limit(None);
/// ```
pub fn set_call_limit(calls: Option<usize>) {
    CALL_LIMIT.store(calls.unwrap_or(CALLS), Ordering::Relaxed);
}

#[inline]
pub(crate) fn call_limit() -> usize {
    CALL_LIMIT.load(Ordering::Relaxed)
}

/// Where the stack is.
#[inline(always)]
pub(crate) fn stack() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}

impl Scope {
    fn new() -> Self {
        Self {
            top: stack(),
            branching: false,
            within: None,
            found: Found::default(),
            invariants: Invariants::default(),
            calls: 0,
            limit: call_limit(),
        }
    }

    #[inline(always)]
    fn call<'a, C: Call<'a>>(&mut self, job: &Job<C>, tables: &mut Tables) -> Result<(), Stop> {
        if self.branching || job.model.cache.is_some() {
            return self.call_once(job.model, &job.call, tables);
        }
        self.branching = job.call.sites() > 1;
        let made = self.descend(&job.call, tables);
        self.branching = false;
        made
    }

    /// For calls that may come again. Compiled once for all models.
    fn call_once<'a>(
        &mut self,
        model: &'static Model,
        call: &(dyn Call<'a> + '_),
        tables: &mut Tables,
    ) -> Result<(), Stop> {
        if matches!(tables, Tables::Asked(_)) {
            // Others read all of it.
            *tables = Tables::Nothing;
        }
        // In its place: what is moved soon after it was written waits for its way to memory.
        let mut key = Key { model, parameters: Parameters::none() };
        call.parameters(&mut key.parameters);
        let hash = key.hash();
        if let Some(place) = self.found.get(hash, &key) {
            tables.put(Tables::Found(place));
            return Ok(());
        }
        if let Some(kept) = model.cache.as_ref().and_then(|cache| cache.get(hash, &key)) {
            tables.put(Tables::Shared(kept));
            return Ok(());
        }
        let branching = self.branching;
        self.branching |= call.sites() > 1;
        let (outer, number) = (self.within.replace(model), self.calls);
        self.descend(call, tables)?;
        self.branching = branching;
        self.within = outer;
        // A level of a recursion that nobody else reads: where tables are large it takes
        // longer to keep them all than to compute those between two that are kept.
        let level = !branching && outer.is_some_and(|outer| std::ptr::eq(outer, model));
        if level && number % LEVELS != 0 && bytes_of(tables) >= LARGE {
            return Ok(());
        }
        match self.found.add(hash, &key, tables) {
            Some(place) => {
                tables.put(Tables::Found(place));
                Ok(())
            }
            None => Err(Stop::Deep),
        }
    }

    #[inline(always)]
    fn descend<'a, C: Call<'a> + ?Sized>(&mut self, call: &C, tables: &mut Tables) -> Result<(), Stop> {
        self.calls += 1;
        // Whether there are too many is for the graph to tell, which knows their
        // chain.
        if self.top.abs_diff(stack()) > STACK_BYTES || self.calls > self.limit {
            return Err(Stop::Deep);
        }
        call.node(self, tables)
    }
}

/// Makes the calls that it is told of, straight away.
pub struct Native<'s, const SITES: usize> {
    scope: &'s mut Scope,
    tables: [Tables; SITES],
}

impl<'s, const SITES: usize> Native<'s, SITES> {
    /// Nothing called yet.
    #[inline]
    pub fn new(scope: &'s mut Scope) -> Self {
        Self { scope, tables: [const { Tables::Nothing }; SITES] }
    }

    /// What the calls have returned.
    #[inline]
    pub fn inputs(&mut self) -> Inputs<'_> {
        let Scope { found, invariants, .. } = &mut *self.scope;
        Inputs { tables: &mut self.tables, kept: invariants, found: Some(found), careful: false }
    }
}

impl<'a, const SITES: usize> Visitor<'a> for Native<'_, SITES> {
    type Stop = Stop;

    #[inline]
    fn counts_kept(&self) -> bool {
        false
    }

    #[inline]
    fn ask_for_entries(&mut self, site: usize, along: usize) {
        self.tables[site] = Tables::Asked(along);
    }

    #[inline(always)]
    fn visit<C: Call<'a> + 'a>(&mut self, site: usize, job: Job<C>) -> Result<(), Stop> {
        self.scope.call(&job, &mut self.tables[site])
    }
}

/// Makes the call.
///
/// # Errors
/// Whatever goes wrong in it or in a call that it needs.
pub fn solve<'a, C: Call<'a> + 'a>(job: Job<C>) -> Result<Tables, Fault> {
    let mut tables = Tables::Nothing;
    solve_into(job, &mut tables)?;
    Ok(tables)
}

/// Makes the call; its tables are left in their place.
///
/// # Errors
/// Whatever goes wrong in it or in a call that it needs.
#[inline]
pub fn solve_into<'a, C: Call<'a> + 'a>(job: Job<C>, tables: &mut Tables) -> Result<(), Fault> {
    let mut scope = Scope::new();
    let made = scope.call(&job, tables);
    scope.found.hand_out(tables);
    // What has been found is handed over before anything else is done.
    drop(scope);
    match made {
        Ok(()) => Ok(()),
        Err(Stop::Error(error)) => Err(error),
        Err(Stop::Deep) => {
            *tables = graph::solve(job.boxed())?;
            Ok(())
        }
    }
}

/// Runs a call; a panic of a function that the model uses becomes an error.
///
/// # Errors
/// Those of `call`, and [`Error::Panicked`].
#[inline]
pub fn guarded<T, E: From<Fault>>(model: &str, call: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let _holding = Holding::begin();
    // What a panic leaves behind is dropped, but for the caches, which hold
    // whole tables only.
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result,
        Err(payload) => Err(panicked(model, &*payload).into()),
    }
}

/// The same for a call that leaves what it makes in its place: compiled once for all models.
///
/// # Errors
/// Those of `call`, and [`Error::Panicked`].
pub fn guarded_in_place(model: &str, call: &mut dyn FnMut() -> Result<(), Fault>) -> Result<(), Fault> {
    guarded(model, call)
}

/// The axes of a call that has been made.
///
/// # Panics
/// When it has not.
#[inline]
pub fn made_axes<A>(axes: Option<A>) -> A {
    axes.expect("bug in memo: a call without axes")
}

#[cold]
fn panicked(model: &str, payload: &(dyn Any + Send)) -> Fault {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    let message = text.unwrap_or_else(|| "no message".into());
    Error::Panicked { model: model.into(), message }.into()
}
