//! Best replies, round after round.

/// Where replies lead from a start.
#[derive(Debug, PartialEq)]
pub(super) enum Course {
    /// Nobody moves any more.
    Rest(Vec<f64>),
    /// The same choices come back, in this order.
    Cycle(Vec<Vec<f64>>),
    /// Neither within the rounds allowed.
    Open,
}

/// Rounds of replies before a course counts as open.
const ROUNDS: usize = 100;
/// A move this small, as a share of a player's range, is none.
const STILL: f64 = 1e-8;
/// Choices this close, as a share of each range, are the same ones.
const SAME: f64 = 1e-9;

/// Lets each player reply in turn, going a share `pace` of the way to its best reply.
pub(super) fn play<E>(
    start: Vec<f64>,
    widths: &[f64],
    pace: f64,
    mut reply: impl FnMut(usize, &[f64]) -> Result<f64, E>,
) -> Result<Course, E> {
    let mut seen = vec![start.clone()];
    let mut choices = start;
    for _ in 0..ROUNDS {
        let mut moved = 0.0_f64;
        for (i, width) in widths.iter().enumerate() {
            let step = pace * (reply(i, &choices)? - choices[i]);
            choices[i] += step;
            moved = moved.max(step.abs() / width);
        }
        if moved <= STILL {
            return Ok(Course::Rest(choices));
        }
        let same = |before: &Vec<f64>| {
            let apart = before.iter().zip(&choices).zip(widths);
            apart.fold(0.0_f64, |most, ((a, b), width)| {
                most.max((a - b).abs() / width)
            }) <= SAME
        };
        if let Some(first) = seen.iter().position(same) {
            return Ok(Course::Cycle(seen.split_off(first)));
        }
        seen.push(choices.clone());
    }
    Ok(Course::Open)
}

#[cfg(test)]
mod tests {
    use super::{Course, play};
    use std::convert::Infallible;

    fn run(pace: f64, reply: impl Fn(usize, &[f64]) -> f64) -> Course {
        let found: Result<Course, Infallible> =
            play(vec![0.0, 0.0], &[1.0, 1.0], pace, |i, x| Ok(reply(i, x)));
        match found {
            Ok(course) => course,
            Err(never) => match never {},
        }
    }

    /// Matching pennies: the first wants to be like the second, the second unlike the first.
    #[test]
    fn matching_pennies_go_round() {
        let high = |yes: bool| f64::from(u8::from(yes));
        let course = run(1.0, |i, x| {
            if i == 0 {
                high(x[1] > 0.5)
            } else {
                high(x[0] <= 0.5)
            }
        });
        assert_eq!(course, Course::Cycle(vec![vec![0.0, 1.0], vec![1.0, 0.0]]));
    }

    /// Replies (1 + y) / 2 and (1 - 3 x) / 2 have slope product -3/4 and come to rest at x = 3/7, y = -1/7.
    #[test]
    fn straight_replies_come_to_rest() {
        let Course::Rest(x) = run(1.0, |i, x| {
            if i == 0 {
                0.5 * (1.0 + x[1])
            } else {
                0.5 * (1.0 - 3.0 * x[0])
            }
        }) else {
            panic!("no rest")
        };
        assert!(
            (x[0] - 3.0 / 7.0).abs() < 1e-7 && (x[1] + 1.0 / 7.0).abs() < 1e-7,
            "{x:?}"
        );
    }

    /// Replies y and -x with the whole step go round for ever; half steps spiral in to the rest at zero.
    #[test]
    fn half_steps_reach_an_unstable_rest() {
        let turning = |i: usize, x: &[f64]| if i == 0 { 0.3 + x[1] } else { -x[0] };
        assert!(!matches!(run(1.0, turning), Course::Rest(_)));
        let Course::Rest(x) = run(0.5, turning) else {
            panic!("no rest")
        };
        assert!(
            (x[0] - 0.15).abs() < 1e-6 && (x[1] + 0.15).abs() < 1e-6,
            "{x:?}"
        );
    }
}
