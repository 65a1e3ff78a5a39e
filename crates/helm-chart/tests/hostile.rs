//! Archives that must be refused, and directories with odd files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use helm_chart::Chart;
use tar::{Builder, EntryType, Header};

const METADATA: &[u8] = b"apiVersion: v2\nname: c\nversion: 1.0.0\n";

struct Packer(Builder<GzEncoder<Vec<u8>>>);

impl Packer {
    fn new() -> Self {
        Packer(Builder::new(GzEncoder::new(Vec::new(), Compression::fast())))
    }

    fn with_metadata() -> Self {
        Packer::new().add("c/Chart.yaml", METADATA)
    }

    fn add(self, name: &str, data: &[u8]) -> Self {
        self.add_as(EntryType::Regular, name, data)
    }

    /// Writes the name into the header as it is: the library would refuse it.
    fn add_as(self, kind: EntryType, name: &str, data: &[u8]) -> Self {
        self.add_bytes(kind, name.as_bytes(), data)
    }

    fn add_bytes(mut self, kind: EntryType, name: &[u8], data: &[u8]) -> Self {
        let mut header = Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        header.set_entry_type(kind);
        header.set_size(data.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        self.0.append(&header, data).unwrap();
        self
    }

    fn finish(self) -> Vec<u8> {
        self.0.into_inner().unwrap().finish().unwrap()
    }
}

fn load(archive: &[u8]) -> Result<Chart, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("c.tgz");
    std::fs::write(&path, archive).unwrap();
    Chart::load(&path).map_err(|error| error.to_string())
}

#[track_caller]
fn refused(archive: &[u8], message: &str) {
    match load(archive) {
        Ok(_) => panic!("it was loaded"),
        Err(error) => assert!(error.contains(message), "{error}"),
    }
}

#[test]
fn a_harmless_archive_is_loaded() {
    let archive = Packer::with_metadata()
        .add("c/./a//b.txt", b"\xEF\xBB\xBFb")
        .add("c/templates/x.yaml", b"x")
        .finish();
    let chart = load(&archive).unwrap();
    assert_eq!(chart.files[0].name, "a/b.txt");
    assert_eq!(&**chart.files[0].content.read().unwrap(), b"b");
    assert_eq!(chart.templates[0].name, "templates/x.yaml");
}

#[test]
fn paths_that_lead_out_are_refused() {
    for (name, message) in [
        ("c/../../etc/passwd", "chart illegally references parent directory"),
        ("c/..", "chart illegally references parent directory"),
        ("c/a/../../x", "chart illegally references parent directory"),
        ("c//etc/passwd", "chart illegally contains absolute paths"),
        ("c\\..\\..\\x", "a zero byte or a backslash"),
        ("c/C:/x", "chart contains illegally named files"),
        ("Chart.yaml", "chart illegally contains content outside the base directory"),
        ("Chart.yaml/x", "chart yaml not in base directory"),
    ] {
        refused(&Packer::with_metadata().add(name, b"x").finish(), message);
    }
}

#[test]
fn names_that_mean_different_files_to_others_are_refused() {
    let twice = |second: &str| Packer::with_metadata().add("c/a/x", b"1").add(second, b"2").finish();
    refused(&twice("c/a/x"), "chart contains \"a/x\" twice");
    refused(&twice("c/./a//x"), "chart contains \"a/x\" twice");
    refused(&twice("c/b\\x"), "a zero byte or a backslash");
    refused(
        &Packer::with_metadata().add("c/Chart.yaml", b"").finish(),
        "chart contains \"Chart.yaml\" twice",
    );

    let latin = Packer::with_metadata().add_bytes(EntryType::Regular, b"c/\xE9", b"x").finish();
    refused(&latin, "a path that is not UTF-8");
    // The header's name ends at a zero byte; that of an entry before it need not.
    let long = Packer::with_metadata().add_as(EntryType::GNULongName, "x", b"c/a\0b");
    refused(&long.add("c/x", b"").finish(), "a path with a zero byte");
    let record = b"16 path=c/a\0bcd\n";
    let extended = Packer::with_metadata().add_as(EntryType::XHeader, "x", record);
    refused(&extended.add("c/x", b"").finish(), "a path with a zero byte");
}

#[test]
fn links_and_devices_are_refused() {
    for (kind, message) in [
        (EntryType::Symlink, "a link: \"c/x\""),
        (EntryType::Link, "a link: \"c/x\""),
        (EntryType::Char, "a device or pipe"),
        (EntryType::Block, "a device or pipe"),
        (EntryType::Fifo, "a device or pipe"),
        (EntryType::new(b'V'), "unknown type 'V'"),
    ] {
        refused(&Packer::with_metadata().add_as(kind, "c/x", b"").finish(), message);
    }
}

#[test]
fn bombs_are_refused() {
    let zeros = vec![0; 5 << 20];
    refused(
        &Packer::with_metadata().add("c/x", &[&*zeros, b"0"].concat()).finish(),
        "larger than the maximum file size 5242880",
    );

    let mut many = Packer::with_metadata();
    for index in 0..20 {
        many = many.add(&format!("c/{index}"), &zeros);
    }
    refused(&many.finish(), "decompressed chart is larger");

    let mut entries = Packer::with_metadata();
    for _ in 0..20_001 {
        entries = entries.add_as(EntryType::Directory, "c/d", b"");
    }
    refused(&entries.finish(), "more than 20000 files");

    // The bytes of a header count, though they are in no file.
    let long = Packer::with_metadata().add_as(EntryType::GNULongName, "x", &vec![b'a'; 170 << 20]);
    refused(&long.add("c/x", b"").finish(), "decompressed chart is larger");
}

#[test]
fn archives_in_archives_share_a_budget() {
    let zeros = vec![0; 5 << 20];
    let mut inner = Packer::with_metadata();
    for index in 0..10 {
        inner = inner.add(&format!("c/{index}"), &zeros);
    }
    let inner = inner.finish();
    let mut outer = Packer::with_metadata();
    for index in 0..3 {
        outer = outer.add(&format!("c/charts/{index}.tgz"), &inner);
    }
    refused(&outer.finish(), "decompressed chart is larger");

    let mut nested = Packer::with_metadata().finish();
    for _ in 0..40 {
        nested = Packer::with_metadata().add("c/charts/c.tgz", &nested).finish();
    }
    refused(&nested, "nested deeper");
}

#[test]
fn what_is_no_archive_is_refused() {
    refused(b"hello", "does not appear to be a gzipped archive; got 'text/plain");
    refused(b"\x1F\x8B\x08garbage", "cannot be read");
    let whole = Packer::with_metadata().add("c/x", &[7; 5000]).finish();
    refused(&whole[..whole.len() / 2], "");
    refused(&Packer::new().finish(), "no files in chart archive");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&[0xFF; 2000]).unwrap();
    refused(&encoder.finish().unwrap(), "cannot be read");
    assert!(Chart::load(Path::new("/nowhere")).is_err());
}

#[cfg(unix)]
#[test]
fn directories_may_hold_links_but_no_loops() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    std::fs::write(path.join("Chart.yaml"), METADATA).unwrap();
    std::fs::write(path.join("a.txt"), "a").unwrap();
    std::os::unix::fs::symlink("a.txt", path.join("b.txt")).unwrap();
    let chart = Chart::load(path).unwrap();
    assert_eq!(chart.files.len(), 2);
    assert_eq!(chart.warnings.len(), 1);
    std::os::unix::fs::symlink(".", path.join("loop")).unwrap();
    let error = Chart::load(path).unwrap_err().to_string();
    assert!(error.contains("nested deeper") || error.contains("symbolic links"), "{error}");
}
