//! Packages that no image needs, and why; and those that become a process of their own.
//!
//! `htop` is a tool for people, `chrony` the node's concern, `nginx` a container that the processes' pass makes.

use crate::outcome::Fate;

const TOOL: &str = "a tool for people at a host: `kubectl debug` brings its own";
const EDITOR: &str = "an editor for people at a host: files come from the build";
const DISK: &str = "disks and kernels are the node's";
const TIME: &str = "nodes keep the time";
const LOGS: &str = "logs go to the container's output";
const AGENT: &str = "agents run once on each node, as the cluster's DaemonSet";
const LOCK: &str = "security groups and network policies do that for containers";
const LOGIN: &str = "nobody logs in to containers: `kubectl exec`";
const KEEPER: &str = "the orchestrator restarts processes";
const INIT: &str = "a container has no init system";
const CRON: &str = "CronJobs run what cron ran";
const APT: &str = "the image's package manager does without";
const UPDATES: &str = "images are rebuilt for updates";

/// Names (`x*` for all that begin so) with their fate.
const DROPPED: &[(&[&str], Fate, &str)] = &[
    (
        &[
            "ack", "ack-grep", "bash-completion", "bmon", "byobu", "colordiff", "command-not-found", "curl", "dnsutils", "bind-utils",
            "bind9-dnsutils", "dstat", "ethtool", "finger", "gdb", "htop", "iftop", "iotop", "iperf", "iproute2", "iputils-ping", "jq", "less", "links", "lsof",
            "ltrace", "lynx", "man", "man-db", "manpages", "mc", "mlocate", "mosh", "most", "mtr", "mtr-tiny", "multitail", "nc", "ncdu", "net-tools",
            "netcat", "netcat-openbsd", "nethogs", "ngrep", "nload", "nmap", "perf-tools-unstable", "pv", "rlwrap", "screen", "siege",
            "silversearcher-ag", "strace", "sysstat", "tcpdump", "tcpflow", "telnet", "the_silver_searcher", "tig", "time", "tmux", "traceroute", "tree",
            "tshark", "apachetop", "atop", "vnstat", "wget", "whois", "zsh", "fish", "ccze", "moreutils", "pwgen", "debconf-utils", "ruby-shadow", "libshadow-ruby1.8",
        ],
        Fate::Absorbed,
        TOOL,
    ),
    (
        &["emacs", "emacs-nox", "emacs23*", "emacs24*", "joe", "jed", "nano", "neovim", "vim", "vim-common", "vim-enhanced", "vim-minimal", "vim-nox", "vim-runtime", "vim-tiny"],
        Fate::Absorbed,
        EDITOR,
    ),
    (
        &["autofs", "cryptsetup", "ebsmount", "ebs-nvme*", "grub*", "hdparm", "initramfs-tools", "irqbalance", "kernel-devel", "kernel-headers", "linux-headers*",
          "linux-image*", "linux-generic*", "linux-aws*", "linux-tools*", "linux-virtual*", "lvm2", "mdadm", "multipath-tools", "nfs-common", "nfs-utils", "open-iscsi", "parted", "rng-tools", "haveged",
          "sdparm", "smartmontools", "tuned", "xfsdump", "xfsprogs", "e2fsprogs", "cachefilesd", "cpufrequtils", "numactl", "amazon-efs-utils", "efs-utils", "ec2-net-utils", "cloud-init", "cloud-utils", "acpid"],
        Fate::Host,
        DISK,
    ),
    (&["adjtimex", "chrony", "ntp", "ntpd", "ntpdate", "ntpsec", "openntpd", "systemd-timesyncd"], Fate::Host, TIME),
    (
        &["awslogs", "filebeat", "fluent-bit", "fluent-package", "fluentd", "logrotate", "logstash-forwarder", "logwatch", "papertrail", "rsyslog", "rsyslog-gnutls", "sysklogd", "syslog-ng", "syslog-ng-core", "td-agent", "td-agent-bit", "remote_syslog", "remote_syslog2", "sumocollector"],
        Fate::Host,
        LOGS,
    ),
    (
        &[
            "amazon-cloudwatch-agent", "amazon-ssm-agent", "collectd", "collectd-core", "collectd-utils", "datadog-agent", "datadog-agent-base", "diamond", "dsc", "ganglia*",
            "gmond", "metricbeat", "munin", "munin-node", "munin-plugins-extra", "nagios*", "libganglia1", "libconfuse0", "newrelic-daemon", "newrelic-infra", "newrelic-php5*", "newrelic-sysmond", "nrpe",
            "opsview-agent", "ossec*", "prometheus-node-exporter", "scout*", "sensu", "sensu-agent", "snmp", "snmpd", "stackdriver-agent", "telegraf", "threatstack-agent",
            "wazuh-agent", "xinetd", "zabbix*", "codedeploy-agent", "aws-opsworks-agent", "chef", "chefdk", "ohai", "puppet", "puppet-agent", "salt-minion", "consul-template", "auditbeat", "packetbeat", "aide", "rkhunter", "chkrootkit", "lynis", "tripwire", "auditd", "audit", "audispd-plugins", "falcon-sensor", "ds_agent", "ds-agent", "qualys-cloud-agent",
        ],
        Fate::Host,
        AGENT,
    ),
    (&["apf-firewall", "arno-iptables-firewall", "denyhosts", "fail2ban", "firewalld", "ipset", "iptables", "iptables-persistent", "iptables-services", "netfilter-persistent", "nftables", "psad", "shorewall", "ufw"], Fate::Host, LOCK),
    (&["libpam-google-authenticator", "libpam-ldap", "libnss-ldap", "ldap-utils", "nscd", "nslcd", "openssh", "openssh-client", "openssh-clients", "openssh-server", "ssh", "sssd", "sssd-tools", "sudo", "realmd", "krb5-user", "google-authenticator"], Fate::Host, LOGIN),
    (&["bluepill", "circus", "daemontools", "daemonize", "god", "monit", "runit", "s6", "supervisor", "supervisord", "start-stop-daemon"], Fate::Absorbed, KEEPER),
    (&["chkconfig", "insserv", "initscripts", "sysv-rc-conf", "sysvinit", "sysvinit-utils", "systemd", "systemd-sysv", "upstart", "dbus"], Fate::Absorbed, INIT),
    (&["anacron", "at", "cron", "crontabs", "cronie", "cronie-anacron", "vixie-cron"], Fate::Absorbed, CRON),
    (
        &["apt-file", "apt-show-versions", "apt-transport-https", "apt-utils", "aptitude", "debconf", "deltarpm", "dirmngr", "dnf-plugins-core", "dnf-utils", "dpkg", "dpkg-dev", "epel-release", "gnupg", "gnupg2", "gnupg-agent", "lsb", "lsb-release", "lsb-core", "lsb-base", "redhat-lsb", "redhat-lsb-core",
          "python-software-properties", "software-properties-common", "remi-release", "system-release", "yum-cron", "yum-plugin*", "yum-utils", "amazon-linux-extras", "update-motd", "gdebi-core", "gdebi", "equivs", "checkinstall", "debian-archive-keyring", "ubuntu-keyring", "eatmydata", "util-linux", "coreutils", "passwd", "shadow-utils", "debianutils", "which", "bash", "sed", "grep", "findutils", "gawk", "mawk", "tar", "gzip"],
        Fate::Absorbed,
        APT,
    ),
    (&["unattended-upgrades", "update-notifier", "update-notifier-common", "update-manager-core", "apticron", "needrestart", "landscape-client", "landscape-common", "whoopsie", "apport", "popularity-contest", "apt-listchanges", "ubuntu-release-upgrader-core"], Fate::Host, UPDATES),
    (&["language-pack*", "locales", "locales-all", "glibc-langpack*", "glibc-locale-source", "glibc-common", "localepurge"], Fate::Absorbed, "`LANG=C.UTF-8` needs no locale data"),
    (&["policycoreutils*", "libselinux-python", "libselinux-utils", "selinux*", "setroubleshoot*", "setools*", "apparmor*", "python3-libselinux", "python3-policycoreutils"], Fate::Host, "access control of the kernel is the node's"),
    (&["libdigest-hmac-perl"], Fate::Absorbed, "the monitoring scripts of the hosts used it"),
    (&["keepalived", "heartbeat", "pacemaker", "corosync", "ipvsadm"], Fate::Host, "the load balancer has the address"),
    (&["snapd", "docker", "docker.io", "docker-ce", "docker-ce-cli", "docker-engine", "lxc-docker", "containerd", "containerd.io", "docker-compose", "docker-compose-plugin"], Fate::Host, "the node runs containers"),
    (&["virtualbox*", "open-vm-tools", "vmware-tools*", "cloud-guest-utils", "cloud-initramfs*", "qemu-guest-agent", "hibagent", "ec2-instance-connect", "ec2-ami-tools", "ec2-api-tools"], Fate::Host, "the machine is the node's concern"),
];

/// Packages whose program is a process of its own: (names, `x*` for all that begin so).
const DAEMONS: &[&str] = &[
    "activemq", "apache2", "apache2-bin", "apache2-mpm-*", "apache2-utils", "apache2.2-common", "beanstalkd", "bind9", "cassandra", "clamav", "clamav-daemon", "clamd", "consul", "couchdb", "default-mysql-server", "dnsmasq", "dovecot*", "elasticsearch", "etcd", "exim4", "gearman", "gearman-job-server", "gearmand", "haproxy", "httpd", "httpd24", "influxdb", "jenkins", "kafka", "kibana", "libapache2-mod-*", "lighttpd", "logstash", "mariadb-server", "mariadb-server-*", "memcached", "mod_ssl", "mod24_ssl", "mongodb", "mongodb-10gen", "mongodb-org", "mongodb-org-*", "mongodb-server", "mysql-community-server", "mysql-server", "mysql-server-*", "mysql55-server", "mysql56-server", "mysql57-server", "nats-server", "neo4j", "nginx", "nginx-common", "nginx-core", "nginx-extras", "nginx-full", "nginx-light", "nginx1", "opendkim", "openvpn", "opensearch", "percona-server-*", "pgbouncer", "pgpool2", "postfix", "postgresql", "postgresql-contrib", "postgresql-server", "proftpd", "proftpd-basic", "pure-ftpd", "rabbitmq-server", "redis", "redis-sentinel", "redis-server", "redis6", "samba", "sendmail", "sendmail-cf", "solr", "solr-tomcat", "sphinxsearch", "squid", "squid3", "statsd", "tomcat", "tomcat10", "tomcat6", "tomcat7", "tomcat8", "tomcat9", "uwsgi", "valkey", "valkey-server", "varnish", "vault", "vsftpd", "zookeeper", "zookeeperd", "twemproxy", "stunnel", "stunnel4", "traefik", "caddy", "envoy", "prometheus", "grafana", "nfs-kernel-server",
];

/// What a package is dropped for: the fate and the reason.
#[must_use]
pub fn reason(name: &str) -> Option<(Fate, &'static str)> {
    DROPPED.iter().find(|(names, ..)| names.iter().any(|known| matches(known, name))).map(|(_, fate, why)| (*fate, *why))
}

/// Whether the package is a daemon that becomes a process (or a store) of its own.
#[must_use]
pub fn is_daemon(name: &str) -> bool {
    let versioned = name.strip_prefix("postgresql-").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'));
    versioned || DAEMONS.iter().any(|known| matches(known, name))
}

/// Whether the dropped package is a tool that a command may use: it stays where one does.
#[must_use]
pub fn is_tool(name: &str) -> bool {
    reason(name).is_some_and(|(_, why)| why == TOOL)
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons() {
        assert_eq!(reason("htop").map(|(fate, _)| fate), Some(Fate::Absorbed));
        assert_eq!(reason("chrony").map(|(fate, _)| fate), Some(Fate::Host));
        assert_eq!(reason("linux-headers-4.15.0").map(|(fate, _)| fate), Some(Fate::Host));
        assert_eq!(reason("imagemagick"), None);
        assert!(is_daemon("nginx") && is_daemon("postgresql-9.3") && !is_daemon("postgresql-client-9.3"));
    }

    #[test]
    fn nothing_is_listed_twice() {
        let mut names: Vec<&str> = DROPPED.iter().flat_map(|(names, ..)| names.iter().copied()).chain(DAEMONS.iter().copied()).collect();
        names.sort_unstable();
        for pair in names.windows(2) {
            assert_ne!(pair[0], pair[1]);
        }
    }
}
