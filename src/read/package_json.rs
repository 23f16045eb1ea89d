//! `package.json`: name, scripts, engines and dependencies, each with its line.
//!
//! `{"scripts": {"start": "node server.js"}, "engines": {"node": ">=14"}}` has the script `start` and needs Node 14.

use nom::branch::alt;
use nom::bytes::complete::{take_while, take_while1};
use nom::character::complete::{anychar, char};
use nom::combinator::recognize;
use nom::multi::many0_count;
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};
use serde_json::Value;

use super::problem::{ParseError, Problem};

/// A package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Package {
    /// `name`
    pub name: Option<String>,
    /// `version`
    pub version: Option<String>,
    /// `main`
    pub main: Option<String>,
    /// `packageManager`: `yarn@3.2.0`.
    pub package_manager: Option<String>,
    /// `scripts`
    pub scripts: Vec<Entry>,
    /// `engines`
    pub engines: Vec<Entry>,
    /// `dependencies`
    pub dependencies: Vec<Entry>,
    /// `devDependencies`
    pub dev_dependencies: Vec<Entry>,
    /// `optionalDependencies`
    pub optional_dependencies: Vec<Entry>,
}

/// A member of one of the objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Line of its key, from 1.
    pub line: u32,
    /// Its key.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Package {
    /// The script of that name.
    #[must_use]
    pub fn script(&self, name: &str) -> Option<&Entry> {
        self.scripts.iter().find(|entry| entry.name == name)
    }

    /// The version of Node.js that it asks for.
    #[must_use]
    pub fn node(&self) -> Option<&Entry> {
        self.engines.iter().find(|entry| entry.name == "node")
    }
}

/// Reads a package.
///
/// # Errors
/// When the text is no JSON, or no object.
pub fn parse(text: &str) -> Result<Package, ParseError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).max(1);
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        Problem { line: narrow(error.line()), column: narrow(error.column()), message }
    })?;
    let Value::Object(root) = value else { return Err(Problem::on_line(1, "expected an object")) };
    let lines = key_lines(text);
    let text_of = |key: &str| root.get(key).and_then(Value::as_str).map(str::to_owned);
    let entries = |key: &str| {
        let members = root.get(key).and_then(Value::as_object).into_iter().flatten();
        members
            .filter_map(|(name, value)| {
                let line = lines.get(&(key.to_owned(), name.clone())).copied().unwrap_or(1);
                Some(Entry { line, name: name.clone(), value: value.as_str()?.to_owned() })
            })
            .collect()
    };
    Ok(Package {
        name: text_of("name"),
        version: text_of("version"),
        main: text_of("main"),
        package_manager: text_of("packageManager"),
        scripts: entries("scripts"),
        engines: entries("engines"),
        dependencies: entries("dependencies"),
        dev_dependencies: entries("devDependencies"),
        optional_dependencies: entries("optionalDependencies"),
    })
}

/// The line of each key of the objects in the outermost object, by (outer key, key); the last of a name counts, as in the value.
fn key_lines(text: &str) -> std::collections::BTreeMap<(String, String), u32> {
    let mut all = std::collections::BTreeMap::new();
    let mut rest = text;
    let mut line: u32 = 1;
    let mut depth = 0_usize;
    let mut outer = String::new();
    // Whether the next string is a key: after `{` and after `,` inside an object.
    let mut objects: Vec<bool> = Vec::new();
    let mut key_next = false;
    while let Some(c) = rest.chars().next() {
        if let Ok((after, raw)) = string(rest) {
            if key_next && depth <= 2 {
                let name: String = serde_json::from_str(raw).unwrap_or_default();
                if depth == 1 {
                    outer = name;
                } else {
                    all.insert((outer.clone(), name), line);
                }
            }
            key_next = false;
            rest = after;
            continue;
        }
        match c {
            '\n' => line = line.saturating_add(1),
            '{' | '[' => {
                depth += 1;
                objects.push(c == '{');
                key_next = c == '{';
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                objects.pop();
            }
            ',' => key_next = objects.last().copied().unwrap_or(false),
            _ => {}
        }
        rest = &rest[c.len_utf8()..];
    }
    all
}

/// A JSON string, quotes included.
fn string(input: &str) -> IResult<&str, &str> {
    let plain = take_while1(|c| c != '"' && c != '\\');
    let inner = many0_count(alt((plain, recognize(preceded(char('\\'), anychar)))));
    recognize(delimited(char('"'), (inner, take_while(|_| false)), char('"'))).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package() {
        let text = "{\n  \"name\": \"shop\",\n  \"scripts\": {\n    \"start\": \"node server.js\",\n    \"bu\\u0069ld\": \"webpack \\\"x\\\"\"\n  },\n  \"engines\": {\"node\": \">=14 <17\", \"npm\": 7},\n  \"dependencies\": {\n    \"express\": \"^4.17\"\n  },\n  \"x\": [{\"start\": 1}]\n}\n";
        let package = parse(text).unwrap();
        assert_eq!(package.name.as_deref(), Some("shop"));
        assert_eq!(package.script("start"), Some(&Entry { line: 4, name: "start".into(), value: "node server.js".into() }));
        assert_eq!(package.script("build"), Some(&Entry { line: 5, name: "build".into(), value: "webpack \"x\"".into() }));
        assert_eq!(package.node().map(|entry| (entry.line, entry.value.as_str())), Some((7, ">=14 <17")));
        assert_eq!(package.engines.len(), 1);
        assert_eq!(package.dependencies[0].line, 9);
    }

    #[test]
    fn faults_have_their_place() {
        let problem = parse("{\n  \"a\": ,\n}").unwrap_err();
        assert_eq!((problem.line, problem.column, problem.message.as_str()), (2, 8, "expected value"));
        assert!(parse("[]").is_err());
        assert!(parse("").is_err());
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}
