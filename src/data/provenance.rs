use std::fmt;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::DataError;
use super::read::{self, Cell, Row};

/// How the figure came into the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Confidence {
    /// The source was read and states the figure. That says nothing about whether the source is right: see [`Grade`].
    Verified,
    /// Arithmetic on other figures; the note gives it.
    Derived,
    /// A modelling choice; the note gives the reason, and most such rows have a range.
    Judgement,
    /// A second reader read it in the filing.
    SecondHand,
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Verified => "verified",
            Self::Derived => "derived",
            Self::Judgement => "judgement",
            Self::SecondHand => "second-hand",
        })
    }
}

/// What kind of source it is; the best comes first in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Grade {
    /// A primary document, official statistics, or a verbatim copy of one.
    A,
    /// A news agency, the trade press, a price reporter, a law firm, a think tank, an industry body.
    B,
    /// Another party's extraction from a primary document, not checked against the original.
    C,
    /// An aggregator, blog, forum, machine-written summary or re-post: weak, check before you publish.
    D,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A document from which figures were taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    key: String,
    title: String,
    publisher: String,
    address: String,
    date: String,
    how_verified: String,
    grade: Grade,
}

impl Source {
    /// The short name by which rows cite it.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Title of the document.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Who published it, and whose copy was read where that differs.
    #[must_use]
    pub fn publisher(&self) -> &str {
        &self.publisher
    }

    /// Where the text was read; empty where the address was not kept.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// When it was published: a year, a month or a day.
    #[must_use]
    pub fn date(&self) -> &str {
        &self.date
    }

    /// How much of it was read.
    #[must_use]
    pub fn how_verified(&self) -> &str {
        &self.how_verified
    }

    /// What kind of source it is.
    #[must_use]
    pub fn grade(&self) -> Grade {
        self.grade
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, {} ({}), grade {}",
            self.title, self.publisher, self.date, self.grade
        )
    }
}

impl Row for Source {
    type Raw = Source;

    fn from_raw(raw: Source) -> Result<Self, DataError> {
        Ok(raw)
    }
}

/// All the sources that the rows cite, in the order of their keys.
///
/// # Errors
/// [`DataError`] if the bundled file does not hold what it should.
pub fn sources() -> Result<&'static [Source], DataError> {
    static CELL: Cell<Source> = OnceLock::new();
    read::once(&CELL, "sources.csv", include_str!("../../data/sources.csv"))
}

/// Where a figure comes from and how far it can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Provenance {
    confidence: Confidence,
    sources: Vec<Source>,
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    confidence: Confidence,
    sources: Vec<Source>,
    note: String,
}

impl TryFrom<Parts> for Provenance {
    type Error = DataError;

    fn try_from(parts: Parts) -> Result<Self, DataError> {
        Self::new("row", parts.confidence, parts.sources, parts.note)
    }
}

impl Provenance {
    fn new(
        item: &str,
        confidence: Confidence,
        sources: Vec<Source>,
        note: String,
    ) -> Result<Self, DataError> {
        let read_somewhere = matches!(confidence, Confidence::Verified | Confidence::SecondHand);
        if sources.is_empty() && (read_somewhere || note.trim().is_empty()) {
            return Err(DataError::Unsourced {
                item: item.to_owned(),
            });
        }
        Ok(Self {
            confidence,
            sources,
            note,
        })
    }

    /// Looks up `keys` (joined by semicolons) in `sources.csv`.
    pub(super) fn cited(
        item: &str,
        confidence: Confidence,
        keys: &str,
        note: String,
    ) -> Result<Self, DataError> {
        let known = sources()?;
        let cited = keys
            .split(';')
            .filter(|key| !key.is_empty())
            .map(|key| {
                known
                    .iter()
                    .find(|source| source.key == key)
                    .cloned()
                    .ok_or_else(|| DataError::UnknownSource {
                        item: item.to_owned(),
                        key: key.to_owned(),
                    })
            })
            .collect::<Result<Vec<_>, _>>()?;
        Self::new(item, confidence, cited, note)
    }

    /// How the figure came into the file.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// The documents it rests on. Empty only for derived and judged figures, whose note says how or why.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The best grade among the sources.
    #[must_use]
    pub fn grade(&self) -> Option<Grade> {
        self.sources.iter().map(Source::grade).min()
    }

    /// The derivation, the reason for a judgement, or what the figure does not say; may be empty.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.confidence)?;
        if !self.note.is_empty() {
            write!(f, "; {}", self.note)?;
        }
        for source in &self.sources {
            write!(f, "; {source}")?;
        }
        Ok(())
    }
}
