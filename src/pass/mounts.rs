//! Disks and shares that recipes mount: volumes of the processes that name the folder, and data that somebody must move.
//!
//! `mount '/data' do device '/dev/xvdf' …` is a persistent volume at `/data`; an instance's own disk is scratch space.

use crate::blueprint::{Process, Volume};
use crate::outcome::Fate;
use crate::pass::label::label;
use crate::pass::{Input, Sink};

/// Gives the processes their volumes and claims the `mount` resources.
pub fn run(input: &Input<'_>, processes: &mut [Process], sink: &mut Sink) {
    for (number, resource) in input.items() {
        let goes = resource.does("umount") || resource.does("unmount") || resource.does("disable");
        if resource.kind != "mount" || sink.is_claimed(number) || goes {
            continue;
        }
        let point = resource.text_or_name("mount_point").to_string();
        let point = point.trim_end_matches('/').to_owned();
        let kind = resource.known("fstype").unwrap_or_default();
        let device = resource.text("device").map(|device| device.to_string()).unwrap_or_default();
        if matches!(kind.as_str(), "tmpfs" | "swap" | "proc" | "sysfs" | "cgroup" | "autofs" | "none") || !point.starts_with('/') {
            continue;
        }
        let path = input.image_path(&point);
        let shared = kind.starts_with("nfs") || kind.starts_with("efs") || kind == "cifs" || device.contains(":/");
        // The disk of an instance is empty at every start.
        let scratch =
            device.contains("ephemeral") || point.starts_with("/mnt/ephemeral") || point == "/mnt" || point.starts_with("/media/ephemeral");
        let origin: Vec<_> = input.origin(number).into_iter().collect();
        let mut users: Vec<String> = Vec::new();
        for process in processes.iter_mut().filter(|process| names(process, &path)) {
            users.push(process.name.clone());
            if !process.volumes.iter().any(|known| known.path == path) {
                process.volumes.push(Volume {
                    name: label(path.trim_start_matches('/')),
                    path: path.clone(),
                    size_gib: None,
                    persistent: !scratch,
                    origin: origin.clone(),
                });
            }
        }
        let what = if shared { "a share" } else { "a disk" };
        if scratch {
            sink.claim(number, Fate::Host, "", "the instance's own disk: scratch space of a pod");
        } else if users.is_empty() {
            sink.claim(number, Fate::Manual, "", format!("{what} of the host; no process names `{path}`"));
            sink.task(format!("Decide where the data of `{point}` lives"), format!("the hosts mounted {what} there: {device}"), origin);
        } else {
            sink.claim(number, Fate::Translated, format!("volume of {}", users.join(", ")), "a persistent volume");
            let class =
                if shared { "it is shared by hosts: a claim that many nodes can write to" } else { "the hosts mounted a disk there" };
            sink.task(format!("Move the data of `{point}` into its volume"), format!("{class}: {device}"), origin);
        }
    }
}

/// Whether a process's command, directory, variables or other volumes name the folder.
fn names(process: &Process, path: &str) -> bool {
    let inside = |text: &str| crate::pass::unit::names_root(text, &[path.to_owned()]);
    process.command.values.iter().flatten().flatten().any(|word| inside(word))
        || process.directory.as_deref().is_some_and(inside)
        || process.variables.values().flat_map(|value| value.values.iter().flatten()).any(|value| inside(value))
}
