use memo::prelude::*;

#[memo(cache)]
fn f(w: f64) {
    model! {
        return w;
    }
}
