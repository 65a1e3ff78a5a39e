//! `monstack chart`: Helm charts by themselves.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use helm_chart::values::Validation;
use helm_chart::{
    Capabilities, Chart, Executed, KubeVersion, Limits, Prepared, Printed, Release, Rendered, Value, values,
};

use super::{print_with, tell};

/// Bytes that suffice for a large chart.
const MEMORY: usize = 16 << 20;

const EXAMPLES: &str = "\
Examples:
  monstack chart template loki ./charts/loki -n monitoring -f values.yaml
  diff <(helm template loki ./charts/loki) <(monstack chart template loki ./charts/loki)";

/// Work with Helm charts
#[derive(Debug, Args)]
pub(super) struct ChartCommand {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Template(Template),
}

impl ChartCommand {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        match &self.verb {
            Verb::Template(template) => template.run(),
        }
    }
}

/// Render a chart as `helm template` does, byte for byte
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[allow(clippy::struct_excessive_bools)] // Helm's flags.
struct Template {
    /// Release name
    name: String,
    /// Chart: a directory or a .tgz file
    chart: PathBuf,
    /// Namespace of the release
    #[arg(short, long, default_value = "default")]
    namespace: String,
    /// Values file; later files win
    #[arg(short = 'f', long = "values", value_name = "FILE")]
    values: Vec<PathBuf>,
    /// Set values: KEY=VALUE,KEY=VALUE
    #[arg(long, value_name = "VALUES")]
    set: Vec<String>,
    /// Set values that are strings
    #[arg(long, value_name = "VALUES")]
    set_string: Vec<String>,
    /// Set values that are JSON
    #[arg(long, value_name = "VALUES")]
    set_json: Vec<String>,
    /// Set values from files: KEY=PATH
    #[arg(long, value_name = "VALUES")]
    set_file: Vec<String>,
    /// Set a value that is taken as it is
    #[arg(long, value_name = "VALUE")]
    set_literal: Vec<String>,
    /// Print the chart's crds folder too
    #[arg(long)]
    include_crds: bool,
    /// Print no hooks
    #[arg(long)]
    no_hooks: bool,
    /// Print no tests
    #[arg(long)]
    skip_tests: bool,
    /// Print only these templates, by their path in the chart
    #[arg(short, long, value_name = "TEMPLATE")]
    show_only: Vec<String>,
    /// Kubernetes version that the chart is told
    #[arg(long, value_name = "VERSION", default_value = "1.34.0", value_parser = kube_version)]
    kube_version: KubeVersion,
    /// API versions that the chart is told, beside those that Helm knows
    #[arg(short, long, value_name = "VERSION", value_delimiter = ',')]
    api_versions: Vec<String>,
    /// Set .Release.IsUpgrade instead of .Release.IsInstall
    #[arg(long)]
    is_upgrade: bool,
    /// Do not validate the values against the chart's schema
    #[arg(long)]
    skip_schema_validation: bool,
}

fn kube_version(text: &str) -> Result<KubeVersion, String> {
    KubeVersion::parse(text).map_err(|error| error.to_string())
}

impl Template {
    fn run(&self) -> anyhow::Result<ExitCode> {
        huge_pages::reserve(MEMORY);
        let (rendered, warnings) = match self.render() {
            Ok(rendered) => rendered,
            Err(error) => {
                tell(&format!("monstack: {error}\n"));
                return Ok(ExitCode::FAILURE);
            }
        };
        let printed = Printed {
            include_crds: self.include_crds,
            no_hooks: self.no_hooks,
            skip_tests: self.skip_tests,
            show_only: self.show_only.clone(),
        };
        if let Err(error) = print_with(|stdout| rendered.print(&printed, stdout))? {
            tell(&format!("monstack: {error}\n"));
            return Ok(ExitCode::FAILURE);
        }
        for warning in warnings {
            tell(&format!("monstack: {warning}\n"));
        }
        for dropped in &rendered.manifests.dropped {
            let events = dropped.events.join(", ");
            tell(&format!("monstack: {}: skipping unknown hook: {events}\n", dropped.path));
        }
        // The process ends here, and takes the memory with it.
        std::mem::forget(rendered);
        Ok(ExitCode::SUCCESS)
    }

    fn render(&self) -> Result<(Rendered, Vec<String>), helm_chart::Error> {
        let release = Release {
            name: self.name.clone(),
            namespace: self.namespace.clone(),
            is_upgrade: self.is_upgrade,
        };
        let capabilities =
            Capabilities { kube_version: self.kube_version.clone(), api_versions: self.api_versions.clone() };
        let user = values::merge(&values::Options {
            files: self.values.clone(),
            set: self.set.clone(),
            set_string: self.set_string.clone(),
            set_json: self.set_json.clone(),
            set_file: self.set_file.clone(),
            set_literal: self.set_literal.clone(),
        })?;
        let mut chart = Chart::load(&self.chart)?;
        helm_chart::check_installable(&chart)?;
        helm_chart::check_dependencies(&chart)?;
        helm_chart::check_release_name(&self.name)?;
        let validation = if self.skip_schema_validation { Validation::Skipped } else { Validation::Deferred };
        let computed = values::compute(&mut chart, &user, validation)?;
        let mut warnings = computed.warnings;
        let rendered = helm_chart::check_kube_version(&chart.metadata, &capabilities.kube_version.version)
            .and_then(|()| rendered(self.include_crds, &chart, &computed.values, &release, &capabilities));
        // Helm checks first.
        warnings.extend(computed.checks.run()?);
        let rendered = rendered?;
        std::mem::forget((chart, computed.leftovers));
        Ok((rendered, warnings))
    }
}

/// Renders a chart. Of what it needs for that nothing is given back: the process ends soon.
fn rendered(
    include_crds: bool,
    chart: &Chart,
    values: &Value,
    release: &Release,
    capabilities: &Capabilities,
) -> Result<Rendered, helm_chart::Error> {
    let prepared = Prepared::new(chart, values, release, capabilities)?;
    if include_crds {
        prepared.read_crds();
    }
    let rendered = prepared.execute(&Limits::default()).and_then(Executed::order);
    std::mem::forget(prepared);
    rendered
}
