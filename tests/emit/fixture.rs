//! Blueprints made by hand.

use std::collections::BTreeMap;

use ekiben::blueprint::*;
use ekiben::source::Location;

/// A value that must never be written.
pub const CANARY: &str = "canary-s3cr3t-9d1f";

pub fn at(path: &str, line: u32, what: &str) -> Vec<Origin> {
    vec![Origin { location: Location { path: path.into(), line, column: 1 }, what: what.into() }]
}

pub fn words(command: &str) -> Vec<String> {
    command.split(' ').map(str::to_owned).collect()
}

pub fn same<T: Clone + PartialEq>(value: T) -> PerEnvironment<T> {
    PerEnvironment::same(value, 2)
}

pub fn both<T: Clone + PartialEq>(production: T, staging: T) -> PerEnvironment<T> {
    PerEnvironment { values: vec![Some(production), Some(staging)] }
}

pub fn production<T: Clone + PartialEq>(value: T) -> PerEnvironment<T> {
    PerEnvironment { values: vec![Some(value), None] }
}

pub fn package(name: &str, origin: Vec<Origin>) -> Package {
    Package { name: name.into(), version: None, renamed_from: None, origin }
}

pub fn process(name: &str, image: &str, role: Role) -> Process {
    Process {
        name: name.into(),
        image: image.into(),
        command: same(vec![]),
        role,
        replicas: same((1, 1)),
        resources: same(Resources { cpu_millis: 100, memory_mib: 128, memory_limit_mib: 256 }),
        grace_seconds: 30,
        ..Process::default()
    }
}

fn step(stage: Stage, action: Action, origin: Vec<Origin>) -> Step {
    Step { stage, action, origin, note: None }
}

fn deploy() -> Account {
    Account {
        name: "deploy".into(),
        uid: Some(5000),
        group: "deploy".into(),
        gid: Some(5000),
        home: None,
        shell: None,
        system: false,
        origin: at("cookbooks/base/recipes/default.rb", 70, "user[deploy]"),
    }
}

fn app_image() -> Image {
    let media = || at("cookbooks/media/recipes/default.rb", 1, "package[imagemagick, libheif1, ffmpeg, libimage-exiftool-perl]");
    let setup = || at("cookbooks/photo_album/recipes/setup.rb", 3, "package[default-libmysqlclient-dev, libmysqlclient20]");
    let mut mysql = package("libmariadb3", setup());
    mysql.renamed_from = Some("libmysqlclient20".into());
    let variable = |value: &str, line| (value.to_owned(), at("cookbooks/photo_album/attributes/default.rb", line, "environment"));
    Image {
        name: "photo-album".into(),
        runtime: Runtime::Ruby("3.1.4".into()),
        base: "ruby:3.1.4-slim-bookworm".into(),
        packager: Packager::Apt,
        base_origin: at("cookbooks/ruby/recipes/default.rb", 3, "ruby_version[3.1.4]"),
        packages: vec![
            package("imagemagick", media()),
            package("ffmpeg", media()),
            package("libheif1", media()),
            package("libimage-exiftool-perl", media()),
            mysql,
            package("libvips-tools", at("opsworks/production/describe-layers.json", 120, "Packages of layer worker")),
            package("tzdata", at("cookbooks/base/recipes/default.rb", 12, "package[tzdata]")),
            package("libjemalloc2", at("cookbooks/ruby/resources/version.rb", 8, "package[libjemalloc-dev]")),
            package("ca-certificates", vec![]),
        ],
        build_packages: vec![
            package("build-essential", vec![]),
            package("default-libmysqlclient-dev", setup()),
            package("pkg-config", vec![]),
        ],
        accounts: vec![deploy()],
        user: Some(deploy()),
        variables: BTreeMap::from([
            ("TZ".into(), variable("Asia/Tokyo", 2)),
            ("RAILS_ENV".into(), variable("production", 3)),
            ("LD_PRELOAD".into(), variable("libjemalloc.so.2", 4)),
            ("RAILS_LOG_TO_STDOUT".into(), variable("1", 5)),
            ("EVENT_LOG".into(), variable("-", 6)),
            ("VIDEO_TMP".into(), variable("/app/tmp/video", 7)),
            ("PORT".into(), variable("3000", 8)),
            ("GREETING".into(), variable("a \"b\" $c \\ d", 9)),
        ]),
        steps: vec![
            step(
                Stage::Dependencies,
                Action::Copy {
                    from: "imagemagick-policy.xml".into(),
                    to: "/etc/ImageMagick-6/policy.xml".into(),
                    owner: Some("root".into()),
                    group: None,
                    mode: Some("0644".into()),
                },
                at("cookbooks/media/recipes/default.rb", 6, "template[/etc/ImageMagick-6/policy.xml]"),
            ),
            step(
                Stage::Source,
                Action::Directory {
                    path: "/app/shared".into(),
                    owner: Some("deploy".into()),
                    group: Some("deploy".into()),
                    mode: Some("755".into()),
                },
                at("cookbooks/photo_album/recipes/setup.rb", 10, "directory[shared]"),
            ),
            step(
                Stage::Source,
                Action::Link { path: "/app/current".into(), to: "/app".into() },
                at("cookbooks/photo_album/recipes/deploy.rb", 40, "link[current]"),
            ),
        ],
        workdir: "/app".into(),
        source: Some(Source {
            folder: String::new(),
            manifests: vec!["Gemfile".into(), "Gemfile.lock".into()],
            install: vec!["bundle install --jobs 4 --retry 3".into()],
            login: None,
            build: vec![BuildStep {
                command: "bundle exec rake assets:precompile".into(),
                variables: BTreeMap::from([("SECRET_KEY_BASE".into(), "for-this-step-only".into())]),
                origin: at("cookbooks/photo_album/recipes/deploy.rb", 50, "execute[assets:precompile]"),
            }],
            overlays: vec![
                ("container/database.yml".into(), "config/database.yml".into()),
                ("container/sidekiq/".into(), "config/sidekiq/".into()),
            ],
            ignore: vec!["spec/fixtures/videos".into()],
            tests: Some(words("bundle exec rspec")),
            without: vec!["development".into(), "test".into()],
        }),
        writable: vec!["tmp".into(), "tmp/video".into(), "log".into()],
        port: Some(3000),
        command: words("bundle exec puma -C config/puma.rb"),
    }
}

fn nginx_image() -> Image {
    Image {
        name: "photo-album-nginx".into(),
        runtime: Runtime::Daemon("nginx".into()),
        base: "nginx:1.28-bookworm".into(),
        packager: Packager::Apt,
        base_origin: at("cookbooks/nginx/recipes/default.rb", 1, "package[nginx]"),
        steps: vec![
            step(
                Stage::Dependencies,
                Action::Copy {
                    from: "container/nginx.conf".into(),
                    to: "/etc/nginx/nginx.conf".into(),
                    owner: None,
                    group: None,
                    mode: None,
                },
                at("cookbooks/nginx/recipes/default.rb", 20, "template[/etc/nginx/nginx.conf]"),
            ),
            step(
                Stage::Source,
                Action::CopyFromImage { image: "photo-album".into(), from: "/app/public".into(), to: "/srv/public".into() },
                at("cookbooks/nginx/templates/default/vhost.conf.erb", 12, "root"),
            ),
        ],
        writable: vec!["/tmp".into()],
        port: Some(8080),
        command: vec!["nginx".into(), "-g".into(), "daemon off;".into()],
        ..Image::default()
    }
}

fn puma(name: &str, line: u32, replicas: (u32, u32)) -> Process {
    Process {
        command: same(words("bundle exec puma -C config/puma.rb")),
        variables: BTreeMap::from([
            ("WEB_CONCURRENCY".into(), both("2".into(), "1".into())),
            ("RAILS_MAX_THREADS".into(), both("5".into(), "3".into())),
            // Planted: the name is a secret's.
            ("DB_PASSWORD".into(), same(CANARY.into())),
        ]),
        ports: vec![3000],
        health: Some(Health { path: Some("/health".into()), port: 3000 }),
        replicas: both(replicas, (1, 2)),
        resources: both(
            Resources { cpu_millis: 1600, memory_mib: 1536, memory_limit_mib: 3072 },
            Resources { cpu_millis: 200, memory_mib: 512, memory_limit_mib: 1024 },
        ),
        grace_seconds: 45,
        drain_seconds: 20,
        origin: at("cookbooks/photo_album/recipes/setup.rb", line, "service[photo_album]"),
        ..process(name, "photo-album", Role::Web)
    }
}

fn nginx() -> Process {
    Process {
        ports: vec![8080],
        stop_signal: Some("SIGQUIT".into()),
        resources: same(Resources { cpu_millis: 50, memory_mib: 64, memory_limit_mib: 128 }),
        sidecar_of: vec!["api".into(), "web".into()],
        mounts: vec![
            Mount {
                name: "basic-auth-conf".into(),
                path: "/etc/nginx/auth/basic.conf".into(),
                content: Some(PerEnvironment {
                    values: vec![None, Some("auth_basic \"staging\";\nauth_basic_user_file /etc/nginx/auth/htpasswd;\n".into())],
                }),
                origin: at("cookbooks/nginx/recipes/default.rb", 12, "template[/etc/nginx/htpasswd]"),
            },
            Mount {
                name: "basic-auth".into(),
                path: "/etc/nginx/auth/htpasswd".into(),
                content: None,
                origin: at("cookbooks/nginx/recipes/default.rb", 12, "file[/etc/nginx/htpasswd]"),
            },
        ],
        origin: at("cookbooks/nginx/recipes/default.rb", 30, "service[nginx]"),
        ..process("nginx", "photo-album-nginx", Role::Proxy)
    }
}

fn sidekiq(group: &str, threads: [&str; 2], replicas: (u32, u32), grace: u32) -> Process {
    let command = format!("bundle exec sidekiq -C config/sidekiq/{group}.yml");
    Process {
        command: both(words(&command), words(&format!("{command} -c {}", threads[1]))),
        variables: BTreeMap::from([("RAILS_MAX_THREADS".into(), both(threads[0].into(), threads[1].into()))]),
        replicas: both(replicas, (1, 1)),
        resources: both(
            Resources { cpu_millis: 1000, memory_mib: 900, memory_limit_mib: 1200 },
            Resources { cpu_millis: 200, memory_mib: 512, memory_limit_mib: 1200 },
        ),
        grace_seconds: grace,
        origin: at("cookbooks/sidekiq/recipes/default.rb", 12, &format!("sidekiq_group[{group}]")),
        notes: vec!["monit restarted it above 900 MB".into()],
        ..process(&format!("sidekiq-{group}"), "photo-album", Role::Worker)
    }
}

fn schedule(name: &str, line: u32, written: &str, cron: PerEnvironment<String>, command: Vec<String>) -> Schedule {
    Schedule {
        name: name.into(),
        image: "photo-album".into(),
        cron,
        written: written.into(),
        time_zone: Some("Asia/Tokyo".into()),
        original: format!("bash -l -c 'TOKEN={CANARY} {}'", command.join(" ")),
        command: same(command),
        user: Some("deploy".into()),
        origin: at("config/schedule.rb", line, written),
        ..Schedule::default()
    }
}

fn schedules() -> Vec<Schedule> {
    let rake = |task: &str| words(&format!("bundle exec rake {task} --silent"));
    let runner = |code: &str| vec!["bundle".into(), "exec".into(), "rails".into(), "runner".into(), code.into()];
    let every = |cron: &str| same(cron.to_owned());
    let mut all = vec![
        schedule("expire-shares", 7, "every 1.day, at: '4:30 am'", every("30 4 * * *"), rake("albums:expire_shares")),
        schedule("daily-digest", 11, "every 1.day, at: ['8:00 am', '8:00 pm']", every("0 8,20 * * *"), rake("albums:daily_digest")),
        schedule("requeue-thumbnails", 15, "every 10.minutes", every("*/10 * * * *"), runner("ThumbnailWorker.requeue_stuck(30)")),
        schedule("renewal-reminders", 19, "every 1.week", every("0 0 1,8,15,22 * *"), rake("premium:renewal_reminders")),
        schedule("revenue-report", 23, "every :monday, at: '3:00'", every("0 15 * * 1"), rake("premium:revenue_report")),
        schedule("highlights", 27, "every '0 6 1 1,4,7,10 *'", every("0 6 1 1,4,7,10 *"), runner("VideoWorker.enqueue_highlights(3)")),
        schedule(
            "premium-highlights",
            32,
            "every 1.month, at: '5:00 am'",
            production("0 5 1 * *".into()),
            runner("VideoWorker.enqueue_highlights(1, premium: true)"),
        ),
        schedule(
            "invoices-export",
            3,
            "15 2 1 * *",
            both("15 2 1 * *".into(), "15 3 1 * *".into()),
            words("bundle exec rake invoices:export"),
        ),
        schedule(
            "queue-depth",
            4,
            "*/5 * * * *",
            every("*/5 * * * *"),
            vec!["sh".into(), "-c".into(), "echo $(date) $$ >/dev/null".into()],
        ),
        schedule("requeue-orphans", 41, "every :reboot", PerEnvironment { values: vec![None, None] }, rake("videos:requeue_orphans")),
        // A second one of that name.
        schedule("daily-digest", 60, "every 1.year", every("0 12 1 1 *"), rake("albums:yearly_digest")),
    ];
    all[3].notes.push("runs on days 1, 8, 15 and 22, not weekly".into());
    all[9].suspended = Some("pods end more often than hosts did\nand it must not run twice".into());
    all
}

fn variable(name: &str, value: PerEnvironment<Setting>) -> Variable {
    Variable {
        name: name.into(),
        value,
        origin: at("opsworks/production/describe-apps.json", 30, &format!("environment variable {name}")),
        ..Variable::default()
    }
}

fn variables() -> Vec<Variable> {
    let known = |value: &str| Setting::Known(value.to_owned());
    let differs = |name: &str, one: &str, other: &str| variable(name, both(known(one), known(other)));
    let equal = |name: &str, value: &str| variable(name, same(known(value)));
    let secret = |name: &str, value| Variable { secret: true, ..variable(name, value) };
    let mut all = vec![
        differs("RAILS_ENV", "production", "staging"),
        differs("RAILS_LOG_LEVEL", "info", "debug"),
        differs(
            "DB_HOST",
            "photo-album-production.cluster-abc123.rds.amazonaws.com",
            "photo-album-staging.cluster-abc123.rds.amazonaws.com",
        ),
        differs("DB_POOL", "12", "6"),
        differs("REDIS_URL", "redis://album-jobs.abc123.cache.amazonaws.com:6379/0", "redis://album-stg.abc123.cache.amazonaws.com:6379/1"),
        differs("MEMCACHE_SERVERS", "album-cache.abc123.cache.amazonaws.com:11211", "album-stg-cache.abc123.cache.amazonaws.com:11211"),
        differs("S3_BUCKET", "photo-album-media-production", "photo-album-media-staging"),
        differs("CLOUDFRONT_HOST", "media.album.example", "media.stg.album.example"),
        differs("CLOUDFRONT_KEY_ID", "APKAEXAMPLE", "APKASTGEXAMPLE"),
        differs("PREMIUM_VIDEO_SECONDS", "600", "60"),
        differs("FREE_VIDEO_SECONDS", "180", "30"),
        variable("DELIVER_MAIL_TO", PerEnvironment { values: vec![None, Some(known("dev@album.example"))] }),
        equal("AWS_REGION", "ap-northeast-1"),
        equal("DB_NAME", "photo_album"),
        equal("DB_PORT", "3306"),
        equal("DB_USERNAME", "album"),
        equal("SMTP_HOST", "email-smtp.ap-northeast-1.amazonaws.com"),
        equal("BANNER", "line one\nline two # \"quoted\" $HOME"),
        variable("ALBUM_HOST", same(Setting::PodName)),
        variable("CLUSTER_MEMBERS", same(Setting::Unknown("search(:node, 'role:web') needs a Chef server".into()))),
        secret("DB_PASSWORD", same(Setting::Secret)),
        secret("SECRET_KEY_BASE", same(Setting::Secret)),
        secret("CLOUDFRONT_PRIVATE_KEY", same(Setting::Secret)),
        secret("SMTP_USERNAME", same(Setting::Secret)),
        // Planted: marked secret, value still there.
        secret("SMTP_PASSWORD", same(known(CANARY))),
        variable("PUSH_API_TOKEN", both(Setting::Secret, known(CANARY))),
        secret("PREMIUM_API_KEY", production(Setting::Secret)),
        // The file of that name exists in staging only.
        secret("BASIC_AUTH", PerEnvironment { values: vec![None, Some(Setting::Secret)] }),
    ];
    all[6].local = Some("photo-album-media-local".into());
    all
}

fn store(name: &str, engine: &str, image: &str, port: u16, address: PerEnvironment<String>) -> Store {
    let origin = at("opsworks/production/describe-rds-db-instances.json", 4, engine);
    Store { name: name.into(), engine: engine.into(), image: image.into(), port, address: Some(address), origin, ..Store::default() }
}

/// Two Puma deployments behind nginx, two Sidekiq groups, schedules, a migration: production and staging.
pub fn album() -> Blueprint {
    let mut video = sidekiq("video", ["2", "1"], (2, 3), 120);
    video.volumes.push(Volume {
        name: "video".into(),
        path: "/app/tmp/video".into(),
        size_gib: Some(both(200, 50)),
        persistent: false,
        origin: at("opsworks/production/describe-layers.json", 150, "EBS volume of layer worker"),
    });
    let route = |process: &str, production: &str, staging: &str| Route {
        process: process.into(),
        hosts: both(vec![production.into()], vec![staging.into()]),
        path: "/".into(),
        tls: true,
        health: Some("/health".into()),
        origin: at("opsworks/production/describe-apps.json", 12, "Domains"),
    };
    let environment = |name: &str| Environment {
        name: name.into(),
        stack: Some(format!("photo-album-{name}")),
        region: Some("ap-northeast-1".into()),
        account: Some("123456789012".into()),
        role: Some(format!("photo-album-{name}")),
    };
    Blueprint {
        exposed: vec![Exposed {
            name: "PREMIUM_API_KEY".into(),
            origin: [at("attributes/default.rb", 3, ""), at("notes|old.json", 1, "")].concat(),
        }],
        name: "photo_album".into(),
        environments: vec![environment("production"), environment("staging")],
        images: vec![nginx_image(), app_image()],
        processes: vec![puma("api", 20, (4, 6)), puma("web", 20, (2, 4)), nginx(), sidekiq("default", ["10", "5"], (4, 6), 35), video],
        schedules: schedules(),
        jobs: vec![Job {
            name: "migrate".into(),
            image: "photo-album".into(),
            command: words("bundle exec rake db:migrate"),
            mounts: vec![],
            origin: at("cookbooks/photo_album/recipes/deploy.rb", 60, "execute[db:migrate]"),
            notes: vec!["was: the first online host of the api layer".into()],
        }],
        variables: variables(),
        secret_files: vec![SecretFile {
            name: "push-certificate".into(),
            path: "/app/config/push.pem".into(),
            origin: at("cookbooks/photo_album/recipes/configure.rb", 9, "file[push.pem]"),
        }],
        stores: vec![
            store(
                "db",
                "mysql",
                "mysql:8.0",
                3306,
                both(
                    "photo-album-production.cluster-abc123.rds.amazonaws.com".into(),
                    "photo-album-staging.cluster-abc123.rds.amazonaws.com".into(),
                ),
            ),
            store(
                "redis",
                "redis",
                "redis:7",
                6379,
                both("album-jobs.abc123.cache.amazonaws.com".into(), "album-stg.abc123.cache.amazonaws.com".into()),
            ),
            store(
                "memcached",
                "memcached",
                "memcached:1.6",
                11211,
                both("album-cache.abc123.cache.amazonaws.com:11211".into(), "album-stg-cache.abc123.cache.amazonaws.com:11211".into()),
            ),
        ],
        routes: vec![
            route("web", "www.album.example", "www.stg.album.example"),
            route("api", "api.album.example", "api.stg.album.example"),
        ],
        files: vec![
            Artifact { path: "container/nginx.conf".into(), content: "events {}\n".into(), mode: 0o644 },
            Artifact { path: "container/imagemagick-policy.xml".into(), content: "<policymap/>\n".into(), mode: 0o644 },
            Artifact { path: "container/database.yml".into(), content: "production: {}\n".into(), mode: 0o644 },
            Artifact { path: "container/sidekiq/default.yml".into(), content: ":concurrency: 10\n".into(), mode: 0o644 },
            Artifact { path: "container/sidekiq/video.yml".into(), content: ":concurrency: 2\n".into(), mode: 0o644 },
        ],
        tasks: vec![],
        ..Blueprint::default()
    }
}

/// A Node.js app without environments' names.
pub fn node() -> Blueprint {
    Blueprint {
        name: "chat".into(),
        environments: vec![Environment::default()],
        images: vec![Image {
            name: "chat".into(),
            runtime: Runtime::Node("22".into()),
            base: "node:22-slim".into(),
            workdir: "/srv/chat".into(),
            source: Some(Source {
                manifests: vec!["package.json".into(), "package-lock.json".into()],
                install: vec!["npm ci --omit=dev".into()],
                tests: Some(words("npm test")),
                ..Source::default()
            }),
            port: Some(8000),
            command: words("node server.js"),
            ..Image::default()
        }],
        processes: vec![Process {
            ports: vec![8000],
            health: Some(Health { path: None, port: 8000 }),
            command: PerEnvironment::same(words("node server.js"), 1),
            replicas: PerEnvironment::same((2, 2), 1),
            resources: PerEnvironment::same(Resources { cpu_millis: 500, memory_mib: 512, memory_limit_mib: 512 }, 1),
            stop_signal: Some("INT".into()),
            ..process("Chat Server", "chat", Role::Web)
        }],
        ..Blueprint::default()
    }
}

/// A daemon built by cookbook steps of every kind, on each packager.
pub fn daemon(packager: Packager) -> Blueprint {
    let here = |line| at("cookbooks/relay/recipes/default.rb", line, "step");
    let run = |script: &str, interpreter: &str, user: Option<&str>| Action::Run {
        script: script.into(),
        interpreter: interpreter.into(),
        cwd: user.map(|_| "/opt/relay".into()),
        user: user.map(str::to_owned),
        variables: BTreeMap::from([("MODE".into(), "it's \"on\"".into())]),
    };
    let actions = vec![
        Action::Repository {
            name: "Vendor".into(),
            line: "deb https://packages.example/apt stable main".into(),
            key: Some("https://packages.example/key.asc".into()),
        },
        Action::Directory {
            path: "/opt/relay".into(),
            owner: Some("relay".into()),
            group: Some("relay".into()),
            mode: Some("02755".into()),
        },
        Action::Link { path: "/etc/relay/current".into(), to: "/opt/relay".into() },
        Action::Remove { path: "/etc/motd".into() },
        run("make install", "sh", None),
        run("set -e\ncat <<EOF > /opt/relay/x\nhello \\\nEOF\n[ -f y ] || touch y", "bash", Some("relay")),
        run("puts ENV['MODE']", "ruby", None),
        run("import os\nprint(os.environ['MODE'])", "/usr/bin/python3", None),
        Action::Download {
            url: "https://example.com/relay-1.0.tar.gz".into(),
            to: "/opt/relay.tar.gz".into(),
            checksum: Some("a".repeat(64)),
            mode: Some("0644".into()),
        },
        Action::Download { url: "https://example.com/a b".into(), to: "/opt/a $b".into(), checksum: None, mode: None },
        Action::Checkout {
            url: "https://github.com/example/relay".into(),
            revision: "v1.2".into(),
            to: "/opt/src".into(),
            owner: None,
            group: None,
        },
        Action::Checkout {
            url: "git@github.com:example/private.git".into(),
            revision: "main".into(),
            to: "/opt/private".into(),
            owner: Some("relay".into()),
            group: None,
        },
        Action::Install { manager: "gem".into(), name: "god".into(), version: Some("0.13.7".into()) },
        Action::Install { manager: "pip".into(), name: "supervisor".into(), version: None },
        Action::CopyFromImage { image: "absent".into(), from: "/a".into(), to: "/b".into() },
    ];
    let relay = Account {
        name: "relay".into(),
        uid: None,
        group: "relay".into(),
        gid: None,
        home: Some("/var/lib/relay".into()),
        shell: Some("/bin/false".into()),
        system: true,
        origin: here(2),
    };
    Blueprint {
        name: "relay".into(),
        images: vec![Image {
            name: "relay".into(),
            base: "debian:bookworm-slim".into(),
            packager,
            packages: vec![package("socat", here(1)), package("curl", here(1))],
            build_packages: vec![package("gcc", vec![])],
            accounts: vec![relay.clone()],
            user: Some(relay),
            steps: actions.into_iter().zip(10..).map(|(action, line)| step(Stage::Dependencies, action, here(line))).collect(),
            workdir: "/opt/relay".into(),
            command: words("socat -d TCP-LISTEN:7000,fork STDOUT"),
            ..Image::default()
        }],
        processes: vec![Process {
            ports: vec![7000],
            replicas: PerEnvironment::same((1, 1), 1),
            volumes: vec![Volume {
                name: "spool".into(),
                path: "/var/spool/relay".into(),
                size_gib: None,
                persistent: true,
                origin: here(30),
            }],
            stop_signal: Some("SIGINT".into()),
            ..process("relay", "relay", Role::Daemon)
        }],
        ..Blueprint::default()
    }
}

/// Names that no target takes as they are, things that collide, processes of one environment.
pub fn awkward() -> Blueprint {
    let mut blueprint = album();
    blueprint.name = "The \"Photo\" Album!".into();
    blueprint.environments[0].name = "Prod_1".into();
    blueprint.environments[1].name = "prod.1".into();
    let mut only_here = process("ingress", "photo-album", Role::Web);
    only_here.replicas = production((2, 5));
    only_here.command = production(words("bundle exec puma"));
    only_here.ports = vec![4000, 4001];
    only_here.volumes.push(Volume {
        name: "Share d".into(),
        path: "/share".into(),
        size_gib: Some(both(1, 2)),
        persistent: true,
        origin: vec![],
    });
    only_here.mounts.push(Mount {
        name: "Conf".into(),
        path: "/etc/app conf.yml".into(),
        content: Some(both("a: 1\n".into(), "a: 2\n".into())),
        origin: vec![],
    });
    only_here.origin = at("cookbooks/x/recipes/a\nb: c.rb", 1, "evil # \n- kind: Pod \\");
    blueprint.processes.push(only_here);
    blueprint.processes.push(process("Redis", "unknown-image", Role::Daemon));
    blueprint.processes.push(process("cron", "photo-album", Role::Worker));
    blueprint.processes.push(process(&"very-long-name".repeat(8), "photo-album", Role::Worker));
    blueprint.schedules.push(schedule(&"nightly".repeat(12), 1, "x", same("1 1 * * *".into()), vec!["true".into()]));
    blueprint.schedules.push(schedule("写真", 1, "x", same("1 1 * * *".into()), vec!["true".into()]));
    blueprint.jobs.push(Job {
        name: "web".into(),
        image: "photo-album-nginx".into(),
        command: words("nginx -t"),
        mounts: vec![],
        origin: vec![],
        notes: vec![],
    });
    blueprint.jobs.push(Job {
        name: "seed".into(),
        image: "unknown-image".into(),
        command: vec![],
        mounts: vec![],
        origin: vec![],
        notes: vec![],
    });
    blueprint
        .schedules
        .push(Schedule { image: "unknown-image".into(), ..schedule("elsewhere", 1, "x", same("1 1 * * *".into()), words("date")) });
    blueprint.routes[0].hosts = both(vec!["a.example".into(), "b.example".into()], vec!["c.example".into()]);
    blueprint
}

/// All of them by name.
pub fn all() -> Vec<(&'static str, Blueprint)> {
    vec![
        ("album", album()),
        ("node", node()),
        ("daemon-apt", daemon(Packager::Apt)),
        ("daemon-dnf", daemon(Packager::Dnf)),
        ("daemon-yum", daemon(Packager::Yum)),
        ("daemon-apk", daemon(Packager::Apk)),
        ("awkward", awkward()),
        ("empty", Blueprint::default()),
    ]
}
