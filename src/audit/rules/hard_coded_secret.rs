//! # hard-coded-secret: A secret in the source
//!
//! Everyone who can read the cookbook, its history or the image has it.
//!
//! It is found under a name that means a secret, in code, texts, JSON and YAML: also as what an attribute falls back to, as a default, in
//! a list, as the `Value` beside a `Key`; and a token of a known form anywhere. Names of secrets, paths, references and placeholders such
//! as `<password>` are none; `changeme` is one. In documents, specs, a Vagrantfile and the settings of Test Kitchen only what nobody
//! would choose as an example counts: keys and tokens in full.
//!
//! Fix: Rotate it, then pass it as a Kubernetes Secret or build secret.
//!
//! ```ruby
//! default['db']['password'] = 'Tr0ub4dor'   # finding
//! password node['db']['password']           # instead
//! ```

use crate::audit::context::{File, is_description};
use crate::audit::credential::{is_bare_value, is_collection, is_no_word, is_secret};
use crate::audit::entries::{Entry, entries};
use crate::audit::pattern::Pattern;
use crate::audit::shape::{argument, index, literal, outline};
use crate::audit::written::{self, declared, strings};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{Arg, BlockArg, Call, Expr, Node, Pair, Param, Target};
use crate::secrecy::{inherits, is_opaque, name_is_secret};

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
static TOKEN: Pattern = Pattern::new(
    r"\b(?:AKIA[0-9A-Z]{12,}|[sr]k_live_\w{8,}|gh[pousr]_\w{16,}|github_pat_\w{20,}|glpat-[\w\-]{16,}|xox[abeprs]-[\w\-]{10,}|SG\.[\w\-]{16,}\.[\w\-]{16,}|AIza[\w\-]{35}|NRAK-[A-Z0-9]{20,}|shp(?:at|ss|ca|pa)_[0-9a-f]{32}|npm_[0-9A-Za-z]{36}|dop_v1_[0-9a-f]{64}|key-[0-9a-f]{32}\b|SK[0-9a-f]{32}\b|eyJ[\w\-]{10,}\.eyJ[\w\-]{10,}\.[\w\-]{8,})|\bhooks\.slack\.com/services/T\w+/B\w+/\w{16,}",
);
/// `name = value`, `name: value`, `"name": "value"` and `--name=value` as a whole line or word of a text that is no Ruby.
static ENTRY: Pattern = Pattern::new(
    r#"((?:^\s*(?:export\s+|-\s+|ENV\s+|ARG\s+|Environment=|(?:my\s+)?\$)?|[{,\[\x22\x27(]\s*|\s--)[\x22\x27]?[A-Za-z][\w.\-]*[\x22\x27]?\s*(?:=>|[:=])\s*(?:[\x22][^\x22]*[\x22]|[\x27][^\x27]*[\x27]|[^\s\x22\x27,;&|<>{}]+)(?=\s*(?:$|[,;)}\]\x22\x27]|\s--|\s*>>?)|\s))"#,
);

/// `https://ci.example.com/build?circle-token=…`
static QUERY: Pattern = Pattern::new(
    r"(?i)://[^\s\x22\x27]*[?&][\w\-]*(?:token|secret|passw(?:or)?d|api[_\-]?key|access[_\-]?key)=(?=[a-z_\-]*\d)[a-z0-9_\-]{12,}",
);

/// `requirepass value`, and `define('DB_PASSWORD', 'value')` of PHP.
static OTHER: Pattern = Pattern::new(
    r#"^\s*(?:requirepass|masterauth)\s+[\x22\x27]?([^\s\x22\x27]+)|define\(\s*[\x22\x27]\w*(?:PASSWORD|SECRET|TOKEN|_KEY)[\x22\x27]\s*,\s*[\x22\x27]([^\x22\x27]+)"#,
);

/// `password: <%= @password || 'value' %>`
static FALLBACK: Pattern =
    Pattern::new(r#"(\w+[\x22\x27]?\s*[:=]\s*[\x22\x27]?<%=.*\|\|\s*(?:[\x22][^\x22]+[\x22]|[\x27][^\x27]+[\x27])\s*-?%>)"#);

/// Languages in which what has no quotes is a name, a call or prose.
const LANGUAGES: &[&str] = &["py", "pl", "pm", "js", "ts", "go", "java", "lua", "rst", "php"];

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in &context.files {
        let first = findings.len();
        if file.tree.is_none() || file.kind == crate::audit::Kind::Template {
            in_text(file, findings);
        }
        if file.tree.is_some() {
            file.walk(&mut |node, place| in_code(file, node, place.parent(), findings));
        }
        if !is_translation(file) {
            entries(&file.path, file.text).into_iter().flatten().for_each(|entry| in_entry(file, &entry, findings));
        }
        for line in crate::audit::command::commands(file) {
            in_line(file, line.line, &line.text, &Text { command: true, quoted: false }, findings);
        }
        let strict = is_example(file);
        if strict && findings.len() > first {
            let lines: Vec<&str> = file.text.lines().collect();
            let text = |line: u32| lines.get((line as usize).saturating_sub(1)).copied().unwrap_or("");
            let found = findings.split_off(first);
            findings.extend(found.into_iter().filter(|one| is_certain(text(one.line))));
        }
    }
}

/// Documents, patches and the settings of tests, where most values are examples: only what is a secret by its form counts.
fn is_example(file: &File) -> bool {
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    let document = [".rst", ".adoc", ".patch", ".diff", "_spec.rb"].iter().any(|ending| name.ends_with(ending));
    let example = is_description(&file.path) || file.path.split('/').any(|folder| folder == "examples");
    document || example || name == "Vagrantfile" || name.contains("kitchen")
}

/// Whether a token stands in the line, or a word that nobody would choose.
fn is_certain(line: &str) -> bool {
    let words = line.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '=' | ',' | ':' | '`' | '}' | ')'));
    is_token(line)
        || words.into_iter().any(|word| word.len() > 9 && is_no_word(word) && word.bytes().filter(u8::is_ascii_digit).count() > 2)
}

/// Whether a secret stands in `text` that needs no name.
fn is_token(text: &str) -> bool {
    TOKEN.matches(text) || (text.contains("://") && QUERY.matches(text))
}

/// `password: Password` of a form.
fn is_translation(file: &File) -> bool {
    file.path.contains("/locales/")
}

/// What a line is of.
struct Text {
    /// A command.
    command: bool,
    /// A program: only what is quoted is a value.
    quoted: bool,
}

fn report(file: &File, line: u32, name: &str, findings: &mut Vec<Finding>) {
    findings.push(file.finding(RULE.name, line, format!("the value of `{name}` is written out")));
}

fn in_entry(file: &File, entry: &Entry, findings: &mut Vec<Finding>) {
    let Some((last, above)) = entry.names.split_last() else { return };
    // A parameter's own name stands above its default.
    let name = if last.eq_ignore_ascii_case("default") { above.last().unwrap_or(last) } else { last };
    let under = above.iter().any(|name| is_collection(name)) && inherits(true, last) && is_no_word(&entry.value);
    if (is_secret(name, &entry.value) && (!entry.item || is_no_word(&entry.value)))
        || ((under || entry.secure) && is_secret("secret", &entry.value))
    {
        report(file, entry.line, name, findings);
    }
}

fn in_code(file: &File, node: &Node, around: Option<&Node>, findings: &mut Vec<Finding>) {
    let template = file.kind == crate::audit::Kind::Template;
    match &node.expr {
        Expr::Str(_) if !template => in_string(file, node, findings),
        Expr::Assign { target, value } | Expr::OperatorAssign { target, value, .. } => {
            let name = match target {
                Target::Local(name)
                | Target::Instance(name)
                | Target::Global(name)
                | Target::Attribute { name, .. }
                | Target::Const { name, .. } => Some(name.as_str().to_owned()),
                Target::Index { args, .. } => args.last().and_then(|key| if let Arg::Value(key) = key { literal(key) } else { None }),
                _ => None,
            };
            named(file, name, value, findings);
        }
        Expr::Or(left, right) => named(file, name_of(left), right, findings),
        Expr::Def { name, params, body, .. } => {
            body.iter().for_each(|body| named(file, Some(name.as_str().to_owned()), body, findings));
            for parameter in &params.list {
                if let Param::Optional(name, value) | Param::Keyword(name, Some(value)) = parameter {
                    named(file, Some(name.as_str().to_owned()), value, findings);
                }
            }
        }
        Expr::Hash(pairs) => in_pairs(file, pairs, findings),
        Expr::Call(call) => {
            hashes(call).for_each(|pairs| in_pairs(file, pairs, findings));
            if call.receiver.is_none() && call.args.len() == 1 && call.block.is_none() && !is_value(node, around) {
                argument(call, 0).into_iter().for_each(|value| named(file, Some(call.name.as_str().to_owned()), value, findings));
            }
            // `Base64.strict_encode64('user:password')`
            if call.name.ends_with("encode64")
                && let Some(login) = argument(call, 0)
                && written::text(login)
                    .is_some_and(|text| text.split(':').count() == 2 && !text.contains([' ', '/']) && !text.ends_with(':'))
            {
                report(file, file.line(login.span.start), "Authorization", findings);
            }
            // `omniauth :github, 'id', 'secret'`
            if matches!(call.name.as_str(), "omniauth" | "provider")
                && let Some(secret) = argument(call, 2)
                && written::text(secret).is_some_and(|text| is_opaque(&text))
            {
                report(file, file.line(secret.span.start), call.name.as_str(), findings);
            }
            if let Some((name, property)) = declared(node, &["property", "attribute"]) {
                let default = hashes(property)
                    .flatten()
                    .filter_map(|pair| if let Pair::Entry(key, value) = pair { Some((key, value)) } else { None });
                default
                    .filter(|(key, _)| literal(key).is_some_and(|key| key == "default"))
                    .for_each(|(_, value)| named(file, Some(name.clone()), value, findings));
            }
        }
        _ => {}
    }
}

fn hashes(call: &Call) -> impl Iterator<Item = &Vec<Pair>> {
    call.args.iter().filter_map(|argument| if let Arg::Hash(pairs) = argument { Some(pairs) } else { None })
}

/// The name of what `node` reads: `password` of `@password`, of `node['db']['password']` and of `ENV['password']`.
fn name_of(node: &Node) -> Option<String> {
    match &node.expr {
        Expr::Instance(name) | Expr::Local(name) => Some(name.as_str().to_owned()),
        _ => index(node).and_then(|(_, key)| literal(key)),
    }
}

fn in_string(file: &File, node: &Node, findings: &mut Vec<Finding>) {
    if file.source(node.span).starts_with("<<") {
        for line in crate::audit::command::heredoc(file, node) {
            in_line(file, line.line, &line.text, &Text { command: false, quoted: false }, findings);
        }
        return;
    }
    if let Expr::Str(pieces) = &node.expr
        && is_token(&outline(pieces))
        && !outline(pieces).contains('\n')
    {
        findings.push(file.finding(RULE.name, file.line(node.span.start), "a token is written out"));
    }
    let Some(text) = written::text(node) else { return };
    // `content "user=a\npassword=b\n"`
    if text.contains('\n') && text.contains('=') {
        let same = file.source(node.span).matches('\n').count() == text.matches('\n').count();
        for (number, line) in
            (file.line(node.span.start)..).zip(text.lines()).filter(|(_, line)| !line.trim_start().starts_with(['#', ';']))
        {
            let number = if same { number } else { file.line(node.span.start) };
            in_line(file, number, line, &Text { command: false, quoted: false }, findings);
        }
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
            named(file, literal(key), value, findings);
        }
    }
}

fn named(file: &File, name: Option<String>, value: &Node, findings: &mut Vec<Finding>) {
    let Some(name) = name else { return };
    let spice = matches!(name.as_str(), "pepper" | "salt");
    if !spice && !name_is_secret(&name) {
        return;
    }
    for (node, alone) in strings(value) {
        let Some(text) = written::text(node) else { continue };
        if is_secret(&name, &text) && (alone || is_no_word(&text)) {
            report(file, file.line_of_word(node.span, &text), &name, findings);
        }
    }
    if let Expr::Hash(pairs) = &value.expr
        && is_collection(&name)
    {
        for pair in pairs {
            if let Pair::Entry(key, value) = pair
                && let (Some(key), Some(text)) = (literal(key), written::text(value))
                && inherits(true, &key)
                && is_no_word(&text)
                && is_secret("secret", &text)
            {
                report(file, file.line(value.span.start), &key, findings);
            }
        }
    }
}

fn in_text(file: &File, findings: &mut Vec<Finding>) {
    let path = file.path.strip_suffix(".erb").unwrap_or(&file.path);
    let extension = std::path::Path::new(path).extension().and_then(|extension| extension.to_str());
    let first = file.text.lines().next().unwrap_or("");
    let quoted = extension.is_some_and(|extension| LANGUAGES.contains(&extension))
        || (first.starts_with("#!") && ["perl", "python", "node"].iter().any(|language| first.contains(language)));
    let translation = is_translation(file);
    for (line, text) in (1_u32..).zip(file.text.lines()) {
        if !text.trim_start().starts_with(['#', ';']) && !translation {
            in_line(file, line, text, &Text { command: false, quoted }, findings);
        }
    }
}

fn in_line(file: &File, line: u32, text: &str, of: &Text, findings: &mut Vec<Finding>) {
    if is_token(text) {
        findings.push(file.finding(RULE.name, line, "a token is written out"));
    }
    if !of.command && OTHER.all(text).iter().any(|(_, value)| is_secret("password", value)) {
        report(file, line, "password", findings);
    }
    if text.contains("<%") {
        for (_, found) in FALLBACK.all(text) {
            let name = found.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("");
            let quote = found.trim_end_matches(['>', '%', '-', ' ']);
            let value = quote.get(..quote.len() - 1).and_then(|inside| inside.rsplit(['"', '\'']).next()).unwrap_or("");
            if is_secret(name, value) {
                report(file, line, name, findings);
            }
        }
    }
    for (at, entry) in ENTRY.all(text) {
        let Some((name, value)) = entry.trim_start().trim_start_matches("Environment=").split_once([':', '=']) else { continue };
        let value = value.trim_start_matches('>');
        let name = ["export ", "ENV ", "ARG ", "my "]
            .iter()
            .fold(name.trim().trim_start_matches(['{', ',', '[', '(', '-', '"', '\'', ' ']), |name, word| {
                name.strip_prefix(word).unwrap_or(name)
            })
            .trim_matches(['"', '\'', ' ', '-', '$']);
        let spaced = value.starts_with(' ');
        let bare = !value.trim_start().starts_with(['"', '\'']);
        let after = text.get(at + entry.len()..).unwrap_or("");
        if bare && (of.quoted || !is_bare_value(value.trim(), spaced && entry.contains('='), after)) {
            continue;
        }
        let value = value.trim().trim_matches(['"', '\'']);
        // `Password: ask the operations team` is prose.
        if entry.contains(':')
            && !entry.contains('=')
            && !text.trim_end().trim_end_matches(['}', ']', ',', '"', '\'', ' ']).ends_with(value)
            && !entry.contains(['"', '\''])
        {
            continue;
        }
        if is_secret(name, value) && !(of.command && value.starts_with('$')) {
            report(file, line, name, findings);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    fn found(path: &str, text: &str) -> Vec<u32> {
        lines(path, text, super::RULE.name)
    }

    #[test]
    fn values_are_found_wherever_ruby_has_them() {
        let code = "default['a']['password'] = ENV.fetch('P', 'Hq7-pel')\ndefault['tokens'] = %w(Hq7pel Hq8pel)\n\
                    default['b']['password'] = x ? 'Hq7-pel' : nil\ndefault['secrets'] = { 'github' => 'Hq7pel' }\n\
                    def connect(host, password = 'Hq7-pel')\nend\nproperty :api_token, String, default: 'Hq7-pel'\n\
                    x = node['password'] || 'Hq7-pel'\n$password = 'Hq7-pel'\n";
        assert_eq!(found("libraries/a.rb", code), [1, 2, 3, 4, 5, 7, 8, 9]);
        let code = "default['a']['password'] = ENV['P'] || ''\ndefault['b']['password'] = x('Hq7-pel')\n\
                    default['secrets'] = { 'backend' => 'vault' }\ndef password\n  node['password']\nend\n";
        assert!(found("libraries/b.rb", code).is_empty());
    }

    #[test]
    fn values_are_found_in_texts() {
        assert_eq!(found("a.json", "[{\"Key\": \"API_TOKEN\",\n\"Value\": \"Hq7-pel\"}]"), [2]);
        assert_eq!(found("a.yml", "DbPassword:\n  Type: String\n  Default: Hq7-pel\n"), [3]);
        assert_eq!(found("templates/default/a.yml.erb", "password: <%= @password || 'Hq7-pel' %>\n"), [1]);
        assert!(found("config/locales/en.yml", "en:\n  password: Password\n").is_empty());
        assert_eq!(found("README.md", "    password = 'secret'\n    password = 'Hq7pelican331'\n"), [2]);
    }

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
