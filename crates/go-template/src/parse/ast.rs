//! The tree of a parsed template, and its text as messages quote it: `node.go`.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::rc::Rc;

use crate::text::Text;

/// Where a node stands: a byte of its file.
pub type Position = u32;

/// A place in a file, none of which has 4 GiB.
pub(crate) fn position(at: usize) -> Position {
    Position::try_from(at).unwrap_or(Position::MAX)
}

/// Nodes that are executed one after the other.
#[derive(Clone, Debug, Default)]
pub struct Nodes(pub Vec<Node>);

/// A part of a template.
#[derive(Clone, Debug)]
pub enum Node {
    /// Text that is copied.
    Text(Slice),
    /// `{{pipeline}}`
    Action(Pipeline),
    /// `{{if pipeline}}..{{else}}..{{end}}`
    If(Box<Branch>),
    /// `{{with pipeline}}..{{else}}..{{end}}`
    With(Box<Branch>),
    /// `{{range pipeline}}..{{else}}..{{end}}`
    Range(Box<Branch>),
    /// `{{template "name" pipeline}}`
    Template(Box<Call>),
    /// `{{break}}`
    Break(Position),
    /// `{{continue}}`
    Continue(Position),
}

/// A stretch of a file, which shares the file's text.
#[derive(Clone)]
pub struct Slice {
    file: Text,
    // Large charts have a hundred thousand of these.
    start: Position,
    end: Position,
}

impl Slice {
    pub(crate) fn new(file: &Text, range: Range<usize>) -> Self {
        Slice { file: file.clone(), start: position(range.start), end: position(range.end) }
    }

    /// The stretch without the quote at each end.
    pub(crate) fn without_quotes(&self) -> Self {
        Slice { file: self.file.clone(), start: self.start + 1, end: self.end.saturating_sub(1) }
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.file.as_bytes().get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// The text.
    #[must_use]
    pub fn to_str(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.as_bytes())
    }
}

impl fmt::Debug for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_str(), f)
    }
}

/// The parts of `if`, `with` and `range`.
#[derive(Clone, Debug)]
pub struct Branch {
    /// What decides, or is walked over.
    pub pipeline: Pipeline,
    /// What is executed then.
    pub body: Nodes,
    /// What is executed otherwise.
    pub otherwise: Option<Nodes>,
}

/// A call of a template.
#[derive(Clone, Debug)]
pub struct Call {
    /// Where its name stands.
    pub at: Position,
    /// The name.
    pub name: Rc<str>,
    /// Its data; nil if there is none.
    pub pipeline: Option<Pipeline>,
}

/// Commands, each given the value of the one before as its last argument.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// Where it begins.
    pub at: Position,
    /// The line on which it begins.
    pub line: u32,
    /// Whether the variables exist already.
    pub is_assignment: bool,
    /// The variables that take the value.
    pub variables: Box<[Variable]>,
    /// The commands.
    pub commands: Box<[Command]>,
}

/// A function, method, field or literal with its arguments.
#[derive(Clone, Debug)]
pub struct Command {
    /// Where it begins.
    pub at: Position,
    /// What is called, then what it is given.
    pub operands: Box<[Operand]>,
}

/// A variable with the fields behind it.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Where it stands.
    pub at: Position,
    /// Its name, with the dollar.
    pub name: Rc<str>,
    /// The fields.
    pub fields: Rc<[Rc<str>]>,
}

/// An operand.
#[derive(Clone, Debug)]
pub enum Operand {
    /// The name of a function.
    Function(Position, Rc<str>),
    /// `.a.b`
    Field(Position, Rc<[Rc<str>]>),
    /// `$x.a.b`
    Variable(Box<Variable>),
    /// `(pipeline).a.b` or `function.a.b`
    Chain(Position, Box<Chain>),
    /// `(pipeline)`
    Pipeline(Box<Pipeline>),
    /// `.`
    Dot(Position),
    /// `nil`
    Nil(Position),
    /// `true` or `false`
    Bool(Position, bool),
    /// A number or a character constant.
    Number(Position, Rc<Number>),
    /// A string.
    String(Position, Rc<Quoted>),
}

/// Fields of what is no field or variable itself.
#[derive(Clone, Debug)]
pub struct Chain {
    /// What they are fields of.
    pub operand: Operand,
    /// The fields.
    pub fields: Rc<[Rc<str>]>,
}

/// A string in quotes.
#[derive(Clone, Debug)]
pub struct Quoted {
    /// As it is written.
    pub text: Slice,
    /// What it says.
    pub literal: Literal,
}

/// What a string says.
#[derive(Clone, Debug)]
pub enum Literal {
    /// A text of its own.
    Text(Text),
    /// A stretch of the file, such as a whole dashboard in backquotes.
    Slice(Slice),
}

impl Literal {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Literal::Text(text) => text.as_bytes(),
            Literal::Slice(slice) => slice.as_bytes(),
        }
    }

    /// The text; a long one is copied.
    #[must_use]
    pub fn to_text(&self) -> Text {
        match self {
            Literal::Text(text) => text.clone(),
            Literal::Slice(slice) => Text::from(slice.as_bytes()),
        }
    }
}

/// A number, and what it can be without loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// As it is written.
    pub text: Rc<str>,
    /// As a signed integer.
    pub int: Option<i64>,
    /// As an unsigned integer.
    pub uint: Option<u64>,
    /// As a float.
    pub float: Option<f64>,
}

impl Nodes {
    /// Whether there is nothing but white space: `IsEmptyTree`.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|node| match node {
            Node::Text(text) => text.to_str().trim().is_empty(),
            _ => false,
        })
    }
}

impl Operand {
    /// Where it stands.
    #[must_use]
    pub fn at(&self) -> Position {
        match self {
            Operand::Function(at, _)
            | Operand::Field(at, _)
            | Operand::Chain(at, ..)
            | Operand::Dot(at)
            | Operand::Nil(at)
            | Operand::Bool(at, _)
            | Operand::Number(at, _)
            | Operand::String(at, ..) => *at,
            Operand::Variable(variable) => variable.at,
            Operand::Pipeline(pipeline) => pipeline.at,
        }
    }
}

/// The node that an execution was at last, when the value of some other was found: Go names it when that
/// value turns out to be of the wrong type.
pub(crate) enum Last<'a> {
    Operand(&'a Operand),
    Pipeline(&'a Pipeline),
}

impl Last<'_> {
    pub(crate) fn at(&self) -> Position {
        match self {
            Last::Operand(operand) => operand.at(),
            Last::Pipeline(pipeline) => pipeline.at,
        }
    }
}

impl fmt::Display for Last<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Last::Operand(operand) => operand.fmt(f),
            Last::Pipeline(pipeline) => pipeline.fmt(f),
        }
    }
}

impl Operand {
    /// Where an execution is when it knows the operand's value.
    pub(crate) fn last(&self) -> Last<'_> {
        match self {
            Operand::Chain(_, chain) => chain.operand.last(),
            Operand::Pipeline(pipeline) => pipeline.last(),
            other => Last::Operand(other),
        }
    }
}

impl Pipeline {
    /// The string that is all there is to it.
    pub(crate) fn lone_literal(&self) -> Option<&Literal> {
        match &*self.commands {
            [Command { operands, .. }] if self.variables.is_empty() => match &**operands {
                [Operand::String(_, quoted)] => Some(&quoted.literal),
                _ => None,
            },
            _ => None,
        }
    }

    /// Where an execution is when it knows the pipeline's value.
    pub(crate) fn last(&self) -> Last<'_> {
        self.commands.last().and_then(Command::last).unwrap_or(Last::Pipeline(self))
    }
}

impl Command {
    fn last(&self) -> Option<Last<'_>> {
        self.operands.last().map(Operand::last)
    }
}

impl fmt::Display for Nodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|node| node.fmt(f))
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Text(text) => f.write_str(&text.to_str()),
            Node::Action(pipeline) => write!(f, "{{{{{pipeline}}}}}"),
            Node::If(branch) => branch.write("if", f),
            Node::With(branch) => branch.write("with", f),
            Node::Range(branch) => branch.write("range", f),
            Node::Template(call) => {
                write!(f, "{{{{template {}", go_fmt::quote(&call.name))?;
                if let Some(pipeline) = &call.pipeline {
                    write!(f, " {pipeline}")?;
                }
                f.write_str("}}")
            }
            Node::Break(_) => f.write_str("{{break}}"),
            Node::Continue(_) => f.write_str("{{continue}}"),
        }
    }
}

impl Branch {
    fn write(&self, keyword: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{{keyword} {}}}}}{}", self.pipeline, self.body)?;
        if let Some(otherwise) = &self.otherwise {
            write!(f, "{{{{else}}}}{otherwise}")?;
        }
        f.write_str("{{end}}")
    }
}

impl fmt::Display for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, variable) in self.variables.iter().enumerate() {
            write!(f, "{}{variable}", if index > 0 { ", " } else { "" })?;
        }
        if !self.variables.is_empty() {
            f.write_str(if self.is_assignment { " = " } else { " := " })?;
        }
        for (index, command) in self.commands.iter().enumerate() {
            write!(f, "{}{command}", if index > 0 { " | " } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, operand) in self.operands.iter().enumerate() {
            let space = if index > 0 { " " } else { "" };
            match operand {
                Operand::Pipeline(pipeline) => write!(f, "{space}({pipeline})")?,
                operand => write!(f, "{space}{operand}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        write_fields(&self.fields, f)
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operand::Function(_, name) => f.write_str(name),
            Operand::Field(_, fields) => write_fields(fields, f),
            Operand::Variable(variable) => variable.fmt(f),
            Operand::Chain(_, chain) => {
                match &chain.operand {
                    Operand::Pipeline(pipeline) => write!(f, "({pipeline})")?,
                    operand => operand.fmt(f)?,
                }
                write_fields(&chain.fields, f)
            }
            Operand::Pipeline(pipeline) => pipeline.fmt(f),
            Operand::Dot(_) => f.write_str("."),
            Operand::Nil(_) => f.write_str("nil"),
            Operand::Bool(_, value) => value.fmt(f),
            Operand::Number(_, number) => f.write_str(&number.text),
            Operand::String(_, quoted) => f.write_str(&quoted.text.to_str()),
        }
    }
}

fn write_fields(fields: &[Rc<str>], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    fields.iter().try_for_each(|field| write!(f, ".{field}"))
}
