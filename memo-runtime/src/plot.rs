//! Plots: a table as a picture, in SVG or in the characters of a terminal.

mod chart;
mod colors;
mod error;
mod join;
#[cfg(feature = "plot")]
mod png;
mod roles;
mod scale;
mod scatter;
mod svg;
mod terminal;
mod text;

use std::fmt;
use std::ops::RangeInclusive;
use std::path::Path;

use crate::table::{Axes, LabelledArray, Table};

pub use error::PlotError;
pub use scatter::scatter;

/// How a table is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bars,
    Lines,
    Heatmap,
    Scatter,
}

/// What is marked in a plot, besides its numbers.
#[derive(Clone, Debug)]
enum Mark {
    Range(String, String, String),
    Line(String, String),
    Level(f64, String),
}

/// Numbers of another table, drawn as points.
#[derive(Clone, Debug)]
struct Overlay {
    data: LabelledArray,
    half_width: Option<LabelledArray>,
}

/// A picture of a table: [`Table::plot`] begins one.
///
/// What is not said is chosen: one axis becomes bars, or a line where it holds
/// floats or more than twelve numbers; two axes become grouped bars or lines in
/// colours, or a heatmap where these were too many; further axes become panels. An
/// axis of one value is told below the title.
///
/// Printed, a plot is drawn with characters. [`Plot::to_svg`] draws it for light and
/// dark backgrounds, [`Plot::save`] writes a file.
///
/// ```
/// use memo_runtime::{Bool, Table};
/// let file = "heads,flip\ntrue,0.75\nfalse,0.25\n";
/// let flip = Table::from_csv("flip", &["heads"], (Bool,), file.as_bytes())?;
/// println!("{}", flip.plot());
/// let svg = flip.plot().title("A bent coin").value_name("chance").to_svg();
/// assert_eq!(svg.matches("class=\"bar").count(), 2);
/// let error = flip.plot().x("head").try_to_svg().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the plot of `flip` cannot be drawn: there is no axis `head`; did you mean `heads`?"
/// );
/// # Ok::<(), memo_runtime::ReadError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a plot shows nothing until it is printed, saved or turned into text"]
pub struct Plot {
    /// The tables and what they are called, the first one's axes leading.
    layers: Vec<(String, LabelledArray)>,
    /// What a scatter plot compares the first table with.
    against: Option<LabelledArray>,
    kind: Option<Kind>,
    x: Option<String>,
    y: Option<String>,
    color: Option<String>,
    facets: Vec<String>,
    title: Option<String>,
    value_name: Option<String>,
    size: Option<(f64, f64)>,
    marks: Vec<Mark>,
    overlays: Vec<Overlay>,
    gaps: bool,
}

impl<A: Axes> Table<A> {
    /// Begins a [`Plot`] of the table.
    ///
    /// ```
    /// # use memo_runtime::{Bool, Table};
    /// # let file = "heads,flip\ntrue,0.75\nfalse,0.25\n";
    /// # let flip = Table::from_csv("flip", &["heads"], (Bool,), file.as_bytes())?;
    /// let text = flip.plot().to_terminal();
    /// assert!(text.starts_with("flip\nheads\n"));
    /// # Ok::<(), memo_runtime::ReadError>(())
    /// ```
    pub fn plot(&self) -> Plot {
        self.to_labelled().plot()
    }
}

impl LabelledArray {
    /// Begins a [`Plot`] of the array.
    pub fn plot(&self) -> Plot {
        Plot {
            layers: vec![(self.name.clone(), self.clone())],
            against: None,
            kind: None,
            x: None,
            y: None,
            color: None,
            facets: Vec::new(),
            title: None,
            value_name: None,
            size: None,
            marks: Vec::new(),
            overlays: Vec::new(),
            gaps: false,
        }
    }
}

/// What is drawn.
impl Plot {
    /// As bars; with a second axis, in groups.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// assert!(t.plot().bars().to_svg().contains("<rect"));
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn bars(self) -> Self {
        Self { kind: Some(Kind::Bars), ..self }
    }

    /// As lines; with a second axis, one for each of its values.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// assert!(t.plot().x("n").lines().to_svg().contains("<path"));
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn lines(self) -> Self {
        Self { kind: Some(Kind::Lines), ..self }
    }

    /// As a heatmap, its rows in the order of the table.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // A cell for each combination, the rows in the order of the table.
    /// assert!(t.plot().heatmap().to_svg().matches("<rect").count() >= 4);
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn heatmap(self) -> Self {
        Self { kind: Some(Kind::Heatmap), ..self }
    }

    /// The axis that goes from left to right.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// // From left to right n, a colour for each value of rain.
    /// assert!(t.plot().x("n").to_svg().contains("rain"));
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn x(self, axis: &str) -> Self {
        Self { x: Some(axis.into()), ..self }
    }

    /// The axis that goes down the rows of a heatmap.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// assert!(t.plot().heatmap().y("n").x("rain").try_to_svg().is_ok());
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn y(self, axis: &str) -> Self {
        Self { y: Some(axis.into()), ..self }
    }

    /// The axis that the colours of bars, lines or points tell apart.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// assert!(t.plot().color("n").try_to_svg().is_ok());
    /// // What there is not is named, with the nearest that there is.
    /// assert!(t.plot().color("rian").try_to_svg().unwrap_err().to_string().contains("did you mean `rain`?"));
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn color(self, axis: &str) -> Self {
        Self { color: Some(axis.into()), ..self }
    }

    /// The axis with a panel for each value; with several calls, one for each
    /// combination.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// assert!(t.plot().facet("rain").to_svg().contains("rain = true"));
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn facet(mut self, axis: &str) -> Self {
        self.facets.push(axis.into());
        self
    }

    /// Another table over the same axes beside this one, told apart by colour under
    /// this name. See [`Plot::named`] for the first one's.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// let doubled = &t * 2.0;
    /// assert!(t.plot().named("once").with("twice", doubled).facet("n").to_svg().contains("twice"));
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn with(mut self, name: &str, table: impl Into<LabelledArray>) -> Self {
        self.layers.push((name.into(), table.into()));
        self
    }

    /// What the first table is called beside those of [`Plot::with`]; the model's
    /// name unless said.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// assert!(t.plot().named("model").with("other", &t).facet("n").to_svg().contains("model"));
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn named(mut self, name: &str) -> Self {
        self.layers[0].0 = name.into();
        self
    }

    /// Points over bars or lines: what was observed, say. The axes of the data are
    /// some of the table's, its labels among theirs.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// let rain = t.marginal("rain");
    /// assert!(rain.plot().points(&rain).to_svg().contains("<circle"));
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn points(mut self, data: impl Into<LabelledArray>) -> Self {
        self.overlays.push(Overlay { data: data.into(), half_width: None });
        self
    }

    /// Points, each with a line from so much below it to so much above: twice the
    /// standard error, say.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// let rain = t.marginal("rain");
    /// assert!(rain.plot().points_with_errors(&rain, &(&rain * 0.1)).to_svg().contains("<circle"));
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn points_with_errors(
        mut self,
        data: impl Into<LabelledArray>,
        half_width: impl Into<LabelledArray>,
    ) -> Self {
        self.overlays.push(Overlay { data: data.into(), half_width: Some(half_width.into()) });
        self
    }

    /// Leaves out the cells that are NaN or infinite, which are an error otherwise.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// let holes = t.marginal("n") / &t.marginal("n").map(|p| if p > 0.5 { 1.0 } else { 0.0 });
    /// assert!(holes.plot().try_to_svg().is_err());
    /// assert!(holes.plot().gaps().try_to_svg().is_ok());
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn gaps(self) -> Self {
        Self { gaps: true, ..self }
    }
}

/// What is written beside it.
impl Plot {
    /// The title; the model's name unless said.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// assert!(t.plot().title("Rain and umbrellas").to_svg().contains("Rain and umbrellas"));
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn title(self, title: &str) -> Self {
        Self { title: Some(title.into()), ..self }
    }

    /// What the numbers are; “probability” where they add up to 1 along an axis and
    /// the model's name otherwise, unless said.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// assert!(t.plot().value_name("chance").to_svg().contains("chance"));
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn value_name(self, name: &str) -> Self {
        Self { value_name: Some(name.into()), ..self }
    }

    /// Width and height of the picture, in CSS pixels; a PNG has two to each.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// assert!(t.plot().size(900, 500).to_svg().contains("900"));
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn size(self, width: u32, height: u32) -> Self {
        Self { size: Some((f64::from(width), f64::from(height))), ..self }
    }

    /// Marks a range of the x axis, with both ends, by numbers or labels.
    ///
    /// ```
    /// # use memo_runtime::Table;
    /// # let file = "n,sum\n2,0.25\n3,0.5\n4,0.25\n";
    /// # let sum = Table::from_csv("sum", &["n"], (2..=4_i64,), file.as_bytes())?;
    /// assert!(sum.plot().mark_range(3..=4, "wins").to_svg().contains("wins</text>"));
    /// # Ok::<(), memo_runtime::ReadError>(())
    /// ```
    pub fn mark_range<T: ToString>(mut self, range: RangeInclusive<T>, label: &str) -> Self {
        self.marks.push(Mark::Range(range.start().to_string(), range.end().to_string(), label.into()));
        self
    }

    /// Marks a place on the x axis with an upright line, by a number or label.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// assert!(t.marginal("n").plot().mark_line(1, "mode").to_svg().contains("mode"));
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn mark_line(mut self, at: impl ToString, label: &str) -> Self {
        self.marks.push(Mark::Line(at.to_string(), label.into()));
        self
    }

    /// Marks a value with a level line: the chance level, say.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// assert!(t.plot().mark_level(0.25, "chance level").to_svg().contains("chance level"));
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn mark_level(mut self, value: f64, label: &str) -> Self {
        self.marks.push(Mark::Level(value, label.into()));
        self
    }
}

/// What comes out.
impl Plot {
    /// The picture as SVG: a document of its own that may stand in HTML, too. It has
    /// a background, light or dark as the reader's system is.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// assert!(t.plot().to_svg().starts_with("<svg"));
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When it cannot be drawn, with the text of the [`PlotError`].
    #[must_use]
    #[track_caller]
    pub fn to_svg(&self) -> String {
        self.try_to_svg().unwrap_or_else(|error| panic!("{error}"))
    }

    /// As [`Plot::to_svg`].
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// let error = t.plot().x("m").try_to_svg().unwrap_err();
    /// assert!(error.to_string().contains("there is no axis `m`"));
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Errors
    /// What keeps the plot from being drawn.
    pub fn try_to_svg(&self) -> Result<String, PlotError> {
        svg::draw(&chart::drawing(self).map_err(|why| self.failed(why))?).map_err(|why| self.failed(why))
    }

    /// The picture in characters, 72 columns wide.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// assert!(t.marginal("rain").plot().to_terminal().contains("█"));
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Panics
    /// When it cannot be drawn, with the text of the [`PlotError`].
    #[must_use]
    #[track_caller]
    pub fn to_terminal(&self) -> String {
        self.try_to_terminal().unwrap_or_else(|error| panic!("{error}"))
    }

    /// As [`Plot::to_terminal`].
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// assert!(t.plot().x("m").try_to_terminal().is_err());
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Errors
    /// What keeps the plot from being drawn.
    pub fn try_to_terminal(&self) -> Result<String, PlotError> {
        Ok(terminal::draw(&chart::drawing(self).map_err(|why| self.failed(why))?))
    }

    /// The picture as PNG, on white, with two pixels to each of [`Plot::size`], in the
    /// font DejaVu Sans: the same on all machines. Needs the feature `plot`.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,p\nfalse,0.75\ntrue,0.25\n";
    /// # let t = Table::from_csv("p", &["rain"], (Bool,), file.as_bytes())?;
    /// assert!(t.plot().to_png().unwrap().starts_with(b"\x89PNG"));
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Errors
    /// What keeps the plot from being drawn; a letter that the font lacks.
    #[cfg(feature = "plot")]
    pub fn to_png(&self) -> Result<Vec<u8>, PlotError> {
        png::draw(&self.try_to_svg()?).map_err(|why| self.failed(why))
    }

    /// Writes the picture into a file, by its ending: `.svg`, `.png` (with the feature
    /// `plot`) or `.txt`.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// let file = std::env::temp_dir().join("rain.svg");
    /// assert!(t.plot().save(&file).is_ok());
    /// # let _ = std::fs::remove_file(&file);
    /// # Ok::<(), ReadError>(())
    /// ```
    ///
    /// # Errors
    /// What keeps the plot from being drawn or the file from being written; an ending
    /// that is none of these.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PlotError> {
        let path = path.as_ref();
        let shown = path.display().to_string();
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        let content = match ending.as_deref() {
            Some("svg") => self.try_to_svg()?.into_bytes(),
            Some("txt") => (self.try_to_terminal()? + "\n").into_bytes(),
            #[cfg(feature = "plot")]
            Some("png") => self.to_png()?,
            #[cfg(not(feature = "plot"))]
            Some("png") => return Err(self.failed(error::Why::NeedsFeature { path: shown })),
            _ => return Err(self.failed(error::Why::Ending { path: shown })),
        };
        std::fs::write(path, content)
            .map_err(|error| self.failed(error::Why::Unwritten { path: shown, message: error.to_string() }))
    }

    /// Shows the plot in a Jupyter notebook with the kernel of evcxr, which calls this
    /// method of what a cell ends with.
    ///
    /// ```
    /// # use memo_runtime::{Bool, ReadError, Table};
    /// # let file = "rain,n,p\nfalse,0,0.5\ntrue,0,0.125\ntrue,1,0.375\n";
    /// # let t = Table::from_csv("p", &["rain", "n"], (Bool, 0..2_i64), file.as_bytes())?;
    /// t.plot().evcxr_display();
    /// # Ok::<(), ReadError>(())
    /// ```
    pub fn evcxr_display(&self) {
        match self.try_to_svg() {
            Ok(svg) => crate::table::show_in_notebook("text/html", &svg),
            Err(error) => crate::table::show_in_notebook("text/plain", &error.to_string()),
        }
    }

    fn failed(&self, why: error::Why) -> PlotError {
        PlotError::new(&self.layers[0].1.name, why)
    }
}

/// The picture in characters; where it cannot be drawn, why.
impl fmt::Display for Plot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.try_to_terminal() {
            Ok(text) => f.write_str(&text),
            Err(error) => write!(f, "{error}"),
        }
    }
}
