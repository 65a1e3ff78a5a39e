//! Where functions were called that the caller wants to know of.

use crate::parse::ast::{Branch, Command, Node, Nodes, Operand, Pipeline, Position};
use crate::templates::Template;

/// A call of a function with [`Function::is_noted`](crate::Function::is_noted).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// The function.
    pub function: String,
    /// The file that the call stands in.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The fields that the same action and the branches around it look at, such as `.Values.password`: what
    /// decides whether the call is made.
    pub fields: Vec<String>,
}

impl Noted {
    pub(super) fn new(function: &str, template: &Template, at: Position) -> Self {
        let mut fields = Vec::new();
        find(&template.body, at, &mut fields);
        fields.reverse();
        fields.dedup();
        let text = template.file.text.as_bytes();
        let before = text.get(..at as usize).unwrap_or(text);
        Noted {
            function: function.to_owned(),
            file: template.file.name.to_string(),
            line: 1 + memchr::memchr_iter(b'\n', before).count(),
            fields,
        }
    }
}

/// Adds the fields around a position, the innermost first. False if it is not within the nodes.
fn find(nodes: &Nodes, at: Position, fields: &mut Vec<String>) -> bool {
    nodes.0.iter().any(|node| match node {
        Node::Action(pipeline) => find_in(pipeline, at, fields),
        Node::If(branch) | Node::With(branch) | Node::Range(branch) => find_in_branch(branch, at, fields),
        Node::Template(call) => call.pipeline.as_ref().is_some_and(|pipeline| find_in(pipeline, at, fields)),
        Node::Text(_) | Node::Break(_) | Node::Continue(_) => false,
    })
}

fn find_in_branch(branch: &Branch, at: Position, fields: &mut Vec<String>) -> bool {
    if find_in(&branch.pipeline, at, fields) {
        return true;
    }
    let inside = find(&branch.body, at, fields)
        || branch.otherwise.as_ref().is_some_and(|nodes| find(nodes, at, fields));
    if inside {
        collect(&branch.pipeline, fields);
    }
    inside
}

fn find_in(pipeline: &Pipeline, at: Position, fields: &mut Vec<String>) -> bool {
    let found = holds(pipeline, at);
    if found {
        collect(pipeline, fields);
    }
    found
}

fn operands(pipeline: &Pipeline) -> impl Iterator<Item = &Operand> {
    pipeline.commands.iter().flat_map(|Command { operands, .. }| operands.iter())
}

fn holds(pipeline: &Pipeline, at: Position) -> bool {
    operands(pipeline).any(|operand| operand_holds(operand, at))
}

fn operand_holds(operand: &Operand, at: Position) -> bool {
    match operand {
        Operand::Function(place, _) => *place == at,
        Operand::Pipeline(inner) => holds(inner, at),
        Operand::Chain(_, chain) => operand_holds(&chain.operand, at),
        _ => false,
    }
}

fn collect(pipeline: &Pipeline, fields: &mut Vec<String>) {
    for operand in operands(pipeline) {
        match operand {
            Operand::Field(..) => fields.push(operand.to_string()),
            Operand::Variable(variable) if &*variable.name == "$" && !variable.fields.is_empty() => {
                fields.push(operand.to_string().split_off(1));
            }
            Operand::Pipeline(inner) => collect(inner, fields),
            _ => {}
        }
    }
}
