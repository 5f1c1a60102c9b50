//! Tables as CSV, JSON, Markdown, HTML and LaTeX.

use std::io;

use super::dataset::Sheet;
use super::display::rows;
use super::{Axes, Dataset, LabelledArray, Table, json, places};

macro_rules! formats {
    ($([$($generics:tt)*] $type:ty;)*) => {$(
        impl<$($generics)*> $type {
            /// Writes tidy CSV: a column an axis, then the numbers, a line a cell. Where
            /// cells are impossible, a column `…_impossible` tells which.
            ///
            /// ```
            /// # use memo_runtime::{Bool, ReadError, Table};
            /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
            /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
            /// // p(false) = 0.75, p(true) = 0.25
            /// let mut csv = Vec::new();
            /// rain.to_csv(&mut csv).unwrap();
            /// assert_eq!(String::from_utf8(csv).unwrap(), "rain,p\nfalse,0.75\ntrue,0.25\n");
            /// # Ok::<(), ReadError>(())
            /// ```
            ///
            /// # Errors
            /// Whatever the writer fails with; two columns of one name.
            pub fn to_csv(&self, writer: impl io::Write) -> io::Result<()> {
                write_csv(&self.sheet(), writer)
            }

            /// The name, the axes with their labels and type, the shape and the numbers,
            /// row-major, as JSON; `impossible` holds the marks where there are any.
            /// What JSON lacks is written as `"NaN"`, `"Infinity"` and `"-Infinity"`.
            ///
            /// ```
            /// # use memo_runtime::{Bool, ReadError, Table};
            /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
            /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
            /// // p(false) = 0.75, p(true) = 0.25
            /// assert!(rain.to_json().unwrap().ends_with(r#""shape":[2],"values":[0.75,0.25]}"#));
            /// # Ok::<(), ReadError>(())
            /// ```
            ///
            /// # Errors
            /// Two columns of one name.
            pub fn to_json(&self) -> io::Result<String> {
                json::write(&self.sheet())
            }

            /// A Markdown table.
            ///
            /// ```
            /// # use memo_runtime::{Bool, ReadError, Table};
            /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
            /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
            /// // p(false) = 0.75, p(true) = 0.25
            /// assert!(rain.to_markdown().ends_with("| true | 0.25 |\n"));
            /// # Ok::<(), ReadError>(())
            /// ```
            #[must_use]
            pub fn to_markdown(&self) -> String {
                markdown(&self.sheet())
            }

            /// An HTML table.
            ///
            /// ```
            /// # use memo_runtime::{Bool, ReadError, Table};
            /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
            /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
            /// // p(false) = 0.75, p(true) = 0.25
            /// assert!(rain.to_html().contains("<td>true</td><td>0.25</td>"));
            /// # Ok::<(), ReadError>(())
            /// ```
            #[must_use]
            pub fn to_html(&self) -> String {
                html(&self.sheet())
            }

            /// A LaTeX `tabular` with the rules of the package `booktabs`.
            ///
            /// ```
            /// # use memo_runtime::{Bool, ReadError, Table};
            /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
            /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
            /// // p(false) = 0.75, p(true) = 0.25
            /// assert!(rain.to_latex().contains("true & 0.25 \\\\\n"));
            /// # Ok::<(), ReadError>(())
            /// ```
            #[must_use]
            pub fn to_latex(&self) -> String {
                latex(&self.sheet())
            }

            /// Shows the table in a Jupyter notebook with the kernel of evcxr, which
            /// calls this method of what a cell ends with.
            ///
            /// ```
            /// # use memo_runtime::{Bool, ReadError, Table};
            /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
            /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
            /// // p(false) = 0.75, p(true) = 0.25
            /// rain.evcxr_display();
            /// # Ok::<(), ReadError>(())
            /// ```
            pub fn evcxr_display(&self) {
                show_in_notebook("text/html", &self.to_html());
            }
        }
    )*};
}
formats! {
    [A: Axes] Table<A>;
    [] LabelledArray;
    [] Dataset;
}

/// Hands content of some kind to the notebook that reads the standard output.
pub(crate) fn show_in_notebook(kind: &str, content: &str) {
    println!("EVCXR_BEGIN_CONTENT {kind}\n{content}\nEVCXR_END_CONTENT");
}

/// A number with all its digits: as few as tell it from its neighbours.
fn number(x: f64) -> String {
    if x == 0.0 || !x.is_finite() || (1e-5..1e16).contains(&x.abs()) {
        x.to_string()
    } else {
        format!("{x:e}")
    }
}

fn csv_field(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into()
    }
}

fn write_csv(sheet: &Sheet, mut writer: impl io::Write) -> io::Result<()> {
    let header: Vec<String> = sheet.file_names()?.iter().map(|name| csv_field(name)).collect();
    writeln!(writer, "{}", header.join(","))?;
    let shape = sheet.shape();
    let mut line = String::new();
    for cell in 0..sheet.cells() {
        line.clear();
        for (axis, at) in sheet.axes.iter().zip(places(cell, &shape)) {
            line += &csv_field(&axis.labels[at]);
            line.push(',');
        }
        for column in &sheet.columns {
            line += &number(column.data[cell]);
            line.push(',');
            if let Some(marks) = column.impossible {
                line += if marks[cell] { "true," } else { "false," };
            }
        }
        line.pop();
        line.push('\n');
        writer.write_all(line.as_bytes())?;
    }
    Ok(())
}

pub(crate) fn html_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn markdown_text(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace(['\n', '\r'], " ")
}

fn latex_text(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            // These three are other signs in the default encoding of fonts.
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '|' => out.push_str("\\textbar{}"),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

fn markdown(sheet: &Sheet) -> String {
    let (header, body) = rows(sheet, None);
    let line = |row: &[String]| {
        let cells: Vec<String> = row.iter().map(|cell| markdown_text(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut rule = vec!["---".to_string(); sheet.axes.len()];
    rule.resize(header.len(), "--:".into());
    let body: String = body.iter().map(|row| line(row)).collect();
    line(&header) + &line(&rule) + &body
}

fn latex(sheet: &Sheet) -> String {
    let (header, body) = rows(sheet, None);
    let line = |row: &[String]| {
        let cells: Vec<String> = row.iter().map(|cell| latex_text(cell)).collect();
        format!("{} \\\\\n", cells.join(" & "))
    };
    let columns = "l".repeat(sheet.axes.len()) + &"r".repeat(sheet.columns.len());
    let body: String = body.iter().map(|row| line(row)).collect();
    format!(
        "\\begin{{tabular}}{{{columns}}}\n\\toprule\n{}\\midrule\n{body}\\bottomrule\n\\end{{tabular}}\n",
        line(&header)
    )
}

fn html(sheet: &Sheet) -> String {
    let (header, body) = rows(sheet, None);
    let cells = |row: &[String], tag: &str| {
        let cells: String = row.iter().map(|cell| format!("<{tag}>{}</{tag}>", html_text(cell))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let body: String = body.iter().map(|row| cells(row, "td")).collect();
    format!(
        "<table class=\"memo\">\n<thead>\n{}</thead>\n<tbody>\n{body}</tbody>\n</table>\n",
        cells(&header, "th")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Bool;
    use crate::impossible::Returned;
    use crate::solve::Tables;
    use crate::table::Called;

    #[test]
    fn every_format_holds_labels_and_values() {
        let table = Table::__new(
            &Called { name: "f", axes: &["b"], domains: &["Bool"] },
            (Bool,),
            &mut Tables::One(Returned::new(vec![0.25, 0.75], None)),
            0,
        );
        let mut csv = Vec::new();
        table.to_csv(&mut csv).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(String::from_utf8_lossy(&csv), "b,f\nfalse,0.25\ntrue,0.75\n");
        let json = table.to_json().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(
            json,
            r#"{"name":"f","axes":[{"name":"b","domain":"Bool","type":"boolean","labels":["false","true"]}],"shape":[2],"values":[0.25,0.75]}"#
        );
        assert_eq!(
            table.to_markdown(),
            "| b: Bool | f |\n| --- | --: |\n| false | 0.25 |\n| true | 0.75 |\n"
        );
        assert!(table.to_html().contains("<td>true</td><td>0.75</td>"));
        let latex = "\\begin{tabular}{lr}\n\\toprule\nb: Bool & f \\\\\n\\midrule\nfalse & 0.25 \\\\\ntrue & 0.75 \\\\\n\\bottomrule\n\\end{tabular}\n";
        assert_eq!(table.to_latex(), latex);
        assert_eq!(latex_text("50% of {a_b}\\"), "50\\% of \\{a\\_b\\}\\textbackslash{}");
        assert_eq!(latex_text("a < b | c"), "a \\textless{} b \\textbar{} c");
        assert_eq!(markdown_text("a|b\nc\\"), "a\\|b c\\\\");
        assert_eq!(html_text("a<b>&\"c\""), "a&lt;b&gt;&amp;&quot;c&quot;");
    }

    #[test]
    fn numbers_are_short_and_exact() {
        let texts: Vec<String> = [0.25, 12.0, 0.0, 1e-300, -2.5e20, 0.1 + 0.2].map(number).into();
        assert_eq!(texts, ["0.25", "12", "0", "1e-300", "-2.5e20", "0.30000000000000004"]);
        assert_eq!([f64::NAN, f64::INFINITY, -f64::INFINITY].map(number), ["NaN", "inf", "-inf"]);
    }

    #[test]
    fn impossible_cells_are_marked_in_files() {
        let marked = Returned::new(vec![0.0, 0.75], Some(vec![true, false]));
        let table = Table::__new(
            &Called { name: "f", axes: &["b"], domains: &["Bool"] },
            (Bool,),
            &mut Tables::One(marked),
            0,
        );
        let mut csv = Vec::new();
        table.to_csv(&mut csv).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(String::from_utf8_lossy(&csv), "b,f,f_impossible\nfalse,0,true\ntrue,0.75,false\n");
        let read = Table::from_csv("f", &["b"], (Bool,), csv.as_slice());
        assert_eq!(read.map(|table| table.impossible()), Ok(vec![false]));
        let json = table.to_json().unwrap_or_else(|error| panic!("{error}"));
        let read = Table::from_json("f", &["b"], (Bool,), json.as_bytes());
        assert_eq!(
            read.map(|table| (table.impossible(), table.values().to_vec())),
            Ok((vec![false], vec![0.0, 0.75]))
        );
    }
}
