//! Plots as SVG.

mod bodies;
mod frame;
mod legend;

use std::fmt::Write as _;

use super::chart::Drawing;
use super::colors;
use super::error::Why;
use super::text::escaped;

/// Where a text is fixed to its place.
#[derive(Clone, Copy)]
enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// Light text and background, muted text, lines; [`colors::dark_style`] has the dark.
const INK: &str = "class=\"ink\" fill=\"#1f1f24\"";
const MUTED: &str = "class=\"muted\" fill=\"#5f5f68\"";
const GRID: &str = "class=\"grid\" stroke=\"#e4e4e8\"";
const AXIS: &str = "class=\"axis\" stroke=\"#77777f\"";
const NOTE: &str = "class=\"note\" stroke=\"#55555c\"";

/// The document as it grows.
struct Svg {
    out: String,
}

/// A length with a hundredth of a pixel at the most.
fn px(x: f64) -> String {
    let text = format!("{x:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

impl Svg {
    fn new(width: f64, height: f64, title: &str) -> Self {
        let (w, h) = (px(width), px(height));
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"memo-plot\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" \
             height=\"{h}\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\" role=\"img\">\n<title>{}</title>\n\
             <style>{}</style>\n",
            escaped(title),
            colors::dark_style()
        );
        let _ = writeln!(out, "<rect class=\"bg\" fill=\"#ffffff\" width=\"{w}\" height=\"{h}\"/>");
        Self { out }
    }

    fn finish(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }

    /// Begins a group whose shapes have a style in common.
    fn open(&mut self, style: &str) {
        let _ = writeln!(self.out, "<g {style}>");
    }

    fn close(&mut self) {
        self.out.push_str("</g>\n");
    }

    /// An upright or level line, or any other.
    fn line(&mut self, style: &str, from: (f64, f64), to: (f64, f64)) {
        let (x1, y1, x2, y2) = (px(from.0), px(from.1), px(to.0), px(to.1));
        let _ = writeln!(self.out, "<line {style} x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>");
    }

    /// A rectangle, with what is told when one points at it.
    fn rect(&mut self, style: &str, (x, y): (f64, f64), (width, height): (f64, f64), told: &str) {
        let (x, y, width, height) = (px(x), px(y), px(width), px(height));
        let _ = write!(self.out, "<rect {style} x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
        self.told("rect", told);
    }

    fn circle(&mut self, style: &str, (x, y): (f64, f64), radius: f64, told: &str) {
        let _ = write!(self.out, "<circle {style} cx=\"{}\" cy=\"{}\" r=\"{}\"", px(x), px(y), px(radius));
        self.told("circle", told);
    }

    fn told(&mut self, tag: &str, told: &str) {
        if told.is_empty() {
            self.out.push_str("/>\n");
        } else {
            let _ = writeln!(self.out, "><title>{}</title></{tag}>", escaped(told));
        }
    }

    fn text(&mut self, style: &str, size: f64, anchor: Anchor, (x, y): (f64, f64), text: &str) {
        self.turned(style, size, anchor, (x, y), 0.0, text, "");
    }

    /// A text, turned by so many degrees, which may be a shortened form of another.
    #[expect(clippy::too_many_arguments, reason = "the attributes of one element")]
    fn turned(
        &mut self,
        style: &str,
        size: f64,
        anchor: Anchor,
        (x, y): (f64, f64),
        angle: f64,
        text: &str,
        full: &str,
    ) {
        let (x, y) = (px(x), px(y));
        let turn = if angle == 0.0 {
            String::new()
        } else {
            format!(" transform=\"rotate({} {x} {y})\"", px(angle))
        };
        let full = if full.is_empty() || full == text {
            String::new()
        } else {
            format!("<title>{}</title>", escaped(full))
        };
        let (anchor, size, text) = (anchor.name(), px(size), escaped(text));
        let _ = writeln!(
            self.out,
            "<text {style} x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\"{turn}>{text}{full}</text>"
        );
    }

    fn path(&mut self, style: &str, points: &[(f64, f64)]) {
        let mut steps = String::new();
        for (at, (x, y)) in points.iter().enumerate() {
            let _ = write!(steps, "{}{} {}", if at == 0 { "M" } else { "L" }, px(*x), px(*y));
        }
        let _ = writeln!(self.out, "<path {style} fill=\"none\" d=\"{steps}\"/>");
    }
}

/// The fill of a series, and its stroke.
fn fill(class: &str, series: usize) -> String {
    format!("class=\"{class}f{series}\" fill=\"{}\"", colors::SERIES[series].0)
}

fn stroke(class: &str, series: usize) -> String {
    format!("class=\"{class}s{series}\" stroke=\"{}\"", colors::SERIES[series].0)
}

/// Draws what there is.
pub(super) fn draw(drawing: &Drawing) -> Result<String, Why> {
    match drawing {
        Drawing::Chart(chart) => frame::chart(chart),
        Drawing::Scatter(scatter) => frame::scatter(scatter),
    }
}
