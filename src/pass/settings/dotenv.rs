//! `.env` and its kin, and the environment files of units and wrappers.

use crate::pass::settings::source::{Piece, Place, Read};
use crate::read::dotenv;

/// Endings of `.env.X` that no host of a stack reads.
const ELSEWHERE: &[&str] = &["test", "development", "example", "sample", "template", "dist"];

pub fn is(place: &Place<'_>) -> bool {
    let mode = place.name.strip_prefix(".env.").map(|rest| rest.trim_end_matches(".local"));
    let ours = mode.is_none_or(|mode| !ELSEWHERE.contains(&mode) || place.modes.iter().any(|known| known == mode));
    let named = place.name == ".env"
        || mode.is_some()
        || matches!(place.name, ".rbenv-vars" | "dot_env" | "dotenv" | "app.env" | "env.sh" | "environment.sh")
        || place.name.ends_with(".env");
    // A file in `/etc` of that ending is read by somebody, too: the cookbook wrote it for its processes.
    // Capistrano's folder of what all releases share: the app's, wherever it lies.
    let shared = place.path.ends_with(&format!("/shared/{}", place.name));
    let somewhere =
        place.of_app || shared || place.path.starts_with("/etc/") || place.path.starts_with("/home/") || place.path.starts_with("/opt/");
    place.given || place.linked || (named && somewhere && ours)
}

pub fn read(place: &Place<'_>) -> Read {
    // OpsWorks writes `export "A"="b"`.
    if place.text.lines().any(|line| line.trim_start().starts_with("export \"")) {
        return super::shell::read_settings(place);
    }
    let (entries, problems) = dotenv::parse(place.text);
    let pieces = |value: Vec<dotenv::Piece>| {
        value.into_iter().map(|piece| match piece {
            dotenv::Piece::Literal(text) => Piece::Literal(text),
            dotenv::Piece::Variable(name) => Piece::Variable(name),
            dotenv::Piece::Command(command) => Piece::Command(command),
        })
    };
    Read {
        entries: entries.into_iter().filter_map(|entry| Some((entry.key, pieces(entry.value?).collect()))).collect(),
        whole: true,
        problems: problems.into_iter().map(|problem| (problem.line, problem.message)).collect(),
    }
}
