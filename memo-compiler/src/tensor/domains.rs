//! Domains as the code has them.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Expr;
use syn::visit_mut::{VisitMut, visit_expr_mut};

/// A domain with arrays of anything: Rust repeats only what is `Copy` or has a name,
/// so that `[0..1000; 25]` would not do.
pub(super) fn with_arrays(domain: &TokenStream) -> TokenStream {
    let Ok(mut expression) = syn::parse2::<Expr>(domain.clone()) else { return domain.clone() };
    let mut arrays = Arrays { found: false };
    arrays.visit_expr_mut(&mut expression);
    if arrays.found { expression.into_token_stream() } else { domain.clone() }
}

struct Arrays {
    found: bool,
}

impl VisitMut for Arrays {
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        visit_expr_mut(self, e);
        if let Expr::Repeat(array) = e
            && !matches!(*array.expr, Expr::Path(_))
        {
            self.found = true;
            let (element, length) = (&array.expr, &array.len);
            let word = array.bracket_token.span.join().resolved_at(Span::mixed_site());
            *e = Expr::Verbatim(
                quote_spanned! {word=> ::core::array::from_fn::<_, { #length }, _>(|_| #element) },
            );
        }
    }
}
