//! The case files, read in one place: what a test has read is noted with what it solves (see `parity`).

use std::cell::RefCell;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde_json::Value;

thread_local! {
    static READ: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(name)
}

fn note(name: String) {
    READ.with_borrow_mut(|read| {
        if !read.contains(&name) {
            read.push(name);
        }
    });
}

/// The files that this test has read so far, by their paths in `tests/cases`.
pub(crate) fn read_so_far() -> Vec<String> {
    READ.with_borrow(Clone::clone)
}

/// A case of `known/`.
pub(crate) fn known(name: &str) -> Value {
    let name = format!("known/{name}.json");
    let file = File::open(path(&name)).unwrap();
    note(name);
    serde_json::from_reader(BufReader::new(file)).unwrap()
}

/// Where an instance of `instances/` is.
pub(crate) fn instance(name: &str) -> PathBuf {
    let name = format!("instances/{name}.json.gz");
    let path = path(&name);
    note(name);
    path
}

/// What is kept of the reference solution of an instance.
pub(crate) fn reference(name: &str) -> Value {
    let file = File::open(instance(&format!("{name}.reference"))).unwrap();
    serde_json::from_reader(BufReader::new(GzDecoder::new(file))).unwrap()
}
