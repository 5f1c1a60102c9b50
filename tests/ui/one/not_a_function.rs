//! `#[memo]` turns a function into a model.

use memo::prelude::*;

#[memo]
struct Model;

fn main() {}
