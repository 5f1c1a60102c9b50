//! A reader of JSON (RFC 8259) that knows where in the text each value stands.

use crate::table::import::{ReadError, wrong};

/// A value and where it starts, line and column from 1.
pub(super) struct Node {
    pub(super) line: usize,
    column: usize,
    pub(super) value: Value,
}

pub(super) enum Value {
    Null,
    Truth(bool),
    /// As it is written: integers keep all digits.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    /// An error at this value.
    pub(super) fn wrong(&self, message: impl Into<String>) -> ReadError {
        wrong(self.line, self.column, message)
    }

    /// What kind of value it is, for a message.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Truth(_) => "a truth value",
            Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "an object",
        }
    }

    /// The value under a key, if there is one.
    pub(super) fn find(&self, key: &str) -> Option<&Self> {
        let Value::Map(entries) = &self.value else { return None };
        entries.iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    /// The value under a key.
    pub(super) fn get(&self, key: &str) -> Result<&Self, ReadError> {
        match &self.value {
            Value::Map(_) => self.find(key).ok_or_else(|| self.wrong(format!("`{key}` is missing here"))),
            _ => Err(self.wrong(format!("an object is expected, not {}", self.kind()))),
        }
    }

    pub(super) fn text(&self) -> Result<&str, ReadError> {
        match &self.value {
            Value::Text(text) => Ok(text),
            _ => Err(self.wrong(format!("text is expected, not {}", self.kind()))),
        }
    }

    pub(super) fn truth(&self) -> Result<bool, ReadError> {
        match &self.value {
            Value::Truth(truth) => Ok(*truth),
            _ => Err(self.wrong(format!("`true` or `false` is expected, not {}", self.kind()))),
        }
    }

    pub(super) fn list(&self) -> Result<&[Self], ReadError> {
        match &self.value {
            Value::List(list) => Ok(list),
            _ => Err(self.wrong(format!("a list is expected, not {}", self.kind()))),
        }
    }
}

/// The value that a text is.
pub(super) fn parse(text: &str) -> Result<Node, ReadError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut parser = Parser { chars: text.chars().peekable(), line: 1, column: 1 };
    let node = parser.value(0)?;
    parser.space();
    match parser.chars.peek().copied() {
        None => Ok(node),
        Some(c) => Err(parser.wrong(format!("`{c}` stands behind the end of the value"))),
    }
}

/// Tables nest four deep; what nests without end is no table.
const DEEPEST: usize = 64;

struct Parser<'t> {
    chars: std::iter::Peekable<std::str::Chars<'t>>,
    line: usize,
    column: usize,
}

impl Parser<'_> {
    fn wrong(&self, message: impl Into<String>) -> ReadError {
        wrong(self.line, self.column, message)
    }

    fn next(&mut self) -> Option<char> {
        let c = self.chars.next()?;
        if c == '\n' {
            (self.line, self.column) = (self.line + 1, 1);
        } else {
            self.column += 1;
        }
        Some(c)
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.chars.peek() == Some(&wanted);
        if found {
            self.next();
        }
        found
    }

    fn space(&mut self) {
        while self.chars.peek().is_some_and(|c| matches!(c, ' ' | '\t' | '\n' | '\r')) {
            self.next();
        }
    }

    fn unexpected(&mut self, wanted: &str) -> ReadError {
        match self.chars.peek().copied() {
            None => self.wrong(format!("the file ends where {wanted} is expected")),
            Some(c) => self.wrong(format!("`{c}` stands where {wanted} is expected")),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, ReadError> {
        self.space();
        let (line, column) = (self.line, self.column);
        if depth > DEEPEST {
            return Err(self.wrong("the values are nested too deep for a table"));
        }
        let value = match self.chars.peek() {
            Some('{') => self.map(depth)?,
            Some('[') => self.list(depth)?,
            Some('"') => Value::Text(self.text()?),
            Some('-' | '0'..='9') => Value::Number(self.number()?),
            Some('a'..='z' | 'A'..='Z') => self.word()?,
            _ => return Err(self.unexpected("a value")),
        };
        Ok(Node { line, column, value })
    }

    fn map(&mut self, depth: usize) -> Result<Value, ReadError> {
        self.next();
        let mut entries: Vec<(String, Node)> = Vec::new();
        self.space();
        if self.take('}') {
            return Ok(Value::Map(entries));
        }
        loop {
            self.space();
            if self.chars.peek() != Some(&'"') {
                return Err(self.unexpected("a key in quotation marks"));
            }
            let (line, column) = (self.line, self.column);
            let key = self.text()?;
            if entries.iter().any(|(other, _)| *other == key) {
                return Err(wrong(line, column, format!("the key `{key}` comes twice")));
            }
            self.space();
            if !self.take(':') {
                return Err(self.unexpected("`:`"));
            }
            entries.push((key, self.value(depth + 1)?));
            self.space();
            if self.take('}') {
                return Ok(Value::Map(entries));
            }
            if !self.take(',') {
                return Err(self.unexpected("`,` or `}`"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, ReadError> {
        self.next();
        let mut items = Vec::new();
        self.space();
        if self.take(']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            if self.take(']') {
                return Ok(Value::List(items));
            }
            if !self.take(',') {
                return Err(self.unexpected("`,` or `]`"));
            }
        }
    }

    fn word(&mut self) -> Result<Value, ReadError> {
        let (line, column) = (self.line, self.column);
        let mut word = String::new();
        while self.chars.peek().is_some_and(char::is_ascii_alphanumeric) {
            word.extend(self.next());
        }
        match word.as_str() {
            "null" => Ok(Value::Null),
            "true" => Ok(Value::Truth(true)),
            "false" => Ok(Value::Truth(false)),
            // Python writes these, though JSON lacks them.
            "NaN" | "Infinity" => Ok(Value::Text(word)),
            _ => Err(wrong(
                line,
                column,
                format!("`{word}` is no value of JSON: text stands in quotation marks"),
            )),
        }
    }

    fn digits(&mut self, into: &mut String) -> Result<(), ReadError> {
        if !self.chars.peek().is_some_and(char::is_ascii_digit) {
            return Err(self.unexpected("a digit"));
        }
        while self.chars.peek().is_some_and(char::is_ascii_digit) {
            into.extend(self.next());
        }
        Ok(())
    }

    fn number(&mut self) -> Result<String, ReadError> {
        let (line, column) = (self.line, self.column);
        let mut text = String::new();
        if self.take('-') {
            text.push('-');
            if self.chars.peek() == Some(&'I') {
                return match self.word()? {
                    Value::Text(word) => Ok(text + &word),
                    _ => Err(wrong(line, column, "a minus stands before what is no number")),
                };
            }
        }
        self.digits(&mut text)?;
        let integer = text.trim_start_matches('-');
        if integer.len() > 1 && integer.starts_with('0') {
            return Err(wrong(line, column, format!("the number `{text}` starts with a 0 too many")));
        }
        if self.take('.') {
            text.push('.');
            self.digits(&mut text)?;
        }
        if matches!(self.chars.peek(), Some('e' | 'E')) {
            text.extend(self.next());
            if matches!(self.chars.peek(), Some('+' | '-')) {
                text.extend(self.next());
            }
            self.digits(&mut text)?;
        }
        Ok(text)
    }

    fn text(&mut self) -> Result<String, ReadError> {
        let (line, column) = (self.line, self.column);
        self.next();
        let mut text = String::new();
        loop {
            let here = (self.line, self.column);
            match self.next() {
                None => return Err(wrong(line, column, "a quotation mark is not closed")),
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escaped(here)?),
                Some(c) if c < ' ' => {
                    let code = u32::from(c);
                    return Err(wrong(
                        here.0,
                        here.1,
                        format!("a control character in text is to be written \\u{code:04x}"),
                    ));
                }
                Some(c) => text.push(c),
            }
        }
    }

    /// The character behind a backslash.
    fn escaped(&mut self, at: (usize, usize)) -> Result<char, ReadError> {
        let wrong = |message: &str| Err(wrong(at.0, at.1, message));
        Ok(match self.next() {
            Some('"') => '"',
            Some('\\') => '\\',
            Some('/') => '/',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let Some(first) = self.four() else { return wrong("four hexadecimal digits follow `\\u`") };
                // Beyond 16 bits a character is two of them (RFC 8259, section 7).
                if !(0xd800..0xdc00).contains(&first) {
                    let Some(c) = char::from_u32(first) else { return wrong("half a character stands here") };
                    return Ok(c);
                }
                let second = if self.take('\\') && self.take('u') { self.four() } else { None };
                match second.filter(|low| (0xdc00..0xe000).contains(low)) {
                    Some(low) => char::from_u32(0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00))
                        .unwrap_or(char::REPLACEMENT_CHARACTER),
                    None => return wrong("half a character stands here"),
                }
            }
            _ => return wrong("a backslash stands before what needs none"),
        })
    }

    fn four(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |code, _| Some(code * 16 + self.next()?.to_digit(16)?))
    }
}
