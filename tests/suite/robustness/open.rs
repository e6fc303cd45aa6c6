//! The draws, of the first 10,000, that are neither solved nor refused with a proof.

/// The share of the general draws that have to be solved, in thousandths.
pub const PER_MILLE: usize = 980;

/// Symmetric draws where the solver came to rest away from a solution.
const INTEGRABLE: [u64; 19] = [
    307, 403, 1505, 2838, 3468, 3636, 3891, 4038, 4594, 4672, 5598, 5622, 5709, 6328, 7203, 7571,
    8059, 8333, 8815,
];

/// General draws where it did, or where every case of a measure contradicts itself.
const GENERAL: [u64; 49] = [
    266, 1067, 1176, 1325, 1329, 1525, 1641, 1724, 1804, 1899, 2043, 2213, 2348, 3154, 3574, 3794,
    3828, 3853, 4214, 4375, 5086, 5529, 5634, 5772, 6157, 6447, 6524, 6788, 6852, 6955, 7175, 7187,
    7500, 7611, 7758, 7962, 8036, 8186, 8338, 8354, 8491, 8603, 8628, 8963, 9285, 9483, 9754, 9786,
    9839,
];

/// Solved draws whose accounts do not close to 1e-9 of the value traded.
const ACCOUNTS: [u64; 28] = [
    354, 453, 847, 928, 1433, 1878, 1888, 1999, 2300, 2343, 2654, 2755, 3005, 3203, 3390, 3455,
    3804, 4288, 4422, 4601, 4825, 5422, 6764, 7097, 7182, 8508, 8687, 9695,
];

pub fn is_listed(seed: u64) -> bool {
    let lists: [&[u64]; 3] = [&INTEGRABLE, &GENERAL, &ACCOUNTS];
    lists.iter().any(|list| list.contains(&seed))
}
