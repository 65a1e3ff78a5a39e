//! The expressions of cases.txt, answered by a real helm, computed here without one.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests")]

use go_template::{Body, Error, Function, Functions, Param, Value};

fn run(function: &Function, args: &[Value]) -> Result<Value, Error> {
    match function.body {
        Body::Pure(run) => run(args),
        Body::Engine(_) => panic!("not a function of its arguments alone"),
    }
}

/// A reader of expressions: calls, pipes, parentheses and literals.
struct Expression<'a> {
    rest: &'a str,
    functions: &'a Functions,
}

impl Expression<'_> {
    fn pipeline(&mut self) -> Result<Value, Error> {
        let mut value = self.command(None)?;
        while let Some(rest) = self.rest.trim_start().strip_prefix('|') {
            self.rest = rest;
            value = self.command(Some(value))?;
        }
        Ok(value)
    }

    fn word(&mut self) -> &str {
        self.rest = self.rest.trim_start();
        let end = self.rest.find([' ', ')', '|']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn command(&mut self, piped: Option<Value>) -> Result<Value, Error> {
        let name = self.word().to_owned();
        let function = self.functions.get(name.as_str()).unwrap_or_else(|| panic!("no {name}"));
        let mut args = Vec::new();
        while !self.rest.trim_start().is_empty() && !self.rest.trim_start().starts_with([')', '|']) {
            args.push(self.operand()?);
        }
        args.extend(piped);
        for (index, value) in args.iter_mut().enumerate() {
            let param = function.params.get(index).copied().or(function.variadic).unwrap();
            if let (Param::Float64, Value::Int(int)) = (param, &*value) {
                *value = Value::Float64(*int as f64);
            }
        }
        run(function, &args)
    }

    fn operand(&mut self) -> Result<Value, Error> {
        self.rest = self.rest.trim_start();
        if let Some(rest) = self.rest.strip_prefix('(') {
            self.rest = rest;
            let value = self.pipeline()?;
            self.rest = self.rest.trim_start().strip_prefix(')').unwrap();
            return Ok(value);
        }
        if let Some(rest) = self.rest.strip_prefix('"') {
            let (text, rest) = string(rest);
            self.rest = rest;
            return Ok(Value::string(text));
        }
        Ok(match self.word().to_owned().as_str() {
            "nil" => Value::Nil,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            word if word.parse::<i64>().is_ok() => Value::Int(word.parse().unwrap()),
            word if word.parse::<f64>().is_ok() => Value::Float64(word.parse().unwrap()),
            name => run(&self.functions[name], &[])?,
        })
    }
}

/// The string behind an opening quote, and what follows the closing one.
fn string(text: &str) -> (String, &str) {
    let mut out = String::new();
    let mut runes = text.chars();
    loop {
        match runes.next().unwrap() {
            '"' => return (out, runes.as_str()),
            '\\' => {
                let escape = runes.next().unwrap();
                let digits = match escape {
                    'x' => 2,
                    'u' => 4,
                    _ => 0,
                };
                let (code, rest) = runes.as_str().split_at(digits);
                runes = rest.chars();
                out.push(match escape {
                    'n' => '\n',
                    't' => '\t',
                    'x' | 'u' => char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap(),
                    other => other,
                });
            }
            rune => out.push(rune),
        }
    }
}

#[test]
fn cases_of_helm() {
    let functions = sprig::functions();
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut lines = include_str!("cases.txt").lines().filter(|line| !line.starts_with('#'));
    while let (Some(text), Some(answer)) = (lines.next(), lines.next()) {
        count += 1;
        let wanted = sprig::json::from_json(&answer[2..]).unwrap();
        let got = match (Expression { rest: text, functions: &functions }).pipeline() {
            Ok(Value::Nil) => ("= ", Value::string("<no value>")),
            Ok(value) => ("= ", run(&functions["toString"], &[value]).unwrap()),
            Err(Error(message)) => ("! ", Value::string(message)),
        };
        // helm's toJson has replaced what is not UTF-8.
        let same = sprig::json::to_json(&got.1, true, None) == sprig::json::to_json(&wanted, true, None);
        if !answer.starts_with(got.0) || !same {
            wrong.push(format!("{text}\n  helm: {answer}\n  here: {}{:?}", got.0, got.1));
        }
    }
    assert!(count > 200, "only {count} cases");
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn random_functions() {
    let functions = sprig::functions();
    let call = |name: &str, args: &[Value]| match run(&functions[name], args).unwrap() {
        Value::String(text) => text.to_str().into_owned(),
        other => panic!("{other:?}"),
    };
    for (name, length) in [("randAlpha", 20), ("randAlphaNum", 20), ("randNumeric", 20), ("randAscii", 20)] {
        assert_eq!(call(name, &[Value::Int(length)]).len(), 20);
        assert_ne!(call(name, &[Value::Int(length)]), call(name, &[Value::Int(length)]));
        assert!(sprig::is_random(name));
    }
    assert_eq!(call("uuidv4", &[]).len(), 36);
    let mut shuffled: Vec<char> = call("shuffle", &[Value::string("hello")]).chars().collect();
    shuffled.sort_unstable();
    assert_eq!(shuffled, ['e', 'h', 'l', 'l', 'o']);
}

#[test]
fn maps_are_shared() {
    let functions = sprig::functions();
    let inner = Value::map([("p".into(), Value::Int(1))]);
    let source = Value::map([("n".into(), inner.clone())]);
    run(&functions["merge"], &[Value::map([]), source.clone()]).unwrap();
    let copy = run(&functions["deepCopy"], std::slice::from_ref(&source)).unwrap();
    run(&functions["set"], &[inner, Value::string("p"), Value::Int(99)]).unwrap();
    assert_eq!(sprig::json::to_json(&source, true, None).unwrap(), r#"{"n":{"p":99}}"#);
    assert_eq!(sprig::json::to_json(&copy, true, None).unwrap(), r#"{"n":{"p":1}}"#);
}
