//! Package repositories: which ones the base still needs, and in which form.
//!
//! `apt_repository` of `apt.postgresql.org bionic-pgdg` becomes `bookworm-pgdg`; a PPA for Ruby goes with the official image.

use crate::graph::{Datum, Resource};
use crate::outcome::Fate;
use crate::pass::base::{BaseChoice, platform};

/// What becomes of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is added to the image: name, line, key.
    Keep {
        /// Its name.
        name: String,
        /// `deb uri distribution components`, or the base URL of an RPM repository.
        line: String,
        /// The address of its key.
        key: Option<String>,
    },
    /// It is not needed: why.
    Drop(Fate, String),
    /// A person has to decide: why.
    Decide(String),
}

/// What is known of well-known repositories, by a part of their address.
const KNOWN: &[(&str, Rule)] = &[
    ("brightbox", Rule::Drop(Fate::Absorbed, "the official image has Ruby")),
    ("ondrej/php", Rule::Drop(Fate::Absorbed, "the official image has PHP")),
    ("packages.sury.org/php", Rule::Drop(Fate::Absorbed, "the official image has PHP")),
    ("rpms.remirepo.net", Rule::Drop(Fate::Absorbed, "the official image has PHP")),
    ("chris-lea/node", Rule::Drop(Fate::Absorbed, "the official image, or Debian, has Node.js")),
    ("openjdk-r/ppa", Rule::Drop(Fate::Absorbed, "the official image has Java")),
    ("webupd8team/java", Rule::Drop(Fate::Absorbed, "the official image has Java")),
    ("packages.adoptium.net", Rule::Drop(Fate::Absorbed, "the official image has Java")),
    ("apt.corretto.aws", Rule::Drop(Fate::Absorbed, "the official image has Java")),
    ("git-core/ppa", Rule::Drop(Fate::Absorbed, "Debian's git is newer")),
    ("deadsnakes", Rule::Drop(Fate::Absorbed, "the base has a Python of its own")),
    ("nginx.org/packages", Rule::Drop(Fate::Absorbed, "nginx has an official image")),
    ("nginx/stable", Rule::Drop(Fate::Absorbed, "nginx has an official image")),
    ("nginx/development", Rule::Drop(Fate::Absorbed, "nginx has an official image")),
    ("oss-binaries.phusionpassenger.com", Rule::Drop(Fate::Absorbed, "the app server comes with the app's gems")),
    ("vbernat/haproxy", Rule::Drop(Fate::Absorbed, "HAProxy has an official image")),
    ("haproxy.debian.net", Rule::Drop(Fate::Absorbed, "HAProxy has an official image")),
    ("rwky/redis", Rule::Drop(Fate::Absorbed, "Redis has an official image")),
    ("chris-lea/redis", Rule::Drop(Fate::Absorbed, "Redis has an official image")),
    ("packages.redis.io", Rule::Drop(Fate::Absorbed, "Redis has an official image")),
    ("repo.mysql.com", Rule::Drop(Fate::Absorbed, "the base has a MySQL client; the server has an official image")),
    ("repo.percona.com", Rule::Drop(Fate::Absorbed, "the base has a MySQL client; the server has an official image")),
    ("mariadb.org", Rule::Drop(Fate::Absorbed, "the base has a MariaDB client; the server has an official image")),
    ("artifacts.elastic.co", Rule::Drop(Fate::Absorbed, "Elastic's programs have official images")),
    ("packages.elastic", Rule::Drop(Fate::Absorbed, "Elastic's programs have official images")),
    ("rabbitmq", Rule::Drop(Fate::Absorbed, "RabbitMQ has an official image")),
    ("erlang-solutions", Rule::Drop(Fate::Absorbed, "RabbitMQ has an official image")),
    ("repo.mongodb.org", Rule::Drop(Fate::Absorbed, "MongoDB has an official image")),
    ("downloads-distro.mongodb.org", Rule::Drop(Fate::Absorbed, "MongoDB has an official image")),
    ("download.newrelic.com", Rule::Drop(Fate::Host, "New Relic's agent runs once on each node, as a DaemonSet")),
    ("apt.newrelic.com", Rule::Drop(Fate::Host, "New Relic's agent runs once on each node, as a DaemonSet")),
    ("apt.datadoghq.com", Rule::Drop(Fate::Host, "Datadog's agent runs once on each node, as a DaemonSet")),
    ("yum.datadoghq.com", Rule::Drop(Fate::Host, "Datadog's agent runs once on each node, as a DaemonSet")),
    ("packages.treasuredata.com", Rule::Drop(Fate::Host, "the cluster's log DaemonSet takes td-agent's place")),
    ("packagecloud.io/amplify", Rule::Drop(Fate::Host, "agents run once on each node")),
    ("sensuapp.org", Rule::Drop(Fate::Host, "agents run once on each node")),
    ("repo.zabbix.com", Rule::Drop(Fate::Host, "agents run once on each node")),
    ("apt.puppetlabs.com", Rule::Drop(Fate::Host, "the hosts' own management")),
    ("download.docker.com", Rule::Drop(Fate::Host, "the node runs containers")),
    ("get.docker.com", Rule::Drop(Fate::Host, "the node runs containers")),
    ("dl.fedoraproject.org", Rule::Drop(Fate::Absorbed, "EPEL's packages have Debian names")),
    ("download.fedoraproject.org", Rule::Drop(Fate::Absorbed, "EPEL's packages have Debian names")),
    ("mirrors.fedoraproject.org", Rule::Drop(Fate::Absorbed, "EPEL's packages have Debian names")),
    ("apt.postgresql.org", Rule::CodeName),
    ("cli.github.com", Rule::AsItIs),
    ("dl.google.com", Rule::AsItIs),
    ("dl-ssl.google.com", Rule::AsItIs),
    ("dl.yarnpkg.com", Rule::AsItIs),
];

/// What to do with a known repository.
#[derive(Debug, Clone, Copy)]
enum Rule {
    Drop(Fate, &'static str),
    /// The same for every release.
    AsItIs,
    /// The hosts' release in it becomes the base's.
    CodeName,
}

/// What becomes of an `apt_repository`.
#[must_use]
pub fn of_apt(resource: &Resource, base: &BaseChoice) -> Outcome {
    let name = resource.known("repo_name").or_else(|| resource.name.known().map(str::to_owned)).unwrap_or_else(|| "repository".to_owned());
    let Some(uri) = resource.known("uri") else { return Outcome::Decide("its address is not known".to_owned()) };
    let words = |name: &str| -> Vec<String> {
        resource.get(name).map(Datum::items).unwrap_or_default().iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let distribution =
        resource.known("distribution").or_else(|| platform::code_name(&base.platform.0, &base.platform.1).map(str::to_owned));
    let distribution = distribution.unwrap_or_default();
    let components = words("components").join(" ");
    let architecture = resource.known("arch").map(|arch| format!("[arch={arch}] ")).unwrap_or_default();
    let components = if components.is_empty() && !distribution.ends_with('/') { "main".to_owned() } else { components };
    let line = format!("deb {architecture}{uri} {distribution} {components}");
    decide(&name, line.trim_end(), key(resource), base)
}

/// What becomes of the repository that the command `add-apt-repository` adds.
#[must_use]
pub fn of_line(line: &str, base: &BaseChoice) -> Outcome {
    let name: String = line.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    decide(name.trim_matches('-'), line, None, base)
}

/// What becomes of a `deb` line of a file below `/etc/apt/sources.list.d`.
#[must_use]
pub fn of_file(name: &str, line: &str, key: Option<String>, base: &BaseChoice) -> Outcome {
    decide(name, line, key, base)
}

/// What becomes of a `yum_repository`.
#[must_use]
pub fn of_yum(resource: &Resource, base: &BaseChoice) -> Outcome {
    let name =
        resource.known("repositoryid").or_else(|| resource.name.known().map(str::to_owned)).unwrap_or_else(|| "repository".to_owned());
    let address = ["baseurl", "mirrorlist", "metalink", "url"].iter().find_map(|name| {
        resource.get(name).map(Datum::items).unwrap_or_default().first().and_then(|item| item.as_str().map(str::to_owned))
    });
    let Some(address) = address else {
        return match resource.does("create") || resource.does("add") {
            true => Outcome::Decide("its address is not known".to_owned()),
            false => Outcome::Drop(Fate::Absorbed, "the image has no such repository".to_owned()),
        };
    };
    if let Some(outcome) = known_drop(&address) {
        return outcome;
    }
    if base.family != "rhel" {
        return Outcome::Decide(format!("the image is of another family ({}): the packages from it need another source", base.release));
    }
    let key = resource.get("gpgkey").map(Datum::items).unwrap_or_default().first().and_then(|item| item.as_str().map(str::to_owned));
    Outcome::Keep { name, line: address, key }
}

/// A key as an address; an id is looked up at the key server.
fn key(resource: &Resource) -> Option<String> {
    let key = resource.get("key").map(Datum::items).unwrap_or_default().first().and_then(|item| item.as_str().map(str::to_owned))?;
    if key.starts_with("http") {
        return Some(key);
    }
    let digits = key.trim_start_matches("0x").replace(' ', "");
    let is_id = digits.len() >= 8 && digits.chars().all(|c| c.is_ascii_hexdigit());
    is_id.then(|| format!("https://keyserver.ubuntu.com/pks/lookup?op=get&options=mr&search=0x{digits}"))
}

fn known_drop(address: &str) -> Option<Outcome> {
    KNOWN.iter().find_map(|(part, rule)| match rule {
        Rule::Drop(fate, why) if address.contains(part) => Some(Outcome::Drop(*fate, (*why).to_owned())),
        _ => None,
    })
}

fn decide(name: &str, line: &str, key: Option<String>, base: &BaseChoice) -> Outcome {
    if let Some(outcome) = known_drop(line) {
        return outcome;
    }
    if base.family != "debian" {
        return Outcome::Decide("the image is of another family".to_owned());
    }
    if let Some(outcome) = node_source(name, line) {
        return outcome;
    }
    let hosts = platform::code_name(&base.platform.0, &base.platform.1);
    let same = hosts == Some(base.release.as_str());
    if line.contains("ppa:") {
        let archive = line.split_whitespace().find_map(|word| word.strip_prefix("ppa:")).unwrap_or_default();
        return match key {
            Some(key) if same => {
                let line = format!("deb https://ppa.launchpadcontent.net/{archive}/ubuntu {} main", base.release);
                Outcome::Keep { name: name.to_owned(), line, key: Some(key) }
            }
            _ if same => Outcome::Decide(format!("the key of ppa:{archive} is not known")),
            _ => Outcome::Decide(format!("ppa:{archive} has packages for Ubuntu alone, the image is {}", base.image)),
        };
    }
    let rule = KNOWN.iter().find(|(part, _)| line.contains(part)).map(|(_, rule)| *rule);
    let named = line.split_whitespace().find(|word| word.split(['-', '/']).any(platform::is_code_name));
    let line = match (rule, named, hosts) {
        (Some(Rule::AsItIs), ..) | (_, None, _) => line.to_owned(),
        _ if same => line.to_owned(),
        (Some(Rule::CodeName), Some(_), Some(hosts)) => line.replace(hosts, &base.release),
        _ => return Outcome::Decide(format!("it is made for {}, the image is {}", hosts.unwrap_or("another release"), base.image)),
    };
    let Some(key) = key else { return Outcome::Decide("its key is not told by an address".to_owned()) };
    Outcome::Keep { name: name.to_owned(), line, key: Some(key) }
}

/// `NodeSource` has one distribution for all releases since version 18.
fn node_source(name: &str, line: &str) -> Option<Outcome> {
    let (_, rest) = line.split_once("deb.nodesource.com/node")?;
    let digits: String = rest.trim_start_matches('_').chars().take_while(char::is_ascii_digit).collect();
    let major: u32 = digits.parse().unwrap_or(0);
    Some(if major >= 18 {
        Outcome::Keep {
            name: name.to_owned(),
            line: format!("deb https://deb.nodesource.com/node_{major}.x nodistro main"),
            key: Some("https://deb.nodesource.com/gpgkey/nodesource-repo.gpg.key".to_owned()),
        }
    } else {
        Outcome::Drop(Fate::Absorbed, "the base has a Node.js of its own; this version has no packages any more".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::{Packager, Runtime};
    use crate::pass::packages::example::{resource, with};

    fn base(image: &str, release: &str) -> BaseChoice {
        BaseChoice {
            image: image.into(),
            packager: Packager::Apt,
            family: "debian".into(),
            release: release.into(),
            runtime: Runtime::System,
            notes: Vec::new(),
            origin: Vec::new(),
            installs: Vec::new(),
            platform: ("ubuntu".into(), "18.04".into()),
        }
    }

    fn repository(uri: &str, distribution: &str) -> Resource {
        let key = "https://example.com/key.asc";
        with(with(with(resource("apt_repository", "x"), "uri", uri), "distribution", distribution), "key", key)
    }

    #[test]
    fn repositories_on_another_release() {
        let base = base("ruby:3.1.4-slim-bookworm", "bookworm");
        let line = |uri: &str, distribution: &str| match of_apt(&repository(uri, distribution), &base) {
            Outcome::Keep { line, .. } => line,
            Outcome::Drop(fate, _) => fate.name().to_owned(),
            Outcome::Decide(why) => why,
        };
        assert_eq!(
            line("http://apt.postgresql.org/pub/repos/apt", "bionic-pgdg"),
            "deb http://apt.postgresql.org/pub/repos/apt bookworm-pgdg main"
        );
        assert_eq!(line("https://deb.nodesource.com/node_20.x", "bionic"), "deb https://deb.nodesource.com/node_20.x nodistro main");
        assert_eq!(line("https://dl.yarnpkg.com/debian/", "stable"), "deb https://dl.yarnpkg.com/debian/ stable main");
        assert_eq!(line("https://download.newrelic.com/infrastructure_agent/linux/apt", "bionic"), "host");
        assert!(line("https://packages.example.com/ubuntu", "bionic").contains("made for bionic"));
        assert!(matches!(of_line("ppa:me/tools", &base), Outcome::Decide(_)));
    }

    #[test]
    fn the_same_release_keeps_them() {
        let base = base("ubuntu:18.04", "bionic");
        assert!(matches!(of_apt(&repository("https://packages.example.com/ubuntu", "bionic"), &base), Outcome::Keep { .. }));
        let ppa = with(with(resource("apt_repository", "x"), "uri", "ppa:me/tools"), "key", "0xABCDEF0123456789");
        let Outcome::Keep { line, key, .. } = of_apt(&ppa, &base) else { panic!("not kept") };
        assert_eq!(line, "deb https://ppa.launchpadcontent.net/me/tools/ubuntu bionic main");
        assert!(key.is_some_and(|key| key.ends_with("search=0xABCDEF0123456789")));
    }
}
