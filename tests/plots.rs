//! Plots: the structure of their SVG, what a terminal shows, what cannot be drawn.

use memo::plot::{Plot, scatter};
use memo::prelude::*;
use memo::{LabelledArray, sweep};
use roxmltree::{Document, Node};

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Fruit {
    Apple,
    Pear,
    Plum,
}

const N: std::ops::Range<i64> = 0..4;
const MANY: std::ops::Range<i64> = 0..30;
const UNEVEN: Values<3> = Values::from([0.0, 0.25, 1.0]);
const ONE: std::ops::Range<i64> = 7..8;

fn price(fruit: Fruit) -> f64 {
    [2.0, -1.0, 4.0][fruit as usize]
}

/// 2, -1 and 4.
#[memo]
fn prices<fruit: Fruit>() {
    model! { return price(fruit); }
}

#[memo]
fn product<fruit: Fruit, n: N>() {
    model! { return price(fruit) * n; }
}

#[memo]
fn uneven<x: UNEVEN>() {
    model! { return 2 * x; }
}

#[memo]
fn waves<m: MANY, n: N>() {
    model! { return sin(m / 5) * n; }
}

#[memo]
fn grid<m: MANY, k: MANY>() {
    model! { return m - k; }
}

#[memo]
fn deep<fruit: Fruit, n: N, m: MANY, one: ONE>() {
    model! { return price(fruit) * n + m + one; }
}

#[memo]
fn holes<n: N>() {
    model! { return log(n - 1); }
}

/// A draw of one of three.
#[memo]
fn draw<fruit: Fruit>(p: f64) {
    model! {
        a: chooses(f in Fruit, wpp = p if f == Fruit::Apple else 1);
        return Pr[a.f == fruit];
    }
}

#[memo]
fn scalar() {
    model! { return 0.75; }
}

/// The numbers of an attribute of all elements of a class, in order.
fn numbers(svg: &str, class: &str, attribute: &str) -> Vec<f64> {
    let document = parsed(svg);
    let of_class = |node: &Node| node.attribute("class").is_some_and(|c| c.split(' ').any(|c| c == class));
    let number = |node: Node| node.attribute(attribute).unwrap_or("none").parse().unwrap_or(f64::NAN);
    document.descendants().filter(of_class).map(number).collect()
}

fn parsed(svg: &str) -> Document<'_> {
    Document::parse(svg).unwrap_or_else(|error| panic!("{error}\n{svg}"))
}

/// All that is written, without what is told when one points at a shape.
fn texts(svg: &str) -> Vec<String> {
    let texts = parsed(svg);
    let texts = texts.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(|node| node.text().unwrap_or_default().to_string()).collect()
}

fn error(plot: &Plot) -> String {
    match plot.try_to_svg() {
        Err(error) => error.to_string(),
        Ok(_) => panic!("this can be drawn:\n{plot}"),
    }
}

fn kind(plot: &Plot) -> &'static str {
    let svg = plot.to_svg();
    let kinds = [("class=\"bar", "bars"), ("class=\"line", "lines"), ("class=\"cell", "heatmap")];
    kinds.into_iter().find(|(class, _)| svg.contains(class)).map_or("nothing", |(_, kind)| kind)
}

#[test]
fn a_bar_a_cell_of_the_height_of_its_number() {
    let svg = prices().plot().to_svg();
    let heights = numbers(&svg, "bar", "height");
    assert_eq!(heights.len(), 3);
    for (height, price) in heights.iter().zip([2.0, 1.0, 4.0]) {
        // Written with two decimals.
        assert!((height - heights[0] / 2.0 * price).abs() < 0.02, "{heights:?}");
    }
    // 2 and 4 stand on the line from which −1 hangs.
    let tops = numbers(&svg, "bar", "y");
    assert!((tops[0] + heights[0] - tops[1]).abs() < 0.02, "{tops:?} {heights:?}");
    assert!((tops[2] + heights[2] - tops[1]).abs() < 0.02, "{tops:?} {heights:?}");
    let texts = texts(&svg);
    for wanted in ["prices", "fruit: Fruit", "Apple", "Pear", "Plum", "4.0", "−1.0"] {
        assert!(texts.iter().any(|text| text == wanted), "{wanted} in {texts:?}");
    }
    assert!(svg.contains("<title>fruit = Pear: −1</title>"), "{svg}");
}

#[test]
fn groups_have_a_colour_for_each_value() {
    let svg = product().plot().to_svg();
    assert_eq!(numbers(&svg, "bar", "x").len(), 12);
    for color in ["f0", "f1", "f2", "f3"] {
        // Three bars and the sample of the legend.
        assert_eq!(numbers(&svg, color, "x").len(), 4);
    }
    let swapped = product().plot().x("n").to_svg();
    assert_eq!((numbers(&swapped, "f2", "x").len(), numbers(&swapped, "f3", "x").len()), (5, 0));
    let panels = product().plot().facet("fruit").to_svg();
    assert_eq!(numbers(&panels, "f0", "x").len(), 12);
    assert!(texts(&panels).contains(&"fruit = Pear".to_string()));
}

#[test]
fn points_of_a_line_are_where_their_numbers_are() {
    let svg = uneven().plot().to_svg();
    let (x, y) = (numbers(&svg, "f0", "cx"), numbers(&svg, "f0", "cy"));
    assert_eq!((x.len(), y.len()), (3, 3));
    let share = |v: &[f64]| (v[1] - v[0]) / (v[2] - v[0]);
    assert!((share(&x) - 0.25).abs() < 1e-3 && (share(&y) - 0.25).abs() < 1e-3, "{x:?} {y:?}");
}

#[test]
fn the_colours_of_a_heatmap_go_from_the_least_to_the_greatest() {
    let svg = product().plot().heatmap().to_svg();
    let document = parsed(&svg);
    let cells: Vec<Node> = document.descendants().filter(|n| n.attribute("class") == Some("cell")).collect();
    assert_eq!(cells.len(), 12);
    let color = |cell: usize| cells[cell].attribute("fill");
    // Row by row: pears, the second row, are down to −3, plums up to 12.
    assert_eq!((color(7), color(11)), (Some("#440154"), Some("#fde725")));
    assert_eq!(color(0), color(4));
}

#[test]
fn what_suits_is_chosen() {
    assert_eq!(kind(&prices().plot()), "bars");
    assert_eq!(kind(&uneven().plot()), "lines");
    assert_eq!(kind(&product().plot()), "bars");
    assert_eq!(kind(&waves().plot()), "lines");
    assert_eq!(kind(&grid().plot()), "heatmap");
    assert_eq!(kind(&product().plot().y("n")), "heatmap");
    assert_eq!(kind(&sweep("p", linspace(0.0, 1.0, 5), draw).plot()), "lines");
    // Four axes: lines along the long one, colours, panels; and one told of.
    let svg = deep().plot().to_svg();
    assert!(svg.contains("class=\"line"));
    let texts = texts(&svg);
    assert!(texts.contains(&"one = 7".into()), "{texts:?}");
    assert!(texts.contains(&"m: MANY".into()) && texts.contains(&"fruit = Plum".into()), "{texts:?}");
}

#[test]
fn numbers_that_add_up_are_probabilities() {
    let names = |plot: Plot| texts(&plot.to_svg());
    assert!(names(draw(2.0).plot()).contains(&"probability".into()));
    assert!(!names(prices().plot()).contains(&"probability".into()));
    assert!(names(draw(2.0).plot().value_name("chance")).contains(&"chance".into()));
}

#[test]
fn texts_are_escaped() {
    let nasty = "a<b> & \"c\" 'd' ]]> \u{1}";
    let plot = draw(2.0).plot().title(nasty).value_name(nasty).named(nasty);
    let svg = plot.with("x & y", draw(1.0)).mark_range("Apple"..="Pear", "<i>").to_svg();
    let texts = texts(&svg);
    assert_eq!(texts[0], nasty.replace('\u{1}', "\u{fffd}"));
    assert!(texts.contains(&"x & y".into()) && texts.contains(&"<i>".into()), "{texts:?}");
}

#[test]
fn nothing_stands_outside_or_on_something_else() {
    let plots = [
        prices().plot(),
        product().plot(),
        product().plot().heatmap(),
        waves().plot(),
        waves().plot().bars().x("m"),
        waves().plot().facet("n").bars(),
        grid().plot(),
        deep().plot(),
        grid().plot().size(300, 260),
        waves().plot().size(1200, 200),
        scatter(waves(), waves().map(|x| x * x)),
    ];
    for plot in plots {
        let svg = plot.to_svg();
        let document = parsed(&svg);
        let root = document.root_element();
        let number = |node: &Node, name: &str| node.attribute(name).and_then(|text| text.parse::<f64>().ok());
        let (width, height) = (number(&root, "width").unwrap(), number(&root, "height").unwrap());
        let at = |node: &Node, name: &str| number(node, name).unwrap_or(0.0);
        for node in document.descendants().filter(|node| node.has_tag_name("rect")) {
            let (x, y) = (at(&node, "x"), at(&node, "y"));
            let (right, low) = (x + at(&node, "width"), y + at(&node, "height"));
            assert!(
                x >= 0.0 && y >= 0.0 && right <= width + 0.1 && low <= height + 0.1,
                "{node:?} in\n{svg}"
            );
        }
        // Level texts, as boxes: digits are 0.64 wide, others less on the average.
        let mut boxes: Vec<(f64, f64, f64, f64, String)> = Vec::new();
        for node in document.descendants().filter(|node| node.has_tag_name("text")) {
            if node.attribute("transform").is_some() {
                continue;
            }
            let text = node.text().unwrap_or_default();
            let size = at(&node, "font-size");
            let wide = text.chars().count() as f64 * size * 0.6;
            let left = at(&node, "x")
                - match node.attribute("text-anchor") {
                    Some("middle") => wide / 2.0,
                    Some("end") => wide,
                    _ => 0.0,
                };
            let base = at(&node, "y");
            assert!(left >= -1.0 && base <= height, "`{text}` stands outside\n{svg}");
            boxes.push((left, left + wide, base - 0.7 * size, base, text.into()));
        }
        for (i, a) in boxes.iter().enumerate() {
            for b in &boxes[i + 1..] {
                let apart = a.1 <= b.0 || b.1 <= a.0 || a.3 <= b.2 || b.3 <= a.2;
                assert!(apart, "`{}` stands on `{}` in\n{svg}", a.4, b.4);
            }
        }
    }
}

#[test]
fn gaps_are_left_out() {
    let plot = holes().plot().lines();
    let message =
        "the plot of `holes` cannot be drawn: `holes` is NaN at n = 0; `.gaps()` leaves such cells out";
    assert_eq!(error(&plot), message);
    // Of ln(−1), ln 0, ln 1, ln 2 the last two are left: one piece.
    let svg = plot.clone().gaps().to_svg();
    assert_eq!(numbers(&svg, "line", "x").len(), 1);
    assert_eq!(numbers(&svg, "f0", "cx").len(), 2);
    assert_eq!(numbers(&holes().plot().bars().gaps().to_svg(), "bar", "x").len(), 2);
    let heat = holes().plot().heatmap().gaps().to_svg();
    assert_eq!((numbers(&heat, "cell", "x").len(), numbers(&heat, "gap", "x").len()), (2, 2));
}

#[test]
fn data_stand_over_bars_and_marks_at_their_places() {
    let model = draw(2.0);
    let data = Table::from_csv("people", &["fruit"], (Fruit,), "fruit,people\nPlum,0.25\n".as_bytes());
    let data = data.unwrap();
    let plot = model.plot().points_with_errors(&data, data.map(|x| x / 2.0));
    let svg = plot.mark_range("Pear"..="Plum", "two").mark_level(0.5, "half").to_svg();
    let document = parsed(&svg);
    // The last is the sample of the legend, drawn first.
    let circles = numbers(&svg, "point", "cy");
    assert_eq!(circles.len(), 4);
    let (tops, heights) = (numbers(&svg, "bar", "y"), numbers(&svg, "bar", "height"));
    // Apples have one half, pears a quarter: so are the data of plums.
    assert!((circles[3] - tops[1]).abs() < 0.02 && (tops[2] - tops[1]).abs() < 0.02, "{svg}");
    assert!(texts(&svg).contains(&"people".into()) && texts(&svg).contains(&"two".into()));
    let note =
        |node: &Node| node.attribute("class") == Some("note") && node.attribute("stroke-dasharray").is_some();
    let levels: Vec<Node> = document.descendants().filter(note).collect();
    assert!(levels.iter().any(|line| line.attribute("y1") == Some(&tops[0].to_string())), "{svg}");
    // The range covers the places of two of three bars.
    let (x, width) = (numbers(&svg, "range", "x"), numbers(&svg, "range", "width"));
    let bars = numbers(&svg, "bar", "x");
    assert!((width[0] - 2.0 * (bars[1] - bars[0])).abs() < 0.02 && x[0] > bars[0] && x[0] < bars[1]);
    assert_eq!(heights.len(), 3);
}

#[test]
fn data_over_lines_have_their_colour() {
    let plot = product().plot().lines().x("n").color("fruit");
    let svg = plot.clone().points(product()).to_svg();
    // Four points of three fruits and the sample of the legend, which has no colour.
    assert_eq!(numbers(&svg, "point", "cx").len(), 13);
    let of_plums = r##"class="point s2" stroke="#009e73""##;
    assert_eq!(svg.matches(of_plums).count(), 4);
    // Data for one of the values of x are not about any place across.
    let message = "the plot of `product` cannot be drawn: `product` has other axes: `n` is not among fruit";
    assert_eq!(error(&plot.points(product().select("n", 3_i64))), message);
}

#[test]
fn tables_side_by_side() {
    let plot = draw(2.0).plot().named("two").with("one", draw(1.0));
    let svg = plot.to_svg();
    assert_eq!(numbers(&svg, "bar", "x").len(), 6);
    let texts = texts(&svg);
    assert!(texts.contains(&"two".into()) && texts.contains(&"one".into()), "{texts:?}");
    let panels = plot.clone().facet("table").to_svg();
    assert_eq!(numbers(&panels, "f0", "x").len(), 6);
    let message = "the plot of `draw` cannot be drawn: `product` has other axes: `n` is not among fruit";
    assert_eq!(error(&draw(1.0).plot().with("other", product())), message);
    assert_eq!(
        error(&draw(1.0).plot().with("other", uneven())),
        "the plot of `draw` cannot be drawn: `uneven` has other axes: `fruit` is not among x"
    );
}

#[test]
fn a_scatter_plot_joins_by_labels() {
    // In another order, with one less.
    let file = "fruit,data\nPlum,5\nApple,2\n";
    let data: LabelledArray = Table::from_csv("data", &["fruit"], (Fruit,), file.as_bytes()).unwrap().into();
    let plot = scatter(prices(), &data);
    // (2, 2), (−1, 0), (4, 5): r = Σ(x−x̄)(y−ȳ)/… with means 5/3 and 7/3 is
    // 37/3 / √(38/3 · 38/3), the mean squared error (0 + 1 + 1)/3.
    let svg = plot.to_svg();
    assert!(texts(&svg).contains(&"r = 0.974, MSE = 0.667".into()), "{:?}", texts(&svg));
    assert_eq!(numbers(&svg, "f2", "cx").len(), 2);
    assert!(svg.contains("<title>fruit = Plum: 4 against 5</title>"));
    let message = "the plot of `prices` cannot be drawn: `.facet` is not for a scatter plot; tell the axis apart with `.color`";
    assert_eq!(error(&plot.facet("fruit")), message);
    let message = "the plot of `product` cannot be drawn: `data` has other axes: `n` is not among fruit";
    assert_eq!(error(&scatter(product(), &data)), message);
}

#[test]
fn what_cannot_be_drawn_says_why() {
    let cases = [
        (prices().plot().x("fruits"), "there is no axis `fruits`; did you mean `fruit`?"),
        (product().plot().facet("vegetable"), "there is no axis `vegetable`; there is fruit, n"),
        (product().plot().x("n").color("n"), "the axis `n` is given to `.x` and to `.color`; choose one"),
        (scalar().plot(), "it has no axes, it is the one number 0.75; print it instead"),
        (
            grid().plot().bars(),
            "the 30 values of `k` are more than the 8 colours that can be told apart; use `.heatmap()`, or `.x(\"k\")`",
        ),
        (
            deep().plot().facet("m"),
            "a panel for each value of `m` (30) makes 30, more than 16; take a part with `.select` or add up with `.sum_over` first",
        ),
        (
            prices().plot().mark_line("Aple", "here"),
            "`Aple` is not on the axis `fruit`; did you mean `Apple`?",
        ),
        (product().plot().x("n").mark_range(2..=9, "far"), "`9` is not on the axis `n`; there is 0, 1, 2, 3"),
        (
            prices().plot().mark_range("Plum"..="Apple", "back"),
            "no value of the axis `fruit` is in the range from `Plum` to `Apple`",
        ),
        (
            product().plot().heatmap().color("n"),
            "`.color` is not for a heatmap; its colours are the numbers; `.y` sets the axis of the rows",
        ),
        (
            product().plot().heatmap().mark_line(1, "here"),
            "`.mark_line` is not for a heatmap; use `.bars()` or `.lines()`",
        ),
        (
            product().plot().bars().y("n"),
            "`.y` is not for bars; it is for the rows of a heatmap; use `.color`",
        ),
        (
            prices().plot().color("fruit"),
            "no axis is left to go from left to right; give one less to `.color`, `.y` or `.facet`",
        ),
        (
            prices().plot().mark_level(f64::NAN, "level"),
            "`level` is NaN at its one cell; `.gaps()` leaves such cells out",
        ),
    ];
    for (plot, message) in cases {
        let text = error(&plot);
        assert_eq!(
            text.strip_prefix(&format!("the plot of `{}` cannot be drawn: ", name(&text))),
            Some(message)
        );
        // A terminal shows the same in the place of the plot.
        assert_eq!(plot.to_string(), text);
    }
    let text = error(&prices().plot().size(90, 60));
    assert!(text.contains("need a size of") && text.ends_with("at least, not 90 × 60"), "{text}");
    let text = error(&waves().plot().bars().x("m").size(180, 200));
    assert!(text.contains("120 bars do not fit into"), "{text}");
}

/// The name in backquotes.
fn name(text: &str) -> &str {
    text.split('`').nth(1).unwrap_or_default()
}

#[test]
#[should_panic(
    expected = "the plot of `prices` cannot be drawn: there is no axis `frut`; did you mean `fruit`?"
)]
fn what_cannot_be_drawn_panics_where_nothing_is_returned() {
    let _ = prices().plot().x("frut").to_svg();
}

#[test]
fn files_by_their_endings() {
    let folder = std::env::temp_dir().join(format!("memo-plots-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let plot = prices().plot();
    let file = folder.join("prices.svg");
    assert_eq!(plot.save(&file), Ok(()));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), plot.to_svg());
    let file = folder.join("prices.txt");
    assert_eq!(plot.save(&file), Ok(()));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{plot}\n"));
    let png = plot.save(folder.join("prices.png"));
    if cfg!(feature = "plot") {
        assert_eq!(png, Ok(()));
        let bytes = std::fs::read(folder.join("prices.png")).unwrap();
        let width = u32::from_be_bytes([bytes[16], bytes[17], bytes[18], bytes[19]]);
        let svg = plot.to_svg();
        let document = parsed(&svg);
        assert_eq!(document.root_element().attribute("width"), Some(&*(width / 2).to_string()));
    } else {
        let error = png.unwrap_err().to_string();
        assert!(error.contains("needs the feature `plot`"), "{error}");
    }
    let error = plot.save("prices.pdf").unwrap_err().to_string();
    let message =
        "the plot of `prices` cannot be saved: `prices.pdf` does not end in `.svg`, `.png` or `.txt`";
    assert_eq!(error, message);
    let error = plot.save(folder.join("none/prices.svg")).unwrap_err().to_string();
    assert!(
        error.starts_with("the plot of `prices` cannot be saved: `")
            && error.contains("could not be written")
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(feature = "plot")]
#[test]
fn letters_that_the_font_lacks() {
    assert!(prices().plot().title("Größe ≥ α → β").to_png().is_ok());
    let error = prices().plot().title("価格").to_png().unwrap_err().to_string();
    let message = "the plot of `prices` cannot be drawn: the font of PNG pictures, DejaVu Sans, lacks the letter `価`; use SVG";
    assert_eq!(error, message);
}

#[test]
fn a_terminal_shows_bars() {
    let text = prices().plot().mark_range("Pear"..="Plum", "two").to_terminal();
    let wanted = [
        "prices",
        "fruit: Fruit",
        "Apple │            ████████████████████████▍ 2",
        "Pear  ▌████████████ −1",
        "Plum  ▌            ████████████████████████████████████████████████▊ 4",
        "▌ two: Pear to Plum",
    ];
    assert_eq!(text, wanted.join("\n"));
    let text = product().plot().x("n").to_terminal();
    let wanted = [
        "product",
        "n: N · fruit: Fruit",
        "0       │",
        "  Apple │             0",
        "  Pear  │             0",
        "  Plum  │             0",
        "1       │",
        "  Apple │            ███████▉ 2",
        "  Pear  │        ████ −1",
        "  Plum  │            ███████████████▊ 4",
        "2       │",
        "  Apple │            ███████████████▊ 4",
        "  Pear  │    ████████ −2",
        "  Plum  │            ███████████████████████████████▌ 8",
        "3       │",
        "  Apple │            ███████████████████████▋ 6",
        "  Pear  │████████████ −3",
        "  Plum  │            ███████████████████████████████████████████████ 12",
    ];
    assert_eq!(text, wanted.join("\n"));
}

#[test]
fn a_terminal_shows_lines() {
    let wanted = [
        "uneven",
        "2.0 ┤                                                           ●●●",
        "    │                                                      ●●●●●",
        "    │                                                  ●●●●",
        "1.5 ┤                                             ●●●●●",
        "    │                                        ●●●●●",
        "    │                                    ●●●●",
        "    │                               ●●●●●",
        "1.0 ┤                          ●●●●●",
        "    │                      ●●●●",
        "    │                 ●●●●●",
        "0.5 ┤            ●●●●●",
        "    │        ●●●●",
        "    │   ●●●●●",
        "0.0 ┤●●●",
        "    └──────────────────────────────────────────────────────────────",
        "     0.0        0.2         0.4          0.6         0.8         1.0",
        "                                                               x: UNEVEN",
    ];
    assert_eq!(uneven().plot().to_terminal(), wanted.join("\n"));
}

#[test]
fn a_terminal_shows_heatmaps() {
    let wanted = [
        "product",
        "fruit: Fruit ↓ · n: N →",
        "Apple │░░░░▒▒▓▓│",
        "Pear  │░░      │",
        "Plum  │░░▒▒▓▓██│",
        "       0      3",
        "−3 ░ ▒ ▓ █ 12  product",
    ];
    assert_eq!(product().plot().heatmap().to_terminal(), wanted.join("\n"));
}

#[test]
fn a_terminal_shows_points() {
    let wanted = [
        "prices against prices",
        "r = 0.901, MSE = 0.854",
        "prices (data)",
        " 4 ┤                                              ·■",
        "   │                                          ····",
        "   │                                      ····",
        "   │                                   ···",
        " 2 ┤                               ····",
        "   │                            ···",
        "   │                        ····",
        "   │                    ····       ●",
        "   │        ○        ···",
        " 0 ┤             ····",
        "   │          ···",
        "   │      ····",
        "   │  ····",
        "−2 ┤··",
        "   └────────────────────────────────────────────────",
        "    −2              0              2               4",
        "                                        prices (model)",
        "fruit: Fruit",
        "  ● Apple",
        "  ○ Pear",
        "  ■ Plum",
    ];
    assert_eq!(scatter(prices(), prices().map(|x| x * x / 4.0)).to_terminal(), wanted.join("\n"));
}
