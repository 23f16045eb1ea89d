//! Claims by kind, path, service, command, user and status.

use super::*;
use crate::pass::packages::example::{Example, resource, with};

fn fates(resources: Vec<Resource>) -> Vec<Option<Fate>> {
    let count = resources.len();
    Example::new(resources).with(|input| {
        let mut sink = Sink::default();
        run(input, &mut sink);
        (0..count).map(|number| sink.get(number).map(|claim| claim.fate)).collect()
    })
}

#[test]
fn claims_by_tables() {
    for (kind, name, fate) in [
        ("file", "/etc/sysctl.d/60-x.conf", Some(Fate::Host)),
        ("execute", "sysctl -p /etc/sysctl.d/60-x.conf", Some(Fate::Host)),
        ("file", "/etc/security/limits.d/60.conf", Some(Fate::Host)),
        ("service", "chrony", Some(Fate::Host)),
        ("service", "cron", Some(Fate::Absorbed)),
        ("service", "nginx", None),
        ("execute", "sudo /usr/sbin/service monit reload", Some(Fate::Absorbed)),
        ("execute", "/bin/systemctl daemon-reload", Some(Fate::Absorbed)),
        ("execute", "systemctl reload-or-restart shop", None),
        ("execute", "locale-gen ja_JP.UTF-8", Some(Fate::Absorbed)),
        ("execute", "sysctl -p && make install", None),
        ("execute", "sleep 20", None),
        ("execute", "bundle install", None),
        ("template", "/etc/td-agent/td-agent.conf", Some(Fate::Manual)),
        ("template", "/etc/logrotate.d/shop", Some(Fate::Absorbed)),
        ("template", "/etc/nginx/nginx.conf", None),
        ("log", "hello", Some(Fate::Absorbed)),
        ("http_request", "marker", Some(Fate::Manual)),
        ("windows_feature", "x", Some(Fate::Manual)),
        ("file", "/home/deploy/.ssh_deploy_key", Some(Fate::Absorbed)),
        ("file", "/usr/local/bin/git_ssh_deploy", Some(Fate::Absorbed)),
        ("directory", "/srv/www/shop/releases", Some(Fate::Absorbed)),
        ("directory", "/srv/www/shop/shared/tmp/video", None),
        ("link", "/srv/www/shop/current", Some(Fate::Absorbed)),
        ("execute", "ls -1dt /srv/www/shop/releases/* | tail -n +6 | xargs -r rm -rf", Some(Fate::Absorbed)),
        ("execute", "/tmp/install-td-agent.sh", Some(Fate::Host)),
    ] {
        assert_eq!(fates(vec![resource(kind, name)]), [fate], "{kind} {name}");
    }
}

#[test]
fn people_and_users_of_processes() {
    let owned = |path: &str, owner: &str| with(resource("directory", path), "owner", owner);
    let found = fates(vec![
        resource("user", "deploy"),
        resource("user", "sato"),
        owned("/home/sato/.ssh", "sato"),
        owned("/srv/www/shop/shared/tmp", "deploy"),
    ]);
    assert_eq!(found, [None, Some(Fate::Host), Some(Fate::Host), None]);
}

#[test]
fn time_zones() {
    let mut example = Example::new(vec![with(resource("link", "/etc/localtime"), "to", "/usr/share/zoneinfo/Asia/Tokyo")]);
    example.graph.runs[0].time_zone = Some("Asia/Tokyo".into());
    example.with(|input| {
        let (zone, origin) = time_zone(input).unwrap_or_default();
        assert_eq!((zone.as_str(), origin.len()), ("Asia/Tokyo", 1));
    });
    let example = Example::new(vec![resource("execute", "timedatectl set-timezone Europe/Berlin")]);
    example.with(|input| assert_eq!(time_zone(input).map(|(zone, _)| zone).as_deref(), Some("Europe/Berlin")));
    Example::new(Vec::new()).with(|input| assert_eq!(time_zone(input), None));
}

#[test]
fn statuses() {
    let of = |status: Status, kind: &str| Resource { status, ..resource(kind, "x") };
    let mut outer = of(Status::Expanded, "shop_app");
    outer.within = None;
    let mut inner = resource("template", "/etc/shop.conf");
    inner.within = Some(0);
    let example = Example::new(vec![
        outer,
        inner,
        of(Status::Skipped("only_if { false }".into()), "file"),
        of(Status::Idle, "execute"),
        of(Status::Unknown, "strange_thing"),
        of(Status::Failed("NoMethodError: x".into()), "template"),
        resource("execute", "make"),
    ]);
    example.with(|input| {
        let mut sink = Sink::default();
        run(input, &mut sink);
        sink.claim(1, Fate::Translated, "container/shop.conf", "rendered");
        claim_defaults(input, &mut sink);
        rest(input, &mut sink);
        let all: Vec<Fate> = (0..7).filter_map(|number| sink.get(number).map(|claim| claim.fate)).collect();
        use Fate::{Manual, Skipped, Translated, Unknown};
        assert_eq!(all, [Translated, Translated, Skipped, Skipped, Unknown, Manual, Manual]);
        assert_eq!(sink.get(0).map(|claim| claim.to.clone()), Some(vec!["container/shop.conf".to_owned()]));
        assert!(sink.get(2).is_some_and(|claim| claim.why.contains("only_if { false }")));
    });
}

#[test]
fn events() {
    let mut example = Example::new(vec![resource("directory", "/opt/x")]);
    example.graph.runs[0].event = Lifecycle::Undeploy;
    example.with(|input| {
        let mut sink = Sink::default();
        run(input, &mut sink);
        assert_eq!(sink.get(0).map(|claim| claim.fate), Some(Fate::Absorbed));
    });
    let mut example = Example::new(vec![resource("execute", "aws s3 sync /a s3://b")]);
    example.graph.runs[0].event = Lifecycle::Shutdown;
    example.with(|input| {
        let mut sink = Sink::default();
        run(input, &mut sink);
        claim_defaults(input, &mut sink);
        assert!(sink.tasks[0].what.contains("preStop"));
    });
}
