//! The values of JSON and YAML with the names above them: `{"Key": "API_TOKEN", "Value": "a"}` is `a` under `API_TOKEN`.
//!
//! In: the text of a file, whole or not. Out: [`Entry`]s, each with its line. JSON inside a string is read, too. What the form of the text
//! does not show (anchors, documents of several lines) is left out.

/// A value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The names above it, the outermost first; items of lists have none of their own.
    pub names: Vec<String>,
    /// Its text.
    pub value: String,
    /// Where it stands.
    pub line: u32,
    /// It is an item of a list.
    pub item: bool,
    /// Something beside it says that it is to be hidden: `"Secure": true`, `NoEcho: true`.
    pub secure: bool,
    /// Which of the objects it stands in.
    object: usize,
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
        Scanner::new(text, 1).all()
    } else if yaml {
        yaml_entries(text)
    } else {
        return None;
    };
    paired(&mut found);
    Some(found)
}

/// How far apart two things of one object may stand, in entries.
const NEAR: usize = 8;

/// Gives the values that stand beside their name that name, and marks those that are to be hidden.
fn paired(found: &mut [Entry]) {
    let is = |one: &Entry, name: &str| one.names.last().is_some_and(|last| last == name);
    for index in 0..found.len() {
        let object = found[index].object;
        let near = || (index.saturating_sub(NEAR)..(index + NEAR).min(found.len())).filter(|at| found[*at].object == object);
        let says = |at: usize| (is(&found[at], "Secure") || is(&found[at], "NoEcho")) && found[at].value == "true";
        let secure = (is(&found[index], "Value") || is(&found[index], "Default")) && near().any(says);
        let named = PAIRS.iter().filter(|(_, value)| is(&found[index], value));
        let named = named.filter_map(|(name, _)| near().find(|at| is(&found[*at], name))).next();
        // `["--password", "a"]`
        let option = index.checked_sub(1).filter(|before| {
            found[index].item
                && found[*before].object == object
                && found[*before].value.starts_with("--")
                && !found[*before].value.contains('=')
        });
        let name = named.or(option).map(|at| found[at].value.trim_start_matches('-').to_owned()).filter(|name| !name.is_empty());
        let one = &mut found[index];
        one.secure = secure;
        one.item &= option.is_none();
        if let Some(name) = name {
            if named.is_some() {
                one.names.pop();
            }
            one.names.push(name);
        }
    }
}

/// A reader of JSON (and of YAML's flow forms) that takes what it can.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    /// The object that is read, and how many there were.
    object: usize,
    objects: usize,
    found: Vec<Entry>,
}

/// Deeper nesting is no settings file.
const DEPTH: usize = 64;

impl<'t> Scanner<'t> {
    fn new(text: &'t str, line: u32) -> Self {
        Self { text, at: 0, line, object: 0, objects: 0, found: Vec::new() }
    }

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
                let around = self.object;
                self.objects += 1;
                self.object = self.objects;
                while let Some(next) = self.peek() {
                    if next == '}' {
                        self.at += 1;
                        break;
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
                        break;
                    }
                }
                self.object = around;
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
                        let mut inner = Scanner::new(&value, line);
                        (inner.object, inner.objects) = (self.objects + 1, self.objects + 1);
                        let inner = inner.all();
                        self.objects = inner.iter().map(|one| one.object).max().unwrap_or(self.objects).max(self.objects);
                        self.found.extend(inner.into_iter().map(|one| {
                            let names = names.iter().cloned().chain(one.names).collect();
                            Entry { names, line, ..one }
                        }));
                    }
                    self.found.push(Entry { names: names.clone(), value, line, item, secure: false, object: self.object });
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
    // The objects around, each with its depth.
    let mut objects: Vec<(usize, usize)> = Vec::new();
    let mut count = 0;
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
        objects.retain(|(at, _)| *at < depth || (*at == depth && !item));
        if objects.last().is_none_or(|(at, _)| *at != depth) {
            count += 1;
            objects.push((depth, count));
        }
        let object = objects.last().map_or(0, |(_, object)| *object);
        let names = |above: &[(usize, String)]| above.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>();
        match name_and_value(rest) {
            Some((name, value)) => {
                above.push((depth, name));
                if matches!(value.chars().next(), Some('|' | '>')) {
                    block = Some(depth);
                } else {
                    value_entries(value, &mut names(&above), Entry { line, object, ..Entry::default() }, &mut count, &mut found);
                }
            }
            None if item => {
                value_entries(rest, &mut names(&above), Entry { line, object, item, ..Entry::default() }, &mut count, &mut found)
            }
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

fn value_entries(value: &str, names: &mut Vec<String>, as_is: Entry, count: &mut usize, found: &mut Vec<Entry>) {
    if value.starts_with(['{', '[']) && !value.starts_with("{{") {
        let mut scanner = Scanner::new(value, as_is.line);
        (scanner.object, scanner.objects) = (*count + 1, *count + 1);
        scanner.value(names, as_is.item, 0);
        *count = scanner.objects + 1;
        found.extend(scanner.found);
        return;
    }
    let value = match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        Some(quote) => value[1..].split(quote).next().unwrap_or(""),
        None => value.split(" #").next().unwrap_or("").trim(),
    };
    if !value.is_empty() {
        found.push(Entry { names: names.clone(), value: value.to_owned(), ..as_is });
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
        assert_eq!(shown("x.json", "[{\"name\": \"A\", \"value\": \"b\"}, {\"name\": \"C\", \"value\": \"d\"}]")[3], "1 C=d");
        assert_eq!(shown("x.json", "{\"a\": \"b\", \"never"), ["1 a=b"]);
        let list = entries("x.json", "[{\"Key\": \"A\", \"Value\": \"b\", \"Secure\": true}, {\"Value\": \"c\"}]").unwrap_or_default();
        assert_eq!(list.iter().filter(|one| one.secure).map(|one| one.value.as_str()).collect::<Vec<_>>(), ["b"]);
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
