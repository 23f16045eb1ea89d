//! Files that cron reads: `/etc/crontab`, `/etc/cron.d/*`, `/var/spool/cron/*`, and the scripts of `/etc/cron.daily` and its like.

use crate::diagnostic::Diagnostic;
use crate::graph::{FileKind, Run};
use crate::outcome::Fate;
use crate::pass::command::{Plain, Wrappers};
use crate::pass::encode::{Encoded, encode};
use crate::pass::input::RunFile;
use crate::pass::schedule::crontab::{self, Table};
use crate::pass::schedule::entry::{Act, Entry, Time, alive, is_debian};
use crate::pass::schedule::{Made, resource, wrap};
use crate::pass::{Input, Sink};
use crate::read::cron::When;
use crate::text::Text;

/// Folders of scripts: Debian's times (`/etc/crontab`), and the earliest of those that anacron gives on RHEL.
const FOLDERS: &[(&str, &str, &str)] = &[
    ("hourly", "17 * * * *", "1 * * * *"),
    ("daily", "25 6 * * *", "6 3 * * *"),
    ("weekly", "47 6 * * 7", "26 3 * * 7"),
    ("monthly", "52 6 1 * *", "46 3 1 * *"),
];

/// Where a file stands in what cron reads.
enum Place {
    /// Lines with a user.
    System,
    /// A user's lines.
    User(String),
    /// A script that runs at the time of its folder.
    Folder(usize),
}

fn place_of(path: &str) -> Option<Place> {
    if path == "/etc/crontab" || path.strip_prefix("/etc/cron.d/").is_some_and(|name| !name.contains('/') && !name.starts_with('.')) {
        return Some(Place::System);
    }
    let spool =
        ["/var/spool/cron/crontabs/", "/var/spool/cron/tabs/", "/var/spool/cron/"].iter().find_map(|folder| path.strip_prefix(folder));
    if let Some(user) = spool.filter(|name| !name.contains('/') && !name.starts_with('.')) {
        return Some(Place::User(user.to_owned()));
    }
    let (folder, name) = path.strip_prefix("/etc/cron.")?.split_once('/')?;
    let index = FOLDERS.iter().position(|(known, ..)| *known == folder)?;
    (!name.contains('/') && !name.starts_with('.')).then_some(Place::Folder(index))
}

/// What the files make and remove.
pub fn find(input: &Input<'_>, wrappers: &Wrappers, acts: &mut Vec<Act<Made>>, sink: &mut Sink) {
    for file in input.files() {
        let Some(run) = input.graph.runs.get(file.run).filter(|run| alive(run.event)) else { continue };
        let Some(place) = place_of(file.path) else { continue };
        let act = |makes| Act {
            place: (run.environment, run.layer.clone()),
            order: (run.event, file.run, file.state.resource),
            key: file.path.to_owned(),
            item: file.item,
            makes,
        };
        let Some(resource) = input.resource(file.item) else { continue };
        let why = match &file.state.kind {
            FileKind::File(text) => {
                // A `cron` or `cron_d` resource is read by its properties.
                if !matches!(resource.kind.as_str(), "cron" | "cron_d") {
                    let entries = read(input, wrappers, run, &file, place, &encode(text), sink);
                    acts.push(act(Some(Made { rank: 1, entries })));
                }
                continue;
            }
            FileKind::Absent => {
                acts.push(act(None));
                continue;
            }
            FileKind::Link(to) => {
                if let Some(text) = linked(input, run, &to.to_string()) {
                    let entries = read(input, wrappers, run, &file, place, &encode(&text), sink);
                    acts.push(act(Some(Made { rank: 1, entries })));
                    continue;
                }
                format!("it is a link to {to}, which is not laid out here")
            }
            FileKind::Directory => continue,
            FileKind::Broken(why) => why.clone(),
            FileKind::Remote(from) => format!("it is fetched from {from}"),
            FileKind::Binary(_) => "it is no text".to_owned(),
        };
        let message = format!("the schedule in {} is not known: {why}", file.path);
        sink.diagnose(resource::place(input, resource, Diagnostic::warning("C142", message)).help("translate it by hand"));
        sink.claim(file.item, Fate::Manual, "", format!("a schedule that is not known: {why}"));
        sink.task(format!("Translate {} by hand", file.path), why, input.origin(file.item).into_iter().collect());
    }
}

/// The text that a link leads to: a file of the host, or of the app.
fn linked(input: &Input<'_>, run: &Run, to: &str) -> Option<Text> {
    if let Some(FileKind::File(text)) = run.files.get(to).map(|state| &state.kind) {
        return Some(text.clone());
    }
    let path = input.image_path(to);
    let inside = path.strip_prefix("/app/")?;
    input.projects.iter().find_map(|project| project.text(input.sources, inside)).map(Text::from)
}

fn read(
    input: &Input<'_>,
    wrappers: &Wrappers,
    run: &Run,
    file: &RunFile<'_>,
    place: Place,
    encoded: &Encoded,
    sink: &mut Sink,
) -> Vec<Entry> {
    let Some(resource) = input.resource(file.item) else { return Vec::new() };
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    let mut base = Entry::of(input, run, file.item, resource, "cron.d");
    let debian = is_debian(input, run);
    if debian && !matches!(place, Place::User(_)) && name.contains('.') {
        base.suspended = Some(format!("Debian's cron skips {}: a name with a dot. It never ran", file.path));
    }
    let source = file.state.source.clone().filter(|path| {
        // A file that is laid out as it is: its lines are those of the input.
        input.sources.find(path).is_some_and(|id| input.sources.file(id).text() == encoded.text)
    });
    let (system, user, kind) = match place {
        Place::System if file.path == "/etc/crontab" => (true, None, "crontab"),
        Place::System => (true, None, "cron.d"),
        Place::User(user) => (false, Some(user), "crontab"),
        Place::Folder(index) => return vec![script(base, file, index, encoded, wrappers, debian)],
    };
    let at = file.path.to_owned();
    crontab::read(input, run, &Table { encoded, text: &encoded.text, system, user, at, source, kind }, &base, wrappers, sink)
}

/// The entry of a script that run-parts or anacron runs.
fn script(base: Entry, file: &RunFile<'_>, index: usize, encoded: &Encoded, wrappers: &Wrappers, debian: bool) -> Entry {
    let (period, on_debian, on_others) = FOLDERS[index];
    let mut entry = base.with(of_script(&encoded.text, wrappers));
    let fields = if debian { on_debian } else { on_others };
    entry.kind = "cron folder";
    entry.name = file.path.rsplit('/').next().unwrap_or(period).to_owned();
    entry.written = format!("/etc/cron.{period}");
    entry.time = Time::of(When::parse(fields));
    entry.original = encoded.show(encoded.text.trim());
    entry.plain.user = entry.plain.user.take().or(Some("root".to_owned()));
    entry.notes.push(if debian {
        format!("Debian's time of /etc/cron.{period}")
    } else if period == "hourly" {
        "the first minute, as crond runs /etc/cron.hourly".to_owned()
    } else {
        format!("anacron runs /etc/cron.{period} up to 45 minutes later, by chance, and makes up for days that a host was off")
    });
    if let Some(mode) = &file.state.mode
        && !mode.chars().rev().take(3).any(|digit| matches!(digit, '1' | '3' | '5' | '7'))
    {
        entry.suspended = Some(format!("run-parts skips {}: not executable (mode {mode}). It never ran", file.path));
    }
    entry.shown(encoded)
}

/// A script as a command: the one that it runs, or all of it in its interpreter.
fn of_script(text: &str, wrappers: &Wrappers) -> wrap::Taken {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let interpreter = first.strip_prefix("#!").map(|line| {
        let mut words = line.split_whitespace();
        let program = words.next().unwrap_or("sh").rsplit('/').next().unwrap_or("sh");
        if program == "env" { words.next().unwrap_or("sh") } else { program }.to_owned()
    });
    let body = if interpreter.is_some() { rest } else { text };
    let name = interpreter.unwrap_or_else(|| "sh".to_owned());
    if matches!(name.as_str(), "sh" | "bash" | "dash" | "ksh" | "zsh") {
        let mut taken = wrap::take(body, wrappers);
        if taken.plain.shell {
            taken.plain.words = vec![name, "-c".to_owned(), body.trim().to_owned()];
            taken.plain.directory = None;
        }
        return taken;
    }
    let flag = if matches!(name.as_str(), "ruby" | "perl" | "node") { "-e" } else { "-c" };
    let words = vec![name, flag.to_owned(), body.trim().to_owned()];
    wrap::Taken { plain: Plain { words, shell: true, ..Plain::default() }, ..wrap::Taken::default() }
}
