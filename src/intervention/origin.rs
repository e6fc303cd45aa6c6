//! Which sellers at a node count as being of a named origin.

use super::terms::some;
use crate::assembly::{Activity, Draft, DraftError, Node};
use crate::market::used_in;

/// The sellers at a node that are of one of the named origins, and the others. A name is that of a region (what was made
/// there in a market that tracks origin; else its own producers where it is the node's, and the routes from it where not),
/// of an activity, or of a firm.
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
            Ok(_) if name == home => draft.producers(node),
            Ok(origin) => {
                let routes = all.iter().copied();
                routes
                    .filter(|&r| draft.route(r).is_some_and(|(o, _)| o == origin))
                    .collect()
            }
            Err(unknown) => draft.activities(name).map_err(|_| unknown)?,
        };
        named.extend(from);
    }
    let place = format!("{commodity} in {home}");
    let all = some(draft, all, &place, "has no seller")?;
    Ok(all.into_iter().partition(|seller| named.contains(seller)))
}
