//! Checkouts that are not the app's: tools and libraries that a cookbook fetches with Git while a host is set up.
//!
//! In: `git '/opt/tool' { repository 'https://code.example/tool.git'; revision 'v2' }`. Out: an `ADD` of that revision, in Chef's order.

use crate::blueprint::{Action, Stage, Step};
use crate::facts::address;
use crate::graph::{Lifecycle, Status};
use crate::outcome::Fate;
use crate::pass::{Input, Sink};

/// Makes steps of the checkouts that no other pass took.
pub fn run(input: &Input<'_>, sink: &mut Sink) -> Vec<(usize, Step)> {
    let mut steps = Vec::new();
    for (number, resource) in input.items() {
        let setup = input.occurrences(number).any(|(run, _)| run.event == Lifecycle::Setup);
        if resource.kind != "git" || sink.is_claimed(number) || !matches!(resource.status, Status::Run) || !setup {
            continue;
        }
        let origin: Vec<_> = input.origin(number).into_iter().collect();
        let mut by_hand = |why: String| {
            sink.claim(number, Fate::Manual, "", why.clone());
            sink.task(format!("Decide where the source of `{}` comes from in the build", resource.reference()), why, origin.clone());
        };
        let to = resource.text_or_name("destination");
        let (Some(to), Some(url)) =
            (to.known().filter(|to| to.starts_with('/')), resource.known("repository").filter(|url| !url.is_empty()))
        else {
            by_hand("where it comes from or goes to is not known before a host runs".to_owned());
            continue;
        };
        if !resource.conditions.is_empty() {
            let words: Vec<&str> = resource.conditions.iter().map(|condition| condition.text.as_str()).collect();
            by_hand(format!("it is made only under a condition that is not known: {}", words.join("; ")));
            continue;
        }
        if let Some(why) = address::reason(&url) {
            by_hand(format!("its address no longer answers: {why}"));
            continue;
        }
        if has_password(&url) {
            by_hand("its address holds a password".to_owned());
            continue;
        }
        let revision = match resource.text("revision") {
            None => String::new(),
            Some(revision) => match revision.known() {
                Some("HEAD") => String::new(),
                Some(revision) => revision.to_owned(),
                None => {
                    by_hand(format!("its revision is not known: {revision}"));
                    continue;
                }
            },
        };
        let why = if revision.is_empty() || revision == "master" || revision == "main" {
            "checked out when the image is built; it names no fixed revision, as before"
        } else {
            "checked out when the image is built"
        };
        let action = Action::Checkout {
            url: over_https(&url),
            revision,
            to: to.to_owned(),
            owner: resource.known("user"),
            group: resource.known("group"),
        };
        steps.push((number, Step { stage: Stage::Dependencies, action, origin: origin.clone(), note: None }));
        sink.claim(number, Fate::Translated, "Dockerfile", why);
    }
    steps
}

/// GitHub answers Git's own protocol no more, since 2022.
fn over_https(url: &str) -> String {
    url.strip_prefix("git://github.com/").map_or_else(|| url.to_owned(), |path| format!("https://github.com/{path}"))
}

/// `https://token@code.example/a.git`; the user of an SSH address is no secret.
fn has_password(url: &str) -> bool {
    let behind = url.split_once("://").filter(|(scheme, _)| *scheme != "ssh").map_or("", |(_, rest)| rest);
    behind.split('/').next().is_some_and(|host| host.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(over_https("git://github.com/a/b.git"), "https://github.com/a/b.git");
        assert_eq!(over_https("git@github.com:a/b.git"), "git@github.com:a/b.git");
        assert!(has_password("https://x:y@code.example/a.git") && !has_password("ssh://git@code.example/a.git"));
    }
}
