//! Dates, times and durations, as Go's package `time` has them.

mod calendar;
mod duration;
mod format;
pub mod given;
mod layout;
mod methods;
mod parse;
mod time;
mod zone;

use std::rc::Rc;

use go_template::Param::{Any, Named, String as Str};
use go_template::{Error, Value};

use self::duration::Duration;
use self::time::Time;
use self::zone::Zone;
use crate::arguments::{Entry, pure, text, value};

const TIME: &str = "time.Time";

pub(crate) fn functions() -> Vec<Entry> {
    vec![
        ("ago", pure(&[Any], None, ago)),
        ("date", pure(&[Str, Any], None, |args| shown(text(args, 0)?, value(args, 1), Zone::Local))),
        ("dateInZone", pure(&[Str, Any, Str], None, date_in_zone)),
        ("dateModify", pure(&[Str, Named(TIME)], None, date_modify)),
        ("date_in_zone", pure(&[Str, Any, Str], None, date_in_zone)),
        ("date_modify", pure(&[Str, Named(TIME)], None, date_modify)),
        ("duration", pure(&[Any], None, |args| Ok(Value::string(seconds(value(args, 0)).to_string())))),
        ("durationRound", pure(&[Any], None, duration_round)),
        ("htmlDate", pure(&[Any], None, |args| shown(HTML, value(args, 0), Zone::Local))),
        ("htmlDateInZone", pure(&[Any, Str], None, html_date_in_zone)),
        ("mustDateModify", pure(&[Str, Named(TIME)], None, must_date_modify)),
        ("mustToDate", pure(&[Str, Str], None, must_to_date)),
        ("must_date_modify", pure(&[Str, Named(TIME)], None, must_date_modify)),
        ("now", pure(&[], None, |_| Ok(object(Time::now())))),
        ("toDate", pure(&[Str, Str], None, to_date)),
        ("unixEpoch", pure(&[Named(TIME)], None, unix_epoch)),
    ]
}

/// What an HTML date field holds.
const HTML: &[u8] = b"2006-01-02";

fn object(time: Time) -> Value {
    Value::Object(Rc::new(time))
}

fn as_time(value: &Value) -> Option<&Time> {
    match value {
        Value::Object(object) => object.as_any().downcast_ref(),
        _ => None,
    }
}

fn time_argument(args: &[Value], index: usize) -> Result<&Time, Error> {
    as_time(value(args, index)).ok_or_else(|| Error::new("wrong type for value; expected time.Time"))
}

/// A time or seconds since 1970. Everything else, such as a number of a values file, is now.
fn moment(value: &Value) -> Time {
    match value {
        Value::Int(seconds) | Value::Int64(seconds) => Time::unix(*seconds),
        other => as_time(other).cloned().unwrap_or_else(Time::now),
    }
}

fn shown(layout: &[u8], value: &Value, zone: Zone) -> Result<Value, Error> {
    Ok(Value::string(moment(value).within(zone).format(layout)))
}

fn date_in_zone(args: &[Value]) -> Result<Value, Error> {
    shown(text(args, 0)?, value(args, 1), Zone::named(text(args, 2)?).unwrap_or(Zone::Utc))
}

fn html_date_in_zone(args: &[Value]) -> Result<Value, Error> {
    shown(HTML, value(args, 0), Zone::named(text(args, 1)?).unwrap_or(Zone::Utc))
}

fn date_modify(args: &[Value]) -> Result<Value, Error> {
    let time = time_argument(args, 1)?;
    Ok(object(match Duration::parse(text(args, 0)?) {
        Ok(duration) => time.plus(duration),
        Err(_) => time.clone(),
    }))
}

fn must_date_modify(args: &[Value]) -> Result<Value, Error> {
    Ok(object(time_argument(args, 1)?.plus(Duration::parse(text(args, 0)?)?)))
}

fn to_date(args: &[Value]) -> Result<Value, Error> {
    Ok(object(parse::parse(text(args, 0)?, text(args, 1)?).unwrap_or_else(|_| Time::zero())))
}

fn must_to_date(args: &[Value]) -> Result<Value, Error> {
    parse::parse(text(args, 0)?, text(args, 1)?).map(object)
}

fn unix_epoch(args: &[Value]) -> Result<Value, Error> {
    Ok(Value::string(time_argument(args, 0)?.seconds.to_string()))
}

fn ago(args: &[Value]) -> Result<Value, Error> {
    let age = Time::now().since(&moment(value(args, 0)));
    Ok(Value::string(age.rounded_to_seconds().to_string()))
}

/// A number of seconds, as text or as an `int64`. Everything else is none.
fn seconds(value: &Value) -> Duration {
    let count = match value {
        Value::Int64(count) => *count,
        Value::String(text) => duration::decimal(text.as_bytes()),
        _ => 0,
    };
    Duration(count.wrapping_mul(duration::SECOND))
}

fn duration_round(args: &[Value]) -> Result<Value, Error> {
    let duration = match value(args, 0) {
        Value::String(text) => Duration::parse(text.as_bytes()).unwrap_or(Duration(0)),
        Value::Int64(nanoseconds) => Duration(*nanoseconds),
        other => as_time(other).map_or(Duration(0), |time| Time::now().since(time)),
    };
    Ok(Value::string(duration.largest_unit()))
}
