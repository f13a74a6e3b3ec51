//! The fields of a config: found under the names that are in use, and refused by name where they hold
//! something else than they should. What is there and can't be read is never taken for absent.

use std::cell::RefCell;

use serde_json::Value;

/// A config's object, with what was missing or wrong in it so far.
pub(super) struct Fields<'a> {
    object: &'a Value,
    missing: RefCell<Vec<String>>,
    wrong: RefCell<Vec<String>>,
}

impl<'a> Fields<'a> {
    pub fn new(object: &'a Value) -> Self {
        Self { object, missing: RefCell::default(), wrong: RefCell::default() }
    }

    /// The first field of these names that is there and not null, with its name.
    pub fn value<'n>(&self, names: &[&'n str]) -> Option<(&'n str, &'a Value)> {
        names.iter().find_map(|name| Some((*name, self.object.get(name).filter(|value| !value.is_null())?)))
    }

    /// A number of at least zero; a list counts where all of it is one number.
    pub fn optional(&self, names: &[&str]) -> Option<f64> {
        let (name, value) = self.value(names)?;
        let number = number_of(value);
        if number.is_none() {
            let shown: String = value.to_string().chars().take(24).collect();
            self.wrong(format!("`{name}` should be a number of at least 0, not {shown}"));
        }
        number
    }

    /// A number above zero, where it is there at all.
    pub fn positive(&self, names: &[&str]) -> Option<f64> {
        let number = self.optional(names)?;
        if number > 0.0 {
            return Some(number);
        }
        if let Some((name, _)) = self.value(names) {
            self.wrong(format!("`{name}` should be above 0"));
        }
        None
    }

    /// A number above zero that must be there.
    pub fn required(&self, names: &[&str]) -> f64 {
        if self.value(names).is_none() {
            self.missing(names);
        }
        self.positive(names).unwrap_or(1.0)
    }

    /// A switch: off where it is not there.
    pub fn switch(&self, name: &str) -> bool {
        match self.value(&[name]) {
            None => false,
            Some((_, Value::Bool(on))) => *on,
            Some((_, other)) => {
                self.wrong(format!("`{name}` should be true or false, not {other}"));
                false
            }
        }
    }

    /// Notes that a field is missing.
    pub fn missing(&self, names: &[&str]) {
        self.missing.borrow_mut().extend(names.first().map(|name| format!("`{name}`")));
    }

    /// Notes that something is wrong, in words.
    pub fn wrong(&self, words: String) {
        let mut wrong = self.wrong.borrow_mut();
        if !wrong.contains(&words) {
            wrong.push(words);
        }
    }

    /// Everything that was missing or wrong.
    pub fn finish(&self) -> Result<(), String> {
        let (missing, mut said) = (self.missing.borrow(), self.wrong.borrow().clone());
        if !missing.is_empty() {
            said.insert(0, format!("{} not found in it", missing.join(", ")));
        }
        if said.is_empty() { Ok(()) } else { Err(said.join("; ")) }
    }
}

fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::Array(all) => {
            let first = number_of(all.first()?)?;
            all.iter().all(|other| number_of(other) == Some(first)).then_some(first)
        }
        other => other.as_f64().filter(|number| number.is_finite() && *number >= 0.0),
    }
}

/// True for what says nothing: null, false, 0, an empty list or text.
pub(super) fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(on) => !on,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.is_empty(),
    }
}
