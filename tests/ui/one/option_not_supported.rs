//! This option is planned and not there yet.

use memo::prelude::*;

#[memo(f32)]
fn f(p: f64) {
    model! {
        return p;
    }
}

fn main() {}
