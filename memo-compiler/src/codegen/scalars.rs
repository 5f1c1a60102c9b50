//! Scalars as Rust expressions.
//!
//! An expression is a real number, a truth value or of a type that only rustc
//! knows (a choice, a path, the result of a user's function); each is turned
//! into what its place wants.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::Code;
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
        Scalar::Parameter(_)
        | Scalar::Axis(_)
        | Scalar::Path(_)
        | Scalar::Rust(_)
        | Scalar::Member(..)
        | Scalar::TupleMember(..)
        | Scalar::ElementOf(..)
        | Scalar::Call(..) => Kind::Typed,
    }
}

impl Code<'_> {
    /// The scalar as an `f64`.
    pub(super) fn real(&self, scalar: &Scalar) -> TokenStream {
        let p = self.private();
        match scalar {
            Scalar::Number(x) => Literal::f64_unsuffixed(*x).into_token_stream(),
            Scalar::Bool(b) => Literal::f64_unsuffixed(f64::from(u8::from(*b))).into_token_stream(),
            Scalar::Element(factor) => self.element(factor),
            Scalar::Unary(UnaryOperator::Negate, inner) => {
                let inner = self.real(inner);
                quote! { (-#inner) }
            }
            Scalar::Unary(UnaryOperator::Plus, inner) => self.real(inner),
            Scalar::Binary(operator, left, right, _) if kind(scalar) == Kind::Real => {
                let (l, r) = (self.real(left), self.real(right));
                match operator {
                    BinaryOperator::Add => quote! { (#l + #r) },
                    BinaryOperator::Subtract => quote! { (#l - #r) },
                    BinaryOperator::Multiply => quote! { (#l * #r) },
                    BinaryOperator::Divide => quote! { (#l / #r) },
                    BinaryOperator::Remainder => quote! { #p::remainder(#l, #r) },
                    _ => quote! { f64::powf(#l, #r) },
                }
            }
            Scalar::BuiltIn(name, arguments) => self.built_in(name, arguments),
            Scalar::Distribution(path, arguments) => {
                let arguments = arguments.iter().map(|a| self.real(a));
                quote! { #path(#(#arguments),*) }
            }
            Scalar::Cost(measure, path, arguments) => {
                let arguments = arguments.iter().map(|a| self.argument(a));
                let field = match measure {
                    Measure::Time => quote!(flops),
                    Measure::Space => quote!(bytes),
                    Measure::Size => quote!(program_size),
                };
                quote! { (#p::cost(#path::__job(#(#arguments),*))?.#field as f64) }
            }
            Scalar::Index(at, indices, span) => self.index(*at, indices, *span),
            Scalar::If { condition, then, otherwise, .. } if kind(scalar) != Kind::Typed => {
                let (c, t, o) = (self.truth(condition), self.real(then), self.real(otherwise));
                quote! { (if #c { #t } else { #o }) }
            }
            _ => {
                let typed = self.typed(scalar);
                let span = span_of(&typed);
                quote_spanned! {span=> #p::num(#typed) }
            }
        }
    }

    /// The scalar as a `bool`.
    pub(super) fn truth(&self, scalar: &Scalar) -> TokenStream {
        use BinaryOperator as B;
        let p = self.private();
        match scalar {
            Scalar::Bool(b) => b.to_token_stream(),
            Scalar::Unary(UnaryOperator::Not, inner) => {
                let inner = self.truth(inner);
                quote! { (!#inner) }
            }
            Scalar::Binary(operator, left, right, span) if kind(scalar) == Kind::Truth => {
                let compare = match operator {
                    B::And | B::Or | B::Xor => {
                        let (l, r) = (self.truth(left), self.truth(right));
                        return match operator {
                            B::And => quote! { (#l && #r) },
                            B::Or => quote! { (#l || #r) },
                            _ => quote! { (#l ^ #r) },
                        };
                    }
                    B::Equal => quote_spanned!(*span=> eq),
                    B::NotEqual => quote_spanned!(*span=> ne),
                    B::Less => quote_spanned!(*span=> lt),
                    B::LessEqual => quote_spanned!(*span=> le),
                    B::Greater => quote_spanned!(*span=> gt),
                    _ => quote_spanned!(*span=> ge),
                };
                let (l, r) = (self.typed(left), self.typed(right));
                quote_spanned! {*span=> #p::#compare(#l, #r) }
            }
            Scalar::If { condition, then, otherwise, .. } if kind(scalar) == Kind::Truth => {
                let (c, t, o) = (self.truth(condition), self.truth(then), self.truth(otherwise));
                quote! { (if #c { #t } else { #o }) }
            }
            _ if kind(scalar) == Kind::Real => {
                let real = self.real(scalar);
                quote! { (#real != 0.0) }
            }
            _ => {
                let typed = self.typed(scalar);
                let span = span_of(&typed);
                quote_spanned! {span=> #p::truth(#typed) }
            }
        }
    }

    /// The scalar as whatever type it has.
    pub(super) fn typed(&self, scalar: &Scalar) -> TokenStream {
        let p = self.private();
        match scalar {
            Scalar::Parameter(at) => self.model.parameters[*at].name.to_token_stream(),
            Scalar::Axis(axis) => self.names.value(*axis).to_token_stream(),
            Scalar::Path(path) => path.to_token_stream(),
            Scalar::Rust(tokens) => quote! { { #tokens } },
            Scalar::Member(base, name) => {
                let base = self.typed(base);
                quote! { (#base).#name }
            }
            Scalar::TupleMember(base, at) => {
                let base = self.typed(base);
                let at = Literal::u32_unsuffixed(*at);
                quote! { (#base).#at }
            }
            Scalar::ElementOf(base, index) => {
                let (base, index) = (self.typed(base), self.real(index));
                let model = self.program.name.as_str();
                quote! { #p::element_of(#model, #base, #index)? }
            }
            Scalar::Call(path, arguments) => {
                let arguments = arguments.iter().map(|a| self.argument(a));
                quote! { #path(#(#arguments),*) }
            }
            Scalar::If { condition, then, otherwise, .. } if kind(scalar) == Kind::Typed => {
                let (c, t, o) = (self.truth(condition), self.typed(then), self.typed(otherwise));
                quote! { (if #c { #t } else { #o }) }
            }
            _ if kind(scalar) == Kind::Truth => self.truth(scalar),
            _ => self.real(scalar),
        }
    }

    /// The scalar as an argument of a Rust function: a computed number is
    /// converted to the type of the parameter.
    pub(super) fn argument(&self, scalar: &Scalar) -> TokenStream {
        if kind(scalar) == Kind::Real {
            let p = self.private();
            let real = self.real(scalar);
            quote! { #p::arg(#real) }
        } else {
            self.typed(scalar)
        }
    }

    /// One number of a table, by flat index.
    pub(super) fn element(&self, factor: &Factor) -> TokenStream {
        let table = self.names.table(factor.definition.0);
        let mut index = TokenStream::new();
        for (place, axis) in factor.axes.iter().enumerate() {
            let at = self.names.at(*axis);
            // The stride is that of the definition's own axis in this place.
            let own = self.program.definition(factor.definition).axes[place];
            let (_, count) = self.names.domain(self.program.axes[own.0].domain.0);
            index = match place {
                0 => quote! { #at },
                1 => quote! { #index * #count + #at },
                _ => quote! { (#index) * #count + #at },
            };
        }
        if index.is_empty() {
            index = quote! { 0 };
        }
        quote! { #table[#index] }
    }

    fn built_in(&self, name: &str, arguments: &[Scalar]) -> TokenStream {
        let values: Vec<TokenStream> = arguments.iter().map(|a| self.real(a)).collect();
        let method = match name {
            "log" | "ln" => quote!(ln),
            "pow" => quote!(powf),
            other => {
                let word = proc_macro2::Ident::new(other, proc_macro2::Span::mixed_site());
                quote!(#word)
            }
        };
        quote! { f64::#method(#(#values),*) }
    }

    /// `w[x, y]`: tables by typed key, arrays by number.
    fn index(&self, at: usize, indices: &[Scalar], span: proc_macro2::Span) -> TokenStream {
        let p = self.private();
        let parameter = &self.model.parameters[at];
        let (name, text) = (&parameter.name, parameter.name.to_string());
        let model = self.program.name.as_str();
        if is_table(&parameter.ty) {
            let keys: Vec<TokenStream> = indices.iter().map(|i| self.typed(i)).collect();
            let key = if keys.len() == 1 {
                quote! { #(#keys)* }
            } else {
                quote! { (#(#keys),*) }
            };
            return quote_spanned! {span=> #p::table_at(#model, #text, #name.get(#key))? };
        }
        let numbers = indices.iter().map(|i| self.real(i));
        quote_spanned! {span=> #p::array_at(#model, #text, #name, &[#(#numbers),*])? }
    }

    /// Whether a weight has an exponential that a plain product or sum would
    /// let overflow.
    pub(super) fn is_scaled(scalar: &Scalar) -> bool {
        use BinaryOperator as B;
        match scalar {
            Scalar::BuiltIn("exp", _) => true,
            Scalar::Unary(UnaryOperator::Plus, inner) => Self::is_scaled(inner),
            Scalar::Binary(B::Add | B::Subtract | B::Multiply | B::Divide, left, right, _) => {
                Self::is_scaled(left) || Self::is_scaled(right)
            }
            Scalar::If { then, otherwise, .. } => Self::is_scaled(then) || Self::is_scaled(otherwise),
            _ => false,
        }
    }

    /// The scalar as a `Scaled`.
    pub(super) fn scaled(&self, scalar: &Scalar) -> TokenStream {
        use BinaryOperator as B;
        let p = self.private();
        if !Self::is_scaled(scalar) {
            let real = self.real(scalar);
            return quote! { #p::Scaled::from(#real) };
        }
        match scalar {
            Scalar::BuiltIn(_, arguments) => {
                let exponent = self.real(&arguments[0]);
                quote! { #p::Scaled::exp(#exponent) }
            }
            Scalar::Unary(_, inner) => self.scaled(inner),
            Scalar::Binary(operator, left, right, _) => {
                let (l, r) = (self.scaled(left), self.scaled(right));
                match operator {
                    B::Add => quote! { (#l + #r) },
                    B::Subtract => quote! { (#l - #r) },
                    B::Multiply => quote! { (#l * #r) },
                    _ => quote! { (#l / #r) },
                }
            }
            Scalar::If { condition, then, otherwise, .. } => {
                let (c, t, o) = (self.truth(condition), self.scaled(then), self.scaled(otherwise));
                quote! { (if #c { #t } else { #o }) }
            }
            _ => unreachable!("bug in memo: only sums, products and branches are scaled"),
        }
    }
}

fn span_of(tokens: &TokenStream) -> proc_macro2::Span {
    let first = tokens.clone().into_iter().next();
    first
        .map_or_else(proc_macro2::Span::mixed_site, |t| t.span().resolved_at(proc_macro2::Span::mixed_site()))
}

/// Whether a parameter's type is `Table<…>`, behind references or not.
fn is_table(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Reference(reference) => is_table(&reference.elem),
        syn::Type::Path(path) => path.path.segments.last().is_some_and(|s| s.ident == "Table"),
        _ => false,
    }
}
