//! Databases, caches and queues for local use, from official images.

use crate::blueprint::Store;
use crate::emit::compose::{literal, local::Local};
use crate::emit::layout::Named;
use crate::emit::yaml::{List, Map, Node};
use crate::emit::{Options, digest};

/// What an engine is to Compose.
enum Engine {
    MySql,
    PostgreSql,
    Redis,
    Memcached,
    Search,
    Mongo,
    Rabbit,
    Other,
}

fn engine(store: &Store) -> Engine {
    match store.engine.to_lowercase().as_str() {
        "mysql" | "mysql2" | "mariadb" | "aurora" | "aurora-mysql" | "percona" => Engine::MySql,
        "postgresql" | "postgres" | "aurora-postgresql" | "postgis" => Engine::PostgreSql,
        "redis" | "valkey" => Engine::Redis,
        "memcached" => Engine::Memcached,
        "elasticsearch" | "opensearch" => Engine::Search,
        "mongodb" | "mongo" => Engine::Mongo,
        "rabbitmq" => Engine::Rabbit,
        _ => Engine::Other,
    }
}

/// Whether it is a database that tests need one of their own of.
pub fn is_sql(store: &Store) -> bool {
    matches!(engine(store), Engine::MySql | Engine::PostgreSql)
}

/// Whether its service has a health check.
pub fn is_checked(store: &Store) -> bool {
    !matches!(engine(store), Engine::Memcached | Engine::Other)
}

/// The store's service; adds its named volume to `volumes`.
pub fn service(options: &Options, local: &Local, store: &Named<Store>, volumes: &mut Map) -> Map {
    let mut map = common(options, local, store.item, &local.database);
    if let Some(path) = data(store.item) {
        map = map.with("volumes", List::flow().item(format!("{}:{path}", store.name)));
        volumes.set(store.name.as_str(), Node::Null);
    }
    map
}

/// The test database: empty at each start.
pub fn test_service(options: &Options, local: &Local, store: &Named<Store>) -> Map {
    common(options, local, store.item, &format!("{}_test", local.database)).with("profiles", List::flow().item("test"))
}

fn common(options: &Options, local: &Local, store: &Store, database: &str) -> Map {
    let mut map = Map::new().with("image", digest::pinned(options, &image(store)));
    let (user, password) = (literal(&local.user), literal(&local.password));
    let check: Option<Vec<String>> = match engine(store) {
        Engine::MySql => {
            let maria = store.image.contains("mariadb");
            let variables = Map::new()
                .with("MYSQL_DATABASE", literal(database))
                .with("MYSQL_USER", user.as_str())
                .with("MYSQL_PASSWORD", password.as_str());
            map = map.with("environment", variables.with("MYSQL_RANDOM_ROOT_PASSWORD", "yes"));
            let program = if maria { "mariadb-admin" } else { "mysqladmin" };
            Some(vec![
                program.into(),
                "ping".into(),
                "-h".into(),
                "127.0.0.1".into(),
                format!("-u{user}"),
                format!("-p{password}"),
                "--silent".into(),
            ])
        }
        Engine::PostgreSql => {
            let variables = Map::new().with("POSTGRES_DB", literal(database)).with("POSTGRES_USER", user.as_str());
            map = map.with("environment", variables.with("POSTGRES_PASSWORD", password));
            Some(vec!["pg_isready".into(), "-h".into(), "127.0.0.1".into(), "-U".into(), user])
        }
        Engine::Redis => Some(vec![if store.image.contains("valkey") { "valkey-cli" } else { "redis-cli" }.into(), "ping".into()]),
        Engine::Memcached => {
            map = map.with("command", List::command(&["memcached", "-m", "64"].map(str::to_owned)));
            None
        }
        Engine::Search => {
            let security = if store.image.contains("opensearch") { "plugins.security.disabled" } else { "xpack.security.enabled" };
            let off = if store.image.contains("opensearch") { "true" } else { "false" };
            map = map.with("environment", Map::new().with("discovery.type", "single-node").with(security, off));
            Some(vec!["curl".into(), "-fs".into(), format!("http://127.0.0.1:{}/_cluster/health", store.port)])
        }
        Engine::Mongo => Some(vec!["mongosh".into(), "--quiet".into(), "--eval".into(), "db.runCommand({ping: 1})".into()]),
        Engine::Rabbit => Some(vec!["rabbitmq-diagnostics".into(), "-q".into(), "ping".into()]),
        Engine::Other => None,
    };
    if let Some(words) = check {
        let test = words.into_iter().fold(List::flow().item(Node::Quoted("CMD".to_owned())), |list, word| list.item(Node::Quoted(word)));
        map = map.with("healthcheck", Map::new().with("test", test).with("interval", "2s").with("timeout", "5s").with("retries", 60u32));
    }
    map
}

fn image(store: &Store) -> String {
    if store.image.is_empty() { crate::emit::name::dns_label(&store.engine, 60, "busybox") } else { store.image.clone() }
}

/// Where the official image keeps its data.
fn data(store: &Store) -> Option<&'static str> {
    match engine(store) {
        Engine::MySql => Some("/var/lib/mysql"),
        // From 18 on the official image keeps each major version in a folder of its own.
        Engine::PostgreSql => {
            let tag = image(store);
            let major = tag.rsplit(':').next().and_then(|tag| tag.split(['.', '-']).next()?.parse::<u32>().ok());
            Some(if major.is_some_and(|major| major < 18) { "/var/lib/postgresql/data" } else { "/var/lib/postgresql" })
        }
        Engine::Redis => Some("/data"),
        Engine::Search if store.image.contains("opensearch") => Some("/usr/share/opensearch/data"),
        Engine::Search => Some("/usr/share/elasticsearch/data"),
        Engine::Mongo => Some("/data/db"),
        Engine::Rabbit => Some("/var/lib/rabbitmq"),
        Engine::Memcached | Engine::Other => None,
    }
}
