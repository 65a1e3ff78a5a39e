//! Reading TOML.

use std::rc::Rc;

use go_template::{List, Text, Value};
use toml::Spanned;
use toml::de::{DeArray, DeFloat, DeInteger, DeTable, DeValue};
use toml::value::{Datetime, Offset};

/// A document as a map; what is wrong with it under the key `Error`.
pub(super) fn decode(text: &str) -> Value {
    let problem = match DeTable::parse(text) {
        Ok(table) => match (Decoder { text }).map(table.get_ref()) {
            Ok(map) => return map,
            Err(message) => message,
        },
        Err(error) => {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = 1 + before.bytes().filter(|byte| *byte == b'\n').count();
            format!("toml: line {line}: {}", error.message())
        }
    };
    Value::map([(Text::from("Error"), Value::string(problem))])
}

/// The name that Go gives to a table, as the type of a list's items.
const TABLE: &str = "map[string]interface {}";

struct Decoder<'a> {
    text: &'a str,
}

impl Decoder<'_> {
    fn map(&self, table: &DeTable<'_>) -> Result<Value, String> {
        let entries: Result<Vec<_>, String> = table
            .iter()
            .map(|(name, item)| Ok((Text::from(name.get_ref().as_ref()), self.value(item.get_ref())?)))
            .collect();
        Ok(Value::map(entries?))
    }

    fn value(&self, value: &DeValue<'_>) -> Result<Value, String> {
        Ok(match value {
            DeValue::String(text) => Value::string(text.as_ref()),
            DeValue::Integer(number) => integer(number)?,
            DeValue::Float(number) => float(number)?,
            DeValue::Boolean(value) => Value::Bool(*value),
            DeValue::Datetime(datetime) => time(datetime),
            DeValue::Array(items) => {
                let list: Result<Vec<_>, _> = items.iter().map(|item| self.value(item.get_ref())).collect();
                let item = if self.has_headers(items) { TABLE } else { "interface {}" };
                Value::List(Rc::new(List { item, items: list? }))
            }
            DeValue::Table(table) => self.map(table)?,
        })
    }

    /// Whether the items are tables below headers in double brackets. Those alone do not begin with a brace.
    fn has_headers(&self, items: &DeArray<'_>) -> bool {
        let is_below_header = |item: &Spanned<DeValue<'_>>| {
            item.get_ref().is_table() && self.text.as_bytes().get(item.span().start) != Some(&b'{')
        };
        !items.is_empty() && items.iter().all(is_below_header)
    }
}

fn integer(number: &DeInteger<'_>) -> Result<Value, String> {
    let out_of_range = || format!("toml: {number} is out of range for int64");
    i64::from_str_radix(number.as_str(), number.radix()).map(Value::Int64).map_err(|_| out_of_range())
}

fn float(number: &DeFloat<'_>) -> Result<Value, String> {
    let out_of_range = || format!("toml: {number} is out of range for float64");
    number.as_str().parse().map(Value::Float64).map_err(|_| out_of_range())
}

/// Go has one type for all four of TOML; the names of its zones tell them apart.
fn time(datetime: &Datetime) -> Value {
    let date =
        datetime.date.map_or((0, 1, 1), |date| (i64::from(date.year), date.month.into(), date.day.into()));
    let clock = datetime.time.map_or((0, 0, 0), |time| {
        (time.hour.into(), time.minute.into(), time.second.unwrap_or_default().into())
    });
    let nanosecond = datetime.time.and_then(|time| time.nanosecond).unwrap_or_default();
    let zone = match datetime {
        Datetime { offset: Some(Offset::Z), .. } => sprig::time::Zone::Utc,
        Datetime { offset: Some(Offset::Custom { minutes }), .. } => {
            sprig::time::Zone::Offset(i64::from(*minutes) * 60)
        }
        Datetime { date: None, .. } => sprig::time::Zone::Local("time-local"),
        Datetime { time: None, .. } => sprig::time::Zone::Local("date-local"),
        _ => sprig::time::Zone::Local("datetime-local"),
    };
    sprig::time::value(date, clock, nanosecond, zone)
}
