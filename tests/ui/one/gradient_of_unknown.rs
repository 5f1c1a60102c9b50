//! The parameter is called `beta`.

use memo::prelude::*;

#[memo(grad(bta))]
fn f(beta: f64) {
    model! {
        return exp(beta);
    }
}

fn main() {}
