//! What `#[memo]` leaves behind, as a person would read it.
//!
//! `EXPAND_UPDATE=1` writes the expected files anew.

use std::path::Path;

/// Compares the expansion of a model with the file of its name.
fn check(name: &str, item: &str) {
    let tokens = item.parse().unwrap_or_else(|error| panic!("{error}"));
    let expanded = memo_compiler::expand(proc_macro2::TokenStream::new(), tokens);
    let file =
        syn::parse2(expanded).unwrap_or_else(|error| panic!("{name}: the expansion is not Rust: {error}"));
    let text = prettyplease::unparse(&file);
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

#[test]
fn the_lewis_game() {
    check(
        "lewis_game",
        "pub fn listener<u: Utterance, r: Referent>(beta: f64, level: i64) {
            model! {
                listener: thinks[
                    speaker: given(r in Referent, wpp = 1),
                    speaker: chooses(u in Utterance, wpp =
                        denotes(u, r) * (1 if level == 0 else exp(beta * listener[u, r](beta, level - 1))))
                ];
                listener: observes [speaker.u] is u;
                listener: chooses(r in Referent, wpp = Pr[speaker.r == r]);
                return Pr[listener.r == r];
            }
        }",
    );
}

#[test]
fn a_snapshot_that_looks_ahead() {
    check(
        "crying_baby",
        "fn q<b: B, a: Action>(t: i64) {
            model! {
                alice: knows(b, a);
                alice: thinks[
                    env: knows(b, a),
                    env: chooses(s in State, wpp = belief(b, s)),
                    env: chooses(s_ in State, wpp = transition(s, a, s_)),
                    env: chooses(o in Sound, wpp = sound(o, s_, a))
                ];
                alice: snapshots_self_as(future_alice);
                return alice[ E[reward(env.s, a)] + (0.0 if t <= 0 else 0.9 * imagine[
                    future_alice: observes [env.o] is env.o,
                    future_alice: chooses(b_ in B, wpp = exp(-100.0 * abs(Pr[env.s_ == State::Hungry] - b_))),
                    future_alice: chooses(a_ in Action, to_maximize = q[b_, a_](t - 1)),
                    E[ future_alice[ q[b_, a_](t - 1) ] ]
                ]) ];
            }
        }",
    );
}
