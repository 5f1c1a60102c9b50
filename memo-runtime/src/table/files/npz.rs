//! Files of numpy: a zip archive with an array a member.
//!
//! The format of a member is that of `numpy.lib.format`, version 2. Labels are text of
//! a fixed width (`<U5`), which numpy reads without pickle; crates for the format know
//! numbers only.

use std::io::{self, Seek, Write};

use zip::write::SimpleFileOptions;

use crate::table::coordinates::Coordinates;
use crate::table::dataset::Sheet;

/// An array as numpy has it: a type, a shape, the bytes in row-major order.
struct Array {
    kind: String,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Array {
    fn numbers(shape: Vec<usize>, values: &[f64]) -> Self {
        let bytes = values.iter().flat_map(|x| x.to_le_bytes()).collect();
        Self { kind: "<f8".into(), shape, bytes }
    }

    fn integers(values: &[i64]) -> Self {
        let bytes = values.iter().flat_map(|x| x.to_le_bytes()).collect();
        Self { kind: "<i8".into(), shape: vec![values.len()], bytes }
    }

    fn truths(shape: Vec<usize>, values: &[bool]) -> Self {
        Self { kind: "|b1".into(), shape, bytes: values.iter().map(|truth| u8::from(*truth)).collect() }
    }

    /// Text in UTF-32, filled up with zeros.
    fn texts<T: AsRef<str>>(values: &[T]) -> Self {
        let length = |text: &T| text.as_ref().chars().count();
        let width = values.iter().map(length).max().unwrap_or(0).max(1);
        let padded = |text: &T| {
            let chars: Vec<u32> = text.as_ref().chars().map(u32::from).collect();
            chars.into_iter().chain(std::iter::repeat(0)).take(width).collect::<Vec<_>>()
        };
        let bytes = values.iter().flat_map(padded).flat_map(u32::to_le_bytes).collect();
        Self { kind: format!("<U{width}"), shape: vec![values.len()], bytes }
    }

    fn write(&self, writer: &mut impl Write) -> io::Result<()> {
        let lengths: String = self.shape.iter().map(|n| format!("{n}, ")).collect();
        let mut header = format!(
            "{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}",
            self.kind,
            if self.shape.len() == 1 { lengths.trim_end() } else { lengths.trim_end_matches(", ") }
        );
        // What comes before the numbers is a multiple of 64 bytes long and ends in a new
        // line: 12 bytes stand before the header.
        while (12 + header.len() + 1) % 64 != 0 {
            header.push(' ');
        }
        header.push('\n');
        let length = u32::try_from(header.len()).map_err(io::Error::other)?;
        writer.write_all(b"\x93NUMPY\x02\x00")?;
        writer.write_all(&length.to_le_bytes())?;
        writer.write_all(header.as_bytes())?;
        writer.write_all(&self.bytes)
    }
}

pub(super) fn write(sheet: &Sheet, writer: impl Write + Seek) -> io::Result<()> {
    if sheet.file_names()?.iter().any(|name| name == "axes") {
        let message = "the name `axes` is taken by the list of axes: give the table another with `named`";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let mut archive = zip::ZipWriter::new(writer);
    let mut member = |name: &str, array: &Array| -> io::Result<()> {
        let large = array.bytes.len() >= 1 << 31;
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        archive.start_file(format!("{name}.npy"), stored.large_file(large))?;
        array.write(&mut archive)
    };
    let shape = sheet.shape();
    let names: Vec<&str> = sheet.axes.iter().map(|axis| axis.name.as_str()).collect();
    member("axes", &Array::texts(&names))?;
    for axis in sheet.axes.iter() {
        let values = match &axis.coordinates {
            Coordinates::Integers(values) => Array::integers(values),
            Coordinates::Floats(values) => Array::numbers(vec![values.len()], values),
            Coordinates::Booleans(values) => Array::truths(vec![values.len()], values),
            Coordinates::Labels => Array::texts(&axis.labels),
        };
        member(&axis.name, &values)?;
    }
    for column in &sheet.columns {
        member(column.name, &Array::numbers(shape.clone(), column.data))?;
        if let Some(marks) = column.impossible {
            member(&column.marks_name(), &Array::truths(shape.clone(), marks))?;
        }
    }
    archive.finish()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_laid_out_as_numpy_does() {
        let mut bytes = Vec::new();
        Array::texts(&["é", "abc"]).write(&mut bytes).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(bytes[..8], *b"\x93NUMPY\x02\x00");
        let header = u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]) as usize;
        assert_eq!((12 + header) % 64, 0);
        let text = String::from_utf8_lossy(&bytes[12..12 + header]);
        assert!(text.starts_with("{'descr': '<U3', 'fortran_order': False, 'shape': (2,), }"), "{text}");
        assert_eq!(bytes[12 + header..12 + header + 8], [0xe9, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(bytes.len(), 12 + header + 2 * 3 * 4);
        let mut bytes = Vec::new();
        Array::numbers(vec![], &[1.0]).write(&mut bytes).unwrap_or_else(|error| panic!("{error}"));
        assert!(String::from_utf8_lossy(&bytes).contains("'shape': (), }"));
    }
}
