//! The fonts of this computer, for scripts that the bundled one lacks.

use std::sync::OnceLock;

use usvg::fontdb::Database;

/// Every font that is installed, looked up once.
#[must_use]
pub fn installed_fonts() -> Database {
    static INSTALLED: OnceLock<Database> = OnceLock::new();
    INSTALLED
        .get_or_init(|| {
            let mut database = Database::new();
            database.load_system_fonts();
            database
        })
        .clone()
}
