//! A page to send around: a model's minds as a picture, its table, and a plot.
//!
//! `cargo run --release --example page [file]` writes it into `target/page.html` or the
//! file. It suits light and dark screens.

#![allow(dead_code)]

#[path = "models/lewis_game.rs"]
mod lewis_game;

use std::path::PathBuf;

use lewis_game::{Utterance, listener};

/// What the page looks like, beside what memo's own parts bring.
const STYLE: &str = "\
body { font-family: system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table.memo { border-collapse: collapse }
table.memo th, table.memo td { padding: .2rem .8rem; text-align: left; border-bottom: 1px solid #8886 }
svg { max-width: 100%; height: auto }";

fn main() -> std::io::Result<()> {
    let file = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("target/page.html"), PathBuf::from);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let table = listener(1.74, 1);
    let (minds, numbers) = (listener::diagram().to_svg(), table.select("u", Utterance::Green).to_html());
    let plot = table.plot().title("What a listener takes each utterance to mean").to_svg();
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>The Lewis game</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>The Lewis game</h1>\n\
         <h2>Who thinks what</h2>\n{minds}\n<h2>What “green” means</h2>\n{numbers}\n\
         <h2>All utterances</h2>\n{plot}\n</body>\n</html>\n"
    );
    std::fs::write(&file, page)?;
    println!("{}", file.display());
    Ok(())
}
