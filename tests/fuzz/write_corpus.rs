//! Writes the texts that each reader should read into `tests/fuzz/corpus/NAME/`, where cargo-fuzz looks for them.
#![expect(dead_code, reason = "what the suite needs of a target beside its texts")]

#[path = "targets.rs"]
mod targets;

use std::path::Path;

fn main() -> std::io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.join("../..");
    for target in targets::TARGETS {
        let folder = here.join("corpus").join(target.name);
        std::fs::create_dir_all(&folder)?;
        for (number, seed) in target.seeds.iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{number}")), seed)?;
        }
        for (from, ending) in target.corpus {
            for entry in std::fs::read_dir(root.join(from))? {
                let file = entry?.path();
                if let (Some(name), true) = (file.file_name(), file.extension().is_some_and(|known| known == *ending)) {
                    std::fs::copy(&file, folder.join(name))?;
                }
            }
        }
    }
    Ok(())
}
