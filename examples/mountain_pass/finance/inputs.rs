//! The producer's inputs, read from the bundled facts, and the study they make.

use pricefloor::data::{self, DataError, Date};
use pricefloor::finance::{
    Build, Capital, CapitalTerms, Compounding, Conversion, ConversionTerms, CostPoint, CountedAs,
    Covenants, Coverage, Covered, Depreciation, Dividend, EndValue, Frequency, Growth, Indexation,
    Instrument, Loan, LoanTerms, MoneyBasis, Note, NoteTerms, Observation, Operations, OtherAssets,
    Payoff, Payout, Preferred, PreferredTerms, PriceContract, PriceContractTerms, Product, Project,
    ProjectTerms, Quoted, Reference, Repayment, Security, Seniority, Settled, Tax, TaxRelief,
    Timeline, TimelineTerms, UpsideShare, Warrant, WarrantSettlement, WarrantTerms, WithInflation,
};
use pricefloor::viability::{Case, DiscountRates, Study, StudyTerms};

use super::Failure;

pub const SPONSOR: &str = "Department of War";
pub const CASES: [&str; 4] = ["no measure", "floor", "stake", "both"];
const PRODUCT: &str = "NdPr oxide";
const MILLION: f64 = 1e6;
const KG_PER_T: f64 = 1000.0;

/// A judged input with its range.
#[derive(Clone, Copy, Debug)]
pub struct Ranged {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// Everything that is not a term of a contract. Money in USD, output in kg a year, prices in USD/kg, times in years from
/// 30 June 2025.
#[derive(Clone, Debug)]
pub struct Inputs {
    pub years: u32,
    pub output: f64,
    pub grown_output: f64,
    pub grown_at: f64,
    pub growth_capex: f64,
    pub sustaining: f64,
    pub cost: f64,
    pub grown_cost: f64,
    pub overhead: f64,
    pub cash: f64,
    pub tax: f64,
    pub loss_offset: f64,
    pub opening_losses: f64,
    pub treasury: f64,
    pub project_rate: f64,
    pub inflation: f64,
    pub realisation: f64,
    pub prices: MoneyBasis,
    /// What the floor's benchmark is multiplied by: 1.13 if it holds Chinese value-added tax.
    pub benchmark_tax: f64,
    pub notes_2030: CountedAs,
    pub in_kind_converts: bool,
    pub payout: Payout,
    /// The loan of August 2025 for heavy rare earths.
    pub loan: bool,
    pub other_assets: f64,
    pub end_value: EndValue,
}

/// The inputs with one of them at the low end of its range, and at the high end.
pub struct Moved {
    pub name: String,
    pub inputs: [Inputs; 2],
    /// The ends, in the unit of the name.
    pub values: [f64; 2],
}

fn ranged(item: &str, scale: f64) -> Result<Ranged, DataError> {
    let row = data::assumption(item)?;
    let value = row.number()? * scale;
    let (low, high) = row
        .range()?
        .map_or((value, value), |(low, high)| (low * scale, high * scale));
    Ok(Ranged { value, low, high })
}

fn number(item: &str, scale: f64) -> Result<f64, DataError> {
    Ok(ranged(item, scale)?.value)
}

fn start() -> Result<Date, DataError> {
    data::assumption("start of every case")?.date()
}

/// Years from the start to the end of the month of `date`, or to its beginning if it is the first of a month.
fn years_to(date: Date) -> Result<f64, DataError> {
    let months = date.months_since(start()?);
    let whole = if date.day() == Some(1) {
        months - 1
    } else {
        months
    };
    Ok(f64::from(whole) / 12.0)
}

fn term_date(term: &str) -> Result<Date, Failure> {
    let row = data::contract_term(term)?;
    row.value()
        .date()
        .ok_or_else(|| format!("{term} is not a date").into())
}

impl Inputs {
    pub fn base() -> Result<Self, Failure> {
        Ok(Self {
            years: 15,
            output: number("oxide capacity at start", KG_PER_T)?,
            grown_output: number("oxide capacity after growth", KG_PER_T)?,
            grown_at: years_to(data::assumption("ramp to full capacity")?.date()?)?,
            growth_capex: number("growth capex for the oxide business", MILLION)?,
            sustaining: number("sustaining capex", MILLION)?,
            cost: number("unit cost at 2600 t/year", 1.0)?,
            grown_cost: number("unit cost at 6000 t/year", 1.0)?,
            overhead: number("SG&A carried by the oxide business", MILLION)?,
            cash: number("cash and short-term investments at start", MILLION)?,
            tax: number("corporate tax rate", 0.01)?,
            loss_offset: number("tax losses offset at most", 0.01)?,
            opening_losses: number("opening tax losses", MILLION)?,
            treasury: number("Treasury rate", 0.01)?,
            project_rate: number("project discount rate", 0.01)?,
            inflation: number("inflation", 0.01)?,
            realisation: number("realisation factor on the benchmark", 1.0)?,
            prices: MoneyBasis::Real,
            benchmark_tax: 1.0,
            notes_2030: CountedAs::Shares,
            in_kind_converts: false,
            payout: Payout::Retain,
            loan: false,
            other_assets: 0.0,
            end_value: EndValue::Nothing,
        })
    }

    /// The base case with one input at the low end of its range, and at the high end.
    pub fn ranges(&self) -> Result<Vec<Moved>, Failure> {
        type Set = fn(&mut Inputs, f64);
        let rows: [(&str, f64, &str, Set); 12] = [
            (
                "oxide capacity at start",
                KG_PER_T,
                "output at the start, t",
                |i, x| i.output = x,
            ),
            (
                "oxide capacity after growth",
                KG_PER_T,
                "output after growth, t",
                |i, x| i.grown_output = x,
            ),
            (
                "growth capex for the oxide business",
                MILLION,
                "growth capital, $m",
                |i, x| i.growth_capex = x,
            ),
            (
                "sustaining capex",
                MILLION,
                "sustaining capital, $m a year",
                |i, x| i.sustaining = x,
            ),
            (
                "unit cost at 2600 t/year",
                1.0,
                "unit cost before growth, $/kg",
                |i, x| i.cost = x,
            ),
            (
                "unit cost at 6000 t/year",
                1.0,
                "unit cost after growth, $/kg",
                |i, x| i.grown_cost = x,
            ),
            (
                "SG&A carried by the oxide business",
                MILLION,
                "overhead, $m a year",
                |i, x| i.overhead = x,
            ),
            ("corporate tax rate", 0.01, "tax rate, %", |i, x| i.tax = x),
            (
                "opening tax losses",
                MILLION,
                "opening tax losses, $m",
                |i, x| i.opening_losses = x,
            ),
            ("Treasury rate", 0.01, "Treasury rate, %", |i, x| {
                i.treasury = x
            }),
            (
                "project discount rate",
                0.01,
                "project rate (real), %",
                |i, x| i.project_rate = x,
            ),
            ("inflation", 0.01, "inflation, %", |i, x| i.inflation = x),
        ];
        let mut all = Vec::new();
        for (item, scale, name, set) in rows {
            let range = ranged(item, scale)?;
            all.push(self.moved(name, set, [range.low, range.high], scale));
        }
        let realised = ranged("realisation factor on the benchmark", 1.0)?;
        let set: Set = |i, x| i.realisation = x;
        all.push(self.moved(
            "realised price / benchmark",
            set,
            [realised.low, realised.high],
            1.0,
        ));
        if let (Some(early), Some(late)) = (
            data::assumption("ramp to full capacity")?
                .low()
                .and_then(|value| value.date()),
            data::assumption("ramp to full capacity")?
                .high()
                .and_then(|value| value.date()),
        ) {
            let ends = [years_to(early)?, years_to(late)?];
            all.push(self.moved("years to full output", |i, x| i.grown_at = x, ends, 1.0));
        }
        Ok(all)
    }

    /// The base case with the unit cost after growth and the overhead at the low ends of their ranges.
    pub fn favourable(&self) -> Result<Self, Failure> {
        Ok(Self {
            grown_cost: ranged("unit cost at 6000 t/year", 1.0)?.low,
            overhead: ranged("SG&A carried by the oxide business", MILLION)?.low,
            ..self.clone()
        })
    }

    fn moved(&self, name: &str, set: fn(&mut Self, f64), ends: [f64; 2], scale: f64) -> Moved {
        let at = |end: f64| {
            let mut inputs = self.clone();
            set(&mut inputs, end);
            inputs
        };
        Moved {
            name: name.to_owned(),
            inputs: ends.map(at),
            values: ends.map(|end| end / scale),
        }
    }

    fn project(&self) -> Result<Project, Failure> {
        Ok(Project::new(ProjectTerms {
            name: "Mountain Pass, oxide".to_owned(),
            timeline: Timeline::new(TimelineTerms {
                frequency: Frequency::Quarterly,
                periods: 4 * self.years,
                observations: 3,
                first_year: 2025,
                first_month: 7,
                fiscal_month: 10,
            })?,
            products: vec![Product {
                name: PRODUCT.to_owned(),
                commodity: 0,
                per_output: 1.0,
                realisation: self.realisation,
                sales: None,
            }],
            output: self.output,
            unit_cost: vec![
                CostPoint {
                    output: self.output,
                    unit_cost: self.cost,
                },
                CostPoint {
                    output: self.grown_output,
                    unit_cost: self.grown_cost,
                },
            ],
            overhead: self.overhead,
            sustaining_capex: self.sustaining,
            operations: Operations::default(),
            growth: Some(Growth {
                output: self.grown_output,
                capex: self.growth_capex,
                start: 0.0,
                complete: self.grown_at,
                build: Build::default(),
            }),
            tax: Tax {
                rate: self.tax,
                loss_offset: self.loss_offset,
                opening_losses: self.opening_losses,
                losses_last: None,
                depreciation: Depreciation::Expensed,
                relief: TaxRelief::default(),
            },
            inflation: self.inflation,
            prices: self.prices,
            salvage: 0.0,
            end_value: self.end_value,
        })?)
    }

    /// The floor of the price protection agreement. Its upside share has no date, and is never due here.
    pub fn floor(&self) -> Result<PriceContract, Failure> {
        let strike = data::contract_term("ppa_floor")?.number()?;
        Ok(PriceContract::new(PriceContractTerms {
            payoff: Payoff::Floor { strike },
            reference: Reference {
                price: Quoted::Benchmark,
                observed: Observation::PeriodAverage,
                factor: self.benchmark_tax,
            },
            coverage: Coverage::Share(1.0),
            start: years_to(term_date("ppa_start")?)?,
            end: years_to(term_date("ppa_end")?)?,
            indexation: Indexation::Fixed,
            upside: Some(UpsideShare {
                share: 0.01 * data::contract_term("ppa_upside_share")?.number()?,
                threshold: strike,
                reference: Reference {
                    price: Quoted::Sales,
                    observed: Observation::PeriodAverage,
                    factor: 1.0,
                },
                yearly_cap: None,
                from: None,
                indexation: Indexation::Fixed,
            }),
            arrears: 0,
            appropriation: None,
        })?)
    }

    fn capital(&self, stake: bool) -> Result<Capital, Failure> {
        // Face, coupon and due dates stand in the note of this row; the total is its value.
        let total = number("debt at start (face)", MILLION)?;
        let due_2030 = 862.8 * MILLION;
        let notes = [
            NoteTerms {
                face: total - due_2030,
                coupon: 0.0025,
                maturity: 0.75,
                conversion: None,
                counted_as: CountedAs::Debt,
            },
            NoteTerms {
                face: due_2030,
                coupon: 0.03,
                maturity: 4.0 + 8.0 / 12.0,
                conversion: Some(Conversion::new(ConversionTerms {
                    price: 21.74,
                    from: 0.0,
                })?),
                counted_as: self.notes_2030,
            },
        ];
        let mut securities = Vec::new();
        for terms in notes {
            securities.push(Security {
                holder: "Note holders".to_owned(),
                instrument: Instrument::Note(Note::new(terms)?),
                paid: 0.0,
            });
        }
        if stake {
            securities.extend(self.stake()?);
        }
        if self.loan {
            securities.push(self.loan()?);
        }
        Ok(Capital::new(CapitalTerms {
            cash: self.cash,
            cash_rate: self.treasury,
            // A year of overhead and sustaining capital: judged, since no minimum is published for this date.
            reserve: self.overhead + self.sustaining,
            owners: "Private owners".to_owned(),
            owners_shares: data::contract_term("shares_outstanding_20250709")?.number()?,
            securities,
            payout: self.payout,
            other_assets: OtherAssets {
                value: self.other_assets,
                growth: self.treasury,
            },
            covenants: Covenants::default(),
        })?)
    }

    /// Preferred shares and warrant of July 2025, as if issued on 30 June.
    pub fn stake(&self) -> Result<[Security; 2], Failure> {
        let paid = data::contract_term("pref_cash")?.number()? * MILLION;
        let preferred = Preferred::new(PreferredTerms {
            stated_value: paid,
            dividend: Dividend {
                rate: 0.01 * data::contract_term("pref_dividend")?.number()?,
                compounding: Compounding::Quarterly,
                settled: Settled::InKind,
                cumulative: true,
            },
            conversion: Some(Conversion::new(ConversionTerms {
                price: data::contract_term("pref_conversion_price")?.number()?,
                from: 45.0 / 365.0,
            })?),
            in_kind_converts: self.in_kind_converts,
            redemption: None,
            participating: true,
        })?;
        let expiry = term_date("warrant_expiry")?;
        let warrant = Warrant::new(WarrantTerms {
            shares: data::contract_term("warrant_shares")?.number()?,
            strike: data::contract_term("warrant_strike")?.number()?,
            expiry: f64::from(expiry.months_since(start()?) - 1) / 12.0
                + f64::from(expiry.day().unwrap_or(1)) / 365.0,
            settlement: WarrantSettlement::NetShare,
        })?;
        let held = |instrument, paid| Security {
            holder: SPONSOR.to_owned(),
            instrument,
            paid,
        };
        Ok([
            held(Instrument::Preferred(preferred), paid),
            held(Instrument::Warrant(warrant), 0.0),
        ])
    }

    /// The unsecured loan, at a percentage point over the Treasury rate, as if made on 30 June. No source says how it is repaid or
    /// ranks: level payments, after the notes, are judgements.
    fn loan(&self) -> Result<Security, Failure> {
        let principal = data::contract_term("sm_loan_principal")?.number()? * MILLION;
        Ok(Security {
            holder: SPONSOR.to_owned(),
            instrument: Instrument::Loan(Loan::new(LoanTerms {
                principal,
                rate: self.treasury + 0.01,
                grace: 0.0,
                maturity: data::contract_term("sm_loan_term")?.number()?,
                repayment: Repayment::Annuity,
                seniority: Seniority::Subordinated,
            })?),
            paid: principal,
        })
    }

    /// The four cases side by side.
    pub fn study(&self) -> Result<Study, Failure> {
        let contract = Covered {
            product: PRODUCT.to_owned(),
            contract: self.floor()?,
        };
        let cases = CASES.iter().map(|&name| {
            let (floor, stake) = (
                matches!(name, "floor" | "both"),
                matches!(name, "stake" | "both"),
            );
            Ok(Case {
                name: name.to_owned(),
                capital: self.capital(stake)?,
                contracts: if floor {
                    vec![contract.clone()]
                } else {
                    Vec::new()
                },
            })
        });
        let cases = cases.collect::<Result<Vec<_>, Failure>>()?;
        let nominal = WithInflation {
            rate: self.project_rate,
            inflation: self.inflation,
        }
        .nominal()?;
        Ok(Study::new(StudyTerms {
            project: self.project()?,
            sponsor: SPONSOR.to_owned(),
            rates: DiscountRates {
                project: nominal,
                owners: nominal,
                sponsor: self.treasury,
            },
            cases,
        })?)
    }
}
