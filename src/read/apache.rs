//! Apache's configuration: the tree of directives and sections, each with its line.
//!
//! `<VirtualHost *:80>` with `ServerName shop.example` inside is a [`Node`] with one child. Names keep their case and mean the same in any.

use super::lexeme::continued_lines;
use super::problem::Problem;

/// A directive, or a section with what stands inside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// Line, from 1.
    pub line: u32,
    /// Its name: `ServerName`, `VirtualHost`.
    pub name: String,
    /// Its arguments, quotes taken off.
    pub arguments: Vec<String>,
    /// What stands inside a section.
    pub children: Option<Vec<Node>>,
}

impl Node {
    /// Whether it is called that, in any case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The directive as one line, for a reader.
    #[must_use]
    pub fn shown(&self) -> String {
        let words: Vec<&str> = std::iter::once(self.name.as_str()).chain(self.arguments.iter().map(String::as_str)).collect();
        if self.children.is_some() { format!("<{}>", words.join(" ")) } else { words.join(" ") }
    }
}

/// Sections inside each other beyond this are not entered.
const DEPTH: usize = 50;

/// Reads a configuration file.
#[must_use]
pub fn parse(text: &str) -> (Vec<Node>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut open: Vec<Node> = Vec::new();
    let mut top: Vec<Node> = Vec::new();
    for (line, raw) in continued_lines(text, " ") {
        let body = raw.trim();
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        if let Some(rest) = body.strip_prefix("</") {
            close(line, rest.trim_end_matches('>').trim(), &mut open, &mut top, &mut problems);
            continue;
        }
        let section = body.strip_prefix('<');
        if section.is_some() && !body.ends_with('>') {
            problems.push(Problem::on_line(line, "a section's head ends with `>`"));
        }
        let inner = section.map_or(body, |rest| rest.trim_end_matches('>'));
        let mut words = words(inner, line, &mut problems).into_iter();
        let Some(name) = words.next() else {
            problems.push(Problem::on_line(line, "a section has no name"));
            continue;
        };
        let node = Node { line, name, arguments: words.collect(), children: section.map(|_| Vec::new()) };
        if section.is_some() && open.len() < DEPTH {
            open.push(node);
        } else {
            if section.is_some() {
                problems.push(Problem::on_line(line, "sections are nested too deeply"));
            }
            add(node, &mut open, &mut top);
        }
    }
    while let Some(node) = open.pop() {
        problems.push(Problem::on_line(node.line, format!("`<{}>` is not closed", node.name)));
        add(node, &mut open, &mut top);
    }
    problems.sort_by_key(|problem| problem.line);
    (top, problems)
}

fn add(node: Node, open: &mut [Node], top: &mut Vec<Node>) {
    match open.last_mut().and_then(|parent| parent.children.as_mut()) {
        Some(children) => children.push(node),
        None => top.push(node),
    }
}

fn close(line: u32, name: &str, open: &mut Vec<Node>, top: &mut Vec<Node>, problems: &mut Vec<Problem>) {
    let Some(at) = open.iter().rposition(|node| node.is(name)) else {
        problems.push(Problem::on_line(line, format!("`</{name}>` closes nothing")));
        return;
    };
    while open.len() > at {
        let Some(node) = open.pop() else { return };
        if open.len() > at {
            problems.push(Problem::on_line(node.line, format!("`<{}>` is not closed", node.name)));
        }
        add(node, open, top);
    }
}

/// Words: bare, or in quotes with `\` before a quote.
fn words(text: &str, line: u32, problems: &mut Vec<Problem>) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let mut word = String::new();
        if first == '"' || first == '\'' {
            let mut escaped = false;
            let mut end = None;
            for (at, character) in rest.char_indices().skip(1) {
                match character {
                    _ if escaped => {
                        if character != first {
                            word.push('\\');
                        }
                        word.push(character);
                        escaped = false;
                    }
                    '\\' => escaped = true,
                    character if character == first => {
                        end = Some(at + 1);
                        break;
                    }
                    character => word.push(character),
                }
            }
            if end.is_none() {
                problems.push(Problem::on_line(line, format!("a {first} is not closed")));
            }
            rest = end.and_then(|end| rest.get(end..)).unwrap_or("");
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest[..end].clone_into(&mut word);
            rest = &rest[end..];
        }
        all.push(word);
        rest = rest.trim_start();
    }
    all
}

/// Calls `visit` for every node, those inside sections included.
pub fn each<'n>(nodes: &'n [Node], visit: &mut dyn FnMut(&'n Node)) {
    for node in nodes {
        visit(node);
        // The reader bounds the depth.
        if let Some(children) = &node.children {
            each(children, visit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{each, parse};

    #[test]
    fn a_site() {
        let (all, problems) = parse(
            "# x\nListen 80\n<VirtualHost *:80>\n  ServerName shop.example\n  RewriteRule \"^/a b$\" \\\n    /c [R=301]\n  <Directory /srv>\n    Require all granted\n  </Directory>\n</virtualhost>\n",
        );
        assert_eq!(problems, []);
        let mut shown = Vec::new();
        each(&all, &mut |node| shown.push(format!("{} {}", node.line, node.shown())));
        assert_eq!(
            shown,
            [
                "2 Listen 80",
                "3 <VirtualHost *:80>",
                "4 ServerName shop.example",
                "5 RewriteRule ^/a b$ /c [R=301]",
                "7 <Directory /srv>",
                "8 Require all granted"
            ]
        );
    }

    #[test]
    fn faults_do_not_lose_the_rest() {
        let (all, problems) = parse("<VirtualHost *:80>\n<Directory /x>\nA \"b\n</VirtualHost>\n</Files>\n<If x\nB c\n");
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [2, 3, 5, 6, 6]);
        assert_eq!(all.len(), 2);
        let deep = "<A>\n".repeat(200);
        assert!(parse(&deep).1.len() > 100);
    }
}
