//! Definitions as loops that fill small tables.

use proc_macro2::{Ident, Literal, Span, TokenStream};

use super::super::bare;
use super::Way;
use super::numbers::Number;
use crate::tensor::{AxisId, Body, Definition, Normaliser, Query, Rule, Scalar};

impl Way<'_> {
    /// `let table = …;`, and that of the masses that it keeps.
    pub(super) fn definition(&self, at: usize) -> TokenStream {
        let code = self.code;
        let definition = &code.program.definitions[at];
        let (table, p) = (code.names.table(at), code.private());
        let is_returned = code.program.returns[0].0 == at;
        let made = if let Body::Call { path, arguments, .. } = &definition.body {
            self.still.set(false);
            self.call(table, definition, path, arguments)
        } else {
            let work = |decided: &Definition| self.filled(at, decided);
            code.assuming(Some(Vec::new()), || code.decided(definition, 0, &work))
        };
        let (count, directions) = (self.count(&definition.axes), Self::directions());
        let moves = self.activity.of_definition(at) || matches!(definition.body, Body::Call { .. });
        let directions = if moves {
            code! { #directions }
        } else {
            code! { 0 }
        };
        let mut tables = if is_returned { Vec::new() } else { vec![table] };
        tables.extend(definition.keeps_mass().then(|| code.names.mass(at)));
        let new = code! { #(let mut #tables = #p::Small::<#directions, { Self::__SMALL }>::new(0);)* };
        let made = code! { #(#tables.extend_to(#count);)* #made };
        let made = code.guarded(definition, made);
        code! { #new #made }
    }

    /// The table of a call of the model itself.
    fn call(
        &self,
        table: &Ident,
        definition: &Definition,
        path: &syn::Path,
        arguments: &[Scalar],
    ) -> TokenStream {
        let (code, p) = (self.code, self.code.private());
        let arguments = arguments.iter().enumerate().map(|(at, argument)| {
            if self.takes_moving(at) { self.moved(argument) } else { code.argument(argument, path) }
        });
        let (directions, callee) = (Self::directions(), crate::tensor::path_text(path));
        let ours = definition.axes.iter().map(|axis| {
            let domain = code.domain_of(*axis);
            code! { ::core::clone::Clone::clone(&#domain), }
        });
        code! {
            #p::same_axes(#callee, #callee, &Self::__axes()?, &(#(#ours)*))?;
            let mut marks = ::core::option::Option::None;
            #path::__small::<#directions>(below, #p::Out::Table(&mut #table), &mut marks, #(#arguments),*)?;
            if marks.is_some() {
                return ::core::result::Result::Err(#p::Care);
            }
        }
    }

    /// The loops that fill a table.
    fn filled(&self, at: usize, definition: &Definition) -> TokenStream {
        let (code, p, table) = (self.code, self.code.private(), self.code.names.table(at));
        let moves = self.activity.of_definition(at);
        self.still.set(!moves);
        let axes = &definition.axes;
        let place = code.place(axes);
        let cell = |table: &Ident, number: &Number| self.written(table, moves, &place, number);
        match &definition.body {
            Body::Map(value) => {
                let written = cell(table, &self.number(value));
                code.nest(axes, written)
            }
            Body::Evidence { weight, .. } => {
                let loops = code.nest(axes, cell(table, &self.number(weight)));
                code! { #loops #table.check()?; }
            }
            Body::Choice { weight, rule, across, over, .. } => {
                let rows = if *across {
                    let at = axes.len() - 2;
                    let (outer, own) = (code.count(&axes[..at]), code.count(&axes[at..=at]));
                    let inner = self.count(&axes[at + 1..]);
                    code! { #outer, #own, #inner }
                } else {
                    let at = axes.len() - over;
                    let (outer, own) = (code.count(&axes[..at]), self.count(&axes[at..]));
                    code! { #outer, #own, 1 }
                };
                if rule.has_exponents(weight) {
                    return self.exponentials(at, definition, weight, &rows);
                }
                let whole = |last: &&AxisId| {
                    *rule == Rule::Proportional && Self::pad(weight, **last).is_some_and(|pad| pad.is_zero)
                };
                let loops = match axes.last().filter(whole) {
                    Some(last) => {
                        let four = self.four(weight, *last);
                        self.nest_four(axes, &Self::written_four(table, moves, &place, &four))
                    }
                    None => code.nest(axes, cell(table, &self.number(weight))),
                };
                let (row, four) = (self.row(axes), Self::four_numbers());
                match rule {
                    Rule::Proportional => code! { #loops #table.share::<#four>(#rows)?; },
                    Rule::Maximize => code! { #loops #table.choose((#rows), (#row), false)?; },
                    Rule::Minimize => code! { #loops #table.choose((#rows), (#row), true)?; },
                }
            }
            Body::Query { factors, over, query, normaliser, keeps_mass } => {
                let product = self.product(factors);
                let scale = match normaliser {
                    Normaliser::By(factor) => Some(self.element(factor)),
                    Normaliser::Nothing => Some(Number { code: code! { 1f64 }, moves: false }),
                    Normaliser::Own | Normaliser::One => None,
                };
                let kept = keeps_mass.then(|| code.names.mass(at));
                match query {
                    Query::Sum => {
                        let zero = if moves {
                            self.still(&code! { 0f64 })
                        } else {
                            code! { 0f64 }
                        };
                        let product = product.code;
                        let total = if over.is_empty() {
                            code! { let total = #product; }
                        } else {
                            let loops = code.nest(over, code! { total += #product; });
                            code! { let mut total = #zero; #loops }
                        };
                        let total_is = Number {
                            code: code! { total },
                            moves: moves && (self.of_factors(factors) || !over.is_empty()),
                        };
                        let answer = match normaliser {
                            Normaliser::By(_) => self.ratio(&total_is, scale.as_ref()),
                            _ => total_is,
                        };
                        let written = cell(table, &answer);
                        code.nest(axes, code! { #total #written })
                    }
                    Query::Expectation(value) => {
                        let value = self.number(value);
                        self.expected(at, definition, over, (&product, &value), scale.as_ref(), kept)
                    }
                    Query::Variance(value) => {
                        let (product, value) = (product.code, bare(self.code.real(value)));
                        let add =
                            code! { let mass = #product; if mass != 0.0 { moments.add(mass, #value); } };
                        let loops = code.nest(over, add);
                        let answer = match scale {
                            None => code! { moments.variance() },
                            Some(scale) => {
                                let scale = scale.code;
                                code! { moments.variance_over(#scale) }
                            }
                        };
                        let keep = kept.map(|kept| code! { #kept.put(#place, moments.mass()); });
                        code.nest(axes, code! { let mut moments = #p::Moments::new(); #loops #table.put(#place, #answer); #keep })
                    }
                    Query::Entropy(_) => unreachable!("bug in memo: no compact way has an entropy"),
                }
            }
            Body::Call { .. } | Body::Best { .. } | Body::Divergence { .. } => {
                unreachable!("bug in memo: no compact way has such a definition")
            }
        }
    }

    /// The mean of what is expected, in each cell.
    fn expected(
        &self,
        at: usize,
        definition: &Definition,
        over: &[AxisId],
        (product, value): (&Number, &Number),
        scale: Option<&Number>,
        kept: Option<&Ident>,
    ) -> TokenStream {
        let (code, p, table) = (self.code, self.code.private(), self.code.names.table(at));
        let (moves, place) = (self.activity.of_definition(at), code.place(&definition.axes));
        let (new, add) = if moves {
            let (product, value) = (self.carried(product), self.carried(value));
            (
                code! { #p::Average::new() },
                code! { let mass = #product; if #p::counts(&mass) { mean.add(mass, #value); } },
            )
        } else {
            let (product, value) = (&product.code, &value.code);
            let add = code! { let mass = #product; if mass != 0.0 { mean.add(mass, #value); } };
            (code! { #p::Mean::new() }, add)
        };
        let loops = code.nest(over, add);
        let answer = match scale {
            None => code! { mean.value() },
            Some(scale) => {
                let scale = if moves { self.carried(scale) } else { scale.code.clone() };
                code! { mean.over(#scale) }
            }
        };
        let written = self.written(table, moves, &place, &Number { code: answer, moves });
        let keep = kept
            .map(|kept| self.written(kept, moves, &place, &Number { code: code! { mean.mass() }, moves }));
        code.nest(&definition.axes, code! { let mut mean = #new; #loops #written #keep })
    }

    /// A choice whose weights have exponentials.
    fn exponentials(
        &self,
        at: usize,
        definition: &Definition,
        weight: &Scalar,
        rows: &TokenStream,
    ) -> TokenStream {
        let (code, p, table) = (self.code, self.code.private(), self.code.names.table(at));
        let axes = &definition.axes;
        let (count, place) = (self.count(axes), code.place(axes));
        let exponents = Ident::new("exponents", Span::mixed_site());
        let (of_factor, of_exponent) =
            axes.last().map_or((None, None), |last| Self::pads_of_weight(weight, *last));
        let made = |is_whole: bool| match axes.last().filter(|_| is_whole) {
            Some(last) => self.weighted(weight, &|scalar| self.four(scalar, *last)),
            None => self.weighted(weight, &|scalar| self.number(scalar)),
        };
        let filled = |table: &Ident, number: Option<Number>, else_is: f64, is_whole: bool| {
            let moves = number.as_ref().is_some_and(|number| number.moves);
            let loops = match number {
                Some(number) if is_whole => {
                    self.nest_four(axes, &Self::written_four(table, moves, &place, &number))
                }
                number => {
                    let else_is = Literal::f64_suffixed(else_is);
                    let constant = || Number { code: code! { #else_is }, moves: false };
                    let number = number.unwrap_or_else(constant);
                    code.nest(axes, self.written(table, moves, &place, &number))
                }
            };
            (loops, moves)
        };
        // Where there is no factor an exponent counts for nothing, whatever it is.
        let is_whole = [of_factor.is_some_and(|pad| pad.is_zero), of_exponent.is_some()];
        let (factors, factor_moves) = filled(table, made(is_whole[0]).0, 1.0, is_whole[0]);
        let (loops, exponent_moves) = filled(&exponents, made(is_whole[1]).1, 0.0, is_whole[1]);
        let (directions, four) = (Self::directions(), Self::four_numbers());
        let directions = if exponent_moves {
            code! { #directions }
        } else {
            code! { 0 }
        };
        let moves = Ident::new(if factor_moves { "true" } else { "false" }, Span::mixed_site());
        code! {
            let mut exponents = #p::Small::<#directions, { Self::__SMALL }>::new(#count);
            #factors
            #loops
            #table.weigh::<#four, #moves, #directions>(&exponents, #count)?;
            #table.share::<#four>(#rows)?;
        }
    }
}
