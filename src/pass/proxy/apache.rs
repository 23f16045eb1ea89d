//! Apache before the app: its vhosts as sites, and each directive that neither the load balancer nor the app's container does.

use crate::pass::proxy::front::{Front, Left, Site, Use, host, is_host};
use crate::read::apache::Node;

/// What directives are for; the first entry that fits counts, names in lower case, `*` at the end for a prefix.
const TABLE: &[(&str, Use)] = &[
    ("servername", Use::Done),
    ("serveralias", Use::Done),
    ("serveradmin", Use::Done),
    ("servertokens", Use::Done),
    ("serversignature", Use::Done),
    ("serverroot", Use::Done),
    ("errorlog*", Use::Done),
    ("customlog", Use::Done),
    ("logformat", Use::Done),
    ("loglevel", Use::Done),
    ("transferlog", Use::Done),
    ("globallog", Use::Done),
    ("ssl*", Use::Done),
    ("listen*", Use::Done),
    ("namevirtualhost", Use::Done),
    ("keepalive*", Use::Done),
    ("maxkeepaliverequests", Use::Done),
    ("loadmodule", Use::Done),
    ("documentroot", Use::Done),
    ("options", Use::Done),
    ("allowoverride", Use::Done),
    ("directoryindex", Use::Done),
    ("usecanonicalname", Use::Done),
    ("hostnamelookups", Use::Done),
    ("enablesendfile", Use::Done),
    ("enablemmap", Use::Done),
    ("fileetag", Use::Done),
    ("adddefaultcharset", Use::Done),
    ("traceenable", Use::Done),
    ("passenger*", Use::Done),
    ("rails*", Use::Done),
    ("rack*", Use::Done),
    ("proxypassreverse*", Use::Done),
    ("proxypreservehost", Use::Done),
    ("proxyrequests", Use::Done),
    ("proxyvia", Use::Done),
    ("balancermember", Use::Done),
    ("proxyset", Use::Done),
    ("rewriteengine", Use::Done),
    ("rewritebase", Use::Done),
    ("rewritelog*", Use::Done),
    ("setenvif*", Use::Done),
    ("include*", Use::Done),
    ("user", Use::Done),
    ("group", Use::Done),
    ("pidfile", Use::Done),
    ("mutex", Use::Done),
    ("php_*", Use::Left("a setting of PHP: php.ini of the image, or its Apache")),
    ("setenv", Use::Left("a variable of the app")),
    ("passenv", Use::Left("a variable of the app")),
    ("timeout", Use::Left("a timeout: the load balancer's idle timeout")),
    ("proxytimeout", Use::Left("a timeout: the load balancer's idle timeout")),
    ("limitrequest*", Use::Left("a limit of requests")),
    ("rewrite*", Use::Left("a rewrite rule")),
    ("redirect*", Use::Left("a redirect")),
    ("auth*", Use::Left("authentication")),
    ("require", Use::Left("who may ask")),
    ("order", Use::Left("who may ask")),
    ("allow", Use::Left("who may ask")),
    ("deny", Use::Left("who may ask")),
    ("satisfy", Use::Left("who may ask")),
    ("requestheader", Use::Left("a header of requests")),
    ("header", Use::Left("a header of answers")),
    ("expires*", Use::Left("caching of answers")),
    ("addoutputfilter*", Use::Left("compression")),
    ("setoutputfilter", Use::Left("compression")),
    ("deflate*", Use::Left("compression")),
    ("alias*", Use::Left("a folder that Apache served")),
    ("scriptalias*", Use::Left("a program that Apache ran")),
    ("errordocument", Use::Left("a page for errors")),
    ("proxypass*", Use::Left("a way to another server")),
];

/// Sections that only say where what stands inside holds.
const PLAIN: &[&str] = &[
    "ifmodule",
    "ifdefine",
    "ifversion",
    "virtualhost",
    "proxy",
    "directory",
    "directorymatch",
    "location",
    "locationmatch",
    "files",
    "filesmatch",
    "if",
    "requireall",
    "requireany",
];

/// Where a file comes from.
pub struct Place<'p> {
    /// The path on the host.
    pub path: &'p str,
    /// The environment's number.
    pub environment: usize,
    /// The item that wrote it.
    pub item: usize,
    /// A file that the package of the server brings in much the same words: only what is about requests counts of it.
    pub is_packaged: bool,
}

/// What counts of a file of the package.
const OF_PACKAGE: &[&str] = &["rewrite", "redirect", "proxypass", "auth", "requestheader", "setenv", "passenv", "php_", "limitrequest"];

/// Whether Debian's or Red Hat's package has a file at that path by itself.
#[must_use]
pub fn is_packaged(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let sites = path.contains("/sites-")
        && (name == "default" || name == "default-ssl" || name.starts_with("000-default") || name == "default.conf");
    let others =
        ["apache2.conf", "httpd.conf", "ports.conf", "charset", "charset.conf", "localized-error-pages", "other-vhosts-access-log"];
    sites || others.contains(&name) || path.contains("/mods-")
}

/// Adds what a file says to `front`.
pub fn read(nodes: &[Node], place: &Place<'_>, front: &mut Front) {
    walk(nodes, place, None, front);
}

fn walk(nodes: &[Node], place: &Place<'_>, outer: Option<&str>, front: &mut Front) {
    // `RewriteCond` lines belong to the rule behind them.
    let mut conditions: Vec<&Node> = Vec::new();
    let skipped = |name: &str| place.is_packaged && name != "header" && !OF_PACKAGE.iter().any(|prefix| name.starts_with(prefix));
    for node in nodes {
        let name = node.name.to_ascii_lowercase();
        if name == "virtualhost" {
            site(node, place, front);
        }
        if name == "rewritecond" {
            conditions.push(node);
            continue;
        }
        let mut given = std::mem::take(&mut conditions);
        if let Some(children) = &node.children {
            if !PLAIN.contains(&name.as_str()) && !place.is_packaged {
                front.leave(left(node, place, "a section of Apache"));
            }
            let own =
                matches!(name.as_str(), "location" | "locationmatch" | "directory" | "files" | "filesmatch" | "if").then(|| node.shown());
            // The reader bounds the depth.
            walk(children, place, own.as_deref().or(outer), front);
            continue;
        }
        if skipped(&name) {
            continue;
        }
        let Use::Left(what) = use_of(node, &name, &given) else {
            if name.starts_with("rewrite") || name.starts_with("redirect") {
                front.note("Apache's redirect to https is the load balancer's");
            }
            continue;
        };
        for condition in given.drain(..) {
            front.leave(left(condition, place, "the condition of a rewrite rule"));
        }
        let mut one = left(node, place, what);
        if let Some(outer) = outer {
            one.text = format!("{} (in {outer})", one.text);
        }
        front.leave(one);
    }
    for condition in conditions {
        front.leave(left(condition, place, "the condition of a rewrite rule"));
    }
}

fn left(node: &Node, place: &Place<'_>, what: &'static str) -> Left {
    Left { path: place.path.to_owned(), line: node.line, text: node.shown(), what, item: place.item }
}

fn use_of(node: &Node, name: &str, conditions: &[&Node]) -> Use {
    let value = |at: usize| node.arguments.get(at).map_or("", String::as_str);
    let all = node.arguments.join(" ").to_ascii_lowercase();
    match name {
        // Everybody may: nothing is lost.
        "require" if all == "all granted" => return Use::Done,
        "order" if all.replace(' ', "") == "allow,deny" || all.replace(' ', "") == "deny,allow" => return Use::Done,
        "allow" if all == "from all" => return Use::Done,
        "requestheader" if all.contains("x-forwarded-proto") || all.contains("x-forwarded-port") || all.contains("x-forwarded-ssl") => {
            return Use::Done;
        }
        "proxypass" | "proxypassmatch" if value(1) == "!" => return Use::Left("a path that did not go to the app"),
        "proxypass" | "proxypassmatch" => return Use::Done,
        "redirect" | "redirectpermanent" | "redirectmatch" => {
            let target = node.arguments.last().map_or("", String::as_str);
            let from = node.arguments.iter().rev().nth(1).map_or("", String::as_str);
            if target.starts_with("https://") && matches!(from, "/" | "^/?(.*)" | "^/(.*)$" | "^(.*)$") {
                return Use::Done;
            }
        }
        "rewriterule" if is_https(node, conditions) => return Use::Done,
        _ => {}
    }
    let fits = |pattern: &str| pattern.strip_suffix('*').map_or(name == pattern, |prefix| name.starts_with(prefix));
    TABLE.iter().find(|(pattern, _)| fits(pattern)).map_or(Use::Left("a directive of Apache"), |(_, what)| *what)
}

/// `RewriteCond %{HTTPS} off` and `RewriteRule … https://%{HTTP_HOST}…`; a proxied rule goes to the app.
fn is_https(node: &Node, conditions: &[&Node]) -> bool {
    let target = node.arguments.get(1).map_or("", String::as_str);
    let about = |condition: &&Node| {
        let text = condition.arguments.join(" ").to_ascii_lowercase();
        text.contains("https") || text.contains("x-forwarded-proto") || text.contains("server_port")
    };
    let own = target.starts_with("https://%{HTTP_HOST}") || target.starts_with("https://%{SERVER_NAME}");
    own && conditions.iter().all(about)
}

fn site(node: &Node, place: &Place<'_>, front: &mut Front) {
    let mut site = Site { environment: place.environment, item: place.item, ..Site::default() };
    site.tls = node.arguments.iter().any(|address| address.ends_with(":443"));
    let children = node.children.as_deref().unwrap_or_default();
    crate::read::apache::each(children, &mut |child| {
        let name = child.name.to_ascii_lowercase();
        let first = child.arguments.first().map_or("", String::as_str);
        match name.as_str() {
            "servername" | "serveralias" => {
                for name in child.arguments.iter().map(|name| host(name)).filter(|name| is_host(name)) {
                    if !site.hosts.contains(&name) {
                        site.hosts.push(name);
                    }
                }
            }
            "sslengine" => site.tls |= first.eq_ignore_ascii_case("on"),
            "proxypass" | "proxypassmatch" | "balancermember" | "rewriterule" => {
                for address in child
                    .arguments
                    .iter()
                    .filter(|word| word.contains("://") && !word.starts_with("https://%") && !word.starts_with("balancer:"))
                {
                    if name != "rewriterule" || child.arguments.last().is_some_and(|flags| flags.contains('P') && flags.starts_with('[')) {
                        site.behind.push(address.clone());
                    }
                }
                if name == "proxypass" && first.starts_with('/') && first != "/" && site.path.is_none() && child.arguments.len() > 1 {
                    site.path = Some(first.to_owned());
                }
                if name == "proxypass" && first == "/" {
                    site.path = Some("/".to_owned());
                }
            }
            _ => {}
        }
    });
    front.sites.push(site);
}
