//! Walking a tree: `exec.go` of Go's `text/template`.

mod call;
mod count;
mod error;
mod field;
mod keys;
mod note;
mod overlay;
mod range;
mod trace;

use std::any::Any;
use std::rc::Rc;

pub use self::error::ExecError;
pub use self::note::Noted;
pub use self::trace::{Place, Trace};

use self::count::exceeded;
use self::keys::Keys;
use self::overlay::{Cache, Overlay};

use crate::parse::ast::{Branch, Call, Last, Node, Operand, Pipeline, Position, Run, Span, Tree, position};
use crate::print;
use crate::templates::{Template, Templates};
use crate::value::Value;

/// What an execution may use up, with all templates that it calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of output, that of called templates included.
    pub output_bytes: usize,
    /// Nodes that are walked and commands that are evaluated.
    pub steps: u64,
    /// Bytes of the values that functions make, whether they are still held or not.
    pub value_bytes: u64,
    /// Calls of templates within each other.
    pub depth: usize,
}

/// 256 MiB of output, 200 million steps, 1 GiB of values, 2,000 calls.
impl Default for Limits {
    fn default() -> Self {
        Limits { output_bytes: 256 << 20, steps: 200_000_000, value_bytes: 1 << 30, depth: 2000 }
    }
}

/// An execution, as functions see it.
pub struct Execution<'a> {
    templates: &'a Templates,
    /// What the texts being executed define.
    overlay: Option<Rc<Overlay>>,
    cache: Cache,
    keys: Keys,
    host: &'a dyn Any,
    limits: Limits,
    steps: u64,
    bytes: usize,
    made_bytes: u64,
    depth: usize,
    noted: Vec<Noted>,
    /// Nothing, unless somebody asks.
    trace: Option<Box<Trace>>,
}

/// Calls that are noted; further ones add nothing for a reader.
const MOST_NOTED: usize = 100;

/// A value, and whether it is the element of a map or list: those are interfaces in Go, through which fields
/// of nil cannot be reached.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) value: Value,
    pub(crate) is_element: bool,
}

impl Got {
    fn plain(value: Value) -> Self {
        Got { value, is_element: false }
    }

    fn element(value: Value) -> Self {
        Got { value, is_element: true }
    }
}

/// What the nodes of a list ask for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    Break,
    Continue,
}

/// One template being executed.
struct Frame<'t, 'e, 'a> {
    execution: &'e mut Execution<'a>,
    template: &'t Template,
    tree: &'t Tree,
    variables: Vec<(&'t [u8], Got)>,
    output: Vec<u8>,
}

/// What the nodes of one template need at most, nested as deep as the parser lets them be, functions that walk
/// over deep values included.
const RED_ZONE: usize = 2 << 20;

/// A further piece of stack.
const STACK: usize = 16 << 20;

/// A failed step: boxed, since it is passed through every level.
type Step<T> = Result<T, Box<ExecError>>;

impl<'a> Execution<'a> {
    /// An execution of some templates, one after the other: the limits are for all of them together.
    #[must_use]
    pub fn new(templates: &'a Templates, limits: &Limits, host: &'a dyn Any) -> Self {
        Execution {
            templates,
            overlay: None,
            cache: Cache::default(),
            keys: Keys::default(),
            host,
            limits: *limits,
            steps: 0,
            bytes: 0,
            made_bytes: 0,
            depth: 0,
            noted: Vec::new(),
            trace: None,
        }
    }

    /// Executes a template with variables of its own, and returns what it prints.
    ///
    /// # Errors
    ///
    /// When it fails, is not defined, or exceeds a limit.
    pub fn execute(&mut self, name: &str, data: &Value) -> Result<Vec<u8>, ExecError> {
        let Some(template) = self.find(name) else {
            return Err(ExecError::new(format!("template: no template {} associated", go_fmt::quote(name))));
        };
        self.run_anew(template, data).map_err(|error| *error)
    }

    /// Whether there is a template of that name.
    #[must_use]
    pub fn is_defined(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The calls so far of functions that are to be noted, each place once.
    #[must_use]
    pub fn noted(&self) -> &[Noted] {
        &self.noted
    }

    /// What the caller gave to its functions.
    #[must_use]
    pub fn host(&self) -> &dyn Any {
        self.host
    }

    /// Executes a template whose output is a text of its own.
    fn run_anew(&mut self, template: Rc<Template>, data: &Value) -> Step<Vec<u8>> {
        if let Some(trace) = &mut self.trace {
            trace.nesting += 1;
        }
        let result = self.run(template, Got::plain(data.clone()), Vec::new());
        if let Some(trace) = &mut self.trace {
            trace.nesting -= 1;
        }
        result
    }

    fn run(&mut self, template: Rc<Template>, dot: Got, output: Vec<u8>) -> Step<Vec<u8>> {
        if self.depth >= self.limits.depth {
            let message = format!("exceeded maximum template depth ({})", self.limits.depth);
            return Err(Box::new(ExecError::new(message)));
        }
        self.depth += 1;
        let mut frame = Frame {
            execution: self,
            template: &template,
            tree: &template.file.tree,
            variables: vec![(b"$".as_slice(), dot.clone())],
            output,
        };
        let result = stacker::maybe_grow(RED_ZONE, STACK, || frame.nodes(&dot, template.body));
        let output = frame.output;
        self.depth -= 1;
        result.map(|_| output)
    }
}

impl<'t> Frame<'t, '_, '_> {
    fn fail<T>(
        &self,
        at: Position,
        expression: &dyn std::fmt::Display,
        message: impl Into<String>,
    ) -> Step<T> {
        Err(Box::new(ExecError::at(self.template, at as usize, &expression.to_string(), &message.into())))
    }

    /// Fails at an operand, which the message shows.
    fn fail_operand<T>(&self, operand: &Operand, message: impl Into<String>) -> Step<T> {
        self.fail(self.tree.at(operand), &self.tree.shown(operand), message)
    }

    /// Fails where the execution was last.
    fn fail_last<T>(&self, last: &Last, message: impl Into<String>) -> Step<T> {
        self.fail(self.tree.last_at(last), &self.tree.shown(last), message)
    }

    fn exceeded<T>(&self, message: &str) -> Step<T> {
        Err(Box::new(exceeded(&self.template.name, message)))
    }

    fn steps(&mut self, count: u64) -> Step<()> {
        Ok(self.execution.count_steps(&self.template.name, count)?)
    }

    fn write(&mut self, bytes: &[u8]) -> Step<()> {
        self.execution.count_output(&self.template.name, bytes.len())?;
        self.output.extend_from_slice(bytes);
        Ok(())
    }

    fn nodes(&mut self, dot: &Got, nodes: Run) -> Step<Flow> {
        for node in self.tree.nodes(nodes) {
            let flow = self.node(dot, node)?;
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn node(&mut self, dot: &Got, node: &Node) -> Step<Flow> {
        self.steps(1)?;
        let tree = self.tree;
        match *node {
            Node::Text(text) | Node::Literal(text) => {
                self.trace(text.start, true);
                self.write(tree.bytes(text))?;
            }
            Node::Action(pipeline) => {
                let pipeline = tree.pipeline(pipeline);
                let value = self.pipeline(dot, pipeline)?;
                if pipeline.variables.is_empty() {
                    self.trace(pipeline.at, false);
                    self.print(&value)?;
                }
            }
            Node::If(branch) => return self.branch(dot, tree.branch(branch), false),
            Node::With(branch) => return self.branch(dot, tree.branch(branch), true),
            Node::Range(branch) => return self.range(dot, tree.branch(branch)),
            Node::Template(call) => self.template(dot, tree.call(call))?,
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::Next)
    }

    /// Keeps where what is written next comes from, if somebody asks.
    fn trace(&mut self, at: Position, is_text: bool) {
        if let Some(trace) = &mut self.execution.trace {
            trace.wrote(self.output.len(), &self.template.file, at, is_text);
        }
    }

    fn print(&mut self, value: &Value) -> Step<()> {
        match value {
            Value::Object(object) => self.write(object.print_in_place().as_bytes()),
            Value::Nil => self.write(b"<no value>"),
            Value::String(text) => self.write(text.as_bytes()),
            other => match print::to_text(other) {
                Ok(text) => self.write(text.as_bytes()),
                Err(error) => self.exceeded(&error.0),
            },
        }
    }

    fn branch(&mut self, dot: &Got, branch: &'t Branch, is_with: bool) -> Step<Flow> {
        let visible = self.variables.len();
        let value = self.pipeline(dot, &branch.pipeline)?;
        let flow = if value.is_true() {
            if is_with { self.nodes(&Got::plain(value), branch.body)? } else { self.nodes(dot, branch.body)? }
        } else if let Some(otherwise) = branch.otherwise {
            self.nodes(dot, otherwise)?
        } else {
            Flow::Next
        };
        self.variables.truncate(visible);
        Ok(flow)
    }

    fn template(&mut self, dot: &Got, call: &'t Call) -> Step<()> {
        let Some(template) = self.execution.find(&call.name) else {
            let message = format!("template {} not defined", go_fmt::quote(&call.name));
            return self.fail(call.at, &self.tree.shown(call), message);
        };
        let data = match &call.pipeline {
            Some(pipeline) => self.pipeline(dot, pipeline)?,
            None => Value::Nil,
        };
        let output = std::mem::take(&mut self.output);
        self.output = self.execution.run(template, Got::plain(data), output)?;
        Ok(())
    }

    /// The value of a pipeline, which is no longer the element of anything.
    fn pipeline(&mut self, dot: &Got, pipeline: &'t Pipeline) -> Step<Value> {
        let tree = self.tree;
        let mut value: Option<Value> = None;
        for (index, command) in tree.commands(pipeline).iter().enumerate() {
            self.steps(1)?;
            if let [first @ Operand::Pipeline(_), arguments @ ..] = tree.operands(command)
                && (value.is_some() || !arguments.is_empty())
            {
                let Run { start, .. } = pipeline.commands;
                let commands = Run { start, end: start + position(index) };
                let before = Pipeline { commands, ..*pipeline };
                let last = if index == 0 { Last::Pipeline(*pipeline) } else { tree.last_of(&before) };
                let message = format!("can't give argument to non-function {}", tree.shown(first));
                return self.fail_last(&last, message);
            }
            value = Some(self.command(dot, command, value)?.value);
        }
        let value = value.unwrap_or_default();
        for variable in tree.declared(pipeline) {
            let name = tree.bytes(variable.name);
            if pipeline.is_assignment {
                self.assign(pipeline, name, Got::plain(value.clone()))?;
            } else {
                self.variables.push((name, Got::plain(value.clone())));
            }
        }
        Ok(value)
    }

    fn assign(&mut self, pipeline: &Pipeline, name: &[u8], value: Got) -> Step<()> {
        match self.variables.iter_mut().rev().find(|(known, _)| *known == name) {
            Some((_, slot)) => {
                *slot = value;
                Ok(())
            }
            None => {
                let message = format!("undefined variable: {}", String::from_utf8_lossy(name));
                self.fail_last(&self.tree.last_of(pipeline), message)
            }
        }
    }

    fn variable(&self, operand: &Operand, name: Span) -> Step<Got> {
        let name = self.tree.bytes(name);
        match self.variables.iter().rev().find(|(known, _)| *known == name) {
            Some((_, value)) => Ok(value.clone()),
            None => {
                self.fail_operand(operand, format!("undefined variable: {}", String::from_utf8_lossy(name)))
            }
        }
    }
}
