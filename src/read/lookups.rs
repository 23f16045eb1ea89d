//! Where code looks up environment variables: Ruby, YAML and pages with Ruby in them, JavaScript, PHP, Python, shell.
//!
//! `ENV.fetch('PORT', 3000)` is a [`Lookup`] of `PORT` that has something to fall back on. Comments do not count, nor does setting one.

mod comments;
mod ruby;
mod script;
mod shell;

use super::lexeme::is_hole;

/// A language that looks up variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Ruby.
    Ruby,
    /// YAML with `<% %>`.
    Yaml,
    /// Any other text with `<% %>`.
    Page,
    /// JavaScript, TypeScript.
    Script,
    /// PHP.
    Php,
    /// Python.
    Python,
    /// POSIX shell and bash.
    Shell,
}

/// One place that looks a variable up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// Line, from 1.
    pub line: u32,
    /// The variable.
    pub name: String,
    /// The code has an answer where it is not set: a default, a test.
    pub has_default: bool,
}

/// Every lookup in `text`, in order.
#[must_use]
pub fn find(language: Language, text: &str) -> Vec<Lookup> {
    let words: &[&str] = match language {
        Language::Ruby | Language::Yaml | Language::Page => &["ENV", "Figaro"],
        Language::Script => &["env"],
        Language::Php => &["env", "_ENV", "_SERVER"],
        Language::Python => &["environ", "getenv"],
        Language::Shell => &["$"],
    };
    // Most files have none.
    if !words.iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    let code = comments::blanked(language, text);
    let mut found = Found { text: &code, all: Vec::new() };
    match language {
        Language::Ruby | Language::Yaml | Language::Page => ruby::find(&mut found),
        Language::Script => script::find(&mut found),
        Language::Php => script::find_php(&mut found),
        Language::Python => script::find_python(&mut found),
        Language::Shell => shell::find(&mut found),
    }
    let mut all = found.all;
    all.sort_by_key(|(at, _)| *at);
    let (mut line, mut done) = (1_u32, 0);
    let mut lookups = Vec::new();
    for (at, lookup) in all {
        line = line.saturating_add(u32::try_from(code[done..at].matches('\n').count()).unwrap_or(0));
        done = at;
        lookups.push(Lookup { line, ..lookup });
    }
    lookups
}

/// What a search has found, by byte.
struct Found<'t> {
    text: &'t str,
    all: Vec<(usize, Lookup)>,
}

impl<'t> Found<'t> {
    fn add(&mut self, at: usize, name: &str, has_default: bool) {
        if is_variable(name) {
            self.all.push((at, Lookup { line: 0, name: name.to_owned(), has_default }));
        }
    }

    /// Every place where `word` stands by itself: its start and what follows.
    fn places(&self, word: &str) -> Vec<(usize, &'t str)> {
        let text = self.text;
        let apart = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
        text.match_indices(word).filter(|(at, _)| apart(*at)).map(|(at, _)| (at, &text[at + word.len()..])).collect()
    }

    /// What stands before byte `at` on its line.
    fn before(&self, at: usize) -> &'t str {
        let head = &self.text[..at];
        &head[head.rfind('\n').map_or(0, |newline| newline + 1)..]
    }
}

/// Whether it can be a variable's name.
fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || is_hole(c))
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || is_hole(c))
}

/// The name that `text` starts with, and what follows.
fn bare(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || is_hole(c))).unwrap_or(text.len()))
}

/// A name in quotes at the start of `text`, and what follows the closing quote.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"' | '`'))?;
    let (name, rest) = bare(&text[1..]);
    Some((name, rest.strip_prefix(quote)?))
}

/// Whether what follows a lookup gives an answer for the case that there is none, or only asks whether there is one.
fn tested(rest: &str) -> bool {
    const AFTER: &[&str] = &[
        "||",
        "??",
        "?:",
        "&&",
        "==",
        "!=",
        "=~",
        "&.",
        "?.",
        "? ",
        "?\n",
        ".present?",
        ".blank?",
        ".nil?",
        ".presence",
        ".try",
        "or ",
        ") or ",
        "and ",
    ];
    let rest = rest.trim_start_matches([' ', '\t', ')']);
    AFTER.iter().any(|word| rest.starts_with(word))
}

/// Whether what stands before a lookup is a question.
fn asked(before: &str) -> bool {
    const BEFORE: &[&str] =
        &["if", "unless", "elsif", "elseif", "!", "not", "isset", "empty", "while", "until", "&&", "defined?", "typeof"];
    let before = before.trim_end_matches([' ', '\t', '(']);
    BEFORE.iter().any(|word| {
        let apart =
            |head: &str| !word.starts_with(char::is_alphabetic) || !head.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
        before.strip_suffix(word).is_some_and(apart)
    })
}

/// Whether what follows sets the variable.
fn sets(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '\t']);
    rest.strip_prefix('=').is_some_and(|more| !more.starts_with(['=', '~', '>']))
}

#[cfg(test)]
mod tests {
    use super::Language::{Page, Php, Python, Ruby, Script, Shell, Yaml};
    use super::{Language, find};

    fn shown(language: Language, text: &str) -> String {
        let mark = |has_default| if has_default { "?" } else { "" };
        find(language, text).iter().map(|one| format!("{}:{}{}", one.line, one.name, mark(one.has_default))).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lookups() {
        for (language, text, expected) in [
            (Ruby, "a = ENV.fetch('REDIS_URL', ENV['X'])", "1:REDIS_URL? 1:X"),
            (Ruby, "ENV.fetch(\"A\") { 1 }\nENV.fetch 'B'\nENV.fetch(\n  'C',\n  2\n)", "1:A? 2:B 3:C?"),
            (Ruby, "ENV['A'] ||= 'b'\nENV['B'] = 'c'\nENV['C'] == 'd'\nENV[ \"D\" ]", "1:A? 3:C? 4:D"),
            (Ruby, "ENV.key?('A'); ENV.values_at('B', \"C\")\nx if ENV['D'].present?\nputs ENV['E'] || 3", "1:A? 1:B 1:C 2:D? 3:E?"),
            (Ruby, "# ENV['A']\nx # ENV['B']\n=begin\nENV['C']\n=end\n\"#{ENV['D']}\"\nENV[name]\n__END__\nENV['E']", "6:D"),
            (Ruby, "Figaro.env.stripe_key\nFigaro.env.a!\nFigaro.env.b?", "1:stripe_key 2:a 3:b?"),
            (Ruby, "%w[A B].each { |x| x }; MY_ENV['A']; ::ENV['B']; Rails.env", "1:B"),
            (Yaml, "a: <%= ENV['A'] %>\n# b: <%= ENV['B'] %>\nc: <%# ENV['C'] %>\nd: \"<%= ENV.fetch('D') { 1 } %>\"", "1:A 4:D?"),
            (Page, "<p># <%= ENV['A'] %></p><%# ENV['B'] %>", "1:A"),
            (Script, "process.env.PORT || 3000 // process.env.A\n/* process.env.B */ 'http://x', process.env['C']", "1:PORT? 2:C"),
            (
                Script,
                "const { A, B = 'x', C: d } = process.env;\nprocess.env.D = 1;\nif (process.env.E) {}\nnew X(process.env.F);",
                "1:A 1:B? 1:C 3:E? 4:F",
            ),
            (Script, "const {\n  A,\n  ...rest\n} = process.env", "2:A"),
            (
                Php,
                "getenv('A') ?: 'x'; # getenv('Z')\n$_ENV['B']; $_SERVER['C']; $_SERVER['HTTP_HOST']; env('D', 1); env('E')",
                "1:A? 2:B 2:C 2:D? 2:E",
            ),
            (Python, "os.environ['A']\nos.environ.get('B', 1)\nos.getenv('C') # os.environ['D']\nos.environ['E'] = 1", "1:A 2:B? 3:C"),
            (Shell, "B=1\necho $A \"${B}\" ${CC:-1} '$DD' # $EE\nif [ -z \"$FF\" ]; then", "2:CC? 3:FF?"),
            (Shell, "curl $TOKEN_A $1 $? $(date) ${HOST_B}/x", "1:TOKEN_A 1:HOST_B"),
        ] {
            assert_eq!(shown(language, text), expected, "{text}");
        }
    }
}
