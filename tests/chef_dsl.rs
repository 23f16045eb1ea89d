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
