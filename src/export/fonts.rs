//! The bundled font: Tokenworks Sans, a subset of Inter with tabular figures by default, regular
//! and semibold (SIL Open Font License, assets/fonts/OFL.txt). The window uses the same files.

use std::sync::{Arc, OnceLock};

use usvg::fontdb::{Database, Source};

/// Name of the bundled family.
pub const FAMILY: &str = "Tokenworks Sans";
/// What SVG and HTML ask for; the first is bundled, the rest is for readers without it.
pub const FAMILIES: &str = "'Tokenworks Sans', Inter, 'Helvetica Neue', Arial, sans-serif";
/// Weight 400, TrueType.
pub const REGULAR: &[u8] = include_bytes!("../../assets/fonts/TokenworksSans-Regular.ttf");
/// Weight 600, TrueType.
pub const SEMIBOLD: &[u8] = include_bytes!("../../assets/fonts/TokenworksSans-SemiBold.ttf");
/// Weight 400, packed for the web.
pub(crate) const REGULAR_WEB: &[u8] = include_bytes!("../../assets/fonts/TokenworksSans-Regular.woff2");
/// Weight 600, packed for the web.
pub(crate) const SEMIBOLD_WEB: &[u8] = include_bytes!("../../assets/fonts/TokenworksSans-SemiBold.woff2");

/// Fonts that pictures and PDFs are set in: the bundled ones, and any the caller read for scripts
/// that these lack.
#[derive(Clone, Debug)]
pub struct Fonts {
    database: Arc<Database>,
    /// Gives the fonts of this computer, for text that the bundled one can't set.
    installed: Option<fn() -> Database>,
}

impl Fonts {
    /// The bundled font alone.
    #[must_use]
    pub fn bundled() -> Self {
        static BUNDLED: OnceLock<Fonts> = OnceLock::new();
        BUNDLED
            .get_or_init(|| {
                let mut database = Database::new();
                for bytes in [REGULAR, SEMIBOLD] {
                    database.load_font_source(Source::Binary(Arc::new(bytes)));
                }
                // Text in a family that is not here would vanish without a word.
                database.set_sans_serif_family(FAMILY);
                database.set_serif_family(FAMILY);
                database.set_monospace_family(FAMILY);
                Self { database: Arc::new(database), installed: None }
            })
            .clone()
    }

    /// With one more font file (TrueType or OpenType) to fall back on, such as one for Chinese.
    #[must_use]
    pub fn with(self, bytes: Vec<u8>) -> Self {
        let mut database = Arc::unwrap_or_clone(self.database);
        database.load_font_source(Source::Binary(Arc::new(bytes)));
        Self { database: Arc::new(database), ..self }
    }

    /// Falls back on the fonts of this computer; they are only asked for where a text needs them.
    #[must_use]
    pub fn or_installed(self, installed: fn() -> Database) -> Self {
        Self { installed: Some(installed), ..self }
    }

    /// For usvg, to set this text.
    pub(crate) fn options(&self, text: &str) -> usvg::Options<'static> {
        let mut fontdb = Arc::clone(&self.database);
        if let Some(installed) = self.installed.filter(|_| beyond_bundled(text).next().is_some()) {
            let mut all = installed();
            for face in self.database.faces() {
                all.push_face_info(face.clone());
            }
            all.set_sans_serif_family(FAMILY);
            all.set_serif_family(FAMILY);
            all.set_monospace_family(FAMILY);
            fontdb = Arc::new(all);
        }
        usvg::Options { font_family: FAMILY.into(), fontdb, ..usvg::Options::default() }
    }

    /// Letters of a text that none of the fonts has: pictures and PDFs show a box in their place.
    #[must_use]
    pub fn missing(&self, text: &str) -> Vec<char> {
        let mut letters: Vec<char> = beyond_bundled(text).collect();
        letters.sort_unstable();
        letters.dedup();
        if letters.is_empty() {
            return letters;
        }
        let all: String = letters.iter().collect();
        // Each for itself, so that none is set as part of another.
        let texts: String = letters.iter().map(|letter| format!("<text y=\"9\">{letter}</text>")).collect();
        let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\" font-family=\"{FAMILY}\">{texts}</svg>");
        let Ok(tree) = usvg::Tree::from_str(&svg, &self.options(&all)) else { return Vec::new() };
        let mut has: Vec<char> = Vec::new();
        for node in tree.root().children() {
            let usvg::Node::Text(text) = node else { continue };
            let glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
            has.extend(glyphs.filter(|glyph| glyph.id.0 != 0).flat_map(|glyph| glyph.text.chars()));
        }
        letters.retain(|letter| !has.contains(letter));
        letters
    }

    /// What to say of letters that no font has; nothing where all are there.
    #[must_use]
    pub fn missing_in_words(&self, text: &str) -> Option<String> {
        let missing = self.missing(text);
        let shown: String = missing.iter().take(8).collect();
        let more = if missing.len() > 8 { " and others" } else { "" };
        (!missing.is_empty()).then(|| {
            format!("No font on this computer has {shown}{more}: they show as boxes. Install a font that has them, such as Noto Sans CJK, or save HTML.")
        })
    }
}

/// Letters that the bundled font is not made for: it holds Latin, Greek signs of the program, arrows and marks.
fn beyond_bundled(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| {
        matches!(u32::from(*letter), 0x370..=0x1fff | 0x2c00..=0xd7ff | 0xf900..=0xfaff | 0xfe30..=0xffef | 0x1_0000..=0x1_ffff | 0x2_0000..=0x3_ffff)
    })
}

impl Default for Fonts {
    fn default() -> Self {
        Self::bundled()
    }
}

/// Base64, for fonts inside documents.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letter = |bits: u32| char::from(LETTERS.get((bits & 63) as usize).copied().unwrap_or(b'A'));
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        out.push(letter(bits >> 18));
        out.push(letter(bits >> 12));
        out.push(if chunk.len() > 1 { letter(bits >> 6) } else { '=' });
        out.push(if chunk.len() > 2 { letter(bits) } else { '=' });
    }
    out
}

/// `@font-face` rules with the font inside: nothing is fetched.
pub(crate) fn face_rules() -> &'static str {
    static RULES: OnceLock<String> = OnceLock::new();
    RULES.get_or_init(|| {
        [(400, REGULAR_WEB), (600, SEMIBOLD_WEB)]
            .map(|(weight, bytes)| {
                format!(
                    "@font-face{{font-family:'{FAMILY}';font-weight:{weight};src:url(data:font/woff2;base64,{}) format('woff2')}}",
                    base64(bytes)
                )
            })
            .concat()
    })
}
