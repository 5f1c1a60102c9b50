//! Which axis of a table goes where in its plot.

use super::error::Why;
use super::{Kind, Plot};
use crate::table::LabelledArray;

/// The name of the axis that tells the tables of [`Plot::with`] apart.
pub(super) const TABLES: &str = "table";
/// How many colours can be told apart.
const MOST_COLORS: usize = super::colors::SERIES.len();
/// How many panels a plot may have.
const MOST_PANELS: usize = 16;
/// How many bars are read at ease; more than that become a heatmap by themselves.
const MOST_BARS: usize = 48;
/// Axes of more numbers than this become lines by themselves.
const MOST_NUMBERS: usize = 12;

/// The numbers of an axis whose labels are different numbers.
pub(super) fn numbers(labels: &[String]) -> Option<Vec<f64>> {
    let numbers: Vec<f64> = labels.iter().map(|label| label.parse().ok()).collect::<Option<_>>()?;
    let mut sorted = numbers.clone();
    sorted.sort_by(f64::total_cmp);
    let sound = numbers.iter().all(|x| x.is_finite()) && sorted.windows(2).all(|pair| pair[0] < pair[1]);
    sound.then_some(numbers)
}

/// Axes by their places.
#[derive(Debug, PartialEq)]
pub(super) struct Roles {
    pub(super) kind: Kind,
    pub(super) x: usize,
    /// The colours of bars and lines, the rows of a heatmap.
    pub(super) second: Option<usize>,
    pub(super) facets: Vec<usize>,
    /// Axes of one value that have no place.
    pub(super) told: Vec<usize>,
}

fn find(array: &LabelledArray, axis: &str) -> Result<usize, Why> {
    let axes = || array.axes.iter().map(|axis| axis.name.clone()).collect();
    let unknown = || Why::UnknownAxis { axis: axis.into(), axes: axes() };
    array.axes.iter().position(|own| own.name == axis).ok_or_else(unknown)
}

/// The places of the axes that were asked for, each in one role.
fn asked(plot: &Plot, array: &LabelledArray) -> Result<Vec<(usize, &'static str)>, Why> {
    let single = [("x", &plot.x), ("y", &plot.y), ("color", &plot.color)];
    let single = single.into_iter().filter_map(|(role, axis)| Some((role, axis.as_ref()?)));
    let facets = plot.facets.iter().map(|axis| ("facet", axis));
    let mut asked: Vec<(usize, &'static str)> = Vec::new();
    for (role, axis) in single.chain(facets) {
        let at = find(array, axis)?;
        if let Some((_, first)) = asked.iter().find(|(other, _)| *other == at) {
            return Err(Why::AxisTwice { axis: axis.clone(), first, second: role });
        }
        asked.push((at, role));
    }
    Ok(asked)
}

/// Gives each axis a role: those that were asked for, then those that suit.
pub(super) fn roles(plot: &Plot, array: &LabelledArray) -> Result<Roles, Why> {
    let shape = array.shape();
    if shape.is_empty() {
        return Err(Why::NoAxes { value: array.data[0] });
    }
    let asked = asked(plot, array)?;
    let of = |role: &str| asked.iter().find(|(_, own)| *own == role).map(|(at, _)| *at);
    let continuous = |at: usize| {
        numbers(&array.axes[at].labels).is_some_and(|numbers| {
            numbers.len() > MOST_NUMBERS || numbers.len() > 2 && numbers.iter().any(|x| x.fract() != 0.0)
        })
    };
    let is_tables = |at: usize| plot.layers.len() > 1 && array.axes[at].name == TABLES;
    let mut kind = plot.kind;
    if of("y").is_some() {
        let not = |kind| Why::NotFor {
            method: "y",
            kind,
            instead: "it is for the rows of a heatmap; use `.color`",
        };
        match kind {
            Some(Kind::Bars) => return Err(not("bars")),
            Some(Kind::Lines) => return Err(not("lines")),
            _ => kind = Some(Kind::Heatmap),
        }
        if of("color").is_some() {
            let instead = "its colours are the numbers; use `.facet` for the third axis";
            return Err(Why::NotFor { method: "color", kind: "a heatmap", instead });
        }
    } else if kind == Some(Kind::Heatmap) && of("color").is_some() {
        let instead = "its colours are the numbers; `.y` sets the axis of the rows";
        return Err(Why::NotFor { method: "color", kind: "a heatmap", instead });
    }

    let (mut x, mut second) = (of("x"), of("y").or(of("color")));
    let mut facets: Vec<usize> =
        asked.iter().filter(|(_, role)| *role == "facet").map(|(at, _)| *at).collect();
    let unasked = (0..shape.len()).filter(|at| asked.iter().all(|(other, _)| other != at));
    let (mut rest, mut told): (Vec<usize>, Vec<usize>) = unasked.partition(|at| shape[*at] > 1);
    if x.is_none() && rest.is_empty() && !told.is_empty() {
        rest.push(told.remove(0));
    }
    // The tables side by side have their colours, unless they are all that is left for x.
    let colored = second.is_none() && kind != Some(Kind::Heatmap) && (x.is_some() || rest.len() > 1);
    if let Some(at) = rest.iter().position(|at| is_tables(*at)).filter(|_| colored) {
        second = Some(rest.remove(at));
    }
    // What is too much for one panel goes into several: the shortest axes first.
    while rest.len() > usize::from(x.is_none()) + usize::from(second.is_none()) {
        let shortest = (0..rest.len()).min_by_key(|at| {
            (continuous(rest[*at]), is_tables(rest[*at]), shape[rest[*at]], usize::MAX - rest[*at])
        });
        facets.extend(shortest.map(|at| rest.remove(at)));
    }
    if x.is_none() {
        x = match (rest.as_slice(), second) {
            ([], _) => None,
            ([one], _) | ([one, ..], Some(_)) => Some(*one),
            ([a, b, ..], None) => Some(match (continuous(*a), continuous(*b)) {
                _ if kind == Some(Kind::Heatmap) => *b,
                (false, true) => *b,
                (true, true) if kind.is_none() && shape[*a].min(shape[*b]) > MOST_COLORS => *b,
                (true, true) if shape[*b] > shape[*a] => *b,
                (false, false) if shape[*b] > MOST_COLORS && (kind.is_none() || shape[*a] <= MOST_COLORS) => {
                    *b
                }
                _ => *a,
            }),
        };
    }
    let Some(x) = x else { return Err(Why::NothingForX) };
    rest.retain(|at| *at != x);
    second = second.or(rest.pop());

    let kind = kind.unwrap_or_else(|| match second {
        Some(second) if shape[second] > MOST_COLORS && of("color").is_none() => Kind::Heatmap,
        _ if continuous(x) => Kind::Lines,
        Some(second) if shape[x] * shape[second] > MOST_BARS && of("color").is_none() => Kind::Heatmap,
        _ => Kind::Bars,
    });
    if let Some(second) = second.filter(|at| kind != Kind::Heatmap && shape[*at] > MOST_COLORS) {
        let axis = array.axes[second].name.clone();
        return Err(Why::TooManyColors { axis, number: shape[second], limit: MOST_COLORS });
    }
    if facets.iter().map(|at| shape[*at]).product::<usize>() > MOST_PANELS {
        let axes = facets.iter().map(|at| (array.axes[*at].name.clone(), shape[*at])).collect();
        return Err(Why::TooManyPanels { axes, limit: MOST_PANELS });
    }
    told.sort_unstable();
    Ok(Roles { kind, x, second, facets, told })
}
