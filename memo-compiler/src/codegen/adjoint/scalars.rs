//! Scalars gone through backwards: each is computed again, with names for what
//! the derivatives need, and then each part gets its share of the bar.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::super::{bare, scalars};
use super::{Adjoint, Target, Way, rate_of_parameter, sum_of};
use crate::syntax::{BinaryOperator, UnaryOperator};
use crate::tensor::{Factor, Scalar};

/// A value with what it was computed of, as far as that changes.
pub(super) struct Traced {
    /// The code that reads the value; nothing where it was not asked for.
    pub(super) value: TokenStream,
    parts: Parts,
}

enum Parts {
    /// It does not change.
    Fixed,
    /// A number of a table.
    Element(Factor),
    /// A parameter.
    Number(usize),
    /// An element of a parameter, and the variable for its place.
    ArrayElement(usize, Ident),
    /// Parts, each with the derivative with respect to it.
    Function(Vec<(Traced, Slope)>),
    /// One of two; the code that stands before each.
    If(Ident, Box<[(TokenStream, Traced); 2]>),
}

/// A derivative with respect to a part.
enum Slope {
    One,
    MinusOne,
    Is(TokenStream),
}

impl Traced {
    /// Whether it changes.
    pub(super) fn moves(&self) -> bool {
        !matches!(self.parts, Parts::Fixed)
    }
}

impl Adjoint<'_> {
    pub(super) fn named(&self, value: TokenStream, out: &mut TokenStream) -> TokenStream {
        let name = self.fresh("value");
        let value = bare(value);
        out.extend(code! { let #name = #value; });
        self.values.borrow_mut().insert(name.to_string(), value);
        name.into_token_stream()
    }

    /// Computes a value again; `wanted` says whether it is read itself.
    pub(super) fn trace(&self, scalar: &Scalar, wanted: bool, out: &mut TokenStream) -> Traced {
        let known = self.known.take();
        if let Some(traced) = self.trace_ahead(scalar, wanted) {
            return traced;
        }
        if !self.activity.of(scalar) {
            let value = if wanted { self.named(self.fixed(scalar), out) } else { TokenStream::new() };
            return Traced { value, parts: Parts::Fixed };
        }
        let p = self.code.private();
        match scalar {
            Scalar::Parameter(at, _) => {
                let mut value = self.code.real(scalar);
                if self.way == Way::Second {
                    self.numbers.borrow_mut().insert(*at);
                    let rate = rate_of_parameter(*at);
                    value = code! { #p::moving(#value, #rate) };
                }
                Traced { value, parts: Parts::Number(*at) }
            }
            Scalar::Element(factor) => {
                let value = if wanted { self.element(factor) } else { TokenStream::new() };
                Traced { value, parts: Parts::Element(factor.clone()) }
            }
            Scalar::Index(at, indices, _) => {
                let place = self.fresh("place");
                let (name, text) =
                    (&self.code.model.parameters[*at].name, self.code.program.parameters[*at].as_str());
                let model = self.code.program.name.as_str();
                let found = if self.code.model.parameters[*at].is_table() {
                    let keys: Vec<TokenStream> = indices.iter().map(|i| self.code.typed(i)).collect();
                    let key = if keys.len() == 1 {
                        code! { #(#keys)* }
                    } else {
                        code! { (#(#keys),*) }
                    };
                    code! { #p::table_place(#model, #text, #name.__place(#key))? }
                } else {
                    self.code.place_in_array(*at, indices)
                };
                out.extend(code! { let #place = #found; });
                let mut value = self.code.real(scalar);
                if self.way == Way::Second {
                    self.arrays.borrow_mut().insert(*at);
                    let rates = rate_of_parameter(*at);
                    value = code! { #p::moving(#value, #p::rate_at(#rates, #place)) };
                }
                let value = if wanted { self.named(value, out) } else { TokenStream::new() };
                Traced { value, parts: Parts::ArrayElement(*at, place) }
            }
            Scalar::Unary(operator, inner) => {
                if *operator == UnaryOperator::Plus {
                    self.known.replace(known);
                }
                let inner = self.trace(inner, wanted, out);
                let value = &inner.value;
                match operator {
                    UnaryOperator::Negate => {
                        let value = if wanted {
                            code! { (-#value) }
                        } else {
                            TokenStream::new()
                        };
                        Traced { value, parts: Parts::Function(vec![(inner, Slope::MinusOne)]) }
                    }
                    _ => inner,
                }
            }
            Scalar::Binary(operator, left, right, _) => {
                self.trace_binary(*operator, [left, right], wanted, known, out)
            }
            Scalar::If { condition, then, otherwise, .. } => {
                let condition_name = self.fresh("holds");
                let truth = bare(self.code.truth(condition));
                out.extend(code! { let #condition_name = #truth; });
                let saved = self.perhaps.replace(true);
                let sides = [then, otherwise].map(|side| {
                    let mut before = TokenStream::new();
                    self.known.replace(known.clone());
                    let traced = self.trace(side, wanted, &mut before);
                    (before, traced)
                });
                self.perhaps.set(saved);
                let value = if wanted {
                    let [(a, then), (b, otherwise)] = &sides;
                    let (then, otherwise) = (self.lifted(&then.value), self.lifted(&otherwise.value));
                    self.named(code! { if #condition_name { #a #then } else { #b #otherwise } }, out)
                } else {
                    TokenStream::new()
                };
                Traced { value, parts: Parts::If(condition_name, Box::new(sides)) }
            }
            Scalar::BuiltIn(name, arguments) => self.trace_built_in(name, arguments, out),
            Scalar::Distribution(path, arguments) => self.trace_function(path, arguments, true, out),
            Scalar::Call(path, arguments) => self.trace_function(path, arguments, false, out),
            _ => unreachable!("bug in memo: nothing else changes"),
        }
    }

    /// What does not change.
    fn fixed(&self, scalar: &Scalar) -> TokenStream {
        match scalar {
            Scalar::Element(factor) => self.element(factor),
            Scalar::Binary(operator, left, right, _) => {
                let plain = match operator {
                    BinaryOperator::Add => code! { + },
                    BinaryOperator::Subtract => code! { - },
                    BinaryOperator::Multiply => code! { * },
                    BinaryOperator::Divide => code! { / },
                    _ => {
                        self.keep_together();
                        return self.code.real(scalar);
                    }
                };
                let (left, right) = (self.fixed(left), self.fixed(right));
                code! { (#left #plain #right) }
            }
            Scalar::Number(_) | Scalar::Bool(_) | Scalar::Parameter(..) | Scalar::Axis(..) => {
                self.code.real(scalar)
            }
            _ => {
                self.keep_together();
                self.code.real(scalar)
            }
        }
    }

    fn trace_binary(
        &self,
        operator: BinaryOperator,
        [left, right]: [&Scalar; 2],
        wanted: bool,
        known: Option<TokenStream>,
        out: &mut TokenStream,
    ) -> Traced {
        use BinaryOperator as B;
        let p = self.code.private();
        let (moves_left, moves_right) = (self.activity.of(left), self.activity.of(right));
        let (left_wanted, right_wanted) = match operator {
            B::Add | B::Subtract => (wanted, wanted),
            B::Multiply => (wanted || moves_right, wanted || moves_left),
            B::Divide => (wanted || moves_right, true),
            _ => (true, true),
        };
        let (l, r, known) = match known {
            Some(known) if operator != B::Power => {
                let [l, r] = self.trace_known(operator, [left, right], &known, out);
                (l, r, None)
            }
            known => {
                let l = self.trace(left, left_wanted, out);
                (l, self.trace(right, right_wanted, out), known)
            }
        };
        let (a, b) = (l.value.clone(), r.value.clone());
        let mut value = TokenStream::new();
        let mut named = |code: TokenStream, out: &mut TokenStream| {
            value = self.named(code, out);
            value.clone()
        };
        let slopes = match operator {
            B::Add => {
                if wanted {
                    named(code! { #a + #b }, out);
                }
                (Slope::One, Slope::One)
            }
            B::Subtract => {
                if wanted {
                    named(code! { #a - #b }, out);
                }
                (Slope::One, Slope::MinusOne)
            }
            B::Multiply => {
                if wanted {
                    named(code! { #a * #b }, out);
                }
                (Slope::Is(b), Slope::Is(a))
            }
            B::Divide => {
                if wanted {
                    named(code! { #a / #b }, out);
                }
                (Slope::Is(code! { (1.0 / #b) }), Slope::Is(code! { (-(#a / #b) / #b) }))
            }
            B::Remainder => {
                let remainder =
                    if self.way == Way::Second { code!(moving_remainder) } else { code!(remainder) };
                named(code! { #p::#remainder(#a, #b) }, out);
                let quotient = self.plain(&code! { (#a / #b) });
                (Slope::One, Slope::Is(code! { (-#quotient.floor()) }))
            }
            B::Power => {
                self.keep_together();
                let powf = if self.way == Way::Second { code!(#p::powf) } else { code!(f64::powf) };
                let v = match known {
                    Some(known) => named(code! { #p::power_known(#a, #b, #known) }, out),
                    None => named(code! { #powf(#a, #b) }, out),
                };
                if moves_right {
                    let slopes = self.fresh("slopes");
                    out.extend(code! { let #slopes = #p::power_slopes(#a, #b, #v); });
                    (self.steep(&code! { #slopes.0 }), Slope::Is(code! { #slopes.1 }))
                } else {
                    (self.steep(&code! { #p::base_slope(#a, #b, #v) }), Slope::One)
                }
            }
            _ => unreachable!("bug in memo: truth values do not change"),
        };
        let parts = [(l, slopes.0), (r, slopes.1)];
        Traced { value, parts: Parts::Function(parts.into_iter().collect()) }
    }

    fn trace_built_in(&self, name: &str, arguments: &[Scalar], out: &mut TokenStream) -> Traced {
        self.keep_together();
        let p = self.code.private();
        let traced: Vec<Traced> = arguments.iter().map(|a| self.trace(a, true, out)).collect();
        let mut values: Vec<TokenStream> = traced.iter().map(|t| t.value.clone()).collect();
        if values.len() > 1 {
            values = values.iter().map(|value| self.lifted(value)).collect();
        }
        let x = &values[0];
        let function = self.function(match name {
            "log" => "ln",
            "pow" => "powf",
            other => other,
        });
        let value = match name {
            "exp" => code! { #p::exp(#x) },
            _ => code! { #function(#(#values),*) },
        };
        let v = self.named(value, out);
        let slopes = match name {
            "exp" => vec![v.clone()],
            "log" | "ln" => vec![code! { (1.0 / #x) }],
            "log2" => vec![code! { (::core::f64::consts::LOG2_E / #x) }],
            "log10" => vec![code! { (::core::f64::consts::LOG10_E / #x) }],
            "abs" => {
                let x = self.plain(x);
                vec![code! { (if #x == 0.0 { 0.0 } else { f64::signum(#x) }) }]
            }
            "sqrt" => vec![self.finite(&code! { 0.5 / #v })],
            "sin" => {
                let cos = self.function("cos");
                vec![code! { #cos(#x) }]
            }
            "cos" => {
                let sin = self.function("sin");
                vec![code! { (-#sin(#x)) }]
            }
            "tan" => vec![code! { (1.0 + #v * #v) }],
            "tanh" => vec![code! { (1.0 - #v * #v) }],
            "min" | "max" | "pow" => {
                let (slopes, y) = (self.fresh("slopes"), &values[1]);
                out.extend(match name {
                    "min" => code! { let #slopes = #p::shares(#x < #y, #y < #x); },
                    "max" => code! { let #slopes = #p::shares(#x > #y, #y > #x); },
                    _ => code! { let #slopes = #p::power_slopes(#x, #y, #v); },
                });
                vec![self.finite(&code! { #slopes.0 }), code! { #slopes.1 }]
            }
            _ => unreachable!("bug in memo: a function without a derivative"),
        };
        let parts = traced.into_iter().zip(slopes.into_iter().map(Slope::Is)).collect();
        Traced { value: v, parts: Parts::Function(parts) }
    }

    /// A Rust function, through which numbers go that carry their derivatives.
    fn trace_function(
        &self,
        path: &syn::Path,
        arguments: &[Scalar],
        plain: bool,
        out: &mut TokenStream,
    ) -> Traced {
        self.keep_together();
        let span = scalars::span_of_path(path);
        let p = self.code.private_at(span);
        // All of this path has the span of the user's word, so that rustc says there, and
        // says once, what is in the way.
        let krate = scalars::respanned(&self.code.krate, span);
        let here = quote_spanned! {span=> #krate::__private };
        let count = arguments.iter().filter(|a| self.activity.of(a)).count();
        let mut parts = Vec::new();
        let result = self.fresh("result");
        let handed: Vec<TokenStream> = arguments
            .iter()
            .map(|argument| {
                if self.activity.of(argument) {
                    let traced = self.trace(argument, true, out);
                    let (value, direction) = (traced.value.clone(), parts.len());
                    parts.push((traced, self.steep(&code! { #result.1[#direction] })));
                    quote_spanned! {span=> <#here::Derivative as #here::PassesThrough<_>>::carry(#value, #direction) }
                } else if plain {
                    let value = self.code.real(argument);
                    quote_spanned! {span=> #p::Beside::beside(#value) }
                } else if scalars::is_computed(argument) {
                    self.code.argument(argument, path)
                } else {
                    let value = self.code.typed(argument);
                    quote_spanned! {span=> #p::Beside::beside(#value) }
                }
            })
            .collect();
        let called = quote_spanned! {span=> #path(#(#handed),*) };
        let made = quote_spanned! {span=> #here::loaded(#called).unloaded() };
        let private = self.code.private();
        out.extend(code! { let #result: #private::Unloaded<#count> = #made; });
        Traced { value: code! { #result.0 }, parts: Parts::Function(parts) }
    }

    /// A derivative that may be infinite: where all is gone through again something else
    /// stands for it.
    pub(super) fn finite(&self, slope: &TokenStream) -> TokenStream {
        let p = self.code.private();
        code! { #p::steep(#slope, instead) }
    }

    fn steep(&self, slope: &TokenStream) -> Slope {
        Slope::Is(self.finite(slope))
    }

    /// Gives each part its share of the bar.
    pub(super) fn back(&self, traced: &Traced, bar: &TokenStream, out: &mut TokenStream) {
        let p = self.code.private();
        match &traced.parts {
            Parts::Fixed => {}
            Parts::Element(factor) => out.extend(self.add_element(factor, bar)),
            Parts::Number(at) => {
                self.add_number(*at);
                let sum = sum_of(*at);
                if self.way == Way::Forward {
                    out.extend(self.add_rate(&code! { #p::times(#sum, #bar) }));
                    return;
                }
                if self.perhaps.get() || self.inner.borrow().is_none() {
                    self.keep_together();
                    out.extend(code! { #sum += #bar; });
                } else {
                    // A variable of the loop's own stays in a register.
                    let sum = self.before(&format!("+{sum}"), || {
                        let name = self.fresh("sum");
                        if let Some(inner) = self.inner.borrow_mut().as_mut() {
                            inner.after.extend(code! { #sum += #name; });
                        }
                        let zero = self.zero();
                        (code! { let mut #name = #zero; }, code! { #name })
                    });
                    out.extend(self.effect(Target::Number(sum), bar));
                }
            }
            Parts::ArrayElement(at, place) => {
                self.arrays.borrow_mut().insert(*at);
                self.keep_together();
                let sum = sum_of(*at);
                if self.way == Way::Forward {
                    let here = code! { #p::times(#p::rate_at(#sum, #place), #bar) };
                    out.extend(self.add_rate(&here));
                    return;
                }
                out.extend(code! { #p::add_at(&mut #sum, #place, #bar); });
            }
            Parts::Function(parts) => {
                let moving: Vec<_> = parts.iter().filter(|(part, _)| part.moves()).collect();
                for (part, slope) in moving {
                    match slope {
                        Slope::One => self.back(part, bar, out),
                        Slope::MinusOne => self.back(part, &code! { (-#bar) }, out),
                        Slope::Is(slope) => {
                            let share = self.fresh("share");
                            let value = code! { #p::times(#bar, #slope) };
                            out.extend(code! { let #share = #value; });
                            self.values.borrow_mut().insert(share.to_string(), value);
                            self.back(part, &share.into_token_stream(), out);
                        }
                    }
                }
            }
            Parts::If(condition, sides) => {
                self.keep_together();
                let saved = self.perhaps.replace(true);
                let [then, otherwise] = sides.each_ref().map(|(before, traced)| {
                    let mut out = TokenStream::new();
                    self.back(traced, bar, &mut out);
                    if out.is_empty() {
                        out
                    } else {
                        code! { #before #out }
                    }
                });
                self.perhaps.set(saved);
                out.extend(code! { if #condition { #then } else { #otherwise } });
            }
        }
    }

    /// A static value gone through backwards from 1: what is added up, and for which
    /// numbers and arrays.
    pub(in super::super) fn of_static(
        &self,
        value: &Scalar,
    ) -> (TokenStream, BTreeSet<usize>, BTreeSet<usize>) {
        let code = self.contributed(value, &self.lifted(&code! { 1.0 }));
        let code = code! { let instead = ::core::primitive::f64::INFINITY; #code };
        (code, self.numbers.borrow().clone(), self.arrays.borrow().clone())
    }

    /// The value, which was asked for.
    pub(super) fn value(traced: &Traced) -> &TokenStream {
        &traced.value
    }
}

/// A weight with exponentials, gone through backwards in numbers that do not
/// overflow.
pub(super) enum TracedWeight {
    Plain(Traced),
    Exp(Traced, TokenStream),
    Negate(Box<TracedWeight>),
    Binary(BinaryOperator, Box<[(TracedWeight, TokenStream); 2]>),
    If(Ident, Box<[(TokenStream, TracedWeight); 2]>),
}

impl Adjoint<'_> {
    /// Computes a weight again; with it the variable that holds it.
    pub(super) fn trace_weight(&self, scalar: &Scalar, out: &mut TokenStream) -> (TracedWeight, TokenStream) {
        let p = self.code.private();
        if !scalar.is_scaled() {
            let traced = self.trace(scalar, true, out);
            let value = &traced.value;
            let name = self.named(code! { #p::Scaled::plain(#value) }, out);
            return (TracedWeight::Plain(traced), name);
        }
        match scalar {
            Scalar::BuiltIn(_, arguments) => {
                let exponent = self.trace(&arguments[0], true, out);
                let value = &exponent.value;
                let name = self.named(code! { #p::Scaled::exp(#value) }, out);
                (TracedWeight::Exp(exponent, name.clone()), name)
            }
            Scalar::Unary(UnaryOperator::Negate, inner) => {
                let (inner, value) = self.trace_weight(inner, out);
                let name = self.named(code! { -#value }, out);
                (TracedWeight::Negate(Box::new(inner)), name)
            }
            Scalar::Unary(_, inner) => self.trace_weight(inner, out),
            Scalar::Binary(operator, left, right, _) => {
                let left = self.trace_weight(left, out);
                let right = self.trace_weight(right, out);
                let (a, b) = (&left.1, &right.1);
                let made = match operator {
                    BinaryOperator::Add => code! { #a + #b },
                    BinaryOperator::Subtract => code! { #a - #b },
                    BinaryOperator::Multiply => code! { #a * #b },
                    _ => code! { #a / #b },
                };
                let name = self.named(made, out);
                (TracedWeight::Binary(*operator, Box::new([left, right])), name)
            }
            Scalar::If { condition, then, otherwise, .. } => {
                let holds = self.fresh("holds");
                let truth = bare(self.code.truth(condition));
                out.extend(code! { let #holds = #truth; });
                let saved = self.perhaps.replace(true);
                let sides = [then, otherwise].map(|side| {
                    let mut before = TokenStream::new();
                    let (traced, value) = self.trace_weight(side, &mut before);
                    (before, traced, value)
                });
                self.perhaps.set(saved);
                let [(a, first, x), (b, second, y)] = sides;
                let name = self.named(code! { if #holds { #a #x } else { #b #y } }, out);
                (TracedWeight::If(holds, Box::new([(a, first), (b, second)])), name)
            }
            _ => unreachable!("bug in memo: only sums, products and branches are scaled"),
        }
    }

    /// Gives each part of a weight its share of the bar, a `Scaled` itself.
    pub(super) fn back_weight(&self, traced: &TracedWeight, bar: &TokenStream, out: &mut TokenStream) {
        use BinaryOperator as B;
        match traced {
            TracedWeight::Plain(part) => {
                self.back(part, &self.if_moving(part, code! { #bar.value() }, out), out)
            }
            TracedWeight::Exp(exponent, value) => {
                let bar = self.if_moving(exponent, code! { (#bar * #value).value() }, out);
                self.back(exponent, &bar, out);
            }
            TracedWeight::Negate(inner) => {
                let bar = self.named(code! { -#bar }, out);
                self.back_weight(inner, &bar, out);
            }
            TracedWeight::Binary(operator, sides) => {
                let [(left, a), (right, b)] = &**sides;
                let (first, second) = match operator {
                    B::Add => (code! { #bar }, code! { #bar }),
                    B::Subtract => (code! { #bar }, code! { -#bar }),
                    B::Multiply => (code! { #bar * #b }, code! { #bar * #a }),
                    _ => (code! { #bar / #b }, code! { -(#bar * #a) / (#b * #b) }),
                };
                let first = self.named(first, out);
                self.back_weight(left, &first, out);
                let second = self.named(second, out);
                self.back_weight(right, &second, out);
            }
            TracedWeight::If(condition, sides) => {
                self.keep_together();
                let saved = self.perhaps.replace(true);
                let [then, otherwise] = sides.each_ref().map(|(before, traced)| {
                    let mut out = before.clone();
                    self.back_weight(traced, bar, &mut out);
                    out
                });
                self.perhaps.set(saved);
                out.extend(code! { if #condition { #then } else { #otherwise } });
            }
        }
    }

    fn if_moving(&self, part: &Traced, bar: TokenStream, out: &mut TokenStream) -> TokenStream {
        if part.moves() { self.named(bar, out) } else { TokenStream::new() }
    }
}
