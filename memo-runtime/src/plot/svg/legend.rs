//! What stands to the right of the panels: what the colours and marks mean.

use super::super::Kind;
use super::super::chart::{Chart, Dimension, Placed};
use super::super::colors;
use super::super::scale::Scale;
use super::super::scatter::Scatter;
use super::super::text::{fitted, width};
use super::{Anchor, INK, MUTED, NOTE, Svg, fill, stroke};

/// The sample before an entry.
enum Sample {
    Bar(usize),
    Line(usize),
    Dot(usize),
    /// A circle with a line through it: data.
    Point(usize),
    Range,
    Upright,
    Level,
}

/// Entries under a heading, or the scale of a heatmap.
pub(super) struct Legend {
    heading: String,
    entries: Vec<(Sample, String)>,
    heat: Option<Scale>,
    /// What it takes from left to right; 0 where there is nothing to say.
    pub(super) width: f64,
    /// The least that it takes from top to bottom.
    pub(super) height: f64,
}

/// The height of an entry.
const LINE: f64 = 19.0;
/// From the left of a sample to the text.
const SAMPLE: f64 = 24.0;
/// No text is wider than this.
const WIDEST: f64 = 170.0;

impl Legend {
    fn new(heading: String, entries: Vec<(Sample, String)>, heat: Option<Scale>) -> Self {
        let mut texts: Vec<f64> =
            entries.iter().map(|(_, text)| SAMPLE + width(text, 12.0).min(WIDEST)).collect();
        texts.push(width(&heading, 12.0).min(WIDEST + SAMPLE) * 1.1);
        if let Some(scale) = &heat {
            texts.extend(scale.labels().iter().map(|label| 24.0 + width(label, 11.0)));
        }
        let widest = texts.iter().copied().fold(0.0, f64::max);
        let lines = entries.len() as f64 + if heading.is_empty() { 0.0 } else { 1.2 };
        let height = if heat.is_some() { 90.0 } else { lines * LINE };
        Self { heading, entries, heat, width: if widest == 0.0 { 0.0 } else { widest + 18.0 }, height }
    }

    pub(super) fn of_chart(chart: &Chart) -> Self {
        if chart.kind == Kind::Heatmap {
            let scale = Scale::exact(chart.extent.0, chart.extent.1, 5);
            return Self::new(chart.value_name.clone(), Vec::new(), Some(scale));
        }
        let sample = if chart.kind == Kind::Lines { Sample::Line } else { Sample::Bar };
        let mut entries = Vec::new();
        let mut heading = String::new();
        if let Some(Dimension { title, labels, .. }) = &chart.series {
            heading = title.clone();
            entries.extend(labels.iter().enumerate().map(|(at, label)| (sample(at), label.clone())));
        }
        entries.extend(chart.overlays.iter().enumerate().map(|(at, name)| (Sample::Point(at), name.clone())));
        for mark in &chart.marks {
            match mark {
                // In a single panel these are named at their place.
                Placed::Range(.., label) if chart.panels.len() > 1 => {
                    entries.push((Sample::Range, label.clone()))
                }
                Placed::Line(_, label) if chart.panels.len() > 1 => {
                    entries.push((Sample::Upright, label.clone()))
                }
                Placed::Level(_, label) => entries.push((Sample::Level, label.clone())),
                _ => {}
            }
        }
        Self::new(heading, entries, None)
    }

    pub(super) fn of_scatter(scatter: &Scatter) -> Self {
        let Some((title, labels)) = &scatter.groups else {
            return Self::new(String::new(), Vec::new(), None);
        };
        let entries = labels.iter().enumerate().map(|(at, label)| (Sample::Dot(at), label.clone()));
        Self::new(title.clone(), entries.collect(), None)
    }

    /// Draws it with its left upper corner at a place, not higher than this.
    pub(super) fn draw(&self, svg: &mut Svg, (left, top): (f64, f64), most: f64) {
        let x = left + 18.0;
        let mut y = top;
        if !self.heading.is_empty() {
            let heading = fitted(&self.heading, 12.0, WIDEST + SAMPLE);
            let style = format!("{INK} font-weight=\"600\"");
            svg.turned(&style, 12.0, Anchor::Start, (x, y + 10.0), 0.0, &heading, &self.heading);
            y += 1.2 * LINE;
        }
        if let Some(scale) = &self.heat {
            heat_scale(svg, scale, (x, y), (most - 1.2 * LINE - 6.0).clamp(60.0, 220.0));
        }
        for (sample, text) in &self.entries {
            let middle = y + 7.0;
            match sample {
                Sample::Bar(series) => {
                    svg.rect(&format!("{} rx=\"2\"", fill("", *series)), (x, middle - 6.0), (14.0, 12.0), "");
                }
                Sample::Line(series) => {
                    let style = format!("{} stroke-width=\"2.5\"", stroke("", *series));
                    svg.line(&style, (x - 1.0, middle), (x + 17.0, middle));
                }
                Sample::Dot(series) => {
                    svg.circle(&fill("", *series), (x + 7.0, middle), 4.5, "");
                }
                Sample::Point(overlay) => super::bodies::point(svg, (x + 7.0, middle), *overlay, None, ""),
                Sample::Range => {
                    svg.rect(super::bodies::RANGE, (x, middle - 6.0), (14.0, 12.0), "");
                }
                Sample::Upright => {
                    let style = format!("{NOTE} stroke-dasharray=\"4 3\"");
                    svg.line(&style, (x + 7.0, middle - 7.0), (x + 7.0, middle + 7.0));
                }
                Sample::Level => {
                    let style = format!("{NOTE} stroke-dasharray=\"4 3\"");
                    svg.line(&style, (x - 1.0, middle), (x + 17.0, middle));
                }
            }
            let shown = fitted(text, 12.0, WIDEST);
            svg.turned(INK, 12.0, Anchor::Start, (x + SAMPLE, middle + 4.0), 0.0, &shown, text);
            y += LINE;
        }
    }
}

/// The colours of a heatmap from low, below, to high.
fn heat_scale(svg: &mut Svg, scale: &Scale, (x, top): (f64, f64), height: f64) {
    const STEPS: usize = 44;
    let step = height / STEPS as f64;
    for at in 0..STEPS {
        let (color, _) = colors::heat(1.0 - (at as f64 + 0.5) / STEPS as f64);
        // A little more than a step, so that no light comes through between them.
        let style = format!("fill=\"{color}\"");
        let tall = if at + 1 < STEPS { step + 0.6 } else { step };
        svg.rect(&style, (x, top + at as f64 * step), (13.0, tall), "");
    }
    for (tick, label) in scale.ticks.iter().zip(scale.labels()) {
        let y = top + height * (1.0 - scale.share(*tick));
        svg.line("class=\"axis\" stroke=\"#77777f\"", (x + 13.0, y), (x + 17.0, y));
        svg.text(MUTED, 11.0, Anchor::Start, (x + 20.0, y + 4.0), &label);
    }
}
