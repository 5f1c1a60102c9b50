//! Tables of texts, for the terminal and for documents.

use std::fmt;

pub(super) use crate::table::trimmed;

/// A header and its rows, with borders.
pub(super) fn bordered(header: &[&str], rows: &[Vec<String>], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([header[column].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let rule: String =
        widths.iter().map(|width| format!("+{}", "-".repeat(width + 2))).collect::<String>() + "+";
    let line = |cells: &mut dyn Iterator<Item = &str>| -> String {
        let cells = cells.zip(&widths).map(|(cell, width)| format!("| {cell:<width$} "));
        cells.collect::<String>() + "|"
    };
    writeln!(f, "{rule}\n{}\n{rule}", line(&mut header.iter().copied()))?;
    for row in rows {
        writeln!(f, "{}", line(&mut row.iter().map(String::as_str)))?;
    }
    write!(f, "{rule}")
}

/// The same in Markdown.
pub(super) fn markdown(header: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &mut dyn Iterator<Item = &str>| -> String {
        cells.map(|cell| format!("| {} ", cell.replace('|', "\\|"))).collect::<String>() + "|\n"
    };
    let rule = format!("|{}\n", "---|".repeat(header.len()));
    let rows: String = rows.iter().map(|row| line(&mut row.iter().map(String::as_str))).collect();
    line(&mut header.iter().copied()) + &rule + &rows
}
