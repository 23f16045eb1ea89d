//! nginx configuration: the tree of directives, and what its `server`, `location` and `upstream` blocks say.
//!
//! `server { listen 80 default_server; location ~ \.php$ { proxy_pass http://app; } }` is one directive with a block of two.
//! Source of the rules: `ngx_conf_read_token` of nginx.

mod parser;
mod typed;

pub use parser::parse;
pub use typed::{Listen, Location, Server, Upstream};

/// A configuration file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configuration {
    /// The directives outside of all blocks.
    pub directives: Vec<Directive>,
    /// Comments: line and text after `#`.
    pub comments: Vec<(u32, String)>,
}

/// A directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// Line, from 1.
    pub line: u32,
    /// Its name.
    pub name: String,
    /// What follows the name.
    pub arguments: Vec<Argument>,
    /// What stands in its braces; `None` when it ends with `;`.
    pub block: Option<Vec<Directive>>,
    /// The text of a Lua block (`…_by_lua_block { … }`), which is no configuration.
    pub raw: Option<String>,
}

/// An argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Its characters; quotes taken off, escapes resolved. `$variables` stand as written.
    pub text: String,
    /// It was in quotes.
    pub quoted: bool,
}

impl Directive {
    /// The first argument.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.arguments.first().map(|argument| argument.text.as_str())
    }

    /// All arguments as plain text.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.arguments.iter().map(|argument| argument.text.as_str())
    }

    /// The directives in its block, none without one.
    #[must_use]
    pub fn children(&self) -> &[Self] {
        self.block.as_deref().unwrap_or(&[])
    }
}

impl Configuration {
    /// Every directive of that name, however deep, in order of the text.
    #[must_use]
    pub fn find(&self, name: &str) -> Vec<&Directive> {
        let mut found = Vec::new();
        // A stack, for blocks may be nested deeply.
        let mut waiting: Vec<&Directive> = self.directives.iter().rev().collect();
        while let Some(directive) = waiting.pop() {
            if directive.name == name {
                found.push(directive);
            }
            waiting.extend(directive.children().iter().rev());
        }
        found
    }

    /// The `server` blocks of `http`, or of a file that is included there. (`server` inside `upstream` is an address.)
    #[must_use]
    pub fn servers(&self) -> Vec<Server<'_>> {
        self.find("server").into_iter().filter(|directive| directive.block.is_some()).map(Server::new).collect()
    }

    /// The `upstream` blocks.
    #[must_use]
    pub fn upstreams(&self) -> Vec<Upstream> {
        self.find("upstream").into_iter().filter_map(Upstream::new).collect()
    }

    /// The patterns of `include`: line and pattern.
    #[must_use]
    pub fn includes(&self) -> Vec<(u32, &str)> {
        self.find("include").into_iter().filter_map(|directive| Some((directive.line, directive.value()?))).collect()
    }
}
