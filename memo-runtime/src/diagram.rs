//! Pictures of a model: minds in minds, who knows and is uncertain about what,
//! and what is told or seen.

use std::fmt::{self, Write as _};

/// One mind as modelled by another.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mind {
    /// Whose mind it is; the model itself comes first.
    pub name: &'static str,
    /// Who models it, by number.
    pub inside: Option<usize>,
    /// What it holds.
    pub choices: &'static [Choice],
    /// What it wants.
    pub goals: &'static [&'static str],
}

/// A choice as a mind holds it.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// As that mind calls it: `x` or `bob.x`.
    pub name: &'static str,
    /// The domain, as written.
    pub domain: &'static str,
    /// Whether the mind knows its value.
    pub known: bool,
}

/// What one mind learns from the mind around it: (mind, choice) → (mind,
/// choice), by number, and whether it is seen (or told).
#[doc(hidden)]
pub type Arrow = ((usize, usize), (usize, usize), bool);

/// A model as a picture, from `f::diagram()`.
///
/// `Display` prints it as an indented list; [`Diagram::to_dot`],
/// [`Diagram::to_mermaid`] and [`Diagram::to_svg`] draw it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diagram {
    model: &'static str,
    minds: &'static [Mind],
    arrows: &'static [Arrow],
}

impl Diagram {
    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(model: &'static str, minds: &'static [Mind], arrows: &'static [Arrow]) -> Self {
        Self { model, minds, arrows }
    }

    fn children(&self, of: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.minds.len()).filter(move |at| self.minds[*at].inside == Some(of))
    }

    fn title(&self, mind: usize) -> String {
        match self.minds[mind].inside {
            None => format!("the model {}", self.model),
            Some(_) => self.minds[mind].name.to_string(),
        }
    }

    fn words(choice: &Choice) -> String {
        format!("{}: {}", choice.name, choice.domain)
    }

    /// In Graphviz's language: a cluster a mind, known choices solid, uncertain
    /// ones dashed.
    #[must_use]
    pub fn to_dot(&self) -> String {
        let mut out = format!("digraph \"{}\" {{\n  compound=true;\n  node [shape=box];\n", self.model);
        self.dot_mind(0, 1, &mut out);
        for ((a, b), (c, d), seen) in self.arrows {
            let label = if *seen { "sees" } else { "is told" };
            let _ = writeln!(out, "  c{a}_{b} -> c{c}_{d} [label=\"{label}\"];");
        }
        out + "}\n"
    }

    fn dot_mind(&self, mind: usize, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        let _ =
            writeln!(out, "{indent}subgraph cluster_{mind} {{\n{indent}  label=\"{}\";", self.title(mind));
        for (at, choice) in self.minds[mind].choices.iter().enumerate() {
            let style = if choice.known { "solid" } else { "dashed" };
            let _ = writeln!(
                out,
                "{indent}  c{mind}_{at} [label=\"{}\", style={style}];",
                Self::words(choice).replace('"', "\\\"")
            );
        }
        for (at, goal) in self.minds[mind].goals.iter().enumerate() {
            let _ = writeln!(out, "{indent}  g{mind}_{at} [label=\"wants {goal}\", shape=ellipse];");
        }
        if self.minds[mind].choices.is_empty() {
            let _ = writeln!(out, "{indent}  empty_{mind} [style=invis, label=\"\", width=0, height=0];");
        }
        for child in self.children(mind) {
            self.dot_mind(child, depth + 1, out);
        }
        let _ = writeln!(out, "{indent}}}");
    }

    /// In Mermaid's language, as GitHub and many notebooks show it.
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        let mut out = String::from("flowchart TD\n");
        self.mermaid_mind(0, 1, &mut out);
        for ((a, b), (c, d), seen) in self.arrows {
            let label = if *seen { "sees" } else { "is told" };
            let _ = writeln!(out, "  c{a}_{b} -->|{label}| c{c}_{d}");
        }
        out += "  classDef uncertain stroke-dasharray: 5 4;\n";
        out
    }

    fn mermaid_mind(&self, mind: usize, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        let _ = writeln!(out, "{indent}subgraph m{mind}[\"{}\"]", self.title(mind));
        for (at, choice) in self.minds[mind].choices.iter().enumerate() {
            let class = if choice.known { "" } else { ":::uncertain" };
            let words = Self::words(choice).replace('"', "#quot;");
            let _ = writeln!(out, "{indent}  c{mind}_{at}[\"{words}\"]{class}");
        }
        for (at, goal) in self.minds[mind].goals.iter().enumerate() {
            let _ = writeln!(out, "{indent}  g{mind}_{at}([\"wants {goal}\"])");
        }
        for child in self.children(mind) {
            self.mermaid_mind(child, depth + 1, out);
        }
        let _ = writeln!(out, "{indent}end");
    }

    /// Shows the picture in a Jupyter notebook with the kernel of evcxr, which calls
    /// this method of what a cell ends with.
    pub fn evcxr_display(&self) {
        crate::table::show_in_notebook("text/html", &self.to_svg());
    }

    /// As a picture of its own, for light and dark backgrounds; no other
    /// program is needed.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let mut layout = Layout { diagram: self, chips: Vec::new(), shapes: String::new() };
        let (width, height) = layout.mind(0, MARGIN, MARGIN);
        let mut arrows = String::new();
        for (from, to, seen) in self.arrows {
            layout.arrow(*from, *to, *seen, &mut arrows);
        }
        let (width, height) = (width + 2.0 * MARGIN, height + 2.0 * MARGIN);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"memo-diagram\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n<title>{}</title>\n<style>{STYLE}</style>\n<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path class=\"head\" d=\"M0 0 8 4 0 8z\"/></marker></defs>\n{}{arrows}</svg>\n",
            escape(&self.title(0)),
            layout.shapes
        )
    }
}

impl fmt::Display for Diagram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn mind(diagram: &Diagram, at: usize, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let indent = "  ".repeat(depth);
            writeln!(f, "{indent}{}", diagram.title(at))?;
            for choice in diagram.minds[at].choices {
                let state = if choice.known { "knows" } else { "is uncertain about" };
                writeln!(f, "{indent}  {state} {}", Diagram::words(choice))?;
            }
            for goal in diagram.minds[at].goals {
                writeln!(f, "{indent}  wants {goal}")?;
            }
            diagram.children(at).try_for_each(|child| mind(diagram, child, depth + 1, f))
        }
        mind(self, 0, 0, f)?;
        for ((_, _), (c, d), seen) in self.arrows {
            let (who, what) = (self.title(*c), self.minds[*c].choices[*d].name);
            writeln!(f, "{who} {} {what}", if *seen { "sees" } else { "is told" })?;
        }
        Ok(())
    }
}

const MARGIN: f64 = 12.0;
const LINE: f64 = 26.0;
const CHIP: f64 = 20.0;

/// Within the picture alone, whatever else is on its page.
const STYLE: &str = "\
.memo-diagram .mind{fill:#8882;stroke:#888}\
.memo-diagram .known{fill:#4a90d9;fill-opacity:.25;stroke:#4a90d9}\
.memo-diagram .uncertain{fill:none;stroke:#d98a2b;stroke-dasharray:4 3}\
.memo-diagram .goal{fill:#3a9d5d;fill-opacity:.2;stroke:#3a9d5d}\
.memo-diagram text{fill:#222}.memo-diagram .title{font-weight:600}\
.memo-diagram .seen,.memo-diagram .told{fill:none;stroke:#b0398f;stroke-width:1.5}\
.memo-diagram .told{stroke-dasharray:2 3}.memo-diagram .head{fill:#b0398f}\
@media(prefers-color-scheme:dark){.memo-diagram text{fill:#eee}\
.memo-diagram .seen,.memo-diagram .told{stroke:#e07ac4}.memo-diagram .head{fill:#e07ac4}}";

/// Places boxes: the titles and choices of a mind, below them the minds that
/// it models, side by side.
struct Layout<'d> {
    diagram: &'d Diagram,
    /// Where each choice has been put: (mind, choice), left, top, width.
    chips: Vec<((usize, usize), f64, f64, f64)>,
    shapes: String,
}

fn width_of(text: &str) -> f64 {
    7.4 * text.chars().count() as f64 + 14.0
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl Layout<'_> {
    /// Draws a mind with its top left corner there; its width and height.
    fn mind(&mut self, mind: usize, left: f64, top: f64) -> (f64, f64) {
        let diagram = self.diagram;
        let title = diagram.title(mind);
        let entries: Vec<(String, &str)> = diagram.minds[mind]
            .choices
            .iter()
            .map(|c| (Diagram::words(c), if c.known { "known" } else { "uncertain" }))
            .chain(diagram.minds[mind].goals.iter().map(|g| (format!("wants {g}"), "goal")))
            .collect();
        // The box comes before what is in it: its size is known afterwards.
        let place = self.shapes.len();
        let mut width = width_of(&title);
        let mut y = top + LINE;
        for (at, (text, class)) in entries.iter().enumerate() {
            let (x, wide) = (left + MARGIN, width_of(text));
            let _ = writeln!(
                self.shapes,
                "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{CHIP}\" rx=\"6\"/><text x=\"{}\" y=\"{}\">{}</text>",
                x + 7.0,
                y + 14.5,
                escape(text)
            );
            self.chips.push(((mind, at), x, y, wide));
            width = width.max(wide);
            y += LINE;
        }
        let (mut x, mut tallest) = (left + MARGIN, 0.0_f64);
        let children: Vec<usize> = diagram.children(mind).collect();
        for child in &children {
            let (wide, tall) = self.mind(*child, x, y + 4.0);
            x += wide + MARGIN;
            tallest = tallest.max(tall);
        }
        let below = if children.is_empty() { 0.0 } else { tallest + MARGIN };
        let width = (width + 2.0 * MARGIN).max(x - left);
        let height = y - top + below + 2.0;
        let frame = format!(
            "<rect class=\"mind\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"10\"/><text class=\"title\" x=\"{}\" y=\"{}\">{}</text>\n",
            left + MARGIN,
            top + 17.0,
            escape(&title)
        );
        self.shapes.insert_str(place, &frame);
        (width, height)
    }

    fn arrow(&self, from: (usize, usize), to: (usize, usize), seen: bool, out: &mut String) {
        let find = |chip: (usize, usize)| self.chips.iter().find(|(at, ..)| *at == chip);
        let (Some((_, x, y, wide)), Some((_, to_x, to_y, to_wide))) = (find(from), find(to)) else { return };
        let (start, end) = ((x + wide, y + CHIP / 2.0), (to_x + to_wide, to_y + CHIP / 2.0));
        let bend = start.0.max(end.0) + 28.0;
        let class = if seen { "seen" } else { "told" };
        let _ = writeln!(
            out,
            "<path class=\"{class}\" marker-end=\"url(#head)\" d=\"M{} {} C{bend} {} {bend} {} {} {}\"/>",
            start.0,
            start.1,
            start.1,
            end.1,
            end.0 + 1.0,
            end.1
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static CHOICES: [Choice; 1] = [Choice { name: "u", domain: "Vec<U>", known: true }];
    static THOUGHTS: [Choice; 1] = [Choice { name: "speaker.u", domain: "U", known: false }];
    static MINDS: [Mind; 2] = [
        Mind { name: "observer", inside: None, choices: &CHOICES, goals: &[] },
        Mind { name: "listener", inside: Some(0), choices: &THOUGHTS, goals: &["truth"] },
    ];
    static DIAGRAM: Diagram = Diagram::__new("m", &MINDS, &[((0, 0), (1, 0), true)]);

    #[test]
    fn every_form_names_every_part() {
        let text = DIAGRAM.to_string();
        assert!(
            text.contains("  listener\n    is uncertain about speaker.u: U\n    wants truth\n"),
            "{text}"
        );
        let dot = DIAGRAM.to_dot();
        assert!(dot.contains("c0_0 -> c1_0 [label=\"sees\"]") && dot.contains("style=dashed"), "{dot}");
        assert_eq!(dot.matches('{').count(), dot.matches('}').count());
        let mermaid = DIAGRAM.to_mermaid();
        assert!(mermaid.contains("c0_0 -->|sees| c1_0") && mermaid.contains(":::uncertain"), "{mermaid}");
        assert_eq!(mermaid.matches("subgraph").count(), mermaid.matches("end\n").count());
        let svg = DIAGRAM.to_svg();
        assert!(svg.contains("Vec&lt;U&gt;") && svg.contains("marker-end"), "{svg}");
        assert_eq!(svg.matches("<rect").count(), 5);
    }
}
