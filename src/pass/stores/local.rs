//! What a variable that leads to a store holds on a developer's machine.

use crate::blueprint::{Setting, Store};
use crate::pass::stores::address::{is_place, words};

/// The value for Compose; nothing where the real one does no harm.
#[must_use]
pub fn value(store: &Store, name: &str, value: Option<&Setting>) -> Option<String> {
    if store.image.is_empty() {
        return None;
    }
    let text = match value {
        Some(Setting::Known(text)) => text.as_str(),
        _ => "",
    };
    let last = words(name).pop().unwrap_or_default();
    if last == "PORT" {
        return Some(store.port.to_string());
    }
    if !is_place(name) {
        return None;
    }
    let here = format!("{}:{}", store.name, store.port);
    match store.engine.as_str() {
        "mysql" | "postgresql" => (!text.contains("://") && last != "URL").then(|| store.name.clone()),
        "redis" if text.contains("://") || last == "URL" => {
            let number = text.rsplit('/').next().filter(|part| part.parse::<u32>().is_ok()).unwrap_or("0");
            Some(format!("redis://{here}/{number}"))
        }
        "memcached" if text.contains(':') || last == "SERVERS" => Some(here),
        "mongodb" if text.starts_with("mongodb") => Some(format!("mongodb://{here}/app")),
        "rabbitmq" if text.starts_with("amqp") => Some(format!("amqp://{here}")),
        "elasticsearch" | "opensearch" | "solr" if text.contains("://") || last == "URL" => Some(format!("http://{here}")),
        _ if text.contains("://") => Some(format!("{}://{here}", text.split("://").next().unwrap_or("http"))),
        _ if text.contains(':') => Some(here),
        _ => Some(store.name.clone()),
    }
}
