//! Containers that do not start, or do not stay.

use serde_json::Value;

use super::Pod;
use crate::doctor::component::{Quantity, resource, scaled};
use crate::doctor::credentials::targets;
use crate::doctor::expected::{Expected, identity};
use crate::doctor::finding::Finding;
use crate::doctor::observed::{Seconds, list, number, one_line, text};
use crate::k8s::Identity;

/// A container that was killed for want of memory within this time is a finding though it runs again.
const LATELY: Seconds = 3600;

impl Pod<'_> {
    /// The first container with a reason.
    pub(super) fn stuck_container(&self) -> Option<Finding> {
        let init = list(self.value, "/status/initContainerStatuses").iter();
        let all: Vec<_> = init.chain(list(self.value, "/status/containerStatuses")).collect();
        all.iter().find_map(|container| self.stuck(container)).or_else(|| {
            all.iter().find_map(|container| {
                let last = container.pointer("/lastState/terminated")?;
                let lately = self.observed.since(&last["finishedAt"]).is_some_and(|age| age < LATELY);
                (text(last, "/reason") == "OOMKilled" && lately).then(|| self.killed(container, last))
            })
        })
    }

    fn stuck(&self, container: &Value) -> Option<Finding> {
        let name = text(container, "/name");
        let reason = text(container, "/state/waiting/reason");
        let message = one_line(text(container, "/state/waiting/message"));
        let ended =
            container.pointer("/state/terminated").or_else(|| container.pointer("/lastState/terminated"));
        let words = if message.is_empty() { reason.to_owned() } else { format!("{reason}: {message}") };
        let object = self.object.clone();
        match reason {
            "" => {
                // Between two restarts a container is neither waiting nor running.
                let ended = container.pointer("/state/terminated")?;
                let failed = number(ended, "/exitCode").is_some_and(|code| code != 0);
                match text(ended, "/reason") {
                    "OOMKilled" => Some(self.killed(container, ended)),
                    _ if failed => Some(self.crashing(container, "Error", Some(ended), String::new())),
                    _ => None,
                }
            }
            "ContainerCreating" | "PodInitializing" => None,
            "CrashLoopBackOff" | "RunContainerError" | "StartError" | "PostStartHookError" => match ended {
                Some(ended) if text(ended, "/reason") == "OOMKilled" => Some(self.killed(container, ended)),
                ended => Some(self.crashing(container, reason, ended, words)),
            },
            "ErrImagePull"
            | "ImagePullBackOff"
            | "InvalidImageName"
            | "ErrImageNeverPull"
            | "ImageInspectError"
            | "RegistryUnavailable" => {
                let image = match text(container, "/image") {
                    "" => self.image_of(name),
                    image => image,
                };
                let finding = Finding::new(object, format!("container {name} cannot start: {reason}"))
                    .evidence(words)
                    .evidence(format!("image {image}"));
                let finding = self.with_events(finding, 1);
                let version = self.component.version.map_or_else(String::new, |key| format!("{key}, "));
                Some(finding.fix(format!(
                    "make {image} be there: {version}images.registry and images.pullSecrets decide which image is pulled"
                )))
            }
            _ => {
                let finding = Finding::new(object, format!("container {name} cannot start: {reason}"));
                let finding = self.with_events(finding.evidence(words), 1);
                let named = named_objects(self.expected, text(container, "/state/waiting/message"));
                let fix = match named.first() {
                    Some(named) => provide(self.expected, named),
                    None => self.describe(),
                };
                Some(finding.fix(fix).because(named))
            }
        }
    }

    fn image_of(&self, container: &str) -> &str {
        let init = list(self.value, "/spec/initContainers").iter();
        let mut all = init.chain(list(self.value, "/spec/containers"));
        all.find(|one| text(one, "/name") == container).map_or("", |one| text(one, "/image"))
    }

    fn crashing(&self, container: &Value, reason: &str, ended: Option<&Value>, words: String) -> Finding {
        let name = text(container, "/name");
        let mut finding = Finding::new(self.object.clone(), format!("container {name} crashes: {reason}"));
        finding = finding.evidence(words);
        if let Some(ended) = ended {
            finding = finding.evidence(self.ending(container, ended));
        }
        let fix = format!(
            "{} logs {} -c {name} --previous --tail=50",
            self.expected.kubectl_here(),
            self.object.name
        );
        // Programs that read a Secret crash when what is in it is wrong.
        self.with_events(finding, 1).fix(fix)
    }

    fn killed(&self, container: &Value, ended: &Value) -> Finding {
        let name = text(container, "/name");
        let finding =
            Finding::new(self.object.clone(), format!("container {name} was killed for want of memory"));
        let finding = finding.evidence(self.ending(container, ended));
        match resource(self.expected.config, &self.component, name, Quantity::MemoryLimit) {
            Some((key, Some(now))) => {
                let more = scaled(&now, Quantity::MemoryLimit).unwrap_or_else(|| "more".to_owned());
                finding.fix(format!("{key}: {more} (now {now})"))
            }
            Some((key, None)) => {
                finding.fix(format!("the node has too little memory; raise the request that goes with {key}"))
            }
            None => finding.fix(self.describe()),
        }
    }

    /// How a container ended last.
    fn ending(&self, container: &Value, ended: &Value) -> String {
        let restarts = number(container, "/restartCount").unwrap_or_default();
        let code = number(ended, "/exitCode").unwrap_or_default();
        let reason = text(ended, "/reason");
        let message = one_line(text(ended, "/message"));
        let colon = if message.is_empty() { "" } else { ": " };
        format!("last ended with {reason}, exit code {code}, after {restarts} restarts{colon}{message}")
    }
}

/// The Secrets and ConfigMaps that a message says are not there or lack a key.
pub(super) fn named_objects(expected: &Expected, message: &str) -> Vec<Identity> {
    let mut named = Vec::new();
    for (before, kind) in [("secret \"", "Secret"), ("configmap \"", "ConfigMap")] {
        let mut rest = message;
        while let Some((_, after)) = rest.split_once(before) {
            let name = after.split('"').next().unwrap_or_default();
            let name = name.rsplit('/').next().unwrap_or_default();
            named.push(identity("", kind, expected.names.namespace(), name));
            rest = after;
        }
    }
    // The kubelet: `couldn't find key K in Secret NAMESPACE/NAME`.
    for kind in ["Secret", "ConfigMap"] {
        if let Some((_, after)) = message.split_once(&format!("in {kind} "))
            && let Some((namespace, name)) =
                after.split([' ', ',']).next().unwrap_or_default().split_once('/')
        {
            named.push(identity("", kind, namespace, name));
        }
    }
    named.retain(|object| !object.name.is_empty());
    named.dedup();
    named
}

/// How an object that a pod needs comes to be there.
pub(super) fn provide(expected: &Expected, object: &Identity) -> String {
    let made = targets(expected).into_iter().find(|(_, target, _)| target == object);
    match made {
        Some((external, ..)) => format!(
            "{} {} is what ExternalSecret {} makes: {} describe externalsecret {}",
            object.kind,
            object.name,
            external.name,
            expected.kubectl_here(),
            external.name
        ),
        None => format!(
            "create {} {} with what the pod needs: monstack list --prerequisites {}",
            object.kind, object.name, expected.arguments
        ),
    }
}
