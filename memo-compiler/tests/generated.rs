//! Writes random models with the oracle's answers into the facade's tests, so
//! that the emitted code is checked as well as the tensor IR.
//!
//! `GENERATED_UPDATE=1 cargo test -p memo-lang-compiler --test generated`
//! writes `tests/generated/models.rs` anew.

#[path = "oracle/interpreter.rs"]
mod interpreter;
#[path = "oracle/models.rs"]
mod models;
#[path = "oracle/random_models.rs"]
mod random_models;

use std::fmt::Write as _;

use interpreter::Oracle;
use models::{domains, model_of};

/// How many models are written.
const MODELS: usize = 150;

fn generated() -> String {
    let mut written_models = String::new();
    let mut tests = String::new();
    let parameters = [("p".to_string(), 0.7)];
    let mut written = 0;
    for seed in 0.. {
        if written == MODELS {
            break;
        }
        let random = random_models::random_model(7_000_003 + seed);
        let Ok(model) = model_of(&random.text) else { continue };
        if memo_compiler::evaluate(&model, &domains, &parameters).is_err() {
            continue;
        }
        interpreter::REPLAYS.set(0);
        let tables = Oracle { domains: &domains, parameters: &parameters }.run(&model);
        if tables.iter().flatten().any(|x| !x.is_finite()) {
            continue;
        }
        let name = format!("model_{written}");
        let text = random.text.replacen("fn model<", &format!("fn {name}<"), 1);
        let _ = writeln!(written_models, "#[memo]\n{text}\n");
        let call = match tables.len() {
            1 => format!("[{name}(0.7).values()]"),
            n => {
                let parts: Vec<String> = (0..n).map(|at| format!("tables.{at}.values()")).collect();
                format!(
                    "{{ let tables = {name}(0.7); [{}] }}",
                    parts.join(", ").replace("values()", "values().to_vec()")
                )
            }
        };
        let _ = writeln!(tests, "    agree({name:?}, &{call}, &{tables:?});");
        written += 1;
    }
    format!(
        "// Written by `memo-compiler/tests/generated.rs`: random models and the answers of\n// the oracle.\n\n{written_models}\n#[test]\nfn emitted_code_agrees_with_the_oracle() {{\n{tests}}}\n"
    )
}

#[test]
fn the_generated_models_are_those_of_the_generator() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/generated/models.rs");
    let new = generated();
    if std::env::var_os("GENERATED_UPDATE").is_some() {
        std::fs::write(path, new).unwrap_or_else(|error| panic!("{path}: {error}"));
        return;
    }
    let old = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert!(old == new, "the generator or the oracle has changed: see the head of this file");
}
