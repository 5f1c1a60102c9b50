//! What the cells of a returned table rest on directly, outside any sum: where
//! that is impossible, so is the cell.

use super::Analysis;
use crate::tensor::{Body, Evidence, Factor, Normaliser, Query, Rule, Scalar};

impl Analysis<'_> {
    /// Notes what the value of a returned table rests on.
    pub(super) fn rest(&mut self, returned: usize, value: &Scalar) {
        let mut read = Vec::new();
        value.walk(&mut |scalar| {
            if let Scalar::Element(factor) = scalar {
                read.push(factor.clone());
            }
        });
        for factor in read {
            self.rest_on(returned, factor);
        }
    }

    fn rest_on(&mut self, returned: usize, factor: Factor) {
        let definition = self.program.definition(factor.definition);
        let evidence = |factor, row, of_mass| Evidence { returned, factor, row, of_mass };
        let mut inner = Vec::new();
        let found = match &definition.body {
            Body::Choice { over, weight, rule: Rule::Proportional, .. } => {
                let over = *over;
                (!self.is_positive(weight)).then(|| evidence(factor, over, false))
            }
            Body::Call { .. } => Some(evidence(factor, 0, false)),
            Body::Query { normaliser: Normaliser::By(mass), .. } => self
                .may_be_impossible
                .contains(&factor.definition)
                .then(|| evidence(mass.through(&definition.axes, &factor), 0, false)),
            Body::Query { normaliser: Normaliser::Own, .. }
                if self.may_be_impossible.contains(&factor.definition) =>
            {
                if let Body::Query { keeps_mass, .. } =
                    &mut self.program.definitions[factor.definition.0].body
                {
                    *keeps_mass = true;
                }
                Some(evidence(factor, 0, true))
            }
            Body::Query { factors, over, query: Query::Sum, normaliser: Normaliser::Nothing, .. }
                if over.is_empty() =>
            {
                inner.extend(factors.iter().map(|f| f.through(&definition.axes, &factor)));
                None
            }
            Body::Divergence { p, q, .. } => {
                inner.extend([p, q].map(|f| f.through(&definition.axes, &factor)));
                None
            }
            _ => None,
        };
        self.program.evidence.extend(found);
        for factor in inner {
            self.rest_on(returned, factor);
        }
    }
}
