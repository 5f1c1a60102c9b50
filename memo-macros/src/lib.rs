//! The procedural macros of memo: a thin shell around `memo_compiler`.

use proc_macro::TokenStream;

mod domain;

/// Compiles a model: see the documentation of the crate `memo`.
#[proc_macro_attribute]
pub fn memo(attribute: TokenStream, item: TokenStream) -> TokenStream {
    memo_compiler::expand(attribute.into(), item.into()).into()
}

/// The body of a model; only within a function marked `#[memo]`.
#[proc_macro]
pub fn model(_: TokenStream) -> TokenStream {
    memo_compiler::stray_model().into()
}

/// Makes an enum or a struct a domain: the finite, ordered set of its values.
#[proc_macro_derive(Domain, attributes(domain))]
pub fn derive_domain(item: TokenStream) -> TokenStream {
    domain::derive(item.into()).into()
}
