//! The bundled, sourced facts as typed rows.
