//! Reverse-mode differentiation of models: the calls that a model needs are laid
//! out as a graph, run callees first with all tables kept, and gone through again
//! callers first, from the cotangents of a table to those of what it was made of
//! (Griewank & Walther, *Evaluating Derivatives*, 2008, chapter 3).
//!
//! What is static (levels, discounts handed from call to call) is few numbers:
//! their derivatives with respect to the parameters of the first call are carried
//! along with them, forward ([`Tangent`]), so that a call is the same as another
//! only where its arguments have the same values *and* the same derivatives.

mod bars;
mod compose;
mod cotangent;
mod job;
mod loss;
mod one_or_more;
mod order;
mod rates;
mod refused;
mod result;
mod row_bars;
pub mod second;
mod slopes;
mod steep;
mod surprise;
mod tangent;
mod way;

use std::borrow::Cow;
use std::sync::Arc;

use crate::fixed::Invariants;
use crate::impossible::Returned;
use crate::real::Dual;
use crate::solve::{Inputs, Laid, Tables, call_limit, lay_out};
use crate::{Error, Fault, Real, pool};

pub use bars::Bars;
use bars::{Bar, Sums};
pub use compose::{
    Cut, Handed, Held, TracedArray, TracedTable, Var, grad, hessian, hvp, of_first_order, traced, try_grad,
    try_hessian, try_hvp,
};
pub use cotangent::{Cotangent, Seeds};
pub use job::{Traced, TracedCalls, TracedJob, TracedParts};
use one_or_more::OneOrMore;
pub use order::{First, Order, Second};
use rates::{AllRates, Direction, ReturnedRates};
pub use rates::{Rates, rate_at};
pub use refused::{Differentiated, ReturnsOneNumber, ReturnsOneTable, differentiated};
pub use result::{Gradient, Jacobian, Record};
pub use row_bars::{
    LEAST_CHANCE, add_shares, bars_of_logarithms, normalize_bars, normalize_shares, softmax_bars,
    softmax_shares, take_share, take_shares, total_of_shares, weight_of,
};
pub(crate) use slopes::Slopes;
pub use steep::steep;
use steep::{INSTEAD, settled, settled_number};
pub use tangent::{Elementwise, InputArray, Tangent, add_at, place_of};
#[cfg(feature = "fit")]
pub(crate) use {loss::add_cells, surprise::Surprise};

/// What a call has computed and its derivative needs again, a table a
/// definition.
pub type Saved = Vec<Vec<f64>>;

/// A call that has been made, with all that its derivative needs.
pub struct Trace<'a> {
    /// The first call is the node 0.
    nodes: Vec<Node<'a>>,
    /// Callees before callers; nothing where each follows its caller.
    order: Option<Vec<usize>>,
    kept: Invariants,
    /// Which nodes take the bars of the logarithms of their rows from the one that calls them;
    /// none where this is empty.
    take_logarithms: Vec<bool>,
    /// The cotangents of the tables of each node that is called by another; those of logarithms
    /// with their sums over the rows.
    bars: Vec<Vec<Vec<f64>>>,
    wanted: Arc<[InputArray]>,
    moved: Option<Moved>,
}

/// What the tables of all nodes change by.
struct Moved {
    direction: Arc<Direction>,
    rates: AllRates,
}

/// So many calls one after the other need not be told apart: a recursion that does not
/// end is longer.
const CHAIN: usize = 4_096;

struct Node<'a> {
    model: &'static str,
    call: Box<dyn Traced<'a> + 'a>,
    /// (site, node) of each call.
    calls: Vec<(usize, usize)>,
    /// What the calls through which no derivative passes have returned.
    plain: Vec<(usize, Tables)>,
    returned: Arc<[Returned]>,
    saved: Buffers,
}

/// Tables whose buffers are used again.
#[derive(Default)]
struct Buffers(Saved);

impl Drop for Buffers {
    fn drop(&mut self) {
        self.0.drain(..).for_each(pool::take_back);
    }
}

impl<'a> Node<'a> {
    /// Not yet run.
    fn new(job: TracedJob<'a>, calls: Vec<(usize, usize)>, plain: Vec<(usize, Tables)>) -> Self {
        let plain = plain.into_iter().map(|(site, mut tables)| (site, Tables::Shared(tables.share())));
        Self {
            model: job.key.model_name(),
            call: job.call,
            calls,
            plain: plain.collect(),
            returned: Arc::default(),
            saved: Buffers::default(),
        }
    }
}

/// All calls that a call needs, each once, the call itself first; and an order in which
/// callees come first.
fn all_calls<'a>(
    job: TracedJob<'a>,
    mut look: impl FnMut(&TracedJob<'a>, &mut Vec<(usize, TracedJob<'a>)>) -> Result<Vec<(usize, Tables)>, Fault>,
) -> Result<(Vec<Node<'a>>, Option<Vec<usize>>), Fault> {
    // Where each makes one call at most none comes again. Those that may make several
    // are not looked at: that makes the calls through which no derivative passes.
    let longest = CHAIN.min(call_limit());
    let first = job.key.clone();
    let (mut nodes, mut calls, mut next) = (Vec::<Node<'a>>::new(), Vec::new(), Some(job));
    while let Some(job) = next {
        if job.call.sites() > 1 || nodes.len() == longest {
            let first = if nodes.is_empty() {
                job
            } else {
                TracedJob { key: first, call: nodes.swap_remove(0).call }
            };
            return all_calls_of_many(first, look);
        }
        let plain = look(&job, &mut calls)?;
        let callee = calls.pop();
        let made = callee.iter().map(|(site, _)| (*site, nodes.len() + 1)).collect();
        nodes.push(Node::new(job, made, plain));
        next = callee.map(|(_, job)| job);
    }
    Ok((nodes, None))
}

fn all_calls_of_many<'a>(
    job: TracedJob<'a>,
    mut look: impl FnMut(&TracedJob<'a>, &mut Vec<(usize, TracedJob<'a>)>) -> Result<Vec<(usize, Tables)>, Fault>,
) -> Result<(Vec<Node<'a>>, Option<Vec<usize>>), Fault> {
    let (laid, order) = lay_out(job.told_apart(), |job: &TracedJob<'a>| {
        let mut calls = Vec::new();
        let plain = look(job, &mut calls)?;
        Ok((plain, calls.into_iter().map(|(site, job)| (site, job.told_apart())).collect()))
    })?;
    let node = |laid: Laid<TracedJob<'a>, _>| Node::new(laid.job, laid.calls, laid.found);
    Ok((laid.into_iter().map(node).collect(), Some(order)))
}

/// Which nodes take the bars of the logarithms of their rows. Bars that more than one hand on
/// are added up first.
fn take_logarithms(nodes: &[Node<'_>]) -> Vec<bool> {
    if !nodes.iter().any(|node| node.call.takes_logarithms()) {
        return Vec::new();
    }
    let mut callers = vec![0; nodes.len()];
    nodes.iter().flat_map(|node| &node.calls).for_each(|(_, callee)| callers[*callee] += 1);
    nodes.iter().zip(callers).map(|(node, callers)| callers < 2 && node.call.takes_logarithms()).collect()
}

/// That no two inputs are one array: calls hand arrays on, which are known by their places.
fn no_array_twice(model: &str, inputs: &[InputArray]) -> Result<(), Fault> {
    for (at, input) in inputs.iter().enumerate() {
        let same = |other: &&InputArray| input.cells() > 0 && other.lies_at(input.address);
        if let Some(other) = inputs[at + 1..].iter().find(same) {
            let parameters = [input.name.into(), other.name.into()];
            return Err(Error::SameArray { model: model.into(), parameters }.into());
        }
    }
    Ok(())
}

impl<'a> Trace<'a> {
    /// Makes the call.
    ///
    /// # Errors
    /// Whatever goes wrong in it or in a call that it needs.
    pub fn record(job: TracedJob<'a>, inputs: Arc<[InputArray]>) -> Result<Self, Fault> {
        Self::lay_out_and_run(job, inputs, None)
    }

    /// Makes the call while its inputs change along a direction.
    ///
    /// # Errors
    /// Whatever goes wrong in it or in a call that it needs.
    fn record_along(
        job: TracedJob<'a>,
        inputs: Arc<[InputArray]>,
        direction: Direction,
    ) -> Result<Self, Fault> {
        let direction = Arc::new(direction);
        let mut trace = Self::lay_out_and_run(job, inputs, Some(Arc::clone(&direction)))?;
        let rates = trace.settled_rates(&direction)?;
        trace.moved = Some(Moved { direction, rates });
        Ok(trace)
    }

    fn lay_out_and_run(
        job: TracedJob<'a>,
        inputs: Arc<[InputArray]>,
        direction: Option<Arc<Direction>>,
    ) -> Result<Self, Fault> {
        let (nodes, order) = all_calls(job, |job, traced| {
            let (inputs, direction) = (Arc::clone(&inputs), direction.clone());
            let mut calls =
                TracedCalls { inputs, direction, traced: std::mem::take(traced), plain: Vec::new() };
            job.call.calls(&mut calls)?;
            *traced = calls.traced;
            Ok(calls.plain)
        })?;
        no_array_twice(nodes[0].model, &inputs)?;
        let mut bytes: u128 = 0;
        // What tables change by is kept, too.
        let numbers = if direction.is_some() { 2 } else { 1 };
        let (kept, bars) = (Invariants::default(), Vec::new());
        let take_logarithms = take_logarithms(&nodes);
        let mut trace = Self { nodes, order, kept, take_logarithms, bars, wanted: inputs, moved: None };
        let mut tables = Vec::new();
        for at in 0..trace.nodes.len() {
            let id = trace.id(at);
            trace.inputs(id, &mut tables);
            let node = &mut trace.nodes[id];
            let mut inputs = Inputs::new(&mut tables, &mut trace.kept);
            let (mut returned, saved) = node.call.forward(&mut inputs)?;
            (node.returned, node.saved) = (returned.share(), Buffers(saved));
            // All tables are kept until the way back.
            let returned = node.returned.iter().map(|table| table.cells.len());
            let cells: usize = returned.chain(node.saved.0.iter().map(Vec::len)).sum();
            bytes += (numbers * cells) as u128 * size_of::<f64>() as u128;
            if bytes > pool::memory_limit() {
                let (model, limit) = (node.model.into(), pool::memory_limit());
                return Err(Error::RecordTooLarge {
                    model,
                    calls: (at + 1, trace.nodes.len()),
                    bytes,
                    limit,
                }
                .into());
            }
        }
        Ok(trace)
    }

    /// Which node is the one in this place, callees first.
    fn id(&self, at: usize) -> usize {
        self.order.as_ref().map_or_else(|| self.nodes.len() - 1 - at, |order| order[at])
    }

    /// What the calls of a node have returned, by site.
    fn inputs(&self, id: usize, tables: &mut Vec<Tables>) {
        let node = &self.nodes[id];
        tables.clear();
        tables.resize(node.call.sites(), Tables::Nothing);
        for (site, callee) in &node.calls {
            tables[*site] = Tables::Shared(Arc::clone(&self.nodes[*callee].returned));
        }
        for (site, found) in &node.plain {
            tables[*site] = found.clone();
        }
    }

    /// The tables of the call.
    #[must_use]
    pub fn tables(&self) -> Tables {
        Tables::Shared(Arc::clone(&self.nodes[0].returned))
    }

    /// The same, to be read.
    pub(crate) fn returned(&self) -> &[Returned] {
        &self.nodes[0].returned
    }

    /// How many cells each of its tables has.
    pub(crate) fn sizes(&self) -> impl Iterator<Item = usize> + '_ {
        self.nodes[0].returned.iter().map(|table| table.cells.len())
    }

    /// Whether the bars of the logarithms of its rows will do.
    pub(crate) fn takes_logarithms(&self) -> bool {
        self.take_logarithms.first() == Some(&true)
    }

    pub(crate) fn wanted(&self) -> &Arc<[InputArray]> {
        &self.wanted
    }

    /// The derivative of the sum of all cells times these cotangents, one a
    /// table, with respect to the inputs; they are made again for each time that the way
    /// is gone, with what stands for infinite derivatives then.
    ///
    /// # Errors
    /// Whatever goes wrong.
    pub(crate) fn gradient(
        &mut self,
        mut seeds: impl FnMut(f64) -> Vec<Vec<f64>>,
    ) -> Result<Vec<OneOrMore<f64>>, Fault> {
        settled(|instead| self.pull_back(seeds(instead), instead))
    }

    /// The same with this number in the place of infinite derivatives.
    ///
    /// # Errors
    /// Whatever goes wrong.
    pub(crate) fn pull_back(
        &mut self,
        mut first: Vec<Vec<f64>>,
        instead: f64,
    ) -> Result<Vec<OneOrMore<f64>>, Fault> {
        let mut sums = Sums::new(&self.wanted);
        self.bars.iter_mut().for_each(Vec::clear);
        // The first call is no other's.
        let others = if self.nodes.len() > 1 { self.nodes.len() } else { 0 };
        self.bars.resize_with(others, Vec::new);
        without_infinite(&mut first, instead);
        let (mut tables, mut own_bars) = (Vec::new(), Vec::new());
        for at in (0..self.nodes.len()).rev() {
            let id = self.id(at);
            let own = std::mem::take(if id == 0 { &mut first } else { &mut self.bars[id] });
            if own.iter().all(|bar| bar.iter().all(|x| *x == 0.0)) {
                continue;
            }
            self.inputs(id, &mut tables);
            let node = &self.nodes[id];
            let mut bars = Bars::new(
                own,
                own_bars,
                (&node.calls, &self.take_logarithms),
                &mut self.bars,
                &mut sums,
                (node.saved.0.len(), instead),
            );
            let mut inputs = Inputs::new(&mut tables, &mut self.kept);
            node.call.backward(&mut inputs, &node.returned, &node.saved.0, &mut bars)?;
            own_bars = bars.into_places();
        }
        Ok(sums.into_values())
    }

    /// What each table of the call changes by, while the inputs change along a
    /// direction.
    fn push_forward(&mut self, direction: &Direction) -> Result<Vec<Vec<f64>>, Fault> {
        settled(|instead| Ok(self.all_rates(direction, false, instead)?.returned.swap_remove(0)))
    }

    /// What the tables of all nodes change by.
    fn settled_rates(&mut self, direction: &Direction) -> Result<AllRates, Fault> {
        let mut found = self.all_rates(direction, true, f64::INFINITY)?;
        if !found.any_is_nan() {
            return Ok(found);
        }
        let [nothing, something] = INSTEAD.map(|instead| self.all_rates(direction, true, instead));
        let (nothing, something) = (nothing?, something?);
        let ways = nothing.numbers().zip(something.numbers());
        found.numbers_mut().zip(ways).for_each(|(rate, (a, b))| *rate = settled_number(*rate, *a, *b));
        Ok(found)
    }

    /// The same with this number in the place of infinite derivatives: if they are to be
    /// kept those of a node's own tables, and those that it returns.
    fn all_rates(&mut self, direction: &Direction, kept: bool, instead: f64) -> Result<AllRates, Fault> {
        let mut own: Vec<Vec<Vec<f64>>> = vec![Vec::new(); self.nodes.len()];
        let (mut returned, mut definitions) = (own.clone(), vec![&[][..]; self.nodes.len()]);
        let mut tables = Vec::new();
        for at in 0..self.nodes.len() {
            let id = self.id(at);
            self.inputs(id, &mut tables);
            let node = &self.nodes[id];
            let (none, nothing) = (vec![Vec::new(); node.saved.0.len()], ReturnedRates::default());
            let inputs = (&*self.wanted, direction);
            let mut rates = Rates::new(inputs, &node.calls, &returned, (none, nothing), instead);
            let mut inputs = Inputs::new(&mut tables, &mut self.kept);
            node.call.tangent(&mut inputs, &node.returned, &node.saved.0, &mut rates)?;
            let (mine, handed) = rates.into_parts();
            let ReturnedRates { definitions: which, tables: made } = handed;
            (definitions[id], returned[id]) = (which, made.into_owned());
            if kept {
                own[id] = mine;
            } else {
                mine.into_iter().for_each(pool::take_back);
            }
        }
        Ok(AllRates { own, returned, definitions })
    }

    /// What the tables of the call change by, if its inputs do.
    pub(crate) fn rates(&self) -> Option<&[Vec<f64>]> {
        self.moved.as_ref().map(|moved| moved.rates.returned[0].as_slice())
    }

    /// The derivative of the sum of all cells times these cotangents, one a table, with
    /// respect to the inputs, and what it changes by: second derivatives as forward
    /// over reverse mode.
    ///
    /// # Errors
    /// Whatever goes wrong.
    pub(crate) fn pull_back_moving(
        &mut self,
        seeds: &[&[Dual<1>]],
        instead: f64,
    ) -> Result<Vec<OneOrMore<Dual<1>>>, Fault> {
        let Some(mut moved) = self.moved.take() else { return self.pull_back_apart(seeds, instead) };
        let found = self.pull_back_along(seeds, &mut moved, instead);
        self.moved = Some(moved);
        found
    }

    /// The same where only the cotangents change: the derivative is linear in them.
    fn pull_back_apart(
        &mut self,
        seeds: &[&[Dual<1>]],
        instead: f64,
    ) -> Result<Vec<OneOrMore<Dual<1>>>, Fault> {
        let part = |of: fn(Dual<1>) -> f64| -> Vec<Vec<f64>> {
            seeds.iter().map(|seed| seed.iter().map(|bar| of(*bar)).collect()).collect()
        };
        let values = self.pull_back(part(Real::value), instead)?;
        let rates = self.pull_back(part(Dual::rate), instead)?;
        let pair = |(value, rate): (&f64, &f64)| Dual::moving(*value, *rate);
        let pairs = |(values, rates): (&OneOrMore<f64>, &OneOrMore<f64>)| {
            OneOrMore::More(values.iter().zip(rates.iter()).map(pair).collect())
        };
        Ok(values.iter().zip(&rates).map(pairs).collect())
    }

    fn pull_back_along(
        &mut self,
        seeds: &[&[Dual<1>]],
        moved: &mut Moved,
        instead: f64,
    ) -> Result<Vec<OneOrMore<Dual<1>>>, Fault> {
        let wanted = Arc::clone(&self.wanted);
        let mut sums = Sums::new(&wanted);
        let mut all: Vec<Vec<Vec<Dual<1>>>> = vec![Vec::new(); self.nodes.len()];
        all[0] = seeds.iter().map(|seed| pool::copy_of_moving(seed)).collect();
        without_infinite(&mut all[0], instead);
        let (mut tables, mut own_bars) = (Vec::new(), Vec::new());
        for at in (0..self.nodes.len()).rev() {
            let id = self.id(at);
            let own = std::mem::take(&mut all[id]);
            if own.iter().all(|bar| bar.iter().all(|x| x.vanishes())) {
                continue;
            }
            self.inputs(id, &mut tables);
            let node = &self.nodes[id];
            let rates = std::mem::take(&mut moved.rates.own[id]);
            let definitions = moved.rates.definitions[id];
            let handed = ReturnedRates { definitions, tables: Cow::Borrowed(&moved.rates.returned[id]) };
            let inputs = (&*wanted, &*moved.direction);
            let rates = Rates::new(inputs, &node.calls, &moved.rates.returned, (rates, handed), instead);
            let room = (node.saved.0.len(), instead);
            let mut bars = Bars::new(own, own_bars, (&node.calls, &[]), &mut all, &mut sums, room);
            let mut inputs = Inputs::new(&mut tables, &mut self.kept);
            node.call.second(&mut inputs, &node.returned, &node.saved.0, &rates, &mut bars)?;
            own_bars = bars.into_places();
            moved.rates.own[id] = rates.into_parts().0;
        }
        Ok(sums.into_values())
    }
}

/// Puts a number in the place of infinite cotangents.
fn without_infinite<N: Bar>(bars: &mut [Vec<N>], instead: f64) {
    if instead.is_finite() {
        bars.iter_mut().flatten().for_each(|bar| *bar = bar.steep(instead));
    }
}
