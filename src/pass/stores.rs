//! Databases, caches and queues: outside in the real environments, containers of their own in Compose.

use crate::blueprint::{Origin, PerEnvironment, Setting, Store, Variable};
use crate::outcome::Fate;
use crate::pass::input::at;
use crate::pass::{Input, Sink};
use crate::project::Project;

struct Kind {
    name: &'static str,
    engine: &'static str,
    image: &'static str,
    port: u16,
    libraries: &'static [&'static str],
    packages: &'static [&'static str],
}

const KINDS: &[Kind] = &[
    Kind {
        name: "db",
        engine: "mysql",
        image: "mysql:8.0",
        port: 3306,
        libraries: &["mysql2", "mysql"],
        packages: &["mysql-server", "mysql-server-5.5", "mysql-server-5.6", "mysql-server-5.7", "mariadb-server", "percona-server-server"],
    },
    Kind {
        name: "db",
        engine: "postgresql",
        image: "postgres:16",
        port: 5432,
        libraries: &["pg"],
        packages: &["postgresql", "postgresql-server"],
    },
    Kind {
        name: "redis",
        engine: "redis",
        image: "redis:7",
        port: 6379,
        libraries: &["redis", "sidekiq", "resque", "ioredis", "redis-client", "bull"],
        packages: &["redis-server", "redis"],
    },
    Kind {
        name: "memcached",
        engine: "memcached",
        image: "memcached:1.6",
        port: 11211,
        libraries: &["dalli", "memcached", "memjs"],
        packages: &["memcached"],
    },
    Kind {
        name: "elasticsearch",
        engine: "elasticsearch",
        image: "elasticsearch:8.15.0",
        port: 9200,
        libraries: &["elasticsearch", "elasticsearch-model", "searchkick"],
        packages: &["elasticsearch"],
    },
    Kind {
        name: "mongodb",
        engine: "mongodb",
        image: "mongo:7",
        port: 27017,
        libraries: &["mongoid", "mongo", "mongoose", "mongodb"],
        packages: &["mongodb", "mongodb-org", "mongodb-server"],
    },
    Kind {
        name: "rabbitmq",
        engine: "rabbitmq",
        image: "rabbitmq:3.13",
        port: 5672,
        libraries: &["bunny", "sneakers", "amqplib"],
        packages: &["rabbitmq-server"],
    },
];

/// The stores that the projects, stacks and resources speak of; variables that name one get a value for Compose.
pub fn run(input: &Input<'_>, variables: &mut [Variable], sink: &mut Sink) -> Vec<Store> {
    let mut stores: Vec<Store> = Vec::new();
    let mut add = |kind: &Kind, origin: Vec<Origin>| match stores.iter_mut().find(|store| store.name == kind.name) {
        Some(known) => {
            for one in origin {
                if !known.origin.contains(&one) {
                    known.origin.push(one);
                }
            }
        }
        None => stores.push(Store {
            name: kind.name.to_owned(),
            engine: kind.engine.to_owned(),
            image: kind.image.to_owned(),
            port: kind.port,
            origin,
            ..Store::default()
        }),
    };
    for environment in &input.graph.environments {
        for database in &environment.databases {
            let engine = if database.engine.contains("postgres") { "postgresql" } else { "mysql" };
            if let Some(kind) = KINDS.iter().find(|kind| kind.engine == engine) {
                add(kind, at(database.origin.clone(), "database"));
            }
        }
    }
    for project in input.projects {
        for kind in KINDS {
            if let Some(library) = kind.libraries.iter().find(|name| project.libraries.contains_key(**name)) {
                let manifest = project
                    .manifests
                    .iter()
                    .find(|name| name.ends_with(".lock") || name.ends_with("package.json"))
                    .cloned()
                    .unwrap_or_default();
                add(kind, vec![Origin { location: project.place(&manifest, 1), what: format!("library {library}") }]);
            }
        }
    }
    for (number, resource) in input.items() {
        let package = resource.kind.ends_with("package").then(|| resource.name.to_string());
        let service = (resource.kind == "service").then(|| resource.text_or_name("service_name").to_string());
        let found = KINDS.iter().find(|kind| {
            package.as_deref().is_some_and(|name| name.split(", ").all(|one| kind.packages.contains(&one)))
                || service.as_deref().is_some_and(|name| {
                    kind.packages.contains(&name)
                        || name == kind.engine
                        || name == "mysql" && kind.engine == "mysql"
                        || name == "redis-server" && kind.engine == "redis"
                })
        });
        if let (Some(kind), false) = (found, sink.is_claimed(number)) {
            add(kind, input.origin(number).into_iter().collect());
            sink.claim(
                number,
                Fate::Translated,
                format!("compose service {}", kind.name),
                "a store beside the app: managed outside the cluster, a container for development",
            );
            sink.task(
                format!("Give {} a home outside the cluster, and move its data", kind.engine),
                "its server ran on the hosts",
                input.origin(number).into_iter().collect(),
            );
        }
    }
    fill(&mut stores, variables);
    stores
}

/// Addresses of the stores from the variables, and local values for Compose.
fn fill(stores: &mut [Store], variables: &mut [Variable]) {
    for store in stores.iter_mut() {
        for variable in variables.iter_mut() {
            let local = local_value(store, &variable.name, variable.value.base());
            let Some(local) = local else { continue };
            if !variable.secret {
                variable.local = Some(local);
                if store.address.is_none()
                    && (variable.name.contains("HOST") || variable.name.contains("URL") || variable.name.contains("SERVERS"))
                {
                    let values = variable.value.values.iter().map(|value| match value {
                        Some(Setting::Known(text)) => Some(text.clone()),
                        _ => None,
                    });
                    store.address = Some(PerEnvironment { values: values.collect() });
                }
            }
        }
    }
}

fn local_value(store: &Store, name: &str, value: Option<&Setting>) -> Option<String> {
    let text = match value {
        Some(Setting::Known(text)) => text.as_str(),
        _ => "",
    };
    match store.engine.as_str() {
        "redis" if name.contains("REDIS") && text.starts_with("redis") => {
            let number = text.rsplit('/').next().filter(|part| part.parse::<u32>().is_ok()).unwrap_or("0");
            Some(format!("redis://{}:{}/{number}", store.name, store.port))
        }
        "redis" if name == "REDIS_HOST" => Some(store.name.clone()),
        "memcached" if name.contains("MEMCACHE") => Some(format!("{}:{}", store.name, store.port)),
        "mysql" | "postgresql" => match name {
            "DB_HOST" | "DATABASE_HOST" | "MYSQL_HOST" | "PGHOST" | "RDS_HOSTNAME" => Some(store.name.clone()),
            _ => None,
        },
        "elasticsearch" if name.contains("ELASTICSEARCH") => Some(format!("http://{}:{}", store.name, store.port)),
        "mongodb" if name.contains("MONGO") && text.starts_with("mongodb") => Some(format!("mongodb://{}:{}/app", store.name, store.port)),
        "rabbitmq" if (name.contains("RABBIT") || name.contains("AMQP")) && text.starts_with("amqp") => {
            Some(format!("amqp://{}:{}", store.name, store.port))
        }
        _ => None,
    }
}

/// Whether a library of the project talks to an engine of that name.
#[must_use]
pub fn uses(project: &Project, engine: &str) -> bool {
    KINDS.iter().any(|kind| kind.engine == engine && kind.libraries.iter().any(|name| project.libraries.contains_key(*name)))
}
