use memo::prelude::*;

#[memo(grad(beta))]
fn f(beta: f64) {
    model! {
        return exp(beta);
    }
}
