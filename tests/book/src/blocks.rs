//! The blocks of code of a page.

/// What is to be done with a block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// ` ```rust `: it is compiled and run, and what it prints is held against the
    /// ` ```text ` that follows.
    Runs,
    /// ` ```rust,compile_fail `: the messages of the compiler are held against the
    /// ` ```text ` that follows.
    Fails,
    /// Anything else.
    Other,
}

/// A block of code, with what is shown as its output.
#[derive(Clone, Debug)]
pub struct Block {
    /// The line of the first fence, from 1 on.
    pub line: usize,
    /// What is to be done with it.
    pub kind: Kind,
    /// The code, with the lines that the page hides.
    pub code: String,
    /// The lines of the output, between its fences: their numbers, from 0 on, and
    /// their text.
    pub output: Option<(std::ops::Range<usize>, String)>,
}

/// All blocks of a page, the outputs with the blocks that they belong to.
pub fn blocks(page: &str, text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found: Vec<Block> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some(info) = lines[at].strip_prefix("```") else {
            at += 1;
            continue;
        };
        let body = at + 1;
        let closed = lines[body..].iter().position(|line| *line == "```");
        let Some(end) = closed.map(|n| body + n) else {
            panic!("{page}, line {}: a block of code is not closed", at + 1)
        };
        let kind = match info {
            "rust" => Kind::Runs,
            "rust,compile_fail" => Kind::Fails,
            "text" | "python" | "r" | "sh" | "toml" | "json" | "bibtex" => Kind::Other,
            _ => panic!("{page}, line {}: nobody knows what to do with a block of `{info}`", at + 1),
        };
        let content = &lines[body..end];
        let before = found.iter_mut().rfind(|block| block.kind != Kind::Other);
        match (info, before) {
            ("text", Some(before)) if before.output.is_none() => {
                before.output = Some((body..end, content.join("\n")));
            }
            ("text", _) => panic!("{page}, line {}: no block of Rust has this output", at + 1),
            _ => {
                let code = content.iter().map(|line| shown(line)).collect::<Vec<_>>().join("\n");
                found.push(Block { line: at + 1, kind, code, output: None });
            }
        }
        at = end + 1;
    }
    found
}

/// A line of a block without the mark of those that the page hides.
fn shown(line: &str) -> &str {
    if line == "#" { "" } else { line.strip_prefix("# ").unwrap_or(line) }
}
