//! From items to trees: `parse.go` of Go's `text/template/parse`.

use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use super::ast::{Branch, Call, Chain, Command, Node, Nodes, Operand, Pipeline, Slice, Variable, position};
use super::lex::{Item, Keyword, Kind, Lexer};
use super::literal;
use super::names::Names;
use crate::text::Text;

/// Actions and parentheses within each other.
const DEEPEST: usize = 200;

/// Variables that are visible at once; each use looks for its own among them.
const MOST_VARIABLES: usize = 10_000;

/// A template of a file: the file itself, or one that it defines.
#[derive(Clone, Debug)]
pub struct Tree {
    /// Its name.
    pub name: Rc<str>,
    /// What it executes.
    pub body: Nodes,
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The name under which the text was parsed.
    pub name: String,
    /// The line, from 1.
    pub line: usize,
    /// The cause, in Go's words.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template: {}:{}: {}", self.name, self.line, self.message)
    }
}

impl std::error::Error for ParseError {}

/// Parses a text: the trees that it defines, in the order in which they end, then the text's own under
/// `name`. `is_function` says which functions there are.
///
/// # Errors
///
/// The first thing that is wrong, as in Go.
pub fn parse(name: &str, text: &Text, is_function: &dyn Fn(&str) -> bool) -> Result<Vec<Tree>, ParseError> {
    let input = std::str::from_utf8(text.as_bytes()).map_err(|error| ParseError {
        name: name.to_owned(),
        line: 1,
        message: format!("the text is not UTF-8: {error}"),
    })?;
    let mut parser = Parser {
        name,
        text,
        lexer: Lexer::new(input),
        names: Names::default(),
        ahead: Vec::with_capacity(3),
        latest: 1,
        is_function,
        scope: Scope::default(),
        action_line: 0,
        depth: 0,
        trees: Vec::new(),
        tree_by_name: HashMap::new(),
    };
    let body = parser.file()?;
    parser.add(Tree { name: name.into(), body })?;
    Ok(parser.trees)
}

struct Parser<'a> {
    name: &'a str,
    text: &'a Text,
    lexer: Lexer<'a>,
    names: Names<'a>,
    /// Items that were read and put back; the last comes next.
    ahead: Vec<Item<'a>>,
    /// Line of the item that was read last, which messages name.
    latest: usize,
    is_function: &'a dyn Fn(&str) -> bool,
    scope: Scope<'a>,
    /// Line on which the current action began; 0 outside of actions.
    action_line: usize,
    depth: usize,
    trees: Vec<Tree>,
    /// Where in `trees` a name stands.
    tree_by_name: HashMap<Rc<str>, usize>,
}

/// What a definition does not share with the text around it.
struct Scope<'a> {
    variables: Vec<&'a str>,
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

/// What stands in front of the commands of a pipeline.
#[derive(Default)]
struct Head {
    is_assignment: bool,
    variables: Vec<Variable>,
}

/// A node, or the end of the list that it would be in.
enum Step {
    Node(Node),
    /// Text that was trimmed away.
    Nothing,
    End(End),
}

type Parsed<T> = Result<T, ParseError>;

impl<'a> Parser<'a> {
    fn fail<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err(ParseError { name: self.name.to_owned(), line: self.latest, message: message.into() })
    }

    fn unexpected<T>(&self, item: &Item<'_>, context: &str) -> Parsed<T> {
        if item.kind != Kind::Error {
            return self.fail(format!("unexpected {} in {context}", item.shown()));
        }
        let mut message = self.lexer.message().to_owned();
        if self.action_line != 0 && self.action_line != item.line {
            let word = if message.ends_with(" action") { "" } else { " in action" };
            message.push_str(&format!("{word} started at {}:{}", self.name, self.action_line));
        }
        self.fail(message)
    }

    fn next(&mut self) -> Item<'a> {
        if let Some(item) = self.ahead.pop() {
            return item;
        }
        let item = self.lexer.next();
        self.latest = item.line;
        item
    }

    fn back(&mut self, item: Item<'a>) {
        self.ahead.push(item);
    }

    fn peek(&mut self) -> Item<'a> {
        let item = self.next();
        self.back(item);
        item
    }

    fn next_non_space(&mut self) -> Item<'a> {
        loop {
            let item = self.next();
            if item.kind != Kind::Space {
                return item;
            }
        }
    }

    fn peek_non_space(&mut self) -> Item<'a> {
        let item = self.next_non_space();
        self.back(item);
        item
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Parsed<Item<'a>> {
        let item = self.next_non_space();
        if item.kind == kind { Ok(item) } else { self.unexpected(&item, context) }
    }

    /// Goes one level deeper, for the length of `inner`.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEEPEST {
            return self.fail("max expression depth exceeded");
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn file(&mut self) -> Parsed<Nodes> {
        let mut body = Nodes::default();
        loop {
            let item = self.next();
            match item.kind {
                Kind::Eof => return Ok(body),
                Kind::LeftDelim => {
                    let after = self.next_non_space();
                    if after.kind == Kind::Keyword(Keyword::Define) {
                        self.definition()?;
                        continue;
                    }
                    self.back(after);
                    self.back(item);
                }
                _ => self.back(item),
            }
            match self.text_or_action()? {
                Step::Node(node) => body.0.push(node),
                Step::Nothing => {}
                Step::End(end) => return self.fail(format!("unexpected {end}")),
            }
        }
    }

    fn definition(&mut self) -> Parsed<()> {
        const CONTEXT: &str = "define clause";
        let item = self.next_non_space();
        let name = self.template_name(&item, CONTEXT)?;
        self.expect(Kind::RightDelim, CONTEXT)?;
        self.tree(name, CONTEXT)
    }

    /// The body of `define` or `block`, which sees no variable around it.
    fn tree(&mut self, name: Rc<str>, context: &str) -> Parsed<()> {
        let outer = std::mem::take(&mut self.scope);
        let (body, end) = self.deeper(Self::list)?;
        self.scope = outer;
        if end != End::End {
            return self.fail(format!("unexpected {end} in {context}"));
        }
        self.add(Tree { name, body })
    }

    /// Of two trees with one name, one has to be blank; the other stays.
    fn add(&mut self, tree: Tree) -> Parsed<()> {
        match self.tree_by_name.get(&tree.name).copied() {
            None => {
                self.tree_by_name.insert(Rc::clone(&tree.name), self.trees.len());
                self.trees.push(tree);
            }
            Some(index) if self.trees[index].body.is_blank() => self.trees[index] = tree,
            Some(_) if tree.body.is_blank() => {}
            Some(_) => {
                let name = go_fmt::quote(&tree.name);
                return self.fail(format!("template: multiple definition of template {name}"));
            }
        }
        Ok(())
    }

    fn list(&mut self) -> Parsed<(Nodes, End)> {
        let mut nodes = Nodes::default();
        while self.peek_non_space().kind != Kind::Eof {
            match self.text_or_action()? {
                Step::Node(node) => nodes.0.push(node),
                Step::Nothing => {}
                Step::End(end) => return Ok((nodes, end)),
            }
        }
        self.fail("unexpected EOF")
    }

    fn text_or_action(&mut self) -> Parsed<Step> {
        let item = self.next_non_space();
        match item.kind {
            Kind::Text if item.text.is_empty() => Ok(Step::Nothing),
            Kind::Text => {
                let slice = Slice::new(self.text, item.at..item.at + item.text.len());
                Ok(Step::Node(Node::Text(slice)))
            }
            Kind::LeftDelim => {
                self.action_line = item.line;
                let step = self.action();
                self.action_line = 0;
                step
            }
            _ => self.unexpected(&item, "input"),
        }
    }

    fn action(&mut self) -> Parsed<Step> {
        let item = self.next_non_space();
        let Kind::Keyword(keyword) = item.kind else {
            self.back(item);
            return Ok(Step::Node(Node::Action(self.pipeline("command", Kind::RightDelim)?)));
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
            Keyword::If => Node::If(Box::new(self.branch("if")?)),
            Keyword::With => Node::With(Box::new(self.branch("with")?)),
            Keyword::Range => Node::Range(Box::new(self.branch("range")?)),
            Keyword::Template => self.call()?,
            Keyword::Block => self.block()?,
            Keyword::Break => {
                self.loop_control("break")?;
                Node::Break(position(item.at))
            }
            Keyword::Continue => {
                self.loop_control("continue")?;
                Node::Continue(position(item.at))
            }
            Keyword::Define => {
                return self.unexpected(&item, "command");
            }
        };
        Ok(Step::Node(node))
    }

    fn loop_control(&mut self, keyword: &str) -> Parsed<()> {
        let item = self.next_non_space();
        if item.kind != Kind::RightDelim {
            return self.unexpected(&item, &format!("{{{{{keyword}}}}}"));
        }
        if self.scope.ranges == 0 {
            return self.fail(format!("{{{{{keyword}}}}} outside {{{{range}}}}"));
        }
        Ok(())
    }

    fn branch(&mut self, keyword: &str) -> Parsed<Branch> {
        let visible = self.scope.variables.len();
        let branch = self.deeper(|parser| parser.branch_parts(keyword));
        self.scope.variables.truncate(visible);
        branch
    }

    fn branch_parts(&mut self, keyword: &str) -> Parsed<Branch> {
        let pipeline = self.pipeline(keyword, Kind::RightDelim)?;
        let is_range = usize::from(keyword == "range");
        self.scope.ranges += is_range;
        let (body, end) = self.list()?;
        self.scope.ranges -= is_range;
        let otherwise = if end == End::Else { Some(self.otherwise(keyword)?) } else { None };
        Ok(Branch { pipeline, body, otherwise })
    }

    fn otherwise(&mut self, keyword: &str) -> Parsed<Nodes> {
        let next = self.peek();
        let nested = match (keyword, next.kind) {
            ("if", Kind::Keyword(Keyword::If)) => Some(Node::If as fn(Box<Branch>) -> Node),
            ("with", Kind::Keyword(Keyword::With)) => Some(Node::With as fn(Box<Branch>) -> Node),
            _ => None,
        };
        if let Some(node) = nested {
            self.next();
            return Ok(Nodes(vec![node(Box::new(self.branch(keyword)?))]));
        }
        let (nodes, end) = self.list()?;
        if end != End::End {
            return self.fail(format!("expected end; found {end}"));
        }
        Ok(nodes)
    }

    fn call(&mut self) -> Parsed<Node> {
        const CONTEXT: &str = "template clause";
        let item = self.next_non_space();
        let name = self.template_name(&item, CONTEXT)?;
        let after = self.next_non_space();
        let pipeline = if after.kind == Kind::RightDelim {
            None
        } else {
            self.back(after);
            Some(self.pipeline(CONTEXT, Kind::RightDelim)?)
        };
        Ok(Node::Template(Box::new(Call { at: position(item.at), name, pipeline })))
    }

    fn block(&mut self) -> Parsed<Node> {
        const CONTEXT: &str = "block clause";
        let item = self.next_non_space();
        let name = self.template_name(&item, CONTEXT)?;
        let pipeline = self.pipeline(CONTEXT, Kind::RightDelim)?;
        self.tree(Rc::clone(&name), CONTEXT)?;
        Ok(Node::Template(Box::new(Call { at: position(item.at), name, pipeline: Some(pipeline) })))
    }

    fn template_name(&self, item: &Item<'_>, context: &str) -> Parsed<Rc<str>> {
        if !matches!(item.kind, Kind::String | Kind::RawString) {
            return self.unexpected(item, context);
        }
        let name = literal::unquote(item.text).ok_or(());
        match name.and_then(|name| String::from_utf8(name).map_err(|_| ())) {
            Ok(name) => Ok(name.into()),
            Err(()) => self.fail("invalid syntax"),
        }
    }

    fn pipeline(&mut self, context: &str, end: Kind) -> Parsed<Pipeline> {
        self.deeper(|parser| {
            let first = parser.peek_non_space();
            let mut head = Head::default();
            parser.declarations(&mut head, context)?;
            let mut commands = Vec::with_capacity(1);
            loop {
                let item = parser.next_non_space();
                if item.kind == end {
                    break;
                }
                if !begins_operand(item.kind) {
                    return parser.unexpected(&item, context);
                }
                parser.back(item);
                commands.push(parser.command()?);
            }
            let pipeline = Pipeline {
                at: position(first.at),
                line: position(first.line),
                is_assignment: head.is_assignment,
                variables: head.variables.into_boxed_slice(),
                commands: commands.into_boxed_slice(),
            };
            parser.check_pipeline(&pipeline, context)?;
            Ok(pipeline)
        })
    }

    /// `$x :=`, `$x =` or, in a range, `$k, $v :=`.
    fn declarations(&mut self, pipeline: &mut Head, context: &str) -> Parsed<()> {
        loop {
            let variable = self.peek_non_space();
            if variable.kind != Kind::Variable {
                return Ok(());
            }
            self.next_non_space();
            let after = self.next();
            let next = if after.kind == Kind::Space { self.next_non_space() } else { after };
            match next.kind {
                Kind::Assign | Kind::Declare => {
                    pipeline.is_assignment = next.kind == Kind::Assign;
                    self.declare(pipeline, &variable)?;
                    return Ok(());
                }
                Kind::Char if next.text == "," => {
                    self.declare(pipeline, &variable)?;
                    if context != "range" || pipeline.variables.len() > 1 {
                        return self.fail(format!("too many declarations in {context}"));
                    }
                    match self.peek_non_space().kind {
                        Kind::Variable | Kind::RightDelim | Kind::RightParen => {}
                        _ => return self.fail("range can only initialize variables"),
                    }
                }
                _ => {
                    // A space tells `$x .y` from `$x.y`.
                    self.back(next);
                    if after.kind == Kind::Space {
                        self.back(after);
                    }
                    self.back(variable);
                    return Ok(());
                }
            }
        }
    }

    fn declare(&mut self, pipeline: &mut Head, variable: &Item<'a>) -> Parsed<()> {
        if self.scope.variables.len() >= MOST_VARIABLES {
            return self.fail(format!("more than {MOST_VARIABLES} variables"));
        }
        self.scope.variables.push(variable.text);
        let name = self.names.name(variable.text);
        pipeline.variables.push(Variable {
            at: position(variable.at),
            name,
            fields: Rc::clone(&self.names.no_fields),
        });
        Ok(())
    }

    fn check_pipeline(&self, pipeline: &Pipeline, context: &str) -> Parsed<()> {
        if pipeline.commands.is_empty() {
            return self.fail(format!("missing value for {context}"));
        }
        for (index, command) in pipeline.commands.iter().enumerate().skip(1) {
            let is_value = matches!(
                command.operands.first(),
                Some(
                    Operand::Bool(..)
                        | Operand::Dot(_)
                        | Operand::Nil(_)
                        | Operand::Number(..)
                        | Operand::String(..)
                )
            );
            if is_value {
                return self.fail(format!("non executable command in pipeline stage {}", index + 1));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Parsed<Command> {
        let at = self.peek_non_space().at;
        let mut operands = Vec::with_capacity(1);
        loop {
            self.peek_non_space();
            if let Some(operand) = self.operand()? {
                operands.push(operand);
            }
            let item = self.next();
            match item.kind {
                Kind::Space => continue,
                Kind::RightDelim | Kind::RightParen => self.back(item),
                Kind::Pipe => {}
                _ => return self.unexpected(&item, "operand"),
            }
            break;
        }
        if operands.is_empty() {
            return self.fail("empty command");
        }
        Ok(Command { at: position(at), operands: operands.into_boxed_slice() })
    }

    /// A term with the fields behind it.
    fn operand(&mut self) -> Parsed<Option<Operand>> {
        let Some(term) = self.term()? else { return Ok(None) };
        let first = self.peek();
        if first.kind != Kind::Field {
            return Ok(Some(term));
        }
        let mut end = first.at;
        while self.peek().kind == Kind::Field {
            end += self.next().text.len();
        }
        // Nothing stands between fields of one chain.
        let chain = self.lexer.between(first.at, end);
        Ok(Some(match term {
            Operand::Field(at, _) => {
                let all = self.lexer.between(at as usize, end);
                Operand::Field(position(first.at), self.names.fields(all))
            }
            Operand::Variable(variable) => {
                let fields = self.names.fields(chain);
                Operand::Variable(Box::new(Variable { at: position(first.at), name: variable.name, fields }))
            }
            Operand::Bool(..)
            | Operand::String(..)
            | Operand::Number(..)
            | Operand::Nil(_)
            | Operand::Dot(_) => {
                let term = go_fmt::quote(&term.to_string());
                return self.fail(format!("unexpected . after term {term}"));
            }
            operand => {
                let fields = self.names.fields(chain);
                Operand::Chain(position(first.at), Box::new(Chain { operand, fields }))
            }
        }))
    }

    fn term(&mut self) -> Parsed<Option<Operand>> {
        let item = self.next_non_space();
        let at = position(item.at);
        Ok(Some(match item.kind {
            Kind::Identifier => {
                if !(self.is_function)(item.text) {
                    return self.fail(format!("function {} not defined", go_fmt::quote(item.text)));
                }
                Operand::Function(at, self.names.name(item.text))
            }
            Kind::Dot => Operand::Dot(at),
            Kind::Nil => Operand::Nil(at),
            Kind::Variable => {
                if !self.scope.variables.iter().rev().any(|name| *name == item.text) {
                    return self.fail(format!("undefined variable {}", go_fmt::quote(item.text)));
                }
                let name = self.names.name(item.text);
                Operand::Variable(Box::new(Variable { at, name, fields: Rc::clone(&self.names.no_fields) }))
            }
            // The fields that follow directly belong to it.
            Kind::Field => Operand::Field(at, self.names.fields(item.text)),
            Kind::Bool => Operand::Bool(at, item.text == "true"),
            Kind::CharConstant => {
                let number = literal::character(item.text).or_else(|message| self.fail(message))?;
                Operand::Number(at, Rc::new(number))
            }
            Kind::Number | Kind::Complex => match self.names.number(item.text) {
                Ok(number) => Operand::Number(at, number),
                Err(message) => return self.fail(message),
            },
            Kind::LeftParen => {
                Operand::Pipeline(Box::new(self.pipeline("parenthesized pipeline", Kind::RightParen)?))
            }
            Kind::String | Kind::RawString => {
                match self
                    .names
                    .quoted(item.text, || Slice::new(self.text, item.at..item.at + item.text.len()))
                {
                    Some(quoted) => Operand::String(at, quoted),
                    None => return self.fail("invalid syntax"),
                }
            }
            _ => {
                self.back(item);
                return Ok(None);
            }
        }))
    }
}

fn begins_operand(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Bool
            | Kind::CharConstant
            | Kind::Complex
            | Kind::Dot
            | Kind::Field
            | Kind::Identifier
            | Kind::Number
            | Kind::Nil
            | Kind::RawString
            | Kind::String
            | Kind::Variable
            | Kind::LeftParen
    )
}
