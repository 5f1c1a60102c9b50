//! Calls of models by models, without recursion on the native stack.
//!
//! Which calls a model needs depends on its parameters alone, so the whole
//! graph of calls is laid out first; each (model, parameters) is one node,
//! computed once a top-level call, callees before callers. A table is dropped
//! when its last caller has read it.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use crate::impossible::Returned;
use crate::{Cost, Error};

/// The tables of one call, one for each returned value.
pub type Tables = Arc<Vec<Returned>>;

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

/// A model with its parameters: what one node of the graph stands for.
#[derive(Clone, Debug)]
struct Key {
    model: &'static Model,
    parameters: Parameters,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.model, other.model) && *self.parameters == *other.parameters
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(std::ptr::from_ref(self.model).addr());
        for bits in &*self.parameters {
            state.write_u64(*bits);
        }
    }
}

/// The bits of the parameters of one call; few need no memory of their own.
#[derive(Clone, Debug)]
pub enum Parameters {
    /// Up to four words.
    Few([u64; 4], usize),
    /// More.
    Many(Vec<u64>),
}

impl Parameters {
    fn push(&mut self, bits: u64) {
        match self {
            Self::Few(words, length) if *length < words.len() => {
                words[*length] = bits;
                *length += 1;
            }
            Self::Few(words, _) => {
                let mut many = words.to_vec();
                many.push(bits);
                *self = Self::Many(many);
            }
            Self::Many(many) => many.push(bits),
        }
    }
}

impl Deref for Parameters {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        match self {
            Self::Few(words, length) => &words[..*length],
            Self::Many(many) => many,
        }
    }
}

/// A quick hash of a few words (multiply and rotate, as rustc's own tables
/// use); keys come from the program itself, not from an attacker.
#[derive(Clone, Copy, Debug, Default)]
struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 32;
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}

/// The cache in a model has no part in its identity.
type Map<V> = HashMap<Key, V, BuildHasherDefault<Quick>>;

/// A parameter as part of a `Key`: numbers by value, everything else by
/// address, which is sound while the top-level call borrows it.
pub trait KeyPart {
    /// Appends the bits that tell this parameter from others.
    fn key(&self, bits: &mut Parameters);
}

macro_rules! key_of_integer {
    ($($t:ty)*) => {$(
        impl KeyPart for $t {
            #[inline]
            fn key(&self, bits: &mut Parameters) {
                bits.push(*self as u64);
            }
        }
    )*};
}
key_of_integer!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize bool);

impl KeyPart for f64 {
    fn key(&self, bits: &mut Parameters) {
        bits.push(self.to_bits());
    }
}

impl KeyPart for f32 {
    fn key(&self, bits: &mut Parameters) {
        bits.push(u64::from(self.to_bits()));
    }
}

impl<T: ?Sized> KeyPart for &T {
    fn key(&self, bits: &mut Parameters) {
        bits.push(std::ptr::from_ref::<T>(*self).cast::<u8>().addr() as u64);
        bits.push(size_of_val::<T>(*self) as u64);
    }
}

/// The calls that a model needs, by call site.
#[derive(Default)]
pub struct Calls<'a> {
    list: Vec<(usize, Job<'a>)>,
}

impl<'a> Calls<'a> {
    /// Notes that the call at `site` is needed.
    pub fn need(&mut self, site: usize, job: Job<'a>) {
        self.list.push((site, job));
    }
}

/// The tables that a model has asked for.
pub struct Inputs {
    tables: Vec<Option<Tables>>,
}

impl Inputs {
    /// The table that the call at `site` returned in the given place; empty
    /// when the call was not needed.
    #[must_use]
    pub fn table(&self, site: usize, which: usize) -> &[f64] {
        match self.tables.get(site) {
            Some(Some(tables)) => &tables[which].cells,
            _ => &[],
        }
    }

    /// Which cells of that table rest on impossible evidence.
    #[must_use]
    pub fn impossible(&self, site: usize, which: usize) -> Option<&[bool]> {
        self.tables.get(site)?.as_ref()?[which].impossible.as_deref()
    }
}

/// What a model does with its parameters, as generated code gives it.
pub struct Parts<C, R, K> {
    /// Notes the calls of other models.
    pub calls: C,
    /// Computes the tables.
    pub run: R,
    /// Counts what that costs.
    pub cost: K,
}

trait Call<'a> {
    fn calls(&self, calls: &mut Calls<'a>) -> Result<(), Error>;
    fn run(&self, inputs: &Inputs) -> Result<Vec<Returned>, Error>;
    fn cost(&self) -> Result<Cost, Error>;
}

impl<'a, C, R, K> Call<'a> for Parts<C, R, K>
where
    C: Fn(&mut Calls<'a>) -> Result<(), Error>,
    R: Fn(&Inputs) -> Result<Vec<Returned>, Error>,
    K: Fn() -> Result<Cost, Error>,
{
    fn calls(&self, calls: &mut Calls<'a>) -> Result<(), Error> {
        (self.calls)(calls)
    }

    fn run(&self, inputs: &Inputs) -> Result<Vec<Returned>, Error> {
        (self.run)(inputs)
    }

    fn cost(&self) -> Result<Cost, Error> {
        (self.cost)()
    }
}

/// One call of a model, not yet made.
pub struct Job<'a> {
    key: Key,
    call: Box<dyn Call<'a> + 'a>,
}

impl<'a> Job<'a> {
    /// A call of `model`.
    #[must_use]
    pub fn new<C, R, K>(model: &'static Model, parameters: &[&dyn KeyPart], parts: Parts<C, R, K>) -> Self
    where
        C: Fn(&mut Calls<'a>) -> Result<(), Error> + 'a,
        R: Fn(&Inputs) -> Result<Vec<Returned>, Error> + 'a,
        K: Fn() -> Result<Cost, Error> + 'a,
    {
        let mut bits = Parameters::Few([0; 4], 0);
        for parameter in parameters {
            // Through both references: a reference is a part of a key, too.
            (**parameter).key(&mut bits);
        }
        Self { key: Key { model, parameters: bits }, call: Box::new(parts) }
    }

    fn cached(&self) -> Option<Tables> {
        self.key.model.cache.as_ref()?.get(&self.key)
    }

    fn run(&self, inputs: &Inputs) -> Result<Tables, Error> {
        let made = Arc::new(self.call.run(inputs)?);
        if let Some(cache) = &self.key.model.cache {
            cache.put(self.key.clone(), &made);
        }
        Ok(made)
    }
}

/// How many calls one top-level call may need.
const LIMIT: usize = 2_000_000;

struct Node<'a> {
    job: Job<'a>,
    /// (site, node) of each call.
    calls: Vec<(usize, usize)>,
    callers: usize,
    found: Option<Tables>,
}

/// All calls that `job` needs, and an order in which callees come first.
///
/// `first` are the calls that `job` itself makes.
#[expect(clippy::mutable_key_type, reason = "models are told apart by their address")]
fn graph<'a>(job: Job<'a>, first: Calls<'a>, use_cache: bool) -> Result<(Vec<Node<'a>>, Vec<usize>), Error> {
    let mut nodes: Vec<Node<'a>> = Vec::new();
    let mut index: Map<usize> = Map::default();
    let mut order = Vec::new();
    let mut open: Vec<bool> = Vec::new();
    // The explicit stack: a node and the calls of it that are still to visit.
    let mut stack: Vec<(usize, VecDeque<(usize, Job<'a>)>)> = Vec::new();

    index.insert(job.key.clone(), 0);
    nodes.push(Node { job, calls: Vec::new(), callers: 0, found: None });
    open.push(true);
    stack.push((0, first.list.into()));
    while let Some((id, pending)) = stack.last_mut() {
        let id = *id;
        let Some((site, call)) = pending.pop_front() else {
            open[id] = false;
            order.push(id);
            stack.pop();
            continue;
        };
        if let Some(&callee) = index.get(&call.key) {
            if open[callee] {
                let start = stack.iter().position(|(at, _)| *at == callee).unwrap_or(0);
                let mut chain: Vec<String> =
                    stack[start..].iter().map(|(at, _)| describe(&nodes[*at].job)).collect();
                chain.push(describe(&call));
                return Err(Error::EndlessRecursion { chain: shorten(chain) });
            }
            nodes[id].calls.push((site, callee));
            nodes[callee].callers += 1;
            continue;
        }
        if nodes.len() >= LIMIT {
            let chain = stack.iter().map(|(at, _)| describe(&nodes[*at].job)).collect();
            return Err(Error::EndlessRecursion { chain: shorten(chain) });
        }
        let found = if use_cache { call.cached() } else { None };
        let mut calls = Calls::default();
        if found.is_none() {
            call.call.calls(&mut calls)?;
        }
        let callee = nodes.len();
        index.insert(call.key.clone(), callee);
        nodes.push(Node { job: call, calls: Vec::new(), callers: 1, found });
        open.push(true);
        nodes[id].calls.push((site, callee));
        stack.push((callee, calls.list.into()));
    }
    Ok((nodes, order))
}

fn describe(job: &Job<'_>) -> String {
    let parameters: Vec<String> = job.key.parameters.iter().map(|bits| show_bits(*bits)).collect();
    format!("{}({})", job.key.model.name, parameters.join(", "))
}

/// Integers are small, floats have their exponent bits set.
fn show_bits(bits: u64) -> String {
    let integer = bits as i64;
    if integer.unsigned_abs() < 1 << 50 { integer.to_string() } else { f64::from_bits(bits).to_string() }
}

fn shorten(mut chain: Vec<String>) -> Vec<String> {
    if chain.len() > 12 {
        let tail = chain.split_off(chain.len() - 4);
        chain.truncate(6);
        chain.push("…".into());
        chain.extend(tail);
    }
    chain
}

/// Runs a call; a panic of a function that the model uses becomes an error.
///
/// # Errors
/// Those of `call`, and [`Error::Panicked`].
pub fn guarded<T>(model: &str, call: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    // What a panic leaves behind is dropped, but for the caches, which hold
    // whole tables only.
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result,
        Err(payload) => {
            let text = payload.downcast_ref::<&str>().map(ToString::to_string);
            let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
            let message = text.unwrap_or_else(|| "no message".into());
            Err(Error::Panicked { model: model.into(), message })
        }
    }
}

/// Makes the call.
///
/// # Errors
/// Whatever goes wrong in it or in a call that it needs.
pub fn solve(job: Job<'_>) -> Result<Tables, Error> {
    if let Some(found) = job.cached() {
        return Ok(found);
    }
    let mut first = Calls::default();
    job.call.calls(&mut first)?;
    if first.list.is_empty() {
        return job.run(&Inputs { tables: Vec::new() });
    }
    let (mut nodes, order) = graph(job, first, true)?;
    let mut result = None;
    for id in order {
        let tables = match nodes[id].found.take() {
            Some(tables) => tables,
            None => {
                let sites = nodes[id].calls.iter().map(|(site, _)| site + 1).max().unwrap_or(0);
                let mut tables = vec![None; sites];
                for at in 0..nodes[id].calls.len() {
                    let (site, callee) = nodes[id].calls[at];
                    tables[site].clone_from(&nodes[callee].found);
                    nodes[callee].callers -= 1;
                    if nodes[callee].callers == 0 {
                        nodes[callee].found = None;
                    }
                }
                nodes[id].job.run(&Inputs { tables })?
            }
        };
        if id == 0 {
            result = Some(tables);
        } else {
            nodes[id].found = Some(tables);
        }
    }
    Ok(result.unwrap_or_default())
}

/// What the call and all calls that it needs cost, each counted once.
///
/// # Errors
/// Whatever goes wrong while the calls are laid out.
pub fn cost(job: Job<'_>) -> Result<Cost, Error> {
    let mut first = Calls::default();
    job.call.calls(&mut first)?;
    let (nodes, _) = graph(job, first, false)?;
    let mut total = Cost::default();
    let mut models: Vec<&'static Model> = Vec::new();
    for node in &nodes {
        let mut own = node.job.call.cost()?;
        // The size of a program counts every model once.
        if models.iter().any(|model| std::ptr::eq(*model, node.job.key.model)) {
            own.program_size = 0;
        } else {
            models.push(node.job.key.model);
        }
        total.flops += own.flops;
        total.bytes += own.bytes;
        total.program_size += own.program_size;
    }
    Ok(total)
}

/// How many bytes of tables one model's cache may hold.
const CACHE_BYTES: usize = 256 << 20;

/// Tables kept between calls, for `#[memo(cache)]`; the oldest go first.
#[derive(Debug)]
struct Cache {
    kept: Mutex<Option<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    tables: Map<Tables>,
    order: VecDeque<Key>,
    bytes: usize,
}

impl Cache {
    /// An empty cache.
    const fn new() -> Self {
        Self { kept: Mutex::new(None) }
    }

    /// Forgets all tables.
    fn clear(&self) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn get(&self, key: &Key) -> Option<Tables> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref()?.tables.get(key).cloned()
    }

    fn put(&self, key: Key, tables: &Tables) {
        let size =
            |tables: &Tables| tables.iter().map(|t| t.cells.len() * size_of::<f64>()).sum::<usize>() + 64;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.get_or_insert_with(Kept::default);
        kept.bytes += size(tables);
        kept.order.push_back(key.clone());
        kept.tables.insert(key, Arc::clone(tables));
        while kept.bytes > CACHE_BYTES {
            let Some(oldest) = kept.order.pop_front() else { break };
            if let Some(tables) = kept.tables.remove(&oldest) {
                kept.bytes -= size(&tables);
            }
        }
    }
}
