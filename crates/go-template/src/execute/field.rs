//! Fields, keys and methods of values.

use std::rc::Rc;

use super::{Frame, Got, Step};
use crate::parse::ast::Operand;
use crate::value::{MapKind, Value};

impl Frame<'_, '_> {
    /// Goes through a chain of fields; the arguments are for the last one.
    pub(super) fn fields(
        &mut self,
        operand: &Operand,
        receiver: Got,
        fields: &[Rc<str>],
        arguments: &[Value],
    ) -> Step<Got> {
        let mut receiver = receiver;
        for (index, field) in fields.iter().enumerate() {
            let arguments = if index + 1 == fields.len() { arguments } else { &[] };
            receiver = self.field(operand, &receiver, field, arguments)?;
        }
        Ok(receiver)
    }

    fn field(&mut self, operand: &Operand, receiver: &Got, name: &str, arguments: &[Value]) -> Step<Got> {
        let shown_type =
            || if receiver.is_element { "interface {}".to_owned() } else { receiver.value.type_name() };
        let no_arguments = |frame: &Self| -> Step<()> {
            if arguments.is_empty() {
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
                no_arguments(self)?;
                Ok(match (map.get(name), map.kind) {
                    (Some(value), MapKind::Strings) => Got::plain(value),
                    (None, MapKind::Strings) => Got::plain(Value::string("")),
                    (value, MapKind::Any | MapKind::Values) => Got::element(value.unwrap_or_default()),
                })
            }
            Value::Object(object) => {
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
