//! Environment files of Compose.

use std::collections::BTreeSet;

use crate::blueprint::Variable;
use crate::emit::compose::local::Local;
use crate::emit::layout::Layout;
use crate::emit::origin;
use crate::emit::settings::{self, Kind, Scope};
use crate::emit::yaml::{List, Map, Node};

/// The `env_file` of services that run from the image which the blueprint calls `image`.
pub fn files(layout: &Layout, image: &str) -> Node {
    let mut names = vec![path(layout, None)];
    if settings::scopes(layout).contains(&Some(image)) {
        names.push(path(layout, Some(image)));
    }
    let own = !settings::of_kind(layout, Kind::Secret).is_empty();
    if let ([only], false) = (names.as_slice(), own) {
        return Node::from(only.as_str());
    }
    let mut list = names.into_iter().fold(List::new(), List::item);
    if own {
        let file = Map::flow().with("path", ".env").with("required", false);
        list = list.item(file).beside("your own; .env.example names what it may hold");
    }
    Node::from(list)
}

/// The file of a scope's local values.
pub fn path(layout: &Layout, scope: Scope) -> String {
    match scope {
        None => "container/local.env".to_owned(),
        Some(image) => format!("container/local-{}.env", layout.image_name(image)),
    }
}

/// The local values of a scope.
pub fn local_env(layout: &Layout, local: &Local, scope: Scope) -> String {
    let mut out = String::from("# Local development only. Nothing here is valid outside compose.yaml; secrets are made up or left out.\n");
    let mut written = BTreeSet::new();
    let mine = |variable: &&Variable| match scope {
        None => variable.images.is_empty(),
        Some(image) => variable.images.iter().any(|known| known == image),
    };
    for variable in layout.blueprint.variables.iter().filter(mine) {
        let Some(value) = local.value_of(variable).filter(|_| written.insert(&variable.name)) else { continue };
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
