//! What must be built and what must run, as `ekiben graph --blueprint` shows it: every item of the blueprint with its origins.
//!
//! In: an [`Outcome`]. Out: [`View`], its text form ([`text`]) and its JSON form ([`View::json`]). Secrets and unknowns are shown by name.

mod image;
mod item;
mod process;
mod rest;
mod schedule;
mod setting;

use serde_json::{Map, Value};

use crate::outcome::Outcome;
use crate::report::mask::Masker;

pub use item::{Field, Item};

/// The whole blueprint, section by section.
#[derive(Debug)]
pub struct View {
    /// The project's name.
    pub name: String,
    /// The environments' names.
    pub environments: Vec<String>,
    /// Images, processes, schedules, …: the section's name with its items.
    pub sections: Vec<(&'static str, Vec<Item>)>,
}

impl View {
    /// The view of `outcome`; everything that `masker` knows to be secret is hidden.
    #[must_use]
    pub fn of(outcome: &Outcome, masker: &Masker) -> Self {
        let blueprint = &outcome.blueprint;
        let names: Vec<String> = blueprint.environments.iter().map(|environment| environment.name.clone()).collect();
        let mut sections = vec![
            ("environments", blueprint.environments.iter().map(rest::environment).collect()),
            ("images", blueprint.images.iter().map(image::image).collect()),
            ("processes", blueprint.processes.iter().map(|one| process::process(one, &names)).collect()),
            ("schedules", blueprint.schedules.iter().map(|one| schedule::schedule(one, &names)).collect()),
            ("inner_schedules", blueprint.inner_schedules.iter().map(schedule::inner).collect()),
            ("jobs", blueprint.jobs.iter().map(schedule::job).collect()),
            ("variables", blueprint.variables.iter().map(|one| setting::variable(one, &names)).collect()),
            ("unset_variables", blueprint.unset.iter().map(setting::unset).collect()),
            ("secret_files", blueprint.secret_files.iter().map(setting::secret_file).collect()),
            ("stores", blueprint.stores.iter().map(|one| rest::store(one, &names)).collect()),
            ("routes", blueprint.routes.iter().map(|one| rest::route(one, &names)).collect()),
            ("files", blueprint.files.iter().map(rest::file).collect()),
            ("tasks", blueprint.tasks.iter().map(rest::task).collect()),
            ("dispositions", outcome.dispositions.iter().map(rest::disposition).collect()),
        ];
        sections.iter_mut().flat_map(|(_, items): &mut (_, Vec<Item>)| items).for_each(|item| item.mask(masker));
        Self { name: blueprint.name.clone(), environments: names, sections }
    }

    /// The JSON text: one object, a list for each section, with a newline at its end.
    #[must_use]
    pub fn json(&self) -> String {
        let mut document = Map::new();
        document.insert("name".to_owned(), Value::from(self.name.clone()));
        for (section, items) in &self.sections {
            document.insert((*section).to_owned(), items.iter().map(Item::json).collect());
        }
        let mut out = serde_json::to_string_pretty(&Value::Object(document)).unwrap_or_default();
        out.push('\n');
        out
    }

    /// The item `name` of the kind `kind`: `process`, `schedule`, …
    #[must_use]
    pub fn find(&self, kind: &str, name: &str) -> Option<&Item> {
        self.sections.iter().flat_map(|(_, items)| items).find(|item| item.kind == kind && item.name == name)
    }
}

/// The text form: an item a paragraph, its fields below it. Dispositions are left to the JSON form and the report.
#[must_use]
pub fn text(view: &View) -> String {
    let mut out = String::new();
    for (section, items) in &view.sections {
        if items.is_empty() || *section == "dispositions" {
            continue;
        }
        out.push_str(&format!("{}== {section} ({})\n", if out.is_empty() { "" } else { "\n" }, items.len()));
        for item in items {
            item.write(&mut out);
        }
    }
    if out.is_empty() {
        out.push_str("nothing is built and nothing runs\n");
    }
    out
}
