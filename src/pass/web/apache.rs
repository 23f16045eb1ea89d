//! Servers that are no library of the project: PHP-FPM, Apache, Tomcat, in the foreground.

use crate::pass::program::Program;
use crate::pass::web::{Case, Finding};

/// Whether it is PHP-FPM: `php-fpm`, `php5-fpm`, `php-fpm7.2`.
pub fn is_fpm(program: &Program) -> bool {
    program.name.starts_with("php") && program.name.contains("-fpm")
}

/// Whether it is Apache.
pub fn is(program: &Program) -> bool {
    matches!(program.name.as_str(), "apache2" | "httpd" | "apache2ctl" | "apachectl" | "apache2-foreground" | "httpd-foreground")
}

/// Whether it is Tomcat.
pub fn is_tomcat(program: &Program) -> bool {
    matches!(program.name.as_str(), "catalina.sh" | "startup.sh")
}

/// What the command says.
pub fn read_fpm(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding { stop_signal: Some("SIGQUIT"), port: Some(9000), name: Some("php-fpm"), ..Finding::default() };
    let mut command = vec!["php-fpm".to_owned(), "-F".to_owned()];
    let path = case.program.option(&["-y", "--fpm-config"]);
    if let Some(path) = path {
        if let Some(file) = case.file(&path) {
            let value =
                file.encoded.text.lines().filter_map(|line| line.split_once('=')).find(|(name, _)| name.trim() == "pm.max_children");
            found.workers = value.and_then(|(_, value)| value.trim().parse().ok());
        }
        command.extend(["-y".to_owned(), case.files.input.image_path(&path)]);
    }
    found.threads = Some((1, 1));
    found.command = command;
    found.notes.push("speaks FastCGI: a web server must stand before it".to_owned());
    found
}

/// What the command says.
pub fn read(_: &Case<'_, '_>) -> Finding {
    let command = vec!["apache2-foreground".to_owned()];
    Finding { command, stop_signal: Some("SIGWINCH"), port: Some(8080), ..Finding::default() }
}

/// What the command says.
pub fn read_tomcat(_: &Case<'_, '_>) -> Finding {
    Finding { command: vec!["catalina.sh".to_owned(), "run".to_owned()], port: Some(8080), ..Finding::default() }
}
