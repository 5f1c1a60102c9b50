//! Static hoisting: what rests on no parameter is the same in every call and
//! is computed once a process.
//!
//! Two steps. What a weight computes without parameters at some expense (a
//! function of the user's, an exponential) becomes a definition of its own;
//! then every definition that rests on nothing but constants is marked.

use super::rebuild;
use crate::syntax::{BinaryOperator, UnaryOperator};
use crate::tensor::{AxisId, Body, Definition, DefinitionId, Factor, Guard, Program, Scalar, mentions_any};

/// Splits weights and marks definitions.
pub(super) fn hoist(program: Program) -> Program {
    mark(split(program))
}

/// Whether the axis ranges over a constant domain.
fn constant_axis(program: &Program, axis: AxisId) -> bool {
    let domain = &program.domains[program.axes[axis.0].domain.0];
    !mentions_any(&domain.tokens, &program.parameters)
}

/// Whether the scalar is the same in every call.
///
/// Rust in braces may read a `static` that changes, the cost of a model is
/// asked for anew, and a parameter is a parameter.
fn constant(program: &Program, fixed: &dyn Fn(DefinitionId) -> bool, scalar: &Scalar) -> bool {
    let mut all = true;
    scalar.walk(&mut |s| {
        all &= match s {
            Scalar::Parameter(_) | Scalar::Rust(_) | Scalar::Index(..) | Scalar::Cost(..) => false,
            Scalar::Axis(axis, _) => constant_axis(program, *axis),
            Scalar::Element(factor) => fixed(factor.definition),
            _ => true,
        };
    });
    all
}

fn mark(mut program: Program) -> Program {
    for at in 0..program.definitions.len() {
        let definition = &program.definitions[at];
        let fixed = |id: DefinitionId| program.definition(id).fixed;
        let returned = program.returns.contains(&DefinitionId(at));
        let body = match &definition.body {
            // What another model answers to constants, unless that may be this
            // one again; marks of impossible cells are passed on in each call.
            Body::Call { path, arguments, .. } => {
                let marks = program.evidence.iter().any(|e| e.factor.definition == DefinitionId(at));
                let own = path.segments.last().is_some_and(|word| word.ident == program.name);
                !marks && !own && arguments.iter().all(|a| constant(&program, &fixed, a))
            }
            body => body.scalars().into_iter().all(|s| constant(&program, &fixed, s)),
        };
        // The guard says whether it is needed, not what it is.
        let factors = body_references(definition).iter().all(|f| fixed(f.definition));
        let axes = definition.loop_axes().iter().all(|a| constant_axis(&program, *a));
        program.definitions[at].fixed = !returned && body && factors && axes;
    }
    program
}

pub(super) fn body_references(definition: &Definition) -> Vec<Factor> {
    Definition { guard: Guard::new(), ..definition.clone() }.references()
}

/// Gives the costly constant parts of weights that change definitions of their
/// own. Weights are computed for every cell, so that nothing is computed that
/// would not have been; what stands under a condition on axes stays there.
fn split(program: Program) -> Program {
    rebuild(program, |out, _, mut definition| {
        let name = definition.name.clone();
        let mut guard = definition.guard.clone();
        match &mut definition.body {
            Body::Choice { weight, .. } | Body::Evidence { weight, .. } => {
                if !constant(out, &|_| false, weight) {
                    Splitter { out, name: &name }.numeric(weight, &mut guard);
                }
            }
            // A returned value is computed for every cell, too.
            Body::Map(value) => Splitter { out, name: &name }.numeric(value, &mut guard),
            Body::Query { .. } | Body::Divergence { .. } | Body::Call { .. } => {}
        }
        out.define(definition)
    })
}

struct Splitter<'p> {
    out: &'p mut Program,
    name: &'p str,
}

impl Splitter<'_> {
    /// A scalar that is used as a number.
    fn numeric(&mut self, scalar: &mut Scalar, guard: &mut Guard) {
        if self.worth_it(scalar) {
            self.set_apart(scalar, guard);
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
                self.set_apart(condition, guard);
            }
            _ => {}
        }
    }

    /// Gives a scalar a definition of its own.
    fn set_apart(&mut self, scalar: &mut Scalar, guard: &Guard) {
        let axes: Vec<AxisId> = scalar.axes().into_iter().collect();
        let value = std::mem::replace(scalar, Scalar::Number(0.0));
        let definition = Definition {
            name: format!("{}_part", self.name),
            about: "A part that is the same in every call.".into(),
            axes: axes.clone(),
            body: Body::Map(value),
            guard: guard.clone(),
            fixed: false,
        };
        let id = self.out.define(definition);
        *scalar = Scalar::Element(Factor { definition: id, axes });
    }

    /// Constant, varying over some axis, and with a function call in it.
    fn worth_it(&self, scalar: &Scalar) -> bool {
        let mut costly = false;
        scalar.walk(&mut |s| {
            costly |= match s {
                Scalar::Call(..) | Scalar::Distribution(..) => true,
                Scalar::BuiltIn(name, _) => !matches!(*name, "abs" | "min" | "max" | "floor" | "ceil"),
                Scalar::Binary(operator, ..) => *operator == BinaryOperator::Power,
                _ => false,
            };
        });
        // The exponential of a weight is scaled together with the others.
        let mut apart = true;
        scalar.walk(&mut |s| apart &= !matches!(s, Scalar::Element(_) | Scalar::BuiltIn("exp", _)));
        costly && apart && !scalar.axes().is_empty() && constant(self.out, &|_| false, scalar)
    }
}
