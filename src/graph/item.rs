//! The same declaration in several runs is one item: what accounting counts and passes look at.

use std::collections::BTreeMap;

use crate::graph::{Graph, Resource};
use crate::source::Location;

/// A declaration of a resource, with every run in which it occurs.
#[derive(Debug, Clone)]
pub struct Item {
    /// `type[name]`
    pub reference: String,
    /// Where it is declared.
    pub location: Option<Location>,
    /// Occurrences: run, resource in the run; in order of the runs.
    pub occurrences: Vec<(usize, usize)>,
}

/// All items of a graph, in order of first occurrence.
#[derive(Debug, Clone, Default)]
pub struct Items {
    /// The items.
    pub list: Vec<Item>,
    index: BTreeMap<(usize, usize), usize>,
}

impl Items {
    /// Groups the resources of all runs by type, name and place of declaration.
    #[must_use]
    pub fn of(graph: &Graph) -> Self {
        let mut items = Self::default();
        let mut known: BTreeMap<(String, Option<Location>), usize> = BTreeMap::new();
        for (run_index, run) in graph.runs.iter().enumerate() {
            for (resource_index, resource) in run.resources.iter().enumerate() {
                let key = (resource.reference(), resource.declared_at.clone());
                let number = *known.entry(key.clone()).or_insert_with(|| {
                    items.list.push(Item { reference: key.0, location: key.1, occurrences: Vec::new() });
                    items.list.len() - 1
                });
                items.list[number].occurrences.push((run_index, resource_index));
                items.index.insert((run_index, resource_index), number);
            }
        }
        items
    }

    /// The item that a resource of a run belongs to.
    #[must_use]
    pub fn number(&self, run: usize, resource: usize) -> Option<usize> {
        self.index.get(&(run, resource)).copied()
    }

    /// The first occurrence of an item.
    #[must_use]
    pub fn first<'g>(&self, graph: &'g Graph, number: usize) -> Option<&'g Resource> {
        let (run, resource) = *self.list.get(number)?.occurrences.first()?;
        graph.runs.get(run)?.resources.get(resource)
    }
}
