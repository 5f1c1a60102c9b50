//! Colours that those with impaired colour vision can tell apart.

/// For bars, lines and points, on light and on dark: those of Okabe and Ito (2008)
/// without yellow, which is too pale for white, and with grey.
pub(super) const SERIES: [(&str, &str); 8] = [
    ("#0072b2", "#4a9fe0"),
    ("#e69f00", "#e69f00"),
    ("#009e73", "#2fb98f"),
    ("#cc79a7", "#d98fb8"),
    ("#d55e00", "#ee7a2b"),
    ("#56b4e9", "#a5d8f6"),
    ("#222222", "#f0f0f0"),
    ("#8a8a8a", "#8a8a8a"),
];

/// Viridis (Smith and van der Walt 2015), at every tenth.
const VIRIDIS: [[u8; 3]; 11] = [
    [0x44, 0x01, 0x54],
    [0x48, 0x24, 0x75],
    [0x41, 0x44, 0x87],
    [0x35, 0x5f, 0x8d],
    [0x2a, 0x78, 0x8e],
    [0x21, 0x91, 0x8c],
    [0x22, 0xa8, 0x84],
    [0x44, 0xbf, 0x70],
    [0x7a, 0xd1, 0x51],
    [0xbd, 0xdf, 0x26],
    [0xfd, 0xe7, 0x25],
];

/// The colour of a share from 0 to 1 of the range of a heatmap, and that of text on it.
pub(super) fn heat(share: f64) -> (String, &'static str) {
    let place = share.clamp(0.0, 1.0) * 10.0;
    let low = (place.floor() as usize).min(9);
    let part = place - low as f64;
    let mix = |i: usize| {
        let (a, b) = (f64::from(VIRIDIS[low][i]), f64::from(VIRIDIS[low + 1][i]));
        (a + part * (b - a)).round() as u8
    };
    let (r, g, b) = (mix(0), mix(1), mix(2));
    let text = if share < 0.55 { "#ffffff" } else { "#111111" };
    (format!("#{r:02x}{g:02x}{b:02x}"), text)
}

/// The rules for dark backgrounds; what holds for light ones stands at each shape, so
/// that programs without style sheets show it, too.
pub(super) fn dark_style() -> String {
    let mut rules = String::from(
        ".memo-plot .bg{fill:#1b1b1f}.memo-plot .ink{fill:#ececef}.memo-plot .muted{fill:#a9a9b2}\
         .memo-plot .grid{stroke:#37373d}.memo-plot .axis{stroke:#8c8c96}.memo-plot .note{stroke:#b9b9c2}\
         .memo-plot .range{fill:#f0e442;fill-opacity:.16}.memo-plot .gap{fill:#3a3a40}.memo-plot .point{stroke:#ececef;fill:#1b1b1f}",
    );
    for (at, (_, dark)) in SERIES.iter().enumerate() {
        rules += &format!(".memo-plot .f{at}{{fill:{dark}}}.memo-plot .s{at}{{stroke:{dark}}}");
    }
    format!("@media(prefers-color-scheme:dark){{{rules}}}")
}
