//! Web apps that no process resource runs: Passenger inside nginx or Apache, `mod_php`, and the app layers that OpsWorks set up itself.
//!
//! In: the sites that the runs wrote. Out: one web process for each layer, with a server that the project's bundle has.

use crate::blueprint::{Health, Image, Origin, PerEnvironment, Process, Role, Runtime};
use crate::graph::{FileKind, Lifecycle};
use crate::outcome::{Fate, Subject};
use crate::pass::encode::encode;
use crate::pass::label::label;
use crate::pass::runtime::health_path;
use crate::pass::web::PORT;
use crate::pass::{Input, Sink, size};
use crate::project::{Language, Project};
use crate::read::apache;

/// What ran an app inside the web server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Passenger,
    Php,
    /// A configuration of Unicorn or Puma whose start no supervisor's file describes: a script of its own does.
    Script,
    Layer,
}

/// An app inside a web server, in one layer of one environment.
struct Inside {
    way: Way,
    environment: usize,
    layer: String,
    pool: Option<u32>,
    /// The command, where a file tells it.
    command: Option<Vec<String>>,
    origin: Vec<Origin>,
}

/// The app whose sites are looked for.
#[derive(Clone, Copy)]
struct App<'a> {
    project: Option<&'a Project>,
    language: Language,
}

impl App<'_> {
    /// Whether its bundle has a library.
    fn has(self, library: &str) -> bool {
        self.project.is_some_and(|project| project.libraries.contains_key(library))
    }
}

/// Web processes for apps inside web servers, where no other process answers requests.
pub fn from_sites(input: &Input<'_>, project: Option<&Project>, image: &Image, processes: &mut Vec<Process>, sink: &mut Sink) {
    // Without the project, the language is that of the image: Ruby's servers say it where nothing else does.
    let language = match (project, &image.runtime) {
        (Some(project), _) => project.language,
        (None, Runtime::Ruby(_) | Runtime::System) => Language::Ruby,
        _ => return,
    };
    if !matches!(language, Language::Ruby | Language::Php | Language::Node) {
        return;
    }
    let app = App { project, language };
    let mut all = find(input, app);
    // Where a process answers requests, the web server passes them on to it.
    let web = || processes.iter().filter(|process| process.role == Role::Web);
    if project.is_some() && web().next().is_some() {
        return;
    }
    all.retain(|one| !web().any(|process| process.layers.is_empty() || process.layers.contains(&one.layer)));
    if project.is_none() {
        // The app's own settings of Passenger and the configurations of Ruby's servers say what it was; a site alone does not.
        all.retain(|one| matches!(one.way, Way::Passenger | Way::Script));
    }
    let mut layers: Vec<&str> = Vec::new();
    for one in &all {
        if !layers.contains(&one.layer.as_str()) {
            layers.push(&one.layer);
        }
    }
    let several = layers.len() > 1;
    for layer in layers {
        let here: Vec<&Inside> = all.iter().filter(|one| one.layer == layer).collect();
        let process = process(input, app, image, (layer, several), &here, sink);
        let place = process.origin.first().map(|origin| origin.location.clone());
        let why = "ran inside the web server, a container of its own here";
        sink.other(
            Subject::Process,
            process.name.clone(),
            "",
            place,
            Fate::Translated,
            &format!("Deployment {}", process.name),
            why,
            Vec::new(),
        );
        processes.push(process);
    }
}

fn find(input: &Input<'_>, app: App<'_>) -> Vec<Inside> {
    let mut all: Vec<Inside> = Vec::new();
    // Passenger's own file has the size of its pool, the site the app.
    let mut pools: Vec<(usize, String, u32)> = Vec::new();
    for file in input.files() {
        let Some(run) = input.graph.runs.get(file.run) else { continue };
        let FileKind::File(text) = &file.state.kind else { continue };
        let alive = !matches!(run.event, Lifecycle::Undeploy | Lifecycle::Shutdown);
        if let Some(command) = script(input, file.path, app).filter(|_| alive) {
            let known = all.iter().any(|one| one.environment == run.environment && one.layer == run.layer && one.way == Way::Script);
            if !known {
                let origin: Vec<Origin> = input.origin(file.item).into_iter().collect();
                let (environment, layer) = (run.environment, run.layer.clone());
                all.push(Inside { way: Way::Script, environment, layer, pool: None, command: Some(command), origin });
            }
            continue;
        }
        let (nginx, web) = (file.path.contains("/nginx/"), file.path.contains("/apache2/") || file.path.contains("/httpd/"));
        if !alive || !(nginx || web) {
            continue;
        }
        let text = encode(text).text;
        pools.extend(pool_of(&text).map(|pool| (run.environment, run.layer.clone(), pool)));
        let Some((way, pool)) = (if nginx { of_nginx(&text) } else { of_apache(&text, app) }) else { continue };
        let known = all.iter_mut().find(|one| one.environment == run.environment && one.layer == run.layer && one.way == way);
        let origin: Vec<Origin> = input.origin(file.item).into_iter().collect();
        match known {
            Some(known) => {
                known.pool = known.pool.or(pool);
                known.origin.extend(origin.into_iter().filter(|one| !known.origin.contains(one)).collect::<Vec<_>>());
            }
            None => all.push(Inside { way, environment: run.environment, layer: run.layer.clone(), pool, command: None, origin }),
        }
    }
    for one in all.iter_mut().filter(|one| one.way == Way::Passenger) {
        let known = pools.iter().find(|(environment, layer, _)| (*environment, layer) == (one.environment, &one.layer));
        one.pool = one.pool.or(known.map(|(_, _, pool)| *pool));
    }
    // What a script starts answers the web server's requests.
    if all.iter().any(|one| one.way == Way::Script) {
        all.retain(|one| one.way == Way::Script);
    }
    if let Some(project) = app.project.filter(|_| all.is_empty()) {
        all = of_layers(input, project);
    }
    all
}

/// The command for a configuration file of the app's server: `shared/config/unicorn.conf`.
fn script(input: &Input<'_>, path: &str, app: App<'_>) -> Option<Vec<String>> {
    let below = input.image_path(path);
    let below = below.strip_prefix("/app/")?;
    let name = below.rsplit('/').next().unwrap_or(below);
    let (server, flag) = match name {
        "unicorn.conf" | "unicorn.rb" | "unicorn.conf.rb" => ("unicorn", "-c"),
        "puma.rb" | "puma.conf" => ("puma", "-C"),
        _ => return None,
    };
    // The bundle of a project that is there says whether it can run.
    let fits = app.project.is_none_or(|project| project.libraries.is_empty() || project.libraries.contains_key(server));
    fits.then(|| ["bundle", "exec", server, flag, below].map(str::to_owned).to_vec())
}

/// The layers that OpsWorks itself set a web server up on.
fn of_layers(input: &Input<'_>, project: &Project) -> Vec<Inside> {
    let name = match project.language {
        Language::Ruby => "rails-app",
        Language::Php => "php-app",
        _ => "nodejs-app",
    };
    let mut all = Vec::new();
    for environment in 0..input.graph.environments.len() {
        for layer in input.layers(environment).filter(|layer| layer.name == name) {
            let origin = crate::pass::input::at(layer.origin.clone(), &format!("the layer {name} of OpsWorks"));
            all.push(Inside { way: Way::Layer, environment, layer: layer.name.clone(), pool: None, command: None, origin });
        }
    }
    all
}

/// `passenger_max_pool_size 4;`, `PassengerMaxPoolSize 4`
fn pool_of(text: &str) -> Option<u32> {
    text.lines().map(str::trim).find_map(|line| {
        let (name, value) = line.split_once(char::is_whitespace)?;
        let named = name == "passenger_max_pool_size" || name.eq_ignore_ascii_case("PassengerMaxPoolSize");
        named.then(|| value.trim().trim_end_matches(';').parse().ok())?
    })
}

fn of_nginx(text: &str) -> Option<(Way, Option<u32>)> {
    let value = |name: &str| {
        text.lines().map(str::trim).filter(|line| !line.starts_with('#')).find_map(|line| {
            let rest = line.strip_prefix(name)?.strip_prefix([' ', '\t'])?;
            Some(rest.trim().trim_end_matches(';').to_owned())
        })
    };
    let on = value("passenger_enabled").is_some_and(|value| value == "on") || value("passenger_app_root").is_some();
    on.then(|| (Way::Passenger, value("passenger_max_pool_size").and_then(|value| value.parse().ok())))
}

fn of_apache(text: &str, app: App<'_>) -> Option<(Way, Option<u32>)> {
    let (all, _) = apache::parse(text);
    let (mut passenger, mut root, mut pool) = (false, false, None);
    apache::each(&all, &mut |node| {
        let name = node.name.to_ascii_lowercase();
        let off = node.arguments.first().is_some_and(|value| value.eq_ignore_ascii_case("off"));
        match name.as_str() {
            "passengermaxpoolsize" => pool = node.arguments.first().and_then(|value| value.parse().ok()),
            "passengerapproot" | "passengerappenv" | "railsenv" | "rackenv" | "railsbaseuri" | "passengerminininstances" => {
                passenger = true
            }
            "passengerenabled" | "railsautodetect" | "rackautodetect" => passenger |= !off,
            "documentroot" => root = true,
            _ => {}
        }
    });
    match app.language {
        Language::Php => root.then_some((Way::Php, None)),
        _ if passenger => Some((Way::Passenger, pool)),
        // A vhost on the app's public folder: Passenger's other settings stand in a file of its own.
        _ => (root && app.project.is_some() && text.contains("/public") && !text.contains("ProxyPass")).then_some((Way::Passenger, pool)),
    }
}

/// The command of a web process, its port, and what a person must know.
fn command(app: App<'_>, image: &Image, pool: Option<u32>) -> (Vec<String>, u16, Option<String>) {
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let port = image.port.unwrap_or(PORT);
    let has = |name: &str| app.has(name);
    match app.language {
        Language::Php => (words("apache2-foreground"), image.port.unwrap_or(8080), None),
        Language::Node => (image.command.clone(), port, None),
        _ if has("puma") && app.project.is_some_and(|project| project.has("config/puma.rb")) => {
            (words("bundle exec puma -C config/puma.rb"), port, None)
        }
        _ if has("puma") => (words(&format!("bundle exec puma -p {port}")), port, None),
        _ if has("unicorn") => (words(&format!("bundle exec unicorn -p {port}")), port, None),
        _ if has("passenger") || app.project.is_none() => {
            (words(&format!("bundle exec passenger start -p {port} --max-pool-size {}", pool.unwrap_or(6))), port, None)
        }
        _ if has("thin") => (words(&format!("bundle exec thin start -p {port}")), port, None),
        _ if app.project.is_none() => {
            let line = format!("bundle exec passenger start -p {port} --max-pool-size {}", pool.unwrap_or(6));
            (words(&line), port, Some("Passenger was part of the web server, and the app's bundle is not part of the input".to_owned()))
        }
        _ => (image.command.clone(), port, Some("Passenger was part of the web server, and the bundle has no server".to_owned())),
    }
}

fn process(input: &Input<'_>, app: App<'_>, image: &Image, (layer, several): (&str, bool), here: &[&Inside], sink: &mut Sink) -> Process {
    let pool = here.iter().find_map(|one| one.pool);
    let (usual, port, lacks) = command(app, image, pool);
    let told = here.iter().any(|one| one.command.is_some());
    let count = input.environments();
    let is_layer = input.graph.environments.iter().any(|environment| environment.layers.iter().any(|known| known.name == layer));
    let mut process = Process {
        name: if is_layer || several { label(layer) } else { "web".to_owned() },
        image: image.name.clone(),
        role: Role::Web,
        ports: vec![port],
        health: None,
        grace_seconds: 30,
        drain_seconds: 20,
        command: PerEnvironment::nowhere(count),
        replicas: PerEnvironment::nowhere(count),
        resources: PerEnvironment::nowhere(count),
        supervisor: match here.first().map(|one| one.way) {
            Some(Way::Passenger) => "passenger".to_owned(),
            Some(Way::Php) => "apache".to_owned(),
            Some(Way::Script) => "script".to_owned(),
            _ => "opsworks".to_owned(),
        },
        layers: vec![layer.to_owned()],
        ..Process::default()
    };
    let mut path = None;
    for one in here {
        let site = input
            .graph
            .environments
            .get(one.environment)
            .and_then(|environment| environment.layers.iter().find(|known| known.name == layer));
        let hosts = site.map_or(1, |site| site.hosts.max(1));
        process.command.set(one.environment, one.command.clone().unwrap_or_else(|| usual.clone()));
        process.replicas.set(one.environment, (hosts, site.map_or(hosts, |site| site.most.max(hosts))));
        process.resources.set(one.environment, size::share(site.and_then(|site| site.instance_type.as_deref()), 1, None));
        path = path.or_else(|| site.and_then(|site| site.health.clone()));
        process.origin.extend(one.origin.iter().filter(|origin| !process.origin.contains(origin)).cloned().collect::<Vec<_>>());
    }
    process.health = Some(Health { path: path.or_else(|| health_path(input, app.project)), port });
    if here.iter().any(|one| one.way == Way::Passenger) {
        if app.project.is_none() {
            process.notes.push("Passenger was part of the web server: the app's bundle must have it, or another server".to_owned());
        }
        process.notes.push(match pool {
            Some(pool) => format!("Passenger held up to {pool} processes of the app on each host"),
            None => "Passenger held up to 6 processes of the app on each host, its default".to_owned(),
        });
        if let Some(pool) = pool.filter(|_| app.has("puma")) {
            process.variables.insert("WEB_CONCURRENCY".to_owned(), PerEnvironment::same(pool.to_string(), count));
        }
    }
    if here.iter().any(|one| one.way == Way::Php) {
        process.notes.push("Apache with mod_php, on port 8080".to_owned());
    }
    if let Some(why) = lacks.filter(|_| !told) {
        sink.task("Add a server to the Gemfile, Puma for one", why, process.origin.clone());
    }
    process
}
