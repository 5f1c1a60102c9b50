//! Scalars as numbers that may carry derivatives.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::super::bare;
use super::super::scalars::{self, arithmetic};
use super::Way;
use crate::syntax::{BinaryOperator, UnaryOperator};
use crate::tensor::{Factor, Scalar};

/// A number as code: one that carries derivatives, or a plain one.
pub(super) struct Number {
    pub(super) code: TokenStream,
    pub(super) moves: bool,
}

impl Way<'_> {
    /// The scalar as `factor · exp(exponent)`; nothing for a factor of 1 or an exponent
    /// of 0. How a number of each is made is said by `numbers`.
    pub(super) fn weighted(
        &self,
        scalar: &Scalar,
        numbers: [&dyn Fn(&Scalar) -> Number; 2],
    ) -> (Option<Number>, Option<Number>) {
        use BinaryOperator as B;
        let [of_factor, of_exponent] = numbers;
        if !scalar.is_scaled() {
            let one = matches!(scalar, Scalar::Number(1.0));
            return ((!one).then(|| of_factor(scalar)), None);
        }
        let both = |a: Option<Number>,
                    b: Option<Number>,
                    join: &dyn Fn(TokenStream, TokenStream) -> TokenStream| match (a, b) {
            (Some(a), Some(b)) => Some(Number { moves: a.moves || b.moves, code: join(a.code, b.code) }),
            (a, b) => a.or(b),
        };
        match scalar {
            Scalar::BuiltIn(_, arguments) => (None, Some(of_exponent(&arguments[0]))),
            Scalar::Unary(_, inner) => self.weighted(inner, numbers),
            Scalar::Binary(B::Multiply, left, right, _) => {
                let ((f, e), (g, d)) = (self.weighted(left, numbers), self.weighted(right, numbers));
                (both(f, g, &|f, g| code! { (#f * #g) }), both(e, d, &|e, d| code! { (#e + #d) }))
            }
            Scalar::Binary(_, left, right, _) => {
                let ((f, e), divisor) = (self.weighted(left, numbers), of_factor(right));
                let f = f.unwrap_or_else(|| Number { code: code! { 1f64 }, moves: false });
                let (code, by) = (f.code, divisor.code);
                (Some(Number { code: code! { (#code / #by) }, moves: f.moves || divisor.moves }), e)
            }
            Scalar::If { condition, then, otherwise, .. } => {
                let ((f, e), (g, d)) = (self.weighted(then, numbers), self.weighted(otherwise, numbers));
                let truth = self.code.truth(condition);
                let choose = |a: Option<Number>, b: Option<Number>, else_is: f64| {
                    let constant = Literal::f64_suffixed(else_is);
                    let filled = |side: Option<Number>| {
                        side.unwrap_or_else(|| Number { code: code! { #constant }, moves: false })
                    };
                    (a.is_some() || b.is_some()).then(|| self.either(&truth, filled(a), filled(b)))
                };
                (choose(f, g, 1.0), choose(e, d, 0.0))
            }
            _ => unreachable!("bug in memo: a weight of one exponential is a product or a branch"),
        }
    }

    pub(super) fn either(&self, truth: &TokenStream, then: Number, otherwise: Number) -> Number {
        let moves = then.moves || otherwise.moves;
        let [then, otherwise] =
            [then, otherwise].map(|side| if moves { self.carried(&side) } else { side.code });
        Number { code: code! { (if #truth { #then } else { #otherwise }) }, moves }
    }

    /// A scalar as a number.
    pub(super) fn number(&self, scalar: &Scalar) -> Number {
        let p = self.code.private();
        if !self.is_moving(scalar) {
            let real = bare(self.code.real(scalar));
            // Operators are told what it is.
            return Number { code: code! { #p::plain(#real) }, moves: false };
        }
        let code = match scalar {
            Scalar::Parameter(at, _) => Self::moving(*at).to_token_stream(),
            Scalar::Element(factor) => self.element(factor).code,
            Scalar::Index(at, indices, _) => {
                let (value, place) = (bare(self.code.real(scalar)), self.code.place_in_array(*at, indices));
                let (directions, first) = (Self::directions(), Self::first_direction(*at));
                code! { #p::Single::<#directions>::variable(#value, #first + #place) }
            }
            Scalar::Unary(UnaryOperator::Negate, inner) => {
                let inner = self.number(inner).code;
                code! { (-#inner) }
            }
            Scalar::Unary(_, inner) => self.number(inner).code,
            Scalar::Binary(BinaryOperator::Power, base, exponent, _) => self.power(base, exponent),
            Scalar::Binary(BinaryOperator::Remainder, left, right, _) => {
                let (l, r) = (self.moved(left), self.moved(right));
                code! { #p::remainder_of(#l, #r) }
            }
            Scalar::Distribution(path, arguments) => self.function(path, arguments, true),
            Scalar::Call(path, arguments) => self.function(path, arguments, false),
            Scalar::Binary(operator, left, right, _) => {
                let (l, r) = (self.number(left).code, self.number(right).code);
                arithmetic(*operator, &l, &r)
            }
            Scalar::If { condition, then, otherwise, .. } => {
                let truth = self.code.truth(condition);
                self.either(&truth, self.number(then), self.number(otherwise)).code
            }
            Scalar::BuiltIn("pow", arguments) => self.power(&arguments[0], &arguments[1]),
            Scalar::BuiltIn(name, arguments) => {
                let arguments = arguments.iter().map(|argument| self.moved(argument));
                let k = &self.code.krate;
                match *name {
                    "exp" => code! { #p::exp_of(#(#arguments),*) },
                    other => {
                        let name = Ident::new(if other == "log" { "ln" } else { other }, Span::mixed_site());
                        code! { #p::Single::from(#k::Real::#name(#(#arguments.dual()),*)) }
                    }
                }
            }
            _ => unreachable!("bug in memo: no derivative is carried through this"),
        };
        Number { code, moves: true }
    }

    fn power(&self, base: &Scalar, exponent: &Scalar) -> TokenStream {
        let (p, base) = (self.code.private(), self.moved(base));
        if self.is_moving(exponent) {
            let exponent = self.moved(exponent);
            return code! { #p::power_of(#base, #exponent) };
        }
        let exponent = self.number(exponent).code;
        code! { #p::fixed_power_of(#base, #exponent) }
    }

    /// A Rust function, through which numbers go that carry their derivatives: as many as it
    /// is handed, each a direction of its own, as on the way back, so that rustc says the same
    /// of one that lets none through. `plain` is a function of numbers alone.
    fn function(&self, path: &syn::Path, arguments: &[Scalar], plain: bool) -> TokenStream {
        let (code, span) = (self.code, scalars::span_of_path(path));
        let p = code.private_at(span);
        let krate = scalars::respanned(&code.krate, span);
        let here = quote_spanned! {span=> #krate::__private };
        let given = Ident::new("given", Span::mixed_site());
        let (mut moving, mut handed) = (Vec::new(), Vec::new());
        for argument in arguments {
            if self.is_moving(argument) {
                let direction = moving.len();
                let value = code! { #given[#direction].value() };
                moving.push(self.moved(argument));
                handed.push(quote_spanned! {span=> <#here::Derivative as #here::PassesThrough<_>>::carry(#value, #direction) });
            } else if plain {
                let value = bare(code.real(argument));
                handed.push(quote_spanned! {span=> #p::Beside::beside(#value) });
            } else if scalars::is_computed(argument) {
                handed.push(code.argument(argument, path));
            } else {
                let value = code.typed(argument);
                handed.push(quote_spanned! {span=> #p::Beside::beside(#value) });
            }
        }
        let called = quote_spanned! {span=> #path(#(#handed),*) };
        let made = quote_spanned! {span=> #here::loaded(#called).unloaded() };
        let (count, private) = (moving.len(), code.private());
        code! {
            {
                let #given = [#(#moving),*];
                let made: #private::Unloaded<#count> = #made;
                #private::through(&#given, made)
            }
        }
    }

    /// A scalar as a number that carries derivatives.
    pub(super) fn moved(&self, scalar: &Scalar) -> TokenStream {
        self.carried(&self.number(scalar))
    }

    pub(super) fn carried(&self, number: &Number) -> TokenStream {
        if number.moves { number.code.clone() } else { self.still(&number.code) }
    }

    pub(super) fn still(&self, number: &TokenStream) -> TokenStream {
        let (p, directions) = (self.code.private(), Self::directions());
        code! { #p::Single::<#directions>::from(#number) }
    }

    pub(super) fn of_factors(&self, factors: &[Factor]) -> bool {
        factors.iter().any(|factor| self.carries(factor))
    }

    /// Whether a scalar carries derivatives in the definition at hand.
    pub(super) fn is_moving(&self, scalar: &Scalar) -> bool {
        !self.still.get() && self.activity.of(scalar)
    }

    pub(super) fn carries(&self, factor: &Factor) -> bool {
        !self.still.get() && self.activity.of_definition(factor.definition.0)
    }

    pub(super) fn element(&self, factor: &Factor) -> Number {
        if self.carries(factor) {
            let table = self.code.names.table(factor.definition.0);
            let index = self.code.index(factor, factor.axes.len());
            return Number { code: code! { #table.number(#index) }, moves: true };
        }
        let (element, p) = (self.code.element(factor), self.code.private());
        Number { code: code! { #p::plain(#element) }, moves: false }
    }

    pub(super) fn product(&self, factors: &[Factor]) -> Number {
        let elements = factors.iter().map(|factor| self.element(factor).code);
        let product = elements.reduce(|a, b| code! { #a * #b });
        Number { code: product.unwrap_or_else(|| code! { 1f64 }), moves: self.of_factors(factors) }
    }

    pub(super) fn ratio(&self, number: &Number, scale: Option<&Number>) -> Number {
        let p = self.code.private();
        let Some(scale) = scale else { unreachable!("bug in memo: a ratio has a divisor") };
        let moves = number.moves || scale.moves;
        let (number, scale) = if moves {
            (self.carried(number), self.carried(scale))
        } else {
            (number.code.clone(), scale.code.clone())
        };
        let code = if moves {
            code! { #p::ratio_of(#number, #scale) }
        } else {
            code! { #p::ratio(#number, #scale) }
        };
        Number { code, moves }
    }

    /// A number in its place in a table, whose numbers may change.
    pub(super) fn written(
        &self,
        table: &Ident,
        moves: bool,
        place: &TokenStream,
        number: &Number,
    ) -> TokenStream {
        written_by(if moves && number.moves { "set" } else { "put" }, table, place, number)
    }
}

/// A number written to a table by one of its functions.
pub(super) fn written_by(how: &str, table: &Ident, place: &TokenStream, number: &Number) -> TokenStream {
    let (how, code) = (Ident::new(how, Span::mixed_site()), bare(number.code.clone()));
    code! { #table.#how(#place, #code); }
}
