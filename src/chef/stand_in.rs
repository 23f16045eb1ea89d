//! Stand-ins: what is known of widely used cookbooks that recipes call and that are not in the repository.
//!
//! Each is one text of Ruby in `stand_in/cookbooks`, cut at lines `#== PATH` into the files of a cookbook, and evaluated as
//! any other: attributes that other cookbooks read, recipes with the packages, services and paths that the real ones bring
//! on every platform, custom resources that declare what they stand for. Where the real cookbook does more, the stand-in
//! does less: it never invents content. A cookbook of the repository hides the stand-in of its name; without conversion
//! (`Settings::lenient`) there are none, and a missing cookbook is the error that Chef raises.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::chef::cookbook::CookbookFiles;
use crate::source::SourceMap;

/// The folder that their files have in reports: a resource's place says that its cookbook is not in the repository.
pub const ROOT: &str = "not-in-the-repository/";

/// The texts, by the cookbook's name.
const COOKBOOKS: &[(&str, &str)] = &[
    ("apache2", include_str!("stand_in/cookbooks/apache2.rb")),
    ("apt", include_str!("stand_in/cookbooks/apt.rb")),
    ("ark", include_str!("stand_in/cookbooks/ark.rb")),
    ("aws", include_str!("stand_in/cookbooks/aws.rb")),
    ("build-essential", include_str!("stand_in/cookbooks/build-essential.rb")),
    ("chef-client", include_str!("stand_in/cookbooks/chef-client.rb")),
    ("chef_handler", include_str!("stand_in/cookbooks/chef_handler.rb")),
    ("chrony", include_str!("stand_in/cookbooks/chrony.rb")),
    ("composer", include_str!("stand_in/cookbooks/composer.rb")),
    ("cron", include_str!("stand_in/cookbooks/cron.rb")),
    ("curl", include_str!("stand_in/cookbooks/curl.rb")),
    ("database", include_str!("stand_in/cookbooks/database.rb")),
    ("datadog", include_str!("stand_in/cookbooks/datadog.rb")),
    ("docker", include_str!("stand_in/cookbooks/docker.rb")),
    ("elasticsearch", include_str!("stand_in/cookbooks/elasticsearch.rb")),
    ("fail2ban", include_str!("stand_in/cookbooks/fail2ban.rb")),
    ("firewall", include_str!("stand_in/cookbooks/firewall.rb")),
    ("git", include_str!("stand_in/cookbooks/git.rb")),
    ("haproxy", include_str!("stand_in/cookbooks/haproxy.rb")),
    ("hostname", include_str!("stand_in/cookbooks/hostname.rb")),
    ("hostsfile", include_str!("stand_in/cookbooks/hostsfile.rb")),
    ("htop", include_str!("stand_in/cookbooks/htop.rb")),
    ("imagemagick", include_str!("stand_in/cookbooks/imagemagick.rb")),
    ("iptables", include_str!("stand_in/cookbooks/iptables.rb")),
    ("java", include_str!("stand_in/cookbooks/java.rb")),
    ("locale", include_str!("stand_in/cookbooks/locale.rb")),
    ("logrotate", include_str!("stand_in/cookbooks/logrotate.rb")),
    ("magic_shell", include_str!("stand_in/cookbooks/magic_shell.rb")),
    ("memcached", include_str!("stand_in/cookbooks/memcached.rb")),
    ("mongodb", include_str!("stand_in/cookbooks/mongodb.rb")),
    ("monit", include_str!("stand_in/cookbooks/monit.rb")),
    ("monit-ng", include_str!("stand_in/cookbooks/monit-ng.rb")),
    ("mysql", include_str!("stand_in/cookbooks/mysql.rb")),
    ("mysql2_chef_gem", include_str!("stand_in/cookbooks/mysql2_chef_gem.rb")),
    ("newrelic", include_str!("stand_in/cookbooks/newrelic.rb")),
    ("nginx", include_str!("stand_in/cookbooks/nginx.rb")),
    ("nodejs", include_str!("stand_in/cookbooks/nodejs.rb")),
    ("ntp", include_str!("stand_in/cookbooks/ntp.rb")),
    ("ohai", include_str!("stand_in/cookbooks/ohai.rb")),
    ("openssh", include_str!("stand_in/cookbooks/openssh.rb")),
    ("openssl", include_str!("stand_in/cookbooks/openssl.rb")),
    ("php", include_str!("stand_in/cookbooks/php.rb")),
    ("php-fpm", include_str!("stand_in/cookbooks/php-fpm.rb")),
    ("poise-build-essential", include_str!("stand_in/cookbooks/poise-build-essential.rb")),
    ("poise-python", include_str!("stand_in/cookbooks/poise-python.rb")),
    ("poise-service", include_str!("stand_in/cookbooks/poise-service.rb")),
    ("postfix", include_str!("stand_in/cookbooks/postfix.rb")),
    ("postgresql", include_str!("stand_in/cookbooks/postgresql.rb")),
    ("python", include_str!("stand_in/cookbooks/python.rb")),
    ("rabbitmq", include_str!("stand_in/cookbooks/rabbitmq.rb")),
    ("rbenv", include_str!("stand_in/cookbooks/rbenv.rb")),
    ("redis", include_str!("stand_in/cookbooks/redis.rb")),
    ("redisio", include_str!("stand_in/cookbooks/redisio.rb")),
    ("rsyslog", include_str!("stand_in/cookbooks/rsyslog.rb")),
    ("ruby-ng", include_str!("stand_in/cookbooks/ruby-ng.rb")),
    ("ruby_build", include_str!("stand_in/cookbooks/ruby_build.rb")),
    ("runit", include_str!("stand_in/cookbooks/runit.rb")),
    ("s3_file", include_str!("stand_in/cookbooks/s3_file.rb")),
    ("screen", include_str!("stand_in/cookbooks/screen.rb")),
    ("selinux", include_str!("stand_in/cookbooks/selinux.rb")),
    ("sqlite", include_str!("stand_in/cookbooks/sqlite.rb")),
    ("ssh_known_hosts", include_str!("stand_in/cookbooks/ssh_known_hosts.rb")),
    ("sudo", include_str!("stand_in/cookbooks/sudo.rb")),
    ("supervisor", include_str!("stand_in/cookbooks/supervisor.rb")),
    ("swap", include_str!("stand_in/cookbooks/swap.rb")),
    ("sysctl", include_str!("stand_in/cookbooks/sysctl.rb")),
    ("timezone-ii", include_str!("stand_in/cookbooks/timezone-ii.rb")),
    ("timezone_lwrp", include_str!("stand_in/cookbooks/timezone_lwrp.rb")),
    ("tomcat", include_str!("stand_in/cookbooks/tomcat.rb")),
    ("ulimit", include_str!("stand_in/cookbooks/ulimit.rb")),
    ("unicorn", include_str!("stand_in/cookbooks/unicorn.rb")),
    ("user", include_str!("stand_in/cookbooks/user.rb")),
    ("users", include_str!("stand_in/cookbooks/users.rb")),
    ("varnish", include_str!("stand_in/cookbooks/varnish.rb")),
    ("vim", include_str!("stand_in/cookbooks/vim.rb")),
    ("windows", include_str!("stand_in/cookbooks/windows.rb")),
    ("xml", include_str!("stand_in/cookbooks/xml.rb")),
    ("yarn", include_str!("stand_in/cookbooks/yarn.rb")),
    ("yum", include_str!("stand_in/cookbooks/yum.rb")),
    ("yum-epel", include_str!("stand_in/cookbooks/yum-epel.rb")),
    ("yum-mysql-community", include_str!("stand_in/cookbooks/yum-mysql-community.rb")),
    ("zip", include_str!("stand_in/cookbooks/zip.rb")),
];

/// What stands for the built-in cookbooks of Chef 11 stacks: what their recipes are known to do, with the names of their templates and
/// attribute files, so that files of the repository take their places as they did on the instances.
const BUILT_IN: &[(&str, &str)] = &[
    ("apache2", include_str!("stand_in/opsworks/apache2.rb")),
    ("dependencies", include_str!("stand_in/opsworks/dependencies.rb")),
    ("deploy", include_str!("stand_in/opsworks/deploy.rb")),
    ("haproxy", include_str!("stand_in/opsworks/haproxy.rb")),
    ("memcached", include_str!("stand_in/opsworks/memcached.rb")),
    ("mod_php5_apache2", include_str!("stand_in/opsworks/mod_php5_apache2.rb")),
    ("mysql", include_str!("stand_in/opsworks/mysql.rb")),
    ("nginx", include_str!("stand_in/opsworks/nginx.rb")),
    ("opsworks_java", include_str!("stand_in/opsworks/opsworks_java.rb")),
    ("opsworks_nodejs", include_str!("stand_in/opsworks/opsworks_nodejs.rb")),
    ("passenger_apache2", include_str!("stand_in/opsworks/passenger_apache2.rb")),
    ("php", include_str!("stand_in/opsworks/php.rb")),
    ("rails", include_str!("stand_in/opsworks/rails.rb")),
    ("unicorn", include_str!("stand_in/opsworks/unicorn.rb")),
];

/// The folder of [`BUILT_IN`].
pub const BUILT_IN_ROOT: &str = "not-in-the-repository/opsworks/";

/// Adds the files of all stand-ins to `sources`; ids of other files stay as they are.
pub fn add(sources: &mut SourceMap) {
    for (root, cookbooks) in [(ROOT, COOKBOOKS), (BUILT_IN_ROOT, BUILT_IN)] {
        for (name, text) in cookbooks {
            for (path, part) in parts(text) {
                sources.add_text(format!("{root}{name}/{path}"), part);
            }
        }
    }
}

/// The files of a text: what follows a line `#== PATH`, up to the next one.
fn parts(text: &str) -> Vec<(&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("#== ") {
            found.push((path.trim(), String::new()));
        } else if let Some((_, part)) = found.last_mut() {
            part.push_str(line);
            part.push('\n');
        }
    }
    found
}

/// The stand-ins in `sources`, by cookbook name; none where [`add`] was not called.
#[must_use]
pub fn find(sources: &SourceMap) -> BTreeMap<String, CookbookFiles> {
    let mut found = below(sources, ROOT);
    // The built-in ones have a folder of their own there.
    found.remove("opsworks");
    found
}

/// What stands for the built-in cookbooks, by cookbook name.
#[must_use]
pub fn built_in(sources: &SourceMap) -> BTreeMap<String, CookbookFiles> {
    below(sources, BUILT_IN_ROOT)
}

fn below(sources: &SourceMap, root: &str) -> BTreeMap<String, CookbookFiles> {
    let mut found: BTreeMap<String, CookbookFiles> = BTreeMap::new();
    for (id, file) in sources.under(root) {
        let Some((name, inside)) = file.path.get(root.len()..).and_then(|path| path.split_once('/')) else { continue };
        let files = found.entry(name.to_owned()).or_default();
        files.folder = format!("{root}{name}");
        files.add(vec![inside], id);
    }
    found
}

/// The stand-in that has a resource, a definition or a `provides` of that name.
#[must_use]
pub fn of_resource(kind: &str) -> Option<&'static str> {
    COOKBOOKS.iter().find(|(name, text)| kinds(name, text).iter().any(|known| known == kind)).map(|(name, _)| *name)
}

/// The names that a text's resources and definitions are declared by: what they provide, else cookbook and file.
fn kinds(cookbook: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut implicit: Option<String> = None;
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("#== ") {
            found.extend(implicit.take());
            let stem = path.strip_prefix("resources/").and_then(|rest| rest.strip_suffix(".rb"));
            implicit = stem.map(|stem| format!("{}_{stem}", cookbook.replace('-', "_")));
            continue;
        }
        let provided = line.strip_prefix("provides :");
        if let Some(rest) = provided.or_else(|| line.strip_prefix("define :")) {
            found.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
            implicit = implicit.filter(|_| provided.is_none());
        }
    }
    found.extend(implicit);
    found
}
