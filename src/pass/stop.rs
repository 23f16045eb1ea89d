//! How services were kept running and how hosts went down: in a cluster that is its own work.

use crate::graph::Lifecycle;
use crate::outcome::Fate;
use crate::pass::label::label;
use crate::pass::{Input, Sink};

/// Daemons that watch over others.
const SUPERVISORS: &[&str] = &["monit", "supervisor", "supervisord", "runit", "runsvdir-start", "bluepill", "god", "eye"];

/// Services without a file of their own that are programs of a known name: processes of the image.
pub fn daemons(input: &Input<'_>, processes: &[crate::blueprint::Process], sink: &mut Sink) {
    for (item, resource) in input.items() {
        if resource.kind != "service" || sink.is_claimed(item) {
            continue;
        }
        let name = resource.text_or_name("service_name").to_string();
        if SUPERVISORS.contains(&name.as_str()) {
            sink.claim(item, Fate::Absorbed, "", "the cluster starts processes and starts them again");
            continue;
        }
        // A service whose unit was found is that process.
        let ours =
            processes.iter().any(|process| process.origin.iter().any(|origin| origin.what.contains(&name)) || process.name == label(&name));
        if ours {
            let stops = input.occurrences(item).all(|(run, _)| matches!(run.event, Lifecycle::Shutdown | Lifecycle::Undeploy));
            let why =
                if stops { "the cluster stops it: SIGTERM, then its grace period" } else { "the process runs as a container of its own" };
            sink.claim(item, Fate::Translated, format!("process {name}"), why);
        }
    }
}

/// What ran while a host went down: waiting for the load balancer and for work under way is the pod's grace period.
pub fn shutdown(input: &Input<'_>, processes: &mut [crate::blueprint::Process], sink: &mut Sink) {
    for (item, resource) in input.items() {
        let only = input.occurrences(item).all(|(run, _)| run.event == Lifecycle::Shutdown);
        if !only || sink.is_claimed(item) {
            continue;
        }
        if resource.kind != "execute" && resource.kind != "bash" {
            continue;
        }
        let line = if resource.kind == "execute" { resource.text_or_name("command") } else { resource.text("code").unwrap_or_default() };
        let line = line.to_string();
        let seconds = line.split_once("sleep ").and_then(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok());
        let stops = ["monit", "kill", "stop", "quiet", "TSTP", "TERM"].iter().any(|word| line.contains(word));
        match seconds {
            Some(seconds) if !stops => {
                for process in processes.iter_mut().filter(|process| process.role == crate::blueprint::Role::Web) {
                    process.drain_seconds = seconds;
                    process.origin.extend(input.origin(item));
                }
                sink.claim(item, Fate::Translated, "preStop", "the pod waits as long before it stops, so that the load balancer lets go");
            }
            _ if stops => {
                sink.claim(item, Fate::Translated, "terminationGracePeriodSeconds", "SIGTERM, and the grace period of each process")
            }
            _ => {}
        }
    }
}
