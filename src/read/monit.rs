//! Monit's control file: `check …` entries with their programs, tests and groups; `set` and `include` lines are kept.
//!
//! `check process sidekiq with pidfile /run/x.pid  start program = "/bin/su - deploy -c 'bundle exec sidekiq'"  if totalmem > 500 MB
//! for 10 cycles then restart` is one check with a start program and one rule. Statements may stand on any number of lines.

mod parser;
mod token;

pub use parser::parse;

/// A control file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ControlFile {
    /// `check …`, in order.
    pub checks: Vec<Check>,
    /// `set …`: line and text.
    pub settings: Vec<(u32, String)>,
    /// `include PATTERN`: line and pattern.
    pub includes: Vec<(u32, String)>,
}

/// What a check looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `check process NAME with pidfile PATH` or `matching REGEX`
    Process,
    /// Any other, by its word: `filesystem`, `system`, `host`, `program`, `file`, `directory`, `fifo`, `network`.
    Other(String),
}

/// One `check`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Line, from 1.
    pub line: u32,
    /// What it looks at.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// `with pidfile PATH`
    pub pidfile: Option<String>,
    /// `matching REGEX`
    pub matching: Option<String>,
    /// What other kinds look at: path, address, interface.
    pub subject: Option<String>,
    /// `start program`
    pub start: Option<Program>,
    /// `stop program`
    pub stop: Option<Program>,
    /// `restart program`
    pub restart: Option<Program>,
    /// `group`, one or more.
    pub groups: Vec<String>,
    /// `depends on`
    pub depends_on: Vec<String>,
    /// `every …` as written.
    pub every: Option<String>,
    /// `mode active`, `passive` or `manual`
    pub mode: Option<String>,
    /// `if … then …`
    pub rules: Vec<Rule>,
    /// Statements that are kept as text: `alert …`, `noalert …`, `onreboot …`, and what is not known. Line and text.
    pub others: Vec<(u32, String)>,
}

/// A program that monit runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Line, from 1.
    pub line: u32,
    /// The command, quotes taken off. Monit splits it at blanks and quotes; no shell reads it.
    pub command: String,
    /// `as uid USER`
    pub uid: Option<String>,
    /// `and gid GROUP`
    pub gid: Option<String>,
    /// `with timeout N seconds`
    pub timeout_seconds: Option<u64>,
}

/// `if TEST then ACTION`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Line, from 1.
    pub line: u32,
    /// The test as written, between `if` and `then`.
    pub text: String,
    /// The test.
    pub test: Test,
    /// How long the test must hold.
    pub cycles: Option<Cycles>,
    /// `restart`, `alert`, `start`, `stop`, `exec`, `unmonitor`, `monitor`, `timeout`
    pub action: String,
    /// The program of `exec`.
    pub program: Option<Program>,
    /// What follows `else`, as written.
    pub otherwise: Option<String>,
}

/// `for 3 times within 5 cycles`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cycles {
    /// How many times.
    pub times: u32,
    /// In how many cycles; the same as `times` for `for 3 cycles`.
    pub within: u32,
}

/// How a test compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `>`, `gt`, `greater than`, `more than`
    Greater,
    /// `<`, `lt`, `less than`
    Less,
    /// `=`, `==`, `eq`, `equal`
    Equal,
    /// `!=`, `ne`, `not equal`
    NotEqual,
    /// `>=`
    GreaterOrEqual,
    /// `<=`
    LessOrEqual,
}

/// What a rule tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// `totalmem > 500 MB`, `cpu usage > 80%`, `children > 250`
    Resource { name: String, comparison: Comparison, amount: String, unit: String },
    /// `failed host H port P protocol http request "/up" with timeout 10 seconds`
    Connection {
        host: Option<String>,
        port: Option<String>,
        unix_socket: Option<String>,
        protocol: Option<String>,
        request: Option<String>,
        timeout_seconds: Option<u64>,
    },
    /// `5 restarts within 5 cycles`
    Restarts,
    /// `does not exist`, `changed pid`, …
    Other,
}

impl Rule {
    /// Bytes, when the rule sets an upper limit on the memory of the process.
    #[must_use]
    pub fn memory_limit(&self) -> Option<u64> {
        let Test::Resource { name, comparison: Comparison::Greater | Comparison::GreaterOrEqual, amount, unit } = &self.test else {
            return None;
        };
        if !matches!(name.as_str(), "mem" | "memory" | "totalmem" | "totalmemory") {
            return None;
        }
        let factor: u64 = match unit.to_ascii_lowercase().as_str() {
            "b" | "byte" | "bytes" => 1,
            "" | "k" | "kb" | "kilobyte" | "kilobytes" => 1 << 10,
            "m" | "mb" | "megabyte" | "megabytes" => 1 << 20,
            "g" | "gb" | "gigabyte" | "gigabytes" => 1 << 30,
            _ => return None,
        };
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let digits = fraction.get(..fraction.len().min(6))?;
        let part = if digits.is_empty() {
            0
        } else {
            digits.parse::<u64>().ok()?.checked_mul(factor)? / 10_u64.pow(u32::try_from(digits.len()).ok()?)
        };
        whole.parse::<u64>().ok()?.checked_mul(factor)?.checked_add(part)
    }
}
