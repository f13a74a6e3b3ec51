//! Small files of the program's own, by name.

use super::{DiskError, UserFolder, create_private_folder, read_text_up_to, write_private};

/// Most bytes of a settings file.
const MAX_BYTES: usize = 1 << 20;

/// The text kept under a name, if there is one that can be read.
#[must_use]
pub fn read(user: &UserFolder, name: &str) -> Option<String> {
    read_text_up_to(&user.path().join(name), MAX_BYTES).ok()
}

/// Keeps a text under a name.
///
/// # Errors
/// It can't be written.
pub fn write(user: &UserFolder, name: &str, text: &str) -> Result<(), DiskError> {
    create_private_folder(user.path())?;
    write_private(&user.path().join(name), text.as_bytes())
}
