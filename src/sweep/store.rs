//! Finished parts in files.

use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::SweepError;
use super::fingerprint::Key;
use super::part::Part;

/// A folder of finished parts, which several processes may write to at once: a part is written under a random name
/// first and then renamed, so that a file is whole or not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// A store in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`SweepError::File`] where the folder cannot be made.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, SweepError> {
        let folder = folder.into();
        fs::create_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
        Ok(Self { folder })
    }

    /// The file of a part.
    #[must_use]
    pub fn file(&self, key: Key, index: usize) -> PathBuf {
        self.folder.join(format!("{key}-{index:08}.part"))
    }

    /// A part, where it is finished.
    ///
    /// # Errors
    /// [`SweepError::File`] where the file cannot be read; [`SweepError::Foreign`] where it is damaged.
    pub fn load(&self, key: Key, index: usize) -> Result<Option<Part>, SweepError> {
        let file = self.file(key, index);
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&file, &error)),
        };
        let place = file.display().to_string();
        let part = Part::from_bytes(key, &place, &bytes)?;
        if part.index == index {
            Ok(Some(part))
        } else {
            let why = "it is another part";
            Err(SweepError::Foreign { place, why })
        }
    }

    /// Keeps a part.
    ///
    /// # Errors
    /// [`SweepError::File`] where the file cannot be written.
    pub fn save(&self, part: &Part) -> Result<(), SweepError> {
        let file = self.file(part.key, part.index);
        // random, since machines that share the folder may share process numbers too
        let name = RandomState::new().build_hasher().finish();
        let draft = file.with_extension(format!("{name:016x}.draft"));
        let written = fs::File::create(&draft).and_then(|mut open| {
            open.write_all(&part.to_bytes())?;
            open.sync_all()
        });
        let renamed = written.and_then(|()| fs::rename(&draft, &file));
        renamed.map_err(|error| failed(&file, &error))
    }
}

fn failed(file: &Path, error: &io::Error) -> SweepError {
    SweepError::File {
        file: file.to_owned(),
        detail: error.to_string(),
    }
}
