//! What concerns hosts and not containers, or what containers have by themselves; and what becomes of all that no pass takes.
//!
//! In: the runs. Out: claims alone. `file '/etc/sysctl.d/60.conf'` is the node's, `execute 'systemctl daemon-reload'` has nothing to
//! reload, `link '/etc/localtime'` is the variable `TZ`. Order: [`run`] before or after other passes, then [`claim_defaults`], then [`rest`].

pub mod agent;
mod left;
mod status;
pub mod table;
#[cfg(test)]
mod tests;
mod zone;

pub use left::claim_defaults;
pub use status::rest;
pub use zone::time_zone;

use std::collections::BTreeSet;

use crate::graph::{Lifecycle, Resource, Status};
use crate::outcome::Fate;
use crate::pass::{Input, Sink};
use crate::read::shell;
use table::Row;

/// Claims what concerns hosts. Resources that other passes know better (processes, files of the app, schedules) stay as they are.
pub fn run(input: &Input<'_>, sink: &mut Sink) {
    status::idle(input, sink);
    let users = Users::of(input);
    for (number, resource) in input.items() {
        if sink.is_claimed(number) || matches!(resource.status, Status::Expanded | Status::Failed(_)) {
            continue;
        }
        by_event(input, sink, number);
        zone::claim(sink, number, resource);
        by_kind(input, sink, number, resource);
        by_path(input, sink, number, resource, &users);
        by_service(input, sink, number, resource);
        by_command(input, sink, number, resource);
        users.claim(input, sink, number, resource);
    }
}

/// Claims by a row of a table, with its task.
fn by_row(input: &Input<'_>, sink: &mut Sink, number: usize, row: &Row) {
    let (_, fate, why, task) = row;
    if sink.is_claimed(number) {
        return;
    }
    sink.claim(number, *fate, "", *why);
    if !task.is_empty() {
        sink.task(*task, *why, input.origin(number).into_iter().collect());
    }
}

/// What only ever runs when an app is removed goes with the app's objects.
fn by_event(input: &Input<'_>, sink: &mut Sink, number: usize) {
    let mut events = input.occurrences(number).map(|(run, _)| run.event).peekable();
    if events.peek().is_some() && events.all(|event| event == Lifecycle::Undeploy) {
        sink.claim(number, Fate::Absorbed, "", "`kubectl delete` removes the app");
    }
}

fn by_kind(input: &Input<'_>, sink: &mut Sink, number: usize, resource: &Resource) {
    if let Some(row) = table::of_name(table::KINDS, &resource.kind) {
        by_row(input, sink, number, row);
    }
}

/// The path of a resource that makes a file, directory or link.
fn path(resource: &Resource) -> Option<String> {
    let property = match resource.kind.as_str() {
        "link" => "target_file",
        "file" | "template" | "cookbook_file" | "remote_file" | "directory" | "remote_directory" | "append_if_no_line" | "delete_lines"
        | "replace_or_add" | "filter_lines" | "add_to_list" | "replace_line" | "line" => "path",
        _ => return None,
    };
    Some(resource.text_or_name(property).to_string())
}

/// Whether a file that monit reads starts or watches a process: that is more than its settings.
fn checks_process(input: &Input<'_>, number: usize) -> bool {
    let says = |text: &crate::text::Text| {
        let text = text.to_string();
        text.contains("check process") || text.contains("start program")
    };
    input.files().filter(|file| file.item == number).any(|file| match &file.state.kind {
        crate::graph::FileKind::File(text) => says(text),
        // What could not be rendered may have watched one.
        crate::graph::FileKind::Broken(_) => true,
        _ => false,
    })
}

fn by_path(input: &Input<'_>, sink: &mut Sink, number: usize, resource: &Resource, users: &Users) {
    let Some(path) = path(resource) else { return };
    if let Some(row) = table::of_path(&path) {
        by_row(input, sink, number, row);
        return;
    }
    if path.starts_with("/etc/monit") && !checks_process(input, number) {
        sink.claim(number, Fate::Host, "", "what monit said and to whom: the cluster's monitoring and alerts");
        return;
    }
    let name = path.rsplit('/').next().unwrap_or(&path);
    let is_key = table::DEPLOY_KEYS.iter().any(|part| name.contains(part));
    let owner = path.strip_prefix("/home/").and_then(|rest| rest.split('/').next());
    let ssh = path.contains("/.ssh/") || path.ends_with("/.ssh");
    if is_key || ssh && owner.is_none_or(|owner| !users.people.contains(owner)) {
        sink.claim(number, Fate::Absorbed, "", table::KEYS_WHY);
        return;
    }
    if owner.is_some_and(|owner| users.people.contains(owner)) {
        let (why, task) = table::PEOPLE;
        sink.claim(number, Fate::Host, "", why);
        sink.task(task, why, input.origin(number).into_iter().collect());
        return;
    }
    roots(input, sink, number, resource, &path);
}

/// The app's folders on the hosts: the image has the source in one place.
fn roots(input: &Input<'_>, sink: &mut Sink, number: usize, resource: &Resource, path: &str) {
    let Some((root, rest)) = input.roots.iter().find_map(|root| {
        let rest = path.strip_prefix(root.host.as_str())?;
        (rest.is_empty() || rest.starts_with('/')).then_some((root, rest.trim_matches('/')))
    }) else {
        return;
    };
    let image = &root.image;
    match (resource.kind.as_str(), rest) {
        ("directory", "" | "releases" | "shared" | "current" | "shared/config" | "shared/cached-copy" | "scm" | "repo") => {
            sink.claim(number, Fate::Absorbed, "", format!("the image has the app at {image}"));
        }
        ("directory", "shared/pids" | "shared/tmp/pids" | "shared/sockets" | "shared/tmp/sockets") => {
            sink.claim(number, Fate::Absorbed, "", "processes listen on ports and need no pid files");
        }
        ("directory", "shared/log") => sink.claim(number, Fate::Absorbed, "", "logs go to the container's output"),
        ("link", "current") => sink.claim(number, Fate::Absorbed, "", format!("the work directory is {image}")),
        ("link" | "directory", rest) if rest.starts_with("releases/") || rest.starts_with("current/") => {
            let to = resource.text("to").map(|to| to.to_string()).unwrap_or_default();
            // A link out of the app's folders says where data lies: that is not for this pass.
            if resource.kind == "directory" && resource.does("delete") || to.starts_with(root.host.as_str()) {
                sink.claim(number, Fate::Absorbed, "", "releases and shared folders are one place in the image: no links between them");
            }
        }
        _ => {}
    }
}

fn by_service(input: &Input<'_>, sink: &mut Sink, number: usize, resource: &Resource) {
    if !matches!(
        resource.kind.as_str(),
        "service" | "systemd_service" | "runit_service" | "poise_service" | "upstart_service" | "systemd_unit"
    ) {
        return;
    }
    let name = resource.text_or_name("service_name").to_string();
    let name = name.trim_end_matches(".service");
    if let Some(row) = table::of_name(table::SERVICES, name) {
        by_row(input, sink, number, row);
        return;
    }
    let only_off =
        !resource.actions.is_empty() && resource.actions.iter().all(|action| matches!(action.as_str(), "disable" | "stop" | "mask"));
    let shutdown = input.occurrences(number).all(|(run, _)| matches!(run.event, Lifecycle::Shutdown | Lifecycle::Undeploy));
    let elsewhere = input.items().any(|(other, another)| {
        other != number
            && another.kind == resource.kind
            && another.name == resource.name
            && (another.does("start") || another.does("enable"))
    });
    if only_off && !shutdown && !elsewhere {
        sink.claim(number, Fate::Absorbed, "", "a container runs nothing but its own process");
    }
}

/// The text that an `execute` or a script runs.
fn script(resource: &Resource) -> Option<String> {
    match resource.kind.as_str() {
        "execute" => Some(resource.text_or_name("command").to_string()),
        "bash" | "script" => resource.text("code").map(|code| code.to_string()),
        _ => None,
    }
}

/// The simple commands of a script as lines, without `sudo` and the directories of programs; `None` where it is more than a list of them.
fn lines(text: &str) -> Option<Vec<String>> {
    let parsed = shell::parse(text).ok()?;
    let all = parsed.entries.iter().flat_map(|entry| &entry.pipelines).flat_map(|(_, line)| &line.commands);
    let mut lines = Vec::new();
    for command in all {
        let shell::Command::Simple(simple) = command else { return None };
        let mut words: Vec<String> = simple.words.iter().map(shell::Word::shown).collect();
        while words.first().is_some_and(|word| matches!(word.as_str(), "sudo" | "-E" | "-n" | "nohup")) {
            words.remove(0);
        }
        let Some(first) = words.first_mut() else { continue };
        for folder in ["/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"] {
            if let Some(program) = first.strip_prefix(folder) {
                *first = program.to_owned();
                break;
            }
        }
        lines.push(words.join(" "));
    }
    Some(lines)
}

fn by_command(input: &Input<'_>, sink: &mut Sink, number: usize, resource: &Resource) {
    if sink.is_claimed(number) {
        return;
    }
    let Some(text) = script(resource) else { return };
    if is_prune(&text) {
        sink.claim(number, Fate::Absorbed, "", "old releases are old images: `revisionHistoryLimit` and the registry's lifecycle rule");
        sink.task(
            "set a lifecycle rule for the registry",
            "the hosts kept a number of releases",
            input.origin(number).into_iter().collect(),
        );
        return;
    }
    if is_agent_installer(&text) {
        sink.claim(number, Fate::Host, "", "agents run once on each node, as the cluster's DaemonSet");
        return;
    }
    let Some(lines) = lines(&text) else { return };
    let mut rows = lines.iter().filter(|line| !is_neutral(line)).map(|line| row_of_line(line)).peekable();
    if rows.peek().is_none() {
        return;
    }
    let rows: Option<Vec<&Row>> = rows.collect();
    // Every command has to be a host's: otherwise the script does something else as well.
    if let Some(row) = rows.as_ref().and_then(|rows| rows.first()) {
        by_row(input, sink, number, row);
    }
}

/// The row of a command; `service x restart` and its kin by the service.
fn row_of_line(line: &str) -> Option<&'static Row> {
    if let Some(row) = table::of_command(line) {
        return Some(row);
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let service = match words.as_slice() {
        ["service" | "invoke-rc.d", name, ..] => *name,
        ["systemctl", "restart" | "reload" | "start" | "stop" | "reload-or-restart" | "try-restart" | "status", name, ..] => *name,
        ["start" | "stop" | "restart" | "reload", name] => *name,
        [first, ..] => first.strip_prefix("/etc/init.d/")?,
        [] => return None,
    };
    table::of_name(table::SERVICES, service.trim_end_matches(".service"))
}

/// Commands that change nothing by themselves.
fn is_neutral(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    matches!(first, "cd" | "echo" | "true" | "set" | "export" | "test" | "[" | "exit" | "cat" | "grep" | "ls" | "printf" | ":")
}

/// `ls -1dt …/releases/* | tail -n +6 | xargs rm -rf`
fn is_prune(text: &str) -> bool {
    text.contains("/releases") && text.contains("rm -") && (text.contains("tail") || text.contains("head")) && text.contains("ls ")
}

/// Installers of agents fetched from their makers.
fn is_agent_installer(text: &str) -> bool {
    [
        "td-agent",
        "newrelic-infra",
        "install_agent.sh",
        "install_script.sh",
        "awslogs-agent-setup",
        "amazon-cloudwatch-agent",
        "CodeDeployInstall",
        "codedeploy-agent",
        "threatstack",
        "amazon-ssm-agent",
        "toolbelt.treasuredata.com",
        "newrelic-sysmond",
    ]
    .iter()
    .any(|part| text.contains(part))
}

/// Users of the runs: those that processes and files of the app belong to, and people.
struct Users {
    people: BTreeSet<String>,
}

impl Users {
    fn of(input: &Input<'_>) -> Self {
        let mut working: BTreeSet<String> = BTreeSet::new();
        let mut declared: BTreeSet<String> = BTreeSet::new();
        for (_, resource) in input.items() {
            if resource.kind == "user" {
                let name = resource.text_or_name("username").to_string();
                let system = resource.get("system").is_some_and(|system| *system == crate::graph::Datum::Bool(true));
                let shell = resource.known("shell").unwrap_or_default();
                if system || shell.ends_with("nologin") || shell.ends_with("/false") {
                    working.insert(name.clone());
                }
                declared.insert(name);
                continue;
            }
            let home = path(resource).unwrap_or_default();
            for property in ["user", "owner", "run_as", "runas", "deploy_user"] {
                let Some(name) = resource.known(property) else { continue };
                // Owning one's own home says nothing of processes.
                if property != "owner" || !home.starts_with(&format!("/home/{name}")) {
                    working.insert(name);
                }
            }
        }
        // Units and scripts name users in their text.
        for file in input.files() {
            let text = input.text(&file).map(ToString::to_string).unwrap_or_default();
            if file.path.contains("sudoers") || file.path.contains("/.ssh") || file.path.contains("/etc/ssh") {
                continue;
            }
            for name in &declared {
                if !file.path.starts_with(&format!("/home/{name}")) && mentions(&text, name) {
                    working.insert(name.clone());
                }
            }
        }
        Self { people: declared.difference(&working).filter(|name| *name != "root").cloned().collect() }
    }

    fn claim(&self, input: &Input<'_>, sink: &mut Sink, number: usize, resource: &Resource) {
        if resource.kind != "user" {
            return;
        }
        let name = resource.text_or_name("username").to_string();
        let only_gone = !resource.actions.is_empty() && resource.actions.iter().all(|action| matches!(action.as_str(), "remove" | "lock"));
        if only_gone {
            sink.claim(number, Fate::Absorbed, "", "the image has no such user");
        } else if self.people.contains(&name) {
            let (_, task) = table::PEOPLE;
            sink.claim(number, Fate::Host, "", "no process runs as this user: nobody logs in to containers");
            sink.task(task, "the hosts had logins for people", input.origin(number).into_iter().collect());
        }
    }
}

/// Whether a word of `text` is `name`.
fn mentions(text: &str, name: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).any(|word| word == name)
}
