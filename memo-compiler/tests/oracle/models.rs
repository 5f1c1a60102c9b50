//! What the tests with random models share: reading a model, and its domains.

use memo_compiler::diagnostics::Errors;
use memo_compiler::syntax::{Model, parse};

/// `A3` is 0, 1, 2.
pub(crate) fn domains(text: &str) -> Option<Vec<f64>> {
    let size: usize = text.strip_prefix('A')?.parse().ok()?;
    Some((0..size).map(|x| x as f64).collect())
}

/// The syntax tree of a model, or the first thing that is wrong with it.
pub(crate) fn model_of(text: &str) -> Result<Model, String> {
    let tokens = text.parse().map_err(|error| format!("{error}"))?;
    let mut errors = Errors::new();
    let model = parse(proc_macro2::TokenStream::new(), tokens, &mut errors);
    match (model, errors.found().first()) {
        (Some(model), None) => Ok(model),
        (_, Some(error)) => Err(error.message.clone()),
        (None, None) => Err("no model".into()),
    }
}
