//! Many markets of one supply and one demand curve.

use numpy::PyReadonlyArray1;
use pricefloor::equilibrium::{FloorBy, TwoCurves, TwoCurvesColumns};
use pyo3::prelude::*;

use crate::attend::spread;
use crate::columns::Columns;
use crate::plain::read;
use crate::raised::Raised;

/// Columns in the order of :func:`pricefloor.two_curves.solve_two_curves`, all contiguous and of one length.
#[pyfunction]
pub fn two_curves<'py>(
    py: Python<'py>,
    base_price: f64,
    floor_by: &Bound<'py, PyAny>,
    columns: [PyReadonlyArray1<'py, f64>; 8],
) -> Result<Bound<'py, PyAny>, Raised> {
    let floor: FloorBy = read("floor_by", floor_by)?;
    let family = TwoCurves::new(base_price)?.with_floor(floor);
    let slices = columns
        .each_ref()
        .map(|column| column.as_slice().unwrap_or_default());
    let [
        supply,
        supply_elasticity,
        demand,
        demand_elasticity,
        imports,
        import_price,
        tariff,
        floor,
    ] = slices;
    let columns = TwoCurvesColumns {
        supply,
        supply_elasticity,
        demand,
        demand_elasticity,
        imports,
        import_price,
        tariff,
        floor,
    };
    let batch = py.detach(|| spread(|| family.solve(&columns)))??;
    Columns::new(py)
        .numbers("price", "", batch.prices().iter().copied())?
        .numbers("bought", "", batch.bought().iter().copied())?
        .numbers("residual", "", batch.residuals().iter().copied())?
        .table()
}
