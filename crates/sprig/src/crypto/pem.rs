//! PEM, as Go reads and writes it: text around a block is passed over, and so are headers in it.

use data_encoding::BASE64;

pub(super) struct Block {
    pub(super) label: String,
    pub(super) bytes: Vec<u8>,
}

/// The first block that is whole.
pub(super) fn decode(text: &[u8]) -> Option<Block> {
    let text = String::from_utf8_lossy(text);
    let mut lines = text.lines().map(str::trim_end);
    while let Some(line) = lines.next() {
        let Some(label) = line.strip_prefix("-----BEGIN ").and_then(|line| line.strip_suffix("-----")) else {
            continue;
        };
        let end = format!("-----END {label}-----");
        let (mut base64, mut is_whole) = (String::new(), false);
        for line in lines.clone() {
            if line == end {
                is_whole = true;
                break;
            }
            if !line.contains(':') {
                base64.extend(line.split_ascii_whitespace());
            }
        }
        if let (true, Ok(bytes)) = (is_whole, BASE64.decode(base64.as_bytes())) {
            return Some(Block { label: label.to_owned(), bytes });
        }
    }
    None
}

pub(super) fn encode(label: &str, bytes: &[u8]) -> String {
    const WIDTH: usize = 64;
    let base64 = BASE64.encode(bytes);
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(WIDTH));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}
