//! Keys that scripts give to the package manager, and repositories that stand as lines in files: together they are what
//! `apt_repository` says in one.
//!
//! `wget -qO- https://example.com/key.asc | apt-key add -` signs `/etc/apt/sources.list.d/example.list` of the same cookbook.

use crate::graph::{FileKind, Resource};
use crate::pass::Input;
use crate::read::shell;

/// The address of the key that a script adds, when it does nothing else.
#[must_use]
pub fn of_script(text: &str) -> Option<String> {
    let script = shell::parse(text).ok()?;
    let mut found = None;
    let mut adds = false;
    for command in script.simple_commands() {
        let words: Vec<String> = command.words.iter().map(|word| word.known().unwrap_or_else(|| word.text.clone())).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).skip_while(|word| *word == "sudo" || word.starts_with('-')).collect();
        let address = words.iter().find(|word| word.starts_with("http://") || word.starts_with("https://")).map(|word| (*word).to_owned());
        match words.as_slice() {
            ["wget" | "curl", ..] => found = address.or(found),
            ["apt-key", "add", ..] | ["rpm", "--import", ..] => {
                adds = true;
                found = address.or(found);
            }
            ["apt-key", "adv", rest @ ..] => {
                adds = true;
                let at = rest.iter().position(|word| matches!(*word, "--recv" | "--recv-keys" | "--recv-key"))?;
                let id = rest.get(at + 1)?.trim_start_matches("0x");
                found = Some(format!("https://keyserver.ubuntu.com/pks/lookup?op=get&options=mr&search=0x{id}"));
            }
            ["apt-get" | "apt" | "yum", "update" | "makecache", ..] | ["rm" | "cd" | "echo" | "true" | "set" | "gpg", ..] => {}
            _ => return None,
        }
    }
    found.filter(|_| adds)
}

/// The text that a script resource runs.
#[must_use]
pub fn script_text(resource: &Resource) -> Option<String> {
    match resource.kind.as_str() {
        "execute" => Some(resource.text_or_name("command").to_string()),
        "bash" | "script" => resource.text("code").map(|code| code.to_string()),
        _ => None,
    }
}

/// The key that signs the repositories of a cookbook's file: the last one that the cookbook adds before it, else its first.
#[must_use]
pub fn of_cookbook(input: &Input<'_>, cookbook: &str, before: usize) -> Option<String> {
    let mut first = None;
    let mut last = None;
    for (number, resource) in input.items().filter(|(_, resource)| resource.cookbook == cookbook) {
        let Some(key) = script_text(resource).and_then(|text| of_script(&text)) else { continue };
        if number < before {
            last = Some(key.clone());
        }
        first = first.or(Some(key));
    }
    last.or(first)
}

/// The `deb` lines of a file below `/etc/apt`, without options.
#[must_use]
pub fn lines_of_file(input: &Input<'_>, item: usize) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for file in input.files().filter(|file| file.item == item) {
        let stem = file.path.strip_prefix("/etc/apt/sources.list.d/").and_then(|name| name.strip_suffix(".list"));
        let (Some(stem), FileKind::File(text)) = (stem, &file.state.kind) else { continue };
        for line in text.known().unwrap_or_default().lines().map(str::trim).filter(|line| line.starts_with("deb ")) {
            let line = match (line.find('['), line.find(']')) {
                (Some(start), Some(end)) if start < end => format!("{} {}", line[..start].trim(), line[end + 1..].trim()),
                _ => line.to_owned(),
            };
            if !lines.iter().any(|(_, known)| *known == line) {
                lines.push((stem.to_owned(), line));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::of_script;

    #[test]
    fn keys_of_scripts() {
        for (script, key) in [
            ("wget -qO - https://example.com/a.asc | apt-key add -", Some("https://example.com/a.asc")),
            ("curl -sSL https://example.com/a.asc | sudo apt-key add - && apt-get update", Some("https://example.com/a.asc")),
            ("rpm --import https://example.com/RPM-GPG-KEY", Some("https://example.com/RPM-GPG-KEY")),
            (
                "apt-key adv --keyserver hkp://keyserver.ubuntu.com:80 --recv-keys 7F0CEB10",
                Some("https://keyserver.ubuntu.com/pks/lookup?op=get&options=mr&search=0x7F0CEB10"),
            ),
            ("wget https://example.com/a.tar.gz", None),
            ("wget -qO - https://example.com/a.asc | apt-key add - && make install", None),
        ] {
            assert_eq!(of_script(script).as_deref(), key, "{script}");
        }
    }
}
