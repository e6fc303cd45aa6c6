//! A comparison as a picture: who gains and who loses, as bars in an SVG file.

use crate::ledger::{Comparison, Incidence};

/// Colours of Okabe and Ito (2008), which the colour-blind tell apart.
const COLOURS: [&str; 7] = [
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#000000",
];
/// Parties shown; beyond them those that the reforms touch least are drawn together.
const MOST: usize = 12;
/// Height of a bar, of the space between parties, and of what stands above and below the bars.
const BAR: f64 = 14.0;
const GAP: f64 = 12.0;
const TOP: f64 = 56.0;
const LINE: f64 = 20.0;
/// Width of the bars' part, and of a letter of the labels.
const WIDTH: f64 = 480.0;
const LETTER: f64 = 7.2;

/// One party: what it gains under each reform.
struct Row {
    name: String,
    gains: Vec<f64>,
}

impl Row {
    fn size(&self) -> f64 {
        self.gains
            .iter()
            .fold(0.0, |most, gain| most.max(gain.abs()))
    }
}

impl Comparison {
    /// Draws who gains and who loses: a group of bars for each party, one for each reform, to the right what it gains and
    /// to the left what it loses, money per year. The result is the text of an SVG file.
    ///
    /// Parties that no reform touches are left out, and beyond twelve the smallest are drawn together as `all others`.
    ///
    /// ```
    /// # use pricefloor::prelude::*;
    /// # let market = Market::builder("textbook", "USD").region("Home").commodity("oxide")
    /// #     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
    /// #     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 0.5 })?))
    /// #     .build()?;
    /// # let mut comparison = Comparison::new("free market", &market.solve(&Policy::none())?)?;
    /// # let floor = Policy::new().with("floor", ContractFloor::new(12.0).covering("mine"))?;
    /// comparison.add("a floor of 12", &market.solve(&floor)?)?;
    /// let picture = comparison.svg();
    /// assert!(picture.starts_with("<svg") && picture.contains("a floor of 12"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn svg(&self) -> String {
        let reforms: Vec<&str> = self.reforms().map(|r| r.name()).collect();
        let rows = self.rows();
        let most = rows.iter().map(Row::size).fold(0.0, f64::max);
        let axis = Axis::of(&rows, most);
        let longest = rows.iter().map(|r| r.name.chars().count()).max();
        let left = 24.0 + LETTER * longest.unwrap_or(0) as f64;
        let group = GAP + BAR * reforms.len() as f64;
        let bottom = TOP + group * rows.len() as f64;
        let height = bottom + LINE * (2.5 + reforms.len() as f64);
        let width = left + WIDTH + 30.0;
        let mut out = String::new();
        let mut put = |text: &str| {
            out.push_str(text);
            out.push('\n');
        };
        put(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" width=\"{width:.1}\" \
             height=\"{height:.1}\" font-family=\"DejaVu Sans, Verdana, Arial, sans-serif\" font-size=\"12\">"
        ));
        put("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        put(&format!(
            "<text x=\"12\" y=\"22\" font-size=\"15\" font-weight=\"bold\">Who gains, who pays</text>\n\
             <text x=\"12\" y=\"40\" fill=\"#555555\">{} a year over {}</text>",
            escaped(self.money_unit()),
            escaped(self.baseline())
        ));
        for tick in axis.ticks() {
            let x = left + axis.place(tick);
            let colour = if tick == 0.0 { "#000000" } else { "#dddddd" };
            put(&format!(
                "<path d=\"M{x:.1} {TOP}V{bottom:.1}\" stroke=\"{colour}\"/>\n\
                 <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#555555\">{}</text>",
                bottom + 16.0,
                axis.label(tick)
            ));
        }
        for (k, row) in rows.iter().enumerate() {
            let top = TOP + GAP / 2.0 + group * k as f64;
            let middle = top + BAR * reforms.len() as f64 / 2.0 + 4.0;
            put(&format!(
                "<text x=\"{:.1}\" y=\"{middle:.1}\" text-anchor=\"end\">{}</text>",
                left - 8.0,
                escaped(&row.name)
            ));
            for (i, (&gain, reform)) in row.gains.iter().zip(&reforms).enumerate() {
                let (from, to) = (axis.place(gain.min(0.0)), axis.place(gain.max(0.0)));
                put(&format!(
                    "<rect x=\"{:.2}\" y=\"{:.1}\" width=\"{:.2}\" height=\"{BAR}\" fill=\"{}\"><title>{}, {}: \
                     {gain:.2}</title></rect>",
                    left + from,
                    top + BAR * i as f64,
                    to - from,
                    COLOURS[i % COLOURS.len()],
                    escaped(&row.name),
                    escaped(reform)
                ));
            }
        }
        for (i, reform) in reforms.iter().enumerate() {
            let y = bottom + LINE * (2.0 + i as f64);
            put(&format!(
                "<rect x=\"{left:.1}\" y=\"{:.1}\" width=\"12\" height=\"12\" fill=\"{}\"/>\n\
                 <text x=\"{:.1}\" y=\"{y:.1}\">{}</text>",
                y - 10.0,
                COLOURS[i % COLOURS.len()],
                left + 18.0,
                escaped(reform)
            ));
        }
        put("</svg>");
        out
    }

    /// Parties that a reform touches, and everyone together.
    fn rows(&self) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        let incidences: Vec<&Incidence> = self.reforms().map(|r| r.incidence()).collect();
        for (i, incidence) in incidences.iter().enumerate() {
            for change in incidence.changes() {
                let known = rows.iter().position(|row| row.name == change.party());
                let at = known.unwrap_or(rows.len());
                if known.is_none() {
                    let (name, gains) = (change.party().to_owned(), vec![0.0; incidences.len()]);
                    rows.push(Row { name, gains });
                }
                rows[at].gains[i] += change.gain();
            }
        }
        let most = rows.iter().map(Row::size).fold(0.0, f64::max);
        rows.retain(|row| row.size() > 1e-9 * most);
        let mut sizes: Vec<f64> = rows.iter().map(Row::size).collect();
        sizes.sort_by(|a, b| b.total_cmp(a));
        if let Some(&least) = sizes.get(MOST - 1)
            && rows.len() > MOST
        {
            let (shown, small): (Vec<Row>, Vec<Row>) =
                rows.into_iter().partition(|row| row.size() >= least);
            rows = shown;
            let sum = |i: usize| small.iter().map(|row| row.gains[i]).sum();
            rows.push(Row {
                name: "all others".to_owned(),
                gains: (0..incidences.len()).map(sum).collect(),
            });
        }
        rows.push(Row {
            name: "everyone".to_owned(),
            gains: incidences.iter().map(|i| -i.deadweight_loss()).collect(),
        });
        rows
    }
}

/// The axis of money: its ends at whole steps of 1, 2 or 5 times a power of ten.
struct Axis {
    low: f64,
    high: f64,
    step: f64,
}

impl Axis {
    fn of(rows: &[Row], most: f64) -> Self {
        let gains = || rows.iter().flat_map(|row| row.gains.iter().copied());
        let (low, high) = (gains().fold(0.0, f64::min), gains().fold(0.0, f64::max));
        let span = if most > 0.0 { high - low } else { 1.0 };
        let power = 10.0_f64.powf((span / 5.0).log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|m| m * power);
        let step = steps.into_iter().find(|s| *s * 5.0 >= span);
        let step = step.unwrap_or(10.0 * power);
        let high = (high / step).ceil() * step;
        let low = (low / step).floor() * step;
        Self {
            low,
            high: if high > low { high } else { low + step },
            step,
        }
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        let count = ((self.high - self.low) / self.step).round() as u32;
        let first = (self.low / self.step).round();
        let step = self.step;
        (0..=count).map(move |k| (first + f64::from(k)) * step)
    }

    fn place(&self, value: f64) -> f64 {
        WIDTH * (value - self.low) / (self.high - self.low)
    }

    fn label(&self, tick: f64) -> String {
        let decimals = (-self.step.log10().floor()).max(0.0) as usize;
        format!("{tick:.decimals$}")
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // control characters may not stand in XML
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
