//! Which sellers at a node count as being of a named origin.

use super::terms::some;
use crate::assembly::{Activity, Draft, DraftError, Node};
use crate::market::used_in;

/// The sellers at a node that are of one of the named origins, and the others. A name is that of a region (what was made
/// there in a market that tracks origin; else its own producers and the home sales of firms with conduct where it is the
/// node's, and the routes from it where not), of an activity, or of a firm.
pub(super) fn sellers(
    draft: &Draft<'_>,
    node: Node,
    names: &[String],
) -> Result<(Vec<Activity>, Vec<Activity>), DraftError> {
    let (home, commodity) = draft.node_name(node);
    let mut named = Vec::new();
    let all = draft.sellers(node);
    for name in names {
        if let Ok(tracked) = draft.activities(&used_in(commodity, name, home)) {
            named.extend(tracked);
            continue;
        }
        let from: Vec<Activity> = match draft.node(name, commodity) {
            Ok(_) if name == home => {
                let own = all.iter().copied();
                own.filter(|&a| draft.route(a).is_none()).collect()
            }
            Ok(origin) => {
                let routes = all.iter().copied();
                routes
                    .filter(|&r| draft.route(r).is_some_and(|(o, _)| o == origin))
                    .collect()
            }
            Err(unknown) => by_name(draft, node, name, unknown)?,
        };
        named.extend(from);
    }
    let place = format!("{commodity} in {home}");
    let all = some(draft, all, &place, "has no seller")?;
    Ok(all.into_iter().partition(|seller| named.contains(seller)))
}

/// What an activity or a firm sells at a node. A firm with conduct sells what all its activities make together.
fn by_name(
    draft: &Draft<'_>,
    node: Node,
    name: &str,
    unknown: DraftError,
) -> Result<Vec<Activity>, DraftError> {
    let made = draft.activities(name).map_err(|_| unknown)?;
    let owners: Vec<_> = made.iter().map(|&a| draft.owner(a)).collect();
    let sellers = draft.sellers(node).into_iter();
    if made.iter().all(|&a| draft.activity_name(a) != name) {
        return Ok(sellers
            .filter(|&a| owners.contains(&draft.owner(a)))
            .collect());
    }
    let (sold, others): (Vec<_>, Vec<_>) = sellers.partition(|a| made.contains(a));
    if sold.is_empty() && others.iter().any(|&a| owners.contains(&draft.owner(a))) {
        return Err(DraftError::Unfit {
            place: draft.place(),
            target: name.to_owned(),
            rule: "is sold by its firm together with what else the firm makes; name the firm",
        });
    }
    Ok(sold)
}
