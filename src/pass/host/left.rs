//! What no pass has taken: a fate for every built-in type, and a task that says what there is to decide.

use crate::graph::{Lifecycle, Resource, Status};
use crate::outcome::Fate;
use crate::pass::host::{path, script};
use crate::pass::{Input, Sink};

/// Claims what is left of the resources that act; never as translated.
pub fn claim_defaults(input: &Input<'_>, sink: &mut Sink) {
    super::status::idle(input, sink);
    for (number, resource) in input.items() {
        let acts = input.occurrences(number).any(|(_, resource)| resource.status == Status::Run);
        if sink.is_claimed(number) || !acts {
            continue;
        }
        let shutdown = input.occurrences(number).all(|(run, _)| run.event == Lifecycle::Shutdown);
        let (fate, why, task) = default(resource, shutdown);
        sink.claim(number, fate, "", why.clone());
        if !task.is_empty() {
            sink.task(task, why, input.origin(number).into_iter().collect());
        }
    }
}

/// Fate, why and task.
fn default(resource: &Resource, shutdown: bool) -> (Fate, String, String) {
    let reference = resource.reference();
    if shutdown && (resource.kind == "service" || script(resource).is_some_and(|text| is_stop(&text))) {
        return (Fate::Absorbed, "the orchestrator stops processes by a signal".to_owned(), String::new());
    }
    if shutdown {
        let task = format!("decide whether a `preStop` hook must do what `{reference}` did");
        return (Fate::Manual, "it ran before a host stopped".to_owned(), task);
    }
    let manual = |why: &str, task: String| (Fate::Manual, why.to_owned(), task);
    if is_removal(resource) {
        return (Fate::Absorbed, "a new image has nothing to remove".to_owned(), String::new());
    }
    match resource.kind.as_str() {
        "group" | "user" => (Fate::Absorbed, "no process runs as it, no file belongs to it".to_owned(), String::new()),
        "service" | "systemd_unit" | "runit_service" => manual(
            "a service that no process was made of",
            format!("decide whether `{reference}` runs as a container of its own, and with which command"),
        ),
        "execute" | "bash" | "script" | "csh" | "ksh" | "perl" | "python" | "ruby" => manual(
            "a command whose effect on an image is not known",
            format!("decide whether `{reference}` belongs into the image, into a job, or nowhere"),
        ),
        "git" | "subversion" | "deploy" | "deploy_revision" | "deploy_branch" | "scm" => {
            manual("a checkout that is not the app's", format!("decide where the source of `{reference}` comes from in the build"))
        }
        "cron" | "cron_d" => manual("an entry that no schedule was made of", format!("decide whether `{reference}` runs as a CronJob")),
        "package" | "apt_package" | "yum_package" | "dnf_package" => {
            manual("a daemon that no process was made of", format!("decide which container runs what `{reference}` brings"))
        }
        _ if path(resource).is_some() => {
            manual("a file that no container is known to read", format!("decide which container reads `{reference}`, or leave it out"))
        }
        kind => manual(&format!("nothing is known of what `{kind}` means for a container"), format!("decide what `{reference}` comes to")),
    }
}

/// It only takes something away.
fn is_removal(resource: &Resource) -> bool {
    let actions = if resource.ran.is_empty() { &resource.actions } else { &resource.ran };
    !actions.is_empty()
        && actions.iter().all(|action| matches!(action.as_str(), "delete" | "remove" | "purge" | "uninstall" | "disable" | "unmount"))
}

/// The script ends processes, or waits.
fn is_stop(text: &str) -> bool {
    ["sleep ", "kill ", "pkill ", "systemctl stop", "service ", "monit ", " stop", "stop ", " quiet"].iter().any(|part| text.contains(part))
}
