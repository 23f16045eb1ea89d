//! Clockwork, a clock that queues jobs: exactly one process. `clockworkd -c clock.rb start` stays in the foreground as `clockwork clock.rb`.

use crate::pass::program::Program;
use crate::pass::worker::{Case, Finding};

/// Whether it is Clockwork.
pub fn is(program: &Program) -> bool {
    matches!(program.name.as_str(), "clockwork" | "clockworkd")
}

/// What the command says.
pub fn read(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding { single: true, concurrency: Some(1), ..Finding::default() };
    if case.program.name == "clockworkd" {
        let path = case.program.option(&["-c", "--clock"]).unwrap_or_else(|| "clock.rb".to_owned());
        let path = case.files.input.image_path(&path);
        let path = path.strip_prefix("/app/").unwrap_or(&path).to_owned();
        found.command = Some(["bundle", "exec", "clockwork"].map(str::to_owned).into_iter().chain([path]).collect());
    }
    found.notes.push("a clock: two of them would queue every job twice".to_owned());
    found
}
