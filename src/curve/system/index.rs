//! Price and quantity indices of nested goods, with their derivatives.
//!
//! All is done in logarithms. With `l_c` the log of a branch's price over its observed price and `r = 1 - substitution`,
//! the log index of a nest is `L = ln(sum_c s_c exp(r l_c)) / r`, and the log of a quantity over its observed one is
//! `elasticity L_0 + sum_k substitution_k (L_k - L_(k+1))` along the way from the outermost nest to the good. The
//! quantity index that mirrors a price index is the same mean of log quantities with `r = (substitution - 1) /
//! substitution`.

/// The shape of the nests: parameters are read by position, `elasticity`, one `substitution` a nest, then price and
/// quantity of each good.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tree {
    names: Vec<String>,
    parents: Vec<Option<usize>>,
    branches: Vec<Vec<Branch>>,
    /// The nest of each good.
    homes: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Branch {
    Good(usize),
    Nest(usize),
}

/// A number by its position.
type Read<'a> = &'a dyn Fn(usize) -> f64;

/// What a derivative is taken in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Slope {
    /// The price of a good.
    Price(usize),
    /// A parameter.
    Parameter(usize),
}

impl Tree {
    pub(super) fn add_nest(&mut self, parent: Option<usize>) -> usize {
        let nest = self.parents.len();
        self.parents.push(parent);
        self.branches.push(Vec::new());
        if let Some(parent) = parent {
            self.branches[parent].push(Branch::Nest(nest));
        }
        nest
    }

    pub(super) fn add_good(&mut self, nest: usize) {
        self.branches[nest].push(Branch::Good(self.homes.len()));
        self.homes.push(nest);
    }

    pub(super) fn named(mut self, names: Vec<String>) -> Self {
        self.names = names;
        self
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    fn substitution(&self, nest: usize) -> usize {
        1 + nest
    }

    /// Position of a good's observed price.
    pub(crate) fn observed_price(&self, good: usize) -> usize {
        1 + self.parents.len() + 2 * good
    }

    /// Position of a good's observed quantity.
    pub(crate) fn observed_quantity(&self, good: usize) -> usize {
        self.observed_price(good) + 1
    }

    fn value(&self, branch: Branch, read: Read<'_>) -> f64 {
        match branch {
            Branch::Good(good) => {
                read(self.observed_price(good)) * read(self.observed_quantity(good))
            }
            Branch::Nest(nest) => self.nest_value(nest, read),
        }
    }

    fn nest_value(&self, nest: usize, read: Read<'_>) -> f64 {
        let branches = self.branches[nest].iter();
        branches.map(|&branch| self.value(branch, read)).sum()
    }

    /// Observed value of all goods.
    pub(crate) fn total(&self, read: Read<'_>) -> f64 {
        self.nest_value(0, read)
    }

    /// Log of a branch's price index, of one good its price over the observed one.
    fn log_price(&self, branch: Branch, price: Read<'_>, read: Read<'_>) -> f64 {
        match branch {
            Branch::Good(good) => (price(good) / read(self.observed_price(good))).ln(),
            Branch::Nest(nest) => self.log_index(nest, price, read),
        }
    }

    /// Log of a nest's price index.
    fn log_index(&self, nest: usize, price: Read<'_>, read: Read<'_>) -> f64 {
        let r = 1.0 - read(self.substitution(nest));
        let total = self.nest_value(nest, read);
        Mean::of(r, self.branches[nest].len(), &|c| {
            let branch = self.branches[nest][c];
            let share = self.value(branch, read) / total;
            (share, self.log_price(branch, price, read))
        })
        .log
    }

    /// Price index of the composite, one at the observed prices.
    pub(crate) fn price_index(&self, price: Read<'_>, read: Read<'_>) -> f64 {
        self.log_index(0, price, read).exp()
    }

    /// Quantity index of the composite, one at the observed quantities.
    pub(crate) fn quantity_index(&self, quantity: Read<'_>, read: Read<'_>) -> f64 {
        self.log_quantity(0, quantity, read).exp()
    }

    fn log_quantity(&self, nest: usize, quantity: Read<'_>, read: Read<'_>) -> f64 {
        let substitution = read(self.substitution(nest));
        let r = (substitution - 1.0) / substitution;
        let total = self.nest_value(nest, read);
        Mean::of(r, self.branches[nest].len(), &|c| {
            let branch = self.branches[nest][c];
            let log = match branch {
                Branch::Good(good) => (quantity(good) / read(self.observed_quantity(good))).ln(),
                Branch::Nest(inner) => self.log_quantity(inner, quantity, read),
            };
            (self.value(branch, read) / total, log)
        })
        .log
    }

    /// Quantity of a good at prices.
    pub(crate) fn quantity(&self, good: usize, price: Read<'_>, read: Read<'_>) -> f64 {
        let mut log = 0.0;
        let mut below = self.log_price(Branch::Good(good), price, read);
        let mut at = Some(self.homes[good]);
        while let Some(nest) = at {
            let here = self.log_index(nest, price, read);
            log += read(self.substitution(nest)) * (here - below);
            below = here;
            at = self.parents[nest];
        }
        log += read(0) * below;
        read(self.observed_quantity(good)) * log.exp()
    }

    /// Visits the derivatives of a good's quantity; contributions to one number add up.
    pub(crate) fn slopes(
        &self,
        good: usize,
        price: Read<'_>,
        read: Read<'_>,
        visit: &mut dyn FnMut(Slope, f64),
    ) {
        let quantity = self.quantity(good, price, read);
        let home = self.homes[good];
        visit(
            Slope::Parameter(self.observed_quantity(good)),
            quantity / read(self.observed_quantity(good)),
        );
        self.log_price_slope(
            good,
            -quantity * read(self.substitution(home)),
            price,
            read,
            visit,
        );
        // the weight of each nest's log index: its own substitution less that of the nest around it
        let mut below = self.log_price(Branch::Good(good), price, read);
        let mut at = Some(home);
        while let Some(nest) = at {
            let here = self.log_index(nest, price, read);
            let around = match self.parents[nest] {
                Some(parent) => read(self.substitution(parent)),
                None => -read(0),
            };
            let substitution = self.substitution(nest);
            visit(Slope::Parameter(substitution), quantity * (here - below));
            let weight = quantity * (read(substitution) - around);
            self.index_slopes(nest, weight, 0.0, price, read, visit);
            below = here;
            at = self.parents[nest];
        }
        visit(Slope::Parameter(0), quantity * below);
    }

    /// Derivatives of a good's log price over its observed one.
    fn log_price_slope(
        &self,
        good: usize,
        weight: f64,
        price: Read<'_>,
        read: Read<'_>,
        visit: &mut dyn FnMut(Slope, f64),
    ) {
        let observed = self.observed_price(good);
        visit(Slope::Price(good), weight / price(good));
        visit(Slope::Parameter(observed), -weight / read(observed));
    }

    /// Derivatives of `weight` times a nest's log index. `carried` is what the observed value of each good within
    /// contributes through the shares of the nests around.
    fn index_slopes(
        &self,
        nest: usize,
        weight: f64,
        carried: f64,
        price: Read<'_>,
        read: Read<'_>,
        visit: &mut dyn FnMut(Slope, f64),
    ) {
        let substitution = self.substitution(nest);
        let r = 1.0 - read(substitution);
        let total = self.nest_value(nest, read);
        let branches = &self.branches[nest];
        let at = |c: usize| {
            let share = self.value(branches[c], read) / total;
            (share, self.log_price(branches[c], price, read))
        };
        let mean = Mean::of(r, branches.len(), &at);
        visit(Slope::Parameter(substitution), -weight * mean.in_exponent);
        for (c, &branch) in branches.iter().enumerate() {
            let (share, log) = at(c);
            let away = log - mean.log;
            let by_log = weight * share * (r * away).exp();
            // d log / d value of the branch = (exp(r away) - 1) / (r total)
            let by_share = if (r * away).abs() < 1e-8 {
                away
            } else {
                (r * away).exp_m1() / r
            };
            let by_value = carried + weight * by_share / total;
            match branch {
                Branch::Good(good) => {
                    self.log_price_slope(good, by_log, price, read, visit);
                    let (p, q) = (self.observed_price(good), self.observed_quantity(good));
                    visit(Slope::Parameter(p), by_value * read(q));
                    visit(Slope::Parameter(q), by_value * read(p));
                }
                Branch::Nest(inner) => {
                    self.index_slopes(inner, by_log, by_value, price, read, visit);
                }
            }
        }
    }
}

/// A power mean of logs.
struct Mean {
    /// `ln(sum s exp(r l)) / r`.
    log: f64,
    /// Its derivative in `r`.
    in_exponent: f64,
}

impl Mean {
    /// The mean of `count` logs with shares that sum to one. Near `r = 0`, where the formula is 0/0, the series in the
    /// cumulants of the logs stands in: its first left-out term is below rounding.
    fn of(r: f64, count: usize, at: &dyn Fn(usize) -> (f64, f64)) -> Self {
        let (mut first, mut spread) = (0.0, 0.0_f64);
        for c in 0..count {
            let (share, log) = at(c);
            first += share * log;
        }
        for c in 0..count {
            spread = spread.max((at(c).1 - first).abs());
        }
        if (r * spread).abs() < 1e-4 {
            let (mut second, mut third, mut fourth) = (0.0, 0.0, 0.0);
            for c in 0..count {
                let (share, log) = at(c);
                let away = log - first;
                second += share * away.powi(2);
                third += share * away.powi(3);
                fourth += share * away.powi(4);
            }
            fourth -= 3.0 * second * second;
            return Self {
                log: first + r * (second / 2.0 + r * (third / 6.0 + r * fourth / 24.0)),
                in_exponent: second / 2.0 + r * (third / 3.0 + r * fourth / 8.0),
            };
        }
        // relative to the largest term, so that no exponential overflows before its sum does; near one, in the excess
        // over one, which keeps its digits
        let near = (r * spread).abs() < 0.5;
        let largest = if near {
            0.0
        } else {
            (0..count).fold(f64::NEG_INFINITY, |most, c| most.max(r * (at(c).1 - first)))
        };
        let (mut sum, mut excess, mut weighted) = (0.0, 0.0, 0.0);
        for c in 0..count {
            let (share, log) = at(c);
            let away = log - first;
            let term = share * (r * away - largest).exp();
            sum += term;
            excess += share * (r * away).exp_m1();
            weighted += term * away;
        }
        let log_sum = if near { excess.ln_1p() } else { sum.ln() };
        let beyond = (largest + log_sum) / r;
        Self {
            log: first + beyond,
            in_exponent: (weighted / sum - beyond) / r,
        }
    }
}
