//! The standard library's ERB (2.2, Ruby 3.1) with each of its trim modes: `-` (`-%>` eats the line end, `<%-` the
//! indentation), `<>`, `>`, `%` (lines of code) and their combinations with `%`.
//!
//! The rules are those of `ERB::Compiler` and its scanners; the source is joined as ERB joins it, so that a Ruby comment in
//! `<% # … %>` swallows what ERB lets it swallow.

/// The Ruby source that gives the text of `template`; `trim_mode` as given to `ERB.new` (`""` for nil).
#[must_use]
pub fn erb(template: &str, trim_mode: &str) -> String {
    let mut compiler = Compiler { script: String::new(), line: vec!["_erbout = +''".to_owned()], content: String::new(), tag: None };
    let percent = trim_mode.contains('%');
    let trim = match trim_mode {
        mode if mode.contains('-') => Trim::Dash,
        mode if mode.contains("<>") => Trim::Both,
        mode if mode.contains('>') => Trim::Close,
        _ => Trim::None,
    };
    match (trim, percent) {
        (Trim::None, false) => compiler.simple(template),
        (Trim::Dash, false) => compiler.explicit(template),
        (_, false) => compiler.trimmed(template, trim),
        (_, true) => {
            for line in template.split_inclusive('\n') {
                match line.strip_prefix('%') {
                    Some(rest) if compiler.tag.is_none() && !rest.starts_with('%') => compiler.percent_line(rest),
                    Some(rest) if compiler.tag.is_none() => compiler.trimmed(rest, trim),
                    _ => compiler.trimmed(line, trim),
                }
            }
        }
    }
    compiler.close()
}

#[derive(Clone, Copy, PartialEq)]
enum Trim {
    None,
    Dash,
    /// `<>`: the line end goes when the line begins and ends with a tag.
    Both,
    /// `>`: the line end goes after every tag.
    Close,
}

struct Compiler<'a> {
    script: String,
    /// The commands of the line being built.
    line: Vec<String>,
    /// The text or code read so far.
    content: String,
    /// The tag that is open.
    tag: Option<&'a str>,
}

const OPENING: [&str; 4] = ["<%%", "<%=", "<%#", "<%"];

impl<'a> Compiler<'a> {
    /// ERB's `SimpleScanner`.
    fn simple(&mut self, template: &'a str) {
        let mut at = 0;
        while at < template.len() {
            let needles: &[&str] = if self.tag.is_some() { &["%%>", "%>"] } else { &OPENING };
            let (start, end) = first_of(template, at, needles);
            self.token(&template[at..start]);
            self.token(&template[start..end]);
            at = end;
        }
    }

    /// ERB's `ExplicitScanner`: for its pattern `^` the place where it goes on scanning begins a line too.
    fn explicit(&mut self, template: &'a str) {
        let mut at = 0;
        while at < template.len() {
            let inside = self.tag.is_some();
            let (start, end) = if inside {
                first_of(template, at, &["-%>", "%%>", "%>"])
            } else {
                let plain = first_of(template, at, &["<%-", "<%%", "<%=", "<%#", "<%"]);
                let start = indentation(template, at, plain);
                (start, plain.1)
            };
            self.token(&template[at..start]);
            let token = &template[start..end];
            at = end;
            if !inside && token.ends_with("<%-") {
                self.token("<%");
            } else if inside && token == "-%>" {
                self.token("%>");
                let rest = &template[at..];
                let newline = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
                if newline > 0 || rest.is_empty() {
                    self.carriage_return();
                }
                at += newline;
            } else {
                self.token(token);
            }
        }
    }

    /// ERB's `TrimScanner`.
    fn trimmed(&mut self, text: &'a str, trim: Trim) {
        let tags = ["<%%", "<%=", "<%#", "<%", "%%>", "%>"];
        let needles: &[&str] = match trim {
            Trim::Both | Trim::Close => &["%>\r\n", "%>\n", "<%%", "<%=", "<%#", "<%", "%%>", "%>", "\n"],
            Trim::Dash => &["<%-", "-%>\r\n", "-%>\n", "-%>", "<%%", "<%=", "<%#", "<%", "%%>", "%>"],
            Trim::None => &["<%%", "<%=", "<%#", "<%", "%%>", "%>", "\n"],
        };
        let mut head: Option<&str> = None;
        let mut at = 0;
        while at < text.len() {
            let (plain_start, end) = first_of(text, at, needles);
            let start = if trim == Trim::Dash { line_indentation(text, at, (plain_start, end)) } else { plain_start };
            for token in [&text[at..start], &text[start..end]] {
                if token.is_empty() {
                    continue;
                }
                let first = *head.get_or_insert(token);
                match (trim, token) {
                    (Trim::Close, "%>\n" | "%>\r\n") => {
                        self.token("%>");
                        self.carriage_return();
                    }
                    (Trim::Both, "%>\n" | "%>\r\n") => {
                        self.token("%>");
                        if tags[1..4].contains(&first) {
                            self.carriage_return()
                        } else {
                            self.token("\n")
                        }
                        head = None;
                    }
                    (Trim::Both, "\n") => {
                        self.token(token);
                        head = None;
                    }
                    (Trim::Dash, _) if self.tag.is_none() && token.ends_with("<%-") => self.token("<%"),
                    (Trim::Dash, "-%>\n" | "-%>\r\n") if self.tag.is_some() => {
                        self.token("%>");
                        self.carriage_return();
                    }
                    (Trim::Dash, "-%>") if self.tag.is_some() => self.token("%>"),
                    _ => self.token(token),
                }
            }
            at = end;
        }
    }

    fn token(&mut self, token: &'a str) {
        match (self.tag, token) {
            (_, "") => {}
            (Some(tag), "%>") => {
                self.code(tag);
                self.tag = None;
                self.content.clear();
            }
            (Some(_), "%%>") => self.content.push_str("%>"),
            (None, "<%" | "<%=" | "<%#") => {
                self.tag = Some(token);
                self.put();
            }
            (None, "\n") => {
                self.content.push('\n');
                self.put();
            }
            (None, "<%%") => self.content.push_str("<%"),
            _ => self.content.push_str(token),
        }
    }

    /// The content of a tag that closes.
    fn code(&mut self, tag: &str) {
        let mut content = std::mem::take(&mut self.content);
        match tag {
            "<%=" => self.line.push(format!("_erbout.<<(({content}).to_s)")),
            "<%#" => self.line.push("\n".repeat(content.bytes().filter(|byte| *byte == b'\n').count())),
            _ => {
                let ends_line = content.ends_with('\n');
                if ends_line {
                    content.pop();
                }
                self.line.push(content);
                if ends_line {
                    self.carriage_return();
                }
            }
        }
    }

    fn percent_line(&mut self, line: &str) {
        self.put();
        let line = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
        self.line.push(line.to_owned());
        self.carriage_return();
    }

    /// Prints the text read so far; the newlines after the string keep the lines aligned.
    fn put(&mut self) {
        if self.content.is_empty() {
            return;
        }
        let content = std::mem::take(&mut self.content);
        let mut command = String::from("_erbout.<< \"");
        for character in content.chars() {
            match character {
                '"' | '\\' | '#' => command.extend(['\\', character]),
                '\n' => command.push_str("\\n"),
                '\r' => command.push_str("\\r"),
                _ => command.push(character),
            }
        }
        command.push_str("\".freeze");
        command.extend(content.chars().filter(|c| *c == '\n'));
        self.line.push(command);
    }

    fn carriage_return(&mut self) {
        self.script.push_str(&self.line.join("; "));
        self.script.push('\n');
        self.line.clear();
    }

    fn close(mut self) -> String {
        self.put();
        self.line.push("_erbout".to_owned());
        self.carriage_return();
        self.script
    }
}

/// The first place in `text` from `at` on where one of `needles` stands, the earlier needle first; the end if none does.
fn first_of(text: &str, at: usize, needles: &[&str]) -> (usize, usize) {
    let mut from = at;
    while let Some(found) = text[from..].find(['<', '%', '-', '\n']) {
        let start = from + found;
        if let Some(needle) = needles.iter().find(|needle| text[start..].starts_with(**needle)) {
            return (start, start + needle.len());
        }
        from = start + 1;
    }
    (text.len(), text.len())
}

/// For `<%-` at `found`: the start of the blanks before it, when they begin a line or stand where scanning goes on (`at`).
fn indentation(text: &str, at: usize, found: (usize, usize)) -> usize {
    if &text[found.0..found.1] != "<%-" {
        return found.0;
    }
    let blank = text[at..found.0].trim_end_matches([' ', '\t']);
    if blank.is_empty() || blank.ends_with('\n') { at + blank.len() } else { found.0 }
}

/// As [`indentation`], where only a true beginning of a line counts.
fn line_indentation(text: &str, at: usize, found: (usize, usize)) -> usize {
    let start = indentation(text, at, found);
    if text[..start].is_empty() || text[..start].ends_with('\n') { start } else { found.0 }
}
