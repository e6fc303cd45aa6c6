//! A result as a table.

use std::fmt;

use super::result::Equilibrium;

impl fmt::Display for Equilibrium {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self
            .nodes
            .iter()
            .map(|n| n.region.len() + n.commodity.len() + 4)
            .max()
            .unwrap_or(0);
        let width = width
            .max(
                self.activities
                    .iter()
                    .map(|a| a.name.len())
                    .max()
                    .unwrap_or(0),
            )
            .max(8);
        writeln!(f, "{} (prices in {})", self.market, self.price_unit)?;
        writeln!(
            f,
            "{:width$} {:>12} {:>12} {:>12} {:>12}",
            "node", "price", "supplied", "demanded", "bought"
        )?;
        for node in &self.nodes {
            let name = format!("{} in {}", node.commodity, node.region);
            write!(
                f,
                "{name:width$} {:>12.4} {:>12.4} {:>12.4} {:>12.4}",
                node.price, node.supplied, node.demanded, node.bought
            )?;
            match node.price_interval {
                Some(range) => writeln!(
                    f,
                    "  any price from {:.4} to {:.4}",
                    range.low(),
                    range.high()
                )?,
                None if node.excess > 0.0 => writeln!(f, "  {:.4} thrown away", node.excess)?,
                None => writeln!(f)?,
            }
        }
        writeln!(f, "{:width$} {:>12}", "activity", "level")?;
        for activity in &self.activities {
            writeln!(f, "{:width$} {:>12.4}", activity.name, activity.level)?;
        }
        for figure in &self.figures {
            writeln!(f, "{}: {} {:.4}", figure.measure, figure.name, figure.value)?;
        }
        write!(
            f,
            "certificate: residual {:.1e}, price error {:.1e}, mass balance {:.1e}, arbitrage {:.1e}",
            self.certificate.residual,
            self.certificate.price_error,
            self.certificate.mass_balance,
            self.certificate.arbitrage
        )
    }
}
