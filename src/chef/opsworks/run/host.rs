//! The host that stands for a layer, and the holes for what differs from host to host.

use std::rc::Rc;

use crate::graph::Datum;
use crate::text::{Hole, Text};

use super::super::instance::Instance;
use super::super::layer::Layer;
use super::super::stack::Stack;

/// Why a value of the representative host is a hole.
pub const HOST_DEPENDENT: &str = "host-dependent";

/// The representative of a layer's instances.
#[derive(Debug, Clone, PartialEq)]
pub struct Representative {
    /// The instance.
    pub instance: Instance,
    /// Whether the layer has no instance and this one is made up.
    pub made_up: bool,
}

/// The first online instance of the layer by host name; else the first of any; else one that is made up (`api1`).
pub(super) fn representative(stack: &Stack, layer: &Layer) -> Representative {
    let instances = stack.instances_of(layer);
    if let Some(instance) = instances.iter().find(|instance| instance.is_online()).or_else(|| instances.first()) {
        return Representative { instance: Instance::clone(instance), made_up: false };
    }
    let taken = |name: &String| stack.instances.iter().any(|instance| instance.hostname == *name);
    let hostname = (1..).map(|number| format!("{}{number}", layer.shortname)).find(|name| !taken(name)).unwrap_or_default();
    let instance = Instance { hostname, layer_ids: vec![layer.id.clone()], status: Some("online".to_owned()), ..Instance::default() };
    Representative { instance, made_up: true }
}

impl Representative {
    /// A value that only this host has: a hole that is no secret and keeps the value, so that comparisons can be decided. `label` is the
    /// expression that reaches it.
    pub(super) fn value(&self, label: &str, value: Option<&str>) -> Datum {
        match value {
            Some(value) => Datum::Text(hole(label, Some(value))),
            None if self.made_up => Datum::Text(hole(label, None)),
            None => Datum::Nil,
        }
    }

    /// Whether `instance` is this one.
    pub(super) fn is(&self, instance: &Instance) -> bool {
        !self.made_up && self.instance.hostname == instance.hostname && self.instance.id == instance.id
    }
}

/// A hole for what differs from host to host, or run to run.
pub(super) fn hole(label: &str, value: Option<&str>) -> Text {
    Text::hole(Rc::new(Hole { value: value.map(str::to_owned), ..Hole::unknown(label, HOST_DEPENDENT) }))
}

/// A hole for what differs from run to run: ids and times.
pub(super) fn per_run(label: &str) -> Datum {
    Datum::Text(Text::hole(Rc::new(Hole::unknown(label, "different in every run"))))
}
