//! Times, durations, months and weekdays as templates see them.

use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

use go_template::{Error, Object, Value};

use super::calendar::{Date, MONTHS, WEEKDAYS, weekday};
use super::duration::Duration;
use super::time::{Civil, Time};
use super::zone::Zone;
use super::{TIME, as_time, object};
use crate::arguments::value;
use crate::methods::{count, wrong_type};

type Called = Option<Result<Value, Error>>;

impl Object for Time {
    fn type_name(&self) -> &str {
        TIME
    }

    fn kind(&self) -> &str {
        "struct"
    }

    fn print(&self) -> String {
        self.shown()
    }

    fn field(&self, _: &str) -> Option<Value> {
        None
    }

    fn call(&self, method: &str, arguments: &[Value]) -> Called {
        self.part(method, arguments).or_else(|| self.relation(method, arguments))
    }

    fn to_plain(&self) -> Value {
        Value::string(self.format(b"2006-01-02T15:04:05.999999999Z07:00"))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Time {
    /// The methods without arguments.
    fn part(&self, method: &str, arguments: &[Value]) -> Called {
        let Civil { date, hour, minute, second, nanosecond } = self.civil();
        let unix = |unit: i128| Value::Int64((self.total_nanoseconds().div_euclid(unit)) as i64);
        let value = match method {
            "Day" => Value::Int(date.day),
            "Hour" => Value::Int(hour),
            "IsZero" => Value::Bool(self.total_nanoseconds() == Time::zero().total_nanoseconds()),
            "Local" => object(self.within(Zone::Local)),
            "Minute" => Value::Int(minute),
            "Month" => named(Named::Month(date.month)),
            "Nanosecond" => Value::Int(i64::from(nanosecond)),
            "Second" => Value::Int(second),
            "String" => Value::string(self.shown()),
            "UTC" => object(self.within(Zone::Utc)),
            "Unix" => Value::Int64(self.seconds),
            "UnixMicro" => unix(1_000),
            "UnixMilli" => unix(1_000_000),
            "UnixNano" => unix(1),
            "Weekday" => named(Named::Weekday(weekday(self.days()))),
            "Year" => Value::Int(date.year),
            "YearDay" => Value::Int(date.day_of_year()),
            _ => return None,
        };
        Some(count(method, arguments, 0).map(|()| value))
    }

    /// The methods with arguments.
    fn relation(&self, method: &str, arguments: &[Value]) -> Called {
        let other = || {
            count(method, arguments, 1)?;
            as_time(value(arguments, 0)).ok_or_else(|| wrong_type(TIME, value(arguments, 0)))
        };
        let compared = |test: fn(Ordering) -> bool| {
            let order = |other: &Time| self.total_nanoseconds().cmp(&other.total_nanoseconds());
            other().map(|other| Value::Bool(test(order(other))))
        };
        Some(match method {
            "After" => compared(Ordering::is_gt),
            "Before" => compared(Ordering::is_lt),
            "Equal" => compared(Ordering::is_eq),
            "Compare" => other()
                .map(|other| Value::Int(self.total_nanoseconds().cmp(&other.total_nanoseconds()) as i64)),
            "Sub" => other().map(|other| named(Named::Duration(self.since(other)))),
            "Add" => count(method, arguments, 1).and_then(|()| {
                let duration = match value(arguments, 0) {
                    Value::Object(object) => object.as_any().downcast_ref::<Named>(),
                    _ => None,
                };
                match duration {
                    Some(Named::Duration(duration)) => Ok(object(self.plus(*duration))),
                    // A literal would do in Go, and is an int here.
                    _ => match value(arguments, 0) {
                        Value::Int(nanoseconds) => Ok(object(self.plus(Duration(*nanoseconds)))),
                        other => Err(wrong_type("time.Duration", other)),
                    },
                }
            }),
            "AddDate" => count(method, arguments, 3).and_then(|()| {
                let [years, months, days] = [0, 1, 2].map(|index| match value(arguments, index) {
                    Value::Int(number) => Ok(*number),
                    other => Err(wrong_type("int", other)),
                });
                Ok(object(self.plus_date(years?, months?, days?)))
            }),
            "Format" => count(method, arguments, 1).and_then(|()| match value(arguments, 0) {
                Value::String(layout) => Ok(Value::string(self.format(layout.as_bytes()))),
                other => Err(wrong_type("string", other)),
            }),
            _ => return None,
        })
    }

    fn plus_date(&self, years: i64, months: i64, days: i64) -> Time {
        let civil = self.civil();
        let date = Date {
            year: civil.date.year.saturating_add(years),
            month: civil.date.month.saturating_add(months),
            day: civil.date.day.saturating_add(days),
        };
        Time::at(Civil { date, ..civil }, self.zone.clone())
    }
}

/// Numbers with names of package `time`.
#[derive(Clone, Copy, Debug)]
enum Named {
    Duration(Duration),
    Month(i64),
    Weekday(usize),
}

fn named(number: Named) -> Value {
    Value::Object(Rc::new(number))
}

impl Object for Named {
    fn type_name(&self) -> &str {
        match self {
            Named::Duration(_) => "time.Duration",
            Named::Month(_) => "time.Month",
            Named::Weekday(_) => "time.Weekday",
        }
    }

    fn kind(&self) -> &str {
        if matches!(self, Named::Duration(_)) { "int64" } else { "int" }
    }

    fn print(&self) -> String {
        match self {
            Named::Duration(duration) => duration.to_string(),
            Named::Month(month) => MONTHS[(*month - 1) as usize].to_owned(),
            Named::Weekday(day) => WEEKDAYS[*day].to_owned(),
        }
    }

    fn field(&self, _: &str) -> Option<Value> {
        None
    }

    fn call(&self, method: &str, arguments: &[Value]) -> Called {
        let value = match (self, method) {
            (_, "String") => Value::string(self.print()),
            (Named::Duration(duration), "Hours") => Value::Float64(duration.0 as f64 / 3.6e12),
            (Named::Duration(duration), "Minutes") => Value::Float64(duration.0 as f64 / 6e10),
            (Named::Duration(duration), "Seconds") => Value::Float64(duration.0 as f64 / 1e9),
            (Named::Duration(duration), "Milliseconds") => Value::Int64(duration.0 / 1_000_000),
            (Named::Duration(duration), "Microseconds") => Value::Int64(duration.0 / 1_000),
            (Named::Duration(duration), "Nanoseconds") => Value::Int64(duration.0),
            _ => return None,
        };
        Some(count(method, arguments, 0).map(|()| value))
    }

    fn to_plain(&self) -> Value {
        match self {
            Named::Duration(duration) => Value::Int64(duration.0),
            Named::Month(month) => Value::Int(*month),
            Named::Weekday(day) => Value::Int(*day as i64),
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
