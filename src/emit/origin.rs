//! Comments that say where a line comes from: `cookbooks/web/recipes/default.rb:12 package[nginx]`.

use crate::blueprint::Origin;

/// How many places a comment names before it says how many more there are.
const SHOWN: usize = 3;

/// One comment line per origin, at most three and a count.
#[must_use]
pub fn lines(origins: &[Origin]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for origin in origins {
        let line = one_line(&format!("{} {}", origin.location, origin.what));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if lines.len() > SHOWN {
        let more = lines.len() - SHOWN;
        lines.truncate(SHOWN);
        lines.push(format!("and {more} more"));
    }
    lines
}

/// All origins on one line: `a.rb:1 package[x]; b.rb:2 package[x]`.
#[must_use]
pub fn short(origins: &[Origin]) -> String {
    lines(origins).join("; ")
}

/// `text` without anything that could end a comment's line.
#[must_use]
pub fn one_line(text: &str) -> String {
    let line: String =
        text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') { ' ' } else { c }).collect();
    line.trim_end_matches(['\\', ' ']).to_owned()
}
