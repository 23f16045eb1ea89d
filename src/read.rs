//! Text to syntax trees, one language per file. Nothing here knows Chef.

pub mod apache;
pub mod cron;
pub mod crontab;
pub mod dotenv;
pub mod environment;
pub mod erb;
pub mod gemfile_lock;
pub mod haproxy;
pub mod lexeme;
pub mod lookups;
pub mod monit;
pub mod nginx;
pub mod package_json;
pub mod problem;
pub mod procfile;
pub mod ruby;
pub mod shell;
pub mod sidekiq_yaml;
pub mod supervisor;
pub mod systemd;
pub mod upstart;
pub mod version;
