//! Log files of the app become the container's output: in a container nothing follows, rotates or keeps a file.
//!
//! In: what the hosts' log agents followed, the project. Out: a link for each. `path /srv/www/shop/shared/log/events.log` of an agent
//! makes `/app/log/events.log` a link to `/dev/stdout`. A Rails app that cannot be told by `RAILS_LOG_TO_STDOUT` gets one for its own log.

use std::collections::BTreeMap;

use crate::blueprint::{Action, Origin, Stage, Step};
use crate::graph::FileKind;
use crate::pass::app_root::WORKDIR;
use crate::pass::host::table;
use crate::pass::{Input, input};
use crate::project::Project;

/// Libraries that send the log of Rails to the output.
const LIBRARIES: &[&str] = &["rails_12factor", "rails_stdout_logging"];

/// A link for every log file of the app that somebody would miss.
#[must_use]
pub fn run(input: &Input<'_>, project: Option<&Project>) -> Vec<Step> {
    let Some(project) = project.filter(|project| !project.is_unseen()) else { return Vec::new() };
    let mut logs: BTreeMap<String, Vec<Origin>> = BTreeMap::new();
    for file in input.files().filter(|file| table::of_agent(file.path).is_some()) {
        let FileKind::File(text) = &file.state.kind else { continue };
        for path in paths(&text.to_string()) {
            let path = input.image_path(path);
            if path.starts_with(WORKDIR) && path[WORKDIR.len()..].starts_with('/') {
                let known = logs.entry(path).or_default();
                if let Some(origin) = input.origin(file.item).filter(|origin| !known.contains(origin)) {
                    known.push(origin);
                }
            }
        }
    }
    let environments = rails_environments(project);
    if !environments.is_empty() {
        let tells = speaks(input, project, &environments);
        for (name, path) in &environments {
            let log = format!("{WORKDIR}/log/{name}.log");
            if tells {
                logs.remove(&log);
            } else {
                logs.entry(log).or_default().extend(input::at(Some(project.place(path, 1)), "logs to a file"));
            }
        }
    }
    let link = |(path, origin): (String, Vec<Origin>)| Step {
        stage: Stage::Source,
        action: Action::Link { path, to: "/dev/stdout".to_owned() },
        origin,
        note: Some("the app writes it, the cluster reads the container's output".to_owned()),
    };
    logs.into_iter().map(link).collect()
}

/// Paths of single log files in an agent's configuration.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '=' | ':' | '[' | ']'))
        .filter(|word| word.starts_with('/') && word.ends_with(".log") && !word.contains(['*', '?', '{', '%', '$', '<']))
}

/// The environments that are deployed, each with the file that configures it.
fn rails_environments(project: &Project) -> Vec<(String, String)> {
    let name = |path: &String| -> Option<(String, String)> {
        let name = path.strip_prefix("config/environments/")?.strip_suffix(".rb")?;
        (!matches!(name, "development" | "test") && !name.contains('/')).then(|| (name.to_owned(), path.clone()))
    };
    if project.rails { project.files.keys().filter_map(name).collect() } else { Vec::new() }
}

/// Whether the app sends its log to the output by itself, or where it is told to.
fn speaks(input: &Input<'_>, project: &Project, environments: &[(String, String)]) -> bool {
    let says = |path: &str| project.text(input.sources, path).is_some_and(|text| text.to_lowercase().contains("stdout"));
    LIBRARIES.iter().any(|name| project.libraries.contains_key(*name))
        || environments.iter().any(|(_, path)| says(path))
        || says("config/application.rb")
}

#[cfg(test)]
mod tests {
    use super::paths;

    #[test]
    fn an_agent_names_its_files_in_many_ways() {
        let found = |text| paths(text).collect::<Vec<_>>();
        assert_eq!(
            found("<source>\n  path /srv/www/shop/shared/log/events.log\n  pos_file /var/lib/a.pos"),
            ["/srv/www/shop/shared/log/events.log"]
        );
        assert_eq!(found("file = /srv/www/shop/current/log/jobs.log\n"), ["/srv/www/shop/current/log/jobs.log"]);
        assert_eq!(found("  - '/a/b.log'\n[/c/d.log]\npaths: /var/log/*.log"), ["/a/b.log", "/c/d.log"]);
    }
}
