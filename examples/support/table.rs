//! Tables for people: the first column is words, the others are numbers and line up on the right.

use comfy_table::{CellAlignment, Table as Grid, presets};

/// A table under a title.
pub struct Table {
    title: String,
    grid: Grid,
}

impl Table {
    pub fn new(title: &str, header: &[&str]) -> Self {
        let mut grid = Grid::new();
        grid.load_style(presets::UTF8_FULL_CONDENSED)
            .set_header(header);
        for at in 1..header.len() {
            if let Some(column) = grid.column_mut(at) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        Self {
            title: title.to_owned(),
            grid,
        }
    }

    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) -> &mut Self {
        self.grid.add_row(
            cells
                .into_iter()
                .map(Into::<String>::into)
                .collect::<Vec<_>>(),
        );
        self
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}\n{}", self.title, self.grid)
    }
}

/// A number with `decimals` and its thousands apart: `73,000` or `-1,234.5`.
pub fn number(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    // What rounds to zero has no sign.
    if value < 0.0 && out.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        format!("-{out}")
    } else {
        out
    }
}

/// A range: `66,000 to 78,000`, or a dash.
pub fn range(low: Option<f64>, high: Option<f64>, decimals: usize) -> String {
    match (low, high) {
        (Some(low), Some(high)) => {
            format!("{} to {}", number(low, decimals), number(high, decimals))
        }
        _ => "-".to_owned(),
    }
}
