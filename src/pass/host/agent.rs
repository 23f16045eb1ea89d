//! Agents of the hosts that read logs or measure: the cluster has its own, and what they were told is kept for whoever sets it up.
//!
//! In: the files below their folders. Out: the same files below `container/agents`, part of no image. Values that only a running host
//! knows, and secrets, stand there by name.

use std::collections::BTreeSet;

use crate::blueprint::Artifact;
use crate::graph::{FileKind, Lifecycle};
use crate::pass::{Input, Sink};

use super::table;

/// Keeps the agents' configuration and claims it.
pub fn run(input: &Input<'_>, sink: &mut Sink) -> Vec<Artifact> {
    let mut kept: Vec<Artifact> = Vec::new();
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    for file in input.files() {
        let alive = input.graph.runs.get(file.run).is_some_and(|run| !matches!(run.event, Lifecycle::Undeploy | Lifecycle::Shutdown));
        let Some((fate, why, task)) =
            table::of_agent(file.path).filter(|_| alive && !sink.is_claimed(file.item) || seen.contains(&file.item))
        else {
            continue;
        };
        let FileKind::File(text) = &file.state.kind else { continue };
        let path = format!("agents{}", file.path);
        if !kept.iter().any(|known| known.path == path) {
            kept.push(Artifact { path: path.clone(), content: text.to_string(), mode: 0o644 });
        }
        seen.insert(file.item);
        sink.claim(file.item, fate, format!("container/{path}"), format!("{why}; what it was told is kept"));
        let task = if task.is_empty() { "set the cluster's monitoring up as the hosts' agents were" } else { task };
        sink.task(
            task,
            format!("{why}; the configuration of the hosts' agents is kept in `container/agents`"),
            input.origin(file.item).into_iter().collect(),
        );
    }
    kept
}
