//! Small cookbooks that use what is not there.

use std::rc::Rc;

use super::{COOKBOOKS, add, kinds, parts};
use crate::chef::client::Settings;
use crate::chef::collect::collect;
use crate::chef::platform::automatic;
use crate::chef::repository::Repository;
use crate::chef::run::{Finished, Kitchen, Request, evaluate};
use crate::diagnostic::Severity;
use crate::graph::{FileKind, Lifecycle, Run, Status};
use crate::source::SourceMap;

fn run(recipe: &str, files: &[(&str, &str)], lenient: bool) -> Finished {
    let mut sources = SourceMap::new();
    sources.add_text("cookbooks/app/metadata.rb", "name 'app'\n");
    sources.add_text("cookbooks/app/recipes/default.rb", recipe);
    for (path, text) in files {
        sources.add_text(*path, *text);
    }
    let repository = Repository::find(&sources, "", "app");
    add(&mut sources);
    let kitchen = Kitchen::new(Rc::new(sources), &repository, true);
    let settings = Settings { lenient, ..Settings::default() };
    let automatic = Some(automatic("ubuntu", "22.04", 18));
    let request = Request { name: "web1".to_owned(), run_list: vec!["recipe[app]".to_owned()], settings, automatic, ..Request::default() };
    evaluate(&kitchen, &request)
}

fn graph(recipe: &str, files: &[(&str, &str)]) -> Run {
    collect(&mut run(recipe, files, true), 0, "app", Lifecycle::Setup)
}

fn errors(finished: &Finished) -> Vec<String> {
    finished.interpreter.diagnostics.iter().filter(|one| one.severity == Severity::Error).map(|one| one.message.clone()).collect()
}

fn references(run: &Run) -> Vec<String> {
    run.resources.iter().map(crate::graph::Resource::reference).collect()
}

fn content(run: &Run, path: &str) -> String {
    match run.files.get(path).map(|file| &file.kind) {
        Some(FileKind::File(text)) => text.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn every_recipe_of_every_stand_in_evaluates() {
    let mut lines = String::new();
    for (name, text) in COOKBOOKS {
        for (path, _) in parts(text) {
            if let Some(recipe) = path.strip_prefix("recipes/").and_then(|path| path.strip_suffix(".rb")) {
                lines.push_str(&format!("include_recipe '{name}::{recipe}'\n"));
            }
        }
    }
    let finished = run(&lines, &[], true);
    assert_eq!(errors(&finished), Vec::<String>::new());
    assert!(finished.error.is_none(), "{:?}", finished.error);
    for (name, _) in COOKBOOKS.iter().filter(|(name, _)| lines.contains(&format!("'{name}::"))) {
        let said = finished
            .interpreter
            .diagnostics
            .iter()
            .filter(|one| one.code == "C103" && one.message.starts_with(&format!("the cookbook `{name}`")));
        assert_eq!(said.count(), 1, "{name} is said once");
    }
}

#[test]
fn every_resource_of_every_stand_in_runs_with_its_default_action() {
    let all: Vec<(String, bool)> = COOKBOOKS
        .iter()
        .flat_map(|(name, text)| {
            kinds(name, text)
                .into_iter()
                .map(|kind| (text.contains(&format!("define :{kind}")), kind))
                .map(|(definition, kind)| (kind, definition))
        })
        .collect();
    let lines: String = all.iter().map(|(kind, _)| format!("{kind} 'thing' do\n  a_property_of_another_release 1\nend\n")).collect();
    let mut finished = run(&lines, &[], true);
    let run = collect(&mut finished, 0, "app", Lifecycle::Setup);
    // The caller of this test has no templates: those alone may fail.
    let bad: Vec<String> = run
        .resources
        .iter()
        .filter(|one| matches!(one.status, Status::Failed(_) | Status::Unknown) && one.kind != "template")
        .map(|one| format!("{}: {:?}", one.reference(), one.status))
        .collect();
    assert_eq!(bad, Vec::<String>::new());
    for (kind, definition) in all {
        assert!(definition || run.resources.iter().any(|one| one.kind == kind), "{kind}: {:?}", references(&run));
    }
}

#[test]
fn what_recipes_include_brings_packages_services_and_attributes() {
    let run = graph(
        "include_recipe 'nginx'\ntemplate \"#{node['nginx']['dir']}/conf.d/app.conf\" do\n  source 'x.erb'\nend\n",
        &[("cookbooks/app/templates/x.erb", "user <%= node['nginx']['user'] %>;\n")],
    );
    let all = references(&run);
    for wanted in ["package[nginx]", "service[nginx]", "directory[/etc/nginx/sites-available]", "template[/etc/nginx/conf.d/app.conf]"] {
        assert!(all.iter().any(|one| one == wanted), "{wanted}: {all:?}");
    }
    assert_eq!(content(&run, "/etc/nginx/conf.d/app.conf"), "user www-data;\n");
    let place = run.resources[0].declared_at.as_ref().map(ToString::to_string).unwrap_or_default();
    assert!(place.starts_with("not-in-the-repository/nginx/recipes/"), "{place}");
}

#[test]
fn a_program_of_a_supervisor_is_its_file() {
    let run = graph(
        "include_recipe 'supervisor'\nsupervisor_service 'worker' do\n  command 'bundle exec sidekiq'\n  user 'deploy'\n  \
         environment 'RAILS_ENV' => 'production'\n  directory '/srv/app'\nend\n",
        &[],
    );
    let text = content(&run, "/etc/supervisor.d/worker.conf");
    for wanted in
        ["[program:worker]", "command=bundle exec sidekiq", "user=deploy", "environment=RAILS_ENV=\"production\"", "directory=/srv/app"]
    {
        assert!(text.contains(wanted), "{text}");
    }
}

#[test]
fn templates_of_the_caller_are_found() {
    let run = graph(
        "runit_service 'web' do\n  options port: 80\nend\nmonit_monitrc 'web' do\n  variables pid: '/run/web.pid'\nend\n\
         nginx_site 'shop' do\n  template 'shop.erb'\nend\nweb_app('blog') { server_name 'b.example.com' }\n",
        &[
            ("cookbooks/app/templates/sv-web-run.erb", "#!/bin/sh\nexec web -p <%= @options[:port] %>\n"),
            ("cookbooks/app/templates/web.monitrc.erb", "check process web with pidfile <%= @pid %>\n"),
            ("cookbooks/app/templates/shop.erb", "server {}\n"),
            ("cookbooks/app/templates/web_app.conf.erb", "ServerName <%= @params[:server_name] %>\n"),
        ],
    );
    assert_eq!(content(&run, "/etc/sv/web/run"), "#!/bin/sh\nexec web -p 80\n");
    assert_eq!(content(&run, "/etc/monit/conf.d/web.monitrc"), "check process web with pidfile /run/web.pid\n");
    assert_eq!(content(&run, "/etc/nginx/sites-available/shop"), "server {}\n");
    assert_eq!(content(&run, "/etc/apache2/sites-available/blog.conf"), "ServerName b.example.com\n");
}

#[test]
fn the_repository_hides_a_stand_in_and_unknown_recipes_are_said() {
    let own = [("cookbooks/nginx/metadata.rb", "name 'nginx'\n"), ("cookbooks/nginx/recipes/default.rb", "package 'own'\n")];
    assert_eq!(references(&graph("include_recipe 'nginx'\n", &own)), ["package[own]"]);
    let finished = run("include_recipe 'redisio::cluster'\npackage 'after'\n", &[], true);
    let said: Vec<&str> = finished.interpreter.diagnostics.iter().map(|one| one.message.as_str()).collect();
    assert!(said.iter().any(|one| one.contains("nothing is known of the recipe `redisio::cluster`")), "{said:?}");
    assert!(finished.error.is_none());
}

#[test]
fn a_strict_run_has_no_stand_ins() {
    let finished = run("include_recipe 'nginx'\n", &[], false);
    assert_eq!(finished.error.map(|(class, ..)| class).as_deref(), Some("Chef::Exceptions::CookbookNotFound"));
    let finished = run("supervisor_service('x') { command 'y' }\n", &[], false);
    assert_eq!(finished.error.map(|(class, ..)| class).as_deref(), Some("NoMethodError"));
}
