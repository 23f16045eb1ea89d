//! Variables that hold the container's own name, where a target has no word for it: a shell around the command sets them.

use crate::emit::layout::Layout;
use crate::emit::settings::{self, Kind};

/// `words` (the image's own where there are none) as they are run in `image`, and what was put around them.
#[must_use]
pub fn command(layout: &Layout, image: &str, words: &[String]) -> (Vec<String>, Option<String>) {
    if layout.is_daemon(image) {
        return (words.to_vec(), None);
    }
    let variables = settings::of_kind(layout, Kind::PodName).into_iter();
    let mine = variables.filter(|variable| variable.images.is_empty() || variable.images.iter().any(|known| known == image));
    let in_shell = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let names: Vec<&str> = mine.map(|variable| variable.name.as_str()).filter(in_shell).collect();
    if names.is_empty() {
        return (words.to_vec(), None);
    }
    let own = layout.image(image).map(|image| image.item.command.as_slice()).unwrap_or_default();
    let words = if words.is_empty() { own } else { words };
    if words.is_empty() {
        return (Vec::new(), Some(format!("set by hand: {}, the container's own name", names.join(", "))));
    }
    let assignments: Vec<String> = names.iter().map(|name| format!("{name}=\"$(uname -n)\"")).collect();
    let shell = format!("{} exec \"$@\"", assignments.join(" "));
    let mut all = vec!["sh".to_owned(), "-c".to_owned(), shell, "sh".to_owned()];
    all.extend(words.iter().cloned());
    (all, Some(format!("no setting holds the container's name here: the shell sets {}", names.join(", "))))
}
