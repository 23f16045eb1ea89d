//! # secret-not-sensitive: A data bag's secret without sensitive
//!
//! Chef prints the difference of the file, or the command with its values, into the log; the log of a build is kept with the image.
//!
//! Fix: Add `sensitive true`; in a container mount a Secret. `--fix` adds it as the last property; a `sensitive false` somebody meant.
//!
//! ```ruby
//! token = data_bag_item('credentials', 'api')['token']
//! file '/etc/shop/token' do   # finding
//!   content token
//!   sensitive true            # add this
//! end
//! ```
//!
//! Other tools: CWE-532.

use std::collections::BTreeSet;

use crate::audit::context::File;
use crate::audit::fix::{Edit, Fixer, indent, line_end, whole_lines};
use crate::audit::shape::{argument, call, is_resource, properties};
use crate::audit::visit::walk;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{BlockArg, Call, Expr, Node, P, Param, Target};

pub(super) const RULE: Rule = Rule {
    code: "A315",
    name: "secret-not-sensitive",
    title: "A data bag's secret without sensitive",
    severity: Severity::Warning,
    category: Category::Security,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-532"],
    page: include_str!("secret_not_sensitive.rs"),
    check,
    fix: Some(Fixer::File(mend)),
    secret: false,
};

const SHOWN: &[&str] = &["variables", "content", "environment", "command", "code"];

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        let secret = secret_names(file);
        file.walk(&mut |node, _| {
            if let Some(resource) = call(node).filter(|call| is_resource(call, &["template", "file", "execute", "bash"]))
                && shows(file, resource, &secret)
                && !is_sensitive(resource)
            {
                findings.push(file.finding(RULE.name, file.line(resource.name_span.start), "the log shows what a data bag keeps"));
            }
        });
    }
}

/// The variables, methods and block parameters that hold something of a data bag item.
fn secret_names(file: &File) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    loop {
        let before = names.len();
        let mut more = Vec::new();
        file.walk(&mut |node, _| match &node.expr {
            Expr::Assign { target: Target::Local(name) | Target::Instance(name), value }
            | Expr::OperatorAssign { target: Target::Local(name) | Target::Instance(name), value, .. }
                if takes(file, value, &names) =>
            {
                more.push(name.as_str().to_owned());
            }
            Expr::Def { name, body: Some(body), .. } if takes(file, body, &names) => more.push(name.as_str().to_owned()),
            Expr::Call(call) if call.receiver.as_ref().is_some_and(|receiver| takes(file, receiver, &names)) => {
                if let Some(BlockArg::Block(block)) = &call.block {
                    let given = block.params.list.iter();
                    more.extend(
                        given.filter_map(|param| if let Param::Required(name) = param { Some(name.as_str().to_owned()) } else { None }),
                    );
                }
            }
            _ => {}
        });
        names.extend(more);
        if names.len() == before {
            return names;
        }
    }
}

/// Whether the value is, or is made from, something of a data bag item.
fn takes(file: &File, value: &Node, names: &BTreeSet<String>) -> bool {
    let mut found = false;
    walk(value, &mut |node, _| {
        found |= match &node.expr {
            Expr::Local(name) | Expr::Instance(name) => names.contains(name.as_str()),
            Expr::Call(call) => {
                loads(file, call) || (call.receiver.is_none() && call.args.is_empty() && names.contains(call.name.as_str()))
            }
            _ => false,
        };
    });
    found
}

fn loads(file: &File, call: &Call) -> bool {
    match &call.receiver {
        None => match call.name.as_str() {
            "data_bag_item" | "chef_vault_item" => true,
            "secret" => !call.args.is_empty() && call.block.is_none(),
            _ => false,
        },
        Some(class) => {
            let known = ["Chef::EncryptedDataBagItem", "Chef::DataBagItem", "ChefVault::Item"];
            call.name.as_str() == "load" && known.contains(&file.source(class.span).trim_start_matches("::"))
        }
    }
}

fn shows(file: &File, resource: &Call, secret: &BTreeSet<String>) -> bool {
    let name_runs = resource.name.as_str() == "execute" && properties(resource, "command").is_empty();
    let runs = name_runs && argument(resource, 0).is_some_and(|name| takes(file, name, secret));
    runs || SHOWN.iter().any(|name| properties(resource, name).iter().any(|(node, _)| takes(file, node, secret)))
}

fn is_sensitive(resource: &Call) -> bool {
    let given = properties(resource, "sensitive");
    given.iter().any(|(_, property)| argument(property, 0).is_some_and(|value| !matches!(value.expr, Expr::False | Expr::Nil)))
}

/// `sensitive true` becomes the last property of the resource.
fn mend(file: &File, edits: &mut Vec<Edit>) {
    file.walk(&mut |node, _| {
        let Some(resource) = call(node).filter(|call| is_resource(call, &["template", "file", "execute", "bash"])) else { return };
        if properties(resource, "sensitive").is_empty()
            && let Some((at, text)) = addition(file, node, resource)
        {
            edits.push(Edit::new(RULE.name, file, file.line(resource.name_span.start), (at, at), text));
        }
    });
}

/// Where the property goes, and with what around it.
fn addition(file: &File, node: &Node, resource: &Call) -> Option<(u32, String)> {
    let end = line_end(file.text);
    let outer = indent(file.text, node.span.start as usize);
    let Some(BlockArg::Block(block)) = &resource.block else {
        whole_lines(file.text, node.span.start as usize, node.span.end as usize)?;
        let plain = resource.block.is_none() && !file.source(node.span).contains("<<");
        return plain.then(|| (node.span.end, format!(" do{end}{outer}  sensitive true{end}{outer}end")));
    };
    let whole = file.source(block.span);
    let length = if whole.ends_with('}') { 1 } else { 3 };
    let last = block.span.end.checked_sub(length)?;
    let before = indent(file.text, last as usize);
    let start = last.checked_sub(u32::try_from(before.len()).ok()?)?;
    if file.text.get(..start as usize)?.ends_with('\n') {
        let below = |body: &P| file.line(body.span.start) > file.line(block.span.start);
        let first = block.body.as_ref().filter(|body| below(body)).map(|body| indent(file.text, body.span.start as usize));
        let inner = first.map_or_else(|| format!("{before}  "), str::to_owned);
        return Some((start, format!("{inner}sensitive true{end}")));
    }
    // All on one line: `file('/x') { content y }`
    let body = block.body.as_ref().filter(|_| !whole.contains('\n'))?;
    Some((body.span.end, "; sensitive true".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;
    use crate::audit::tests::lines;

    #[test]
    fn a_value_is_followed_through_variables() {
        let code = "item = Chef::EncryptedDataBagItem.load('a', 'b')\npassword = item['password']\nbash 'x' do\n  code \"a #{password}\"\nend\n\
                    bash 'y' do\n  code \"a #{password}\"\n  sensitive true\nend\nfile '/z' do\n  content 'z'\n  only_if { password }\nend\n";
        assert_eq!(lines("recipes/default.rb", code, "secret-not-sensitive"), [3]);
    }

    #[test]
    fn sensitive_is_the_last_property() {
        let item = "data_bag_item('a', 'b')";
        for (text, new) in [
            ("file '/x' do\n  content ITEM['c'] # x\nend\n", "file '/x' do\n  content ITEM['c'] # x\n  sensitive true\nend\n"),
            (
                "  file '/x' do\r\n\t\tcontent ITEM['c']\r\n  end if y\r\n",
                "  file '/x' do\r\n\t\tcontent ITEM['c']\r\n\t\tsensitive true\r\n  end if y\r\n",
            ),
            ("bash 'x' do\n  code <<-E\n    #{ITEM}\n  E\nend", "bash 'x' do\n  code <<-E\n    #{ITEM}\n  E\n  sensitive true\nend"),
            ("file('/x') { content ITEM['c'] }\n", "file('/x') { content ITEM['c']; sensitive true }\n"),
            ("execute \"a #{ITEM}\"\n", "execute \"a #{ITEM}\" do\n  sensitive true\nend\n"),
            ("file '/x' do\n  content ITEM['c']\n  sensitive false\nend\n", "file '/x' do\n  content ITEM['c']\n  sensitive false\nend\n"),
            ("file '/x' do content ITEM['c']\nend\n", "file '/x' do content ITEM['c']\n  sensitive true\nend\n"),
        ] {
            let with = |text: &str| text.replace("ITEM", item);
            assert_eq!(mended_file("secret-not-sensitive", "recipes/a.rb", &with(text)), with(new));
        }
    }
}
