//! How a plan is printed.

use std::fmt::Write as _;

/// A value as a tree of text, ready to be laid out.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// Printed as it is.
    Atom(String),
    /// `name(open items close)`; items may carry a key.
    Group {
        /// Variant name before the bracket, or nothing.
        name: &'static str,
        /// Opening and closing bracket.
        brackets: (char, char),
        /// Key (with its quotes, if any) and value.
        items: Vec<(Option<String>, Tree)>,
    },
}

impl Tree {
    /// The number it is, if it is a plain one; of a stated number the value.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Atom(text) => text.parse().ok(),
            Self::Group { name: "Stated", items, .. } => items.first().and_then(|(_, value)| value.number()),
            Self::Group { .. } => None,
        }
    }

    /// On one line.
    #[must_use]
    pub fn inline(&self) -> String {
        let mut out = String::new();
        self.write_inline(&mut out);
        out
    }

    fn write_inline(&self, out: &mut String) {
        match self {
            Self::Atom(text) => out.push_str(text),
            Self::Group { name, brackets, items } => {
                out.push_str(name);
                out.push(brackets.0);
                for (index, (key, value)) in items.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    if let Some(key) = key {
                        let _ = write!(out, "{key}: ");
                    }
                    value.write_inline(out);
                }
                out.push(brackets.1);
            }
        }
    }

    /// Laid out: a group stays on one line where it fits into `width` columns.
    #[must_use]
    pub fn pretty(&self, width: usize) -> String {
        let mut out = String::new();
        self.write_pretty(&mut out, 0, 0, width);
        out.push('\n');
        out
    }

    fn write_pretty(&self, out: &mut String, indent: usize, used: usize, width: usize) {
        let inline = self.inline();
        let Self::Group { name, brackets, items } = self else {
            out.push_str(&inline);
            return;
        };
        // The plan itself, its sections and every list of several entities open, so that a diff shows
        // single lines.
        let entries = brackets.0 == '{' && items.iter().any(|(_, value)| matches!(value, Self::Group { .. }));
        let opens = indent == 0 || (entries && (indent == 4 || items.len() > 1));
        if !opens && used + inline.chars().count() < width {
            out.push_str(&inline);
            return;
        }
        out.push_str(name);
        out.push(brackets.0);
        // `PerHour([…])` opens once, not twice.
        if let [(None, inner @ Self::Group { name: "", .. })] = items.as_slice()
            && brackets.0 == '('
        {
            inner.write_pretty(out, indent, used + name.len() + 1, width);
            out.push(brackets.1);
            return;
        }
        out.push('\n');
        let inner = indent + 4;
        // A long list of plain values fills its lines.
        if brackets.0 == '[' && items.iter().all(|(_, value)| matches!(value, Self::Atom(_))) {
            let mut column = 0;
            for (_, value) in items {
                let text = value.inline();
                let len = text.chars().count() + 2;
                if column == 0 {
                    let _ = write!(out, "{:inner$}{text},", "");
                    column = inner + len;
                } else if column + len > width {
                    let _ = write!(out, "\n{:inner$}{text},", "");
                    column = inner + len;
                } else {
                    let _ = write!(out, " {text},");
                    column += len;
                }
            }
            let _ = write!(out, "\n{:indent$}{}", "", brackets.1);
            return;
        }
        for (key, value) in items {
            let _ = write!(out, "{:inner$}", "");
            let mut used = inner + 1;
            if let Some(key) = key {
                let _ = write!(out, "{key}: ");
                used += key.chars().count() + 2;
            }
            value.write_pretty(out, inner, used, width);
            out.push_str(",\n");
        }
        let _ = write!(out, "{:indent$}{}", "", brackets.1);
    }
}
