use memo::prelude::*;

#[memo]
fn f(a: f64, b: f64) {
    model! {
        return a + b;
    }
}
