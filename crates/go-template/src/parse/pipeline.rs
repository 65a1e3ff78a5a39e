//! From items to pipelines, commands and operands.

use super::ast::{Chain, Command, Node, Number, Operand, Pipeline, PipelineAt, Quoted, Run, Span, Variable};
use super::item::{Item, Kind};
use super::parser::{Parsed, Parser, close, put};
use super::{number, quoted};

/// Variables that are visible at once; each use looks for its own among them.
const MOST_VARIABLES: usize = 10_000;

/// What stands in front of the commands of a pipeline.
#[derive(Default)]
struct Head {
    is_assignment: bool,
    variables: Run,
}

impl Parser<'_> {
    /// An action that is a pipeline.
    pub(super) fn action_node(&mut self, first: Item) -> Parsed<Node> {
        let pipeline = self.pipeline(first, "command", Kind::RightDelim)?;
        let command = match self.tree.commands(&pipeline) {
            [command] if pipeline.variables.is_empty() => Some(command),
            _ => None,
        };
        if let Some(command) = command
            && let [Operand::String(span)] = *self.tree.operands(command)
        {
            // Nothing else points at them.
            self.tree.operands.pop();
            self.tree.commands.pop();
            return Ok(Node::Literal(span.without_quotes()));
        }
        Ok(Node::Action(PipelineAt(put(&mut self.tree.pipelines, pipeline))))
    }

    pub(super) fn pipeline(&mut self, first: Item, context: &str, end: Kind) -> Parsed<Pipeline> {
        self.deeper(|parser| {
            let (head, mut item) = parser.declarations(first, context)?;
            let mark = parser.commands.len();
            while item.kind != end {
                if !begins_operand(item.kind) {
                    return parser.unexpected(item, context);
                }
                let command = parser.command(item)?;
                parser.commands.push(command);
                item = parser.next_non_space();
            }
            parser.check_commands(mark, context)?;
            let commands = close(&mut parser.commands, mark, &mut parser.tree.commands);
            let Head { is_assignment, variables } = head;
            Ok(Pipeline { at: first.at, is_assignment, variables, commands })
        })
    }

    /// `$x :=`, `$x =` or, in a range, `$k, $v :=`, and the item behind.
    fn declarations(&mut self, first: Item, context: &str) -> Parsed<(Head, Item)> {
        let mut head = Head::default();
        let mut variable = first;
        while variable.kind == Kind::Variable {
            let after = self.next();
            let next = if after.kind == Kind::Space { self.next_non_space() } else { after };
            match next.kind {
                Kind::Assign | Kind::Declare => {
                    head.is_assignment = next.kind == Kind::Assign;
                    self.declare(&mut head, variable)?;
                    return Ok((head, self.next_non_space()));
                }
                Kind::Char if self.text(next.span()) == "," => {
                    self.declare(&mut head, variable)?;
                    if context != "range" || head.variables.len() > 1 {
                        return self.fail(format!("too many declarations in {context}"));
                    }
                    variable = self.next_non_space();
                    if !matches!(variable.kind, Kind::Variable | Kind::RightDelim | Kind::RightParen) {
                        return self.fail("range can only initialize variables");
                    }
                }
                _ => {
                    // A space tells `$x .y` from `$x.y`.
                    self.back(next);
                    if after.kind == Kind::Space {
                        self.back(after);
                    }
                    break;
                }
            }
        }
        Ok((head, variable))
    }

    fn declare(&mut self, head: &mut Head, variable: Item) -> Parsed<()> {
        if self.scope.variables.len() >= MOST_VARIABLES {
            return self.fail(format!("more than {MOST_VARIABLES} variables"));
        }
        let name = variable.span();
        self.scope.variables.push(self.text(name));
        let place =
            put(&mut self.tree.variables, Variable { at: variable.at, name, fields: Span::default() });
        // Those of one pipeline are declared one after the other.
        let start = if head.variables.is_empty() { place } else { head.variables.start };
        head.variables = Run { start, end: place + 1 };
        Ok(())
    }

    fn check_commands(&self, mark: usize, context: &str) -> Parsed<()> {
        let commands = &self.commands[mark..];
        if commands.is_empty() {
            return self.fail(format!("missing value for {context}"));
        }
        for (index, command) in commands.iter().enumerate().skip(1) {
            let is_value = matches!(
                self.tree.operands(command).first(),
                Some(
                    Operand::Bool(..)
                        | Operand::Dot(_)
                        | Operand::Nil(_)
                        | Operand::Number(_)
                        | Operand::String(_)
                        | Operand::Quoted(_)
                )
            );
            if is_value {
                return self.fail(format!("non executable command in pipeline stage {}", index + 1));
            }
        }
        Ok(())
    }

    fn command(&mut self, first: Item) -> Parsed<Command> {
        let mark = self.operands.len();
        let mut item = first;
        loop {
            let after = match self.operand(item)? {
                Some((operand, after)) => {
                    self.operands.push(operand);
                    after
                }
                None => item,
            };
            match after.kind {
                Kind::Space => {
                    item = self.next_non_space();
                    continue;
                }
                Kind::RightDelim | Kind::RightParen => self.back(after),
                Kind::Pipe => {}
                _ => return self.unexpected(after, "operand"),
            }
            break;
        }
        if self.operands.len() == mark {
            return self.fail("empty command");
        }
        Ok(Command { at: first.at, operands: close(&mut self.operands, mark, &mut self.tree.operands) })
    }

    /// A term with the fields behind it, and the item that follows; None if the item begins no term.
    fn operand(&mut self, item: Item) -> Parsed<Option<(Operand, Item)>> {
        let Some(term) = self.term(item)? else { return Ok(None) };
        let first = self.next();
        if first.kind != Kind::Field {
            return Ok(Some((term, first)));
        }
        // Nothing stands between fields of one chain.
        let mut fields = first.span();
        let mut after = self.next();
        while after.kind == Kind::Field {
            fields.end = after.end;
            after = self.next();
        }
        let operand = match term {
            Operand::Field(_, span) => Operand::Field(first.at, Span { start: span.start, end: fields.end }),
            Operand::Variable(place) => {
                let Some(variable) = self.tree.variables.get_mut(place as usize) else { return Ok(None) };
                (variable.at, variable.fields) = (first.at, fields);
                term
            }
            Operand::Bool(..)
            | Operand::String(_)
            | Operand::Quoted(_)
            | Operand::Number(_)
            | Operand::Nil(_)
            | Operand::Dot(_) => {
                let term = go_fmt::quote(self.text(item.span()));
                return self.fail(format!("unexpected . after term {term}"));
            }
            operand @ (Operand::Function(..) | Operand::Pipeline(_) | Operand::Chain(_)) => {
                Operand::Chain(put(&mut self.tree.chains, Chain { at: first.at, operand, fields }))
            }
        };
        Ok(Some((operand, after)))
    }

    fn term(&mut self, item: Item) -> Parsed<Option<Operand>> {
        let (at, span) = (item.at, item.span());
        Ok(Some(match item.kind {
            Kind::Identifier => match self.functions.place(self.text(span)) {
                Some(function) => Operand::Function(span, function),
                None => {
                    return self.fail(format!("function {} not defined", go_fmt::quote(self.text(span))));
                }
            },
            // The fields that follow directly belong to it.
            Kind::Field => Operand::Field(at, span),
            Kind::Dot => Operand::Dot(at),
            Kind::Nil => Operand::Nil(at),
            Kind::Variable => {
                let name = self.text(span);
                if !self.scope.variables.iter().rev().any(|known| *known == name) {
                    return self.fail(format!("undefined variable {}", go_fmt::quote(name)));
                }
                let variable = Variable { at, name: span, fields: Span::default() };
                Operand::Variable(put(&mut self.tree.variables, variable))
            }
            Kind::Bool => Operand::Bool(at, self.text(span) == "true"),
            Kind::CharConstant => self.number(number::character(self.text(span)), span)?,
            Kind::Number | Kind::Complex => self.number(number::number(self.text(span)), span)?,
            Kind::LeftParen => {
                let first = self.next_non_space();
                let pipeline = self.pipeline(first, "parenthesized pipeline", Kind::RightParen)?;
                Operand::Pipeline(PipelineAt(put(&mut self.tree.pipelines, pipeline)))
            }
            Kind::String | Kind::RawString => self.string(span)?,
            _ => return Ok(None),
        }))
    }

    fn number(&mut self, number: Result<Number, String>, text: Span) -> Parsed<Operand> {
        match number {
            Ok(number) => Ok(Operand::Number(put(&mut self.tree.numbers, Number { text, ..number }))),
            Err(message) => self.fail(message),
        }
    }

    fn string(&mut self, text: Span) -> Parsed<Operand> {
        let quoted = self.text(text);
        let other = if quoted.starts_with('`') { b'\r' } else { b'\\' };
        if memchr::memchr(other, quoted.as_bytes()).is_none() {
            return Ok(Operand::String(text));
        }
        match quoted::unquote(quoted) {
            Some(bytes) => {
                let bytes = bytes.into_boxed_slice();
                Ok(Operand::Quoted(put(&mut self.tree.strings, Quoted { text, bytes })))
            }
            None => self.fail("invalid syntax"),
        }
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
