//! Which axis the innermost loop of a definition runs along: what is read and
//! written should lie along it.

use super::{AxisId, Body, Definition, Factor, Normaliser, Program, Query, Rule, Scalar};

impl Factor {
    /// Whether the numbers that it reads along an axis lie side by side.
    #[must_use]
    pub fn lies_along(&self, axis: AxisId) -> bool {
        match self.axes.split_last() {
            Some((last, leading)) => *last == axis && !leading.contains(&axis),
            None => false,
        }
    }
}

/// How the innermost loop of a sum, or of the search for the best, goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Innermost {
    /// Along an axis that is summed over.
    Summed(AxisId),
    /// Along the last axis of the table: whole rows are added up.
    Row(AxisId),
}

impl Program {
    /// Whether a factor is a table, computed once, of which most numbers are
    /// likely to be 0: weights that are conditions or a function's results.
    #[must_use]
    pub fn is_sparse(&self, factor: &Factor) -> bool {
        let definition = self.definition(factor.definition);
        // Rows that stand upright are not gone along.
        let Body::Choice { weight, rule: Rule::Proportional, across: false, .. } = &definition.body else {
            return false;
        };
        definition.fixed && weight.is_often_zero()
    }

    /// Whether all numbers of a table are finite and none is negative: then a
    /// product with a 0 is 0, and no weight is to be refused.
    #[must_use]
    pub fn is_chance(&self, factor: &Factor) -> bool {
        match &self.definition(factor.definition).body {
            Body::Choice { .. } => true,
            Body::Query { factors, query: Query::Sum, normaliser: Normaliser::Nothing, .. } => {
                factors.iter().all(|factor| self.is_chance(factor))
            }
            _ => false,
        }
    }
}

impl Definition {
    /// The innermost loop of a query that sums over some axis, or of what the
    /// best choice is worth.
    ///
    /// Rows are added up where the factors of a sum do not all lie along the
    /// last axis that is summed over or one of them has few numbers along it, and
    /// where an expectation has a value that changes along the row.
    #[must_use]
    pub fn innermost_of_sum(&self, program: &Program) -> Option<Innermost> {
        if let Body::Best { over, .. } = &self.body {
            let row = self.axes.last().copied().filter(|row| {
                let elements = self.body.references();
                let mut met = elements.iter().filter(|f| f.axes.contains(over));
                !met.all(|f| f.lies_along(*over)) && elements.iter().any(|f| f.axes.contains(row))
            });
            return Some(row.map_or(Innermost::Summed(*over), Innermost::Row));
        }
        let Body::Query { factors, over, query, keeps_mass, .. } = &self.body else { return None };
        let summed = *over.last()?;
        let Some(row) = self.axes.last().copied().filter(|_| !keeps_mass) else {
            return Some(Innermost::Summed(summed));
        };
        let rows = match query {
            Query::Sum => {
                let mut met = factors.iter().filter(|f| f.axes.contains(&summed));
                !met.all(|f| f.lies_along(summed) && !program.is_sparse(f))
                    && factors.iter().any(|f| f.axes.contains(&row))
            }
            Query::Expectation(value) => value.axes().contains(&row),
            Query::Variance(_) | Query::Entropy(_) => false,
        };
        Some(if rows { Innermost::Row(row) } else { Innermost::Summed(summed) })
    }

    /// The axis of the innermost loop.
    #[must_use]
    pub fn innermost(&self, program: &Program) -> Option<AxisId> {
        match self.innermost_of_sum(program) {
            Some(Innermost::Summed(axis) | Innermost::Row(axis)) => Some(axis),
            None => self.axes.last().copied(),
        }
    }

    /// The axis of a query's rows, if they are added up as wholes and all that
    /// is read lies along them; then what its factors hold for each cell comes
    /// first, and what is one number a row second.
    #[must_use]
    pub fn added_rows(&self, program: &Program) -> Option<(AxisId, Vec<Factor>, Vec<Factor>)> {
        let Some(Innermost::Row(row)) = self.innermost_of_sum(program) else { return None };
        let Body::Query { factors, query, normaliser, .. } = &self.body else { return None };
        let (along, single): (Vec<Factor>, Vec<Factor>) =
            factors.iter().cloned().partition(|f| f.axes.contains(&row));
        let mut lie = along.iter().all(|f| f.lies_along(row));
        if let Query::Expectation(value) = query {
            // The mass of a mean is one number for the whole row.
            let own = matches!(normaliser, Normaliser::Own | Normaliser::One);
            lie &= !own || along.is_empty();
            value.walk(&mut |scalar| {
                if let Scalar::Element(factor) = scalar {
                    lie &= factor.lies_along(row) || !factor.axes.contains(&row);
                }
            });
        }
        lie.then_some((row, along, single))
    }
}
