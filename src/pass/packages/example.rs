//! Hand-made graphs for the tests of passes.

use indexmap::IndexMap;

use crate::graph::item::Items;
use crate::graph::{Datum, Environment, Graph, Lifecycle, Resource, Run, Status};
use crate::pass::Input;
use crate::pass::input::AppRoot;
use crate::project::{Language, Project};
use crate::source::{Location, SourceMap};
use crate::text::Text;

/// A graph of one run with its project's files.
pub struct Example {
    /// The graph.
    pub graph: Graph,
    /// The files.
    pub sources: SourceMap,
}

impl Example {
    /// One Setup run with `resources`, each on a line of its own.
    pub fn new(resources: Vec<Resource>) -> Self {
        let mut graph = Graph { environments: vec![Environment::default()], runs: Vec::new() };
        graph.runs.push(run(resources));
        Self { graph, sources: SourceMap::new() }
    }

    /// An empty project.
    pub fn project() -> Project {
        let mut project = Project::read(&SourceMap::new(), "", "shop");
        project.language = Language::Other;
        project
    }

    /// Calls `check` with the input of the passes.
    pub fn with<T>(&self, check: impl FnOnce(&Input<'_>) -> T) -> T {
        let items = Items::of(&self.graph);
        let roots = vec![AppRoot { host: "/srv/www/shop".into(), app: "shop".into(), image: "/app".into() }];
        check(&Input { graph: &self.graph, items: &items, projects: &[], sources: &self.sources, roots, view: None })
    }
}

/// A run of the layer `web`.
pub fn run(mut resources: Vec<Resource>) -> Run {
    for (index, resource) in resources.iter_mut().enumerate() {
        if let Some(place) = &mut resource.declared_at {
            place.line = u32::try_from(index + 1).unwrap_or(1);
        }
    }
    Run {
        environment: 0,
        layer: "web".into(),
        event: Lifecycle::Setup,
        run_list: Vec::new(),
        resources,
        files: std::collections::BTreeMap::new(),
        error: None,
        time_zone: None,
    }
}

/// A resource that acts with its first action.
pub fn resource(kind: &str, name: &str) -> Resource {
    let action = match kind {
        "execute" | "bash" | "script" => "run",
        "service" => "restart",
        "file" | "template" | "directory" | "link" | "user" => "create",
        _ => "install",
    };
    Resource {
        kind: kind.into(),
        name: Text::literal(name),
        actions: vec![action.into()],
        ran: vec![action.into()],
        properties: IndexMap::new(),
        guards: Vec::new(),
        notifies: Vec::new(),
        subscribes: Vec::new(),
        conditions: Vec::new(),
        cookbook: "web".into(),
        recipe: "default".into(),
        declared_at: Some(Location { path: "cookbooks/web/recipes/default.rb".into(), line: 1, column: 1 }),
        within: None,
        status: Status::Run,
        sensitive: false,
        notified: false,
    }
}

/// A resource with one text property.
pub fn with(mut resource: Resource, property: &str, value: &str) -> Resource {
    resource.properties.insert(property.into(), Datum::Text(Text::literal(value)));
    resource
}

/// A list of strings.
pub fn list(items: &[&str]) -> Datum {
    Datum::List(items.iter().map(|item| Datum::Text(Text::literal(*item))).collect())
}
