//! `sudo` in scripts: a build is root already, and images do not have the program.
//!
//! In: a shell script that root runs. Out: the same without `sudo` where a command begins; `sudo -u deploy make` is
//! `runuser -u deploy -- make`. Text in quotes and here-documents is left as it is.

/// Words behind which another command begins.
const LEADS: &[&str] =
    &["then", "do", "else", "elif", "if", "while", "until", "!", "time", "{", "exec", "command", "nohup", "nice", "env", "xargs"];

/// The script without `sudo` before its commands.
#[must_use]
pub fn without(script: &str) -> String {
    let mut out = String::with_capacity(script.len());
    let mut ends: Vec<(String, bool)> = Vec::new();
    let mut quote = None;
    let mut begins = true;
    for line in script.split_inclusive('\n') {
        if let Some((end, tabs)) = ends.first() {
            let text = line.trim_end_matches(['\n', '\r']);
            if *end == if *tabs { text.trim_start_matches('\t') } else { text } {
                ends.remove(0);
            }
            out.push_str(line);
            continue;
        }
        let outside = quote.is_none();
        out.push_str(&rewrite(line, &mut quote, &mut begins));
        if outside {
            ends = documents(line);
        }
    }
    out
}

/// A line; `first` says whether a command may begin at its start, and then whether one may at the next one's.
fn rewrite(line: &str, quote: &mut Option<char>, first: &mut bool) -> String {
    let mut out = String::with_capacity(line.len());
    let mut begins = *first && quote.is_none();
    *first = true;
    let mut depth = 0_usize;
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        if let Some(open) = *quote {
            if open == '"'
                && let Some(command) = rest.strip_prefix("$(")
            {
                out.push_str("$(");
                rest = command;
                if let Some((lead, behind)) = sudo(rest) {
                    out.push_str(&lead);
                    rest = behind;
                }
                continue;
            }
            let length = if c == '\\' && open == '"' { rest.chars().take(2).map(char::len_utf8).sum() } else { c.len_utf8() };
            if c == open {
                *quote = None;
            }
            out.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        if begins && c.is_ascii_alphabetic() | matches!(c, '/' | '!' | '{') {
            if let Some((lead, behind)) = sudo(rest) {
                out.push_str(&lead);
                rest = behind;
                continue;
            }
            let word =
                rest.split(|c: char| c.is_whitespace() || matches!(c, ';' | '&' | '|' | '(' | '`' | '\'' | '"')).next().unwrap_or(rest);
            begins = LEADS.contains(&word) || is_assignment(word);
            out.push_str(word);
            rest = &rest[word.len()..];
            continue;
        }
        match c {
            '#' if begins || out.ends_with([' ', '\t']) => {
                out.push_str(rest);
                return out;
            }
            '\'' | '"' => {
                *quote = Some(c);
                begins = false;
            }
            ';' | '&' | '|' | '`' => begins = true,
            '(' => {
                depth += 1;
                begins = true;
            }
            // Without its opening one it ends a pattern of `case`.
            ')' => {
                begins = depth == 0;
                depth = depth.saturating_sub(1);
            }
            ' ' | '\t' | '\n' => {}
            '\\' => {
                let length: usize = rest.chars().take(2).map(char::len_utf8).sum();
                // The next line goes on with this command.
                if &rest[1..] == "\n" {
                    *first = begins;
                } else {
                    begins = false;
                }
                out.push_str(&rest[..length]);
                rest = &rest[length..];
                continue;
            }
            _ => begins = false,
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// What stands for a leading `sudo` and its options, and the text behind them; nothing where an option is not known.
fn sudo(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix("/usr/bin/sudo").or_else(|| text.strip_prefix("sudo"))?;
    let mut rest = rest.strip_prefix([' ', '\t'])?.trim_start_matches([' ', '\t']);
    let mut user = None;
    while rest.starts_with('-') {
        let (option, behind) = word(rest);
        rest = behind;
        match option {
            "-u" => {
                let (name, behind) = word(rest);
                user = Some(name).filter(|name| *name != "root");
                rest = behind;
            }
            "-E" | "-H" | "-n" | "-S" | "-EH" | "-HE" => {}
            "--" => break,
            _ => return None,
        }
    }
    if rest.trim().is_empty() {
        return None;
    }
    Some((user.map(|user| format!("runuser -u {user} -- ")).unwrap_or_default(), rest))
}

/// `LANG=C` before a command.
fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

fn word(text: &str) -> (&str, &str) {
    let end = text.find([' ', '\t', '\n']).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start_matches([' ', '\t']))
}

/// The ends of the here-documents that a line begins, and whether tabs may stand before them.
fn documents(line: &str) -> Vec<(String, bool)> {
    let mut all = Vec::new();
    for (at, _) in line.match_indices("<<") {
        let rest = &line[at + 2..];
        if rest.starts_with('<') || line[..at].ends_with('<') {
            continue;
        }
        let tabs = rest.starts_with('-');
        let rest = rest.trim_start_matches('-').trim_start_matches([' ', '\t']);
        let end: String = rest.trim_start_matches(['\'', '"', '\\']).chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if !end.is_empty() && !end.starts_with(|c: char| c.is_ascii_digit()) {
            all.push((end, tabs));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn commands_and_no_texts() {
        for (script, expected) in [
            ("sudo make install", "make install"),
            ("cd /tmp && sudo -E make\n", "cd /tmp && make\n"),
            ("echo a | sudo tee -a /etc/a", "echo a | tee -a /etc/a"),
            ("if sudo test -e /a; then sudo rm /a; fi", "if test -e /a; then rm /a; fi"),
            ("sudo -u deploy make", "runuser -u deploy -- make"),
            ("sudo -u root -- make", "make"),
            ("x=$(sudo id -u)", "x=$(id -u)"),
            ("case $1 in start) sudo a ;; esac", "case $1 in start) a ;; esac"),
            ("echo \"at $(sudo date) sudo\"", "echo \"at $(date) sudo\""),
            ("echo $(date) sudo", "echo $(date) sudo"),
            ("LANG=C sudo make | xargs sudo rm", "LANG=C make | xargs rm"),
            ("sudo -i", "sudo -i"),
            ("apt-get install sudo", "apt-get install sudo"),
            ("echo 'a\nsudo b'", "echo 'a\nsudo b'"),
            ("# sudo a\nsudo b", "# sudo a\nb"),
            ("apt-get install -y \\\n  sudo \\\n  curl", "apt-get install -y \\\n  sudo \\\n  curl"),
            ("cd /a && \\\n  sudo make", "cd /a && \\\n  make"),
            ("sudo tee /a << EOM\nsudo b\nEOM\nsudo c", "tee /a << EOM\nsudo b\nEOM\nc"),
        ] {
            assert_eq!(without(script), expected);
        }
    }
}
