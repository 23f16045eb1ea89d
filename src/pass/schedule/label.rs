//! Names: of an entry by its command, and of anything as a DNS label.

use crate::pass::command::Plain;

/// A name from the command: the task of rake, the method of a runner, the script.
#[must_use]
pub fn name_of(plain: &Plain, fallback: &str) -> String {
    let all: Vec<&str> = plain.words.iter().map(String::as_str).collect();
    // `rails runner -e production 'Code.run'`: the environment is no name.
    let value = |index: usize| index > 0 && matches!(all[index - 1], "-e" | "--environment");
    let words: Vec<&str> = all
        .iter()
        .enumerate()
        .filter(|(index, _)| !value(*index))
        .map(|(_, word)| *word)
        .filter(|word| !matches!(*word, "bundle" | "exec" | "bin/rails" | "rails" | "ruby" | "env") && !word.starts_with('-'))
        .collect();
    let word = match words.as_slice() {
        ["rake" | "bin/rake", task, ..] => (*task).to_owned(),
        ["runner" | "script/runner", code, ..] => code.split('(').next().unwrap_or(code).to_owned(),
        [task, ..] if task.contains(':') && !plain.shell => (*task).to_owned(),
        [first, ..] if !plain.shell => first.rsplit('/').next().unwrap_or(first).to_owned(),
        _ => fallback.to_owned(),
    };
    word.split('[').next().unwrap_or(&word).to_owned()
}

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
