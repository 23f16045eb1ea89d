//! # eol-version: A runtime or data store past its end
//!
//! Nobody fixes it any more, and today's distributions don't carry it: `apt-get install php5-fpm` finds no such package. Official images
//! of it may still be there, but are no longer built.
//!
//! Found where a version is named: in the names of packages, `rbenv_ruby` and the like, a package's `version`, the attributes
//! `['ruby']['version']`, `['nodejs']['version']` and so on, and NodeSource's `setup_6.x`. The application's own version is none of these.
//!
//! Fix: a maintained version, as the image of its own that the language or the store has; move there by its upgrade path.
//!
//! ```ruby
//! package 'php5-fpm'                          # finding
//! rbenv_ruby '2.3.8'                          # finding
//! default['nodejs']['version'] = '6.11.0'     # finding
//! rbenv_ruby '3.4.2'                          # instead; better, the image `ruby:3.4`
//! ```

use crate::audit::context::{File, Kind};
use crate::audit::installed::{installed, is_package};
use crate::audit::pattern::Pattern;
use crate::audit::shape::{argument, call, literal, node_path, properties};
use crate::audit::signs::removes;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::facts::end::{ended_by, oldest_kept};
use crate::read::ruby::ast::{Arg, Call, Expr, Node, Target};

pub(super) const RULE: Rule = Rule {
    code: "A602",
    name: "eol-version",
    title: "A runtime or data store past its end",
    severity: Severity::Warning,
    category: Category::EndOfLife,
    effort: Effort::Medium,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("eol_version.rs"),
    check,
    fix: None,
    secret: false,
};

/// Names of packages with a version: whose, the version.
static PACKAGES: [(&str, Pattern); 8] = [
    ("Ruby", Pattern::new(r"^(?:lib)?ruby(?:gems)?-?(\d\.\d(?:\.\d)?|[12]\d)(?=$|-)")),
    ("PHP", Pattern::new(r"^(?:libapache2-mod-)?php(5|\d\.\d|[578]\d)[uw]?(?=$|-)")),
    ("Python", Pattern::new(r"^(?:lib)?python-?(2|\d\.\d+|[23]\d)(?=$|-)")),
    ("Java", Pattern::new(r"^(?:openjdk-|java-1\.|sun-java|oracle-java)(\d+)")),
    ("MySQL", Pattern::new(r"^mysql-(?:server|client)(?:-core)?-(\d\.\d)$|^mysql(\d\d)(?=$|-)")),
    (
        "PostgreSQL",
        Pattern::new(r"^postgresql(?:-client|-contrib|-server-dev|-plpython|-plperl)?-(\d[\d.]*)(?=$|-)|^postgresql(\d\d)(?=$|-)"),
    ),
    ("MongoDB", Pattern::new(r"^mongodb(?:-org)?(?:-[a-z]+)*-(\d\.\d)(?=$|\.)")),
    ("Elasticsearch", Pattern::new(r"^elasticsearch-(\d[\d.]*)$")),
];

/// Packages, attributes and resources that have their version beside them: the name, whose it is.
const SUBJECTS: &[(&str, &str)] = &[
    ("ruby", "Ruby"),
    ("node", "Node.js"),
    ("nodejs", "Node.js"),
    ("php", "PHP"),
    ("python", "Python"),
    ("java", "Java"),
    ("mysql", "MySQL"),
    ("mysql-server", "MySQL"),
    ("postgresql", "PostgreSQL"),
    ("redis", "Redis"),
    ("redis-server", "Redis"),
    ("mongodb", "MongoDB"),
    ("mongodb-org", "MongoDB"),
    ("elasticsearch", "Elasticsearch"),
    ("rbenv_ruby", "Ruby"),
    ("rbenv_global", "Ruby"),
    ("ruby_build_ruby", "Ruby"),
    ("ruby_runtime", "Ruby"),
    ("rvm_ruby", "Ruby"),
    ("python_runtime", "Python"),
];

/// NodeSource's script and repository.
static NODESOURCE: Pattern = Pattern::new(r"\bsetup_(\d+)\.x|nodesource\.com/node_(\d+)\.x");

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in &context.files {
        let mut report = |line: u32, subject: &'static str, version: &str| {
            if let Some(date) = ended_by(subject, version, context.today) {
                let kept =
                    oldest_kept(subject, context.today).map(|line| format!("; {line} is the oldest that is kept")).unwrap_or_default();
                findings.push(file.finding(RULE.name, line, format!("{subject} {version} has had no updates since {date}{kept}")));
            }
        };
        for package in installed(file) {
            if package.name == "nodejs-legacy" {
                report(package.line, "Node.js", "10");
            }
            for (subject, pattern) in &PACKAGES {
                for (_, version) in pattern.all(&package.name) {
                    report(package.line, subject, &dotted(subject, version));
                }
            }
        }
        versions(file, &mut report);
        if !file.path.ends_with(".md") {
            for (line, text) in (1..).zip(file.text.lines()).filter(|(_, text)| !text.trim_start().starts_with('#')) {
                NODESOURCE.all(text).into_iter().for_each(|(_, version)| report(line, "Node.js", version));
            }
        }
    }
}

/// `2.3` of `23` and `ruby-2.3.8-p448`, `7` of Java's `1.7`; epochs are left out.
fn dotted(subject: &str, version: &str) -> String {
    let version = version.rsplit(':').next().unwrap_or(version).trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '-');
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
    let version = version.get(..end).unwrap_or("").trim_end_matches('.');
    match (subject, version.split_at_checked(1)) {
        ("Java", _) => version.strip_prefix("1.").unwrap_or(version).to_owned(),
        ("Ruby" | "PHP" | "Python" | "MySQL", Some((major, minor))) if minor.len() == 1 => format!("{major}.{minor}"),
        ("PostgreSQL", Some(("9", minor))) if minor.len() == 1 => format!("9.{minor}"),
        _ => version.to_owned(),
    }
}

/// Versions of resources and attributes.
fn versions(file: &File, report: &mut dyn FnMut(u32, &'static str, &str)) {
    file.walk(&mut |node, _| {
        let (subject, value) = match &node.expr {
            Expr::Assign { target: Target::Index { receiver, args, .. }, value } => {
                let Some(subject) = of_attribute(file, receiver, args) else { return };
                (subject, value)
            }
            Expr::Call(resource) if resource.receiver.is_none() => {
                let property = properties(resource, "version").first().and_then(|(_, property)| argument(property, 0));
                let Some(name) = argument(resource, 0).filter(|_| !removes(resource)) else { return };
                let known = if is_package(resource) { literal(name) } else { Some(resource.name.to_string()) };
                let Some(subject) = known.and_then(|known| subject(&known)) else { return };
                match property {
                    Some(property) => (subject, property),
                    None if !is_package(resource) && resource.name.contains('_') => (subject, name),
                    None => return,
                }
            }
            _ => return,
        };
        if let Some(version) = literal(value).map(|text| dotted(subject, &text)).filter(|version| !version.is_empty()) {
            report(file.line(value.span.start), subject, &version);
        }
    });
}

fn subject(name: &str) -> Option<&'static str> {
    SUBJECTS.iter().find(|(known, _)| *known == name).map(|(_, subject)| *subject)
}

/// Whose version `default['ruby']['version']` and `node.override['java']['jdk_version']` are.
fn of_attribute(file: &File, receiver: &Node, args: &[Arg]) -> Option<&'static str> {
    let [Arg::Value(last)] = args else { return None };
    let last = literal(last)?;
    let around: &Call = call(receiver).filter(|call| call.name.as_str() == "[]")?;
    let level = around.receiver.as_ref()?;
    let own = literal(argument(around, 0)?)?;
    let of_node = node_path(level).is_some_and(|path| path.is_empty())
        || call(level).is_some_and(|level| {
            let name = matches!(
                level.name.as_str(),
                "default" | "normal" | "override" | "force_default" | "force_override" | "set" | "automatic" | "default_unless"
            );
            let object = level.receiver.as_ref().map_or(file.kind == Kind::Attributes, |object| crate::audit::shape::is_node(object));
            name && level.args.is_empty() && object
        });
    let key = last == "version" || (own == "java" && last == "jdk_version");
    subject(&own).filter(|_| of_node && key)
}
