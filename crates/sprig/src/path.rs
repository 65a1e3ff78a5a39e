//! Slash-separated paths. Those of the operating system are the same: helm runs on Linux here.

use go_template::Param::String as Str;
use go_template::Value;

use crate::arguments::{Entry, pure, text};

pub(crate) fn functions() -> Vec<Entry> {
    let base = pure(&[Str], None, |args| Ok(Value::string(base(text(args, 0)?))));
    let clean = pure(&[Str], None, |args| Ok(Value::string(clean(text(args, 0)?))));
    let dir = pure(&[Str], None, |args| Ok(Value::string(dir(text(args, 0)?))));
    let ext = pure(&[Str], None, |args| Ok(Value::string(ext(text(args, 0)?))));
    let is_abs = pure(&[Str], None, |args| Ok(Value::Bool(text(args, 0)?.starts_with(b"/"))));
    vec![
        ("base", base),
        ("clean", clean),
        ("dir", dir),
        ("ext", ext),
        ("isAbs", is_abs),
        ("osBase", base),
        ("osClean", clean),
        ("osDir", dir),
        ("osExt", ext),
        ("osIsAbs", is_abs),
    ]
}

fn base(path: &[u8]) -> &[u8] {
    if path.is_empty() {
        return b".";
    }
    let end = path.iter().rposition(|byte| *byte != b'/').map_or(0, |last| last + 1);
    let start = path[..end].iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    if start == end { b"/" } else { &path[start..end] }
}

fn dir(path: &[u8]) -> Vec<u8> {
    let end = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    clean(&path[..end])
}

fn ext(path: &[u8]) -> &[u8] {
    for (at, byte) in path.iter().enumerate().rev() {
        match byte {
            b'/' => break,
            b'.' => return &path[at..],
            _ => {}
        }
    }
    b""
}

/// The shortest name of the same file, by the text alone.
fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => {
                parts.pop();
            }
            b".." if rooted => {}
            _ => parts.push(part),
        }
    }
    let mut result = if rooted { b"/".to_vec() } else { Vec::new() };
    result.extend(parts.join(&b'/'));
    if result.is_empty() { b".".to_vec() } else { result }
}
