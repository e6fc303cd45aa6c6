//! Slopes of quantity in price.

use super::bundle::Bundle;
use super::{CurveError, Piece, Side};

impl Piece {
    /// Slope of quantity in price away from the ends of the piece.
    pub(super) fn slope(&self, side: Side, price: f64) -> f64 {
        match self.relation() {
            Some(relation) if self.span(side).is_inside(price) => {
                let kernel = relation.quantity;
                kernel.value_and_slope(relation.parameters, price).1
            }
            _ => 0.0,
        }
    }
}

impl Bundle {
    /// Slope of quantity in price, not looking out for corners.
    pub(super) fn raw_slope(&self, price: f64) -> f64 {
        self.pieces()
            .fold(0.0, |sum, piece| sum + piece.slope(self.side, price))
    }

    /// Slope of quantity in price, in units of quantity per unit of price.
    pub(super) fn slope(&self, price: f64) -> Result<f64, CurveError> {
        self.quantity(price)?;
        self.smooth_at(price)?;
        let slope = self.raw_slope(price);
        self.check().computed("slope", slope)?;
        Ok(slope)
    }

    /// Elasticity of quantity in price.
    pub(super) fn elasticity(&self, price: f64) -> Result<f64, CurveError> {
        let slope = self.slope(price)?;
        let quantity = self.quantity(price)?.low();
        if quantity > 0.0 {
            let elasticity = slope * (price / quantity);
            self.check().computed("elasticity", elasticity)?;
            Ok(elasticity)
        } else {
            let side = self.side;
            Err(CurveError::NoElasticity { side, price })
        }
    }

    /// That no piece begins or ends at this price.
    pub(super) fn smooth_at(&self, price: f64) -> Result<(), CurveError> {
        let side = self.side;
        let corner = self.pieces().any(|piece| {
            let span = piece.span(side);
            span.start == price || span.end == price
        });
        if corner {
            Err(CurveError::Corner { side, price })
        } else {
            Ok(())
        }
    }
}
