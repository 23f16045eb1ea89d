//! The hosts' time zone: `/etc/localtime`, `/etc/timezone`, the `timezone` resource, `timedatectl`.
//!
//! `link '/etc/localtime' { to '/usr/share/zoneinfo/Asia/Tokyo' }` gives `Asia/Tokyo`.

use crate::blueprint::Origin;
use crate::graph::Resource;
use crate::outcome::Fate;
use crate::pass::host::script;
use crate::pass::{Input, Sink};

/// The zone that most runs set, with the places that set it.
#[must_use]
pub fn time_zone(input: &Input<'_>) -> Option<(String, Vec<Origin>)> {
    let mut zones: Vec<(String, usize)> = Vec::new();
    let mut count = |zone: String| match zones.iter_mut().find(|(known, _)| *known == zone) {
        Some((_, number)) => *number += 1,
        None => zones.push((zone, 1)),
    };
    for (_, run) in input.runs() {
        match &run.time_zone {
            Some(zone) => count(zone.clone()),
            None => run.resources.iter().filter_map(of_command).for_each(&mut count),
        }
    }
    // Of equally frequent ones the first, so that the result does not depend on anything else.
    let most = zones.iter().map(|(_, number)| *number).max()?;
    let zone = zones.into_iter().find(|(_, number)| *number == most).map(|(zone, _)| zone)?;
    let origin = input.items().filter(|(_, resource)| sets(resource)).filter_map(|(number, _)| input.origin(number)).collect();
    Some((zone, origin))
}

/// Claims a resource that sets the zone.
pub fn claim(sink: &mut Sink, number: usize, resource: &Resource) {
    if sets(resource) {
        sink.claim(number, Fate::Translated, "Dockerfile", "`TZ` in the image, `timeZone` in every CronJob");
    }
}

/// Whether the resource sets the time zone.
fn sets(resource: &Resource) -> bool {
    let path = super::path(resource);
    matches!(path.as_deref(), Some("/etc/localtime" | "/etc/timezone" | "/etc/sysconfig/clock" | "/etc/TZ"))
        || resource.kind == "timezone"
        || resource.kind == "timezone_iii"
        || of_command(resource).is_some()
        || script(resource).is_some_and(|text| text.trim_end().ends_with("tzdata") && text.contains("dpkg-reconfigure"))
}

/// The zone that a command sets.
fn of_command(resource: &Resource) -> Option<String> {
    let text = script(resource)?;
    let zone = |rest: &str| -> Option<String> {
        let word = rest.trim_start_matches([' ', '\'', '"']);
        let word: String = word.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+')).collect();
        (word.contains('/') || word == "UTC").then_some(word)
    };
    if let Some((_, rest)) = text.split_once("timedatectl set-timezone") {
        return zone(rest);
    }
    if text.contains("/etc/localtime") {
        return text.split_once("/zoneinfo/").and_then(|(_, rest)| zone(rest));
    }
    if text.contains("/etc/timezone") {
        return text.split_once("echo ").and_then(|(_, rest)| zone(rest));
    }
    None
}
