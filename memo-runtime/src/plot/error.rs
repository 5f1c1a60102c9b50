//! What keeps a plot from being drawn.

use std::fmt;

use crate::table::nearest;

/// Why a plot could not be drawn or written: its text names the table, what is wrong
/// and what to do.
#[derive(Clone, Debug, PartialEq)]
pub struct PlotError {
    table: String,
    why: Why,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Why {
    UnknownAxis {
        axis: String,
        axes: Vec<String>,
    },
    AxisTwice {
        axis: String,
        first: &'static str,
        second: &'static str,
    },
    NothingForX,
    NoAxes {
        value: f64,
    },
    UnknownValue {
        axis: String,
        value: String,
        labels: Vec<String>,
    },
    EmptyRange {
        axis: String,
        from: String,
        to: String,
    },
    TooManyPanels {
        axes: Vec<(String, usize)>,
        limit: usize,
    },
    TooManyColors {
        axis: String,
        number: usize,
        limit: usize,
    },
    NotFinite {
        cell: Vec<(String, String)>,
        value: f64,
        of: String,
    },
    AxisMissing {
        other: String,
        axis: String,
        theirs: Vec<String>,
    },
    CellMissing {
        other: String,
        cell: Vec<(String, String)>,
    },
    NotFor {
        method: &'static str,
        kind: &'static str,
        instead: &'static str,
    },
    TooNarrow {
        what: &'static str,
        number: usize,
        pixels: f64,
    },
    TooSmall {
        width: f64,
        height: f64,
        least: (f64, f64),
    },
    #[cfg(not(feature = "plot"))]
    NeedsFeature {
        path: String,
    },
    Ending {
        path: String,
    },
    Unwritten {
        path: String,
        message: String,
    },
    #[cfg(feature = "plot")]
    NoGlyph {
        letter: char,
    },
    #[cfg(feature = "plot")]
    Rendering {
        message: String,
    },
}

impl PlotError {
    pub(super) fn new(table: &str, why: Why) -> Self {
        Self { table: table.into(), why }
    }
}

impl std::error::Error for PlotError {}

/// “did you mean” the nearest of the known words, or all of them.
fn known(word: &str, words: &[String]) -> String {
    match nearest(word, words) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None if words.len() > 12 => format!("there are {}, …", words[..12].join(", ")),
        None => format!("there is {}", words.join(", ")),
    }
}

fn at(cell: &[(String, String)]) -> String {
    let parts: Vec<String> = cell.iter().map(|(axis, label)| format!("{axis} = {label}")).collect();
    if parts.is_empty() { "its one cell".into() } else { parts.join(", ") }
}

impl fmt::Display for PlotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, why } = self;
        write!(f, "the plot of `{table}` cannot be ")?;
        match why {
            Why::Ending { .. } | Why::Unwritten { .. } => write!(f, "saved: ")?,
            #[cfg(not(feature = "plot"))]
            Why::NeedsFeature { .. } => write!(f, "saved: ")?,
            _ => write!(f, "drawn: ")?,
        }
        match why {
            Why::UnknownAxis { axis, axes } => write!(f, "there is no axis `{axis}`; {}", known(axis, axes)),
            Why::AxisTwice { axis, first, second } => {
                write!(f, "the axis `{axis}` is given to `.{first}` and to `.{second}`; choose one")
            }
            Why::NothingForX => {
                write!(
                    f,
                    "no axis is left to go from left to right; give one less to `.color`, `.y` or `.facet`"
                )
            }
            Why::NoAxes { value } => {
                write!(f, "it has no axes, it is the one number {value}; print it instead")
            }
            Why::UnknownValue { axis, value, labels } => {
                write!(f, "`{value}` is not on the axis `{axis}`; {}", known(value, labels))
            }
            Why::EmptyRange { axis, from, to } => {
                write!(f, "no value of the axis `{axis}` is in the range from `{from}` to `{to}`")
            }
            Why::TooManyPanels { axes, limit } => {
                let number: usize = axes.iter().map(|(_, n)| n).product();
                let axes: Vec<String> = axes.iter().map(|(axis, n)| format!("`{axis}` ({n})")).collect();
                write!(
                    f,
                    "a panel for each value of {} makes {number}, more than {limit}; take a part with \
                     `.select` or add up with `.sum_over` first",
                    axes.join(" and ")
                )
            }
            Why::TooManyColors { axis, number, limit } => write!(
                f,
                "the {number} values of `{axis}` are more than the {limit} colours that can be told apart; \
                 use `.heatmap()`, or `.x(\"{axis}\")`"
            ),
            Why::NotFinite { cell, value, of } => {
                write!(f, "`{of}` is {value} at {}; `.gaps()` leaves such cells out", at(cell))
            }
            Why::AxisMissing { other, axis, theirs } => write!(
                f,
                "`{other}` has other axes: `{axis}` is not among {}",
                if theirs.is_empty() { "its axes, it has none".into() } else { theirs.join(", ") }
            ),
            Why::CellMissing { other, cell } => {
                write!(f, "`{other}` has no number at {}", at(cell))
            }
            Why::NotFor { method, kind, instead } => write!(f, "`.{method}` is not for {kind}; {instead}"),
            Why::TooNarrow { what, number, pixels } => write!(
                f,
                "{number} {what} do not fit into {pixels:.0} pixels; make it wider with `.size(width, \
                 height)`, or use `.lines()`"
            ),
            Why::TooSmall { width, height, least } => write!(
                f,
                "its title, labels and legend need a size of {:.0} × {:.0} at least, not {width} × {height}",
                least.0, least.1
            ),
            #[cfg(not(feature = "plot"))]
            Why::NeedsFeature { path } => write!(
                f,
                "`{path}` needs the feature `plot` (in Cargo.toml: memo-lang = {{ …, features = [\"plot\"] }}); \
                 an ending `.svg` does not"
            ),
            Why::Ending { path } => {
                write!(f, "`{path}` does not end in `.svg`, `.png` or `.txt`")
            }
            Why::Unwritten { path, message } => write!(f, "`{path}` could not be written: {message}"),
            #[cfg(feature = "plot")]
            Why::NoGlyph { letter } => {
                write!(f, "the font of PNG pictures, DejaVu Sans, lacks the letter `{letter}`; use SVG")
            }
            #[cfg(feature = "plot")]
            Why::Rendering { message } => write!(f, "{message}"),
        }
    }
}
