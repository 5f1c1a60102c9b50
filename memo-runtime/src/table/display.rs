//! Tables as text: bordered, one line a cell.

use std::fmt;

use super::dataset::Sheet;
use super::{Axes, Dataset, LabelledArray, Table, places};

/// A number with the digits that matter: six significant ones at the most,
/// without trailing zeros.
pub(crate) fn trimmed(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return if x == 0.0 { "0".into() } else { x.to_string() };
    }
    let shortest = x.to_string();
    let digits = shortest.chars().filter(char::is_ascii_digit).collect::<String>();
    let significant = digits.trim_start_matches('0').trim_end_matches('0').len();
    let magnitude = x.abs().log10().floor();
    if significant <= 6 && (-5.0..16.0).contains(&magnitude) {
        return shortest;
    }
    if (-5.0..6.0).contains(&magnitude) {
        let places = (5.0 - magnitude).max(0.0) as usize;
        let text = format!("{x:.places$}");
        return if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').into()
        } else {
            text
        };
    }
    let text = format!("{x:.5e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => {
            format!("{}e{exponent}", mantissa.trim_end_matches('0').trim_end_matches('.'))
        }
        None => text,
    }
}

/// `0.00` for `-0.00`.
fn without_sign_of_nothing(text: String) -> String {
    match text.strip_prefix('-') {
        Some(size) if size.chars().all(|c| matches!(c, '0' | '.')) => size.into(),
        _ => text,
    }
}

/// The header and the rows, without borders.
pub(super) fn rows(sheet: &Sheet, precision: Option<usize>) -> (Vec<String>, Vec<Vec<String>>) {
    let mut header: Vec<String> = sheet.axes.iter().map(|a| format!("{}: {}", a.name, a.domain)).collect();
    header.extend(sheet.columns.iter().map(|column| column.name.to_string()));
    let shape = sheet.shape();
    let number = |value: f64| match precision {
        Some(places) => without_sign_of_nothing(format!("{value:.places$}")),
        None => trimmed(value),
    };
    let body = (0..sheet.cells()).map(|cell| {
        let at = places(cell, &shape);
        let labels = sheet.axes.iter().zip(&at).map(|(axis, at)| axis.labels[*at].clone());
        labels.chain(sheet.columns.iter().map(|column| number(column.data[cell]))).collect()
    });
    (header, body.collect())
}

/// The bordered table.
fn print(sheet: &Sheet, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (header, body) = rows(sheet, f.precision());
    let width = |column: usize| {
        let cells = std::iter::once(&header).chain(&body).map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let border: String = widths.iter().map(|w| format!("+{}", "-".repeat(w + 2))).collect::<String>() + "+";
    let line = |row: &[String]| {
        let cells = row.iter().zip(&widths);
        cells.map(|(cell, w)| format!("| {cell:<w$} ")).collect::<String>() + "|"
    };
    writeln!(f, "{border}\n{}\n{border}", line(&header))?;
    for row in &body {
        writeln!(f, "{}", line(row))?;
    }
    write!(f, "{border}")
}

impl fmt::Display for LabelledArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(&self.sheet(), f)
    }
}

impl fmt::Display for Dataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(&self.sheet(), f)
    }
}

impl<A: Axes> fmt::Display for Table<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(&self.sheet(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Bool;
    use crate::impossible::Returned;
    use crate::solve::Tables;
    use crate::table::Called;

    #[test]
    fn numbers_keep_what_matters() {
        let texts: Vec<String> =
            [0.8, 1.0 / 3.0, 0.1 + 0.2, 12.0, 1e-9 / 3.0, -2.5, 0.0].into_iter().map(trimmed).collect();
        assert_eq!(texts, ["0.8", "0.333333", "0.3", "12", "3.33333e-10", "-2.5", "0"]);
    }

    #[test]
    fn a_table_is_bordered() {
        let table = Table::__new(
            &Called { name: "f", axes: &["b"], domains: &["Bool"] },
            (Bool,),
            &mut Tables::One(Returned::new(vec![0.25, 0.75], None)),
            0,
        );
        let text = "+---------+------+\n| b: Bool | f    |\n+---------+------+\n| false   | 0.25 |\n| true    | 0.75 |\n+---------+------+";
        assert_eq!(table.to_string(), text);
        assert!(format!("{table:.1}").contains("| 0.2"));
        let rounded = [-0.0, -0.001, -0.2].map(|x| without_sign_of_nothing(format!("{x:.2}")));
        assert_eq!(rounded, ["0.00", "0.00", "-0.20"]);
    }

    #[test]
    fn keys_and_slices() {
        let table = Table::__new(
            &Called { name: "f", axes: &["b", "n"], domains: &["Bool", "N"] },
            (Bool, 0..3_i64),
            &mut Tables::One(Returned::new(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], None)),
            0,
        );
        assert_eq!(table[(true, 1)], 5.0);
        assert_eq!(table.get((true, 3)), None);
        assert_eq!(table.argmax(), (true, 2));
        assert_eq!(table.marginal("n").values(), [5.0, 7.0, 9.0]);
        assert_eq!(table.select("b", true).get(&["2"]), Some(6.0));
        assert_eq!(table.normalize("b")[(false, 0)], 0.2);
        assert_eq!(table.array().shape(), [2, 3]);
        assert_eq!(table.iter().count(), 6);
    }

    #[test]
    #[should_panic(expected = "7 is outside the axis `n: N`")]
    fn keys_outside_are_refused() {
        let table = Table::__new(
            &Called { name: "f", axes: &["n"], domains: &["N"] },
            (0..3_i64,),
            &mut Tables::One(Returned::new(vec![1.0, 2.0, 3.0], None)),
            0,
        );
        let _ = table[7];
    }
}
