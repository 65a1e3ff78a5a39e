//! What a stack asks of a cluster: requests, limits and volumes of all pods, those that operators make included, and
//! whether they fit on some nodes.

pub mod fit;
pub mod operator;
pub mod pods;
pub mod volumes;

use serde::Serialize;
use serde_json::Value;

use self::operator::Reloader;
use self::pods::Pods;
use self::volumes::Volume;
use crate::config::quantity;

/// CPU and memory, exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Amounts {
    /// Thousandths of a CPU, rounded up.
    pub milli_cpu: u128,
    /// Bytes, rounded up.
    pub memory_bytes: u128,
}

impl Amounts {
    /// `requests` or `limits` of a container; what is missing or unreadable counts as nothing.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        let nano = |key: &str| match &value[key] {
            Value::String(text) => quantity::nano(text),
            Value::Number(number) => quantity::nano(&number.to_string()),
            _ => None,
        };
        Self {
            milli_cpu: nano("cpu").unwrap_or_default().div_ceil(1_000_000),
            memory_bytes: nano("memory").unwrap_or_default().div_ceil(1_000_000_000),
        }
    }

    /// Both of both.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            milli_cpu: self.milli_cpu.saturating_add(other.milli_cpu),
            memory_bytes: self.memory_bytes.saturating_add(other.memory_bytes),
        }
    }

    /// So many times.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        let count = u128::from(count);
        Self {
            milli_cpu: self.milli_cpu.saturating_mul(count),
            memory_bytes: self.memory_bytes.saturating_mul(count),
        }
    }

    /// The larger one of each.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            milli_cpu: self.milli_cpu.max(other.milli_cpu),
            memory_bytes: self.memory_bytes.max(other.memory_bytes),
        }
    }

    /// What is left without the other; `None` where that is more.
    #[must_use]
    pub fn without(self, other: Self) -> Option<Self> {
        Some(Self {
            milli_cpu: self.milli_cpu.checked_sub(other.milli_cpu)?,
            memory_bytes: self.memory_bytes.checked_sub(other.memory_bytes)?,
        })
    }
}

/// What a stack asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    /// Pods of each object that makes some.
    pub pods: Vec<Pods>,
    /// Claims that are objects of their own.
    pub claims: Vec<Volume>,
    /// Requests of all pods but those that run on each node.
    pub requests: Amounts,
    /// Requests of the pods on each node.
    pub requests_per_node: Amounts,
    /// Bytes of all volumes.
    pub volume_bytes: u128,
}

impl Asked {
    /// What objects ask for, each with its construct.
    #[must_use]
    pub fn of<'a>(objects: impl IntoIterator<Item = (&'a str, &'a Value)> + Clone) -> Self {
        let reloader = Reloader::of(objects.clone().into_iter().map(|(_, object)| object));
        let mut asked = Self::default();
        for (construct, object) in objects {
            if let Some(volume) = volumes::claim(object) {
                asked.volume_bytes = asked.volume_bytes.saturating_add(volume.bytes);
                asked.claims.push(volume);
            }
            let Some(pods) = Pods::of(construct, object, &reloader) else { continue };
            match pods.count {
                pods::Count::Fixed(count) => {
                    asked.requests = asked.requests.plus(pods.requests.times(count));
                    for volume in &pods.volumes {
                        let all = volume.bytes.saturating_mul(u128::from(volume.count));
                        asked.volume_bytes = asked.volume_bytes.saturating_add(all);
                    }
                }
                pods::Count::EachNode => {
                    asked.requests_per_node = asked.requests_per_node.plus(pods.requests)
                }
            }
            asked.pods.push(pods);
        }
        asked
    }
}

/// Thousandths of a CPU as Kubernetes writes them: `250m`, `2`.
#[must_use]
pub fn cpu(milli: u128) -> String {
    if milli.is_multiple_of(1000) { (milli / 1000).to_string() } else { format!("{milli}m") }
}

/// Bytes in the largest unit in which they are a whole number, or else in Mi, rounded up: a little too much is asked for
/// rather than too little.
#[must_use]
pub fn memory(bytes: u128) -> String {
    const UNITS: [(&str, u32); 4] = [("Ti", 40), ("Gi", 30), ("Mi", 20), ("Ki", 10)];
    if bytes == 0 {
        return "0".to_owned();
    }
    let whole = UNITS.iter().find(|(_, shift)| bytes.is_multiple_of(1 << shift));
    match whole {
        Some((unit, shift)) if *shift >= 20 => format!("{}{unit}", bytes >> shift),
        _ => format!("{}Mi", bytes.div_ceil(1 << 20)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn amounts_are_exact_and_never_understated() {
        let amounts = Amounts::of(&json!({"cpu": "0.5", "memory": "1.5Gi"}));
        assert_eq!((amounts.milli_cpu, amounts.memory_bytes), (500, 3 << 29));
        assert_eq!(Amounts::of(&json!({"cpu": 2, "memory": "128974848"})).milli_cpu, 2000);
        assert_eq!(Amounts::of(&json!({"cpu": "1u"})).milli_cpu, 1);
        assert_eq!(Amounts::of(&json!(null)), Amounts::default());
        assert_eq!([cpu(250), cpu(2000), cpu(0)], ["250m", "2", "0"]);
        assert_eq!(
            [memory(1 << 30), memory(1500 << 20), memory(1), memory(1000)],
            ["1Gi", "1500Mi", "1Mi", "1Mi"]
        );
    }

    #[test]
    fn nodes_and_replicas_are_counted_apart() {
        let container = json!([{"name": "c", "resources": {"requests": {"cpu": "100m", "memory": "1Gi"}}}]);
        let object = |kind: &str, replicas: Value| {
            json!({"kind": kind, "metadata": {"name": "x"}, "spec": {"replicas": replicas, "template": {"spec": {"containers": container}},
                "volumeClaimTemplates": [{"metadata": {"name": "d"}, "spec": {"resources": {"requests": {"storage": "10Gi"}}}}]}})
        };
        let claim = json!({"kind": "PersistentVolumeClaim", "metadata": {"name": "g"},
            "spec": {"resources": {"requests": {"storage": "1Gi"}}}});
        let objects = [
            object("StatefulSet", json!(3)),
            object("DaemonSet", json!(null)),
            object("ConfigMap", json!(1)),
            claim,
        ];
        let asked = Asked::of(objects.iter().map(|object| ("x", object)));
        assert_eq!(asked.pods.len(), 2);
        assert_eq!((asked.requests.milli_cpu, asked.requests.memory_bytes), (300, 3 << 30));
        assert_eq!(asked.requests_per_node.milli_cpu, 100);
        assert_eq!(asked.volume_bytes, 31 << 30);
        assert_eq!(asked.claims[0].name, "g");
    }
}
