//! Recipes evaluated in memory: built-in types of resources, and what recipes can call besides them.

use std::rc::Rc;

use ekiben::chef::client::Settings;
use ekiben::chef::datum::from_value;
use ekiben::chef::repository::Repository;
use ekiben::chef::resource::data;
use ekiben::chef::run::{Finished, Kitchen, Request, evaluate};
use ekiben::graph::Datum;
use ekiben::name::Name;
use ekiben::source::SourceMap;

/// Runs `recipe` of the cookbook `app`, with further files.
fn run_with(recipe: &str, files: &[(&str, &str)], settings: Settings, automatic: Option<Datum>) -> Finished {
    let mut sources = SourceMap::new();
    sources.add_text("cookbooks/app/metadata.rb", "name 'app'\nversion '1.0.0'\n");
    sources.add_text("cookbooks/app/recipes/default.rb", recipe);
    for (path, text) in files {
        sources.add_text(*path, *text);
    }
    let repository = Repository::find(&sources, "", "app");
    let kitchen = Kitchen::new(Rc::new(sources), &repository, false);
    let request = Request { name: "web1".to_owned(), run_list: vec!["recipe[app]".to_owned()], settings, automatic, ..Request::default() };
    evaluate(&kitchen, &request)
}

fn run(recipe: &str) -> Finished {
    run_with(recipe, &[], Settings::default(), None)
}

fn property(finished: &mut Finished, index: usize, name: &str) -> String {
    let resource = finished.client.resource(index);
    let value = data(&resource).and_then(|resource| resource.set.borrow().get(&Name::new(name)).cloned());
    value.map_or_else(|| "unset".to_owned(), |value| format!("{:?}", plain(&from_value(&mut finished.interpreter, &value))))
}

/// Data as JSON, which is shorter to compare.
fn plain(datum: &Datum) -> serde_json::Value {
    match datum {
        Datum::Bool(b) => (*b).into(),
        Datum::Integer(i) => (*i).into(),
        Datum::Text(text) => text.to_string().into(),
        Datum::List(items) => items.iter().map(plain).collect(),
        Datum::Map(map) => map.iter().map(|(key, value)| (key.clone(), plain(value))).collect(),
        _ => serde_json::Value::Null,
    }
}

fn json(finished: &mut Finished, index: usize, name: &str) -> serde_json::Value {
    let resource = finished.client.resource(index);
    let value = data(&resource).and_then(|resource| resource.set.borrow().get(&Name::new(name)).cloned());
    value.map_or(serde_json::Value::Null, |value| plain(&from_value(&mut finished.interpreter, &value)))
}

fn error(finished: &Finished) -> String {
    finished.error.as_ref().map(|(class, message, _)| format!("{class}: {message}")).unwrap_or_default()
}

/// What `log` resources and `Chef::Log` said.
fn said(finished: &Finished) -> Vec<String> {
    finished.client.log.borrow().iter().map(|line| line.message.clone()).collect()
}

#[test]
fn properties_are_coerced_as_chef_does() {
    let mut finished = run("sysctl('vm.swappiness') { value 10 }\n\
         package('nginx') { options '--no-install-recommends -o \"A b\"' }\n\
         group('app') { members 'a, b' }\n\
         execute('x') { env 'A' => 'b' }\n\
         cron('c') { minute 5; weekday :monday; command 'x' }\n\
         mount('/data/') { device '/dev/xvdf'; options 'noatime,nofail' }\n\
         directory('/d') { user 'me' }\n");
    assert_eq!(error(&finished), "");
    assert_eq!(json(&mut finished, 0, "value"), "10");
    assert_eq!(json(&mut finished, 1, "options"), serde_json::json!(["--no-install-recommends", "-o", "A b"]));
    assert_eq!(json(&mut finished, 2, "members"), serde_json::json!(["a", "b"]));
    assert_eq!(json(&mut finished, 3, "environment"), serde_json::json!({"A": "b"}));
    assert_eq!(json(&mut finished, 4, "minute"), 5);
    assert_eq!(json(&mut finished, 4, "weekday"), "1");
    assert_eq!(json(&mut finished, 5, "options"), serde_json::json!(["noatime", "nofail"]));
    assert_eq!(json(&mut finished, 6, "owner"), "me");
    assert_eq!(property(&mut finished, 6, "user"), "unset");
}

#[test]
fn wrong_values_are_refused() {
    assert!(
        error(&run("package :vim\n"))
            .starts_with("Chef::Exceptions::ValidationFailed: Property package_name must be one of: String, Array!")
    );
    assert!(error(&run("file('/a') { content 1 }\n")).starts_with("Chef::Exceptions::ValidationFailed"));
    assert!(error(&run("link('/a') { to '/b'; link_type :soft }\n")).starts_with("Chef::Exceptions::ValidationFailed"));
    assert!(error(&run("service('a') { frobnicate 1 }\n")).starts_with("NoMethodError"));
    assert!(error(&run("deploy('/srv/app') { repo 'x' }\n")).starts_with("NoMethodError"));
}

#[test]
fn removed_types_live_on_in_chef_12() {
    let settings = Settings { compat: true, ..Settings::default() };
    let mut finished = run_with(
        "deploy('/srv/app') { repo 'git@x'; environment 'production' }\nlog resources('deploy[/srv/app]').current_path\n",
        &[],
        settings,
        None,
    );
    assert_eq!(error(&finished), "");
    assert_eq!(json(&mut finished, 0, "repository"), "git@x");
    assert_eq!(json(&mut finished, 0, "environment")["RACK_ENV"], "production");
    assert_eq!(said(&finished), ["/srv/app/current"]);
}

#[test]
fn types_of_other_systems_keep_what_they_are_given() {
    let mut finished = run("windows_task('t') { anything 'x' }\nregistry_key('HKLM') { recursive true }\n");
    assert_eq!(error(&finished), "");
    assert_eq!(json(&mut finished, 0, "anything"), "x");
    assert_eq!(json(&mut finished, 1, "recursive"), true);
}

fn map(pairs: &[(&str, Datum)]) -> Datum {
    Datum::Map(pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

fn text(text: &str) -> Datum {
    Datum::Text(ekiben::text::Text::literal(text))
}

fn ubuntu() -> Option<Datum> {
    let kernel = map(&[("machine", text("x86_64"))]);
    Some(map(&[
        ("platform", text("ubuntu")),
        ("platform_family", text("debian")),
        ("platform_version", text("18.04")),
        ("os", text("linux")),
        ("init_package", text("systemd")),
        ("kernel", kernel),
        ("memory", Datum::Unknown(Rc::new(ekiben::text::Hole::unknown("node['memory']", "host-dependent")))),
    ]))
}

fn say(recipe: &str, files: &[(&str, &str)], settings: Settings) -> Vec<String> {
    let finished = run_with(recipe, files, settings, ubuntu());
    assert_eq!(error(&finished), "");
    said(&finished)
}

#[test]
fn platform_helpers_read_the_node() {
    let lines = say(
        "log \"#{platform?('debian', 'ubuntu')} #{platform_family?('rhel')} #{debian?} #{ubuntu?} #{rhel?} #{systemd?} #{ec2?} #{intel?} #{arm?} #{docker?}\"\n\
         log value_for_platform(%w(centos redhat) => { 'default' => 'a' }, 'ubuntu' => { '< 18.04' => 'b', '>= 18.04' => 'c', 'default' => 'd' })\n\
         log value_for_platform('ubuntu' => { '16.04' => 'x', 'default' => 'd' }, 'default' => 'e')\n\
         log value_for_platform('centos' => { 'default' => 'a' }, 'default' => 'e')\n\
         log value_for_platform_family(%w(rhel fedora) => 'r', 'debian' => 'deb')\n\
         log \"#{ChefUtils.ubuntu?(node)} #{node['platform_version'] >= '9.10'} #{node['platform_version'].to_f}\"\n\
         log value_for_platform('ubuntu' => { '>= 14.04' => 'a', '>= 16.04' => 'b' }) rescue log('several')\n",
        &[],
        Settings::default(),
    );
    assert_eq!(lines, ["true false true true false true false true false false", "c", "d", "e", "deb", "true true 18.04", "several"]);
    let wrong = run_with("value_for_platform('ubuntu' => 'x')\n", &[], Settings::default(), ubuntu());
    assert!(error(&wrong).starts_with("ArgumentError: platform dependent values must be specified"), "{}", error(&wrong));
}

const BAGS: &[(&str, &str)] = &[
    ("data_bags/apps/a.json", r#"{"id":"a","env":"prod","db":{"host":"h1"},"self":true}"#),
    ("data_bags/apps/b.json", r#"{"id":"b","env":"stage"}"#),
    ("nodes/db1.json", r#"{"name":"db1","automatic":{"ipaddress":"10.0.0.1"},"normal":{"pg":{"port":5432}},"run_list":["role[db]"]}"#),
];

#[test]
fn data_bags_and_nodes_are_searched() {
    let lines = say(
        "item = data_bag_item('apps', 'a')\n\
         log \"#{item['db']['host']} #{item['id']} #{data_bag('apps').join(',')}\"\n\
         log search(:apps, 'env:prod AND self:true').map { |x| x['id'] }.join\n\
         log search('apps').length.to_s\n\
         log search(:apps, 'db_host:h* OR id:b').length.to_s\n\
         search(:node, 'roles:db') { |n| log \"#{n.name} #{n['ipaddress']} #{n['pg']['port']}\" }\n\
         log search(:node, 'pg_port:5432', filter_result: { 'ip' => ['ipaddress'], 'port' => %w(pg port) }).first.inspect\n\
         tag('web', 'new'); untag('new')\n\
         log \"#{tagged?('web')} #{tagged?('new')} #{node['tags'].inspect}\"\n",
        BAGS,
        Settings::default(),
    );
    let expected = ["h1 a a,b", "a", "2", "2", "db1 10.0.0.1 5432", "{\"ip\"=>\"10.0.0.1\", \"port\"=>5432}", "true false [\"web\"]"];
    assert_eq!(lines, expected);
    let missing = run_with("data_bag_item('nope', 'x')\n", &[], Settings::default(), None);
    assert_eq!(error(&missing), "Chef::Exceptions::InvalidDataBagItemID: Item x not found in data bag nope. Other items found:");
}

#[test]
fn what_the_server_knows_is_unknown_in_a_conversion() {
    let settings = Settings { lenient: true, ..Settings::default() };
    let mut finished = run_with(
        "file('/a') { content data_bag_item('passwords', 'db')['password'] }\n\
         file('/b') { content search(:node, 'role:db').first['ipaddress'] }\n\
         file('/c') { content `uname -r` }\n\
         file('/d') { content shell_out('nproc').stdout.strip }\n",
        &[],
        settings,
        None,
    );
    assert_eq!(error(&finished), "");
    let state = finished.client.resource(0);
    let value = data(&state).and_then(|resource| resource.set.borrow().get(&Name::new("content")).cloned()).expect("content");
    let mut secrets = 0;
    from_value(&mut finished.interpreter, &value).each_hole(&mut |hole| secrets += usize::from(hole.secret));
    assert_eq!(secrets, 1, "the item of a bag named like a secret is one");
    for index in 1..4 {
        let resource = finished.client.resource(index);
        let value = data(&resource).and_then(|resource| resource.set.borrow().get(&Name::new("content")).cloned()).expect("content");
        let mut holes = 0;
        from_value(&mut finished.interpreter, &value).each_hole(&mut |_| holes += 1);
        assert_eq!(holes, 1, "{index}");
    }
    assert!(finished.interpreter.diagnostics.iter().any(|diagnostic| diagnostic.code == "C120"));
}

#[test]
fn commands_give_what_is_known_of_them() {
    let settings = Settings {
        stubs: vec![("^id -u".to_owned(), "1000\n".to_owned(), 0), ("^bad$".to_owned(), String::new(), 2)],
        ..Settings::default()
    };
    let lines = say(
        "log \"#{shell_out('id -u deploy').stdout.strip} #{shell_out!('other').exitstatus} [#{`uname`}]\"\n\
         c = Mixlib::ShellOut.new('bad'); c.run_command\n\
         log \"#{c.exitstatus} #{c.error?}\"\n\
         begin\n shell_out!('bad')\n rescue Mixlib::ShellOut::ShellCommandFailed => e\n log e.class.name\n end\n",
        &[],
        settings,
    );
    assert_eq!(lines, ["1000 0 []", "2 true", "Mixlib::ShellOut::ShellCommandFailed"]);
}

#[test]
fn files_are_those_of_the_model() {
    let lines = say(
        "file('/etc/made') { content \"one\\n\" }.run_action(:create)\n\
         directory('/srv/x').run_action(:create)\n\
         log \"#{::File.exist?('/etc/made')} #{::File.exist?('/etc/none')} #{::File.directory?('/srv/x')} #{::Dir.exist?('/etc')} #{::File.read('/etc/made').strip}\"\n\
         log ::Dir.glob('/etc/*').join(',')\n\
         log ::File.read('cookbooks/app/files/default/list.txt')\n\
         begin\n ::File.read('/etc/none')\n rescue Errno::ENOENT => e\n log e.message\n end\n\
         begin\n Etc.getpwnam('ghost')\n rescue ArgumentError => e\n log e.message\n end\n\
         log \"#{ENV['HOME'].inspect} #{Chef::Config[:file_cache_path]} #{Chef::Config.file_cache_path}\"\n",
        &[("cookbooks/app/files/default/list.txt", "a b")],
        Settings::default(),
    );
    let expected = [
        "true false true true one",
        "/etc/made",
        "a b",
        "No such file or directory @ rb_sysopen - /etc/none",
        "can't find user for ghost",
        "nil /var/chef/cache /var/chef/cache",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn constants_of_chef_are_there() {
    let lines = say(
        "log \"#{Chef::Provider::Package::Apt} #{Chef::Provider::Service::Upstart} #{Chef::Resource::AptPackage} #{Chef::VERSION >= '9.0'}\"\n\
         log Chef::Mixin::DeepMerge.merge({ 'a' => { 'b' => 1 } }, { 'a' => { 'c' => 2 } }).inspect\n\
         log Chef::VersionConstraint.new('>= 1.2').include?('1.10').to_s\n\
         log Chef::Exceptions::ValidationFailed.superclass.name\n\
         begin\n raise Chef::Exceptions::Package, 'no'\n rescue StandardError => e\n log \"#{e.class}: #{e.message}\"\n end\n\
         Chef::Log.warn('careful')\n",
        &[],
        Settings::default(),
    );
    let expected = [
        "Chef::Provider::Package::Apt Chef::Provider::Service::Upstart Chef::Resource::AptPackage true",
        "{\"a\"=>{\"b\"=>1, \"c\"=>2}}",
        "true",
        "ArgumentError",
        "Chef::Exceptions::Package: no",
    ];
    let (warned, rest): (Vec<String>, Vec<String>) = lines.into_iter().partition(|line| line == "careful");
    assert_eq!((warned.len(), rest), (1, expected.map(str::to_owned).to_vec()));
}

#[test]
fn a_helper_asks_the_node_of_its_object() {
    let library = "class Mirror\n  include Chef::DSL::PlatformIntrospection\n  attr_reader :node\n  def initialize(node)\n    @node = node\n  end\nend\n";
    let mut finished = run_with(
        "mirror = Mirror.new('platform' => 'x', platform: 'plan9', platform_family: 'bell')\n\
         log mirror.platform?('plan9').to_s\n\
         log mirror.value_for_platform_family('bell' => 'bells', 'default' => 'none')\n\
         log platform_family?('bell').to_s\n",
        &[("cookbooks/app/libraries/mirror.rb", library)],
        Settings::default(),
        None,
    );
    assert_eq!(error(&finished), "");
    let names: Vec<String> = (0..3).map(|index| name_of(&mut finished, index)).collect();
    assert_eq!(names, ["true", "bells", "false"]);
}

fn name_of(finished: &mut Finished, index: usize) -> String {
    let resource = finished.client.resource(index);
    data(&resource).and_then(|resource| resource.name.borrow().text()).unwrap_or_default()
}

#[test]
fn a_property_type_brings_its_options() {
    let resource = "Words = property_type(is: [Array, String], coerce: proc { |value| Array(value).map(&:upcase) })\n\
                    property :words, Words\n\
                    action :create do\n  log new_resource.words.join(' ')\nend\n";
    let mut finished =
        run_with("app_say 'x' do\n  words 'hello'\nend\n", &[("cookbooks/app/resources/say.rb", resource)], Settings::default(), None);
    assert_eq!(error(&finished), "");
    assert_eq!(name_of(&mut finished, 1), "HELLO");
}

#[test]
fn a_provider_is_chosen_when_its_resource_runs() {
    let library = "class Chef::Resource::Lamp < Chef::Resource::LWRPBase\n  self.resource_name = :lamp\n  provides :lamp\n  actions :light\n  default_action :light\nend\n\
                   class OilLamp < Chef::Provider::LWRPBase\n  provides :lamp do |node|\n    node['oil']\n  end\n  def action_light\n    log 'oil'\n  end\nend\n\
                   class WaxLamp < Chef::Provider::LWRPBase\n  provides :lamp\n  def action_light\n    log 'wax'\n  end\nend\n";
    let files = [("cookbooks/app/libraries/lamp.rb", library)];
    let mut finished = run_with("node.default['oil'] = true\nlamp 'x'\n", &files, Settings::default(), None);
    assert_eq!((error(&finished), name_of(&mut finished, 1)), (String::new(), "oil".to_owned()));
    let mut finished = run_with("lamp 'x'\n", &files, Settings::default(), None);
    assert_eq!((error(&finished), name_of(&mut finished, 1)), (String::new(), "wax".to_owned()));
}

#[test]
fn older_nodes_answer_as_their_attributes() {
    let settings = Settings { compat: true, ..Settings::default() };
    let mut finished = run_with("log node.merge('a' => 'b')['a']\nlog Mash.from_hash(c: 'd')['c']\n", &[], settings, None);
    assert_eq!(error(&finished), "");
    assert_eq!((name_of(&mut finished, 0), name_of(&mut finished, 1)), ("b".to_owned(), "d".to_owned()));
}

#[test]
fn a_rehearsal_does_nothing_and_enters_what_it_is_told() {
    let resource = "action :create do\n  log \"in #{new_resource.name}\"\nend\n";
    let files = [("cookbooks/app/resources/inner.rb", resource), ("cookbooks/app/resources/outer.rb", resource)];
    let recipe = "file '/a' do\n  content 'a'\n  notifies :run, 'execute[b]', :immediately\nend\n\
                  execute 'b' do\n  action :nothing\nend\n\
                  app_inner 'i'\napp_outer 'o'\n\
                  whyrun_safe_ruby_block 'c' do\n  block { raise 'no' }\nend\n";
    let rehearsal = Some(["app_inner".to_owned()].into_iter().collect());
    let finished = run_with(recipe, &files, Settings { rehearsal, ..Settings::default() }, None);
    assert_eq!(error(&finished), "");
    assert!(finished.client.files.borrow().is_empty());
    let steps = finished.client.progress.steps.borrow();
    let kinds: Vec<String> = steps
        .iter()
        .filter_map(|step| data(&finished.client.resource(step.resource)))
        .map(|found| found.reference(&finished.interpreter))
        .collect();
    assert_eq!(kinds, ["file[/a]", "app_inner[i]", "log[in i]", "app_outer[o]", "whyrun_safe_ruby_block[c]"]);
}

#[test]
fn service_helpers_know_the_managers_of_a_system() {
    let recipe = "log Chef::Platform::ServiceHelpers.service_resource_providers.inspect\n";
    for (platform, version, want) in [
        ("ubuntu", "14.04", "[:debian, :invokercd, :upstart]"),
        ("debian", "12", "[:debian, :invokercd, :systemd]"),
        ("centos", "7", "[:redhat, :systemd]"),
    ] {
        let automatic = ekiben::chef::platform::automatic(platform, version, 18);
        let mut finished = run_with(recipe, &[], Settings::default(), Some(automatic));
        assert_eq!((error(&finished), name_of(&mut finished, 0)), (String::new(), want.to_owned()), "{platform}");
    }
}
