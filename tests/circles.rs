//! Files that import each other in a circle can only be understood together: circles stay small.

use std::collections::{BTreeMap, BTreeSet};

use crate::architecture::sources;

/// Most files of a circle.
const MOST: usize = 4;

/// Which file of the crate names which, by module path.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let files: BTreeMap<String, String> = sources()
        .into_iter()
        .filter(|source| !matches!(source.path.as_str(), "main.rs" | "lib.rs"))
        .map(|source| {
            let path = source.path.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
            (path, source.code)
        })
        .collect();
    let names: BTreeSet<String> = files.keys().cloned().collect();
    files.iter().map(|(own, code)| (own.clone(), named_in(own, code, &names))).collect()
}

/// The files that the code of one names: in `use` trees and in paths from `crate`, `self` and `super`.
fn named_in(own: &str, code: &str, names: &BTreeSet<String>) -> BTreeSet<String> {
    let mut paths: Vec<Vec<String>> = Vec::new();
    let mut rest = String::new();
    let mut left = code;
    while let Some(start) = left.find("use ") {
        let whole_word = left[..start].chars().next_back().is_none_or(|letter| !(letter.is_alphanumeric() || letter == '_'));
        let (before, after) = left.split_at(start + 4);
        rest.push_str(before);
        left = after;
        if whole_word && let Some(end) = after.find(';') {
            unfold(&[], &after[..end], &mut paths);
            left = &after[end..];
        }
    }
    rest.push_str(left);
    for word in rest.split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == ':')) {
        let parts: Vec<String> = word.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        if parts.len() > 1 && matches!(parts[0].as_str(), "crate" | "self" | "super") {
            paths.push(parts);
        }
    }
    paths.iter().filter_map(|path| file_of(own, path, names)).filter(|name| name != own).collect()
}

/// `a::{b, c::{d, self}}` as its paths.
fn unfold(prefix: &[String], tree: &str, paths: &mut Vec<Vec<String>>) {
    let mut depth = 0;
    let mut from = 0;
    let mut items = Vec::new();
    for (at, letter) in tree.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&tree[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    items.push(&tree[from..]);
    for item in items {
        let item = item.split(" as ").next().unwrap_or(item).trim();
        let (path, inner) =
            item.split_once('{').map_or((item, None), |(path, inner)| (path, inner.rsplit_once('}').map(|(inner, _)| inner)));
        let mut whole = prefix.to_vec();
        whole.extend(path.split("::").map(str::trim).filter(|part| !part.is_empty() && *part != "*").map(str::to_owned));
        match inner {
            Some(inner) => unfold(&whole, inner, paths),
            None if whole.is_empty() => {}
            None => paths.push(whole),
        }
    }
}

/// The file that a path leads to from a file.
fn file_of(own: &str, path: &[String], names: &BTreeSet<String>) -> Option<String> {
    let mut here: Vec<String> = own.split("::").map(str::to_owned).collect();
    let mut parts = path.iter().map(String::as_str).peekable();
    match parts.peek().copied()? {
        "crate" => {
            here.clear();
            parts.next();
        }
        "self" => _ = parts.next(),
        "super" => {
            while parts.peek() == Some(&"super") {
                here.pop();
                parts.next();
            }
        }
        first => {
            if !names.contains(&format!("{own}::{first}")) {
                return None;
            }
        }
    }
    here.extend(parts.filter(|part| *part != "self").map(str::to_owned));
    (1..=here.len()).rev().map(|length| here[..length].join("::")).find(|name| names.contains(name))
}

/// Files that reach each other, the largest circle first.
fn circles(imports: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let reached: BTreeMap<&String, BTreeSet<String>> = imports
        .keys()
        .map(|from| {
            let mut seen = BTreeSet::new();
            let mut next: Vec<&String> = vec![from];
            while let Some(name) = next.pop() {
                next.extend(imports.get(name).into_iter().flatten().filter(|to| seen.insert((*to).clone())));
            }
            (from, seen)
        })
        .collect();
    let mut found: BTreeSet<Vec<String>> = BTreeSet::new();
    for (from, seen) in &reached {
        let circle: Vec<String> = seen.iter().filter(|to| reached.get(to).is_some_and(|back| back.contains(*from))).cloned().collect();
        if circle.len() > 1 {
            found.insert(circle);
        }
    }
    let mut found: Vec<Vec<String>> = found.into_iter().collect();
    found.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
    found
}

#[test]
fn a_circle_is_seen() {
    let link = |to: &[&str]| to.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let made = BTreeMap::from([
        ("a".to_owned(), link(&["b"])),
        ("b".to_owned(), link(&["c"])),
        ("c".to_owned(), link(&["a", "d"])),
        ("d".to_owned(), link(&[])),
    ]);
    assert_eq!(circles(&made), [["a", "b", "c"]]);
    let names: BTreeSet<String> = ["gui::app", "gui::panels", "gui::panels::map"].map(str::to_owned).into();
    let code = "use super::panels::{self, map::{MapView as View, other}};\nfn f() { crate::gui::panels::map::g(); }";
    assert_eq!(named_in("gui::app", code, &names), link(&["gui::panels", "gui::panels::map"]));
}

#[test]
fn the_window_has_no_large_circle() {
    let imports = imports();
    assert!(imports.len() > 100, "the source tree was not found");
    let large: Vec<Vec<String>> =
        circles(&imports).into_iter().filter(|circle| circle.len() > MOST && circle.iter().any(|name| name.starts_with("gui"))).collect();
    assert!(large.is_empty(), "files of the window that import each other in a circle: {large:#?}");
}
