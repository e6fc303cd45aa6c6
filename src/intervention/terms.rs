//! Steps that several measures share.

use super::{Settled, TermError};
use crate::assembly::{Activity, Draft, DraftError, Node, Party, Rule};

/// An error unless the term obeys the rule.
pub(super) fn obey(term: &'static str, value: f64, rule: Rule) -> Result<(), TermError> {
    if rule.admits(value) {
        Ok(())
    } else {
        Err(TermError {
            term,
            value,
            rule: rule.words(),
        })
    }
}

/// The purse that pays or collects: the named one, else the treasury of the region.
pub(super) fn purse(draft: &mut Draft<'_>, named: Option<&str>, region: &str) -> Party {
    draft.treasury(named.unwrap_or(region))
}

/// The one node whose commodity a measure on an activity covers: the named commodity, else its only output.
pub(super) fn covered_node(
    draft: &Draft<'_>,
    activity: Activity,
    commodity: Option<&str>,
) -> Result<Node, DraftError> {
    let outputs = draft.outputs(activity);
    let unfit = |rule| DraftError::Unfit {
        place: draft.place(),
        target: format!("`{}`", draft.activity_name(activity)),
        rule,
    };
    match (commodity, outputs.as_slice()) {
        (Some(name), nodes) => {
            let found = nodes.iter().find(|&&n| draft.node_name(n).1 == name);
            found
                .copied()
                .ok_or_else(|| unfit("does not put out the covered commodity"))
        }
        (None, &[node]) => Ok(node),
        (None, _) => Err(unfit("puts out several commodities; name the covered one")),
    }
}

/// What some unknowns of this measure came to, each under the name it is reported by.
pub(super) fn readings(settled: &Settled<'_>, names: &[(&str, &str)]) -> Vec<(String, f64)> {
    let of = names.iter().filter_map(|&(name, unknown)| {
        let value = settled.unknown(unknown)?;
        Some((name.to_owned(), value))
    });
    of.collect()
}

/// The producers of a commodity at a node, or those of them that are named.
pub(super) fn producers(
    draft: &Draft<'_>,
    node: Node,
    covering: &[String],
) -> Result<Vec<Activity>, DraftError> {
    let mut producers = draft.producers(node);
    if !covering.is_empty() {
        let mut named = Vec::new();
        for name in covering {
            named.extend(draft.activities(name)?);
        }
        producers.retain(|activity| named.contains(activity));
    }
    let (region, commodity) = draft.node_name(node);
    let place = format!("{commodity} in {region}");
    some(draft, producers, &place, "has no such producer")
}

/// An error unless the measure found something to act on.
pub(super) fn some<T>(
    draft: &Draft<'_>,
    found: Vec<T>,
    target: &str,
    rule: &'static str,
) -> Result<Vec<T>, DraftError> {
    if found.is_empty() {
        return Err(DraftError::Unfit {
            place: draft.place(),
            target: target.to_owned(),
            rule,
        });
    }
    Ok(found)
}
