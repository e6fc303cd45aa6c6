//! The drawing: demand falls, supply rises, one price before and one after, and money as areas. Colours of Okabe and Ito.

use std::fmt::Write;

use super::{Scene, Whose};

const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 404.0;
const TOP: f64 = 70.0;
const BOTTOM: f64 = 268.0;
/// Largest quantity shown.
const WIDEST: f64 = 20.0;

const DEMAND: &str = "#0072B2";
const SUPPLY: &str = "#000000";
const WORLD: &str = "#666666";
const PAID: &str = "#E69F00";
const COLLECTED: &str = "#009E73";
const RENT: &str = "#CC79A7";

/// Places on the page.
struct Page<'a> {
    scene: &'a Scene,
    out: String,
}

pub fn svg(scene: &Scene) -> String {
    let mut page = Page {
        scene,
        out: String::new(),
    };
    page.draw();
    page.out
}

impl Page<'_> {
    fn x(&self, quantity: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * quantity / WIDEST
    }

    fn y(&self, price: f64) -> f64 {
        BOTTOM - (BOTTOM - TOP) * price / self.scene.top
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn draw(&mut self) {
        let scene = self.scene;
        self.put(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
             font-family=\"DejaVu Sans, Verdana, Arial, sans-serif\" font-size=\"11\">"
        ));
        self.put(&format!("<title>{}: {}</title>", scene.title, scene.says));
        self.put("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        self.put(&format!(
            "<text x=\"14\" y=\"22\" font-size=\"15\" font-weight=\"bold\">{}</text>",
            scene.title
        ));
        self.put(&format!(
            "<text x=\"14\" y=\"40\" fill=\"#333333\">{}</text>",
            scene.says
        ));
        self.areas();
        self.axes();
        self.prices();
        self.curves();
        self.points();
        let summary = format!(
            "price {} (was {}) · bought {} · made {} · treasury {}",
            number(scene.price),
            number(scene.free_price),
            number(scene.bought),
            number(scene.made),
            number(scene.treasury),
        );
        self.put(&format!(
            "<text x=\"14\" y=\"{}\" fill=\"#333333\">{summary}</text>",
            HEIGHT - 10.0
        ));
        self.put("</svg>");
    }

    fn areas(&mut self) {
        let mut drawn = Vec::new();
        for area in &self.scene.areas {
            let (low, high) = (
                area.prices.0.min(area.prices.1),
                area.prices.0.max(area.prices.1),
            );
            let colour = match area.whose {
                Whose::Paid => PAID,
                Whose::Collected => COLLECTED,
                Whose::Rent => RENT,
            };
            let (x, y) = (self.x(area.units.0), self.y(high));
            let (w, h) = (self.x(area.units.1) - x, self.y(low) - y);
            let mut text = String::new();
            let _ = write!(
                text,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" fill=\"{colour}\" fill-opacity=\"0.45\" \
                 stroke=\"{colour}\"/>"
            );
            drawn.push(text);
        }
        for text in drawn {
            self.put(&text);
        }
    }

    fn axes(&mut self) {
        self.put(&format!(
            "<path d=\"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}\" fill=\"none\" stroke=\"#333333\"/>"
        ));
        for k in 0..=4 {
            let value = 5.0 * f64::from(k);
            let (x, y) = (self.x(value), self.y(value));
            self.put(&format!(
                "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#333333\">{value}</text>",
                BOTTOM + 14.0
            ));
            self.put(&format!(
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#333333\">{value}</text>",
                LEFT - 6.0,
                y + 4.0
            ));
        }
        self.put(&format!(
            "<text x=\"{RIGHT}\" y=\"{}\" text-anchor=\"end\" fill=\"#333333\">units a year</text>",
            BOTTOM + 28.0
        ));
        self.put(&format!(
            "<text x=\"14\" y=\"{}\" fill=\"#333333\">price</text>",
            TOP - 10.0
        ));
    }

    /// The price before, dotted, and after, and where imports are offered.
    fn prices(&mut self) {
        let scene = self.scene;
        if let Some(world) = scene.imports_at {
            let y = self.y(world);
            self.put(&format!(
                "<path d=\"M{LEFT} {y:.1}H{RIGHT}\" stroke=\"{WORLD}\" stroke-dasharray=\"7 4\"/>"
            ));
            self.put(&format!(
                "<text x=\"{RIGHT}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"{WORLD}\">imports offered at {}</text>",
                y - 5.0,
                number(world)
            ));
        }
        let (before, after) = (self.y(scene.free_price), self.y(scene.price));
        if (before - after).abs() > 0.5 && scene.imports_at != Some(scene.free_price) {
            let to = self.x(scene.free_bought);
            self.put(&format!(
                "<path d=\"M{LEFT} {before:.1}H{to:.1}\" stroke=\"#333333\" stroke-dasharray=\"2 3\"/>"
            ));
        }
        let to = self.x(scene.bought.max(scene.made));
        self.put(&format!(
            "<path d=\"M{LEFT} {after:.1}H{to:.1}\" stroke=\"#D55E00\" stroke-width=\"2\"/>"
        ));
    }

    fn curves(&mut self) {
        let scene = self.scene;
        for (points, colour, name) in [
            (&scene.demand, DEMAND, "demand"),
            (&scene.supply, SUPPLY, scene.producer.as_str()),
        ] {
            let inside: Vec<&(f64, f64)> = points
                .iter()
                .filter(|p| p.0 <= WIDEST && p.1 >= 0.0 && p.1 <= scene.top)
                .collect();
            let path: Vec<String> = inside
                .iter()
                .map(|p| format!("{:.1} {:.1}", self.x(p.0), self.y(p.1)))
                .collect();
            self.put(&format!(
                "<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
                path.join("L")
            ));
            // the names stand where the curves are far from all else: top left for demand, at the right end for supply
            let (x, y, anchor) = if name == "demand" {
                (self.x(1.6), self.y(19.0), "start")
            } else {
                match inside.last() {
                    Some(p) => (self.x(p.0) - 4.0, self.y(p.1) - 8.0, "end"),
                    None => continue,
                }
            };
            self.put(&format!(
                "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{name}</text>"
            ));
        }
    }

    /// What is bought at the price, and what is made at which cost.
    fn points(&mut self) {
        let scene = self.scene;
        let (x, y) = (self.x(scene.bought), self.y(scene.price));
        self.put(&format!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\" fill=\"{DEMAND}\"/>"
        ));
        let (x, y) = (self.x(scene.made), self.y(scene.margin));
        self.put(&format!(
            "<path d=\"M{:.1} {y:.1}L{x:.1} {:.1}L{:.1} {y:.1}L{x:.1} {:.1}Z\" fill=\"{SUPPLY}\"/>",
            x - 5.5,
            y - 5.5,
            x + 5.5,
            y + 5.5
        ));
    }
}

/// At most two decimals, without zeros at the end.
fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    let rounded = if rounded == 0.0 { 0.0 } else { rounded };
    format!("{rounded}").replace('-', "−")
}
