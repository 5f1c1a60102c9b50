//! A parameter of a model is a name with a type.

use memo::prelude::*;

#[memo]
fn f((a, b): (f64, f64)) {
    model! {
        return a + b;
    }
}

fn main() {}
