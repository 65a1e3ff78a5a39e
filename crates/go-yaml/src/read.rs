//! Builds nodes from libyaml's events.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use libyaml_safer::{Event, EventData, MappingStyle, Parser, ScalarStyle, SequenceStyle};

use crate::expand::{Body, Pair, Raw, can_merge, expand, target};
use crate::go_words;
use crate::limits::{Limits, Mode};
use crate::node::{Key, Node, Position, Scalar, Span, Value};
use crate::problem::{Problem, ProblemKind};
use crate::resolve;
use crate::source::{Source, decode};

/// How deep nodes may be nested whatever the caller allows: they are expanded and dropped by recursion.
const DEEPEST: usize = 256;

/// Aliases may repeat text up to this many times `max_bytes`.
const MAX_TEXT_GROWTH: usize = 8;

/// How often reading starts again because a comma was taken for one behind a tag.
const MAX_RETRIES: usize = 16;

/// Reads every document of a stream.
///
/// A text without documents gives an empty list; a document without content gives a null.
///
/// # Errors
///
/// All problems in the order of the text. A problem of syntax or of size ends
/// the reading; the others, such as keys set twice, do not.
pub fn read(source: &[u8], limits: &Limits) -> Result<Vec<Node>, Vec<Problem>> {
    read_with(source, limits, Mode::Strict)
}

/// Reads the first document of a stream as `Unmarshal` does: what follows it
/// is not looked at, and of equal keys in a mapping the last counts.
///
/// # Errors
///
/// As [`read`], but for equal keys.
pub fn read_first(source: &[u8], limits: &Limits) -> Result<Option<Node>, Vec<Problem>> {
    read_with(source, limits, Mode::First).map(|documents| documents.into_iter().next())
}

/// Reads every document of a stream; of equal keys in a mapping, the last counts.
///
/// # Errors
///
/// As [`read`], but for equal keys.
pub fn read_last_of_equal_keys(source: &[u8], limits: &Limits) -> Result<Vec<Node>, Vec<Problem>> {
    read_with(source, limits, Mode::Lenient)
}

fn read_with(source: &[u8], limits: &Limits, mode: Mode) -> Result<Vec<Node>, Vec<Problem>> {
    if source.len() > limits.max_bytes {
        let start = Position { line: 1, column: 1, offset: 0 };
        let message = format!("the text has {} bytes, more than {}", source.len(), limits.max_bytes);
        return Err(vec![Problem::at(start, ProblemKind::TooLarge, message)]);
    }
    let text = decode(source).map_err(|problem| vec![problem])?;
    let mut kept = Vec::new();
    loop {
        let source = Source::new(text, &kept).map_err(|problem| vec![problem])?;
        let mut composer = Composer::new(&source, limits, mode);
        match composer.run() {
            Err(Stop::Comma(offset, _)) if kept.len() < MAX_RETRIES => kept.push(offset),
            Err(Stop::Comma(_, problem) | Stop::Problem(problem)) => {
                composer.problems.push(problem);
                return composer.finish();
            }
            Ok(()) => return composer.finish(),
        }
    }
}

/// Why reading ended early.
enum Stop {
    Problem(Problem),
    /// The comma at this offset was taken for one behind a tag, which may be all there is to the problem.
    Comma(usize, Problem),
}

/// A collection being read.
struct Open {
    index: usize,
    children: Vec<usize>,
    flow: bool,
    anchored_end: Position,
}

struct Composer<'source> {
    source: &'source Source<'source>,
    limits: Limits,
    mode: Mode,
    raws: Vec<Raw>,
    anchors: HashMap<String, usize>,
    stack: Vec<Open>,
    root: Option<usize>,
    nodes: usize,
    bytes: usize,
    /// The offset up to which replaced commas cannot have done harm.
    settled: usize,
    documents: Vec<Node>,
    problems: Vec<Problem>,
}

impl<'source> Composer<'source> {
    fn new(source: &'source Source<'source>, limits: &Limits, mode: Mode) -> Self {
        Self {
            source,
            mode,
            limits: Limits { max_depth: limits.max_depth.min(DEEPEST), ..*limits },
            raws: Vec::new(),
            anchors: HashMap::new(),
            stack: Vec::new(),
            root: None,
            nodes: 0,
            bytes: 0,
            settled: 0,
            documents: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn finish(mut self) -> Result<Vec<Node>, Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(self.documents);
        }
        self.problems.sort_by_key(|problem| problem.span.start);
        Err(self.problems)
    }

    fn run(&mut self) -> Result<(), Stop> {
        let mut parser = Parser::<&[u8]>::new();
        parser.set_encoding(libyaml_safer::Encoding::Utf8);
        parser.set_input(self.source.fed.as_bytes());
        loop {
            let event = parser.parse().map_err(|error| self.syntax(&error))?;
            if matches!(event.data, EventData::StreamEnd) {
                return Ok(());
            }
            let is_end = matches!(event.data, EventData::DocumentEnd { .. });
            self.event(event)?;
            if is_end && self.mode == Mode::First {
                return Ok(());
            }
        }
    }

    fn event(&mut self, event: Event) -> Result<(), Stop> {
        let span =
            Span { start: self.source.position(event.start_mark), end: self.source.position(event.end_mark) };
        match event.data {
            EventData::StreamStart { .. } | EventData::StreamEnd => {}
            EventData::DocumentStart { version_directive, .. } => {
                // libyaml has since learned of YAML 1.2; Go has not.
                if version_directive.is_some_and(|version| (version.major, version.minor) != (1, 1)) {
                    let message = "found incompatible YAML document";
                    return Err(Stop::Problem(Problem::at(span.start, ProblemKind::Syntax, message)));
                }
                self.raws.clear();
                self.anchors.clear();
                self.root = None;
            }
            EventData::DocumentEnd { .. } => {
                if let Some(root) = self.root.filter(|_| self.problems.is_empty()) {
                    self.documents.push(expand(&self.raws, root));
                }
            }
            EventData::Alias { anchor } => self.alias(span, &anchor)?,
            EventData::Scalar { anchor, tag, mut value, plain_implicit, style, .. } => {
                let (start, end) = (self.source.offset(event.start_mark), self.source.offset(event.end_mark));
                if style == ScalarStyle::Plain && self.in_flow() && self.source.is_replaced_in(&value) {
                    let message = "found a comma directly after a word that begins with '!'";
                    let problem = Problem::new(span, ProblemKind::Syntax, message);
                    return Err(self.source.suspect(start, end).map_or_else(
                        || Stop::Problem(problem.clone()),
                        |comma| Stop::Comma(comma, problem.clone()),
                    ));
                }
                self.settled = end;
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                if block && self.source.is_behind(event.end_mark) && value.ends_with('\n') {
                    value.pop();
                }
                if style == ScalarStyle::DoubleQuoted {
                    self.check_escapes(span)?;
                }
                let value = self.source.restore(value);
                self.scalar(span, anchor, tag.as_deref(), plain_implicit, style, value)?;
            }
            EventData::SequenceStart { anchor, style, .. } => {
                self.open(span, anchor, style == SequenceStyle::Flow)?;
            }
            EventData::MappingStart { anchor, style, .. } => {
                self.open(span, anchor, style == MappingStyle::Flow)?;
            }
            EventData::SequenceEnd => self.close(span, ']', Body::Sequence),
            EventData::MappingEnd => {
                let Some(open) = self.stack.last_mut() else { return Ok(()) };
                let children = std::mem::take(&mut open.children);
                let pairs = self.pairs(&children);
                if let Some(open) = self.stack.last_mut() {
                    open.children = children;
                }
                self.close(span, '}', |_| Body::Mapping(pairs));
            }
        }
        Ok(())
    }

    fn in_flow(&self) -> bool {
        self.stack.last().is_some_and(|open| open.flow)
    }

    fn alias(&mut self, span: Span, anchor: &str) -> Result<(), Stop> {
        let problem = match self.anchors.get(anchor) {
            None => Problem::new(span, ProblemKind::UnknownAnchor, format!("unknown anchor {anchor:?}"))
                .in_go(format!("unknown anchor '{anchor}' referenced")),
            Some(&index) if matches!(self.raws[index].body, Body::Open) => {
                let message = format!("anchor {anchor:?} contains itself");
                Problem::new(span, ProblemKind::RecursiveAlias, message)
                    .in_go(format!("anchor '{anchor}' value contains itself"))
            }
            Some(&index) => {
                let Raw { nodes, bytes, height, .. } = self.raws[index];
                if self.stack.len() + height > self.limits.max_depth {
                    return Err(self.too_deep(span));
                }
                return self.place(Raw { span, body: Body::Alias(index), nodes, bytes, height }).map(|_| ());
            }
        };
        self.problems.push(problem);
        let body = Body::Scalar(Scalar { text: String::new(), plain: true, value: Value::Null });
        self.place(Raw { span, body, nodes: 1, bytes: 0, height: 0 }).map(|_| ())
    }

    fn scalar(
        &mut self,
        span: Span,
        anchor: Option<String>,
        tag: Option<&str>,
        implicit: bool,
        style: ScalarStyle,
        text: String,
    ) -> Result<(), Stop> {
        let merge = text == "<<" && (implicit || tag == Some("tag:yaml.org,2002:merge"));
        let (text, value) = match resolve::scalar(tag, implicit, &text) {
            Ok(resolved) => resolved,
            Err(message) => {
                let words = go_words::wrong_tag(tag.unwrap_or_default(), &text, resolve::resolve(&text));
                self.problems.push(Problem::new(span, ProblemKind::InvalidTag, message).in_go(words));
                (String::new(), Value::Null)
            }
        };
        let bytes = text.len();
        let scalar = Scalar { text, plain: style == ScalarStyle::Plain, value };
        let body = if merge { Body::Merge(scalar) } else { Body::Scalar(scalar) };
        let index = self.place(Raw { span, body, nodes: 1, bytes, height: 0 })?;
        self.anchors.extend(anchor.map(|anchor| (anchor, index)));
        Ok(())
    }

    fn open(&mut self, span: Span, anchor: Option<String>, flow: bool) -> Result<(), Stop> {
        if self.stack.len() >= self.limits.max_depth {
            return Err(self.too_deep(span));
        }
        let index = self.place(Raw { span, body: Body::Open, nodes: 1, bytes: 0, height: 1 })?;
        self.anchors.extend(anchor.map(|anchor| (anchor, index)));
        self.stack.push(Open { index, children: Vec::new(), flow, anchored_end: span.end });
        Ok(())
    }

    fn close(&mut self, span: Span, bracket: char, body: impl FnOnce(Vec<usize>) -> Body) {
        let Some(open) = self.stack.pop() else { return };
        let last = open.children.last().map(|&child| self.raws[child].span.end);
        let (mut nodes, mut bytes, mut height) = (1usize, 0usize, 0);
        for &child in &open.children {
            nodes = nodes.saturating_add(self.raws[child].nodes);
            bytes = bytes.saturating_add(self.raws[child].bytes);
            height = height.max(self.raws[child].height);
        }
        let raw = &mut self.raws[open.index];
        // The end of a block collection, and of a pair in a flow sequence, has
        // no token of its own: its mark is that of whatever comes next.
        let bracketed = open.flow && self.source.slice(raw.span.start, span.end).ends_with(bracket);
        raw.span.end = if bracketed { span.end } else { last.unwrap_or(open.anchored_end) };
        raw.nodes = nodes;
        raw.bytes = bytes;
        raw.height = height + 1;
        raw.body = body(open.children);
    }

    /// Adds a node to the collection being read, or as the document.
    fn place(&mut self, raw: Raw) -> Result<usize, Stop> {
        self.nodes = self.nodes.saturating_add(raw.nodes);
        self.bytes = self.bytes.saturating_add(raw.bytes);
        if self.nodes > self.limits.max_nodes {
            let message = format!("more than {} values, aliases expanded", self.limits.max_nodes);
            return Err(Stop::Problem(Problem::new(raw.span, ProblemKind::TooManyNodes, message)));
        }
        let most = self.limits.max_bytes.saturating_mul(MAX_TEXT_GROWTH);
        if self.bytes > most {
            let message = format!("more than {most} bytes of text, aliases expanded");
            return Err(Stop::Problem(Problem::new(raw.span, ProblemKind::TooLarge, message)));
        }
        let index = self.raws.len();
        self.raws.push(raw);
        match self.stack.last_mut() {
            Some(open) => open.children.push(index),
            None => self.root = Some(index),
        }
        Ok(index)
    }

    /// Pairs keys with values, reporting keys that cannot be or are set twice.
    fn pairs(&mut self, children: &[usize]) -> Vec<Pair> {
        let mut known = HashMap::new();
        let mut pairs: Vec<Pair> = Vec::with_capacity(children.len() / 2);
        for pair in children.chunks_exact(2) {
            let (index, value) = (pair[0], pair[1]);
            let span = self.raws[index].span;
            if matches!(self.raws[index].body, Body::Merge(_)) {
                if can_merge(&self.raws, value) {
                    pairs.push(Pair { key: None, value });
                } else {
                    let message = "the value of << must be a mapping or a sequence of mappings";
                    let place = self.raws[value].span;
                    let words = "map merge requires map or sequence of maps as the value";
                    self.problems.push(Problem::new(place, ProblemKind::InvalidMerge, message).in_go(words));
                }
                continue;
            }
            let (Body::Scalar(scalar) | Body::Merge(scalar)) = &target(&self.raws, index).body else {
                let message = "a sequence or a mapping cannot be a key";
                let words = format!("invalid map key: {}", expand(&self.raws, index).in_go_syntax());
                self.problems.push(Problem::new(span, ProblemKind::InvalidKey, message).in_go(words));
                continue;
            };
            let name = resolve::key_name(scalar);
            let key = Key { name, text: scalar.text.clone(), span, value: scalar.value };
            match known.entry(key.name.clone()) {
                Slot::Vacant(slot) => {
                    slot.insert((pairs.len(), span.start.line));
                    pairs.push(Pair { key: Some(key), value });
                }
                Slot::Occupied(slot) if self.mode != Mode::Strict => {
                    pairs[slot.get().0] = Pair { key: Some(key), value };
                }
                Slot::Occupied(slot) => {
                    let message = format!("key {:?} is already set at line {}", key.name, slot.get().1);
                    self.problems.push(Problem::new(span, ProblemKind::DuplicateKey, message));
                }
            }
        }
        pairs
    }

    fn too_deep(&self, span: Span) -> Stop {
        let message = format!("collections are nested deeper than {}", self.limits.max_depth);
        Stop::Problem(Problem::new(span, ProblemKind::TooDeep, message))
    }

    /// Go refuses the escape `\/`, which libyaml reads.
    fn check_escapes(&self, span: Span) -> Result<(), Stop> {
        let mut chars = self.source.slice(span.start, span.end).char_indices();
        while let Some((offset, char)) = chars.next() {
            if char == '\\' && chars.next().is_some_and(|(_, escaped)| escaped == '/') {
                let place = self.source.locate(span.start.offset + offset);
                let message = "found unknown escape character, while parsing a quoted scalar";
                let words = go_words::unknown_escape(place.line);
                return Err(Stop::Problem(Problem::at(place, ProblemKind::Syntax, message).in_go(words)));
            }
        }
        Ok(())
    }

    fn syntax(&self, error: &libyaml_safer::Error) -> Stop {
        let mark = error.problem_mark().unwrap_or_default();
        let place = self.source.position(mark);
        let (problem, context) = (error.problem(), error.context());
        let about_char = problem.contains("tab character") || problem.contains("cannot start any token");
        let message = match context {
            _ if about_char && self.source.is_tab(place) => self.source.tab_message(place).to_owned(),
            Some(context) => format!("{problem}, {context}"),
            None => problem.to_owned(),
        };
        let words = go_words::syntax(error, self.source.is_behind(mark));
        let stop = Problem::at(place, ProblemKind::Syntax, message).in_go(words);
        let behind_tag = context == Some("while scanning a tag")
            && problem == "did not find expected whitespace or line break";
        match self.source.suspect(self.settled, self.source.offset(mark)) {
            Some(comma) if !behind_tag => Stop::Comma(comma, stop),
            _ => Stop::Problem(stop),
        }
    }
}
