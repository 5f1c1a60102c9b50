//! Choices, evidence and the value of the best choice gone through backwards.
//!
//! A row of chances pᵢ = wᵢ / Σ w with the bars p̄ᵢ: with s = Σ pᵢ p̄ᵢ the bar of a
//! weight is (p̄ᵢ − s) / Σ w, and that of an exponent pᵢ (p̄ᵢ − s).

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;

use super::known::ends_in_power;
use super::rows::RowBars;
use super::{Added, Adjoint, Way};
use crate::syntax::{BinaryOperator, UnaryOperator};
use crate::tensor::{AxisId, Body, Definition, Rule, Scalar};

/// Rows of a choice.
pub(super) struct Rows<'r> {
    pub(super) at: usize,
    pub(super) definition: &'r Definition,
    /// The axes that are gone through.
    pub(super) loops: Vec<AxisId>,
    /// Those of them that tell a row.
    pub(super) per: Vec<AxisId>,
}

impl Adjoint<'_> {
    pub(super) fn choice(&self, at: usize, definition: &Definition) -> TokenStream {
        let Body::Choice { weight, rule, .. } = &definition.body else {
            unreachable!("bug in memo: no choice")
        };
        let (given, own) = definition.split();
        // Rows that lie in one piece are gone through one by one, else all of them at
        // a time.
        let in_rows = definition.axes.ends_with(&own);
        let around = if in_rows { given.clone() } else { Vec::new() };
        self.within(&around, &|| {
            let rows = self.rows_of_choice(at, definition, weight, *rule, in_rows);
            let means = if around.is_empty() { TokenStream::new() } else { self.means_of_source(definition) };
            code! { #rows #means }
        })
    }

    fn rows_of_choice(
        &self,
        at: usize,
        definition: &Definition,
        weight: &Scalar,
        rule: Rule,
        in_rows: bool,
    ) -> TokenStream {
        let (given, own) = definition.split();
        let rows = if in_rows {
            Rows { at, definition, loops: own, per: Vec::new() }
        } else {
            Rows { at, definition, loops: definition.axes.clone(), per: given }
        };
        if self.way == Way::Forward {
            self.forward_choice(&rows, weight, rule.has_exponents(weight))
        } else if rule.has_exponents(weight) {
            let (means, made) = self.scratch("means", &rows.per);
            let first = self.means_made(at, &means).unwrap_or_else(|| {
                let loops = self.over(&rows.loops, rows.loops.last().copied(), &|| {
                    let (chance, bar) = (self.own_value(at, definition), self.own_bar(definition));
                    self.add(&means, &rows.per, &rows.per, Added::InRows, &self.part_of_mean(&chance, &bar))
                });
                code! { #made #loops }
            });
            let second = match split(weight) {
                Some((factor, exponent)) => self.one_exponential(&rows, &means, factor.as_ref(), &exponent),
                None => self.scaled_choice(&rows, &means, weight),
            };
            code! { #first #second }
        } else if let Some(source) = self.source_of_logarithms(&rows, weight) {
            self.multiples(&rows, source)
        } else {
            self.plain_choice(&rows, weight)
        }
    }

    /// What the chances of a row change by: with wᵢ′ what the weights change by, and
    /// W their sum, (wᵢ′ − pᵢ Σ w′) / W.
    fn forward_choice(&self, rows: &Rows<'_>, weight: &Scalar, scaled: bool) -> TokenStream {
        let Rows { at, definition, loops, per } = rows;
        let p = self.code.private();
        let last = loops.last().copied();
        let [rate, one] = ["rate", "one"].map(|name| Ident::new(name, Span::mixed_site()));
        let axes = &definition.axes;
        // What a weight changes by, divided by W.
        let (mut code, inverse) = match (scaled, split(weight)) {
            (true, Some((factor, exponent))) => {
                let (means, made) = self.scratch("means", per);
                let loops = self.one_exponential(rows, &means, factor.as_ref(), &exponent);
                (code! { #made #loops }, None)
            }
            (true, None) => (self.scaled_rows(rows, weight, &|_| code! { 1.0 }), None),
            (false, _) => {
                let (totals, made) = self.scratch("totals", per);
                let loops = self.over(loops, last, &|| {
                    let mut out = TokenStream::new();
                    let traced = self.trace(weight, true, &mut out);
                    out.extend(self.add(&totals, per, per, Added::InRows, Self::value(&traced)));
                    self.back(&traced, &code! { 1.0 }, &mut out);
                    out
                });
                let inverses = code! { for total in &mut #totals { *total = #p::ratio(1.0, *total); } };
                (code! { #made #loops #inverses }, Some(totals))
            }
        };
        let (sums, made) = self.scratch("sums", per);
        let added = self.over(loops, last, &|| {
            let here = self.read(&rate.to_token_stream(), axes, axes);
            self.add(&sums, per, per, Added::InRows, &here)
        });
        let place = self.place(axes, axes);
        let shared = self.code.nest(loops, {
            let (chance, sum) = (self.own_value(*at, definition), self.place(per, per));
            let scaled = inverse.map(|inverse| code! { * #inverse[#sum] });
            code! {
                let #one = #rate[#place];
                #rate[#place] = (#one - #chance * #sums[#sum]) #scaled;
            }
        });
        code.extend(code! { #made #added #shared });
        code
    }

    /// Weights without exponentials.
    fn plain_choice(&self, rows: &Rows<'_>, weight: &Scalar) -> TokenStream {
        let Rows { at, definition, loops, per } = rows;
        let runtime = self.code.private();
        let last = loops.last().copied();
        let (means, made) = self.scratch("means", per);
        let (totals, also) = self.scratch("totals", per);
        let mean = || {
            let (chance, bar) = (self.own_value(*at, definition), self.own_bar(definition));
            self.add(&means, per, per, Added::InRows, &self.part_of_mean(&chance, &bar))
        };
        let first = if weight.is_costly() {
            let means = self.over(loops, last, &mean);
            let total = self.totals_by_chances(rows, &totals, weight);
            code! { #means #total }
        } else {
            self.over(loops, last, &|| {
                let mut out = TokenStream::new();
                let traced = self.trace(weight, true, &mut out);
                out.extend(mean());
                out.extend(self.add(&totals, per, per, Added::InRows, Self::value(&traced)));
                out
            })
        };
        // One division a row.
        let inverses = code! { for total in &mut #totals { *total = #runtime::ratio(1.0, *total); } };
        let second = self.over(loops, last, &|| {
            let bar = self.own_bar(definition);
            let mean = self.read(&means.to_token_stream(), per, per);
            let inverse = self.read(&totals.to_token_stream(), per, per);
            if self.way == Way::Back && ends_in_power(weight) {
                let chance = self.own_value(*at, definition);
                self.known.replace(Some(code! { #runtime::weight_of(#chance, #inverse) }));
            }
            if let Some(row) = self.own_bar_row(&bar).filter(|_| per.is_empty()) {
                self.change_bars(RowBars::Normalize(row, [mean, inverse]));
                return self.contributed(weight, &bar);
            }
            let share = self.fresh("share");
            let rest = self.contributed(weight, &share.to_token_stream());
            code! { let #share = (#bar - #mean) * #inverse; #rest }
        });
        code! { #made #also #first #inverses #second }
    }

    /// What a chance adds to the mean of the bars of its row. What cannot be has no part in
    /// it, though its bar may be infinite.
    pub(super) fn part_of_mean(&self, chance: &TokenStream, bar: &TokenStream) -> TokenStream {
        let p = self.code.private();
        code! { #p::times(#bar, #chance) }
    }

    /// The sums of weights that are some work: a weight divided by its chance, once a row.
    fn totals_by_chances(&self, rows: &Rows<'_>, totals: &Ident, weight: &Scalar) -> TokenStream {
        let Rows { at, definition, loops, per } = rows;
        let (place, p) = (self.place(per, per), self.code.private());
        self.code.nest(loops, {
            let mut out = TokenStream::new();
            let traced = self.trace(weight, true, &mut out);
            let (value, chance) = (Self::value(&traced), self.own_value(*at, definition));
            code! {
                if #totals[#place] == 0.0 && #chance >= #p::LEAST_CHANCE {
                    #out
                    #totals[#place] = #value / #chance;
                }
            }
        })
    }

    /// Weights `factor · exp(exponent)`.
    fn one_exponential(
        &self,
        rows: &Rows<'_>,
        means: &Ident,
        factor: Option<&Scalar>,
        exponent: &Scalar,
    ) -> TokenStream {
        let Rows { at, definition, loops, per } = rows;
        let p = self.code.private();
        let last = loops.last().copied();
        let factor = factor.filter(|factor| self.activity.of(factor));
        // ln Σ w, where a factor that is 0 may change.
        let logs = factor.map(|factor| {
            let (logs, made) = self.scratch("logs", per);
            let (tops, also) = self.scratch("tops", per);
            let place = self.place(per, per);
            let loops = self.code.nest(loops, {
                let mut out = TokenStream::new();
                let (f, e) = (self.trace(factor, true, &mut out), self.trace(exponent, true, &mut out));
                let (f, e) = (Self::value(&f), Self::value(&e));
                let chance = self.own_value(*at, definition);
                let ln = self.function("ln");
                code! {
                    if #chance > #tops[#place] {
                        #out
                        #tops[#place] = #chance;
                        #logs[#place] = #e + #ln(#f) - #ln(#chance);
                    }
                }
            });
            (logs, code! { #made #also #loops })
        });
        let in_each = || {
            let (chance, bar) = (self.own_value(*at, definition), self.own_bar(definition));
            let mean = self.read(&means.to_token_stream(), per, per);
            if factor.is_none()
                && let Some(row) = self.own_bar_row(&bar)
                && let [Some(chances), Some(means)] = [&chance, &mean].map(|cell| self.row_at_hand(cell))
            {
                self.change_bars(RowBars::Softmax([row, chances, means], self.of_logarithms(*at)));
                return self.contributed(exponent, &bar);
            }
            let (rest, share) = (self.fresh("rest"), self.fresh("share"));
            let mut out = match self.of_logarithms(*at) {
                None => code! { let #rest = #bar - #mean; let #share = #chance * #rest; },
                Some(scale) => code! { let #share = #bar - #chance * (#mean * #scale); },
            };
            let e = self.trace(exponent, factor.is_some(), &mut out);
            self.back(&e, &share.to_token_stream(), &mut out);
            if let (Some(factor), Some((logs, _))) = (factor, &logs) {
                let f = self.trace(factor, true, &mut out);
                let log = self.read(&logs.to_token_stream(), per, per);
                let (f_value, e_value) = (Self::value(&f), Self::value(&e));
                let (bar, exp) = (self.fresh("bar"), self.function("exp"));
                out.extend(code! {
                    let #bar = if #f_value != 0.0 { #share / #f_value } else { #p::times(#rest, #exp(#e_value - #log)) };
                });
                self.back(&f, &bar.to_token_stream(), &mut out);
            }
            out
        };
        let second = self.over_rows(loops, last, &in_each, &|| self.hand_on_row(definition));
        let logs = logs.as_ref().map(|(_, code)| code);
        code! { #logs #second }
    }

    /// Sums and quotients of weights with exponentials.
    fn scaled_choice(&self, rows: &Rows<'_>, means: &Ident, weight: &Scalar) -> TokenStream {
        let bar = |adjoint: &Self| {
            let bar = adjoint.own_bar(rows.definition);
            let mean = adjoint.read(&means.to_token_stream(), &rows.per, &rows.per);
            code! { #bar - #mean }
        };
        self.scaled_rows(rows, weight, &bar)
    }

    /// Rows whose numbers are weights times what is the same all along the row.
    fn scaled_rows(
        &self,
        rows: &Rows<'_>,
        weight: &Scalar,
        bar: &dyn Fn(&Self) -> TokenStream,
    ) -> TokenStream {
        let Rows { at, definition, loops, per } = rows;
        let p = self.code.private();
        let (scales, tops) = (self.fresh("scales"), self.fresh("tops"));
        let place = self.place(per, per);
        let first = self.code.nest(loops, {
            let mut out = TokenStream::new();
            let (_, value) = self.trace_weight(weight, &mut out);
            let number = self.own_value(*at, definition);
            code! {
                if #number > #tops[#place] {
                    #out
                    #tops[#place] = #number;
                    #scales[#place] = #p::Scaled::plain(#number) / #value;
                }
            }
        });
        let second = self.code.nest(loops, {
            let mut out = TokenStream::new();
            let (traced, _) = self.trace_weight(weight, &mut out);
            let (bar, share) = (bar(self), self.fresh("share"));
            out.extend(code! { let #share = #p::Scaled::plain(#bar) * #scales[#place]; });
            self.back_weight(&traced, &share.to_token_stream(), &mut out);
            out
        });
        let made =
            [self.room(&tops, per, &self.zero()), self.room(&scales, per, &code! { #p::Scaled::plain(0.0) })];
        code! {
            #(#made)*
            #first
            #second
        }
    }

    pub(super) fn evidence(
        &self,
        at: usize,
        definition: &Definition,
        weight: &Scalar,
        given: usize,
    ) -> TokenStream {
        if !weight.is_scaled() {
            return self.map(definition, weight);
        }
        let bar = |adjoint: &Self| adjoint.own_bar(definition);
        let per = definition.axes[..given].to_vec();
        let rows = Rows { at, definition, loops: definition.axes.clone(), per };
        self.scaled_rows(&rows, weight, &bar)
    }

    /// The value of the best choice changes as the weight of the best does; ties
    /// share.
    pub(super) fn best(&self, at: usize, definition: &Definition) -> TokenStream {
        let Body::Best { over, weight, rule, .. } = &definition.body else {
            unreachable!("bug in memo: nothing is best")
        };
        let p = self.code.private();
        let smallest = *rule == Rule::Minimize;
        let [best, bar, ties, share] = ["best", "bar_here", "ties", "share"].map(|word| self.fresh(word));
        let is_best = |value: &TokenStream| code! { #p::is_best(#value, #best, #smallest) };
        let count = self.code.nest(&[*over], {
            let mut out = TokenStream::new();
            let traced = self.trace(weight, true, &mut out);
            let test = is_best(Self::value(&traced));
            code! { #out if #test { #ties += 1.0; } }
        });
        let back = self.code.nest(&[*over], {
            let mut out = TokenStream::new();
            let traced = self.trace(weight, true, &mut out);
            let test = is_best(Self::value(&traced));
            let saved = self.perhaps.replace(true);
            let mut inner = TokenStream::new();
            self.back(&traced, &share.to_token_stream(), &mut inner);
            self.perhaps.set(saved);
            code! { #out if #test { #inner } }
        });
        let (value, own) = (self.own_value(at, definition), self.own_bar(definition));
        let counts = self.counts(&bar);
        self.code.nest(
            &definition.axes,
            code! {
                let (#best, #bar) = (#value, #own);
                if #counts {
                    let mut #ties = 0.0;
                    #count
                    let #share = #bar / #ties;
                    #back
                }
            },
        )
    }
}

/// A weight as `factor · exp(exponent)`, if it is one: the factor where there is
/// one, and the exponent.
pub(super) fn split(weight: &Scalar) -> Option<(Option<Scalar>, Scalar)> {
    use BinaryOperator as B;
    if !weight.is_scaled() {
        return Some((Some(weight.clone()), Scalar::Number(0.0)));
    }
    let both = |operator: B, a: Scalar, b: Scalar| {
        Scalar::Binary(operator, Box::new(a), Box::new(b), proc_macro2::Span::call_site())
    };
    let join = |operator: B, a: Option<Scalar>, b: Option<Scalar>| match (a, b) {
        (Some(a), Some(b)) => Some(both(operator, a, b)),
        (a, b) => a.or(b),
    };
    match weight {
        Scalar::BuiltIn(_, arguments) => Some((None, arguments[0].clone())),
        Scalar::Unary(UnaryOperator::Plus, inner) => split(inner),
        Scalar::Binary(B::Multiply, left, right, _) => {
            let ((f, e), (g, d)) = (split(left)?, split(right)?);
            Some((join(B::Multiply, f, g), both(B::Add, e, d)))
        }
        Scalar::Binary(B::Divide, left, right, _) if !right.is_scaled() => {
            let (f, e) = split(left)?;
            let f = f.unwrap_or(Scalar::Number(1.0));
            Some((Some(both(B::Divide, f, (**right).clone())), e))
        }
        Scalar::If { condition, then, otherwise, fixed } => {
            let ((f, e), (g, d)) = (split(then)?, split(otherwise)?);
            let either = |a: Scalar, b: Scalar| Scalar::If {
                condition: condition.clone(),
                then: Box::new(a),
                otherwise: Box::new(b),
                fixed: *fixed,
            };
            let one = Scalar::Number(1.0);
            let factor = match (f, g) {
                (None, None) => None,
                (f, g) => Some(either(f.unwrap_or(one.clone()), g.unwrap_or(one))),
            };
            Some((factor, either(e, d)))
        }
        _ => None,
    }
}
