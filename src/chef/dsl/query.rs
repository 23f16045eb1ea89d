//! The query language of `search`: `role:db AND NOT name:web*`, `app_env:"pro duction"`, `*:*`.
//!
//! In: the query's text and a document (the fields of a node or data bag item, nested names joined with `_`). Out: whether it matches.

/// A query.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// Everything.
    All,
    /// A field (with wildcards) has a value (with wildcards).
    Field(String, String),
    /// A field has a value between two others; `*` is open.
    Between(String, String, String),
    /// Any field has the value.
    Any(String),
    /// All of them.
    And(Vec<Query>),
    /// One of them.
    Or(Vec<Query>),
    /// Not.
    Not(Box<Query>),
}

/// How deep parentheses are followed.
const DEPTH: usize = 64;

/// The fields of a document: name and value, in order.
pub type Document = Vec<(String, String)>;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    /// A term as written, quotes and escapes taken away, and whether it was quoted.
    Term(String, bool),
    /// `name:` before a value.
    Name(String),
    /// `[a TO b]`
    Range(String, String),
}

impl Query {
    /// Reads a query; an empty one is everything. Words that make no query are looked for as they are.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let tokens = tokens(text);
        let mut rest = tokens.as_slice();
        let mut parts = Vec::new();
        while !rest.is_empty() {
            let (query, after) = alternatives(rest, None, 0);
            parts.push(query);
            // A stray parenthesis is stepped over.
            rest = if after.len() == rest.len() { after.get(1..).unwrap_or(&[]) } else { after };
            if matches!(rest.first(), Some(Token::Close)) {
                rest = &rest[1..];
            }
        }
        one(parts, Self::And)
    }

    /// Whether `document` matches.
    #[must_use]
    pub fn matches(&self, document: &Document) -> bool {
        match self {
            Self::All => true,
            Self::Field(name, value) => document.iter().any(|(key, have)| wildcard(name, key) && wildcard(value, have)),
            Self::Between(name, low, high) => {
                document.iter().any(|(key, have)| wildcard(name, key) && (low == "*" || have >= low) && (high == "*" || have <= high))
            }
            Self::Any(value) => document.iter().any(|(_, have)| wildcard(value, have)),
            Self::And(all) => all.iter().all(|query| query.matches(document)),
            Self::Or(any) => any.iter().any(|query| query.matches(document)),
            Self::Not(query) => !query.matches(document),
        }
    }
}

fn one(mut parts: Vec<Query>, join: fn(Vec<Query>) -> Query) -> Query {
    match parts.len() {
        0 => Query::All,
        1 => parts.remove(0),
        _ => join(parts),
    }
}

/// `a OR b`, inside the field `within`.
fn alternatives<'a>(mut rest: &'a [Token], within: Option<&str>, depth: usize) -> (Query, &'a [Token]) {
    let mut all = Vec::new();
    loop {
        let (query, after) = conjunction(rest, within, depth);
        all.push(query);
        rest = after;
        match rest.first() {
            Some(Token::Or) => rest = &rest[1..],
            _ => return (one(all, Query::Or), rest),
        }
    }
}

fn conjunction<'a>(mut rest: &'a [Token], within: Option<&str>, depth: usize) -> (Query, &'a [Token]) {
    let mut all = Vec::new();
    loop {
        match rest.first() {
            Some(Token::And) => rest = &rest[1..],
            None | Some(Token::Or | Token::Close) => return (one(all, Query::And), rest),
            Some(_) => {
                let (query, after) = unary(rest, within, depth);
                all.push(query);
                rest = after;
            }
        }
    }
}

fn unary<'a>(rest: &'a [Token], within: Option<&str>, depth: usize) -> (Query, &'a [Token]) {
    let Some((first, after)) = rest.split_first() else { return (Query::All, rest) };
    if depth > DEPTH {
        return (Query::All, &[]);
    }
    match first {
        Token::Not => {
            let (query, after) = unary(after, within, depth + 1);
            (Query::Not(Box::new(query)), after)
        }
        Token::Open => {
            let (query, after) = alternatives(after, within, depth + 1);
            (query, if matches!(after.first(), Some(Token::Close)) { &after[1..] } else { after })
        }
        Token::Name(name) => match after.first() {
            Some(Token::Term(value, false)) if name == "*" && value == "*" => (Query::All, &after[1..]),
            Some(Token::Term(..) | Token::Open | Token::Range(..)) => unary(after, Some(name), depth + 1),
            _ => (Query::Field(name.clone(), "*".to_owned()), after),
        },
        Token::Term(value, quoted) => {
            let value = if *quoted { value.replace('*', "\u{1}").replace('?', "\u{2}") } else { value.clone() };
            (within.map_or_else(|| Query::Any(value.clone()), |name| Query::Field(name.to_owned(), value.clone())), after)
        }
        Token::Range(low, high) => (Query::Between(within.unwrap_or("*").to_owned(), low.clone(), high.clone()), after),
        Token::And | Token::Or | Token::Close => (Query::All, after),
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = characters.get(at) {
        at += 1;
        match c {
            c if c.is_whitespace() => {}
            '(' => tokens.push(Token::Open),
            ')' => tokens.push(Token::Close),
            '!' | '-' => tokens.push(Token::Not),
            '+' => {}
            '&' if characters.get(at) == Some(&'&') => {
                at += 1;
                tokens.push(Token::And);
            }
            '|' if characters.get(at) == Some(&'|') => {
                at += 1;
                tokens.push(Token::Or);
            }
            '"' => {
                let mut value = String::new();
                while let Some(&c) = characters.get(at) {
                    at += 1;
                    match c {
                        '"' => break,
                        '\\' => {
                            value.extend(characters.get(at));
                            at += 1;
                        }
                        c => value.push(c),
                    }
                }
                tokens.push(Token::Term(value, true));
            }
            '[' | '{' => {
                let end = characters[at..].iter().position(|c| matches!(c, ']' | '}')).map_or(characters.len(), |found| at + found);
                let inside: String = characters[at..end].iter().collect();
                at = (end + 1).min(characters.len());
                let (low, high) = inside.split_once(" TO ").unwrap_or((inside.as_str(), inside.as_str()));
                tokens.push(Token::Range(low.trim().to_owned(), high.trim().to_owned()));
            }
            first => {
                let mut word = String::new();
                let mut named = false;
                let mut next = Some(first);
                while let Some(c) = next {
                    match c {
                        '\\' => {
                            word.extend(characters.get(at));
                            at += 1;
                        }
                        ':' => {
                            named = true;
                            break;
                        }
                        c if c.is_whitespace() || matches!(c, '(' | ')' | '"') => {
                            at -= 1;
                            break;
                        }
                        c => word.push(c),
                    }
                    next = characters.get(at).copied();
                    at += 1;
                }
                // A value may hold colons itself: `recipe:a::b`.
                let value = matches!(tokens.last(), Some(Token::Name(_)));
                if named && value {
                    word.push(':');
                    while let Some(&c) = characters.get(at) {
                        if c.is_whitespace() || matches!(c, '(' | ')') {
                            break;
                        }
                        if c != '\\' {
                            word.push(c);
                        }
                        at += 1;
                    }
                    tokens.push(Token::Term(word, false));
                } else if named {
                    tokens.push(Token::Name(word));
                } else {
                    tokens.push(match word.as_str() {
                        "AND" if !value => Token::And,
                        "OR" if !value => Token::Or,
                        "NOT" if !value => Token::Not,
                        _ => Token::Term(word, false),
                    });
                }
            }
        }
    }
    tokens
}

/// Whether `text` matches `pattern`, in which `*` is any text and `?` any character; `\u{1}` and `\u{2}` are these two themselves.
fn wildcard(pattern: &str, text: &str) -> bool {
    if !pattern.contains(['*', '?', '\u{1}', '\u{2}']) {
        return pattern == text;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        let same = pattern.get(p).is_some_and(|c| match c {
            '?' => true,
            '\u{1}' => text[t] == '*',
            '\u{2}' => text[t] == '?',
            c => *c == text[t],
        });
        if pattern.get(p) == Some(&'*') {
            star = Some((p, t));
            p += 1;
        } else if same {
            p += 1;
            t += 1;
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            p = at + 1;
            t = from + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(query: &str) -> bool {
        let document: Document =
            [("name", "web1"), ("roles", "app"), ("roles", "base"), ("mysql_port", "3306"), ("path", "a b"), ("recipe", "x::y")]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into();
        Query::parse(query).matches(&document)
    }

    #[test]
    fn queries_match_as_lucene_does() {
        for yes in ["*:*", "", "name:web1", "name:web*", "name:w?b1", "roles:app AND roles:base", "roles:db OR name:web1", "NOT roles:db"] {
            assert!(matches(yes), "{yes}");
        }
        for yes in
            ["roles:(db OR app) AND mysql_*:3306", "path:\"a b\"", "recipe:x\\:\\:y", "mysql_port:[3000 TO 4000]", "-roles:db", "web1"]
        {
            assert!(matches(yes), "{yes}");
        }
        for no in ["name:web", "roles:app AND roles:db", "NOT roles:app", "path:\"a*\"", "mysql_port:[* TO 1]", "name:web1 roles:db"] {
            assert!(!matches(no), "{no}");
        }
    }

    #[test]
    fn broken_queries_end() {
        for text in ["(", ")", "a:(", "\"", "a:[", "AND", "((((", ":", "a:b)) c", "\\"] {
            let _ = Query::parse(text).matches(&Vec::new());
        }
    }
}
