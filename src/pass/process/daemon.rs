//! Daemons of packages: a `service` that no file describes, and what it runs in the foreground.
//!
//! `service 'gearman-job-server'` is `gearmand --log-file=stderr`. Stores, proxies and agents of the host are other passes'.

use super::found::Found;
use super::place::Place;
use crate::blueprint::{Restart, Role};
use crate::graph::{Datum, Status};
use crate::outcome::Fate;
use crate::pass::Sink;
use crate::pass::command::Plain;
use crate::pass::web;

/// A daemon: names of its service, the command, ports, signal that stops it gently, official image.
struct Daemon {
    names: &'static [&'static str],
    command: &'static [&'static str],
    ports: &'static [u16],
    signal: Option<&'static str>,
    image: &'static str,
    role: Role,
}

const fn plain(names: &'static [&'static str], command: &'static [&'static str], ports: &'static [u16], image: &'static str) -> Daemon {
    Daemon { names, command, ports, signal: None, image, role: Role::Daemon }
}

const DAEMONS: &[Daemon] = &[
    Daemon {
        names: &[
            "php-fpm",
            "php5-fpm",
            "php7.0-fpm",
            "php7.2-fpm",
            "php7.4-fpm",
            "php8.1-fpm",
            "php-fpm-5.5",
            "php-fpm-5.6",
            "php-fpm-7.0",
        ],
        command: &["php-fpm", "-F"],
        ports: &[9000],
        signal: Some("SIGQUIT"),
        image: "php:8.4-fpm",
        role: Role::Daemon,
    },
    Daemon {
        names: &["apache2", "httpd"],
        command: &["apache2ctl", "-DFOREGROUND"],
        ports: &[80],
        signal: Some("SIGWINCH"),
        image: "httpd:2.4",
        role: Role::Proxy,
    },
    Daemon { role: Role::Proxy, ..plain(&["haproxy"], &["haproxy", "-W", "-db", "-f", "/etc/haproxy/haproxy.cfg"], &[80], "haproxy:3.2") },
    Daemon {
        role: Role::Proxy,
        ..plain(
            &["varnish", "varnishd"],
            &["varnishd", "-F", "-a", ":6081", "-f", "/etc/varnish/default.vcl", "-s", "malloc,256m"],
            &[6081],
            "varnish:7.7",
        )
    },
    plain(&["cassandra"], &["cassandra", "-f"], &[9042, 7000], "cassandra:5.0"),
    plain(&["tomcat", "tomcat6", "tomcat7", "tomcat8", "tomcat9"], &["catalina.sh", "run"], &[8080], "tomcat:10.1"),
    plain(&["solr", "jetty-solr"], &["solr", "-f"], &[8983], "solr:9"),
    plain(&["beanstalkd"], &["beanstalkd", "-l", "0.0.0.0", "-p", "11300"], &[11300], ""),
    plain(&["gearmand", "gearman-job-server", "gearman"], &["gearmand", "--log-file=stderr"], &[4730], ""),
    plain(&["zookeeper", "zookeeper-server"], &["zkServer.sh", "start-foreground"], &[2181], "zookeeper:3.9"),
    plain(&["kafka"], &["kafka-server-start.sh", "config/server.properties"], &[9092], "apache/kafka:4.0.0"),
    plain(&["activemq"], &["activemq", "console"], &[61616, 8161], "apache/activemq-classic:6.1.7"),
    plain(&["neo4j", "neo4j-service"], &["neo4j", "console"], &[7474, 7687], "neo4j:5"),
    plain(&["couchdb"], &["couchdb"], &[5984], "couchdb:3.5"),
    plain(&["influxdb", "influxd"], &["influxd"], &[8086], "influxdb:2.7"),
    plain(&["kibana", "kibana4"], &["kibana"], &[5601], "kibana:8.19.0"),
    plain(&["logstash"], &["logstash"], &[5044], "logstash:8.19.0"),
    plain(&["graphite-carbon", "carbon-cache"], &["carbon-cache", "--nodaemon", "start"], &[2003], "graphiteapp/graphite-statsd:1.1.10-5"),
    plain(&["statsd"], &["statsd", "/etc/statsd/localConfig.js"], &[8125], ""),
    plain(&["sphinxsearch", "searchd", "sphinxd"], &["searchd", "--nodetach"], &[9306], ""),
    plain(&["squid", "squid3"], &["squid", "-N"], &[3128], "ubuntu/squid"),
    plain(&["twemproxy", "nutcracker"], &["nutcracker", "-c", "/etc/nutcracker/nutcracker.yml"], &[22121], ""),
    plain(&["pgbouncer"], &["pgbouncer", "/etc/pgbouncer/pgbouncer.ini"], &[6432], ""),
    plain(&["vsftpd"], &["vsftpd", "/etc/vsftpd.conf", "-obackground=NO"], &[21], ""),
    plain(&["dovecot"], &["dovecot", "-F"], &[143, 993], ""),
    plain(&["opendkim"], &["opendkim", "-f"], &[8891], ""),
    plain(&["jenkins"], &["jenkins.sh"], &[8080], "jenkins/jenkins:lts"),
    plain(&["nsqd"], &["nsqd"], &[4150, 4151], "nsqio/nsq:v1.3.0"),
    plain(&["nsqlookupd"], &["nsqlookupd"], &[4160, 4161], "nsqio/nsq:v1.3.0"),
    plain(&["consul"], &["consul", "agent", "-config-dir=/etc/consul.d"], &[8500], "hashicorp/consul:1.21"),
    plain(&["etcd"], &["etcd"], &[2379], ""),
    plain(&["minio"], &["minio", "server", "/data"], &[9000], "minio/minio"),
    plain(&["thumbor"], &["thumbor", "-c", "/etc/thumbor.conf"], &[8888], ""),
];

/// What other passes make something of: stores and proxies.
const ELSEWHERE: &[&str] = &[
    "nginx",
    "openresty",
    "memcached",
    "redis",
    "redis-server",
    "redis-sentinel",
    "valkey-server",
    "mysql",
    "mysqld",
    "mysqld_safe",
    "mariadb",
    "mariadbd",
    "postgresql",
    "postgres",
    "postmaster",
    "mongod",
    "mongodb",
    "elasticsearch",
    "opensearch",
    "rabbitmq-server",
    "rabbitmq",
];

/// Daemons that watch over others: the cluster does what they did.
const KEEPERS: &[&str] = &[
    "monit",
    "supervisor",
    "supervisord",
    "runit",
    "runsvdir",
    "runsvdir-start",
    "svscan",
    "svscanboot",
    "bluepill",
    "bluepilld",
    "god",
    "eye",
    "upstart",
    "docker",
    "dockerd",
    "containerd",
];

/// Whether another pass is concerned with that service.
pub fn elsewhere(name: &str) -> bool {
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | '.'));
    ELSEWHERE.contains(&name) || ELSEWHERE.contains(&base) || KEEPERS.contains(&name) || of_host(name).is_some()
}

fn of_host(name: &str) -> Option<&'static crate::pass::host::table::Row> {
    use crate::pass::host::table::{SERVICES, of_name};
    of_name(SERVICES, name)
}

/// Takes out stores, proxies, watchers and the hosts' own programs whose units or scripts the recipes bring.
pub fn leave(all: &mut Vec<Found>, sink: &mut Sink) {
    for found in all.iter_mut() {
        // It speaks FastCGI with a web server: nothing that asks it by HTTP would get an answer.
        let program = found.plain.words.first().map_or("", |word| word.rsplit('/').next().unwrap_or(word));
        if program.starts_with("php") && program.contains("fpm") {
            found.role = Some(Role::Daemon);
            found.stop_signal.get_or_insert_with(|| "SIGQUIT".to_owned());
            if found.ports.is_empty() {
                found.ports.push(9000);
            }
        }
        // A daemon whose unit the recipes bring answers where its command says, or where it always does.
        let daemon = DAEMONS.iter().find(|daemon| daemon.command.first() == Some(&program));
        if let Some(daemon) =
            daemon.filter(|daemon| daemon.role == Role::Daemon && found.ports.is_empty() && !web::is_web(&found.plain.words))
        {
            let said =
                found.plain.words.windows(2).find(|pair| matches!(pair[0].as_str(), "-p" | "--port")).and_then(|pair| pair[1].parse().ok());
            found.ports = said.map_or_else(|| daemon.ports.to_vec(), |port| vec![port]);
        }
    }
    let claimed = |items: &[usize], fate: Fate, why: &str, sink: &mut Sink| items.iter().for_each(|item| sink.claim(*item, fate, "", why));
    all.retain(|found| {
        let program = found.plain.words.first().map_or("", |word| word.rsplit('/').next().unwrap_or(word));
        let known = |list: &[&str]| list.contains(&program) || list.contains(&found.service.as_str());
        if let Some((_, fate, why, task)) = of_host(&found.service).or_else(|| of_host(program)) {
            claimed(&found.items, *fate, why, sink);
            if !task.is_empty() {
                sink.task(*task, *why, found.origin.clone());
            }
            return false;
        }
        if known(KEEPERS) {
            claimed(&found.items, Fate::Absorbed, "the cluster starts processes and starts them again", sink);
            return false;
        }
        if known(ELSEWHERE) {
            claimed(
                &found.items,
                Fate::Absorbed,
                "what keeps a store or a proxy running on a host: the cluster, or its service, does",
                sink,
            );
            return false;
        }
        true
    });
}

/// The process of a known daemon.
pub fn known(name: &str) -> Option<Found> {
    let daemon = DAEMONS.iter().find(|daemon| daemon.names.contains(&name))?;
    let words = daemon.command.iter().map(|word| (*word).to_owned()).collect();
    let mut found = Found::new(name, name, Plain { words, ..Plain::default() }, "package");
    name.clone_into(&mut found.name);
    found.ports = daemon.ports.to_vec();
    found.stop_signal = daemon.signal.map(str::to_owned);
    found.role = Some(daemon.role);
    found.restart = Restart::Never;
    if !daemon.image.is_empty() {
        found.note(format!("the official image `{}` has it", daemon.image));
    }
    Some(found)
}

/// Adds the daemons of packages that the recipes start.
pub fn read(place: &Place<'_>, all: &mut Vec<Found>, sink: &mut Sink) {
    for (run, index, resource) in place.resources() {
        if resource.kind != "service" || matches!(resource.status, Status::Skipped(_) | Status::Failed(_)) {
            continue;
        }
        let starts = ["start", "enable", "restart"].iter().any(|action| resource.does(action));
        let name = place.encode(&resource.text_or_name("service_name"));
        // Beside an app it is that app's server or proxy, and no process of its own.
        let serves_app = matches!(name.as_str(), "apache2" | "httpd") && !place.input.projects.is_empty();
        if !starts || serves_app || elsewhere(&name) || all.iter().any(|found| found.service == name || found.name == name) {
            continue;
        }
        let Some(item) = place.input.items.number(run, index) else { continue };
        let found = known(&name).or_else(|| match resource.get("start_command") {
            Some(Datum::Text(command)) => commanded(place, &name, &place.encode(command)),
            _ => None,
        });
        if let Some(found) = found {
            all.push(place.complete(found, Some(item)));
        }
    }
    for found in all.iter().filter(|found| found.supervisor == "package") {
        let image = DAEMONS.iter().find(|daemon| daemon.names.contains(&found.name.as_str())).map_or("", |daemon| daemon.image);
        let why = match image {
            "" => "the app's image does not have this daemon".to_owned(),
            image => format!("the app's image does not have this daemon; `{image}` does"),
        };
        sink.task(format!("Choose the image of the process `{}`", found.name), why, found.origin.clone());
    }
}

/// `service 'x' do start_command '…' end`
fn commanded(place: &Place<'_>, name: &str, line: &str) -> Option<Found> {
    let files = |path: &str| place.text(path);
    let plain = crate::pass::command::service(line, &std::collections::BTreeMap::new(), place.around(&files)).into_iter().next()?;
    if plain.service.is_some() || plain.shell {
        return None;
    }
    let mut found = Found::new(name, name, plain, "service");
    found.restart = Restart::Never;
    Some(found)
}
