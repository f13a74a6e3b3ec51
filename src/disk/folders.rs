//! Where the program keeps its own files.

use std::path::{Path, PathBuf};

/// A path in full, from the folder the program was started in where it is relative.
#[must_use]
pub fn in_full(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The folder of the program's own files: recovery files, recent plans, settings. Never the plans'.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserFolder(PathBuf);

impl UserFolder {
    /// Names another folder, for tests and for several users of one account.
    pub const VARIABLE: &'static str = "TOKENWORKS_USER_FOLDER";

    /// The usual place on this system; nothing if the environment names none.
    #[must_use]
    pub fn standard() -> Option<Self> {
        Self::from_environment(&|name| std::env::var_os(name).map(PathBuf::from))
    }

    fn from_environment(variable: &dyn Fn(&str) -> Option<PathBuf>) -> Option<Self> {
        // The XDG rules say to ignore relative paths.
        let absolute = |name: &str| variable(name).filter(|path| path.is_absolute());
        if let Some(path) = absolute(Self::VARIABLE) {
            return Some(Self(path));
        }
        let data = if cfg!(windows) {
            absolute("APPDATA")
        } else if cfg!(target_os = "macos") {
            absolute("HOME").map(|home| home.join("Library/Application Support"))
        } else {
            absolute("XDG_DATA_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
        };
        data.map(|data| Self(data.join("tokenworks")))
    }

    /// A given folder.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn xdg_rules_are_kept() {
        let with = |pairs: &'static [(&str, &str)]| {
            UserFolder::from_environment(&|name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| PathBuf::from(value)))
                .map(|folder| folder.0)
        };
        assert_eq!(with(&[("HOME", "/home/a")]), Some("/home/a/.local/share/tokenworks".into()));
        assert_eq!(with(&[("HOME", "/home/a"), ("XDG_DATA_HOME", "/d")]), Some("/d/tokenworks".into()));
        assert_eq!(with(&[("HOME", "/home/a"), ("XDG_DATA_HOME", "d")]), Some("/home/a/.local/share/tokenworks".into()));
        assert_eq!(with(&[("TOKENWORKS_USER_FOLDER", "/t"), ("HOME", "/home/a")]), Some("/t".into()));
        assert_eq!(with(&[]), None);
    }
}
