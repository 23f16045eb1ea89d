//! Environment files of Compose.

use std::collections::BTreeSet;

use crate::emit::compose::local::Local;
use crate::emit::layout::Layout;
use crate::emit::origin;
use crate::emit::settings::{self, Kind};
use crate::emit::yaml::{List, Map, Node};

/// The `env_file` of services that read the settings.
pub fn files(layout: &Layout) -> Node {
    if settings::of_kind(layout, Kind::Secret).is_empty() {
        return Node::from("container/local.env");
    }
    let own = Map::flow().with("path", ".env").with("required", false);
    Node::from(List::new().item("container/local.env").item(own).beside("your own; .env.example names what it may hold"))
}

/// `container/local.env`.
pub fn local_env(layout: &Layout, local: &Local) -> String {
    let mut out = String::from("# Local development only. Nothing here is valid outside compose.yaml; secrets are made up or left out.\n");
    let mut written = BTreeSet::new();
    for variable in &layout.blueprint.variables {
        let Some(value) = local.value(&variable.name).filter(|_| written.insert(&variable.name)) else { continue };
        push_comment(&mut out, &origin::short(&variable.origin));
        out.push_str(&format!("{}={}\n", variable.name, dotenv(value)));
    }
    out
}

/// `.env.example`, where there are secrets.
pub fn example(layout: &Layout) -> Option<String> {
    let secrets = settings::of_kind(layout, Kind::Secret);
    if secrets.is_empty() {
        return None;
    }
    let mut out = String::from("# Secrets for local use: copy to .env, which git must ignore, and fill in what you need.\n");
    for variable in secrets {
        push_comment(&mut out, &origin::short(&variable.origin));
        out.push_str(&format!("# {}=\n", variable.name));
    }
    Some(out)
}

fn push_comment(out: &mut String, comment: &str) {
    if !comment.is_empty() {
        out.push_str(&format!("# {comment}\n"));
    }
}

/// A value as Compose's env files read it: in single quotes nothing is replaced.
fn dotenv(value: &str) -> String {
    if value.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:@,+%=~?&".contains(c)) {
        return value.to_owned();
    }
    if !value.contains(['\'', '\n', '\r', '\\']) {
        return format!("'{value}'");
    }
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$").replace('\n', "\\n").replace('\r', "\\r");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_not_expanded() {
        assert_eq!(dotenv("redis://redis:6379/0"), "redis://redis:6379/0");
        assert_eq!(dotenv("a $HOME # b"), "'a $HOME # b'");
        assert_eq!(dotenv("it's\n$1"), "\"it's\\n\\$1\"");
    }
}
