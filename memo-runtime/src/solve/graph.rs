//! Calls without recursion on the native stack.
//!
//! Which calls a model needs depends on its parameters alone, so the whole
//! graph of calls is laid out first; each (model, parameters) is one node,
//! computed once, callees before callers. A table is dropped when its last
//! caller has read it.

use std::collections::VecDeque;
use std::sync::Arc;

use super::index::Index;
use super::key::Key;
use super::{AnyJob, Call, Inputs, Job, Model, Tables, Visitor};
use crate::fixed::Invariants;
use crate::impossible::Returned;
use crate::{Cost, Error, Fault};

/// The calls that a model needs, by call site.
pub struct Calls<'a> {
    /// Whether it is to count what they cost.
    to_count: bool,
    list: Vec<(usize, AnyJob<'a>)>,
}

impl<'a> Visitor<'a> for Calls<'a> {
    type Stop = Fault;

    fn counts_kept(&self) -> bool {
        self.to_count
    }

    fn visit<C: Call<'a> + 'a>(&mut self, site: usize, job: Job<C>) -> Result<(), Fault> {
        self.list.push((site, job.boxed()));
        Ok(())
    }
}

impl AnyJob<'_> {
    fn cached(&self) -> Option<Arc<[Returned]>> {
        self.key.model.cache.as_ref()?.get(self.key.hash(), &self.key)
    }

    fn run(&self, tables: &mut [Tables], kept: &mut Invariants) -> Result<Arc<[Returned]>, Fault> {
        let mut made = Tables::Nothing;
        self.call.run(&mut Inputs::new(tables, kept), &mut made)?;
        let made = made.share();
        if let Some(cache) = &self.key.model.cache {
            cache.put(self.key.hash(), self.key.clone(), &made);
        }
        Ok(made)
    }
}

/// A call and what it needs.
pub(crate) struct Laid<J, F> {
    pub(crate) job: J,
    /// (site, node) of each call.
    pub(crate) calls: Vec<(usize, usize)>,
    callers: usize,
    /// What was found out when it was looked at.
    pub(crate) found: F,
}

/// All of them, and an order in which callees come first.
type Layout<J, F> = (Vec<Laid<J, F>>, Vec<usize>);

type Node<'a> = Laid<AnyJob<'a>, Option<Arc<[Returned]>>>;

/// All calls that `job` needs, and an order in which callees come first.
///
/// To count what they cost, kept tables are no help, and calls whose answers
/// are kept for good count as well.
fn graph<'a>(job: AnyJob<'a>, to_count: bool) -> Result<(Vec<Node<'a>>, Vec<usize>), Fault> {
    let mut is_first = true;
    lay_out(job, |job: &AnyJob<'a>| {
        let found = if to_count || is_first { None } else { job.cached() };
        is_first = false;
        let mut calls = Calls { to_count, list: Vec::new() };
        if found.is_none() {
            job.call.calls(&mut calls)?;
        }
        Ok((found, calls.list))
    })
}

/// Up to so many calls are looked through, more are indexed.
const FEW: usize = 8;

/// Which of the calls this is.
fn find<J: AsRef<Key>, F>(nodes: &[Laid<J, F>], index: &Index<usize>, key: &Key) -> Option<usize> {
    if nodes.len() <= FEW {
        nodes.iter().position(|node| node.job.as_ref() == key)
    } else {
        index.get(key.hash(), key).copied()
    }
}

/// All calls that `job` needs, each once, and an order in which callees come
/// first; `look` says what a call needs.
pub(crate) fn lay_out<J: AsRef<Key>, F>(
    job: J,
    mut look: impl FnMut(&J) -> Result<(F, Vec<(usize, J)>), Fault>,
) -> Result<Layout<J, F>, Fault> {
    let limit = super::call_limit();
    let mut nodes: Vec<Laid<J, F>> = Vec::new();
    let mut index: Index<usize> = Index::default();
    let add = |index: &mut Index<usize>, key: &Key, at: usize| index.add(key.hash(), key.clone(), at);
    let mut order = Vec::new();
    let mut open: Vec<bool> = Vec::new();
    // The explicit stack: a node and the calls of it that are still to visit.
    let mut stack: Vec<(usize, VecDeque<(usize, J)>)> = Vec::new();

    let (found, calls) = look(&job)?;
    nodes.push(Laid { job, calls: Vec::new(), callers: 0, found });
    open.push(true);
    stack.push((0, calls.into()));
    while let Some((id, pending)) = stack.last_mut() {
        let id = *id;
        let Some((site, call)) = pending.pop_front() else {
            open[id] = false;
            order.push(id);
            stack.pop();
            continue;
        };
        if let Some(callee) = find(&nodes, &index, call.as_ref()) {
            if open[callee] {
                let start = stack.iter().position(|(at, _)| *at == callee).unwrap_or(0);
                let mut chain: Vec<String> =
                    stack[start..].iter().map(|(at, _)| describe(nodes[*at].job.as_ref())).collect();
                chain.push(describe(call.as_ref()));
                return Err(Error::EndlessRecursion { chain: shorten(chain) }.into());
            }
            nodes[id].calls.push((site, callee));
            nodes[callee].callers += 1;
            continue;
        }
        if nodes.len() > limit {
            let chain = stack.iter().map(|(at, _)| describe(nodes[*at].job.as_ref())).collect();
            return Err(Error::EndlessRecursion { chain: shorten(chain) }.into());
        }
        let (found, calls) = look(&call)?;
        let callee = nodes.len();
        if callee == FEW {
            nodes.iter().enumerate().for_each(|(at, node)| add(&mut index, node.job.as_ref(), at));
        }
        if callee >= FEW {
            add(&mut index, call.as_ref(), callee);
        }
        nodes.push(Laid { job: call, calls: Vec::new(), callers: 1, found });
        open.push(true);
        nodes[id].calls.push((site, callee));
        stack.push((callee, calls.into()));
    }
    Ok((nodes, order))
}

fn describe(key: &Key) -> String {
    let parameters: Vec<String> = key.parameters.iter().map(|bits| show_bits(*bits)).collect();
    format!("{}({})", key.model.name, parameters.join(", "))
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
pub(super) fn solve(job: AnyJob<'_>) -> Result<Tables, Fault> {
    let (mut nodes, order) = graph(job, false)?;
    let (mut result, mut invariants) = (None, Invariants::default());
    for id in order {
        let found = match nodes[id].found.take() {
            Some(found) => found,
            None => {
                let mut tables = vec![Tables::Nothing; nodes[id].job.call.sites()];
                for at in 0..nodes[id].calls.len() {
                    let (site, callee) = nodes[id].calls[at];
                    tables[site] = nodes[callee].found.clone().map_or(Tables::Nothing, Tables::Shared);
                    nodes[callee].callers -= 1;
                    if nodes[callee].callers == 0 {
                        nodes[callee].found = None;
                    }
                }
                nodes[id].job.run(&mut tables, &mut invariants)?
            }
        };
        if id == 0 {
            result = Some(found);
        } else {
            nodes[id].found = Some(found);
        }
    }
    match result {
        Some(tables) => Ok(Tables::Shared(tables)),
        None => unreachable!("bug in memo: the order of calls ends with the first"),
    }
}

/// What the call and all calls that it needs cost, each counted once.
///
/// # Errors
/// Whatever goes wrong while the calls are laid out.
pub fn cost<'a, C: Call<'a> + 'a>(job: Job<C>) -> Result<Cost, Fault> {
    let job = job.boxed();
    let (nodes, _) = graph(job, true)?;
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
