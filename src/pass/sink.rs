//! Where passes say what became of an item. The first claim decides; later ones of the same fate add where it went.

use std::collections::BTreeMap;

use crate::blueprint::{Origin, Task};
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
}

/// Collects claims, tasks and the dispositions of schedules and processes.
#[derive(Debug, Default)]
pub struct Sink {
    claims: BTreeMap<usize, Claim>,
    /// What a person must do.
    pub tasks: Vec<Task>,
    /// Dispositions of schedule entries and processes.
    pub others: Vec<Disposition>,
}

impl Sink {
    /// Claims item `number`, unless it is claimed already.
    pub fn claim(&mut self, number: usize, fate: Fate, to: impl Into<String>, why: impl Into<String>) {
        let to = to.into();
        let to: Vec<String> = if to.is_empty() { Vec::new() } else { vec![to] };
        let claim = self.claims.entry(number).or_insert_with(|| Claim { fate, to: Vec::new(), why: why.into() });
        if claim.fate == fate {
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
        self.claims.contains_key(&number)
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
