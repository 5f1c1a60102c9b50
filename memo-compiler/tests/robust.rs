//! Large and deep models compile, in no more time than they are long.

use proc_macro2::TokenStream;

fn compiles(model: &str) {
    let tokens: TokenStream = model.parse().unwrap_or_else(|error| panic!("{error}"));
    let errors = memo_compiler::diagnose(TokenStream::new(), tokens.clone());
    assert!(errors.is_empty(), "{:?}", errors.found());
    let file = syn::parse2::<syn::File>(memo_compiler::expand(TokenStream::new(), tokens));
    assert!(file.is_ok(), "the expansion is not Rust");
}

#[test]
fn minds_in_thirty_minds() {
    let names: Vec<String> = (0..30).map(|at| format!("m{at}")).collect();
    let thinks: String = names.iter().map(|name| format!("{name}: thinks[ ")).collect();
    let asks = names.iter().rev().fold("E[z.y]".to_string(), |asked, name| format!("{name}[{asked}]"));
    let ends = " ]".repeat(30);
    compiles(&format!(
        "fn f<x: X>() {{ model! {{ {thinks} z: chooses(y in X, wpp = 1 + y) {ends}; return {asks} + x; }} }}"
    ));
}

#[test]
fn thirty_imagined_worlds() {
    let worlds = (0..30).fold("1".to_string(), |inner, at| {
        format!("imagine[ a{at}: chooses(y in X, wpp = 1 + y), E[a{at}.y] * {inner} ]")
    });
    compiles(&format!("fn f<x: X>() {{ model! {{ return {worlds} + x; }} }}"));
}

#[test]
fn thirty_conditions_and_expectations() {
    let conditions =
        (0..30).fold("x".to_string(), |inner, at| format!("({inner} + 1 if x == {at} else 2 * {at})"));
    let means = (0..30).fold("b.y".to_string(), |inner, at| format!("E[{inner} + {at}]"));
    compiles(&format!(
        "fn f<x: X>() {{ model! {{ b: chooses(y in X, wpp = 1 + y); return {means} * {conditions}; }} }}"
    ));
}

#[test]
fn two_hundred_choices_in_one_mind() {
    let choices: String =
        (1..200).map(|at| format!("a: chooses(x{at} in X, wpp = 1 + (x{} == x{at}));\n", at - 1)).collect();
    compiles(&format!(
        "fn f<x: X>() {{ model! {{ a: chooses(x0 in X, wpp = 1 + x0); {choices} return Pr[a.x199 == x]; }} }}"
    ));
}
