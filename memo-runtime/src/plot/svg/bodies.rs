//! What stands within a panel: bars, lines, cells, points.

use super::super::Kind;
use super::super::chart::{Chart, Panel, Placed, Point};
use super::super::colors;
use super::super::scale::{Brief, Scale, short};
use super::super::text::width;
use super::frame::Place;
use super::{Anchor, INK, NOTE, Svg, fill, stroke};

/// How a marked range is filled.
pub(super) const RANGE: &str = "class=\"range\" fill=\"#f0e442\" fill-opacity=\"0.3\"";

/// A point of data, in the colour of its line if it belongs to one.
pub(super) fn point(svg: &mut Svg, at: (f64, f64), overlay: usize, series: Option<usize>, told: &str) {
    let color = series.map_or("class=\"point\" stroke=\"#1f1f24\"".into(), |series| stroke("point ", series));
    let style = format!("{color} fill=\"#ffffff\" stroke-width=\"1.6\"");
    match overlay % 2 {
        0 => svg.circle(&style, at, 4.0, told),
        _ => svg.rect(&style, (at.0 - 3.6, at.1 - 3.6), (7.2, 7.2), told),
    }
}

/// Where the bars of a group are: from the middle of the group to the left of a bar,
/// and its width.
fn bar(place: &Place, chart: &Chart, series: usize) -> (f64, f64) {
    let n = chart.series_count() as f64;
    // A histogram's bars stand closer than those of categories.
    let share = if chart.x.numbers.is_some() && n == 1.0 { 0.9 } else { 0.8 };
    let whole = (place.step * share).min(72.0 * n);
    let each = whole / n;
    let gap = if each > 6.0 && n > 1.0 { 1.0 } else { 0.0 };
    (-whole / 2.0 + each * series as f64 + gap / 2.0, each - gap)
}

/// The width of one bar.
pub(super) fn bar_width(place: &Place, chart: &Chart) -> f64 {
    bar(place, chart, 0).1
}

pub(super) fn bars(svg: &mut Svg, place: &Place, chart: &Chart, panel: &Panel, values_fit: bool) {
    let n = chart.x.labels.len();
    let (zero, brief) = (place.y_of(0.0), Brief::new(chart.extent));
    for at in 0..n {
        for series in 0..chart.series_count() {
            let value = panel.values[series * n + at];
            if !value.is_finite() {
                continue;
            }
            let (offset, wide) = bar(place, chart, series);
            let (x, y) = (place.x_of(at as f64) + offset, place.y_of(value));
            let style = fill("bar ", series);
            let told = chart.told_cell(panel, series, at);
            svg.rect(&style, (x, y.min(zero)), (wide, (y - zero).abs()), &told);
            if values_fit {
                let y = if value < 0.0 { y + 11.0 } else { y - 4.0 };
                svg.text(INK, 10.0, Anchor::Middle, (x + wide / 2.0, y), &brief.text(value));
            }
        }
    }
}

/// The width of the widest number at a bar or in a cell.
fn widest(chart: &Chart) -> f64 {
    let brief = Brief::new(chart.extent);
    let numbers = chart.panels.iter().flat_map(|panel| &panel.values).filter(|x| x.is_finite());
    numbers.map(|x| width(&brief.text(*x), 10.0)).fold(0.0, f64::max)
}

/// Whether the number of each bar has its place above it.
pub(super) fn values_fit(place: &Place, chart: &Chart) -> bool {
    let room = if chart.series_count() == 1 { place.step } else { bar_width(place, chart) + 1.0 };
    chart.overlays.is_empty() && widest(chart) + 3.0 <= room
}

/// Whether that may be so where the labels of x are so far apart.
pub(super) fn values_may_fit(chart: &Chart, step: f64) -> bool {
    chart.overlays.is_empty() && widest(chart) * chart.series_count() as f64 <= step
}

/// Where data stand over bars or lines.
pub(super) fn points(svg: &mut Svg, place: &Place, chart: &Chart, panel: &Panel) {
    for Point { overlay, x, series, value, half_width } in &panel.points {
        let across = match (&chart.x.numbers, chart.is_continuous()) {
            (Some(numbers), true) => place.x_of(numbers[*x]),
            _ => {
                let (offset, wide) = match (series, chart.kind) {
                    (Some(series), Kind::Bars) => bar(place, chart, *series),
                    _ => (0.0, 0.0),
                };
                place.x_of(*x as f64) + offset + wide / 2.0
            }
        };
        if let Some(half) = half_width {
            let (top, low) = (place.y_of(value + half), place.y_of(value - half));
            let style = format!("{} stroke-width=\"1.6\"", NOTE.replace("#55555c", "#1f1f24"));
            svg.line(&style, (across, top), (across, low));
            for y in [top, low] {
                svg.line(&style, (across - 3.5, y), (across + 3.5, y));
            }
        }
        let told = format!("{}: {}", chart.overlays[*overlay], short(*value, 6));
        let line = series.filter(|_| chart.kind == Kind::Lines);
        point(svg, (across, place.y_of(*value)), *overlay, line, &told);
    }
}

pub(super) fn lines(svg: &mut Svg, place: &Place, chart: &Chart, panel: &Panel) {
    let n = chart.x.labels.len();
    // Along the line, whatever the order of the table.
    let mut order: Vec<usize> = (0..n).collect();
    if let Some(numbers) = &chart.x.numbers {
        order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    }
    for series in 0..chart.series_count() {
        let at = |x: usize| {
            let across = match &chart.x.numbers {
                Some(numbers) => numbers[x],
                None => x as f64,
            };
            let value = panel.values[series * n + x];
            value.is_finite().then(|| (place.x_of(across), place.y_of(value)))
        };
        let line = format!(
            "{} stroke-width=\"2.2\" stroke-linejoin=\"round\" stroke-linecap=\"round\"",
            stroke("line ", series)
        );
        let mut piece: Vec<(f64, f64)> = Vec::new();
        for x in order.iter().copied().map(Some).chain([None]) {
            match x.and_then(at) {
                Some(point) => piece.push(point),
                None if piece.len() > 1 => {
                    svg.path(&line, &piece);
                    piece.clear();
                }
                None => {
                    // A number between two gaps is no line.
                    if let [alone] = piece[..] {
                        svg.circle(&fill("", series), alone, 2.6, "");
                    }
                    piece.clear();
                }
            }
        }
        if n <= 25 {
            let style = fill("", series);
            for x in 0..n {
                if let Some(middle) = at(x) {
                    svg.circle(&style, middle, 2.8, &chart.told_cell(panel, series, x));
                }
            }
        }
    }
}

pub(super) fn cells(svg: &mut Svg, place: &Place, chart: &Chart, panel: &Panel) {
    let (n, rows) = (chart.x.labels.len(), chart.series_count());
    let tall = place.height / rows as f64;
    let scale = Scale::exact(chart.extent.0, chart.extent.1, 5);
    let widest = widest(chart);
    let brief = Brief::new(chart.extent);
    let values_fit = widest + 4.0 <= place.step && tall >= 15.0;
    // Narrow gaps between large cells.
    let gap = if place.step.min(tall) > 20.0 { 1.0 } else { 0.0 };
    // Without gaps no light is to come through between them.
    svg.open(if gap == 0.0 { "shape-rendering=\"crispEdges\"" } else { "" });
    for row in 0..rows {
        for at in 0..n {
            let value = panel.values[row * n + at];
            let corner =
                (place.left + place.step * at as f64 + gap / 2.0, place.top + tall * row as f64 + gap / 2.0);
            let size = (place.step - gap, tall - gap);
            if !value.is_finite() {
                let told = chart.told_cell(panel, row, at);
                svg.rect("class=\"gap\" fill=\"#dfdfe3\"", corner, size, &told);
                continue;
            }
            let (color, text) = colors::heat(scale.share(value));
            let style = format!("class=\"cell\" fill=\"{color}\"");
            svg.rect(&style, corner, size, &chart.told_cell(panel, row, at));
            if values_fit {
                let middle = (corner.0 + size.0 / 2.0, corner.1 + size.1 / 2.0 + 3.6);
                svg.text(&format!("fill=\"{text}\""), 10.0, Anchor::Middle, middle, &brief.text(value));
            }
        }
    }
    svg.close();
}

/// Ranges, which stand behind the numbers.
pub(super) fn ranges(svg: &mut Svg, place: &Place, chart: &Chart) {
    for mark in &chart.marks {
        if let Placed::Range(from, to, label) = mark {
            let (from, to) = (place.x_of(*from), place.x_of(*to));
            svg.rect(RANGE, (from, place.top), ((to - from).max(1.0), place.height), label);
        }
    }
}

/// Lines that stand before the numbers.
pub(super) fn rules(svg: &mut Svg, place: &Place, chart: &Chart) {
    let style = format!("{NOTE} stroke-dasharray=\"4 3\"");
    for mark in &chart.marks {
        match mark {
            Placed::Line(at, _) => {
                let x = place.x_of(*at);
                svg.line(&style, (x, place.top), (x, place.top + place.height));
            }
            Placed::Level(value, _) => {
                let y = place.y_of(*value);
                svg.line(&style, (place.left, y), (place.left + place.width, y));
            }
            Placed::Range(..) => {}
        }
    }
}
