//! "Did you mean": the known name closest to the one that was written.

use crate::diagnostic::edit_distance;

/// The name of `names` closest to `wanted`, if it is close enough to be a typing error.
///
/// Close enough is a third of the length, or a name that begins with (or contains) what was
/// written: `h200` finds `h200_sxm`. Ties go to the first name.
#[must_use]
pub fn nearest_name<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['_', ' ', '.'], "-");
    let wanted = plain(wanted);
    if wanted.is_empty() {
        return None;
    }
    names
        .into_iter()
        .filter_map(|name| {
            let candidate = plain(name);
            let distance = edit_distance(&wanted, &candidate);
            let longest = wanted.chars().count().max(candidate.chars().count());
            // What was written begins the name, is a part of it, or is a typing error.
            if candidate.starts_with(&wanted) {
                Some((0, distance, name))
            } else if wanted.len() >= 3 && candidate.contains(&wanted) {
                Some((1, distance, name))
            } else if distance * 3 <= longest {
                Some((distance, distance, name))
            } else {
                None
            }
        })
        .min_by_key(|&(score, distance, _)| (score, distance))
        .map(|(_, _, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest_name;

    #[test]
    fn slips_and_prefixes_find_their_name() {
        let names = ["h100_sxm", "h200_sxm", "gb200_nvl72", "gb300_nvl72", "mi355x"];
        assert_eq!(nearest_name("h200", names), Some("h200_sxm"));
        assert_eq!(nearest_name("gb300", names), Some("gb300_nvl72"));
        assert_eq!(nearest_name("GB300 NVL72", names), Some("gb300_nvl72"));
        assert_eq!(nearest_name("mi335x", names), Some("mi355x"));
        assert_eq!(nearest_name("nvl72", names), Some("gb200_nvl72"));
        assert_eq!(nearest_name("trainium", names), None);
        assert_eq!(nearest_name("", names), None);
    }
}
