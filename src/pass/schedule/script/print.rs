//! What `echo` and `printf` print, and the commands inside the shell's `if` and `for`.

/// What `echo` prints.
#[must_use]
pub fn echo(arguments: &[String]) -> String {
    let options = arguments.iter().take_while(|word| matches!(word.as_str(), "-e" | "-n" | "-ne" | "-en" | "-E")).count();
    let escapes = arguments[..options].iter().any(|word| word.contains('e'));
    let text = arguments[options..].join(" ");
    let text = if escapes { text.replace("\\n", "\n").replace("\\t", "\t") } else { text };
    if arguments[..options].iter().any(|word| word.contains('n')) { text } else { text + "\n" }
}

/// What `printf` prints: `%s` and line ends.
#[must_use]
pub fn printf(arguments: &[String]) -> String {
    let Some((format, rest)) = arguments.split_first() else { return String::new() };
    let format = format.replace("\\n", "\n").replace("\\t", "\t");
    let once = |values: &mut dyn Iterator<Item = &String>| {
        let mut pieces = format.split("%s");
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            out.push_str(values.next().map_or("", String::as_str));
            out.push_str(piece);
        }
        out.replace("%%", "%")
    };
    let takes = format.matches("%s").count();
    if takes == 0 || rest.is_empty() {
        return once(&mut rest.iter());
    }
    rest.chunks(takes).map(|chunk| once(&mut chunk.iter())).collect()
}

/// The commands inside `if`, `for` and the others: what stands behind `then`, `do`, `else`.
#[must_use]
pub fn bodies(keyword: &str, text: &str) -> Vec<String> {
    let (open, close) = match keyword {
        "if" => ("then", "fi"),
        "for" | "while" | "until" => ("do", "done"),
        _ => return Vec::new(),
    };
    let Some((_, rest)) = split_word(text, open) else { return Vec::new() };
    let end = rest.rfind(close).unwrap_or(rest.len());
    let body = &rest[..end];
    match split_word(body, "else") {
        Some((first, second)) if keyword == "if" && !first.contains("then") => vec![first.to_owned(), second.to_owned()],
        _ => vec![body.to_owned()],
    }
}

/// Splits at the first `word` that stands alone.
fn split_word<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    text.match_indices(word).find_map(|(at, _)| {
        let before = text[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || c == ';');
        let after = text[at + word.len()..].chars().next().is_none_or(char::is_whitespace);
        (before && after).then(|| (&text[..at], &text[at + word.len()..]))
    })
}
