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

/// How many models are differentiated.
const DIFFERENTIATED: usize = 50;

/// The model with more that rests on its parameter.
fn stirred(text: &str, seed: u64) -> String {
    let mut text = text
        .replace("wpp = 1 + abs(", "wpp = p + abs(")
        .replace("wpp = 0.125 + ", "wpp = 0.125 * p ** 2 + ")
        .replace("wpp = 1 + (", "wpp = sqrt(p) + (")
        .replace("uniformly", "wpp = 2 - p");
    if seed.is_multiple_of(3) {
        text = text.replace("wpp = exp(p * ", "wpp = 0.5 * p + exp(p * ");
    }
    if seed.is_multiple_of(4) {
        text = text.replace("wpp = exp(p * ", "wpp = abs(p - 2) * exp(p * ");
    }
    // One exponential on one side of a static condition, a sum of such on the other.
    if seed % 5 < 2 {
        let side = if seed.is_multiple_of(5) { ">" } else { "<" };
        let factor = format!("wpp = (1 if p {side} 0.5 else 0.5 + exp(p)) * exp(p * ");
        text = text.replace("wpp = exp(p * ", &factor);
    }
    text
}

/// What the cells of all tables count in the sum that is differentiated.
fn count(cell: usize) -> f64 {
    [1.0, -0.5, 2.0, 0.25, -1.5][cell % 5]
}

/// Random models with the derivatives of a sum over their tables, by central
/// differences of the oracle's answers.
fn differentiated() -> String {
    let (mut written_models, mut tests, mut bends) = (String::new(), String::new(), String::new());
    let mut written = 0;
    for seed in 0.. {
        if written == DIFFERENTIATED {
            break;
        }
        let random = random_models::random_model(9_000_011 + seed);
        let text = stirred(&random.text, seed);
        let Ok(model) = model_of(&text) else { continue };
        if memo_compiler::evaluate(&model, &domains, &[("p".into(), 0.7)]).is_err() {
            continue;
        }
        let tables = |p: f64| {
            interpreter::REPLAYS.set(0);
            Oracle { domains: &domains, parameters: &[("p".to_string(), p)] }.run(&model)
        };
        let sum = |p: f64| -> f64 {
            tables(p).iter().map(|t| t.iter().enumerate().map(|(at, x)| count(at) * x).sum::<f64>()).sum()
        };
        let start = sum(0.7);
        // Nothing to differentiate, or more than enough.
        if interpreter::REPLAYS.get() > 1_000 || (sum(0.701) - start).abs() < 1e-9 {
            continue;
        }
        let slope = |h: f64| {
            let p = 0.7;
            (sum(p - 2.0 * h) - 8.0 * sum(p - h) + 8.0 * sum(p + h) - sum(p + 2.0 * h)) / (12.0 * h)
        };
        let (found, finer) = (slope(2e-3), slope(1e-3));
        // Where a decision changes there is no derivative.
        let smooth = (found - finer).abs() < 1e-8 * found.abs().max(1.0);
        if !(smooth && found.abs() > 1e-6) {
            continue;
        }
        let name = format!("model_{written}");
        let text = text.replacen("fn model<", &format!("fn {name}<"), 1);
        let _ = writeln!(written_models, "#[memo(grad)]\n{text}\n");
        let seeds: Vec<String> = tables(0.7).iter().map(|table| format!("&seed({})", table.len())).collect();
        if seeds.len() == 1 {
            let _ = writeln!(
                tests,
                "    forward_agrees({name:?}, {name}::jacobian(0.7).table(\"p\").values(), {finer:?});"
            );
        }
        let seeds = match seeds.as_slice() {
            [one] => one.clone(),
            several => format!("({})", several.join(", ")),
        };
        let _ = writeln!(tests, "    agree({name:?}, &{name}::vjp(0.7, {seeds}).1, {finer:?});");
        let _ = writeln!(bends, "    bends({name:?}, |p| {name}::traced(p[0]).sum());");
        written += 1;
    }
    format!(
        "// Written by `memo-compiler/tests/generated.rs`: random models and derivatives by\n// central differences of the oracle's answers.\n\n{written_models}\n#[test]\nfn derivatives_agree_with_differences_of_the_oracle() {{\n{tests}}}\n\n#[test]\nfn second_derivatives_agree_with_differences() {{\n{bends}}}\n"
    )
}

#[test]
fn the_generated_models_are_those_of_the_generator() {
    is_written("models.rs", generated());
}

#[test]
fn the_differentiated_models_are_those_of_the_generator() {
    is_written("gradients.rs", differentiated());
}

/// Compares a file with what it is to be, or writes it.
fn is_written(name: &str, new: String) {
    let path = format!("{}/../tests/generated/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("GENERATED_UPDATE").is_some() {
        std::fs::write(&path, new).unwrap_or_else(|error| panic!("{path}: {error}"));
        return;
    }
    let old = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert!(old == new, "the generator or the oracle has changed: see the head of this file");
}
