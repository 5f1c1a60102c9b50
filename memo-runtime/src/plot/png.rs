//! Plots as PNG: the SVG, drawn with a font that comes with the program.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};
use skrifa::{FontRef, MetadataProvider};

use super::error::Why;

/// Pixels of the picture to one of the SVG, for sharp letters.
const SCALE: f32 = 2.0;

/// DejaVu Sans, regular and bold.
fn fonts() -> Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    let load = || {
        let mut fonts = Database::new();
        fonts.load_font_data(dejavu::sans::regular().to_vec());
        fonts.load_font_data(dejavu::sans::bold().to_vec());
        fonts.set_sans_serif_family("DejaVu Sans");
        Arc::new(fonts)
    };
    Arc::clone(FONTS.get_or_init(load))
}

/// The first letter that the font has no picture of.
fn without_glyph(svg: &str) -> Result<Option<char>, Why> {
    let wrong = |message: String| Why::Rendering { message };
    let font = FontRef::new(dejavu::sans::regular()).map_err(|error| wrong(error.to_string()))?;
    let letters = font.charmap();
    Ok(svg.chars().find(|c| !c.is_control() && letters.map(*c).is_none()))
}

/// Draws an SVG of ours.
pub(super) fn draw(svg: &str) -> Result<Vec<u8>, Why> {
    if let Some(letter) = without_glyph(svg)? {
        return Err(Why::NoGlyph { letter });
    }
    let wrong = |message: String| Why::Rendering { message };
    let options = Options { fontdb: fonts(), font_family: "DejaVu Sans".into(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| wrong(error.to_string()))?;
    let size = tree.size().to_int_size().scale_by(SCALE).ok_or_else(|| wrong("it has no size".into()))?;
    let mut pixels = Pixmap::new(size.width(), size.height())
        .ok_or_else(|| wrong(format!("{} × {} pixels are too many", size.width(), size.height())))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| wrong(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bool, Table};

    #[test]
    fn bars_have_their_pixels() {
        let file = "b,f\nfalse,1\ntrue,3\n";
        let table =
            Table::from_csv("f", &["b"], (Bool,), file.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        let plot = table.plot();
        let bytes = plot.to_png().unwrap_or_else(|error| panic!("{error}"));
        let pixels = Pixmap::decode_png(&bytes).unwrap_or_else(|error| panic!("{error}"));
        let of = |color: [u8; 3]| {
            let same = |p: &&resvg::tiny_skia::PremultipliedColorU8| [p.red(), p.green(), p.blue()] == color;
            pixels.pixels().iter().filter(same).count()
        };
        // The area of the two bars, up to their edges.
        let svg = plot.to_svg();
        let sides = |name: &str| -> Vec<f64> {
            let bars = svg.lines().filter(|line| line.contains("class=\"bar"));
            let side =
                |line: &str| line.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?.parse().ok();
            bars.filter_map(side).collect()
        };
        let (widths, heights) = (sides("width"), sides("height"));
        let area: f64 = widths.iter().zip(&heights).map(|(w, h)| 4.0 * w * h).sum();
        let blue = of([0x00, 0x72, 0xb2]) as f64;
        assert!(widths.len() == 2 && (blue / area - 1.0).abs() < 0.02, "{blue} {area}");
        // Most of the rest is white, and some of it is text.
        assert!(of([255, 255, 255]) > pixels.pixels().len() / 2);
        assert!(of([0x1f, 0x1f, 0x24]) > 100);
    }
}
