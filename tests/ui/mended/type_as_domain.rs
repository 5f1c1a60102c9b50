use memo::prelude::*;

#[memo]
fn f<b: Bool>() {
    model! {
        return b;
    }
}
