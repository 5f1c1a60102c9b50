//! Tables are kept between calls under the values of the parameters. What a
//! reference refers to may change.

use memo::prelude::*;

#[memo(cache)]
fn f(w: &[f64]) {
    model! {
        return w[0];
    }
}

fn main() {}
