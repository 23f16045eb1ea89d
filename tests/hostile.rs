//! Cookbooks that want to run for ever, to fill the memory, to overflow the stack or to reach the machine: each is stopped by a bound that has
//! a name, says where, and does not take the rest of the run with it.
//!
//! A case: its name, the recipe, further files of the cookbook, and what the diagnostic says (or nothing, where the code is harmless after all).

#![allow(clippy::disallowed_methods)]

use std::time::{Duration, Instant};

use ekiben::compile::{evaluate, with_stack};
use ekiben::outcome::{Options, Outcome};
use ekiben::report::graph::View;
use ekiben::report::mask::Masker;
use ekiben::source::SourceMap;
use proptest::prelude::*;

type Files = &'static [(&'static str, &'static str)];

const STEPS: &str = "C102 stopped after 2000000 steps";
const SIZE: &str = "C102 a value grew beyond 16777216 elements";
const STACK: &str = "C100 SystemStackError";
const NESTING: &str = "C102 resources nest deeper than 100 levels";
const RESOURCES: &str = "C102 the run declares more than 20000 resources";
const BACKTRACKING: &str = "takes too many steps";
const SYNTAX: &str = "S002 nests deeper than 500 levels";
const NOTHING: &str = "";

/// Time.
const ENDLESS: &[(&str, &str, Files, &str)] = &[
    ("while", "while true; end", &[], STEPS),
    ("until", "i = 0\nuntil i < 0 do i += 1 end", &[], STEPS),
    ("loop", "loop { }", &[], STEPS),
    ("redo", "[1].each { redo }", &[], STEPS),
    ("retry", "begin; raise 'x'; rescue; retry; end", &[], STEPS),
    ("cycle", "[1].cycle { }", &[], STEPS),
    ("succ", "s = 'a'; loop { s = s.succ }", &[], STEPS),
    ("upto", "'a'.upto('z' * 30).to_a", &[], STEPS),
    ("times", "(10**18).times { }", &[], STEPS),
    ("step", "0.step { |x| x }", &[], STEPS),
    ("range", "(1..10**12).each { |x| x }", &[], STEPS),
    ("lazy", "(1..Float::INFINITY).lazy.map { |x| x }.select { |x| false }.first(1)", &[], STEPS),
    ("enumerator", "Enumerator.new { |y| loop { y << 1 } }.to_a", &[], STEPS),
    ("external enumerator", "e = Enumerator.new { |y| loop { y << 1 } }\nloop { e.next }", &[], STEPS),
    ("permutation", "(1..30).to_a.permutation(20).each { }", &[], STEPS),
    ("repeated permutation", "(1..10).to_a.repeated_permutation(12).each { }", &[], STEPS),
    ("ensure", "def f; f; ensure; f; end\nf", &[], STEPS),
    ("fork of rescue", "def f(n); return if n > 60; begin; raise 'x'; ensure; f(n + 1) rescue f(n + 1); end; end\nf(0)", &[], STEPS),
    ("thread", "loop { Thread.new { loop { } } }", &[], STEPS),
    ("eval", "binding.eval('loop { }')", &[], STEPS),
    (
        "unknown condition that is never decided",
        "def f(n); return if n > 25; if node['ipaddress'] == n then f(n + 1) else f(n + 1) end; end\nf(0)",
        &[],
        STEPS,
    ),
    ("product of large integers", "x = 10**10000\n1000.times { x = x * x }", &[], STEPS),
    ("square of squares", "x = 3\n40.times { x = x * x }", &[], STEPS),
    ("factorial", "(1..10**6).inject(:*)", &[], STEPS),
    ("rational", "x = Rational(1, 3)\n60.times { x = x * x + 1 }", &[], STEPS),
    ("chain of classes", "k = Object\n20000.times { k = Class.new(k) }", &[], STEPS),
    ("backtracking of nested groups", "('ab' * 30) =~ /^((a|b)(?=.)|(ab)+)*\\1x$/", &[], BACKTRACKING),
    ("backtracking", "('x' * 30) =~ /(x+x+)+y/", &[], NOTHING),
    ("backtracking of gsub", "('a' * 5000 + '!').gsub(/(.*)*=(?=x)/, '')", &[], NOTHING),
    ("attribute file", "1", &[("attributes/default.rb", "loop { default['a'] = 1 }")], STEPS),
    ("library", "1", &[("libraries/default.rb", "loop { }")], STEPS),
    ("guard", "file '/x' do only_if { loop { } } end", &[], STEPS),
    ("lazy property", "file '/x' do content lazy { loop { } } end", &[], STEPS),
    ("ruby_block", "ruby_block 'x' do block { loop { } } end", &[], STEPS),
    ("template", "template '/x' do source 'x.erb' end", &[("templates/default/x.erb", "<% loop do %>aaaaaaaaaaaaaaaa<% end %>")], STEPS),
];

/// Memory.
const LARGE: &[(&str, &str, Files, &str)] = &[
    ("string times", "'a' * 10**10", &[], SIZE),
    ("array times", "[1] * 10**9", &[], SIZE),
    ("array of a range", "(1..10**12).to_a", &[], STEPS),
    ("doubling", "a = 'x'\nloop { a << a }", &[], SIZE),
    ("ljust", "'x'.ljust(10**10)", &[], SIZE),
    ("center", "'x'.center(10**10, 'ab')", &[], SIZE),
    ("shift", "1 << 10**12", &[], SIZE),
    ("format width", "'%999999999d' % 1", &[], SIZE),
    ("format star", "format('%*s', 999999999, 'x')", &[], SIZE),
    ("format precision", "'%.999999999f' % 1.5", &[], SIZE),
    ("index", "a = []\na[10**9] = 1", &[], SIZE),
    ("fill", "[].fill(0, 0, 10**9)", &[], SIZE),
    ("pack", "[1].pack('N@1000000000')", &[], SIZE),
    ("product", "a = (1..1000).to_a\na.product(a, a)", &[], SIZE),
    ("gsub that doubles", "s = 'x'\n40.times { s = s.gsub('x', 'xx') }", &[], STEPS),
    ("nested instance_eval", "s = '1'\n30.times { s = \"instance_eval(#{s.inspect})\" }\ninstance_eval(s)", &[], "C102"),
    ("array that grows", "a = []\nloop { a << 1 }", &[], STEPS),
    ("hash that grows", "h = {}; i = 0\nloop { h[i] = i; i += 1 }", &[], STEPS),
    ("many large strings", "a = []\nloop { a << ('x' * 1_000_000) }", &[], STEPS),
    ("many large arrays", "a = []\nloop { a << Array.new(100_000, 0) }", &[], STEPS),
    ("large attributes", "2000.times { |i| node.default[\"a#{i}\"] = 'x' * 10_000_000 }", &[], STEPS),
    ("symbols", "i = 0\nloop { \"sym#{i}\".to_sym; i += 1 }", &[], STEPS),
    ("output", "loop { puts 'x' * 10000 }", &[], STEPS),
    ("log", "loop { Chef::Log.warn('x' * 10000) }", &[], STEPS),
    ("attributes that make themselves", "x = node.default\nloop { x = x['a'] }", &[], STEPS),
    (
        "template",
        "template '/x' do source 'x.erb' end",
        &[("templates/default/x.erb", "<% 30.times do %><%= 'x' * 10_000_000 %><% end %>")],
        "C10",
    ),
    ("contents of files", "500.times { |i| file(\"/f#{i}\") { content 'x' * 10_000_000 } }", &[], STEPS),
    ("infinity", "Chef::Log.warn((10**10**10).to_s)", &[], NOTHING),
];

/// The stack.
const DEEP: &[(&str, &str, Files, &str)] = &[
    ("method", "def f(n); f(n + 1); end\nf(0)", &[], STACK),
    ("lambda", "f = lambda { |n| f.call(n + 1) }\nf.call(0)", &[], STACK),
    ("define_method", "self.class.send(:define_method, :zz) { zz }\nzz", &[], STACK),
    ("method_missing", "class Foo; def method_missing(n, *a); foo(n); end; end\nFoo.new.a", &[], STACK),
    ("hash default", "h = Hash.new { |hash, k| hash[k + 1] }\nh[0]", &[], STACK),
    ("to_s", "class A; def inspect; inspect; end; end\np A.new", &[], STACK),
    ("comparison", "class A; include Comparable; def <=>(o); self > o ? 1 : 0; end; end\nA.new > A.new", &[], STACK),
    ("catch", "def f(n); catch(:a) { f(n + 1) }; end\nf(0)", &[], STACK),
    ("eval", "s = 'eval(s)'\neval(s)", &[], STACK),
    ("definition", "rec 'a'", &[("definitions/rec.rb", "define :rec do\n  rec 'x'\nend")], STACK),
    ("lazy", "f = file '/x' do content lazy { f.content } end", &[], STACK),
    ("inherited", "class A; def self.inherited(k); Class.new(self); end; end\nclass B < A; end", &[], STACK),
    ("nested array", "a = []\n200000.times { a = [a] }\na.inspect", &[], STACK),
    ("nested hash", "h = {}\n200000.times { h = { a: h } }\nh.to_s", &[], STACK),
    ("nested array, dropped", "a = []\n400000.times { a = [a] }\na = nil", &[], NOTHING),
    ("nested property", "h = {}\n100000.times { h = { 'a' => h } }\nexecute 'x' do environment(h) end", &[], NOTHING),
    ("array in itself", "a = []\na << a\na.inspect\na == a\na.hash\nexecute 'x' do environment('a' => a) end", &[], NOTHING),
    ("hash in itself as attribute", "h = {}\nh['a'] = h\nnode.default['x'] = h\nnode['x'].to_s", &[], NOTHING),
    ("JSON", "require 'json'\nJSON.parse('[' * 100000 + ']' * 100000, max_nesting: false)", &[], "C100 JSON::NestingError"),
    ("JSON of a circle", "require 'json'\na = []\na << a\na.to_json", &[], "C100 JSON::NestingError"),
    ("YAML", "require 'yaml'\nYAML.load('[' * 100000 + ']' * 100000)", &[], "C10"),
    ("YAML in itself", "require 'yaml'\nd = YAML.load('&a [*a]')\nd.inspect\nexecute 'x' do environment('a' => d) end", &[], "C10"),
    ("literal of brackets", concat!("x = ", "[[[[[[[[[[", "[[[[[[[[[[", "]]]]]]]]]]", "]]]]]]]]]]"), &[], NOTHING),
    ("template in itself", "template '/x' do source 'x.erb' end", &[("templates/default/x.erb", "<%= render 'x.erb' %>")], STACK),
    (
        "template in itself twice",
        "template '/x' do source 'x.erb' end",
        &[("templates/default/x.erb", "<%= render 'x.erb' rescue 1 %><%= render 'x.erb' %>")],
        "C10",
    ),
];

/// Chef's own ways to go on for ever.
const CHEF: &[(&str, &str, Files, &str)] = &[
    ("recipe that includes itself", "include_recipe 'app::hostile'", &[], NOTHING),
    (
        "attribute files that include each other",
        "1",
        &[("attributes/default.rb", "include_attribute 'app::b'"), ("attributes/b.rb", "include_attribute 'app'")],
        NOTHING,
    ),
    (
        "cookbooks that depend on each other",
        "1",
        &[("../b/metadata.rb", "name 'b'\ndepends 'app'"), ("metadata.rb", "name 'app'\ndepends 'b'\ndepends 'app'")],
        NOTHING,
    ),
    ("metadata that does not end", "1", &[("metadata.rb", "name 'app'\nloop { }\n")], "steps"),
    ("many resources", "loop { file '/x' }", &[], RESOURCES),
    (
        "custom resource that declares itself",
        "app_thing 'a'",
        &[("resources/thing.rb", "action :run do\n  app_thing 'b'\nend\ndefault_action :run")],
        NESTING,
    ),
    (
        "custom resource that declares itself twice",
        "app_thing 'a'",
        &[("resources/thing.rb", "action :run do\n  app_thing 'b'\n  app_thing 'c'\nend\ndefault_action :run")],
        "C102",
    ),
    (
        "LWRP that declares itself",
        "app_thing 'a'",
        &[
            ("resources/thing.rb", "actions :run\ndefault_action :run"),
            ("providers/thing.rb", "use_inline_resources\naction :run do\n  app_thing 'b' do action :run end\nend"),
        ],
        NESTING,
    ),
    (
        "notifications in a circle",
        "execute 'a' do\n  notifies :run, 'execute[b]', :immediately\nend\nexecute 'b' do\n  action :nothing\n  notifies :run, 'execute[a]', :immediately\nend",
        &[],
        NESTING,
    ),
    (
        "delayed notifications in a circle",
        "execute 'a' do notifies :run, 'execute[b]' end\nexecute 'b' do\n  action :nothing\n  notifies :run, 'execute[a]'\nend",
        &[],
        NOTHING,
    ),
    (
        "notifications that double",
        "30.times do |i|\n  execute \"e#{i}\" do\n    action :nothing if i > 0\n    notifies :run, \"execute[e#{i + 1}]\", :immediately\n    notifies :run, \"execute[e#{i + 1}]\", :before\n  end\nend\nexecute 'e30'",
        &[],
        "C102",
    ),
    ("resource types without end", "100000.times { |i| send(\"thing_#{i}\", 'x') { } }", &[], RESOURCES),
    ("properties of a bomb", "x = ['x'] * 9\n12.times { x = [x] * 9 }\nexecute 'x' do environment('a' => x) end", &[], STEPS),
    ("attribute of a bomb", "x = ['x'] * 9\n12.times { x = [x] * 9 }\nnode.default['x'] = x", &[], NOTHING),
    ("YAML of a bomb", "require 'yaml'\nx = ['x'] * 9\n12.times { x = [x] * 9 }\nx.flatten.size", &[], "C102"),
];

/// The machine. Nothing of it happens; what Chef would have met is said.
const MACHINE: &[(&str, &str, Files, &str)] = &[
    (
        "processes",
        "system('touch /hostile'); `touch /hostile`; %x(id); fork { }; spawn('x'); IO.popen('x'); Process.kill(9, Process.pid)",
        &[],
        NOTHING,
    ),
    ("files", "File.write('/hostile', 'x'); IO.write('/hostile', 'x'); FileUtils.rm_rf('/'); File.delete('/hostile')", &[], "C122"),
    ("exit", "exit 1", &[], "C100 SystemExit"),
    ("exit!", "exit!", &[], "C100 SystemExit"),
    ("abort", "abort 'x'", &[], "C100 SystemExit: x"),
    ("throw", "throw :x", &[], "C100 UncaughtThrowError"),
    ("interrupt", "raise Interrupt", &[], "C100 Interrupt"),
    ("no memory", "raise NoMemoryError", &[], "C100 NoMemoryError"),
    ("at_exit", "at_exit { loop { } }", &[], NOTHING),
    ("sleep", "sleep 10**9; sleep", &[], NOTHING),
    ("input", "gets; $stdin.gets; STDIN.read", &[], NOTHING),
    ("objects", "GC.start; ObjectSpace.garbage_collect", &[], NOTHING),
    ("a lock nobody opens", "q = Queue.new\nThread.new { q.pop }.join", &[], NOTHING),
];

/// The classes themselves, turned against the evaluator.
const TURNED: &[(&str, &str, Files, &str)] = &[
    ("String#==", "class String; def ==(o); self == o; end; end\n'a' == 'b'", &[], NOTHING),
    ("Hash#[]", "class Hash; def [](k); self[k]; end; end\n{ 'x' => 1 }['x']", &[], NOTHING),
    ("Object#method_missing", "class Object; def method_missing(*a); foo; end; end\nbar", &[], "C100 NameError"),
    ("const_missing", "class Object; def self.const_missing(n); const_get(n); end; end\nZork", &[], "C100"),
    ("undefined basics", "class Object; undef_method :inspect; undef_method :to_s; undef_method :==; end\np Object.new", &[], "C10"),
    ("removed classes", "Object.send(:remove_const, :Chef)\nfile '/x'", &[], NOTHING),
    ("BasicObject", "x = BasicObject.new\nfile x", &[], "C10"),
    ("frozen classes", "Object.freeze; String.freeze; node.freeze", &[], NOTHING),
];

/// Evaluates the hostile recipe, after which the run goes on.
fn run(recipe: &str, files: Files) -> (Outcome, Vec<String>) {
    let mut sources = SourceMap::new();
    if !files.iter().any(|(path, _)| *path == "metadata.rb") {
        sources.add_text("cookbooks/app/metadata.rb", "name 'app'\nversion '1.0.0'\n");
    }
    sources.add_text("cookbooks/app/recipes/default.rb", "include_recipe 'app::hostile'\nfile '/after'\n");
    sources.add_text("cookbooks/app/recipes/hostile.rb", recipe);
    for (path, text) in files {
        let path = path.strip_prefix("../").map_or_else(|| format!("cookbooks/app/{path}"), |other| format!("cookbooks/{other}"));
        sources.add_text(path, *text);
    }
    let options = Options { name: "app".to_owned(), run_list: vec!["recipe[app]".to_owned()], ..Options::default() };
    let outcome = evaluate(&sources, &options);
    let said = outcome.diagnostics.iter().map(|one| format!("{} {}", one.code, one.message)).collect();
    (outcome, said)
}

/// Whether one of the messages has the code and the words of `wanted`.
fn says(said: &[String], wanted: &str) -> bool {
    let (code, words) = wanted.split_once(' ').unwrap_or((wanted, ""));
    said.iter().any(|one| one.contains(wanted) || (one.starts_with(code) && one.contains(words)))
}

fn check(cases: &[(&str, &str, Files, &str)]) {
    let faults = with_stack(|| {
        let mut faults = Vec::new();
        for (name, recipe, files, wanted) in cases {
            let start = Instant::now();
            let (outcome, said) = run(recipe, files);
            let placed = outcome.diagnostics.iter().filter(|one| one.code == "C102").all(|one| one.span.is_some() || one.path.is_some());
            let after = outcome.graph.runs.iter().any(|run| run.resources.iter().any(|resource| resource.reference() == "file[/after]"));
            // Where the run has as many resources as it may have, nothing comes after.
            let full = wanted == &RESOURCES;
            let fits = if wanted.is_empty() { !says(&said, "C102") } else { says(&said, wanted) };
            if !fits || !placed || !(after || full) || start.elapsed() > Duration::from_secs(40) {
                faults.push(format!("{name} ({:?}, goes on: {after}): wanted `{wanted}`, got {said:?}", start.elapsed()));
            }
            // What was made of it can be shown.
            drop(View::of(&outcome, &Masker::new(&outcome)).json());
        }
        faults
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn endless_code_is_stopped() {
    check(ENDLESS);
}

#[test]
fn large_values_are_refused() {
    check(LARGE);
}

#[test]
fn the_stack_is_never_full() {
    check(DEEP);
}

#[test]
fn chef_s_own_circles_are_cut() {
    check(CHEF);
}

#[test]
fn nothing_reaches_the_machine() {
    check(MACHINE);
    assert!(!std::path::Path::new("/hostile").exists());
}

#[test]
fn classes_that_were_turned_against_it_do_not_break_it() {
    check(TURNED);
}

#[test]
fn deep_syntax_is_refused_where_it_stands() {
    let nested = [
        ("[", "1", "]", 3000),
        ("(", "1", ")", 20000),
        ("[1].each { ", "1", "}", 1500),
        ("if true\n", "1\n", "end\n", 1500),
        ("x = ", "1", "", 5000),
    ];
    with_stack(|| {
        for (open, middle, close, times) in nested {
            let recipe = format!("{}{middle}{}", open.repeat(times), close.repeat(times));
            let (outcome, said) = run(&recipe, &[]);
            assert!(says(&said, SYNTAX) || says(&said, STACK), "{open}: {said:?}");
            assert_eq!(outcome.graph.runs.len(), 1);
        }
    });
}

#[test]
fn all_recipes_together_have_a_budget() {
    let mut sources = SourceMap::new();
    sources.add_text("cookbooks/app/metadata.rb", "name 'app'\n");
    let mut list = Vec::new();
    for number in 0..60 {
        sources.add_text(format!("cookbooks/app/recipes/r{number}.rb"), "loop { }\n");
        list.push(format!("recipe[app::r{number}]"));
    }
    let options = Options { name: "app".to_owned(), run_list: list, ..Options::default() };
    let start = Instant::now();
    let outcome = with_stack(|| {
        let outcome = evaluate(&sources, &options);
        outcome.diagnostics.iter().map(|one| one.message.clone()).collect::<Vec<_>>()
    });
    assert!(outcome.iter().any(|message| message.contains("all files together have used their")), "{:?}", outcome.last());
    assert!(start.elapsed() < Duration::from_secs(300), "{:?}", start.elapsed());
}

/// Pieces of recipes that a mutation puts together.
const PIECES: &[&str] = &[
    "node['a']['b']",
    "node['ipaddress']",
    "node.default['x'] = ",
    "if ",
    " then ",
    " else ",
    "\nend\n",
    " do |x| ",
    "\n",
    "{ |x| x ",
    "}",
    "[",
    "]",
    "(",
    ")",
    "'text'",
    "\"a#{",
    "}\"",
    ":symbol",
    "42",
    "-1",
    "3.14",
    "10**20",
    "nil",
    "x",
    "y",
    "x = ",
    "x << ",
    ".each",
    ".map(&:to_s)",
    ".to_s",
    ".to_i",
    ".split('a')",
    ".gsub(/a+/, 'b')",
    ".inspect",
    ".first",
    ".size",
    ".merge(",
    ".dup",
    ".freeze",
    ".send(:x)",
    ".nil?",
    " + ",
    " == ",
    " || ",
    " && ",
    " ? ",
    " : ",
    "..",
    " => ",
    ", ",
    "file '/a' ",
    "package ",
    "template '/t' ",
    "execute 'x' ",
    "service 'y' ",
    "notifies :run, 'execute[x]'",
    "action :nothing",
    "not_if { ",
    "lazy { ",
    "include_recipe 'app'",
    "case ",
    " when ",
    "while ",
    "begin\n",
    "\nrescue => e\n",
    "\nensure\n",
    "raise ",
    "def f(a, *b, c: 1)\n",
    "f(",
    "class A < Struct.new(:a)\n",
    "A.new",
    "->(z) { ",
    ".call",
    "return ",
    "next ",
    "break ",
    "yield ",
    "%w[a b]",
    "<<~E\n a\nE\n",
    "format('%s %d', ",
    "$~",
    "@a",
    "@@b",
    "__FILE__",
    "data_bag_item('a', 'b')",
    "search(:node, '*:*')",
    "Chef::Log.info ",
    "define_method(:g) { ",
    "instance_eval('",
    "')",
    "loop { ",
    "catch(:a) { ",
    "throw :a",
    "Hash.new { |h, k| h[k] = ",
    "*",
    "&",
    "!",
    ";",
    "require 'json'\n",
    "JSON.parse(",
    ".to_json",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the pieces come to, it is evaluated without a panic, and the result can be shown.
    #[test]
    fn recipes_of_random_pieces_never_panic(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let recipe = pieces.concat();
        let shown = with_stack(|| {
            let (outcome, _) = run(&recipe, &[]);
            View::of(&outcome, &Masker::new(&outcome)).json().len()
        });
        prop_assert!(shown > 0);
    }
}
