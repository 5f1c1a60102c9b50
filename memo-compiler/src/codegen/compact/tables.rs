//! Definitions as loops that fill small tables.

use proc_macro2::{Ident, Literal, Span, TokenStream};

use super::super::bare;
use super::Way;
use super::definitions::is_own;
use super::numbers::Number;
use crate::syntax::BinaryOperator;
use crate::tensor::{AxisId, Body, Definition, Factor, Normaliser, Query, Rule, Scalar};

impl Way<'_> {
    /// `let table = …;`, and that of the masses that it keeps.
    pub(super) fn definition(&self, at: usize) -> TokenStream {
        let code = self.code;
        let definition = &code.program.definitions[at];
        let (table, p) = (code.names.table(at), code.private());
        let is_returned = code.program.returns[0].0 == at;
        if let Body::Call { path, arguments, .. } = &definition.body {
            return self.call(at, path, arguments);
        }
        let work = |decided: &Definition| self.filled(at, decided);
        let made = code.assuming(Some(Vec::new()), || code.decided(definition, 0, &work));
        let (count, directions) = (self.count(&definition.axes), Self::directions());
        let directions = if self.activity.of_definition(at) {
            code! { #directions }
        } else {
            code! { 0 }
        };
        let mut tables = if is_returned { Vec::new() } else { vec![table] };
        tables.extend(definition.keeps_mass().then(|| code.names.mass(at)));
        let room = self.room(at);
        let new = code! { #(let mut #tables = #p::Small::<#directions, #room>::new(0);)* };
        let made = code! { #(#tables.extend_to(#count);)* #made };
        let made = code.guarded(definition, made);
        code! { #new #made }
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
                // Of exponentials nothing is said that is none or much.
                let plain = weight.is_scaled().then(|| {
                    let (count, row) = (self.count(axes), self.row(axes));
                    code! { #p::all_plain(&#table, #count, #row)?; }
                });
                code! { #loops #plain #table.check()?; }
            }
            Body::Choice { weight, rule, across, over, .. } => {
                let uneven = if *rule == Rule::Proportional { self.uneven(weight) } else { None };
                let weight = uneven.as_ref().unwrap_or(weight);
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
                if rule.is_softmax(weight) {
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
                    Rule::Proportional => {
                        // Of sums of exponentials nothing is said that is none or much.
                        let count = self.count(axes);
                        let plain = (!weight.is_one_exponential())
                            .then(|| code! { #p::all_plain(&#table, #count, #row)?; });
                        let sharing = self.sharing(at, self.is_product_of_chances(weight));
                        code! { #loops #plain #table.share::<#four, #p::#sharing>(#rows)?; }
                    }
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
                let over_scale = scale.as_ref().map(|scale| (scale, false));
                match query {
                    Query::Sum => {
                        if let Some(whole) = self.whole_sums(at, definition) {
                            return whole;
                        }
                        let zero = if moves {
                            self.still(&code! { 0f64 })
                        } else {
                            code! { 0f64 }
                        };
                        let product = product.code;
                        let whole = self.whole_sum(factors, over);
                        let is_whole = whole.is_some();
                        let total = if over.is_empty() {
                            code! { let total = #product; }
                        } else {
                            whole.unwrap_or_else(|| {
                                let loops = code.nest(over, code! { total = total + #product; });
                                code! { let mut total = #zero; #loops }
                            })
                        };
                        let total_is = Number {
                            code: code! { total },
                            moves: moves && (self.of_factors(factors) || !(over.is_empty() || is_whole)),
                        };
                        let answer = match normaliser {
                            Normaliser::By(_) => self.ratio(&total_is, scale.as_ref()),
                            _ => total_is,
                        };
                        let written = cell(table, &answer);
                        code.nest(axes, code! { #total #written })
                    }
                    Query::Expectation(value) => {
                        // What is certain has the chance 1, whatever rounding took.
                        let (value, truth) = (self.number(value), value.is_truth());
                        let scale = scale.as_ref().map(|scale| (scale, truth));
                        self.expected(at, definition, over, (&product, &value), scale, kept)
                    }
                    Query::Variance(value) if moves => {
                        let (product, value) = (self.carried(&product), self.moved(value));
                        let new = code! { #p::Spread::new() };
                        let add =
                            code! { let mass = #product; if #p::counts(&mass) { found.add(mass, #value); } };
                        self.of_masses(at, definition, over, (&new, &add, true), over_scale, kept)
                    }
                    Query::Entropy(_) => {
                        let product = self.carried(&product);
                        let (new, add) = (code! { #p::Information::new() }, code! { found.add(#product); });
                        self.of_masses(at, definition, over, (&new, &add, true), over_scale, kept)
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
                }
            }
            Body::Divergence { p: first, q: second, over } => {
                let (first, second) = (self.element(first), self.element(second));
                let (first, second) = (self.carried(&first), self.carried(&second));
                let add = code! { found.add(#first, #second); };
                self.of_masses(
                    at,
                    definition,
                    &[*over],
                    (&code! { #p::Divergence::new() }, &add, true),
                    None,
                    None,
                )
            }
            Body::Call { .. } | Body::Best { .. } => {
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
        scale: Option<(&Number, bool)>,
        kept: Option<&Ident>,
    ) -> TokenStream {
        let (p, moves) = (self.code.private(), self.activity.of_definition(at));
        let (new, add) = if moves {
            let (product, value) = (self.carried(product), self.carried(value));
            (
                code! { #p::Average::new() },
                code! { let mass = #product; if #p::counts(&mass) { found.add(mass, #value); } },
            )
        } else {
            let (product, value) = (&product.code, &value.code);
            let add = code! { let mass = #product; if mass != 0.0 { found.add(mass, #value); } };
            (code! { #p::Mean::new() }, add)
        };
        self.of_masses(at, definition, over, (&new, &add, moves), scale, kept)
    }

    /// What masses come to in each cell, each of which is added, in numbers that carry
    /// derivatives or in plain ones; divided by a number, and whether that is a chance.
    fn of_masses(
        &self,
        at: usize,
        definition: &Definition,
        over: &[AxisId],
        (new, add, carries): (&TokenStream, &TokenStream, bool),
        scale: Option<(&Number, bool)>,
        kept: Option<&Ident>,
    ) -> TokenStream {
        let (code, p, table) = (self.code, self.code.private(), self.code.names.table(at));
        let (moves, place) = (self.activity.of_definition(at), code.place(&definition.axes));
        let loops = code.nest(over, add.clone());
        let answer = match scale {
            None => code! { found.value() },
            Some((scale, chance)) => {
                let scale = if carries { self.carried(scale) } else { scale.code.clone() };
                let answer = code! { found.over(#scale) };
                match (chance, carries) {
                    (false, _) => answer,
                    (true, true) => code! { #p::certain_of(#answer) },
                    (true, false) => code! { #p::certain(#answer) },
                }
            }
        };
        let written = |table: &Ident, answer: TokenStream| {
            let answer = if carries && !moves {
                code! { #answer.value() }
            } else {
                answer
            };
            self.written(table, moves, &place, &Number { code: answer, moves })
        };
        let cell = written(table, answer);
        let keep = kept.map(|kept| written(kept, code! { found.mass() }));
        code.nest(&definition.axes, code! { let mut found = #new; #loops #cell #keep })
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
        // Where there is no factor an exponent counts for nothing, whatever it is.
        let is_whole = [of_factor.is_some_and(|pad| pad.is_zero), of_exponent.is_some()];
        let [of_factor, of_exponent] = is_whole.map(|is_whole| {
            move |scalar: &Scalar| match axes.last().filter(|_| is_whole) {
                Some(last) => self.four(scalar, *last),
                None => self.number(scalar),
            }
        });
        let (factor, exponent) = self.weighted(weight, [&of_factor, &of_exponent]);
        // Without a factor it is 1.
        let plain = self.plain_factor(weight);
        let is_plain = plain.is_some() || factor.is_none();
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
        let (factors, factor_moves) = filled(table, factor, 1.0, is_whole[0]);
        let (loops, exponent_moves) = filled(&exponents, exponent, 0.0, is_whole[1]);
        let (directions, four, room) = (Self::directions(), Self::four_numbers(), self.room(at));
        let directions = if exponent_moves {
            code! { #directions }
        } else {
            code! { 0 }
        };
        let sharing = self.sharing(at, true);
        let moves = Ident::new(if factor_moves { "true" } else { "false" }, Span::mixed_site());
        code! {
            let mut exponents = #p::Small::<#directions, #room>::new(#count);
            #factors
            #loops
            #plain
            #table.weigh::<#four, #moves, #is_plain, #directions>(&exponents, #count)?;
            #table.share::<#four, #p::#sharing>(#rows)?;
        }
    }

    /// How the weights of a choice are divided, where they may be sound.
    fn sharing(&self, at: usize, is_sound: bool) -> Ident {
        let kind = match (is_sound, self.is_weighed_again(at)) {
            (false, _) => "AnyWeights",
            (true, false) => "Sound",
            (true, true) => "Rough",
        };
        Ident::new(kind, Span::call_site())
    }

    /// Whether nothing but weights that are divided again is made of a table.
    fn is_weighed_again(&self, at: usize) -> bool {
        let program = self.code.program;
        let again = |definition: &Definition| match &definition.body {
            Body::Choice { weight, rule: Rule::Proportional, .. } => is_product(weight),
            _ => false,
        };
        program.returns.iter().all(|returned| returned.0 != at)
            && (0..program.definitions.len())
                .filter(|reader| self.code.reads[*reader].contains(&at))
                .all(|reader| again(&program.definitions[reader]))
    }

    fn is_product_of_chances(&self, weight: &Scalar) -> bool {
        let mut are_chances = is_product(weight);
        weight.walk(&mut |s| {
            are_chances &= match s {
                Scalar::Element(factor) => {
                    matches!(self.code.program.definition(factor.definition).body, Body::Choice { .. })
                }
                Scalar::Number(number) => *number >= 0.0,
                _ => true,
            };
        });
        are_chances
    }

    /// What is left of a weight without chances that are the same in all cells: these cancel
    /// where its row is divided by its sum. Nothing where nothing is.
    fn uneven(&self, weight: &Scalar) -> Option<Scalar> {
        match weight {
            Scalar::Element(factor) => match &self.code.program.definition(factor.definition).body {
                Body::Choice { weight: Scalar::Number(all), rule: Rule::Proportional, .. } if *all > 0.0 => {
                    None
                }
                _ => Some(weight.clone()),
            },
            Scalar::Binary(BinaryOperator::Multiply, left, right, span) => {
                match (self.uneven(left), self.uneven(right)) {
                    (Some(left), Some(right)) => {
                        Some(Scalar::Binary(BinaryOperator::Multiply, Box::new(left), Box::new(right), *span))
                    }
                    (left, right) => left.or(right),
                }
            }
            _ => Some(weight.clone()),
        }
    }

    /// What makes sure that the one factor of a weight is in the range of plain products
    /// wherever it is read: that it is looked up in a table that is the same in every call.
    fn plain_factor(&self, weight: &Scalar) -> Option<TokenStream> {
        let (code, p) = (self.code, self.code.private());
        let factor = only_factor(weight)?;
        if is_own(code.program.definition(factor.definition)) {
            return None;
        }
        let of = |(number, group)| {
            let place = code.exported_tables(group).iter().position(|(at, _)| *at == factor.definition.0)?;
            Some((code.names.fixed(number), place))
        };
        let (name, place) = code.groups.iter().enumerate().find_map(of)?;
        Some(code! { #p::plain_factors(#name, #place)?; })
    }
}

/// Whether a weight is proportional to all that it is made of.
fn is_product(weight: &Scalar) -> bool {
    match weight {
        Scalar::Element(_) | Scalar::Number(_) => true,
        Scalar::Binary(BinaryOperator::Multiply, left, right, _) => is_product(left) && is_product(right),
        _ => false,
    }
}

/// The one factor of `factor · exp(…)`, if that is the element of a table.
fn only_factor(weight: &Scalar) -> Option<&Factor> {
    match weight {
        Scalar::Element(factor) => Some(factor),
        Scalar::Binary(BinaryOperator::Multiply, left, right, _) => match (&**left, &**right) {
            (Scalar::BuiltIn("exp", _), other) | (other, Scalar::BuiltIn("exp", _)) => only_factor(other),
            _ => None,
        },
        _ => None,
    }
}
