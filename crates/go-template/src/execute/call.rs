//! Commands: functions with their arguments, and everything else that has a value.

use super::field::Given;
use super::{Frame, Got, MOST_NOTED, Noted, Step};
use crate::function::{Body, Entry, Function, Param};
use crate::parse::ast::{Command, Number, Operand, Position, Tree};
use crate::value::Value;

impl<'t> Frame<'t, '_, '_> {
    /// The value of a command, which is given that of the one before.
    pub(super) fn command(&mut self, dot: &Got, command: &'t Command, piped: Option<Value>) -> Step<Got> {
        let tree = self.tree;
        let Some((first, arguments)) = tree.operands(command).split_first() else {
            return Ok(Got::plain(Value::Nil));
        };
        match *first {
            Operand::Function(_, place) => {
                self.function(dot, place, first, Called::Command(command), arguments, piped)
            }
            Operand::Field(_, fields) => {
                self.fields(first, dot.clone(), fields, &Given { dot, operands: arguments, piped })
            }
            Operand::Chain(chain) => {
                let chain = tree.chain(chain);
                let receiver = self.chain_receiver(dot, first, &chain.operand)?;
                self.fields(first, receiver, chain.fields, &Given { dot, operands: arguments, piped })
            }
            Operand::Variable(variable) => {
                let variable = tree.variable(variable);
                let value = self.variable(first, variable.name)?;
                if variable.fields.is_empty() {
                    self.not_a_function(first, arguments, piped.as_ref())?;
                    return Ok(value);
                }
                self.fields(first, value, variable.fields, &Given { dot, operands: arguments, piped })
            }
            Operand::Pipeline(pipeline) => Ok(Got::plain(self.pipeline(dot, tree.pipeline(pipeline))?)),
            Operand::Nil(_) => {
                self.not_a_function(first, arguments, piped.as_ref())?;
                self.fail_operand(first, "nil is not a command")
            }
            _ => {
                self.not_a_function(first, arguments, piped.as_ref())?;
                self.operand(dot, first)
            }
        }
    }

    fn not_a_function(&self, first: &Operand, arguments: &[Operand], piped: Option<&Value>) -> Step<()> {
        if arguments.is_empty() && piped.is_none() {
            return Ok(());
        }
        let message = format!("can't give argument to non-function {}", self.tree.shown(first));
        self.fail_operand(first, message)
    }

    fn chain_receiver(&mut self, dot: &Got, chain: &Operand, inner: &'t Operand) -> Step<Got> {
        match inner {
            Operand::Nil(_) => {
                let message = format!("indirection through explicit nil in {}", self.tree.shown(chain));
                self.fail_operand(chain, message)
            }
            inner => self.operand(dot, inner),
        }
    }

    /// The value of an operand that is no command of its own.
    pub(super) fn operand(&mut self, dot: &Got, operand: &'t Operand) -> Step<Got> {
        let tree = self.tree;
        let nothing = Given { dot, operands: &[], piped: None };
        Ok(match *operand {
            Operand::Function(_, place) => {
                self.function(dot, place, operand, Called::Operand(operand), &[], None)?
            }
            Operand::Field(_, fields) => self.fields(operand, dot.clone(), fields, &nothing)?,
            Operand::Variable(variable) => {
                let variable = tree.variable(variable);
                let value = self.variable(operand, variable.name)?;
                self.fields(operand, value, variable.fields, &nothing)?
            }
            Operand::Chain(chain) => {
                let chain = tree.chain(chain);
                let receiver = self.chain_receiver(dot, operand, &chain.operand)?;
                self.fields(operand, receiver, chain.fields, &nothing)?
            }
            Operand::Pipeline(pipeline) => Got::plain(self.pipeline(dot, tree.pipeline(pipeline))?),
            Operand::Dot(_) => dot.clone(),
            Operand::Nil(_) => Got::plain(Value::Nil),
            Operand::Bool(_, value) => Got::plain(Value::Bool(value)),
            Operand::Number(number) => match constant(tree, tree.number(number)) {
                Some(value) => Got::plain(value),
                None => {
                    let message = format!("{} overflows int", tree.shown(operand));
                    return self.fail_operand(operand, message);
                }
            },
            Operand::String(span) => Got::plain(Value::string(tree.bytes(span.without_quotes()))),
            Operand::Quoted(string) => Got::plain(Value::string(&*tree.quoted(string).bytes)),
        })
    }

    fn function(
        &mut self,
        dot: &Got,
        place: u32,
        first: &'t Operand,
        called: Called<'t>,
        arguments: &'t [Operand],
        piped: Option<Value>,
    ) -> Step<Got> {
        let Some(Entry { name, function, is_builtin }) =
            self.execution.templates.functions().at(place).copied()
        else {
            // The text was parsed with another table.
            let name = go_fmt::quote(&self.tree.shown(first).to_string());
            return self.fail_operand(first, format!("{name} is not a defined function"));
        };
        self.count_arguments(name, first, &function, arguments.len(), piped.is_some())?;
        if is_builtin && (name == "and" || name == "or") {
            return self.short_circuit(dot, name == "or", arguments, piped);
        }
        let values = self.typed_arguments(dot, first, &function, arguments, piped)?;
        if function.is_noted {
            self.note(name, self.tree.at(first));
        }
        if let Some(trace) = &mut self.execution.trace {
            trace.called(&values);
        }
        let result = match function.body {
            Body::Pure(run) => run(&values),
            Body::Engine(run) => run(self.execution, &values),
        };
        self.execution.count_call(&self.template.name, &values, result.as_ref().ok())?;
        match result {
            Ok(value) => Ok(Got::plain(value)),
            Err(error) => {
                let mut message = error.to_string();
                if is_builtin {
                    message = self.builtin_message(dot, name, arguments, &values, message)?;
                }
                let message = format!("error calling {name}: {message}");
                match called {
                    Called::Command(command) => self.fail(command.at, &self.tree.shown(command), message),
                    Called::Operand(operand) => self.fail_operand(operand, message),
                }
            }
        }
    }

    fn note(&mut self, name: &str, at: Position) {
        let noted = Noted::new(name, self.template, at);
        let known = &mut self.execution.noted;
        if known.len() < MOST_NOTED && !known.contains(&noted) {
            known.push(noted);
        }
    }

    pub(super) fn count_arguments(
        &self,
        name: &str,
        first: &Operand,
        function: &Function,
        given: usize,
        is_piped: bool,
    ) -> Step<()> {
        let wanted = function.params.len();
        let all = given + usize::from(is_piped);
        let message = if function.variadic.is_some() {
            if all >= wanted {
                return Ok(());
            }
            format!("wrong number of args for {name}: want at least {wanted} got {given}")
        } else {
            if all == wanted {
                return Ok(());
            }
            format!("wrong number of args for {name}: want {wanted} got {all}")
        };
        self.fail_operand(first, message)
    }

    /// The arguments, each of the type of its parameter.
    pub(super) fn typed_arguments(
        &mut self,
        dot: &Got,
        first: &'t Operand,
        function: &Function,
        arguments: &'t [Operand],
        piped: Option<Value>,
    ) -> Step<Vec<Value>> {
        let mut values = Vec::with_capacity(arguments.len() + 1);
        for (index, argument) in arguments.iter().enumerate() {
            let param = param_at(function, index);
            values.push(self.argument(dot, argument, param)?);
        }
        if let Some(piped) = piped {
            let param = param_at(function, values.len());
            // Go is still at the last operand that it evaluated.
            let last = arguments.last().unwrap_or(first);
            values.push(self.checked(last, Got::plain(piped), param)?);
        }
        Ok(values)
    }

    /// What Go's functions say that know how their arguments were written.
    fn builtin_message(
        &mut self,
        dot: &Got,
        name: &str,
        arguments: &'t [Operand],
        values: &[Value],
        message: String,
    ) -> Step<String> {
        let first = arguments.first();
        Ok(match (name, values.first()) {
            ("len", Some(Value::Nil)) => {
                let is_element = match first {
                    Some(operand) => self.operand(dot, operand)?.is_element,
                    None => false,
                };
                if is_element {
                    message
                } else {
                    "reflect: call of reflect.Value.Type on zero Value".to_owned()
                }
            }
            ("call", Some(value)) => {
                let callee = match (first, value) {
                    (Some(operand), _) => self.tree.shown(operand).to_string(),
                    (None, Value::String(text)) => text.to_str().into_owned(),
                    (None, value) => format!("<{} Value>", value.type_name()),
                };
                message.replacen("non-function", &format!("non-function {callee}"), 1)
            }
            _ => message,
        })
    }

    /// `and` and `or` return the operand that decides, and leave those behind it alone.
    fn short_circuit(
        &mut self,
        dot: &Got,
        is_or: bool,
        arguments: &'t [Operand],
        piped: Option<Value>,
    ) -> Step<Got> {
        let mut value = Value::Nil;
        for argument in arguments {
            value = self.argument(dot, argument, Param::Any)?;
            if value.is_true() == is_or {
                return Ok(Got::plain(value));
            }
        }
        Ok(Got::plain(piped.unwrap_or(value)))
    }

    /// The value of an argument, of the type that the parameter has.
    fn argument(&mut self, dot: &Got, operand: &'t Operand, param: Param) -> Step<Value> {
        let expected = |frame: &Self, what: &str| {
            let shown = frame.tree.shown(operand);
            frame.fail_operand(operand, format!("expected {what}; found {shown}"))
        };
        match operand {
            Operand::Nil(_) => match param {
                Param::Any | Param::Map | Param::List => Ok(Value::Nil),
                Param::Named(name) if name.starts_with(['*', '[', 'm', 'r']) => Ok(Value::Nil),
                _ => self.fail_operand(operand, format!("cannot assign nil to {}", param.type_name())),
            },
            Operand::Bool(..) | Operand::Number(_) | Operand::String(_) | Operand::Quoted(_) => {
                match (param, operand) {
                    (Param::Any, _) | (Param::String, Operand::String(_) | Operand::Quoted(_)) => {
                        Ok(self.operand(dot, operand)?.value)
                    }
                    (Param::String, _) => expected(self, "string"),
                    (Param::Bool, Operand::Bool(_, value)) => Ok(Value::Bool(*value)),
                    (Param::Bool, _) => expected(self, "bool"),
                    (Param::Int, Operand::Number(number)) => match self.tree.number(*number).int {
                        Some(int) => Ok(Value::Int(int)),
                        None => expected(self, "integer"),
                    },
                    (Param::Int64, Operand::Number(number)) => match self.tree.number(*number).int {
                        Some(int) => Ok(Value::Int64(int)),
                        None => expected(self, "integer"),
                    },
                    (Param::Int | Param::Int64, _) => expected(self, "integer"),
                    (Param::Float64, Operand::Number(number)) => match self.tree.number(*number).float {
                        Some(float) => Ok(Value::Float64(float)),
                        None => expected(self, "float"),
                    },
                    (Param::Float64, _) => expected(self, "float"),
                    (Param::Map | Param::List | Param::Named(_), _) => {
                        let shown = self.tree.shown(operand);
                        let message = format!("can't handle {shown} for arg of type {}", param.type_name());
                        self.fail_operand(operand, message)
                    }
                }
            }
            _ => {
                let value = self.operand(dot, operand)?;
                self.checked(operand, value, param)
            }
        }
    }

    /// A value, if it is of a parameter's type: `validateType`.
    fn checked(&self, operand: &Operand, got: Got, param: Param) -> Step<Value> {
        let fits = match (param, &got.value) {
            (Param::Any, _) => true,
            (Param::Map | Param::List, Value::Nil) => !got.is_element,
            (Param::String, Value::String(_))
            | (Param::Bool, Value::Bool(_))
            | (Param::Int, Value::Int(_))
            | (Param::Int64, Value::Int64(_))
            | (Param::Float64, Value::Float64(_)) => true,
            (Param::Map, Value::Map(map)) => map.kind != crate::value::MapKind::Strings,
            (Param::List, Value::List(list)) => list.item == "interface {}",
            (Param::Named(name), value) => value.type_name() == name,
            _ => false,
        };
        if fits {
            return Ok(got.value);
        }
        let expected = param.type_name();
        let message = match (&got.value, got.is_element) {
            (Value::Nil, false) => format!("invalid value; expected {expected}"),
            (Value::Nil, true) => format!("wrong type for value; expected {expected}; got interface {{}}"),
            (value, _) => format!("wrong type for value; expected {expected}; got {}", value.type_name()),
        };
        self.fail_last(&self.tree.last(operand), message)
    }
}

/// A call as it is written.
enum Called<'a> {
    Command(&'a Command),
    Operand(&'a Operand),
}

fn param_at(function: &Function, index: usize) -> Param {
    function.params.get(index).copied().or(function.variadic).unwrap_or(Param::Any)
}

/// `idealConstant`: a float if it is written as one, else an int.
fn constant(tree: &Tree, number: &Number) -> Option<Value> {
    let text = tree.str(number.text);
    let is_hex = matches!(text.as_bytes(), [b'0', b'x' | b'X', ..]) && !text.contains(['p', 'P']);
    if !is_hex && !text.starts_with('\'') && text.contains(['.', 'e', 'E', 'p', 'P']) {
        return number.float.map(Value::Float64);
    }
    number.int.map(Value::Int)
}
