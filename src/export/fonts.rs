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
                Self { database: Arc::new(database) }
            })
            .clone()
    }

    /// With one more font file (TrueType or OpenType) to fall back on, such as one for Chinese.
    #[must_use]
    pub fn with(self, bytes: Vec<u8>) -> Self {
        let mut database = Arc::unwrap_or_clone(self.database);
        database.load_font_source(Source::Binary(Arc::new(bytes)));
        Self { database: Arc::new(database) }
    }

    /// For usvg.
    pub(crate) fn options(&self) -> usvg::Options<'static> {
        usvg::Options { font_family: FAMILY.into(), fontdb: Arc::clone(&self.database), ..usvg::Options::default() }
    }
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
