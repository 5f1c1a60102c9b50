use memo::prelude::*;

#[memo]
fn model() {
    model! {
        return 1;
    }
}
