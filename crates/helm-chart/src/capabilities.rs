//! `.Capabilities`: what the cluster can do.

use std::any::Any;
use std::rc::Rc;

use go_template::{Error, Object, Param, Text, Value};

use crate::Error as ChartError;

/// The API versions that Helm knows without a cluster: those of client-go's scheme.
const DEFAULT_API_VERSIONS: &str = "v1 \
    admissionregistration.k8s.io/v1 admissionregistration.k8s.io/v1alpha1 admissionregistration.k8s.io/v1beta1 \
    internal.apiserver.k8s.io/v1alpha1 apps/v1 apps/v1beta1 apps/v1beta2 authentication.k8s.io/v1 \
    authentication.k8s.io/v1alpha1 authentication.k8s.io/v1beta1 authorization.k8s.io/v1 \
    authorization.k8s.io/v1beta1 autoscaling/v1 autoscaling/v2 batch/v1 batch/v1beta1 certificates.k8s.io/v1 \
    certificates.k8s.io/v1beta1 certificates.k8s.io/v1alpha1 coordination.k8s.io/v1alpha2 \
    coordination.k8s.io/v1beta1 coordination.k8s.io/v1 discovery.k8s.io/v1 discovery.k8s.io/v1beta1 \
    events.k8s.io/v1 events.k8s.io/v1beta1 extensions/v1beta1 flowcontrol.apiserver.k8s.io/v1 \
    flowcontrol.apiserver.k8s.io/v1beta1 flowcontrol.apiserver.k8s.io/v1beta2 \
    flowcontrol.apiserver.k8s.io/v1beta3 lifecycle.k8s.io/v1alpha1 networking.k8s.io/v1 \
    networking.k8s.io/v1beta1 node.k8s.io/v1 node.k8s.io/v1alpha1 node.k8s.io/v1beta1 policy/v1 policy/v1beta1 \
    rbac.authorization.k8s.io/v1 rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1alpha1 \
    resource.k8s.io/v1 resource.k8s.io/v1beta2 resource.k8s.io/v1beta1 resource.k8s.io/v1alpha3 \
    scheduling.k8s.io/v1alpha3 scheduling.k8s.io/v1beta1 scheduling.k8s.io/v1 storage.k8s.io/v1beta1 \
    storage.k8s.io/v1 storage.k8s.io/v1alpha1 storagemigration.k8s.io/v1 storagemigration.k8s.io/v1beta1 \
    apiextensions.k8s.io/v1beta1 apiextensions.k8s.io/v1";

/// The version of Helm that is followed.
const HELM_VERSION: &str = "v3.22";
/// What that helm was built with.
const GO_VERSION: &str = "go1.26.8";

/// The Kubernetes version of a render: `chartutil.KubeVersion`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KubeVersion {
    /// `v1.34.0`
    pub version: String,
    /// `1`
    pub major: String,
    /// `34`
    pub minor: String,
}

impl KubeVersion {
    /// Reads `1.34.0`, `v1.34.5+k3s1` or `1.34`; what follows the numbers is dropped.
    ///
    /// # Errors
    ///
    /// When it is no version.
    pub fn parse(text: &str) -> Result<Self, ChartError> {
        let invalid =
            || ChartError::new(format!("invalid kube version '{text}': could not parse {text:?} as version"));
        let numbers = text.strip_prefix('v').unwrap_or(text);
        let end = numbers.find(['-', '+']).unwrap_or(numbers.len());
        let numbers = &numbers[..end];
        let parts: Vec<_> = numbers.split('.').collect();
        let is_number = |part: &&str| {
            !part.is_empty() && part.len() < 10 && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        match parts.as_slice() {
            [major, minor, rest @ ..] if rest.len() < 2 && parts.iter().all(is_number) => Ok(KubeVersion {
                version: format!("v{numbers}"),
                major: (*major).to_owned(),
                minor: (*minor).to_owned(),
            }),
            _ => Err(invalid()),
        }
    }
}

/// What a render is told of the cluster.
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// The cluster's version.
    pub kube_version: KubeVersion,
    /// `group/version` and `group/version/Kind` beside those that Helm knows.
    pub api_versions: Vec<String>,
}

impl Capabilities {
    pub(crate) fn value(&self) -> Value {
        let mut versions: Vec<Text> = DEFAULT_API_VERSIONS.split(' ').map(Text::from).collect();
        versions.extend(self.api_versions.iter().map(|version| Text::from(version.as_str())));
        let text = |text: &str| Value::string(text);
        let version = &self.kube_version;
        let kube_version = Struct {
            type_name: "chartutil.KubeVersion",
            printed: format!("{{{} {} {}}}", version.version, version.major, version.minor),
            text: Some(version.version.clone()),
            fields: vec![
                ("Version", text(&version.version)),
                ("Major", text(&version.major)),
                ("Minor", text(&version.minor)),
            ],
            json_names: None,
        };
        let helm_version = Struct {
            type_name: "version.BuildInfo",
            printed: format!("{{{HELM_VERSION}   {GO_VERSION}}}"),
            text: None,
            fields: vec![
                ("Version", text(HELM_VERSION)),
                ("GitCommit", text("")),
                ("GitTreeState", text("")),
                ("GoVersion", text(GO_VERSION)),
            ],
            json_names: Some(["version", "git_commit", "git_tree_state", "go_version"]),
        };
        let object = |object: Struct| Value::Object(Rc::new(object));
        Value::Object(Rc::new(Struct {
            type_name: "*chartutil.Capabilities",
            printed: format!("{{{} [] {{}}}}", version.version),
            text: None,
            fields: vec![
                ("KubeVersion", object(kube_version)),
                ("APIVersions", Value::Object(Rc::new(VersionSet(versions)))),
                ("HelmVersion", object(helm_version)),
            ],
            json_names: None,
        }))
    }
}

/// A struct of Go with fields alone.
#[derive(Debug)]
struct Struct {
    type_name: &'static str,
    printed: String,
    /// What the methods of a pointer to it say, if there are any.
    text: Option<String>,
    fields: Vec<(&'static str, Value)>,
    /// Their names in JSON, which leaves out empty ones then.
    json_names: Option<[&'static str; 4]>,
}

impl Object for Struct {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn kind(&self) -> &str {
        if self.type_name.starts_with('*') { "ptr" } else { "struct" }
    }

    fn print(&self) -> String {
        self.printed.clone()
    }

    fn print_in_place(&self) -> String {
        self.text.as_ref().unwrap_or(&self.printed).clone()
    }

    fn field(&self, name: &str) -> Option<Value> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    }

    fn method(&self, name: &str) -> Option<&'static [Param]> {
        (self.text.is_some() && matches!(name, "GitVersion" | "String")).then_some(&[])
    }

    fn call(&self, method: &str, _: &[Value]) -> Option<Result<Value, Error>> {
        let text = self.text.as_ref().filter(|_| matches!(method, "GitVersion" | "String"))?;
        Some(Ok(Value::string(text.as_str())))
    }

    fn to_plain(&self) -> Value {
        let fields = self.json_fields().unwrap_or_default();
        Value::map(fields.into_iter().map(|(name, value)| (Text::from(name), value)))
    }

    fn json_fields(&self) -> Option<Vec<(&'static str, Value)>> {
        let Some(names) = self.json_names else { return self.struct_fields() };
        let named = names.iter().zip(&self.fields).map(|(name, (_, value))| (*name, value.clone()));
        Some(named.filter(|(_, value)| value.is_true()).collect())
    }

    fn struct_fields(&self) -> Option<Vec<(&'static str, Value)>> {
        Some(self.fields.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `chartutil.VersionSet`
#[derive(Debug)]
struct VersionSet(Vec<Text>);

impl Object for VersionSet {
    fn type_name(&self) -> &str {
        "chartutil.VersionSet"
    }

    fn kind(&self) -> &str {
        "slice"
    }

    fn print(&self) -> String {
        let versions: Vec<_> = self.0.iter().map(Text::to_str).collect();
        format!("[{}]", versions.join(" "))
    }

    fn field(&self, _: &str) -> Option<Value> {
        None
    }

    fn method(&self, name: &str) -> Option<&'static [Param]> {
        (name == "Has").then_some(&[Param::String])
    }

    fn call(&self, method: &str, arguments: &[Value]) -> Option<Result<Value, Error>> {
        match (method, arguments) {
            ("Has", [Value::String(version)]) => Some(Ok(Value::Bool(self.0.contains(version)))),
            _ => None,
        }
    }

    fn entries(&self) -> Option<Vec<(Text, Value)>> {
        Some(self.0.iter().map(|version| (Text::from(""), Value::String(version.clone()))).collect())
    }

    fn to_plain(&self) -> Value {
        Value::list(self.0.iter().cloned().map(Value::String).collect())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::KubeVersion;

    #[test]
    fn kube_versions() {
        let version = |text| KubeVersion::parse(text).map(|version| version.version).ok();
        assert_eq!(version("1.34.0").as_deref(), Some("v1.34.0"));
        assert_eq!(version("v1.34.5+k3s1").as_deref(), Some("v1.34.5"));
        assert_eq!(version("1.34").as_deref(), Some("v1.34"));
        assert_eq!(version("one"), None);
    }
}
