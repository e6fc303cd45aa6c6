use super::super::StorageError;
use super::super::euler::EulerErrors;
use super::clear::Period;
use super::rules::TradeRules;

impl TradeRules {
    /// Errors on a lattice of `points` by `points` availabilities evenly from `low` to `high`, in the named regime: at each,
    /// both markets are cleared again with what a unit is worth summed exactly over the outcomes of next period, from the
    /// prices that the rules give for it. The error of a point is that of the region where it is larger.
    ///
    /// # Errors
    /// [`StorageError::Unknown`] for the regime, [`StorageError::Empty`] for less than two points, and as
    /// [`at`](Self::at).
    pub fn euler_errors(
        &self,
        regime: &str,
        low: [f64; 2],
        high: [f64; 2],
        points: usize,
    ) -> Result<EulerErrors<[f64; 2]>, StorageError> {
        if points < 2 {
            return Err(StorageError::Empty {
                thing: "a report of errors over two points or more",
            });
        }
        let regime = self.regime(regime)?;
        let mut errors = EulerErrors::none(low);
        for point in 0..points * points {
            let place = [point / points, point % points];
            let at = [0, 1]
                .map(|i| low[i] + (high[i] - low[i]) * (place[i] as f64 / (points - 1) as f64));
            let found = self.decide(regime, at, [0.0; 2])?;
            let plane = &self.planes[regime];
            let exact = |stocks: [f64; 2]| {
                let planned = plane.planned(stocks).value;
                let mut guesses = vec![[0.0; 2]; self.engine.nodes[regime].len()];
                let planes = &self.planes;
                self.engine
                    .carried(planes, regime, stocks, planned, 30, &mut guesses)
            };
            let cleared = Period {
                route: self.engine.route(regime),
                there: at,
                worth: |stocks| exact(stocks).0,
            }
            .clear(found.stocks);
            let (stocks, shipped) = (cleared.stocks, cleared.spatial.shipped);
            let used = [at[0] - stocks[0] - shipped, at[1] - stocks[1] + shipped];
            let share = |rule: f64, exact: f64| (rule / exact - 1.0).abs();
            let error = share(found.used[0], used[0]).max(share(found.used[1], used[1]));
            let (rule, planned) = (plane.planned(stocks).value, exact(stocks).1.value);
            let plans = (0..2).filter(|&i| planned[i] > 0.0);
            let plan = plans
                .map(|i| share(rule[i], planned[i]))
                .fold(0.0, f64::max);
            errors.add(at, points * points, error, plan);
        }
        Ok(errors)
    }
}
