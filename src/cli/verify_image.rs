//! `ekiben verify-image`: loads, evaluates, reads an image's file system, and says each difference from what Chef would have left.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use super::arguments::{Format, VerifyImage};
use super::docker::Container;
use super::load::load;
use super::progress::Progress;
use super::{Ending, Failure, print, print_error, reason};
use crate::diagnostic::Severity;
use crate::emit::docker::promise;
use crate::report::mask::Masker;
use crate::report::verification;
use crate::verify::system::FileSystem;
use crate::verify::{Subject, archive, choose};

/// Where Debian and Ubuntu list what is installed.
const STATUS: &str = "/var/lib/dpkg/status";

/// Runs the command.
pub fn run(arguments: &VerifyImage) -> Result<Ending, Failure> {
    let progress = Progress::start(arguments.quiet);
    progress.phase("reading");
    let loaded = load(&arguments.input)?;
    progress.phase("evaluating the cookbooks");
    let outcome = crate::compile::design(&loaded.sources, &loaded.options);
    let promises = promise::of(&outcome.blueprint);
    let names: Vec<&str> = promises.iter().map(|one| one.name.as_str()).collect();
    let Some(promise) = choose(&promises, arguments.image_name.as_deref(), &arguments.image) else {
        let what = match (&arguments.image_name, names.as_slice()) {
            (_, []) => "no image comes out of these cookbooks".to_owned(),
            (Some(name), _) => format!("there is no image `{name}`"),
            (None, _) => format!("`{}` does not say which image it is", arguments.image),
        };
        let help = if names.is_empty() {
            "`ekiben graph` shows what Chef would do".to_owned()
        } else {
            format!("say --image {}", names.join(" or --image "))
        };
        return Err(Failure::new(what).help(help));
    };
    progress.phase("reading the image");
    let subject = Subject::new(&outcome, &promises, promise);
    let (system, base) = file_system(&arguments.image, &subject)?;
    let findings = subject.compare(&system, base.as_ref());
    drop(progress);
    let masker = Masker::new(&outcome);
    let view = verification::View::of(&findings, &masker);
    let errors = loaded.diagnostics.iter().chain(&outcome.diagnostics).filter(|one| one.severity == Severity::Error).count();
    if errors > 0 {
        let what = if errors == 1 { "an error".to_owned() } else { format!("{errors} errors") };
        print_error(&format!("the cookbooks have {what}, behind which nothing is expected of the image: `ekiben graph` shows them\n"));
    }
    match arguments.format {
        Format::Text => print(&verification::text(&view, arguments.all)),
        Format::Json => print(&view.json()),
    }
    Ok(if findings.has_faults() { Ending::Findings } else { Ending::Clean })
}

/// The image's file system, and the packages of its base where that is at hand.
fn file_system(image: &str, subject: &Subject<'_>) -> Result<(FileSystem, Option<BTreeMap<String, String>>), Failure> {
    let wanted = subject.wanted();
    let read = |from: &mut dyn Read| {
        archive::read(from, &wanted).map_err(|error| Failure::new(format!("`{image}` cannot be read as an image: {error}")))
    };
    if image == "-" {
        return Ok((read(&mut std::io::stdin().lock())?, None));
    }
    let path = Path::new(image);
    if path.is_file() {
        let file = File::open(path).map_err(|error| Failure::new(format!("`{image}` cannot be read: {}", reason(&error))))?;
        return Ok((read(&mut BufReader::with_capacity(1 << 18, file))?, None));
    }
    if path.is_dir() || image.ends_with(".tar") || image.starts_with(['/', '.']) {
        let what = if path.is_dir() { "is a folder" } else { "does not exist" };
        return Err(Failure::new(format!("`{image}` {what}")).help("give a local image, a file that `docker export` printed, or `-`"));
    }
    let container = Container::create(image)?;
    let system = read(&mut container.export()?)?;
    Ok((system, packages_of(subject.base())))
}

/// The packages of a base image; nothing, where it is not here.
fn packages_of(base: &str) -> Option<BTreeMap<String, String>> {
    let container = Container::create(base).ok()?;
    let mut file = container.file(STATUS).ok()?;
    let wanted: BTreeSet<String> = ["/status".to_owned()].into();
    let system = archive::read(&mut file, &wanted).ok()?;
    let bytes = system.content("/status")?;
    Some(crate::verify::system::of_dpkg(&String::from_utf8_lossy(bytes)))
}
