//! The parts of a tree as messages quote them: `node.go` of Go's `text/template/parse`.

use std::fmt::{self, Display, Formatter, Write as _};

use super::ast::{Call, Command, Last, Operand, Pipeline, Span, Tree, Variable};

/// A part of a tree.
pub(crate) trait Show {
    fn show(&self, tree: &Tree, f: &mut Formatter<'_>) -> fmt::Result;
}

/// A part with its tree, which can be displayed.
pub(crate) struct Shown<'t, T> {
    tree: &'t Tree,
    part: &'t T,
}

impl Tree {
    pub(crate) fn shown<'t, T: Show>(&'t self, part: &'t T) -> Shown<'t, T> {
        Shown { tree: self, part }
    }
}

impl<T: Show> Display for Shown<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.part.show(self.tree, f)
    }
}

impl Show for Span {
    fn show(&self, tree: &Tree, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(tree.str(*self))
    }
}

impl Show for Call {
    fn show(&self, tree: &Tree, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{template {}", go_fmt::quote(&self.name))?;
        if let Some(pipeline) = &self.pipeline {
            f.write_char(' ')?;
            pipeline.show(tree, f)?;
        }
        f.write_str("}}")
    }
}

impl Show for Pipeline {
    fn show(&self, tree: &Tree, f: &mut Formatter<'_>) -> fmt::Result {
        let variables = tree.declared(self);
        for (index, variable) in variables.iter().enumerate() {
            f.write_str(if index > 0 { ", " } else { "" })?;
            variable.show(tree, f)?;
        }
        if !variables.is_empty() {
            f.write_str(if self.is_assignment { " = " } else { " := " })?;
        }
        for (index, command) in tree.commands(self).iter().enumerate() {
            f.write_str(if index > 0 { " | " } else { "" })?;
            command.show(tree, f)?;
        }
        Ok(())
    }
}

impl Show for Command {
    fn show(&self, tree: &Tree, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, operand) in tree.operands(self).iter().enumerate() {
            f.write_str(if index > 0 { " " } else { "" })?;
            in_parentheses(operand, tree, f)?;
        }
        Ok(())
    }
}

/// An operand, with the parentheses that a pipeline stands in.
fn in_parentheses(operand: &Operand, tree: &Tree, f: &mut Formatter<'_>) -> fmt::Result {
    match operand {
        Operand::Pipeline(_) => {
            f.write_char('(')?;
            operand.show(tree, f)?;
            f.write_char(')')
        }
        operand => operand.show(tree, f),
    }
}

impl Show for Variable {
    fn show(&self, tree: &Tree, f: &mut Formatter<'_>) -> fmt::Result {
        self.name.show(tree, f)?;
        self.fields.show(tree, f)
    }
}

impl Show for Operand {
    fn show(&self, tree: &Tree, f: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Operand::Function(span, _) | Operand::Field(_, span) | Operand::String(span) => {
                span.show(tree, f)
            }
            Operand::Variable(variable) => tree.variable(variable).show(tree, f),
            Operand::Chain(chain) => {
                let chain = tree.chain(chain);
                in_parentheses(&chain.operand, tree, f)?;
                chain.fields.show(tree, f)
            }
            Operand::Pipeline(pipeline) => tree.pipeline(pipeline).show(tree, f),
            Operand::Dot(_) => f.write_str("."),
            Operand::Nil(_) => f.write_str("nil"),
            Operand::Bool(_, value) => value.fmt(f),
            Operand::Number(number) => tree.number(number).text.show(tree, f),
            Operand::Quoted(string) => tree.quoted(string).text.show(tree, f),
        }
    }
}

impl Show for Last {
    fn show(&self, tree: &Tree, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Last::Operand(operand) => operand.show(tree, f),
            Last::Pipeline(pipeline) => pipeline.show(tree, f),
        }
    }
}
