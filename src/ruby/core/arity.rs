//! How many arguments native methods take, by class and name (`arity.txt`): what a call with too few or too many is told,
//! and what `arity` and `parameters` answer.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The positional arguments that a native method takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arity {
    /// At least so many.
    pub least: usize,
    /// At most so many; `None` for any number.
    pub most: Option<usize>,
    /// It takes keywords besides; else keywords are one more argument.
    pub keywords: bool,
}

impl Arity {
    fn parse(text: &str) -> Option<Self> {
        let (text, keywords) = text.strip_suffix('k').map_or((text, false), |text| (text, true));
        if let Some(least) = text.strip_suffix('+') {
            return Some(Self { least: least.parse().ok()?, most: None, keywords });
        }
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        Some(Self { least: least.parse().ok()?, most: Some(most.parse().ok()?), keywords })
    }

    /// Whether it takes `count` arguments.
    #[must_use]
    pub fn takes(self, count: usize) -> bool {
        count >= self.least && self.most.is_none_or(|most| count <= most)
    }

    /// `Method#arity`: optional arguments of native methods are not told apart.
    #[must_use]
    pub fn number(self) -> i64 {
        if self.most == Some(self.least) && !self.keywords { i64::try_from(self.least).unwrap_or(-1) } else { -1 }
    }
}

static TABLE: LazyLock<HashMap<(&str, &str), Arity>> = LazyLock::new(|| {
    let mut table = HashMap::new();
    let mut class = "";
    for line in include_str!("arity.txt").lines().filter(|line| !line.starts_with('#')) {
        if let (false, Some(name)) = (line.starts_with(' '), line.strip_suffix(':')) {
            class = name;
            continue;
        }
        let mut words = line.split_whitespace();
        while let (Some(name), Some(count)) = (words.next(), words.next()) {
            if let Some(arity) = Arity::parse(count) {
                table.insert((class, name), arity);
            }
        }
    }
    table
});

/// The classes that a core class has its other methods from.
fn above(class: &str) -> &'static [&'static str] {
    match class {
        "Integer" | "Float" | "Rational" | "Complex" => &["Numeric", "Comparable", "Kernel", "BasicObject"],
        "String" | "Time" | "Date" | "Numeric" => &["Comparable", "Kernel", "BasicObject"],
        "DateTime" => &["Date", "Comparable", "Kernel", "BasicObject"],
        "Array" | "Hash" | "Range" | "Struct" | "Set" | "Enumerator" => &["Enumerable", "Kernel", "BasicObject"],
        "Enumerator::Lazy" => &["Enumerator", "Enumerable", "Kernel", "BasicObject"],
        "Kernel" => &["BasicObject"],
        "BasicObject" | "NilClass" | "TrueClass" | "FalseClass" | "Comparable" | "Enumerable" | "Symbol" | "Regexp" | "MatchData"
        | "Proc" | "Method" | "UnboundMethod" | "Exception" | "Module" => &["Kernel", "BasicObject"],
        _ => &[],
    }
}

/// Whether anything is known of the methods of the class `class`.
#[must_use]
pub fn knows(class: &str) -> bool {
    !above(class).is_empty()
}

/// What is known of the method `name` of the core class `class`; nothing for other classes.
#[must_use]
pub fn of(class: &str, name: &str) -> Option<Arity> {
    let own = std::iter::once(class).chain(above(class).iter().copied());
    own.filter(|_| !above(class).is_empty()).find_map(|class| TABLE.get(&(class, name)).copied())
}

#[cfg(test)]
mod tests {
    use super::{Arity, of};

    #[test]
    fn counts_are_read() {
        assert_eq!(of("String", "upcase!"), None);
        assert_eq!(of("String", "center"), Some(Arity { least: 1, most: Some(2), keywords: false }));
        assert_eq!(of("Array", "group_by"), Some(Arity { least: 0, most: Some(0), keywords: false }));
        assert_eq!(of("Hash", "dig"), Some(Arity { least: 1, most: None, keywords: false }));
        assert_eq!(of("Array", "dig").map(Arity::number), Some(-1));
        assert!(of("Float", "round").is_some_and(|arity| arity.keywords));
        assert_eq!(of("Somebody", "dup"), None);
    }
}
