//! Scaling by load (of a layer) and by the clock (of an instance).

use std::collections::BTreeMap;

use super::document::Node;

/// Load-based scaling of a layer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoadScaling {
    /// Whether it is switched on.
    pub enabled: bool,
    /// When instances are started.
    pub up: Threshold,
    /// When instances are stopped.
    pub down: Threshold,
}

/// A threshold of [`LoadScaling`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Threshold {
    /// How many instances at a time.
    pub instance_count: Option<i64>,
    /// Per cent, as written.
    pub cpu: Option<String>,
    /// Per cent, as written.
    pub memory: Option<String>,
    /// The load average, as written.
    pub load: Option<String>,
    /// Minutes it must last.
    pub wait_minutes: Option<i64>,
}

impl LoadScaling {
    /// Of an element of `LoadBasedAutoScalingConfigurations`, or `LoadBasedAutoScaling`.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        let threshold = |key: &str| node.get(key).map(Threshold::read).unwrap_or_default();
        Self { enabled: node.boolean("Enable") == Some(true), up: threshold("UpScaling"), down: threshold("DownScaling") }
    }
}

impl Threshold {
    fn read(node: &Node) -> Self {
        Self {
            instance_count: node.integer("InstanceCount"),
            cpu: node.string("CpuThreshold"),
            memory: node.string("MemoryThreshold"),
            load: node.string("LoadThreshold"),
            wait_minutes: node.integer("ThresholdsWaitTime"),
        }
    }
}

/// The hours (UTC) at which an instance runs, by weekday.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schedule {
    /// `Monday` to its hours, 0 to 23, in order.
    pub hours: BTreeMap<String, Vec<u8>>,
}

impl Schedule {
    /// Of an `AutoScalingSchedule`: `{"Monday": {"8": "on"}}`.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        let mut hours = BTreeMap::new();
        for (day, times) in node.map().into_iter().flatten() {
            let mut on: Vec<u8> = times
                .map()
                .into_iter()
                .flatten()
                .filter(|(_, state)| state.as_string().as_deref() == Some("on"))
                .filter_map(|(hour, _)| hour.parse().ok())
                .collect();
            on.sort_unstable();
            hours.insert(day.clone(), on);
        }
        Self { hours }
    }
}
