//! Where passes say what became of an item. The first claim decides; later ones of the same fate add where it went.

use std::collections::{BTreeMap, BTreeSet};

use crate::blueprint::{Origin, Task};
use crate::diagnostic::Diagnostic;
use crate::outcome::{Disposition, Fate, Subject};
use crate::pass::Input;
use crate::source::Location;

/// What became of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The fate.
    pub fate: Fate,
    /// Where it went.
    pub to: Vec<String>,
    /// Why.
    pub why: String,
    /// The images that claimed it with this fate.
    pub units: Vec<String>,
}

/// Collects claims, tasks and the dispositions of schedules and processes.
#[derive(Debug, Default)]
pub struct Sink {
    claims: BTreeMap<usize, Claim>,
    /// The items that the unit of work at hand has claimed: another one may make something of them again.
    here: BTreeSet<usize>,
    /// The image that is worked on.
    unit: String,
    /// What a person must do.
    pub tasks: Vec<Task>,
    /// Dispositions of schedule entries and processes.
    pub others: Vec<Disposition>,
    /// What there is to say of the input.
    pub diagnostics: Vec<Diagnostic>,
}

impl Sink {
    /// Begins the work on another image: what earlier ones claimed is open again, and its fate may only become better.
    pub fn begin(&mut self, unit: &str) {
        self.here.clear();
        unit.clone_into(&mut self.unit);
    }

    /// Ends the work on images: what any of them claimed counts as claimed.
    pub fn close(&mut self) {
        self.here = self.claims.keys().copied().collect();
    }

    /// What went into those images alone goes nowhere: they are not made, since nothing runs from them.
    pub fn forget(&mut self, images: &[String]) {
        for claim in self.claims.values_mut() {
            let only = !claim.units.is_empty() && claim.units.iter().all(|unit| images.contains(unit));
            if only && claim.fate == Fate::Translated && claim.to.iter().all(|place| place == "Dockerfile") {
                claim.fate = Fate::Absorbed;
                claim.to.clear();
                "nothing that was found runs on these hosts: no image is made for them".clone_into(&mut claim.why);
            }
        }
    }

    /// Says something of the input, once.
    pub fn diagnose(&mut self, diagnostic: Diagnostic) {
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Claims item `number`, unless it is claimed already.
    pub fn claim(&mut self, number: usize, fate: Fate, to: impl Into<String>, why: impl Into<String>) {
        let to = to.into();
        let to: Vec<String> = if to.is_empty() { Vec::new() } else { vec![to] };
        let why = why.into();
        let is_first = self.here.insert(number);
        let claim = self.claims.entry(number).or_insert_with(|| Claim { fate, to: Vec::new(), why: why.clone(), units: Vec::new() });
        // What one image has no use for may be part of another.
        if is_first && fate < claim.fate {
            *claim = Claim { fate, to: Vec::new(), why, units: Vec::new() };
        }
        if claim.fate == fate {
            if !self.unit.is_empty() && !claim.units.contains(&self.unit) {
                claim.units.push(self.unit.clone());
            }
            for place in to {
                if !claim.to.contains(&place) {
                    claim.to.push(place);
                }
            }
        }
    }

    /// Whether item `number` is claimed.
    #[must_use]
    pub fn is_claimed(&self, number: usize) -> bool {
        self.here.contains(&number)
    }

    /// The claim of item `number`.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<&Claim> {
        self.claims.get(&number)
    }

    /// Adds something for a person, once.
    pub fn task(&mut self, what: impl Into<String>, why: impl Into<String>, origin: Vec<Origin>) {
        let task = Task { what: what.into(), why: why.into(), origin };
        match self.tasks.iter_mut().find(|known| known.what == task.what) {
            Some(known) => {
                for origin in task.origin {
                    if !known.origin.contains(&origin) {
                        known.origin.push(origin);
                    }
                }
            }
            None => self.tasks.push(task),
        }
    }

    /// Says what became of a schedule entry or process.
    pub fn other(
        &mut self,
        subject: Subject,
        name: impl Into<String>,
        recipe: &str,
        location: Option<Location>,
        fate: Fate,
        to: &str,
        why: &str,
        contexts: Vec<String>,
    ) {
        self.others.push(Disposition {
            subject,
            name: name.into(),
            recipe: recipe.to_owned(),
            location,
            fate,
            to: if to.is_empty() { Vec::new() } else { vec![to.to_owned()] },
            ends_in: Vec::new(),
            why: why.to_owned(),
            contexts,
            conditions: Vec::new(),
        });
    }

    /// One disposition for every item, in the order of the items, then those of schedules and processes.
    #[must_use]
    pub fn dispositions(&self, input: &Input<'_>) -> Vec<Disposition> {
        let mut all = Vec::new();
        for (number, item) in input.items.list.iter().enumerate() {
            let Some(resource) = input.resource(number) else { continue };
            let claim = self.claims.get(&number).cloned().unwrap_or_else(|| Claim {
                fate: Fate::Unknown,
                to: Vec::new(),
                why: "nothing here knows what to make of it".to_owned(),
                units: Vec::new(),
            });
            let mut contexts: Vec<String> = input.occurrences(number).map(|(run, _)| context_of(input, run)).collect();
            contexts.dedup();
            let conditions = resource
                .conditions
                .iter()
                .map(|condition| {
                    let word = if condition.looped {
                        "for each of"
                    } else if condition.holds {
                        "if"
                    } else {
                        "unless"
                    };
                    format!("{word} {}", condition.text)
                })
                .collect();
            all.push(Disposition {
                subject: Subject::Resource,
                name: item.reference.clone(),
                recipe: format!("{}::{}", resource.cookbook, resource.recipe),
                location: item.location.clone(),
                fate: claim.fate,
                to: claim.to,
                ends_in: Vec::new(),
                why: claim.why,
                contexts,
                conditions,
            });
        }
        all.extend(self.others.iter().cloned());
        all
    }
}

/// `production/web/Setup`
#[must_use]
pub fn context_of(input: &Input<'_>, run: &crate::graph::Run) -> String {
    let environment = input.graph.environments.get(run.environment).map_or("", |environment| environment.name.as_str());
    if environment.is_empty() {
        format!("{}/{}", run.layer, run.event.name())
    } else {
        format!("{environment}/{}/{}", run.layer, run.event.name())
    }
}
