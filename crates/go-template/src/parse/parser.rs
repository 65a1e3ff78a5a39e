//! From items to nodes: `parse.go` of Go's `text/template/parse`.

use std::collections::HashMap;
use std::fmt;

use super::ast::{Branch, BranchAt, Call, CallAt, Node, Position, Run, Span, Tree, position};
use super::item::{Item, Keyword, Kind};
use super::lex::Lexer;
use super::quoted;
use super::{Definition, ParseError};
use crate::function::FunctionTable;

/// Actions and parentheses within each other.
const DEEPEST: usize = 200;

/// Parses the text of a file: the tree, and the templates that it defines, itself the last.
pub(super) fn parse(name: &str, input: &str, functions: &FunctionTable) -> Parsed<(Tree, Vec<Definition>)> {
    let mut parser = Parser {
        name,
        input,
        lexer: Lexer::new(input),
        ahead: Vec::with_capacity(3),
        latest: 0,
        functions,
        scope: Scope::default(),
        action: None,
        depth: 0,
        tree: Tree::with_room_for(input),
        nodes: Vec::new(),
        commands: Vec::new(),
        operands: Vec::new(),
        definitions: Vec::new(),
        known: HashMap::new(),
    };
    let body = parser.file()?;
    parser.add(name.to_owned(), body)?;
    Ok((parser.tree, parser.definitions))
}

pub(super) struct Parser<'a> {
    pub(super) name: &'a str,
    pub(super) input: &'a str,
    pub(super) lexer: Lexer<'a>,
    /// Items that were read and put back; the last comes next.
    ahead: Vec<Item>,
    /// Where the item begins that was read last: messages name its line.
    pub(super) latest: Position,
    pub(super) functions: &'a FunctionTable,
    pub(super) scope: Scope<'a>,
    /// Where the current action began.
    pub(super) action: Option<Position>,
    depth: usize,
    pub(super) tree: Tree,
    /// Parts of lists that have not ended, each behind those of the list around it. A list moves to its table when
    /// it ends: there its parts stand next to each other.
    nodes: Vec<Node>,
    pub(super) commands: Vec<super::ast::Command>,
    pub(super) operands: Vec<super::ast::Operand>,
    definitions: Vec<Definition>,
    /// Where in `definitions` a name stands.
    known: HashMap<String, usize>,
}

/// What a definition does not share with the text around it.
pub(super) struct Scope<'a> {
    pub(super) variables: Vec<&'a str>,
    ranges: usize,
}

impl Default for Scope<'_> {
    fn default() -> Self {
        Scope { variables: vec!["$"], ranges: 0 }
    }
}

/// What ends a list of nodes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    End,
    Else,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == End::End { "{{end}}" } else { "{{else}}" })
    }
}

/// A node, or the end of the list that it would be in.
enum Step {
    Node(Node),
    End(End),
}

/// A failure is boxed: it is passed through every level.
pub(super) type Parsed<T> = Result<T, Box<ParseError>>;

/// Moves what stands behind a mark to the end of a table.
pub(super) fn close<T>(open: &mut Vec<T>, mark: usize, table: &mut Vec<T>) -> Run {
    let start = position(table.len());
    if open.len() == mark + 1 {
        // As nearly always.
        table.extend(open.pop());
    } else {
        table.extend(open.drain(mark..));
    }
    Run { start, end: position(table.len()) }
}

/// Adds to a table, and tells where.
pub(super) fn put<T>(table: &mut Vec<T>, part: T) -> u32 {
    table.push(part);
    position(table.len() - 1)
}

impl<'a> Parser<'a> {
    pub(super) fn text(&self, span: Span) -> &'a str {
        self.input.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    pub(super) fn next(&mut self) -> Item {
        if let Some(item) = self.ahead.pop() {
            return item;
        }
        let item = self.lexer.next();
        self.latest = item.at;
        item
    }

    pub(super) fn back(&mut self, item: Item) {
        self.ahead.push(item);
    }

    pub(super) fn next_non_space(&mut self) -> Item {
        loop {
            let item = self.next();
            if item.kind != Kind::Space {
                return item;
            }
        }
    }

    pub(super) fn peek_non_space(&mut self) -> Item {
        let item = self.next_non_space();
        self.back(item);
        item
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Parsed<()> {
        let item = self.next_non_space();
        if item.kind == kind { Ok(()) } else { self.unexpected(item, context) }
    }

    /// Goes one level deeper, for the length of `inner`.
    pub(super) fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEEPEST {
            return self.fail("max expression depth exceeded");
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn file(&mut self) -> Parsed<Run> {
        loop {
            let item = self.next();
            let step = match item.kind {
                Kind::Eof => return Ok(close(&mut self.nodes, 0, &mut self.tree.nodes)),
                Kind::LeftDelim => {
                    let first = self.next_non_space();
                    if first.kind == Kind::Keyword(Keyword::Define) {
                        self.definition()?;
                        continue;
                    }
                    self.action(item, first)?
                }
                _ => self.text_node(item)?,
            };
            match step {
                Step::Node(node) => self.nodes.push(node),
                Step::End(end) => return self.fail(format!("unexpected {end}")),
            }
        }
    }

    fn definition(&mut self) -> Parsed<()> {
        const CONTEXT: &str = "define clause";
        let item = self.next_non_space();
        let name = self.template_name(item, CONTEXT)?;
        self.expect(Kind::RightDelim, CONTEXT)?;
        self.defined(name, CONTEXT)
    }

    /// The body of `define` or `block`, which sees no variable around it.
    fn defined(&mut self, name: String, context: &str) -> Parsed<()> {
        let outer = std::mem::take(&mut self.scope);
        let (body, end) = self.deeper(Self::list)?;
        self.scope = outer;
        if end != End::End {
            return self.fail(format!("unexpected {end} in {context}"));
        }
        self.add(name, body)
    }

    /// Of two definitions of one name, one has to be blank; the other stays.
    fn add(&mut self, name: String, body: Run) -> Parsed<()> {
        let is_blank = self.is_blank(body);
        let definition = Definition { name: name.as_str().into(), body, is_blank };
        match self.known.get(&name).copied() {
            None => {
                self.known.insert(name, self.definitions.len());
                self.definitions.push(definition);
            }
            Some(index) if self.definitions[index].is_blank => self.definitions[index] = definition,
            Some(_) if is_blank => {}
            Some(_) => {
                let name = go_fmt::quote(&name);
                return self.fail(format!("template: multiple definition of template {name}"));
            }
        }
        Ok(())
    }

    /// Whether there is nothing but white space: `IsEmptyTree`.
    fn is_blank(&self, nodes: Run) -> bool {
        self.tree.nodes(nodes).iter().all(|node| match node {
            Node::Text(text) => self.text(*text).trim().is_empty(),
            _ => false,
        })
    }

    fn list(&mut self) -> Parsed<(Run, End)> {
        let mark = self.nodes.len();
        loop {
            let item = self.next_non_space();
            let step = match item.kind {
                Kind::Eof => return self.fail("unexpected EOF"),
                Kind::LeftDelim => {
                    let first = self.next_non_space();
                    self.action(item, first)?
                }
                _ => self.text_node(item)?,
            };
            match step {
                Step::Node(node) => self.nodes.push(node),
                Step::End(end) => return Ok((close(&mut self.nodes, mark, &mut self.tree.nodes), end)),
            }
        }
    }

    fn text_node(&self, item: Item) -> Parsed<Step> {
        match item.kind {
            Kind::Text => Ok(Step::Node(Node::Text(item.span()))),
            _ => self.unexpected(item, "input"),
        }
    }

    /// An action, whose delimiter and first item have been read.
    fn action(&mut self, delimiter: Item, first: Item) -> Parsed<Step> {
        self.action = Some(delimiter.at);
        let step = self.action_parts(first)?;
        self.action = None;
        Ok(step)
    }

    fn action_parts(&mut self, item: Item) -> Parsed<Step> {
        let Kind::Keyword(keyword) = item.kind else {
            return Ok(Step::Node(self.action_node(item)?));
        };
        let node = match keyword {
            Keyword::End => {
                self.expect(Kind::RightDelim, "end")?;
                return Ok(Step::End(End::End));
            }
            Keyword::Else => {
                // `else if` and `else with` are the business of the branch.
                let after = self.peek_non_space();
                if !matches!(after.kind, Kind::Keyword(Keyword::If | Keyword::With)) {
                    self.expect(Kind::RightDelim, "else")?;
                }
                return Ok(Step::End(End::Else));
            }
            Keyword::If => Node::If(self.branch("if")?),
            Keyword::With => Node::With(self.branch("with")?),
            Keyword::Range => Node::Range(self.branch("range")?),
            Keyword::Template => self.call()?,
            Keyword::Block => self.block()?,
            Keyword::Break => {
                self.loop_control("break")?;
                Node::Break
            }
            Keyword::Continue => {
                self.loop_control("continue")?;
                Node::Continue
            }
            Keyword::Define => {
                return self.unexpected(item, "command");
            }
        };
        Ok(Step::Node(node))
    }

    fn loop_control(&mut self, keyword: &str) -> Parsed<()> {
        let item = self.next_non_space();
        if item.kind != Kind::RightDelim {
            return self.unexpected(item, &format!("{{{{{keyword}}}}}"));
        }
        if self.scope.ranges == 0 {
            return self.fail(format!("{{{{{keyword}}}}} outside {{{{range}}}}"));
        }
        Ok(())
    }

    fn branch(&mut self, keyword: &str) -> Parsed<BranchAt> {
        let visible = self.scope.variables.len();
        let branch = self.deeper(|parser| parser.branch_parts(keyword))?;
        self.scope.variables.truncate(visible);
        Ok(BranchAt(put(&mut self.tree.branches, branch)))
    }

    fn branch_parts(&mut self, keyword: &str) -> Parsed<Branch> {
        let first = self.next_non_space();
        let pipeline = self.pipeline(first, keyword, Kind::RightDelim)?;
        let is_range = usize::from(keyword == "range");
        self.scope.ranges += is_range;
        let (body, end) = self.list()?;
        self.scope.ranges -= is_range;
        let otherwise = if end == End::Else { Some(self.otherwise(keyword)?) } else { None };
        Ok(Branch { pipeline, body, otherwise })
    }

    fn otherwise(&mut self, keyword: &str) -> Parsed<Run> {
        let next = self.next();
        let nested = match (keyword, next.kind) {
            ("if", Kind::Keyword(Keyword::If)) => Some(Node::If as fn(BranchAt) -> Node),
            ("with", Kind::Keyword(Keyword::With)) => Some(Node::With as fn(BranchAt) -> Node),
            _ => None,
        };
        if let Some(node) = nested {
            let node = node(self.branch(keyword)?);
            let start = put(&mut self.tree.nodes, node);
            return Ok(Run { start, end: start + 1 });
        }
        self.back(next);
        let (nodes, end) = self.list()?;
        if end != End::End {
            return self.fail(format!("expected end; found {end}"));
        }
        Ok(nodes)
    }

    fn call(&mut self) -> Parsed<Node> {
        const CONTEXT: &str = "template clause";
        let item = self.next_non_space();
        let name = self.template_name(item, CONTEXT)?;
        let after = self.next_non_space();
        let pipeline = match after.kind {
            Kind::RightDelim => None,
            _ => Some(self.pipeline(after, CONTEXT, Kind::RightDelim)?),
        };
        Ok(self.call_node(Call { at: item.at, name: name.into(), pipeline }))
    }

    fn block(&mut self) -> Parsed<Node> {
        const CONTEXT: &str = "block clause";
        let item = self.next_non_space();
        let name = self.template_name(item, CONTEXT)?;
        let first = self.next_non_space();
        let pipeline = self.pipeline(first, CONTEXT, Kind::RightDelim)?;
        self.defined(name.clone(), CONTEXT)?;
        Ok(self.call_node(Call { at: item.at, name: name.into(), pipeline: Some(pipeline) }))
    }

    fn call_node(&mut self, call: Call) -> Node {
        Node::Template(CallAt(put(&mut self.tree.calls, call)))
    }

    fn template_name(&self, item: Item, context: &str) -> Parsed<String> {
        if !matches!(item.kind, Kind::String | Kind::RawString) {
            return self.unexpected(item, context);
        }
        let name = quoted::unquote(self.text(item.span()));
        match name.and_then(|name| String::from_utf8(name).ok()) {
            Some(name) => Ok(name),
            None => self.fail("invalid syntax"),
        }
    }
}
