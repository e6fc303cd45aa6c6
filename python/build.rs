//! Collects the documentation of the crate's terms from its sources, so that a docstring is written once.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const FOLDERS: &[&str] = &[
    "curve",
    "horizon",
    "intervention",
    "market",
    "rivalry",
    "finance",
    "stochastic",
    "storage",
    "viability",
];

fn main() -> io::Result<()> {
    let mut table = String::from("[");
    for folder in FOLDERS {
        let path = Path::new("../src").join(folder);
        println!("cargo::rerun-if-changed={}", path.display());
        for file in sources(&path)? {
            for (name, term, text) in documented(&fs::read_to_string(file)?) {
                writeln!(table, "({folder:?}, {name:?}, {term:?}, {text:?}),")
                    .map_err(io::Error::other)?;
            }
        }
    }
    table.push(']');
    let out = env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    fs::write(out.join("docs.rs"), table)
}

fn sources(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Types with their text, terms that are public fields, and terms that a builder method of the type sets.
fn documented(source: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let (mut text, mut owner, mut method) = (String::new(), String::new(), String::new());
    for line in source.lines() {
        let line = line.trim_start();
        if let Some(words) = line.strip_prefix("///") {
            text.push_str(words.strip_prefix(' ').unwrap_or(words));
            text.push('\n');
            continue;
        }
        if line.starts_with("#[") || line.is_empty() && !text.is_empty() {
            continue;
        }
        let name = |after: &str| {
            let end = after.find(|c: char| !(c.is_alphanumeric() || c == '_'));
            after[..end.unwrap_or(after.len())].to_owned()
        };
        let given = plain(&text);
        text.clear();
        if let Some(rest) = line
            .strip_prefix("pub struct ")
            .or(line.strip_prefix("pub enum "))
        {
            owner = name(rest);
            found.push((owner.clone(), String::new(), given));
        } else if let Some(rest) = line.strip_prefix("impl ") {
            owner = name(rest);
        } else if let Some(rest) = line.strip_prefix("pub fn ") {
            if name(rest) == "new" {
                found.push((owner.clone(), "new".to_owned(), given));
                method.clear();
            } else {
                method = given;
            }
        } else if let Some(rest) = line.strip_prefix("self.") {
            if !method.is_empty() {
                found.push((owner.clone(), name(rest), std::mem::take(&mut method)));
            }
        } else if let Some(rest) = line.strip_prefix("pub ")
            && !given.is_empty()
            && rest.contains(": ")
        {
            found.push((owner.clone(), name(rest), given));
        }
    }
    found
}

/// The text up to its first example or heading, with links as words.
fn plain(text: &str) -> String {
    let end = ["```", "\n# "]
        .iter()
        .filter_map(|mark| text.find(mark))
        .min();
    let text = text[..end.unwrap_or(text.len())].trim();
    text.replace("[`", "`").replace("`]", "`")
}
