//! Networks against sums over all their variables, computed elsewhere.

use serde_json::Value;

#[path = "../examples/models/alarm.rs"]
mod alarm;

/// The values in `networks/alarm.json` are `numpy.einsum` of all 37 tables of the
/// repository's file (some rows sum to one up to rounding only: normalised, as our
/// weights are), normalised over the failure.
#[test]
fn alarm_is_the_sum_over_all_variables() {
    let records: Vec<Value> =
        serde_json::from_str(include_str!("networks/alarm.json")).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(records.len(), 3);
    for record in &records {
        let table = alarm::alarm(record["hypovolemia"].as_f64().unwrap_or(f64::NAN));
        let values: Vec<f64> =
            record["values"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        assert_eq!(table.values().len(), values.len());
        for ((key, ours), theirs) in table.iter().zip(&values) {
            assert!((ours - theirs).abs() <= 1e-9 * theirs, "{key:?}: {ours} is not {theirs}");
        }
    }
}

/// Nobody meets more than a handful of variables at once.
#[test]
fn alarm_stays_narrow() {
    let tables = alarm::alarm::plan().lines().filter(|line| !line.starts_with("memory"));
    let widest = tables.map(|line| line.matches('|').count() / 2).max();
    assert!(widest <= Some(9), "{}", alarm::alarm::plan());
}
