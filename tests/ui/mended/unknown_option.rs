use memo::prelude::*;

#[memo(cache)]
fn f(p: f64) {
    model! {
        return p;
    }
}
