//! # user-supports: supports on user or group
//!
//! Chef 13 removed the property; the home directory is then not created and later steps fail.
//!
//! Fix: `manage_home` true / `non_unique` true. `--fix` writes them; other keys had no effect on users, and what they were meant to do is
//! for a person to say.
//!
//! ```ruby
//! user 'deploy' do
//!   supports manage_home: true   # finding
//!   manage_home true             # instead
//! end
//! ```

use crate::audit::fix::{Edit, Fixer, each_call, indent, line_end, whole_lines};
use crate::audit::shape::{call, literal, properties};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{Arg, Expr, Pair};

pub(super) const RULE: Rule = Rule {
    code: "A106",
    name: "user-supports",
    title: "supports on user or group",
    severity: Severity::Error,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("12.14"),
    removed: Some("13"),
    also: &["Chef/Deprecations/UserDeprecatedSupportsProperty", "FC080", "CHEF-8"],
    page: include_str!("user_supports.rs"),
    check,
    fix: Some(Fixer::File(mend)),
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.of(&[Kind::Recipe, Kind::Resource, Kind::Library]) {
        file.walk(&mut |node, place| {
            if let Some(call) = call(node)
                && call.receiver.is_none()
                && call.name.as_str() == "supports"
                && !call.args.is_empty()
                && place.resource().is_some_and(|resource| matches!(resource.name.as_str(), "user" | "group"))
            {
                findings.push(file.finding(RULE.name, file.line(call.name_span.start), "`supports` is no property of users and groups"));
            }
        });
    }
}

/// `supports :manage_home => true` of a user → `manage_home true`, each pair on a line of its own
fn mend(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |node, supports, place| {
        let Some(resource) = place.resource().filter(|_| supports.receiver.is_none() && supports.name.as_str() == "supports") else {
            return;
        };
        let known: &[&str] = match resource.name.as_str() {
            "user" => &["manage_home", "non_unique"],
            "group" => &["non_unique"],
            _ => return,
        };
        let pairs = match supports.args.as_slice() {
            [Arg::Hash(pairs)] => pairs,
            [Arg::Value(value)] => match &value.expr {
                Expr::Hash(pairs) => pairs,
                _ => return,
            },
            _ => return,
        };
        let set = |pair: &Pair| match pair {
            Pair::Entry(key, value) => {
                // A bare word of the same name would now be the property itself.
                let itself = |name: &str| call(value).is_some_and(|call| call.bare && call.name.as_str() == name);
                let free = |name: &String| known.contains(&name.as_str()) && properties(resource, name).is_empty() && !itself(name);
                let name = literal(key).filter(free)?;
                Some(format!("{name} {}", file.source(value.span)))
            }
            Pair::Splat(_) => None,
        };
        let alone = whole_lines(file.text, node.span.start as usize, node.span.end as usize).is_some();
        let Some(set) = pairs.iter().map(set).collect::<Option<Vec<String>>>().filter(|set| set.len() == 1 || (alone && !set.is_empty()))
        else {
            return;
        };
        let between = format!("{}{}", line_end(file.text), indent(file.text, node.span.start as usize));
        let line = file.line(supports.name_span.start);
        edits.push(Edit::new(RULE.name, file, line, (node.span.start, node.span.end), set.join(&between)));
    });
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;
    use crate::audit::tests::lines;

    #[test]
    fn libraries_declare_users_too() {
        let code = "def add(name)\n  user name do\n    supports manage_home: true\n  end\nend\n";
        assert_eq!(lines("libraries/a.rb", code, "user-supports"), [3]);
    }

    #[test]
    fn pairs_become_properties() {
        for (text, new) in [
            ("  supports :manage_home => true # x\n", "  manage_home true # x\n"),
            ("  supports({ 'manage_home' => y })\n", "  manage_home y\n"),
            ("\tsupports manage_home: true,\n\t  non_unique: false\n", "\tmanage_home true\n\tnon_unique false\n"),
            ("  supports :manage_home => true, :shell => 'x'\n", "  supports :manage_home => true, :shell => 'x'\n"),
            ("  supports :manage_home => manage_home\n", "  supports :manage_home => manage_home\n"),
            ("  manage_home false\n  supports :manage_home => true\n", "  manage_home false\n  supports :manage_home => true\n"),
            ("  supports :manage_home => true, :non_unique => true if x\n", "  supports :manage_home => true, :non_unique => true if x\n"),
        ] {
            let user = |text: &str| format!("user 'x' do\n{text}end\n");
            assert_eq!(mended_file("user-supports", "recipes/a.rb", &user(text)), user(new));
        }
        let group = "group 'x' do\n  supports :manage_home => true\nend\n";
        assert_eq!(mended_file("user-supports", "recipes/a.rb", group), group);
    }
}
