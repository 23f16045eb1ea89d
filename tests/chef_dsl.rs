//! Recipes evaluated in memory: built-in types of resources, and what recipes can call besides them.

mod support;

use std::rc::Rc;

use ekiben::chef::client::Settings;
use ekiben::chef::datum::from_value;
use ekiben::chef::repository::Repository;
use ekiben::chef::resource::data;
use ekiben::chef::run::{Finished, Kitchen, Request, evaluate};
use ekiben::graph::Datum;
use ekiben::name::Name;
use ekiben::source::SourceMap;

use support::*;

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
    let mut finished = run("windows_task('t') { command 'x'; frequency :daily }\nregistry_key('HKLM') { recursive true }\n");
    assert_eq!(error(&finished), "");
    assert_eq!(json(&mut finished, 0, "command"), "x");
    assert_eq!(json(&mut finished, 1, "recursive"), true);
}

#[test]
fn a_refusal_is_worded_as_chef_words_it() {
    let lines = [
        ("apt_repository('a') { repo_name 'a/b' }", "repo_name property cannot contain a forward slash '/'"),
        ("cron('c') { hour '25' }", "Option hour's value 25 should be a valid hour spec!"),
        ("link('/l') { link_type :soft }", "Option link_type must be equal to one of: :symbolic, :hard!  You passed :soft."),
        ("locale('l') { lc_env 'LANG' => 'C' }", "Key of option lc_env must be equal to one of: \"LC_ADDRESS\""),
        ("service('s') { action :fly }", "Option action must be equal to one of: :nothing, :enable, :disable"),
        ("file('/f') { checksum 'abc' }", "Property checksum's value abc does not match regular expression [/^\\h{64}$/]"),
        ("file('/f') { retries '3' }", "Property retries must be one of: Integer!  You passed \"3\"."),
        ("chef_sleep('s') { seconds 'long' }", "invalid value for Integer(): \"long\""),
        ("user_ulimit('u') { no_such 1 }", "undefined method `no_such' for Chef::Resource::UserUlimit"),
        ("file('/f') { notifies :run, 'a b' }", "The string `a b' is not valid for resource collection lookup"),
        (
            "file('/f') { notifies :run, 'execute[x]', :never }",
            "invalid timing: never for notifies(run, [\"execute[x]\"], never) resource file[/f]",
        ),
        ("file('/f') { only_if 5 }", "Invalid only_if/not_if command, expected a string: 5 (Integer)"),
    ];
    for (recipe, wanted) in lines {
        let answer = error(&run(recipe));
        assert!(answer.contains(wanted), "{recipe}: {answer}");
    }
    assert_eq!(error(&run("file('/f') { not_if nil; retries 3; ignore_failure :quiet; umask 022 }")), "");
}

#[test]
fn defaults_follow_from_other_properties_and_the_node() {
    let recipe = "a = alternatives('java') { path '/opt/java'; priority 5 }\n\
         r = apt_repository('x') { uri 'https://example.com' }\n\
         u = user_ulimit('app') {}\n\
         s = service('web') {}\n\
         d = remote_directory('/srv/site') { action :nothing }\n\
         [a.link, r.distribution, u.filename, s.pattern, d.source, sudo('ops').config_prefix].each { |v| Chef::Log.info(v.inspect) }\n";
    let lines = say(recipe, &[], Settings::default());
    assert_eq!(lines, ["\"/usr/bin/java\"", "\"jammy\"", "\"app_limits.conf\"", "\"web\"", "\"site\"", "\"/etc\""]);
}

#[test]
fn the_class_of_a_package_is_that_of_the_system() {
    let recipe = "p = package('vim')\nu = user('bob')\nexecute('x') { action :nothing; subscribes :run, 'package[vim]' }\n\
         [p, p.class, p.resource_name, p.declared_type, u, p.identity].each { |v| Chef::Log.info(v.to_s) }\n";
    let lines = say(recipe, &[], Settings::default());
    assert_eq!(lines, ["apt_package[vim]", "Chef::Resource::AptPackage", "apt_package", "package", "linux_user[bob]", "vim"]);
    let lines = say("Chef::Log.info(package('vim').to_s)\n", &[], Settings { compat: true, ..Settings::default() });
    assert_eq!(lines, ["package[vim]"]);
}

#[test]
fn a_resource_shows_what_it_holds() {
    let recipe = "f = file('/etc/x') { content 'a'; mode '0600'; sensitive false }\n\
         h = f.to_hash\n\
         Chef::Log.info(%i(name action updated source_line declared_type cookbook_name mode).map { |k| h[k] }.inspect)\n\
         Chef::Log.info(f.to_text.lines.grep(/content|Declared/).join.strip)\n\
         Chef::Log.info(f.state_for_resource_reporter.inspect)\n\
         Chef::Log.info([f.updated?, f.updated_by_last_action(true), f.updated_by_last_action(false), f.updated?, f.updated_by_last_action?].inspect)\n";
    let lines = say(recipe, &[], Settings::default());
    assert_eq!(lines[0], "[\"/etc/x\", [:create], false, \"app/recipes/default.rb:1:in `from_file'\", :file, \"app\", \"0600\"]");
    assert_eq!(lines[1], "# Declared in app/recipes/default.rb:1:in `from_file'\n\n  content \"a\"".replace("\n\n", "\n"));
    assert_eq!(lines[2], "{:mode=>\"0600\"}");
    assert_eq!(lines[3], "[false, true, false, true, false]");
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
        ("lsb", map(&[("codename", text("jammy"))])),
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
fn a_type_is_complete_however_it_is_reached() {
    // Each of them is the first to ask for its class.
    let recipe = r##"
      Chef::Log.info Chef::Resource.constants.include?(:Route).to_s
      Chef::Log.info Chef::Resource::Route.instance_methods(false).include?(:gateway).to_s
      Chef::Log.info Chef::Resource.const_get(:Mount).method_defined?(:fstype).to_s
      Chef::Log.info Object.const_get('Chef::Resource::BffPackage').superclass.to_s
      class Chef::Resource::Ifconfig; def shown; "#{mask} #{respond_to?(:device)}"; end; end
      x = Chef::Resource::Ifconfig.new('1.2.3.4', run_context)
      x.mask '255.0.0.0'
      Chef::Log.info x.shown
      found = []
      ObjectSpace.each_object(Class) { |c| found << c if c <= Chef::Resource && c.name == 'Chef::Resource::Reboot' }
      Chef::Log.info found.first.method_defined?(:delay_mins).to_s
      Chef::Log.info declare_resource(:alternatives, 'java').link_name
    "##;
    let finished = run(recipe);
    assert_eq!(error(&finished), "");
    assert_eq!(said(&finished), ["true", "true", "true", "Chef::Resource::Package", "255.0.0.0 true", "true", "java"]);
}

#[test]
fn a_statement_that_fails_takes_nothing_else_with_it() {
    let finished = run_with("port = node['absent']['port']\nfile '/a'\nnil.frob\nfile(\"/b-#{port}\")\n", &[], lenient(), None);
    assert_eq!(names(&finished), ["file[/a]", "file[/b-‹node['absent']['port']›]"]);
    let codes: Vec<_> = finished.interpreter.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, ["C100", "C100"]);
    // What the cookbook raises by itself is meant.
    let ended = run_with("file '/a'\nraise 'unsupported'\nfile '/b'\n", &[], lenient(), None);
    assert_eq!(names(&ended), ["file[/a]"]);
}

#[test]
fn a_guard_that_raises_keeps_its_resource() {
    let finished = run_with("file('/a') { only_if { nil.frob } }\n", &[], lenient(), None);
    assert!(finished.client.files.borrow().contains_key("/a"));
    assert_eq!(finished.interpreter.diagnostics[0].code, "C123");
}

#[test]
fn a_loop_that_sleeps_waits_for_the_machine() {
    let finished = run_with("sleep 1 until File.exist?('/run/app.sock')\nfile '/a'\n", &[], lenient(), None);
    let said: Vec<_> = finished.interpreter.diagnostics.iter().map(|diagnostic| diagnostic.message.clone()).collect();
    assert!(said.iter().any(|line| line.contains("waits with `sleep`")), "{said:?}");
}

#[test]
fn the_receiver_of_an_assignment_comes_before_its_value() {
    let finished = run_with(
        "log node['app']['local'].inspect\n",
        &[("cookbooks/app/attributes/default.rb", "default['app']['local'] = node['app']['other'] || false\n")],
        Settings::default(),
        None,
    );
    assert_eq!(error(&finished), "");
    assert_eq!(said(&finished), ["false"]);
}

const UNIT: &str = "provides :app_unit\n\
    unified_mode true\n\
    include Paths\n\
    deprecated_property_alias 'folder', 'root', 'use root'\n\
    property :name, String, required: true\n\
    property :root, String, default: lazy { '/srv' }\n\
    property :owner, String, regex: [Chef::Config[:user_valid_regex]]\n\
    def after_created\n\
      find_resource(:service, name) { action :nothing }\n\
    end\n\
    action :create do\n\
      file(path_of('unit')) { content path_of(new_resource.name) }\n\
    end\n";

#[test]
fn custom_resources_forward_find_and_alias() {
    let mut finished = run_with(
        "app_unit('first') { folder '/opt'; owner 'floyd' }\napp_unit 'second' do\n  name 'renamed'\n  root\nend\napp_tool 'x'\n",
        &[
            ("cookbooks/app/libraries/paths.rb", "module Paths\n  def path_of(name)\n    \"#{root}/#{name}\"\n  end\nend\n"),
            ("cookbooks/app/resources/tool.rb", UNIT),
        ],
        Settings::default(),
        None,
    );
    assert_eq!(error(&finished), "");
    // The file's name declares it, too, whatever else it provides.
    let wanted = ["service[first]", "app_unit[first]", "service[renamed]", "app_unit[renamed]", "service[x]", "app_tool[x]"];
    assert_eq!(names(&finished), wanted);
    let at = |finished: &Finished, name: &str| finished.compiled[wanted.iter().position(|known| *known == name).unwrap()];
    let (first, second, third) = (at(&finished, "app_unit[first]"), at(&finished, "app_unit[renamed]"), at(&finished, "app_tool[x]"));
    assert_eq!(json(&mut finished, first, "root"), "/opt");
    // Reading what a lazy default makes keeps it.
    assert_eq!(json(&mut finished, second, "root"), "/srv");
    assert_eq!(property(&mut finished, third, "owner"), "unset");
    let files = finished.client.files.borrow();
    assert!(files.contains_key("/opt/unit") && files.contains_key("/srv/unit"), "{:?}", files.keys());
}

#[test]
fn gems_and_the_cookbook_collection_are_there() {
    let finished = run_with(
        "require 'deepsort'\n\
         log IniParse.gen { |doc| doc.section('Unit') { |unit| unit.option('After', 'a'); unit.option('After', 'b') }; doc.section('Install') { |s| s.option('x', 1) } }.to_s\n\
         log({ 'b' => [3, 1], 'a' => 2 }.deep_sort.inspect)\n\
         log run_context.cookbook_collection[cookbook_name].metadata.version\n\
         log run_context.cookbook_collection[:app].version\n",
        &[],
        Settings::default(),
        None,
    );
    assert_eq!(error(&finished), "");
    assert_eq!(said(&finished), ["[Unit]\nAfter = a\nAfter = b\n\n[Install]\nx = 1\n", "{\"a\"=>2, \"b\"=>[1, 3]}", "1.0.0", "1.0.0"]);
}

#[test]
fn the_machine_has_the_files_it_is_given() {
    let mut sources = SourceMap::new();
    sources.add_text(
        "app/recipes/default.rb",
        "log File.read('/etc/agent.yml')\nlog Dir.glob('/etc/*.yml').inspect\nlog File.directory?('/etc/conf').to_s\n",
    );
    let repository = Repository::find(&sources, "", "app");
    let kitchen = Kitchen::new(Rc::new(sources), &repository, false);
    let machine = [("/etc/agent.yml", "id: 1\n"), ("/etc/conf/a", "")].map(|(path, text)| (path.to_owned(), text.to_owned()));
    let request = Request { run_list: vec!["app".to_owned()], machine: machine.into_iter().collect(), ..Request::default() };
    let finished = evaluate(&kitchen, &request);
    assert_eq!(error(&finished), "");
    assert_eq!(said(&finished), ["id: 1\n", "[\"/etc/agent.yml\"]", "true"]);
}

#[test]
fn cookbooks_are_found_by_their_metadata() {
    let mut sources = SourceMap::new();
    for path in
        ["test/metadata.rb", "test/recipes/default.rb", "files/our-cookbooks/web/metadata.rb", "files/our-cookbooks/web/recipes/default.rb"]
    {
        sources.add_text(path, "");
    }
    sources.add_text("api/recipes/default.rb", "");
    sources.add_text("api/test/fixtures/cookbooks/other/recipes/default.rb", "");
    let repository = Repository::find(&sources, "", "app");
    assert_eq!(repository.cookbooks.keys().collect::<Vec<_>>(), ["api", "test", "web"]);
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

#[test]
fn a_light_weight_provider_runs_every_action() {
    let files = [
        ("cookbooks/app/resources/thing.rb", "actions :create, :start\n"),
        ("cookbooks/app/providers/thing.rb", "action :create do\n  file '/created'\nend\naction :start do\n  file '/started'\nend\n"),
    ];
    for settings in [Settings::default(), lenient()] {
        let finished = run_with("app_thing('x') { action [:create, :start] }\n", &files, settings, None);
        assert_eq!(error(&finished), "");
        assert_eq!(finished.client.files.borrow().keys().collect::<Vec<_>>(), ["/created", "/started"]);
    }
}

#[test]
fn a_library_is_unknown_for_a_reason() {
    let files = [("cookbooks/app/metadata.rb", "name 'app'\nversion '1.0.0'\ndepends 'absent'\n")];
    let recipe = "require 'absent'\nrequire 'mysql2'\nrequire 'some_gem'\n\
                  file(\"/#{Absent.name}\")\nfile(\"/#{Mysql2::Client.new.query('x')}\")\nfile(\"/#{SomeGem.word}\")\n\
                  log ChefUtils::Mash.new(a: 1)['a'].to_s\n";
    let finished = run_with(recipe, &files, lenient(), None);
    assert_eq!(names(&finished).len(), 4, "{:?}", names(&finished));
    let lacking: Vec<&str> = finished
        .interpreter
        .ledger
        .iter()
        .filter(|one| one.lack == ekiben::unsupported::Lack::Ekiben)
        .map(|one| one.name.as_str())
        .collect();
    // A server's answers, and what a cookbook that is not given brings, are no lack.
    assert_eq!(lacking, ["some_gem"]);
}
