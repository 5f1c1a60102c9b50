use memo::prelude::*;

#[memo]
fn f() {
    model! {
        return 1;
    }
}
