//! No more than four files of `src/` import each other in a circle.
//!
//! A file imports what it names by a path from `crate`, `super`, `self` or one of its own modules. A name
//! that a file only passes on (`pub use`) is imported from the file that makes it.

use std::collections::{BTreeMap, BTreeSet};

use super::architecture::{Source, sources};

/// Most files in a circle.
const MOST: usize = 4;

/// A module by its path: `["plan", "check"]`.
type Module = Vec<String>;

/// A `use`: the path, the name it goes by here, and whether it is passed on.
struct Use {
    path: Vec<String>,
    name: String,
    public: bool,
}

struct File {
    uses: Vec<Use>,
    /// Names made here.
    makes: BTreeSet<String>,
    /// Paths written out in the code.
    paths: Vec<Vec<String>>,
    /// Modules below it.
    below: BTreeSet<String>,
}

fn module_of(source: &Source) -> Module {
    let path = source.path.trim_end_matches(".rs");
    let parts = path.split('/').map(str::to_owned).collect::<Vec<_>>();
    match parts.split_last() {
        Some((last, rest)) if last == "mod" || (last == "lib" && rest.is_empty()) => rest.to_vec(),
        _ => parts,
    }
}

/// `a::{b, c::{d as e}}` as single paths.
fn opened(text: &str, before: &[String], found: &mut Vec<(Vec<String>, String)>) {
    let parts = |text: &str| text.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let Some((head, inner)) = text.split_once('{') else {
        let (path, name) = text.split_once(" as ").map_or((text, None), |(path, name)| (path, Some(name.trim().to_owned())));
        let mut path: Vec<String> = before.iter().cloned().chain(parts(path)).collect();
        if path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let last = path.last().cloned().unwrap_or_default();
        found.push((path, name.unwrap_or(last)));
        return;
    };
    let before: Vec<String> = before.iter().cloned().chain(parts(head)).collect();
    let inner = inner.rsplit_once('}').map_or(inner, |(inner, _)| inner);
    let (mut depth, mut start) = (0, 0);
    for (at, letter) in inner.char_indices().chain([(inner.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !inner[start..at].trim().is_empty() {
                    opened(inner[start..at].trim(), &before, found);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// The words and the signs between them; `::` is one sign.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut glue = false;
    for letter in code.chars() {
        let word = letter.is_alphanumeric() || letter == '_';
        if word && glue {
            tokens.last_mut().unwrap().push(letter);
        } else if !letter.is_whitespace() {
            let joins = letter == ':' && tokens.last().is_some_and(|last| last == ":");
            if joins {
                tokens.last_mut().unwrap().push(':');
            } else {
                tokens.push(letter.to_string());
            }
        }
        glue = word;
    }
    tokens
}

fn file_of(source: &Source, below: BTreeSet<String>) -> File {
    let mut file = File { uses: Vec::new(), makes: BTreeSet::new(), paths: Vec::new(), below };
    let tokens = tokens(&source.code);
    let mut at = 0;
    while at < tokens.len() {
        let token = tokens[at].as_str();
        // `pub(in crate::a)` says who may see a thing, and imports nothing.
        if token == "pub" && tokens.get(at + 1).is_some_and(|next| next == "(") {
            let end = at + tokens[at..].iter().position(|token| token == ")").unwrap_or(0);
            let is_use = tokens.get(end + 1).is_some_and(|next| next == "use");
            at = end + 1;
            if !is_use {
                continue;
            }
        }
        let public = tokens.get(at).is_some_and(|token| token == "pub") || (at > 0 && tokens[at - 1] == ")");
        if tokens[at] == "pub" {
            at += 1;
        }
        match tokens.get(at).map(String::as_str) {
            Some("use") => {
                let end = at + tokens[at..].iter().position(|token| token == ";").unwrap_or(tokens.len() - at);
                let mut found = Vec::new();
                let text = tokens[at + 1..end].iter().map(|token| if token == "as" { " as " } else { token.as_str() }).collect::<String>();
                opened(&text, &[], &mut found);
                file.uses.extend(found.into_iter().map(|(path, name)| Use { path, name, public }));
                at = end;
            }
            Some("struct" | "enum" | "fn" | "const" | "static" | "type" | "trait" | "union" | "mod" | "macro_rules") => {
                let name = tokens[at + 1..].iter().find(|token| !matches!(token.as_str(), "mut" | "!"));
                file.makes.extend(name.cloned());
            }
            Some(_)
                if tokens.get(at + 1).is_some_and(|next| next == "::") && (at == 0 || !matches!(tokens[at - 1].as_str(), "::" | "$")) =>
            {
                let mut path = vec![tokens[at].clone()];
                while tokens.get(at + 1).is_some_and(|next| next == "::") && tokens.get(at + 2).is_some() {
                    path.push(tokens[at + 2].clone());
                    at += 2;
                }
                file.paths.push(path);
            }
            _ => {}
        }
        at += 1;
    }
    file
}

struct Crate(BTreeMap<Module, File>);

impl Crate {
    /// A path as seen from a module, from the root of the crate on; nothing if it leads outside.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Module> {
        let first = path.first()?;
        if first == "crate" {
            return Some(path[1..].to_vec());
        }
        if first == "super" || first == "self" {
            let mut base = module.clone();
            let steps = path.iter().take_while(|part| *part == "super" || *part == "self").count();
            for _ in path[..steps].iter().filter(|part| *part == "super") {
                base.pop()?;
            }
            return Some(base.into_iter().chain(path[steps..].iter().cloned()).collect());
        }
        self.0[module].below.contains(first).then(|| module.iter().chain(path).cloned().collect())
    }

    /// The file that makes what a path names.
    fn maker(&self, path: &[String], depth: usize) -> Module {
        let mut module = Module::new();
        let mut rest = path;
        while let Some((first, more)) = rest.split_first().filter(|(first, _)| self.0[&module].below.contains(*first)) {
            module.push(first.clone());
            rest = more;
        }
        let Some(name) = rest.first() else { return module };
        let file = &self.0[&module];
        if file.makes.contains(name) || depth > 8 {
            return module;
        }
        for known in &file.uses {
            if known.name == *name {
                if let Some(path) = self.absolute(&module, &known.path) {
                    return self.maker(&path, depth + 1);
                }
            } else if let Some((_, folder)) = known.path.split_last().filter(|(last, _)| *last == "*")
                && let Some(mut path) = self.absolute(&module, folder)
            {
                path.push(name.clone());
                let maker = self.maker(&path, depth + 1);
                if self.0[&maker].makes.contains(name) {
                    return maker;
                }
            }
        }
        module
    }

    fn imports(&self, module: &Module) -> BTreeSet<Module> {
        let file = &self.0[module];
        let used = file.uses.iter().filter(|used| !used.public).map(|used| &used.path);
        let paths = used.chain(&file.paths).filter(|path| !path.is_empty());
        paths
            .filter_map(|path| Some(self.maker(&self.absolute(module, path)?, 0)))
            .filter(|other| other != module && !other.is_empty())
            .collect()
    }
}

/// Groups in which each file reaches each other one.
fn circles(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<BTreeSet<Module>> {
    let reached = |from: &Module| {
        let mut reached: BTreeSet<Module> = BTreeSet::new();
        let mut open = vec![from];
        while let Some(module) = open.pop() {
            for next in &imports[module] {
                if reached.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        reached
    };
    let all: BTreeMap<&Module, BTreeSet<Module>> = imports.keys().map(|module| (module, reached(module))).collect();
    let mut circles: Vec<BTreeSet<Module>> = Vec::new();
    for (module, reached) in &all {
        if reached.contains(*module) && !circles.iter().any(|circle| circle.contains(*module)) {
            circles.push(reached.iter().filter(|other| all[other].contains(*module)).cloned().collect());
        }
    }
    circles
}

fn circles_of(sources: &[Source]) -> Vec<BTreeSet<Module>> {
    let modules: BTreeSet<Module> = sources.iter().map(module_of).collect();
    let below = |module: &Module| {
        let children = modules.iter().filter(|other| other.len() == module.len() + 1 && other.starts_with(module));
        children.filter_map(|child| child.last().cloned()).collect()
    };
    let files = sources.iter().map(|source| (module_of(source), file_of(source, below(&module_of(source))))).collect();
    let whole = Crate(files);
    circles(&whole.0.keys().map(|module| (module.clone(), whole.imports(module))).collect())
}

#[test]
fn at_most_four_files_import_each_other() {
    let large: Vec<String> = circles_of(&sources())
        .iter()
        .filter(|circle| circle.len() > MOST)
        .map(|circle| format!("{} files: {}", circle.len(), circle.iter().map(|module| module.join("/")).collect::<Vec<_>>().join(", ")))
        .collect();
    assert!(large.is_empty(), "No more than {MOST} files import each other in a circle.\n{}", large.join("\n"));
}

#[test]
fn circles_are_found_through_names_that_are_passed_on() {
    let file = |path: &str, code: &str| Source { path: path.into(), text: String::new(), code: code.into() };
    // `room` passes on what `one` makes; `two` gets it there, and `one` uses `two`.
    let through = [
        file("lib.rs", "pub mod room;"),
        file("room/mod.rs", "mod one; mod two; pub use one::Thing;"),
        file("room/one.rs", "use super::two::other; pub struct Thing; fn f() { other() }"),
        file("room/two.rs", "pub fn other() { let _ = crate::room::Thing; }"),
    ];
    let names = |circle: &BTreeSet<Module>| circle.iter().map(|module| module.join("/")).collect::<Vec<_>>();
    let found = circles_of(&through);
    assert_eq!(found.iter().map(names).collect::<Vec<_>>(), [["room/one", "room/two"]]);
    // Without the way back there is none.
    let mut straight = through;
    straight[3] = file("room/two.rs", "pub(in crate::room) fn other() {}");
    assert!(circles_of(&straight).is_empty());
}
