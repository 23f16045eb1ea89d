//! The shell commands of a file, line by line: of `execute`, scripts, `shell_out`, backticks, and whole shell scripts.
//!
//! `code <<-EOH` gives each line of the heredoc with its own line number; lines that `\` joins are one, on the first one's line.

use super::context::{File, Kind};
use super::shape::{argument, call, outline, properties};
use super::visit::declares;
use crate::read::ruby::ast::{BlockArg, Call, Expr, Node, Piece};

/// One command line.
pub struct Line {
    /// Its text; what is interpolated is `#{…}`.
    pub text: String,
    /// Where it stands.
    pub line: u32,
}

/// Resources whose `command` or `code` is given to a shell.
const SHELLS: &[&str] = &["execute", "bash", "script", "sh", "ksh", "csh", "cron", "cron_d"];
const RUNS: &[&str] = &["shell_out", "shell_out!", "shell_out_with_systems_locale", "system"];

/// The command lines of `file`, without comments.
#[must_use]
pub fn commands<'f>(file: &'f File<'_>) -> &'f [Line] {
    file.known.commands.get_or_init(|| read(file))
}

fn read(file: &File) -> Vec<Line> {
    let mut lines = Vec::new();
    if is_script(file) {
        numbered(file.text.lines(), 1, &mut lines);
    } else if file.kind != Kind::Template {
        file.walk(&mut |node, _| match &node.expr {
            Expr::Command(pieces) => text(file, node, pieces, &mut lines),
            Expr::Call(call) => of_call(file, call, &mut lines),
            _ => {}
        });
    }
    lines.retain(|line| !line.text.trim_start().starts_with('#') || line.text.trim_start().starts_with("#{"));
    lines
}

fn of_call(file: &File, call: &Call, lines: &mut Vec<Line>) {
    let name = call.name.as_str();
    // `context.execute 'x' do` of a library declares in the recipe that was handed over.
    let block = matches!(call.block, Some(BlockArg::Block(_)));
    let declared = call.receiver.is_none() || (block && matches!(name, "execute" | "bash"));
    if name == "file" && call.receiver.is_none() {
        for (_, property) in properties(call, "content") {
            argument(property, 0).into_iter().filter(|value| is_shell(file, value)).for_each(|value| of_value(file, value, lines));
        }
    } else if declared && SHELLS.contains(&name) {
        let mut given = properties(call, if matches!(name, "execute" | "cron" | "cron_d") { "command" } else { "code" });
        given.retain(|(_, property)| argument(property, 0).is_some());
        for (_, property) in &given {
            argument(property, 0).into_iter().for_each(|value| of_value(file, value, lines));
        }
        if name == "execute" && given.is_empty() && (declares(call) || block || call.args.len() == 1) {
            argument(call, 0).into_iter().for_each(|value| of_value(file, value, lines));
        }
    } else if RUNS.contains(&name) || (name == "new" && call.receiver.as_ref().is_some_and(|class| is_shell_out(class))) {
        argument(call, 0).into_iter().for_each(|value| of_value(file, value, lines));
    }
}

/// Whether `value` is the text of a shell script.
fn is_shell(file: &File, value: &Node) -> bool {
    let Expr::Str(pieces) = &value.expr else { return false };
    let heredoc = file.source(value.span).starts_with("<<");
    let written = if heredoc { heredoc_text(file, value) } else { outline(pieces) };
    let first = written.lines().map(str::trim).find(|line| line.starts_with("#!"));
    first.is_some_and(|first| first.ends_with("sh"))
}

fn heredoc_text(file: &File, value: &Node) -> String {
    heredoc(file, value).into_iter().map(|line| line.text + "\n").collect()
}

fn is_shell_out(node: &Node) -> bool {
    matches!(&node.expr, Expr::Const { name, .. } if name.as_str() == "ShellOut")
}

fn of_value(file: &File, node: &Node, lines: &mut Vec<Line>) {
    match &node.expr {
        Expr::Str(pieces) => text(file, node, pieces, lines),
        Expr::Array(items) => {
            let words: Vec<String> =
                items.iter().map(|item| if let Expr::Str(pieces) = &item.expr { outline(pieces) } else { "#{}".to_owned() }).collect();
            lines.push(Line { text: words.join(" "), line: file.line(node.span.start) });
        }
        Expr::Call(call) if call.receiver.is_none() && call.name.as_str() == "lazy" => {
            if let Some(BlockArg::Block(block)) = &call.block {
                block.body.iter().for_each(|body| of_value(file, body, lines));
            }
        }
        Expr::Sequence(list) => list.last().into_iter().for_each(|value| of_value(file, value, lines)),
        // `<<-EOH.gsub(…)`, `'a' + b`
        Expr::Call(_) => call(node).and_then(|call| call.receiver.as_ref()).into_iter().for_each(|inner| of_value(file, inner, lines)),
        _ => {}
    }
}

fn text(file: &File, node: &Node, pieces: &[Piece], lines: &mut Vec<Line>) {
    let first = file.line(node.span.start);
    let source = file.source(node.span);
    if source.starts_with("<<") {
        lines.extend(heredoc(file, node));
        return;
    }
    let whole = outline(pieces);
    let same = source.matches('\n').count() == whole.matches('\n').count();
    if same {
        numbered(whole.lines(), first, lines);
    } else {
        lines.extend(whole.lines().map(|text| Line { text: text.to_owned(), line: first }));
    }
}

/// The lines of the heredoc that begins at `node`, as they are written.
#[must_use]
pub fn heredoc(file: &File, node: &Node) -> Vec<Line> {
    let first = file.line(node.span.start);
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let begin = file.source(node.span).trim_start_matches(['<', '-', '~', '\'', '"', '`']);
    let terminator: String = begin.chars().take_while(|c| word(*c)).collect();
    let mut lines = Vec::new();
    let body = file.code().lines().skip(first as usize).take_while(|line| line.trim() != terminator);
    numbered(body, first.saturating_add(1), &mut lines);
    lines
}

/// Adds `texts` with their numbers from `first` on; a `\` at the end joins the next line.
fn numbered<'t>(texts: impl Iterator<Item = &'t str>, first: u32, lines: &mut Vec<Line>) {
    let mut joins = false;
    for (line, text) in (first..).zip(texts) {
        let (text, more) = text.strip_suffix('\\').map_or((text, false), |text| (text, true));
        match lines.last_mut().filter(|_| joins) {
            Some(last) => last.text.push_str(text),
            None => lines.push(Line { text: text.to_owned(), line }),
        }
        joins = more;
    }
}

fn is_script(file: &File) -> bool {
    let name = file.path.strip_suffix(".erb").unwrap_or(&file.path);
    let shell = std::path::Path::new(name).extension().is_some_and(|extension| extension == "sh" || extension == "bash");
    let first = file.text.lines().next().unwrap_or("");
    shell || (first.starts_with("#!") && first.trim_end().ends_with("sh"))
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn scripts_that_are_written_as_files_and_commands_that_are_known_later() {
        let code = "file '/a.sh' do\n  content '\n    #! /bin/bash\n    nohup /opt/a &\n  '\nend\n\
                    file '/b.txt' do\n  content 'nohup x'\nend\n\
                    execute 'c' do\n  command lazy { \"nohup #{c}\" }\nend\n";
        assert_eq!(lines("recipes/default.rb", code, "background-process"), [4, 11]);
        let library = "def a(context)\n  context.execute 'nohup /opt/a' do\n    user 'x'\n  end\n  db.execute('nohup')\nend\n";
        assert_eq!(lines("libraries/a.rb", library, "background-process"), [2]);
    }
}
