//! What `server`, `location`, `listen` and `upstream` say.

use super::Directive;

/// A `server` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server<'a> {
    /// Line, from 1.
    pub line: u32,
    /// `listen`
    pub listens: Vec<Listen>,
    /// `server_name`, all of them.
    pub names: Vec<String>,
    /// `root`
    pub root: Option<String>,
    /// `client_max_body_size`
    pub client_max_body_size: Option<String>,
    /// `return`: line and arguments.
    pub returns: Vec<(u32, Vec<String>)>,
    /// `ssl_certificate`
    pub ssl_certificate: Option<String>,
    /// `ssl_certificate_key`
    pub ssl_certificate_key: Option<String>,
    /// `location`, those inside others included after them.
    pub locations: Vec<Location<'a>>,
    /// All of its directives.
    pub directive: &'a Directive,
}

/// A `location` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location<'a> {
    /// Line, from 1.
    pub line: u32,
    /// `=`, `~`, `~*`, `^~`; empty for a prefix, `@` for a named location.
    pub modifier: String,
    /// Path, pattern or name.
    pub path: String,
    /// `proxy_pass`
    pub proxy_pass: Option<String>,
    /// `fastcgi_pass`, `uwsgi_pass`, `grpc_pass`
    pub other_pass: Option<String>,
    /// `root`
    pub root: Option<String>,
    /// `alias`
    pub alias: Option<String>,
    /// `try_files`
    pub try_files: Vec<String>,
    /// `client_max_body_size`
    pub client_max_body_size: Option<String>,
    /// `return`: line and arguments.
    pub returns: Vec<(u32, Vec<String>)>,
    /// All of its directives.
    pub directive: &'a Directive,
}

/// `listen 443 ssl default_server`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// Line, from 1.
    pub line: u32,
    /// Host or address before the port; `None` for all.
    pub address: Option<String>,
    /// Port; 80 when none is written. `None` for a socket, and where a placeholder stands.
    pub port: Option<u16>,
    /// Path of a Unix socket.
    pub socket: Option<String>,
    /// `ssl`
    pub ssl: bool,
    /// `default_server` or `default`
    pub default_server: bool,
    /// All of it, as written.
    pub text: String,
}

/// An `upstream` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// Line, from 1.
    pub line: u32,
    /// Its name.
    pub name: String,
    /// `server`: line, address, parameters.
    pub servers: Vec<(u32, String, Vec<String>)>,
}

fn last(directive: &Directive, name: &str) -> Option<String> {
    directive.children().iter().rev().find(|child| child.name == name)?.value().map(str::to_owned)
}

fn returns(directive: &Directive) -> Vec<(u32, Vec<String>)> {
    let found = directive.children().iter().filter(|child| child.name == "return");
    found.map(|child| (child.line, child.values().map(str::to_owned).collect())).collect()
}

impl<'a> Server<'a> {
    pub(super) fn new(directive: &'a Directive) -> Self {
        let named = |name: &'static str| directive.children().iter().filter(move |child| child.name == name);
        let mut locations = Vec::new();
        let mut waiting: Vec<&Directive> = directive.children().iter().rev().collect();
        while let Some(child) = waiting.pop() {
            if child.name == "location" && child.block.is_some() {
                locations.extend(Location::new(child));
                waiting.extend(child.children().iter().rev());
            }
        }
        Self {
            line: directive.line,
            listens: named("listen").filter_map(Listen::new).collect(),
            names: named("server_name").flat_map(Directive::values).map(str::to_owned).collect(),
            root: last(directive, "root"),
            client_max_body_size: last(directive, "client_max_body_size"),
            returns: returns(directive),
            ssl_certificate: last(directive, "ssl_certificate"),
            ssl_certificate_key: last(directive, "ssl_certificate_key"),
            locations,
            directive,
        }
    }
}

impl<'a> Location<'a> {
    fn new(directive: &'a Directive) -> Option<Self> {
        let values: Vec<&str> = directive.values().collect();
        let (modifier, path) = match values.as_slice() {
            [modifier, path] => (*modifier, *path),
            [path] => match ["=", "^~", "~*", "~", "@"].iter().find(|modifier| path.starts_with(**modifier)) {
                // The modifier may be glued to the path: `location =/up`.
                Some(modifier) => (*modifier, &path[modifier.len()..]),
                None => ("", *path),
            },
            _ => return None,
        };
        let try_files = directive.children().iter().filter(|child| child.name == "try_files").flat_map(Directive::values);
        Some(Self {
            line: directive.line,
            modifier: modifier.to_owned(),
            path: path.to_owned(),
            proxy_pass: last(directive, "proxy_pass"),
            other_pass: ["fastcgi_pass", "uwsgi_pass", "grpc_pass"].iter().find_map(|name| last(directive, name)),
            root: last(directive, "root"),
            alias: last(directive, "alias"),
            try_files: try_files.map(str::to_owned).collect(),
            client_max_body_size: last(directive, "client_max_body_size"),
            returns: returns(directive),
            directive,
        })
    }
}

impl Listen {
    fn new(directive: &Directive) -> Option<Self> {
        let values: Vec<&str> = directive.values().collect();
        let (first, parameters) = values.split_first()?;
        let socket = first.strip_prefix("unix:").map(str::to_owned);
        // An IPv6 address stands in brackets.
        let split = if first.ends_with(']') { None } else { first.rsplit_once(':') };
        let (address, port) = match split {
            _ if socket.is_some() => (None, None),
            Some((address, port)) => (Some(address), port.parse().ok()),
            None if first.bytes().all(|byte| byte.is_ascii_digit()) => (None, first.parse().ok()),
            None if crate::read::lexeme::has_hole(first) => (None, None),
            None => (Some(*first), Some(80)),
        };
        Some(Self {
            line: directive.line,
            address: address.filter(|address| *address != "*").map(str::to_owned),
            port,
            socket,
            ssl: parameters.contains(&"ssl"),
            default_server: parameters.iter().any(|parameter| *parameter == "default_server" || *parameter == "default"),
            text: values.join(" "),
        })
    }
}

impl Upstream {
    pub(super) fn new(directive: &Directive) -> Option<Self> {
        let servers = directive.children().iter().filter(|child| child.name == "server");
        let servers = servers.filter_map(|child| {
            let mut values = child.values().map(str::to_owned);
            Some((child.line, values.next()?, values.collect()))
        });
        Some(Self { line: directive.line, name: directive.value()?.to_owned(), servers: servers.collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    const SITE: &str = r#"
upstream unicorn_shop {
  server unix:/srv/www/shop/shared/sockets/unicorn.sock fail_timeout=0;
  server 127.0.0.1:3000 backup;
}

server {
  listen 80 default_server;
  listen [::]:80;
  server_name example.com www.example.com;
  return 301 https://$host$request_uri;
}

server {
  listen *:443 ssl http2;
  listen unix:/run/nginx.sock;
  server_name "shop.example.com";
  ssl_certificate /etc/nginx/ssl/shop.crt;
  ssl_certificate_key /etc/nginx/ssl/shop.key;
  root /srv/www/shop/current/public;
  client_max_body_size 20m;
  include mime.types;

  location ~* ^/(assets|packs)/ { expires max; }
  location =/up { return 200 "ok"; }
  location / {
    try_files $uri @unicorn;
    location ^~ /inner { root /x; }
  }
  location @unicorn {
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_pass http://unicorn_shop;
  }
}
"#;

    #[test]
    fn servers() {
        let (configuration, problems) = parse(SITE);
        assert_eq!(problems, []);
        let servers = configuration.servers();
        assert_eq!(servers.iter().map(|server| server.line).collect::<Vec<_>>(), [7, 14]);
        assert_eq!(servers[0].names, ["example.com", "www.example.com"]);
        assert_eq!(servers[0].returns, [(11, vec!["301".to_owned(), "https://$host$request_uri".into()])]);
        let listens: Vec<_> = servers
            .iter()
            .flat_map(|server| &server.listens)
            .map(|it| (it.address.as_deref(), it.port, it.ssl, it.default_server))
            .collect();
        assert_eq!(
            listens,
            [
                (None, Some(80), false, true),
                (Some("[::]"), Some(80), false, false),
                (None, Some(443), true, false),
                (None, None, false, false)
            ]
        );
        let shop = &servers[1];
        assert_eq!(shop.listens[1].socket.as_deref(), Some("/run/nginx.sock"));
        assert_eq!((shop.root.as_deref(), shop.client_max_body_size.as_deref()), (Some("/srv/www/shop/current/public"), Some("20m")));
        assert_eq!(shop.ssl_certificate.as_deref(), Some("/etc/nginx/ssl/shop.crt"));
        let locations: Vec<_> = shop.locations.iter().map(|it| (it.line, it.modifier.as_str(), it.path.as_str())).collect();
        assert_eq!(
            locations,
            [(24, "~*", "^/(assets|packs)/"), (25, "=", "/up"), (26, "", "/"), (28, "^~", "/inner"), (30, "@", "unicorn")]
        );
        assert_eq!(shop.locations[2].try_files, ["$uri", "@unicorn"]);
        assert_eq!(shop.locations[4].proxy_pass.as_deref(), Some("http://unicorn_shop"));
        assert_eq!(configuration.includes(), [(22, "mime.types")]);
    }

    #[test]
    fn upstreams() {
        let (configuration, _) = parse(SITE);
        let upstreams = configuration.upstreams();
        assert_eq!((upstreams.len(), upstreams[0].name.as_str()), (1, "unicorn_shop"));
        assert_eq!(
            upstreams[0].servers[0],
            (3, "unix:/srv/www/shop/shared/sockets/unicorn.sock".into(), vec!["fail_timeout=0".to_owned()])
        );
        assert_eq!(upstreams[0].servers[1].1, "127.0.0.1:3000");
    }
}
