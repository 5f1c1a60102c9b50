//! One mistake a file: `tests/ui/one/CODE.rs` is a model with the mistake of that
//! name, `tests/ui/mended/CODE.rs` the same without it. Where the message says
//! what to write in the place of a word, that is done here and must give the mended
//! file. `docs/errors.md`, the index of errors, is made of all this.
//!
//! `ERRORS_UPDATE=1` writes what is made of the files anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use memo_compiler::diagnostics::Diagnostic;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Compares a file with what it is to be, or writes it.
fn hold(path: &Path, wanted: &str) {
    // But for the blanks, which rustfmt may have set otherwise.
    let same = |text: &str| text.split_whitespace().eq(wanted.split_whitespace());
    if std::env::var_os("ERRORS_UPDATE").is_some()
        && !std::fs::read_to_string(path).is_ok_and(|text| same(&text))
    {
        std::fs::write(path, wanted).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    assert!(same(&read(path)), "{} is out of date: run with ERRORS_UPDATE=1", path.display());
}

/// The files with one mistake each, by their codes.
fn mistakes() -> Vec<(String, PathBuf)> {
    let folder = folder("tests/ui/one");
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<(String, PathBuf)> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .filter_map(|path| Some((path.file_stem()?.to_str()?.to_string(), path)))
        .collect();
    files.sort();
    files
}

/// What is wrong with the models of a file.
fn diagnose(text: &str) -> Vec<Diagnostic> {
    let file: proc_macro2::TokenStream = text.parse().unwrap_or_else(|error| panic!("{error}: {text}"));
    let mut found = Vec::new();
    let items = syn::parse2::<syn::File>(file).unwrap_or_else(|error| panic!("{error}: {text}")).items;
    for item in items {
        let mut item = item;
        let attributes = match &mut item {
            syn::Item::Fn(function) => &mut function.attrs,
            syn::Item::Struct(other) => &mut other.attrs,
            _ => continue,
        };
        let Some(at) = attributes.iter().position(|a| a.path().is_ident("memo")) else { continue };
        let options = match attributes.remove(at).meta {
            syn::Meta::List(list) => list.tokens,
            _ => proc_macro2::TokenStream::new(),
        };
        let errors = memo_compiler::diagnose(options, quote::ToTokens::to_token_stream(&item));
        found.extend(errors.found().iter().cloned());
    }
    found
}

#[test]
fn one_mistake_a_file() {
    let mut others = Vec::new();
    for (code, path) in mistakes() {
        let text = read(&path);
        let found = diagnose(&text);
        let codes: Vec<&str> = found.iter().map(|d| d.code.as_str()).collect();
        if codes != [code.as_str()] || found[0].help.is_none() {
            others.push(format!("{code}: {found:?}"));
            continue;
        }
        let mended = folder("tests/ui/mended").join(format!("{code}.rs"));
        if let Some(replacement) = &found[0].replacement {
            let range = found[0].span.byte_range();
            let text = format!("{}{replacement}{}", &text[..range.start], &text[range.end..]);
            let model = text.split_once("\n\n").map_or(text.as_str(), |(_, model)| model);
            let model = model.replace("\nfn main() {}\n", "");
            hold(&mended, &model);
        }
        let rest = diagnose(&read(&mended));
        if !rest.is_empty() {
            others.push(format!("{code}, mended: {rest:?}"));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

/// Every message of the compiler has its file, and every file its message.
#[test]
fn every_mistake_has_a_file() {
    let mut codes = BTreeSet::new();
    for file in [
        "diagnostics/explain.rs",
        "diagnostics/gradient.rs",
        "diagnostics/meaning.rs",
        "diagnostics/syntax.rs",
        "syntax/expressions.rs",
        "syntax/operators.rs",
        "syntax/questions.rs",
    ] {
        let text = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file));
        for call in ["self.error(", "wrong(", "mended("] {
            for part in text.split(call).skip(1) {
                let first = part.trim_start();
                if let Some(code) = first.strip_prefix('"').and_then(|rest| rest.split('"').next()) {
                    codes.insert(code.to_string());
                }
            }
        }
    }
    // Errors of rustc's own parser on a part that is Rust, and a number that fits
    // into no integer.
    codes.retain(|code| !["rust_syntax", "field_number"].contains(&code.as_str()));
    let files: BTreeSet<String> = mistakes().into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, files);
    assert!(files.len() >= 80);
}

/// The index of errors shows each mistake, what the compiler says and the model
/// without it.
#[test]
fn the_index_is_made_of_the_files() {
    let mut index = String::from(
        "# Errors\n\nWhat the compiler says of a wrong model, by the name that stands at the end of each\nmessage. The models are those of `tests/ui`, where they are compiled; this page is\nmade of them by `ERRORS_UPDATE=1 cargo test -p memo-lang-compiler --test mistakes`.\n",
    );
    let model = |path: &Path| {
        let text = read(path);
        let lines = text.lines().filter(|line| !line.starts_with("//!") && !line.starts_with("use memo::"));
        let text: Vec<&str> = lines.filter(|line| *line != "fn main() {}").collect();
        text.join("\n").trim().to_string()
    };
    for (code, path) in mistakes() {
        let text = read(&path);
        let why: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
        let said = read(&path.with_extension("stderr"));
        let said: Vec<&str> = said.lines().filter(|line| !line.contains("more: docs/errors.md")).collect();
        let mended = folder("tests/ui/mended").join(format!("{code}.rs"));
        let (wrong, right) = (model(&path), model(&mended));
        let _ = write!(
            index,
            "\n## {code}\n\n{}\n\n```rust\n{wrong}\n```\n\n```text\n{}\n```\n\nMended:\n\n```rust\n{right}\n```\n",
            why.join("\n"),
            said.join("\n").replace("tests/ui/one/", "").trim(),
        );
    }
    hold(&folder("docs/errors.md"), &index);
}

/// The mended models are compiled by rustc in one test of the facade.
#[test]
fn all_mended_models_are_compiled() {
    let mut modules = String::from(
        "//! The models of `tests/ui/mended` compile. Written by\n//! `ERRORS_UPDATE=1 cargo test -p memo-lang-compiler --test mistakes`.\n\n#![allow(dead_code, deprecated, missing_docs, reason = \"each is there to be compiled\")]\n\n",
    );
    for (code, _) in mistakes() {
        let _ = writeln!(modules, "#[path = \"ui/mended/{code}.rs\"]\nmod {code};");
    }
    hold(&folder("tests/mended.rs"), &modules);
}
