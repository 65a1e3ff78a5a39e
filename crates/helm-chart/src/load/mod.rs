//! Loads charts from directories and archives.

mod archive;
mod budget;
mod directory;
mod field;
mod files;
mod glob;
mod ignore;
mod metadata;

use std::path::Path;

use crate::background::Background;
use crate::chart::Chart;
use crate::content::Content;
use crate::error::Error;
use budget::Budget;

/// A file that is not yet sorted into a chart.
#[derive(Clone)]
struct Raw {
    name: String,
    content: Content,
}

/// Loads the chart at a path, all charts within it on one budget.
pub(crate) fn load(path: &Path, background: Background) -> Result<Chart, Error> {
    let mut budget = Budget::default();
    let mut warnings = Vec::new();
    let about =
        std::fs::metadata(path).map_err(|error| Error::new(format!("{}: {error}", path.display())))?;
    let raws = if about.is_dir() {
        directory::read(path, &mut budget, &mut warnings, &background)?
    } else {
        archive::read_file(path, &mut budget)?
    };
    finish(raws, &mut budget, warnings, background)
}

/// Loads the chart in the bytes of an archive.
pub(crate) fn load_archive(packed: &[u8], background: Background) -> Result<Chart, Error> {
    let mut budget = Budget::default();
    let raws = archive::read(packed, &mut budget)?;
    finish(raws, &mut budget, Vec::new(), background)
}

fn finish(
    raws: Vec<Raw>,
    budget: &mut Budget,
    mut warnings: Vec<String>,
    background: Background,
) -> Result<Chart, Error> {
    let mut chart = files::assemble(raws, budget, &mut warnings, 0, Some(background))?;
    set_paths(&mut chart, "");
    chart.warnings = warnings;
    Ok(chart)
}

fn set_paths(chart: &mut Chart, parent: &str) {
    chart.path = if parent.is_empty() {
        chart.metadata.name.clone()
    } else {
        format!("{parent}/charts/{}", chart.metadata.name)
    };
    for dependency in &mut chart.dependencies {
        set_paths(dependency, &chart.path);
    }
}
