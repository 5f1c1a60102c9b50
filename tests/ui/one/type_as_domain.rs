//! A domain is a value, such as a range under a name. `bool` is a type; the domain
//! of the two truth values is `Bool`.

use memo::prelude::*;

#[memo]
fn f<b: bool>() {
    model! {
        return b;
    }
}

fn main() {}
