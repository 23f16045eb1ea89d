//! Shell resources that no other pass took: `RUN` steps of the image with their guards, in Chef's order.

use std::collections::BTreeMap;

use crate::blueprint::{Action, Stage, Step};
use crate::facts::address;
use crate::graph::{Datum, GuardKind, Lifecycle, Resource, Status};
use crate::outcome::Fate;
use crate::pass::calls::Calls;
use crate::pass::{Input, Sink};

/// Interpreters of the script resources.
fn interpreter_of(resource: &Resource) -> Option<String> {
    match resource.kind.as_str() {
        "execute" => Some("sh".to_owned()),
        "bash" | "ksh" | "csh" | "perl" | "python" | "ruby" => Some(resource.kind.clone()),
        "script" => resource.known("interpreter").or_else(|| Some("bash".to_owned())),
        _ => None,
    }
}

/// Services that a script asks, and what `s3cmd` does: no words of a package's name.
const SERVICES: &[&str] = &[
    "s3",
    "s3api",
    "ssm",
    "secretsmanager",
    "ec2",
    "ecr",
    "sts",
    "sns",
    "sqs",
    "cloudwatch",
    "route53",
    "elb",
    "elbv2",
    "get",
    "sync",
    "put",
];

/// Folders that every server had and slim bases lack: a script that writes there would fail.
const HOST_FOLDERS: &[&str] = &[
    "/etc/init",
    "/etc/logrotate.d",
    "/etc/modprobe.d",
    "/etc/network",
    "/etc/rsyslog.d",
    "/etc/security/limits.d",
    "/etc/ssh",
    "/etc/sudoers.d",
    "/etc/sysctl.d",
    "/etc/update-motd.d",
    "/root/.ssh",
    "/usr/tmp",
];

/// The script with the folders that only servers have made first.
fn with_folders(script: String) -> String {
    let folders = Calls::of(&script).folders;
    let missing: Vec<&str> = HOST_FOLDERS.iter().copied().filter(|folder| folders.contains(*folder)).collect();
    if missing.is_empty() { script } else { format!("mkdir -p {}\n{script}", missing.join(" ")) }
}

/// Makes steps of the scripts that run while hosts are set up; those of a deployment are for a person.
pub fn run(input: &Input<'_>, sink: &mut Sink) -> Vec<(usize, Step)> {
    let mut steps = Vec::new();
    for (number, resource) in input.items() {
        if sink.is_claimed(number) || !matches!(resource.status, Status::Run) {
            continue;
        }
        let Some(interpreter) = interpreter_of(resource) else { continue };
        let setup = input.occurrences(number).any(|(run, _)| run.event == Lifecycle::Setup);
        let script = if resource.kind == "execute" { resource.text_or_name("command") } else { resource.text("code").unwrap_or_default() };
        let origin: Vec<_> = input.origin(number).into_iter().collect();
        let Some(text) = script.known() else {
            let holes: Vec<String> = script.holes().map(|hole| format!("{} ({})", hole.name, hole.reason)).collect();
            sink.claim(number, Fate::Manual, "", format!("it needs what is not known when the image is built: {}", holes.join(", ")));
            sink.task(format!("Decide on `{}`", resource.reference()), format!("it needs {}", holes.join(", ")), origin);
            continue;
        };
        if lines(text).any(|words| matches!(words.first(), Some(&("mkswap" | "swapon" | "swapoff")))) {
            sink.claim(number, Fate::Host, "", "swap is the node's");
            continue;
        }
        if lines(text).any(|words| starts_containers(&words)) {
            sink.claim(number, Fate::Manual, "", "it starts containers: they are workloads of their own");
            sink.task(
                format!("Make workloads of the containers that `{}` started", resource.reference()),
                "containers ran on the hosts already: their images and settings stand in the files that the command reads",
                origin,
            );
            continue;
        }
        if !setup {
            sink.claim(
                number,
                Fate::Manual,
                "",
                "a command of a deployment: a person decides whether it belongs to the build, a job or the start",
            );
            sink.task(format!("Decide where `{}` belongs", resource.reference()), "it ran on every deployment", origin);
            continue;
        }
        if needs_account(text) {
            sink.claim(number, Fate::Manual, "", "it asks AWS, and a build has no credentials");
            sink.task(
                format!("Decide where `{}` belongs", resource.reference()),
                "it asks AWS, and a build has no credentials: a step of the pipeline before the build, or of the start",
                origin,
            );
            continue;
        }
        if let Some(why) = address::reason(text) {
            sink.claim(number, Fate::Manual, "", format!("it fetches from an address that no longer answers: {why}"));
            sink.task(format!("Find another source for `{}`", resource.reference()), why, origin);
            continue;
        }
        if !resource.conditions.is_empty() {
            let words: Vec<&str> = resource.conditions.iter().map(|condition| condition.text.as_str()).collect();
            sink.claim(number, Fate::Manual, "", format!("it runs only under a condition that is not known: {}", words.join("; ")));
            sink.task(format!("Decide on `{}`", resource.reference()), format!("it ran only if {}", words.join(" and ")), origin);
            continue;
        }
        let guarded = guarded(resource, text);
        let Some((mut guarded, note)) = guarded else {
            sink.claim(number, Fate::Manual, "", "a guard needs what only a host knows");
            sink.task(format!("Decide on `{}`", resource.reference()), "its guard needs what only a host knows", origin);
            continue;
        };
        let variables: BTreeMap<String, String> = match resource.get("environment").or_else(|| resource.get("env")) {
            Some(Datum::Map(map)) => map
                .iter()
                .filter_map(|(name, value)| value.as_text().and_then(|text| text.known().map(|text| (name.clone(), text.to_owned()))))
                .collect(),
            _ => BTreeMap::new(),
        };
        let secret = matches!(resource.get("environment"), Some(Datum::Map(map)) if map.values().any(|value| value.as_text().is_some_and(|text| text.is_secret())));
        if secret {
            sink.claim(number, Fate::Manual, "", "it needs a secret while the image is built");
            sink.task(
                format!("Give `{}` its secret with a build secret", resource.reference()),
                "a secret in its environment must not reach a layer",
                origin,
            );
            continue;
        }
        let user = resource.known("user").filter(|user| user != "root");
        if guarded.contains("sudo") && shell(&interpreter) {
            let plain = crate::pass::sudo::without(&guarded);
            if user.is_some() && plain != guarded {
                sink.claim(number, Fate::Manual, "", "it changes the account while it runs, and images have no sudo");
                sink.task(format!("Divide `{}` by accounts", resource.reference()), "it calls sudo as another account than root", origin);
                continue;
            }
            guarded = plain;
        }
        if shell(&interpreter) {
            guarded = with_folders(guarded);
        }
        let action = Action::Run { script: guarded, interpreter, cwd: resource.known("cwd"), user, variables };
        steps.push((number, Step { stage: Stage::Dependencies, action, origin, note }));
        sink.claim(number, Fate::Translated, "Dockerfile", "a RUN step");
    }
    steps
}

/// Whether a script is one of a shell.
fn shell(interpreter: &str) -> bool {
    let program = interpreter.split_whitespace().next().unwrap_or("sh");
    matches!(program.rsplit('/').next(), Some("sh" | "bash" | "dash" | "ksh" | "zsh"))
}

/// Whether a script calls AWS with the host's role.
fn needs_account(script: &str) -> bool {
    script.lines().map(str::trim).filter(|line| !line.starts_with('#')).any(|line| {
        let mut words = line.split(|c: char| c.is_whitespace() || matches!(c, ';' | '|' | '&' | '(' | ')' | '`' | '{' | '}' | '"' | '='));
        let asks = words.any(|word| matches!(word, "aws" | "s3cmd") || word.ends_with("/bin/aws") || word.ends_with("/s3cmd"))
            && words.take(6).any(|word| SERVICES.contains(&word));
        asks && !line.contains("--no-sign-request")
    })
}

/// The commands of a script, a line or a part of one each, in words.
fn lines(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let commands = text.lines().flat_map(|line| line.split("&&")).flat_map(|part| part.split(';'));
    commands.map(|command| command.split_whitespace().skip_while(|word| *word == "sudo").collect())
}

/// `docker-compose -f shop.yml up -d`, `docker run redis`
fn starts_containers(words: &[&str]) -> bool {
    let verbs = ["up", "run", "start", "restart"];
    match words {
        ["docker-compose", rest @ ..] | ["docker", "compose", rest @ ..] => rest.iter().any(|word| verbs.contains(word)),
        ["docker", verb, ..] => verbs.contains(verb),
        _ => false,
    }
}

/// The script with its guards written into it; `None` where a guard cannot be.
fn guarded(resource: &Resource, script: &str) -> Option<(String, Option<String>)> {
    let mut tests: Vec<String> = Vec::new();
    let mut notes = Vec::new();
    if let Some(creates) = resource.known("creates") {
        tests.push(format!("[ ! -e '{creates}' ]"));
    }
    for guard in &resource.guards {
        match (&guard.command, guard.result) {
            (Some(command), _) => {
                let command = command.known()?.trim();
                // What ends in a comment or a line of its own needs one more.
                let command = if command.contains(['\n', '#']) { format!("\n{command}\n") } else { format!(" {command}; ") };
                tests.push(match guard.kind {
                    GuardKind::OnlyIf => format!("{{{command}}}"),
                    GuardKind::NotIf => format!("! {{{command}}}"),
                });
            }
            (None, Some(_)) => notes.push(guard.block.clone().unwrap_or_default()),
            (None, None) => return None,
        }
    }
    let note = (!notes.is_empty()).then(|| format!("guards decided when compiling: {}", notes.join("; ")));
    if tests.is_empty() || resource.kind != "execute" && resource.kind != "bash" && resource.kind != "script" {
        return Some((script.to_owned(), note));
    }
    Some((format!("if {}; then\n{}\nfi", tests.join(" && "), script.trim_end()), note))
}

#[cfg(test)]
mod tests {
    use super::needs_account;

    #[test]
    fn folders_of_servers_are_made() {
        let made = |script: &str| super::with_folders(script.to_owned());
        assert_eq!(made("echo a > /root/.ssh/config"), "mkdir -p /root/.ssh\necho a > /root/.ssh/config");
        assert_eq!(made("echo a > /etc/motd"), "echo a > /etc/motd");
    }

    #[test]
    fn calls_of_aws() {
        assert!(needs_account("set -e\naws s3 cp s3://bucket/file /etc/file"));
        assert!(needs_account("KEY=$(/usr/local/bin/aws --region eu-west-1 ssm get-parameter --name key)"));
        assert!(!needs_account("apt-get install -y awscli s3fs"));
        assert!(!needs_account("aws --no-sign-request s3 cp s3://public/file /etc/file"));
        assert!(!needs_account("# aws s3 cp s3://bucket/file /etc/file"));
        assert!(!needs_account("pip install aws"));
    }
}
