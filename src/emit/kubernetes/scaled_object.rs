//! KEDA's `ScaledObject` for workers, where the user asks for it: as many pods as the queues are long, not as processors are busy.
//!
//! In: a worker whose number of pods may change. Out: one trigger for each queue in Redis (Sidekiq's `queue:NAME`, Resque's
//! `resque:queue:NAME`), at the address that the blueprint knows; CPU, and why, where queues or address are not known.

use crate::blueprint::{Process, Role, Setting, Store, Worker};
use crate::emit::kubernetes::{Cluster, object};
use crate::emit::layout::Named;
use crate::emit::origin;
use crate::emit::settings::{self, Kind};
use crate::emit::yaml::{Document, List, Map, Node};

/// Engines that KEDA's `redis` trigger asks.
const ENGINES: &[&str] = &["redis", "valkey"];
/// Words in the names of variables that lead to the Redis of the queues, where there are several.
const QUEUES: &[&str] = &["SIDEKIQ", "RESQUE", "JOB", "QUEUE", "WORKER"];
/// Hosts that mean the machine itself, which is another one for KEDA.
const ITSELF: &[&str] = &["localhost", "127.0.0.1", "0.0.0.0", "::1"];

/// Where KEDA finds the lists.
#[derive(Debug, PartialEq)]
struct Redis {
    address: String,
    database: Option<String>,
    tls: bool,
    password: Option<String>,
}

impl Cluster<'_> {
    /// Whether a `ScaledObject` takes the place of the autoscaler.
    pub(super) fn has_scaled_object(&self, process: &Process) -> bool {
        self.options.keda && process.role == Role::Worker && Self::scales(process)
    }

    /// What scales `process`, as an overlay's deletion calls it.
    pub(super) fn scaler_kind(&self, process: &Process) -> &'static str {
        if self.has_scaled_object(process) { "ScaledObject" } else { "HorizontalPodAutoscaler" }
    }

    /// The base's `ScaledObject`.
    pub(super) fn scaled_object(&self, process: &Named<Process>) -> Option<Document> {
        let (least, most) = process.item.replicas.base().filter(|_| self.has_scaled_object(process.item))?;
        let index = (0..self.layout.places.len()).find(|index| self.layout.runs(process.item, *index)).unwrap_or(0);
        let mut comments = vec!["Needs KEDA, which makes the autoscaler itself.".to_owned()];
        if self.by_queues(process.item).is_ok() {
            comments.push("Never to zero: workers are also what puts due jobs into the queues.".to_owned());
        }
        let spec = Map::new()
            .with("scaleTargetRef", Map::flow().with("name", process.name.as_str()))
            .with("minReplicaCount", (*least).max(1))
            .with("maxReplicaCount", (*most).max(*least).max(1))
            .with("triggers", self.triggers(process.item, index));
        let metadata = Map::new().with("name", process.name.as_str());
        Some(Document::new(object("keda.sh/v1alpha1", "ScaledObject", metadata).with("spec", spec)).commented(comments))
    }

    /// What place `index` changes about it: the bounds, and all triggers where one differs (a patch cannot reach into the list).
    pub(super) fn scaled_object_patch(&self, process: &Named<Process>, index: usize) -> Option<Document> {
        let item = process.item;
        let first = (0..self.layout.places.len()).find(|index| self.layout.runs(item, *index)).unwrap_or(0);
        let mut spec = Map::new();
        if let Some((least, most)) = self.layout.at(&item.replicas, index).filter(|here| Some(*here) != item.replicas.base()) {
            spec = spec.with("minReplicaCount", (*least).max(1)).with("maxReplicaCount", (*most).max(*least).max(1));
        }
        let here = self.triggers(item, index);
        if here != self.triggers(item, first) {
            spec = spec.with("triggers", here);
        }
        let metadata = Map::new().with("name", process.name.as_str());
        (!spec.is_empty()).then(|| Document::new(object("keda.sh/v1alpha1", "ScaledObject", metadata).with("spec", spec)))
    }

    fn triggers(&self, process: &Process, index: usize) -> List {
        let queues = match self.by_queues(process) {
            Ok(()) => self.queue_triggers(process, index),
            Err(reason) => Err(reason),
        };
        queues.unwrap_or_else(|reason| {
            let comments = [format!("By CPU: {}.", origin::one_line(&reason))];
            let trigger = Map::new()
                .with("type", "cpu")
                .with("metricType", "Utilization")
                .with("metadata", Map::flow().with("value", Node::Quoted("70".to_owned())));
            List::new().above_all(comments).item(trigger)
        })
    }

    /// Whether queues can be asked in every environment; an autoscaler by queues here and by CPU there would surprise.
    fn by_queues(&self, process: &Process) -> Result<(), String> {
        let mut places = (0..self.layout.places.len()).filter(|index| self.layout.runs(process, *index));
        places.try_for_each(|index| self.queue_triggers(process, index).map(|_| ()))
    }

    fn queue_triggers(&self, process: &Process, index: usize) -> Result<List, String> {
        let Some(worker) = &process.worker else { return Err("no queue system that is known".to_owned()) };
        let prefix = match worker.system.as_str() {
            "sidekiq" => "queue:",
            "resque" => "resque:queue:",
            other => return Err(format!("the queues of {other} are no lists in Redis; KEDA may have a scaler of its own for them")),
        };
        let queues = self.layout.at(&worker.queues, index).filter(|queues| !queues.is_empty()).ok_or("its queues are not known")?;
        if queues.iter().any(|queue| queue.name.contains('*')) {
            return Err("it works whatever queues there are".to_owned());
        }
        let redis = self.redis(index)?;
        let length = self.jobs(worker, index);
        let mut list = List::new();
        for queue in queues {
            let mut metadata = Map::new().with("address", redis.address.as_str());
            if let Some(database) = &redis.database {
                metadata = metadata.with("databaseIndex", Node::Quoted(database.clone()));
            }
            if redis.tls {
                metadata = metadata.with("enableTLS", Node::Quoted("true".to_owned()));
            }
            if let Some(variable) = &redis.password {
                metadata = metadata.with("passwordFromEnv", variable.as_str());
            }
            metadata = metadata.with("listName", format!("{prefix}{}", queue.name)).with("listLength", Node::Quoted(length.to_string()));
            metadata = metadata.beside("waiting jobs for each pod: as many as it does at a time");
            list.push(Map::new().with("type", "redis").with("metadata", metadata));
        }
        Ok(list)
    }

    /// Jobs that one pod does at a time.
    fn jobs(&self, worker: &Worker, index: usize) -> u32 {
        self.layout.at(&worker.concurrency, index).copied().unwrap_or(1).max(1)
    }

    /// The Redis of the queues, as it is reached in place `index`.
    fn redis(&self, index: usize) -> Result<Redis, String> {
        let mut stores: Vec<&Store> =
            self.layout.blueprint.stores.iter().filter(|store| ENGINES.contains(&store.engine.as_str())).collect();
        stores.sort_by_key(|store| !store.variables.iter().any(|name| QUEUES.iter().any(|word| name.contains(word))));
        let store = *stores.first().ok_or("no Redis is known")?;
        let variables: Vec<_> = self.layout.blueprint.variables.iter().filter(|one| store.variables.contains(&one.name)).collect();
        let mut password = None;
        for variable in variables.iter().filter(|variable| settings::kind(variable) == Kind::Secret) {
            if !(variable.name.contains("PASS") || variable.name.contains("AUTH")) {
                return Err(format!("the address of {} is in the secret {}, and KEDA takes none apart", store.name, variable.name));
            }
            password = Some(variable.name.clone());
        }
        let known =
            variables.iter().filter(|variable| ["URL", "URI", "HOST", "SERVER", "ADDRESS"].iter().any(|end| variable.name.ends_with(end)));
        let known = known.filter_map(|variable| match self.layout.at(&variable.value, index) {
            Some(Setting::Known(value)) => Some(value),
            _ => None,
        });
        let text = store.address.as_ref().and_then(|address| self.layout.at(address, index)).or_else(|| known.into_iter().next());
        let text = text.ok_or_else(|| format!("the address of {} is not known", store.name))?;
        let redis = parse(text, store.port).ok_or_else(|| format!("{} is no single address that KEDA could reach", store.name))?;
        Ok(Redis { password, ..redis })
    }
}

/// `redis://host:6379/1`, `host:6379` or `host` as KEDA wants it.
fn parse(text: &str, port: u16) -> Option<Redis> {
    let (tls, rest) = match text.split_once("://") {
        Some(("redis", rest)) => (false, rest),
        Some(("rediss", rest)) => (true, rest),
        Some(_) => return None,
        None => (false, text),
    };
    let (place, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (place, port),
    };
    let legal = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if !legal || ITSELF.contains(&host) {
        return None;
    }
    let database = path.split(['?', '/']).next().filter(|path| !path.is_empty() && path.chars().all(|c| c.is_ascii_digit()));
    Some(Redis { address: format!("{host}:{port}"), database: database.map(str::to_owned), tls, password: None })
}

#[cfg(test)]
mod tests {
    use super::{Redis, parse};

    fn redis(address: &str, database: Option<&str>, tls: bool) -> Option<Redis> {
        Some(Redis { address: address.to_owned(), database: database.map(str::to_owned), tls, password: None })
    }

    #[test]
    fn addresses_are_taken_apart() {
        assert_eq!(parse("redis://jobs.example:6380/2", 6379), redis("jobs.example:6380", Some("2"), false));
        assert_eq!(parse("rediss://jobs.example", 6379), redis("jobs.example:6379", None, true));
        assert_eq!(parse("10.0.0.4:6379", 1), redis("10.0.0.4:6379", None, false));
        assert_eq!(parse("jobs.example/0?timeout=1", 6379), redis("jobs.example:6379", Some("0"), false));
    }

    #[test]
    fn what_keda_cannot_reach_is_none() {
        for text in ["", "localhost:6379", "redis://127.0.0.1/0", "a:1,b:2", "unix:///tmp/redis.sock", "/tmp/redis.sock", "redis://u:p@h/0"]
        {
            assert_eq!(parse(text, 6379), None, "{text}");
        }
    }
}
