//! The numeric user that an image's processes run as.
//!
//! Kubernetes checks `runAsNonRoot` against a number, so every image gets one: the cookbook's, the base image's own, or 10001.

use crate::blueprint::{Account, Image, Packager, Runtime};

/// For users whose number no cookbook says: above everything that base images use.
const FIRST_FREE: u32 = 10_001;

/// User and group, as numbers and by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// User name.
    pub name: String,
    /// User id, never 0.
    pub uid: u32,
    /// Group name.
    pub group: String,
    /// Group id.
    pub gid: u32,
}

/// Users that the Debian family's base images have: name, user id, group id.
const DEBIAN: &[(&str, u32, u32)] = &[
    ("root", 0, 0),
    ("daemon", 1, 1),
    ("bin", 2, 2),
    ("sys", 3, 3),
    ("games", 5, 60),
    ("man", 6, 12),
    ("lp", 7, 7),
    ("mail", 8, 8),
    ("news", 9, 9),
    ("uucp", 10, 10),
    ("proxy", 13, 13),
    ("www-data", 33, 33),
    ("backup", 34, 34),
    ("list", 38, 38),
    ("irc", 39, 39),
    ("nobody", 65534, 65534),
];

/// Users that the Red Hat family's and Alpine's base images have.
const OTHERS: &[(&str, u32, u32)] =
    &[("root", 0, 0), ("bin", 1, 1), ("daemon", 2, 2), ("mail", 8, 12), ("games", 12, 100), ("ftp", 14, 50), ("nobody", 65534, 65534)];

/// Users of official images of daemons.
const DAEMONS: &[(&str, u32)] = &[
    ("nginx", 101),
    ("redis", 999),
    ("valkey", 999),
    ("memcached", 11211),
    ("mysql", 999),
    ("mariadb", 999),
    ("postgres", 999),
    ("haproxy", 99),
    ("varnish", 999),
    ("rabbitmq", 999),
    ("httpd", 33),
];

/// Groups of the Debian family's base images that no user is named after.
const GROUPS: &[(&str, u32)] =
    &[("adm", 4), ("tty", 5), ("disk", 6), ("sudo", 27), ("staff", 50), ("users", 100), ("nogroup", 65534), ("shadow", 42), ("wheel", 10)];

/// The user that `image`'s processes run as.
#[must_use]
pub fn of(image: Option<&Image>) -> Identity {
    let Some(image) = image else { return made_up() };
    match &image.user {
        Some(account) if account.name != "root" && account.uid != Some(0) => resolve(image, account),
        _ => of_base(image).unwrap_or_else(made_up),
    }
}

/// Name and numbers of `account` in `image`.
#[must_use]
pub fn resolve(image: &Image, account: &Account) -> Identity {
    let known = in_base(image, &account.name);
    let free = FIRST_FREE + position(image, &account.name);
    let uid = account.uid.or(known.map(|(uid, _)| uid)).unwrap_or(free);
    let group = if account.group.is_empty() { account.name.clone() } else { account.group.clone() };
    let gid = account.gid.or_else(|| group_in_base(image, &group)).or(known.map(|(_, gid)| gid)).unwrap_or(uid);
    Identity { name: account.name.clone(), uid, group, gid }
}

/// The numbers of a user that the base image brings along.
#[must_use]
pub fn in_base(image: &Image, name: &str) -> Option<(u32, u32)> {
    if let Some(own) = of_base(image).filter(|own| own.name == name) {
        return Some((own.uid, own.gid));
    }
    table(image).iter().find(|(known, _, _)| *known == name).map(|(_, uid, gid)| (*uid, *gid))
}

/// The number of a group that the base image brings along.
#[must_use]
pub fn group_in_base(image: &Image, name: &str) -> Option<u32> {
    in_base(image, name).map(|(_, gid)| gid).or_else(|| GROUPS.iter().find(|(known, _)| *known == name).map(|(_, gid)| *gid))
}

/// `owner:group` of a file as numbers where they are known, else as names; `None` where root owns it. What is no name that an account
/// can have is nobody's.
#[must_use]
pub fn ownership(image: &Image, owner: Option<&str>, group: Option<&str>) -> Option<String> {
    let (owner, group) = (owner.filter(|name| is_name(name)), group.filter(|name| is_name(name)));
    let find =
        |name: &str| image.accounts.iter().chain(&image.user).find(|account| account.name == name).map(|account| resolve(image, account));
    let user = owner.map(|name| {
        let numbers = find(name).map(|found| (found.uid, found.gid)).or_else(|| in_base(image, name));
        numbers.map_or((name.to_owned(), None), |(uid, gid)| (uid.to_string(), Some(gid.to_string())))
    });
    let group = group.map(|name| {
        let by_account = image.accounts.iter().chain(&image.user).map(|account| resolve(image, account)).find(|found| found.group == name);
        by_account.map(|found| found.gid).or_else(|| group_in_base(image, name)).map_or_else(|| name.to_owned(), |gid| gid.to_string())
    });
    match (user, group) {
        (None, None) => None,
        (Some((user, own)), group) => {
            let both = format!("{user}:{}", group.or(own).unwrap_or_else(|| user.clone()));
            (both != "0:0").then_some(both)
        }
        (None, Some(group)) => (group != "0").then(|| format!("0:{group}")),
    }
}

/// Whether an account may be called so: what `useradd` takes, and numbers.
fn is_name(name: &str) -> bool {
    let first = name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    first && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

fn made_up() -> Identity {
    Identity { name: "app".to_owned(), uid: FIRST_FREE, group: "app".to_owned(), gid: FIRST_FREE }
}

/// The user that the base image was made to run as.
fn of_base(image: &Image) -> Option<Identity> {
    let identity = |name: &str, uid: u32| Identity { name: name.to_owned(), uid, group: name.to_owned(), gid: uid };
    match &image.runtime {
        Runtime::Node(_) => Some(identity("node", 1000)),
        Runtime::Php(_) if image.packager == Packager::Apt => Some(identity("www-data", 33)),
        Runtime::Daemon(name) => DAEMONS.iter().find(|(known, _)| known == name).map(|(known, uid)| identity(known, *uid)),
        _ => None,
    }
}

fn table(image: &Image) -> &'static [(&'static str, u32, u32)] {
    if image.packager == Packager::Apt { DEBIAN } else { OTHERS }
}

/// Several users without numbers get different ones.
fn position(image: &Image, name: &str) -> u32 {
    let index = image.accounts.iter().filter(|account| account.uid.is_none()).position(|account| account.name == name);
    // Without a user of its own the image has a made-up one, which takes the first number.
    let taken = u32::from(image.user.is_none());
    index.and_then(|index| u32::try_from(index).ok()).map_or(0, |index| index + taken)
}
