//! The file system of an image: what stands at a path, whose it is, which accounts and packages there are.
//!
//! In: entries of an archive. Out: answers, links followed as the container would follow them: `/bin/sh` is found at `/usr/bin/sh`.

use std::collections::{BTreeMap, BTreeSet};

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// Another name of a file.
    HardLink,
    /// A device or pipe.
    Other,
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::File | Self::HardLink => "file",
            Self::Directory => "directory",
            Self::Link => "link",
            Self::Other => "device or pipe",
        }
    }
}

/// One path of the file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What stands there.
    pub kind: Kind,
    /// Permission bits.
    pub mode: u32,
    /// User id.
    pub uid: u32,
    /// Group id.
    pub gid: u32,
    /// Bytes.
    pub size: u64,
    /// A link's target.
    pub link: Option<String>,
}

/// A line of `/etc/passwd`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// User id.
    pub uid: u32,
    /// Number of the primary group.
    pub gid: u32,
    /// Home directory.
    pub home: String,
    /// Login shell.
    pub shell: String,
}

/// The files that tell of accounts and packages.
pub const PASSWD: &str = "/etc/passwd";
const GROUP: &str = "/etc/group";
const DPKG: &str = "/var/lib/dpkg/status";
const APK: &str = "/lib/apk/db/installed";

/// The files that are always asked for.
pub const ALWAYS: &[&str] = &[PASSWD, GROUP, DPKG, APK, "/usr/lib/apk/db/installed"];

/// Links followed at the most: as many as Linux does.
const LINKS: usize = 40;

/// The file system of an image.
#[derive(Debug, Clone, Default)]
pub struct FileSystem {
    entries: BTreeMap<String, Entry>,
    contents: BTreeMap<String, Vec<u8>>,
    refused: usize,
}

impl FileSystem {
    /// Adds what stands at `path`, in place of what stood there.
    pub fn add(&mut self, path: String, entry: Entry, content: Option<Vec<u8>>) {
        match content {
            Some(content) => self.contents.insert(path.clone(), content),
            None => self.contents.remove(&path),
        };
        self.entries.insert(path, entry);
    }

    /// Counts an entry whose path leaves the root or is no path.
    pub fn refuse(&mut self) {
        self.refused += 1;
    }

    /// How many entries were left out because their paths leave the root.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.refused
    }

    /// What stands at `path`; links on the way are followed, one at its end is not.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&Entry> {
        self.real(path, false).and_then(|real| self.at(&real))
    }

    /// What `path` leads to, links followed to the end.
    #[must_use]
    pub fn follow(&self, path: &str) -> Option<&Entry> {
        self.real(path, true).and_then(|real| self.at(&real))
    }

    /// Whether something stands at `path`, a folder of which only the content is listed included.
    #[must_use]
    pub fn exists(&self, path: &str) -> bool {
        self.real(path, true).is_some_and(|real| self.at(&real).is_some() || self.under(&real).next().is_some())
    }

    /// The content of the file that `path` leads to, where it was asked for.
    #[must_use]
    pub fn content(&self, path: &str) -> Option<&[u8]> {
        let real = self.real(path, true)?;
        let first = self.entries.get(&real)?;
        let name = if first.kind == Kind::HardLink { first.link.as_deref().and_then(normal)? } else { real };
        self.contents.get(&name).map(Vec::as_slice)
    }

    /// The paths below the folder `path`, with what stands there.
    pub fn under(&self, path: &str) -> impl Iterator<Item = (&str, &Entry)> {
        let prefix = format!("{}/", path.trim_end_matches('/'));
        let end = format!("{}0", path.trim_end_matches('/'));
        self.entries.range(prefix..end).map(|(path, entry)| (path.as_str(), entry))
    }

    /// All paths.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    fn at(&self, real: &str) -> Option<&Entry> {
        let entry = self.entries.get(real)?;
        if entry.kind != Kind::HardLink {
            return Some(entry);
        }
        // A link to a link is no archive's: one step is enough, and no circle can be walked.
        let target = entry.link.as_deref().and_then(normal).and_then(|target| self.entries.get(&target));
        target.filter(|target| target.kind == Kind::File)
    }

    /// The path without links.
    fn real(&self, path: &str, last: bool) -> Option<String> {
        let mut open: Vec<String> = path.split('/').rev().filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let mut done: Vec<String> = Vec::new();
        let mut links = 0;
        while let Some(part) = open.pop() {
            match part.as_str() {
                "." => continue,
                ".." => {
                    done.pop();
                    continue;
                }
                _ => done.push(part),
            }
            if open.is_empty() && !last {
                break;
            }
            let here = format!("/{}", done.join("/"));
            let Some(target) = self.entries.get(&here).filter(|entry| entry.kind == Kind::Link).and_then(|entry| entry.link.as_ref())
            else {
                continue;
            };
            links += 1;
            if links > LINKS {
                return None;
            }
            done.pop();
            if target.starts_with('/') {
                done.clear();
            }
            open.extend(target.split('/').rev().filter(|part| !part.is_empty()).map(str::to_owned));
        }
        Some(format!("/{}", done.join("/")))
    }

    /// The lines of a file of fields with `:` between them.
    fn table(&self, path: &str) -> Vec<Vec<String>> {
        let text = self.content(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
        text.lines().map(|line| line.split(':').map(str::to_owned).collect()).collect()
    }

    /// The users by name.
    #[must_use]
    pub fn users(&self) -> BTreeMap<String, User> {
        let row = |fields: Vec<String>| {
            let number = |index: usize| fields.get(index).and_then(|field| field.parse().ok());
            let text = |index: usize| fields.get(index).cloned().unwrap_or_default();
            Some((text(0), User { uid: number(2)?, gid: number(3)?, home: text(5), shell: text(6) }))
        };
        self.table(PASSWD).into_iter().filter_map(row).collect()
    }

    /// The groups by name: number and members.
    #[must_use]
    pub fn groups(&self) -> BTreeMap<String, (u32, BTreeSet<String>)> {
        let row = |fields: Vec<String>| {
            let number = fields.get(2).and_then(|field| field.parse().ok())?;
            let members = fields.get(3).map(|field| field.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect());
            Some((fields.first()?.clone(), (number, members.unwrap_or_default())))
        };
        self.table(GROUP).into_iter().filter_map(row).collect()
    }

    /// The installed packages with their versions; `None` where the image does not list them in a text.
    #[must_use]
    pub fn packages(&self) -> Option<BTreeMap<String, String>> {
        if let Some(bytes) = self.content(DPKG) {
            return Some(of_dpkg(&String::from_utf8_lossy(bytes)));
        }
        let apk = self.content(APK).or_else(|| self.content("/usr/lib/apk/db/installed"))?;
        Some(of_apk(&String::from_utf8_lossy(apk)))
    }
}

/// Packages of `dpkg`'s status file; what one provides counts, too, without a version.
#[must_use]
pub fn of_dpkg(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut provided: Vec<String> = Vec::new();
    for paragraph in text.split("\n\n") {
        let field = |name: &str| paragraph.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        if field("Status").is_some_and(|status| status.ends_with(" installed")) {
            if let Some(name) = field("Package") {
                found.insert(name.to_owned(), field("Version").unwrap_or_default().to_owned());
            }
            let provides = field("Provides").unwrap_or_default().split(',');
            provided.extend(provides.filter_map(|one| one.split_whitespace().next()).map(str::to_owned));
        }
    }
    for name in provided {
        found.entry(name).or_default();
    }
    found
}

fn of_apk(text: &str) -> BTreeMap<String, String> {
    let field = |paragraph: &str, name: &str| paragraph.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
    text.split("\n\n").filter_map(|one| Some((field(one, "P:")?, field(one, "V:").unwrap_or_default()))).collect()
}

/// An absolute path without `.` and double slashes; `None` where it leaves the root, or has none.
#[must_use]
pub fn normal(path: &str) -> Option<String> {
    if path.contains('\0') {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => return None,
            part => parts.push(part),
        }
    }
    Some(format!("/{}", parts.join("/")))
}

/// The other names that a path may have where `/bin` and its like are links.
#[must_use]
pub fn aliases(path: &str) -> Vec<String> {
    let mut found = vec![path.to_owned()];
    for (one, other) in [
        ("/bin/", "/usr/bin/"),
        ("/sbin/", "/usr/sbin/"),
        ("/lib/", "/usr/lib/"),
        ("/lib64/", "/usr/lib64/"),
        ("/var/run/", "/run/"),
        ("/var/lock/", "/run/lock/"),
    ] {
        found.extend(path.strip_prefix(one).map(|rest| format!("{other}{rest}")));
        found.extend(path.strip_prefix(other).map(|rest| format!("{one}{rest}")));
    }
    found
}
