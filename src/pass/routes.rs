//! Hosts and paths that reach a web process from outside.

use crate::blueprint::{PerEnvironment, Process, Role, Route};
use crate::pass::Input;
use crate::pass::input::at;
use crate::pass::proxy::front::Front;

/// Routes of the apps' domains to the web processes: by the layer that a host name speaks of, else to the first. The names of
/// Apache and HAProxy are added; those of nginx, which stays, count where no domain is told. `proxied` are those that a web server of
/// the hosts stood before.
#[must_use]
pub fn run(input: &Input<'_>, processes: &[Process], health: Option<&str>, fronts: &[Front], proxied: &[String]) -> Vec<Route> {
    let web: Vec<&Process> = processes.iter().filter(|process| process.role == Role::Web).collect();
    if web.is_empty() {
        return Vec::new();
    }
    let count = input.environments();
    let mut hosts: Vec<Vec<Option<Vec<String>>>> = vec![vec![None; count]; web.len()];
    let mut origin = Vec::new();
    for (number, _) in input.graph.environments.iter().enumerate() {
        for app in input.apps(number) {
            for domain in &app.domains {
                let target =
                    web.iter().position(|process| speaks_of(domain, &process.name)).unwrap_or_else(|| default_target(&web, proxied));
                if let Some(slot) = hosts[target].get_mut(number) {
                    slot.get_or_insert_with(Vec::new).push(domain.clone());
                }
            }
            for one in at(app.origin.clone(), &format!("domains of {}", app.name)) {
                if !origin.contains(&one) {
                    origin.push(one);
                }
            }
        }
    }
    let is_told = hosts.iter().flatten().any(Option::is_some);
    let mut ended = false;
    for site in fronts.iter().filter(|front| !is_told || !front.is_kept).flat_map(|front| &front.sites) {
        ended |= site.tls;
        for name in &site.hosts {
            if hosts.iter().any(|known| known.get(site.environment).and_then(Option::as_ref).is_some_and(|list| list.contains(name))) {
                continue;
            }
            let target = target(name, &site.behind, &web, proxied);
            let Some(slot) = hosts[target].get_mut(site.environment) else { continue };
            let list = slot.get_or_insert_with(Vec::new);
            list.push(name.clone());
            origin.extend(input.origin(site.item).filter(|one| !origin.contains(one)));
        }
    }
    let tls = ended
        || (0..input.graph.environments.len())
            .any(|number| input.apps(number).any(|app| app.tls) || input.layers(number).any(|layer| layer.balanced));
    web.iter()
        .zip(hosts)
        .filter(|(_, hosts)| hosts.iter().any(Option::is_some))
        .map(|(process, hosts)| Route {
            process: process.name.clone(),
            hosts: PerEnvironment { values: hosts },
            path: "/".to_owned(),
            tls,
            health: health.map(str::to_owned).or_else(|| process.health.as_ref().and_then(|health| health.path.clone())),
            origin: origin.clone(),
        })
        .collect()
}

/// `api.stg.shop.example` speaks of `api`; `www.…` of `web`.
fn speaks_of(domain: &str, name: &str) -> bool {
    let first = domain.split('.').next().unwrap_or("");
    first == name || first.split('-').any(|part| part == name) || (first == "www" && name == "web")
}

/// The process that a name goes to: by the name, else by what stands behind it.
fn target(name: &str, behind: &[String], web: &[&Process], proxied: &[String]) -> usize {
    let by_address = || {
        let port = |address: &String| address.trim_end_matches('/').rsplit(':').next().and_then(|port| port.parse::<u16>().ok());
        let ports: Vec<u16> = behind.iter().filter_map(port).collect();
        web.iter().position(|process| process.ports.iter().any(|port| ports.contains(port)))
    };
    web.iter().position(|process| speaks_of(name, &process.name)).or_else(by_address).unwrap_or_else(|| default_target(web, proxied))
}

fn default_target(web: &[&Process], proxied: &[String]) -> usize {
    let of_name = web.iter().position(|process| process.name == "web" || process.name == "app");
    of_name.or_else(|| web.iter().position(|process| proxied.contains(&process.name))).unwrap_or(0)
}
