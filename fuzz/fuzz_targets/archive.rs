//! Loads any bytes as a chart's archive: as they are, as a gzipped tar, and as the files of a chart.
#![no_main]

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use helm_chart::Chart;
use libfuzzer_sys::fuzz_target;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

fn file(archive: &mut tar::Builder<Vec<u8>>, name: &str, data: &[u8]) {
    let mut header = tar::Header::new_gnu();
    header.set_size(data.len() as u64);
    header.set_mode(0o644);
    let _ = archive.append_data(&mut header, name, data);
}

/// A chart whose files are pieces of the bytes.
fn chart(bytes: &[u8]) -> Vec<u8> {
    let mut pieces = bytes.split(|&byte| byte == 0);
    let mut archive = tar::Builder::new(Vec::new());
    for name in ["c/Chart.yaml", "c/values.yaml", "c/values.schema.json", "c/charts/d/Chart.yaml", "c/.helmignore"] {
        file(&mut archive, name, pieces.next().unwrap_or_default());
    }
    gzip(&archive.into_inner().unwrap_or_default())
}

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let packed = match kind % 3 {
        0 => bytes.to_vec(),
        1 => gzip(bytes),
        _ => chart(bytes),
    };
    if let Ok(mut chart) = Chart::from_archive(&packed) {
        let user = go_template::Value::Nil;
        let _ = helm_chart::values::compute(&mut chart, &user, helm_chart::values::Validation::Checked);
    }
});
