//! How things are said to people, on screen and on paper, decided once.
//!
//! * Numbers have three or four figures and groups of thousands: `0.412`, `13.8`, `12,345`. Files for
//!   machines (JSON, CSV, the plan itself) hold them raw.
//! * Tokens are Ttok, Gtok or Mtok (10¹², 10⁹, 10⁶), never more of a prefix: `9,412 Ttok`.
//! * Money is M$, from ten thousand million on B$: `9,840 M$`, `12.3 B$`.
//! * A field's unit is the end of its name ([`units`]), an entity's noun that of its map ([`nouns`]), a
//!   path is said as its entities and its field ([`paths`]).

pub mod nouns;
pub mod numbers;
pub mod paths;
pub mod units;

pub use nouns::{ended, entity_word, goal, id_of, kind_text, lowered, sentence, singular, words};
pub(crate) use numbers::trimmed;
pub use numbers::{
    amount, counted, degrees, digits, exact, fixed, grouped, hour, musd, musd_parts, number, parts, percent, price_down, share, short,
    signed_percent, ttok, ttok_parts, with_unit,
};
pub use paths::{called, in_words, name_at, path_in_words, subject, value_words};
pub use units::{field_words, label_of, unit_of};
