//! Fields, keys and methods of values.

use std::rc::Rc;

use super::{Frame, Got, Step};
use crate::function::{Body, Function, Param};
use crate::parse::ast::Operand;
use crate::value::{MapKind, Value};

/// The methods of `chartutil.Values`, for which functions are looked up.
const VALUES_METHODS: [&str; 4] = ["AsMap", "PathValue", "Table", "YAML"];

/// What a field is given, evaluated only if it turns out to be a method.
pub(super) struct Given<'o> {
    pub(super) dot: &'o Got,
    pub(super) operands: &'o [Operand],
    pub(super) piped: Option<Value>,
}

impl Given<'_> {
    fn is_empty(&self) -> bool {
        self.operands.is_empty() && self.piped.is_none()
    }
}

impl Frame<'_, '_> {
    /// Goes through a chain of fields; the arguments are for the last one.
    pub(super) fn fields(
        &mut self,
        operand: &Operand,
        receiver: Got,
        fields: &[Rc<str>],
        given: &Given<'_>,
    ) -> Step<Got> {
        let mut receiver = receiver;
        let nothing = Given { dot: given.dot, operands: &[], piped: None };
        for (index, field) in fields.iter().enumerate() {
            let given = if index + 1 == fields.len() { given } else { &nothing };
            receiver = self.field(operand, &receiver, field, given)?;
        }
        Ok(receiver)
    }

    /// The arguments of a method.
    fn method_arguments(
        &mut self,
        operand: &Operand,
        name: &str,
        params: &'static [Param],
        given: &Given<'_>,
    ) -> Step<Vec<Value>> {
        let signature = Function::pure(params, None, |_| Ok(Value::Nil));
        self.count_arguments(name, operand, &signature, given.operands.len(), given.piped.is_some())?;
        self.typed_arguments(given.dot, operand, &signature, given.operands, given.piped.clone())
    }

    fn untyped_arguments(&mut self, given: &Given<'_>) -> Step<Vec<Value>> {
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
        operand: &Operand,
        receiver: &Got,
        name: &str,
        given: &Given<'_>,
    ) -> Step<Option<Got>> {
        let qualified = format!("chartutil.Values.{name}");
        let Some(method) = self.execution.templates.functions().get(qualified.as_str()).copied() else {
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
            Err(error) => self.fail(operand.at(), operand, format!("error calling {name}: {error}")),
        }
    }

    fn field(&mut self, operand: &Operand, receiver: &Got, name: &str, given: &Given<'_>) -> Step<Got> {
        let shown_type =
            || if receiver.is_element { "interface {}".to_owned() } else { receiver.value.type_name() };
        let no_arguments = |frame: &Self| -> Step<()> {
            if given.is_empty() {
                return Ok(());
            }
            frame.fail(operand.at(), operand, format!("{name} is not a method but has arguments"))
        };
        match &receiver.value {
            Value::Nil if receiver.is_element => {
                let last = operand.last();
                self.fail(last.at(), &last, format!("nil pointer evaluating interface {{}}.{name}"))
            }
            Value::Nil => Ok(Got::plain(Value::Nil)),
            Value::Map(map) => {
                if map.kind == MapKind::Values
                    && VALUES_METHODS.contains(&name)
                    && let Some(result) = self.values_method(operand, receiver, name, given)?
                {
                    return Ok(result);
                }
                no_arguments(self)?;
                Ok(match (map.get(name), map.kind) {
                    (Some(value), MapKind::Strings) => Got::plain(value),
                    (None, MapKind::Strings) => Got::plain(Value::string("")),
                    (value, MapKind::Any | MapKind::Values) => Got::element(value.unwrap_or_default()),
                })
            }
            Value::Object(object) => {
                let arguments = &match object.method(name) {
                    Some(params) => self.method_arguments(operand, name, params, given)?,
                    None => self.untyped_arguments(given)?,
                };
                if let Some(result) = object.call(name, arguments) {
                    self.execution.count_call(&self.template.name, arguments, result.as_ref().ok())?;
                    return match result {
                        Ok(value) => Ok(Got::plain(value)),
                        Err(error) => {
                            self.fail(operand.at(), operand, format!("error calling {name}: {error}"))
                        }
                    };
                }
                if let Some(value) = object.field(name) {
                    if object.kind() != "map" && !given.is_empty() {
                        let message = format!("{name} has arguments but cannot be invoked as function");
                        return self.fail(operand.at(), operand, message);
                    }
                    no_arguments(self)?;
                    return Ok(Got::plain(value));
                }
                if object.kind() == "map" {
                    return Ok(Got::plain(Value::Nil));
                }
                let message = format!("can't evaluate field {name} in type {}", shown_type());
                let last = operand.last();
                self.fail(last.at(), &last, message)
            }
            _ => {
                let message = format!("can't evaluate field {name} in type {}", shown_type());
                let last = operand.last();
                self.fail(last.at(), &last, message)
            }
        }
    }
}
