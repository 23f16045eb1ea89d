//! Templates without logic against what real Erubis and ERB made of them: the source is read and its appends put together.

use std::fs;
use std::path::Path;

use super::{erb, erubis};
use crate::read::ruby::ast::{Arg, Call, Expr, P, Piece};
use crate::read::ruby::parse_text;
use crate::source::FileId;

/// The text that `source` gives, when it is made of literals alone.
fn rendered(source: &str) -> Option<String> {
    let (program, diagnostics) = parse_text(FileId(0), source, &[]);
    let Expr::Sequence(statements) = &program.expr else { return None };
    if !diagnostics.is_empty() {
        return None;
    }
    let mut text = String::new();
    for statement in statements {
        match &statement.expr {
            Expr::Call(call) if &*call.name == "<<" => text.push_str(&value(argument(call)?)?),
            Expr::Assign { .. } | Expr::Integer(_) => {}
            Expr::Local(name) if &**name == "_erbout" => {}
            Expr::Call(call) if &*call.name == "to_s" => {}
            _ => return None,
        }
    }
    Some(text)
}

fn argument(call: &Call) -> Option<&P> {
    match call.args.as_slice() {
        [Arg::Value(value)] => Some(value),
        _ => None,
    }
}

fn value(node: &P) -> Option<String> {
    match &node.expr {
        Expr::Str(pieces) => match pieces.as_slice() {
            [Piece::Text(text)] => Some(text.to_string()),
            _ => None,
        },
        Expr::Integer(value) => Some(value.to_string()),
        Expr::Symbol(name) => Some(name.to_string()),
        Expr::Nil => Some(String::new()),
        Expr::True => Some("true".into()),
        Expr::Call(call) if matches!(&*call.name, "to_s" | "freeze") => value(call.receiver.as_ref()?),
        Expr::Call(call) if &*call.name == "escape_xml" => {
            let text = value(argument(call)?)?;
            Some(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"))
        }
        _ => None,
    }
}

#[test]
fn conformance_of_templates_without_logic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/erb");
    let (mut compared, mut refused) = (0, 0);
    for entry in fs::read_dir(folder).unwrap().flatten().filter(|entry| entry.path().extension().is_some_and(|ending| ending == "jsonl")) {
        for line in fs::read_to_string(entry.path()).unwrap().lines() {
            let case: serde_json::Value = serde_json::from_str(line).unwrap();
            let template = case["template"].as_str().unwrap();
            for (source, expected) in [(erubis(template), &case["expect_erubis"]), (erb(template, "-"), &case["expect"])] {
                let (_, diagnostics) = parse_text(FileId(0), &source, &[]);
                let invalid = expected["error"]["class"] == "SyntaxError";
                assert_eq!(!diagnostics.is_empty(), invalid, "{}\n{source}\n{diagnostics:?}", case["id"]);
                refused += usize::from(invalid);
                if let (Some(text), Some(right)) = (rendered(&source), expected["text"].as_str()) {
                    assert_eq!(text, right, "{}\n{source}", case["id"]);
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 40 && refused > 3, "{compared} compared, {refused} refused");
}

#[test]
fn erubis_drops_lines_of_statements() {
    for (template, text) in [
        ("a\n  <% 1 %>\t\nb\n", "a\nb\n"),
        ("a <% 1 -%>\nb\n", "a \nb\n"),
        ("x=<%= 1 -%>\ny\n", "x=1y\n"),
        ("  <%= 1 =%>\ny\n", "  1y\n"),
        ("a\n <%# c\nd %>\nb\n", "a\nb\n"),
        ("a <%# c\nd %>\nb\n", "a \nb\n"),
        (" <%% raw -%>\n", " <% raw -%>\n"),
        ("<%%>x", "x"),
        ("<%%> foo %>", "<%> foo %>"),
        ("% 1\n'\\'\n", "% 1\n'\\'\n"),
        ("<%== '<&>' %>\r\n", "&lt;&amp;&gt;\n"),
        ("<% 1 %><% 2 %>\nx\n", "\nx\n"),
        ("<% 1 %> <%= 2 %>\nx\n", " 2\nx\n"),
        ("a\r\nb <% 1 %>\r\nc\r\n", "a\nb \nc\n"),
        ("a <% b", "a <% b"),
        ("", ""),
    ] {
        assert_eq!(rendered(&erubis(template)).as_deref(), Some(text), "{template:?}\n{}", erubis(template));
    }
}

#[test]
fn erubis_source_is_that_of_erubis() {
    assert_eq!(
        erubis("a\n<% if b -%>\n  <%= c %>\n<% end %>\n"),
        "_buf = ''; _buf << 'a\n'; if b \n _buf << '  '; _buf << ( c ).to_s; _buf << '\n'; end \n_buf.to_s\n"
    );
}

#[test]
fn each_trim_mode_of_erb() {
    let template = "a\n  <% 1 %>\n<% 2 %>\n <%= 3 %>\n% 4\n%% 5\n<%# c %>\n<%%\n";
    for (mode, text) in [
        ("", "a\n  \n\n 3\n% 4\n%% 5\n\n<%\n"),
        ("-", "a\n  \n\n 3\n% 4\n%% 5\n\n<%\n"),
        ("<>", "a\n  \n 3\n% 4\n%% 5\n<%\n"),
        (">", "a\n   3% 4\n%% 5\n<%\n"),
        ("%", "a\n  \n\n 3\n% 5\n\n<%\n"),
        ("%<>", "a\n  \n 3\n% 5\n<%\n"),
        ("%>", "a\n   3% 5\n<%\n"),
    ] {
        assert_eq!(rendered(&erb(template, mode)).as_deref(), Some(text), "{mode}\n{}", erb(template, mode));
    }
    let template = "a\n  <%- 1 -%>\n<% 2 %>\n <%= 3 -%>\n% 4\n";
    assert_eq!(rendered(&erb(template, "-")).as_deref(), Some("a\n\n 3% 4\n"));
    assert_eq!(rendered(&erb(template, "%-")).as_deref(), Some("a\n\n 3"));
    assert_eq!(rendered(&erb("<%= 1 %>  <%- 2 %>x -%> %>%%>\n", "-")).as_deref(), Some("1x -%> %>%%>\n"));
    assert_eq!(rendered(&erb("<%= '%%>' -%>\r\n\"#{x}\\\r\n", "-")).as_deref(), Some("%>\"#{x}\\\r\n"));
}

/// Marks `m1`, `m2`… stand on the same line in the template and in the source.
#[test]
fn lines_of_the_template_are_lines_of_the_source() {
    let template = "m1 <%= m1 -%>\n\n<% m3\n m4 %>\nm5 <%# c\n d %> m6\n  <%# x\n %>\n<%= m9 -%>\r\n<%- m10 -%>\nm11 <% m11 -%>\n<%% m12\n %>\nm14 <%=\n m15 %> m15\n<%= 'm16' %>\n";
    let sources = [erubis(template), erb(template, "-"), erb(template, "<>"), erb(template, ">"), erb(template, "")];
    for source in sources {
        for (number, line) in source.lines().enumerate() {
            for mark in line.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.strip_prefix('m')?.parse::<usize>().ok()) {
                // Text of several lines is one string that ends after its newlines; it begins where it should.
                if line.contains(&format!("m{mark}")) && !line.contains("\\n") {
                    assert_eq!(mark, number + 1, "{source}");
                }
            }
        }
        let marked = source.lines().position(|line| line.contains("'m16'")).map(|at| at + 1);
        assert_eq!(marked, Some(16), "{source}");
    }
}

proptest::proptest! {
    #[test]
    fn no_template_is_too_strange(parts in proptest::collection::vec(proptest::sample::select(vec![
        "<%", "%>", "<%=", "-%>", "<%-", "<%#", "<%%", "%%>", "\n", "\r\n", " ", "\t", "x", "'", "\\", "%", "=", "é",
    ]), 0..30)) {
        let template: String = parts.concat();
        let lines = template.matches('\n').count();
        proptest::prop_assert!(erubis(&template).matches('\n').count() >= lines);
        for mode in ["", "-", "<>", ">", "%", "%-", "%<>", "%>"] {
            proptest::prop_assert!(!erb(&template, mode).is_empty());
        }
    }
}

#[test]
fn every_template_at_hand_is_ruby() {
    let mut count = 0;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("corpus"), root.join("tests/conformance/chef")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "erb") && path.file_stem().is_some_and(|stem| stem != "unclosed") {
                // `unclosed.erb` is broken on purpose.
                let source = erubis(&fs::read_to_string(&path).unwrap());
                let (_, diagnostics) = parse_text(FileId(0), &source, &[]);
                assert!(diagnostics.is_empty(), "{}\n{source}\n{diagnostics:?}", path.display());
                count += 1;
            }
        }
    }
    assert!(count > 10, "{count} templates");
}
