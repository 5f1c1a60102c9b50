//! What a call costs, counted on the compiled plan.
//!
//! Every operator, function call, comparison and table look-up in a loop
//! counts one floating-point operation a cell, as do the product and the sum
//! of a query and the division of a normalised row. Bytes are those of the
//! tables that are filled, 8 a cell. The size of the program is the number of
//! nodes of its definitions.

use proc_macro2::TokenStream;

use super::Code;
use crate::tensor::{Body, Definition, Query, Scalar};

impl Code<'_> {
    pub(super) fn cost(&self) -> TokenStream {
        let k = &self.krate;
        let domains = self.domains(&|_| true);
        let size: u64 = self.program.definitions.iter().map(nodes).sum();
        let parts = self.program.definitions.iter().filter_map(|definition| {
            if matches!(definition.body, Body::Call { .. }) {
                return None;
            }
            let per_cell = operations(definition);
            let loops = definition.loop_axes();
            let cells = self.count_of(loops.iter().copied());
            let stored = self.count_of(definition.axes.iter().copied());
            let code = code! {
                cost.flops = cost.flops.saturating_add(#per_cell * #cells);
                cost.bytes = cost.bytes.saturating_add(8 * #stored);
            };
            Some(self.guarded(definition, code))
        });
        code! {
            #domains
            let mut cost = #k::Cost { flops: 0, bytes: 0, program_size: #size };
            #(#parts)*
            ::core::result::Result::Ok(cost)
        }
    }

    fn count_of(&self, axes: impl Iterator<Item = crate::tensor::AxisId>) -> TokenStream {
        let counts = axes.map(|axis| {
            let count = self.length(axis);
            code! { #count as u64 }
        });
        let product = counts.reduce(|a, b| code! { #a * (#b) });
        product.map_or_else(|| code! { 1u64 }, |product| code! { (#product) })
    }
}

/// Operations of one cell of the innermost loop.
pub(super) fn operations(definition: &Definition) -> u64 {
    let work: u64 = definition.body.scalars().into_iter().map(scalar_operations).sum();
    work + match &definition.body {
        Body::Choice { .. } => 2,
        Body::Query { factors, query, .. } => {
            factors.len() as u64
                + match query {
                    Query::Sum => 1,
                    Query::Expectation(_) => 2,
                    Query::Entropy(_) => 3,
                    Query::Variance(_) => 5,
                }
        }
        Body::Divergence { .. } => 7,
        Body::Best { .. } => 2,
        Body::Evidence { .. } | Body::Map(_) | Body::Call { .. } => 0,
    }
}

fn scalar_operations(scalar: &Scalar) -> u64 {
    let mut count = 0;
    scalar.walk(&mut |s| {
        count += u64::from(!matches!(
            s,
            Scalar::Number(_)
                | Scalar::Bool(_)
                | Scalar::Parameter(..)
                | Scalar::Axis(..)
                | Scalar::Path(_)
                | Scalar::Rust(_)
        ));
    });
    count
}

fn nodes(definition: &Definition) -> u64 {
    let mut count = 1 + definition.references().len() as u64;
    for scalar in definition.body.scalars() {
        scalar.walk(&mut |_| count += 1);
    }
    count
}
