//! The draws, of the first 10,000, that are neither solved nor refused with a proof.

/// The share of the general draws that have to be solved, in thousandths.
pub const PER_MILLE: usize = 995;

/// General draws where the solver came to rest away from a solution, or where every case of a measure contradicts itself.
const GENERAL: [u64; 15] = [
    266, 1067, 1329, 1525, 3574, 3794, 3853, 5634, 5772, 7962, 8036, 8491, 8963, 9786, 9839,
];

/// A solved draw whose accounts do not close to 1e-9 of the value traded, which is a fortieth of the surplus.
const ACCOUNTS: [u64; 1] = [2755];

pub fn is_listed(seed: u64) -> bool {
    GENERAL.contains(&seed) || ACCOUNTS.contains(&seed)
}
