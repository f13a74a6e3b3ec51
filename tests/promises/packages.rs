//! What packages carry: the entry in the menu, the type of plans, completions and pages of the manual. The packages
//! themselves are tried in a clean root (`make package-check`).

use std::path::Path;
use std::process::Command;

use tokenworks::plan::file;

fn output(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tokenworks")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Commands as the help lists them.
fn commands() -> Vec<String> {
    let help = output(&["--help"]);
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines
        .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' '))?.split_whitespace().next().map(str::to_owned));
    names.filter(|name| name.chars().all(|letter| letter.is_ascii_lowercase())).collect()
}

#[test]
fn every_shell_completes_every_command() {
    let commands = commands();
    assert!(commands.len() > 10, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = output(&["completions", shell]);
        for command in &commands {
            assert!(script.contains(command.as_str()), "{shell} does not know `{command}`");
        }
        assert!(script.contains("objective"), "{shell} does not know options");
    }
}

#[test]
fn every_command_has_a_page_of_the_manual() {
    let folder = tempfile::tempdir().unwrap();
    output(&["manual", "--to", folder.path().to_str().unwrap()]);
    for command in commands() {
        let page = std::fs::read_to_string(folder.path().join(format!("tokenworks-{command}.1"))).unwrap();
        assert!(page.starts_with(".ie") || page.contains(".TH"), "{command}: {page:.80}");
    }
    assert!(folder.path().join("tokenworks.1").exists() && folder.path().join("tokenworks-study-run.1").exists());
}

/// Words that tell a plan, as the type of plans states them.
fn magic() -> Vec<String> {
    let text = include_str!("../../assets/desktop/tokenworks.xml");
    let values = text.split("value=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    values.map(|value| value.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r")).collect()
}

/// Every plan there is, and every one that the program writes, is known as a plan by what it says of itself; what is
/// no plan is not.
#[test]
fn a_plan_is_known_as_one() {
    let magic = magic();
    let is_plan = |text: &str| magic.iter().any(|words| text.find(words.as_str()).is_some_and(|place| place <= 4_000));
    for folder in ["plans", "tests/plans", "tests/oracle/plans"] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "ron") {
                let text = std::fs::read_to_string(&path).unwrap();
                assert!(is_plan(&text), "{}", path.display());
                if let Some(plan) = file::read_plan(&text).plan {
                    assert!(is_plan(&file::print(&plan)), "{} as it is saved", path.display());
                }
            }
        }
    }
    for other in
        ["(resources: {}, entities: {})", "a note (1) on schema: 2", include_str!("../../Cargo.toml"), include_str!("../../README.md")]
    {
        assert!(!is_plan(other), "{other:.60}");
    }
}

#[test]
fn the_entry_in_the_menu_opens_plans() {
    let entry = include_str!("../../assets/desktop/tokenworks.desktop");
    let value = |key: &str| entry.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).unwrap_or_default();
    assert_eq!((value("Exec"), value("Icon"), value("Type")), ("tokenworks %f", "tokenworks", "Application"));
    assert_eq!(value("MimeType"), "application/x-tokenworks-plan;");
    #[cfg(feature = "gui")]
    assert_eq!(value("StartupWMClass"), tokenworks::gui::APP_ID, "the window belongs to the entry");
    assert!(Path::new("assets/desktop/tokenworks.svg").exists());
}

/// Every dependency is there for a reason that is written down, and the lock file has as many crates as is said.
#[test]
fn every_dependency_has_its_reason() {
    let manifest = include_str!("../../Cargo.toml");
    let start = manifest.find("[dependencies]").unwrap();
    let section = &manifest[start..start + manifest[start..].find("[dev-dependencies]").unwrap()];
    let names = section.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
    let stated: Vec<&str> =
        names.filter(|name| name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))).collect();
    let table = include_str!("../../assets/licences/dependencies.csv");
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let reasons: Vec<csv::StringRecord> = rows.records().map(|row| row.unwrap()).collect();
    for name in &stated {
        let reason = reasons.iter().find(|row| &row[0] == *name).unwrap_or_else(|| panic!("`{name}` has no reason"));
        assert!(reason[1].len() > 8 && reason[2].len() > 5, "{reason:?}");
    }
    for row in &reasons {
        assert!(stated.contains(&&row[0]), "`{}` is no dependency", &row[0]);
    }
    let crates = include_str!("../../Cargo.lock").matches("[[package]]").count();
    assert!(crates <= MOST_CRATES, "{crates} crates in the lock file: is the newest one worth it? The most is stated here");
}

/// Crates of all desktops, tests and build scripts together, ours among them.
const MOST_CRATES: usize = 600;

#[test]
fn the_version_is_that_of_the_package() {
    let version = output(&["--version"]);
    assert!(version.starts_with(concat!("tokenworks ", env!("CARGO_PKG_VERSION"))), "{version}");
}
