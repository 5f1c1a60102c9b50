//! What is to be drawn, without a picture yet: panels of numbers, ranges, marks.

use super::error::Why;
use super::join::{in_order_of, join, labels};
use super::roles::{Roles, TABLES, numbers, roles};
use super::scale::short;
use super::{Kind, Mark, Plot, scatter};
use crate::Coordinates;
use crate::table::{LabelledArray, LabelledAxis, places};

/// What numbers are called that add up to 1.
const PROBABILITY: &str = "probability";
/// Of more cells than this none is told in words.
const MOST_TOLD: usize = 500;

/// What a [`Plot`] draws.
pub(super) enum Drawing {
    Chart(Chart),
    Scatter(scatter::Scatter),
}

/// An axis as it is shown.
pub(super) struct Dimension {
    /// Its name and domain; empty for tables side by side.
    pub(super) title: String,
    pub(super) labels: Vec<String>,
    pub(super) numbers: Option<Vec<f64>>,
}

/// Bars, lines or a heatmap.
pub(super) struct Chart {
    pub(super) kind: Kind,
    pub(super) title: String,
    /// The axes of one value, each with it.
    pub(super) told: String,
    pub(super) value_name: String,
    pub(super) x: Dimension,
    pub(super) series: Option<Dimension>,
    pub(super) panels: Vec<Panel>,
    pub(super) marks: Vec<Placed>,
    /// What the points are called, if there are any.
    pub(super) overlays: Vec<String>,
    pub(super) size: Option<(f64, f64)>,
    /// The least and the greatest number of all that is drawn.
    pub(super) extent: (f64, f64),
}

/// The numbers of one panel.
pub(super) struct Panel {
    pub(super) title: String,
    /// For each of the series, those along x; not finite where there is a gap.
    pub(super) values: Vec<f64>,
    pub(super) points: Vec<Point>,
}

/// A number of an overlay.
pub(super) struct Point {
    pub(super) overlay: usize,
    pub(super) x: usize,
    /// One of the series, if the overlay tells them apart.
    pub(super) series: Option<usize>,
    pub(super) value: f64,
    pub(super) half_width: Option<f64>,
}

/// A mark with its place.
pub(super) enum Placed {
    /// From and to, as [`Chart::is_continuous`] says: numbers, or places of labels
    /// with half a step on both sides.
    Range(f64, f64, String),
    Line(f64, String),
    Level(f64, String),
}

impl Chart {
    /// Whether x is a line of numbers, in the place of labels beside one another.
    pub(super) fn is_continuous(&self) -> bool {
        self.kind == Kind::Lines && self.x.numbers.is_some()
    }

    /// How many bars, lines or rows a panel has at each place.
    pub(super) fn series_count(&self) -> usize {
        self.series.as_ref().map_or(1, |series| series.labels.len())
    }

    /// A cell in words: `u = Green, r = GreenCircle: 0.36`; none where there are so many
    /// that these would be most of the file.
    pub(super) fn told_cell(&self, panel: &Panel, series: usize, x: usize) -> String {
        if self.panels.len() * panel.values.len() > MOST_TOLD {
            return String::new();
        }
        let named = |dimension: &Dimension, at: usize| {
            let name = dimension.title.split(':').next().unwrap_or_default();
            let label = &dimension.labels[at];
            if name.is_empty() { label.clone() } else { format!("{name} = {label}") }
        };
        let mut parts = vec![named(&self.x, x)];
        parts.extend(self.series.as_ref().map(|dimension| named(dimension, series)));
        parts.extend((!panel.title.is_empty()).then(|| panel.title.clone()));
        format!("{}: {}", parts.join(", "), short(panel.values[series * self.x.labels.len() + x], 6))
    }
}

/// All tables of the plot in one array.
fn stacked(plot: &Plot) -> Result<LabelledArray, Why> {
    let first = &plot.layers[0].1;
    if plot.layers.len() == 1 {
        return Ok(first.clone());
    }
    let parts = plot.layers.iter().map(|(_, array)| in_order_of(first, array));
    let parts: Vec<Vec<f64>> = parts.collect::<Result<_, _>>()?;
    let data = (0..first.data.len()).flat_map(|cell| parts.iter().map(move |part| part[cell])).collect();
    let labels = plot.layers.iter().map(|(name, _)| name.clone()).collect();
    let mut axes = first.axes.clone();
    axes.push(LabelledAxis {
        name: TABLES.into(),
        domain: String::new(),
        labels,
        coordinates: Coordinates::Labels,
    });
    Ok(LabelledArray::new(&first.name, axes, data))
}

/// The axis with its name and domain; numbers are written without what rounding left.
pub(super) fn dimension(axis: &LabelledAxis, is_tables: bool) -> Dimension {
    let title = match (is_tables, axis.domain == axis.name || axis.domain.is_empty()) {
        (true, _) => String::new(),
        (_, true) => axis.name.clone(),
        _ => format!("{}: {}", axis.name, axis.domain),
    };
    let numbers = numbers(&axis.labels);
    let labels = match &numbers {
        Some(numbers) => numbers.iter().map(|x| short(*x, if x.fract() == 0.0 { 15 } else { 4 })).collect(),
        None => axis.labels.clone(),
    };
    Dimension { title, labels, numbers }
}

/// Whether the numbers add up to 1 along some axis, or all together.
pub(super) fn is_distribution(array: &LabelledArray) -> bool {
    let ones = |sums: &[f64]| sums.iter().all(|sum| (sum - 1.0).abs() < 1e-6);
    let all: Vec<&str> = array.axis_names();
    array.data.iter().all(|x| (0.0..=1.0).contains(x))
        && (ones(&[array.data.iter().sum()]) || all.iter().any(|axis| ones(array.sum_over(*axis).values())))
}

/// Works out what is to be drawn.
pub(super) fn drawing(plot: &Plot) -> Result<Drawing, Why> {
    if plot.against.is_some() {
        return Ok(Drawing::Scatter(scatter::scattered(plot)?));
    }
    let array = stacked(plot)?;
    let roles = roles(plot, &array)?;
    let panels = panels(plot, &array, &roles)?;
    let title = plot.title.clone().unwrap_or_else(|| array.name.clone());
    let value_name = plot.value_name.clone().unwrap_or_else(|| {
        let sound = plot.layers.iter().all(|(_, layer)| is_distribution(layer));
        if sound { PROBABILITY.into() } else { array.name.clone() }
    });
    let told: Vec<String> = roles
        .told
        .iter()
        .map(|at| format!("{} = {}", array.axes[*at].name, array.axes[*at].labels[0]))
        .collect();
    let is_tables = |at: usize| plot.layers.len() > 1 && at + 1 == array.axes.len();
    let mut chart = Chart {
        kind: roles.kind,
        title,
        told: told.join(", "),
        value_name,
        x: dimension(&array.axes[roles.x], is_tables(roles.x)),
        series: roles.second.map(|at| dimension(&array.axes[at], is_tables(at))),
        panels,
        marks: Vec::new(),
        overlays: plot.overlays.iter().map(|overlay| overlay.data.name.clone()).collect(),
        size: plot.size,
        extent: (0.0, 0.0),
    };
    chart.marks = marks(plot, &chart, &array.axes[roles.x])?;
    chart.extent = extent(&chart);
    Ok(Drawing::Chart(chart))
}

/// The numbers by panel, series and x.
fn panels(plot: &Plot, array: &LabelledArray, roles: &Roles) -> Result<Vec<Panel>, Why> {
    let shape = array.shape();
    let n = shape[roles.x];
    let series = roles.second.map_or(1, |at| shape[at]);
    let of_panel = |at: &[usize]| roles.facets.iter().fold(0, |panel, axis| panel * shape[*axis] + at[*axis]);
    let lengths: Vec<usize> = roles.facets.iter().map(|at| shape[*at]).collect();
    let titled = |panel: usize| {
        let at = places(panel, &lengths);
        let parts = roles.facets.iter().zip(&at).map(|(axis, at)| {
            let axis = &array.axes[*axis];
            let is_tables = plot.layers.len() > 1 && axis.name == TABLES;
            if is_tables { axis.labels[*at].clone() } else { format!("{} = {}", axis.name, axis.labels[*at]) }
        });
        parts.collect::<Vec<_>>().join(", ")
    };
    let mut panels: Vec<Panel> = (0..lengths.iter().product())
        .map(|panel| Panel { title: titled(panel), values: vec![f64::NAN; n * series], points: Vec::new() })
        .collect();
    for (cell, value) in array.data.iter().enumerate() {
        if !value.is_finite() && !plot.gaps {
            return Err(Why::NotFinite { cell: labels(array, cell), value: *value, of: array.name.clone() });
        }
        let at = places(cell, &shape);
        let row = roles.second.map_or(0, |axis| at[axis]);
        panels[of_panel(&at)].values[row * n + at[roles.x]] = *value;
    }
    if roles.kind == Kind::Heatmap && !plot.overlays.is_empty() {
        let instead = "use `.bars()` or `.lines()`";
        return Err(Why::NotFor { method: "points", kind: "a heatmap", instead });
    }
    for (overlay, of) in plot.overlays.iter().enumerate() {
        let halves = of.half_width.as_ref().map(|half| in_order_of(&of.data, half)).transpose()?;
        for (cell, joined) in join(array, &of.data)?.into_iter().enumerate() {
            let half_width = halves.as_ref().map(|halves| halves[cell]);
            let bad = [Some(joined.value), half_width].into_iter().flatten().find(|x| !x.is_finite());
            match bad {
                Some(_) if plot.gaps => continue,
                Some(value) => {
                    return Err(Why::NotFinite { cell: joined.cell, value, of: of.data.name.clone() });
                }
                None => {}
            }
            let Some(x) = joined.places[roles.x] else {
                let theirs = of.data.axes.iter().map(|axis| axis.name.clone()).collect();
                let axis = array.axes[roles.x].name.clone();
                return Err(Why::AxisMissing { other: of.data.name.clone(), axis, theirs });
            };
            let series = roles.second.and_then(|axis| joined.places[axis]);
            // Data that do not tell the panels apart stand in each of them.
            for (number, panel) in panels.iter_mut().enumerate() {
                let at = places(number, &lengths);
                let here = roles
                    .facets
                    .iter()
                    .zip(&at)
                    .all(|(axis, at)| joined.places[*axis].is_none_or(|own| own == *at));
                if here {
                    panel.points.push(Point { overlay, x, series, value: joined.value, half_width });
                }
            }
        }
    }
    Ok(panels)
}

/// The places of the marks.
fn marks(plot: &Plot, chart: &Chart, axis: &LabelledAxis) -> Result<Vec<Placed>, Why> {
    let method = |mark: &Mark| match mark {
        Mark::Range(..) => "mark_range",
        Mark::Line(..) => "mark_line",
        Mark::Level(..) => "mark_level",
    };
    if let Some(mark) = plot.marks.first().filter(|_| chart.kind == Kind::Heatmap) {
        let instead = "use `.bars()` or `.lines()`";
        return Err(Why::NotFor { method: method(mark), kind: "a heatmap", instead });
    }
    let unknown = |value: &str| Why::UnknownValue {
        axis: axis.name.clone(),
        value: value.into(),
        labels: axis.labels.clone(),
    };
    // Where a number or label is; between two labels that are numbers, too.
    let place = |value: &str| -> Result<f64, Why> {
        let label = axis.labels.iter().position(|label| label == value);
        let Some(numbers) = &chart.x.numbers else {
            return label.map(|at| at as f64).ok_or_else(|| unknown(value));
        };
        let number: f64 = value.parse().map_err(|_| unknown(value))?;
        if chart.is_continuous() {
            let (low, high) = bounds(numbers);
            return if (low..=high).contains(&number) { Ok(number) } else { Err(unknown(value)) };
        }
        let exact = numbers.iter().position(|x| *x == number).map(|at| at as f64);
        let between = numbers.windows(2).position(|pair| (pair[0]..pair[1]).contains(&number));
        let part = |at: usize| at as f64 + (number - numbers[at]) / (numbers[at + 1] - numbers[at]);
        exact.or(between.map(part)).ok_or_else(|| unknown(value))
    };
    let placed = |mark: &Mark| {
        Ok(match mark {
            Mark::Level(value, label) if value.is_finite() => Placed::Level(*value, label.clone()),
            Mark::Level(value, label) => {
                return Err(Why::NotFinite { cell: Vec::new(), value: *value, of: label.clone() });
            }
            Mark::Line(at, label) => Placed::Line(place(at)?, label.clone()),
            Mark::Range(from, to, label) => {
                let (low, high) = (place(from)?, place(to)?);
                let empty =
                    || Why::EmptyRange { axis: axis.name.clone(), from: from.clone(), to: to.clone() };
                if chart.is_continuous() {
                    if low > high {
                        return Err(empty());
                    }
                    return Ok(Placed::Range(low, high, label.clone()));
                }
                // The bars whose places are within.
                let (first, last) = (low.ceil(), high.floor());
                if first > last {
                    return Err(empty());
                }
                Placed::Range(first - 0.5, last + 0.5, label.clone())
            }
        })
    };
    plot.marks.iter().map(placed).collect()
}

/// The least and the greatest of some numbers; those that are not finite do not count.
pub(super) fn bounds(numbers: &[f64]) -> (f64, f64) {
    let finite = numbers.iter().copied().filter(|x| x.is_finite());
    finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
}

/// The range of the numbers: with 0 for bars, and where it is not far.
fn extent(chart: &Chart) -> (f64, f64) {
    let mut all: Vec<f64> = chart.panels.iter().flat_map(|panel| panel.values.iter().copied()).collect();
    for point in chart.panels.iter().flat_map(|panel| &panel.points) {
        let half = point.half_width.unwrap_or_default();
        all.extend([point.value - half, point.value + half]);
    }
    all.extend(chart.marks.iter().filter_map(|mark| match mark {
        Placed::Level(value, _) => Some(*value),
        _ => None,
    }));
    let (low, high) = bounds(&all);
    if low > high {
        // All are gaps.
        return (0.0, 1.0);
    }
    match chart.kind {
        Kind::Bars => (low.min(0.0), high.max(0.0)),
        _ if low >= 0.0 && (low < 0.5 * high || chart.value_name == PROBABILITY) => (0.0, high),
        _ if high <= 0.0 && high > 0.25 * low => (low, 0.0),
        _ => (low, high),
    }
}
