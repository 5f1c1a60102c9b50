//! Larger published models against cells drawn from tables that memo-lang 1.3.3
//! has computed in 64 bits.

use memo::{Axes, Table};
use serde_json::Value;

#[allow(dead_code)]
#[path = "../examples/models/empowerment.rs"]
mod empowerment;
#[allow(dead_code)]
#[path = "../examples/models/food_trucks.rs"]
mod food_trucks;
#[allow(dead_code)]
#[path = "../examples/models/persuasion.rs"]
mod persuasion;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// The record of a model, and that the table has its cells; `but` says where
/// memo's answer hangs on rounding.
fn check<A: Axes>(name: &str, table: &Table<A>, tolerance: f64, but: impl Fn(A::Key) -> bool) {
    let records = include_str!("larger/cells.json");
    let records: Vec<Value> = serde_json::from_str(records).unwrap_or_else(|error| panic!("{error}"));
    let record = records.iter().find(|record| record["model"] == name);
    let record = record.unwrap_or_else(|| panic!("no record of {name}"));
    let cells = record["cells"].as_array().map_or(&[][..], Vec::as_slice);
    assert_eq!(cells.len(), 60);
    let keys: Vec<(A::Key, f64)> = table.iter().collect();
    for cell in cells {
        let at = number(&cell[0]) as usize;
        let (theirs, (key, ours)) = (number(&cell[1]), keys[at]);
        let close = (ours - theirs).abs() <= tolerance * theirs.abs().max(1e-12);
        assert!(close || but(key), "{name}, cell {at}: {ours} is not {theirs}");
    }
}

/// Tests after which both verdicts are as likely to be right: the judge cannot
/// tell, which memo answers by the last bit of its floats.
/// 0.7 · (1 − p) = 0.3 · q with p = 0.5 + 0.005 i and q = 0.5 + 0.005 g.
fn undecided(t: persuasion::Test) -> bool {
    7 * t.innocent + 3 * t.guilty == 400
}

#[test]
fn persuasion_convicts_most_where_the_judge_is_just_convinced() {
    let judged = persuasion::judge(1);
    // The prior of the judge, 0.7 and 0.3, memo has in 32 bits all the same.
    check("judge", &judged, 1e-7, undecided);
    assert_eq!(judged.iter().filter(|(test, p)| undecided(*test) && *p > 0.0).count(), 14);
    let ordered = persuasion::prosecutor(1);
    // Ties of memo's move a little mass between all cells.
    let best = ordered.argmax();
    // Kamenica & Gentzkow: exonerate 4/7 of the innocent and none of the guilty.
    assert!((0.5 + 0.005 * best.innocent as f64 - 4.0 / 7.0).abs() <= 0.005, "{best:?}");
    assert_eq!(best.guilty, 100);
}

#[test]
fn walking_to_a_food_truck() {
    check("updated", &food_trucks::updated(), 1e-9, |_| false);
    check("food_trucks", &food_trucks::q(2), 1e-9, |_| false);
    let inferred = food_trucks::inferred(5, 3);
    check("inferred", &inferred, 1e-9, |_| false);
    assert!((inferred.values().iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn empowerment_is_the_same_in_all_directions() {
    check("sender", &empowerment::sender(1), 1e-9, |_| false);
    let bits = empowerment::empowerment(1);
    check("empowerment", &bits, 1e-9, |_| false);
    for (place, here) in &bits {
        let (x, y) = (place.x, place.y);
        for (x, y) in [(8 - x, y), (x, 8 - y), (y, x)] {
            assert!((bits[empowerment::Place { x, y }] - here).abs() < 1e-12, "{place:?}");
        }
    }
}
