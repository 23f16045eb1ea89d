//! What recipes do on a database server: databases, users, grants. The server is elsewhere now, and so is this work.

use crate::graph::Resource;
use crate::outcome::Fate;
use crate::pass::{Input, Sink};

/// Resources that make something on a server: what they make, and the property with its name.
const MAKES: &[(&str, &str, &str)] = &[
    ("mysql_database", "database", "database_name"),
    ("mysql_database_user", "database user", "username"),
    ("mysql_user", "database user", "username"),
    ("mariadb_database", "database", "database_name"),
    ("mariadb_user", "database user", "username"),
    ("postgresql_database", "database", "database_name"),
    ("postgresql_database_user", "database user", "username"),
    ("postgresql_user", "database user", "create_user"),
    ("postgresql_role", "database user", "rolename"),
    ("postgresql_extension", "extension of the database", "extension"),
    ("postgresql_access", "access rule of the database server", "access_db"),
    ("database", "database", "database_name"),
    ("database_user", "database user", "username"),
    ("rabbitmq_user", "user of the message broker", "user"),
    ("rabbitmq_vhost", "virtual host of the message broker", "vhost"),
    ("mongodb_user", "database user", "username"),
    ("influxdb_database", "database", "name"),
    ("influxdb_user", "database user", "username"),
];

/// Words of a command that do the same.
const COMMANDS: &[(&str, &str)] = &[
    ("create database", "Create the database"),
    ("createdb", "Create the database"),
    ("create user", "Create the database user"),
    ("create role", "Create the database user"),
    ("createuser", "Create the database user"),
    ("grant ", "Grant the rights on the database"),
    ("create extension", "Create the extension of the database"),
    ("rabbitmqctl add_user", "Create the user of the message broker"),
    ("rabbitmqctl add_vhost", "Create the virtual host of the message broker"),
    ("rabbitmqctl set_permissions", "Grant the rights on the message broker"),
];

/// Claims them; each is something to be done once on the server.
pub fn run(input: &Input<'_>, sink: &mut Sink) {
    for (number, resource) in input.items() {
        if sink.is_claimed(number) {
            continue;
        }
        let Some(what) = made(resource).or_else(|| commanded(resource)) else { continue };
        let why = "the database server stands outside the cluster: done once, before the first deployment";
        sink.claim(number, Fate::Manual, "", why);
        sink.task(what, why, input.origin(number).into_iter().collect());
    }
}

fn made(resource: &Resource) -> Option<String> {
    let (_, what, property) = MAKES.iter().find(|(kind, ..)| *kind == resource.kind)?;
    let name = resource.text_or_name(property);
    Some(if resource.does("drop") || resource.does("delete") {
        format!("Remove the {what} `{name}` from its server")
    } else if resource.does("grant") {
        format!("Grant the rights of the {what} `{name}` on its server")
    } else {
        format!("Create the {what} `{name}` on its server")
    })
}

fn commanded(resource: &Resource) -> Option<String> {
    let line = match resource.kind.as_str() {
        "execute" => resource.text_or_name("command"),
        "bash" | "script" | "sh" => resource.text("code")?,
        _ => return None,
    };
    let lower = line.to_string().to_lowercase();
    let client = ["mysql", "psql", "createdb", "createuser", "rabbitmqctl", "mongo", "influx"].iter().any(|word| lower.contains(word));
    let (_, what) = COMMANDS.iter().find(|(words, _)| client && lower.contains(words))?;
    Some(format!("{what} that `{}` made", resource.reference()))
}
