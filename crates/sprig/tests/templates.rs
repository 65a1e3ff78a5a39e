//! The templates of templates/*.txt, answered by a real helm, executed here without one.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::process::Command;

use go_template::{FunctionTable, Limits, Templates, Value};

/// The output of a template, or the error of the innermost function.
fn execute(template: &str) -> Result<String, String> {
    let mut templates = Templates::new(FunctionTable::new(&sprig::functions()));
    templates.parse("t", template).map_err(|error| error.to_string())?;
    match templates.execute("t", &Value::map([]), &Limits::default(), &()) {
        Ok(output) => Ok(String::from_utf8_lossy(&output).into_owned()),
        Err(error) => {
            let message = error.to_string();
            let of_call = message.rfind("error calling ").map(|at| &message[at..]);
            let text =
                of_call.and_then(|text| text.split_once(": ")).map_or(message.as_str(), |(_, text)| text);
            Err(text.rsplit_once(">: ").map_or(text, |(_, text)| text).to_owned())
        }
    }
}

fn compare_with_helm(cases: &str, least: usize) {
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut lines = cases.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    while let (Some(template), Some(answer)) = (lines.next(), lines.next()) {
        count += 1;
        let got = execute(template);
        let (Ok(text) | Err(text)) = &got;
        let json = sprig::json::to_json(&Value::string(text.as_str()), false, None).unwrap();
        let wanted = sprig::json::from_json(&answer[2..]).unwrap();
        let wanted = sprig::json::to_json(&wanted, false, None).unwrap();
        if got.is_ok() != answer.starts_with("= ") || json != wanted {
            wrong.push(format!("{template}\n  helm: {answer}\n  here: {got:?}"));
        }
    }
    assert!(count >= least, "only {count} cases");
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Runs a test again in a process whose time zone is UTC, as helm's was. Whether this is that process.
fn is_in_utc(test: &str) -> bool {
    if std::env::var_os("TZ").is_some_and(|zone| zone == "UTC") {
        return true;
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = command.args(["--exact", test]).env("TZ", "UTC").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    false
}

#[test]
fn dates_of_helm() {
    if is_in_utc("dates_of_helm") {
        compare_with_helm(include_str!("templates/dates.txt"), 100);
    }
}

#[test]
fn versions_of_helm() {
    compare_with_helm(include_str!("templates/versions.txt"), 25);
}

#[cfg(feature = "crypto")]
#[test]
fn crypto_of_helm() {
    compare_with_helm(include_str!("templates/crypto.txt"), 30);
}
