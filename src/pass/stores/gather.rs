//! Stores while they are gathered: what leads to the same address is one, another address of a kind is another.

use std::collections::{BTreeMap, BTreeSet};

use crate::blueprint::{Origin, Setting, Variable};
use crate::outcome::Fate;
use crate::pass::input::at;
use crate::pass::settings::Table;
use crate::pass::stores::address::{further_name, host, is_loopback, is_place, kind_of_name, kind_of_value, stem, words};
use crate::pass::stores::kind::{KINDS, Kind, of_engine, of_scheme};
use crate::pass::{Input, Sink};

/// A store that may still grow.
#[derive(Debug)]
pub struct Draft {
    /// Its kind.
    pub kind: &'static Kind,
    /// A DNS label.
    pub name: String,
    /// The engine in the words of who runs it: `aurora-mysql`.
    pub engine: String,
    /// The engine's version.
    pub version: Option<String>,
    /// Its port, where it is not the usual one.
    pub port: Option<u16>,
    /// It is registered as lying outside.
    pub external: bool,
    /// Its server ran on the hosts.
    pub local: bool,
    /// Address by environment.
    pub addresses: BTreeMap<usize, String>,
    /// The variables that lead to it.
    pub variables: Vec<String>,
    /// Where it comes from.
    pub origin: Vec<Origin>,
}

/// The stores so far.
#[derive(Debug, Default)]
pub struct Drafts {
    /// In the order in which they were found.
    pub list: Vec<Draft>,
}

impl Drafts {
    fn begin(&mut self, kind: &'static Kind, stem: &str, engine: &str) -> &mut Draft {
        let taken = |name: &str| self.list.iter().any(|known| known.name == name);
        let mut name = kind.name.to_owned();
        if taken(&name) {
            name = further_name(kind, stem).filter(|name| !taken(name)).unwrap_or_else(|| {
                let mut number = 2;
                while taken(&format!("{}-{number}", kind.name)) {
                    number += 1;
                }
                format!("{}-{number}", kind.name)
            });
        }
        self.list.push(Draft {
            kind,
            name: name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect(),
            engine: engine.to_owned(),
            version: None,
            port: None,
            external: false,
            local: false,
            addresses: BTreeMap::new(),
            variables: Vec::new(),
            origin: Vec::new(),
        });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Databases that are registered with the stacks: the first of each stack is the same store in all.
    pub fn add_stacks(&mut self, input: &Input<'_>) {
        let mut seen: BTreeSet<(usize, String)> = BTreeSet::new();
        for (number, environment) in input.graph.environments.iter().enumerate() {
            for database in &environment.databases {
                let Some(kind) = of_engine(&database.engine) else { continue };
                let position =
                    self.list.iter().position(|known| known.kind.engine == kind.engine && !known.addresses.contains_key(&number));
                let draft = match position {
                    Some(position) => &mut self.list[position],
                    None => self.begin(kind, "", &database.engine),
                };
                draft.version = draft.version.take().or_else(|| database.version.clone());
                draft.port = database.port.or(draft.port);
                draft.external = true;
                seen.insert((number, draft.name.clone()));
                if let Some(host) = database.host.known() {
                    draft.addresses.insert(number, host.to_owned());
                }
                draft.origin.extend(at(database.origin.clone(), "database"));
            }
        }
    }

    /// What variables lead to, by their values and names.
    pub fn add_variables(&mut self, input: &Input<'_>, table: &Table, variables: &[Variable]) {
        let sql = self.sql(input);
        let text = |setting: &Setting| match setting {
            Setting::Known(text) => Some(text.clone()),
            _ => None,
        };
        // Those that say where it is come first; port, user and password follow them.
        let mut stems: Vec<(String, usize)> = Vec::new();
        let mut places: Vec<&Variable> = variables.iter().filter(|variable| is_place(&variable.name)).collect();
        // `REDIS_URL` before `CACHE_REDIS_URL`: the plain name is for the plain variable.
        places.sort_by_key(|variable| {
            let further = kind_of_name(&variable.name, sql).is_some_and(|kind| further_name(kind, &stem(&variable.name)).is_some());
            (further, words(&stem(&variable.name)).len())
        });
        for variable in places {
            let known = |number: usize, value: &Option<Setting>| text(value.as_ref()?).or_else(|| table.address(&variable.name, number));
            let values: BTreeMap<usize, String> =
                variable.value.values.iter().enumerate().filter_map(|(number, value)| Some((number, known(number, value)?))).collect();
            let of_value = values.values().find_map(|value| kind_of_value(value));
            // A URL of something else is no store, whatever the variable's name.
            let other = values
                .values()
                .any(|value| value.contains("://") && value.split("://").next().is_some_and(|scheme| scheme.starts_with("http")));
            let of_name = || {
                kind_of_name(&variable.name, sql).filter(|kind| {
                    !other || matches!(kind.engine, "elasticsearch" | "opensearch" | "solr" | "influxdb" | "sqs" | "rabbitmq")
                })
            };
            let Some(kind) = of_value.or_else(of_name) else { continue };
            if kind.engine == "s3" && !values.values().all(|value| is_bucket(value)) {
                continue;
            }
            let index = self.add_address(kind, &stem(&variable.name), Some(&variable.name), values, variable.origin.clone());
            stems.push((stem(&variable.name), index));
        }
        for variable in variables.iter().filter(|variable| !is_place(&variable.name)) {
            let own = stem(&variable.name);
            let index = stems.iter().find(|(known, _)| *known == own).map(|(_, index)| *index);
            if let Some(draft) = index.and_then(|index| self.list.get_mut(index)).filter(|_| own != variable.name) {
                draft.variables.push(variable.name.clone());
                let last = variable.name.rsplit('_').next().unwrap_or("");
                if let (true, Some(Setting::Known(port))) = (last == "PORT", variable.value.base()) {
                    draft.port = port.parse().ok().or(draft.port);
                }
            }
        }
    }

    /// The kind of the app's database: the stack's, or that of its libraries.
    fn sql(&self, input: &Input<'_>) -> Option<&'static Kind> {
        let of_library = || {
            KINDS.iter().find(|kind| {
                kind.is_sql()
                    && input.projects.iter().any(|project| kind.libraries.iter().any(|name| project.libraries.contains_key(*name)))
            })
        };
        let of_package = || {
            let packages = || input.items().filter(|(_, resource)| resource.kind.ends_with("package"));
            KINDS.iter().filter(|kind| kind.is_sql()).find(|kind| {
                packages().any(|(_, resource)| {
                    let name = resource.text_or_name("package_name").to_string();
                    name.split([',', ' ']).any(|name| kind.has_client(name) || kind.has_package(name))
                })
            })
        };
        let of_file = || {
            let adapter = |text: &crate::text::Text| {
                let text = text.to_string();
                text.lines().find_map(|line| Some(line.trim().strip_prefix("adapter:")?.trim().trim_matches(['"', '\'']).to_owned()))
            };
            let files = input.files().filter(|file| file.path.ends_with("config/database.yml"));
            files.filter_map(|file| input.text(&file).and_then(adapter)).find_map(|adapter| of_scheme(&adapter))
        };
        self.list.iter().find(|draft| draft.kind.is_sql()).map(|draft| draft.kind).or_else(of_library).or_else(of_file).or_else(of_package)
    }

    /// Adds addresses of one store by environment; gives its number.
    pub fn add_address(
        &mut self,
        kind: &'static Kind,
        stem: &str,
        variable: Option<&str>,
        addresses: BTreeMap<usize, String>,
        origin: Vec<Origin>,
    ) -> usize {
        let same = |draft: &Draft| {
            let shared: Vec<bool> =
                addresses.iter().filter_map(|(number, value)| Some(is_same(kind, draft.addresses.get(number)?, value))).collect();
            draft.kind.engine == kind.engine
                && shared.iter().all(|same| *same)
                && (!shared.is_empty() || draft.addresses.is_empty() || addresses.is_empty() || draft.name == kind.name)
        };
        let index = match self.list.iter().position(same) {
            Some(index) => index,
            None => {
                self.begin(kind, stem, kind.engine);
                self.list.len() - 1
            }
        };
        let Some(draft) = self.list.get_mut(index) else { return index };
        for (number, value) in addresses {
            draft.addresses.entry(number).or_insert(value);
        }
        if let Some(name) = variable {
            if !draft.variables.iter().any(|known| known == name) {
                draft.variables.push(name.to_owned());
            }
        }
        for one in origin {
            if !draft.origin.contains(&one) {
                draft.origin.push(one);
            }
        }
        index
    }

    /// Servers that packages, services and resources of other cookbooks put on the hosts.
    pub fn add_resources(&mut self, input: &Input<'_>, sink: &mut Sink) {
        for (number, resource) in input.items() {
            let names: Vec<String> = match resource.kind.as_str() {
                kind if kind.ends_with("package") => resource.name.to_string().split(", ").map(str::to_owned).collect(),
                "service" => vec![resource.text_or_name("service_name").to_string()],
                _ => Vec::new(),
            };
            let removes = ["remove", "purge", "disable", "stop"].iter().any(|action| resource.actions.iter().any(|known| known == action))
                && !["install", "start", "enable"].iter().any(|action| resource.does(action));
            let found = KINDS.iter().find(|kind| {
                kind.resources.contains(&resource.kind.as_str()) || (!names.is_empty() && names.iter().all(|name| kind.has_package(name)))
            });
            let Some(kind) = found.filter(|_| !sink.is_claimed(number) && !removes) else { continue };
            let origin: Vec<Origin> = input.origin(number).into_iter().collect();
            let position = self.list.iter().position(|known| {
                known.kind.engine == kind.engine && known.addresses.values().all(|value| host(value).is_some_and(is_loopback))
            });
            let position = position.or_else(|| self.list.iter().position(|known| known.kind.engine == kind.engine));
            let draft = match position {
                Some(position) => &mut self.list[position],
                None => self.begin(kind, "", kind.engine),
            };
            let of_name = || {
                names
                    .iter()
                    .find_map(|name| name.split_once('-').map(|_| name.trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned()))
            };
            let version = resource.known("version").or_else(|| resource.known("package_version")).or_else(of_name);
            draft.version = draft.version.take().or(version.filter(|version| !version.is_empty()));
            draft.origin.extend(origin.iter().filter(|one| !draft.origin.contains(one)).cloned().collect::<Vec<_>>());
            draft.local = true;
            let name = draft.name.clone();
            if let Some(address) = draft.addresses.values().find(|value| !host(value).is_some_and(is_loopback)) {
                let why =
                    format!("the app talks to {} at {}, not to the one on the hosts", draft.kind.engine, host(address).unwrap_or(address));
                sink.claim(number, Fate::Absorbed, "", why);
                continue;
            }
            sink.claim(
                number,
                Fate::Translated,
                format!("compose service {name}"),
                "a store beside the app: managed outside the cluster, a container for development",
            );
            sink.task(format!("Give {} a home outside the cluster, and move its data", kind.engine), "its server ran on the hosts", origin);
        }
    }

    /// The configuration of servers that ran on the hosts: no part of the image.
    pub fn take_files(&self, input: &Input<'_>, sink: &mut Sink) {
        for file in input.files() {
            let of = |draft: &&Draft| draft.local && draft.kind.files.iter().any(|start| file.path.starts_with(start));
            let Some(draft) = self.list.iter().find(of).filter(|_| !sink.is_claimed(file.item)) else { continue };
            let why = format!("the configuration of the {} server: what of it is needed goes where the server runs now", draft.kind.engine);
            sink.claim(file.item, Fate::Manual, "", why);
            sink.task(
                format!("Give {} a home outside the cluster, and move its data", draft.kind.engine),
                "its server ran on the hosts",
                input.origin(file.item).into_iter().collect(),
            );
        }
    }

    /// Layers that are nothing but a store: `db-master`, `memcached`.
    pub fn add_layers(&mut self, input: &Input<'_>) {
        for environment in &input.graph.environments {
            for layer in &environment.layers {
                let Some(kind) = KINDS.iter().find(|kind| kind.resources.contains(&layer.name.as_str())) else { continue };
                let origin = at(layer.origin.clone(), &format!("layer {}", layer.name));
                let position = self.list.iter().position(|known| known.kind.engine == kind.engine);
                let draft = match position {
                    Some(position) => &mut self.list[position],
                    None => self.begin(kind, "", kind.engine),
                };
                draft.origin.extend(origin);
            }
        }
    }

    /// What the projects' libraries talk to, where nothing else says it.
    pub fn add_libraries(&mut self, input: &Input<'_>) {
        for project in input.projects {
            for kind in KINDS {
                let Some(library) = kind.libraries.iter().find(|name| project.libraries.contains_key(**name)) else { continue };
                let manifest = project
                    .manifests
                    .iter()
                    .find(|name| name.ends_with(".lock") || name.ends_with("package.json"))
                    .cloned()
                    .unwrap_or_default();
                let origin = Origin { location: project.place(&manifest, 1), what: format!("library {library}") };
                let same = |known: &Draft| known.kind.engine == kind.engine || (kind.is_sql() && known.kind.is_sql());
                let draft = match self.list.iter().position(same) {
                    Some(position) => &mut self.list[position],
                    None => self.begin(kind, "", kind.engine),
                };
                if !draft.origin.contains(&origin) {
                    draft.origin.push(origin);
                }
            }
        }
    }
}

/// Whether two addresses are those of one store.
fn is_same(kind: &Kind, one: &str, other: &str) -> bool {
    let port = |value: &str| value.rsplit_once(':').and_then(|(_, rest)| rest.split('/').next()?.parse::<u16>().ok()).unwrap_or(kind.port);
    if kind.engine == "s3" || kind.engine == "sqs" {
        return one == other;
    }
    match (host(one), host(other)) {
        (Some(a), Some(b)) => a == b && (port(one) == port(other)),
        _ => one == other,
    }
}

/// Whether it can be a bucket's name.
fn is_bucket(value: &str) -> bool {
    value.len() > 2 && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | ':'))
}
