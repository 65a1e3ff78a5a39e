//! A writer of Alloy's configuration syntax, in the form that `alloy fmt` gives: tabs, and the values of
//! neighbouring attributes aligned.

use std::fmt::Write;

/// A block: a name, perhaps a label, and a body.
pub(super) struct Block {
    name: &'static str,
    label: Option<&'static str>,
    body: Vec<Item>,
}

/// A line or a block within a body.
enum Item {
    Attribute(&'static str, Expression),
    Block(Block),
}

/// The value of an attribute.
pub(super) enum Expression {
    /// A string.
    Text(String),
    /// Strings in brackets.
    Texts(Vec<String>),
    /// A reference or a call, as written.
    Raw(&'static str),
    /// References in brackets, as written.
    RawList(&'static str),
    /// A map from names to strings, one a line. It is set apart from its neighbours.
    Map(Vec<(&'static str, String)>),
}

/// A string.
pub(super) fn text(text: impl Into<String>) -> Expression {
    Expression::Text(text.into())
}

/// A list of strings.
pub(super) fn texts(texts: &[&str]) -> Expression {
    Expression::Texts(texts.iter().map(|text| (*text).to_owned()).collect())
}

impl Block {
    /// A block without a label.
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, label: None, body: Vec::new() }
    }

    /// A block with a label.
    pub(super) fn labelled(name: &'static str, label: &'static str) -> Self {
        Self { label: Some(label), ..Self::new(name) }
    }

    /// Adds an attribute.
    pub(super) fn set(mut self, name: &'static str, value: Expression) -> Self {
        self.body.push(Item::Attribute(name, value));
        self
    }

    /// Adds a block.
    pub(super) fn nest(mut self, block: Block) -> Self {
        self.body.push(Item::Block(block));
        self
    }

    /// Adds blocks.
    pub(super) fn nest_all(self, blocks: impl IntoIterator<Item = Block>) -> Self {
        blocks.into_iter().fold(self, Self::nest)
    }

    fn write(&self, out: &mut String, depth: usize) {
        indent(out, depth);
        out.push_str(self.name);
        if let Some(label) = self.label {
            out.push(' ');
            quote(out, label);
        }
        if self.body.is_empty() {
            out.push_str(" { }\n");
            return;
        }
        out.push_str(" {\n");
        for (index, item) in self.body.iter().enumerate() {
            let previous = index.checked_sub(1).and_then(|previous| self.body.get(previous));
            if previous.is_some_and(|previous| !(previous.is_line() && item.is_line())) {
                out.push('\n');
            }
            match item {
                Item::Attribute(name, value) => {
                    indent(out, depth + 1);
                    let width = if item.is_line() { self.width_around(index) } else { name.len() };
                    let _ = write!(out, "{name:width$} = ");
                    value.write(out, depth + 1);
                    out.push('\n');
                }
                Item::Block(block) => block.write(out, depth + 1),
            }
        }
        indent(out, depth);
        out.push_str("}\n");
    }

    /// The longest name among the attributes that stand together with the one at `index`.
    fn width_around(&self, index: usize) -> usize {
        let (before, after) = self.body.split_at(index);
        let names = before.iter().rev().map_while(Item::line_name);
        names.chain(after.iter().map_while(Item::line_name)).map(str::len).max().unwrap_or_default()
    }
}

impl Item {
    fn line_name(&self) -> Option<&'static str> {
        match self {
            Self::Attribute(_, Expression::Map(_)) | Self::Block(_) => None,
            Self::Attribute(name, _) => Some(name),
        }
    }

    fn is_line(&self) -> bool {
        self.line_name().is_some()
    }
}

impl Expression {
    fn write(&self, out: &mut String, depth: usize) {
        match self {
            Self::Text(text) => quote(out, text),
            Self::Texts(texts) => {
                out.push('[');
                for (index, text) in texts.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    quote(out, text);
                }
                out.push(']');
            }
            Self::Raw(raw) => out.push_str(raw),
            Self::RawList(raw) => {
                let _ = write!(out, "[{raw}]");
            }
            Self::Map(entries) => {
                out.push_str("{\n");
                let width = entries.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
                for (name, value) in entries {
                    indent(out, depth + 1);
                    let _ = write!(out, "{name:width$} = ");
                    quote(out, value);
                    out.push_str(",\n");
                }
                indent(out, depth);
                out.push('}');
            }
        }
    }
}

/// The blocks, each with a comment above it where there is one, separated by blank lines.
pub(super) fn document(blocks: &[(Option<&str>, Block)]) -> String {
    let mut out = String::new();
    for (index, (comment, block)) in blocks.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        for line in comment.iter().flat_map(|comment| comment.lines()) {
            let _ = writeln!(out, "// {line}");
        }
        block.write(&mut out, 0);
    }
    out
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n('\t', depth));
}

/// A string literal, with the escapes that Alloy shares with Go. `$` stands for itself.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other if other.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(other));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(block: Block) -> String {
        document(&[(None, block)])
    }

    #[test]
    fn an_empty_block_stays_on_its_line() {
        assert_eq!(written(Block::new("stage.cri")), "stage.cri { }\n");
    }

    #[test]
    fn neighbouring_attributes_are_aligned() {
        let block = Block::labelled("loki.source.file", "pods")
            .set("targets", Expression::Raw("a.b.targets"))
            .set("forward_to", Expression::RawList("c.d.receiver"));
        assert_eq!(
            written(block),
            "loki.source.file \"pods\" {\n\ttargets    = a.b.targets\n\tforward_to = [c.d.receiver]\n}\n"
        );
    }

    #[test]
    fn blocks_and_maps_stand_apart() {
        let block = Block::new("outer")
            .set("a", text("x"))
            .nest(Block::new("inner"))
            .set("longer", texts(&["y", "z"]))
            .set("labels", Expression::Map(vec![("one", "1".into()), ("three", "3".into())]));
        assert_eq!(
            written(block),
            "outer {\n\ta = \"x\"\n\n\tinner { }\n\n\tlonger = [\"y\", \"z\"]\n\n\tlabels = {\n\t\tone   = \"1\",\n\t\tthree = \"3\",\n\t}\n}\n"
        );
    }

    #[test]
    fn texts_are_escaped() {
        let block = Block::new("b").set("a", text("q\" b\\d $1 \n\t\u{1} é {{"));
        assert_eq!(written(block), "b {\n\ta = \"q\\\" b\\\\d $1 \\n\\t\\u0001 é {{\"\n}\n");
    }

    #[test]
    fn comments_stand_above_their_block() {
        let text = document(&[(None, Block::new("a")), (Some("Why.\nBecause."), Block::new("b"))]);
        assert_eq!(text, "a { }\n\n// Why.\n// Because.\nb { }\n");
    }
}
