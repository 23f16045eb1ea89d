//! # suspicious-comment: A comment that admits a weakness
//!
//! It marks a spot where security was put off; a move is the time to settle it.
//!
//! Fix: Do what the comment asks, or open a ticket and name it.
//!
//! ```ruby
//! directory '/srv/shop' do
//!   mode '0775' # HACK permissions too open   # finding
//! end
//! ```
//!
//! Other tools: CWE-546, `GLITCH sec_susp_comm`.

use crate::audit::command::heredoc;
use crate::audit::context::File;
use crate::audit::pattern::Pattern;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::Expr;

pub(super) const RULE: Rule = Rule {
    code: "A313",
    name: "suspicious-comment",
    title: "A comment that admits a weakness",
    severity: Severity::Note,
    category: Category::Security,
    effort: Effort::Trivial,
    confidence: Confidence::Medium,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-546", "GLITCH sec_susp_comm"],
    page: include_str!("suspicious_comment.rs"),
    check,
    fix: None,
    secret: false,
};

static MARK: Pattern =
    Pattern::near("todo|fixme|hack|xxx|bug", r"(?i)(?<![a-z])(?:todo|fixme|hack|xxx|bug(?!\s*(?:\#|id\b|report|fix|\d)))(?![a-z])");
static MATTER: Pattern = Pattern::new(
    r"(?i)passw(?:or)?d|secret|(?<!definitions )(?<!hash )(?<!config )(?<!cache )(?<!foreign )(?<!primary )(?<![a-z_])key(?![a-z]|\s*[\x22\x27])|(?:api|ssh|ssl|tls|rsa|gpg|pgp|aws|host|signing|private|public|access|secret|encryption|deploy|our|the|these|those)[\s_\-]keys|security|insecure|vulnerab|(?<![a-z])ssl|(?<![a-z])m?tls(?![a-z])|auth(?!ors?(?![a-z]))|permission|encrypt|credential|(?<![a-z])cve(?![a-z])",
);
/// Where a comment begins in a line of a file that is no Ruby.
static COMMENT: Pattern = Pattern::new(r"^\s*(?:#|;|//|/\*|<!--|--\s|\*\s)|\s#(?=[\s#A-Z])|<%#|\s//\s");

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.files.iter().filter(|file| !MARK.lines(file.text).is_empty()) {
        let comments = if file.tree.is_some() && file.kind != Kind::Template { in_ruby(file) } else { in_text(file) };
        for (line, comment) in comments {
            if MARK.matches(comment) && MATTER.matches(comment) {
                findings.push(file.finding(RULE.name, line, "security was put off here"));
            }
        }
    }
}

fn in_text<'f>(file: &'f File) -> Vec<(u32, &'f str)> {
    let prose = [".md", ".json", ".txt"].iter().any(|end| file.path.ends_with(end));
    let lines = (1_u32..).zip(file.text.lines()).filter(|_| !prose);
    lines.filter_map(|(line, text)| COMMENT.all(text).first().and_then(|(start, _)| Some((line, text.get(*start..)?)))).collect()
}

/// The comments of Ruby: from a `#` that stands in no string to the end of the line, and those of scripts and files in heredocs.
fn in_ruby<'f>(file: &'f File) -> Vec<(u32, &'f str)> {
    let mut strings = Vec::new();
    let mut inside = std::collections::BTreeSet::new();
    file.walk(&mut |node, _| {
        let list = matches!(node.expr, Expr::Array(_)) && file.source(node.span).starts_with('%');
        if list || matches!(node.expr, Expr::Str(_) | Expr::Command(_) | Expr::DynamicSymbol(_) | Expr::Regexp { .. } | Expr::Symbol(_)) {
            if file.source(node.span).starts_with("<<") {
                inside.extend(heredoc(file, node).into_iter().map(|line| line.line));
            } else {
                strings.push(node.span);
            }
        }
    });
    let mut comments = Vec::new();
    let mut offset = 0;
    for (number, line) in (1_u32..).zip(file.code().split_inclusive('\n')) {
        let start = line.char_indices().filter(|(_, c)| *c == '#').map(|(at, _)| at).find(|at| {
            if inside.contains(&number) {
                return line.get(..*at).is_some_and(|before| before.trim().is_empty());
            }
            let place = offset + at;
            !strings.iter().any(|span| (span.start as usize) <= place && place < span.end as usize)
        });
        comments.extend(start.and_then(|start| Some((number, line.get(start..)?))));
        offset += line.len();
    }
    comments
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn a_comment_with_both_words_counts() {
        let code = "a = 'x # TODO password' # fine\nb = 1 # TODO: rotate the API key\n# TODO: ask the author\n# debug the ssl setup\n\
                    bash 'c' do\n  code <<-E\n    # FIXME insecure\n    echo '# FIXME insecure'\n  E\nend\n";
        assert_eq!(lines("recipes/default.rb", code, "suspicious-comment"), [2, 7]);
        assert_eq!(
            lines("templates/default/a.conf.erb", "a 1 # XXX no tls\n<%# fixme: permissions %>\nb 2\n", "suspicious-comment"),
            [1, 2]
        );
    }

    #[test]
    fn keys_of_hashes_and_numbered_bugs_are_no_weakness() {
        let code = "# TODO: include the definitions key\n# TODO: only initialize keys required by rules\n\
                    # turned off for security reasons (bug #1234)\n# TODO: drop the private key\n";
        assert_eq!(lines("recipes/default.rb", code, "suspicious-comment"), [4]);
    }
}
