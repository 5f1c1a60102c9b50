use memo::prelude::*;

#[memo]
fn f(p: f64) {
    model! {
        return p;
    }
}
