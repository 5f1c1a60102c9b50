//! Files are read back by the programs they are for: tables of several models are
//! written in all formats, `check.py` compares labels and numbers with what is
//! expected, pandas and polars write them again, and that is read here.
//!
//! `MEMO_PYTHON` names the Python with the packages of `requirements.txt`; without it
//! `python3` is tried. Where packages are missing this says so and is skipped, unless
//! `MEMO_ROUNDTRIP=required`.

use std::fs::{self, File};
use std::ops::{Range, RangeInclusive};
use std::path::Path;
use std::process::{Command, ExitCode};

use memo::prelude::*;
use memo::{Dataset, LabelledArray, join, sweep};
use serde_json::json;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Weather {
    Sun,
    Rain,
}

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Mood {
    Zornig,
    Fröhlich,
    Calm,
}

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
struct Cell {
    #[domain(0..2)]
    x: i64,
    sky: Weather,
}

const N: RangeInclusive<i64> = -2..=2;
const P: Linspace = linspace(0.0, 0.3, 4);
#[allow(clippy::upper_case_acronyms, reason = "a product is named as the constant is")]
type PAIRS = (Range<i64>, Bool);
const PAIRS: PAIRS = (0..2, Bool);
const X: Range<i64> = 0..3;
const Y: Range<i64> = 0..2;
const FAR: RangeInclusive<i64> = 4_000_000_000..=4_000_000_001;

/// Two axes with labels, one of them not in ASCII and not in the order of the alphabet.
#[memo]
fn weather<w: Weather, m: Mood>(p: f64) {
    model! {
        sky: chooses(w in Weather, wpp = 3 if w == Weather::Rain else 1);
        carol: knows(sky.w);
        carol: chooses(m in Mood, wpp = (p if m == Mood::Zornig else 1) if sky.w == Weather::Rain else 1 / 3);
        return Pr[sky.w == w, carol.m == m];
    }
}

/// Integers, floats and truth values.
#[memo]
fn numbers<n: N, p: P, b: Bool>() {
    model! { return (n / 3 + p) * (1 if b else -1); }
}

/// The values of a struct and of a tuple.
#[memo]
fn cells<c: Cell, pair: PAIRS>() {
    model! {
        walker: chooses(c in Cell, wpp = 1 + c.x);
        walker: chooses(pair in PAIRS, wpp = 1 + pair.0);
        return Pr[walker.c == c, walker.pair == pair];
    }
}

/// Bob never shows 2: nothing can be said of alice who has seen it.
#[memo]
fn seen<x: X>() {
    model! {
        alice: thinks[ bob: chooses(y in Y, wpp = y + 1), bob: chooses(x in X, wpp = (x == y) + (x == 0)) ];
        alice: observes [bob.x] is x;
        return alice[E[bob.y]];
    }
}

/// Integers of more than 32 bits.
#[memo]
fn far<n: FAR>() {
    model! { return n; }
}

#[memo]
fn one() {
    model! { return 1 / 3; }
}

/// Writes a table in all formats.
macro_rules! write_all {
    ($table:expr, $folder:expr, $name:expr) => {{
        let (table, path) = (&$table, |ending: &str| $folder.join(format!("{}.{ending}", $name)));
        let frame = table.to_dataframe()?;
        table.to_csv(File::create(path("csv"))?)?;
        fs::write(path("json"), table.to_json()?)?;
        fs::write(path("html"), table.to_html())?;
        fs::write(path("md"), table.to_markdown())?;
        table.to_npz(File::create(path("npz"))?)?;
        table.to_arrow(File::create(path("arrow"))?)?;
        table.to_parquet(File::create(path("parquet"))?)?;
        table.to_netcdf(File::create(path("nc"))?)?;
        frame
    }};
}

/// A number as JSON has it, and the three it lacks.
fn number(x: f64) -> serde_json::Value {
    if x.is_finite() { json!(x) } else { json!(x.to_string()) }
}

fn column(array: &LabelledArray) -> serde_json::Value {
    let values: Vec<_> = array.values().iter().map(|x| number(*x)).collect();
    json!({"name": array.name(), "values": values, "impossible": array.impossible()})
}

type Failed = Box<dyn std::error::Error>;

fn write(folder: &Path) -> Result<(), Failed> {
    let moods = json!(["Zornig", "Fröhlich", "Calm"]);
    let mut expected = Vec::new();
    let mut expect = |file: &str, axes: serde_json::Value, columns: &[&LabelledArray]| {
        let columns: Vec<_> = columns.iter().map(|array| column(array)).collect();
        expected.push(json!({"file": file, "axes": axes, "columns": columns}));
    };

    let sky = weather(2.0);
    let frame = write_all!(sky, folder, "weather");
    expect("weather", json!([["w", ["Sun", "Rain"]], ["m", moods]]), &[&sky.to_labelled()]);
    // The data frame is tidy: text for labels, numbers for numbers.
    assert_eq!(frame.shape(), (6, 3));
    assert_eq!(frame.column("m")?.str()?.get(1), Some("Fröhlich"));
    assert_eq!(frame.column("w")?.str()?.get(3), Some("Rain"));
    assert_eq!(frame.column("weather")?.f64()?.get(3), Some(sky[(Weather::Rain, Mood::Zornig)]));

    let numeric = numbers();
    let frame = write_all!(numeric, folder, "numbers");
    let axes = json!([["n", [-2, -1, 0, 1, 2]], ["p", [0.0, 0.1, 0.2, 0.3]], ["b", [false, true]]]);
    expect("numbers", axes, &[&numeric.to_labelled()]);
    assert_eq!(frame.column("n")?.i64()?.get(39), Some(2));
    assert_eq!(frame.column("p")?.f64()?.get(39), Some(0.3));
    assert_eq!(frame.column("b")?.bool()?.get(39), Some(true));

    let walker = cells();
    write_all!(walker, folder, "cells");
    let places = [
        "Cell {x: 0, sky: Sun}",
        "Cell {x: 0, sky: Rain}",
        "Cell {x: 1, sky: Sun}",
        "Cell {x: 1, sky: Rain}",
    ];
    let pairs = ["(0, false)", "(0, true)", "(1, false)", "(1, true)"];
    expect("cells", json!([["c", places], ["pair", pairs]]), &[&walker.to_labelled()]);

    let marked = seen();
    assert_eq!(marked.impossible(), [2]);
    let frame = write_all!(marked, folder, "seen");
    expect("seen", json!([["x", [0, 1, 2]]]), &[&marked.to_labelled()]);
    assert_eq!(frame.column("seen_impossible")?.bool()?.get(2), Some(true));

    write_all!(far(), folder, "far");
    expect("far", json!([["n", [4_000_000_000_i64, 4_000_000_001_i64]]]), &[&far().to_labelled()]);

    write_all!(one(), folder, "one");
    expect("one", json!([]), &[&one().to_labelled()]);

    // Numbers that are none, or none of the finite ones.
    let swept = sweep("p", [0.0, 0.5, 2.0], weather).select("w", "Rain");
    let odd = swept.clone().map(|p| if p == 0.0 { f64::NAN } else { -p }).named("odd");
    write_all!(odd, folder, "odd");
    expect("odd", json!([["p", [0.0, 0.5, 2.0]], ["m", moods]]), &[&odd]);
    assert!(odd.values()[0].is_nan());
    let infinite = (1.0 / &swept).named("infinite");
    write_all!(infinite, folder, "infinite");
    expect("infinite", json!([["p", [0.0, 0.5, 2.0]], ["m", moods]]), &[&infinite]);
    assert!(infinite.values()[0].is_infinite());

    let both: Dataset = join([("wet", weather(2.0)), ("dry", weather(0.1))]);
    write_all!(both, folder, "both");
    let columns = [sky.named("wet"), weather(0.1).named("dry")];
    expect("both", json!([["w", ["Sun", "Rain"]], ["m", moods]]), &[&columns[0], &columns[1]]);

    fs::write(folder.join("expected.json"), serde_json::to_string(&expected)?)?;
    Ok(())
}

/// Reads what Python wrote, and what was written here.
fn read_back(folder: &Path) -> Result<(), Failed> {
    let open = |name: &str| File::open(folder.join(name));
    for by in ["", "pandas_", "polars_"] {
        let csv = |name: &str| open(&format!("{by}{name}.csv"));
        let sky = Table::from_csv("weather", &["w", "m"], (Weather, Mood), csv("weather")?)?;
        assert_eq!(sky, weather(2.0), "{by}");
        let numeric = Table::from_csv("numbers", &["n", "p", "b"], (N, P, Bool), csv("numbers")?)?;
        assert_eq!(numeric, numbers(), "{by}");
        let walker = Table::from_csv("cells", &["c", "pair"], (Cell, PAIRS), csv("cells")?)?;
        assert_eq!(walker, cells(), "{by}");
        let marked = Table::from_csv("seen", &["x"], (X,), csv("seen")?)?;
        assert_eq!((marked.values(), marked.impossible()), (seen().values(), vec![2]), "{by}");
        let dry = Table::from_csv("dry", &["w", "m"], (Weather, Mood), csv("both")?)?;
        assert_eq!(dry, weather(0.1), "{by}");
        let large = Table::from_csv("far", &["n"], (FAR,), csv("far")?)?;
        assert_eq!(large, far(), "{by}");
    }
    for by in ["", "python_"] {
        let json = |name: &str| open(&format!("{by}{name}.json"));
        let sky = Table::from_json("weather", &["w", "m"], (Weather, Mood), json("weather")?)?;
        assert_eq!(sky, weather(2.0), "{by}");
        let numeric = LabelledArray::from_json(json("numbers")?)?;
        assert_eq!(numeric, numbers().to_labelled(), "{by}");
        let marked = Table::from_json("seen", &["x"], (X,), json("seen")?)?;
        assert_eq!((marked.values(), marked.impossible()), (seen().values(), vec![2]), "{by}");
        let infinite = LabelledArray::from_json(json("infinite")?)?;
        assert_eq!(infinite.values()[0], f64::INFINITY, "{by}");
        let both = Dataset::from_json(json("both")?)?;
        assert_eq!(both, join([("wet", weather(2.0)), ("dry", weather(0.1))]), "{by}");
    }
    Ok(())
}

fn run() -> Result<bool, Failed> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("roundtrip");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    write(&folder)?;
    let python = std::env::var("MEMO_PYTHON").unwrap_or_else(|_| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/roundtrip/check.py");
    let checked = match Command::new(&python).arg(script).arg(&folder).status() {
        Ok(status) if status.success() => true,
        // The script says which packages it lacks.
        Ok(status) if status.code() == Some(77) => false,
        Ok(_) => return Err("a program has read something else than was written".into()),
        Err(error) => {
            println!("`{python}` cannot be run: {error}");
            false
        }
    };
    if checked {
        read_back(&folder)?;
    }
    Ok(checked)
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => {
            println!("all files were read back");
            ExitCode::SUCCESS
        }
        Ok(false) if std::env::var("MEMO_ROUNDTRIP").as_deref() == Ok("required") => {
            println!("the files were not read back, as is required here");
            ExitCode::FAILURE
        }
        Ok(false) => {
            println!("skipped: the files were written, but not read back");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}
