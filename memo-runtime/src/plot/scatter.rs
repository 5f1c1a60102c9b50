//! A model against data: a point a cell.

use super::chart::{bounds, dimension};
use super::error::Why;
use super::join::{Joined, join};
use super::scale::short;
use super::{Kind, Plot};
use crate::table::LabelledArray;

/// A point for each cell of the data: across, what the model says there; up, what was
/// observed; with the correlation and the mean squared error.
///
/// The cells are found by the names of the axes and the labels, in whatever order they
/// are. The data may be about some of the labels only: its cells count.
///
/// ```
/// use memo_runtime::{Bool, Table, plot};
/// let read = |name, file: &str| Table::from_csv(name, &["rain"], (Bool,), file.as_bytes());
/// let model = read("model", "rain,model\ntrue,0.75\nfalse,0.25\n")?;
/// let data = read("people", "rain,people\nfalse,0.35\ntrue,0.65\n")?;
/// let text = plot::scatter(&model, &data).to_terminal();
/// assert!(text.contains("r = 1, MSE = 0.01"), "{text}");
/// # Ok::<(), memo_runtime::ReadError>(())
/// ```
pub fn scatter(model: impl Into<LabelledArray>, data: impl Into<LabelledArray>) -> Plot {
    let model: LabelledArray = model.into();
    Plot { against: Some(data.into()), kind: Some(Kind::Scatter), ..model.plot() }
}

/// What a scatter plot draws.
pub(super) struct Scatter {
    pub(super) title: String,
    pub(super) x_name: String,
    pub(super) y_name: String,
    pub(super) points: Vec<ScatterPoint>,
    /// The axis of the colours and its labels.
    pub(super) groups: Option<(String, Vec<String>)>,
    /// `r = 0.98, MSE = 0.003`.
    pub(super) fit: String,
    pub(super) size: Option<(f64, f64)>,
    /// The range of both axes.
    pub(super) extent: (f64, f64),
}

pub(super) struct ScatterPoint {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) group: usize,
    pub(super) label: String,
}

/// The correlation of Pearson; none where one side does not vary.
fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let n = pairs.len() as f64;
    let (mean_x, mean_y) =
        (pairs.iter().map(|(x, _)| x).sum::<f64>() / n, pairs.iter().map(|(_, y)| y).sum::<f64>() / n);
    let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|(x, y)| f(x - mean_x, y - mean_y)).sum::<f64>();
    let (xy, xx, yy) = (sum(&|x, y| x * y), sum(&|x, _| x * x), sum(&|_, y| y * y));
    (xx > 0.0 && yy > 0.0).then(|| (xy / (xx * yy).sqrt()).clamp(-1.0, 1.0))
}

/// With three digits, or as many as tell it from 1.
fn told_correlation(r: f64) -> String {
    let digits = (3..9).find(|digits| r.abs() > 1.0 - 1e-8 || short(r.abs(), *digits) != "1");
    short(r, digits.unwrap_or(9))
}

/// Finds the model's number for each cell of the data.
pub(super) fn scattered(plot: &Plot) -> Result<Scatter, Why> {
    let (model, Some(data)) = (&plot.layers[0].1, &plot.against) else {
        unreachable!("bug in memo: a scatter plot without data")
    };
    refuse_others(plot)?;
    if let Some(axis) = model.axes.iter().find(|axis| data.axes.iter().all(|own| own.name != axis.name)) {
        let theirs = data.axes.iter().map(|own| own.name.clone()).collect();
        return Err(Why::AxisMissing { other: data.name.clone(), axis: axis.name.clone(), theirs });
    }
    let group = group(plot, model)?;
    let shape = model.shape();
    let mut points = Vec::new();
    for Joined { places, cell: labels, value: y } in join(model, data)? {
        let at = |axis: usize| places[axis].unwrap_or_default();
        let x = model.data[(0..shape.len()).fold(0, |cell, axis| cell * shape[axis] + at(axis))];
        for (value, of) in [(x, model), (y, data)] {
            if !value.is_finite() && !plot.gaps {
                return Err(Why::NotFinite { cell: labels, value, of: of.name.clone() });
            }
        }
        if x.is_finite() && y.is_finite() {
            let label: Vec<String> = labels.iter().map(|(axis, label)| format!("{axis} = {label}")).collect();
            points.push(ScatterPoint { x, y, group: group.map_or(0, at), label: label.join(", ") });
        }
    }
    let pairs: Vec<(f64, f64)> = points.iter().map(|point| (point.x, point.y)).collect();
    let error = pairs.iter().map(|(x, y)| (x - y) * (x - y)).sum::<f64>() / pairs.len() as f64;
    let r = correlation(&pairs).map_or("undefined".into(), told_correlation);
    let part = if points.len() < model.data.len() {
        format!(", {} of {} cells", points.len(), model.data.len())
    } else {
        String::new()
    };
    let numbers: Vec<f64> = pairs.iter().flat_map(|(x, y)| [*x, *y]).collect();
    let (low, high) = if numbers.is_empty() { (0.0, 1.0) } else { bounds(&numbers) };
    let low = if low >= 0.0 && low < 0.5 * high { 0.0 } else { low };
    let y_name = plot.value_name.clone().unwrap_or_else(|| format!("{} (data)", data.name));
    Ok(Scatter {
        title: plot.title.clone().unwrap_or_else(|| format!("{} against {}", model.name, data.name)),
        x_name: format!("{} (model)", model.name),
        y_name,
        points,
        groups: group.map(|at| {
            let shown = dimension(&model.axes[at], false);
            (shown.title, shown.labels)
        }),
        fit: format!("r = {r}, MSE = {}{part}", short(error, 3)),
        size: plot.size,
        extent: (low, high),
    })
}

/// What a scatter plot has no place for.
fn refuse_others(plot: &Plot) -> Result<(), Why> {
    let given = [
        ("x", plot.x.is_some(), "the model goes across"),
        ("y", plot.y.is_some(), "the data go up"),
        ("facet", !plot.facets.is_empty(), "tell the axis apart with `.color`"),
        ("with", plot.layers.len() > 1, "make one plot for each model"),
        ("points", !plot.overlays.is_empty(), "the data are its points"),
        ("mark_…", !plot.marks.is_empty(), "it has the diagonal alone"),
        ("bars()`, `.lines()` or `.heatmap", plot.kind != Some(Kind::Scatter), "plot the table itself"),
    ];
    match given.into_iter().find(|(_, given, _)| *given) {
        Some((method, _, instead)) => Err(Why::NotFor { method, kind: "a scatter plot", instead }),
        None => Ok(()),
    }
}

/// The axis of the colours: the one asked for, or the last with a few values.
fn group(plot: &Plot, model: &LabelledArray) -> Result<Option<usize>, Why> {
    let most = super::colors::SERIES.len();
    let Some(axis) = &plot.color else {
        return Ok(model.axes.iter().rposition(|axis| (2..=most).contains(&axis.labels.len())));
    };
    let Some(at) = model.axes.iter().position(|own| own.name == *axis) else {
        let axes = model.axes.iter().map(|axis| axis.name.clone()).collect();
        return Err(Why::UnknownAxis { axis: axis.clone(), axes });
    };
    let number = model.axes[at].labels.len();
    if number > most {
        return Err(Why::TooManyColors { axis: axis.clone(), number, limit: most });
    }
    Ok(Some(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlations() {
        assert_eq!(correlation(&[(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)]), Some(1.0));
        // Sums of products: 1; of squares: 2 and 2.
        assert_eq!(correlation(&[(0.0, 0.0), (1.0, 2.0), (2.0, 1.0)]), Some(0.5));
        assert_eq!(correlation(&[(1.0, 0.0), (1.0, 2.0)]), None);
        assert_eq!([1.0, 0.999_97, -0.5].map(told_correlation), ["1", "0.99997", "−0.5"]);
    }
}
