//! Whole runs of the pass.

use super::example::{Example, list, resource, with};
use super::*;
use crate::pass::base::choose;
use crate::source::SourceMap;

fn names(packages: &[Package]) -> Vec<&str> {
    packages.iter().map(|package| package.name.as_str()).collect()
}

fn ubuntu() -> (String, String) {
    ("ubuntu".to_owned(), "18.04".to_owned())
}

fn rails() -> (SourceMap, Project) {
    let mut sources = SourceMap::new();
    sources.add_text("Gemfile", "");
    sources.add_text(".ruby-version", "3.1.4\n");
    sources.add_text("config/application.rb", "");
    sources.add_text(
        "Gemfile.lock",
        "GEM\n  remote: https://rubygems.org/\n  specs:\n    mysql2 (0.5.3)\n    rails (6.1.7)\n\nPLATFORMS\n  ruby\n",
    );
    let project = Project::read(&sources, "", "shop");
    (sources, project)
}

#[test]
fn a_rails_host() {
    let (sources, project) = rails();
    let mut several = resource("package", "default-libmysqlclient-dev, libmysqlclient20, nodejs");
    several.properties.insert("package_name".into(), list(&["default-libmysqlclient-dev", "libmysqlclient20", "nodejs"]));
    let mut inner = resource("package", "autoconf");
    inner.within = Some(0);
    let mut ruby = resource("ruby_version", "3.1.4");
    ruby.status = Status::Expanded;
    let mut gone = resource("package", "landscape-common");
    gone.actions = vec!["remove".into()];
    gone.ran = vec!["remove".into()];
    let mut example = Example::new(vec![
        ruby,
        inner,
        several,
        resource("package", "git"),
        resource("package", "htop"),
        resource("package", "ffmpeg"),
        resource("package", "chrony"),
        resource("package", "nginx"),
        gone,
        with(resource("execute", "install bundler"), "command", "gem install bundler -v 2.3.15 --no-document"),
        resource("execute", "apt-get update"),
    ]);
    example.sources = sources;
    example.with(|input| {
        let mut sink = Sink::default();
        let base = choose(input, Some(&project), &ubuntu());
        let out = run(input, &mut sink, &base, Some(&project));
        assert_eq!(names(&out.runtime), ["ca-certificates", "ffmpeg", "libjemalloc2", "libmariadb3", "tzdata"]);
        assert_eq!(names(&out.build), ["build-essential", "default-libmysqlclient-dev", "pkg-config"]);
        assert!(out.steps.is_empty());
        let fates: Vec<Option<Fate>> = (0..11).map(|number| sink.get(number).map(|claim| claim.fate)).collect();
        use Fate::{Absorbed, Host, Translated};
        assert_eq!(
            fates,
            [
                Some(Translated),
                Some(Absorbed),
                Some(Translated),
                Some(Absorbed),
                Some(Absorbed),
                Some(Translated),
                Some(Host),
                None,
                Some(Absorbed),
                Some(Absorbed),
                Some(Absorbed)
            ]
        );
        let library = &out.runtime[3];
        assert!(library.origin.iter().any(|origin| origin.location.path == "Gemfile.lock"));
    });
}

#[test]
fn a_tool_that_a_command_uses_stays() {
    let example = Example::new(vec![resource("package", "jq"), resource("package", "curl"), resource("execute", "curl http://a > /etc/b")]);
    example.with(|input| {
        let mut sink = Sink::default();
        let base = choose(input, None, &ubuntu());
        let out = run(input, &mut sink, &base, None);
        assert_eq!(names(&out.runtime), ["ca-certificates", "curl"]);
    });
}

#[test]
fn extensions_of_php() {
    let example = Example::new(vec![
        resource("package", "php5"),
        resource("package", "php5-mysql"),
        resource("package", "php5-gd"),
        resource("package", "php5-curl"),
        resource("package", "apache2"),
    ]);
    example.with(|input| {
        let mut sink = Sink::default();
        let base = choose(input, None, &("ubuntu".to_owned(), "16.04".to_owned()));
        assert_eq!(base.image, "php:7.0-apache-stretch");
        let out = run(input, &mut sink, &base, None);
        assert!(
            out.steps
                .iter()
                .any(|step| matches!(&step.action, Action::Run { script, .. } if script.contains("docker-php-ext-install gd mysqli")))
        );
        assert_eq!(sink.get(3).map(|claim| claim.fate), Some(Fate::Absorbed));
        assert!(!sink.is_claimed(4));
    });
}

#[test]
fn unknown_names_become_a_task() {
    let mut unknown = resource("package", "x");
    unknown.name = crate::text::Text::hole(std::rc::Rc::new(crate::text::Hole::unknown("node['x']", "host-dependent")));
    let example = Example::new(vec![unknown]);
    example.with(|input| {
        let mut sink = Sink::default();
        let base = choose(input, None, &ubuntu());
        run(input, &mut sink, &base, None);
        assert_eq!(sink.get(0).map(|claim| claim.fate), Some(Fate::Manual));
        assert_eq!(sink.tasks.len(), 1);
    });
}

#[test]
fn layers_name_packages_too() {
    let mut example = Example::new(Vec::new());
    let layer =
        crate::graph::site::Layer { name: "worker".into(), packages: vec!["libvips-tools".into(), "htop".into()], ..Default::default() };
    example.graph.environments[0].layers.push(layer);
    example.with(|input| {
        let base = choose(input, None, &ubuntu());
        let out = run(input, &mut Sink::default(), &base, None);
        assert_eq!(names(&out.runtime), ["ca-certificates", "libvips-tools"]);
        assert!(out.notes[0].contains("htop"));
    });
}
