//! Graphs of two environments with rendered configuration.

use super::*;
use crate::graph::{Environment, FileKind, FileState, Resource};
use crate::pass::packages::example::{self, Example, resource};
use crate::text::{Hole, Text};

const MAIN: &str = "user www-data;\nworker_processes auto;\npid /run/nginx.pid;\n\nevents {\n  worker_connections 4096;\n}\n\nhttp {\n  include /etc/nginx/mime.types;\n  default_type application/octet-stream;\n  log_format ltsv 'time:$time_iso8601\\thost:$host';\n  access_log /var/log/nginx/access.log ltsv buffer=16k;\n  error_log /var/log/nginx/error.log warn;\n\n  include /etc/nginx/sites-enabled/*;\n}\n";

const SITE: &str = "upstream puma {\n  server unix:/srv/www/shop/shared/sockets/puma.sock fail_timeout=0;\n}\n\nserver {\n  listen 80 default_server;\n  server_name www.shop.example api.shop.example;\n  root /srv/www/shop/current/public;\n  client_max_body_size 20m;\n\n  location = /health {\n    access_log off;\n    proxy_pass http://puma;\n  }\n\n  location / {\n    try_files $uri @app;\n  }\n\n  location @app {\nAUTH    # TLS ends at the load balancer\n    if ($http_x_forwarded_proto = 'http') {\n      return 301 https://$host$request_uri;\n    }\n    proxy_pass http://puma;\n  }\n}\n";

const AUTH: &str = "    auth_basic \"staging\";\n    auth_basic_user_file /etc/nginx/htpasswd;\n";

/// Runs of environments; each file is declared by a resource of its own.
fn example(environments: &[Vec<(&str, FileKind)>], more: &[(&str, &str)]) -> Example {
    let mut example = Example::new(Vec::new());
    example.graph.runs.clear();
    example.graph.environments = environments.iter().map(|_| Environment::default()).collect();
    for (number, files) in environments.iter().enumerate() {
        let mut resources: Vec<Resource> = files.iter().map(|(path, _)| resource("template", path)).collect();
        resources.extend(more.iter().map(|(kind, name)| resource(kind, name)));
        let mut run = example::run(resources);
        run.environment = number;
        for (index, (path, kind)) in files.iter().enumerate() {
            let source = matches!(kind, FileKind::File(_)).then(|| "nginx/templates/default/x.conf.erb".to_owned());
            run.files.insert(
                (*path).to_owned(),
                FileState { kind: kind.clone(), owner: None, group: None, mode: None, resource: index, source },
            );
        }
        example.graph.runs.push(run);
    }
    example
}

fn text(text: impl Into<String>) -> FileKind {
    FileKind::File(Text::literal(text.into()))
}

/// Runs the pass; the proxy, the sink, and the configuration without its head.
fn made(example: &Example) -> (Proxy, Sink, String) {
    example.with(|input| {
        let mut sink = Sink::default();
        let proxy = run(input, &["web".to_owned()], Some("shop"), 3000, &mut sink);
        let whole = proxy.files.iter().find(|file| file.path == FILE).map(|file| file.content.clone()).unwrap_or_default();
        let body = whole.lines().skip_while(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
        (proxy, sink, body)
    })
}

/// One environment with the packaged main file and this site.
fn site(content: &str) -> (Proxy, Sink, String) {
    made(&example(&[vec![("/etc/nginx/conf.d/shop.conf", text(content))]], &[]))
}

#[test]
fn two_environments_that_differ_in_authentication() {
    let staging = SITE.replace("AUTH", AUTH);
    let mut secret = Text::default();
    secret.push_hole(std::rc::Rc::new(Hole::secret("BASIC_AUTH", "custom JSON", Some("album:hunter2".into()))));
    let files = |site: String| {
        vec![
            ("/etc/nginx/nginx.conf", text(MAIN)),
            ("/etc/nginx/sites-enabled/default", FileKind::Absent),
            ("/etc/nginx/sites-enabled/shop", text(site)),
        ]
    };
    let mut second = files(staging);
    second.push(("/etc/nginx/htpasswd", FileKind::File(secret)));
    let (proxy, sink, body) = made(&example(&[files(SITE.replace("AUTH", "")), second], &[("package", "nginx"), ("service", "nginx")]));
    assert_eq!(
        body,
        "worker_processes auto;
pid /tmp/nginx.pid;

events {
  worker_connections 4096;
}

http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  # the root file system is read-only: request bodies and other temporary files
  client_body_temp_path /tmp/client_body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  log_format ltsv 'time:$time_iso8601\\thost:$host';
  access_log /dev/stdout ltsv;
  error_log /dev/stderr warn;

  # nginx/templates/default/x.conf.erb
  upstream puma {
    server 127.0.0.1:3000 fail_timeout=0;
  }

  server {
    listen 8080 default_server;
    # the routes from outside know the hosts
    server_name _;
    root /srv/public;
    client_max_body_size 20m;

    location = /health {
      access_log off;
      proxy_pass http://puma;
    }

    location / {
      try_files $uri @app;
    }

    location @app {
      # basic authentication, mounted in the environments that have it
      include /etc/nginx/auth/*.conf;
      # TLS ends at the load balancer
      if ($http_x_forwarded_proto = 'http') {
        return 301 https://$host$request_uri;
      }
      proxy_pass http://puma;
    }
  }
}
"
    );
    let head = &proxy.files[0].content;
    assert!(head.starts_with("# From nginx/templates/default/x.conf.erb (cookbooks/web/recipes/default.rb:1), "), "{head}");
    let process = proxy.process.unwrap();
    assert_eq!((process.sidecar_of, process.ports, process.stop_signal.as_deref()), (vec!["web".to_owned()], vec![8080], Some("SIGQUIT")));
    assert_eq!(process.health, Some(Health { path: Some("/health".into()), port: 8080 }));
    assert_eq!(proxy.health.as_deref(), Some("/health"));
    assert_eq!(process.mounts.len(), 2);
    assert_eq!(process.mounts[0].path, "/etc/nginx/auth/basic.conf");
    let content = process.mounts[0].content.clone().unwrap();
    assert_eq!(content.at(0), None);
    assert_eq!(content.at(1).map(String::as_str), Some("auth_basic 'staging';\nauth_basic_user_file /etc/nginx/htpasswd;\n"));
    assert_eq!((process.mounts[1].name.as_str(), process.mounts[1].path.as_str()), ("basic-auth", "/etc/nginx/htpasswd"));
    assert_eq!(proxy.variables.len(), 1);
    assert_eq!((proxy.variables[0].name.as_str(), &proxy.variables[0].value.values), ("BASIC_AUTH", &vec![None, Some(Setting::Secret)]));
    let image = proxy.image.unwrap();
    assert_eq!((image.name.as_str(), image.base.as_str()), ("shop-nginx", BASE));
    assert!(image.steps.iter().any(|step| step.action
        == Action::CopyFromImage { image: "shop".into(), from: "/app/public".into(), to: "/srv/public".into() }));
    // main, default, site, package, service; then the second environment's htpasswd and what stands on other lines there.
    let fates: Vec<_> = (0..5).map(|item| sink.get(item).map(|claim| claim.fate)).collect();
    let translated = Some(Fate::Translated);
    assert_eq!(fates, [translated, Some(Fate::Absorbed), translated, translated, translated]);
    assert_eq!(sink.get(5).map(|claim| claim.to.clone()), Some(vec!["Secret basic-auth".to_owned()]));
    assert!(sink.tasks.is_empty(), "{:?}", sink.tasks);
}

#[test]
fn the_same_authentication_everywhere_stays() {
    let files = || vec![("/etc/nginx/nginx.conf", text(MAIN)), ("/etc/nginx/sites-enabled/shop", text(SITE.replace("AUTH", AUTH)))];
    let (proxy, sink, body) = made(&example(&[files(), files()], &[]));
    assert!(body.contains("      auth_basic 'staging';\n      auth_basic_user_file /etc/nginx/htpasswd;\n"), "{body}");
    assert!(proxy.variables.is_empty());
    let process = proxy.process.unwrap();
    assert_eq!(process.mounts.len(), 1);
    assert_eq!(process.mounts[0].content, None);
    // Nobody writes the file.
    assert_eq!(sink.tasks.len(), 1);
}

#[test]
fn environments_that_differ_in_more_mount_their_own() {
    let files = |size: &str| {
        vec![("/etc/nginx/nginx.conf", text(MAIN)), ("/etc/nginx/sites-enabled/shop", text(SITE.replace("AUTH", "").replace("20m", size)))]
    };
    let (proxy, _, body) = made(&example(&[files("20m"), files("5m")], &[]));
    assert!(body.contains("client_max_body_size 20m;"));
    let mount = proxy.process.unwrap().mounts.remove(0);
    assert_eq!((mount.name.as_str(), mount.path.as_str()), ("nginx-conf", TARGET));
    assert!(mount.content.unwrap().at(1).unwrap().contains("client_max_body_size 5m;"));
}

#[test]
fn tls_ends_at_the_load_balancer() {
    let (proxy, sink, body) = site(
        "server { listen 80; server_name shop.example; return 301 https://$host$request_uri; }
         server { listen 443 ssl http2; listen [::]:443 ssl; server_name shop.example; ssl_certificate /etc/nginx/ssl/shop.crt; ssl_protocols TLSv1.2;
           location / { proxy_set_header X-Forwarded-Proto $scheme; proxy_pass http://localhost:9292/x; } }",
    );
    assert_eq!(body.matches("server {").count(), 1, "{body}");
    assert_eq!(body.matches("listen ").count(), 2, "the directive and its comment: {body}");
    assert!(body.contains("    listen 8080;\n") && !body.contains("ssl_protocols") && !body.contains("return 301"), "{body}");
    assert!(body.contains("proxy_set_header X-Forwarded-Proto $http_x_forwarded_proto;"), "{body}");
    assert!(body.contains("proxy_pass http://127.0.0.1:3000/x;"), "{body}");
    assert!(sink.tasks.iter().any(|task| task.what.contains("certificates") && task.why == "for shop.example"));
    assert_eq!(proxy.health, None);
    assert!(proxy.process.unwrap().health.is_none());
}

#[test]
fn several_servers_keep_their_names() {
    let (_, _, body) = site(
        "server { listen *:80; server_name a.example; return 301 https://b.example$request_uri; } server { listen [::]:80 default; listen 8081; server_name b.example; root /srv/www/shop/current/public/b; }",
    );
    assert!(body.contains("    listen 8080;\n    server_name a.example;\n    return 301 https://b.example$request_uri;\n"), "{body}");
    assert!(
        body.contains("    listen [::]:8080 default_server;\n    listen 8081;\n    server_name b.example;\n    root /srv/public/b;\n"),
        "{body}"
    );
}

#[test]
fn a_health_check_that_nginx_answers_is_not_the_apps() {
    let (proxy, ..) = site(
        "server { location = /ping { return 200 'pong'; } location = /nginx_status { stub_status; } location / { proxy_pass http://unix:/run/a.sock:/; } }",
    );
    assert_eq!(proxy.health, None);
    assert_eq!(proxy.process.unwrap().health, Some(Health { path: Some("/ping".into()), port: 8080 }));
    assert!(proxy.files[0].content.contains("proxy_pass http://127.0.0.1:3000/;"));
}

#[test]
fn links_enable_sites_and_other_sites_do_not_count() {
    let files = vec![
        ("/etc/nginx/sites-available/shop", text("server { listen 80; }")),
        ("/etc/nginx/sites-available/old", text("server { listen 81; }")),
        ("/etc/nginx/sites-enabled/shop", FileKind::Link(Text::literal("../sites-available/shop"))),
    ];
    let (_, sink, body) = made(&example(
        &[files],
        &[("execute", "nxensite shop"), ("package", "nginx-extras"), ("package", "curl"), ("execute", "nginx -t && rm x")],
    ));
    assert_eq!(body.matches("server {").count(), 1, "{body}");
    assert!(body.contains("listen 8080;"), "{body}");
    let fates: Vec<_> = (0..7).map(|item| sink.get(item).map(|claim| claim.fate)).collect();
    let (translated, absorbed) = (Some(Fate::Translated), Some(Fate::Absorbed));
    assert_eq!(fates, [translated, absorbed, absorbed, absorbed, translated, None, None]);
}

#[test]
fn what_only_a_host_knows_is_no_directive() {
    let mut content = Text::literal("upstream app { server ");
    let hole = |name: &str| std::rc::Rc::new(Hole::unknown(name, "host-dependent"));
    content.push_hole(hole("node['ipaddress']"));
    content.push_str(":80; }\nserver { listen ");
    content.push_hole(hole("node['ipaddress']"));
    content.push_str(":80; server_name ");
    content.push_hole(hole("node['fqdn']"));
    content.push_str("; location /");
    content.push_hole(hole("node['x']"));
    content.push_str(" { return 404; } }");
    let (_, sink, body) = made(&example(&[vec![("/etc/nginx/conf.d/a.conf", FileKind::File(content))]], &[]));
    let used: Vec<&str> = body.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    assert!(used.iter().all(|line| !line.contains('‹')), "{body}");
    assert!(body.contains("    # server ‹node['ipaddress']›:80;\n    server 127.0.0.1:3000;\n"), "{body}");
    assert!(body.contains("    # location /‹node['x']› {\n      # return 404;\n    # }\n"), "{body}");
    assert_eq!(sink.tasks.len(), 2, "{:?}", sink.tasks);
}

#[test]
fn a_secret_reaches_no_output() {
    let mut content = Text::literal("server { location / { proxy_set_header X-Token ");
    content.push_hole(std::rc::Rc::new(Hole::secret("API_TOKEN", "custom JSON", Some("hunter2".into()))));
    content.push_str("; proxy_pass http://10.0.0.1; } }");
    let (proxy, sink, body) = made(&example(&[vec![("/etc/nginx/conf.d/a.conf", FileKind::File(content))]], &[]));
    assert!(body.contains("# proxy_set_header X-Token ‹API_TOKEN›;"), "{body}");
    assert!(!format!("{proxy:?}{sink:?}").contains("hunter2"));
    assert!(body.contains("proxy_pass http://10.0.0.1;"), "{body}");
}

#[test]
fn no_server_no_proxy() {
    let (proxy, sink, _) =
        made(&example(&[vec![("/etc/nginx/nginx.conf", text("events {}"))]], &[("package", "nginx"), ("service", "nginx")]));
    assert!(proxy.process.is_none() && proxy.image.is_none() && proxy.files.is_empty());
    assert!((0..3).all(|item| !sink.is_claimed(item)));
}

#[test]
fn other_files_go_into_the_image_and_missing_includes_are_tasks() {
    let files = vec![
        (
            "/etc/nginx/conf.d/a.conf",
            text(
                "server { include snippets/x.conf; include proxy_params; include fastcgi_params; error_page 502 /502.html; passenger_enabled on; }",
            ),
        ),
        ("/etc/nginx/html/502.html", text("sorry")),
    ];
    let (proxy, sink, body) = made(&example(&[files], &[]));
    assert!(body.contains("    # include snippets/x.conf;\n    proxy_set_header Host $http_host;\n"), "{body}");
    assert!(body.contains("include /etc/nginx/fastcgi_params;"), "{body}");
    assert!(
        body.contains("try_files $uri @app;")
            && body.contains("proxy_pass http://127.0.0.1:3000;")
            && !body.contains("passenger_enabled on;\n"),
        "{body}"
    );
    assert!(proxy.files.iter().any(|file| file.path == "nginx/html/502.html" && file.content == "sorry"));
    assert_eq!(sink.get(1).map(|claim| claim.fate), Some(Fate::Translated));
    assert!(sink.tasks.iter().any(|task| task.what.contains("/etc/nginx/snippets/x.conf")));
}

#[test]
fn apache_and_haproxy_give_way_to_routes() {
    let files = vec![
        (
            "/etc/apache2/sites-enabled/shop.conf",
            text("<VirtualHost *:80>\n  ServerName shop.example\n  ProxyPass / http://127.0.0.1:3000/\n</VirtualHost>"),
        ),
        ("/etc/haproxy/haproxy.cfg", text("backend app\n  server web1 10.0.0.4:80 check\n")),
    ];
    let (proxy, sink, _) = made(&example(&[files], &[]));
    assert!(proxy.process.is_none());
    let whys: Vec<&str> = (0..2).filter_map(|item| sink.get(item)).map(|claim| claim.why.as_str()).collect();
    assert_eq!(
        whys,
        [
            "Apache gave way to the load balancer: hosts (shop.example) are routes",
            "HAProxy gave way to the load balancer: hosts (none found) are routes"
        ]
    );
}

#[test]
fn one_port_has_one_default_server_and_one_set_of_options() {
    let (_, _, body) = site(
        "server { listen 80 default_server backlog=9; server_name a; root /a; }
         server { listen 443 ssl default_server backlog=9; listen 80 backlog=9 proxy_protocol; server_name b; if ($scheme = http) { return 301 https://b; } location /x { passenger_enabled on; more_set_headers 'A: b'; } }",
    );
    assert!(body.contains("    listen 8080 default_server backlog=9;\n"), "{body}");
    assert!(body.contains("    listen 8080;\n    server_name b;\n"), "{body}");
    assert!(body.contains("if ($http_x_forwarded_proto = http) {"), "{body}");
    assert!(body.contains("      proxy_pass http://127.0.0.1:3000;\n") && body.contains("      # more_set_headers 'A: b';\n"), "{body}");
}

#[test]
fn any_text_gives_a_configuration_that_reads_back() {
    for text in [
        "server {",
        "server { } }",
        "server { listen; root; proxy_pass; if { } location { } }",
        "server { listen \"; }",
        "include /etc/nginx/conf.d/*; server { include /etc/nginx/conf.d/a.conf; }",
    ] {
        let (_, _, body) = site(text);
        let (_, problems) = crate::read::nginx::parse(&body);
        assert_eq!(problems, [], "{text}: {body}");
    }
}
