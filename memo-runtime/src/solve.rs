//! Calls of models by models, without recursion on the native stack.
//!
//! Which calls a model needs depends on its parameters alone, so the whole
//! graph of calls is laid out first; each (model, parameters) is one node,
//! computed once a top-level call, callees before callers. A table is dropped
//! when its last caller has read it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use crate::impossible::Returned;
use crate::{Cost, Error};

/// The tables of one call, one for each returned value.
pub type Tables = Arc<Vec<Returned>>;

/// A model with its parameters: what one node of the graph stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    model: &'static str,
    parameters: Vec<u64>,
}

/// A parameter as part of a `Key`: numbers by value, everything else by
/// address, which is sound while the top-level call borrows it.
pub trait KeyPart {
    /// Appends the bits that tell this parameter from others.
    fn key(&self, bits: &mut Vec<u64>);
}

macro_rules! key_of_integer {
    ($($t:ty)*) => {$(
        impl KeyPart for $t {
            #[inline]
            fn key(&self, bits: &mut Vec<u64>) {
                bits.push(*self as u64);
            }
        }
    )*};
}
key_of_integer!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize bool);

impl KeyPart for f64 {
    fn key(&self, bits: &mut Vec<u64>) {
        bits.push(self.to_bits());
    }
}

impl KeyPart for f32 {
    fn key(&self, bits: &mut Vec<u64>) {
        bits.push(u64::from(self.to_bits()));
    }
}

impl<T: ?Sized> KeyPart for &T {
    fn key(&self, bits: &mut Vec<u64>) {
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

type CallsOf<'a> = Box<dyn Fn(&mut Calls<'a>) -> Result<(), Error> + 'a>;
type Run<'a> = Box<dyn Fn(&Inputs) -> Result<Vec<Returned>, Error> + 'a>;
type CostOf<'a> = Box<dyn Fn() -> Result<Cost, Error> + 'a>;

/// One call of a model, not yet made.
pub struct Job<'a> {
    key: Key,
    name: &'static str,
    calls: CallsOf<'a>,
    run: Run<'a>,
    cost: CostOf<'a>,
    cache: Option<&'static Cache>,
}

impl<'a> Job<'a> {
    /// `model` tells this model from all others; `name` is for people.
    #[must_use]
    pub fn new(
        model: &'static str,
        name: &'static str,
        parameters: &[&dyn KeyPart],
        cache: Option<&'static Cache>,
        calls: CallsOf<'a>,
        run: Run<'a>,
        cost: CostOf<'a>,
    ) -> Self {
        let mut bits = Vec::with_capacity(parameters.len());
        for parameter in parameters {
            // Through both references: a reference is a part of a key, too.
            (**parameter).key(&mut bits);
        }
        Self { key: Key { model, parameters: bits }, name, calls, run, cost, cache }
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
fn graph<'a>(job: Job<'a>, use_cache: bool) -> Result<(Vec<Node<'a>>, Vec<usize>), Error> {
    let mut nodes: Vec<Node<'a>> = Vec::new();
    let mut index: HashMap<Key, usize> = HashMap::new();
    let mut order = Vec::new();
    let mut open: Vec<bool> = Vec::new();
    // The explicit stack: a node and the calls of it that are still to visit.
    let mut stack: Vec<(usize, VecDeque<(usize, Job<'a>)>)> = Vec::new();

    let enter = |job: Job<'a>,
                 nodes: &mut Vec<Node<'a>>,
                 index: &mut HashMap<Key, usize>,
                 open: &mut Vec<bool>|
     -> Result<(usize, VecDeque<(usize, Job<'a>)>), Error> {
        let id = nodes.len();
        let found = if use_cache { job.cache.and_then(|cache| cache.get(&job.key)) } else { None };
        let mut calls = Calls::default();
        if found.is_none() {
            (job.calls)(&mut calls)?;
        }
        index.insert(job.key.clone(), id);
        nodes.push(Node { job, calls: Vec::new(), callers: 0, found });
        open.push(true);
        Ok((id, calls.list.into()))
    };

    stack.push(enter(job, &mut nodes, &mut index, &mut open)?);
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
        let entered = enter(call, &mut nodes, &mut index, &mut open)?;
        nodes[id].calls.push((site, entered.0));
        nodes[entered.0].callers += 1;
        stack.push(entered);
    }
    Ok((nodes, order))
}

fn describe(job: &Job<'_>) -> String {
    let parameters: Vec<String> = job.key.parameters.iter().map(|bits| show_bits(*bits)).collect();
    format!("{}({})", job.name, parameters.join(", "))
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

/// Makes the call.
///
/// # Errors
/// Whatever goes wrong in it or in a call that it needs.
pub fn solve(job: Job<'_>) -> Result<Tables, Error> {
    let (mut nodes, order) = graph(job, true)?;
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
                let made = Arc::new((nodes[id].job.run)(&Inputs { tables })?);
                if let Some(cache) = nodes[id].job.cache {
                    cache.put(nodes[id].job.key.clone(), &made);
                }
                made
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
    let (nodes, _) = graph(job, false)?;
    let mut total = Cost::default();
    let mut sizes: Vec<&'static str> = Vec::new();
    for node in &nodes {
        let mut own = (node.job.cost)()?;
        // The size of a program counts every model once.
        if sizes.contains(&node.job.key.model) {
            own.program_size = 0;
        } else {
            sizes.push(node.job.key.model);
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
pub struct Cache {
    kept: Mutex<Option<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    tables: HashMap<Key, Tables>,
    order: VecDeque<Key>,
    bytes: usize,
}

impl Cache {
    /// An empty cache.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "only ever built as a static")]
    pub const fn new() -> Self {
        Self { kept: Mutex::new(None) }
    }

    /// Forgets all tables.
    pub fn clear(&self) {
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
