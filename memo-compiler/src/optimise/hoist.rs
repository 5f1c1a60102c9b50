//! Hoisting: what rests on no parameter is the same in every call and is
//! computed once a process; what rests on some of the parameters is computed once
//! for all calls under one call that have these in common, as the levels of a
//! recursion do.
//!
//! Two steps. What a weight computes so at some expense (a function of the user's,
//! an exponential) becomes a definition of its own; then every definition is
//! marked with the parameters that it rests on.
//!
//! A function or a density of fewer axes than the loops that it stands in becomes one, too:
//! it is then computed once for each of its own cells.

use std::collections::BTreeSet;

use super::rebuild;
use crate::syntax::UnaryOperator;
use crate::tensor::{AxisId, Body, Definition, DefinitionId, Factor, Guard, Program, Scalar, mentions_any};

/// Splits weights and marks definitions.
pub(super) fn hoist(program: Program) -> Program {
    number(mark(split(program)))
}

/// Numbers the calls of other models: those first that are made each time.
fn number(mut program: Program) -> Program {
    let mut each_time = BTreeSet::new();
    for definition in program.definitions.iter().filter(|definition| !definition.fixed) {
        if let Body::Call { site, .. } = definition.body {
            each_time.insert(site);
        }
    }
    let others = (0..program.sites).filter(|site| !each_time.contains(site));
    let order: Vec<usize> = each_time.iter().copied().chain(others).collect();
    for definition in &mut program.definitions {
        if let Body::Call { site, .. } = &mut definition.body {
            *site = order.iter().position(|old| old == site).unwrap_or(*site);
        }
    }
    program
}

/// Parameters, by position.
type Parameters = BTreeSet<usize>;

/// The parameters that the length of an axis rests on.
fn of_axis(program: &Program, axis: AxisId) -> Parameters {
    let domain = &program.domains[program.axes[axis.0].domain.0];
    let named = |at: &usize| mentions_any(&domain.tokens, &program.parameters[*at..=*at]);
    (0..program.parameters.len()).filter(named).collect()
}

/// The parameters that a scalar rests on; `None` where it is not known to be the
/// same whenever these are.
///
/// Rust in braces may read a `static` that changes, and the cost of a model is
/// asked for anew.
fn of_scalar(
    program: &Program,
    of_table: &dyn Fn(DefinitionId) -> Option<Parameters>,
    scalar: &Scalar,
) -> Option<Parameters> {
    let mut all = Some(Parameters::new());
    scalar.walk(&mut |s| {
        let found = match s {
            Scalar::Rust(_) | Scalar::Cost(..) => None,
            Scalar::Parameter(at, _) | Scalar::Index(at, ..) => Some([*at].into()),
            Scalar::Axis(axis, _) => Some(of_axis(program, *axis)),
            Scalar::Element(factor) => of_table(factor.definition),
            _ => Some(Parameters::new()),
        };
        all = all.take().zip(found).map(|(all, found)| &all | &found);
    });
    all
}

/// Whether the scalar is the same in every call, or in many and over enough
/// cells to be worth a look-up.
fn worth_keeping(program: &Program, sets: &[Option<Parameters>], scalar: &Scalar) -> bool {
    let enough = match of_scalar(program, &|id| sets[id.0].clone(), scalar) {
        Some(found) if found.is_empty() => 1,
        Some(found) if program.sites > 0 && found.len() < program.parameters.len() => 2,
        _ => return false,
    };
    scalar.axes().len() >= enough
}

/// The parameters that a definition rests on.
fn of_definition(
    program: &Program,
    at: usize,
    of_table: &dyn Fn(DefinitionId) -> Option<Parameters>,
) -> Option<Parameters> {
    let definition = &program.definitions[at];
    let mut all = Parameters::new();
    for scalar in definition.body.scalars() {
        all.extend(of_scalar(program, of_table, scalar)?);
    }
    // The guard says whether it is needed, not what it is.
    for factor in definition.body.references() {
        all.extend(of_table(factor.definition)?);
    }
    for axis in definition.loop_axes() {
        all.extend(of_axis(program, axis));
    }
    if let Body::Call { path, .. } = &definition.body {
        // What another model answers to constants, unless that may be this one
        // again; marks of impossible cells are passed on in each call.
        let marks = program.evidence.iter().any(|e| e.factor.definition == DefinitionId(at));
        let own = path.segments.last().is_some_and(|word| word.ident == program.name);
        return (all.is_empty() && !marks && !own).then_some(all);
    }
    Some(all)
}

/// Marks what rests on no parameter, to be computed once a process; and, in
/// models that call, what rests on some of the parameters only, to be computed
/// once for all calls under one that have these in common.
fn mark(mut program: Program) -> Program {
    // Too little to be worth a look-up.
    let mut left_out: BTreeSet<Parameters> = BTreeSet::new();
    loop {
        let mut sets: Vec<Option<Parameters>> = Vec::new();
        for at in 0..program.definitions.len() {
            let own = |id: DefinitionId| sets[id.0].clone();
            let returned = program.returns.contains(&DefinitionId(at));
            let found = if returned { None } else { of_definition(&program, at, &own) };
            let some = |set: &Parameters| {
                program.sites > 0 && set.len() < program.parameters.len() && !left_out.contains(set)
            };
            sets.push(found.filter(|set| set.is_empty() || some(set)));
        }
        let large: BTreeSet<&Parameters> = sets
            .iter()
            .zip(&program.definitions)
            .filter(|(_, definition)| definition.loop_axes().len() > 1)
            .filter_map(|(set, _)| set.as_ref())
            .collect();
        let small: Vec<Parameters> =
            sets.iter().flatten().filter(|set| !set.is_empty() && !large.contains(set)).cloned().collect();
        if small.is_empty() {
            for (definition, set) in program.definitions.iter_mut().zip(sets) {
                definition.fixed = set.is_some();
                definition.kept_for = set.unwrap_or_default().into_iter().collect();
            }
            return program;
        }
        left_out.extend(small);
    }
}

/// Gives the costly constant parts of weights that change definitions of their
/// own, and those that are the same in many cells. Weights are computed for every cell, so
/// that nothing is computed that would not have been; what stands under a condition on axes
/// stays there.
fn split(program: Program) -> Program {
    // What each definition so far rests on.
    let mut sets: Vec<Option<Parameters>> = Vec::new();
    rebuild(program, |out, _, mut definition| {
        let name = definition.name.clone();
        let (mut guard, loops) = (definition.guard.clone(), definition.axes.clone());
        match &mut definition.body {
            Body::Choice { weight, .. } | Body::Best { weight, .. } | Body::Evidence { weight, .. } => {
                if !worth_keeping(out, &sets, weight) {
                    Splitter { out, sets: &mut sets, name: &name, loops }.numeric(weight, &mut guard);
                }
            }
            // A returned value is computed for every cell, too.
            Body::Map(value) => {
                Splitter { out, sets: &mut sets, name: &name, loops }.numeric(value, &mut guard);
            }
            Body::Query { .. } | Body::Divergence { .. } | Body::Call { .. } => {}
        }
        define(out, &mut sets, definition)
    })
}

/// Adds a definition, and notes what it rests on.
fn define(out: &mut Program, sets: &mut Vec<Option<Parameters>>, definition: Definition) -> DefinitionId {
    let id = out.define(definition);
    let found = of_definition(out, id.0, &|id: DefinitionId| sets[id.0].clone());
    sets.push(found);
    id
}

struct Splitter<'p> {
    out: &'p mut Program,
    sets: &'p mut Vec<Option<Parameters>>,
    name: &'p str,
    /// The axes of the definition, slowest first.
    loops: Vec<AxisId>,
}

impl Splitter<'_> {
    /// A scalar that is used as a number.
    fn numeric(&mut self, scalar: &mut Scalar, guard: &mut Guard) {
        if self.worth_it(scalar) {
            self.set_apart(scalar, guard, "A part that is the same in many calls.");
            return;
        }
        if self.is_repeated(scalar) {
            self.set_apart(scalar, guard, "A part that is the same in many cells.");
            return;
        }
        match scalar {
            Scalar::Unary(UnaryOperator::Negate | UnaryOperator::Plus, inner) => {
                self.numeric(inner, guard);
            }
            Scalar::Binary(operator, left, right, _) if operator.is_arithmetic() => {
                self.numeric(left, guard);
                self.numeric(right, guard);
            }
            Scalar::BuiltIn(_, arguments) | Scalar::Distribution(_, arguments) => {
                arguments.iter_mut().for_each(|argument| self.numeric(argument, guard));
            }
            Scalar::If { condition, then, otherwise, fixed: true } => {
                guard.push(((**condition).clone(), true));
                self.numeric(then, guard);
                guard.pop();
                guard.push(((**condition).clone(), false));
                self.numeric(otherwise, guard);
                guard.pop();
            }
            // The condition is asked in every cell, the branches are not.
            Scalar::If { condition, fixed: false, .. } if self.worth_it(condition) => {
                self.set_apart(condition, guard, "A part that is the same in many calls.");
            }
            _ => {}
        }
    }

    /// Gives a scalar a definition of its own.
    fn set_apart(&mut self, scalar: &mut Scalar, guard: &Guard, about: &str) {
        let axes: Vec<AxisId> = scalar.axes().into_iter().collect();
        let value = std::mem::replace(scalar, Scalar::Number(0.0));
        let definition = Definition {
            name: format!("{}_part", self.name),
            about: about.into(),
            axes: axes.clone(),
            body: Body::Map(value),
            guard: guard.clone(),
            fixed: false,
            kept_for: Vec::new(),
        };
        let id = define(self.out, self.sets, definition);
        *scalar = Scalar::Element(Factor { definition: id, axes });
    }

    /// A function that is called with the same numbers in several turns of a loop: around that
    /// over the last of its axes stands one that is none of its own.
    fn is_repeated(&self, scalar: &Scalar) -> bool {
        let axes = scalar.axes();
        let last = self.loops.iter().rposition(|axis| axes.contains(axis));
        let known = of_scalar(self.out, &|id| self.sets[id.0].clone().or(Some(Parameters::new())), scalar);
        matches!(scalar, Scalar::Distribution(..) | Scalar::Call(..))
            && known.is_some()
            && last.is_some_and(|last| self.loops[..last].iter().any(|axis| !axes.contains(axis)))
    }

    /// Constant, or resting on some of the parameters only, varying over some
    /// axis, and with a function call in it.
    fn worth_it(&self, scalar: &Scalar) -> bool {
        // The exponential of a weight is scaled together with the others.
        let mut apart = true;
        scalar.walk(&mut |s| apart &= !matches!(s, Scalar::BuiltIn("exp", _)));
        scalar.is_costly() && apart && worth_keeping(self.out, self.sets, scalar)
    }
}
