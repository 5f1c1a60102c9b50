//! Decisions: who takes the likeliest need not know how likely it is. The best of
//! normalised weights is the best of the weights, and a posterior that nothing
//! else is asked of is not computed.

use super::without;
use crate::tensor::{Body, DefinitionId, Program, Rule, Scalar};

/// Lets choices of the best read weights where they read what these are
/// normalised to, and removes that.
pub(super) fn decide(mut program: Program) -> Program {
    let readers = program.readers();
    let mut gone = vec![false; program.definitions.len()];
    for at in 0..program.definitions.len() {
        if let Some((source, product)) = unscaled(&program, &readers, at)
            && let Body::Choice { weight, .. } = &mut program.definitions[at].body
        {
            gone[source.0] = true;
            *weight = product;
        }
    }
    without(program, &gone)
}

/// The weights of what a choice of the best reads, if it alone reads that, and row
/// by row. They are chances: none of them is to be refused.
fn unscaled(program: &Program, readers: &[usize], at: usize) -> Option<(DefinitionId, Scalar)> {
    let definition = &program.definitions[at];
    let Body::Choice { over: 1, rule: Rule::Maximize | Rule::Minimize, weight, .. } = &definition.body else {
        return None;
    };
    let Scalar::Element(read) = weight else { return None };
    let source = program.definition(read.definition);
    let Body::Choice { over: 1, rule: Rule::Proportional, weight, .. } = &source.body else { return None };
    let row = definition.split().1[0];
    if readers[read.definition.0] != 1
        || !read.lies_along(row)
        || source.split().1 != source.axes[source.axes.len() - 1..]
    {
        return None;
    }
    let mut factors = Vec::new();
    if !weight.elements_of_product(&mut factors) || !factors.iter().all(|factor| program.is_chance(factor)) {
        return None;
    }
    let mut product = weight.clone();
    product.walk_mut(&mut |scalar| {
        if let Scalar::Element(factor) = scalar {
            *factor = factor.through(&source.axes, read);
        }
    });
    Some((read.definition, product))
}
