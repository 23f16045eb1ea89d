//! The values of JSON and YAML with the names above them: `{"Key": "API_TOKEN", "Value": "a"}` is `a` under `API_TOKEN`.
//!
//! In: the text of a file, whole or not. Out: [`Entry`]s, each with its line. JSON inside a string is read, too. What the form of the text
//! does not show (anchors, documents of several lines) is left out.

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The names above it, the outermost first; items of lists have none of their own.
    pub names: Vec<String>,
    /// Its text.
    pub value: String,
    /// Where it stands.
    pub line: u32,
    /// It is an item of a list.
    pub item: bool,
}

/// Names whose value is the name of what stands beside it, and of what stands beside.
const PAIRS: &[(&str, &str)] = &[
    ("Key", "Value"),
    ("key", "value"),
    ("name", "value"),
    ("Name", "Value"),
    ("ParameterKey", "ParameterValue"),
    ("OptionName", "Value"),
];

/// The entries of the file at `path`; `None` where it is neither JSON nor YAML.
#[must_use]
pub fn entries(path: &str, text: &str) -> Option<Vec<Entry>> {
    let json = [".json", ".template"].iter().any(|ending| path.ends_with(ending)) && text.trim_start().starts_with(['{', '[']);
    let yaml = [".yml", ".yaml"].iter().any(|ending| path.ends_with(ending));
    let mut found = if json {
        Scanner { text, at: 0, line: 1, found: Vec::new() }.all()
    } else if yaml {
        yaml_entries(text)
    } else {
        return None;
    };
    paired(&mut found);
    Some(found)
}

/// Gives the values that stand beside their name that name.
fn paired(found: &mut [Entry]) {
    for index in 0..found.len() {
        let Some((above, last)) = found.get(index).and_then(|one| Some((one.names.split_last()?.1.to_vec(), one.names.last()?.clone())))
        else {
            continue;
        };
        let Some((name, _)) = PAIRS.iter().find(|(_, value)| *value == last && !found[index].value.is_empty()) else { continue };
        // Beside it: within the few entries before or after, under the same names.
        let near = index.saturating_sub(4)..(index + 5).min(found.len());
        let beside = |one: &Entry| one.names.split_last().is_some_and(|(own, rest)| own == name && rest == above);
        let line = found[index].line;
        let named = near.clone().filter(|at| beside(&found[*at])).min_by_key(|at| (found[*at].line.abs_diff(line), *at > index));
        if let Some(named) = named.map(|at| found[at].value.clone()).filter(|named| !named.is_empty()) {
            found[index].names.pop();
            found[index].names.push(named);
        }
    }
}

/// A reader of JSON (and of YAML's flow forms) that takes what it can.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    found: Vec<Entry>,
}

/// Deeper nesting is no settings file.
const DEPTH: usize = 64;

impl Scanner<'_> {
    fn all(mut self) -> Vec<Entry> {
        let mut names = Vec::new();
        while self.at < self.text.len() {
            self.value(&mut names, false, 0);
            self.at += usize::from(self.at < self.text.len() && self.text.as_bytes().get(self.at).is_some_and(|b| b.is_ascii()));
            while !self.text.is_char_boundary(self.at) {
                self.at += 1;
            }
        }
        self.found
    }

    fn peek(&mut self) -> Option<char> {
        loop {
            let next = self.text[self.at..].chars().next()?;
            if !next.is_whitespace() && next != ',' {
                return Some(next);
            }
            self.line += u32::from(next == '\n');
            self.at += next.len_utf8();
        }
    }

    fn value(&mut self, names: &mut Vec<String>, item: bool, depth: usize) {
        match self.peek() {
            Some('{') if depth < DEPTH => {
                self.at += 1;
                while let Some(next) = self.peek() {
                    if next == '}' {
                        self.at += 1;
                        return;
                    }
                    let before = self.at;
                    let (name, _) = self.scalar();
                    if self.peek() == Some(':') {
                        self.at += 1;
                        names.push(name);
                        self.value(names, false, depth + 1);
                        names.pop();
                    }
                    if self.at == before {
                        return;
                    }
                }
            }
            Some('[') if depth < DEPTH => {
                self.at += 1;
                while let Some(next) = self.peek() {
                    let before = self.at;
                    if next == ']' {
                        self.at += 1;
                        return;
                    }
                    self.value(names, true, depth + 1);
                    if self.at == before {
                        return;
                    }
                }
            }
            Some('}' | ']' | ':') | None => {}
            Some(_) => {
                let line = self.line;
                let (value, quoted) = self.scalar();
                if quoted || !value.is_empty() {
                    if value.trim_start().starts_with('{') && depth < DEPTH {
                        let inner = Scanner { text: &value, at: 0, line, found: Vec::new() }.all();
                        self.found.extend(inner.into_iter().map(|one| {
                            let names = names.iter().cloned().chain(one.names).collect();
                            Entry { names, line, ..one }
                        }));
                    }
                    self.found.push(Entry { names: names.clone(), value, line, item });
                }
            }
        }
    }

    /// A string or a word, and whether it was quoted.
    fn scalar(&mut self) -> (String, bool) {
        let rest = &self.text[self.at..];
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            let end = rest.find([',', ':', '}', ']', '{', '[', '\n']).unwrap_or(rest.len());
            // A colon inside of a word is part of it.
            self.at += end;
            return (rest[..end].trim().to_owned(), false);
        };
        let mut value = String::new();
        let mut characters = rest.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                _ if character == quote => {
                    self.at += at + 1;
                    return (value, true);
                }
                '\\' if quote == '"' => match characters.next() {
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, 't')) => value.push('\t'),
                    Some((_, other)) => value.push(other),
                    None => {}
                },
                '\n' => {
                    self.line += 1;
                    value.push(' ');
                }
                other => value.push(other),
            }
        }
        self.at = self.text.len();
        (value, true)
    }
}

fn yaml_entries(text: &str) -> Vec<Entry> {
    let mut found = Vec::new();
    // The names of the blocks around, each with its depth.
    let mut above: Vec<(usize, String)> = Vec::new();
    // The depth of a text of several lines (`|`).
    let mut block: Option<usize> = None;
    for (line, whole) in (1_u32..).zip(text.lines()) {
        let bare = whole.trim();
        let depth = whole.len() - whole.trim_start().len();
        if bare.is_empty() || bare.starts_with('#') || bare.starts_with("---") {
            continue;
        }
        if block.is_some_and(|outer| depth > outer) {
            continue;
        }
        block = None;
        let (mut depth, mut rest, mut item) = (depth, bare, false);
        above.retain(|(outer, _)| *outer < depth || (*outer == depth && bare.starts_with("- ")));
        while let Some(inner) = rest.strip_prefix("- ") {
            depth += rest.len() - inner.trim_start().len();
            rest = inner.trim_start();
            item = true;
            above.retain(|(outer, _)| *outer < depth);
        }
        let names = |above: &[(usize, String)]| above.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>();
        match name_and_value(rest) {
            Some((name, value)) => {
                above.push((depth, name));
                if matches!(value.chars().next(), Some('|' | '>')) {
                    block = Some(depth);
                } else {
                    value_entries(value, &mut names(&above), line, false, &mut found);
                }
            }
            None if item => value_entries(rest, &mut names(&above), line, true, &mut found),
            None => {}
        }
    }
    found
}

/// `name: value`, with the name out of its quotes.
fn name_and_value(text: &str) -> Option<(String, &str)> {
    if text.starts_with(['{', '[']) {
        return None;
    }
    let end = match text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        Some(quote) => text[1..].find(quote).map(|at| at + 2).filter(|at| text[*at..].starts_with(':'))?,
        None => text.find(": ").or_else(|| text.strip_suffix(':').map(str::len))?,
    };
    let name = text[..end].trim_matches(['"', '\'', ' ']);
    Some((name.to_owned(), text[end + 1..].trim()))
}

fn value_entries(value: &str, names: &mut Vec<String>, line: u32, item: bool, found: &mut Vec<Entry>) {
    if value.starts_with(['{', '[']) && !value.starts_with("{{") {
        let mut scanner = Scanner { text: value, at: 0, line, found: Vec::new() };
        scanner.value(names, item, 0);
        found.extend(scanner.found);
        return;
    }
    let value = match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        Some(quote) => value[1..].split(quote).next().unwrap_or(""),
        None => value.split(" #").next().unwrap_or("").trim(),
    };
    if !value.is_empty() {
        found.push(Entry { names: names.clone(), value: value.to_owned(), line, item });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(path: &str, text: &str) -> Vec<String> {
        let list = entries(path, text).unwrap_or_default();
        list.into_iter().map(|one| format!("{} {}={}", one.line, one.names.join("."), one.value)).collect()
    }

    #[test]
    fn json_is_read_with_names_and_lines() {
        let text = "{\"a\": {\"b\": [\"c\",\n \"d\"]},\n\"e\": \"{\\\"f\\\": \\\"g\\\"}\", \"n\": 5}";
        assert_eq!(shown("x.json", text), ["1 a.b=c", "2 a.b=d", "3 e.f=g", "3 e={\"f\": \"g\"}", "3 n=5"]);
        assert_eq!(shown("x.json", "[{\"Key\": \"A\", \"Value\": \"b\"}, {\"value\": \"c\", \"name\": \"D\"}]")[1], "1 A=b");
        assert_eq!(shown("x.json", "{\"a\": \"b\", \"never"), ["1 a=b"]);
    }

    #[test]
    fn yaml_is_read_with_names_and_lines() {
        let text = "a:\n  b: c # d\n  e:\n    - f\n    - Key: G\n      Value: 'h'\n  i: {j: k, l: [m]}\nn: |\n  o: p\nq: r\n";
        let want = ["2 a.b=c", "4 a.e=f", "5 a.e.Key=G", "6 a.e.G=h", "7 a.i.j=k", "7 a.i.l=m", "10 q=r"];
        assert_eq!(shown("x.yml", text), want);
    }

    #[test]
    fn anything_is_taken() {
        for text in ["", "{", "[[[", "\"", "{\"a\":", "é: {ü: [ö", "- - a: b", "}}}]]", "{a: b: c}"] {
            let _ = (entries("x.json", text), entries("x.yml", text));
        }
    }
}
