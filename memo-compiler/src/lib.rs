//! The compiler of memo as an ordinary library: syntax → analysis → tensor IR
//! → code.
//!
//! `memo-macros` converts token streams and calls [`expand`]; everything else
//! can be tested without rustc.

mod analysis;
mod codegen;
pub mod diagnostics;
mod evaluate;
mod optimise;
pub mod syntax;
pub mod tensor;

use proc_macro2::TokenStream;
use quote::quote;

use diagnostics::Errors;

pub use analysis::{Explained, Place, Words, analyse, explain};
pub use evaluate::{evaluate, evaluate_program};
pub use optimise::{long, optimise};

/// The whole pipeline, a line a phase; errors stop it before the tensor IR is
/// used.
#[must_use]
pub fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    match front(attribute, item, &mut errors) {
        None => errors.to_compile_errors(),
        Some((model, ..)) if !errors.is_empty() => failed(&model, &errors),
        Some((model, program, explained)) => {
            let optimise = |program| optimise::optimise_without(program, &model.options.without);
            let explained = explained.map(|explained| explained.optimised(optimise));
            codegen::generate(&model, &optimise(program), explained.as_ref())
        }
    }
}

/// All that is wrong with a model.
#[must_use]
pub fn diagnose(attribute: TokenStream, item: TokenStream) -> Errors {
    let mut errors = Errors::new();
    let _ = front(attribute, item, &mut errors);
    errors
}

/// The phases that find mistakes; `None` where there is no model to speak of.
fn front(
    attribute: TokenStream,
    item: TokenStream,
    errors: &mut Errors,
) -> Option<(syntax::Model, tensor::Program, Option<Explained>)> {
    let model = syntax::parse(attribute, item, errors)?;
    codegen::check_parameters(&model, errors);
    let program = analyse(&model, errors);
    let mut explained = None;
    if errors.is_empty() {
        codegen::check_gradient(&model, &program, errors);
        explained = explain(&model, errors);
    }
    Some((model, program, explained))
}

/// The errors, and a stub with the model's signature so that nothing else
/// fails for its lack.
fn failed(model: &syntax::Model, errors: &Errors) -> TokenStream {
    let errors = errors.to_compile_errors();
    let stub = codegen::stub(model);
    quote! { #errors #stub }
}

/// What `model!` means outside `#[memo]`.
#[must_use]
pub fn stray_model() -> TokenStream {
    quote! {
        ::core::compile_error!("`model!` is the body of a function marked `#[memo]` and means nothing elsewhere\n  help: write `#[memo]` above the function, and nothing but `model! { … }` in it");
    }
}
