//! Command lines as hosts have them, and what is left: words, and user, directory, variables and what else the line says.

use std::collections::BTreeMap;

use super::{Around, Plain, Wrappers, plain, plain_words, service};

fn wrappers() -> Wrappers {
    Wrappers::from([("/usr/local/bin/with_env".to_owned(), String::new())])
}

fn started(text: &str) -> Vec<Plain> {
    let files = |path: &str| match path {
        "/etc/default/shop" => Some("QUEUES=\"mail default\"\nCONFIG=/etc/shop.yml\n".to_owned()),
        "/etc/shop.env" => Some("export RAILS_ENV=staging\n".to_owned()),
        "/usr/local/bin/start_shop" => Some("#!/bin/bash\ncd /srv/shop\nexec bundle exec sidekiq -q $1\n".to_owned()),
        _ => None,
    };
    service(text, &BTreeMap::new(), Around { wrappers: &wrappers(), files: &files })
}

/// `words | user=… dir=… A=b`: all that a line comes to.
fn shown(plain: &Plain) -> String {
    let mut out = plain.words.join(" ");
    let mut more: Vec<String> = Vec::new();
    more.extend(plain.user.iter().map(|user| format!("user={user}")));
    more.extend(plain.group.iter().map(|group| format!("group={group}")));
    more.extend(plain.directory.iter().map(|directory| format!("dir={directory}")));
    more.extend(plain.variables.iter().map(|(name, value)| format!("{name}={value}")));
    more.extend(plain.open_files.iter().map(|number| format!("files={number}")));
    more.extend(plain.memory_mib.iter().map(|number| format!("mib={number}")));
    more.extend(plain.count.iter().map(|count| format!("count={count}")));
    more.extend(plain.logs.iter().map(|log| format!("log={log}")));
    more.extend(plain.environment_files.iter().map(|file| format!("file={file}")));
    more.extend(plain.environment_directories.iter().map(|file| format!("envdir={file}")));
    if plain.background {
        more.push("&".to_owned());
    }
    if let Some(asked) = &plain.service {
        more.push(format!("asks {} {}", asked.verb, asked.name));
    }
    if !more.is_empty() {
        out.push_str(" | ");
        out.push_str(&more.join(" "));
    }
    out
}

#[test]
fn lines_of_services() {
    let cases = [
        // Users.
        ("/bin/su - deploy -c 'cd /srv/a && bundle exec sidekiq'", "bundle exec sidekiq | user=deploy dir=/srv/a"),
        ("su -s /bin/sh -c 'exec node app.js' www-data", "node app.js | user=www-data"),
        ("su deploy --command='node app.js'", "node app.js | user=deploy"),
        ("sudo -u deploy -H RAILS_ENV=production bundle exec puma", "bundle exec puma | user=deploy RAILS_ENV=production"),
        ("sudo -udeploy -E -i bundle exec puma", "bundle exec puma | user=deploy"),
        ("sudo -iu deploy node x.js", "node x.js | user=deploy"),
        ("runuser -u deploy -- node app.js", "node app.js | user=deploy"),
        ("runuser -l deploy -c 'node app.js'", "node app.js | user=deploy"),
        ("gosu app:staff node app.js", "node app.js | user=app group=staff"),
        ("setuidgid app envuidgid app node app.js", "node app.js | user=app"),
        ("chpst -u app:staff -e ./env -o 1024 -m 1048576 node app.js", "node app.js | user=app group=staff files=1024 mib=1 envdir=./env"),
        // Shells and environment.
        ("/bin/bash -lc 'cd /srv/a; A=b exec bundle exec sidekiq'", "bundle exec sidekiq | dir=/srv/a A=b"),
        ("sh -c \"bash -c 'node app.js'\"", "node app.js"),
        ("/usr/bin/env A=b C='d e' node app.js", "node app.js | A=b C=d e"),
        ("env -i A=b -u C node app.js", "-u C node app.js | A=b"),
        ("envdir /etc/app/env node app.js", "node app.js | envdir=/etc/app/env"),
        ("foreman run -e prod.env bundle exec rake work", "bundle exec rake work | file=prod.env"),
        ("bundle exec foreman run bundle exec rake work", "bundle exec rake work"),
        ("/usr/local/bin/with_env node app.js", "node app.js"),
        // Priorities and the like.
        ("nice -n 10 ionice -c2 -n7 node app.js", "node app.js"),
        ("exec nohup setsid node app.js </dev/null >/dev/null 2>&1 &", "node app.js | &"),
        ("timeout 3600 node app.js", "node app.js"),
        ("flock -n /tmp/x.lock -c 'node app.js'", "node app.js"),
        ("taskset -c 1 node app.js", "node app.js"),
        ("dumb-init -- node app.js", "node app.js"),
        ("softlimit -m 10485760 -o50 node app.js", "node app.js | files=50 mib=10"),
        ("ulimit -n 65536; node app.js", "node app.js | files=65536"),
        // Rubies.
        ("rvm 2.1.5@shop do bundle exec thin start", "bundle exec thin start"),
        ("/usr/local/rvm/wrappers/shop/bundle exec thin start", "bundle exec thin start"),
        ("rbenv exec bundle exec thin start", "bundle exec thin start"),
        ("/home/deploy/.rbenv/shims/bundle exec thin start", "bundle exec thin start"),
        ("chruby-exec 2.1 -- bundle exec thin start", "bundle exec thin start"),
        // Starters.
        (
            "start-stop-daemon --start --quiet --chuid app:staff --chdir /srv --pidfile /run/a.pid --make-pidfile --background --exec /usr/bin/node -- app.js -p 1",
            "node app.js -p 1 | user=app group=staff dir=/srv &",
        ),
        ("start-stop-daemon -S -b -c app -x /opt/a/run --startas /bin/bash -- -c 'exec /opt/a/run --x'", "/opt/a/run --x | user=app &"),
        (
            "daemonize -u app -c /srv -o /var/log/a.log -p /run/a.pid -E A=b /usr/bin/node app.js",
            "node app.js | user=app dir=/srv A=b log=/var/log/a.log &",
        ),
        ("daemon --user=app --pidfile=/run/x.pid node app.js", "node app.js | user=app &"),
        ("daemon --user app \"node app.js >> /var/log/a.log 2>&1 &\"", "node app.js | user=app log=/var/log/a.log &"),
        // Background flags, pid and log files.
        ("bundle exec sidekiq -d -i 0 -P x.pid -L log/x.log -C c.yml", "bundle exec sidekiq -C c.yml | log=log/x.log &"),
        (
            "bundle exec unicorn_rails -c config/unicorn.rb -E production -D",
            "bundle exec unicorn_rails -c config/unicorn.rb -E production | &",
        ),
        ("bundle exec puma -d --pidfile x.pid --redirect-stdout a.log -C p.rb", "bundle exec puma -C p.rb | log=a.log &"),
        (
            "RAILS_ENV=production script/delayed_job -n 2 --queue=mail start",
            "script/delayed_job --queue=mail run | RAILS_ENV=production count=2 &",
        ),
        (
            "PIDFILE=x.pid BACKGROUND=yes QUEUE=* bundle exec rake environment resque:work",
            "bundle exec rake environment resque:work | QUEUE=* &",
        ),
        ("COUNT=3 QUEUE=a rake resque:workers", "rake resque:work | QUEUE=a count=3"),
        ("gunicorn -D -p /run/x.pid --log-file=/var/log/g.log app:app", "gunicorn app:app | log=/var/log/g.log &"),
        ("redis-server /etc/redis/shop.conf --daemonize yes", "redis-server /etc/redis/shop.conf --daemonize no | &"),
        ("forever start -l /var/log/f.log -a app.js --port 80", "node app.js --port 80 | log=/var/log/f.log &"),
        ("pm2 start app.js -i 4 --name web -- --port 80", "node app.js --port 80 | count=4 &"),
        ("ruby script/importer_ctl start", "ruby script/importer_ctl run | &"),
        // Logs.
        ("node app.js 2>&1 | logger -t app", "node app.js | log=syslog"),
        ("node app.js 2>&1 | tee -a /var/log/a.log", "node app.js | log=/var/log/a.log"),
        ("node app.js | cronolog /var/log/a-%Y.log", "node app.js | log=/var/log/a-%Y.log"),
        ("node app.js >> /var/log/a.log 2>&1 & echo $! > /run/a.pid", "node app.js | log=/var/log/a.log &"),
        // Variables, files and scripts.
        ("APP=/srv/a\ncd $APP/current\nexec bundle exec puma -C ${APP}/puma.rb", "bundle exec puma -C /srv/a/puma.rb | dir=/srv/a/current"),
        (
            ". /etc/default/shop\nexec worker --queues $QUEUES -c \"$CONFIG\" ${LEVEL:-info}",
            "worker --queues mail default -c /etc/shop.yml info",
        ),
        (". /etc/shop.env\nexec worker", "worker | file=/etc/shop.env"),
        ("exec node app.js -p $PORT", "sh -c exec node app.js -p $PORT"),
        ("export A=1\nmkdir -p /run/a\nchown app /run/a\nnode app.js", "node app.js | A=1"),
        ("/usr/local/bin/start_shop mail", "bundle exec sidekiq -q mail | dir=/srv/shop"),
        ("if [ -f x ]; then . x; fi\nfor i in 1 2 3; do worker --id $i & done", "worker --id 1 | count=3 &"),
        // Others are asked.
        ("/etc/init.d/shop start", "/etc/init.d/shop start | asks start shop"),
        ("/usr/sbin/service shop restart", "/usr/sbin/service shop restart | asks restart shop"),
        ("systemctl start shop.service", "systemctl start shop.service | asks start shop"),
        ("/sbin/start worker N=1", "/sbin/start worker N=1 | asks start worker"),
        ("sv up shop", "sv up shop | asks start shop"),
        ("svc -u /service/shop", "svc -u /service/shop | asks start shop"),
        ("supervisorctl start shop:*", "supervisorctl start shop:* | asks start shop"),
    ];
    let mut wrong = Vec::new();
    for (line, expected) in cases {
        let all = started(line);
        let found = all.first().map(shown).unwrap_or_default();
        if found != expected || all.len() != 1 {
            wrong.push(format!("{line}\n    {found}\n    not {expected} ({} started)", all.len()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_script_may_start_several() {
    let all = started("cd /srv\nnohup ruby a.rb &\nnohup ruby b.rb > b.log &\nsleep 1");
    assert_eq!(all.iter().map(shown).collect::<Vec<_>>(), ["ruby a.rb | dir=/srv &", "ruby b.rb | dir=/srv log=b.log &"]);
    let all = started("for q in mail default; do\n  start worker QUEUE=$q\ndone");
    assert_eq!(
        all.iter().map(|plain| plain.words.join(" ")).collect::<Vec<_>>(),
        ["start worker QUEUE=mail", "start worker QUEUE=default"]
    );
    let all = started("echo '#!/bin/sh' > go.sh\necho 'bundle exec sidekiq -C a.yml' >> go.sh\nchmod +x go.sh\nnohup ./go.sh &> x.log &");
    assert_eq!(all.iter().map(shown).collect::<Vec<_>>(), ["bundle exec sidekiq -C a.yml | log=x.log &"]);
}

#[test]
fn a_script_that_never_ends_is_left() {
    let all = started("f() {\n  f; f; f; f; f; f; f; f; f; f; f; f; f; f; f; f; f; f; f; f\n}\nf\nexec node app.js");
    assert_eq!(all.iter().map(shown).collect::<Vec<_>>(), ["node app.js"]);
    let doubled = format!("A=0123456789\n{}exec node $A", "A=$A$A\n".repeat(60));
    assert_eq!(started(&doubled).len(), 1);
}

#[test]
fn lines_of_cron() {
    let cases = [
        (
            "cd /srv/a && RAILS_ENV=production bundle exec rake a:b --silent >> log/cron.log 2>&1",
            "bundle exec rake a:b --silent | dir=/srv/a RAILS_ENV=production log=log/cron.log",
        ),
        ("df -h | mail -s x ops@example.org", "sh -c df -h | mail -s x ops@example.org"),
        ("a && b", "sh -c a && b"),
        ("rake x DATE=$(date)", "sh -c rake x DATE=$(date)"),
        ("if a; then b; fi", "sh -c if a; then b; fi"),
        ("/bin/bash -l -c 'cd /srv/a && nice -n 10 bundle exec rake a:b'", "bundle exec rake a:b | dir=/srv/a"),
    ];
    for (line, expected) in cases {
        assert_eq!(shown(&plain(line, &wrappers())), expected, "{line}");
    }
    let words = ["/usr/bin/env", "A=b", "node", "x"].map(str::to_owned);
    assert_eq!(shown(&plain_words(&words, &wrappers())), "node x | A=b");
}
