//! The name of an entry, by its command.

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
