//! `toToml` and `fromToml`.

mod decode;
mod encode;

use go_template::{Error, Function, Param, Value};

use super::text;

pub(super) fn functions() -> [(&'static str, Function); 2] {
    [
        (
            "toToml",
            Function::pure(&[Param::Any], None, |arguments| match arguments.first() {
                None | Some(Value::Nil) => {
                    Err(Error::new("reflect: call of reflect.Value.Type on zero Value"))
                }
                Some(value) => Ok(Value::string(encode::encode(value))),
            }),
        ),
        (
            "fromToml",
            Function::pure(&[Param::String], None, |arguments| Ok(decode::decode(&text(arguments, 0)))),
        ),
    ]
}
