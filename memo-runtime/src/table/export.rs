//! Tables as CSV, JSON, Markdown and HTML.

use std::fmt::Write as _;
use std::io;

use super::display::rows;
use super::labelled::LabelledArray;
use super::{Axes, Table, places};

impl<A: Axes> Table<A> {
    /// Writes tidy CSV: a column an axis, then the value, a line a cell.
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
    /// Whatever the writer fails with.
    pub fn to_csv(&self, writer: impl io::Write) -> io::Result<()> {
        self.to_labelled().to_csv(writer)
    }

    /// The name, axes with labels, shape and values as JSON.
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
    /// Never at present; a number that JSON lacks becomes `null`.
    pub fn to_json(&self) -> io::Result<String> {
        Ok(self.to_labelled().to_json())
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
        self.to_labelled().to_markdown()
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
        self.to_labelled().to_html()
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
        self.to_labelled().to_latex()
    }

    /// Shows the table in a Jupyter notebook with the kernel of evcxr, which calls
    /// this method of what a cell ends with.
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
        self.to_labelled().evcxr_display();
    }
}

/// Hands content of some kind to the notebook that reads the standard output.
pub(crate) fn show_in_notebook(kind: &str, content: &str) {
    println!("EVCXR_BEGIN_CONTENT {kind}\n{content}\nEVCXR_END_CONTENT");
}

fn csv_field(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into()
    }
}

fn json_string(text: &str) -> String {
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

fn html_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn latex_text(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

impl LabelledArray {
    /// Writes tidy CSV: a column an axis, then the value, a line a cell.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
    /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
    /// // p(false) = 0.75, p(true) = 0.25
    /// let a = rain.to_labelled();
    /// let mut csv = Vec::new();
    /// a.to_csv(&mut csv).unwrap();
    /// assert_eq!(String::from_utf8(csv).unwrap(), "rain,p\nfalse,0.75\ntrue,0.25\n");
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Errors
    /// Whatever the writer fails with.
    pub fn to_csv(&self, mut writer: impl io::Write) -> io::Result<()> {
        let mut header: Vec<String> = self.axes.iter().map(|a| csv_field(&a.name)).collect();
        header.push(csv_field(&self.name));
        writeln!(writer, "{}", header.join(","))?;
        let shape = self.shape();
        for (cell, value) in self.data.iter().enumerate() {
            let at = places(cell, &shape);
            let mut row: Vec<String> =
                self.axes.iter().zip(&at).map(|(a, at)| csv_field(&a.labels[*at])).collect();
            row.push(value.to_string());
            writeln!(writer, "{}", row.join(","))?;
        }
        Ok(())
    }

    /// The name, axes with labels, shape and values as JSON.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
    /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
    /// // p(false) = 0.75, p(true) = 0.25
    /// let a = rain.to_labelled();
    /// assert!(a.to_json().ends_with(r#""shape":[2],"values":[0.75,0.25]}"#));
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let axes: Vec<String> = self
            .axes
            .iter()
            .map(|axis| {
                let labels: Vec<String> = axis.labels.iter().map(|l| json_string(l)).collect();
                format!(
                    "{{\"name\":{},\"domain\":{},\"labels\":[{}]}}",
                    json_string(&axis.name),
                    json_string(&axis.domain),
                    labels.join(",")
                )
            })
            .collect();
        let shape: Vec<String> = self.shape().iter().map(ToString::to_string).collect();
        let values: Vec<String> =
            self.data.iter().map(|x| if x.is_finite() { format!("{x:?}") } else { "null".into() }).collect();
        format!(
            "{{\"name\":{},\"axes\":[{}],\"shape\":[{}],\"values\":[{}]}}",
            json_string(&self.name),
            axes.join(","),
            shape.join(","),
            values.join(",")
        )
    }

    /// A Markdown table.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
    /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
    /// // p(false) = 0.75, p(true) = 0.25
    /// let a = rain.to_labelled();
    /// assert!(a.to_markdown().ends_with("| true | 0.25 |\n"));
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let (header, body) = rows(self, None);
        let line = |row: &[String]| {
            let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let mut rule = vec!["---".to_string(); self.axes.len()];
        rule.push("--:".into());
        let body: String = body.iter().map(|row| line(row)).collect();
        line(&header) + &line(&rule) + &body
    }

    /// A LaTeX `tabular` with the rules of the package `booktabs`.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
    /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
    /// // p(false) = 0.75, p(true) = 0.25
    /// let a = rain.to_labelled();
    /// assert!(a.to_latex().contains("true & 0.25 \\\\\n"));
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn to_latex(&self) -> String {
        let (header, body) = rows(self, None);
        let line = |row: &[String]| {
            let cells: Vec<String> = row.iter().map(|cell| latex_text(cell)).collect();
            format!("{} \\\\\n", cells.join(" & "))
        };
        let columns = format!("{}r", "l".repeat(self.axes.len()));
        let body: String = body.iter().map(|row| line(row)).collect();
        format!(
            "\\begin{{tabular}}{{{columns}}}\n\\toprule\n{}\\midrule\n{body}\\bottomrule\n\\end{{tabular}}\n",
            line(&header)
        )
    }

    /// Shows the array in a Jupyter notebook with the kernel of evcxr, which calls
    /// this method of what a cell ends with.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
    /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
    /// // p(false) = 0.75, p(true) = 0.25
    /// let a = rain.to_labelled();
    /// a.evcxr_display();
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn evcxr_display(&self) {
        show_in_notebook("text/html", &self.to_html());
    }

    /// An HTML table.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
    /// # let rain = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
    /// // p(false) = 0.75, p(true) = 0.25
    /// let a = rain.to_labelled();
    /// assert!(a.to_html().contains("<td>true</td><td>0.25</td>"));
    /// # Ok::<(), ReadError>(())
    /// ```
    #[must_use]
    pub fn to_html(&self) -> String {
        let (header, body) = rows(self, None);
        let cells = |row: &[String], tag: &str| {
            let cells: String =
                row.iter().map(|cell| format!("<{tag}>{}</{tag}>", html_text(cell))).collect();
            format!("<tr>{cells}</tr>\n")
        };
        let body: String = body.iter().map(|row| cells(row, "td")).collect();
        format!(
            "<table class=\"memo\">\n<thead>\n{}</thead>\n<tbody>\n{body}</tbody>\n</table>\n",
            cells(&header, "th")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Bool;
    use crate::impossible::Returned;
    use crate::solve::Tables;

    #[test]
    fn every_format_holds_labels_and_values() {
        let table = Table::__new(
            "f",
            (Bool,),
            &["b"],
            &["Bool"],
            &mut Tables::One(Returned::new(vec![0.25, 0.75], None)),
            0,
        );
        let mut csv = Vec::new();
        table.to_csv(&mut csv).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(String::from_utf8_lossy(&csv), "b,f\nfalse,0.25\ntrue,0.75\n");
        let json = table.to_json().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(
            json,
            r#"{"name":"f","axes":[{"name":"b","domain":"Bool","labels":["false","true"]}],"shape":[2],"values":[0.25,0.75]}"#
        );
        assert_eq!(
            table.to_markdown(),
            "| b: Bool | f |\n| --- | --: |\n| false | 0.25 |\n| true | 0.75 |\n"
        );
        assert!(table.to_html().contains("<td>true</td><td>0.75</td>"));
        let latex = "\\begin{tabular}{lr}\n\\toprule\nb: Bool & f \\\\\n\\midrule\nfalse & 0.25 \\\\\ntrue & 0.75 \\\\\n\\bottomrule\n\\end{tabular}\n";
        assert_eq!(table.to_latex(), latex);
        assert_eq!(latex_text("50% of {a_b}\\"), "50\\% of \\{a\\_b\\}\\textbackslash{}");
    }
}
