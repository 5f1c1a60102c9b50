//! Explanations as a part of a web page.
//!
//! Colours are of middling brightness, and all else is that of the page around it, so
//! that it can be read on light and on dark.

use std::fmt::Write as _;

use super::Explanation;
use super::text::{Shown, Worlds};
use crate::table::html_text;

const STYLE: &str = "<style>
.memo-explanation{font:14px/1.5 system-ui,sans-serif;max-width:56em}
.memo-explanation h4{margin:0 0 .2em;font-size:1em}
.memo-explanation p{margin:.2em 0 .8em}
.memo-explanation code{font-family:ui-monospace,monospace;font-size:.95em;background:none;color:inherit}
.memo-explanation table{border-collapse:collapse;margin:.4em 0 .2em;font:inherit;color:inherit;width:auto}
.memo-explanation th,.memo-explanation td{padding:.2em .9em .2em 0;text-align:left;vertical-align:middle;border:0;border-bottom:1px solid rgba(128,128,128,.35);background:none;color:inherit}
.memo-explanation th{font-weight:600;vertical-align:bottom}
.memo-explanation td:first-child{min-width:18em}
.memo-explanation .number{text-align:right;font-variant-numeric:tabular-nums;max-width:9em}
.memo-explanation .rest{opacity:.75;font-size:.9em}
.memo-explanation svg{display:block}
</style>
";

/// How long the longest bar is, in pixels.
const LONGEST: f64 = 120.0;

/// How many decibans reach the end of a bar, at least: odds of a hundred to one.
const FULL: f64 = 20.0;

pub(super) fn page(explanation: &Explanation) -> String {
    let shown = Shown::new(explanation, None);
    let mut out = format!(
        "<div class=\"memo-explanation\">\n{STYLE}<h4>{}</h4>\n<p><code>{}</code></p>\n",
        html_text(&shown.title()),
        html_text(&shown.answer())
    );
    steps(&shown, &mut out);
    if explanation.end().is_none() {
        for mind in &explanation.minds {
            match shown.worlds(mind) {
                Ok(Worlds { grid, shares, notes }) => {
                    let bars = shares.iter().map(|share| bar(0.0, 0.0, share * LONGEST, "#4a87c9"));
                    out += &table(&grid.header, &grid.rows, 1, &bars.collect::<Vec<_>>());
                    let notes = notes.iter().map(|note| html_text(note)).collect::<Vec<_>>().join("<br/>");
                    let _ = writeln!(out, "<p class=\"rest\">{notes}</p>");
                }
                Err(why) => {
                    let name = html_text(&mind.name);
                    let why = html_text(&why);
                    let _ = writeln!(out, "<p class=\"rest\">The worlds of {name} are not shown: {why}.</p>");
                }
            }
        }
    }
    out + "</div>\n"
}

fn steps(shown: &Shown<'_>, out: &mut String) {
    let explanation = shown.explanation;
    let grid = shown.steps();
    let weights: Vec<Option<f64>> =
        std::iter::once(None).chain(explanation.steps.iter().map(|step| step.weight)).collect();
    let finite = weights.iter().flatten().filter(|weight| weight.is_finite()).map(|weight| weight.abs());
    let full = finite.fold(FULL, f64::max);
    // For and against, from the middle; what settles it goes all the way.
    let bars = weights.iter().map(|weight| match weight {
        None => String::new(),
        Some(weight) => {
            let half = LONGEST / 2.0;
            let length = (weight / full).clamp(-1.0, 1.0) * half;
            let colour = if *weight < 0.0 { "#d0653f" } else { "#3f9a63" };
            bar(half, half + length.min(0.0), length.abs(), colour)
        }
    });
    let bars: Vec<String> = if explanation.chance { bars.collect() } else { Vec::new() };
    *out += &table(&grid.header, &grid.rows, grid.header.len() - 1, &bars);
    if explanation.chance {
        let _ = writeln!(
            out,
            "<p class=\"rest\">Ten decibans multiply the odds by ten. A bar goes to its end at {} or more.</p>",
            shown.number(full.ceil())
        );
    }
}

/// A table whose first column is text, with a bar after the column `barred`.
fn table(header: &[String], rows: &[Vec<String>], barred: usize, bars: &[String]) -> String {
    let mut out = String::from("<table>\n<tr>");
    for (at, text) in header.iter().enumerate() {
        let class = if at == 0 { "" } else { " class=\"number\"" };
        let _ = write!(out, "<th{class}>{}</th>", html_text(text));
        if at == barred && !bars.is_empty() {
            out += "<th></th>";
        }
    }
    out += "</tr>\n";
    for (row, cells) in rows.iter().enumerate() {
        out += "<tr>";
        for (at, text) in cells.iter().enumerate() {
            let class = if at == 0 { "" } else { " class=\"number\"" };
            let _ = write!(out, "<td{class}>{}</td>", html_text(text));
            if at == barred && !bars.is_empty() {
                let _ = write!(out, "<td>{}</td>", bars[row]);
            }
        }
        out += "</tr>\n";
    }
    out + "</table>\n"
}

/// A bar beside a line that stands where there is nothing to show.
fn bar(zero: f64, from: f64, length: f64, colour: &str) -> String {
    // What is there can be seen.
    let length = length.max(1.0);
    format!(
        "<svg width=\"{LONGEST}\" height=\"12\" aria-hidden=\"true\"><line x1=\"{zero}\" x2=\"{zero}\" y1=\"0\" y2=\"12\" stroke=\"currentColor\" stroke-opacity=\"0.5\"/><rect x=\"{from:.1}\" y=\"2\" width=\"{length:.1}\" height=\"8\" fill=\"{colour}\"/></svg>"
    )
}
