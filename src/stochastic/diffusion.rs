use super::{GeometricBrownian, MeanReverting};

/// A price whose logarithm is a diffusion of one factor, d ln P = drift(ln P) dt + sigma dW: what a finite-difference
/// method needs to know of it.
pub trait Diffusion {
    /// Price today, in the market's currency per unit.
    fn spot(&self) -> f64;

    /// Drift of the log price at this log price, per year.
    fn log_drift(&self, log_price: f64) -> f64;

    /// Volatility of the log price, per square root of a year.
    fn volatility(&self) -> f64;
}

impl Diffusion for GeometricBrownian {
    fn spot(&self) -> f64 {
        self.terms().spot
    }

    fn log_drift(&self, _log_price: f64) -> f64 {
        let terms = self.terms();
        terms.drift - 0.5 * terms.volatility * terms.volatility
    }

    fn volatility(&self) -> f64 {
        self.terms().volatility
    }
}

impl Diffusion for MeanReverting {
    fn spot(&self) -> f64 {
        self.terms().spot
    }

    fn log_drift(&self, log_price: f64) -> f64 {
        let terms = self.terms();
        terms.reversion * (terms.log_mean - log_price)
    }

    fn volatility(&self) -> f64 {
        self.terms().volatility
    }
}
