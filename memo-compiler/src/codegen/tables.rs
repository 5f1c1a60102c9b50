//! Definitions as loop nests that fill a table.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;

use super::units::Kind;
use super::{Code, bare};
use crate::tensor::{AxisId, Body, Definition, Rule, Scalar, mentions_any};

impl Code<'_> {
    /// `let table = …;` for one definition: `own` says that it has memory of
    /// its own, `guard` is the variable that says whether it is needed.
    pub(super) fn definition(
        &self,
        at: usize,
        definition: &Definition,
        kind: Kind,
        own: bool,
        guard: Option<&Ident>,
    ) -> TokenStream {
        let p = self.private();
        let (about, size) = (&definition.about, self.names.size(at));
        let tables = self.tables_of(at);
        let name = self.names.table(at);
        let masses = definition.keeps_mass().then(|| self.names.mass(at));
        let filled = |decided: &Definition| self.fill(name, masses, decided);
        let conditions = self.context.is_in_call().then(|| self.conditions(definition));
        let fill = self.assuming(conditions, || self.decided(definition, 0, &filled));
        let fill = match guard {
            Some(guard) => code! { if #guard { #fill } },
            None => fill,
        };
        let made = tables.iter().map(|(table, _)| {
            if own {
                code! { #[doc = #about] let mut #table = #p::cells(#size); }
            } else {
                code! { #[doc = #about] let #table = #p::part(&mut rest, #size); }
            }
        });
        let done = tables.iter().map(|(table, row)| match kind {
            Kind::Fixed => code! { let #table = #p::FixedTable::new(#table, #row); },
            Kind::Call if own => TokenStream::new(),
            Kind::Call => code! { let #table = &*#table; },
        });
        code! { #(#made)* #fill #(#done)* }
    }

    /// How many cells there are over some axes.
    fn count(&self, axes: &[AxisId]) -> TokenStream {
        let count = axes.iter().map(|axis| self.length(*axis).to_token_stream());
        count.reduce(|a, b| code! { #a * #b }).unwrap_or_else(|| code! { 1 })
    }

    /// The row-major place along some axes.
    pub(super) fn place(&self, axes: &[AxisId]) -> TokenStream {
        let mut place: Option<TokenStream> = None;
        for axis in axes {
            let (at, count) = (self.names.at(*axis), self.length(*axis));
            place = Some(match place {
                None => at.to_token_stream(),
                Some(place) => code! { (#place * #count + #at) },
            });
        }
        place.map_or_else(|| code! { 0 }, bare)
    }

    /// The cells of a table over the axes that follow the given ones.
    pub(super) fn row_of(&self, name: &Ident, given: &[AxisId], own: &[AxisId]) -> TokenStream {
        if given.is_empty() {
            return code! { &mut #name[..] };
        }
        let p = self.private();
        let (place, count) = (self.place(given), self.count(own));
        let start = if own.is_empty() {
            place
        } else {
            code! { (#place) * (#count) }
        };
        code! { #p::row_mut(&mut #name[..], #start, #count) }
    }

    /// Loops over all cells of a table, each at hand as an expression that can
    /// be written to.
    pub(super) fn each_cell(
        &self,
        tables: &[&Ident],
        axes: &[AxisId],
        inner: &dyn Fn(&[TokenStream]) -> TokenStream,
    ) -> TokenStream {
        let Some((last, outer)) = axes.split_last() else {
            let cells: Vec<TokenStream> = tables.iter().map(|table| code! { #table[0] }).collect();
            return inner(&cells);
        };
        let names = ["cells", "kept"].map(|name| Ident::new(name, Span::mixed_site()));
        let rows = tables.iter().zip(&names).map(|(table, name)| {
            let row = self.row_of(table, outer, &[*last]);
            code! { let #name = #row; }
        });
        let at = self.names.at(*last);
        let cells: Vec<TokenStream> = tables.iter().zip(&names).map(|(_, row)| code! { #row[#at] }).collect();
        let row = self.nest(&[*last], inner(&cells));
        self.nest(outer, code! { #(#rows)* #row })
    }

    fn fill(&self, name: &Ident, masses: Option<&Ident>, definition: &Definition) -> TokenStream {
        let p = self.private();
        let axes = &definition.axes;
        match &definition.body {
            Body::Map(value) => self.cells(name, axes, &|| bare(self.real(value))),
            Body::Evidence { weight, agent, given, .. } => {
                let (known, own) = axes.split_at(*given);
                self.evidence(name, agent, known, own, weight)
            }
            Body::Choice { over, weight, rule, agent, choice } => {
                let (given, own) = axes.split_at(axes.len() - over);
                self.choice(name, agent, choice, given, own, weight, *rule)
            }
            Body::Query { .. } => self.query(name, masses, definition),
            Body::Divergence { p: first, q: second, over } => {
                let (first, second) = (self.element(first), self.element(second));
                let inner = code! { masses.push(#first); others.push(#second); };
                let loops = self.nest(&[*over], inner);
                let cells = self.each_cell(&[name], axes, &|cell| {
                    code! {
                        masses.clear();
                        others.clear();
                        #loops
                        #(#cell)* = #p::divergence(&masses, &others);
                    }
                });
                code! {
                    let mut masses = ::std::vec::Vec::<f64>::new();
                    let mut others = ::std::vec::Vec::<f64>::new();
                    #cells
                }
            }
            Body::Call { .. } => unreachable!("bug in memo: a call is not filled"),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one choice")]
    fn choice(
        &self,
        name: &Ident,
        agent: &str,
        choice: &str,
        given: &[AxisId],
        own: &[AxisId],
        weight: &Scalar,
        rule: Rule,
    ) -> TokenStream {
        let p = self.private();
        let bad = self.bad_weight(agent, choice, given, own);
        if rule == Rule::Proportional && Self::is_scaled(weight) && self.weighted(weight).is_some() {
            let part = |second: bool| {
                let parts = self.weighted(weight).map(|(f, e)| bare(if second { e } else { f }));
                parts.unwrap_or_default()
            };
            let row = Ident::new("row", Span::mixed_site());
            let logits = Ident::new("exponents", Span::mixed_site());
            let factors = self.cells(&row, own, &|| part(false));
            let logits = self.cells(&logits, own, &|| part(true));
            let (cells, count) = (self.row_of(name, given, own), self.count(own));
            let row = code! {
                let row = #cells;
                #factors
                #logits
                #p::softmax(row, exponents).map_err(#bad)?;
            };
            let loops = self.nest(given, row);
            let exponents = if self.context.is_in_call() {
                code! { #p::part(&mut rest, #count) }
            } else {
                code! { &mut #p::cells(#count)[..] }
            };
            return code! { let exponents = #exponents; #loops };
        }
        if rule == Rule::Proportional && Self::is_scaled(weight) {
            return self.scaled_rows(name, given, own, weight, &code!(normalize_scaled), &bad);
        }
        let kernel = match rule {
            Rule::Proportional => code!(normalize),
            Rule::Maximize => code!(maximize),
            Rule::Minimize => code!(minimize),
        };
        self.plain_rows(name, given, own, weight, &kernel, &bad)
    }

    /// Rows of weights, each treated by a kernel.
    fn plain_rows(
        &self,
        name: &Ident,
        given: &[AxisId],
        own: &[AxisId],
        weight: &Scalar,
        kernel: &TokenStream,
        bad: &TokenStream,
    ) -> TokenStream {
        let p = self.private();
        let row = Ident::new("row", Span::mixed_site());
        let (cells, loops) =
            (self.row_of(name, given, own), self.cells(&row, own, &|| bare(self.real(weight))));
        self.nest(given, code! { let row = #cells; #loops #p::#kernel(row).map_err(#bad)?; })
    }

    /// The same for weights whose exponentials may be out of range.
    fn scaled_rows(
        &self,
        name: &Ident,
        given: &[AxisId],
        own: &[AxisId],
        weight: &Scalar,
        kernel: &TokenStream,
        bad: &TokenStream,
    ) -> TokenStream {
        let p = self.private();
        let scaled = bare(self.scaled(weight));
        let loops = self.nest(own, code! { row.push(#scaled); });
        let cells = self.row_of(name, given, own);
        let row = code! {
            row.clear();
            #loops
            (#cells).copy_from_slice(&#p::#kernel(&row).map_err(#bad)?);
        };
        let loops = self.nest(given, row);
        code! { let mut row = ::std::vec::Vec::new(); #loops }
    }

    fn evidence(
        &self,
        name: &Ident,
        agent: &str,
        known: &[AxisId],
        own: &[AxisId],
        weight: &Scalar,
    ) -> TokenStream {
        let bad = self.bad_weight(agent, "the event observed", known, own);
        if Self::is_scaled(weight) {
            self.scaled_rows(name, known, own, weight, &code!(unscale), &bad)
        } else {
            self.plain_rows(name, known, own, weight, &code!(check_weights), &bad)
        }
    }

    /// The closure that turns a bad place in a row into an error that names
    /// the cell.
    fn bad_weight(&self, agent: &str, choice: &str, given: &[AxisId], own: &[AxisId]) -> TokenStream {
        let p = self.private();
        let model = self.program.name.as_str();
        let place =
            |axis: &AxisId| (&self.program.axes[axis.0].label, self.domain_of(*axis), self.names.at(*axis));
        let given = given.iter().map(|axis| {
            let (label, domain, at) = place(axis);
            code! { (#label, &#domain, #at) }
        });
        let own = own.iter().map(|axis| {
            let (label, domain, _) = place(axis);
            code! { (#label, &#domain) }
        });
        code! { |bad| #p::bad_weight(#model, #agent, #choice, bad, &[#(#given),*], &[#(#own),*]) }
    }

    /// Loops over axes around some code; values are bound where they are used.
    pub(super) fn nest(&self, axes: &[AxisId], inner: TokenStream) -> TokenStream {
        axes.iter().rev().fold(inner, |inner, axis| {
            let count = self.length(*axis);
            let (bind, at) = (self.bind(*axis, &inner), self.names.at(*axis));
            code! { for #at in 0..#count { #bind #inner } }
        })
    }

    /// `let value = …;` for the value of an axis, if it is mentioned.
    pub(super) fn bind(&self, axis: AxisId, inner: &TokenStream) -> Option<TokenStream> {
        let p = self.private();
        let domain = self.domain_of(axis);
        let (value, at) = (self.names.value(axis), self.names.at(axis));
        let mentioned = mentions_any(inner, &[value.to_string()]);
        mentioned.then(|| code! { let #value = #p::Domain::value(&#domain, #at); })
    }
}
