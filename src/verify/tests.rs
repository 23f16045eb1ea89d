//! Small archives made here, against small cookbooks.

use std::collections::BTreeSet;

use super::system::{self, FileSystem};
use super::{Finding, Findings, Kind, Subject, Verdict, archive, choose};
use crate::emit::docker::promise;
use crate::outcome::Options;
use crate::source::SourceMap;

/// One entry of an archive.
struct Member<'a> {
    path: &'a str,
    kind: u8,
    mode: u32,
    ids: (u32, u32),
    link: &'a str,
    content: &'a [u8],
}

fn file<'a>(path: &'a str, mode: u32, content: &'a str) -> Member<'a> {
    Member { path, kind: b'0', mode, ids: (0, 0), link: "", content: content.as_bytes() }
}

fn directory(path: &str, mode: u32, ids: (u32, u32)) -> Member<'_> {
    Member { path, kind: b'5', mode, ids, link: "", content: b"" }
}

fn link<'a>(path: &'a str, to: &'a str) -> Member<'a> {
    Member { path, kind: b'2', mode: 0o777, ids: (0, 0), link: to, content: b"" }
}

fn header(member: &Member<'_>, size: u64) -> [u8; 512] {
    let mut block = [0_u8; 512];
    let mut put = |at: usize, text: &str| block[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, member.path);
    put(100, &format!("{:07o}\0", member.mode));
    put(108, &format!("{:07o}\0", member.ids.0));
    put(116, &format!("{:07o}\0", member.ids.1));
    put(124, &format!("{size:011o}\0"));
    put(148, "        ");
    put(157, member.link);
    put(257, "ustar\u{0}00");
    block[156] = member.kind;
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

fn tar(members: &[Member<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for member in members {
        out.extend(header(member, member.content.len() as u64));
        out.extend(member.content);
        out.resize(out.len().div_ceil(512) * 512, 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

fn read(bytes: &[u8], wanted: &[&str]) -> Result<FileSystem, archive::Error> {
    let wanted: BTreeSet<String> = wanted.iter().map(|path| (*path).to_owned()).collect();
    archive::read(&mut &bytes[..], &wanted)
}

/// What is found of a cookbook's image in an archive.
fn verify(recipe: &str, files: &[(&str, &str)], bytes: &[u8]) -> Findings {
    let mut sources = SourceMap::new();
    sources.add_text("cookbooks/web/metadata.rb", "name 'web'\nversion '1.0.0'\n");
    sources.add_text("cookbooks/web/recipes/default.rb", recipe);
    for (path, text) in files {
        sources.add_text(*path, *text);
    }
    let options = Options {
        name: "shop".to_owned(),
        run_list: vec!["recipe[web]".to_owned()],
        platform: Some(("ubuntu".to_owned(), "22.04".to_owned())),
        ..Options::default()
    };
    crate::compile::with_stack(|| {
        let outcome = crate::compile::design(&sources, &options);
        let promises = promise::of(&outcome.blueprint);
        let promise = choose(&promises, None, "registry.example:5000/team/shop:1.2").expect("an image");
        let subject = Subject::new(&outcome, &promises, promise);
        let system = archive::read(&mut &bytes[..], &subject.wanted()).expect("an archive");
        subject.compare(&system, None)
    })
}

fn one<'f>(findings: &'f Findings, kind: Kind, name: &str) -> &'f Finding {
    let found = findings.all.iter().find(|one| one.kind == kind && one.name == name);
    found.unwrap_or_else(|| panic!("no {kind:?} {name} in {:#?}", findings.all))
}

const RECIPE: &str = "
user('deploy') { uid 5000; gid 5000; home '/home/deploy'; shell '/bin/bash' }
directory('/var/lib/shop') { owner 'deploy'; group 'deploy'; mode '0750' }
file('/etc/shop.conf') { content \"a = 1\\nb = 2\\n\"; mode '0640' }
file('/etc/shop.old') { action :delete }
link('/usr/local/bin/shop') { to '/opt/shop/bin/shop' }
package 'imagemagick'
package 'htop'
file('/etc/sysctl.d/9.conf') { content 'x' }
systemd_unit('shop.service') { content \"[Service]\\nUser=deploy\\nExecStart=/opt/shop/bin/shop\\n\"; action [:create, :enable] }
";

// Two users share a number, as where a base image has the first one already.
const PASSWD: &str = "root:x:0:0::/root:/bin/bash\nclerk:x:5000:5000::/home/clerk:/bin/sh\ndeploy:x:5000:5000::/home/deploy:/bin/bash\n";
const GROUPS: &str = "root:x:0:\ndeploy:x:5000:\n";
const STATUS: &str = "Package: imagemagick\nStatus: install ok installed\nVersion: 8:6.9.11\n\nPackage: ca-certificates\nStatus: install ok installed\nVersion: 2023\n\nPackage: gone\nStatus: deinstall ok config-files\n";

/// The image as it ought to be.
fn good() -> Vec<Member<'static>> {
    vec![
        directory("etc/", 0o755, (0, 0)),
        file("etc/passwd", 0o644, PASSWD),
        file("etc/group", 0o644, GROUPS),
        file("var/lib/dpkg/status", 0o644, STATUS),
        directory("var/lib/shop/", 0o750, (5000, 5000)),
        file("etc/shop.conf", 0o640, "a = 1\nb = 2\n"),
        link("usr/local/bin/shop", "/opt/shop/bin/shop"),
        file("opt/shop/bin/shop", 0o755, "#!/bin/sh\n"),
    ]
}

fn faults(findings: &Findings) -> Vec<String> {
    let faults = findings.all.iter().filter(|one| one.verdict.is_fault());
    faults.map(|one| format!("{} {} {:?}", one.verdict.name(), one.name, one.sides)).collect()
}

#[test]
fn an_image_that_is_what_the_machine_was_has_no_faults() {
    let findings = verify(RECIPE, &[], &tar(&good()));
    assert_eq!(faults(&findings), Vec::<String>::new());
    for (kind, name, verdict) in [
        (Kind::User, "deploy", Verdict::Same),
        (Kind::Directory, "/var/lib/shop", Verdict::Same),
        (Kind::File, "/etc/shop.conf", Verdict::Same),
        (Kind::Removed, "/etc/shop.old", Verdict::Same),
        (Kind::Link, "/usr/local/bin/shop", Verdict::Same),
        (Kind::Package, "imagemagick", Verdict::Same),
        (Kind::Package, "htop", Verdict::LeftOut),
        (Kind::File, "/etc/sysctl.d/9.conf", Verdict::LeftOut),
    ] {
        assert_eq!(one(&findings, kind, name).verdict, verdict, "{name}: {:?}", one(&findings, kind, name));
    }
    assert!(one(&findings, Kind::Package, "htop").why.starts_with("absorbed: "));
}

#[test]
fn every_difference_is_found_with_both_sides_and_its_line() {
    let change = |path: &str, with: Option<Member<'static>>| {
        let mut members = good();
        members.retain(|member| member.path != path);
        members.extend(with);
        verify(RECIPE, &[], &tar(&members))
    };
    let sides = |findings: &Findings, kind: Kind, name: &str| {
        let found = one(findings, kind, name);
        let sides: Vec<String> = found.sides.iter().map(|side| format!("{}: {} / {}", side.what, side.chef, side.image)).collect();
        (found.verdict, found.location.as_ref().map(|location| location.line), sides.join("; "))
    };
    for (path, with, kind, name, verdict, line, said) in [
        (
            "etc/shop.conf",
            Some(file("etc/shop.conf", 0o644, "a = 1\nb = 3\n")),
            Kind::File,
            "/etc/shop.conf",
            Verdict::Different,
            4,
            "content, line 2: b = 2 / b = 3; mode: 0640 / 0644",
        ),
        ("etc/shop.conf", None, Kind::File, "/etc/shop.conf", Verdict::Missing, 4, ""),
        (
            "var/lib/shop/",
            Some(directory("var/lib/shop/", 0o750, (0, 5000))),
            Kind::Directory,
            "/var/lib/shop",
            Verdict::Different,
            3,
            "owner: deploy / root",
        ),
        (
            "usr/local/bin/shop",
            Some(link("usr/local/bin/shop", "/opt/other")),
            Kind::Link,
            "/usr/local/bin/shop",
            Verdict::Different,
            6,
            "target: /opt/shop/bin/shop / /opt/other",
        ),
        ("", Some(file("etc/shop.old", 0o644, "hello")), Kind::Removed, "/etc/shop.old", Verdict::Different, 5, "path: removed / a file"),
        ("var/lib/dpkg/status", Some(file("var/lib/dpkg/status", 0o644, "")), Kind::Package, "imagemagick", Verdict::Missing, 7, ""),
        (
            "etc/passwd",
            Some(file("etc/passwd", 0o644, "deploy:x:5001:5000::/home/deploy:/bin/sh\n")),
            Kind::User,
            "deploy",
            Verdict::Different,
            2,
            "uid: 5000 / 5001; shell: /bin/bash / /bin/sh",
        ),
    ] {
        let findings = change(path, with);
        assert_eq!(sides(&findings, kind, name), (verdict, Some(line), said.to_owned()), "{path}");
        assert!(findings.has_faults());
    }
    let findings = change("opt/shop/bin/shop", None);
    assert_eq!(one(&findings, Kind::Promise, "the program /opt/shop/bin/shop can be started").verdict, Verdict::Missing);
}

#[test]
fn a_list_of_packages_that_is_no_text_is_not_checkable() {
    let mut members = good();
    members.retain(|member| member.path != "var/lib/dpkg/status");
    assert_eq!(one(&verify(RECIPE, &[], &tar(&members)), Kind::Package, "imagemagick").verdict, Verdict::Unchecked);
}

#[test]
fn paths_are_found_through_links() {
    let mut members = vec![link("bin", "usr/bin"), link("a", "b"), link("b", "a"), file("usr/bin/sh", 0o755, "x")];
    members.push(Member { path: "usr/bin/dash", kind: b'1', mode: 0o755, ids: (0, 0), link: "usr/bin/sh", content: b"" });
    members.push(Member { path: "usr/bin/self", kind: b'1', mode: 0o755, ids: (0, 0), link: "usr/bin/self", content: b"" });
    let system = read(&tar(&members), &["/usr/bin/sh"]).expect("an archive");
    assert_eq!(system.find("/bin/sh").map(|entry| entry.kind), Some(system::Kind::File));
    assert_eq!(system.content("/bin/dash"), Some(&b"x"[..]));
    assert_eq!(system.find("/bin").map(|entry| entry.kind), Some(system::Kind::Link));
    assert!(system.follow("/a").is_none() && system.follow("/a/x").is_none() && system.find("/usr/bin/self").is_none());
    assert!(system.find("/../../bin/../bin/sh").is_some(), "above the root is the root");
}

#[test]
fn long_names_are_read() {
    let long = format!("{}/file", "folder-with-a-long-name/".repeat(12).trim_end_matches('/'));
    let record = |key: &str, value: &str| {
        let body = format!(" {key}={value}\n");
        let length = (body.len()..).find(|total| total.to_string().len() + body.len() == *total).expect("a length");
        format!("{length}{body}")
    };
    let records = record("path", &long) + &record("uid", "4000000");
    let extended = Member { path: "x", kind: b'x', mode: 0, ids: (0, 0), link: "", content: records.as_bytes() };
    let gnu = format!("{long}2\0");
    let name = Member { path: "././@LongLink", kind: b'L', mode: 0, ids: (0, 0), link: "", content: gnu.as_bytes() };
    let bytes = tar(&[extended, file("short", 0o600, "one"), name, file("short", 0o600, "two"), file("last", 0o600, "")]);
    let paths = [format!("/{long}"), format!("/{long}2")];
    let system = read(&bytes, &[&paths[0], &paths[1]]).expect("an archive");
    assert_eq!((system.content(&paths[0]), system.content(&paths[1])), (Some(&b"one"[..]), Some(&b"two"[..])));
    assert_eq!(system.find(&paths[0]).map(|entry| entry.uid), Some(4_000_000));
    assert!(system.find("/last").is_some() && system.find("/short").is_none());
}

#[test]
fn hostile_archives_are_errors_or_left_out() {
    use archive::Error;
    let outside = [file("../../etc/passwd", 0o644, "x"), file("/etc/abs", 0o644, "x"), file("a/../../b", 0o644, "x"), file("", 0o644, "x")];
    let system = read(&tar(&outside), &["/etc/passwd", "/etc/abs"]).expect("an archive");
    assert_eq!((system.refused(), system.content("/etc/abs"), system.content("/etc/passwd")), (2, Some(&b"x"[..]), None));

    let whole = tar(&good());
    for end in 0..whole.len() - 1024 {
        let answer = read(&whole[..end], &["/etc/passwd"]);
        assert!(matches!(answer, Err(Error::Truncated | Error::Format(_))), "{end}: {answer:?}");
    }
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x41;
        let _either_is_fine = read(&bytes, &["/etc/passwd", "/etc/shop.conf"]);
    }
    for kind in [b'0', b'x', b'g', b'L', b'K', b'S', b'7'] {
        for field in ["77777777777\0".as_bytes(), &[0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], &[0xff; 12]] {
            let mut block = header(&Member { path: "huge", kind, mode: 0, ids: (0, 0), link: "", content: b"" }, 0);
            block[124..136].copy_from_slice(field);
            block[148..156].copy_from_slice(b"        ");
            let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
            block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
            let answer = read(&block, &["/huge"]);
            assert!(matches!(answer, Err(Error::Truncated | Error::TooLarge(_))), "{kind} {answer:?}");
        }
    }
    assert!(matches!(read(b"", &[]), Err(Error::Format(why)) if why == "it is empty"));
    assert!(matches!(read(&[b'x'; 4096], &[]), Err(Error::Format(why)) if why == "it is no tar archive"));
    assert!(matches!(read(b"short", &[]), Err(Error::Format(_))));
    let mut packed = vec![0x1f, 0x8b];
    packed.resize(2048, 7);
    assert!(matches!(read(&packed, &[]), Err(Error::Format(why)) if why.starts_with("it is compressed")));
    let saved = tar(&[file("manifest.json", 0o644, "[]"), file("repositories", 0o644, "{}")]);
    assert!(matches!(read(&saved, &[]), Err(Error::Format(why)) if why.contains("docker save")));
}

#[test]
fn a_hole_stands_for_anything() {
    use crate::text::{Hole, Text};
    let hole = || std::rc::Rc::new(Hole::unknown("node['ipaddress']", "host-dependent"));
    let mut text = Text::literal("server ");
    text.push_hole(hole());
    text.push_str(";\nlisten 80;\n");
    for (bytes, same) in [
        ("server 10.0.0.1;\nlisten 80;\n", true),
        ("server ;\nlisten 80;\n", true),
        ("server 10.0.0.1;\nlisten 81;\n", false),
        ("server 10.0.0.1;\nlisten 80;\nmore", false),
        ("xserver 1;\nlisten 80;\n", false),
    ] {
        assert_eq!(super::compare::matches(&text, bytes.as_bytes()), same, "{bytes}");
    }
    assert!(super::compare::matches(&Text::hole(hole()), b"anything") && super::compare::matches(&Text::default(), b""));
    let side = super::compare::content(&text, b"server 10.0.0.1;\nlisten 81;\n", false);
    assert_eq!((side.what.as_str(), side.chef.as_str(), side.image.as_str()), ("content, line 2", "listen 80;", "listen 81;"));
    assert!(!format!("{:?}", super::compare::content(&text, b"hunter2", true)).contains("hunter2"));
}
