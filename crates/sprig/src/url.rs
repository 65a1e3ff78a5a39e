//! `urlParse` and `urlJoin`: Go's `net/url`.

use std::net::Ipv6Addr;

use go_template::Param::{Map as Dict, String as Str};
use go_template::{Error, Map, Text, Value};

use crate::arguments::{Entry, map, nil_pointer, pure, text};
use crate::url_escape::{Part, escape, unescape};

pub(crate) fn functions() -> Vec<Entry> {
    vec![("urlJoin", pure(&[Dict], None, join)), ("urlParse", pure(&[Str], None, split))]
}

#[derive(Default)]
struct Url {
    scheme: Vec<u8>,
    user: Option<User>,
    host: Vec<u8>,
    path: Vec<u8>,
    query: Vec<u8>,
    opaque: Vec<u8>,
    fragment: Vec<u8>,
}

struct User {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

impl User {
    fn print(&self) -> Vec<u8> {
        let mut text = escape(&self.name, Part::User);
        if let Some(password) = &self.password {
            text.push(b':');
            text.extend(escape(password, Part::User));
        }
        text
    }
}

fn split(args: &[Value]) -> Result<Value, Error> {
    let url = parse(text(args, 0)?).map_err(|problem| Error(format!("unable to parse url: {problem}")))?;
    let userinfo = url.user.as_ref().map(User::print).unwrap_or_default();
    let hostname = hostname(&url.host).to_vec();
    let entries = [
        ("scheme", url.scheme),
        ("host", url.host),
        ("hostname", hostname),
        ("path", url.path),
        ("query", url.query),
        ("opaque", url.opaque),
        ("fragment", url.fragment),
        ("userinfo", userinfo),
    ];
    Ok(Value::map(entries.map(|(name, part)| (Text::from(name), Value::string(part)))))
}

fn join(args: &[Value]) -> Result<Value, Error> {
    let Some(parts) = map(args, 0)? else { return Ok(Value::string("")) };
    let scheme = part(&parts, "scheme")?;
    let host = part(&parts, "host")?;
    let path = part(&parts, "path")?;
    let query = part(&parts, "query")?;
    let opaque = part(&parts, "opaque")?;
    let fragment = part(&parts, "fragment")?;
    let userinfo = part(&parts, "userinfo")?;
    let user = if userinfo.is_empty() {
        None
    } else {
        let whole = [b"proto://", userinfo.as_slice(), b"@host"].concat();
        let problem = |problem| Error(format!("unable to parse userinfo in dict: {problem}"));
        parse(&whole).map_err(problem)?.user
    };
    Ok(Value::string(print(&Url { scheme, user, host, path, query, opaque, fragment })))
}

fn part(parts: &Map, name: &str) -> Result<Vec<u8>, Error> {
    match parts.get(name) {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(text.as_bytes().to_vec()),
        Some(Value::Nil) => Err(nil_pointer()),
        Some(other) => {
            let kind = other.kind();
            Err(Error(format!("unable to parse {name} key, must be of type string, but {kind} found")))
        }
    }
}

/// `URL.String`
fn print(url: &Url) -> Vec<u8> {
    let mut text = Vec::new();
    if !url.scheme.is_empty() {
        text.extend_from_slice(&url.scheme);
        text.push(b':');
    }
    if url.opaque.is_empty() {
        if !url.host.is_empty() || url.user.is_some() || (!url.scheme.is_empty() && !url.path.is_empty()) {
            text.extend_from_slice(b"//");
        }
        if let Some(user) = &url.user {
            text.extend(user.print());
            text.push(b'@');
        }
        text.extend(escape(&url.host, Part::Host));
        let path = if url.path == b"*" { b"*".to_vec() } else { escape(&url.path, Part::Path) };
        if !path.is_empty() && path[0] != b'/' && !url.host.is_empty() {
            text.push(b'/');
        }
        // What stands before a colon would be read as a scheme.
        if text.is_empty() && path.split(|byte| *byte == b'/').next().is_some_and(|part| part.contains(&b':'))
        {
            text.extend_from_slice(b"./");
        }
        text.extend(path);
    } else {
        text.extend_from_slice(&url.opaque);
    }
    if !url.query.is_empty() {
        text.push(b'?');
        text.extend_from_slice(&url.query);
    }
    if !url.fragment.is_empty() {
        text.push(b'#');
        text.extend(escape(&url.fragment, Part::Fragment));
    }
    text
}

/// What stands before a byte, and what follows it.
fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|byte| *byte == at) {
        Some(position) => (&text[..position], Some(&text[position + 1..])),
        None => (text, None),
    }
}

fn quote(text: &[u8]) -> String {
    go_fmt::quote(&String::from_utf8_lossy(text))
}

/// `url.Parse`
fn parse(text: &[u8]) -> Result<Url, String> {
    let (whole, fragment) = cut(text, b'#');
    let mut url =
        parse_before_fragment(whole).map_err(|problem| format!("parse {}: {problem}", quote(whole)))?;
    url.fragment = unescape(fragment.unwrap_or_default(), Part::Fragment)
        .map_err(|problem| format!("parse {}: {problem}", quote(text)))?;
    Ok(url)
}

fn parse_before_fragment(text: &[u8]) -> Result<Url, String> {
    let mut url = Url::default();
    if text.iter().any(u8::is_ascii_control) {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    if text == b"*" {
        url.path = text.to_vec();
        return Ok(url);
    }
    let (scheme, rest) = scheme(text)?;
    url.scheme = scheme.to_ascii_lowercase();
    let (mut rest, query) = cut(rest, b'?');
    url.query = query.unwrap_or_default().to_vec();
    if !rest.starts_with(b"/") {
        if !url.scheme.is_empty() {
            url.opaque = rest.to_vec();
            return Ok(url);
        }
        if cut(rest, b'/').0.contains(&b':') {
            return Err("first path segment in URL cannot contain colon".to_owned());
        }
    }
    if let Some(authority) = rest.strip_prefix(b"//")
        && (!url.scheme.is_empty() || !authority.starts_with(b"/"))
    {
        let end = authority.iter().position(|byte| *byte == b'/').unwrap_or(authority.len());
        rest = &authority[end..];
        (url.user, url.host) = parse_authority(&url.scheme, &authority[..end])?;
    }
    url.path = unescape(rest, Part::Path)?;
    Ok(url)
}

/// `getScheme`
fn scheme(text: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Ok((b"", text))
}

fn parse_authority(scheme: &[u8], authority: &[u8]) -> Result<(Option<User>, Vec<u8>), String> {
    let Some(at) = authority.iter().rposition(|byte| *byte == b'@') else {
        return Ok((None, parse_host(scheme, authority)?));
    };
    let host = parse_host(scheme, &authority[at + 1..])?;
    let userinfo = &authority[..at];
    let is_valid = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !userinfo.iter().all(is_valid) {
        return Err("net/url: invalid userinfo".to_owned());
    }
    let (name, password) = cut(userinfo, b':');
    let name = unescape(name, Part::User)?;
    let password = password.map(|password| unescape(password, Part::User)).transpose()?;
    Ok((Some(User { name, password }), host))
}

fn is_optional_port(text: &[u8]) -> bool {
    text.is_empty() || text.strip_prefix(b":").is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
}

fn parse_host(scheme: &[u8], host: &[u8]) -> Result<Vec<u8>, String> {
    let bad_port = |port: &[u8]| Err(format!("invalid port {} after host", quote(port)));
    match host.iter().rposition(|byte| *byte == b'[') {
        Some(0) => {
            let Some(close) = host.iter().rposition(|byte| *byte == b']') else {
                return Err("missing ']' in host".to_owned());
            };
            let port = &host[close + 1..];
            if !is_optional_port(port) {
                return bad_port(port);
            }
            let name = &host[1..close];
            let zone = name.windows(3).position(|bytes| bytes == b"%25").unwrap_or(name.len());
            let mut unescaped = unescape(&name[..zone], Part::Host)?;
            unescaped.extend(unescape(&name[zone..], Part::Zone)?);
            check_address(&unescaped)?;
            Ok([b"[", unescaped.as_slice(), b"]", port].concat())
        }
        Some(_) => Err("invalid IP-literal".to_owned()),
        None => {
            let first = host.iter().position(|byte| *byte == b':');
            let last = host.iter().rposition(|byte| *byte == b':');
            // Lists of hosts with ports are no URLs, but databases use them.
            let at = if matches!(scheme, b"http" | b"https") { first } else { last };
            match at {
                Some(at) if !is_optional_port(&host[at..]) => bad_port(&host[at..]),
                _ => unescape(host, Part::Host),
            }
        }
    }
}

/// Within brackets only an IPv6 address is allowed.
fn check_address(text: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(text);
    let quoted = go_fmt::quote(&text);
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone)),
        None => (text.as_ref(), None),
    };
    if address.parse::<std::net::Ipv4Addr>().is_ok() && zone.is_none() {
        return Err("invalid IP-literal".to_owned());
    }
    if zone == Some("") {
        return Err(format!("invalid host: ParseAddr({quoted}): zone must be a non-empty string"));
    }
    match address.parse::<Ipv6Addr>() {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("invalid host: ParseAddr({quoted}): unable to parse IP")),
    }
}

fn hostname(host: &[u8]) -> &[u8] {
    let name = match host.iter().rposition(|byte| *byte == b':') {
        Some(colon) if is_optional_port(&host[colon..]) => &host[..colon],
        _ => host,
    };
    name.strip_prefix(b"[").and_then(|name| name.strip_suffix(b"]")).unwrap_or(name)
}
