//! Charts and what their files say about them.

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use go_template::Value;

use crate::ahead::Ahead;
use crate::background::Background;
use crate::content::Content;
use crate::error::Error;
use crate::load;

/// A chart and the charts it depends on.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// What Chart.yaml says, and requirements.yaml.
    pub metadata: Metadata,
    /// Chart.lock or requirements.lock.
    pub lock: Option<Lock>,
    /// Everything in templates/, in the order of reading.
    pub templates: Vec<File>,
    /// What `.Files` sees: all files but templates/, charts/ and those with a meaning to helm; also crds/.
    pub files: Vec<File>,
    /// values.yaml: a map. [`values::compute`](crate::values::compute) adds the imported values.
    pub values: Value,
    /// The text of values.yaml.
    pub values_text: Option<Content>,
    /// The text of values.schema.json.
    pub schema: Option<Content>,
    /// The charts in charts/. [`values::compute`](crate::values::compute) drops the disabled ones and renames
    /// the aliased ones.
    pub dependencies: Vec<Chart>,
    /// `ROOT/charts/NAME/charts/NAME`: what the names of templates begin with.
    ///
    /// It need not follow from where the chart stands: in helm 3 an aliased chart shares the charts within it
    /// that no Chart.yaml lists with its twins. Such a chart appears once for each alias but keeps one path, so
    /// that its templates must be rendered once, with the values of the last.
    pub path: String,
    /// What helm warns of while it loads the chart.
    pub warnings: Vec<String>,
    /// What is done with its templates already; nothing for a chart below another.
    pub(crate) ahead: Option<Rc<Ahead>>,
}

/// A file of a chart.
#[derive(Clone, Debug)]
pub struct File {
    /// The path inside the chart, with slashes.
    pub name: String,
    /// The content.
    pub content: Content,
}

/// A file of crds/.
#[derive(Clone, Debug)]
pub struct Crd {
    /// The path of its chart and the path in the chart.
    pub path: String,
    /// The file.
    pub file: File,
}

/// Chart.yaml.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// The name; the alias, if it is a dependency that has one.
    pub name: String,
    /// The URL of a page on the project.
    pub home: String,
    /// URLs of source code.
    pub sources: Vec<String>,
    /// The version of the chart.
    pub version: String,
    /// One sentence.
    pub description: String,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Who maintains it.
    pub maintainers: Vec<Maintainer>,
    /// The URL of an icon.
    pub icon: String,
    /// `v1` or `v2`, though helm takes anything.
    pub api_version: String,
    /// A condition. Nothing reads it here, only in [`Dependency`].
    pub condition: String,
    /// Tags. Nothing reads them here, only in [`Dependency`].
    pub tags: String,
    /// The version of what the chart installs.
    pub app_version: String,
    /// Whether the chart is deprecated.
    pub deprecated: bool,
    /// Annotations.
    pub annotations: BTreeMap<String, String>,
    /// Which versions of Kubernetes will do.
    pub kube_version: String,
    /// The dependencies. Helm leaves alone the charts below a chart without this key, but not below one where
    /// the list is empty.
    pub dependencies: Option<Vec<Dependency>>,
    /// `application`, `library` or empty.
    pub chart_type: String,
}

/// Somebody who maintains a chart.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Maintainer {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// A URL.
    pub url: String,
}

/// An entry of `dependencies`.
#[derive(Clone, Debug, Default)]
pub struct Dependency {
    /// The name of the chart; once values are computed, its alias.
    pub name: String,
    /// The versions that will do.
    pub version: String,
    /// Where the chart can be had.
    pub repository: String,
    /// Paths of values, with commas between, of which the first boolean enables or disables the chart.
    pub condition: String,
    /// Tags, which `tags` in the values can set.
    pub tags: Vec<String>,
    /// Whether the chart is enabled, once values are computed.
    pub enabled: bool,
    /// The values to import: strings and maps; once they are imported, maps of strings.
    pub import_values: Vec<Value>,
    /// The name the chart gets.
    pub alias: String,
}

/// Chart.lock.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// When it was made, as written.
    pub generated: String,
    /// A hash of the dependencies.
    pub digest: String,
    /// The dependencies with exact versions.
    pub dependencies: Vec<Dependency>,
}

impl Chart {
    /// Loads a chart and all charts in its charts/. From then on another thread parses its templates.
    ///
    /// # Errors
    ///
    /// If the path is neither a directory nor an archive of a chart, if a file of it means nothing to helm, or
    /// if an archive is hostile: see the errors of the crate's archives.
    pub fn load(path: &Path) -> Result<Chart, Error> {
        Chart::load_with(path, Background::start())
    }

    /// Loads a chart, as [`Chart::load`] does. The background gets what can be done beside loading and rendering it.
    ///
    /// # Errors
    ///
    /// As [`Chart::load`].
    pub fn load_with(path: &Path, background: Background) -> Result<Chart, Error> {
        load::load(path, background)
    }

    /// Loads a chart from the bytes of a `.tgz` archive.
    ///
    /// # Errors
    ///
    /// As [`Chart::load`].
    pub fn from_archive(packed: &[u8]) -> Result<Chart, Error> {
        Chart::from_archive_with(packed, Background::start())
    }

    /// Loads a chart, as [`Chart::from_archive`] does. The background gets what can be done beside it.
    ///
    /// # Errors
    ///
    /// As [`Chart::load`].
    pub fn from_archive_with(packed: &[u8], background: Background) -> Result<Chart, Error> {
        load::load_archive(packed, background)
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.metadata.name
    }

    /// Whether it only holds templates for others.
    #[must_use]
    pub fn is_library(&self) -> bool {
        self.metadata.chart_type == "library"
    }

    /// The custom resource definitions: first its own, then those of its dependencies.
    #[must_use]
    pub fn crds(&self) -> Vec<Crd> {
        let mut crds = Vec::new();
        self.collect_crds(&mut crds);
        crds
    }

    fn collect_crds(&self, crds: &mut Vec<Crd>) {
        for file in &self.files {
            if file.name.starts_with("crds/") && is_manifest(&file.name) {
                crds.push(Crd { path: format!("{}/{}", self.path, file.name), file: file.clone() });
            }
        }
        for dependency in &self.dependencies {
            dependency.collect_crds(crds);
        }
    }
}

impl Metadata {
    /// The dependencies, none if there is no such key.
    #[must_use]
    pub fn dependencies(&self) -> &[Dependency] {
        self.dependencies.as_deref().unwrap_or_default()
    }
}

fn is_manifest(name: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or_default();
    base.rsplit_once('.')
        .is_some_and(|(_, end)| ["yaml", "yml", "json"].iter().any(|known| end.eq_ignore_ascii_case(known)))
}
