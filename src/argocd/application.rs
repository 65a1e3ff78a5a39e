//! An Application, and the environment that ArgoCD makes of it for a plugin (argo-cd reposerver/repository/repository.go,
//! `newEnv`, `getPluginEnvs`, `getPluginParamEnvs`).

use go_yaml::Limits;
use serde_json::{Map, Value, json};

use super::environment::Environment;
use super::{ENTRY, PARAMETERS, SOURCE_PATH};

/// The name of the plugin in plugin.yaml.
pub const PLUGIN: &str = "monstack";

/// The namespace of ArgoCD. Names of Applications elsewhere begin with their namespace.
const ARGOCD: &str = "argocd";

/// An Application with one source for this plugin.
#[derive(Clone, Debug, PartialEq)]
pub struct Application {
    name: String,
    project: String,
    destination_namespace: String,
    source: Value,
}

/// What an Application does not say.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The commit.
    pub revision: String,
    /// The version of the cluster, such as `1.34.0`.
    pub kube_version: String,
    /// The API versions of the cluster, with commas between.
    pub api_versions: String,
}

impl Application {
    /// The Application in a text of YAML.
    ///
    /// # Errors
    ///
    /// When there is none, or several, or none of its sources is for this plugin.
    pub fn read(text: &[u8]) -> Result<Self, String> {
        let documents = go_yaml::read(text, &Limits::default())
            .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        let documents = documents.iter().map(go_yaml::Node::to_json).collect::<Result<Vec<_>, _>>();
        let documents = documents.map_err(|problem| problem.to_string())?;
        let mut applications = documents.iter().filter(|document| document["kind"] == "Application");
        match (applications.next(), applications.next()) {
            (Some(application), None) => Self::of(application),
            (Some(_), Some(_)) => Err("there are several Applications in it; give one".to_owned()),
            (None, _) if documents.iter().any(|document| document["kind"] == "ApplicationSet") => {
                let help = "give one Application of it, as `kubectl -n argocd get application NAME -o yaml` prints it";
                Err(format!("it is an ApplicationSet, which makes Applications: {help}"))
            }
            (None, _) => Err("there is no Application in it".to_owned()),
        }
    }

    fn of(application: &Value) -> Result<Self, String> {
        let spec = &application["spec"];
        let single = (!spec["source"].is_null()).then_some(&spec["source"]);
        let sources: Vec<_> =
            single.into_iter().chain(spec["sources"].as_array().into_iter().flatten()).collect();
        let ours = |source: &&&Value| source["plugin"]["name"] == PLUGIN;
        let mut found = sources.iter().filter(ours);
        let source = match (found.next(), found.next()) {
            (Some(source), None) => (*source).clone(),
            (Some(_), Some(_)) => return Err(format!("several of its sources are for the plugin {PLUGIN}")),
            (None, _) => {
                return Err(format!(
                    "none of its sources has `plugin: {{name: {PLUGIN}}}`, as plugin.yaml names it"
                ));
            }
        };
        let name = text(application, "/metadata/name");
        let namespace = text(application, "/metadata/namespace");
        let name =
            if namespace.is_empty() || namespace == ARGOCD { name } else { format!("{namespace}_{name}") };
        Ok(Self {
            name,
            project: text(application, "/spec/project"),
            destination_namespace: text(application, "/spec/destination/namespace"),
            source,
        })
    }

    /// Its name as plugins are told it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The folder in the repository.
    #[must_use]
    pub fn path(&self) -> String {
        text(&self.source, "/path")
    }

    /// Applies `.argocd-source.yaml` or `.argocd-source-<name>.yaml` of the folder: a merge patch of the source, of
    /// which the plugin counts here.
    pub fn patch(&mut self, patch: &Value) {
        if let Some(plugin) = patch.get("plugin")
            && let Some(source) = self.source.as_object_mut()
        {
            merge_patch(source.entry("plugin").or_insert(Value::Null), plugin);
        }
    }

    /// The environment that a plugin is given.
    #[must_use]
    pub fn environment(&self, facts: &Facts) -> Environment {
        let short = |length: usize| facts.revision.get(..length).unwrap_or(&facts.revision).to_owned();
        let mut environment: Environment = [
            ("ARGOCD_APP_NAME", self.name.clone()),
            ("ARGOCD_APP_NAMESPACE", self.destination_namespace.clone()),
            ("ARGOCD_APP_PROJECT_NAME", self.project.clone()),
            ("ARGOCD_APP_REVISION", facts.revision.clone()),
            ("ARGOCD_APP_REVISION_SHORT", short(7)),
            ("ARGOCD_APP_REVISION_SHORT_8", short(8)),
            ("ARGOCD_APP_SOURCE_REPO_URL", text(&self.source, "/repoURL")),
            (SOURCE_PATH, self.path()),
            ("ARGOCD_APP_SOURCE_TARGET_REVISION", text(&self.source, "/targetRevision")),
            ("KUBE_VERSION", facts.kube_version.clone()),
            ("KUBE_API_VERSIONS", facts.api_versions.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect();
        let known = environment.clone();
        let plugin = &self.source["plugin"];
        for entry in plugin["env"].as_array().into_iter().flatten() {
            let value = known.expand(&text(entry, "/value"));
            environment.set(format!("{ENTRY}{}", text(entry, "/name")), value);
        }
        let parameters = plugin["parameters"].as_array();
        let parameters = parameters.filter(|parameters| !parameters.is_empty());
        let list = parameters.map_or(Value::Null, |parameters| parameters.iter().map(parameter).collect());
        environment.set(PARAMETERS, list.to_string());
        environment
    }
}

/// The fields of a parameter that ArgoCD knows, in its order.
fn parameter(parameter: &Value) -> Value {
    let mut written = Map::new();
    for field in ["array", "map", "name", "string"] {
        match parameter.get(field) {
            Some(value) if !value.is_null() => {
                written.insert(field.to_owned(), value.clone());
            }
            _ if field == "name" => {
                written.insert(field.to_owned(), json!(""));
            }
            _ => {}
        }
    }
    Value::Object(written)
}

fn text(value: &Value, pointer: &str) -> String {
    match value.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

/// RFC 7386.
fn merge_patch(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(target) = target.as_object_mut() else { return };
    for (key, value) in patch {
        if value.is_null() {
            target.remove(key);
        } else {
            merge_patch(target.entry(key.as_str()).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
kind: Application
metadata: {name: monitoring, namespace: argocd}
spec:
  project: platform
  destination: {namespace: observability}
  source:
    repoURL: https://git.example.com/x.git
    targetRevision: main
    path: clusters/production
    plugin:
      name: monstack
      env:
      - {name: CLUSTER, value: \"$ARGOCD_APP_NAME-$NOTHING-$$x\"}
      parameters:
      - {name: replicas.prometheus, string: \"3\"}
      - {name: images.pullSecrets, array: [a]}
";

    fn environment(application: &Application) -> Environment {
        application.environment(&Facts { revision: "0123456789abcdef".to_owned(), ..Facts::default() })
    }

    #[test]
    fn the_environment_is_that_of_argocd() {
        let environment = environment(&Application::read(TEXT.as_bytes()).unwrap());
        for (name, value) in [
            ("ARGOCD_APP_NAME", "monitoring"),
            ("ARGOCD_APP_NAMESPACE", "observability"),
            ("ARGOCD_APP_PROJECT_NAME", "platform"),
            ("ARGOCD_APP_REVISION_SHORT", "0123456"),
            ("ARGOCD_APP_REVISION_SHORT_8", "01234567"),
            ("ARGOCD_APP_SOURCE_PATH", "clusters/production"),
            ("ARGOCD_ENV_CLUSTER", "monitoring--$x"),
            (
                PARAMETERS,
                r#"[{"name":"replicas.prometheus","string":"3"},{"array":["a"],"name":"images.pullSecrets"}]"#,
            ),
        ] {
            assert_eq!(environment.get(name), Some(value), "{name}");
        }
    }

    #[test]
    fn an_application_elsewhere_has_its_namespace_in_its_name() {
        let text = TEXT.replace("namespace: argocd", "namespace: team");
        let application = Application::read(text.as_bytes()).unwrap();
        assert_eq!(environment(&application).get("ARGOCD_APP_NAME"), Some("team_monitoring"));
    }

    #[test]
    fn the_folder_may_patch_the_plugin_and_nothing_else() {
        let mut application = Application::read(TEXT.as_bytes()).unwrap();
        application.patch(&json!({"path": "elsewhere", "plugin": {"env": null, "parameters": [{"name": "cluster", "string": "x"}]}}));
        let environment = environment(&application);
        assert_eq!(environment.get(PARAMETERS), Some(r#"[{"name":"cluster","string":"x"}]"#));
        assert_eq!(environment.entries().count(), 0);
        assert_eq!(application.path(), "clusters/production");
    }

    #[test]
    fn without_parameters_there_is_a_null() {
        let text = TEXT.split("      parameters:").next().unwrap();
        let environment = environment(&Application::read(text.as_bytes()).unwrap());
        assert_eq!(environment.get(PARAMETERS), Some("null"));
    }

    #[test]
    fn what_is_no_application_for_us_is_refused() {
        for (text, part) in [
            ("", "no Application"),
            ("kind: ApplicationSet", "ApplicationSet"),
            ("kind: Application\nspec: {source: {path: x}}", "plugin: {name: monstack}"),
            ("kind: Application\nspec: {source: {plugin: {name: other}}}", "plugin: {name: monstack}"),
            ("a: [", "1:5"),
        ] {
            let error = Application::read(text.as_bytes()).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
        let twice = format!("{TEXT}---\n{TEXT}");
        assert!(Application::read(twice.as_bytes()).unwrap_err().contains("several"));
    }

    #[test]
    fn of_several_sources_ours_is_taken() {
        let text = "kind: Application\nspec: {sources: [{path: a}, {path: b, plugin: {name: monstack}}]}";
        assert_eq!(Application::read(text.as_bytes()).unwrap().path(), "b");
    }
}
