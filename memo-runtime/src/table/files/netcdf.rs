//! NetCDF, version 3 with 64-bit offsets, written after the format's specification
//! (Unidata, "NetCDF File Format Specifications", appendix B of the user's guide).
//!
//! Written by ourselves: the format is a header and the numbers, the one crate for it
//! that needs no C library calls itself experimental, and it writes to files only that
//! it opens or that outlive it.

use std::io::{self, Write};

use crate::table::coordinates::Coordinates;
use crate::table::dataset::Sheet;

const BYTE: u32 = 1;
const CHAR: u32 = 2;
const INT: u32 = 4;
const DOUBLE: u32 = 6;

const DIMENSIONS: u32 = 10;
const VARIABLES: u32 = 11;
const ATTRIBUTES: u32 = 12;

struct Variable {
    name: String,
    /// The dimensions it is over, by their places.
    over: Vec<usize>,
    /// Names and texts.
    attributes: Vec<(&'static str, String)>,
    kind: u32,
    /// The values, big-endian, filled up to a multiple of four bytes.
    bytes: Vec<u8>,
}

fn refused(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// A number of things, which is to fit in the format's 32 bits.
fn count(n: usize, what: &str) -> io::Result<u32> {
    let fits = u32::try_from(n).ok().filter(|n| *n <= u32::MAX >> 1);
    fits.ok_or_else(|| refused(format!("{n} is more {what} than a NetCDF file of version 3 can hold")))
}

/// Names that the format allows: they start with a letter, a digit or `_`, and hold no
/// `/`, no control character and no space at the end.
fn allowed(name: &str) -> io::Result<()> {
    let first = name.chars().next().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii());
    if first && !name.contains(|c: char| c == '/' || c.is_control()) && !name.ends_with(' ') {
        return Ok(());
    }
    Err(refused(format!("`{name}` cannot be the name of a NetCDF variable: give another with `named`")))
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(bytes);
    out.resize(out.len().next_multiple_of(4), 0);
}

fn put_name(out: &mut Vec<u8>, name: &str) -> io::Result<()> {
    out.extend(count(name.len(), "letters")?.to_be_bytes());
    put_bytes(out, name.as_bytes());
    Ok(())
}

/// The head of a list; of an empty one two zeros.
fn put_list(out: &mut Vec<u8>, tag: u32, n: usize) -> io::Result<()> {
    out.extend(if n == 0 { 0 } else { tag }.to_be_bytes());
    out.extend(count(n, "entries")?.to_be_bytes());
    Ok(())
}

fn header(dimensions: &[(String, usize)], variables: &[Variable], begins: &[u64]) -> io::Result<Vec<u8>> {
    let mut out = b"CDF\x02\0\0\0\0".to_vec();
    put_list(&mut out, DIMENSIONS, dimensions.len())?;
    for (name, n) in dimensions {
        put_name(&mut out, name)?;
        out.extend(count(*n, "places along a dimension")?.to_be_bytes());
    }
    put_list(&mut out, ATTRIBUTES, 0)?;
    put_list(&mut out, VARIABLES, variables.len())?;
    for (variable, begin) in variables.iter().zip(begins) {
        put_name(&mut out, &variable.name)?;
        out.extend(count(variable.over.len(), "dimensions")?.to_be_bytes());
        for dimension in &variable.over {
            out.extend(count(*dimension, "dimensions")?.to_be_bytes());
        }
        put_list(&mut out, ATTRIBUTES, variable.attributes.len())?;
        for (name, text) in &variable.attributes {
            put_name(&mut out, name)?;
            out.extend(CHAR.to_be_bytes());
            put_name(&mut out, text)?;
        }
        out.extend(variable.kind.to_be_bytes());
        let size = u32::try_from(variable.bytes.len()).map_err(|_| {
            refused(format!("`{}` is larger than the 4 GiB of a variable of NetCDF 3", variable.name))
        })?;
        out.extend(size.to_be_bytes());
        out.extend(begin.to_be_bytes());
    }
    Ok(out)
}

fn variable(name: &str, over: Vec<usize>, kind: u32, values: impl IntoIterator<Item = u8>) -> Variable {
    let mut bytes: Vec<u8> = values.into_iter().collect();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    Variable { name: name.into(), over, attributes: Vec::new(), kind, bytes }
}

fn doubles(name: &str, over: Vec<usize>, values: impl IntoIterator<Item = f64>) -> Variable {
    variable(name, over, DOUBLE, values.into_iter().flat_map(f64::to_be_bytes))
}

/// Truth values are bytes with the mark that xarray gives them.
fn truths(name: &str, over: Vec<usize>, values: &[bool]) -> Variable {
    let mut variable = variable(name, over, BYTE, values.iter().map(|truth| u8::from(*truth)));
    variable.attributes.push(("dtype", "bool".into()));
    variable
}

/// The coordinate variable of an axis. Integers are 32 bits wide in this format: larger
/// ones are doubles where these are exact, and text beyond.
fn coordinates(sheet: &Sheet, axis: usize, dimensions: &mut Vec<(String, usize)>) -> Variable {
    let over = vec![axis];
    let own = &sheet.axes[axis];
    let exact = |value: &i64| value.unsigned_abs() <= 1 << 53;
    let mut made = match &own.coordinates {
        Coordinates::Integers(values) if values.iter().all(|value| i32::try_from(*value).is_ok()) => {
            variable(&own.name, over, INT, values.iter().flat_map(|value| (*value as i32).to_be_bytes()))
        }
        Coordinates::Integers(values) if values.iter().all(exact) => {
            doubles(&own.name, over, values.iter().map(|value| *value as f64))
        }
        Coordinates::Floats(values) => doubles(&own.name, over, values.iter().copied()),
        Coordinates::Booleans(values) => truths(&own.name, over, values),
        Coordinates::Integers(_) | Coordinates::Labels => {
            let width = own.labels.iter().map(String::len).max().unwrap_or(0).max(1);
            let mut name = format!("{}_characters", own.name);
            while dimensions.iter().any(|(other, _)| *other == name) {
                name.push('_');
            }
            dimensions.push((name, width));
            let padded =
                |label: &String| label.bytes().chain(std::iter::repeat(0)).take(width).collect::<Vec<u8>>();
            let over = vec![axis, dimensions.len() - 1];
            let mut text = variable(&own.name, over, CHAR, own.labels.iter().flat_map(padded));
            text.attributes.push(("_Encoding", "utf-8".into()));
            text
        }
    };
    made.attributes.push(("domain", own.domain.clone()));
    made
}

pub(super) fn write(sheet: &Sheet, mut writer: impl Write) -> io::Result<()> {
    for name in sheet.file_names()? {
        allowed(&name)?;
    }
    // A dimension of length 0 is another thing in this format.
    if let Some(axis) = sheet.axes.iter().find(|axis| axis.labels.is_empty()) {
        return Err(refused(format!("the axis `{}` has no values", axis.name)));
    }
    let mut dimensions: Vec<(String, usize)> =
        sheet.axes.iter().map(|axis| (axis.name.clone(), axis.labels.len())).collect();
    let all: Vec<usize> = (0..sheet.axes.len()).collect();
    let mut variables: Vec<Variable> =
        all.iter().map(|axis| coordinates(sheet, *axis, &mut dimensions)).collect();
    for column in &sheet.columns {
        variables.push(doubles(column.name, all.clone(), column.data.iter().copied()));
        if let Some(marks) = column.impossible {
            variables.push(truths(&column.marks_name(), all.clone(), marks));
        }
    }
    // The header is as long whatever the offsets in it are.
    let length = header(&dimensions, &variables, &vec![0; variables.len()])?.len();
    let begins: Vec<u64> = variables
        .iter()
        .scan(length as u64, |next, variable| {
            let begin = *next;
            *next += variable.bytes.len() as u64;
            Some(begin)
        })
        .collect();
    writer.write_all(&header(&dimensions, &variables, &begins)?)?;
    variables.iter().try_for_each(|variable| writer.write_all(&variable.bytes))
}

#[cfg(test)]
mod tests {
    use crate::{Bool, Table};

    fn table() -> Table<(Bool,)> {
        let table = Table::from_csv("f", &["b"], (Bool,), "b,f\ntrue,2\n".as_bytes());
        table.unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn the_header_is_as_the_format_says() {
        let mut bytes = Vec::new();
        table().to_netcdf(&mut bytes).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(bytes[..16], *b"CDF\x02\0\0\0\0\0\0\0\x0a\0\0\0\x01");
        assert_eq!(bytes[16..28], *b"\0\0\0\x01b\0\0\0\0\0\0\x02");
        // No global attributes; two variables; the numbers stand at the end.
        assert_eq!(bytes[28..44], *b"\0\0\0\0\0\0\0\0\0\0\0\x0b\0\0\0\x02");
        let mut end = vec![0, 1, 0, 0];
        end.extend(0.0_f64.to_be_bytes());
        end.extend(2.0_f64.to_be_bytes());
        assert_eq!(bytes[bytes.len() - 20..], end);
    }

    #[test]
    fn names_that_are_not_allowed_are_told_of() {
        let ratio = &table() / &table();
        let error = ratio.to_netcdf(Vec::new()).map_err(|error| error.to_string());
        let message = "`f / f` cannot be the name of a NetCDF variable: give another with `named`";
        assert_eq!(error, Err(message.into()));
        assert!(ratio.named("ratio").to_netcdf(Vec::new()).is_ok());
    }
}
