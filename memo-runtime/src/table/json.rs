//! Tables as JSON, written and read.

mod parse;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Read};

use super::axes::places;
use super::coordinates::Coordinates;
use super::dataset::{Column, Sheet};
use super::import::{Places, ReadError, axis_names, number as parsed, wrong};
use super::labelled::{LabelledArray, LabelledAxis};
use super::nearest::did_you_mean;
use super::{Axes, Dataset, Table};
use crate::impossible::Returned;
use parse::{Node, Value};

fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if (c as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out + "\""
}

/// The numbers JSON lacks are strings, as in the JSON mapping of Protocol Buffers.
fn number(x: f64) -> String {
    match x {
        x if x.is_nan() => "\"NaN\"".into(),
        f64::INFINITY => "\"Infinity\"".into(),
        f64::NEG_INFINITY => "\"-Infinity\"".into(),
        x => format!("{x:?}"),
    }
}

fn list<T>(items: impl IntoIterator<Item = T>, show: impl Fn(T) -> String) -> String {
    let items: Vec<String> = items.into_iter().map(show).collect();
    format!("[{}]", items.join(","))
}

fn write_axis(axis: &LabelledAxis) -> String {
    let kind = match axis.coordinates {
        Coordinates::Integers(_) => "integer",
        Coordinates::Floats(_) => "number",
        Coordinates::Booleans(_) => "boolean",
        Coordinates::Labels => "string",
    };
    format!(
        "{{\"name\":{},\"domain\":{},\"type\":\"{kind}\",\"labels\":{}}}",
        string(&axis.name),
        string(&axis.domain),
        list(&axis.labels, |label| string(label))
    )
}

fn write_column(column: &Column) -> String {
    let marks = |marks| format!(",\"impossible\":{}", list(marks, |mark: &bool| mark.to_string()));
    format!(
        "\"values\":{}{}",
        list(column.data, |x| number(*x)),
        column.impossible.map(marks).unwrap_or_default()
    )
}

/// The columns of a sheet; a single one without a list around it.
pub(super) fn write(sheet: &Sheet) -> io::Result<String> {
    sheet.file_names()?;
    let axes = list(sheet.axes.iter(), write_axis);
    let shape = list(sheet.shape(), |n| n.to_string());
    if let [column] = sheet.columns.as_slice() {
        let name = string(column.name);
        return Ok(format!("{{\"name\":{name},\"axes\":{axes},\"shape\":{shape},{}}}", write_column(column)));
    }
    let one = |column: &Column| format!("{{\"name\":{},{}}}", string(column.name), write_column(column));
    Ok(format!("{{\"axes\":{axes},\"shape\":{shape},\"columns\":{}}}", list(&sheet.columns, one)))
}

/// A file as it was read: axes with the place of each label in the text, columns.
struct Document<'t> {
    axes: Vec<ReadAxis<'t>>,
    shape: Vec<usize>,
    columns: Vec<ReadColumn>,
}

struct ReadAxis<'t> {
    node: &'t Node,
    name: String,
    domain: String,
    kind: Option<&'t Node>,
    labels: Vec<(&'t Node, String)>,
}

struct ReadColumn {
    name: String,
    data: Vec<f64>,
    impossible: Option<Vec<bool>>,
}

/// Reads the labels of an axis: strings, or plain numbers and truth values.
fn read_label(node: &Node) -> Result<(&Node, String), ReadError> {
    match &node.value {
        Value::Text(text) | Value::Number(text) => Ok((node, text.clone())),
        Value::Truth(truth) => Ok((node, truth.to_string())),
        _ => Err(node.wrong(format!("a label is to be text, not {}", node.kind()))),
    }
}

fn read_axis(node: &Node) -> Result<ReadAxis<'_>, ReadError> {
    let name = node.get("name")?.text()?;
    let labels = node.get("labels")?.list()?.iter().map(read_label).collect::<Result<Vec<_>, _>>()?;
    let mut seen = BTreeMap::new();
    for (label, text) in &labels {
        if let Some(line) = seen.insert(text, label.line) {
            return Err(
                label.wrong(format!("`{text}` is a label of the axis `{name}` already (line {line})"))
            );
        }
    }
    if labels.is_empty() {
        return Err(node.wrong(format!("the axis `{name}` has no labels")));
    }
    let domain = node.find("domain").map_or(Ok(name), Node::text)?;
    let (name, domain) = (name.into(), domain.into());
    Ok(ReadAxis { node, name, domain, kind: node.find("type"), labels })
}

fn read_number(node: &Node) -> Result<f64, ReadError> {
    match &node.value {
        Value::Number(text) => parsed(text).map_err(|message| node.wrong(message)),
        Value::Text(text) if text == "NaN" => Ok(f64::NAN),
        Value::Text(text) if text == "Infinity" => Ok(f64::INFINITY),
        Value::Text(text) if text == "-Infinity" => Ok(f64::NEG_INFINITY),
        Value::Text(text) => Err(node.wrong(format!("`{text}` is no number"))),
        Value::Null => {
            Err(node.wrong("`null` is no number: it is \"NaN\", \"Infinity\" or \"-Infinity\" that is meant"))
        }
        _ => Err(node.wrong(format!("a number is expected, not {}", node.kind()))),
    }
}

fn read_column(node: &Node, cells: usize) -> Result<ReadColumn, ReadError> {
    let name = node.get("name")?.text()?.to_string();
    let sized = |list: &Node| -> Result<(), ReadError> {
        let n = list.list()?.len();
        let message = || format!("{n} values of `{name}` stand where the axes have {cells} cells");
        if n == cells { Ok(()) } else { Err(list.wrong(message())) }
    };
    let values = node.get("values")?;
    sized(values)?;
    let data = values.list()?.iter().map(read_number).collect::<Result<Vec<_>, _>>()?;
    let impossible = match node.find("impossible") {
        None => None,
        Some(marks) => {
            sized(marks)?;
            Some(marks.list()?.iter().map(Node::truth).collect::<Result<Vec<_>, _>>()?)
        }
    };
    Ok(ReadColumn { name, data, impossible })
}

impl<'t> Document<'t> {
    fn read(root: &'t Node) -> Result<Self, ReadError> {
        let axes = root.get("axes")?.list()?.iter().map(read_axis).collect::<Result<Vec<_>, _>>()?;
        for (at, axis) in axes.iter().enumerate() {
            if axes[..at].iter().any(|other| other.name == axis.name) {
                return Err(axis.node.wrong(format!("a second axis is called `{}`", axis.name)));
            }
        }
        let shape: Vec<usize> = axes.iter().map(|axis| axis.labels.len()).collect();
        let cells = shape.iter().try_fold(1_usize, |cells, n| cells.checked_mul(*n));
        let cells = cells.ok_or_else(|| root.wrong("the axes have more cells than can be counted"))?;
        let columns = match root.find("columns") {
            None => vec![read_column(root, cells)?],
            Some(columns) => {
                columns.list()?.iter().map(|node| read_column(node, cells)).collect::<Result<_, _>>()?
            }
        };
        Ok(Self { axes, shape, columns })
    }
}

impl ReadAxis<'_> {
    /// The axis without a domain to hold it against.
    fn labelled(self) -> Result<LabelledAxis, ReadError> {
        let kind = self.kind.map_or(Ok("string"), Node::text)?;
        fn all<T: std::str::FromStr>(labels: &[(&Node, String)], kind: &str) -> Result<Vec<T>, ReadError> {
            let one = |(node, text): &(&Node, String)| {
                text.parse().map_err(|_| node.wrong(format!("`{text}` is no {kind}")))
            };
            labels.iter().map(one).collect()
        }
        let coordinates = match kind {
            "integer" => Coordinates::Integers(all(&self.labels, kind)?),
            "number" => Coordinates::Floats(all(&self.labels, kind)?),
            "boolean" => Coordinates::Booleans(all(&self.labels, kind)?),
            "string" => Coordinates::Labels,
            other => {
                let node = self.kind.unwrap_or(self.node);
                let near = did_you_mean(other, &["integer", "number", "boolean", "string"]);
                let known = "it is integer, number, boolean or string";
                return Err(node.wrong(format!("`{other}` is no type of an axis: {known}{near}")));
            }
        };
        let labels = self.labels.into_iter().map(|(_, text)| text).collect();
        Ok(LabelledAxis { name: self.name, domain: self.domain, labels, coordinates })
    }
}

fn read_text(mut reader: impl Read) -> Result<String, ReadError> {
    let mut text = String::new();
    reader.read_to_string(&mut text).map_err(|error| wrong(0, 0, error.to_string()))?;
    Ok(text)
}

impl Dataset {
    /// Reads JSON, as `to_json` of a table, a labelled array or a dataset writes it.
    ///
    /// # Errors
    /// What is not JSON or lacks a part: with line and column.
    pub fn from_json(reader: impl Read) -> Result<Self, ReadError> {
        let text = read_text(reader)?;
        let root = parse::parse(&text)?;
        let Document { axes, columns, .. } = Document::read(&root)?;
        let axes = axes.into_iter().map(ReadAxis::labelled).collect::<Result<Vec<_>, _>>()?;
        let mut read: Option<Self> = None;
        for ReadColumn { name, data, impossible } in columns {
            let array = LabelledArray::new(&name, axes.clone(), data).marked(impossible);
            read = Some(match read {
                None => Self::from(array),
                Some(read) if read.column(&name).is_some() => {
                    return Err(root.wrong(format!("two columns are called `{name}`")));
                }
                Some(read) => read.join(array),
            });
        }
        read.ok_or_else(|| root.wrong("there are no columns"))
    }
}

impl LabelledArray {
    /// Reads JSON, as `to_json` of a table or a labelled array writes it.
    ///
    /// ```
    /// use memo_runtime::{LabelledArray, linspace, sweep, Table};
    /// # fn flip(p: f64) -> Table<()> { Table::from_csv("flip", &[], (), format!("flip\n{p}").as_bytes()).unwrap() }
    /// let swept = sweep("p", linspace(0.0, 1.0, 3), flip);
    /// assert_eq!(LabelledArray::from_json(swept.to_json()?.as_bytes())?, swept);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// What is not JSON or lacks a part, or several columns: with line and column.
    pub fn from_json(reader: impl Read) -> Result<Self, ReadError> {
        let dataset = Dataset::from_json(reader)?;
        match dataset.column_names().as_slice() {
            [name] => Ok(dataset.column(name).unwrap_or_else(|| unreachable!("bug in memo: a lost column"))),
            names => {
                let message = format!("{} columns are there: read them as a `Dataset`", names.len());
                Err(wrong(0, 0, message))
            }
        }
    }
}

impl<A: Axes> Table<A> {
    /// Reads JSON, as `to_json` writes it: axes, found by their names, with labels of
    /// their domains, in any order, and the numbers under this name. What the file
    /// does not mention is 0.
    ///
    /// ```
    /// use memo_runtime::{Bool, Table};
    /// let file = r#"{"name": "seen", "axes": [{"name": "rain", "labels": ["true", "false"]}],
    ///     "values": [12, 30]}"#;
    /// let counts = Table::from_json("seen", &["rain"], (Bool,), file.as_bytes())?;
    /// assert_eq!((counts[true], counts[false]), (12.0, 30.0));
    /// let file = file.replace("true", "ture");
    /// let error = Table::from_json("seen", &["rain"], (Bool,), file.as_bytes()).unwrap_err();
    /// let text = "line 1, column 55: `ture` is no value of the axis `rain`: \
    ///     it has false, true; did you mean `true`?";
    /// assert_eq!(error.to_string(), text);
    /// # Ok::<(), memo_runtime::ReadError>(())
    /// ```
    ///
    /// # Errors
    /// What is not JSON, an axis that is missing or too many, a label that is none, a
    /// number that is none: with line and column.
    pub fn from_json(
        name: &'static str,
        names: &'static [&'static str],
        axes: A,
        reader: impl Read,
    ) -> Result<Self, ReadError> {
        axis_names(names, &axes)?;
        let text = read_text(reader)?;
        let root = parse::parse(&text)?;
        let document = Document::read(&root)?;
        let Some(column) = document.columns.iter().find(|column| column.name == name) else {
            let known: Vec<&str> = document.columns.iter().map(|column| column.name.as_str()).collect();
            let near = did_you_mean(name, &known);
            return Err(
                root.wrong(format!("there is no table `{name}`: there is {}{near}", known.join(", ")))
            );
        };
        if let Some(axis) = document.axes.iter().find(|axis| !names.contains(&axis.name.as_str())) {
            let message = format!("the file has an axis `{}`; wanted are {}", axis.name, names.join(", "));
            return Err(axis.node.wrong(message + &did_you_mean(&axis.name, names)));
        }
        let lengths = axes.lengths();
        let shape = lengths.as_ref();
        let stride = |axis: usize| shape[axis + 1..].iter().product::<usize>();
        // For each axis of the file: how far each of its labels goes in the table.
        let mut steps = vec![Vec::new(); document.axes.len()];
        for (at, wanted) in names.iter().enumerate() {
            let Some(from) = document.axes.iter().position(|axis| axis.name == *wanted) else {
                return Err(root.get("axes")?.wrong(format!("there is no axis `{wanted}`")));
            };
            let mut known = Places::new(LabelledAxis::of(&axes, at, wanted, wanted));
            let mut taken = vec![false; shape[at]];
            for (node, label) in &document.axes[from].labels {
                let place = known.find(label).map_err(|message| node.wrong(message))?;
                if std::mem::replace(&mut taken[place], true) {
                    return Err(node.wrong(format!("`{label}` comes twice on the axis `{wanted}`")));
                }
                steps[from].push(place * stride(at));
            }
        }
        let mut cells = vec![0.0; shape.iter().product()];
        let mut marks = column.impossible.as_ref().map(|_| vec![false; cells.len()]);
        for (place, number) in column.data.iter().enumerate() {
            let at = places(place, &document.shape);
            let cell = at.iter().zip(&steps).map(|(at, steps)| steps[*at]).sum::<usize>();
            cells[cell] = *number;
            if let (Some(marks), Some(read)) = (&mut marks, &column.impossible) {
                marks[cell] = read[place];
            }
        }
        Ok(Self::read(name, axes, names, Returned::new(cells, marks)))
    }
}
