//! One folder of the disk as source files: sorted, bounded, without a way out of the folder.
//!
//! In: a folder and the prefix of its paths. Out: [`SourceFile`]s, and diagnostics about what could not be read. A symbolic link is
//! followed where it stays inside the folder and is no loop; else `files/default/outside` is an opaque file that says why.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::ignored::{is_content, is_ignored};
use super::manifest::Manifest;
use crate::diagnostic::Diagnostic;
use crate::source::{Content, SourceFile};

/// Text files above this are not read.
const TEXT_LIMIT: u64 = 1 << 20;
/// Other files above this are not kept.
const BINARY_LIMIT: usize = 256 << 10;
/// How many files are read at most, over all folders.
const COUNT_LIMIT: usize = 50_000;
/// How many bytes are kept at most, over all folders.
const SIZE_LIMIT: u64 = 512 << 20;
/// How deep folders are nested at most.
const DEPTH_LIMIT: usize = 64;

/// What was read so far, and the limits that are left.
#[derive(Debug, Default)]
pub struct Walker {
    /// The files, in the order of the walk.
    pub files: Vec<SourceFile>,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
    size: u64,
    full: bool,
}

struct Folder<'a> {
    root: &'a Path,
    prefix: &'a str,
    /// The real paths of the folders above, to see loops.
    above: Vec<PathBuf>,
    /// What an earlier run wrote in here, by prefixed path: output, not input.
    written: BTreeSet<String>,
}

impl Walker {
    /// Reads everything in `folder`; the paths begin with `prefix` (empty, or with `/` at its end).
    pub fn folder(&mut self, folder: &Path, prefix: &str) {
        let Ok(root) = fs::canonicalize(folder) else { return self.unreadable(prefix.trim_end_matches('/'), None) };
        let mut place = Folder { root: &root, prefix, above: vec![root.clone()], written: BTreeSet::new() };
        self.enter(&root, "", false, &mut place);
    }

    /// Reads one file under the name `path`.
    pub fn file(&mut self, file: &Path, path: &str) {
        match fs::metadata(file) {
            Ok(metadata) => self.read(file, path.to_owned(), &metadata),
            Err(error) => self.unreadable(path, Some(&error)),
        }
    }

    /// `inside`: the path of `folder` within the root, empty or with `/` at its end. `content`: everything in it belongs to a cookbook.
    fn enter(&mut self, folder: &Path, inside: &str, content: bool, place: &mut Folder<'_>) {
        let path = |name: &str| format!("{}{inside}{name}", place.prefix);
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(path("").trim_end_matches('/'), Some(&error)),
        };
        let mut names: Vec<std::ffi::OsString> = entries.filter_map(Result::ok).map(|entry| entry.file_name()).collect();
        names.sort();
        let siblings: BTreeSet<String> = names.iter().map(|name| name.to_string_lossy().into_owned()).collect();
        if siblings.contains(super::manifest::FOLDER) {
            let written: Vec<String> = Manifest::read(folder).files.into_keys().map(|name| path(&name)).collect();
            place.written.extend(written);
        }
        for name in names {
            let entry = folder.join(&name);
            let name = name.to_string_lossy().into_owned();
            let path = format!("{}{inside}{name}", place.prefix);
            if place.written.contains(&path) {
                continue;
            }
            if self.files.len() >= COUNT_LIMIT {
                return self.overfull(&format!("there are more than {COUNT_LIMIT} files"));
            }
            let Some((entry, metadata)) = self.resolve(entry, &path, place) else { continue };
            if !metadata.is_dir() {
                self.read(&entry, path, &metadata);
            } else if content || !is_ignored(inside.trim_end_matches('/'), &name, &siblings) {
                if place.above.len() >= DEPTH_LIMIT {
                    self.leave_out(path, &format!("folders are nested more than {DEPTH_LIMIT} deep"), "C003");
                    continue;
                }
                place.above.push(fs::canonicalize(&entry).unwrap_or_else(|_| entry.clone()));
                self.enter(&entry, &format!("{inside}{name}/"), content || is_content(&name, &siblings), place);
                place.above.pop();
            }
        }
    }

    /// What stands at `entry`, through symbolic links; `None` where it is left out.
    fn resolve(&mut self, entry: PathBuf, path: &str, place: &Folder<'_>) -> Option<(PathBuf, Metadata)> {
        let metadata = match fs::symlink_metadata(&entry) {
            Ok(metadata) => metadata,
            Err(error) => {
                self.unreadable(path, Some(&error));
                return None;
            }
        };
        if !metadata.is_symlink() {
            return Some((entry, metadata));
        }
        let Ok(target) = fs::canonicalize(&entry) else {
            self.leave_out(path.to_owned(), "a symbolic link that leads nowhere", "C001");
            return None;
        };
        if !target.starts_with(place.root) {
            self.leave_out(path.to_owned(), "a symbolic link that leaves the given folder", "C001");
            return None;
        }
        if place.above.contains(&target) {
            self.leave_out(path.to_owned(), "a symbolic link to a folder that it stands in", "C001");
            return None;
        }
        // A link must not lead into what is left out otherwise.
        let within = target.strip_prefix(place.root).ok()?;
        if within.components().any(|part| part.as_os_str() == ".git") {
            self.leave_out(path.to_owned(), "a symbolic link into a folder that is not read", "C001");
            return None;
        }
        let metadata = fs::metadata(&target).ok()?;
        Some((target, metadata))
    }

    fn read(&mut self, file: &Path, path: String, metadata: &Metadata) {
        if !metadata.is_file() {
            return self.leave_out(path, "no regular file", "C003");
        }
        if self.size.saturating_add(metadata.len().min(TEXT_LIMIT)) > SIZE_LIMIT {
            return self.overfull(&format!("there are more than {} MiB of files", SIZE_LIMIT >> 20));
        }
        let mut bytes = Vec::new();
        // Pipes and devices were sorted out above; the limit holds even where the file grows while it is read.
        let read = fs::File::open(file).and_then(|file| file.take(TEXT_LIMIT + 1).read_to_end(&mut bytes));
        if let Err(error) = read {
            return self.unreadable(&path, Some(&error));
        }
        self.size += bytes.len() as u64;
        let too_large = bytes.len() as u64 > TEXT_LIMIT;
        let content = if bytes.contains(&0) || (!too_large && std::str::from_utf8(&bytes).is_err()) {
            if bytes.len() > BINARY_LIMIT {
                Content::Opaque(format!("a binary file of more than {} KiB", BINARY_LIMIT >> 10))
            } else {
                Content::Binary(bytes)
            }
        } else if too_large {
            let why = format!("a file of more than {} MiB", TEXT_LIMIT >> 20);
            self.diagnostics.push(Diagnostic::note("C004", format!("the file is not read: {why}")).in_file(path.clone()));
            Content::Opaque(why)
        } else {
            match String::from_utf8(bytes) {
                Ok(text) => Content::Text(text),
                Err(error) => Content::Binary(error.into_bytes()),
            }
        };
        let mut file = SourceFile::new(path, content);
        file.mode = mode(metadata);
        self.files.push(file);
    }

    fn leave_out(&mut self, path: String, why: &str, code: &'static str) {
        let diagnostic = Diagnostic::warning(code, format!("`{path}` is not read: {why}")).in_file(path.clone());
        self.diagnostics.push(diagnostic.help("put the file itself in its place if the cookbooks need it"));
        self.files.push(SourceFile::new(path, Content::Opaque(why.to_owned())));
    }

    fn unreadable(&mut self, path: &str, error: Option<&std::io::Error>) {
        let why = error.map_or_else(|| "it does not exist".to_owned(), super::reason);
        let diagnostic = Diagnostic::error("C002", format!("`{path}` cannot be read: {why}")).in_file(path);
        self.diagnostics.push(diagnostic.help("make it readable, or take it out of the folder"));
        self.files.push(SourceFile::new(path.to_owned(), Content::Opaque(format!("it cannot be read: {why}"))));
    }

    fn overfull(&mut self, why: &str) {
        if !std::mem::replace(&mut self.full, true) {
            let diagnostic = Diagnostic::error("C005", format!("not everything is read: {why}"));
            self.diagnostics.push(diagnostic.help("give the folder of the cookbooks itself, and the project by `--app`"));
        }
    }
}

#[cfg(unix)]
fn mode(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(metadata.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode(_: &Metadata) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(folder: &Path, files: &[(&str, &[u8])]) {
        for (path, content) in files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
            fs::write(path, content).expect("file");
        }
    }

    fn walk(folder: &Path) -> Walker {
        let mut walker = Walker::default();
        walker.folder(folder, "");
        walker
    }

    fn content(walker: &Walker, path: &str) -> String {
        match walker.files.iter().find(|file| file.path == path).map(|file| &file.content) {
            Some(Content::Text(text)) => format!("text {text}"),
            Some(Content::Binary(bytes)) => format!("binary {}", bytes.len()),
            Some(Content::Opaque(why)) => why.clone(),
            None => "nothing".to_owned(),
        }
    }

    #[test]
    fn files_are_text_binary_or_too_large() {
        let place = tempfile::tempdir().expect("folder");
        let large = vec![b'x'; 1 << 20];
        let larger = vec![b'x'; (1 << 20) + 1];
        let image = vec![0; 300 << 10];
        make(
            place.path(),
            &[
                ("b/text", "Öl".as_bytes()),
                ("a/nul", b"a\0b"),
                ("a/latin", b"\xd6l"),
                ("large", &large),
                ("larger", &larger),
                ("image", &image),
                (".git/config", b"x"),
                ("web/node_modules/x", b"x"),
                ("web/Gemfile", b""),
                ("web/log/development.log", b"x"),
                ("cookbooks/a/metadata.rb", b""),
                ("cookbooks/a/files/log/kept", b"x"),
                ("out/.ekiben/manifest.json", b"{\"files\": {\"Dockerfile\": \"00\"}}"),
                ("out/Dockerfile", b"x"),
                ("out/mine", b"x"),
            ],
        );
        let walker = walk(place.path());
        assert_eq!(content(&walker, "b/text"), "text Öl");
        assert_eq!((content(&walker, "a/nul").as_str(), content(&walker, "a/latin").as_str()), ("binary 3", "binary 2"));
        assert!(content(&walker, "large").starts_with("text x"));
        assert_eq!(content(&walker, "larger"), "a file of more than 1 MiB");
        assert_eq!(content(&walker, "image"), "a binary file of more than 256 KiB");
        for left_out in [".git/config", "web/node_modules/x", "web/log/development.log", "out/Dockerfile", "out/.ekiben/manifest.json"] {
            assert_eq!(content(&walker, left_out), "nothing", "{left_out}");
        }
        assert_eq!((content(&walker, "cookbooks/a/files/log/kept").as_str(), content(&walker, "out/mine").as_str()), ("text x", "text x"));
        let codes: Vec<&str> = walker.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(codes, ["C004"]);
    }

    #[test]
    fn two_walks_are_the_same() {
        let place = tempfile::tempdir().expect("folder");
        make(place.path(), &[("z", b"1"), ("a/b", b"2"), ("a-b", b"3"), ("a/a/a", b"4"), ("B", b"5")]);
        let paths = |walker: Walker| walker.files.into_iter().map(|file| file.path).collect::<Vec<_>>();
        let first = paths(walk(place.path()));
        assert_eq!(first, paths(walk(place.path())));
        assert_eq!(first, ["B", "a/a/a", "a/b", "a-b", "z"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_inside_and_make_no_loop() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let place = tempfile::tempdir().expect("folder");
        let root = place.path().join("root");
        make(place.path(), &[("secret/key", b"no"), ("root/a/file", b"yes"), ("root/run.sh", b"#!/bin/sh")]);
        fs::set_permissions(root.join("run.sh"), fs::Permissions::from_mode(0o755)).expect("mode");
        for (target, link) in
            [("../secret", "out"), ("../secret/key", "key"), ("..", "a/loop"), ("file", "a/same"), ("a", "b"), ("nowhere", "dangling")]
        {
            symlink(target, root.join(link)).expect("link");
        }
        let walker = walk(&root);
        assert_eq!((content(&walker, "a/same").as_str(), content(&walker, "b/file").as_str()), ("text yes", "text yes"));
        assert_eq!(content(&walker, "out"), "a symbolic link that leaves the given folder");
        assert_eq!(content(&walker, "key"), "a symbolic link that leaves the given folder");
        assert_eq!(content(&walker, "a/loop"), "a symbolic link to a folder that it stands in");
        assert_eq!(content(&walker, "dangling"), "a symbolic link that leads nowhere");
        assert!(walker.files.iter().all(|file| !matches!(&file.content, Content::Text(text) if text == "no")));
        assert!(walker.diagnostics.iter().all(|one| one.code == "C001" && !one.message.contains(&*place.path().to_string_lossy())));
        assert_eq!(walker.files.iter().find(|file| file.path == "run.sh").and_then(|file| file.mode), Some(0o755));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_unreadable_or_no_file_is_said() {
        use std::os::unix::fs::PermissionsExt;
        use std::os::unix::net::UnixListener;
        let place = tempfile::tempdir().expect("folder");
        make(place.path(), &[("closed", b"x"), ("shut/file", b"x")]);
        let _socket = UnixListener::bind(place.path().join("socket")).expect("socket");
        let close = |mode| {
            for name in ["closed", "shut"] {
                fs::set_permissions(place.path().join(name), fs::Permissions::from_mode(mode)).expect("mode");
            }
        };
        close(0o000);
        let is_root = fs::read(place.path().join("closed")).is_ok();
        let walker = walk(place.path());
        close(0o755);
        assert_eq!(content(&walker, "socket"), "no regular file");
        if !is_root {
            assert_eq!(content(&walker, "closed"), "it cannot be read: permission denied");
            assert_eq!(walker.diagnostics.iter().filter(|diagnostic| diagnostic.code == "C002").count(), 2);
        }
    }
}
