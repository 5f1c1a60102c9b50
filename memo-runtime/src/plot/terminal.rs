//! Plots in characters.

use super::Kind;
use super::chart::{Chart, Drawing, Panel, Placed, Point};
use super::scale::{Scale, short};
use super::scatter::Scatter;
use super::text::shortened;

/// The columns of a plot.
const COLUMNS: usize = 72;
/// The rows of a panel of lines or points.
const ROWS: usize = 14;
/// Longer labels are cut off.
const MOST_LETTERS: usize = 24;
/// One for each series that can be told apart.
const SIGNS: [char; 8] = ['●', '○', '■', '□', '▲', '△', '◆', '◇'];

/// The plot as text, without a line's end at the last.
pub(super) fn draw(drawing: &Drawing) -> String {
    let lines = match drawing {
        Drawing::Chart(chart) => draw_chart(chart),
        Drawing::Scatter(scatter) => draw_scatter(scatter),
    };
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n")
}

fn padded(text: &str, width: usize) -> String {
    let text = shortened(text, width);
    let missing = width - text.chars().count();
    text + &" ".repeat(missing)
}

/// To the right end.
fn pushed(text: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(text.chars().count())) + text
}

fn widest<'t>(texts: impl IntoIterator<Item = &'t str>) -> usize {
    texts.into_iter().map(|text| text.chars().count()).max().unwrap_or(0).min(MOST_LETTERS)
}

fn draw_chart(chart: &Chart) -> Vec<String> {
    let mut lines = vec![chart.title.clone()];
    if !chart.told.is_empty() {
        lines.push(chart.told.clone());
    }
    let axes = [Some(&chart.x), chart.series.as_ref()];
    let names: Vec<&str> = axes
        .into_iter()
        .flatten()
        .map(|axis| axis.title.as_str())
        .filter(|title| !title.is_empty())
        .collect();
    for panel in &chart.panels {
        if !panel.title.is_empty() {
            lines.extend([String::new(), panel.title.clone()]);
        }
        match chart.kind {
            Kind::Heatmap => heatmap(&mut lines, chart, panel),
            Kind::Lines => curves(&mut lines, chart, panel),
            _ => {
                lines.push(names.join(" · "));
                bars(&mut lines, chart, panel);
            }
        }
    }
    if let Some(series) = chart.series.as_ref().filter(|_| chart.kind == Kind::Lines) {
        lines.push(series.title.clone());
        lines.extend(series.labels.iter().zip(SIGNS).map(|(label, sign)| format!("  {sign} {label}")));
    }
    if chart.kind == Kind::Heatmap {
        let (low, high) = chart.extent;
        lines.push(format!("{} ░ ▒ ▓ █ {}  {}", short(low, 3), short(high, 3), chart.value_name));
    }
    let data = if chart.kind == Kind::Bars { '◆' } else { '×' };
    lines.extend(chart.overlays.iter().map(|name| format!("{data} {name}")));
    for mark in &chart.marks {
        let label = |at: f64| {
            if chart.is_continuous() { short(at, 6) } else { chart.x.labels[at as usize].clone() }
        };
        lines.push(match mark {
            Placed::Level(value, name) => format!("{name}: {}", short(*value, 6)),
            Placed::Line(at, name) if chart.is_continuous() || at.fract() == 0.0 => {
                format!("{name}: {}", label(*at))
            }
            Placed::Line(at, name) => {
                format!("{name}: between {} and {}", label(at.floor()), label(at.ceil()))
            }
            Placed::Range(from, to, name) if chart.is_continuous() => {
                format!("▒ {name}: {} to {}", label(*from), label(*to))
            }
            Placed::Range(from, to, name) => {
                format!("▌ {name}: {} to {}", label(from + 0.5), label(to - 0.5))
            }
        });
    }
    lines
}

/// A bar from zero, as eighths of a letter to the right, halves to the left.
fn bar(value: f64, scale: &Scale, room: usize) -> Vec<char> {
    let place = |x: f64| scale.share(x) * room as f64;
    let zero = place(0.0).round();
    let end = zero + place(value) - place(0.0);
    let mut row = vec![' '; room];
    if value >= 0.0 {
        let eighths = ((end - zero) * 8.0).round().max(0.0) as usize;
        let (whole, part) = (eighths / 8, eighths % 8);
        let from = zero as usize;
        row.iter_mut().skip(from).take(whole).for_each(|c| *c = '█');
        if let Some(c) = row.get_mut(from + whole).filter(|_| part > 0) {
            *c = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'][part - 1];
        }
    } else {
        let halves = ((zero - end) * 2.0).round().max(0.0) as usize;
        let (whole, part) = (halves / 2, halves % 2);
        let to = zero as usize;
        row[to.saturating_sub(whole)..to].iter_mut().for_each(|c| *c = '█');
        if part > 0 && to > whole {
            row[to - whole - 1] = '▐';
        }
    }
    row
}

fn bars(lines: &mut Vec<String>, chart: &Chart, panel: &Panel) {
    let n = chart.x.labels.len();
    let grouped = chart.series.as_ref();
    let inner = grouped.map_or(0, |series| widest(series.labels.iter().map(String::as_str)) + 2);
    let left = widest(chart.x.labels.iter().map(String::as_str)).max(inner);
    let numbers: Vec<String> = panel.values.iter().map(|x| short(*x, 3)).collect();
    let room = COLUMNS - left - 4 - widest(numbers.iter().map(String::as_str));
    let (low, high) = chart.extent;
    let scale = Scale::exact(low, if low == high { low + 1.0 } else { high }, 5);
    let is_marked = |x: usize| {
        let within =
            |mark: &Placed| matches!(mark, Placed::Range(from, to, _) if (*from..=*to).contains(&(x as f64)));
        chart.marks.iter().any(within)
    };
    let point_at = |x: usize, series: Option<usize>| {
        let here = panel.points.iter().filter(move |point| point.x == x && point.series == series);
        here.map(|point: &Point| point.value).collect::<Vec<f64>>()
    };
    let mut row = |label: String, value: Option<f64>, points: &[f64], marked: bool| {
        let mut cells = value.map_or(vec![' '; room], |value| bar(value, &scale, room));
        for point in points {
            let at = (scale.share(*point) * room as f64 - 0.5).round().clamp(0.0, room as f64 - 1.0);
            cells[at as usize] = '◆';
        }
        // The number stands behind the bar.
        let end = cells.iter().rposition(|c| *c != ' ').map_or(0, |at| at + 1);
        let zero = (scale.share(0.0) * room as f64).round() as usize;
        let bar: String = cells[..end.max(zero)].iter().collect();
        let number = value.map_or(String::new(), |value| format!(" {}", short(value, 3)));
        let edge = if marked { '▌' } else { '│' };
        lines.push(format!("{} {edge}{bar}{number}", padded(&label, left)));
    };
    for x in 0..n {
        let Some(series) = grouped else {
            row(chart.x.labels[x].clone(), Some(panel.values[x]), &point_at(x, None), is_marked(x));
            continue;
        };
        row(chart.x.labels[x].clone(), None, &point_at(x, None), is_marked(x));
        for (at, label) in series.labels.iter().enumerate() {
            let value = panel.values[at * n + x];
            row(format!("  {label}"), Some(value), &point_at(x, Some(at)), is_marked(x));
        }
    }
}

/// A field of letters with ticks on the left and below.
struct Field {
    cells: Vec<Vec<char>>,
    x: Scale,
    y: Scale,
}

impl Field {
    fn new(x: Scale, y: Scale, columns: usize) -> Self {
        Self { cells: vec![vec![' '; columns]; ROWS], x, y }
    }

    fn put(&mut self, x: f64, y: f64, sign: char) {
        let columns = self.cells[0].len();
        let column = (self.x.share(x) * (columns - 1) as f64).round();
        let row = ((1.0 - self.y.share(y)) * (ROWS - 1) as f64).round();
        if (0.0..columns as f64).contains(&column) && (0.0..ROWS as f64).contains(&row) {
            self.cells[row as usize][column as usize] = sign;
        }
    }

    fn lines(&self, below: &str) -> Vec<String> {
        let labels = self.y.labels();
        let left = widest(labels.iter().map(String::as_str));
        let row_of = |tick: f64| ((1.0 - self.y.share(tick)) * (ROWS - 1) as f64).round() as usize;
        let mut lines: Vec<String> = self
            .cells
            .iter()
            .enumerate()
            .map(|(row, cells)| {
                let tick = self.y.ticks.iter().position(|tick| row_of(*tick) == row);
                let label = tick.map_or("", |tick| &labels[tick]);
                let edge = if tick.is_some() { '┤' } else { '│' };
                format!("{} {edge}{}", pushed(label, left), cells.iter().collect::<String>())
            })
            .collect();
        lines.push(format!("{} └{}", " ".repeat(left), "─".repeat(self.cells[0].len())));
        lines.push(format!("{}{below}", " ".repeat(left + 2)));
        lines
    }

    /// The numbers of x, each below its column.
    fn numbers(&self) -> String {
        let columns = self.cells[0].len();
        let mut row = vec![' '; columns + 8];
        let mut free = 0;
        for (tick, label) in self.x.ticks.iter().zip(self.x.labels()) {
            let middle = (self.x.share(*tick) * (columns - 1) as f64).round() as usize;
            let from = middle.saturating_sub(label.chars().count() / 2).max(free);
            for (at, c) in label.chars().enumerate().filter(|(at, _)| from + at < columns + 8) {
                row[from + at] = c;
            }
            free = from + label.chars().count() + 1;
        }
        row.iter().collect()
    }
}

fn curves(lines: &mut Vec<String>, chart: &Chart, panel: &Panel) {
    let n = chart.x.labels.len();
    let places: Vec<f64> = match &chart.x.numbers {
        Some(numbers) => numbers.clone(),
        None => (0..n).map(|at| at as f64).collect(),
    };
    let columns = COLUMNS - 10;
    let mut field =
        Field::new(Scale::over(&places, 5), Scale::nice(chart.extent.0, chart.extent.1, 4), columns);
    let (left, right) = (field.x.low, field.x.high);
    let at_column = |column: usize| left + (right - left) * column as f64 / (columns - 1) as f64;
    let (bottom, top) = (field.y.low, field.y.high);
    for mark in &chart.marks {
        match mark {
            Placed::Level(value, _) => {
                (0..columns).for_each(|column| field.put(at_column(column), *value, '┄'))
            }
            Placed::Line(at, _) => (0..ROWS).for_each(|row| {
                let y = bottom + (top - bottom) * row as f64 / (ROWS - 1) as f64;
                field.put(*at, y, '┆');
            }),
            Placed::Range(from, to, _) => {
                let within = (0..columns).map(at_column).filter(|x| (*from..=*to).contains(x));
                within.for_each(|x| field.put(x, bottom, '▒'));
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| places[*a].total_cmp(&places[*b]));
    for (series, sign) in SIGNS.into_iter().enumerate().take(chart.series_count()) {
        let value = |at: usize| panel.values[series * n + at];
        for column in 0..columns {
            let x = at_column(column);
            // Between the two places around x, where both have a number.
            let pair = order.windows(2).find(|pair| (places[pair[0]]..=places[pair[1]]).contains(&x));
            if let Some([a, b]) = pair.map(|pair| [pair[0], pair[1]]) {
                let part = (x - places[a]) / (places[b] - places[a]);
                let y = value(a) + part * (value(b) - value(a));
                if y.is_finite() {
                    field.put(x, y, sign);
                }
            }
        }
        for at in (0..n).filter(|at| value(*at).is_finite()) {
            field.put(places[at], value(at), sign);
        }
    }
    for point in &panel.points {
        field.put(places[point.x], point.value, '×');
    }
    let below = match &chart.x.numbers {
        Some(_) => field.numbers(),
        None => shortened(&chart.x.labels.join(" … "), columns),
    };
    if chart.value_name != chart.title {
        lines.push(chart.value_name.clone());
    }
    lines.extend(field.lines(&below));
    lines.push(format!("{:>1$}", chart.x.title, COLUMNS));
}

fn heatmap(lines: &mut Vec<String>, chart: &Chart, panel: &Panel) {
    let n = chart.x.labels.len();
    let none = vec![String::new()];
    let (title, labels) =
        chart.series.as_ref().map_or(("", &none), |rows| (rows.title.as_str(), &rows.labels));
    let left = widest(labels.iter().map(String::as_str));
    let wide = ((COLUMNS - left - 3) / n).clamp(1, 2);
    let scale = Scale::exact(chart.extent.0, chart.extent.1, 5);
    lines.push([title, chart.x.title.as_str()].join(if title.is_empty() { "" } else { " ↓ · " }) + " →");
    for (row, label) in labels.iter().enumerate() {
        let cells: String = (0..n)
            .map(|at| {
                let value = panel.values[row * n + at];
                let shade = (scale.share(value) * 5.0).floor().clamp(0.0, 4.0) as usize;
                let sign = if value.is_finite() { [' ', '░', '▒', '▓', '█'][shade] } else { '·' };
                sign.to_string().repeat(wide)
            })
            .collect();
        lines.push(format!("{} │{cells}│", padded(label, left)));
    }
    let (first, last) = (&chart.x.labels[0], &chart.x.labels[n - 1]);
    let room = (n * wide).saturating_sub(first.chars().count());
    lines.push(format!("{}{first}{}", " ".repeat(left + 2), pushed(last, room)));
}

fn draw_scatter(scatter: &Scatter) -> Vec<String> {
    let scale = Scale::nice(scatter.extent.0, scatter.extent.1, 4);
    let mut field = Field::new(scale.clone(), scale, 48);
    for column in 0..48 {
        let x = field.x.low + (field.x.high - field.x.low) * f64::from(column) / 47.0;
        field.put(x, x, '·');
    }
    for point in &scatter.points {
        field.put(point.x, point.y, SIGNS[point.group]);
    }
    let mut lines = vec![scatter.title.clone(), scatter.fit.clone(), scatter.y_name.clone()];
    lines.extend(field.lines(&field.numbers()));
    lines.push(pushed(&scatter.x_name, 54));
    if let Some((title, labels)) = &scatter.groups {
        lines.push(title.clone());
        lines.extend(labels.iter().zip(SIGNS).map(|(label, sign)| format!("  {sign} {label}")));
    }
    lines
}
