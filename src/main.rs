//! The `tokenworks` program.

fn main() {
    #[cfg(feature = "gui")]
    if let Err(problem) = tokenworks::gui::run(std::env::args_os().nth(1).map(Into::into)) {
        eprintln!("{problem}");
    }
}
