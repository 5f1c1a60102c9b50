//! Tables from files: counts and ratings, with the labels of the domains.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;

use super::labelled::LabelledAxis;
use super::nearest::did_you_mean;
use super::{Axes, Table};
use crate::impossible::Returned;

/// What is wrong with a file, and where.
///
/// ```
/// use memo_runtime::{Bool, Table};
/// let error = Table::from_csv("p", &["rain"], (Bool,), "rain,p\ntrue,many\n".as_bytes()).unwrap_err();
/// assert_eq!((error.line, error.column), (2, 2));
/// assert_eq!(error.to_string(), "line 2, column 2: `many` is no number");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The line, from 1; 0 where it is about the whole file.
    pub line: usize,
    /// The place in the line, from 1: in CSV the field, in JSON the character; 0 where
    /// it is about the whole line.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (0, _) => write!(f, "{}", self.message),
            (line, 0) => write!(f, "line {line}: {}", self.message),
            (line, column) => write!(f, "line {line}, column {column}: {}", self.message),
        }
    }
}

impl std::error::Error for ReadError {}

pub(super) fn wrong(line: usize, column: usize, message: impl Into<String>) -> ReadError {
    ReadError { line, column, message: message.into() }
}

/// The number that a text is. One too large for 64 bits is none.
pub(super) fn number(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if x.is_infinite() && text.contains(|c: char| c.is_ascii_digit()) => {
            Err(format!("`{text}` is too large for a number of 64 bits"))
        }
        Ok(x) => Ok(x),
        Err(_) => Err(format!("`{text}` is no number")),
    }
}

/// Whether there is a name for each axis, and no two the same.
pub(super) fn axis_names(names: &[&str], axes: &impl Axes) -> Result<(), ReadError> {
    let wanted = axes.lengths().as_ref().len();
    if names.len() != wanted {
        return Err(wrong(0, 0, format!("{} names are given for {wanted} axes", names.len())));
    }
    if let Some((_, twice)) = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
        return Err(wrong(0, 0, format!("the name `{twice}` is given to two axes")));
    }
    match axes.lengths().as_ref().iter().position(|n| *n == 0) {
        None => Ok(()),
        Some(empty) => Err(wrong(0, 0, format!("the axis `{}` has no values", names[empty]))),
    }
}

/// The places of the values along an axis, by what a file calls them.
pub(super) struct Places {
    axis: LabelledAxis,
    known: BTreeMap<String, usize>,
}

impl Places {
    pub(super) fn new(axis: LabelledAxis) -> Self {
        let known = axis.labels.iter().cloned().zip(0..).collect();
        Self { axis, known }
    }

    /// The place of a label, or of a value as another program writes it.
    pub(super) fn find(&mut self, text: &str) -> Result<usize, String> {
        if let Some(place) = self.known.get(text) {
            return Ok(*place);
        }
        let Some(place) = self.axis.coordinates.find(text) else { return Err(self.unknown(text)) };
        self.known.insert(text.into(), place);
        Ok(place)
    }

    fn unknown(&self, text: &str) -> String {
        let LabelledAxis { name, labels, coordinates, .. } = &self.axis;
        let near = match (coordinates.numbers(), text.parse::<f64>()) {
            (Some(numbers), Ok(wanted)) if numbers.len() > 12 => {
                let distance = |at: &usize| (numbers[*at] - wanted).abs();
                let near = (0..numbers.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)));
                near.map_or_else(String::new, |at| format!("; the nearest is `{}`", labels[at]))
            }
            (Some(_), _) => String::new(),
            (None, _) => did_you_mean(text, labels),
        };
        let more = if labels.len() > 12 { ", …" } else { "" };
        let known = labels[..labels.len().min(12)].join(", ");
        format!("`{text}` is no value of the axis `{name}`: it has {known}{more}{near}")
    }
}

impl<A: Axes> Table<A> {
    /// Reads tidy CSV, as [`Table::to_csv`] writes it: a column an axis, found by its
    /// name and holding labels of its domain, in any order, and a column of this
    /// name with the numbers; a column `…_impossible` holds marks, other columns are
    /// left alone. Numbers and truth values may be written as other programs do
    /// (`1.0`, `True`). What the file does not mention is 0.
    ///
    /// ```
    /// use memo_runtime::{Bool, Table};
    /// let file = "n,seen,rain\n1,12,true\n2,30,false\n";
    /// let counts = Table::from_csv("seen", &["rain"], (Bool,), file.as_bytes())?;
    /// assert_eq!((counts[true], counts[false]), (12.0, 30.0));
    /// let error = Table::from_csv("seen", &["rain"], (Bool,), "rain,seen\nyes,1\n".as_bytes());
    /// let text = "line 2, column 1: `yes` is no value of the axis `rain`: it has false, true";
    /// assert_eq!(error.unwrap_err().to_string(), text);
    /// # Ok::<(), memo_runtime::ReadError>(())
    /// ```
    ///
    /// # Errors
    /// A column that is missing, a label that is none, a number that is none, a
    /// cell that comes twice: with line and column.
    pub fn from_csv(
        name: &'static str,
        names: &'static [&'static str],
        axes: A,
        mut reader: impl Read,
    ) -> Result<Self, ReadError> {
        axis_names(names, &axes)?;
        let (header, records) = opened(&mut reader)?;
        let find = |wanted: &str| column(&header, wanted);
        let columns = names.iter().map(|axis| find(axis)).collect::<Result<Vec<_>, _>>()?;
        let numbers = find(name)?;
        let lengths = axes.lengths();
        let shape = lengths.as_ref();
        let mut labels = Cells::new(&axes, names, columns);
        let marks_name = format!("{name}_impossible");
        let marked = header.iter().position(|column| *column == marks_name);
        let mut cells = vec![0.0; shape.iter().product()];
        let mut marks = marked.map(|_| vec![false; cells.len()]);
        let mut filled: Vec<usize> = vec![0; cells.len()];
        for (line, record) in records {
            let cell = labels.cell(line, &record, header.len())?;
            if filled[cell] > 0 {
                return Err(wrong(line, 0, format!("this cell stands in line {} already", filled[cell])));
            }
            filled[cell] = line;
            cells[cell] =
                number(record[numbers].trim()).map_err(|message| wrong(line, numbers + 1, message))?;
            if let (Some(marks), Some(column)) = (&mut marks, marked) {
                marks[cell] = match record[column].trim() {
                    word if word.eq_ignore_ascii_case("true") => true,
                    word if word.eq_ignore_ascii_case("false") => false,
                    word => {
                        return Err(wrong(line, column + 1, format!("`{word}` is neither true nor false")));
                    }
                };
            }
        }
        let table = Returned::new(cells, marks);
        Ok(Self::read(name, axes, names, table))
    }
}

impl<A: Axes> Table<A> {
    /// Counts the lines of a CSV file in which each stands for one observation: how often
    /// each combination of the values of some columns comes. Other columns are left alone.
    ///
    /// ```
    /// use memo_runtime::{Bool, Table};
    /// let trials = "person,rain,umbrella\n1,true,true\n1,false,false\n2,true,true\n";
    /// let counts = Table::count_csv("people", &["rain", "umbrella"], (Bool, Bool), trials.as_bytes())?;
    /// assert_eq!((counts[(true, true)], counts[(true, false)]), (2.0, 0.0));
    /// # Ok::<(), memo_runtime::ReadError>(())
    /// ```
    ///
    /// # Errors
    /// A column that is missing, a label that is none: with line and column.
    pub fn count_csv(
        name: &'static str,
        names: &'static [&'static str],
        axes: A,
        mut reader: impl Read,
    ) -> Result<Self, ReadError> {
        axis_names(names, &axes)?;
        let (header, records) = opened(&mut reader)?;
        let columns = names.iter().map(|axis| column(&header, axis)).collect::<Result<Vec<_>, _>>()?;
        let mut counts = vec![0.0; axes.lengths().as_ref().iter().product()];
        let mut cells = Cells::new(&axes, names, columns);
        for (line, record) in records {
            counts[cells.cell(line, &record, header.len())?] += 1.0;
        }
        Ok(Self::read(name, axes, names, Returned::new(counts, None)))
    }
}

/// The header of a CSV file and its records.
fn opened(reader: &mut impl Read) -> Result<(Vec<String>, Vec<Record>), ReadError> {
    let mut text = String::new();
    reader.read_to_string(&mut text).map_err(|error| wrong(0, 0, error.to_string()))?;
    let mut records = records(&text)?;
    if records.is_empty() {
        return Err(wrong(0, 0, "the file is empty"));
    }
    let (_, header) = records.remove(0);
    Ok((header, records))
}

/// The place of a column.
fn column(header: &[String], wanted: &str) -> Result<usize, ReadError> {
    let missing = || {
        let near = did_you_mean(wanted, header);
        wrong(1, 0, format!("there is no column `{wanted}`: there are {}{near}", header.join(", ")))
    };
    let mut places = header.iter().enumerate().filter(|(_, column)| *column == wanted);
    let (place, _) = places.next().ok_or_else(missing)?;
    match places.next() {
        None => Ok(place),
        Some((other, _)) => Err(wrong(1, other + 1, format!("there are two columns `{wanted}`"))),
    }
}

/// Finds the cell of a record.
struct Cells {
    labels: Vec<Places>,
    columns: Vec<usize>,
    shape: Vec<usize>,
}

impl Cells {
    fn new(axes: &impl Axes, names: &[&str], columns: Vec<usize>) -> Self {
        let shape = axes.lengths().as_ref().to_vec();
        let place = |axis: usize| Places::new(LabelledAxis::of(axes, axis, names[axis], names[axis]));
        Self { labels: (0..shape.len()).map(place).collect(), columns, shape }
    }

    fn cell(&mut self, line: usize, record: &[String], fields: usize) -> Result<usize, ReadError> {
        if record.len() != fields {
            let found = record.len();
            return Err(wrong(line, 0, format!("{found} fields stand where the header has {fields}")));
        }
        let mut cell = 0;
        for (axis, column) in self.columns.iter().enumerate() {
            let at = self.labels[axis].find(&record[*column]);
            cell = cell * self.shape[axis] + at.map_err(|message| wrong(line, column + 1, message))?;
        }
        Ok(cell)
    }
}

/// A line's number and its fields.
type Record = (usize, Vec<String>);

/// The records of a CSV file (RFC 4180), without the empty lines.
fn records(text: &str) -> Result<Vec<Record>, ReadError> {
    let (mut found, mut fields, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut first, mut quoted, mut was_quoted) = (1, 1, false, false);
    let mut chars = text.strip_prefix('\u{feff}').unwrap_or(text).chars().peekable();
    let mut end = |fields: &mut Vec<String>, field: &mut String, first: usize, was_quoted: bool| {
        if !fields.is_empty() || !field.is_empty() || was_quoted {
            fields.push(std::mem::take(field));
            found.push((first, std::mem::take(fields)));
        }
    };
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => (quoted, was_quoted) = (true, true),
            ',' if !quoted => {
                fields.push(std::mem::take(&mut field));
                was_quoted = false;
            }
            '\r' if !quoted && chars.peek() == Some(&'\n') => {}
            // Some programs end lines by `\r` alone.
            '\n' | '\r' if !quoted => {
                end(&mut fields, &mut field, first, was_quoted);
                line += 1;
                (first, was_quoted) = (line, false);
            }
            c => {
                line += usize::from(c == '\n');
                field.push(c);
            }
        }
    }
    if quoted {
        return Err(wrong(first, fields.len() + 1, "a quotation mark is not closed"));
    }
    end(&mut fields, &mut field, first, was_quoted);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Bool;

    fn read(text: &str) -> Result<Vec<f64>, String> {
        let table = Table::from_csv("f", &["a", "b"], (Bool, 0..2_i64), text.as_bytes());
        table.map(|table| table.values().to_vec()).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_written_is_read() {
        let table = Table::from_csv("f", &["a", "b"], (Bool, 0..2_i64), "b,a,f\n1,true,0.5\n".as_bytes());
        let table = table.unwrap_or_else(|error| panic!("{error}"));
        let mut csv = Vec::new();
        table.to_csv(&mut csv).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(read(&String::from_utf8_lossy(&csv)), Ok(vec![0.0, 0.0, 0.0, 0.5]));
        assert_eq!(read("a,b,f\rtrue,0,1\rfalse,1,2\r"), Ok(vec![0.0, 2.0, 1.0, 0.0]));
        assert_eq!(
            read("a,b,f,note\r\ntrue,0,1e-3,\"a \"\"b\"\", c\n d\"\r\n\r\nfalse,1,2,"),
            Ok(vec![0.0, 2.0, 0.001, 0.0])
        );
    }

    #[test]
    fn other_programs_write_values_in_their_way() {
        assert_eq!(read("a,b,f\nTrue,1.0,3\nFALSE,0,2\n"), Ok(vec![2.0, 0.0, 0.0, 3.0]));
        let numbers = crate::linspace(0.0, 1.0, 101);
        let error = Table::from_csv("f", &["p"], (numbers,), "p,f\n0.304,1".as_bytes()).map(|_| ());
        let message = "line 2, column 1: `0.304` is no value of the axis `p`: it has 0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11, …; the nearest is `0.3`";
        assert_eq!(error.map_err(|error| error.to_string()), Err(message.into()));
    }

    #[test]
    fn mistakes_have_a_place() {
        let error = Table::from_csv("f", &["a"], (Bool, Bool), "a,f".as_bytes()).map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), "1 names are given for 2 axes");
        let error =
            Table::from_csv("f", &["a", "a"], (Bool, Bool), "a,f".as_bytes()).map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), "the name `a` is given to two axes");
        let error = Table::from_csv("f", &["a"], (0..0_i64,), "a,f".as_bytes()).map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), "the axis `a` has no values");
        let cases = [
            ("", "the file is empty"),
            ("a,c,f\n", "line 1: there is no column `b`: there are a, c, f"),
            ("a,b,f\ntrue,0\n", "line 2: 2 fields stand where the header has 3"),
            ("a,b,f\ntrue,0,1\ntrue,5,1\n", "line 3, column 2: `5` is no value of the axis `b`: it has 0, 1"),
            (
                "a,b,f\nture,0,1\n",
                "line 2, column 1: `ture` is no value of the axis `a`: it has false, true; did you mean `true`?",
            ),
            ("a,B,f\n", "line 1: there is no column `b`: there are a, B, f; did you mean `B`?"),
            ("a,b,f,b\n", "line 1, column 4: there are two columns `b`"),
            ("aa,bb,ff\n", "line 1: there is no column `a`: there are aa, bb, ff; did you mean `aa`?"),
            ("a,b,f,f_impossible\ntrue,0,1,no\n", "line 2, column 4: `no` is neither true nor false"),
            ("a,b,f\ntrue,0,one\n", "line 2, column 3: `one` is no number"),
            ("a,b,f\ntrue,0,1e999\n", "line 2, column 3: `1e999` is too large for a number of 64 bits"),
            ("a,b,f\ntrue,0,1\ntrue,0,2\n", "line 3: this cell stands in line 2 already"),
            ("a,b,f\ntrue,0,\"1\n", "line 2, column 3: a quotation mark is not closed"),
        ];
        for (text, error) in cases {
            assert_eq!(read(text), Err(error.into()));
        }
    }
}
