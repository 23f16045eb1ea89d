//! The unknown and the secret as values: through text, collections, calls, branches, loops and guards.

mod support;

use std::rc::Rc;

use ekiben::chef::resource::data;
use ekiben::chef::run::Finished;
use ekiben::graph::Datum;
use ekiben::text::{Hole, Text};
use indexmap::IndexMap;
use support::*;

/// Attributes of a machine of which the address is not known, and a password that is known but secret.
fn machine() -> Datum {
    let mut map = IndexMap::new();
    map.insert("ipaddress".to_owned(), Datum::Text(Text::hole(Rc::new(Hole::unknown("node['ipaddress']", "host-dependent")))));
    map.insert("devices".to_owned(), Datum::Unknown(Rc::new(Hole::unknown("node['devices']", "host-dependent"))));
    map.insert(
        "token".to_owned(),
        Datum::Text(Text::hole(Rc::new(Hole::secret("TOKEN", "a secret by its name", Some("s3cr3t/Value".to_owned()))))),
    );
    map.insert("platform".to_owned(), Datum::Text(Text::from("ubuntu")));
    Datum::Map(map)
}

fn convert(recipe: &str) -> Finished {
    run_with(
        recipe,
        &[("cookbooks/app/templates/default/app.conf.erb", "bind <%= @address %>:80\n<% if @address == '10.0.0.1' %>primary<% end %>\n")],
        lenient(),
        Some(machine()),
    )
}

/// The conditions under which each resource is declared.
fn conditions(finished: &Finished) -> Vec<(String, Vec<String>)> {
    let all = finished.compiled.iter().filter_map(|number| data(&finished.client.resource(*number)));
    all.map(|resource| {
        let shown = resource
            .conditions
            .iter()
            .map(|condition| format!("{}{}", if condition.holds { "" } else { "not " }, condition.text))
            .collect();
        (resource.reference(&finished.interpreter), shown)
    })
    .collect()
}

fn content(finished: &Finished, path: &str) -> String {
    match finished.client.files.borrow().get(path).map(|state| state.kind.clone()) {
        Some(ekiben::graph::FileKind::File(text)) => text.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn text_keeps_its_holes() {
    let finished = convert(
        "address = node['ipaddress']\n\
         file('/a') { content \"bind #{address}:80\\n\" }\n\
         file('/b') { content [address, 'x'].join(',') + { 'a' => address }.map { |k, v| \"#{k}=#{v}\" }.first }\n\
         file(\"/#{address}/c\") { content 'c' }\n\
         template('/d') { source 'app.conf.erb'; variables address: address }\n",
    );
    assert_eq!(error(&finished), "");
    assert_eq!(content(&finished, "/a"), "bind ‹node['ipaddress']›:80\n");
    assert_eq!(content(&finished, "/b"), "‹node['ipaddress']›,xa=‹node['ipaddress']›");
    assert!(names(&finished).contains(&"file[/‹node['ipaddress']›/c]".to_owned()));
    assert!(content(&finished, "/d").starts_with("bind ‹node['ipaddress']›:80\n"), "{}", content(&finished, "/d"));
}

#[test]
fn a_pattern_is_not_looked_for_in_what_is_not_known() {
    let finished = convert(
        "a = node['ipaddress']\n\
         file('/first') { content \"x #{a.split('.').first}\" }\n\
         file('/dashes') { content a.gsub('.', '-') }\n\
         file('/path') { content \"/srv/#{a}/current\".gsub('/', '-') }\n\
         file('/lines') { content \"  bind #{a}\\n  port 80\\n\".gsub(/^\\s+/, '').lines.map(&:chomp).join(';') }\n\
         file('/length') { content a.length.to_s }\n",
    );
    assert_eq!(error(&finished), "");
    assert_eq!(content(&finished, "/first"), "x ‹node['ipaddress'].split(\".\").first›");
    assert_eq!(content(&finished, "/dashes"), "‹node['ipaddress'].gsub(\".\")›");
    assert_eq!(content(&finished, "/path"), "-srv-‹node['ipaddress'].gsub(\"/\")›-current");
    // Blanks and line ends are layout: no address has them.
    assert_eq!(content(&finished, "/lines"), "bind ‹node['ipaddress']›;port 80");
    assert_eq!(content(&finished, "/length"), "‹node['ipaddress'].length›");
}

#[test]
fn a_branch_on_the_unknown_runs_both_ways() {
    let finished = convert(
        "if node['ipaddress'] == '10.0.0.1'\n  file '/primary'\nelse\n  file '/replica'\nend\n\
         file('/case') if node['ipaddress'].start_with?('10.')\n\
         case node['ipaddress']\nwhen '1' then file '/one'\nelse file '/other'\nend\n\
         file(node['devices'].nil? ? '/none' : '/some')\n\
         file '/always'\n",
    );
    assert_eq!(error(&finished), "");
    let all = conditions(&finished);
    let of = |name: &str| all.iter().find(|(known, _)| known == &format!("file[{name}]")).map_or(usize::MAX, |(_, shown)| shown.len());
    for name in ["/primary", "/replica", "/case", "/one", "/other"] {
        assert_eq!(of(name), 1, "{name} in {all:?}");
    }
    assert_eq!(of("/always"), 0);
}

#[test]
fn a_loop_over_the_unknown_runs_once_and_says_so() {
    let finished = convert("node['devices'].each do |device|\n  file \"/mnt/#{device}\"\nend\nfile '/after'\n");
    assert_eq!(error(&finished), "");
    let all = conditions(&finished);
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(all[0].0.contains("node['devices']"), "{all:?}");
    assert_eq!((all[0].1.len(), all[1].1.len()), (1, 0), "{all:?}");
}

#[test]
fn guards_on_files_are_decided_by_the_model_and_shell_stays_shell() {
    let finished = convert(
        "file '/made'\n\
         file('/a') { only_if { File.exist?('/made') } }\n\
         file('/b') { not_if { File.exist?('/made') } }\n\
         file('/c') { only_if { File.exist?('/nowhere') } }\n\
         file('/d') { only_if 'test -e /made' }\n\
         file('/e') { only_if { node['ipaddress'] == '1' } }\n",
    );
    assert_eq!(error(&finished), "");
    let files = finished.client.files.borrow();
    let made = |path: &str| files.contains_key(path);
    assert_eq!([made("/a"), made("/b"), made("/c"), made("/d"), made("/e")], [true, false, false, true, true]);
    let results: Vec<Option<bool>> = finished
        .compiled
        .iter()
        .filter_map(|number| data(&finished.client.resource(*number)))
        .filter_map(|resource| resource.guards.borrow().first().map(|guard| guard.result.get()))
        .collect();
    assert_eq!(results, [Some(true), Some(true), Some(false), None, None]);
}

#[test]
fn a_secret_stays_one_whatever_is_made_of_it() {
    let finished = convert(
        "require 'base64'\nrequire 'digest'\nrequire 'json'\nrequire 'yaml'\n\
         token = node['token']\n\
         { 'plain' => token, 'joined' => \"https://u:#{token}@host/x\", 'base64' => Base64.strict_encode64(token),\n\
           'digest' => Digest::SHA256.hexdigest(token), 'json' => { 'a' => [token] }.to_json, 'yaml' => { 'a' => token }.to_yaml,\n\
           'slice' => token[0, 4], 'upcase' => token.upcase, 'replaced' => token.gsub('/', '_'), 'split' => token.split('/').last,\n\
           'reverse' => token.reverse, 'format' => format('%-20s|', token), 'merged' => { b: 1 }.merge(a: token)[:a], 'symbol' => token.to_sym.to_s }.each do |name, text|\n\
           file(\"/#{name}\") { content text }\n\
         end\n",
    );
    assert_eq!(error(&finished), "");
    let files = finished.client.files.borrow();
    assert_eq!(files.len(), 14);
    for (path, state) in files.iter() {
        let ekiben::graph::FileKind::File(text) = &state.kind else { panic!("{path}") };
        assert!(text.is_secret(), "{path}: {text}");
        for part in ["s3cr3t", "S3CR3T", "Value", "VALUE", "eulaV"] {
            assert!(!text.to_string().contains(part), "{path}: {text}");
        }
    }
}

#[test]
fn an_attribute_under_a_key_that_is_not_known_may_be_any() {
    let finished = convert(
        "node.default['pools'] = { 'alpha' => 4, 'beta' => 8 }\n\
         host = \"web-#{node['ipaddress']}\"\n\
         file('/size') { content \"#{node['pools'][host] || 1}\\n\" }\n\
         file('/fetched') { content node['pools'].fetch(host, 1).to_s }\n\
         file('/known') { only_if { node['pools'].key?(host) } }\n\
         file('/none') { content \"#{node.read('nowhere', host) || 1}\\n\" }\n",
    );
    assert_eq!(error(&finished), "");
    assert_eq!(content(&finished, "/size"), "‹value under node['ipaddress']›\n");
    assert_eq!(content(&finished, "/fetched"), "‹value under node['ipaddress']›");
    assert_eq!(content(&finished, "/none"), "1\n");
}
