//! The options of `#[memo]` are `cache`, `strict` and `crate = path`.

use memo::prelude::*;

#[memo(cached)]
fn f(p: f64) {
    model! {
        return p;
    }
}

fn main() {}
