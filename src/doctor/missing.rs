//! Objects of the stack that are not in the cluster.

use super::definitions::MONITORING;
use super::expected::Expected;
use super::finding::Finding;
use super::observed::Observed;
use crate::k8s::Identity;

/// So many are named; the rest is counted.
const NAMED: usize = 12;

/// One finding for all that are missing, since one command mends them. What is refused as long as its definition is
/// not served is the finding about that definition.
#[must_use]
pub fn check(expected: &Expected, observed: &Observed) -> Vec<Finding> {
    let mut missing: Vec<_> = expected
        .rendered()
        .map(|object| Identity::of(&object.value))
        .filter(|object| observed.lacks(object))
        .collect();
    missing.dedup();
    let Some(first) = missing.first().cloned() else { return Vec::new() };
    let named: Vec<_> = missing.iter().take(NAMED).map(ToString::to_string).collect();
    let more = missing.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let finding = match missing.len() {
        1 => "is not in the cluster, but in what the config renders".to_owned(),
        count => {
            format!("and {} more objects are not in the cluster, but in what the config renders", count - 1)
        }
    };
    let mut finding = Finding::new(first, finding);
    if missing.len() > 1 {
        finding = finding.evidence(format!("not there: {}{more}", named.join(", ")));
    } else {
        finding = finding.evidence("kubectl get finds none of that name");
    }
    if missing.iter().any(|object| object.group == MONITORING) {
        finding = finding.fix(format!(
            "the first apply refuses ServiceMonitors and PrometheusRules until the charts have brought their \
             definitions; apply once more: {}",
            expected.apply()
        ));
    } else {
        finding = finding.fix(expected.apply());
    }
    finding.also = missing.split_off(1);
    vec![finding]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::testing::Case;

    #[test]
    fn all_missing_objects_are_one_finding() {
        let mut case = Case::healthy();
        assert!(case.findings(check).is_empty());
        case.remove("ServiceMonitor", "thanos-query");
        let found = case.findings(check);
        assert_eq!(found[0].object.to_string(), "ServiceMonitor monitoring/thanos-query");
        assert!(found[0].fix[0].contains("apply once more: monstack render config.yaml | kubectl apply"));
        case.remove("StatefulSet", "thanos-store");
        let found = case.findings(check);
        assert_eq!(found.len(), 1);
        assert!(found[0].finding.starts_with("and 1 more objects are not in the cluster"));
        assert!(found[0].evidence[0].contains("ServiceMonitor monitoring/thanos-query"));
    }

    #[test]
    fn what_was_not_listed_is_not_missing() {
        let mut case = Case::healthy();
        case.remove("StatefulSet", "thanos-store");
        case.observed.complete.retain(|scope| scope.kind != "StatefulSet");
        assert!(case.findings(check).is_empty());
    }
}
