//! Scheduled runs that look after a host: what a container needs none of, with why.

use crate::pass::command::Plain;

const RESTARTS: &str = "the cluster restarts what ends";
const PACKAGES: &str = "packages are part of the image";
const CLOCK: &str = "the nodes keep the time";
const FILES: &str = "a container's files go with it";
const HOST: &str = "looks after a host";
const CHEF: &str = "Chef itself";
const CERTIFICATES: &str = "certificates are the load balancer's";

/// Programs, and why a container needs none of their scheduled runs.
const PROGRAMS: &[(&str, &str)] = &[
    ("apt-get", PACKAGES),
    ("apt", PACKAGES),
    ("yum", PACKAGES),
    ("dnf", PACKAGES),
    ("unattended-upgrade", "images are rebuilt instead"),
    ("unattended-upgrades", "images are rebuilt instead"),
    ("logrotate", "logs go to the container's output"),
    ("df", "disk space is a metric of the nodes"),
    ("sa1", "load is a metric of the nodes"),
    ("sa2", "load is a metric of the nodes"),
    ("debian-sa1", "load is a metric of the nodes"),
    ("ntpdate", CLOCK),
    ("rdate", CLOCK),
    ("hwclock", CLOCK),
    ("chronyc", CLOCK),
    ("service", RESTARTS),
    ("systemctl", RESTARTS),
    ("monit", RESTARTS),
    ("haproxyctl", "the load balancer says its figures to the cluster's monitoring"),
    ("hatop", "the load balancer says its figures to the cluster's monitoring"),
    ("supervisorctl", RESTARTS),
    ("initctl", RESTARTS),
    ("invoke-rc.d", RESTARTS),
    ("sv", RESTARTS),
    ("chef-client", CHEF),
    ("chef-solo", CHEF),
    ("certbot", CERTIFICATES),
    ("certbot-auto", CERTIFICATES),
    ("letsencrypt", CERTIFICATES),
    ("tmpwatch", FILES),
    ("tmpreaper", FILES),
    ("anacron", "runs the scripts of /etc/cron.daily and its like, which are entries of their own"),
    ("run-parts", "runs the scripts of a folder, which are entries of their own"),
    ("updatedb", HOST),
    ("mandb", HOST),
    ("fstrim", HOST),
    ("freshclam", HOST),
    ("clamscan", HOST),
    ("aide", HOST),
    ("rkhunter", HOST),
    ("reboot", HOST),
    ("shutdown", HOST),
    ("sync", HOST),
    ("swapoff", HOST),
];

/// Where the system's programs lie.
const SYSTEM: &[&str] = &["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/lib/sysstat/", "/usr/lib64/sa/", "/usr/lib/sa/"];

/// Where programs of vendors lie, which the app may share.
const OTHER: &[&str] = &["/usr/local/", "/opt/", "/snap/"];

/// Why no container needs the command, where that is so.
#[must_use]
pub fn why(plain: &Plain) -> Option<&'static str> {
    let script = if plain.shell { plain.words.get(2).cloned().unwrap_or_default() } else { plain.words.join(" ") };
    let program = first_program(&script)?;
    let first = program.rsplit('/').next().unwrap_or(&program);
    if first == "find" && (script.contains("-delete") || script.contains("rm ")) && !script.contains('|') {
        return Some(FILES);
    }
    if script.contains("/etc/init.d/") && plain.words.first().is_some_and(|word| word.starts_with("/etc/init.d/")) {
        return Some(RESTARTS);
    }
    if program.starts_with("/etc/ganglia/") {
        return Some("the cluster measures its nodes and pods");
    }
    let cleans = ["rm", "rmi", "system", "image", "container", "volume"];
    if first == "docker" && script.split_whitespace().nth(1).is_some_and(|word| cleans.contains(&word)) {
        return Some("the nodes clean up containers and images by themselves");
    }
    // A program of the app may have the name of the system's: `bin/sync`.
    let folder = program.strip_suffix(first).unwrap_or_default();
    let own = matches!(first, "sync" | "service" | "sv" | "df" | "aide");
    let system = folder.is_empty() || SYSTEM.contains(&folder) || (!own && OTHER.iter().any(|other| folder.starts_with(other)));
    PROGRAMS.iter().find(|(name, _)| *name == first && system).map(|(_, why)| *why)
}

/// The first program of a line; what stands behind a test, where it starts with one.
fn first_program(script: &str) -> Option<String> {
    let mut rest = script;
    for _ in 0..4 {
        let word = rest
            .split(|c: char| c.is_whitespace() || matches!(c, ';' | '|' | '(' | ')' | '{' | '&'))
            .find(|word| !word.is_empty() && !is_assignment(word))?;
        let name = word.rsplit('/').next().unwrap_or(word);
        if !matches!(name, "test" | "[" | "[[" | "command" | "cd") {
            return Some(word.to_owned());
        }
        let after = rest.find("&&").into_iter().chain(rest.find("||")).min()?;
        rest = &rest[after + 2..];
    }
    None
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::first_program;

    #[test]
    fn the_program_behind_tests() {
        for (script, program) in [
            ("/usr/bin/apt-get -y update", "/usr/bin/apt-get"),
            ("test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily )", "run-parts"),
            ("[ -x /usr/sbin/logrotate ] && /usr/sbin/logrotate /etc/logrotate.conf", "/usr/sbin/logrotate"),
            ("cd / && run-parts --report /etc/cron.hourly", "run-parts"),
            ("A=1 B=2 /srv/run", "/srv/run"),
        ] {
            assert_eq!(first_program(script).as_deref(), Some(program), "{script}");
        }
    }
}
