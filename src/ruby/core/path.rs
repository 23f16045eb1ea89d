//! Paths as text: joining, splitting, normalising, matching. Nothing here looks at files.

/// `File.join(left, right)`
#[must_use]
pub fn join(left: &str, right: &str) -> String {
    if right.starts_with('/') {
        format!("{}{right}", left.trim_end_matches('/'))
    } else if left.ends_with('/') {
        format!("{left}{right}")
    } else {
        format!("{left}/{right}")
    }
}

/// `File.basename(path)`
#[must_use]
pub fn basename(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() && !path.is_empty() {
        return "/";
    }
    trimmed.rsplit('/').next().unwrap_or("")
}

/// `File.basename(path, suffix)`
#[must_use]
pub fn basename_without<'a>(path: &'a str, suffix: &str) -> &'a str {
    let name = basename(path);
    if suffix == ".*" {
        return match name.rfind('.') {
            Some(0) | None => name,
            Some(index) => &name[..index],
        };
    }
    name.strip_suffix(suffix).filter(|rest| !rest.is_empty()).unwrap_or(name)
}

/// `File.dirname(path)`
#[must_use]
pub fn dirname(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() {
        return if path.is_empty() { "." } else { "/" };
    }
    match trimmed.rfind('/') {
        None => ".",
        Some(index) => {
            let above = trimmed[..index].trim_end_matches('/');
            if above.is_empty() { "/" } else { above }
        }
    }
}

/// `File.extname(path)`
#[must_use]
pub fn extname(path: &str) -> &str {
    let name = basename(path);
    let body = name.trim_start_matches('.');
    let hidden = name.len() - body.len();
    match body.rfind('.') {
        Some(index) if index > 0 => &name[hidden + index..],
        _ => "",
    }
}

/// `File.expand_path(path, base)`: absolute where `base` is.
#[must_use]
pub fn expand(path: &str, base: &str) -> String {
    let whole = if path.starts_with('/') { path.to_owned() } else { join(base, path) };
    let absolute = whole.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.last().is_some_and(|last| *last != "..") {
                    parts.pop();
                } else if !absolute {
                    parts.push("..");
                }
            }
            name => parts.push(name),
        }
    }
    let joined = parts.join("/");
    if absolute { format!("/{joined}") } else { joined }
}

/// `File::FNM_NOESCAPE`
pub const NO_ESCAPE: i64 = 1;
/// `File::FNM_PATHNAME`
pub const PATHNAME: i64 = 2;
/// `File::FNM_DOTMATCH`
pub const DOT_MATCH: i64 = 4;
/// `File::FNM_CASEFOLD`
pub const CASE_FOLD: i64 = 8;
/// `File::FNM_EXTGLOB`
pub const EXTENDED: i64 = 16;

/// `File.fnmatch(pattern, path, flags)`
#[must_use]
pub fn fnmatch(pattern: &str, path: &str, flags: i64) -> bool {
    let fold = |text: &str| if flags & CASE_FOLD == 0 { text.to_owned() } else { text.to_lowercase() };
    let path: Vec<char> = fold(path).chars().collect();
    let patterns = if flags & EXTENDED == 0 { vec![pattern.to_owned()] } else { braces(pattern) };
    patterns.iter().any(|pattern| {
        let pattern: Vec<char> = fold(pattern).chars().collect();
        let mut budget = 200_000;
        if flags & PATHNAME == 0 {
            segment(&pattern, &path, flags, true, &mut budget)
        } else {
            let split = |text: &[char]| -> Vec<Vec<char>> { text.split(|c| *c == '/').map(<[char]>::to_vec).collect() };
            segments(&split(&pattern), &split(&path), flags, &mut budget)
        }
    })
}

/// The patterns that `{a,b}` stands for.
#[must_use]
pub fn braces(pattern: &str) -> Vec<String> {
    let mut open = None;
    let mut depth = 0;
    let mut commas = Vec::new();
    let mut escaped = false;
    for (index, character) in pattern.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match character {
            '\\' => escaped = true,
            '{' => {
                depth += 1;
                if depth == 1 {
                    open = Some(index);
                    commas.clear();
                }
            }
            ',' if depth == 1 => commas.push(index),
            '}' if depth > 0 => {
                depth -= 1;
                if let (0, Some(start)) = (depth, open) {
                    let mut cuts = vec![start];
                    cuts.extend(&commas);
                    cuts.push(index);
                    let all = cuts.windows(2).flat_map(|pair| {
                        let choice = &pattern[pair[0] + 1..pair[1]];
                        braces(&format!("{}{choice}{}", &pattern[..start], &pattern[index + 1..]))
                    });
                    return all.take(1000).collect();
                }
            }
            _ => {}
        }
    }
    vec![pattern.to_owned()]
}

fn segments(pattern: &[Vec<char>], path: &[Vec<char>], flags: i64, budget: &mut u32) -> bool {
    *budget = budget.saturating_sub(1);
    if *budget == 0 {
        return false;
    }
    match pattern.split_first() {
        None => path.is_empty(),
        Some((first, rest)) if first.as_slice() == ['*', '*'] && !rest.is_empty() => {
            segments(rest, path, flags, budget)
                || path.split_first().is_some_and(|(name, below)| {
                    let hidden = name.first() == Some(&'.') && flags & DOT_MATCH == 0;
                    !below.is_empty() && !hidden && segments(pattern, below, flags, budget)
                })
        }
        Some((first, rest)) => path
            .split_first()
            .is_some_and(|(name, below)| segment(first, name, flags, true, budget) && segments(rest, below, flags, budget)),
    }
}

/// Matches text without regard to slashes; `start`: a leading dot must be written out here.
fn segment(pattern: &[char], text: &[char], flags: i64, start: bool, budget: &mut u32) -> bool {
    *budget = budget.saturating_sub(1);
    if *budget == 0 {
        return false;
    }
    let hidden = start && text.first() == Some(&'.') && flags & DOT_MATCH == 0;
    let Some((first, rest)) = pattern.split_first() else { return text.is_empty() };
    match first {
        '*' => {
            if hidden {
                return false;
            }
            (0..=text.len()).any(|skip| segment(rest, &text[skip..], flags, false, budget))
        }
        '?' => !hidden && !text.is_empty() && segment(rest, &text[1..], flags, false, budget),
        '[' => {
            let Some((character, after)) = text.split_first() else { return false };
            match class(rest, *character) {
                Some((matched, rest)) => !hidden && matched && segment(rest, after, flags, false, budget),
                None => false,
            }
        }
        '\\' if flags & NO_ESCAPE == 0 && !rest.is_empty() => {
            text.first() == rest.first() && segment(&rest[1..], &text[1..], flags, false, budget)
        }
        literal => text.first() == Some(literal) && segment(rest, &text[1..], flags, false, budget),
    }
}

/// Whether `character` is in the class whose pattern starts behind `[`, and what follows its `]`.
fn class(pattern: &[char], character: char) -> Option<(bool, &[char])> {
    let negated = matches!(pattern.first(), Some('!' | '^'));
    let mut index = usize::from(negated);
    let mut matched = false;
    loop {
        let mut low = *pattern.get(index)?;
        if low == ']' && index > usize::from(negated) {
            return Some((matched != negated, &pattern[index + 1..]));
        }
        if low == '\\' {
            index += 1;
            low = *pattern.get(index)?;
        }
        let mut high = low;
        if pattern.get(index + 1) == Some(&'-') && pattern.get(index + 2).is_some_and(|c| *c != ']') {
            high = *pattern.get(index + 2)?;
            index += 2;
        }
        matched |= (low..=high).contains(&character);
        index += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{basename_without, dirname, expand, extname, fnmatch, join};

    #[test]
    fn paths_as_in_ruby() {
        assert_eq!([join("a//", "//b"), join("", "a"), join("a///", "b"), join("a//", "/b")], ["a//b", "/a", "a///b", "a/b"]);
        assert_eq!([dirname("//a"), dirname("a//b"), dirname(""), dirname("/a//b///")], ["/", "a", ".", "/a"]);
        assert_eq!(["a.rb.", "a.", ".a.b"].map(|name| basename_without(name, ".*")), ["a.rb", "a", ".a"]);
        assert_eq!([".a.b", "a.b/", "a.", "..a", "a..b", ".."].map(extname), [".b", ".b", ".", "", ".b", ""]);
        assert_eq!([expand("a//b/../c/.", "/x"), expand("/..", "/"), expand("", "/x")], ["/x/a/c", "/", "/x"]);
        assert!(!fnmatch("**/foo", "a/.b/foo", 2) && fnmatch("**/foo", "foo", 2) && !fnmatch("*", "a/b", 2));
        assert!(fnmatch("*.{rb,py}", "a.rb", 16) && fnmatch("\\*", "*", 0) && fnmatch("[^a-c]", "d", 0) && !fnmatch("*", ".a", 0));
    }
}
