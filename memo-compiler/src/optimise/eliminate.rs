//! Variable elimination: a sum over many axes becomes a sequence of sums over
//! one, each a definition of its own.
//!
//! The axes go in the order that keeps each intermediate table smallest, in
//! the number of its axes (the greedy “min-weight” order for equal domains;
//! Koller & Friedman, *Probabilistic Graphical Models*, §9.4.3). The axes on
//! which the value of a query depends stay until the last step.

use std::collections::{BTreeMap, BTreeSet};

use super::rebuild;
use crate::tensor::{AxisId, AxisSet, Body, Definition, Factor, Normaliser, Program, Query, Rule, Scalar};

/// Splits every query of the program.
pub(super) fn eliminate(program: Program) -> Program {
    rebuild(program, |out, _, mut definition| {
        fold(&mut definition.body);
        if let Body::Query { factors, over, query, .. } = &mut definition.body {
            let kept: AxisSet = match query {
                Query::Expectation(value) | Query::Variance(value) => value.axes(),
                Query::Entropy(axes) => axes.iter().copied().collect(),
                Query::Sum => AxisSet::new(),
            };
            let mut remaining: Vec<AxisId> = over.iter().copied().filter(|a| !kept.contains(a)).collect();
            // A plain sum over one axis, or over axes that every factor
            // shares, is a single loop nest already.
            let plain = matches!(query, Query::Sum);
            let mut bag = Bag::new(out, std::mem::take(factors), &remaining);
            while !remaining.is_empty() {
                if plain && joint(&bag, &remaining) {
                    break;
                }
                let next = bag.cheapest(&remaining);
                let axis = remaining.remove(next);
                let met = bag.take(axis);
                let summed = sum_out(out, axis, met, &definition.guard);
                bag.put(out, summed, &remaining);
            }
            *factors = bag.factors.into_iter().flatten().collect();
            over.retain(|a| kept.contains(a) || remaining.contains(a));
        }
        out.define(definition)
    })
}

/// The expectation of a table's number over several axes is a sum of products
/// with one factor more, so that its axes can be eliminated like others.
///
/// Not where the sum is divided by the query's own mass: that needs both.
fn fold(body: &mut Body) {
    let Body::Query { factors, over, query, normaliser, .. } = body else { return };
    let Query::Expectation(Scalar::Element(value)) = query else { return };
    if matches!(normaliser, Normaliser::Own) || over.len() < 2 {
        return;
    }
    factors.push(value.clone());
    *query = Query::Sum;
    if matches!(normaliser, Normaliser::One) {
        *normaliser = Normaliser::Nothing;
    }
}

/// Whether all the axes stand in every factor, so that nothing is gained by
/// summing them out one at a time.
fn joint(bag: &Bag, axes: &[AxisId]) -> bool {
    bag.factors.iter().flatten().all(|f| axes.iter().all(|a| f.axes.contains(a)))
}

/// The factors of a query, by the axes that they meet in.
struct Bag {
    factors: Vec<Option<Factor>>,
    /// Which factors an axis stands in.
    meeting: BTreeMap<AxisId, BTreeSet<usize>>,
    /// What summing over an axis costs: how many axes meet in it, and whether
    /// none of the factors all but determines it.
    cost: BTreeMap<AxisId, (usize, bool)>,
}

impl Bag {
    fn new(program: &Program, factors: Vec<Factor>, over: &[AxisId]) -> Self {
        let mut meeting: BTreeMap<AxisId, BTreeSet<usize>> = BTreeMap::new();
        for (at, factor) in factors.iter().enumerate() {
            for axis in &factor.axes {
                meeting.entry(*axis).or_default().insert(at);
            }
        }
        let factors = factors.into_iter().map(Some).collect();
        let mut bag = Self { factors, meeting, cost: BTreeMap::new() };
        over.iter().for_each(|axis| bag.weigh(program, *axis));
        bag
    }

    fn met(&self, axis: AxisId) -> impl Iterator<Item = &Factor> {
        let places = self.meeting.get(&axis);
        places.into_iter().flatten().filter_map(|at| self.factors[*at].as_ref())
    }

    fn weigh(&mut self, program: &Program, axis: AxisId) {
        let width = self.met(axis).flat_map(|f| f.axes.iter().copied()).collect::<AxisSet>().len();
        let free = !self.met(axis).any(|f| {
            let body = &program.definition(f.definition).body;
            f.axes.last() == Some(&axis)
                && matches!(body, Body::Choice { weight, rule: Rule::Proportional, .. } if weight.is_often_zero())
        });
        self.cost.insert(axis, (width, free));
    }

    fn cheapest(&self, remaining: &[AxisId]) -> usize {
        let smallest = remaining.iter().enumerate().min_by_key(|(_, axis)| (self.cost[axis], **axis));
        smallest.map_or(0, |(at, _)| at)
    }

    /// The factors that an axis stands in, taken out.
    fn take(&mut self, axis: AxisId) -> Vec<Factor> {
        let places = self.meeting.remove(&axis).unwrap_or_default();
        places.into_iter().filter_map(|at| self.factors[at].take()).collect()
    }

    fn put(&mut self, program: &Program, factor: Factor, remaining: &[AxisId]) {
        let at = self.factors.len();
        let axes: AxisSet = factor.axes.iter().copied().collect();
        self.factors.push(Some(factor));
        for axis in axes {
            self.meeting.entry(axis).or_default().insert(at);
            if remaining.contains(&axis) {
                self.weigh(program, axis);
            }
        }
    }
}

fn sum_out(out: &mut Program, axis: AxisId, factors: Vec<Factor>, guard: &[(Scalar, bool)]) -> Factor {
    let mut axes: AxisSet = factors.iter().flat_map(|f| f.axes.iter().copied()).collect();
    axes.remove(&axis);
    let axes: Vec<AxisId> = axes.into_iter().collect();
    let label = &out.axes[axis.0].label;
    let definition = Definition {
        name: format!("without_{}", out.axes[axis.0].name),
        about: format!("What is left of the belief after summing over {label}."),
        axes: axes.clone(),
        body: Body::Query {
            factors,
            over: vec![axis],
            query: Query::Sum,
            normaliser: Normaliser::Nothing,
            keeps_mass: false,
        },
        guard: guard.to_vec(),
        fixed: false,
        kept_for: Vec::new(),
    };
    Factor { definition: out.define(definition), axes }
}
