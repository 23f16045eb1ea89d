//! # hard-coded-secret: A secret in the source
//!
//! Everyone who can read the cookbook, its history or the image has it.
//!
//! Fix: Rotate it, then pass it as a Kubernetes Secret or build secret.
//!
//! ```ruby
//! default['db']['password'] = 'Tr0ub4dor'   # finding
//! password node['db']['password']           # instead
//! ```

use crate::audit::context::{File, is_description};
use crate::audit::pattern::Pattern;
use crate::audit::shape::{argument, literal, outline};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{Arg, BlockArg, Expr, Node, Pair, Target};
use crate::secrecy::{mark, name_is_secret};

pub(super) const RULE: Rule = Rule {
    code: "A301",
    name: "hard-coded-secret",
    title: "A secret in the source",
    severity: Severity::Error,
    category: Category::Security,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-798", "CWE-259", "GLITCH sec_hard_secr"],
    page: include_str!("hard_coded_secret.rs"),
    check,
    fix: None,
    secret: true,
};

/// Tokens that are known by their form alone.
static TOKEN: Pattern = Pattern::new(r"\b(?:AKIA[0-9A-Z]{12,}|[sr]k_live_\w{8,}|gh[pousr]_\w{16,}|xox[abeprs]-[\w\-]{10,})");
/// `name = value`, `name: value`, `"name": "value"` and `--name=value` as a whole line or word of a text that is no Ruby.
static ENTRY: Pattern = Pattern::new(
    r#"((?:^\s*(?:export\s+|-\s+)?|[{,\[\x22\x27]\s*|\s--)(?:[\x22\x27](?=\d))?[\x22\x27]?(?:[A-Za-z]|(?<=\x22)\d)[\w.\-]*[\x22\x27]?\s*[:=]\s*(?:[\x22][^\x22]*[\x22]|[\x27][^\x27]*[\x27]|[^\s\x22\x27,;&|<>{}]+)(?=\s*(?:$|[,}\]\x22\x27]|\s--|\s*>>?)|\s))"#,
);

/// `requirepass value`, and `define('DB_PASSWORD', 'value')` of PHP.
static OTHER: Pattern = Pattern::new(
    r#"^\s*(?:requirepass|masterauth)\s+[\x22\x27]?([^\s\x22\x27]+)|define\(\s*[\x22\x27]\w*(?:PASSWORD|SECRET|TOKEN|_KEY)[\x22\x27]\s*,\s*[\x22\x27]([^\x22\x27]+)"#,
);

/// `https://ci.example.com/build?circle-token=…`
static QUERY: Pattern = Pattern::new(
    r"(?i)://[^\s\x22\x27]*[?&][\w\-]*(?:token|secret|passw(?:or)?d|api[_\-]?key|access[_\-]?key)=(?=[a-z_\-]*\d)[a-z0-9_\-]{12,}",
);
/// `new Secret(…`, `Secret.fromString(…`, `::Aws::Credentials.new(…`
static CALL: Pattern = Pattern::new(r"^(?:new\s+\w+|(?:::)?[A-Z]\w*(?:(?:::|\.)\w+)+|\w+(?:\.\w+)+)\(|^new$");
/// `.docker.key`, `server.pem`
static KEY_FILE: Pattern = Pattern::new(r"^\.?[\w\-]+(?:\.[\w\-]+)*\.(?:key|pem|crt|cer|p12|pfx|jks|pub|json|ya?ml|txt|gpg|asc)$");

/// `password = ask()`: in a program, what has no quotes is a name, a call or prose.
static UNQUOTED: Pattern = Pattern::new(r#"[:=]\s*[^\s"'][^"']*$|--[\w-]+=[^"'\s]+"#);

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in &context.files {
        if file.tree.is_none() || file.kind == crate::audit::Kind::Template {
            in_text(file, findings);
        } else if file.path.rsplit('/').next() == Some("Vagrantfile") {
            // The passwords of a machine on one's own desk are none; a token is one everywhere.
            let tokens = (1_u32..).zip(file.text.lines()).filter(|(_, text)| TOKEN.matches(text));
            findings.extend(tokens.map(|(line, _)| file.finding(RULE.name, line, "a token is written out")));
        } else {
            file.walk(&mut |node, place| in_code(file, node, place.parent(), findings));
        }
        for line in crate::audit::command::commands(file) {
            in_line(file, line.line, &line.text, true, findings);
        }
    }
}

fn report(file: &File, line: u32, name: &str, findings: &mut Vec<Finding>) {
    findings.push(file.finding(RULE.name, line, format!("the value of `{name}` is written out")));
}

/// Whether `value` under `name` is a secret that is written out.
fn is_secret(name: &str, value: &str) -> bool {
    let prose = value.split_whitespace().count() > 2;
    let reference = value.contains("#{")
        || value.contains("<%")
        || value.starts_with(['$', '*'])
            && !value.starts_with("$6$")
            && !value.starts_with("$1$")
            && !value.starts_with("$5$")
            && !value.starts_with("$2");
    let public = value.starts_with("-----BEGIN") || value.contains("://") || value.starts_with("ssh-") || value.starts_with(['[', '{']);
    let id = name.to_lowercase().ends_with("_id");
    // `id-token: write` and `secrets: inherit` of a pipeline, `private_key: 'key'` of file endings.
    let word = matches!(value, "read" | "write" | "none" | "inherit" | "key");
    // `...` stands for what was left out; a command's output, a call and the name of a file are no values.
    let word = word || value.chars().all(|c| matches!(c, '.' | '…' | '*' | 'x' | 'X'));
    let word = word || value.starts_with('`') || CALL.matches(value) || KEY_FILE.matches(value);
    // `<db_password>` waits to be filled in; `credentials.secret` and `node['password']` are read elsewhere.
    let word = word || value == "empty" || (value.starts_with('<') && value.ends_with('>')) || is_reference(name, value);
    // `auth="Container"` says how, not with what.
    let word = word || (name.eq_ignore_ascii_case("auth") && value.chars().all(char::is_alphabetic));
    name_is_secret(name) && !word && !id && !prose && !reference && !public && mark(name, value, "").is_secret()
}

/// Whether `value` is an expression that reads what is meant: `launcher.credentialsId` for `credentials`.
fn is_reference(name: &str, value: &str) -> bool {
    let lower = name.to_lowercase();
    let word = lower.rsplit(['_', '-', '.']).next().unwrap_or("");
    let path = value.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_'));
    let dotted = path && value.rsplit_once('.').is_some_and(|(_, last)| last.to_lowercase().starts_with(word));
    dotted
        || value.starts_with('@') && value.chars().skip(1).all(|c| c.is_alphanumeric() || c == '_')
        || value.starts_with("node[")
        || value.starts_with("new_resource.")
}

fn in_code(file: &File, node: &Node, around: Option<&Node>, findings: &mut Vec<Finding>) {
    match &node.expr {
        Expr::Str(_) if file.source(node.span).starts_with("<<") => {
            for line in crate::audit::command::heredoc(file, node) {
                in_line(file, line.line, &line.text, false, findings);
            }
        }
        Expr::Str(_) if literal(node).is_some_and(|text| !text.contains('\n') && TOKEN.matches(&text)) => {
            findings.push(file.finding(RULE.name, file.line(node.span.start), "a token is written out"));
        }
        Expr::Str(pieces) if QUERY.matches(&outline(pieces)) => {
            findings.push(file.finding(RULE.name, file.line(node.span.start), "a token is written out"));
        }
        Expr::Assign { target, value } | Expr::OperatorAssign { target, value, .. } => {
            let name = match target {
                Target::Local(name) | Target::Instance(name) | Target::Attribute { name, .. } | Target::Const { name, .. } => {
                    Some(name.as_str().to_owned())
                }
                Target::Index { args, .. } => args.last().and_then(|key| if let Arg::Value(key) = key { literal(key) } else { None }),
                _ => None,
            };
            named(file, name, value, findings);
        }
        Expr::Hash(pairs) => in_pairs(file, pairs, findings),
        Expr::Call(call) => {
            call.args.iter().for_each(|argument| {
                if let Arg::Hash(pairs) = argument {
                    in_pairs(file, pairs, findings)
                }
            });
            if call.receiver.is_none() && call.args.len() == 1 && call.block.is_none() && !is_value(node, around) {
                argument(call, 0).into_iter().for_each(|value| named(file, Some(call.name.as_str().to_owned()), value, findings));
            }
        }
        _ => {}
    }
}

/// Whether what `node` gives is used: `password = get_password('db')` sets nothing in `get_password`.
fn is_value(node: &Node, around: Option<&Node>) -> bool {
    let Some(around) = around else { return false };
    match &around.expr {
        Expr::Call(call) => {
            let in_block =
                matches!(&call.block, Some(BlockArg::Block(block)) if block.body.as_ref().is_some_and(|body| body.span == node.span));
            !in_block
        }
        Expr::Assign { .. } | Expr::OperatorAssign { .. } | Expr::MultiAssign { .. } | Expr::Hash(_) | Expr::Array(_) | Expr::Str(_) => {
            true
        }
        _ => false,
    }
}

fn in_pairs(file: &File, pairs: &[Pair], findings: &mut Vec<Finding>) {
    for pair in pairs {
        if let Pair::Entry(key, value) = pair {
            let name = literal(key);
            // `'ssl-key' => 'ssl_key'` translates names.
            let same = |name: &String| literal(value).is_some_and(|text| text.replace('-', "_") == name.replace('-', "_"));
            named(file, name.filter(|name| !same(name)), value, findings);
        }
    }
}

fn named(file: &File, name: Option<String>, value: &Node, findings: &mut Vec<Finding>) {
    let value = if let Expr::Or(_, fallback) = &value.expr { fallback } else { value };
    if let (Some(name), Expr::Str(_), Some(text)) = (name, &value.expr, literal(value))
        && is_secret(&name, &text)
    {
        report(file, file.line(value.span.start), &name, findings);
    }
}

fn in_text(file: &File, findings: &mut Vec<Finding>) {
    // Pages and folders of examples show how it looks, and metadata in JSON repeats what attributes are for: a token in full counts even there.
    let example = is_description(&file.path) || file.path.split('/').any(|folder| folder == "examples");
    let languages = ["py", "pl", "pm", "js", "ts", "go", "java", "lua", "rst"];
    let extension = std::path::Path::new(&file.path).extension().and_then(|extension| extension.to_str());
    let first = file.text.lines().next().unwrap_or("");
    let program = extension.is_some_and(|extension| languages.contains(&extension))
        || (first.starts_with("#!") && ["perl", "python", "node"].iter().any(|language| first.contains(language)));
    for (line, text) in (1_u32..).zip(file.text.lines()) {
        let comment = text.trim_start().starts_with(['#', ';']);
        let expression = program && UNQUOTED.matches(text) && !TOKEN.matches(text);
        if !comment && !expression && (!example || TOKEN.matches(text)) {
            in_line(file, line, text, false, findings);
        }
    }
}

fn in_line(file: &File, line: u32, text: &str, command: bool, findings: &mut Vec<Finding>) {
    if TOKEN.matches(text) || QUERY.matches(text) {
        findings.push(file.finding(RULE.name, line, "a token is written out"));
    }
    if !command && OTHER.all(text).iter().any(|(_, value)| is_secret("password", value)) {
        report(file, line, "password", findings);
    }
    for (_, entry) in ENTRY.all(text) {
        let Some((name, value)) = entry.split_once([':', '=']) else { continue };
        // `it.secret == other` compares.
        if value.starts_with('=') {
            continue;
        }
        let name = name
            .trim()
            .trim_start_matches(['{', ',', '[', '-', '"', '\'', ' '])
            .trim_start_matches("export ")
            .trim_matches(['"', '\'', ' ', '-']);
        let value = value.trim().trim_matches(['"', '\'']);
        // `Password: ask the operations team` is prose.
        if entry.contains(':')
            && !entry.contains('=')
            && !text.trim_end().trim_end_matches(['}', ']', ',', '"', '\'', ' ']).ends_with(value)
            && !entry.contains(['"', '\''])
        {
            continue;
        }
        if is_secret(name, value) && !(command && value.starts_with('$')) {
            report(file, line, name, findings);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn what_only_looks_like_a_value() {
        let script = "#!/bin/sh\nauth_token=`grep Token: /a | cut -d: -f2`\nPASSWORD=...\nDB_PASSWORD=tr0ub4dor\n";
        assert_eq!(lines("templates/default/a.sh.erb", script, "hard-coded-secret"), [4]);
        let code = "x = { 'api_token' => 'api_token', 'tls_secret_key' => '.docker.key' }\nscript <<-EOH\n  credentials = new Login(\n\
                    it.secret == new Secret('a') &&\nEOH\n";
        assert!(lines("recipes/default.rb", code, "hard-coded-secret").is_empty());
        assert_eq!(lines("data_bags/a.json", "{\n  \"389ds-admin-password\": \"tr0ub4dor\"\n}\n", "hard-coded-secret"), [2]);
        assert_eq!(lines("attributes/a.rb", "default['x']['password'] = 'password'\n", "hard-coded-secret"), [1]);
        let text =
            "password = node['x']['password']\nsecret: credentials.secret\n  api_key: @api_key,\n\"db_password\": \"<db_password>\"\n";
        assert!(lines("templates/default/a.erb", text, "hard-coded-secret").is_empty());
        assert!(lines("files/server.xml", "<Resource auth=\"Container\" />\n", "hard-coded-secret").is_empty());
    }

    #[test]
    fn a_token_in_an_address() {
        let code = "url \"https://ci.example.com/#{x}?ci-token=9f8e7d6c5b4a39281706\"\nurl \"https://ci.example.com/?ci-token=#{token}\"\n\
                    execute 'curl https://ci.example.com/?a=1&api_key=9f8e7d6c5b4a39281706'\n";
        assert_eq!(lines("recipes/default.rb", code, "hard-coded-secret"), [1, 3]);
    }

    #[test]
    fn pages_show_examples() {
        assert!(lines("README.md", "    password: hunter2\n", "hard-coded-secret").is_empty());
        assert!(lines("examples/a.json", "{\n  \"password\": \"changeit\"\n}\n", "hard-coded-secret").is_empty());
        assert_eq!(lines("README.md", "key: AKIAZ7QLM2DKP4WRT8VX\n", "hard-coded-secret"), [1]);
        let machine = "chef.json = { mysql: { root_password: 'rootpass' } }\naws.key = 'AKIAZ7QLM2DKP4WRT8VX'\n";
        assert_eq!(lines("Vagrantfile", machine, "hard-coded-secret"), [2]);
        assert!(lines(".github/workflows/a.yml", "x: y\n", "hard-coded-secret").is_empty());
    }
}
