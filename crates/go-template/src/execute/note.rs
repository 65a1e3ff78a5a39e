//! Where functions were called that the caller wants to know of.

use crate::parse::ast::{Branch, Node, Operand, Pipeline, Position, Run, Tree};
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
        let tree = &template.file.tree;
        find(tree, template.body, at, &mut fields);
        fields.reverse();
        fields.dedup();
        let text = tree.text();
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
fn find(tree: &Tree, nodes: Run, at: Position, fields: &mut Vec<String>) -> bool {
    tree.nodes(nodes).iter().any(|node| match *node {
        Node::Action(pipeline) => find_in(tree, tree.pipeline(pipeline), at, fields),
        Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
            find_in_branch(tree, tree.branch(branch), at, fields)
        }
        Node::Template(call) => {
            tree.call(call).pipeline.as_ref().is_some_and(|pipeline| find_in(tree, pipeline, at, fields))
        }
        Node::Text(_) | Node::Literal(_) | Node::Break | Node::Continue => false,
    })
}

fn find_in_branch(tree: &Tree, branch: &Branch, at: Position, fields: &mut Vec<String>) -> bool {
    if find_in(tree, &branch.pipeline, at, fields) {
        return true;
    }
    let inside = find(tree, branch.body, at, fields)
        || branch.otherwise.is_some_and(|nodes| find(tree, nodes, at, fields));
    if inside {
        collect(tree, &branch.pipeline, fields);
    }
    inside
}

fn find_in(tree: &Tree, pipeline: &Pipeline, at: Position, fields: &mut Vec<String>) -> bool {
    let found = holds(tree, pipeline, at);
    if found {
        collect(tree, pipeline, fields);
    }
    found
}

fn operands<'t>(tree: &'t Tree, pipeline: &Pipeline) -> impl Iterator<Item = &'t Operand> + use<'t> {
    tree.commands(pipeline).iter().flat_map(|command| tree.operands(command))
}

fn holds(tree: &Tree, pipeline: &Pipeline, at: Position) -> bool {
    operands(tree, pipeline).any(|operand| operand_holds(tree, operand, at))
}

fn operand_holds(tree: &Tree, operand: &Operand, at: Position) -> bool {
    match *operand {
        Operand::Function(name, _) => name.start == at,
        Operand::Pipeline(inner) => holds(tree, tree.pipeline(inner), at),
        Operand::Chain(chain) => operand_holds(tree, &tree.chain(chain).operand, at),
        _ => false,
    }
}

fn collect(tree: &Tree, pipeline: &Pipeline, fields: &mut Vec<String>) {
    for operand in operands(tree, pipeline) {
        match *operand {
            Operand::Field(..) => fields.push(tree.shown(operand).to_string()),
            Operand::Variable(variable) => {
                let variable = tree.variable(variable);
                if tree.bytes(variable.name) == b"$" && !variable.fields.is_empty() {
                    fields.push(tree.shown(&variable.fields).to_string());
                }
            }
            Operand::Pipeline(inner) => collect(tree, tree.pipeline(inner), fields),
            _ => {}
        }
    }
}
