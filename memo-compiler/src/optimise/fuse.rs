//! Fusion: a product that one reader reads is multiplied there; rows that are
//! normalised are not normalised again; a returned copy is the table itself.

use crate::syntax::BinaryOperator;
use crate::tensor::{Body, DefinitionId, Factor, Normaliser, Program, Query, Rule, Scalar};

/// The first two; the third follows when it is known what is computed once.
pub(super) fn fuse(program: Program) -> Program {
    let program = normalised(program);
    let program = super::dead::remove(super::forward::forward(program));
    super::dead::remove(products(program))
}

/// A choice by weights that are a distribution over the same axis is a copy of
/// it.
fn normalised(mut program: Program) -> Program {
    for at in 0..program.definitions.len() {
        let definition = &program.definitions[at];
        let Body::Choice { over: 1, weight: Scalar::Element(source), rule: Rule::Proportional, .. } =
            &definition.body
        else {
            continue;
        };
        let rows = &program.definition(source.definition).body;
        let same_row = source.axes.last() == definition.axes.last()
            && source.axes.iter().filter(|a| Some(*a) == source.axes.last()).count() == 1;
        if same_row && matches!(rows, Body::Choice { over: 1, .. }) {
            let body = copy(source.clone());
            program.definitions[at].body = body;
        }
    }
    program
}

fn copy(source: Factor) -> Body {
    Body::Query {
        factors: vec![source],
        over: Vec::new(),
        query: Query::Sum,
        normaliser: Normaliser::Nothing,
        keeps_mass: false,
    }
}

/// Puts products into their only reader.
fn products(mut program: Program) -> Program {
    let readers = program.readers();
    // In order, so that what is put in has taken in its own products.
    for at in 0..program.definitions.len() {
        let mut definition = program.definitions[at].clone();
        let parts = |factor: &Factor| -> Option<Vec<Factor>> {
            let source = program.definition(factor.definition);
            let factors = source.product().filter(|_| readers[factor.definition.0] == 1)?;
            Some(factors.iter().map(|f| f.through(&source.axes, factor)).collect())
        };
        let in_scalar = |scalar: &mut Scalar| {
            scalar.walk_mut(&mut |s| {
                if let Scalar::Element(factor) = s
                    && let Some(parts) = parts(factor)
                {
                    let product = parts.into_iter().map(Scalar::Element).reduce(|a, b| {
                        let span = proc_macro2::Span::call_site();
                        Scalar::Binary(BinaryOperator::Multiply, Box::new(a), Box::new(b), span)
                    });
                    *s = product.unwrap_or(Scalar::Number(1.0));
                }
            });
        };
        match &mut definition.body {
            Body::Choice { weight, .. }
            | Body::Best { weight, .. }
            | Body::Evidence { weight, .. }
            | Body::Map(weight) => in_scalar(weight),
            Body::Query { factors, .. } => {
                *factors = factors.iter().flat_map(|f| parts(f).unwrap_or_else(|| vec![f.clone()])).collect();
            }
            Body::Divergence { .. } | Body::Call { .. } => {}
        }
        program.definitions[at] = definition;
    }
    program
}

/// The one returned table, if it is a copy with the same axes, is its source:
/// unless that is kept for other calls.
pub(super) fn returned(mut program: Program) -> Program {
    let [result] = program.returns.as_slice() else { return program };
    let definition = program.definition(*result);
    let Body::Map(Scalar::Element(source)) = &definition.body else { return program };
    let original = program.definition(source.definition);
    let same = source.axes == definition.axes
        && source.axes.iter().collect::<std::collections::BTreeSet<_>>().len() == source.axes.len()
        && original.guard.is_empty()
        && !original.fixed
        && !matches!(original.body, Body::Call { .. });
    if same {
        program.returns = vec![DefinitionId(source.definition.0)];
    }
    super::dead::remove(program)
}
