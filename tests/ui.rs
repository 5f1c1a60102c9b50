//! What the compiler says to wrong models: one file a family of mistakes in
//! `tests/ui`, all of which come out in one go; one file a mistake in
//! `tests/ui/one`.
//!
//! `TRYBUILD=overwrite cargo test --test ui` writes the messages anew.

#[test]
fn wrong_models() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
    cases.compile_fail("tests/ui/one/*.rs");
}
