//! The statements of a model are not Rust: they stand in one `model! { … }` block,
//! the whole body of the function.

use memo::prelude::*;

#[memo]
fn f() {
    let x = 1;
}

fn main() {}
