//! The graph for people: one line for each resource, its properties below it.
//!
//! In: a [`View`]. Out: `  package[nginx] install  # web/recipes/default.rb:3` and so on.

use std::fmt::Write;

use serde_json::Value;

use super::{ResourceView, RunView, View};
use crate::graph::GuardKind;

/// Longer values are cut.
const WIDTH: usize = 100;

/// The whole text.
#[must_use]
pub fn text(view: &View) -> String {
    let mut out = String::new();
    for one in &view.environments {
        let stack = one.stack.as_ref().map(|stack| format!(" (stack {stack})")).unwrap_or_default();
        let _infallible = writeln!(out, "environment {}{stack}: {} {}", shown(&one.name), one.platform, one.platform_version);
    }
    for run in &view.runs {
        run_text(&mut out, run);
    }
    if view.runs.is_empty() {
        out.push_str("nothing runs\n");
    }
    out
}

fn run_text(out: &mut String, run: &RunView) {
    let _infallible = writeln!(out, "\n== {} / {} / {}", shown(&run.environment), shown(&run.layer), run.event);
    let _infallible = writeln!(out, "   run list: {}", if run.run_list.is_empty() { "empty".to_owned() } else { run.run_list.join(", ") });
    for resource in &run.resources {
        let depth = depth(run, resource);
        resource_text(out, resource, depth);
    }
    if let Some(error) = &run.error {
        let _infallible = writeln!(out, "   the run ended early: {}", cut(error));
    }
}

/// How many custom resources a resource stands in.
fn depth(run: &RunView, resource: &ResourceView) -> usize {
    let mut depth = 0;
    let mut within = resource.within;
    while let Some(outer) = within.and_then(|index| run.resources.get(index)).filter(|_| depth < 20) {
        depth += 1;
        within = outer.within;
    }
    depth
}

fn resource_text(out: &mut String, resource: &ResourceView, depth: usize) {
    let indent = "  ".repeat(depth + 1);
    let at = resource.location.as_ref().map(|at| format!("  # {at}")).unwrap_or_default();
    let status = match (resource.status, &resource.reason) {
        ("run" | "expanded", _) => String::new(),
        (status, Some(reason)) => format!(" ({status}: {})", cut(reason)),
        (status, None) => format!(" ({status})"),
    };
    let actions = resource.actions.join(", ");
    let _infallible = writeln!(out, "{indent}{}[{}] {actions}{status}{at}", resource.kind, cut(&resource.name));
    let mut line = |text: String| {
        let _infallible = writeln!(out, "{indent}    {text}");
    };
    for (name, value) in &resource.properties {
        line(format!("{name}: {}", cut(&short(value))));
    }
    for guard in &resource.guards {
        let kind = if guard.kind == GuardKind::OnlyIf { "only_if" } else { "not_if" };
        let result = guard.result.map_or("not known", |result| if result { "true" } else { "false" });
        line(format!("{kind} {} → {result}", cut(&guard.test)));
    }
    for (word, list) in [("notifies", &resource.notifies), ("subscribes to", &resource.subscribes)] {
        for one in list {
            line(format!("{word} {} {}, {}", one.resource, one.action, one.timing));
        }
    }
    for condition in &resource.conditions {
        let way = match (condition.looped, condition.holds) {
            (true, _) => "for each of",
            (false, true) => "if",
            (false, false) => "unless",
        };
        line(format!("{way} {} (not known here)", cut(&condition.text)));
    }
}

fn short(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        Value::Object(map) if map.len() == 2 && map.contains_key("unknown") && map.contains_key("reason") => {
            format!("‹{}›", map["unknown"].as_str().unwrap_or_default())
        }
        other => other.to_string(),
    }
}

fn shown(name: &str) -> &str {
    if name.is_empty() { "default" } else { name }
}

fn cut(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WIDTH + 1).collect();
    if line.chars().count() > WIDTH { line.chars().take(WIDTH - 1).collect::<String>() + "…" } else { line }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::graph::{Datum, Guard};
    use crate::outcome::Outcome;
    use crate::report::accounting::tests::{resource, run};
    use crate::report::mask::Masker;
    use crate::text::{Hole, Text};

    #[test]
    fn resources_are_shown_with_properties_guards_and_place_and_without_secrets() {
        let mut outer = resource("nginx", 3);
        let unknown = Rc::new(Hole::unknown("node['ip']", "host-dependent"));
        outer.properties.insert("version".to_owned(), Datum::Text(Text::literal("1.2")));
        outer.properties.insert("password".to_owned(), Datum::Text(Text::literal("s3cret-8")));
        outer.properties.insert("address".to_owned(), Datum::Unknown(unknown));
        outer.guards.push(Guard { kind: GuardKind::NotIf, command: Some("test -f /x".into()), block: None, result: Some(false) });
        let mut inner = resource("curl", 9);
        inner.within = Some(0);
        inner.status = crate::graph::Status::Skipped("only_if".to_owned());
        let mut outcome = Outcome::default();
        outcome.graph.runs.push(run(vec![outer, inner]));
        let view = View::of(&outcome, &Masker::default());
        let expected = "
== default / web / Setup
   run list: web::default
  package[nginx] install  # web/recipes/default.rb:3
      version: \"1.2\"
      password: \"‹password›\"
      address: ‹node['ip']›
      not_if test -f /x → false
    package[curl] install (skipped: only_if)  # web/recipes/default.rb:9
";
        assert_eq!(text(&view), expected);
        let json = view.json();
        assert!(!json.contains("s3cret") && json.contains("\"unknown\": \"node['ip']\""), "{json}");
    }
}
