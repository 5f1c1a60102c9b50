//! The known word nearest to one that is not known.

/// The candidate that is closest to a word, if one is close.
pub(crate) fn nearest<'c>(word: &str, candidates: &'c [impl AsRef<str>]) -> Option<&'c str> {
    let near = |candidate: &str| {
        let distance = edit_distance(&word.to_lowercase(), &candidate.to_lowercase());
        let length = candidate.chars().count();
        (distance <= 1 + length / 4 && distance < length).then_some(distance)
    };
    let near =
        candidates.iter().filter_map(|candidate| Some((near(candidate.as_ref())?, candidate.as_ref())));
    near.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// `; did you mean … ?`, or nothing when no candidate is close.
pub(crate) fn did_you_mean(word: &str, candidates: &[impl AsRef<str>]) -> String {
    nearest(word, candidates).map_or_else(String::new, |candidate| format!("; did you mean `{candidate}`?"))
}

/// Insertions, deletions and replacements of characters between two words
/// (Levenshtein 1966).
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_close_is_offered() {
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(did_you_mean("rian", &["Sun", "Rain"]), "; did you mean `Rain`?");
        assert_eq!(did_you_mean("RAIN", &["Sun", "Rain"]), "; did you mean `Rain`?");
        assert_eq!(did_you_mean("snow", &["Rain", "Hail"]), "");
        // A number is not another number misspelt by its only digit.
        assert_eq!(did_you_mean("7", &["0", "1"]), "");
    }
}
