//! Tables: types of resources, paths, services and commands that concern the host, or that containers have by themselves.
//!
//! Each row has a fate and one sentence of why; a row with [`Fate::Manual`] has a task, too.

use crate::outcome::Fate;

/// Names (or beginnings), the fate, why, and what a person must do (empty for nothing).
pub type Row = (&'static [&'static str], Fate, &'static str, &'static str);

const KERNEL: &str = "kernel settings are the node's; some may go into a pod's `sysctls`";
const LIMITS: &str = "the container runtime's limits hold; no pod field exists";
const TIME: &str = "nodes keep the time";
const LOGIN: &str = "nobody logs in to containers: `kubectl exec`";
const ROTATE: &str = "no files to rotate: logs go to the container's output";
const LOGS: &str = "logs go to the container's output, which the cluster collects";
const AGENT: &str = "agents run once on each node, as the cluster's DaemonSet";
const WALL: &str = "security groups and network policies do that for containers";
const DISK: &str = "disks and mounts are the node's, or a volume's";
const NAMES: &str = "the cluster resolves names";
const INIT: &str = "a container has no init system";
const KEEPER: &str = "the orchestrator restarts processes";
const CHEF: &str = "Chef's own: nothing of it is in an image";
const KEYS: &str = "the build context has the source: no key in any image";
const MAIL: &str = "a container has no mail server of its own";
const MAIL_TASK: &str = "decide where mail goes: an SMTP endpoint by environment variables, or a relay as a Deployment";
const ROUTES: &str = "route the logs that the hosts' log agent read: configure the cluster's log DaemonSet";
const WINDOWS: &str = "Windows";
const LOCALE: &str = "`LANG=C.UTF-8` needs no locale data";
const KERNEL_TASK: &str = "decide which kernel settings the pods need: safe ones go into `securityContext.sysctls`, others to the nodes";
const PEOPLE_TASK: &str = "grant the people who had logins access to the cluster";

/// Types of resources.
pub const KINDS: &[Row] = &[
    (&["chef_gem", "chef_handler", "ohai", "ohai_plugin", "ohai_hint", "chef_client_config", "chef_client_cron", "chef_client_launchd", "chef_client_scheduled_task", "chef_client_systemd_timer",
       "chef_client_trusted_certificate", "chef_vault_secret", "chef_data_bag_item", "chef_sleep", "breakpoint", "notify_group", "log", "chef_service", "chef_acl", "inspec_gem", "audit_control", "build_essential_chef"],
     Fate::Absorbed, CHEF, ""),
    (&["sysctl", "sysctl_param", "sysctl_apply"], Fate::Host, KERNEL, KERNEL_TASK),
    (&["ulimit", "user_ulimit", "ulimit_domain", "ulimit_rule", "limits_file", "limits_config", "set_limit"], Fate::Host, LIMITS, ""),
    (&["swap_file", "swapfile", "mount", "filesystem", "lvm_logical_volume", "lvm_physical_volume", "lvm_volume_group", "lvm_thin_pool", "mdadm", "aws_ebs_volume", "aws_ebs_raid", "ebs_volume", "aws_instance_store", "nfs_export", "cryptsetup", "disk", "parted_disk", "automatic_updates_disk"],
     Fate::Host, DISK, ""),
    (&["kernel_module", "modules", "kernel_module_load", "grub_config", "reboot", "reboot_handler", "apparmor_policy", "selinux_state", "selinux_boolean", "selinux_fcontext", "selinux_install", "selinux_module", "selinux_permissive", "selinux_policy", "selinux_policy_boolean", "selinux_policy_fcontext", "selinux_policy_module", "selinux_policy_port", "selinux_port", "selinux_user", "selinux_login", "alternatives_kernel", "irqbalance"],
     Fate::Host, "the kernel and its access control are the node's", ""),
    (&["hostname", "hostsfile_entry", "hosts_file", "resolver_config", "resolv_conf", "system_hostname", "network_interface", "ifconfig", "route", "dhcp_config", "network_config"],
     Fate::Host, NAMES, ""),
    (&["firewall", "firewall_rule", "iptables_rule", "iptables_rules", "iptables_chain", "iptables_packages", "iptables_service", "simple_iptables_rule", "simple_iptables_policy", "ufw_rule", "fail2ban_filter", "fail2ban_jail", "firewalld", "firewalld_port", "firewalld_service", "nftables"],
     Fate::Host, WALL, ""),
    (&["sudo", "ssh_authorize_key", "ssh_authorized_keys", "ssh_user", "users_manage", "user_account", "ssh_config", "ssh_known_hosts_entry", "ssh_known_hosts", "openssh_server", "motd", "motd_tail", "users_group", "pam_rule", "google_authenticator"],
     Fate::Host, LOGIN, ""),
    (&["ntp_config", "chrony_config", "ntp", "chrony", "timesyncd"], Fate::Host, TIME, ""),
    (&["logrotate_app", "logrotate_package", "logrotate_global", "logrotate", "logrotate_d"], Fate::Absorbed, ROTATE, ""),
    (&["rsyslog_file_input", "rsyslog_template", "syslog_ng_config", "td_agent_source", "td_agent_match", "td_agent_filter", "td_agent_gem", "td_agent_plugin", "td_agent_install", "td_agent_configure", "cwlogs", "cloudwatch_logs", "aws_cloudwatch_logs", "filebeat_prospector", "filebeat_config", "logstash_forwarder", "papertrail"],
     Fate::Manual, LOGS, ROUTES),
    (&["newrelic_agent_infrastructure", "newrelic_server_monitor", "newrelic_agent_php", "newrelic_deployment_server", "datadog_monitor", "datadog_integration", "datadog_handler", "nrpe_check", "nagios_nrpecheck", "collectd_plugin", "collectd_config", "munin_plugin", "zabbix_agent", "telegraf_config", "sensu_check", "sensu_client", "monitor_check", "monitrc_agent", "snmpd"],
     Fate::Host, AGENT, ""),
    (&["apt_update", "apt_preference", "apt_package_hold", "apt_config", "apt_cacher", "yum_key", "yum_globalconfig", "yum_globalconfig_file", "dnf_module", "dnf_config_manager", "rhsm_register", "rhsm_repo", "rhsm_subscription", "apt_key", "unattended_upgrades"],
     Fate::Absorbed, "every RUN that installs packages reads the index first", ""),
    (&["locale", "locale_gen", "system_locale"], Fate::Absorbed, LOCALE, ""),
    (&["systemd_daemon_reload", "systemctl_daemon_reload", "initctl", "runit_service_init"], Fate::Absorbed, INIT, ""),
    (&["aws_elastic_ip", "aws_elastic_lb", "elastic_lb", "aws_elb", "route53_record", "aws_route53_record", "aws_route53_zone", "aws_resource_tag", "aws_cloudwatch", "aws_autoscaling", "aws_instance_term_protection", "aws_secondary_ip", "aws_kms", "aws_security_group"],
     Fate::Manual, "the hosts' records at AWS: the cluster's controllers keep addresses and load balancers", "check which AWS records (addresses, DNS, tags) the pods' controllers must keep"),
    (&["postfix_config", "sendmail_config", "ssmtp", "msmtp", "postfix_map"], Fate::Manual, MAIL, MAIL_TASK),
    (&["http_request"], Fate::Manual, "a call to another system, once per run: a step of the pipeline", "make the call a step of the pipeline"),
    (&["ruby_block"], Fate::Manual, "Ruby code that ran inside Chef: a compiler cannot know what it changes", "read the block and decide what of it an image or the pipeline needs"),
    (&["windows_package", "windows_feature", "windows_service", "windows_task", "windows_path", "windows_env", "windows_zipfile", "windows_certificate", "windows_font", "windows_shortcut", "windows_share", "windows_user_privilege", "windows_firewall_rule", "windows_firewall_profile", "windows_pagefile", "windows_printer", "windows_security_policy", "windows_update_settings", "windows_uac", "windows_workgroup", "windows_ad_join", "windows_audit_policy", "windows_auto_run", "windows_defender", "windows_defender_exclusion", "windows_dfs_folder", "windows_dns_record", "windows_http_acl", "windows_reboot",
       "batch", "powershell_script", "powershell_package", "registry_key", "iis_site", "iis_pool", "iis_app", "iis_config", "iis_root", "iis_vdir", "iis_module", "iis_section", "dsc_resource", "dsc_script", "chocolatey_package", "chocolatey_config", "chocolatey_feature", "chocolatey_source", "chocolatey_installer", "msu_package", "cab_package", "dotnetfx"],
     Fate::Manual, WINDOWS, "convert the Windows hosts by hand"),
    (&["homebrew_package", "homebrew_cask", "homebrew_tap", "dmg_package", "osx_profile", "launchd", "macos_userdefaults", "plist", "mac_user"], Fate::Absorbed, "macOS only: images are Linux", ""),
];

/// Paths and beginnings of paths (with `/` or `*` at the end).
pub const PATHS: &[Row] = &[
    (&["/etc/sysctl.conf", "/etc/sysctl.d/", "/proc/sys/", "/sys/", "/etc/tmpfiles.d/", "/etc/udev/", "/etc/tuned/"], Fate::Host, KERNEL, KERNEL_TASK),
    (&["/etc/security/limits.conf", "/etc/security/limits.d/", "/etc/pam.d/", "/etc/systemd/system.conf", "/etc/systemd/user.conf"], Fate::Host, LIMITS, ""),
    (&["/etc/fstab", "/etc/exports", "/etc/auto.*", "/etc/mdadm/", "/etc/mdadm.conf", "/etc/lvm/", "/swapfile", "/swap", "/mnt/swap", "/var/swap", "/etc/multipath*"], Fate::Host, DISK, ""),
    (&["/etc/modules", "/etc/modules-load.d/", "/etc/modprobe.d/", "/etc/default/grub", "/etc/grub*", "/boot/", "/etc/selinux/", "/etc/apparmor.d/", "/etc/initramfs-tools/", "/etc/kernel/"], Fate::Host, "the kernel and its access control are the node's", ""),
    (&["/etc/hostname", "/etc/hosts", "/etc/hosts.allow", "/etc/hosts.deny", "/etc/resolv.conf", "/etc/resolvconf/", "/etc/nsswitch.conf", "/etc/network/", "/etc/netplan/", "/etc/dhcp/", "/etc/sysconfig/network*", "/etc/nscd.conf", "/etc/cloud/", "/etc/mailname"], Fate::Host, NAMES, ""),
    (&["/etc/ntp.conf", "/etc/ntp/", "/etc/chrony.conf", "/etc/chrony/", "/etc/chrony.d/", "/etc/systemd/timesyncd.conf", "/etc/openntpd/", "/etc/default/ntp*", "/etc/sysconfig/ntp*", "/etc/sysconfig/clock"], Fate::Host, TIME, ""),
    (&["/etc/ssh/", "/root/.ssh/", "/root/.ssh", "/etc/sudoers", "/etc/sudoers.d/", "/etc/motd*", "/etc/update-motd.d/", "/etc/issue", "/etc/issue.net", "/etc/banner", "/etc/profile.d/", "/etc/profile", "/etc/bashrc", "/etc/bash.bashrc", "/root/.bashrc", "/root/.bash_profile", "/root/.profile", "/etc/skel/", "/etc/vim/", "/etc/inputrc", "/root/.vimrc", "/etc/screenrc", "/etc/ldap*", "/etc/sssd/", "/etc/login.defs", "/etc/securetty"], Fate::Host, LOGIN, ""),
    (&["/etc/logrotate.conf", "/etc/logrotate.d/", "/etc/cron.daily/logrotate", "/etc/cron.hourly/logrotate"], Fate::Absorbed, ROTATE, ""),
    (&["/etc/rsyslog.conf", "/etc/rsyslog.d/", "/etc/syslog*", "/etc/systemd/journald.conf", "/etc/systemd/journald.conf.d/", "/etc/logwatch/"], Fate::Manual, LOGS, ROUTES),
    (&["/etc/awslogs/", "/var/awslogs/", "/etc/td-agent/", "/etc/td-agent-bit/", "/etc/fluent/", "/etc/fluentd/", "/etc/fluent-bit/", "/etc/filebeat/", "/etc/logstash-forwarder*", "/etc/log_files.yml", "/opt/aws/amazon-cloudwatch-agent/", "/opt/aws/cloudwatch/", "/tmp/cwlogs*", "/etc/papertrail*", "/etc/remote_syslog*", "/etc/sumo*"], Fate::Manual, LOGS, ROUTES),
    (&["/etc/newrelic/", "/etc/newrelic-infra*", "/etc/datadog-agent/", "/etc/dd-agent/", "/etc/collectd*", "/etc/ganglia/", "/etc/nagios/", "/etc/nrpe*", "/usr/lib/nagios/", "/usr/lib64/nagios/", "/etc/zabbix/", "/etc/munin/", "/usr/share/munin/", "/etc/snmp/", "/etc/sensu/", "/etc/telegraf/", "/etc/diamond/", "/opt/aws-scripts-mon/", "/etc/amazon/", "/etc/codedeploy-agent/", "/etc/ossec*", "/var/ossec/", "/etc/threatstack*", "/etc/aide*", "/etc/audit/", "/etc/aws/opsworks/", "/opt/aws/opsworks/"], Fate::Host, AGENT, ""),
    (&["/etc/iptables*", "/etc/sysconfig/iptables*", "/etc/ufw/", "/etc/default/ufw", "/etc/fail2ban/", "/etc/network/if-*", "/etc/firewalld/", "/etc/shorewall/", "/etc/nftables*"], Fate::Host, WALL, ""),
    (&["/etc/apt/preferences", "/etc/apt/preferences.d/", "/etc/apt/apt.conf", "/etc/apt/apt.conf.d/", "/etc/yum.conf", "/etc/yum/", "/etc/dnf/", "/etc/apt/trusted.gpg.d/", "/etc/apt/keyrings/", "/var/cache/local/preseeding/", "/etc/update-manager/", "/var/lib/apt/", "/var/cache/apt/", "/etc/needrestart/", "/etc/apt/sources.list"], Fate::Absorbed, "the image's package manager needs no settings of the hosts", ""),
    (&["/etc/locale.gen", "/etc/default/locale", "/etc/locale.conf", "/etc/sysconfig/i18n", "/var/lib/locales/"], Fate::Absorbed, LOCALE, ""),
    (&["/etc/monit.conf", "/etc/monitrc", "/etc/monit/monitrc", "/etc/default/monit", "/etc/supervisord.conf", "/etc/supervisor/supervisord.conf", "/etc/default/supervisor", "/etc/init.d/supervisor*", "/etc/init.d/monit", "/var/lib/monit", "/var/monit"], Fate::Absorbed, KEEPER, ""),
    (&["/etc/chef/", "/var/chef/", "/opt/chef/", "/opt/chef", "/var/log/chef*"], Fate::Absorbed, CHEF, ""),
    (&["/etc/postfix/", "/etc/mail/", "/etc/exim4/", "/etc/ssmtp/", "/etc/msmtprc", "/etc/aliases", "/etc/sendmail*"], Fate::Manual, MAIL, MAIL_TASK),
    (&["/etc/cron.deny", "/etc/cron.allow", "/etc/default/cron", "/etc/sysconfig/crond", "/etc/anacrontab", "/etc/at.deny", "/etc/at.allow"], Fate::Absorbed, "CronJobs run what cron ran", ""),
    (&["/etc/gemrc", "/root/.gemrc"], Fate::Absorbed, "the Dockerfile names the options of gem itself", ""),
];

/// Services.
pub const SERVICES: &[Row] = &[
    (&["ntp", "ntpd", "ntpdate", "chrony", "chronyd", "systemd-timesyncd", "openntpd"], Fate::Host, TIME, ""),
    (&["ssh", "sshd"], Fate::Host, LOGIN, ""),
    (&["cron", "crond", "atd", "anacron"], Fate::Absorbed, "CronJobs run what cron ran", ""),
    (&["rsyslog", "syslog", "syslog-ng", "systemd-journald", "rsyslogd", "logrotate.timer"], Fate::Absorbed, LOGS, ""),
    (&["awslogs", "awslogsd", "td-agent", "td-agent-bit", "fluentd", "fluent-bit", "filebeat", "logstash-forwarder", "remote_syslog", "remote_syslog2", "amazon-cloudwatch-agent"], Fate::Host, AGENT, ""),
    (&["amazon-ssm-agent", "codedeploy-agent", "collectd", "datadog-agent", "diamond", "gmond", "gmetad", "ganglia-monitor", "metricbeat", "munin-node", "nagios-nrpe-server", "nrpe", "newrelic-infra", "newrelic-sysmond", "newrelic-daemon", "opsworks-agent", "ossec", "prometheus-node-exporter", "node_exporter", "sensu-client", "sensu-agent", "snmpd", "telegraf", "threatstack", "cloudsight", "wazuh-agent", "zabbix-agent", "zabbix-agent2", "xinetd", "auditd", "ds_agent", "falcon-sensor", "stackdriver-agent"], Fate::Host, AGENT, ""),
    (&["iptables", "ip6tables", "firewalld", "ufw", "fail2ban", "denyhosts", "netfilter-persistent", "iptables-persistent", "nftables", "shorewall"], Fate::Host, WALL, ""),
    (&["monit", "monitd", "supervisor", "supervisord", "runsvdir", "runit", "god", "bluepill", "eye"], Fate::Absorbed, KEEPER, ""),
    (&["postfix", "sendmail", "exim", "exim4"], Fate::Manual, MAIL, MAIL_TASK),
    (&["acpid", "irqbalance", "smartd", "mdadm", "lvm2-monitor", "multipathd", "autofs", "haveged", "rngd", "tuned", "sysstat", "procps", "apparmor", "auditbeat", "cpuspeed", "netfs", "nfs", "nfslock", "rpcbind", "rpcgssd", "rpcidmapd", "portmap", "blk-availability", "cups", "avahi-daemon", "bluetooth", "kdump", "microcode_ctl", "lm-sensors", "sysfsutils", "fancontrol"], Fate::Host, "hardware and kernel are the node's", ""),
    (&["apport", "landscape-client", "whoopsie", "unattended-upgrades", "update-notifier", "yum-cron", "yum-updatesd", "apt-daily.timer", "apt-daily-upgrade.timer", "apt-daily", "apt-daily-upgrade"], Fate::Host, "images are rebuilt for updates", ""),
    (&["hostname", "hostname.sh", "networking", "network", "network-manager", "NetworkManager", "resolvconf", "nscd", "systemd-resolved", "dbus", "polkit", "snapd", "systemd-logind", "cloud-init", "sssd", "nslcd", "messagebus", "console-setup"], Fate::Host, NAMES, ""),
    (&["docker", "containerd"], Fate::Host, "the node runs containers", ""),
    (&["chef-client"], Fate::Absorbed, CHEF, ""),
    (&["keepalived", "heartbeat"], Fate::Host, "the load balancer has the address", ""),
];

/// Beginnings of commands, after `sudo` and paths.
pub const COMMANDS: &[Row] = &[
    (&["sysctl"], Fate::Host, KERNEL, KERNEL_TASK),
    (&["ulimit"], Fate::Host, LIMITS, ""),
    (&["swapon", "swapoff", "mkswap", "fallocate", "mount", "umount", "mkfs", "mkfs.ext4", "mkfs.xfs", "mdadm", "lvcreate", "vgcreate", "pvcreate", "resize2fs", "xfs_growfs", "exportfs", "blockdev"], Fate::Host, DISK, ""),
    (&["modprobe", "insmod", "update-grub", "grub-install", "reboot", "shutdown", "setenforce", "semanage", "setsebool", "restorecon", "chcon", "aa-complain", "aa-disable", "update-initramfs", "depmod", "udevadm"], Fate::Host, "the kernel and its access control are the node's", ""),
    (&["hostname", "hostnamectl", "resolvconf", "ifup", "ifdown", "ip route", "route add", "dhclient", "netplan"], Fate::Host, NAMES, ""),
    (&["ntpdate", "hwclock", "ntpd", "chronyc", "timedatectl set-ntp", "ntpq"], Fate::Host, TIME, ""),
    (&["iptables", "iptables-restore", "iptables-save", "ip6tables", "ufw", "firewall-cmd", "nft"], Fate::Host, WALL, ""),
    (&["ssh-keygen", "ssh-keyscan", "ssh-add", "passwd", "chpasswd", "usermod -p", "chage", "visudo"], Fate::Host, LOGIN, ""),
    (&["logrotate"], Fate::Absorbed, ROTATE, ""),
    (&["locale-gen", "update-locale", "localedef", "dpkg-reconfigure locales", "dpkg-reconfigure -f noninteractive locales", "localectl"], Fate::Absorbed, LOCALE, ""),
    (&["ldconfig"], Fate::Absorbed, "the package manager runs it", ""),
    (&["systemctl daemon-reload", "systemctl daemon-reexec", "systemctl enable", "systemctl disable", "systemctl mask", "systemctl reset-failed", "initctl reload-configuration", "initctl", "update-rc.d", "chkconfig", "insserv", "systemd-tmpfiles", "journalctl", "telinit"], Fate::Absorbed, INIT, ""),
    (&["monit", "supervisorctl", "god", "bluepill", "eye", "service monit", "service supervisor", "/etc/init.d/monit", "systemctl reload monit", "systemctl restart monit", "start monit", "restart monit"], Fate::Absorbed, KEEPER, ""),
    (&["apt-key", "debconf-set-selections", "dpkg --configure", "rpm --import", "yum-config-manager", "yum clean", "apt-get clean", "dpkg-reconfigure"], Fate::Absorbed, "the image's package manager does without", ""),
    (&["newrelic-install", "nrsysmond-config", "td-agent-gem", "fluent-gem", "awslogs-agent-setup.py", "amazon-cloudwatch-agent-ctl", "/opt/aws/amazon-cloudwatch-agent", "datadog-agent"], Fate::Host, AGENT, ""),
    (&["postmap", "newaliases", "postconf", "postalias"], Fate::Manual, MAIL, MAIL_TASK),
    (&["chef-client", "chef-apply", "opsworks-agent-cli", "berks"], Fate::Absorbed, CHEF, ""),
    (&["wall", "logger", "update-motd", "run-parts /etc/update-motd.d"], Fate::Absorbed, LOGIN, ""),
    (&["aws elb", "aws elbv2", "aws route53", "aws ec2 create-tags", "aws ec2 associate-address", "elb-deregister", "elb-register"], Fate::Absorbed, "the cluster's controllers keep load balancers and addresses", ""),
];

/// Parts of paths and commands that mean keys of a checkout.
pub const DEPLOY_KEYS: &[&str] = &["deploy_key", "deploy-key", "git_ssh", "git-ssh", "ssh_wrapper", "ssh-wrapper", "wrap-ssh", "wrap_ssh", "ssh4git", "ssh_deploy", "id_deploy", "github_key", "git_wrapper", "git-wrapper"];

/// Why a key of a checkout is not needed.
pub const KEYS_WHY: &str = KEYS;

/// Why people are not in images, and the task.
pub const PEOPLE: (&str, &str) = (LOGIN, PEOPLE_TASK);

/// The row whose names hold `name`, or one that it goes on from.
#[must_use]
pub fn of_name(table: &'static [Row], name: &str) -> Option<&'static Row> {
    table.iter().find(|(names, ..)| names.contains(&name))
}

/// The row for a path.
#[must_use]
pub fn of_path(path: &str) -> Option<&'static Row> {
    let fits = |known: &&str| match known.strip_suffix('*') {
        Some(start) => path.starts_with(start),
        None => match known.strip_suffix('/') {
            Some(folder) => path == folder || path.starts_with(known),
            None => path == *known,
        },
    };
    PATHS.iter().find(|(paths, ..)| paths.iter().any(|known| fits(&known)))
}

/// The row for a command line.
#[must_use]
pub fn of_command(line: &str) -> Option<&'static Row> {
    let fits = |known: &&str| line.strip_prefix(*known).is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || c == '/'));
    COMMANDS.iter().find(|(starts, ..)| starts.iter().any(|known| fits(&known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_listed_twice() {
        for table in [KINDS, PATHS, SERVICES, COMMANDS] {
            let mut names: Vec<&str> = table.iter().flat_map(|(names, ..)| names.iter().copied()).collect();
            names.sort_unstable();
            for pair in names.windows(2) {
                assert_ne!(pair[0], pair[1]);
            }
            // A decision for a person always says which.
            assert!(table.iter().all(|(_, fate, _, task)| *fate != Fate::Manual || !task.is_empty()));
        }
    }

    #[test]
    fn rows() {
        assert_eq!(of_path("/etc/sysctl.d/60-x.conf").map(|row| row.1), Some(Fate::Host));
        assert_eq!(of_path("/etc/logrotate.d/monit").map(|row| row.1), Some(Fate::Absorbed));
        assert_eq!(of_path("/etc/nginx/nginx.conf"), None);
        assert_eq!(of_path("/etc/hostsx"), None);
        assert_eq!(of_command("systemctl daemon-reload").map(|row| row.1), Some(Fate::Absorbed));
        assert_eq!(of_command("systemctl restart app"), None);
        assert_eq!(of_command("monitor x"), None);
    }
}
