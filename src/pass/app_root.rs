//! Where apps lie on the hosts: from `deploy` and `git` resources, `current` links, and what OpsWorks does by default.

use crate::graph::Graph;
use crate::pass::input::AppRoot;
use crate::project::Project;

/// The folder of an app in its image.
pub const WORKDIR: &str = "/app";

/// The apps' folders on the hosts, longest first, so that nested ones are replaced first.
#[must_use]
pub fn find(graph: &Graph, projects: &[Project]) -> Vec<AppRoot> {
    let mut roots: Vec<AppRoot> = Vec::new();
    let mut add = |host: &str, app: String| {
        let host = host.trim_end_matches('/');
        if host.len() > 1 && host.starts_with('/') && !roots.iter().any(|known| known.host == host) {
            roots.push(AppRoot { host: host.to_owned(), app, image: WORKDIR.to_owned() });
        }
    };
    for run in &graph.runs {
        for resource in &run.resources {
            match resource.kind.as_str() {
                "deploy" | "deploy_revision" | "deploy_branch" | "timestamped_deploy" => {
                    let path = resource.text_or_name("deploy_to").to_string();
                    add(&path, last(&path));
                }
                "git" | "subversion" => {
                    let path = resource.text_or_name("destination").to_string();
                    if let Some((root, _)) = path.split_once("/releases/") {
                        add(root, last(root));
                    } else if let Some(root) = path.strip_suffix("/current") {
                        add(root, last(root));
                    } else if projects.iter().any(|project| path.contains(&project.name)) && !projects.is_empty() {
                        add(&path, last(&path));
                    }
                }
                "link" => {
                    let path = resource.text_or_name("target_file").to_string();
                    if let Some(root) = path.strip_suffix("/current") {
                        add(root, last(root));
                    }
                }
                "directory" => {
                    // Capistrano's layout, which something else than a recipe deploys into.
                    let path = resource.text_or_name("path").to_string();
                    if let Some(root) = path.trim_end_matches('/').strip_suffix("/releases") {
                        let shared = format!("{root}/shared");
                        let beside = |other: &crate::graph::Resource| {
                            other.kind == "directory" && other.text_or_name("path").to_string().starts_with(&shared)
                        };
                        if run.resources.iter().any(beside) {
                            add(root, last(root));
                        }
                    }
                }
                _ => {}
            }
        }
    }
    // Where OpsWorks puts an app that its own recipes deploy.
    for environment in &graph.environments {
        for app in &environment.apps {
            let host = format!("/srv/www/{}", app.name);
            let mentioned = graph.runs.iter().any(|run| run.files.keys().any(|path| path.starts_with(&format!("{host}/"))));
            if mentioned || !graph.runs.iter().any(|run| run.resources.iter().any(|resource| resource.kind == "git")) {
                add(&host, app.name.clone());
            }
        }
    }
    roots.sort_by_key(|root| std::cmp::Reverse(root.host.len()));
    roots
}

fn last(path: &str) -> String {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path).to_owned()
}
