//! Calls of functions whose result is another one each time.

use go_template::Noted;

/// A call of a function such as `randAlphaNum`, `genCA` or `now`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RandomCall {
    /// The function.
    pub function: String,
    /// The file that the call stands in: `chart/charts/sub/templates/_helpers.tpl`.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// Keys of the chart's values that decide whether the call is made, as far as they stand around it:
    /// `grafana.adminPassword`.
    pub values: Vec<String>,
}

impl RandomCall {
    pub(super) fn new(noted: &Noted) -> Self {
        // `chart/charts/sub/templates/x` sees the values at `sub`.
        let mut prefix = String::new();
        let mut steps = noted.file.split('/').skip(1);
        while let (Some("charts"), Some(name)) = (steps.next(), steps.next()) {
            prefix.push_str(name);
            prefix.push('.');
        }
        let values = noted.fields.iter().filter_map(|field| field.strip_prefix(".Values."));
        RandomCall {
            function: noted.function.clone(),
            path: noted.file.clone(),
            line: noted.line,
            values: values.map(|key| format!("{prefix}{key}")).collect(),
        }
    }
}
