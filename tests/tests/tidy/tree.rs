//! The repository on disk.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where the repository begins.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are one level below the root").to_owned()
}

/// A file: its path below the root, and what it says.
pub(crate) struct Text {
    /// With forward slashes.
    pub(crate) path: String,
    /// The whole of it.
    pub(crate) text: String,
}

/// Every text file below a directory of the root, in order of their paths.
pub(crate) fn below(directory: &str) -> Vec<Text> {
    let mut paths = Vec::new();
    walk(&root().join(directory), &mut paths);
    paths.sort();
    let relative = paths.iter().map(|path| path.strip_prefix(root()).expect("is below the root"));
    relative.filter_map(|path| read(&path.to_string_lossy().replace('\\', "/"))).collect()
}

/// A file by its path below the root; none where it is gone or is no text.
pub(crate) fn read(path: &str) -> Option<Text> {
    let text = fs::read_to_string(root().join(path)).ok()?;
    (!text.contains('\0')).then(|| Text { path: path.to_owned(), text })
}

fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let kind = entry.file_type().expect("the kind of an entry");
        if kind.is_dir() && name != "target" && name != ".git" {
            walk(&path, found);
        } else if kind.is_file() {
            found.push(path);
        }
    }
}
