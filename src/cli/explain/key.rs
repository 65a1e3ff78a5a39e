//! From a key of the config to what it drives.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::json;

use super::origin::Keys;
use super::{Format, lines, unknown};
use crate::cli::{print, print_json};
use crate::config::nearest;
use crate::config::path::Path;
use crate::provenance::Stand;

pub(super) fn explain(target: &str, stand: &Stand, keys: &Keys, output: Format) -> anyhow::Result<ExitCode> {
    let path = Path::parse(target).unwrap_or_default();
    let Some(description) = stand.trials.description(&path) else {
        let known: Vec<_> = stand.trials.keys().iter().map(ToString::to_string).collect();
        let help = nearest(target, known.iter().map(String::as_str)).map_or_else(
            || {
                "a key is written as in `replicas.prometheus`, an object as in `StatefulSet/thanos-store`"
                    .to_owned()
            },
            |near| format!("did you mean {near}?"),
        );
        return Ok(unknown(&format!("there is no key {target}"), &[help]));
    };
    let below: Vec<_> = stand.trials.keys().into_iter().filter(|key| key.starts_with(&path)).collect();
    let mut driven = Vec::new();
    let mut stuck = Vec::new();
    for (key, found) in below.iter().zip(stand.driven(&below, None)?) {
        match found {
            Some(found) => driven.extend(found),
            None => stuck.push(key.to_string()),
        }
    }
    let (value, default) = (keys.value(&path), keys.default(&path));
    if output == Format::Json {
        print_json(&json!({
            "key": target,
            "description": description,
            "value": value,
            "default": default,
            "origin": keys.origin_json(&path),
            "drives": driven,
            "notVaried": stuck,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = format!("{target}: {description}\n");
    let shown = value.map_or("none".to_owned(), ToString::to_string);
    let _ = match (keys.place(&path), default) {
        (Some(place), Some(default)) => writeln!(text, "value: {shown} ({place}; default: {default})\n"),
        (Some(place), None) => writeln!(text, "value: {shown} ({place})\n"),
        (None, _) => writeln!(text, "value: {shown} ({})\n", keys.origin(&path)),
    };
    let found = driven.iter().map(|one| (one.object.clone(), one.field.clone()));
    text.push_str(&lines(found));
    if driven.is_empty() {
        text.push_str("no object depends on it with this config\n");
    }
    if !stuck.is_empty() {
        let _ = writeln!(text, "\nnot varied, since this config allows no other value: {}", stuck.join(", "));
    }
    print(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
