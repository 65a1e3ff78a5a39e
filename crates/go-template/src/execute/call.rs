//! Commands: functions with their arguments, and everything else that has a value.

use super::field::Given;
use super::{Frame, Got, MOST_NOTED, Noted, Step};
use crate::builtin;
use crate::function::{Body, Function, Param};
use crate::parse::ast::{Command, Number, Operand, Position};
use crate::value::Value;

impl Frame<'_, '_> {
    /// The value of a command, which is given that of the one before.
    pub(super) fn command(&mut self, dot: &Got, command: &Command, piped: Option<Value>) -> Step<Got> {
        let Some((first, arguments)) = command.operands.split_first() else {
            return Ok(Got::plain(Value::Nil));
        };
        match first {
            Operand::Function(_, name) => {
                self.function(dot, name, first, Called::Command(command), arguments, piped)
            }
            Operand::Field(_, fields) => {
                self.fields(first, dot.clone(), fields, &Given { dot, operands: arguments, piped })
            }
            Operand::Chain(_, chain) => {
                let receiver = self.chain_receiver(dot, first, &chain.operand)?;
                self.fields(first, receiver, &chain.fields, &Given { dot, operands: arguments, piped })
            }
            Operand::Variable(variable) => {
                let value = self.variable(first, &variable.name)?;
                if variable.fields.is_empty() {
                    self.not_a_function(first, arguments, piped.as_ref())?;
                    return Ok(value);
                }
                self.fields(first, value, &variable.fields, &Given { dot, operands: arguments, piped })
            }
            Operand::Pipeline(pipeline) => Ok(Got::plain(self.pipeline(dot, pipeline)?)),
            Operand::Nil(at) => {
                self.not_a_function(first, arguments, piped.as_ref())?;
                self.fail(*at, first, "nil is not a command")
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
        self.fail(first.at(), first, format!("can't give argument to non-function {first}"))
    }

    fn chain_receiver(&mut self, dot: &Got, chain: &Operand, inner: &Operand) -> Step<Got> {
        match inner {
            Operand::Nil(_) => {
                self.fail(chain.at(), chain, format!("indirection through explicit nil in {chain}"))
            }
            inner => self.operand(dot, inner),
        }
    }

    /// The value of an operand that is no command of its own.
    pub(super) fn operand(&mut self, dot: &Got, operand: &Operand) -> Step<Got> {
        let nothing = Given { dot, operands: &[], piped: None };
        Ok(match operand {
            Operand::Function(_, name) => {
                self.function(dot, name, operand, Called::Operand(operand), &[], None)?
            }
            Operand::Field(_, fields) => self.fields(operand, dot.clone(), fields, &nothing)?,
            Operand::Variable(variable) => {
                let value = self.variable(operand, &variable.name)?;
                self.fields(operand, value, &variable.fields, &nothing)?
            }
            Operand::Chain(_, chain) => {
                let receiver = self.chain_receiver(dot, operand, &chain.operand)?;
                self.fields(operand, receiver, &chain.fields, &nothing)?
            }
            Operand::Pipeline(pipeline) => Got::plain(self.pipeline(dot, pipeline)?),
            Operand::Dot(_) => dot.clone(),
            Operand::Nil(_) => Got::plain(Value::Nil),
            Operand::Bool(_, value) => Got::plain(Value::Bool(*value)),
            Operand::Number(at, number) => match constant(number) {
                Some(value) => Got::plain(value),
                None => return self.fail(*at, operand, format!("{} overflows int", number.text)),
            },
            Operand::String(_, quoted) => Got::plain(Value::String(quoted.literal.to_text())),
        })
    }

    fn function(
        &mut self,
        dot: &Got,
        name: &str,
        first: &Operand,
        called: Called<'_>,
        arguments: &[Operand],
        piped: Option<Value>,
    ) -> Step<Got> {
        let (function, is_builtin) = match self.execution.templates.functions().get(name) {
            Some(function) => (*function, false),
            None => match builtin::find(name) {
                Some(function) => (function, true),
                None => {
                    let name = go_fmt::quote(name);
                    return self.fail(first.at(), first, format!("{name} is not a defined function"));
                }
            },
        };
        self.count_arguments(name, first, &function, arguments.len(), piped.is_some())?;
        if is_builtin && (name == "and" || name == "or") {
            return self.short_circuit(dot, name == "or", arguments, piped);
        }
        let values = self.typed_arguments(dot, first, &function, arguments, piped)?;
        if function.is_noted {
            self.note(name, first.at());
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
                self.fail(called.at(), &called, format!("error calling {name}: {message}"))
            }
        }
    }

    fn note(&mut self, name: &str, at: Position) {
        let noted = Noted::new(name, &self.template, at);
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
        self.fail(first.at(), first, message)
    }

    /// The arguments, each of the type of its parameter.
    pub(super) fn typed_arguments(
        &mut self,
        dot: &Got,
        first: &Operand,
        function: &Function,
        arguments: &[Operand],
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
        arguments: &[Operand],
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
                    (Some(operand), _) => operand.to_string(),
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
        arguments: &[Operand],
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
    fn argument(&mut self, dot: &Got, operand: &Operand, param: Param) -> Step<Value> {
        let expected = |frame: &Self, what: &str| {
            frame.fail(operand.at(), operand, format!("expected {what}; found {operand}"))
        };
        match operand {
            Operand::Nil(_) => match param {
                Param::Any | Param::Map | Param::List => Ok(Value::Nil),
                Param::Named(name) if name.starts_with(['*', '[', 'm', 'r']) => Ok(Value::Nil),
                _ => self.fail(operand.at(), operand, format!("cannot assign nil to {}", param.type_name())),
            },
            Operand::Bool(..) | Operand::Number(..) | Operand::String(..) => match (param, operand) {
                (Param::Any, _) => Ok(self.operand(dot, operand)?.value),
                (Param::String, Operand::String(_, quoted)) => Ok(Value::String(quoted.literal.to_text())),
                (Param::String, _) => expected(self, "string"),
                (Param::Bool, Operand::Bool(_, value)) => Ok(Value::Bool(*value)),
                (Param::Bool, _) => expected(self, "bool"),
                (Param::Int, Operand::Number(_, number)) => match number.int {
                    Some(int) => Ok(Value::Int(int)),
                    None => expected(self, "integer"),
                },
                (Param::Int64, Operand::Number(_, number)) => match number.int {
                    Some(int) => Ok(Value::Int64(int)),
                    None => expected(self, "integer"),
                },
                (Param::Int | Param::Int64, _) => expected(self, "integer"),
                (Param::Float64, Operand::Number(_, number)) => match number.float {
                    Some(float) => Ok(Value::Float64(float)),
                    None => expected(self, "float"),
                },
                (Param::Float64, _) => expected(self, "float"),
                (Param::Map | Param::List | Param::Named(_), _) => {
                    let message = format!("can't handle {operand} for arg of type {}", param.type_name());
                    self.fail(operand.at(), operand, message)
                }
            },
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
        let last = operand.last();
        self.fail(last.at(), &last, message)
    }
}

/// A call as it is written.
enum Called<'a> {
    Command(&'a Command),
    Operand(&'a Operand),
}

impl Called<'_> {
    fn at(&self) -> Position {
        match self {
            Called::Command(command) => command.at,
            Called::Operand(operand) => operand.at(),
        }
    }
}

impl std::fmt::Display for Called<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Called::Command(command) => command.fmt(f),
            Called::Operand(operand) => operand.fmt(f),
        }
    }
}

fn param_at(function: &Function, index: usize) -> Param {
    function.params.get(index).copied().or(function.variadic).unwrap_or(Param::Any)
}

/// `idealConstant`: a float if it is written as one, else an int.
fn constant(number: &Number) -> Option<Value> {
    let text = number.text.as_bytes();
    let is_hex = matches!(text, [b'0', b'x' | b'X', ..]) && !number.text.contains(['p', 'P']);
    let is_rune = text.first() == Some(&b'\'');
    if !is_hex && !is_rune && number.text.contains(['.', 'e', 'E', 'p', 'P']) {
        return number.float.map(Value::Float64);
    }
    number.int.map(Value::Int)
}
