//! Package repositories: source file and key.

use crate::blueprint::Packager;
use crate::emit::docker::instruction::{Instruction, paths};
use crate::emit::name::{LABEL, dns_label};

/// The instructions that add the repository `line`.
#[must_use]
pub fn instructions(packager: Packager, name: &str, line: &str, key: Option<&str>, mut comments: Vec<String>) -> Vec<Instruction> {
    let name = dns_label(name, LABEL, "repository");
    let url = key.filter(|key| key.starts_with("http://") || key.starts_with("https://"));
    if let (Some(key), None) = (key, url) {
        comments.push(crate::emit::origin::one_line(&format!("add by hand: the repository's key {key}")));
    }
    match packager {
        Packager::Apt => {
            let keyring = format!("/etc/apt/keyrings/{name}.asc");
            let mut out = Vec::new();
            out.extend(url.map(|url| Instruction::plain(format!("ADD --chmod=0644 {}", paths(&[url, &keyring])))));
            out.push(Instruction::file(
                "",
                &format!("/etc/apt/sources.list.d/{name}.list"),
                &apt_line(line, url.map(|_| keyring.as_str())),
            ));
            if let Some(first) = out.first_mut() {
                *first = first.clone().commented(comments);
            }
            out
        }
        Packager::Dnf | Packager::Yum => {
            let check = url.map_or_else(|| "gpgcheck=0".to_owned(), |url| format!("gpgcheck=1\ngpgkey={url}"));
            let body = if line.contains('[') {
                line.to_owned()
            } else {
                format!("[{name}]\nname={name}\nbaseurl={}\nenabled=1\n{check}\n", line.trim())
            };
            vec![Instruction::file("", &format!("/etc/yum.repos.d/{name}.repo"), &body).commented(comments)]
        }
        Packager::Apk => vec![
            Instruction::script("", &format!("echo {} >> /etc/apk/repositories", super::instruction::shell_word(line.trim())))
                .commented(comments),
        ],
    }
}

/// `deb [signed-by=…] uri distribution components`.
fn apt_line(line: &str, keyring: Option<&str>) -> String {
    let line = line.trim();
    let (kind, rest) = match line.split_once(' ') {
        Some((kind @ ("deb" | "deb-src"), rest)) => (kind, rest.trim_start()),
        _ => ("deb", line),
    };
    let (options, rest) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((options, rest)) => (options.trim(), rest.trim_start()),
        None => ("", rest),
    };
    let signed = keyring.filter(|_| !options.contains("signed-by")).map(|path| format!("signed-by={path}"));
    let all: Vec<String> = Some(options.to_owned()).filter(|options| !options.is_empty()).into_iter().chain(signed).collect();
    if all.is_empty() { format!("{kind} {rest}\n") } else { format!("{kind} [{}] {rest}\n", all.join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apt_lines_name_their_key() {
        assert_eq!(apt_line("http://a b main", None), "deb http://a b main\n");
        assert_eq!(apt_line("deb [arch=amd64] http://a b main", Some("/k.asc")), "deb [arch=amd64 signed-by=/k.asc] http://a b main\n");
    }
}
