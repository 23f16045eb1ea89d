//! Programs that the image's own build steps call: hosts had them, slim bases do not.
//!
//! In: an image with its steps. Out: packages for what is called and nobody asked for: `curl` for `curl https://… | tar xj`, and `bzip2`.

use std::collections::BTreeMap;

use crate::blueprint::{Action, Image, Origin, Package, Packager, Runtime, Step};
use crate::pass::calls::Calls;

/// Program, Debian's package, Red Hat's; `-` where the base has it.
const PROGRAMS: &[(&str, &str, &str)] = &[
    ("add-apt-repository", "software-properties-common", "-"),
    ("apt-key", "gnupg", "-"),
    ("autoconf", "autoconf", "autoconf"),
    ("automake", "automake", "automake"),
    ("bunzip2", "bzip2", "bzip2"),
    ("bzip2", "bzip2", "bzip2"),
    ("cc", "build-essential", "gcc"),
    ("cmake", "cmake", "cmake"),
    ("configure", "build-essential", "gcc make"),
    ("convert", "imagemagick", "ImageMagick"),
    ("cpio", "cpio", "cpio"),
    ("crontab", "cron", "cronie"),
    ("curl", "curl", "-"),
    ("dig", "bind9-dnsutils", "bind-utils"),
    ("expect", "expect", "expect"),
    ("file", "file", "file"),
    ("g++", "build-essential", "gcc-c++"),
    ("gcc", "build-essential", "gcc"),
    ("git", "git", "git"),
    ("gpg", "gnupg", "gnupg2"),
    ("hg", "mercurial", "mercurial"),
    ("htpasswd", "apache2-utils", "httpd-tools"),
    ("ifconfig", "net-tools", "net-tools"),
    ("ip", "iproute2", "iproute"),
    ("java", "default-jre-headless", "java-17-amazon-corretto-headless"),
    ("jq", "jq", "jq"),
    ("killall", "psmisc", "psmisc"),
    ("locale-gen", "locales", "-"),
    ("lsb_release", "lsb-release", "-"),
    ("lsof", "lsof", "lsof"),
    ("make", "build-essential", "gcc make"),
    ("mysql", "default-mysql-client", "mariadb105"),
    ("mysqladmin", "default-mysql-client", "mariadb105"),
    ("mysqldump", "default-mysql-client", "mariadb105"),
    ("nc", "netcat-openbsd", "nmap-ncat"),
    ("npm", "npm", "npm"),
    ("node", "nodejs", "nodejs"),
    ("openssl", "openssl", "openssl"),
    ("patch", "patch", "patch"),
    ("pgrep", "procps", "procps-ng"),
    ("pip", "python3-pip", "python3-pip"),
    ("pip3", "python3-pip", "python3-pip"),
    ("pkill", "procps", "procps-ng"),
    ("ps", "procps", "procps-ng"),
    ("psql", "postgresql-client", "postgresql15"),
    ("python", "python3 python-is-python3", "python3"),
    ("python3", "python3", "python3"),
    ("redis-cli", "redis-tools", "redis6"),
    ("rsync", "rsync", "rsync"),
    ("ruby", "ruby", "ruby"),
    ("ssh", "openssh-client", "openssh-clients"),
    ("ssh-keygen", "openssh-client", "openssh-clients"),
    ("ssh-keyscan", "openssh-client", "openssh-clients"),
    ("svn", "subversion", "subversion"),
    ("tar", "-", "tar gzip"),
    ("unxz", "xz-utils", "xz"),
    ("unzip", "unzip", "unzip"),
    ("update-locale", "locales", "-"),
    ("wget", "wget", "wget"),
    ("which", "-", "which"),
    ("xz", "xz-utils", "xz"),
    ("zip", "zip", "zip"),
];

/// Gems that are Ruby alone: their install compiles nothing.
const PLAIN_GEMS: &[&str] = &[
    "backup",
    "bundler",
    "capistrano",
    "chef-vault",
    "foreman",
    "god",
    "mime-types",
    "mini_magick",
    "rack",
    "rake",
    "ruby-shadow",
    "rubygems-update",
    "whenever",
];

/// What only building needs.
const COMPILERS: &[&str] = &["autoconf", "automake", "build-essential", "cmake", "gcc", "gcc-c++", "make"];

/// Adds what the steps of `image` call and what is not there.
pub fn add(image: &mut Image) {
    let mut wanted: BTreeMap<String, Vec<Origin>> = BTreeMap::new();
    for step in &image.steps {
        for name in of_step(image, step) {
            let origins = wanted.entry(name).or_default();
            for origin in step.origin.iter().filter(|origin| !origins.contains(origin)).cloned().collect::<Vec<_>>() {
                origins.push(origin);
            }
        }
    }
    // Without a source there is one stage, which has the compilers as well.
    let together = image.source.is_none();
    for (name, origin) in wanted {
        let known = |packages: &[Package]| packages.iter().any(|package| package.name == name);
        if known(&image.packages) || together && known(&image.build_packages) {
            continue;
        }
        let for_building = together && COMPILERS.contains(&name.as_str());
        let packages = if for_building { &mut image.build_packages } else { &mut image.packages };
        packages.push(Package { name, version: None, renamed_from: None, origin });
    }
    image.build_packages.sort_by(|one, other| one.name.cmp(&other.name));
    image.packages.sort_by(|one, other| one.name.cmp(&other.name));
}

/// The packages that one step needs.
fn of_step(image: &Image, step: &Step) -> Vec<String> {
    match &step.action {
        Action::Run { script, interpreter, .. } => {
            let program = interpreter.split_whitespace().next().unwrap_or("sh");
            let program = program.rsplit('/').next().unwrap_or(program);
            if matches!(program, "sh" | "bash" | "dash" | "ksh" | "zsh") {
                let calls = Calls::of(script);
                let made = made_by(&calls);
                return calls
                    .commands
                    .iter()
                    .filter(|words| !made.contains(&words[0]))
                    .flat_map(|words| of_command(image, words))
                    .collect();
            }
            packages(image, program)
        }
        // Elsewhere gems are built in a stage of their own, which has compilers.
        Action::Install { manager, name, .. } if manager == "gem" && image.source.is_none() && !PLAIN_GEMS.contains(&name.as_str()) => {
            packages(image, "make")
        }
        _ => Vec::new(),
    }
}

/// Programs that the script brings along itself: functions, and packages that it installs by hand.
fn made_by(calls: &Calls) -> Vec<String> {
    let installs = |words: &&Vec<String>| {
        matches!(words[0].as_str(), "apt-get" | "apt" | "yum" | "dnf" | "apk")
            && words.iter().any(|word| word == "install" || word == "add")
    };
    calls.commands.iter().filter(installs).flat_map(|words| words[1..].iter().cloned()).collect()
}

fn of_command(image: &Image, words: &[String]) -> Vec<String> {
    let mut found = packages(image, &words[0]);
    if words[0] == "tar" {
        let flags = words.get(1).filter(|flags| !flags.starts_with("--") && !flags.contains('/')).map_or("", String::as_str);
        let ends = |ending: &str| words.iter().any(|word| word.ends_with(ending));
        if flags.contains('j') || ends(".bz2") || ends(".tbz") || ends("--bzip2") {
            found.extend(packages(image, "bzip2"));
        }
        if flags.contains('J') || ends(".xz") || ends(".txz") || ends("--xz") {
            found.extend(packages(image, "xz"));
        }
    }
    found
}

/// The packages of a program on the image's base; none where the base has it or the program is not known.
fn packages(image: &Image, program: &str) -> Vec<String> {
    let brought: &[&str] = match &image.runtime {
        Runtime::Ruby(_) => &["ruby", "gem", "bundle"],
        Runtime::Node(_) => &["node", "npm", "npx", "yarn"],
        Runtime::Php(_) => &["php", "curl", "make", "gcc", "cc", "g++", "configure", "autoconf", "file", "xz", "pecl"],
        Runtime::Java(_) => &["java"],
        Runtime::Python(_) => &["python", "python3", "pip", "pip3"],
        Runtime::System | Runtime::Daemon(_) => &[],
    };
    if brought.contains(&program) {
        return Vec::new();
    }
    let Some((_, debian, red_hat)) = PROGRAMS.iter().find(|(name, ..)| *name == program) else { return Vec::new() };
    let names = match image.packager {
        Packager::Apt => debian,
        Packager::Dnf | Packager::Yum => red_hat,
        // Alpine's names are the programs' own, nearly always; nothing chooses it as a base.
        Packager::Apk => &"-",
    };
    // Python 2 stood behind the name on releases of its time.
    let old = ["precise", "trusty", "xenial", "bionic", "jessie", "stretch", "buster", "12.04", "14.04", "16.04", "18.04"];
    if program == "python" && old.iter().any(|release| image.base.contains(release)) {
        return vec!["python".to_owned()];
    }
    names.split(' ').filter(|name| *name != "-").map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::Stage;

    fn needed(packager: Packager, runtime: Runtime, action: Action) -> Vec<String> {
        let step = Step { stage: Stage::Dependencies, action, origin: Vec::new(), note: None };
        let mut image = Image { packager, runtime, steps: vec![step], ..Image::default() };
        add(&mut image);
        image.packages.into_iter().chain(image.build_packages).map(|package| package.name).collect()
    }

    fn run(script: &str) -> Action {
        Action::Run { script: script.to_owned(), interpreter: "bash".to_owned(), cwd: None, user: None, variables: BTreeMap::new() }
    }

    #[test]
    fn what_a_script_calls_is_installed() {
        let apt = |script: &str| needed(Packager::Apt, Runtime::System, run(script));
        assert_eq!(apt("curl $URL -o $DEST\ntar jxf a.tar.bz2 -C /tmp"), ["bzip2", "curl"]);
        assert_eq!(
            apt("wget -q http://a/b.tar.xz && tar xf b.tar.xz && cd b && ./configure && make && make install"),
            ["wget", "xz-utils", "build-essential"]
        );
        assert_eq!(apt("echo curl"), [""; 0]);
        assert_eq!(apt("apt-get install -y unzip && unzip a.zip"), [""; 0]);
        assert_eq!(needed(Packager::Dnf, Runtime::System, run("tar xzf a.tgz; curl b")), ["gzip", "tar"]);
        assert_eq!(needed(Packager::Apt, Runtime::Node("20".to_owned()), run("npm install -g a")), [""; 0]);
        assert_eq!(needed(Packager::Apt, Runtime::Ruby("3.1".to_owned()), run("npm install -g a")), ["npm"]);
    }

    #[test]
    fn gems_with_extensions_need_compilers() {
        let gem = |name: &str| Action::Install { manager: "gem".to_owned(), name: name.to_owned(), version: None };
        assert_eq!(needed(Packager::Apt, Runtime::System, gem("unicorn")), ["build-essential"]);
        assert_eq!(needed(Packager::Apt, Runtime::System, gem("rake")), [""; 0]);
    }
}
