//! Fields, keys and methods of values.

use super::{Frame, Got, Step};
use crate::function::{Body, Function, Param};
use crate::parse::ast::{Operand, Span};
use crate::value::{MapKind, Value};

/// The methods of `chartutil.Values`, for which functions are looked up.
const VALUES_METHODS: [&[u8]; 4] = [b"AsMap", b"PathValue", b"Table", b"YAML"];

/// What a field is given, evaluated only if it turns out to be a method.
pub(super) struct Given<'t, 'o> {
    pub(super) dot: &'o Got,
    pub(super) operands: &'t [Operand],
    pub(super) piped: Option<Value>,
}

impl Given<'_, '_> {
    fn is_empty(&self) -> bool {
        self.operands.is_empty() && self.piped.is_none()
    }
}

impl<'t> Frame<'t, '_, '_> {
    /// Goes through a chain of fields; the arguments are for the last one.
    pub(super) fn fields(
        &mut self,
        operand: &'t Operand,
        receiver: Got,
        fields: Span,
        given: &Given<'t, '_>,
    ) -> Step<Got> {
        let mut receiver = receiver;
        let nothing = Given { dot: given.dot, operands: &[], piped: None };
        let mut names = self.tree.fields(fields).peekable();
        while let Some(name) = names.next() {
            let given = if names.peek().is_none() { given } else { &nothing };
            receiver = self.field(operand, &receiver, name, given)?;
        }
        Ok(receiver)
    }

    /// The arguments of a method.
    fn method_arguments(
        &mut self,
        operand: &'t Operand,
        name: &str,
        params: &'static [Param],
        given: &Given<'t, '_>,
    ) -> Step<Vec<Value>> {
        let signature = Function::pure(params, None, |_| Ok(Value::Nil));
        self.count_arguments(name, operand, &signature, given.operands.len(), given.piped.is_some())?;
        self.typed_arguments(given.dot, operand, &signature, given.operands, given.piped.clone())
    }

    fn untyped_arguments(&mut self, given: &Given<'t, '_>) -> Step<Vec<Value>> {
        let mut values = Vec::with_capacity(given.operands.len() + 1);
        for operand in given.operands {
            values.push(self.operand(given.dot, operand)?.value);
        }
        values.extend(given.piped.clone());
        Ok(values)
    }

    /// A method of `chartutil.Values`, if there is one of that name.
    fn values_method(
        &mut self,
        operand: &'t Operand,
        receiver: &Got,
        name: &str,
        given: &Given<'t, '_>,
    ) -> Step<Option<Got>> {
        let qualified = format!("chartutil.Values.{name}");
        let Some(method) = self.execution.templates.functions().find(&qualified).map(|entry| entry.function)
        else {
            return Ok(None);
        };
        let params = method.params.get(1..).unwrap_or_default();
        let mut values = vec![receiver.value.clone()];
        values.extend(self.method_arguments(operand, name, params, given)?);
        let result = match method.body {
            Body::Pure(run) => run(&values),
            Body::Engine(run) => run(self.execution, &values),
        };
        match result {
            Ok(value) => Ok(Some(Got::plain(value))),
            Err(error) => self.fail_operand(operand, format!("error calling {name}: {error}")),
        }
    }

    fn field(
        &mut self,
        operand: &'t Operand,
        receiver: &Got,
        key: &[u8],
        given: &Given<'t, '_>,
    ) -> Step<Got> {
        // Nearly all receivers are maps, which need no name.
        let name = || std::str::from_utf8(key).unwrap_or_default();
        let shown_type =
            || if receiver.is_element { "interface {}".to_owned() } else { receiver.value.type_name() };
        let no_arguments = |frame: &Self| -> Step<()> {
            if given.is_empty() {
                return Ok(());
            }
            frame.fail_operand(operand, format!("{} is not a method but has arguments", name()))
        };
        match &receiver.value {
            Value::Nil if receiver.is_element => {
                let last = self.tree.last(operand);
                self.fail_last(&last, format!("nil pointer evaluating interface {{}}.{}", name()))
            }
            Value::Nil => Ok(Got::plain(Value::Nil)),
            Value::Map(map) => {
                if map.kind == MapKind::Values
                    && VALUES_METHODS.contains(&key)
                    && let Some(result) = self.values_method(operand, receiver, name(), given)?
                {
                    return Ok(result);
                }
                no_arguments(self)?;
                if let Some(trace) = &mut self.execution.trace {
                    trace.read(map, key);
                }
                Ok(match (self.execution.keys.of(map, key), map.kind) {
                    (Some(value), MapKind::Strings) => Got::plain(value),
                    (None, MapKind::Strings) => Got::plain(Value::string("")),
                    (value, MapKind::Any | MapKind::Values) => Got::element(value.unwrap_or_default()),
                })
            }
            Value::Object(object) => {
                let name = name();
                let arguments = &match object.method(name) {
                    Some(params) => self.method_arguments(operand, name, params, given)?,
                    None => self.untyped_arguments(given)?,
                };
                if let Some(result) = object.call(name, arguments) {
                    self.execution.count_call(&self.template.name, arguments, result.as_ref().ok())?;
                    return match result {
                        Ok(value) => Ok(Got::plain(value)),
                        Err(error) => self.fail_operand(operand, format!("error calling {name}: {error}")),
                    };
                }
                if let Some(value) = object.field(name) {
                    if object.kind() != "map" && !given.is_empty() {
                        let message = format!("{name} has arguments but cannot be invoked as function");
                        return self.fail_operand(operand, message);
                    }
                    no_arguments(self)?;
                    return Ok(Got::plain(value));
                }
                if object.kind() == "map" {
                    return Ok(Got::plain(Value::Nil));
                }
                let message = format!("can't evaluate field {name} in type {}", shown_type());
                self.fail_last(&self.tree.last(operand), message)
            }
            _ => {
                let message = format!("can't evaluate field {} in type {}", name(), shown_type());
                self.fail_last(&self.tree.last(operand), message)
            }
        }
    }
}
