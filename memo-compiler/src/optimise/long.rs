//! One long axis: where one domain is much longer than all others, which is only
//! known when the model runs, its axis lies innermost in every table, so that the
//! arithmetic of neighbouring places along it is done side by side.
//!
//! This is a second layout of the same program, for those sizes.

use std::collections::BTreeSet;

use super::layout::{can_lie_either_way, reorder};
use crate::tensor::{AxisId, Body, DefinitionId, DomainId, Program};

/// The program with one axis innermost.
#[derive(Clone, Debug)]
pub struct Long {
    /// The program.
    pub program: Program,
    /// The domain that is to be long.
    pub long: DomainId,
    /// Those that are to be short.
    pub short: Vec<DomainId>,
}

/// The second layout, if there are rows that stand upright in it alone.
#[must_use]
pub fn long(program: &Program) -> Option<Long> {
    let found = (0..program.domains.len()).filter_map(|at| innermost(program, DomainId(at)));
    // Of equals the first.
    found.rev().max_by_key(|(upright, _)| *upright).map(|(_, long)| long)
}

/// How many choices stand upright when a domain is innermost, and the program.
fn innermost(program: &Program, long: DomainId) -> Option<(usize, Long)> {
    let mut changed = program.clone();
    let (mut upright, mut domains) = (0, BTreeSet::new());
    for at in 0..program.definitions.len() {
        let (id, definition) = (DefinitionId(at), &program.definitions[at]);
        let domain = |axis: &AxisId| program.axes[axis.0].domain;
        let places: Vec<usize> =
            (0..definition.axes.len()).filter(|at| domain(&definition.axes[*at]) == long).collect();
        if !definition.loop_axes().iter().any(|axis| domain(axis) == long) {
            continue;
        }
        if !definition.fixed {
            domains.extend(definition.loop_axes().iter().map(domain));
        }
        let kept = program.returns.contains(&id)
            || program.evidence.iter().any(|e| e.factor.definition == id)
            || matches!(definition.body, Body::Call { .. });
        let [place] = places.as_slice() else {
            // A table of all pairs is long in any case.
            if places.len() > 1 { return None } else { continue }
        };
        if kept {
            continue;
        }
        let (given, own) = definition.split();
        let axis = definition.axes[*place];
        let mut axes: Vec<AxisId> = match &definition.body {
            Body::Choice { over: 1, weight, rule, .. }
                if given.contains(&axis) && (!rule.has_exponents(weight) || weight.is_one_exponential()) =>
            {
                let outer = given.iter().copied().filter(|given| *given != axis);
                outer.chain(own).collect()
            }
            body if can_lie_either_way(body) => {
                definition.axes.iter().copied().filter(|other| *other != axis).collect()
            }
            _ => continue,
        };
        axes.push(axis);
        let order: Vec<usize> =
            axes.iter().filter_map(|axis| definition.axes.iter().position(|own| own == axis)).collect();
        if order.len() < definition.axes.len() {
            continue;
        }
        reorder(&mut changed, id, &order);
        if let Body::Choice { across, .. } = &mut changed.definitions[at].body {
            upright += usize::from(!*across && !definition.fixed);
            *across = true;
        }
    }
    let short = domains.into_iter().filter(|domain| *domain != long).collect();
    (upright > 0).then_some((upright, Long { program: changed, long, short }))
}
