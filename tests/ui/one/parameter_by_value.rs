//! Numbers and `bool` come by value, everything else by reference.

use memo::prelude::*;

#[memo]
fn f(w: Vec<f64>) {
    model! {
        return w[0];
    }
}

fn main() {}
