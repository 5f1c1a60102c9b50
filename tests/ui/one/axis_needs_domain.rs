//! An axis ranges over a domain, which stands where a bound would: `x: X`.

use memo::prelude::*;

#[memo]
fn f<x>() {
    model! {
        return 1;
    }
}

fn main() {}
