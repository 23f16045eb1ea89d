//! What Chef was given for each run: a layer at a lifecycle event, on one representative host.
//!
//! In: a [`Stack`]. Out: [`RunInput`]s with run list, attributes and data bags, ready for the evaluator.

mod chef11;
mod chef12;
mod defaults;
mod deploy;
mod host;
mod values;

use std::rc::Rc;

use indexmap::IndexMap;

use crate::graph::{Datum, Lifecycle};

use super::builtin;
use super::layer::Layer;
use super::merge::{deep_merge, empty, merge_sealed};
use super::platform::platform;
use super::stack::{ChefVersion, Stack};

pub use host::{HOST_DEPENDENT, Representative};

/// Data bags: items by id, by bag. The runs over a repository share them.
pub type DataBags = IndexMap<String, Rc<IndexMap<String, Datum>>>;

/// Everything that one run starts with.
#[derive(Debug, Clone, PartialEq)]
pub struct RunInput {
    /// The environment's name: `production`.
    pub environment: String,
    /// The layer's short name.
    pub layer: String,
    /// The event.
    pub event: Lifecycle,
    /// Recipes in order: `base`, `shop_front::setup`; those of Chef 11 with the built-in ones and the frame around every run.
    pub run_list: Vec<String>,
    /// Node attributes at the `normal` level, there before any attribute file: custom JSON and what the service sends.
    pub attributes: Datum,
    /// Node attributes at the `default` level that the built-in cookbooks' attribute files set (Chef 11 only).
    pub default_attributes: Datum,
    /// Data bags.
    pub data_bags: DataBags,
    /// `("ubuntu", "18.04")`; both empty where the export does not tell.
    pub platform: (String, String),
    /// The host that stands for all of the layer.
    pub instance: Representative,
}

/// The runs of a stack: every layer at every event for which it has recipes.
#[must_use]
pub fn runs(stack: &Stack) -> Vec<RunInput> {
    let mut runs = Vec::new();
    for layer in &stack.layers {
        let instance = host::representative(stack, layer);
        let own = instance.instance.os.as_deref().and_then(platform);
        let platform = own.or_else(|| stack.platform.clone()).unwrap_or_default();
        for event in Lifecycle::ALL {
            let run_list = run_list(stack, layer, event);
            if run_list.is_empty() {
                continue;
            }
            let custom = deep_merge(&stack.custom_json, &layer.custom_json);
            let (attributes, default_attributes, data_bags) = if stack.chef_version == ChefVersion::Twelve {
                (custom, empty(), chef12::data_bags(stack, event, &instance))
            } else {
                let attributes = merge_sealed(&chef11::attributes(stack, layer, event, &instance), &custom);
                let attributes = chef11::with_own_json(attributes, stack, layer, event, &instance);
                let data_bags = chef11::data_bags(&attributes);
                (attributes, defaults::attributes(stack, layer, &platform), data_bags)
            };
            runs.push(RunInput {
                environment: stack.environment.clone(),
                layer: layer.shortname.clone(),
                event,
                run_list,
                attributes,
                default_attributes,
                data_bags,
                platform: platform.clone(),
                instance: instance.clone(),
            });
        }
    }
    runs
}

/// The recipes of a layer at an event, without repetitions: built-in ones first, then custom ones.
fn run_list(stack: &Stack, layer: &Layer, event: Lifecycle) -> Vec<String> {
    let custom = layer.custom(event);
    if stack.chef_version == ChefVersion::Twelve {
        return unique(custom.iter().map(String::as_str));
    }
    let unicorn = layer.attribute("RailsStack") == Some("nginx_unicorn");
    let built_in: Vec<&str> = match &layer.default_recipes {
        Some(recipes) => recipes.get(&event).into_iter().flatten().map(String::as_str).collect(),
        None => builtin::default_recipes(&layer.kind, event, unicorn),
    };
    if built_in.is_empty() && custom.is_empty() {
        return Vec::new();
    }
    let before = std::iter::once("opsworks_custom_cookbooks::load");
    let between = ["opsworks_stack_state_sync", "opsworks_custom_cookbooks::execute"];
    let after = ["test_suite", "opsworks_cleanup"];
    unique(before.chain(built_in).chain(between).chain(custom.iter().map(String::as_str)).chain(after))
}

/// A recipe runs once, where it is named first.
fn unique<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for name in names {
        let same = |other: &String| {
            other == name || other.strip_suffix("::default") == Some(name) || name.strip_suffix("::default") == Some(other.as_str())
        };
        if !list.iter().any(same) {
            list.push(name.to_owned());
        }
    }
    list
}
