//! Writing: `emitterc.go` of go-yaml v2 and v3, for trees without anchors and comments.

mod number;
mod order;
mod scalar;
mod timestamp;

pub use self::order::{natural_order, natural_order_v3};
pub use self::scalar::is_printable;

use self::scalar::Analysis;

/// Spaces that a nested collection is moved to the right.
const INDENT: usize = 2;
/// Bytes of the longest key that stands on the line of its value (`check_simple_key`).
const LONGEST_SIMPLE_KEY: usize = 128;

/// Writes one document, node by node, as `yaml.Marshal` of go-yaml v2 does.
///
/// A node is a scalar or whatever stands between a `begin_` and its `end`. In
/// a mapping each node follows its [`key`](Writer::key). Keys are written in
/// the order in which they come; [`natural_order`] is Go's.
///
/// ```
/// let mut writer = go_yaml::Writer::new(Some(80));
/// writer.begin_mapping();
/// writer.key("on");
/// writer.begin_sequence();
/// writer.string("a: b");
/// writer.int(1);
/// writer.end();
/// writer.end();
/// assert_eq!(writer.finish(), "\"on\":\n- 'a: b'\n- 1\n");
/// ```
#[derive(Debug)]
pub struct Writer {
    text: String,
    version: Version,
    /// Strings are folded at the first space beyond this column.
    width: usize,
    /// Characters since the last line break.
    column: usize,
    indent: Option<usize>,
    /// The last character was a space, or separates like one.
    whitespace: bool,
    /// The line holds nothing but indentation, `-`, `?` and `:`.
    indention: bool,
    levels: Vec<Level>,
}

/// Whose rules are followed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Version {
    V2,
    V3,
}

#[derive(Debug)]
struct Level {
    is_mapping: bool,
    /// Nothing is written of it yet: it may turn out empty.
    is_empty: bool,
    /// A sequence that stays at the column of the key above it.
    is_indentless: bool,
    /// Of the collection around it.
    outer_indent: Option<usize>,
}

impl Writer {
    /// A writer that folds strings wider than `width` characters: 80 in Go, never for `None`.
    #[must_use]
    pub fn new(width: Option<usize>) -> Self {
        Self::appending_to(String::new(), width)
    }

    /// A writer that follows go-yaml v3 with an indentation of two: sequences below keys are moved to the
    /// right, nothing is folded, numbers are not those of JSON. The order of keys is
    /// [`natural_order_v3`].
    #[must_use]
    pub fn v3() -> Self {
        Writer { version: Version::V3, ..Self::new(None) }
    }

    /// The same as [`new`](Writer::new), behind a text that ends with a line break.
    #[must_use]
    pub fn appending_to(text: String, width: Option<usize>) -> Self {
        Writer {
            text,
            version: Version::V2,
            width: width.unwrap_or(usize::MAX),
            column: 0,
            indent: None,
            whitespace: true,
            indention: true,
            levels: Vec::new(),
        }
    }

    /// Bytes that are written so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether nothing is written so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text, ending with a line break.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.indent = None;
        self.write_indent();
        self.text
    }

    /// Begins a mapping: keys and nodes follow.
    pub fn begin_mapping(&mut self) {
        self.begin(true);
    }

    /// Begins a sequence: nodes follow.
    pub fn begin_sequence(&mut self) {
        self.begin(false);
    }

    /// Ends the innermost collection.
    pub fn end(&mut self) {
        let Some(level) = self.levels.pop() else { return };
        if level.is_empty {
            self.indicator(if level.is_mapping { "{}" } else { "[]" }, true, false);
        } else {
            self.indent = level.outer_indent;
        }
    }

    /// A key of the innermost mapping, in the style that Go chooses.
    ///
    /// Go writes the key `<<` bare, as a merge that it then refuses to read;
    /// [`double_quoted_key`](Writer::double_quoted_key) does not.
    pub fn key(&mut self, key: &str) {
        let analysis = Analysis::of(key);
        self.write_key(key, analysis.is_multiline(), |writer, is_simple| {
            writer.write_string(key, &analysis, is_simple);
        });
    }

    /// A key in double quotes, whatever it holds.
    pub fn double_quoted_key(&mut self, key: &str) {
        self.write_key(key, false, |writer, is_simple| writer.write_double_quoted(key, !is_simple));
    }

    fn write_key(&mut self, key: &str, is_multiline: bool, write: impl FnOnce(&mut Self, bool)) {
        self.open();
        self.write_indent();
        if key.len() <= LONGEST_SIMPLE_KEY && !is_multiline {
            write(self, true);
            self.indicator(":", false, false);
        } else {
            self.indicator("?", true, true);
            self.indented(|writer| write(writer, false));
            self.write_indent();
            self.indicator(":", true, true);
        }
    }

    /// `null`.
    pub fn null(&mut self) {
        self.plain("null");
    }

    /// `true` or `false`.
    pub fn bool(&mut self, value: bool) {
        self.plain(if value { "true" } else { "false" });
    }

    /// A signed integer.
    pub fn int(&mut self, value: i64) {
        self.plain(&value.to_string());
    }

    /// An unsigned integer.
    pub fn uint(&mut self, value: u64) {
        self.plain(&value.to_string());
    }

    /// A float as it looks after JSON: a whole number of 64 bits is an integer. In v3 it is Go's `%g`.
    pub fn float(&mut self, value: f64) {
        self.plain(&match self.version {
            Version::V2 => number::after_json(value),
            Version::V3 => number::shortest(value),
        });
    }

    /// A text that is written as it is, such as a time.
    pub fn verbatim(&mut self, text: &str) {
        self.plain(text);
    }

    /// Base 64 that stands for bytes, with a tag that says so.
    pub fn binary(&mut self, base64: &str) {
        self.node();
        self.indicator("!!binary", true, false);
        let analysis = Analysis::of(base64);
        self.indented(|writer| {
            if analysis.is_multiline() {
                writer.write_literal(base64);
            } else {
                writer.write_plain(base64, true);
            }
        });
    }

    /// A string, in the style that Go chooses.
    pub fn string(&mut self, value: &str) {
        self.node();
        let analysis = Analysis::of(value);
        self.indented(|writer| writer.write_string(value, &analysis, false));
    }

    /// A string in double quotes, whatever it holds.
    pub fn double_quoted(&mut self, value: &str) {
        self.node();
        self.indented(|writer| writer.write_double_quoted(value, true));
    }

    /// A string as a literal block. It has to be one that a reader takes back from there: without blanks
    /// at the ends of its lines and without characters that are not [printable](crate::is_printable).
    pub fn literal(&mut self, value: &str) {
        self.node();
        self.indented(|writer| writer.write_literal(value));
    }

    fn plain(&mut self, text: &str) {
        self.node();
        self.write_plain(text, false);
    }

    fn begin(&mut self, is_mapping: bool) {
        self.node();
        let below_key = self.levels.last().is_some_and(|level| level.is_mapping);
        self.levels.push(Level {
            is_mapping,
            is_empty: true,
            is_indentless: !is_mapping && below_key && !self.indention && self.version == Version::V2,
            outer_indent: self.indent,
        });
    }

    /// What stands before a node: the dash of a sequence's item.
    fn node(&mut self) {
        if self.levels.last().is_some_and(|level| !level.is_mapping) {
            self.open();
            self.write_indent();
            self.indicator("-", true, true);
        }
    }

    /// The innermost collection is not empty: from here on its own column counts.
    fn open(&mut self) {
        if let Some(level) = self.levels.last_mut()
            && level.is_empty
        {
            level.is_empty = false;
            self.indent = match self.indent {
                None => Some(0),
                indent if level.is_indentless => indent,
                Some(indent) => Some(indent + INDENT),
            };
        }
    }

    /// Writes a scalar, whose further lines stand one step to the right.
    fn indented(&mut self, write: impl FnOnce(&mut Self)) {
        let outer = self.indent;
        self.indent = Some(outer.map_or(INDENT, |indent| indent + INDENT));
        write(self);
        self.indent = outer;
    }

    /// Moves to the column of the collection, on a new line unless this one is still free there.
    fn write_indent(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.line_break();
        }
        while self.column < indent {
            self.text.push(' ');
            self.column += 1;
        }
        self.whitespace = true;
        self.indention = true;
    }

    fn indicator(&mut self, indicator: &str, needs_whitespace: bool, is_indention: bool) {
        if needs_whitespace {
            self.separate();
        }
        self.put(indicator);
        self.whitespace = false;
        self.indention &= is_indention;
    }

    /// A space, if the last character does not separate.
    fn separate(&mut self) {
        if !self.whitespace {
            self.text.push(' ');
            self.column += 1;
        }
    }

    fn put(&mut self, ascii: &str) {
        self.text.push_str(ascii);
        self.column += ascii.len();
    }

    fn line_break(&mut self) {
        self.text.push('\n');
        self.column = 0;
    }
}
