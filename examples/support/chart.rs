//! Charts as SVG files in `out/`, in colours that the colour-blind can tell apart (Okabe and Ito).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kuva::backend::svg::SvgBackend;
use kuva::plot::annotations::{ReferenceLine, TextAnnotation};
use kuva::plot::legend::{LegendEntry, LegendPosition, LegendShape};
use kuva::plot::{BandPlot, BarPlot, LinePlot};
use kuva::render::figure::Figure;
use kuva::render::layout::{Layout, TickFormat};
use kuva::render::plots::Plot;

use super::table::number;

/// The colours, in the order of use: strong ones first, the pale yellow not at all.
pub const COLOURS: [&str; 7] = [
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#000000",
];
const GREY: &str = "#555555";
/// Installed almost everywhere, and what is measured when labels are placed.
const FONT: &str = "DejaVu Sans, Verdana, Arial, sans-serif";

/// Title, one sentence that says what to see, and the axes with their units.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    pub title: &'a str,
    pub says: &'a str,
    pub x: &'a str,
    pub y: &'a str,
}

/// A drawing that can be saved or made a panel of a larger one.
pub struct Chart {
    plots: Vec<Plot>,
    layout: Layout,
}

/// One line of a chart, with a band around it where `band` gives its lower and upper edge at each point.
#[derive(Debug, Clone)]
pub struct Line {
    pub name: String,
    pub points: Vec<(f64, f64)>,
    pub band: Option<Vec<(f64, f64)>>,
    pub dashed: bool,
}

impl Line {
    pub fn new(name: &str, points: Vec<(f64, f64)>) -> Self {
        Self {
            name: name.to_owned(),
            points,
            band: None,
            dashed: false,
        }
    }

    pub fn band(mut self, edges: Vec<(f64, f64)>) -> Self {
        self.band = Some(edges);
        self
    }

    pub fn dashed(mut self) -> Self {
        self.dashed = true;
        self
    }
}

/// A horizontal line with its label: a floor, a threshold. The label stands at the right end, or around `at` on the x axis
/// where the right end is crowded.
#[derive(Debug, Clone, Copy)]
pub struct Level<'a> {
    pub value: f64,
    pub label: &'a str,
    pub at: Option<f64>,
}

/// One producer of a cost curve.
#[derive(Debug, Clone)]
pub struct Step {
    pub name: String,
    pub quantity: f64,
    pub cost: f64,
}

/// Bars side by side: one group a name, one bar a series. `whiskers` gives the low and high end of each bar, group by group.
pub fn bars(
    frame: Frame,
    series: &[&str],
    groups: &[(&str, Vec<f64>)],
    whiskers: Option<&[Vec<(f64, f64)>]>,
) -> Chart {
    let mut plot = BarPlot::new().with_width(0.75);
    for (name, values) in groups {
        plot = plot.with_group(*name, values.iter().copied().zip(COLOURS));
    }
    if series.len() > 1 {
        plot = plot.with_legend(series.to_vec());
    }
    if let Some(ends) = whiskers {
        let lengths = groups.iter().zip(ends).flat_map(|((_, values), ends)| {
            values
                .iter()
                .zip(ends)
                .map(|(value, (low, high))| (value - low, high - value))
        });
        plot = plot
            .with_asymmetric_error(lengths.collect::<Vec<_>>())
            .with_error_color(GREY);
    }
    Chart::new(frame, vec![plot.into()], None)
}

/// Lines with bands, and levels across.
pub fn lines(frame: Frame, lines: &[Line], levels: &[Level]) -> Chart {
    let mut plots: Vec<Plot> = Vec::new();
    let mut legend = Vec::new();
    for (line, colour) in lines.iter().zip(COLOURS.into_iter().cycle()) {
        if let Some(edges) = &line.band {
            let x = line.points.iter().map(|point| point.0);
            let low = edges.iter().map(|edge| edge.0);
            let high = edges.iter().map(|edge| edge.1);
            plots.push(
                BandPlot::new(x, low, high)
                    .with_color(colour)
                    .with_opacity(0.2)
                    .into(),
            );
        }
        let mut drawn = LinePlot::new()
            .with_data(line.points.iter().copied())
            .with_color(colour)
            .with_stroke_width(2.5);
        if line.dashed {
            drawn = drawn.with_dashed();
        }
        legend.push(LegendEntry {
            label: plain(&line.name),
            color: colour.to_owned(),
            shape: LegendShape::Line,
            dasharray: drawn.line_style.dasharray(),
        });
        plots.push(drawn.into());
    }
    let mut chart = Chart::new(frame, plots, Some(legend));
    for level in levels {
        chart = chart.level(level);
    }
    chart
}

/// Producers side by side from the cheapest to the dearest, each as wide as its output and as high as its unit cost, with
/// the demand curve across. Names stand in the legend, because thin steps have no room for them.
pub fn cost_curve(frame: Frame, steps: &[Step], demand: &[(f64, f64)], levels: &[Level]) -> Chart {
    let mut order: Vec<&Step> = steps.iter().collect();
    order.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    let mut plots: Vec<Plot> = Vec::new();
    let mut legend = Vec::new();
    let mut left = 0.0;
    for (step, colour) in order.into_iter().zip(COLOURS.into_iter().cycle()) {
        let right = left + step.quantity;
        let (x, zero, top) = ([left, right], [0.0, 0.0], [step.cost, step.cost]);
        plots.push(
            BandPlot::new(x, zero, top)
                .with_color(colour)
                .with_opacity(0.75)
                .into(),
        );
        legend.push(LegendEntry {
            label: plain(&step.name),
            color: colour.to_owned(),
            shape: LegendShape::Rect,
            dasharray: None,
        });
        left = right;
    }
    if !demand.is_empty() {
        plots.push(
            LinePlot::new()
                .with_data(demand.iter().copied())
                .with_color("#000000")
                .with_stroke_width(2.5)
                .into(),
        );
        legend.push(LegendEntry {
            label: "demand".to_owned(),
            color: "#000000".to_owned(),
            shape: LegendShape::Line,
            dasharray: None,
        });
    }
    let mut chart = Chart::new(frame, plots, Some(legend));
    for level in levels {
        chart = chart.level(level);
    }
    chart
}

impl Chart {
    fn new(frame: Frame, plots: Vec<Plot>, legend: Option<Vec<LegendEntry>>) -> Self {
        let ticks = TickFormat::Custom(Arc::new(tick));
        let mut layout = Layout::auto_from_plots(&plots)
            .with_font_family(FONT)
            .with_width(820.0)
            .with_height(480.0)
            .with_title(plain(frame.title))
            .with_subtitle(plain(frame.says))
            .with_subtitle_wrap(72)
            .with_x_label(plain(frame.x))
            .with_y_label(plain(frame.y))
            .with_y_tick_format(ticks)
            .with_legend_position(LegendPosition::OutsideBottomColumns)
            .with_legend_box(false);
        if let Some(entries) = legend {
            layout = layout.with_legend_entries(entries);
        }
        Self { plots, layout }
    }

    /// A line across.
    pub fn level(mut self, level: &Level) -> Self {
        let line = ReferenceLine::horizontal(level.value).with_color(GREY);
        match level.at {
            None => {
                self.layout = self
                    .layout
                    .with_reference_line(line.with_label(plain(level.label)))
            }
            Some(x) => {
                self.layout = self.layout.with_reference_line(line);
                self = self.note(level.label, x, level.value);
            }
        }
        self
    }

    /// Ends of the x axis.
    pub fn x_range(mut self, low: f64, high: f64) -> Self {
        self.layout = self.layout.with_x_axis_min(low).with_x_axis_max(high);
        self
    }

    /// Ends of the y axis.
    pub fn y_range(mut self, low: f64, high: f64) -> Self {
        self.layout = self.layout.with_y_axis_min(low).with_y_axis_max(high);
        self
    }

    /// Numbers on the x axis as years, not as quantities.
    pub fn x_years(mut self) -> Self {
        self.layout = self
            .layout
            .with_x_tick_format(TickFormat::Integer)
            .with_x_tick_step(1.0);
        self
    }

    /// Numbers on the x axis with their thousands apart.
    pub fn x_quantities(mut self) -> Self {
        self.layout = self
            .layout
            .with_x_tick_format(TickFormat::Custom(Arc::new(tick)));
        self
    }

    /// A remark in the drawing, at a point in its units.
    pub fn note(mut self, text: &str, x: f64, y: f64) -> Self {
        self.layout = self
            .layout
            .with_annotation(TextAnnotation::new(plain(text), x, y).with_font_size(12));
        self
    }

    /// Writes `out/NAME.svg` and returns its path.
    pub fn save(self, name: &str) -> std::io::Result<PathBuf> {
        write(name, &kuva::render_to_svg(self.plots, self.layout))
    }
}

/// Several charts in rows of `columns` under one title, as `out/NAME.svg`.
pub fn save_panels(
    name: &str,
    title: &str,
    columns: usize,
    charts: Vec<Chart>,
) -> std::io::Result<PathBuf> {
    let rows = charts.len().div_ceil(columns.max(1));
    let (plots, layouts) = charts
        .into_iter()
        .map(|chart| (chart.plots, chart.layout))
        .unzip();
    let scene = Figure::new(rows, columns.max(1))
        .with_title(plain(title))
        .with_cell_size(640.0, 430.0)
        .with_plots(plots)
        .with_layouts(layouts)
        .with_keep_panel_legends()
        .with_labels()
        .render();
    write(name, &SvgBackend::new().render_scene(&scene))
}

/// Writes a picture as `out/NAME.svg` and returns its path.
pub fn write(name: &str, svg: &str) -> std::io::Result<PathBuf> {
    let folder = Path::new("out");
    std::fs::create_dir_all(folder)?;
    let path = folder.join(format!("{name}.svg"));
    std::fs::write(&path, svg)?;
    Ok(path)
}

/// A dollar sign would begin a formula.
fn plain(text: &str) -> String {
    text.replace('$', "\\$")
}

fn tick(value: f64) -> String {
    let decimals = if value.fract().abs() < 1e-9 {
        0
    } else if (value * 10.0).fract().abs() < 1e-9 {
        1
    } else {
        2
    };
    number(value, decimals)
}
