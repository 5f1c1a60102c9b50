//! Definitions as loop nests that fill a table.

use proc_macro2::{Ident, TokenStream};

use super::{Code, bare};
use crate::tensor::{AxisId, Body, Definition, Rule, Scalar, mentions_any};

impl Code<'_> {
    /// `let table = …;` for one definition.
    pub(super) fn definition(&self, at: usize, definition: &Definition) -> TokenStream {
        let name = self.names.table(at);
        let p = self.private();
        if let Body::Call { which, site, .. } = &definition.body {
            // Not needed means empty, and nobody reads it.
            return code! { let #name = inputs.table(#site, #which); };
        }
        let about = &definition.about;
        let room = self.room(definition);
        let masses = match definition.body {
            Body::Query { keeps_mass: true, .. } => Some(self.names.mass(at)),
            _ => None,
        };
        let filled = |decided: &Definition| self.fill(name, masses, decided);
        let conditions = self.context.is_in_call().then(|| self.conditions(definition));
        let fill = self.assuming(conditions, || self.decided(definition, 0, &filled));
        let masses = masses.map(|masses| code! { let mut #masses = ::std::vec::Vec::<f64>::new(); });
        if definition.guard.is_empty() {
            return code! { #masses #[doc = #about] let mut #name = #room; #fill };
        }
        let condition = self.condition(&definition.guard);
        code! {
            #masses
            #[doc = #about]
            let mut #name = #p::nothing();
            if #condition { #name = #room; #fill }
        }
    }

    /// An empty table with room for all cells, checked against the limit.
    fn room(&self, definition: &Definition) -> TokenStream {
        let p = self.private();
        let model = self.program.name.as_str();
        let sizes = definition.axes.iter().map(|axis| {
            let (label, count) = (&self.program.axes[axis.0].label, self.length(*axis));
            code! { (#label, #count) }
        });
        code! { #p::room(#model, &[#(#sizes),*])? }
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
                let cell = code! {
                    let mut masses = ::std::vec::Vec::<f64>::new();
                    let mut others = ::std::vec::Vec::<f64>::new();
                    #loops
                    #name.push(#p::divergence(&masses, &others));
                };
                self.nest(axes, cell)
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
            let factors = self.cells(name, own, &|| part(false));
            let logits = Ident::new("exponents", proc_macro2::Span::mixed_site());
            let logits = self.cells(&logits, own, &|| part(true));
            let row = code! {
                exponents.clear();
                let start = #name.len();
                #factors
                #logits
                #p::softmax(&mut #name[start..], &exponents).map_err(#bad)?;
            };
            let loops = self.nest(given, row);
            return code! { let mut exponents = ::std::vec::Vec::new(); #loops };
        }
        let row = match (rule, weight) {
            (Rule::Proportional, weight) if Self::is_scaled(weight) => {
                let scaled = bare(self.scaled(weight));
                let loops = self.nest(own, code! { row.push(#scaled); });
                let row = code! {
                    row.clear();
                    #loops
                    #name.extend_from_slice(&#p::normalize_scaled(&row).map_err(#bad)?);
                };
                let loops = self.nest(given, row);
                return code! { let mut row = ::std::vec::Vec::new(); #loops };
            }
            (rule, weight) => {
                let loops = self.cells(name, own, &|| bare(self.real(weight)));
                let kernel = match rule {
                    Rule::Proportional => code!(normalize),
                    Rule::Maximize => code!(maximize),
                    Rule::Minimize => code!(minimize),
                };
                code! { let start = #name.len(); #loops #p::#kernel(&mut #name[start..]).map_err(#bad)?; }
            }
        };
        self.nest(given, row)
    }

    fn evidence(
        &self,
        name: &Ident,
        agent: &str,
        known: &[AxisId],
        own: &[AxisId],
        weight: &Scalar,
    ) -> TokenStream {
        let p = self.private();
        let bad = self.bad_weight(agent, "the event observed", known, own);
        let row = if Self::is_scaled(weight) {
            let scaled = bare(self.scaled(weight));
            let loops = self.nest(own, code! { row.push(#scaled); });
            let row = code! {
                row.clear();
                #loops
                #name.extend_from_slice(&#p::unscale(&row).map_err(#bad)?);
            };
            let loops = self.nest(known, row);
            return code! { let mut row = ::std::vec::Vec::new(); #loops };
        } else {
            let loops = self.cells(name, own, &|| bare(self.real(weight)));
            code! { let start = #name.len(); #loops #p::check_weights(&#name[start..]).map_err(#bad)?; }
        };
        self.nest(known, row)
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
