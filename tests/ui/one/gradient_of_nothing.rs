//! Levels do not change by little.

use memo::prelude::*;

#[memo(grad)]
fn f(level: i64) {
    model! {
        return level + 1;
    }
}

fn main() {}
