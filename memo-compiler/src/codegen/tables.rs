//! Definitions as loop nests that fill a table.

use proc_macro2::{Ident, TokenStream};

use super::{Code, bare};
use crate::tensor::{AxisId, AxisSet, Body, Definition, Factor, Normaliser, Query, Rule, Scalar};

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
        let fill = self.fill(name, masses, definition);
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
            let axis = &self.program.axes[axis.0];
            let (label, (_, count)) = (&axis.label, self.names.domain(axis.domain.0));
            code! { (#label, #count) }
        });
        code! { #p::room(#model, &[#(#sizes),*])? }
    }

    fn fill(&self, name: &Ident, masses: Option<&Ident>, definition: &Definition) -> TokenStream {
        let p = self.private();
        let axes = &definition.axes;
        match &definition.body {
            Body::Map(value) => {
                let real = bare(self.real(value));
                self.nest(axes, code! { #name.push(#real); })
            }
            Body::Evidence { weight, agent, given, .. } => {
                let (known, own) = axes.split_at(*given);
                self.evidence(name, agent, known, own, weight)
            }
            Body::Choice { over, weight, rule, agent, choice } => {
                let (given, own) = axes.split_at(axes.len() - over);
                self.choice(name, agent, choice, given, own, weight, *rule)
            }
            Body::Query { factors, over, query, normaliser, .. } => {
                let cell = self.query(name, masses, factors, over, query, normaliser);
                self.nest(axes, cell)
            }
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
        let row = match (rule, weight) {
            (Rule::Proportional, Scalar::BuiltIn("exp", arguments)) => {
                let exponent = bare(self.real(&arguments[0]));
                let loops = self.nest(own, code! { #name.push(#exponent); });
                code! { let start = #name.len(); #loops #p::softmax(&mut #name[start..]).map_err(#bad)?; }
            }
            (Rule::Proportional, weight) if Self::is_scaled(weight) => {
                let scaled = bare(self.scaled(weight));
                let loops = self.nest(own, code! { row.push(#scaled); });
                code! {
                    let mut row = ::std::vec::Vec::new();
                    #loops
                    #name.extend_from_slice(&#p::normalize_scaled(&row).map_err(#bad)?);
                }
            }
            (rule, weight) => {
                let real = bare(self.real(weight));
                let loops = self.nest(own, code! { #name.push(#real); });
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
            code! {
                let mut row = ::std::vec::Vec::new();
                #loops
                #name.extend_from_slice(&#p::unscale(&row).map_err(#bad)?);
            }
        } else {
            let real = bare(self.real(weight));
            let loops = self.nest(own, code! { #name.push(#real); });
            code! { let start = #name.len(); #loops #p::check_weights(&#name[start..]).map_err(#bad)?; }
        };
        self.nest(known, row)
    }

    /// The closure that turns a bad place in a row into an error that names
    /// the cell.
    fn bad_weight(&self, agent: &str, choice: &str, given: &[AxisId], own: &[AxisId]) -> TokenStream {
        let p = self.private();
        let model = self.program.name.as_str();
        let place = |axis: &AxisId| {
            let info = &self.program.axes[axis.0];
            (&info.label, self.names.domain(info.domain.0).0, self.names.at(*axis))
        };
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

    fn query(
        &self,
        name: &Ident,
        kept: Option<&Ident>,
        factors: &[Factor],
        over: &[AxisId],
        query: &Query,
        normaliser: &Normaliser,
    ) -> TokenStream {
        let p = self.private();
        let product = self.product(factors);
        let scale = match normaliser {
            Normaliser::Nothing => code! { 1.0 },
            Normaliser::Own => TokenStream::new(),
            Normaliser::By(factor) => self.element(factor),
        };
        let own = matches!(normaliser, Normaliser::Own);
        let accumulate = |variable: TokenStream, value: &Scalar| {
            let value = bare(self.real(value));
            code! { let mass = #product; if mass != 0.0 { #variable.add(mass, #value); } }
        };
        match query {
            Query::Expectation(value) => {
                let loops = self.nest(over, accumulate(code!(mean), value));
                let answer = if own {
                    code! { mean.value() }
                } else {
                    code! { mean.over(#scale) }
                };
                let keep = kept.map(|kept| code! { #kept.push(mean.mass()); });
                code! { let mut mean = #p::Mean::new(); #loops #name.push(#answer); #keep }
            }
            Query::Variance(value) => {
                let loops = self.nest(over, accumulate(code!(moments), value));
                let answer = if own {
                    code! { moments.variance() }
                } else {
                    code! { moments.variance_over(#scale) }
                };
                let keep = kept.map(|kept| code! { #kept.push(moments.mass()); });
                code! { let mut moments = #p::Moments::new(); #loops #name.push(#answer); #keep }
            }
            Query::Entropy(_) => {
                let loops = self.nest(over, code! { masses.push(#product); });
                let keep = kept.map(|kept| code! { #kept.push(#p::total(&masses)); });
                let scale = if own {
                    code! { ::core::option::Option::None }
                } else {
                    code! { ::core::option::Option::Some(#scale) }
                };
                code! {
                    let mut masses = ::std::vec::Vec::<f64>::new();
                    #loops
                    #name.push(#p::entropy(&masses, #scale));
                    #keep
                }
            }
            Query::Sum => {
                let total = if over.is_empty() {
                    product
                } else {
                    let loops = self.nest(over, code! { total += #product; });
                    code! { { let mut total = 0.0; #loops total } }
                };
                match normaliser {
                    Normaliser::By(_) => code! { #name.push(#p::ratio(#total, #scale)); },
                    Normaliser::Nothing | Normaliser::Own => code! { #name.push(#total); },
                }
            }
        }
    }

    fn product(&self, factors: &[Factor]) -> TokenStream {
        let product = factors.iter().map(|f| self.element(f)).reduce(|a, b| code! { #a * #b });
        product.unwrap_or_else(|| code! { 1.0 })
    }

    /// Loops over axes around some code; values are bound where they are used.
    pub(super) fn nest(&self, axes: &[AxisId], inner: TokenStream) -> TokenStream {
        let p = self.private();
        axes.iter().rev().fold(inner, |inner, axis| {
            let info = &self.program.axes[axis.0];
            let (domain, count) = self.names.domain(info.domain.0);
            let (value, at) = (self.names.value(*axis), self.names.at(*axis));
            let bind = mentions(&inner, &value.to_string())
                .then(|| code! { let #value = #p::Domain::value(&#domain, #at); });
            code! { for #at in 0..#count { #bind #inner } }
        })
    }
}

fn mentions(tokens: &TokenStream, word: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        proc_macro2::TokenTree::Ident(ident) => ident == word,
        proc_macro2::TokenTree::Group(group) => mentions(&group.stream(), word),
        _ => false,
    })
}

/// The axes that a definition's loops run over, for its cost.
pub(super) fn loop_axes(definition: &Definition) -> AxisSet {
    let mut axes: AxisSet = definition.axes.iter().copied().collect();
    match &definition.body {
        Body::Query { over, .. } => axes.extend(over),
        Body::Divergence { over, .. } => {
            axes.insert(*over);
        }
        _ => {}
    }
    axes
}
