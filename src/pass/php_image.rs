//! What PHP's official image with Apache has elsewhere than the hosts: the port, the document root, the folder of `php.ini`'s parts.
//!
//! `Listen 80` and `/var/www/html` become port 8080, which needs no root, and the `DocumentRoot` of the vhost;
//! `/etc/php5/apache2/conf.d/60-shop.ini` becomes `/usr/local/etc/php/conf.d/60-shop.ini`.

use std::collections::BTreeMap;

use crate::blueprint::{Action, Image, Origin, Process, Runtime, Stage, Step};
use crate::pass::Input;
use crate::read::apache;

/// Adds the steps to an image that runs Apache, and moves what was meant for the hosts' PHP.
pub fn run(input: &Input<'_>, image: &mut Image, processes: &[Process]) {
    if !matches!(image.runtime, Runtime::Php(_)) || !image.base.starts_with("php:") {
        return;
    }
    for step in &mut image.steps {
        if let Action::Copy { to, .. } = &mut step.action
            && let Some(place) = ini_place(to)
        {
            *to = place;
        }
    }
    let server = processes.iter().find(|process| {
        process.image == image.name
            && process.command.values.iter().flatten().any(|words| words.first().is_some_and(|word| word == "apache2-foreground"))
    });
    let Some(port) = server.and_then(|process| process.ports.first()).filter(|_| image.base.contains("apache")) else { return };
    let site = site(input, &image.workdir);
    let script = script(*port, &site.root, site.rewrites);
    let action = Action::Run { script, interpreter: "sh".to_owned(), cwd: None, user: None, variables: BTreeMap::new() };
    image.steps.push(Step { stage: Stage::Dependencies, action, origin: site.origin, note: None });
}

/// What the vhosts say.
struct Site {
    root: String,
    rewrites: bool,
    origin: Vec<Origin>,
}

fn site(input: &Input<'_>, workdir: &str) -> Site {
    let mut site = Site { root: workdir.trim_end_matches('/').to_owned(), rewrites: false, origin: Vec::new() };
    for file in input.files() {
        if !file.path.contains("/apache2/") && !file.path.contains("/httpd/") {
            continue;
        }
        let Some(text) = input.text(&file) else { continue };
        let text = text.to_string();
        let (nodes, _) = apache::parse(&text);
        let mut root = None;
        apache::each(&nodes, &mut |node| {
            if node.name.eq_ignore_ascii_case("documentroot") && root.is_none() {
                root = node.arguments.first().map(|path| input.image_path(path).trim_end_matches('/').to_owned());
            }
        });
        let inside = |root: &String| *root == site.root || root.starts_with(&format!("{}/", site.root));
        let plain = |root: &String| root.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_'));
        if let Some(root) = root.filter(|root| inside(root) && plain(root)).filter(|_| site.origin.is_empty()) {
            site.rewrites = text.contains("Rewrite") || text.contains("AllowOverride All");
            site.origin = input.origin(file.item).into_iter().collect();
            site.root = root;
        }
    }
    site
}

/// Changes the configuration that the image has, wherever its release keeps it.
fn script(port: u16, root: &str, rewrites: bool) -> String {
    let mut lines = vec![
        "set -e".to_owned(),
        format!(
            "find /etc/apache2 -type f -name '*.conf' -exec sed -ri -e 's!^([[:space:]]*)Listen 80$!\\1Listen {port}!' -e 's![*]:80>!*:{port}>!' -e 's!/var/www(/html)?!{root}!g' {{}} +"
        ),
        "install -d -m 1777 /var/run/apache2 /var/lock/apache2 /var/log/apache2".to_owned(),
        "ln -sf /dev/stderr /var/log/apache2/error.log".to_owned(),
        "for log in access.log other_vhosts_access.log; do ln -sf /dev/stdout /var/log/apache2/$log; done".to_owned(),
    ];
    if rewrites {
        lines.push("a2enmod rewrite".to_owned());
    }
    lines.join("\n")
}

/// Where the official image reads a part of the hosts' `php.ini`; the command line has no other than the server.
fn ini_place(path: &str) -> Option<String> {
    let rest = path.strip_prefix("/etc/php")?;
    let name = path.rsplit('/').next().filter(|name| name.ends_with(".ini"))?;
    if rest.contains("/cli/") {
        return None;
    }
    let parts = rest.contains("/conf.d/") || rest.contains("/mods-available/") || rest.starts_with(".d/");
    match name {
        _ if parts => Some(format!("/usr/local/etc/php/conf.d/{name}")),
        "php.ini" => Some("/usr/local/etc/php/php.ini".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_php_ini() {
        for path in ["/etc/php5/apache2/conf.d/60-shop.ini", "/etc/php/7.4/fpm/conf.d/60-shop.ini", "/etc/php.d/60-shop.ini"] {
            assert_eq!(ini_place(path).as_deref(), Some("/usr/local/etc/php/conf.d/60-shop.ini"));
        }
        assert_eq!(ini_place("/etc/php.ini").as_deref(), Some("/usr/local/etc/php/php.ini"));
        assert_eq!(ini_place("/etc/php5/cli/php.ini"), None);
        assert_eq!(ini_place("/etc/phpmyadmin/config.inc.php"), None);
    }

    #[test]
    fn the_port_and_the_root_of_the_vhost() {
        let text = script(8080, "/app/web", true);
        assert!(text.contains("Listen 8080!") && text.contains("!/app/web!g") && text.ends_with("a2enmod rewrite"));
    }
}
