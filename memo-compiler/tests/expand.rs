//! What `#[memo]` leaves behind, as a person would read it.
//!
//! `EXPAND_UPDATE=1` writes the expected files anew.

use std::path::Path;

/// Compares the expansion of a model with the file of its name.
fn check(name: &str, item: &str) {
    is_written(name, &expanded(name, "", item));
}

/// The same of some functions that a model has with an option.
fn check_functions(name: &str, option: &str, functions: &[&str], item: &str) {
    let mut file = expanded(name, option, item);
    for item in &mut file.items {
        if let syn::Item::Impl(methods) = item {
            methods.items.retain(|item| match item {
                syn::ImplItem::Fn(function) => functions.iter().any(|name| function.sig.ident == name),
                _ => false,
            });
        }
    }
    file.items.retain(|item| matches!(item, syn::Item::Impl(methods) if !methods.items.is_empty()));
    is_written(name, &file);
}

fn expanded(name: &str, option: &str, item: &str) -> syn::File {
    let [option, item] =
        [option, item].map(|text| text.parse().unwrap_or_else(|error| panic!("{name}: {error}")));
    let expanded = memo_compiler::expand(option, item);
    syn::parse2(expanded).unwrap_or_else(|error| panic!("{name}: the expansion is not Rust: {error}"))
}

fn is_written(name: &str, file: &syn::File) {
    let text = prettyplease::unparse(file);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expand").join(format!("{name}.expanded"));
    if std::env::var_os("EXPAND_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap_or_else(|error| panic!("{error}"));
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == expected,
        "{name} expands to something else; if that is right, run with EXPAND_UPDATE=1\n{text}"
    );
}

/// The model `name` of an example.
fn example(file: &str, name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/models").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let model = file.items.into_iter().find_map(|item| match item {
        syn::Item::Fn(function) if function.sig.ident == name => Some(function),
        _ => None,
    });
    let mut model = model.unwrap_or_else(|| panic!("there is no model {name}"));
    // The compiler gets the function without the attribute that called it.
    model.attrs.retain(|attribute| !attribute.path().is_ident("memo"));
    quote::ToTokens::to_token_stream(&model).to_string()
}

#[test]
fn the_lewis_game() {
    check("lewis_game", &example("lewis_game.rs", "listener"));
}

#[test]
fn a_snapshot_that_looks_ahead() {
    check("crying_baby", &example("crying_baby.rs", "q"));
}

#[test]
fn a_posterior_by_what_is_not_0() {
    check("empowerment_receiver", &example("empowerment.rs", "receiver"));
}

#[test]
fn rows_in_passing() {
    check("empowerment_sender", &example("empowerment.rs", "sender"));
}

/// The ways back, forward, and back with what all changes by, with a function of the
/// user's in them.
#[test]
fn derivatives() {
    let item = "fn takes<n: COINS>(greed: f64) { model! {
        child: chooses(n in COINS, wpp = exp(greed * worth(n, greed)));
        return Pr[child.n == n];
    } }";
    check_functions("takes", "grad", &["__backward", "__tangent", "__second"], item);
}
