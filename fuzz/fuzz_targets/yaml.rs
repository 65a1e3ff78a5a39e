//! Reads any bytes as YAML, on the general way and on that for plainly written texts, which have to agree, and
//! reads back what it writes.
#![no_main]

use std::borrow::Cow;

use go_yaml::plain::{Visitor, visit};
use go_yaml::{Data, Limits, Node, Value, Writer};
use libfuzzer_sys::fuzz_target;

/// What is told, one line each.
#[derive(Default)]
struct Told(Vec<String>);

impl Visitor for Told {
    fn begin_mapping(&mut self) {
        self.0.push("{".to_owned());
    }

    fn key(&mut self, name: &str, offset: usize) {
        self.0.push(format!("{offset} {name:?}"));
    }

    fn begin_sequence(&mut self) {
        self.0.push("[".to_owned());
    }

    fn end(&mut self) {
        self.0.push("end".to_owned());
    }

    fn scalar(&mut self, text: Cow<'_, str>, value: Value) {
        self.0.push(scalar(&text, value));
    }
}

fn scalar(text: &str, value: Value) -> String {
    if value == Value::String { format!("{text:?}") } else { format!("{value:?}") }
}

fn tell(node: &Node, told: &mut Told) {
    match &node.data {
        Data::Scalar(found) => told.scalar(Cow::Borrowed(&found.text), found.value),
        Data::Sequence(items) => {
            told.begin_sequence();
            items.iter().for_each(|item| tell(item, told));
            told.end();
        }
        Data::Mapping(entries) => {
            told.begin_mapping();
            for entry in entries {
                told.key(&entry.key.name, entry.key.span.start.offset);
                tell(&entry.value, told);
            }
            told.end();
        }
    }
}

fn write(node: &Node, writer: &mut Writer) {
    match &node.data {
        Data::Scalar(found) => match found.value {
            Value::Null => writer.null(),
            Value::Bool(value) => writer.bool(value),
            Value::Int(value) => writer.int(value),
            Value::UInt(value) => writer.uint(value),
            Value::Float(_) | Value::String => writer.string(&found.text),
        },
        Data::Sequence(items) => {
            writer.begin_sequence();
            items.iter().for_each(|item| write(item, writer));
            writer.end();
        }
        Data::Mapping(entries) => {
            writer.begin_mapping();
            for entry in entries {
                writer.key(&entry.key.name);
                write(&entry.value, writer);
            }
            writer.end();
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let strict = go_yaml::read(bytes, &limits);
    let nodes = go_yaml::read_last_of_equal_keys(bytes, &limits);
    let mut told = Told::default();
    if visit(bytes, &limits, &mut told) {
        let nodes = nodes.as_ref().expect("the general way accepts what the fast way does");
        assert_eq!(nodes.len(), 1);
        // Equal keys are told one by one.
        if strict.is_ok() {
            let mut general = Told::default();
            tell(&nodes[0], &mut general);
            assert_eq!(told.0, general.0);
        }
    }
    for node in strict.into_iter().flatten() {
        let mut writer = Writer::new(Some(80));
        write(&node, &mut writer);
        let text = writer.finish();
        // Go cannot read the merge key that it writes bare, nor every key of several lines.
        if !text.contains("<<") && !text.contains('?') {
            let _ = go_yaml::read(text.as_bytes(), &limits);
        }
    }
});
