//! Scalars as Rust expressions.
//!
//! An expression is a real number, a truth value or of a type that only rustc
//! knows (a choice, a path, the result of a user's function); each is turned
//! into what its place wants.

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};

use super::{Code, bare};
use crate::syntax::{BinaryOperator, Measure, UnaryOperator};
use crate::tensor::{Factor, Scalar};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Real,
    Truth,
    Typed,
}

fn kind(scalar: &Scalar) -> Kind {
    use BinaryOperator as B;
    match scalar {
        Scalar::Number(_)
        | Scalar::Element(_)
        | Scalar::BuiltIn(..)
        | Scalar::Distribution(..)
        | Scalar::Cost(..)
        | Scalar::Index(..)
        | Scalar::Unary(UnaryOperator::Negate | UnaryOperator::Plus, _) => Kind::Real,
        Scalar::Binary(operator, ..) => match operator {
            B::Add | B::Subtract | B::Multiply | B::Divide | B::Remainder | B::Power => Kind::Real,
            _ => Kind::Truth,
        },
        Scalar::Bool(_) | Scalar::Unary(UnaryOperator::Not, _) => Kind::Truth,
        Scalar::If { then, otherwise, .. } => match (kind(then), kind(otherwise)) {
            (Kind::Typed, Kind::Typed) => Kind::Typed,
            (Kind::Truth, Kind::Truth) => Kind::Truth,
            _ => Kind::Real,
        },
        Scalar::Parameter(..)
        | Scalar::Axis(..)
        | Scalar::Path(_)
        | Scalar::Rust(_)
        | Scalar::Member(..)
        | Scalar::TupleMember(..)
        | Scalar::ElementOf(..)
        | Scalar::Call(..) => Kind::Typed,
    }
}

/// Whether a value is a number that has been computed, of no type of the user's.
pub(super) fn is_computed(scalar: &Scalar) -> bool {
    kind(scalar) == Kind::Real
}

impl Code<'_> {
    /// The scalar as an `f64`.
    pub(super) fn real(&self, scalar: &Scalar) -> TokenStream {
        self.once_a_row("number", scalar, |code| code.real_here(scalar))
    }

    fn real_here(&self, scalar: &Scalar) -> TokenStream {
        let p = self.private();
        match scalar {
            Scalar::Number(x) => Literal::f64_unsuffixed(*x).into_token_stream(),
            Scalar::Bool(b) => Literal::f64_unsuffixed(f64::from(u8::from(*b))).into_token_stream(),
            Scalar::Element(factor) => self.element(factor),
            Scalar::Unary(UnaryOperator::Negate, inner) => {
                let inner = self.real(inner);
                code! { (-#inner) }
            }
            Scalar::Unary(UnaryOperator::Plus, inner) => self.real(inner),
            Scalar::Binary(operator, left, right, _) if kind(scalar) == Kind::Real => {
                if *operator == BinaryOperator::Power
                    && let Some(staged) = self.staged("pow_all", left, Some(right))
                {
                    return staged;
                }
                let (l, r) = (self.real(left), self.real(right));
                match operator {
                    // One side of a condition is often 1.
                    BinaryOperator::Multiply if is(&l, "1.0") => r,
                    BinaryOperator::Multiply if is(&r, "1.0") => l,
                    BinaryOperator::Add => code! { (#l + #r) },
                    BinaryOperator::Subtract => code! { (#l - #r) },
                    BinaryOperator::Multiply => code! { (#l * #r) },
                    BinaryOperator::Divide => code! { (#l / #r) },
                    BinaryOperator::Remainder => code! { #p::remainder(#l, #r) },
                    _ => code! { f64::powf(#l, #r) },
                }
            }
            Scalar::BuiltIn(name, arguments) => self.built_in(name, arguments),
            Scalar::Distribution(path, arguments) => {
                let arguments = arguments.iter().map(|a| self.real(a));
                code! { #path(#(#arguments),*) }
            }
            Scalar::Cost(measure, path, arguments) => {
                let arguments = arguments.iter().map(|a| self.argument(a, path));
                let field = match measure {
                    Measure::Time => code!(flops),
                    Measure::Space => code!(bytes),
                    Measure::Size => code!(program_size),
                };
                code! { (#p::cost(#path::__call(#(#arguments),*)?.1)?.#field as f64) }
            }
            Scalar::Index(at, indices, span) => self.array_element(*at, indices, *span),
            Scalar::If { condition, then, otherwise, .. } if kind(scalar) != Kind::Typed => {
                let c = self.truth(condition);
                let [t, o] = [then, otherwise].map(|side| self.perhaps(|| self.real(side)));
                code! { (if #c { #t } else { #o }) }
            }
            _ => {
                let typed = self.typed(scalar);
                let span = span_of(&typed);
                let p = self.private_at(span);
                quote_spanned! {span=> #p::num(#typed) }
            }
        }
    }

    /// The scalar as a `bool`.
    pub(super) fn truth(&self, scalar: &Scalar) -> TokenStream {
        // No derivative passes through what is only compared.
        let saved = self.context.compared.replace(true);
        let truth = self.once_a_row("truth", scalar, |code| code.truth_here(scalar));
        self.context.compared.set(saved);
        truth
    }

    fn truth_here(&self, scalar: &Scalar) -> TokenStream {
        use BinaryOperator as B;
        match scalar {
            Scalar::Bool(b) => b.to_token_stream(),
            Scalar::Unary(UnaryOperator::Not, inner) => {
                let inner = self.truth(inner);
                code! { (!#inner) }
            }
            Scalar::Binary(operator, left, right, span) if kind(scalar) == Kind::Truth => {
                let compare = match operator {
                    B::And | B::Or | B::Xor => {
                        let (l, r) = (self.truth(left), self.perhaps(|| self.truth(right)));
                        return match operator {
                            B::And => code! { (#l && #r) },
                            B::Or => code! { (#l || #r) },
                            _ => code! { (#l ^ #r) },
                        };
                    }
                    B::Equal => quote_spanned!(*span=> eq),
                    B::NotEqual => quote_spanned!(*span=> ne),
                    B::Less => quote_spanned!(*span=> lt),
                    B::LessEqual => quote_spanned!(*span=> le),
                    B::Greater => quote_spanned!(*span=> gt),
                    _ => quote_spanned!(*span=> ge),
                };
                let [l, r] = [left, right].map(|side| {
                    let code = bare(self.typed(side));
                    if is_computed(side) { located(code, word_of(side, *span)) } else { code }
                });
                let p = self.private_at(*span);
                quote_spanned! {*span=> #p::#compare(#l, #r) }
            }
            Scalar::If { condition, then, otherwise, .. } if kind(scalar) == Kind::Truth => {
                let c = self.truth(condition);
                let [t, o] = [then, otherwise].map(|side| self.perhaps(|| self.truth(side)));
                code! { (if #c { #t } else { #o }) }
            }
            _ if kind(scalar) == Kind::Real => {
                let real = self.real(scalar);
                code! { (#real != 0.0) }
            }
            _ => {
                let typed = self.typed(scalar);
                let span = span_of(&typed);
                let p = self.private_at(span);
                quote_spanned! {span=> #p::truth(#typed) }
            }
        }
    }

    /// The scalar as whatever type it has.
    pub(super) fn typed(&self, scalar: &Scalar) -> TokenStream {
        let p = self.private();
        match scalar {
            Scalar::Parameter(at, word) => blamed(&self.model.parameters[*at].name, word.0).to_token_stream(),
            Scalar::Axis(axis, word) => blamed(self.names.value(*axis), *word).to_token_stream(),
            Scalar::Path(path) => path.to_token_stream(),
            Scalar::Rust(tokens) => code! { { #tokens } },
            Scalar::Member(base, name) => {
                let base = self.typed(base);
                code! { (#base).#name }
            }
            Scalar::TupleMember(base, at) => {
                let base = self.typed(base);
                let at = Literal::u32_unsuffixed(*at);
                code! { (#base).#at }
            }
            Scalar::ElementOf(base, index) => {
                let text = crate::tensor::print_scalar(self.program, base);
                let (base, index) = (self.typed(base), self.real(index));
                let model = self.program.name.as_str();
                code! { { let array = #base; array[#p::element_at(#model, #text, &array, #index)?] } }
            }
            Scalar::Call(path, arguments) => {
                let span = span_of_path(path);
                let arguments = arguments.iter().map(|a| self.given(a, path));
                quote_spanned! {span=> #path(#(#arguments),*) }
            }
            Scalar::If { condition, then, otherwise, .. } if kind(scalar) == Kind::Typed => {
                let c = self.truth(condition);
                let [t, o] = [then, otherwise].map(|side| self.perhaps(|| self.typed(side)));
                code! { (if #c { #t } else { #o }) }
            }
            _ if kind(scalar) == Kind::Truth => self.truth(scalar),
            _ => self.real(scalar),
        }
    }

    /// The scalar as an argument of a Rust function: a computed number is
    /// converted to the type of the parameter.
    pub(super) fn argument(&self, scalar: &Scalar, callee: &syn::Path) -> TokenStream {
        if kind(scalar) == Kind::Real {
            self.converted(&bare(self.real(scalar)), callee)
        } else {
            self.typed(scalar)
        }
    }

    /// A number as the type of a parameter.
    pub(super) fn converted(&self, real: &TokenStream, callee: &syn::Path) -> TokenStream {
        let blame = span_of_path(callee);
        let p = self.private_at(blame);
        let (model, function) = (self.program.name.as_str(), crate::tensor::path_text(callee));
        quote_spanned! {blame.resolved_at(Span::mixed_site())=> #p::arg(#model, #function, #real)? }
    }

    /// The same, where a computed number through which a derivative is to pass stays a real
    /// one: that tells rustc what a function is generic over.
    fn given(&self, scalar: &Scalar, callee: &syn::Path) -> TokenStream {
        let moves = self.activity.as_ref().is_some_and(|activity| activity.of(scalar));
        if moves && kind(scalar) == Kind::Real && !self.context.compared.get() {
            let (real, blame) = (bare(self.real(scalar)), span_of_path(callee));
            return quote_spanned! {blame.resolved_at(Span::mixed_site())=> (#real) };
        }
        self.argument(scalar, callee)
    }

    /// One number of a table.
    pub(super) fn element(&self, factor: &Factor) -> TokenStream {
        if let Some(read) = self.old(factor).or_else(|| self.in_row(factor)) {
            return read;
        }
        let (table, index) = self.within(factor, factor.axes.len());
        code! { #table[#index] }
    }

    /// The flat index of a factor's first `places` axes.
    pub(super) fn index(&self, factor: &Factor, places: usize) -> TokenStream {
        if self.is_passing(factor.definition.0) {
            // The row at hand is all there is of it.
            let at = factor.axes.last().filter(|_| places == factor.axes.len()).map(|a| self.names.at(*a));
            return at.map_or_else(|| code! { 0 }, |at| code! { #at });
        }
        self.index_from(factor, 0, places)
    }

    /// The same of a part of the table, with all its axes from some place on.
    pub(super) fn index_from(&self, factor: &Factor, first: usize, places: usize) -> TokenStream {
        let mut index = TokenStream::new();
        for (place, axis) in factor.axes.iter().enumerate().take(places).skip(first) {
            let at = self.names.at(*axis);
            // The stride is that of the definition's own axis in this place.
            let own = &self.program.definition(factor.definition).axes;
            let step = self.step(own[place], place + 1 == own.len());
            index = match place - first {
                // A table that is read where it is overwritten, part by part.
                0 if first == 0 && self.is_split(*axis) && self.is_filled(factor.definition.0) => {
                    code! { (#at - range.start) }
                }
                0 => code! { #at },
                1 => code! { #index * #step + #at },
                _ => code! { (#index) * #step + #at },
            };
        }
        if index.is_empty() {
            code! { 0 }
        } else {
            index
        }
    }

    fn built_in(&self, name: &str, arguments: &[Scalar]) -> TokenStream {
        let kernel = match (name, arguments) {
            ("exp", [x]) => self.staged("exp_all", x, None),
            ("log" | "ln", [x]) => self.staged("ln_all", x, None),
            ("tanh", [x]) => self.staged("tanh_all", x, None),
            ("pow", [x, y]) => self.staged("pow_all", x, Some(y)),
            _ => None,
        };
        if let Some(staged) = kernel {
            return staged;
        }
        let values: Vec<TokenStream> = arguments.iter().map(|a| bare(self.real(a))).collect();
        if name == "exp" {
            let p = self.private();
            return code! { #p::exp(#(#values),*) };
        }
        let method = match name {
            "log" | "ln" => code!(ln),
            "pow" => code!(powf),
            other => {
                let word = Ident::new(other, Span::mixed_site());
                code!(#word)
            }
        };
        code! { f64::#method(#(#values),*) }
    }

    /// `w[x, y]`: tables by typed key, arrays by number.
    fn array_element(&self, at: usize, indices: &[Scalar], span: Span) -> TokenStream {
        let p = self.private();
        let parameter = &self.model.parameters[at];
        let (name, text) = (&parameter.name, parameter.name.to_string());
        let model = self.program.name.as_str();
        if parameter.is_table() {
            // A number becomes a value of the axis.
            let key = |index: &Scalar| match kind(index) {
                Kind::Real => {
                    let real = bare(self.real(index));
                    quote_spanned! {span=> #p::arg(#model, #text, #real)? }
                }
                _ => self.typed(index),
            };
            let keys: Vec<TokenStream> = indices.iter().map(key).collect();
            let key = if keys.len() == 1 {
                code! { #(#keys)* }
            } else {
                code! { (#(#keys),*) }
            };
            return quote_spanned! {span=> #p::table_at(#model, #text, #name.get(#key))? };
        }
        let places = indices.iter().map(|i| self.array_index(i));
        quote_spanned! {span=> #p::array_at(#model, #text, #name, [#(#places),*])? }
    }

    /// The place of an element among those of an array.
    pub(super) fn place_in_array(&self, at: usize, indices: &[Scalar]) -> TokenStream {
        let p = self.private();
        let (name, text) = (&self.model.parameters[at].name, self.program.parameters[at].as_str());
        let model = self.program.name.as_str();
        let places = indices.iter().map(|i| self.array_index(i));
        code! { #p::array_place(#model, #text, #name, [#(#places),*])? }
    }

    /// The scalar as an index of an array.
    fn array_index(&self, scalar: &Scalar) -> TokenStream {
        let p = self.private();
        let value = match scalar {
            Scalar::Axis(..) => self.typed(scalar),
            _ => bare(self.real(scalar)),
        };
        code! { #p::at(#value) }
    }

    /// The scalar as `factor · exp(exponent)`, if it has no sums of such.
    pub(super) fn weighted(&self, scalar: &Scalar) -> Option<(TokenStream, TokenStream)> {
        use BinaryOperator as B;
        if !scalar.is_scaled() {
            return Some((self.real(scalar), code! { 0.0 }));
        }
        match scalar {
            Scalar::BuiltIn(_, arguments) => Some((code! { 1.0 }, self.real(&arguments[0]))),
            Scalar::Unary(_, inner) => self.weighted(inner),
            Scalar::Binary(B::Multiply, left, right, _) => {
                let ((f, e), (g, d)) = (self.weighted(left)?, self.weighted(right)?);
                let factor = match (is(&f, "1.0"), is(&g, "1.0")) {
                    (true, _) => g,
                    (_, true) => f,
                    _ => code! { (#f * #g) },
                };
                let exponent = match (is(&e, "0.0"), is(&d, "0.0")) {
                    (true, _) => d,
                    (_, true) => e,
                    _ => code! { (#e + #d) },
                };
                Some((factor, exponent))
            }
            Scalar::Binary(B::Divide, left, right, _) if !right.is_scaled() => {
                let ((f, e), divisor) = (self.weighted(left)?, self.real(right));
                Some((code! { (#f / #divisor) }, e))
            }
            Scalar::If { condition, then, otherwise, .. } => {
                let [then, otherwise] = [then, otherwise].map(|side| self.perhaps(|| self.weighted(side)));
                let ((f, e), (g, d)) = (then?, otherwise?);
                let c = self.truth(condition);
                let choose = |a: TokenStream, b: TokenStream| {
                    if a.to_string() == b.to_string() {
                        a
                    } else {
                        code! { (if #c { #a } else { #b }) }
                    }
                };
                Some((choose(f, g), choose(e, d)))
            }
            _ => None,
        }
    }

    /// The scalar as a `Scaled`.
    pub(super) fn scaled(&self, scalar: &Scalar) -> TokenStream {
        let p = self.private();
        if !scalar.is_scaled() {
            let real = bare(self.real(scalar));
            return code! { #p::Scaled::plain(#real) };
        }
        match scalar {
            Scalar::BuiltIn(_, arguments) => {
                let exponent = bare(self.real(&arguments[0]));
                code! { #p::Scaled::exp(#exponent) }
            }
            Scalar::Unary(_, inner) => self.scaled(inner),
            Scalar::Binary(operator, left, right, _) => {
                let (l, r) = (self.scaled(left), self.scaled(right));
                arithmetic(*operator, &l, &r)
            }
            Scalar::If { condition, then, otherwise, .. } => {
                let c = self.truth(condition);
                let [t, o] = [then, otherwise].map(|side| self.perhaps(|| self.scaled(side)));
                code! { (if #c { #t } else { #o }) }
            }
            _ => unreachable!("bug in memo: only sums, products and branches are scaled"),
        }
    }
}

/// A name of ours that stands for a word of the user's: errors point there.
pub(super) fn blamed(name: &Ident, word: Span) -> Ident {
    let mut name = name.clone();
    name.set_span(word.resolved_at(name.span()));
    name
}

/// The word by which a value stands in the source, if it has one.
fn word_of(scalar: &Scalar, otherwise: Span) -> Span {
    match scalar {
        Scalar::Binary(.., word) | Scalar::Index(.., word) | Scalar::Axis(_, word) => *word,
        Scalar::Unary(_, inner) => word_of(inner, otherwise),
        _ => otherwise,
    }
}

/// Code of ours that stands at a word of the user's, but for what is in brackets: errors
/// about all of it point there.
fn located(code: TokenStream, word: Span) -> TokenStream {
    let at_word = |mut token: TokenTree| {
        token.set_span(token.span().located_at(word));
        token
    };
    code.into_iter().map(at_word).collect()
}

pub(super) fn span_of_path(path: &syn::Path) -> Span {
    path.segments.last().map_or_else(Span::call_site, |s| s.ident.span())
}

/// A path of ours, all of which points at a word of the user's.
pub(super) fn respanned(path: &TokenStream, word: Span) -> TokenStream {
    let at_word = |mut token: TokenTree| {
        token.set_span(word);
        token
    };
    path.clone().into_iter().map(at_word).collect()
}

pub(super) fn span_of(tokens: &TokenStream) -> Span {
    let first = tokens.clone().into_iter().next();
    first.map_or_else(Span::mixed_site, |t| t.span().resolved_at(Span::mixed_site()))
}

/// Whether code is this number.
fn is(code: &TokenStream, number: &str) -> bool {
    code.to_string() == number
}

/// A sum, a difference, a product or a quotient, of numbers of any kind.
pub(super) fn arithmetic(operator: BinaryOperator, l: &TokenStream, r: &TokenStream) -> TokenStream {
    match operator {
        BinaryOperator::Add => code! { (#l + #r) },
        BinaryOperator::Subtract => code! { (#l - #r) },
        BinaryOperator::Multiply => code! { (#l * #r) },
        BinaryOperator::Divide => code! { (#l / #r) },
        _ => unreachable!("bug in memo: no arithmetic"),
    }
}
