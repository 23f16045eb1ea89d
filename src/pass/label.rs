//! The name of anything as a DNS label.

/// A DNS label of at most 52 characters.
#[must_use]
pub fn label(text: &str) -> String {
    let mut out = String::new();
    let mut previous_lower = false;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            if c.is_ascii_uppercase() && previous_lower {
                out.push('-');
            }
            previous_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
            out.push(c.to_ascii_lowercase());
        } else {
            previous_lower = false;
            if !out.is_empty() && !out.ends_with('-') {
                out.push('-');
            }
        }
    }
    let cut: String = out.trim_matches('-').chars().take(52).collect();
    let cut = cut.trim_matches('-').to_owned();
    if cut.is_empty() { "task".to_owned() } else { cut }
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn labels() {
        assert_eq!(label("albums:daily_digest"), "albums-daily-digest");
        assert_eq!(label("ThumbnailWorker.requeue_stuck"), "thumbnail-worker-requeue-stuck");
        assert_eq!(label("invoices export"), "invoices-export");
        assert_eq!(label("***"), "task");
    }
}
