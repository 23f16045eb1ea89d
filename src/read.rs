//! Text to syntax trees, one language per file. Nothing here knows Chef.

pub mod cron;
pub mod crontab;
pub mod lexeme;
pub mod monit;
pub mod problem;
pub mod ruby;
pub mod shell;
pub mod systemd;
