//! `range`

use super::{Flow, Frame, Got, Step};
use crate::parse::ast::Branch;
use crate::print;
use crate::value::Value;

/// What `range` walks over: indices or keys, and items.
type Items<'a> = Box<dyn Iterator<Item = (Value, Got)> + 'a>;

impl<'t> Frame<'t, '_, '_> {
    pub(super) fn range(&mut self, dot: &Got, branch: &'t Branch) -> Step<Flow> {
        let outer = self.variables.len();
        let value = self.pipeline(dot, &branch.pipeline)?;
        // The items of a map are copied first.
        let copied = if let Value::Map(map) = &value { map.entries().len() / 8 } else { 0 };
        self.steps(copied as u64)?;
        let mut is_empty = true;
        for (index, item) in self.items(branch, &value)? {
            is_empty = false;
            if self.once(branch, index, item)? == Flow::Break {
                break;
            }
        }
        let flow = match branch.otherwise {
            Some(otherwise) if is_empty => self.nodes(dot, otherwise)?,
            _ => Flow::Next,
        };
        self.variables.truncate(outer);
        Ok(flow)
    }

    fn items<'v>(&self, branch: &Branch, value: &'v Value) -> Step<Items<'v>> {
        Ok(match value {
            Value::Nil => Box::new(std::iter::empty()),
            Value::List(list) => {
                let is_element = list.item == "interface {}";
                let items = list.items.iter().map(move |item| Got { value: item.clone(), is_element });
                Box::new((0..).map(Value::Int).zip(items))
            }
            Value::Map(map) => {
                // The body may change the map.
                let entries: Vec<_> =
                    map.entries().iter().map(|(key, item)| (key.clone(), item.clone())).collect();
                Box::new(entries.into_iter().map(|(key, item)| (Value::String(key), Got::element(item))))
            }
            Value::Bytes(bytes) => {
                let items = bytes.iter().map(|byte| Got::plain(Value::Int(i64::from(*byte))));
                Box::new((0..).map(Value::Int).zip(items))
            }
            Value::Object(object) if let Some(entries) = object.entries() => {
                let is_list = object.kind() == "slice";
                Box::new((0..).zip(entries).map(move |(index, (name, item))| {
                    let key = if is_list { Value::Int(index) } else { Value::String(name) };
                    (key, Got::plain(item))
                }))
            }
            Value::Int(_) | Value::Int64(_) | Value::Uint64(_) if branch.pipeline.variables.len() > 1 => {
                let shown = self.shown(value)?;
                let message = format!("can't use {shown} to iterate over more than one variable");
                return self.fail_range(branch, message);
            }
            Value::Int(end) => numbers(0..*end, Value::Int),
            Value::Int64(end) => numbers(0..*end, Value::Int64),
            Value::Uint64(end) => numbers(0..*end, Value::Uint64),
            other => {
                let shown = self.shown(other)?;
                return self.fail_range(branch, format!("range can't iterate over {shown}"));
            }
        })
    }

    fn shown(&self, value: &Value) -> Step<String> {
        match print::to_text(value) {
            Ok(text) => Ok(text.to_str().into_owned()),
            Err(error) => self.exceeded(&error.0),
        }
    }

    fn fail_range<T>(&self, branch: &Branch, message: String) -> Step<T> {
        self.fail_last(&self.tree.last_of(&branch.pipeline), message)
    }

    /// The body for one item.
    fn once(&mut self, branch: &'t Branch, index: Value, item: Got) -> Step<Flow> {
        // The body may have no nodes, and a number no end.
        self.steps(1)?;
        let mark = self.variables.len();
        let pipeline = &branch.pipeline;
        let variables = self.tree.declared(pipeline);
        let index = Got::plain(index);
        if pipeline.is_assignment {
            let tree = self.tree;
            match variables {
                [value] => self.assign(pipeline, tree.bytes(value.name), item.clone())?,
                [key, value, ..] => {
                    self.assign(pipeline, tree.bytes(key.name), index)?;
                    self.assign(pipeline, tree.bytes(value.name), item.clone())?;
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
        let flow = self.nodes(&item, branch.body)?;
        self.variables.truncate(mark);
        Ok(flow)
    }
}

fn numbers<T>(numbers: std::ops::Range<T>, value: fn(T) -> Value) -> Items<'static>
where
    std::ops::Range<T>: Iterator<Item = T> + 'static,
    T: 'static,
{
    Box::new(numbers.map(move |number| (Value::Nil, Got::plain(value(number)))))
}
