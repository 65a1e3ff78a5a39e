//! `range`

use std::rc::Rc;

use super::{Flow, Frame, Got, Step};
use crate::parse::ast::Branch;
use crate::print;
use crate::value::Value;

impl Frame<'_, '_> {
    pub(super) fn range(&mut self, dot: &Got, branch: &Branch) -> Step<Flow> {
        let outer = self.variables.len();
        let value = self.pipeline(dot, &branch.pipeline)?;
        let has_two = branch.pipeline.variables.len() > 1;
        let mut count = 0;
        match &value {
            Value::Nil => {}
            Value::List(list) => {
                let list = Rc::clone(list);
                for (index, item) in list.items.iter().enumerate() {
                    count += 1;
                    #[allow(clippy::cast_possible_wrap)]
                    let index = Value::Int(index as i64);
                    let item = if list.item == "interface {}" {
                        Got::element(item.clone())
                    } else {
                        Got::plain(item.clone())
                    };
                    if self.once(branch, index, item)? == Flow::Break {
                        break;
                    }
                }
            }
            Value::Map(map) => {
                // The body may change the map.
                let entries: Vec<_> =
                    map.entries().iter().map(|(key, value)| (key.clone(), value.clone())).collect();
                for (key, value) in entries {
                    count += 1;
                    if self.once(branch, Value::String(key), Got::element(value))? == Flow::Break {
                        break;
                    }
                }
            }
            Value::Object(object) if object.entries().is_some() => {
                let is_list = object.kind() == "slice";
                for (index, (key, value)) in object.entries().unwrap_or_default().into_iter().enumerate() {
                    count += 1;
                    #[allow(clippy::cast_possible_wrap)]
                    let key = if is_list { Value::Int(index as i64) } else { Value::String(key) };
                    if self.once(branch, key, Got::plain(value))? == Flow::Break {
                        break;
                    }
                }
            }
            Value::Bytes(bytes) => {
                for (index, byte) in bytes.iter().enumerate() {
                    count += 1;
                    #[allow(clippy::cast_possible_wrap)]
                    let index = Value::Int(index as i64);
                    if self.once(branch, index, Got::plain(Value::Int(i64::from(*byte))))? == Flow::Break {
                        break;
                    }
                }
            }
            Value::Int(_) | Value::Int64(_) | Value::Uint64(_) => {
                if has_two {
                    let shown = self.shown(&value)?;
                    return self.fail_range(
                        branch,
                        format!("can't use {shown} to iterate over more than one variable"),
                    );
                }
                let end = match value {
                    Value::Int(end) | Value::Int64(end) => u64::try_from(end).unwrap_or_default(),
                    Value::Uint64(end) => end,
                    _ => 0,
                };
                for number in 0..end {
                    count += 1;
                    #[allow(clippy::cast_possible_wrap)]
                    let number = match value {
                        Value::Int64(_) => Value::Int64(number as i64),
                        Value::Uint64(_) => Value::Uint64(number),
                        _ => Value::Int(number as i64),
                    };
                    if self.once(branch, Value::Nil, Got::plain(number))? == Flow::Break {
                        break;
                    }
                }
            }
            other => {
                let shown = self.shown(other)?;
                return self.fail_range(branch, format!("range can't iterate over {shown}"));
            }
        }
        let flow = match &branch.otherwise {
            Some(otherwise) if count == 0 => self.nodes(dot, otherwise)?,
            _ => Flow::Next,
        };
        self.variables.truncate(outer);
        Ok(flow)
    }

    fn shown(&self, value: &Value) -> Step<String> {
        match print::to_text(value) {
            Ok(text) => Ok(text.to_str().into_owned()),
            Err(error) => self.exceeded(&error.0),
        }
    }

    fn fail_range<T>(&self, branch: &Branch, message: String) -> Step<T> {
        let last = branch.pipeline.last();
        self.fail(last.at(), &last, message)
    }

    /// The body for one item.
    fn once(&mut self, branch: &Branch, index: Value, item: Got) -> Step<Flow> {
        let mark = self.variables.len();
        let variables = &branch.pipeline.variables;
        let index = Got::plain(index);
        if branch.pipeline.is_assignment {
            let last = branch.pipeline.last();
            match variables.as_slice() {
                [value] => self.assign(&last, &value.name, item.clone())?,
                [key, value, ..] => {
                    self.assign(&last, &key.name, index)?;
                    self.assign(&last, &value.name, item.clone())?;
                }
                [] => {}
            }
        } else {
            let mut slots = self.variables.iter_mut().rev();
            if !variables.is_empty()
                && let Some((_, slot)) = slots.next()
            {
                *slot = item.clone();
            }
            if variables.len() > 1
                && let Some((_, slot)) = slots.next()
            {
                *slot = index;
            }
        }
        let flow = self.nodes(&item, &branch.body)?;
        self.variables.truncate(mark);
        Ok(flow)
    }
}
