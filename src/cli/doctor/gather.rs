//! Asks the cluster, in few questions. What it refuses is remembered as not checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;

use super::questions::{self, Batch, Shape};
use crate::cli::kubectl::{Bounds, Kubectl, Reading, Said};
use crate::doctor::observed::{Answer, Question, Scope, Secret, Served, one_line, text};
use crate::doctor::{self, Expected, Observed, Unchecked, component, definitions};
use crate::k8s::Identity;
use crate::names::Names;

/// Lists, of which events of a busy namespace are the longest.
const LISTS: Bounds = Bounds { timeout: Duration::from_secs(15), bytes: 64 << 20 };

/// Programs in pods. Whoever does not answer at once is busy, or not reachable from the API server.
const PROGRAMS: Bounds = Bounds { timeout: Duration::from_secs(5), bytes: 16 << 20 };

/// All questions together. A cluster that is as slow as that is not worth waiting for.
const ALL: Duration = Duration::from_secs(60);

/// Questions at a time.
const THREADS: usize = 4;

/// So many replicas of Thanos Query are asked: each has its own view.
const QUERIES: usize = 3;

/// Names and keys of Secrets: the values stay with kubectl. One Secret is no list.
const KEYS: &str = "go-template={{define \"s\"}}{{.metadata.name}}{{range $k, $v := .data}}{{if $v}}{{\"\\t\"}}{{$k}}{{end}}{{end}}{{\"\\n\"}}{{end}}\
    {{if .items}}{{range .items}}{{template \"s\" .}}{{end}}{{else}}{{template \"s\" .}}{{end}}";

/// Asks with what is known so far.
struct Cluster<'a> {
    kubectl: &'a Kubectl,
    expected: &'a Expected<'a>,
    observed: Observed,
    began: Instant,
}

/// What the cluster has.
///
/// # Errors
///
/// When there is no kubectl, or it reaches no cluster, in its own words.
pub(super) fn observe(kubectl: &Kubectl, expected: &Expected, grace: Duration) -> Result<Observed, String> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    let observed = Observed { now: seconds(now), grace: seconds(grace), ..Observed::default() };
    let mut cluster = Cluster { kubectl, expected, observed, began: Instant::now() };
    cluster.groups()?;
    cluster.versions();
    cluster.objects();
    cluster.secrets();
    cluster.programs();
    Ok(cluster.observed)
}

impl Cluster<'_> {
    fn get(&self, arguments: &[String], bounds: Bounds) -> Said {
        self.ask(Reading::Get, arguments, bounds)
    }

    fn ask(&self, verb: Reading, arguments: &[String], bounds: Bounds) -> Said {
        if self.began.elapsed() > ALL {
            let failure = format!("not asked: other questions took more than {} s", ALL.as_secs());
            return Said { stdout: Vec::new(), failure: Some(failure) };
        }
        self.kubectl
            .ask(verb, arguments, bounds)
            .unwrap_or_else(|error| Said { stdout: Vec::new(), failure: Some(format!("kubectl: {error}")) })
    }

    fn raw(&self, path: &str, bounds: Bounds) -> Result<Vec<u8>, String> {
        let said = self.get(&["--raw".to_owned(), path.to_owned()], bounds);
        said.failure.map_or(Ok(said.stdout), Err)
    }

    fn unchecked(&mut self, what: impl Into<String>, why: &str) {
        self.observed.unchecked.insert(Unchecked { what: what.into(), why: one_line(why) });
    }

    /// The groups that are served. This question also tells whether there is a cluster at all.
    fn groups(&mut self) -> Result<(), String> {
        let answer = self.raw("/apis", LISTS)?;
        let list: Value = serde_json::from_slice(&answer)
            .map_err(|_| "/apis answered something else than JSON".to_owned())?;
        let groups = list["groups"].as_array().ok_or("/apis answered no list of groups")?;
        self.observed.groups = groups
            .iter()
            .map(|group| {
                let versions = group["versions"].as_array().into_iter().flatten();
                let versions = versions.map(|version| text(version, "/version").to_owned()).collect();
                (text(group, "/name").to_owned(), versions)
            })
            .collect();
        self.observed.groups.insert(String::new(), vec!["v1".to_owned()]);
        Ok(())
    }

    /// What the versions that the stack uses serve; of groups that serve others, their first one.
    fn versions(&mut self) {
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        for used in definitions::used(self.expected) {
            let Some(versions) = self.observed.groups.get(used.group()) else { continue };
            let is_served = versions.iter().any(|version| used.api_version.ends_with(version));
            match versions.first() {
                Some(first) if !is_served => wanted.insert(format!("{}/{first}", used.group())),
                _ => wanted.insert(used.api_version),
            };
        }
        let wanted: Vec<_> = wanted.into_iter().collect();
        let answers = in_parallel(&wanted, |version| {
            let folder = if version.contains('/') { "/apis" } else { "/api" };
            self.raw(&format!("{folder}/{version}"), LISTS)
        });
        for (version, answer) in wanted.into_iter().zip(answers) {
            let list = answer.and_then(|answer| {
                serde_json::from_slice::<Value>(&answer).map_err(|error| error.to_string())
            });
            match list {
                Ok(list) => {
                    self.observed.served.insert(version, served(&list));
                }
                Err(why) => self.unchecked(format!("kinds of {version}"), &why),
            }
        }
    }

    fn objects(&mut self) {
        let batches = questions::batches(self.expected, &self.observed);
        let answers = in_parallel(&batches, |batch| self.list(batch));
        // A kind that is forbidden fails the whole question, so each is asked by itself.
        let mut again = Vec::new();
        for (batch, answer) in batches.into_iter().zip(answers) {
            match answer {
                Ok(listed) => self.add(&batch, listed),
                Err(why) if batch.kinds.len() == 1 => self.refused(&batch, &why),
                Err(_) => again.extend(batch.each()),
            }
        }
        let answers = in_parallel(&again, |batch| self.list(batch));
        for (batch, answer) in again.into_iter().zip(answers) {
            match answer {
                Ok(listed) => self.add(&batch, listed),
                Err(why) => self.refused(&batch, &why),
            }
        }
    }

    fn list(&self, batch: &Batch) -> Result<Vec<u8>, String> {
        let said = self.get(&batch.arguments(), LISTS);
        said.failure.map_or(Ok(said.stdout), Err)
    }

    fn refused(&mut self, batch: &Batch, why: &str) {
        let kinds: Vec<_> = batch.kinds.iter().map(|kind| kind.plural.as_str()).collect();
        let place = if batch.namespace.is_empty() {
            String::new()
        } else {
            format!(" of namespace {}", batch.namespace)
        };
        self.unchecked(format!("{}{place}", kinds.join(", ")), why);
    }

    fn add(&mut self, batch: &Batch, listed: Vec<u8>) {
        match batch.shape {
            Shape::Whole => {
                let Ok(list) = serde_json::from_slice::<Value>(&listed) else {
                    // With --ignore-not-found there may be nothing at all.
                    if listed.iter().any(|byte| !byte.is_ascii_whitespace()) {
                        self.refused(batch, "kubectl answered something else than JSON");
                    }
                    return;
                };
                let objects = match list {
                    Value::Object(mut list) if list.get("items").is_some_and(Value::is_array) => {
                        match list.remove("items") {
                            Some(Value::Array(items)) => items,
                            _ => Vec::new(),
                        }
                    }
                    object => vec![object],
                };
                self.observed.present.extend(objects.iter().map(Identity::of));
                self.observed.objects.extend(objects);
            }
            Shape::Names => {
                let names: Vec<String> =
                    String::from_utf8_lossy(&listed).lines().map(str::to_owned).collect();
                let present = names.iter().filter_map(|line| batch.identity(line));
                self.observed.present.extend(present);
            }
        }
        let scopes = batch.kinds.iter().map(|item| Scope {
            group: item.group.clone(),
            kind: item.kind.clone(),
            namespace: batch.namespace.clone(),
        });
        self.observed.complete.extend(scopes);
    }

    fn secrets(&mut self) {
        let wanted = questions::secrets(self.expected, &self.observed);
        if let Some(why) = questions::hidden_source(self.expected, &self.observed) {
            self.unchecked("the source of the S3 credentials", &why);
        }
        let wanted: Vec<_> = wanted.into_iter().collect();
        let answers = in_parallel(&wanted, |(namespace, names)| self.keys(namespace, names));
        for ((namespace, names), answer) in wanted.into_iter().zip(answers) {
            match answer {
                Ok(found) => self.add_secrets(&namespace, names, found),
                Err(why) if names.len() == 1 => {
                    self.unchecked(format!("Secret {namespace}/{}", names.join(" ")), &why);
                }
                // One that is forbidden fails the whole question.
                Err(_) => {
                    for name in names {
                        let one = vec![name];
                        match self.keys(&namespace, &one) {
                            Ok(found) => self.add_secrets(&namespace, one, found),
                            Err(why) => {
                                self.unchecked(format!("Secret {namespace}/{}", one.join(" ")), &why);
                            }
                        }
                    }
                }
            }
        }
    }

    fn keys(&self, namespace: &str, names: &[String]) -> Result<BTreeMap<String, BTreeSet<String>>, String> {
        let mut arguments = vec!["secrets".to_owned()];
        arguments.extend(names.iter().cloned());
        arguments.extend(["-n", namespace, "--ignore-not-found", "-o", KEYS].map(str::to_owned));
        let said = self.get(&arguments, LISTS);
        if let Some(failure) = said.failure {
            return Err(failure);
        }
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        let found = text.lines().filter_map(|line| {
            let mut words = line.split('\t').map(str::to_owned);
            words.next().filter(|name| !name.is_empty()).map(|name| (name, words.collect()))
        });
        Ok(found.collect())
    }

    fn add_secrets(
        &mut self,
        namespace: &str,
        names: Vec<String>,
        mut found: BTreeMap<String, BTreeSet<String>>,
    ) {
        for name in names {
            let secret = found.remove(&name).map_or(Secret::Missing, Secret::Keys);
            if matches!(secret, Secret::Keys(_)) {
                self.observed.present.insert(Expected::secret(namespace, &name));
            }
            self.observed.secrets.insert((namespace.to_owned(), name), secret);
        }
    }

    /// Asks Thanos itself, through the API server.
    fn programs(&mut self) {
        if doctor::is_applied(self.expected, &self.observed) != Some(true) {
            return;
        }
        let mut questions = self.asked(Names::THANOS_QUERY, Question::Stores, QUERIES);
        if self.expected.config.features.long_term_metrics {
            questions.extend(self.asked(Names::THANOS_COMPACTOR, Question::Metrics, 1));
        }
        let namespace = self.expected.names.namespace();
        let answers = in_parallel(&questions, |Asked { part, path, .. }| {
            let address = format!("/api/v1/namespaces/{namespace}/{part}/proxy/{path}");
            let answer = self.raw(&address, PROGRAMS);
            (address, answer)
        });
        for (Asked { from, pod, question, .. }, (address, answer)) in questions.into_iter().zip(answers) {
            match answer {
                Ok(bytes) => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    self.observed.answers.push(Answer { from, question, address, text });
                }
                Err(why) => match pod.filter(|_| question == Question::Metrics) {
                    Some(pod) => self.log(&pod, &why),
                    None => self.unchecked(format!("{}, {from}", question.what()), &why),
                },
            }
        }
    }

    /// The running pods of a program, or its Service where none is known: the API server finds a pod behind it, if there
    /// is one.
    fn asked(&self, program: &str, question: Question, most: usize) -> Vec<Asked> {
        let (port, path) = match question {
            Question::Stores => (9090, "api/v1/stores"),
            Question::Metrics | Question::Log => (10902, "metrics"),
        };
        let pods = self.running(program).into_iter().take(most);
        let mut asked: Vec<_> = pods
            .map(|pod| Asked {
                from: format!("Pod {pod}"),
                part: format!("pods/{pod}:{port}"),
                path,
                pod: Some(pod),
                question,
            })
            .collect();
        if asked.is_empty() {
            let (from, part) = (format!("Service {program}"), format!("services/{program}:http"));
            asked.push(Asked { from, part, path, pod: None, question });
        }
        asked
    }

    /// The Compactor's log, where its metrics cannot be asked.
    fn log(&mut self, pod: &str, why: &str) {
        let namespace = self.expected.names.namespace();
        let from = format!("Pod {pod}");
        let arguments = [pod, "-n", namespace, "--tail=2000"].map(str::to_owned);
        let said = self.ask(Reading::Logs, &arguments, PROGRAMS);
        match said.failure {
            // A pod that is on no node has an empty log.
            None if !said.stdout.is_empty() => {
                let text = String::from_utf8_lossy(&said.stdout).into_owned();
                let address = "kubectl logs".to_owned();
                self.observed.answers.push(Answer { from, question: Question::Log, address, text });
            }
            _ => self.unchecked(format!("{}, {from}", Question::Log.what()), why),
        }
    }

    /// The running pods of a workload.
    fn running(&self, base: &str) -> Vec<String> {
        let namespace = self.expected.names.namespace();
        let pods = self.observed.of("", "Pod").filter(|pod| {
            text(pod, "/metadata/namespace") == namespace
                && !pod["metadata"]["deletionTimestamp"].is_string()
                && (text(pod, "/status/phase") == "Running" || !text(pod, "/status/podIP").is_empty())
                && component::of(self.expected.config, pod).is_some_and(|found| found.base == base)
        });
        pods.map(|pod| text(pod, "/metadata/name").to_owned()).filter(|name| is_name(name)).collect()
    }
}

/// A program in a pod that is asked.
struct Asked {
    /// Who is asked, as reports call it.
    from: String,
    /// The same in an address.
    part: String,
    path: &'static str,
    pod: Option<String>,
    question: Question,
}

/// Whether a text is fit for an address.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
}

fn served(list: &Value) -> Vec<Served> {
    let resources = list["resources"].as_array().into_iter().flatten();
    resources
        // `pods/log` is no kind of its own.
        .filter(|resource| !text(resource, "/name").contains('/'))
        .map(|resource| Served {
            kind: text(resource, "/kind").to_owned(),
            plural: text(resource, "/name").to_owned(),
            namespaced: resource["namespaced"] == true,
        })
        .collect()
}

/// Does the same to each item in a few threads, in their order.
fn in_parallel<T: Sync, R: Send>(items: &[T], act: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(items.len()) {
            scope.spawn(|| {
                while let Some((index, item)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    items.get(index).map(|item| (index, item))
                } {
                    let result = act(item);
                    results.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
