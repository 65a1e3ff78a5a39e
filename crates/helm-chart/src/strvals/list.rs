//! Lists that grow where they are set.

use go_template::Value;

use crate::error::Error;

const MAX_INDEX: i64 = 65_536;

/// Sets an item; nulls fill what is between.
pub(super) fn set_item(list: &mut Vec<Value>, index: i64, value: Value) -> Result<(), Error> {
    if index > MAX_INDEX {
        return Err(Error::new(format!(
            "index of {index} is greater than maximum supported index of {MAX_INDEX}"
        )));
    }
    let index = usize::try_from(index).map_err(|_| negative(index))?;
    if list.len() <= index {
        list.resize(index + 1, Value::Nil);
    }
    if let Some(item) = list.get_mut(index) {
        *item = value;
    }
    Ok(())
}

pub(super) fn negative(index: i64) -> Error {
    Error::new(format!("negative {index} index not allowed"))
}

/// The list that a value is, or Go's complaint that it is none.
pub(super) fn as_list(value: &Value) -> Result<Vec<Value>, Error> {
    match value {
        Value::List(list) => Ok(list.items.clone()),
        other => Err(not_a(other, "[]interface {}")),
    }
}

pub(super) fn not_a(value: &Value, wanted: &str) -> Error {
    let got = match value {
        Value::Nil => "nil".to_owned(),
        other => other.type_name(),
    };
    Error::new(format!("unable to parse key: interface conversion: interface {{}} is {got}, not {wanted}"))
}
