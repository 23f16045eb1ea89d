//! Variables that web servers give to the apps they start: Passenger's, Apache's `SetEnv`, FastCGI parameters, php-fpm's `env[A]`.

use crate::pass::settings::source::{Piece, Place, Read};
use crate::read::nginx;

/// What FastCGI itself is made of.
const PROTOCOL: &[&str] = &[
    "QUERY_STRING",
    "REQUEST_METHOD",
    "CONTENT_TYPE",
    "CONTENT_LENGTH",
    "SCRIPT_FILENAME",
    "SCRIPT_NAME",
    "PATH_INFO",
    "PATH_TRANSLATED",
    "REQUEST_URI",
    "REQUEST_SCHEME",
    "DOCUMENT_URI",
    "DOCUMENT_ROOT",
    "SERVER_PROTOCOL",
    "HTTPS",
    "GATEWAY_INTERFACE",
    "SERVER_SOFTWARE",
    "REMOTE_ADDR",
    "REMOTE_PORT",
    "REMOTE_USER",
    "SERVER_ADDR",
    "SERVER_PORT",
    "SERVER_NAME",
    "REDIRECT_STATUS",
    "PHP_VALUE",
    "PHP_ADMIN_VALUE",
    "UWSGI_SCHEME",
    "HTTP_PROXY",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
];

/// Settings of Passenger that are variables of the app, in nginx and in Apache.
const MODES: &[(&str, &str, &[&str])] = &[
    ("passenger_app_env", "PassengerAppEnv", &["RAILS_ENV", "RACK_ENV"]),
    ("rails_env", "RailsEnv", &["RAILS_ENV"]),
    ("rack_env", "RackEnv", &["RACK_ENV"]),
];

pub fn is_nginx(place: &Place<'_>) -> bool {
    place.path.contains("nginx")
        && place.path.starts_with('/')
        && ["passenger_env_var", "passenger_app_env", "rails_env", "rack_env", "fastcgi_param", "uwsgi_param", "env "]
            .iter()
            .any(|word| place.text.contains(word))
}

pub fn is_apache(place: &Place<'_>) -> bool {
    (place.path.contains("apache2") || place.path.contains("httpd"))
        && ["setenv", "passengerenvvar", "passengerappenv", "railsenv", "rackenv", "export "]
            .iter()
            .any(|word| place.text.to_ascii_lowercase().contains(word))
}

pub fn is_fpm(place: &Place<'_>) -> bool {
    place.path.contains("php") && (place.name.ends_with(".conf") || place.name.ends_with(".ini")) && place.text.contains("env[")
}

pub fn read_nginx(place: &Place<'_>) -> Read {
    let (configuration, _) = nginx::parse(place.text);
    let mut read = Read::default();
    for name in ["passenger_env_var", "passenger_set_cgi_param", "fastcgi_param", "uwsgi_param"] {
        for directive in configuration.find(name) {
            let values: Vec<&str> = directive.values().collect();
            let [name, value, ..] = values.as_slice() else { continue };
            if !value.contains('$') && !PROTOCOL.contains(name) {
                read.entries.push(((*name).to_owned(), vec![Piece::Literal((*value).to_owned())]));
            }
        }
    }
    for (name, _, variables) in MODES {
        for value in configuration.find(name).into_iter().filter_map(nginx::Directive::value) {
            read.entries.extend(variables.iter().map(|name| ((*name).to_owned(), vec![Piece::Literal(value.to_owned())])));
        }
    }
    for directive in configuration.find("env") {
        if let Some((name, value)) = directive.value().and_then(|text| text.split_once('=')) {
            read.entries.push((name.to_owned(), vec![Piece::Literal(value.to_owned())]));
        }
    }
    read
}

pub fn read_apache(place: &Place<'_>) -> Read {
    let mut read = Read::default();
    for line in place.text.lines() {
        let words = words(line);
        if let [directive, value] = words.as_slice() {
            let mode = MODES.iter().find(|(_, known, _)| directive.eq_ignore_ascii_case(known));
            let variables = mode.map_or(&[][..], |(_, _, variables)| variables);
            read.entries.extend(variables.iter().map(|name| ((*name).to_owned(), vec![Piece::Literal(value.clone())])));
        }
        let [directive, name, value, ..] = words.as_slice() else { continue };
        let sets = ["SetEnv", "PassengerEnvVar"].iter().any(|known| directive.eq_ignore_ascii_case(known));
        if sets && !PROTOCOL.contains(&name.as_str()) && !value.contains("%{") {
            read.entries.push((name.clone(), vec![Piece::Literal(value.clone())]));
        }
    }
    read
}

pub fn read_fpm(place: &Place<'_>) -> Read {
    let mut read = Read::default();
    for line in place.text.lines() {
        let Some((name, rest)) = line.trim().strip_prefix("env[").and_then(|rest| rest.split_once(']')) else { continue };
        let Some(value) = rest.trim_start().strip_prefix('=') else { continue };
        let value = value.trim();
        let value = value.strip_prefix(['"', '\'']).and_then(|inner| inner.strip_suffix(['"', '\''])).unwrap_or(value);
        // `env[HOSTNAME] = $HOSTNAME` hands over what the service has.
        if !value.starts_with('$') {
            read.entries.push((name.trim().to_owned(), vec![Piece::Literal(value.to_owned())]));
        }
    }
    read
}

/// Words of a line, quotes taken off.
fn words(line: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = line.trim();
    while let Some(first) = rest.chars().next() {
        if first == '#' && all.is_empty() {
            return all;
        }
        if matches!(first, '"' | '\'') {
            let mut word = String::new();
            let mut end = rest.len();
            let mut characters = rest.char_indices().skip(1);
            while let Some((at, character)) = characters.next() {
                match character {
                    '\\' => word.extend(characters.next().map(|(_, next)| next)),
                    _ if character == first => {
                        end = at + 1;
                        break;
                    }
                    _ => word.push(character),
                }
            }
            all.push(word);
            rest = rest[end..].trim_start();
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            all.push(rest[..end].to_owned());
            rest = rest[end..].trim_start();
        }
    }
    all
}
