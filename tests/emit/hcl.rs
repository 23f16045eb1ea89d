//! The HCL writer: what is written means the same to Terraform, and is formed as `terraform fmt` forms it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ekiben::emit::hcl::{Body, Object, Piece, Value, quoted, render};
use sha2::{Digest, Sha256};

/// Strings that want to be something else, in the composed form that HCL normalises to.
pub const HOSTILE: &[&str] = &[
    "",
    " ",
    "plain",
    "a \"b\" c",
    "back\\slash \\n \\",
    "line\nbreak\r\nand\ttab",
    "${var.region}",
    "$${x}",
    "$$${x}",
    "$",
    "$$",
    "${",
    "%{ if true }yes%{ endif }",
    "%%{x}",
    "%",
    "100%{",
    "%${a}",
    "$%{a}",
    "\\${a}",
    "`id` $(id) $HOME",
    "{{ template }}",
    "<<EOF\nbody\nEOF\n",
    "# no comment // /* */",
    "写真 é 😀",
    "\u{7f}\u{1}\u{1b}[31m",
    "\u{2028}\u{2029}\u{85}",
    "\u{feff}marked",
    "!!binary &a *b",
    "a = 1\n}\nresource \"x\" \"y\" {}",
];

/// What a quoted string of HCL stands for, by the words of its specification; `None` where it holds a template or does not end.
pub fn unquoted(text: &str) -> Option<String> {
    let mut characters = text.strip_prefix('"')?.chars().peekable();
    let mut out = String::new();
    loop {
        match characters.next()? {
            '"' => return characters.next().is_none().then_some(out),
            '\n' | '\r' => return None,
            '\\' => match characters.next()? {
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                '"' => out.push('"'),
                '\\' => out.push('\\'),
                'u' => out.push(number(&mut characters, 4)?),
                'U' => out.push(number(&mut characters, 8)?),
                _ => return None,
            },
            sign @ ('$' | '%') if characters.peek() == Some(&sign) => {
                characters.next();
                match characters.peek() {
                    Some('{') => out.push(sign),
                    // Two that begin nothing are two; a third could begin something again, which the writer never lets happen.
                    Some(next) if *next == sign => {
                        out.extend([sign, sign]);
                    }
                    _ => out.extend([sign, sign]),
                }
            }
            '$' | '%' if characters.peek() == Some(&'{') => return None,
            other => out.push(other),
        }
    }
}

fn number(characters: &mut impl Iterator<Item = char>, digits: usize) -> Option<char> {
    let text: String = characters.take(digits).collect();
    char::from_u32(u32::from_str_radix(&text, 16).ok()?)
}

/// Whether Terraform is here; says so loudly where it is not.
pub fn terraform() -> bool {
    let found = Command::new("terraform").arg("version").output().is_ok();
    if !found {
        eprintln!("SKIPPED: there is no terraform on this machine; what it would have read back is not checked");
    }
    found
}

/// Runs Terraform in `folder`, with nothing of the user's configuration.
fn run(folder: &Path, arguments: &[&str], input: &str) -> (bool, String) {
    use std::io::Write as _;
    let mut child = Command::new("terraform")
        .args(arguments)
        .current_dir(folder)
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .env("CHECKPOINT_DISABLE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("terraform");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("terraform ends");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hcl").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Fails where `terraform fmt` would change one of the files.
pub fn check_format(name: &str, files: &[(String, String)]) {
    let folder = folder(name);
    for (path, content) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, content).expect("a file");
    }
    let (fine, said) = run(&folder, &["fmt", "-check", "-diff", "-recursive"], "");
    assert!(fine, "{name}: {said}");
}

/// A file with every shape there is.
fn shapes() -> Body {
    let inner = Object::new().with("b", 1).with("long_name", Value::texts(["x", "y"])).above(["above".to_owned()]).with("c d", true);
    let list: Vec<Value> = (0..20).map(|number| Value::Text(format!("number {number}"))).collect();
    let nested = Value::List(vec![Object::new().with("rulePriority", 1).with("写", "a").into(), Object::new().into()]);
    Body::new()
        .remark(["At the head of the file.".to_owned()])
        .block(
            "resource",
            &["a", "b"],
            Body::new()
                .attribute("a", 1)
                .attribute("name", "x")
                .attribute("list", list)
                .attribute("after", Value::expression("var.region == \"\" ? null : var.region"))
                .above(["two".to_owned(), "lines  ".to_owned()])
                .attribute("commented_one", true)
                .attribute("x", Vec::new())
                .block("nested", &[], Body::new().attribute("depth", 2))
                .block("empty", &[], Body::new())
                .attribute("last", inner),
        )
        .above(["of the block".to_owned()])
        .block("locals", &[], Body::new().attribute("policy", Value::call("jsonencode", Object::new().with("rules", nested))))
        .remark(["At its end.".to_owned()])
}

#[test]
fn every_shape_is_formed_as_terraform_does() {
    if terraform() {
        let mut hostile = Body::new();
        for (index, text) in HOSTILE.iter().enumerate() {
            hostile = hostile.attribute(format!("n{index}"), *text);
        }
        let keys = HOSTILE.iter().fold(Object::new(), |object, text| object.with(*text, *text));
        let hostile = Body::new().block("locals", &[], hostile.attribute("keys", keys));
        check_format("shapes", &[("shapes.tf".to_owned(), render(&shapes())), ("hostile.tf".to_owned(), render(&hostile))]);
    }
}

#[test]
fn neighbours_are_set_out_together() {
    let text = render(&shapes());
    for expected in ["\n  a    = 1\n  name = \"x\"\n  list = [\n", "\n  # two\n  # lines\n  commented_one = true\n  x             = []\n"] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(text.contains("resource \"a\" \"b\" {"), "{text}");
}

#[test]
fn a_string_stands_for_itself() {
    for text in HOSTILE {
        assert_eq!(unquoted(&quoted(text)).as_deref(), Some(*text), "{}", quoted(text));
    }
}

/// Every short string of the characters that mean something.
#[test]
fn no_combination_becomes_a_template() {
    let alphabet = ['$', '%', '{', '}', '"', '\\', 'n', '\n', 'é'];
    let mut all: Vec<String> = vec![String::new()];
    for _ in 0..5 {
        let longer: Vec<String> = all.iter().flat_map(|text| alphabet.iter().map(move |one| format!("{text}{one}"))).collect();
        for text in &longer {
            assert_eq!(unquoted(&quoted(text)).as_ref(), Some(text), "{}", quoted(text));
        }
        all = longer;
    }
}

/// Terraform itself reads back what was written: strings, keys and pieces of templates, compared by their digests.
#[test]
fn terraform_reads_back_what_was_written() {
    if !terraform() {
        return;
    }
    let mut wanted: Vec<String> = HOSTILE.iter().map(|text| (*text).to_owned()).collect();
    for first in ["$", "%", "{", "}", "\\", "\"", "\n"] {
        for second in ["$", "%", "{", "\\", "u0024"] {
            for third in ["$", "%", "{", "${", "%{"] {
                wanted.push(format!("{first}{second}{third}"));
            }
        }
    }
    let templates = wanted.iter().map(|text| {
        let pieces = vec![Piece::Text(text.clone()), Piece::Expression("local.between".to_owned()), Piece::Text(text.clone())];
        Value::Template(pieces)
    });
    let keys = wanted.iter().enumerate().filter(|(index, text)| !wanted[..*index].contains(text));
    let keys = keys.fold(Object::new(), |object, (_, text)| object.with(text, text.as_str()));
    let body = Body::new()
        .attribute("between", "-")
        .attribute("strings", Value::texts(&wanted))
        .attribute("templates", templates.collect::<Vec<_>>())
        .attribute("keyed", keys);
    let folder = folder("console");
    std::fs::write(folder.join("main.tf"), render(&Body::new().block("locals", &[], body))).expect("a file");
    let digest = |text: &str| {
        Sha256::digest(text).iter().fold(String::new(), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
    };
    let ask = |expression: &str| {
        let (fine, said) = run(&folder, &["console"], &format!("{expression}\n"));
        assert!(fine, "{said}");
        said.trim().trim_matches('"').to_owned()
    };
    let strings: Vec<String> = wanted.iter().map(|text| digest(text)).collect();
    assert_eq!(ask("join(\",\", [for text in local.strings : sha256(text)])"), strings.join(","));
    let templates: Vec<String> = wanted.iter().map(|text| digest(&format!("{text}-{text}"))).collect();
    assert_eq!(ask("join(\",\", [for text in local.templates : sha256(text)])"), templates.join(","));
    assert_eq!(ask("alltrue([for key, text in local.keyed : key == text])"), "true");
}
