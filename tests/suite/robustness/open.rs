//! The draws, of the first 10,000, that are neither solved nor refused with a proof.

/// The share of the general draws that have to be solved, in thousandths.
pub const PER_MILLE: usize = 993;

/// General draws where the solver came to rest away from a solution, or where every case of a measure contradicts itself.
const GENERAL: [u64; 24] = [
    266, 930, 1067, 1176, 1325, 1329, 1525, 3574, 3794, 3853, 5772, 6157, 6447, 7175, 7758, 7962,
    8036, 8354, 8491, 8963, 9285, 9483, 9786, 9839,
];

/// Solved draws whose accounts do not close to 1e-9 of the value traded.
const ACCOUNTS: [u64; 2] = [3468, 4288];

pub fn is_listed(seed: u64) -> bool {
    GENERAL.contains(&seed) || ACCOUNTS.contains(&seed)
}
