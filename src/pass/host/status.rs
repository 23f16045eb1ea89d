//! Resources by what the converge made of them: skipped by a guard, never asked for, failed, unknown, expanded into others.

use crate::graph::Status;
use crate::outcome::Fate;
use crate::pass::{Input, Sink};

/// Claims resources that never act: a guard says no everywhere, or nobody notifies them.
pub fn idle(input: &Input<'_>, sink: &mut Sink) {
    for number in 0..input.items.list.len() {
        let mut guard: Option<String> = None;
        let mut acts = false;
        for (_, resource) in input.occurrences(number) {
            match &resource.status {
                Status::Skipped(words) => guard = guard.or_else(|| Some(words.clone())),
                Status::Idle => {}
                _ => acts = true,
            }
        }
        // What other images' hosts declare has nothing to do with these.
        if acts || input.occurrences(number).next().is_none() {
            continue;
        }
        let why = match guard {
            Some(words) if words.is_empty() => "a guard says no".to_owned(),
            Some(words) => format!("a guard says no: {words}"),
            None => "`action :nothing`, and nothing notifies it".to_owned(),
        };
        sink.claim(number, Fate::Skipped, "", why);
    }
}

/// Claims what only its status says something of, after all passes: unknown types, failures, custom resources by their inner resources.
pub fn rest(input: &Input<'_>, sink: &mut Sink) {
    idle(input, sink);
    // Inner resources follow their custom resource: from the end, every custom resource finds its inner ones claimed.
    for number in (0..input.items.list.len()).rev() {
        if sink.is_claimed(number) {
            continue;
        }
        let statuses: Vec<&Status> = input.occurrences(number).map(|(_, resource)| &resource.status).collect();
        let reference = input.items.list.get(number).map_or_else(String::new, |item| item.reference.clone());
        let origin = || input.origin(number).into_iter().collect();
        if let Some(Status::Failed(message)) = statuses.iter().find(|status| matches!(status, Status::Failed(_))) {
            let why = format!("evaluating it failed: {message}");
            sink.task(format!("decide what `{reference}` comes to"), why.clone(), origin());
            sink.claim(number, Fate::Manual, "", why);
        } else if statuses.iter().any(|status| matches!(status, Status::Expanded)) {
            expanded(input, sink, number);
        } else if statuses.iter().any(|status| matches!(status, Status::Unknown)) {
            let kind = input.resource(number).map_or("", |resource| resource.kind.as_str());
            let why = format!("no cookbook of the input defines `{kind}`");
            sink.task(format!("add the cookbook that defines `{kind}`, or decide what it comes to"), why.clone(), origin());
            sink.claim(number, Fate::Unknown, "", why);
        }
    }
}

/// A custom resource goes where its inner resources went.
fn expanded(input: &Input<'_>, sink: &mut Sink, number: usize) {
    let mut to: Vec<String> = Vec::new();
    let mut fates: Vec<Fate> = Vec::new();
    let Some(item) = input.items.list.get(number) else { return };
    for (run, resource) in &item.occurrences {
        let Some(inside) = input.graph.runs.get(*run) else { continue };
        for (inner, _) in inside.resources.iter().enumerate().filter(|(_, inner)| inner.within == Some(*resource)) {
            let Some(claim) = input.items.number(*run, inner).and_then(|inner| sink.get(inner)) else { continue };
            fates.push(claim.fate);
            for place in &claim.to {
                if !to.contains(place) {
                    to.push(place.clone());
                }
            }
        }
    }
    fates.sort_unstable();
    fates.dedup();
    let (fate, why) = match fates.as_slice() {
        [] => (Fate::Absorbed, "it declares nothing in these runs"),
        [Fate::Skipped] => (Fate::Skipped, "every resource inside is skipped by a guard"),
        [only] if *only != Fate::Translated => (*only, "as its inner resources"),
        fates if fates.contains(&Fate::Translated) => (Fate::Translated, "its inner resources are what it does"),
        fates if fates.contains(&Fate::Manual) => (Fate::Manual, "one of its inner resources needs a decision"),
        fates if fates.contains(&Fate::Unknown) => (Fate::Unknown, "one of its inner resources is not known"),
        fates if fates.contains(&Fate::Host) => (Fate::Host, "its inner resources concern the host"),
        _ => (Fate::Absorbed, "its inner resources are not needed"),
    };
    sink.claim(number, fate, "", why);
    for place in to {
        sink.claim(number, fate, place, why);
    }
}
