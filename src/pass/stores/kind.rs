//! The kinds of stores: by what each is known, and what stands for it on a developer's machine.

/// A kind of store.
#[derive(Debug)]
pub struct Kind {
    /// The name of the first of its kind: `db`.
    pub name: &'static str,
    /// `mysql`
    pub engine: &'static str,
    /// Official image for local use; empty where there is none to stand for it.
    pub image: &'static str,
    /// Its port.
    pub port: u16,
    /// Libraries that talk to it.
    pub libraries: &'static [&'static str],
    /// Packages with the server, and services; one that ends in `*` stands for any version.
    pub packages: &'static [&'static str],
    /// Resources and layers that set up a server.
    pub resources: &'static [&'static str],
    /// Where the server's own configuration lies.
    pub files: &'static [&'static str],
    /// Packages of its clients: the app talks to such a server.
    pub clients: &'static [&'static str],
    /// Schemes of its URLs.
    pub schemes: &'static [&'static str],
    /// Words in the names of variables and files that mean it.
    pub words: &'static [&'static str],
    /// Ends of the names of hosts that AWS runs it on.
    pub hosts: &'static [&'static str],
}

const NONE: &[&str] = &[];

/// The kinds. Of two that fit, the first counts.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "db",
        engine: "mysql",
        image: "mysql:8.0",
        port: 3306,
        libraries: &["mysql2", "mysql", "trilogy", "activerecord-mysql2-adapter"],
        packages: &["mysql-server*", "mariadb-server*", "percona-server-server*", "mysql-community-server", "mysql", "mysqld", "mariadb"],
        resources: &["mysql_service", "mariadb_server_install", "mysql_server_installation_package", "db-master"],
        files: &["/etc/mysql/", "/etc/my.cnf", "/etc/default/mysql", "/etc/init/mysql.conf"],
        clients: &[
            "mysql-client*",
            "libmysqlclient*",
            "default-mysql-client",
            "mariadb-client*",
            "default-libmysqlclient-dev",
            "php5-mysql",
            "php-mysql",
        ],
        schemes: &["mysql", "mysql2", "mariadb", "trilogy"],
        words: &["mysql", "mariadb"],
        hosts: NONE,
    },
    Kind {
        name: "db",
        engine: "postgresql",
        image: "postgres:16",
        port: 5432,
        libraries: &["pg", "postgres", "activerecord-postgis-adapter"],
        packages: &["postgresql", "postgresql-server*", "postgresql-9*", "postgresql-1*"],
        resources: &["postgresql_server_install", "postgresql_install", "postgresql_service"],
        files: &["/etc/postgresql/", "/var/lib/pgsql/", "/etc/postgresql-common/"],
        clients: &["postgresql-client*", "libpq-dev", "libpq5", "php5-pgsql", "php-pgsql"],
        schemes: &["postgres", "postgresql", "postgis"],
        words: &["postgres", "postgresql", "pg"],
        hosts: NONE,
    },
    Kind {
        name: "redis",
        engine: "redis",
        image: "redis:7",
        port: 6379,
        libraries: &["redis", "sidekiq", "resque", "ioredis", "redis-client", "bull", "bullmq", "predis/predis"],
        packages: &["redis-server*", "redis", "redis6379", "valkey-server"],
        resources: &["redis_instance", "redisio_instance", "redisio_configure", "redis_service"],
        files: &["/etc/redis/", "/etc/redis.conf", "/etc/default/redis-server", "/etc/init.d/redis", "/usr/local/redis/"],
        clients: NONE,
        schemes: &["redis", "rediss"],
        words: &["redis", "resque", "sidekiq", "redistogo", "rediscloud"],
        hosts: NONE,
    },
    Kind {
        name: "memcached",
        engine: "memcached",
        image: "memcached:1.6",
        port: 11211,
        libraries: &["dalli", "memcached", "memjs", "memcache-client"],
        packages: &["memcached"],
        resources: &["memcached_instance", "memcached"],
        files: &["/etc/memcached.conf", "/etc/default/memcached", "/etc/sysconfig/memcached", "/etc/memcached/"],
        clients: NONE,
        schemes: &["memcached", "memcache"],
        words: &["memcache", "memcached", "memcachier"],
        hosts: NONE,
    },
    Kind {
        name: "opensearch",
        engine: "opensearch",
        image: "opensearchproject/opensearch:2",
        port: 9200,
        libraries: &["opensearch-ruby"],
        packages: &["opensearch"],
        resources: NONE,
        files: &["/etc/opensearch/"],
        clients: NONE,
        schemes: NONE,
        words: &["opensearch"],
        hosts: NONE,
    },
    Kind {
        name: "elasticsearch",
        engine: "elasticsearch",
        image: "elasticsearch:8.15.0",
        port: 9200,
        libraries: &["elasticsearch", "elasticsearch-model", "searchkick", "chewy", "tire", "@elastic/elasticsearch"],
        packages: &["elasticsearch"],
        resources: &["elasticsearch_service", "elasticsearch_install"],
        files: &["/etc/elasticsearch/", "/etc/default/elasticsearch", "/etc/sysconfig/elasticsearch", "/usr/local/etc/elasticsearch/"],
        clients: NONE,
        schemes: NONE,
        words: &["elasticsearch", "elastic", "bonsai"],
        hosts: &[".es.amazonaws.com"],
    },
    Kind {
        name: "mongodb",
        engine: "mongodb",
        image: "mongo:7",
        port: 27017,
        libraries: &["mongoid", "mongo", "mongoose", "mongodb", "mongo_mapper"],
        packages: &["mongodb", "mongodb-org*", "mongodb-server", "mongodb-10gen", "mongod"],
        resources: &["mongodb_instance"],
        files: &["/etc/mongod.conf", "/etc/mongodb.conf", "/etc/mongodb/", "/etc/init/mongod.conf"],
        clients: NONE,
        schemes: &["mongodb", "mongodb+srv"],
        words: &["mongo", "mongodb", "mongoid", "mongolab", "mongohq"],
        hosts: &[".docdb.amazonaws.com"],
    },
    Kind {
        name: "rabbitmq",
        engine: "rabbitmq",
        image: "rabbitmq:3.13",
        port: 5672,
        libraries: &["bunny", "sneakers", "amqplib", "amqp", "march_hare", "php-amqplib/php-amqplib"],
        packages: &["rabbitmq-server"],
        resources: &["rabbitmq"],
        files: &["/etc/rabbitmq/", "/etc/default/rabbitmq-server", "/var/lib/rabbitmq/"],
        clients: NONE,
        schemes: &["amqp", "amqps"],
        words: &["rabbit", "rabbitmq", "amqp", "cloudamqp"],
        hosts: NONE,
    },
    Kind {
        name: "kafka",
        engine: "kafka",
        image: "apache/kafka:3.8.0",
        port: 9092,
        libraries: &["ruby-kafka", "rdkafka", "karafka", "racecar", "kafkajs", "kafka-node"],
        packages: &["kafka"],
        resources: NONE,
        files: &["/etc/kafka/", "/opt/kafka/config/"],
        clients: NONE,
        schemes: &["kafka"],
        words: &["kafka"],
        hosts: &[".kafka.amazonaws.com"],
    },
    Kind {
        name: "cassandra",
        engine: "cassandra",
        image: "cassandra:4.1",
        port: 9042,
        libraries: &["cassandra-driver", "cequel"],
        packages: &["cassandra", "dsc*"],
        resources: NONE,
        files: &["/etc/cassandra/"],
        clients: NONE,
        schemes: &["cassandra"],
        words: &["cassandra"],
        hosts: NONE,
    },
    Kind {
        name: "influxdb",
        engine: "influxdb",
        image: "influxdb:1.8",
        port: 8086,
        libraries: &["influxdb", "influxdb-rails"],
        packages: &["influxdb"],
        resources: &["influxdb"],
        files: &["/etc/influxdb/"],
        clients: NONE,
        schemes: NONE,
        words: &["influxdb", "influx"],
        hosts: NONE,
    },
    Kind {
        name: "beanstalkd",
        engine: "beanstalkd",
        image: "schickling/beanstalkd",
        port: 11300,
        libraries: &["beaneater", "backburner", "beanstalk-client"],
        packages: &["beanstalkd"],
        resources: NONE,
        files: &["/etc/default/beanstalkd"],
        clients: NONE,
        schemes: &["beanstalk"],
        words: &["beanstalk", "beanstalkd"],
        hosts: NONE,
    },
    Kind {
        name: "solr",
        engine: "solr",
        image: "solr:8",
        port: 8983,
        libraries: &["rsolr", "sunspot", "sunspot_rails"],
        packages: &["solr-jetty", "solr-tomcat", "solr"],
        resources: NONE,
        files: &["/etc/solr/", "/opt/solr/"],
        clients: NONE,
        schemes: NONE,
        words: &["solr", "websolr"],
        hosts: NONE,
    },
    Kind {
        name: "sqs",
        engine: "sqs",
        image: "",
        port: 443,
        libraries: &["shoryuken", "aws-sdk-sqs"],
        packages: NONE,
        resources: NONE,
        files: NONE,
        clients: NONE,
        schemes: NONE,
        words: &["sqs"],
        hosts: &[],
    },
    Kind {
        name: "s3",
        engine: "s3",
        image: "",
        port: 443,
        libraries: NONE,
        packages: NONE,
        resources: NONE,
        files: NONE,
        clients: NONE,
        schemes: &["s3"],
        words: &["bucket"],
        hosts: &[],
    },
    Kind {
        name: "smtp",
        engine: "smtp",
        image: "",
        port: 587,
        libraries: NONE,
        packages: NONE,
        resources: NONE,
        files: NONE,
        clients: NONE,
        schemes: &["smtp", "smtps"],
        words: &["smtp"],
        hosts: NONE,
    },
];

impl Kind {
    /// Whether it is a database that speaks SQL: an app has one of them.
    #[must_use]
    pub fn is_sql(&self) -> bool {
        self.name == "db"
    }

    /// Whether AWS or somebody else runs it always: nothing runs on the hosts.
    #[must_use]
    pub fn is_service(&self) -> bool {
        matches!(self.engine, "s3" | "sqs" | "smtp")
    }

    /// Whether a package or service of that name is its server.
    #[must_use]
    pub fn has_package(&self, name: &str) -> bool {
        fits(self.packages, name)
    }

    /// Whether a package of that name is a client of it.
    #[must_use]
    pub fn has_client(&self, name: &str) -> bool {
        fits(self.clients, name)
    }
}

/// Whether a package of that name is in a list.
fn fits(list: &[&str], name: &str) -> bool {
    list.iter().any(|known| match known.strip_suffix('*') {
        // A client or library of a like name is no server.
        Some(start) => name
            .strip_prefix(start)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c == '-' || c == '.' || c.is_ascii_digit())),
        None => *known == name,
    })
}

/// The kind of an engine as RDS and others call it: `aurora-mysql`, `postgres`.
#[must_use]
pub fn of_engine(engine: &str) -> Option<&'static Kind> {
    let wanted = match engine {
        engine if engine.contains("postgres") => "postgresql",
        engine if engine.contains("mysql") || engine.contains("maria") || engine.contains("aurora") || engine.is_empty() => "mysql",
        engine => engine,
    };
    KINDS.iter().find(|kind| kind.engine == wanted)
}

/// The kind of a URL with that scheme.
#[must_use]
pub fn of_scheme(scheme: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.schemes.contains(&scheme))
}

/// The image of an engine's version: `5.7.mysql_aurora.2.07` is `mysql:5.7`, `13.4` of PostgreSQL `postgres:13`.
#[must_use]
pub fn image(kind: &Kind, engine: &str, version: Option<&str>) -> String {
    let numbers: Vec<&str> = version
        .map(|version| version.rsplit_once(':').map_or(version, |(_, rest)| rest))
        .unwrap_or_default()
        .split(['.', '-', '+', '~'])
        .take_while(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
        .collect();
    let (Some(major), minor) = (numbers.first(), numbers.get(1)) else { return kind.image.to_owned() };
    let both = || minor.map_or_else(|| (*major).to_owned(), |minor| format!("{major}.{minor}"));
    match kind.engine {
        "mysql" if engine.contains("maria") => format!("mariadb:{}", both()),
        "mysql" => format!("mysql:{}", both()),
        // From 10 on the first number is the major version.
        "postgresql" if major.len() > 1 => format!("postgres:{major}"),
        "postgresql" => format!("postgres:{}", both()),
        "redis" if *major == "2" => "redis:3".to_owned(),
        "redis" => format!("redis:{major}"),
        "memcached" => kind.image.to_owned(),
        // Elasticsearch has no image but for whole versions.
        "elasticsearch" if numbers.len() > 2 => format!("elasticsearch:{}", numbers[..3].join(".")),
        "mongodb" => format!("mongo:{}", if major.parse::<u32>().is_ok_and(|major| major > 4) { (*major).to_owned() } else { both() }),
        _ => kind.image.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{image, of_engine};

    #[test]
    fn images_by_version() {
        for (engine, version, expected) in [
            ("aurora-mysql", "5.7.mysql_aurora.2.07.2", "mysql:5.7"),
            ("mysql", "8.0.35", "mysql:8.0"),
            ("mariadb", "10.6.8", "mariadb:10.6"),
            ("postgres", "9.6.22", "postgres:9.6"),
            ("aurora-postgresql", "13.4", "postgres:13"),
            ("redis", "5:4.0.9-1ubuntu0.2", "redis:4"),
            ("redis", "2.8.24", "redis:3"),
            ("elasticsearch", "7.17.3", "elasticsearch:7.17.3"),
            ("elasticsearch", "", "elasticsearch:8.15.0"),
            ("mongodb", "3.6.23", "mongo:3.6"),
            ("postgres", "latest", "postgres:16"),
        ] {
            assert_eq!(image(of_engine(engine).unwrap(), engine, Some(version)), expected, "{engine} {version}");
        }
    }
}
