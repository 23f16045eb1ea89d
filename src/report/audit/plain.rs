//! An audit whose words come from hostile files, for formats in which a character can do something: move the cursor, turn the text round.
//!
//! In: an [`Audit`]. Out: the same one; `a\u{1b}[2Jb.rb` is `a�[2Jb.rb` in it, and what would begin a new line is a space.

use super::{Audit, Finding, Forecast, Reason, Repository};

impl Audit {
    /// The same audit with words of one line each, in which no character is for the terminal.
    #[must_use]
    pub fn plain(&self) -> Self {
        let mut audit = self.clone();
        audit.repositories.iter_mut().for_each(|one| one.words(&mut |word| *word = plain(word)));
        audit
    }
}

/// Characters that are shown, and spaces: no control characters, none that change the direction of what follows, no invisible ones.
fn plain(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => '\u{FFFD}',
        _ if c.is_control() => '\u{FFFD}',
        _ => c,
    };
    text.chars().map(shown).collect()
}

type Change<'a> = &'a mut dyn FnMut(&mut String);

impl Repository {
    /// Everything in here that comes from files.
    fn words(&mut self, change: Change<'_>) {
        change(&mut self.name);
        self.failure.iter_mut().for_each(&mut *change);
        self.findings.iter_mut().for_each(|one| one.words(change));
        for one in &mut self.allowed {
            one.finding.words(change);
            change(&mut one.reason);
        }
        for one in &mut self.unread {
            change(&mut one.path);
            change(&mut one.why);
        }
        for cookbook in &mut self.cookbooks {
            change(&mut cookbook.name);
            change(&mut cookbook.path);
            cookbook.reasons.iter_mut().for_each(|one| one.words(change));
            for recipe in &mut cookbook.recipes {
                change(&mut recipe.name);
                change(&mut recipe.path);
                recipe.reasons.iter_mut().for_each(|one| one.words(change));
            }
        }
        self.forecast.iter_mut().for_each(|one| one.words(change));
        self.first.iter_mut().flat_map(|one| &mut one.places).for_each(&mut *change);
        for one in &mut self.past {
            change(&mut one.what);
            one.places.iter_mut().for_each(&mut *change);
        }
        for one in &mut self.secrets {
            [&mut one.path, &mut one.kind, &mut one.name].into_iter().for_each(&mut *change);
        }
        for one in &mut self.hosts {
            change(&mut one.name);
            change(&mut one.first);
        }
        for one in &mut self.missing {
            change(&mut one.name);
            change(&mut one.first);
        }
    }
}

impl Finding {
    fn words(&mut self, change: Change<'_>) {
        change(&mut self.path);
        change(&mut self.message);
        self.snippet.iter_mut().for_each(change);
    }
}

impl Reason {
    fn words(&mut self, change: Change<'_>) {
        change(&mut self.why);
        change(&mut self.path);
    }
}

impl Forecast {
    fn words(&mut self, change: Change<'_>) {
        for items in [&mut self.images, &mut self.processes, &mut self.schedules, &mut self.volumes, &mut self.stores] {
            for item in items {
                change(&mut item.name);
                change(&mut item.what);
            }
        }
        self.notes.iter_mut().for_each(change);
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn characters_for_terminals_are_replaced() {
        assert_eq!(plain("a\u{1b}[2J\u{202e}b\r\nc\u{7}"), "a\u{FFFD}[2J\u{FFFD}b  c\u{FFFD}");
        assert_eq!(plain("größer 漢字 👍"), "größer 漢字 👍");
    }
}
