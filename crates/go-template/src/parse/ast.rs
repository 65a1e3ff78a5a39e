//! The tree of a parsed text.
//!
//! Its parts lie in tables, one for each type, and name each other by their places there: the tree of a large
//! chart has a hundred thousand of them, and is made and read with hardly an allocation. What is written in the
//! text is not copied but pointed at.

use std::sync::Arc;

/// Where a part stands: a byte of its file.
pub(crate) type Position = u32;

/// A place in a file or a table, none of which has 4 GiB.
pub(crate) fn position(at: usize) -> Position {
    Position::try_from(at).unwrap_or(Position::MAX)
}

/// A stretch of the file's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: Position,
    pub(crate) end: Position,
}

/// Parts that stand next to each other in their table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Everything in a text, that of its definitions included.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// The text, which is UTF-8.
    pub(super) text: Arc<[u8]>,
    pub(super) nodes: Vec<Node>,
    pub(super) branches: Vec<Branch>,
    pub(super) calls: Vec<Call>,
    pub(super) pipelines: Vec<Pipeline>,
    pub(super) commands: Vec<Command>,
    pub(super) operands: Vec<Operand>,
    pub(super) variables: Vec<Variable>,
    pub(super) chains: Vec<Chain>,
    pub(super) numbers: Vec<Number>,
    pub(super) strings: Vec<Quoted>,
}

/// A part of a template.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Node {
    /// Text that is copied.
    Text(Span),
    /// `{{"text"}}` where what it says is written as it is; without the quotes.
    Literal(Span),
    /// `{{pipeline}}`
    Action(PipelineAt),
    /// `{{if pipeline}}..{{else}}..{{end}}`
    If(BranchAt),
    /// `{{with pipeline}}..{{else}}..{{end}}`
    With(BranchAt),
    /// `{{range pipeline}}..{{else}}..{{end}}`
    Range(BranchAt),
    /// `{{template "name" pipeline}}`
    Template(CallAt),
    /// `{{break}}`
    Break,
    /// `{{continue}}`
    Continue,
}

/// A place in [`Tree::pipelines`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct PipelineAt(pub(super) u32);

/// A place in [`Tree::branches`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct BranchAt(pub(super) u32);

/// A place in [`Tree::calls`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallAt(pub(super) u32);

/// The parts of `if`, `with` and `range`.
#[derive(Debug)]
pub(crate) struct Branch {
    /// What decides, or is walked over.
    pub(crate) pipeline: Pipeline,
    /// What is executed then.
    pub(crate) body: Run,
    /// What is executed otherwise.
    pub(crate) otherwise: Option<Run>,
}

/// A call of a template.
#[derive(Debug)]
pub(crate) struct Call {
    /// Where its name stands.
    pub(crate) at: Position,
    /// The name.
    pub(crate) name: Box<str>,
    /// Its data; nil if there is none.
    pub(crate) pipeline: Option<Pipeline>,
}

/// Commands, each given the value of the one before as its last argument.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pipeline {
    /// Where it begins.
    pub(crate) at: Position,
    /// Whether the variables exist already.
    pub(crate) is_assignment: bool,
    /// The variables that take the value.
    pub(crate) variables: Run,
    /// The commands.
    pub(crate) commands: Run,
}

/// A function, method, field or literal with its arguments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Command {
    /// Where it begins.
    pub(crate) at: Position,
    /// What is called, then what it is given.
    pub(crate) operands: Run,
}

/// A variable with the fields behind it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variable {
    /// Where it stands.
    pub(crate) at: Position,
    /// Its name, with the dollar.
    pub(crate) name: Span,
    /// The fields: `.a.b`.
    pub(crate) fields: Span,
}

/// An operand.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operand {
    /// The name of a function, and which it is of those that the text was parsed with.
    Function(Span, u32),
    /// `.a.b`
    Field(Position, Span),
    /// `$x.a.b`, in [`Tree::variables`].
    Variable(u32),
    /// `(pipeline).a.b` or `function.a.b`, in [`Tree::chains`].
    Chain(u32),
    /// `(pipeline)`
    Pipeline(PipelineAt),
    /// `.`
    Dot(Position),
    /// `nil`
    Nil(Position),
    /// `true` or `false`
    Bool(Position, bool),
    /// A number or a character constant, in [`Tree::numbers`].
    Number(u32),
    /// A string that says what stands between its quotes, with these.
    String(Span),
    /// Any other string, in [`Tree::strings`].
    Quoted(u32),
}

/// Fields of what is no field or variable itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chain {
    /// Where the fields begin.
    pub(crate) at: Position,
    /// What they are fields of.
    pub(crate) operand: Operand,
    /// The fields: `.a.b`.
    pub(crate) fields: Span,
}

/// A string with escapes.
#[derive(Debug)]
pub(crate) struct Quoted {
    /// As it is written.
    pub(crate) text: Span,
    /// What it says.
    pub(crate) bytes: Box<[u8]>,
}

/// A number, and what it can be without loss.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Number {
    /// As it is written.
    pub(crate) text: Span,
    /// As a signed integer.
    pub(crate) int: Option<i64>,
    /// As a float.
    pub(crate) float: Option<f64>,
}

impl Run {
    pub(crate) fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    pub(crate) fn is_empty(self) -> bool {
        self.start == self.end
    }
}

impl Span {
    pub(crate) fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The stretch without the quote at each end.
    pub(crate) fn without_quotes(self) -> Self {
        Span { start: self.start + 1, end: self.end.saturating_sub(1) }
    }
}

fn run<T>(table: &[T], run: Run) -> &[T] {
    table.get(run.start as usize..run.end as usize).unwrap_or_default()
}

/// The parts of a tree by their places. The tree itself holds every place that it names.
impl Tree {
    /// An empty tree, with room for what is usually in a text.
    pub(super) fn with_room_for(text: &str) -> Self {
        let one_in = |bytes: usize| text.len() / bytes;
        Tree {
            nodes: Vec::with_capacity(one_in(64)),
            branches: Vec::with_capacity(one_in(512)),
            pipelines: Vec::with_capacity(one_in(256)),
            commands: Vec::with_capacity(one_in(96)),
            operands: Vec::with_capacity(one_in(64)),
            ..Tree::default()
        }
    }

    /// The text.
    pub(crate) fn text(&self) -> &Arc<[u8]> {
        &self.text
    }

    /// What stands at a stretch.
    pub(crate) fn bytes(&self, span: Span) -> &[u8] {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The same as text.
    pub(crate) fn str(&self, span: Span) -> &str {
        std::str::from_utf8(self.bytes(span)).unwrap_or_default()
    }

    pub(crate) fn nodes(&self, nodes: Run) -> &[Node] {
        run(&self.nodes, nodes)
    }

    pub(crate) fn branch(&self, at: BranchAt) -> &Branch {
        &self.branches[at.0 as usize]
    }

    pub(crate) fn call(&self, at: CallAt) -> &Call {
        &self.calls[at.0 as usize]
    }

    pub(crate) fn pipeline(&self, at: PipelineAt) -> &Pipeline {
        &self.pipelines[at.0 as usize]
    }

    pub(crate) fn commands(&self, pipeline: &Pipeline) -> &[Command] {
        run(&self.commands, pipeline.commands)
    }

    pub(crate) fn declared(&self, pipeline: &Pipeline) -> &[Variable] {
        run(&self.variables, pipeline.variables)
    }

    pub(crate) fn operands(&self, command: &Command) -> &[Operand] {
        run(&self.operands, command.operands)
    }

    pub(crate) fn variable(&self, at: u32) -> &Variable {
        &self.variables[at as usize]
    }

    pub(crate) fn chain(&self, at: u32) -> &Chain {
        &self.chains[at as usize]
    }

    pub(crate) fn number(&self, at: u32) -> &Number {
        &self.numbers[at as usize]
    }

    pub(crate) fn quoted(&self, at: u32) -> &Quoted {
        &self.strings[at as usize]
    }

    /// The names of `.a.b`.
    pub(crate) fn fields(&self, fields: Span) -> impl Iterator<Item = &[u8]> {
        self.bytes(fields).split(|&byte| byte == b'.').skip(1)
    }

    /// Where an operand stands.
    pub(crate) fn at(&self, operand: &Operand) -> Position {
        match *operand {
            Operand::Function(span, _) | Operand::String(span) => span.start,
            Operand::Field(at, _) | Operand::Dot(at) | Operand::Nil(at) | Operand::Bool(at, _) => at,
            Operand::Variable(variable) => self.variable(variable).at,
            Operand::Chain(chain) => self.chain(chain).at,
            Operand::Number(number) => self.number(number).text.start,
            Operand::Quoted(string) => self.quoted(string).text.start,
            Operand::Pipeline(pipeline) => self.pipeline(pipeline).at,
        }
    }

    /// Where an execution is when it knows the operand's value.
    pub(crate) fn last(&self, operand: &Operand) -> Last {
        match *operand {
            Operand::Chain(chain) => self.last(&self.chain(chain).operand),
            Operand::Pipeline(pipeline) => self.last_of(self.pipeline(pipeline)),
            other => Last::Operand(other),
        }
    }

    /// Where an execution is when it knows the pipeline's value.
    pub(crate) fn last_of(&self, pipeline: &Pipeline) -> Last {
        let last = self.commands(pipeline).last().and_then(|command| self.operands(command).last());
        last.map_or(Last::Pipeline(*pipeline), |operand| self.last(operand))
    }

    /// Where that is.
    pub(crate) fn last_at(&self, last: &Last) -> Position {
        match last {
            Last::Operand(operand) => self.at(operand),
            Last::Pipeline(pipeline) => pipeline.at,
        }
    }
}

/// The part that an execution was at last, when the value of some other was found: Go names it when that value
/// turns out to be of the wrong type.
pub(crate) enum Last {
    Operand(Operand),
    Pipeline(Pipeline),
}
