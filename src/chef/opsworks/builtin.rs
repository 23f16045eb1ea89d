//! The built-in cookbooks of Chef 11.10 stacks: which recipes run by layer and event, what they do, and what becomes of that in containers.
//!
//! Only data: no recipe of them is evaluated unless the repository has an override of it. Source: the service's own cookbooks, release 11.10.

use crate::graph::Lifecycle;

/// Layer types that are built in; their short name is the type.
pub const LAYER_TYPES: &[&str] = &[
    "rails-app",
    "php-app",
    "nodejs-app",
    "java-app",
    "web",
    "lb",
    "db-master",
    "memcached",
    "monitoring-master",
    "ecs-cluster",
    "aws-flow-ruby",
];

/// What stands around the recipes of every Chef 11 run.
pub const FRAME: &[&str] = &[
    "opsworks_custom_cookbooks::load",
    "opsworks_stack_state_sync",
    "opsworks_custom_cookbooks::execute",
    "test_suite",
    "opsworks_cleanup",
];

/// The built-in cookbooks that every Chef 11 run loads, whatever its recipes: the frame needs `dependencies`, that the cookbook of
/// Node.js, that `deploy`, and that all the application servers. So custom cookbooks use their definitions and attributes without `depends`.
pub const LOADED: &[&str] = &[
    "dependencies",
    "deploy",
    "apache2",
    "mod_php5_apache2",
    "mysql",
    "nginx",
    "opsworks_java",
    "opsworks_nodejs",
    "passenger_apache2",
    "php",
    "rails",
    "unicorn",
];

/// Directory names of the built-in cookbooks: a cookbook of the repository with such a name overrides it file by file.
pub const COOKBOOKS: &[&str] = &[
    "agent_version",
    "apache2",
    "dependencies",
    "deploy",
    "ebs",
    "gem_support",
    "haproxy",
    "memcached",
    "mod_php5_apache2",
    "mysql",
    "nginx",
    "opsworks_agent_monit",
    "opsworks_aws_flow_ruby",
    "opsworks_berkshelf",
    "opsworks_bundler",
    "opsworks_cleanup",
    "opsworks_cloudwatchlogs",
    "opsworks_commons",
    "opsworks_custom_cookbooks",
    "opsworks_ecs",
    "opsworks_ganglia",
    "opsworks_initial_setup",
    "opsworks_java",
    "opsworks_nodejs",
    "opsworks_postgresql",
    "opsworks_rubygems",
    "opsworks_shutdown",
    "opsworks_stack_state_sync",
    "packages",
    "passenger_apache2",
    "php",
    "rails",
    "ruby",
    "s3_file",
    "scm_helper",
    "ssh_host_keys",
    "ssh_users",
    "test_suite",
    "unicorn",
];

/// What becomes of a built-in recipe's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Packages or a language runtime of the image.
    Image,
    /// A process that the image starts.
    Process,
    /// The deployment of an app: source stage, settings, migration job.
    Deploy,
    /// Settings that come from the environment: variables, mounted files.
    Settings,
    /// Another service takes its place: a database, a cache, an ingress.
    Service,
    /// A job that runs once.
    Job,
    /// Something of the host (kernel, users, disks): the platform's concern.
    Host,
    /// What the orchestrator does by itself: start, stop, restart.
    Absorbed,
    /// Housekeeping of `OpsWorks` that nothing needs.
    Drop,
}

/// A built-in recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Builtin {
    /// `cookbook` or `cookbook::recipe`.
    pub name: &'static str,
    /// What it does on a host.
    pub effect: &'static str,
    /// What becomes of it.
    pub fate: Fate,
    /// What to know about that, in a sentence.
    pub advice: &'static str,
}

const fn recipe(name: &'static str, effect: &'static str, fate: Fate, advice: &'static str) -> Builtin {
    Builtin { name, effect, fate, advice }
}

/// All recipes that the service puts into run lists, and those that custom cookbooks include.
pub const RECIPES: &[Builtin] = &[
    recipe("opsworks_custom_cookbooks::load", "fetches the custom cookbooks", Fate::Drop, "the cookbooks are read when compiling"),
    recipe("opsworks_custom_cookbooks::execute", "runs the custom recipes", Fate::Drop, "the custom recipes are evaluated themselves"),
    recipe("opsworks_custom_cookbooks::checkout", "checks the custom cookbooks out", Fate::Drop, "the cookbooks are read when compiling"),
    recipe(
        "opsworks_stack_state_sync",
        "writes every host's name and address to `/etc/hosts`, and the message of the day",
        Fate::Host,
        "code that connects to layers' host names needs a service name instead",
    ),
    recipe("opsworks_cleanup", "removes old logs and JSON of the agent", Fate::Drop, "there is no agent"),
    recipe("test_suite", "runs the cookbooks' own tests when asked to", Fate::Drop, "nothing runs tests on a host"),
    recipe(
        "opsworks_initial_setup",
        "sets up swap on the smallest instances, kernel parameters, open files (65536), bind mounts, and packages such as `ntp`, `vim`, `sqlite`, `screen`",
        Fate::Host,
        "kernel parameters (`net.core.somaxconn` 1024, …) and limits belong to the node or the pod's security context",
    ),
    recipe(
        "opsworks_initial_setup::sysctl",
        "sets kernel parameters",
        Fate::Host,
        "set what the application needs in the pod's security context",
    ),
    recipe(
        "opsworks_initial_setup::limits",
        "raises the limit of open files to 65536",
        Fate::Host,
        "the container runtime's limit applies",
    ),
    recipe("ssh_host_keys", "installs the host's SSH keys", Fate::Drop, "containers have no SSH server"),
    recipe(
        "ssh_users",
        "makes users for the people with SSH access, and their sudo rights",
        Fate::Drop,
        "access goes through the orchestrator's own roles",
    ),
    recipe("agent_version", "tells the agent which version it should have", Fate::Drop, "there is no agent"),
    recipe(
        "dependencies",
        "installs the packages and gems that `node['dependencies']` lists, and Ruby",
        Fate::Image,
        "packages become packages of the image",
    ),
    recipe("dependencies::update", "updates the packages of the host", Fate::Image, "rebuild the image to update it"),
    recipe("packages", "updates the package lists", Fate::Image, "building the image does it"),
    recipe("gem_support", "prepares installing gems", Fate::Image, "the image brings RubyGems"),
    recipe("ruby", "installs Ruby under `/usr/local`", Fate::Image, "the base image brings the same version of Ruby"),
    recipe("opsworks_bundler", "installs Bundler", Fate::Image, "the version in `Gemfile.lock` is taken"),
    recipe("opsworks_rubygems", "installs a version of RubyGems", Fate::Image, "the base image brings RubyGems"),
    recipe("ebs", "makes, assembles and mounts volumes", Fate::Host, "data that must last needs a persistent volume"),
    recipe("ebs::volumes", "makes and mounts volumes", Fate::Host, "data that must last needs a persistent volume"),
    recipe("ebs::raids", "assembles disks to arrays", Fate::Host, "a single volume of that size does it"),
    recipe("opsworks_ganglia::client", "installs the Ganglia agent", Fate::Drop, "the cluster's own metrics replace it"),
    recipe("opsworks_ganglia::configure-client", "configures the Ganglia agent", Fate::Drop, "the cluster's own metrics replace it"),
    recipe("opsworks_ganglia::server", "installs the Ganglia server and its web pages", Fate::Drop, "the cluster's own metrics replace it"),
    recipe("opsworks_ganglia::configure-server", "configures the Ganglia server", Fate::Drop, "the cluster's own metrics replace it"),
    recipe("opsworks_ganglia::deploy", "writes deployments into Ganglia's graphs", Fate::Drop, "the cluster's own metrics replace it"),
    recipe("opsworks_shutdown", "waits before the instance stops", Fate::Absorbed, "the grace period of the pod does it"),
    recipe(
        "opsworks_cloudwatchlogs",
        "installs the agent that sends log files to CloudWatch",
        Fate::Host,
        "log files must go to standard output, where the node's agent collects them",
    ),
    recipe("opsworks_agent_monit", "installs monit", Fate::Absorbed, "the orchestrator watches processes"),
    recipe("opsworks_berkshelf", "installs Berkshelf and its cookbooks", Fate::Drop, "the cookbooks are read when compiling"),
    recipe(
        "opsworks_aws_flow_ruby",
        "runs workers of the Simple Workflow Service",
        Fate::Process,
        "start the worker as a process of its own",
    ),
    recipe(
        "opsworks_postgresql::client_install",
        "installs the PostgreSQL client and its headers",
        Fate::Image,
        "kept where a gem needs it",
    ),
    recipe("mysql", "includes the MySQL client", Fate::Image, "kept where a gem needs it"),
    recipe(
        "mysql::client",
        "installs the MySQL client and its headers where the stack has a MySQL database",
        Fate::Image,
        "kept where a gem needs it",
    ),
    recipe("mysql::client_install", "installs the MySQL client and its headers", Fate::Image, "kept where a gem needs it"),
    recipe(
        "mysql::server",
        "installs and tunes a MySQL server",
        Fate::Service,
        "use a managed database; a container serves for development",
    ),
    recipe("mysql::stop", "stops MySQL", Fate::Absorbed, "the orchestrator stops it"),
    recipe(
        "deploy",
        "installs dependencies and makes the deploy user of each app",
        Fate::Image,
        "the image has one user that runs the app",
    ),
    recipe(
        "deploy::default",
        "installs dependencies and makes the deploy user of each app",
        Fate::Image,
        "the image has one user that runs the app",
    ),
    recipe(
        "deploy::mysql",
        "makes the apps' databases and grants on the layer's MySQL server",
        Fate::Job,
        "the database must exist before the first release",
    ),
    recipe(
        "deploy::rails",
        "checks out the apps, installs gems, writes `database.yml`, migrates where asked to, and restarts the web server",
        Fate::Deploy,
        "source and gems go into the image, settings into variables, the migration into a job",
    ),
    recipe("deploy::rails-undeploy", "removes the app and its web server's configuration", Fate::Absorbed, "removing the workload does it"),
    recipe("deploy::rails-restart", "restarts the app", Fate::Absorbed, "rolling out a release does it"),
    recipe(
        "deploy::php",
        "checks out the apps and writes the web server's configuration",
        Fate::Deploy,
        "source goes into the image, settings into variables",
    ),
    recipe("deploy::php-undeploy", "removes the app", Fate::Absorbed, "removing the workload does it"),
    recipe(
        "deploy::nodejs",
        "checks out the apps, runs `npm install`, and restarts them with monit",
        Fate::Deploy,
        "source and modules go into the image, `node server.js` is the process",
    ),
    recipe("deploy::nodejs-undeploy", "removes the app", Fate::Absorbed, "removing the workload does it"),
    recipe("deploy::nodejs-stop", "stops the app", Fate::Absorbed, "the orchestrator stops it"),
    recipe("deploy::nodejs-restart", "restarts the app", Fate::Absorbed, "rolling out a release does it"),
    recipe(
        "deploy::java",
        "fetches the web archive and writes Tomcat's context with the app's variables",
        Fate::Deploy,
        "the archive goes into the image; variables were JNDI entries and need a change of the app",
    ),
    recipe("deploy::java-undeploy", "removes the app", Fate::Absorbed, "removing the workload does it"),
    recipe("deploy::java-stop", "stops Tomcat", Fate::Absorbed, "the orchestrator stops it"),
    recipe(
        "deploy::web",
        "checks out static sites and writes the web server's configuration",
        Fate::Deploy,
        "the files go into the web server's image",
    ),
    recipe("deploy::web-undeploy", "removes the site", Fate::Absorbed, "removing the workload does it"),
    recipe(
        "rails::configure",
        "writes `database.yml` and `memcached.yml` and restarts the apps when they changed",
        Fate::Settings,
        "variables take the place of both files",
    ),
    recipe(
        "php::configure",
        "writes `opsworks.php` with the database's and cache's addresses",
        Fate::Settings,
        "mount the file, or read variables",
    ),
    recipe("opsworks_nodejs", "installs Node.js", Fate::Image, "the base image brings the same version"),
    recipe("opsworks_nodejs::npm", "installs npm", Fate::Image, "the base image brings npm"),
    recipe(
        "opsworks_nodejs::configure",
        "writes `opsworks.js` with the database's and cache's addresses",
        Fate::Settings,
        "mount the file, or read variables",
    ),
    recipe("opsworks_java::setup", "installs a JDK and Tomcat", Fate::Image, "the base image brings both"),
    recipe("opsworks_java::configure", "writes Tomcat's contexts", Fate::Settings, "mount the context, or read variables"),
    recipe("apache2", "installs and configures Apache", Fate::Process, "the ingress takes its place where it only hands requests on"),
    recipe("apache2::mod_deflate", "switches compression on in Apache", Fate::Process, "switch compression on where requests come in"),
    recipe("apache2::stop", "stops Apache", Fate::Absorbed, "the orchestrator stops it"),
    recipe("mod_php5_apache2", "installs PHP 5 as a module of Apache", Fate::Image, "the base image brings Apache with PHP"),
    recipe("mod_php5_apache2::php", "installs modules of PHP", Fate::Image, "modules become packages of the image"),
    recipe("passenger_apache2", "installs Passenger", Fate::Process, "a Ruby web server of the Gemfile takes its place"),
    recipe(
        "passenger_apache2::mod_rails",
        "configures Passenger in Apache",
        Fate::Process,
        "a Ruby web server of the Gemfile takes its place",
    ),
    recipe("passenger_apache2::rails", "prepares Passenger for Rails", Fate::Process, "a Ruby web server of the Gemfile takes its place"),
    recipe(
        "unicorn::rails",
        "installs nginx and Unicorn for Rails",
        Fate::Process,
        "Unicorn is the process; the ingress takes nginx's place",
    ),
    recipe("unicorn::stop", "stops Unicorn", Fate::Absorbed, "the orchestrator stops it"),
    recipe("nginx", "installs and configures nginx", Fate::Process, "the ingress takes its place where it only hands requests on"),
    recipe("nginx::stop", "stops nginx", Fate::Absorbed, "the orchestrator stops it"),
    recipe("nginx::service", "declares nginx as a service", Fate::Absorbed, "the orchestrator starts it"),
    recipe("haproxy", "installs HAProxy in front of the app layers", Fate::Service, "the ingress or load balancer takes its place"),
    recipe(
        "haproxy::configure",
        "writes the addresses of the app layers' hosts into HAProxy's configuration",
        Fate::Service,
        "services find their own pods",
    ),
    recipe("haproxy::stop", "stops HAProxy", Fate::Absorbed, "the orchestrator stops it"),
    recipe("memcached", "installs memcached", Fate::Service, "use a managed cache; a container serves for development"),
    recipe("memcached::stop", "stops memcached", Fate::Absorbed, "the orchestrator stops it"),
    recipe(
        "opsworks_ecs::setup",
        "joins the instance to an ECS cluster",
        Fate::Drop,
        "the containers that ran there have task definitions already",
    ),
    recipe(
        "opsworks_ecs::configure",
        "configures the ECS agent",
        Fate::Drop,
        "the containers that ran there have task definitions already",
    ),
    recipe(
        "opsworks_ecs::deploy",
        "does nothing for apps on ECS instances",
        Fate::Drop,
        "the containers that ran there have task definitions already",
    ),
    recipe(
        "opsworks_ecs::undeploy",
        "does nothing for apps on ECS instances",
        Fate::Drop,
        "the containers that ran there have task definitions already",
    ),
    recipe(
        "opsworks_ecs::shutdown",
        "takes the instance out of the ECS cluster",
        Fate::Drop,
        "the containers that ran there have task definitions already",
    ),
    recipe("scm_helper", "helps to fetch sources", Fate::Drop, "sources are fetched when the image is built"),
    recipe("s3_file", "fetches files from S3", Fate::Drop, "sources are fetched when the image is built"),
    recipe("opsworks_commons", "helpers of the other cookbooks", Fate::Drop, "nothing needs them"),
];

/// The built-in recipe of that name; `x::default` and `x` are the same.
#[must_use]
pub fn find(name: &str) -> Option<&'static Builtin> {
    let exact = RECIPES.iter().find(|recipe| recipe.name == name);
    exact.or_else(|| {
        let bare = name.strip_suffix("::default")?;
        RECIPES.iter().find(|recipe| recipe.name == bare)
    })
}

/// Whether a cookbook of that name overrides a built-in one.
#[must_use]
pub fn is_builtin_cookbook(name: &str) -> bool {
    COOKBOOKS.contains(&name)
}

/// The built-in recipes of a layer type at an event, where the export has no `DefaultRecipes`; `unicorn` is the other Rails stack.
#[must_use]
pub fn default_recipes(kind: &str, event: Lifecycle, unicorn: bool) -> Vec<&'static str> {
    let mut recipes: Vec<&'static str> = match event {
        Lifecycle::Setup => {
            vec!["opsworks_initial_setup", "ssh_host_keys", "ssh_users", "mysql::client", "dependencies", "ebs", "opsworks_ganglia::client"]
        }
        Lifecycle::Configure => vec!["opsworks_ganglia::configure-client", "ssh_users", "agent_version"],
        Lifecycle::Deploy => vec!["deploy::default"],
        Lifecycle::Undeploy => vec![],
        Lifecycle::Shutdown => vec!["opsworks_shutdown::default"],
    };
    let more: &[&str] = match (kind, event) {
        ("rails-app", Lifecycle::Setup) if unicorn => &["unicorn::rails"],
        ("rails-app", Lifecycle::Setup) => {
            &["apache2", "apache2::mod_deflate", "passenger_apache2", "passenger_apache2::mod_rails", "passenger_apache2::rails"]
        }
        ("rails-app", Lifecycle::Configure) => &["rails::configure"],
        ("rails-app", Lifecycle::Deploy) => &["deploy::rails"],
        ("rails-app", Lifecycle::Undeploy) => &["deploy::rails-undeploy"],
        ("rails-app", Lifecycle::Shutdown) if unicorn => &["nginx::stop", "unicorn::stop"],
        ("php-app", Lifecycle::Setup) => &["mod_php5_apache2"],
        ("php-app", Lifecycle::Configure) => &["mod_php5_apache2::php", "php::configure"],
        ("php-app", Lifecycle::Deploy) => &["deploy::php"],
        ("php-app", Lifecycle::Undeploy) => &["deploy::php-undeploy"],
        ("rails-app" | "php-app" | "monitoring-master", Lifecycle::Shutdown) => &["apache2::stop"],
        ("nodejs-app", Lifecycle::Setup) => &["opsworks_nodejs", "opsworks_nodejs::npm"],
        ("nodejs-app", Lifecycle::Configure) => &["opsworks_nodejs::configure"],
        ("nodejs-app", Lifecycle::Deploy) => &["opsworks_nodejs", "opsworks_nodejs::npm", "deploy::nodejs"],
        ("nodejs-app", Lifecycle::Undeploy) => &["deploy::nodejs-undeploy"],
        ("nodejs-app", Lifecycle::Shutdown) => &["deploy::nodejs-stop"],
        ("java-app", Lifecycle::Setup) => &["opsworks_java::setup"],
        ("java-app", Lifecycle::Configure) => &["opsworks_java::configure"],
        ("java-app", Lifecycle::Deploy) => &["deploy::java"],
        ("java-app", Lifecycle::Undeploy) => &["deploy::java-undeploy"],
        ("java-app", Lifecycle::Shutdown) => &["deploy::java-stop"],
        ("web", Lifecycle::Setup) => &["nginx"],
        ("web", Lifecycle::Deploy) => &["deploy::web"],
        ("web", Lifecycle::Undeploy) => &["deploy::web-undeploy"],
        ("web", Lifecycle::Shutdown) => &["nginx::stop"],
        ("lb", Lifecycle::Setup) => &["haproxy"],
        ("lb", Lifecycle::Configure | Lifecycle::Deploy) => &["haproxy::configure"],
        ("lb", Lifecycle::Shutdown) => &["haproxy::stop"],
        ("db-master", Lifecycle::Setup) => &["mysql::server", "dependencies", "deploy::mysql"],
        ("db-master", Lifecycle::Configure | Lifecycle::Deploy) => &["deploy::mysql"],
        ("db-master", Lifecycle::Shutdown) => &["mysql::stop"],
        ("memcached", Lifecycle::Setup) => &["memcached"],
        ("memcached", Lifecycle::Shutdown) => &["memcached::stop"],
        ("monitoring-master", Lifecycle::Setup) => &["opsworks_ganglia::server"],
        ("monitoring-master", Lifecycle::Configure) => &["opsworks_ganglia::configure-server"],
        ("monitoring-master", Lifecycle::Deploy) => &["opsworks_ganglia::configure-server", "opsworks_ganglia::deploy"],
        ("ecs-cluster", Lifecycle::Setup) => &["opsworks_ecs::setup"],
        ("ecs-cluster", Lifecycle::Configure) => &["opsworks_ecs::configure"],
        ("ecs-cluster", Lifecycle::Deploy) => &["opsworks_ecs::deploy"],
        ("ecs-cluster", Lifecycle::Undeploy) => &["opsworks_ecs::undeploy"],
        ("ecs-cluster", Lifecycle::Shutdown) => &["opsworks_ecs::shutdown"],
        _ => &[],
    };
    for name in more {
        if !recipes.contains(name) {
            recipes.push(name);
        }
    }
    recipes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_that_a_layer_runs_is_known() {
        for kind in LAYER_TYPES {
            for event in Lifecycle::ALL {
                for unicorn in [false, true] {
                    for name in default_recipes(kind, event, unicorn) {
                        assert!(find(name).is_some(), "{name} of {kind}");
                        assert!(is_builtin_cookbook(name.split(':').next().unwrap_or(name)), "{name}");
                    }
                }
            }
        }
        assert!(FRAME.iter().all(|name| find(name).is_some()));
    }

    #[test]
    fn names_are_unique_and_default_may_be_left_out() {
        for (index, recipe) in RECIPES.iter().enumerate() {
            assert!(RECIPES[index + 1..].iter().all(|other| other.name != recipe.name), "{}", recipe.name);
        }
        assert_eq!(find("nginx::default").map(|recipe| recipe.fate), Some(Fate::Process));
        assert_eq!(find("opsworks_shutdown::default").map(|recipe| recipe.fate), Some(Fate::Absorbed));
        assert_eq!(find("shop::deploy"), None);
    }

    #[test]
    fn the_stacks_of_a_rails_layer_differ() {
        assert!(default_recipes("rails-app", Lifecycle::Setup, true).contains(&"unicorn::rails"));
        assert!(!default_recipes("rails-app", Lifecycle::Setup, true).contains(&"apache2"));
        assert_eq!(default_recipes("custom", Lifecycle::Undeploy, false), Vec::<&str>::new());
        assert_eq!(default_recipes("php-app", Lifecycle::Shutdown, false), ["opsworks_shutdown::default", "apache2::stop"]);
    }
}
