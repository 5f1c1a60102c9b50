//! Makes a test of every page of the book: its blocks of Rust as one file.
//!
//! A block with a `fn main` is a program, in a module of its own; the blocks
//! after it that have none go on where it ends, with what it has defined.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[path = "src/blocks.rs"]
mod blocks;

use blocks::{Block, Kind};

/// What `docs/errors.md` shows is compiled by the tests that make it.
const MADE_ELSEWHERE: [&str; 1] = ["errors.md"];

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("docs");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-changed={}", root.join("README.md").display());
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let wanted = |name: &String| name.ends_with(".md") && !MADE_ELSEWHERE.contains(&name.as_str());
    let mut pages: Vec<String> = names.filter(wanted).map(|name| format!("docs/{name}")).collect();
    pages.push("README.md".into());
    pages.sort();
    let mut tests = String::new();
    for page in pages {
        let path = root.join(&page);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{page}: {error}"));
        // The models of the examples are found from everywhere.
        let examples = root.canonicalize().unwrap_or(root.clone()).join("examples").display().to_string();
        let text = text.replace("[path = \"examples/", &format!("[path = \"{examples}/"));
        let blocks = blocks::blocks(&page, &text);
        if blocks.iter().any(|block| block.kind != Kind::Other) {
            test(&page, &blocks, &mut tests);
        }
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("pages.rs");
    std::fs::write(&out, tests).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}

/// The test of a page.
fn test(page: &str, blocks: &[Block], out: &mut String) {
    let name = page.trim_end_matches(".md").replace(['/', '-', '.'], "_").to_lowercase();
    let programs: Vec<&Block> = blocks.iter().filter(|block| block.kind == Kind::Runs).collect();
    let is_head = |block: &Block| block.code.contains("fn main()");
    let _ = writeln!(out, "mod {name} {{");
    for (at, block) in programs.iter().enumerate() {
        if is_head(block) {
            let _ = write!(
                out,
                "// {page}, line {line}\nmod line_{line} {{\n{code}\npub(super) mod after {{\n#[allow(unused_imports)]\nuse super::*;\npub(in super::super) fn run(page: &mut crate::page::Page) {{\ncrate::page::Outcome::hold(main());\npage.printed({line});\n",
                line = block.line,
                code = block.code,
            );
        } else {
            assert!(at > 0, "{page}, line {}: the first block of a page needs a `fn main()`", block.line);
            let _ = write!(
                out,
                "// {page}, line {0}\n{1}\npage.printed({0});\n",
                block.line,
                block.code.trim_end()
            );
        }
        if programs.get(at + 1).is_none_or(|next| is_head(next)) {
            out.push_str("}\n}\n}\n");
        }
    }
    let _ = writeln!(out, "#[test]\nfn holds() {{\nlet mut page = crate::page::Page::new({page:?});");
    for head in programs.iter().filter(|block| is_head(block)) {
        let _ = writeln!(out, "line_{}::after::run(&mut page);", head.line);
    }
    out.push_str("page.end();\n}\n}\n");
}
