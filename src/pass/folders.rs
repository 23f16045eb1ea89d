//! Folders of the app that Chef made and that something running names: the image must have them, and they can be written to.
//!
//! In: the directories of the runs, variables, processes, schedules. Out: paths below the work directory. With
//! `directory '/srv/www/shop/shared/tmp/video'` and `VIDEO_TMP=/app/tmp/video` that is `tmp/video`.

use std::collections::BTreeSet;

use crate::blueprint::{Blueprint, Setting};
use crate::graph::{FileKind, Lifecycle};
use crate::pass::unit::names_root;
use crate::pass::{Input, app_root};

/// Adds them to the folders that the image's processes write to.
pub fn run(input: &Input<'_>, blueprint: &mut Blueprint) {
    let inside = format!("{}/", app_root::WORKDIR);
    let made: BTreeSet<String> = input
        .files()
        .filter(|file| matches!(file.state.kind, FileKind::Directory))
        .filter(|file| !matches!(input.graph.runs[file.run].event, Lifecycle::Undeploy | Lifecycle::Shutdown))
        .map(|file| (file.path, input.image_path(file.path)))
        .filter(|(path, place)| path != place && place.starts_with(&inside) && !place.contains(char::is_whitespace))
        .map(|(_, place)| place)
        .collect();
    // What the source or Chef puts files into is there, and root's.
    let has_files = |path: &str| {
        let below = format!("{}/", path.trim_end_matches('/'));
        let overlays = blueprint.images.iter().flat_map(|image| &image.source).flat_map(|source| &source.overlays);
        input.projects.iter().any(|project| project.files.keys().any(|file| format!("{inside}{file}").starts_with(&below)))
            || overlays.map(|(_, to)| to).any(|to| format!("{inside}{to}").starts_with(&below))
            || blueprint.mounts().any(|mount| mount.path.starts_with(&below))
    };
    let named: Vec<String> = made.into_iter().filter(|path| is_named(blueprint, path) && !has_files(path)).collect();
    let Some(image) = blueprint.images.first_mut().filter(|image| image.source.is_some()) else { return };
    for path in named {
        let relative = path[inside.len()..].trim_end_matches('/').to_owned();
        if !relative.is_empty() && !image.writable.contains(&relative) {
            image.writable.push(relative);
        }
    }
}

fn is_named(blueprint: &Blueprint, path: &str) -> bool {
    let path = [path.to_owned()];
    let names = |text: &str| names_root(text, &path);
    let variables = blueprint.variables.iter().flat_map(|variable| variable.value.values.iter().flatten());
    let mut settings = variables.filter_map(|value| if let Setting::Known(text) = value { Some(text.as_str()) } else { None });
    let own = blueprint.processes.iter().flat_map(|process| process.variables.values()).flat_map(|value| value.values.iter().flatten());
    let commands = blueprint.processes.iter().map(|process| &process.command);
    let mut words =
        commands.chain(blueprint.schedules.iter().map(|schedule| &schedule.command)).flat_map(|one| one.values.iter().flatten());
    settings.any(names) || own.map(String::as_str).any(names) || words.any(|words| words.iter().any(|word| names(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::{PerEnvironment, Variable};

    #[test]
    fn a_variable_names_a_folder_and_those_above_it() {
        let value = PerEnvironment::same(Setting::Known("/app/tmp/video".to_owned()), 1);
        let variables = vec![Variable { name: "VIDEO_TMP".to_owned(), value, ..Variable::default() }];
        let blueprint = Blueprint { variables, ..Blueprint::default() };
        assert!(is_named(&blueprint, "/app/tmp/video"));
        assert!(is_named(&blueprint, "/app/tmp"));
        assert!(!is_named(&blueprint, "/app/tmp/vid"));
        assert!(!is_named(&blueprint, "/app/sockets"));
    }
}
