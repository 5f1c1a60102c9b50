//! What is read, and what is refused with its place.

use super::*;
use crate::Bool;

fn read(text: &str) -> Result<Vec<f64>, String> {
    let table = Table::from_json("f", &["a", "b"], (Bool, 0..2_i64), text.as_bytes());
    table.map(|table| table.values().to_vec()).map_err(|error| error.to_string())
}

const AXES: &str = r#""axes": [{"name": "b", "labels": [1, "0"]}, {"name": "a", "labels": ["true"]}]"#;

#[test]
fn axes_and_labels_come_in_any_order() {
    let text = format!(r#"{{{AXES}, "name": "f", "values": [0.5, -1.5e-3]}}"#);
    assert_eq!(read(&text), Ok(vec![0.0, 0.0, -0.0015, 0.5]));
    let columns = r#"[{"name": "g", "values": [1, 2]}, {"name": "f", "values": [3, 4]}]"#;
    let several = format!(r#"{{{AXES}, "columns": {columns}}}"#);
    assert_eq!(read(&several), Ok(vec![0.0, 0.0, 4.0, 3.0]));
    let both = Dataset::from_json(several.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((both.column_names(), both.axis_names()), (vec!["g", "f"], vec!["b", "a"]));
    let written = both.to_json().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(Dataset::from_json(written.as_bytes()), Ok(both));
    let error = LabelledArray::from_json(several.as_bytes()).map_err(|error| error.to_string());
    assert_eq!(error, Err("2 columns are there: read them as a `Dataset`".into()));
}

#[test]
fn what_json_lacks_is_kept() {
    let axis = LabelledAxis {
        name: "x\ty".into(),
        domain: "X".into(),
        labels: ["\"", "\u{1f600}", "a\\b", "é"].map(String::from).into(),
        coordinates: Coordinates::Labels,
    };
    let values = vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 5e-324];
    let array = LabelledArray::new("f", vec![axis], values);
    let json = array.to_json().unwrap_or_else(|error| panic!("{error}"));
    assert!(json.ends_with(r#""values":["NaN","Infinity","-Infinity",5e-324]}"#), "{json}");
    // As Python writes them.
    let python = json.replace(r#""NaN","Infinity","-Infinity""#, "NaN,Infinity,-Infinity");
    let python = python.replace('\u{1f600}', r"\ud83d\ude00");
    assert_ne!(json, python);
    for text in [json, python] {
        let read = LabelledArray::from_json(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        assert!(read.data[0].is_nan());
        assert_eq!((&read.axes, &read.data[1..]), (&array.axes, &array.data[1..]));
    }
}

#[test]
fn mistakes_have_a_place() {
    let cases = [
        ("", "line 1, column 1: the file ends where a value is expected"),
        ("{\n  \"name\" \"f\"}", "line 2, column 10: `\"` stands where `:` is expected"),
        ("[1, 2", "line 1, column 6: the file ends where `,` or `]` is expected"),
        (r#"{"name": "f", "name": 1}"#, "line 1, column 15: the key `name` comes twice"),
        ("[01]", "line 1, column 2: the number `01` starts with a 0 too many"),
        ("[1.]", "line 1, column 4: `]` stands where a digit is expected"),
        ("[tru]", "line 1, column 2: `tru` is no value of JSON: text stands in quotation marks"),
        (r#"["a]"#, "line 1, column 2: a quotation mark is not closed"),
        (r#"["\ud800"]"#, "line 1, column 3: half a character stands here"),
        ("[\"\t\"]", r"line 1, column 3: a control character in text is to be written \u0009"),
        ("[1] 2", "line 1, column 5: `2` stands behind the end of the value"),
        ("[1, 2]", "line 1, column 1: an object is expected, not a list"),
        (r#"{"name": "f"}"#, "line 1, column 1: `axes` is missing here"),
        (r#"{AXES, "name": "g", "values": [1, 2]}"#, "line 1, column 1: there is no table `f`: there is g"),
        (
            r#"{AXES, "name": "f", "values": [1]}"#,
            "line 1, column 105: 1 values of `f` stand where the axes have 2 cells",
        ),
        (
            r#"{AXES, "name": "f", "values": [1, null]}"#,
            "line 1, column 109: `null` is no number: it is \"NaN\", \"Infinity\" or \"-Infinity\" that is meant",
        ),
        (
            r#"{AXES, "name": "f", "values": [1, 1e999]}"#,
            "line 1, column 109: `1e999` is too large for a number of 64 bits",
        ),
        (
            r#"{"axes": [{"name": "b", "labels": ["1"]}], "name": "f", "values": [1]}"#,
            "line 1, column 10: there is no axis `a`",
        ),
        (
            "{\"axes\": [{\"name\": \"a\",\n\"labels\": [\"ture\"]}, {\"name\": \"b\", \"labels\": [0]}], \"name\": \"f\", \"values\": [1]}",
            "line 2, column 12: `ture` is no value of the axis `a`: it has false, true; did you mean `true`?",
        ),
        (
            "{\"axes\": [{\"name\": \"a\",\n\"labels\": [\"x\", \"x\"]}], \"name\": \"f\", \"values\": [1, 1]}",
            "line 2, column 17: `x` is a label of the axis `a` already (line 2)",
        ),
        (
            r#"{"axes": [{"name": "a", "labels": ["true", "True"]}, {"name": "b", "labels": [0]}], "name": "f", "values": [1, 2]}"#,
            "line 1, column 44: `True` comes twice on the axis `a`",
        ),
        (
            r#"{"axes": [{"name": "a", "labels": []}], "name": "f", "values": []}"#,
            "line 1, column 11: the axis `a` has no labels",
        ),
        (
            r#"{"axes": [{"name": "c", "labels": [1]}], "name": "f", "values": [1]}"#,
            "line 1, column 11: the file has an axis `c`; wanted are a, b",
        ),
    ];
    for (text, error) in cases {
        assert_eq!(read(&text.replace("AXES", AXES)), Err(error.into()), "{text}");
    }
    let deep = "[".repeat(100_000);
    assert!(read(&deep).is_err_and(|error| error.ends_with("the values are nested too deep for a table")));
}

#[test]
fn types_of_axes_are_held_against_their_labels() {
    let typed = |kind: &str| {
        let axis = format!(r#"{{"name": "a", "type": "{kind}", "labels": [1.5]}}"#);
        let text = format!(r#"{{"axes": [{axis}], "name": "f", "values": [1]}}"#);
        LabelledArray::from_json(text.as_bytes()).map_err(|error| error.to_string())
    };
    let floats = typed("number").map(|array| array.axes[0].coordinates.clone());
    assert_eq!(floats, Ok(Coordinates::Floats(vec![1.5])));
    assert_eq!(typed("integer"), Err("line 1, column 55: `1.5` is no integer".into()));
    let message = "line 1, column 33: `numbr` is no type of an axis: it is integer, number, boolean or string; did you mean `number`?";
    assert_eq!(typed("numbr"), Err(message.into()));
}
