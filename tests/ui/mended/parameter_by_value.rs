use memo::prelude::*;

#[memo]
fn f(w: &Vec<f64>) {
    model! {
        return w[0];
    }
}
