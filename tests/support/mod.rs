//! Recipes of a cookbook in memory, evaluated: what the tests of Chef's semantics share.
// Each test takes what it needs.
#![allow(dead_code)]

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
pub fn run_with(recipe: &str, files: &[(&str, &str)], settings: Settings, automatic: Option<Datum>) -> Finished {
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

pub fn run(recipe: &str) -> Finished {
    run_with(recipe, &[], Settings::default(), None)
}

pub fn property(finished: &mut Finished, index: usize, name: &str) -> String {
    let resource = finished.client.resource(index);
    let value = data(&resource).and_then(|resource| resource.set.borrow().get(&Name::new(name)).cloned());
    value.map_or_else(|| "unset".to_owned(), |value| format!("{:?}", plain(&from_value(&mut finished.interpreter, &value))))
}

/// Data as JSON, which is shorter to compare.
pub fn plain(datum: &Datum) -> serde_json::Value {
    match datum {
        Datum::Bool(b) => (*b).into(),
        Datum::Integer(i) => (*i).into(),
        Datum::Text(text) => text.to_string().into(),
        Datum::List(items) => items.iter().map(plain).collect(),
        Datum::Map(map) => map.iter().map(|(key, value)| (key.clone(), plain(value))).collect(),
        _ => serde_json::Value::Null,
    }
}

pub fn json(finished: &mut Finished, index: usize, name: &str) -> serde_json::Value {
    let resource = finished.client.resource(index);
    let value = data(&resource).and_then(|resource| resource.set.borrow().get(&Name::new(name)).cloned());
    value.map_or(serde_json::Value::Null, |value| plain(&from_value(&mut finished.interpreter, &value)))
}

pub fn error(finished: &Finished) -> String {
    finished.error.as_ref().map(|(class, message, _)| format!("{class}: {message}")).unwrap_or_default()
}

/// What `log` resources and `Chef::Log` said.
pub fn said(finished: &Finished) -> Vec<String> {
    finished.client.log.borrow().iter().map(|line| line.message.clone()).collect()
}

/// What a conversion does: it goes on where Chef would end.
pub fn lenient() -> Settings {
    Settings { compat: true, lenient: true, ..Settings::default() }
}

pub fn names(finished: &Finished) -> Vec<String> {
    let named = finished.compiled.iter().filter_map(|number| data(&finished.client.resource(*number)));
    named.map(|resource| resource.reference(&finished.interpreter)).collect()
}
