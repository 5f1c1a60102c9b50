//! What the compiler says to wrong models: one file a family of mistakes.
//!
//! `TRYBUILD=overwrite cargo test --test ui` writes the messages anew.

#[test]
fn wrong_models() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
