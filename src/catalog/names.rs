//! "Did you mean": the known name closest to the one that was written.

/// The number of single-character edits (insert, delete, replace, swap of neighbours) between two
/// names, case ignored.
#[must_use]
pub fn edit_distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.to_lowercase().chars().collect();
    let right: Vec<char> = right.to_lowercase().chars().collect();
    // Three rolling rows: two back (for swaps), one back, and the current one.
    let mut two_back = vec![0_usize; right.len() + 1];
    let mut one_back: Vec<usize> = (0..=right.len()).collect();
    for (row, &left_char) in left.iter().enumerate() {
        let mut current = Vec::with_capacity(right.len() + 1);
        current.push(row + 1);
        for (column, &right_char) in right.iter().enumerate() {
            let at = |cells: &[usize], index: usize| cells.get(index).copied().unwrap_or(usize::MAX / 2);
            let replace = at(&one_back, column) + usize::from(left_char != right_char);
            let delete = at(&one_back, column + 1) + 1;
            let insert = at(&current, column) + 1;
            let mut best = replace.min(delete).min(insert);
            let swapped = row > 0 && column > 0 && left.get(row - 1) == Some(&right_char) && right.get(column - 1) == Some(&left_char);
            if swapped {
                best = best.min(at(&two_back, column - 1) + 1);
            }
            current.push(best);
        }
        two_back = one_back;
        one_back = current;
    }
    one_back.last().copied().unwrap_or(0)
}

/// The name of `names` closest to `wanted`, if it is close enough to be a slip of the hand.
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
            // What was written begins the name, is a part of it, or is a slip of the hand.
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
    use super::{edit_distance, nearest_name};

    #[test]
    fn distances() {
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("h100", "h200"), 1);
        assert_eq!(edit_distance("ab", "ba"), 1);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
    }

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
