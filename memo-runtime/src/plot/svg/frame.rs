//! Titles, axes and the places of the panels.

use super::super::Kind;
use super::super::chart::{Chart, Dimension, Placed, bounds};
use super::super::error::Why;
use super::super::scale::Scale;
use super::super::scatter::Scatter;
use super::super::text::{fitted, shortened, width};
use super::legend::Legend;
use super::{AXIS, Anchor, GRID, INK, MUTED, Svg, bodies, fill};

/// Where a panel is, and where numbers and labels are in it.
pub(super) struct Place {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    /// From one label of x to the next.
    pub(super) step: f64,
    /// For an x axis of numbers.
    x: Option<Scale>,
    y: Scale,
}

impl Place {
    /// Across: a number, or the place of a label.
    pub(super) fn x_of(&self, x: f64) -> f64 {
        self.left
            + match &self.x {
                Some(scale) => scale.share(x) * self.width,
                None => (x + 0.5) * self.step,
            }
    }

    pub(super) fn y_of(&self, y: f64) -> f64 {
        self.top + self.height * (1.0 - self.y.share(y))
    }
}

/// The font size of ticks.
const SMALL: f64 = 11.0;
/// Longer labels of ticks are cut off.
const MOST_LETTERS: usize = 22;
/// The turn of labels that do not fit side by side, in degrees.
const TURN: f64 = 35.0;
/// The least side of a panel.
const LEAST: f64 = 40.0;

/// Round numbers and their places between labels, in steps of one: for labels that are
/// numbers at equal distances and not whole ones.
fn round_labels(dimension: &Dimension, wanted: usize) -> Option<Vec<(f64, String)>> {
    let numbers = dimension.numbers.as_ref().filter(|numbers| numbers.len() > 2)?;
    let (first, step) = (numbers[0], numbers[1] - numbers[0]);
    let equal = |pair: &[f64]| (pair[1] - pair[0] - step).abs() < 1e-6 * step.abs();
    if numbers.iter().all(|x| x.fract() == 0.0) || !numbers.windows(2).all(equal) {
        return None;
    }
    let (low, high) = bounds(numbers);
    let scale = Scale::exact(low, high, wanted);
    let labels = scale.labels().into_iter();
    Some(scale.ticks.iter().map(|tick| (tick - first) / step).zip(labels).collect())
}

/// How the labels of x are written.
struct Labels {
    /// Where each is, in steps from the first, and what it says.
    texts: Vec<(f64, String)>,
    /// Only each so many.
    every: usize,
    turned: bool,
    /// From the axis down.
    height: f64,
    /// How far the first one goes to the left of its place.
    overhang: f64,
}

impl Labels {
    fn new(dimension: &Dimension, step: f64) -> Self {
        let labels = dimension.labels.iter().map(|label| shortened(label, MOST_LETTERS));
        let texts: Vec<(f64, String)> = labels.enumerate().map(|(at, text)| (at as f64, text)).collect();
        let widest = texts.iter().map(|(_, text)| width(text, SMALL)).fold(0.0, f64::max);
        let flat = Self { texts, every: 1, turned: false, height: 18.0, overhang: widest / 2.0 };
        if widest + 6.0 <= step {
            return flat;
        }
        let wanted = (step * dimension.labels.len() as f64 / 60.0) as usize;
        if let Some(texts) = round_labels(dimension, wanted.clamp(1, 8)) {
            return Self { texts, ..flat };
        }
        if dimension.numbers.is_some() {
            let least = ((widest + 10.0) / step).ceil() as usize;
            let every = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500].into_iter().find(|n| *n >= least);
            return Self { every: every.unwrap_or(least), ..flat };
        }
        let (sin, cos) = TURN.to_radians().sin_cos();
        let every = (15.0 / step).ceil().max(1.0) as usize;
        Self { every, turned: true, height: widest * sin + 18.0, overhang: widest * cos, ..flat }
    }
}

/// How many panels stand side by side, and how many rows they make.
fn grid(panels: usize) -> (usize, usize) {
    let columns = match panels {
        1..=3 => panels,
        4 => 2,
        5..=9 => 3,
        _ => 4,
    };
    (columns, panels.div_ceil(columns))
}

/// What stands around the panels, and the panels.
struct Layout {
    columns: usize,
    rows: usize,
    panel: (f64, f64),
    left: f64,
    top: f64,
    /// Between panels, with their titles.
    between: (f64, f64),
    size: (f64, f64),
}

impl Layout {
    /// Around panels of a size, or within a picture of a size.
    fn new(
        number: usize,
        asked: Option<(f64, f64)>,
        panel: (f64, f64),
        margins: impl Fn(f64) -> [f64; 4],
        apart: f64,
        legend: &Legend,
    ) -> Result<Self, Why> {
        let (columns, rows) = grid(number);
        let between = (apart, if number > 1 { 34.0 } else { 0.0 });
        let (across, down) = (columns as f64, rows as f64);
        // The margins above, right, below and left, where panels are so wide.
        let around = |width: f64| {
            let [top, right, bottom, left] = margins(width);
            let beside = left + right + legend.width + (across - 1.0) * between.0;
            (top, left, beside, top + bottom + (down - 1.0) * between.1)
        };
        let panel = match asked {
            None => panel,
            Some((width, height)) => {
                // A narrow panel turns its labels, which takes room on the left.
                let mut wide = (width - around(panel.0).2) / across;
                wide = wide.min((width - around(wide.max(LEAST)).2) / across);
                let (_, _, beside, above) = around(wide.max(LEAST));
                let tall = (height - above) / down;
                if wide < LEAST || tall < LEAST || height < legend.height + 60.0 {
                    let least = (beside + across * LEAST, (above + down * LEAST).max(legend.height + 60.0));
                    return Err(Why::TooSmall { width, height, least: (least.0.ceil(), least.1.ceil()) });
                }
                (wide, tall)
            }
        };
        let (top, left, beside, above) = around(panel.0);
        let size = asked.unwrap_or((
            (beside + across * panel.0).ceil(),
            (above + down * panel.1).max(legend.height + top + 12.0).ceil(),
        ));
        Ok(Self { columns, rows, panel, left, top, between, size })
    }

    /// The left upper corner of a panel.
    fn corner(&self, panel: usize) -> (f64, f64) {
        let (row, column) = (panel / self.columns, panel % self.columns);
        let left = self.left + column as f64 * (self.panel.0 + self.between.0);
        (left, self.top + row as f64 * (self.panel.1 + self.between.1))
    }

    /// The right and the lower end of all panels.
    fn end(&self) -> (f64, f64) {
        let (x, y) = self.corner(self.columns * self.rows - 1);
        (x + self.panel.0, y + self.panel.1)
    }

    /// The title, the names of the axes and the legend.
    fn draw(&self, svg: &mut Svg, title: &str, told: &str, names: (&str, &str), below: f64, legend: &Legend) {
        let bold = format!("{INK} font-weight=\"600\"");
        let room = self.size.0 - 28.0;
        svg.turned(&bold, 15.0, Anchor::Start, (14.0, 25.0), 0.0, &fitted(title, 17.4, room), title);
        if !told.is_empty() {
            svg.turned(MUTED, 12.0, Anchor::Start, (14.0, 43.0), 0.0, &fitted(told, 12.0, room), told);
        }
        let (right, bottom) = self.end();
        let (middle, centre) = ((self.left + right) / 2.0, (self.top + bottom) / 2.0);
        let across = fitted(names.0, 12.0, self.size.0 - 20.0);
        svg.turned(INK, 12.0, Anchor::Middle, (middle, bottom + below + 16.0), 0.0, &across, names.0);
        let up = fitted(names.1, 12.0, self.size.1 - 20.0);
        svg.turned(INK, 12.0, Anchor::Middle, (20.0, centre), -90.0, &up, names.1);
        legend.draw(svg, (right, self.top), bottom - self.top);
    }
}

/// The size of one panel where none is asked for.
fn panel_size(chart: &Chart) -> (f64, f64) {
    let (n, series, panels) = (chart.x.labels.len() as f64, chart.series_count() as f64, chart.panels.len());
    let columns = grid(panels).0 as f64;
    match chart.kind {
        Kind::Heatmap => {
            let most = if panels == 1 { 46.0 } else { 34.0 };
            let side = (if panels == 1 { 460.0 } else { 680.0 / columns } / n.max(series)).clamp(7.0, most);
            // Wide and flat tables get taller rows, so that the labels have their place.
            ((side * n).max(LEAST), (side * series).max(LEAST))
        }
        Kind::Lines => {
            if panels == 1 {
                (500.0, 280.0)
            } else {
                ((700.0 / columns).min(320.0), 160.0)
            }
        }
        _ => {
            let wide = (n * (series * 32.0 + 12.0)).clamp(280.0, 600.0);
            if panels == 1 { (wide, 260.0) } else { (wide.min(700.0 / columns).max(130.0), 160.0) }
        }
    }
}

/// The labels of ranges and lines above a single panel: where each is, in which row.
fn mark_labels(chart: &Chart, place: &Place) -> Vec<(f64, usize, String)> {
    let mut rows: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut placed = Vec::new();
    for mark in chart.marks.iter().filter(|_| chart.panels.len() == 1) {
        let (middle, label) = match mark {
            Placed::Range(from, to, label) => ((place.x_of(*from) + place.x_of(*to)) / 2.0, label),
            Placed::Line(at, label) => (place.x_of(*at), label),
            Placed::Level(..) => continue,
        };
        let label = fitted(label, SMALL, place.width);
        let half = width(&label, SMALL) / 2.0 + 3.0;
        let (low, high) = (place.left + half, place.left + place.width - half);
        let middle = if low < high { middle.clamp(low, high) } else { place.left + place.width / 2.0 };
        let own = (middle - half, middle + half);
        let free = |row: &Vec<(f64, f64)>| row.iter().all(|other| own.1 <= other.0 || other.1 <= own.0);
        let row = rows.iter().position(free).unwrap_or(rows.len());
        if row == rows.len() {
            rows.push(Vec::new());
        }
        rows[row].push(own);
        placed.push((middle, row, label));
    }
    placed
}

/// The range of the numbers, with so many ticks as the height is likely to hold.
fn value_scale(chart: &Chart) -> Scale {
    let (low, high) = chart.extent;
    let (columns, rows) = grid(chart.panels.len());
    let (width, height) = panel_size(chart);
    let likely = chart.size.map_or((width, height), |(width, height)| {
        ((width - 100.0) / columns as f64, (height - 110.0) / rows as f64)
    });
    // The numbers of bars that go down stand below them.
    let step = likely.0 / chart.x.labels.len() as f64;
    let below = chart.kind == Kind::Bars && low < 0.0 && bodies::values_may_fit(chart, step);
    let low = if below { low - 0.07 * (high - low) } else { low };
    Scale::nice(low, high, ((likely.1 / 45.0) as usize).clamp(2, 5))
}

/// Bars, lines or a heatmap.
pub(super) fn chart(chart: &Chart) -> Result<String, Why> {
    let legend = Legend::of_chart(chart);
    let n = chart.x.labels.len();
    let (heat, continuous) = (chart.kind == Kind::Heatmap, chart.is_continuous());
    let y = value_scale(chart);
    let x = |wide: f64| {
        let numbers = chart.x.numbers.as_deref().filter(|_| continuous)?;
        Some(Scale::over(numbers, ((wide / 70.0) as usize).clamp(2, 8)))
    };
    let labels = |wide: f64| match x(wide) {
        Some(_) => Labels { texts: Vec::new(), every: 1, turned: false, height: 18.0, overhang: 12.0 },
        None => Labels::new(&chart.x, wide / n as f64),
    };
    let place = |(left, top): (f64, f64), (wide, tall): (f64, f64)| Place {
        left,
        top,
        width: wide,
        height: tall,
        step: wide / n as f64,
        x: x(wide),
        y: y.clone(),
    };
    let row_labels: Vec<String> = match &chart.series {
        Some(series) if heat => series.labels.iter().map(|label| shortened(label, MOST_LETTERS)).collect(),
        _ if heat => Vec::new(),
        _ => y.labels(),
    };
    let widest = row_labels.iter().map(|label| width(label, SMALL)).fold(0.0, f64::max);
    let y_name = match &chart.series {
        Some(series) if heat => series.title.as_str(),
        _ if heat => "",
        _ => chart.value_name.as_str(),
    };
    let margins = |wide: f64| {
        let labels = labels(wide);
        let left = 14.0 + if y_name.is_empty() { 0.0 } else { 18.0 } + widest + 9.0;
        let overhang = if labels.turned { labels.overhang - wide / n as f64 / 2.0 + 10.0 } else { 0.0 };
        let here = place((0.0, 0.0), (wide, 100.0));
        let rows = mark_labels(chart, &here).iter().map(|(_, row, _)| row + 1).max().unwrap_or(0);
        let above = if chart.told.is_empty() { 36.0 } else { 54.0 };
        let values = if chart.kind == Kind::Bars && bodies::values_fit(&here, chart) { 12.0 } else { 4.0 };
        let titles = if chart.panels.len() > 1 { 20.0 } else { 0.0 };
        let name = if chart.x.title.is_empty() { 10.0 } else { 28.0 };
        [above + values + titles + rows as f64 * 15.0, 16.0, labels.height + name, left.max(overhang)]
    };
    // The numbers at the ends of neighbours' axes do not touch.
    let ends = x(300.0).map_or(Vec::new(), |scale| scale.labels());
    let apart = ends.iter().map(|label| width(label, SMALL) + 10.0).fold(18.0, f64::max);
    let layout = Layout::new(chart.panels.len(), chart.size, panel_size(chart), margins, apart, &legend)?;
    let labels = labels(layout.panel.0);
    let first = place(layout.corner(0), layout.panel);
    let narrow = |what, number: usize| Why::TooNarrow { what, number, pixels: layout.panel.0 };
    if chart.kind == Kind::Bars && bodies::bar_width(&first, chart) < 1.0 {
        return Err(narrow("bars", n * chart.series_count()));
    }
    if heat && first.step < 1.0 {
        return Err(narrow("columns", n));
    }
    let mut svg = Svg::new(layout.size.0, layout.size.1, &chart.title);
    layout.draw(&mut svg, &chart.title, &chart.told, (&chart.x.title, y_name), labels.height, &legend);
    let values_fit = chart.kind == Kind::Bars && bodies::values_fit(&first, chart);
    for (number, panel) in chart.panels.iter().enumerate() {
        let place = place(layout.corner(number), layout.panel);
        let bottom = place.top + place.height;
        if !panel.title.is_empty() {
            let title = fitted(&panel.title, 12.0, place.width);
            let at = (place.left + place.width / 2.0, place.top - 7.0 - if values_fit { 7.0 } else { 0.0 });
            svg.turned(INK, 12.0, Anchor::Middle, at, 0.0, &title, &panel.title);
        }
        if number == 0 {
            let rows = place.top - if values_fit { 15.0 } else { 6.0 };
            for (middle, row, label) in mark_labels(chart, &place) {
                svg.text(MUTED, SMALL, Anchor::Middle, (middle, rows - 15.0 * row as f64), &label);
            }
        }
        bodies::ranges(&mut svg, &place, chart);
        let is_first = number % layout.columns == 0;
        if heat {
            bodies::cells(&mut svg, &place, chart, panel);
            if let Some(series) = chart.series.as_ref().filter(|_| is_first) {
                rows_of(&mut svg, &place, series);
            }
        } else {
            levels(&mut svg, &place, is_first);
            match chart.kind {
                Kind::Lines => bodies::lines(&mut svg, &place, chart, panel),
                _ => bodies::bars(&mut svg, &place, chart, panel, values_fit),
            }
            let base = if chart.kind == Kind::Bars { place.y_of(0.0) } else { bottom };
            svg.line(AXIS, (place.left, base), (place.left + place.width, base));
            bodies::rules(&mut svg, &place, chart);
            bodies::points(&mut svg, &place, chart, panel);
        }
        if number + layout.columns >= chart.panels.len() {
            columns_of(&mut svg, &place, &labels, &chart.x.labels);
        }
    }
    Ok(svg.finish())
}

/// Level lines at the ticks of y, with their numbers.
fn levels(svg: &mut Svg, place: &Place, with_numbers: bool) {
    for (tick, label) in place.y.ticks.iter().zip(place.y.labels()) {
        let y = place.y_of(*tick);
        svg.line(GRID, (place.left, y), (place.left + place.width, y));
        if with_numbers {
            svg.text(MUTED, SMALL, Anchor::End, (place.left - 7.0, y + 4.0), &label);
        }
    }
}

/// The labels of a heatmap's rows, as many as there is room for.
fn rows_of(svg: &mut Svg, place: &Place, series: &Dimension) {
    let tall = place.height / series.labels.len() as f64;
    let wanted = (place.height / 40.0) as usize;
    let texts = match round_labels(series, wanted.clamp(1, 8)).filter(|_| tall < 13.0) {
        Some(texts) => texts,
        None => {
            let labels = series.labels.iter().map(|label| shortened(label, MOST_LETTERS));
            labels.enumerate().map(|(at, label)| (at as f64, label)).collect()
        }
    };
    let every = (13.0 / tall).ceil().max(1.0) as usize;
    let every = [1, 2, 5, 10, 20, 50, 100].into_iter().find(|n| *n >= every).unwrap_or(every);
    let every = if texts.len() == series.labels.len() { every } else { 1 };
    for (row, label) in texts.iter().step_by(every) {
        let y = place.top + tall * (row + 0.5) + 4.0;
        svg.text(MUTED, SMALL, Anchor::End, (place.left - 7.0, y), label);
    }
}

/// The labels of x below a panel.
fn columns_of(svg: &mut Svg, place: &Place, labels: &Labels, full: &[String]) {
    let bottom = place.top + place.height;
    if let Some(scale) = &place.x {
        for (tick, label) in scale.ticks.iter().zip(scale.labels()) {
            let x = place.x_of(*tick);
            svg.line(AXIS, (x, bottom), (x, bottom + 4.0));
            svg.text(MUTED, SMALL, Anchor::Middle, (x, bottom + 16.0), &label);
        }
        return;
    }
    for (at, label) in labels.texts.iter().step_by(labels.every) {
        let x = place.x_of(*at);
        // What is cut off is told in full.
        let full = if label.ends_with('…') { full[*at as usize].as_str() } else { "" };
        if labels.turned {
            svg.turned(MUTED, SMALL, Anchor::End, (x + 3.0, bottom + 14.0), -TURN, label, full);
        } else {
            svg.turned(MUTED, SMALL, Anchor::Middle, (x, bottom + 16.0), 0.0, label, full);
        }
    }
}

/// A model against data.
pub(super) fn scatter(scatter: &Scatter) -> Result<String, Why> {
    let legend = Legend::of_scatter(scatter);
    let scale = Scale::nice(scatter.extent.0, scatter.extent.1, 5);
    let texts = scale.labels();
    let widest = texts.iter().map(|label| width(label, SMALL)).fold(0.0, f64::max);
    let margins = |_: f64| [42.0, 18.0, 46.0, 41.0 + widest];
    let layout = Layout::new(1, scatter.size, (320.0, 320.0), margins, 0.0, &legend)?;
    let mut svg = Svg::new(layout.size.0, layout.size.1, &scatter.title);
    layout.draw(&mut svg, &scatter.title, "", (&scatter.x_name, &scatter.y_name), 18.0, &legend);
    let ((left, top), (wide, tall)) = (layout.corner(0), layout.panel);
    let place = Place { left, top, width: wide, height: tall, step: wide, x: Some(scale.clone()), y: scale };
    let (right, bottom) = (left + wide, top + tall);
    levels(&mut svg, &place, true);
    if let Some(scale) = &place.x {
        for (tick, label) in scale.ticks.iter().zip(texts) {
            let x = place.x_of(*tick);
            svg.line(GRID, (x, top), (x, bottom));
            svg.text(MUTED, SMALL, Anchor::Middle, (x, bottom + 16.0), &label);
        }
    }
    svg.line(&format!("{AXIS} stroke-dasharray=\"4 3\""), (left, bottom), (right, top));
    svg.line(AXIS, (left, bottom), (right, bottom));
    svg.line(AXIS, (left, top), (left, bottom));
    for point in &scatter.points {
        let style = format!("{} fill-opacity=\"0.85\"", fill("", point.group));
        let told = format!(
            "{}: {} against {}",
            point.label,
            super::super::scale::short(point.x, 6),
            super::super::scale::short(point.y, 6)
        );
        svg.circle(&style, (place.x_of(point.x), place.y_of(point.y)), 4.5, &told);
    }
    // In the corner off the diagonal where fewer points are.
    let room = (width(&scatter.fit, 12.0) + 16.0, 26.0);
    let within = |low: bool| {
        let covered = |x: f64, y: f64| {
            if low {
                x > right - room.0 && y > bottom - room.1
            } else {
                x < left + room.0 && y < top + room.1
            }
        };
        scatter.points.iter().filter(|point| covered(place.x_of(point.x), place.y_of(point.y))).count()
    };
    let (anchor, at) = if within(true) < within(false) {
        (Anchor::End, (right - 8.0, bottom - 9.0))
    } else {
        (Anchor::Start, (left + 8.0, top + 18.0))
    };
    svg.text(INK, 12.0, anchor, at, &scatter.fit);
    Ok(svg.finish())
}
