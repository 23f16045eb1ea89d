//! The small languages take any text: no panic, and no time that grows with the square of the length.
#![allow(clippy::disallowed_methods)]

use std::time::{Duration, Instant};

use ekiben::read::systemd::{on_calendar, time_span};
use ekiben::read::version::{CookbookConstraint, Requirement};
use ekiben::read::{
    apache, cron, crontab, dotenv, environment, gemfile_lock, haproxy, monit, nginx, package_json, procfile, shell, sidekiq_yaml,
    supervisor, systemd, upstart,
};
use proptest::prelude::*;

type Parser = (&'static str, fn(&str));

/// Every parser; what it answers is compared by nobody, so that only panics and time count. The typed views are taken too.
const PARSERS: &[Parser] = &[
    ("apache", |text| apache::each(&apache::parse(text).0, &mut |node| drop(node.shown()))),
    ("cron", |text| drop(cron::When::parse(text).map(|when| when.to_string()))),
    ("crontab", |text| drop(crontab::parse(text))),
    ("crontab_system", |text| drop(crontab::parse_system(text))),
    ("dotenv", |text| drop(dotenv::parse(text))),
    ("environment", |text| drop(environment::parse(text))),
    ("environment_login", |text| drop(environment::parse_login(text))),
    ("gemfile_lock", |text| assert!(gemfile_lock::parse(text).0.ruby_version().is_none_or(|version| !version.contains(' ')))),
    ("haproxy", |text| drop(haproxy::parse(text))),
    ("monit", |text| {
        drop(monit::parse(text).0.checks.iter().flat_map(|check| &check.rules).map(monit::Rule::memory_limit).collect::<Vec<_>>())
    }),
    ("nginx", |text| {
        let (configuration, _) = nginx::parse(text);
        drop((configuration.servers(), configuration.upstreams()));
    }),
    ("on_calendar", |text| drop(on_calendar(text))),
    ("package_json", |text| drop(package_json::parse(text))),
    ("procfile", |text| drop(procfile::parse(text))),
    ("requirement", |text| drop(Requirement::parse(text).map(|requirement| requirement.matches(&"1.2.3".parse().unwrap())))),
    ("shell", |text| {
        if let Ok(script) = shell::parse(text) {
            drop(script.simple_commands().into_iter().map(shell::exec_form).collect::<Vec<_>>());
        }
    }),
    ("shell_words", |text| drop(shell::words(text))),
    ("sidekiq_yaml", |text| drop(sidekiq_yaml::parse(text).0.settings_for("production"))),
    ("supervisor", |text| drop(supervisor::parse(text))),
    ("systemd", |text| drop(systemd::parse(text))),
    ("time_span", |text| assert!(time_span(text).and_then(systemd::TimeSpan::seconds).is_none_or(|seconds| seconds < u64::MAX))),
    ("upstart", |text| drop(upstart::parse(text))),
    ("version", |text| drop(CookbookConstraint::parse(text).map(|constraint| constraint.matches(&"1.2.3".parse().unwrap())))),
];

/// Real shapes of all the languages; each is cut, and fed to every parser.
const TEXTS: &[&str] = &[
    "MAILTO=\"x\"\n*/5 9-17 * * MON-FRI deploy cd /a && B=c bundle exec rake 'a b' >> log 2>&1 %in%put\n@daily x\n",
    "cd /a && { b \"$C ${D:-e} $(f `g`)\" | h; } & (i) <<EOF\nbody\nEOF\nif [ -f x ]; then y; fi\ncase $1 in a) b;; esac\nf() { g; }\nA=(1 2)\n",
    "check process a with pidfile /a\n start program = \"/bin/su - d -c 'x'\" as uid d and gid e with timeout 9 seconds\n if totalmem > 1.5 GB for 3 times within 5 cycles then restart else if x then alert\n if failed port 80 protocol http request \"/\" then exec \"/x\"\n depends on b, c\n every 2 cycles\nset httpd port 1 and\ninclude /x\n",
    "[Unit]\nDescription=a\n[Service]\nExecStart=-@/a \\\n b 'c d'\nEnvironment=\"A=b\" C=d\nTimeoutStopSec=1min 30s\n[Timer]\nOnCalendar=Mon..Fri *-*-* 04:30:00 Asia/Tokyo\n",
    "description \"a\" # b\nstart on (c\n and d)\nrespawn\nenv A=\"b\"\nlimit nofile 1 2\nkill timeout 5\npre-start script\n x\nend script\nexec y \\\n z\n",
    "[program:a]\ncommand=b ; c\nnumprocs=2\nenvironment=A=\"b,c\",D='e',\n F=g\n[include]\nfiles=x y\n",
    "#!/bin/sh\nexec 2>&1\ncd /a\nexport B=c\nulimit -n 5\nexec chpst -u d:e -e env -o5 nice -n 5 env F=g h i\n",
    "web: a\nworker: b\n",
    "<VirtualHost *:80>\n  ServerName \"a b\" \\\n c\n  <Location /x>\n  </Location>\n</VirtualHost>\n",
    "frontend web\n  bind *:80 # c\n  acl a hdr(host) -i 'b c'\\ d\nbackend e\n  server f 127.0.0.1:80\n",
    "A=b\nexport C=\"d $E ${F} $(g) \\n\" # h\nI: 'j'\nK='l\nm'\n",
    "GEM\n  remote: https://x/\n  specs:\n    a (1.2-x86)\n      b (~> 1, < 2)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  a!\n\nRUBY VERSION\n   ruby 2.7.2p137\n\nBUNDLED WITH\n   2.1\n",
    "{\"name\": \"a\", \"scripts\": {\"b\": \"c \\\" \\u0041\"}, \"engines\": {\"node\": \">=1\"}, \"x\": [1, {\"y\": null}]}",
    "http { upstream a { server b:1 c=2; } server { listen [::]:80 ssl; server_name \"d\" 'e'; location ~* \\.f$ { return 301 ${g}; } x_by_lua_block { '}' } } } # h\n",
    ":concurrency: 5\n:queues:\n  - [a, 2]\n  - b,3\nproduction: &p\n  timeout: 8\nstaging:\n  <<: *p\n:scheduler:\n  :schedule: {a: {cron: '1'}}\n",
    "~> 1.2.3, >= 1.0.rc1, != 2-x",
];

fn run_all(text: &str) {
    for (_, parse) in PARSERS {
        parse(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>()) {
        run_all(&text);
    }

    #[test]
    fn text_of_the_characters_that_matter(text in "[\\[\\]{}()'\"`$\\\\;&|<>#=:,%@~*?/!+.\\- \t\r\na-c0-2é\u{F0000}\u{10FFFD}]{0,200}") {
        run_all(&text);
    }

    #[test]
    fn cut_and_disturbed(which in 0..TEXTS.len(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), put in "[\"'`(){}\\[\\]\\\\\n$ é\u{F0001}]{0,3}") {
        let chars: Vec<char> = TEXTS[which].chars().collect();
        let (from, to) = (from.index(chars.len() + 1), to.index(chars.len() + 1));
        let (from, to) = (from.min(to), from.max(to));
        // The middle alone, all but the middle, and something put in its place.
        let middle: String = chars[from..to].iter().collect();
        let head: String = chars[..from].iter().collect();
        let tail: String = chars[to..].iter().collect();
        for text in [middle, head.clone(), format!("{head}{tail}"), format!("{head}{put}{tail}")] {
            run_all(&text);
        }
    }

    #[test]
    fn words_come_back(words in prop::collection::vec("[^\\x00]{0,12}", 0..6)) {
        let line = words.iter().map(|word| shell::escape(word)).collect::<Vec<_>>().join(" ");
        prop_assert_eq!(shell::words(&line).unwrap(), words);
    }

    #[test]
    fn fields_come_back(minute in 0_u8..60, hour in 0_u8..24, day in 1_u8..32, step in 1_u8..12, week in 0_u8..8) {
        let text = format!("{minute} */{step} {day} 1-{step} {week}");
        let cron = cron::Cron::parse(&text).unwrap();
        let again = cron::Cron::parse(&cron.to_string()).unwrap();
        prop_assert_eq!(&again, &cron);
        prop_assert!(cron.hour.values().contains(&0) && !cron.hour.values().contains(&24));
        prop_assert_eq!(cron.day_of_week.values(), std::collections::BTreeSet::from([week % 7]));
        prop_assert!(hour < 24);
    }
}

/// What a hostile or generated file repeats: openers that never close, long lines, many short entries.
const UNITS: &[&str] = &[
    "a",
    " ",
    "\n",
    "\\",
    "\\\n",
    "\"",
    "'",
    "`",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "<",
    ">",
    "$",
    "${",
    "$(",
    "$((",
    "#",
    ";",
    "&",
    "|",
    "=",
    ":",
    ",",
    "-",
    "- ",
    ".",
    "%",
    "*",
    "0",
    "9",
    "1.",
    "1,",
    "a ",
    "a\n",
    "a=",
    "a=\"",
    "A='\n",
    "A=\"\n",
    "A=$(\n",
    "A=`\n",
    "A=\"x\" ",
    "A=1 ",
    "A=1\n",
    "export A ",
    "export A\n",
    "a: b\n",
    "a: \"\n",
    ":a:\n",
    "a: {",
    "- [a, 1]\n",
    "(a);",
    "{ a; }\n",
    "$(a) ",
    "a ; ",
    "ExecStart=a ; b\n",
    "exec (a) ",
    "\"$a\"",
    "<<A ",
    "<<A\n",
    "a <<A\n",
    "if ",
    "if a; then\n",
    "case a in b)\n",
    "for a in b; do c; done;",
    "[[ ",
    "f() ",
    "exec ",
    "exec chpst -u a ",
    "env ",
    "0 0 * * * a\n",
    "* ",
    "@daily a\n",
    "check ",
    "check process a ",
    "check process a matching b ",
    "if a then ",
    "if a ",
    "if 1 cycles ",
    "else if ",
    "set a ",
    "start \"a\" ",
    "start \"",
    "depends a, ",
    "every ",
    "[a]\n",
    "[program:a]\n",
    "[program:a]\ncommand=b\n",
    "[Service]\nExecStart=a\n",
    "ExecStart=a\n",
    "Environment=A=b\n",
    " a\n",
    "[Timer]\n",
    "script\n",
    "start on (",
    "start on (\n",
    "env A=\"\n",
    "GEM\n",
    "    a (1)\n",
    "      a\n",
    "PLATFORMS\n",
    "{\"a\":",
    "[1,",
    "{\"a\":{\"b\":\"c\"},",
    "\"a\",",
    "a;",
    "a{",
    "a{b;}",
    "a{}",
    "server {",
    "location / {",
    "a_by_lua_block {",
    "&a [*a,",
    "? ",
    "!a ",
    "é",
    "\u{F0000}",
    "~> 1,",
    "5min ",
    "..",
    "Mon,",
];

fn longest(text: &str, limit: Duration) -> Vec<String> {
    let mut slow = Vec::new();
    for (name, parse) in PARSERS {
        let start = Instant::now();
        parse(text);
        let took = start.elapsed();
        if took > limit {
            slow.push(format!("{name}: {took:?}"));
        }
    }
    slow
}

#[test]
fn long_texts_take_no_time_that_grows_with_the_square() {
    // What takes the square of this takes minutes; with 1_000_000 the linear ones still keep within the limit.
    let size = 100_000;
    let mut faults = Vec::new();
    let mut check = |what: String, text: &str| {
        for slow in longest(text, Duration::from_secs(2)) {
            faults.push(format!("{what}: {slow}"));
        }
    };
    for unit in UNITS {
        check(format!("{unit:?} repeated"), &unit.repeat(size / unit.len()));
    }
    // A file that starts well and never ends well.
    for opener in [
        "[program:a]\ncommand=",
        "[Service]\nExecStart=",
        "[Service]\nEnvironment=",
        "GEM\n  specs:\n",
        "queues: [",
        "a: ",
        "{\"scripts\": {",
        "exec ",
        "check process a ",
        "server { ",
        "A=\"",
        "0 0 * * * ",
    ] {
        for unit in ["\"", "'", "a ", "a\n", "$(", "{", "[", "(", ",", ";", " ; a", "\\", "\"a\": 1,", " - a\n", "a=b,", "\"a\" "] {
            check(format!("{opener:?} and {unit:?} repeated"), &format!("{opener}{}", unit.repeat(size / unit.len())));
        }
    }
    for text in TEXTS {
        check(format!("{text:?} repeated"), &text.repeat(size / text.len()));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
