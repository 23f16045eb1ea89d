//! # cron-invalid: A cron entry that can never run
//!
//! A field is out of range, the date doesn't exist, or there is no command: cron refuses the entry or never starts it. A Kubernetes
//! CronJob with such a schedule is refused, too, and the job turns out to have been missing for years.
//!
//! Fix: Correct the fields.
//!
//! ```ruby
//! cron 'nightly' do
//!   minute '0'
//!   hour '24'                  # finding; midnight is '0'
//!   command '/srv/bin/nightly'
//! end
//! ```

use crate::audit::command::heredoc;
use crate::audit::shape::{argument, call, is_resource, literal, properties};
use crate::audit::signs::{path, removes};
use crate::audit::visit::walk;
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};
use crate::read::cron::{Field, Unit};
use crate::read::ruby::ast::{BlockArg, Call, Expr, Node};

pub(super) const RULE: Rule = Rule {
    code: "A402",
    name: "cron-invalid",
    title: "A cron entry that can never run",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("cron_invalid.rs"),
    check,
    fix: None,
    secret: false,
};

/// The properties of the five fields, in the order of a line.
const FIELDS: [&str; 5] = ["minute", "hour", "day", "month", "weekday"];
/// Days of the longest year.
const DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let mut crontabs: Vec<String> = Vec::new();
    for file in context.recipes() {
        file.walk(&mut |node, _| {
            let Some(call) = call(node) else { return };
            if is_resource(call, &["cron", "cron_d"]) && !removes(call) {
                in_resource(file, call, findings);
            }
            if is_resource(call, &["file", "template", "cookbook_file"]) && path(call).is_some_and(|path| is_crontab(&path)) {
                crontabs
                    .extend(properties(call, "source").iter().filter_map(|(_, source)| argument(source, 0).and_then(|name| literal(name))));
                for (_, content) in properties(call, "content") {
                    argument(content, 0).into_iter().for_each(|text| in_content(file, text, findings));
                }
            }
        });
    }
    for file in context.files.iter().filter(|file| matches!(file.kind, Kind::Other | Kind::Template) && !file.text.is_empty()) {
        let sent = crontabs.iter().any(|source| file.path.ends_with(&format!("/{source}")));
        if sent || is_crontab(&file.path) {
            in_lines((1..).zip(file.text.lines()), file, findings);
        }
    }
}

fn is_crontab(path: &str) -> bool {
    let path = path.strip_suffix(".erb").unwrap_or(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    let inside = path.contains("cron.d/") || path.contains("spool/cron/");
    let ends = std::path::Path::new(name).extension().is_some_and(|extension| extension == "cron" || extension == "crontab");
    inside || ends || name == "crontab"
}

fn in_resource(file: &File, resource: &Call, findings: &mut Vec<Finding>) {
    let (_, computed) = lines_of(file, resource);
    if properties(resource, "command").is_empty() && !computed {
        findings.push(file.finding(RULE.name, file.line(resource.name_span.start), "it has no command"));
    }
    let mut words: [Option<(String, u32)>; 5] = [const { None }; 5];
    for (word, field) in words.iter_mut().zip(FIELDS) {
        let given = properties(resource, field);
        let Some((node, property)) = given.first() else {
            *word = Some(("*".to_owned(), 0));
            continue;
        };
        let value = argument(property, 0).and_then(|value| match &value.expr {
            Expr::Integer(number) => Some(number.to_string()),
            _ => literal(value),
        });
        *word = value.filter(|_| given.len() == 1).map(|value| (value, file.line(node.span.start)));
    }
    let text = words.each_ref().map(|word| word.as_ref().map_or("?", |(text, _)| text.as_str()));
    if let Some((index, message)) = fault(text)
        && let Some((_, line)) = &words[index]
    {
        findings.push(file.finding(RULE.name, *line, message));
    }
}

/// The first line of a resource's block, and whether something sets properties by computed names.
fn lines_of(file: &File, resource: &Call) -> (u32, bool) {
    let mut computed = false;
    if let Some(BlockArg::Block(block)) = &resource.block
        && let Some(body) = &block.body
    {
        walk(body, &mut |node, _| {
            computed |=
                call(node).is_some_and(|call| matches!(call.name.as_str(), "send" | "public_send" | "instance_eval" | "instance_exec"));
        });
    }
    (file.line(resource.name_span.start), computed || matches!(resource.block, Some(BlockArg::Pass(_) | BlockArg::Forward)))
}

fn in_content(file: &File, text: &Node, findings: &mut Vec<Finding>) {
    let source = file.source(text.span);
    if source.starts_with("<<") {
        let lines = heredoc(file, text);
        in_lines(lines.iter().map(|line| (line.line, line.text.as_str())), file, findings);
    } else if let Some(content) = literal(text) {
        let first = file.line(text.span.start);
        in_lines(content.lines().map(|line| (first, line)), file, findings);
    }
}

fn in_lines<'t>(lines: impl Iterator<Item = (u32, &'t str)>, file: &File, findings: &mut Vec<Finding>) {
    for (line, text) in lines {
        let mut words = text.split_whitespace();
        let five: Vec<&str> = words.by_ref().take(5).collect();
        let field = |word: &&str| word.chars().all(|c| c.is_ascii_alphanumeric() || "*,/-".contains(c));
        let begins = five.first().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit() || c == '*'));
        if let Ok(five) = <[&str; 5]>::try_from(five)
            && begins
            && five.iter().all(field)
            && words.next().is_some()
            && let Some((_, message)) = fault(five)
        {
            findings.push(file.finding(RULE.name, line, message));
        }
    }
}

/// Which of five fields keeps cron from ever running it, and why; a field that is not known is `?`.
fn fault(words: [&str; 5]) -> Option<(usize, String)> {
    for (index, word) in words.iter().enumerate() {
        let (low, high) = Unit::ALL[index].bounds();
        let members = word.split(',').filter_map(|member| member.split('/').next());
        let wrong = members.flat_map(|member| member.split('-')).find(|number| {
            number.bytes().all(|byte| byte.is_ascii_digit())
                && !number.is_empty()
                && number.parse::<u8>().map_or(true, |value| value < low || value > high)
        });
        if let Some(number) = wrong {
            return Some((index, format!("`{number}` is no {}: {low} to {high}", FIELDS[index])));
        }
    }
    let values = |index: usize| Field::parse(Unit::ALL[index], words[index]).ok().map(|field| field.values());
    let (days, months) = (values(2)?, values(3)?);
    let exists =
        months.iter().any(|month| DAYS.get(usize::from(*month).wrapping_sub(1)).is_some_and(|last| days.iter().any(|day| day <= last)));
    (!exists && words[4] == "*").then(|| (2, format!("there is no day {} in month {}", words[2], words[3])))
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    fn job(fields: &str) -> Vec<String> {
        found("cron-invalid", &[("recipes/default.rb", &format!("cron 'x' do\n{fields}\n  command 'y'\nend\n"))])
    }

    #[test]
    fn fields_out_of_range_and_dates_that_do_not_exist() {
        assert_eq!(job("  minute 5\n  hour '1,30'"), ["recipes/default.rb:3"]);
        assert_eq!(job("  weekday 8"), ["recipes/default.rb:2"]);
        assert_eq!(job("  month '4,6'\n  day 31"), ["recipes/default.rb:3"]);
    }

    #[test]
    fn what_runs_is_left_alone() {
        assert!(job("  month '2-3'\n  day 30").is_empty());
        assert!(job("  month 2\n  day 30\n  weekday 1").is_empty(), "cron runs when either day field matches");
        assert!(job("  minute node['x']\n  hour '*/4'\n  weekday 'mon-fri'\n  month 'feb'").is_empty());
        assert!(job("  weekday :monday\n  time :daily").is_empty());
    }

    #[test]
    fn crontab_files_by_name_or_by_where_they_go() {
        let recipe = "cookbook_file '/etc/cron.d/shop' do\n  source 'jobs'\nend\nfile '/etc/cron.d/b' do\n  content <<-EOH\n  0 24 * * * root x\n  EOH\nend\n";
        let files = [
            ("recipes/default.rb", recipe),
            ("files/default/jobs", "MAILTO=ops\n\n61 * * * * root /x\n5 4 * * sun root /y\n"),
            ("templates/default/a.cron.erb", "<%= @m %> 99 * * * root /x\n0 0 31 2 * root /x\n"),
            ("files/default/prose.txt", "61 62 63 64 65 66\n"),
        ];
        assert_eq!(found("cron-invalid", &files), ["files/default/jobs:3", "recipes/default.rb:6", "templates/default/a.cron.erb:2"]);
    }
}
