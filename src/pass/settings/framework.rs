//! Variables that frameworks and libraries read by themselves: the project's code need not mention them.

use crate::project::Project;

/// A variable (a `*` at its end stands for any more), who reads it, and the libraries that must be there; none for those of the language.
const READERS: &[(&str, &str, &[&str])] = &[
    ("RAILS_ENV", "Rails", &["rails", "railties"]),
    ("RACK_ENV", "Rack", &["rack"]),
    ("SECRET_KEY_BASE", "Rails", &["rails", "railties"]),
    ("RAILS_MASTER_KEY", "Rails", &["rails", "railties"]),
    ("RAILS_LOG_TO_STDOUT", "Rails", &["rails", "railties"]),
    ("RAILS_SERVE_STATIC_FILES", "Rails", &["rails", "railties"]),
    ("RAILS_RELATIVE_URL_ROOT", "Rails", &["rails", "railties"]),
    ("RAILS_LOG_LEVEL", "Rails", &["rails_12factor"]),
    ("DATABASE_URL", "Active Record", &["activerecord", "sequel", "sequelize", "pg", "prisma"]),
    ("RAILS_MAX_THREADS", "Rails", &["rails", "railties", "puma"]),
    ("RAILS_MIN_THREADS", "Puma", &["puma"]),
    ("WEB_CONCURRENCY", "Puma", &["puma"]),
    ("PORT", "the web server", &["puma", "express", "thin"]),
    ("REDIS_URL", "the Redis client", &["redis", "sidekiq", "redis-client"]),
    ("REDIS_PROVIDER", "Sidekiq", &["sidekiq"]),
    ("SIDEKIQ_*", "Sidekiq", &["sidekiq"]),
    ("MALLOC_ARENA_MAX", "the C library", &[]),
    ("LD_PRELOAD", "the loader", &[]),
    ("LD_LIBRARY_PATH", "the loader", &[]),
    ("TZ", "the C library", &[]),
    ("http_proxy", "HTTP clients", &[]),
    ("https_proxy", "HTTP clients", &[]),
    ("no_proxy", "HTTP clients", &[]),
    ("HTTP_PROXY", "HTTP clients", &[]),
    ("HTTPS_PROXY", "HTTP clients", &[]),
    ("NO_PROXY", "HTTP clients", &[]),
    ("SSL_CERT_FILE", "OpenSSL", &[]),
    ("SSL_CERT_DIR", "OpenSSL", &[]),
    ("MEMCACHE_SERVERS", "Dalli", &["dalli"]),
    ("MEMCACHE_USERNAME", "Dalli", &["dalli"]),
    ("MEMCACHE_PASSWORD", "Dalli", &["dalli"]),
    ("ELASTICSEARCH_URL", "the Elasticsearch client", &["elasticsearch", "searchkick", "elasticsearch-model"]),
    ("OPENSEARCH_URL", "the OpenSearch client", &["opensearch-ruby", "searchkick"]),
    ("MONGODB_URI", "Mongoid", &["mongoid"]),
    ("RABBITMQ_URL", "Bunny", &["bunny"]),
    ("CLOUDAMQP_URL", "Bunny", &["bunny"]),
    ("AMQP_URL", "Sneakers", &["sneakers"]),
    ("AWS_*", "the AWS SDK", &["aws-sdk*", "aws-sdk", "fog", "fog-aws", "shoryuken", "carrierwave-aws", "@aws-sdk*", "aws_cf_signer"]),
    ("NEW_RELIC_*", "New Relic", &["newrelic_rpm", "newrelic"]),
    ("NEWRELIC_*", "New Relic", &["newrelic_rpm", "newrelic"]),
    ("NRCONFIG", "New Relic", &["newrelic_rpm"]),
    ("DD_*", "Datadog", &["ddtrace", "datadog", "dd-trace", "dogstatsd-ruby"]),
    ("SENTRY_*", "Sentry", &["sentry-raven", "sentry-ruby", "sentry-rails", "raven", "@sentry*"]),
    ("APPSIGNAL_*", "AppSignal", &["appsignal"]),
    ("SCOUT_*", "Scout", &["scout_apm"]),
    ("SKYLIGHT_*", "Skylight", &["skylight"]),
    ("HONEYBADGER_*", "Honeybadger", &["honeybadger"]),
    ("ROLLBAR_*", "Rollbar", &["rollbar"]),
    ("BUGSNAG_*", "Bugsnag", &["bugsnag"]),
    ("AIRBRAKE_*", "Airbrake", &["airbrake"]),
    ("LOGRAGE_*", "Lograge", &["lograge"]),
    ("CLOUDINARY_URL", "Cloudinary", &["cloudinary"]),
    ("STRIPE_*", "Stripe", &["stripe_event"]),
    ("BOOTSNAP_*", "Bootsnap", &["bootsnap"]),
    ("GOOGLE_APPLICATION_CREDENTIALS", "Google's client", &[]),
    ("RUBY_*", "Ruby", &["rake", "rack"]),
    ("RUBYOPT", "Ruby", &["rake", "rack"]),
    ("BUNDLE_*", "Bundler", &["rake", "rack"]),
    ("UNICORN_*", "Unicorn", &["unicorn"]),
    ("PASSENGER_*", "Passenger", &["passenger"]),
    ("RESQUE_*", "Resque", &["resque"]),
    ("QUEUE", "the worker's rake task", &["resque", "delayed_job"]),
    ("QUEUES", "the worker's rake task", &["resque", "delayed_job"]),
    ("NODE_ENV", "Node", &[]),
    ("NODE_*", "Node", &[]),
    ("NPM_*", "npm", &[]),
    ("DEBUG", "debug", &["debug", "express"]),
    ("APP_ENV", "the framework", &["sinatra", "laravel/framework"]),
    ("APP_KEY", "Laravel", &["laravel/framework"]),
    ("DJANGO_SETTINGS_MODULE", "Django", &[]),
    ("PYTHONPATH", "Python", &[]),
    ("JAVA_OPTS", "Java", &[]),
    ("JAVA_HOME", "Java", &[]),
    ("CATALINA_OPTS", "Tomcat", &[]),
    ("PGHOST", "the PostgreSQL client", &["pg"]),
    ("PGUSER", "the PostgreSQL client", &["pg"]),
    ("PGPASSWORD", "the PostgreSQL client", &["pg"]),
    ("PGDATABASE", "the PostgreSQL client", &["pg"]),
    ("PGPORT", "the PostgreSQL client", &["pg"]),
];

/// Names that the system, the shell or a person's call of a task sets, or that are only asked about.
const GIVEN: &[&str] = &[
    "HOME",
    "PATH",
    "USER",
    "LOGNAME",
    "PWD",
    "OLDPWD",
    "SHELL",
    "TERM",
    "COLUMNS",
    "LINES",
    "LANG",
    "LANGUAGE",
    "LC_ALL",
    "LC_CTYPE",
    "HOSTNAME",
    "TMPDIR",
    "TMP",
    "TEMP",
    "EDITOR",
    "VISUAL",
    "PAGER",
    "DISPLAY",
    "CI",
    "COVERAGE",
    "VERBOSE",
    "SSH_AUTH_SOCK",
    "SUDO_USER",
    "UID",
    "EUID",
    "BASH_SOURCE",
    "RANDOM",
    "SECONDS",
    "IFS",
    "DRY_RUN",
    "TRACE",
    "OSTYPE",
    "SHLVL",
    "FUNCNAME",
    "LINENO",
    "PPID",
    "DISABLE_SPRING",
    "RUBYLIB",
    "GEM_HOME",
    "GEM_PATH",
    "RAILS_ENV",
    "RACK_ENV",
    "NODE_ENV",
    "BUNDLE_GEMFILE",
    "PIDFILE",
    "npm_package_version",
    "npm_config_argv",
    "KUBERNETES_SERVICE_HOST",
    "DYNO",
    "HEROKU_APP_NAME",
    "OS",
    "COMPUTERNAME",
];

/// Who reads a variable without the project's saying so.
#[must_use]
pub fn reader(name: &str, projects: &[Project]) -> Option<&'static str> {
    READERS
        .iter()
        .find(|(pattern, _, libraries)| fits(pattern, name) && (libraries.is_empty() || present(libraries, projects)))
        .map(|(_, reader, _)| *reader)
}

/// What agents and recipes on the hosts read, where the app has none of their libraries.
const HOST_AGENTS: &[(&str, &str)] = &[
    ("NEW_RELIC_", "New Relic"),
    ("NEWRELIC_", "New Relic"),
    ("DD_", "Datadog"),
    ("DATADOG_", "Datadog"),
    ("LIBRATO_", "Librato"),
    ("PAPERTRAIL_", "Papertrail"),
    ("LOGGLY_", "Loggly"),
    ("SCOUT_", "Scout"),
];

/// Why a variable that the app does not read was there: for an agent on the hosts.
#[must_use]
pub fn host_agent(name: &str) -> Option<String> {
    let (_, agent) = HOST_AGENTS.iter().find(|(start, _)| name.starts_with(start))?;
    Some(format!(
        "no library of the app reads it: {agent}'s agent or a recipe on the hosts did, which is for the nodes or the pipeline now"
    ))
}

/// Whether a variable is there without anybody's setting it, or is not asked for in earnest.
#[must_use]
pub fn is_given(name: &str) -> bool {
    GIVEN.contains(&name)
}

/// Whether a variable that nothing sets is no fault: one that a framework knows how to do without.
#[must_use]
pub fn may_be_unset(name: &str) -> bool {
    let required = [
        "SECRET_KEY_BASE",
        "DATABASE_URL",
        "REDIS_URL",
        "MEMCACHE_SERVERS",
        "ELASTICSEARCH_URL",
        "OPENSEARCH_URL",
        "MONGODB_URI",
        "RABBITMQ_URL",
        "CLOUDAMQP_URL",
        "AMQP_URL",
        "CLOUDINARY_URL",
        "APP_KEY",
        "QUEUE",
        "QUEUES",
        "MEMCACHE_USERNAME",
        "MEMCACHE_PASSWORD",
        "RAILS_MASTER_KEY",
        "GOOGLE_APPLICATION_CREDENTIALS",
    ];
    let service = [
        "AWS_",
        "NEW_RELIC_",
        "NEWRELIC_",
        "DD_",
        "SENTRY_",
        "APPSIGNAL_",
        "SCOUT_",
        "SKYLIGHT_",
        "HONEYBADGER_",
        "ROLLBAR_",
        "BUGSNAG_",
        "AIRBRAKE_",
        "STRIPE_",
        "PG",
    ];
    READERS.iter().any(|(pattern, ..)| fits(pattern, name))
        && !required.contains(&name)
        && !service.iter().any(|start| name.starts_with(start))
}

fn fits(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

/// Whether a project has one of the libraries; without a project they may all be there.
fn present(libraries: &[&str], projects: &[Project]) -> bool {
    let has = |project: &Project| {
        project.libraries.keys().any(|known| libraries.iter().any(|library| fits(library, known)))
            || (project.rails
                && libraries.iter().any(|library| matches!(*library, "rails" | "railties" | "rack" | "activerecord" | "rake")))
    };
    projects.is_empty() || projects.iter().any(has)
}
