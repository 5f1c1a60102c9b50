//! Cheryl's birthday.
//!
//! H. van Ditmarsch et al., *Cheryl's birthday*, TARK, 2017.

#[allow(dead_code)]
#[path = "models/cheryl.rs"]
mod model;

use model::{Says, puzzle};

fn main() {
    let table = puzzle();
    let said = |(_, _, u1, u2, u3, u4, u5)| {
        [u1, u2, u3, u4, u5] == [Says::Dunno, Says::Dunno, Says::Dunno, Says::Known, Says::Known]
    };
    for (key, p) in &table {
        if said(key) && p > 0.0 {
            println!("{:?} {}: {p:.4}", key.0, key.1);
        }
    }
    println!("After the conversation these birthdays remain.");
}
