//! What `notifies` and `subscribes` say, and the form of a target.
//!
//! `notifies :run, 'execute[apt-get update]', :immediately` has the action `run` and the target `execute` / `apt-get update`.

use super::context::File;
use super::shape::{argument, call};
use crate::read::ruby::ast::{Call, Node, P};

/// A notification in the block of a resource.
pub struct Notification<'a> {
    /// The resource around.
    pub resource: &'a Call,
    /// The call itself.
    pub call: &'a Call,
    /// Its line.
    pub line: u32,
}

impl<'a> Notification<'a> {
    /// What the target shall do.
    #[must_use]
    pub fn action(&self) -> Option<&'a P> {
        argument(self.call, 0)
    }

    /// The other resource.
    #[must_use]
    pub fn other(&self) -> Option<&'a P> {
        argument(self.call, 1)
    }

    /// Whether the resource around waits for the other one.
    #[must_use]
    pub fn subscribes(&self) -> bool {
        self.call.name.as_str() == "subscribes"
    }
}

/// Visits every notification of `file`.
pub fn each<'a>(file: &'a File, visit: &mut dyn FnMut(&Notification<'a>)) {
    file.walk(&mut |node: &'a Node, place| {
        if let Some(call) = call(node)
            && call.receiver.is_none()
            && matches!(call.name.as_str(), "notifies" | "subscribes")
            && call.args.len() >= 2
            && let Some(resource) = place.resource()
        {
            visit(&Notification { resource, call, line: file.line(call.name_span.start) });
        }
    });
}

/// Type and name of `type[name]`; `None` where `target` has another form, or where blanks or quotes make the name one that nothing has.
#[must_use]
pub fn parts(target: &str) -> Option<(&str, &str)> {
    let (kind, rest) = target.split_once('[')?;
    let name = rest.strip_suffix(']')?;
    let quoted = |quote: char| name.starts_with(quote) && name.ends_with(quote);
    (is_word(kind) && !name.is_empty() && name.trim() == name && !quoted('\'') && !quoted('"')).then_some((kind, name))
}

/// Whether `text` is the name of a type.
#[must_use]
pub fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        assert_eq!(parts("execute[apt-get update]"), Some(("execute", "apt-get update")));
        assert_eq!(parts("execute[echo 'x']"), Some(("execute", "echo 'x'")));
        assert_eq!(["service[nginx", "service['nginx']", "service [nginx]", "service[nginx ]", "nginx"].map(parts), [None; 5]);
    }
}
