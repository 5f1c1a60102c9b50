//! Queries as loop nests: products of factors, summed.
//!
//! Each factor is multiplied in at the outermost loop at which its axes are
//! known, and what has no mass by then is left out, with all loops inside. A
//! table that is computed once and holds mostly zeros is walked by its rows
//! without them.

use proc_macro2::{Ident, TokenStream};

use super::fused::Then;
use super::{Code, bare};
use crate::tensor::{AxisId, AxisSet, Body, Definition, Factor, Normaliser, Query, Scalar};

impl Code<'_> {
    /// The loops that fill the table of a query.
    pub(super) fn query(
        &self,
        name: &Ident,
        kept: Option<&Ident>,
        definition: &Definition,
        then: Then<'_>,
    ) -> TokenStream {
        let Body::Query { factors, over, query, normaliser, .. } = &definition.body else {
            unreachable!("bug in memo: only queries are summed")
        };
        let pieces = self.scattered(name, definition).or_else(|| self.row_sums(name, definition, then));
        let pieces = pieces.or_else(|| self.dots(name, definition, then));
        if let Some(loops) = pieces {
            return loops;
        }
        let p = self.private();
        let scale = match normaliser {
            Normaliser::Nothing | Normaliser::Own | Normaliser::One => code! { 1.0 },
            Normaliser::By(factor) => self.element(factor),
        };
        let own = matches!(normaliser, Normaliser::Own | Normaliser::One);
        let outer: AxisSet = definition.axes.iter().copied().collect();
        let adds = matches!(query, Query::Sum);
        let sum = |last: &dyn Fn(TokenStream) -> TokenStream| self.sum(factors, over, &outer, adds, last);
        let accumulate = |variable: TokenStream, value: &Scalar| {
            let value = bare(self.real(value));
            sum(&|product| {
                if product.to_string() == "mass" {
                    code! { if mass != 0.0 { #variable.add(mass, #value); } }
                } else {
                    code! { let mass = #product; if mass != 0.0 { #variable.add(mass, #value); } }
                }
            })
        };
        if let (Query::Sum, [], None) = (query, over.as_slice(), kept) {
            return self.cells(name, &definition.axes, &|| self.cell_by_cell(definition), then);
        }
        let mut tables = vec![name];
        tables.extend(kept);
        let needs_masses = matches!(query, Query::Entropy(_));
        let same = self.is_same_everywhere(definition);
        let loops = self.each_cell(&tables, &definition.axes, then, &|cells| {
            let (cell, kept) = (&cells[0], cells.get(1));
            let row = self.row_in_passing(definition);
            let answer = match query {
                Query::Expectation(value) => {
                    let loops = accumulate(code!(mean), value);
                    let answer = if own {
                        code! { mean.value() }
                    } else if value.is_truth() {
                        code! { #p::certain(mean.over(#scale)) }
                    } else {
                        code! { mean.over(#scale) }
                    };
                    let keep = kept.map(|kept| code! { #kept = mean.mass(); });
                    code! { let mut mean = #p::Mean::new(); #loops #cell = #answer; #keep }
                }
                Query::Variance(value) => {
                    let loops = accumulate(code!(moments), value);
                    let answer = if own {
                        code! { moments.variance() }
                    } else {
                        code! { moments.variance_over(#scale) }
                    };
                    let keep = kept.map(|kept| code! { #kept = moments.mass(); });
                    code! { let mut moments = #p::Moments::new(); #loops #cell = #answer; #keep }
                }
                Query::Entropy(_) => {
                    let scale = if own {
                        code! { ::core::option::Option::None }
                    } else {
                        code! { ::core::option::Option::Some(#scale) }
                    };
                    if let Some(row) = self.whole_row(factors, over).filter(|_| kept.is_none()) {
                        code! { #cell = #p::entropy(#row, #scale); }
                    } else {
                        let loops = sum(&|product| code! { masses.push(#product); });
                        let keep = kept.map(|kept| code! { #kept = #p::total(&masses); });
                        code! { masses.clear(); #loops #cell = #p::entropy(&masses, #scale); #keep }
                    }
                }
                Query::Sum => {
                    let loops = sum(&|product| code! { total += #product; });
                    let total = code! { { let mut total = 0.0; #loops total } };
                    match normaliser {
                        Normaliser::By(_) => code! { #cell = #p::ratio(#total, #scale); },
                        _ => code! { #cell = #total; },
                    }
                }
            };
            if same {
                return code! {
                    if let ::core::option::Option::Some(same) = same {
                        #cell = same;
                    } else {
                        #row
                        #answer
                        same = ::core::option::Option::Some(#cell);
                    }
                };
            }
            code! { #row #answer }
        });
        let same = same.then(|| code! { let mut same = ::core::option::Option::None; });
        let masses = (needs_masses && crate::tensor::mentions_any(&loops, &["masses".into()]))
            .then(|| code! { let mut masses = ::std::vec::Vec::<f64>::new(); });
        let loops = code! { #masses #same #loops };
        let rows = self.sparse_rows(factors, &loops);
        code! { #rows #loops }
    }

    /// The loops that fill the table of a query row by row, where each of its cells is
    /// the sum of the products of two rows: one of a table that is computed once, the
    /// next for the next cell, and one that is the same for all cells.
    fn dots(&self, name: &Ident, definition: &Definition, then: Then<'_>) -> Option<TokenStream> {
        let Body::Query { factors, over, query, normaliser, keeps_mass: false, .. } = &definition.body else {
            return None;
        };
        // The mean of what is read from a row under a belief that is another.
        let [first, second] = match (factors.as_slice(), query) {
            ([first, second], Query::Sum) => [first, second],
            ([belief], Query::Expectation(Scalar::Element(value)))
                if self.program.is_sparse(belief) && matches!(normaliser, Normaliser::Nothing) =>
            {
                [belief, value]
            }
            _ => return None,
        };
        let [axis] = over.as_slice() else { return None };
        let (last, outer) = definition.axes.split_last()?;
        let next = |factor: &Factor| {
            let leading = &factor.axes[..factor.axes.len().saturating_sub(1)];
            self.is_kept(factor)
                && leading.last() == Some(last)
                && leading.iter().filter(|axis| *axis == last).count() == 1
        };
        let (table, other) = if next(first) { (first, second) } else { (second, first) };
        let fits = !self.program.is_sparse(other)
            && next(table)
            && table.lies_along(*axis)
            && !other.axes.contains(last);
        if !fits || matches!(normaliser, Normaliser::By(_)) {
            return None;
        }
        let (row, cells) = (self.slice(other, *axis)?, self.row_of(name, outer, &[*last]));
        let dots = if self.program.is_sparse(table) {
            code! { few_dots }
        } else {
            code! { dots }
        };
        let leading = table.axes.len() - 1;
        // All rows at a time, if they are the rows of the table one after the other.
        let all = other.axes.len() == 1 && table.axes[..leading] == definition.axes[..];
        let gone = if all { definition.axes.as_slice() } else { std::slice::from_ref(last) };
        let starts = gone.iter().map(|axis| {
            let (at, (start, _)) = (self.names.at(*axis), self.bounds(*axis));
            code! { let #at = #start; }
        });
        let first = bare(self.index(table, leading));
        let (table, then) = (self.table(table.definition.0), then(None));
        let first = code! { { #(#starts)* #first } };
        if !all {
            let filled = code! { let cells = #cells; #table.#dots(#first, #row, cells); #then };
            return Some(self.nest_table(outer, filled));
        }
        let after = (!then.is_empty()).then(|| self.nest_table(outer, code! { let cells = #cells; #then }));
        Some(code! { #table.#dots(#first, #row, &mut #name[..]); #after })
    }

    /// The numbers of a belief that is a single row of a table.
    fn whole_row(&self, factors: &[Factor], over: &[AxisId]) -> Option<TokenStream> {
        match (factors, over) {
            ([factor], [axis]) => self.slice(factor, *axis),
            _ => None,
        }
    }

    /// `let rows = …;` for the sparse tables that some loops walk.
    pub(super) fn sparse_rows(&self, factors: &[Factor], loops: &TokenStream) -> TokenStream {
        let rows = factors.iter().filter(|f| self.program.is_sparse(f)).map(|factor| {
            let (rows, table) = (self.names.rows(factor.definition.0), self.table(factor.definition.0));
            crate::tensor::mentions_any(loops, &[rows.to_string()])
                .then(|| code! { let #rows = #table.rows(); })
        });
        code! { #(#rows)* }
    }

    /// Loops over `over` around `last`, which gets the product of the factors.
    fn sum(
        &self,
        factors: &[Factor],
        over: &[AxisId],
        outer: &AxisSet,
        adds: bool,
        last: &dyn Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let nest = Nest { code: self, adds, last };
        nest.level(None, factors.to_vec(), over.to_vec(), outer.clone())
    }

    pub(super) fn product(&self, mass: Option<TokenStream>, factors: &[Factor]) -> TokenStream {
        let elements = factors.iter().map(|f| self.element(f));
        let product = mass.into_iter().chain(elements).reduce(|a, b| code! { #a * #b });
        product.unwrap_or_else(|| code! { 1.0 })
    }

    /// Whether a factor is a table of several rows that is computed once.
    fn is_kept(&self, factor: &Factor) -> bool {
        factor.axes.len() > 1 && self.program.definition(factor.definition).fixed
    }
}

/// Loops over what is summed.
pub(super) struct Nest<'c> {
    pub(super) code: &'c Code<'c>,
    /// Whether the products are added up to `total`.
    pub(super) adds: bool,
    /// What is done with the product of the factors.
    pub(super) last: &'c dyn Fn(TokenStream) -> TokenStream,
}

impl Nest<'_> {
    /// The loops over `over`, with `mass` the product of the factors so far.
    pub(super) fn level(
        &self,
        mass: Option<TokenStream>,
        factors: Vec<Factor>,
        over: Vec<AxisId>,
        bound: AxisSet,
    ) -> TokenStream {
        let (complete, open): (Vec<Factor>, Vec<Factor>) =
            factors.into_iter().partition(|f| f.axes.iter().all(|a| bound.contains(a)));
        let Some((axis, sparse)) = self.next(&open, &over, &bound) else {
            return (self.last)(self.code.product(mass, &complete));
        };
        if self.adds
            && sparse.is_none()
            && over.len() == 1
            && let Some(total) = self.dot(mass.as_ref(), &complete, &open, axis)
        {
            return total;
        }
        let multiplied = !complete.is_empty();
        let product = (multiplied || mass.is_some()).then(|| self.code.product(mass, &complete));
        let rest: Vec<AxisId> = over.into_iter().filter(|a| *a != axis).collect();
        let mut inside = bound;
        inside.insert(axis);
        let at = self.code.names.at(axis);
        let known = product.as_ref().map(|_| code! { mass });
        let loops = match sparse {
            Some(factor) => {
                let entry = match &known {
                    Some(mass) => code! { #mass * chance },
                    None => code! { chance },
                };
                let open = open.into_iter().filter(|f| *f != factor).collect();
                let inner = self.level(Some(code! { mass }), open, rest, inside);
                let bind = self.code.bind(axis, &inner);
                let rows = self.code.names.rows(factor.definition.0);
                let row = self.code.index(&factor, factor.axes.len() - 1);
                code! {
                    for &(#at, chance) in #rows.row(#row) {
                        let #at = #at as usize;
                        let mass = #entry;
                        #bind
                        #inner
                    }
                }
            }
            None => {
                let count = self.code.length(axis);
                let inner = self.level(known, open, rest, inside);
                let bind = self.code.bind(axis, &inner);
                code! { for #at in 0..#count { #bind #inner } }
            }
        };
        match product {
            Some(product) if multiplied => code! { let mass = #product; if mass != 0.0 { #loops } },
            _ => loops,
        }
    }

    /// The last loop of a sum as a product of rows.
    fn dot(
        &self,
        mass: Option<&TokenStream>,
        complete: &[Factor],
        open: &[Factor],
        axis: AxisId,
    ) -> Option<TokenStream> {
        let p = self.code.private();
        let rows: Option<Vec<TokenStream>> = open.iter().map(|f| self.code.slice(f, axis)).collect();
        let rows = rows?;
        let kept = open.iter().position(|f| self.code.is_kept(f));
        let dot = match rows.as_slice() {
            [a, b] if kept.is_some() => {
                let at = kept.unwrap_or_default();
                let (factor, other) = (&open[at], if at == 0 { b } else { a });
                let (table, row) = (
                    self.code.table(factor.definition.0),
                    bare(self.code.index(factor, factor.axes.len() - 1)),
                );
                code! { #table.dot(#row, #other) }
            }
            [a] => code! { #p::total(#a) },
            [a, b] => code! { #p::dot(#a, #b) },
            [a, b, c] => code! { #p::dot3(#a, #b, #c) },
            _ => return None,
        };
        if mass.is_none() && complete.is_empty() {
            return Some(code! { total += #dot; });
        }
        let product = self.code.product(mass.cloned(), complete);
        Some(code! { let mass = #product; if mass != 0.0 { total += mass * #dot; } })
    }

    /// The next axis to loop over, with the sparse factor that leads along it
    /// if there is one.
    fn next(&self, open: &[Factor], over: &[AxisId], bound: &AxisSet) -> Option<(AxisId, Option<Factor>)> {
        let led = over.iter().find_map(|axis| {
            let leads = |factor: &&Factor| {
                let Some((last, before)) = factor.axes.split_last() else { return false };
                last == axis
                    && before.iter().all(|a| bound.contains(a))
                    && self.code.program.is_sparse(factor)
            };
            open.iter().find(leads).map(|factor| (*axis, Some(factor.clone())))
        });
        led.or_else(|| over.first().map(|axis| (*axis, None)))
    }
}
