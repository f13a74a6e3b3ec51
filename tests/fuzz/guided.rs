//! One of the readers under libFuzzer: each binary of this crate is the target of its own name.
#![no_main]
#![expect(dead_code, reason = "what the suite needs of a target beside its reader")]

#[path = "targets.rs"]
mod targets;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // As long as the texts of the suite are.
    if bytes.len() <= 40_000 {
        let target = targets::TARGETS.iter().find(|target| target.name == env!("CARGO_BIN_NAME"));
        (target.expect("a target of this name").run)(bytes);
    }
});
