//! Random models against the oracle: the tensor IR, evaluated, must agree with
//! the enumeration of possible worlds.
//!
//! `ORACLE_MODELS` and `ORACLE_SEED` set how many models are tried and which.

#[path = "oracle/interpreter.rs"]
mod interpreter;
#[path = "oracle/models.rs"]
mod models;
#[path = "oracle/random_models.rs"]
mod random_models;

use interpreter::{Oracle, REPLAYS, TooLong};
use models::{domains, model_of};

/// The returned tables.
type Answer = Vec<Vec<f64>>;

/// Both answers to a model.
fn answers(text: &str) -> Result<(Answer, Answer), String> {
    let model = model_of(text)?;
    let parameters = [("p".to_string(), 0.7)];
    let ours = memo_compiler::evaluate(&model, &domains, &parameters)?;
    REPLAYS.set(0);
    let oracle = std::panic::AssertUnwindSafe(Oracle { domains: &domains, parameters: &parameters });
    match std::panic::catch_unwind(|| oracle.run(&model)) {
        Ok(answers) => Ok((ours, answers)),
        Err(thrown) if thrown.is::<TooLong>() => Err("the oracle takes too long".into()),
        Err(thrown) => std::panic::resume_unwind(thrown),
    }
}

fn agree(a: &[Vec<f64>], b: &[Vec<f64>]) -> bool {
    let close = |(x, y): (&f64, &f64)| {
        x == y || (x - y).abs() <= 1e-9 * x.abs().max(y.abs()) + 1e-12 || (x.is_nan() && y.is_nan())
    };
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.len() == b.len() && a.iter().zip(b).all(close))
}

/// Takes away lines as long as the two still disagree.
fn shrink(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let mut at = 1;
    while at + 1 < lines.len() {
        let mut fewer = lines.clone();
        fewer.remove(at);
        let shorter = fewer.join("\n");
        let differs = std::panic::catch_unwind(|| answers(&shorter))
            .is_ok_and(|answers| answers.is_ok_and(|(ours, oracle)| !agree(&ours, &oracle)));
        if differs {
            lines = fewer;
        } else {
            at += 1;
        }
    }
    lines.join("\n")
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn random_models_agree_with_the_oracle() {
    let (count, seed) = (setting("ORACLE_MODELS", 1_000), setting("ORACLE_SEED", 1));
    let (mut refused, mut reasons) = (0, std::collections::BTreeMap::new());
    for at in 0..count {
        let text = random_models::random_model(seed.wrapping_mul(1_000_003).wrapping_add(at)).text;
        let answers_or_panic = std::panic::catch_unwind(|| answers(&text));
        match answers_or_panic.unwrap_or_else(|_| panic!("seed {seed}, model {at} panics:\n{text}")) {
            Ok((ours, oracle)) => {
                if !agree(&ours, &oracle) {
                    let small = shrink(&text);
                    panic!(
                        "seed {seed}, model {at}:\n{text}\nshrunk:\n{small}\nours, oracle: {:?}",
                        answers(&small)
                    );
                }
            }
            Err(message) => {
                refused += 1;
                *reasons.entry(message.clone()).or_insert(0) += 1;
                assert!(
                    refused * 20 < count + 100,
                    "too many models are refused, such as this: {message}\n{text}"
                );
            }
        }
    }
    // Shown with `--nocapture`: what the generator should learn to avoid.
    eprintln!("{count} models, {refused} refused: {reasons:#?}");
}

/// Models whose values are known, so that the oracle itself is checked.
#[test]
fn the_oracle_knows_the_classics() {
    let run = |text: &str| {
        let model = model_of(text).unwrap_or_else(|error| panic!("{error}"));
        Oracle { domains: &domains, parameters: &[] }.run(&model).remove(0)
    };
    // Monty Hall: having picked 0 and seen 2, the prize is behind 1 with 2/3.
    let monty = run(
        "fn m<pick: A3, reveal: A3, d: A3>() { model! {
            alice: thinks[ monty: chooses(prize in A3, wpp = 1) ];
            alice: knows(pick);
            alice: thinks[ monty: knows(pick), monty: chooses(reveal in A3, wpp = reveal != prize and reveal != pick) ];
            alice: observes [monty.reveal] is reveal;
            alice: knows(d);
            return alice[Pr[monty.prize == d]];
        } }",
    );
    assert!((monty[2 * 3 + 1] - 2.0 / 3.0).abs() < 1e-12);
    // Two coins: at least one head.
    let coins = run(
        "fn m() { model! { a: chooses(x in A2, y in A2, uniformly); return Pr[a.x == 1 or a.y == 1]; } }",
    );
    assert!((coins[0] - 0.75).abs() < 1e-12);
    // The past self does not learn.
    let past = run("fn m() { model! {
            a: thinks[ b: chooses(x in A3, wpp = x + 1) ];
            a: snapshots_self_as(past);
            a: observes_that [b.x == 2];
            return a[E[b.x]] + 10 * a[past[E[b.x]]];
        } }");
    assert!((past[0] - (2.0 + 40.0 / 3.0)).abs() < 1e-12);
}
