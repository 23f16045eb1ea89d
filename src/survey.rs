//! What the evaluation of a whole repository met and could not do, counted: which thing to support next.
//!
//! In: the [`Ledger`] of each recipe's run. Out: [`Survey`]: `String#unpack1` at 4 places in 3 recipes, first at `web/recipes/default.rb:3:5`;
//! and how much of the repository was evaluated.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{FileKind, Run};
use crate::source::{Location, Span};
use crate::unsupported::{Kind, Lack, Ledger};

/// One thing, over all places and recipes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// Whose lack it is.
    pub lack: Lack,
    /// What kind of thing it is.
    pub kind: Kind,
    /// `String#unpack1`
    pub name: String,
    /// The places where it was met.
    pub places: BTreeSet<Place>,
    /// The recipes whose evaluation met it.
    pub recipes: BTreeSet<String>,
}

/// A place, in the order of the files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// What a repository's recipes met, and figures of how far they came.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    things: BTreeMap<(Lack, Kind, String), Thing>,
    declared: BTreeSet<(String, Option<Location>)>,
    unknown: BTreeSet<(String, String)>,
    /// Recipes evaluated, each alone.
    pub recipes: usize,
    /// Of these, the ones that met nothing that ekiben lacks.
    pub clean: usize,
    /// Of these, the ones in which no file and no resource ended early.
    pub whole: usize,
    /// Warnings and errors, each once.
    pub diagnostics: usize,
    /// Lines of the cookbooks' Ruby.
    pub lines: usize,
}

impl Survey {
    /// An empty one of a repository with that many lines of Ruby.
    #[must_use]
    pub fn new(lines: usize) -> Self {
        Self { lines, ..Self::default() }
    }

    /// Adds the run of the recipe `recipe` (`cookbook::name`), or of a cookbook that has none. `whole`: nothing of it ended early.
    pub fn add(&mut self, recipe: &str, ledger: &Ledger, whole: bool, locate: impl Fn(Span) -> Location) {
        if recipe.contains("::") {
            self.recipes += 1;
            self.clean += usize::from(ledger.is_clean());
            self.whole += usize::from(whole);
        }
        for entry in ledger.iter() {
            let thing = self.things.entry((entry.lack, entry.kind, entry.name.clone())).or_insert_with(|| Thing {
                lack: entry.lack,
                kind: entry.kind,
                name: entry.name.clone(),
                places: BTreeSet::new(),
                recipes: BTreeSet::new(),
            });
            let at = locate(entry.span);
            thing.places.insert(Place { path: at.path, line: at.line, column: at.column });
            thing.recipes.insert(recipe.to_owned());
        }
    }

    /// Adds what other recipes of the same repository met.
    pub fn merge(&mut self, other: Self) {
        for (key, thing) in other.things {
            match self.things.entry(key) {
                Entry::Vacant(free) => drop(free.insert(thing)),
                Entry::Occupied(mut known) => {
                    known.get_mut().places.extend(thing.places);
                    known.get_mut().recipes.extend(thing.recipes);
                }
            }
        }
        self.declared.extend(other.declared);
        self.unknown.extend(other.unknown);
        self.recipes += other.recipes;
        self.clean += other.clean;
        self.whole += other.whole;
        self.diagnostics += other.diagnostics;
        self.lines = self.lines.max(other.lines);
    }

    /// Counts the resources and unknown values of a run; what several recipes declare or hold in common counts once.
    pub fn add_resources(&mut self, run: &Run) {
        for resource in &run.resources {
            let reference = resource.reference();
            let mut note = |hole: &std::rc::Rc<crate::text::Hole>| {
                self.unknown.insert((reference.clone(), hole.name.clone()));
            };
            resource.name.holes().for_each(&mut note);
            resource.properties.values().for_each(|value| value.each_hole(&mut note));
            self.declared.insert((reference, resource.declared_at.clone()));
        }
        for (path, state) in &run.files {
            if let FileKind::File(text) = &state.kind {
                text.holes().for_each(|hole| {
                    self.unknown.insert((path.clone(), hole.name.clone()));
                });
            }
        }
    }

    /// How many resources are declared.
    #[must_use]
    pub fn resources(&self) -> usize {
        self.declared.len()
    }

    /// How many values of resources and files are not known.
    #[must_use]
    pub fn unknown(&self) -> usize {
        self.unknown.len()
    }

    /// The things of one side, those that touch most recipes first, then those at most places.
    #[must_use]
    pub fn things(&self, lack: Lack) -> Vec<&Thing> {
        let mut list: Vec<&Thing> = self.things.values().filter(|thing| thing.lack == lack).collect();
        list.sort_by_key(|thing| std::cmp::Reverse((thing.recipes.len(), thing.places.len())));
        list
    }
}
