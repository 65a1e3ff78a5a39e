//! Addresses of Services in arguments and configuration files.

use super::Data;
use super::parts::Parts;

/// The workloads whose Services a text has addresses of, and what goes there.
pub(super) fn of(configuration: &str, parts: &Parts) -> Vec<(usize, Data)> {
    let mut found = Vec::new();
    for service in &parts.services {
        let address = service.address.as_str();
        for (at, _) in configuration.match_indices(address) {
            if is_whole(configuration, at, address.len(), true) {
                let data = data(configuration, at);
                found.extend(parts.behind(service).into_iter().map(|target| (target, data)));
            }
        }
    }
    found
}

/// Whether a text has a name as a word of its own.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    !name.is_empty() && text.match_indices(name).any(|(at, _)| is_whole(text, at, name.len(), false))
}

/// Whether what is found is no part of a longer name. Before an address may be a pod (`prometheus-0.prometheus-operated`)
/// or a port (`_grpc._tcp.`), after it `.svc` and more.
fn is_whole(text: &str, at: usize, length: usize, is_address: bool) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let (before, after) = (&text[..at], &text[at + length..]);
    let begins = !before.ends_with(|c| is_name(c) || (!is_address && c == '.'));
    let ends = match after.strip_prefix('.') {
        Some(rest) => is_address && rest.starts_with("svc"),
        None => !after.starts_with(is_name),
    };
    begins && ends
}

/// What goes to an address, by the path of its URL. In nginx's configuration the path is a line before it.
fn data(text: &str, at: usize) -> Data {
    let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let from = text[..line].trim_end().rfind('\n').map_or(0, |at| at + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    let window = &text[from..end];
    let own = &text[at..end];
    if own.contains("/api/v1/write") {
        Data::RemoteWrite
    } else if own.contains("/loki/api/v1/push") || (window.contains("location") && window.contains("push")) {
        Data::Logs
    } else {
        Data::Query
    }
}
