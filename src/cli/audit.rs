//! `ekiben audit`: reads folders, runs the rules, evaluates, and says what stands in the way of a move to containers.
//!
//! In: folders. Out: a report on standard output, and an exit code: 1 for new findings at or above `--fail-on`, 2 where a folder or file
//! could not be read. One bad folder never stops the others.

mod baseline;
mod mend;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use self::baseline::Baseline;
use super::arguments::{Audit as Asked, AuditFormat, FailOn, Format};
use super::load::{existing, given};
use super::progress::Progress;
use super::walk::Walker;
use super::{Ending, Failure, detect, print, print_error, reason};
use crate::audit::context::Trees;
use crate::audit::examine::examine_with;
use crate::audit::{Category, Context, Rule, words};
use crate::compile::Surveyed;
use crate::diagnostic::Diagnostic;
use crate::outcome::{Options, Outcome};
use crate::report::audit::build::{Parts, broken, repository, whole};
use crate::report::audit::secret::{self, Known};
use crate::report::audit::{Audit, Repository, csv, github, markdown, pages, sarif, text};
use crate::report::html;
use crate::source::{FileId, SourceMap};

/// The files of one folder.
pub struct Folder {
    name: String,
    sources: SourceMap,
    /// The stacks that were given for it, or that lie in it.
    stacks: Vec<Vec<FileId>>,
    diagnostics: Vec<Diagnostic>,
}

/// Runs `ekiben audit`.
pub fn run(asked: &Asked) -> Result<Ending, Failure> {
    let filter = Filter::of(asked)?;
    let baseline = asked.baseline.as_ref().map(|file| Baseline::read(file)).transpose()?;
    let progress = Progress::start(asked.quiet);
    let mut trees = Trees::default();
    let mut repositories = Vec::new();
    let folders = named(&asked.paths);
    if folders.len() > 1 && !asked.stack.is_empty() {
        return Err(
            Failure::new("`--stack` is for one PATH").help("audit the folders that have stacks one by one; stacks inside are found")
        );
    }
    let stacks = asked.stack.iter().map(|stack| existing(stack, "--stack")).collect::<Result<Vec<PathBuf>, Failure>>()?;
    let alone = folders.len() == 1;
    let mut mending = Mending::default();
    let mut shown = SourceMap::new();
    let mut hidden = Known::default();
    for (name, path) in &folders {
        progress.phase("auditing");
        let known = baseline.as_ref().map(|baseline| baseline.of(name, alone)).unwrap_or_default();
        let terms = Terms { quick: asked.quick, today: &asked.as_of, filter: &filter, known: &known };
        repositories.push(match read(name, path, &stacks) {
            Ok(folder) => {
                let folder = if asked.fix { mending.of(folder, path, &terms, asked.diff, alone, &mut trees) } else { folder };
                let (repository, known) = guarded(&folder, &terms, &mut trees);
                if asked.format == AuditFormat::Html {
                    keep(&folder, &repository, &mut shown);
                    hidden.add(name, known);
                }
                repository
            }
            Err(why) => broken(name, why),
        });
    }
    drop(progress);
    let audit = whole(repositories);
    print_error(&mending.words(asked.diff, &audit));
    if asked.diff {
        print(&mending.diff);
        return Ok(if audit.whole.broken > 0 { Ending::Failure } else { Ending::Clean });
    }
    if let Some(file) = &asked.write_baseline {
        Baseline::of_audit(&audit).write(file)?;
    }
    print(&rendered(&audit, asked, &folders, (&shown, &hidden)));
    let fail_on = if asked.write_baseline.is_some() { FailOn::None } else { asked.fail_on };
    Ok(ending(&audit, fail_on))
}

/// What `--fix` did in all folders.
#[derive(Default)]
struct Mending {
    said: String,
    diff: String,
    findings: usize,
    files: usize,
}

impl Mending {
    /// The folder as it is when it is mended; with `show` as it would be.
    fn of(&mut self, mut folder: Folder, path: &Path, terms: &Terms, show: bool, alone: bool, trees: &mut Trees) -> Folder {
        let below = in_checkout(path);
        let prefix = if below.is_empty() && !alone { format!("{}/", folder.name) } else { below };
        match catch_unwind(AssertUnwindSafe(|| mend::mend(&folder, path, &prefix, terms, show, trees))) {
            Ok(mended) => {
                self.said.push_str(&mended.said);
                self.diff.push_str(&mended.diff);
                self.findings += mended.findings;
                self.files += mended.files;
                folder.sources = mended.sources;
            }
            Err(_) => self.said.push_str(&format!("{prefix}: not mended: ekiben stopped in it because of a fault of its own\n")),
        }
        folder
    }

    /// What is said of it on standard error: nothing where there was nothing to mend.
    fn words(&self, show: bool, audit: &Audit) -> String {
        let totals = &audit.whole;
        let remain = totals.errors + totals.warnings + totals.notes - totals.known;
        let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let (findings, files) = (counted(self.findings, "finding"), counted(self.files, "file"));
        let last = match (self.files, show) {
            (0, _) => String::new(),
            (_, true) => format!("{findings} in {files} would be mended; {remain} would remain\n"),
            (_, false) => format!("{findings} in {files} mended; {remain} remain\n"),
        };
        format!("{}{last}", self.said)
    }
}

/// What every folder is audited by.
pub struct Terms<'a> {
    quick: bool,
    today: &'a str,
    filter: &'a Filter,
    known: &'a BTreeSet<String>,
}

/// Each folder once, by the name of its folder; names that several have are numbered.
fn named(paths: &[PathBuf]) -> Vec<(String, PathBuf)> {
    let mut seen = BTreeSet::new();
    let mut names = BTreeSet::new();
    let mut list = Vec::new();
    for path in paths {
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        if !seen.insert(real.clone()) {
            continue;
        }
        let own = real.file_name().map_or_else(|| "/".to_owned(), |name| name.to_string_lossy().into_owned());
        let free = (1..).map(|count| if count == 1 { own.clone() } else { format!("{own}-{count}") });
        let name = free.into_iter().find(|name| !names.contains(name)).unwrap_or_default();
        names.insert(name.clone());
        list.push((name, path.clone()));
    }
    list
}

fn read(name: &str, path: &Path, stacks: &[PathBuf]) -> Result<Folder, String> {
    let real = fs::canonicalize(path).map_err(|error| reason(&error))?;
    fs::read_dir(&real).map_err(|error| reason(&error))?;
    let mut walker = Walker::default();
    walker.folder(&real, "");
    let mut places = Vec::new();
    for (index, stack) in stacks.iter().enumerate() {
        let place = given(&mut walker, &real, stack, &format!("stack-{}", index + 1));
        places.push(place.map_err(|_| "a stack of it cannot be read".to_owned())?);
    }
    let mut sources = SourceMap::new();
    let Walker { mut files, diagnostics, .. } = walker;
    if files.is_empty() {
        return Err("it is empty".to_owned());
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files.dedup_by(|one, other| one.path == other.path);
    files.into_iter().for_each(|file| {
        sources.add(file);
    });
    let stacks = if places.is_empty() {
        detect::stacks(&sources, "").into_iter().map(|found| found.files).collect()
    } else {
        places.iter().map(|place| place.files(&sources)).collect()
    };
    Ok(Folder { name: name.to_owned(), sources, stacks, diagnostics })
}

/// The audit of one folder; a fault of the program's own in it is said and stops nothing else.
fn guarded(folder: &Folder, terms: &Terms, trees: &mut Trees) -> (Repository, Known) {
    let faulty = || (broken(&folder.name, "ekiben stopped in it because of a fault of its own".to_owned()), Known::default());
    let context = match catch_unwind(AssertUnwindSafe(|| Context::with(&folder.sources, "", trees))) {
        Ok(context) => Context { today: terms.today, ..context },
        Err(_) => return faulty(),
    };
    let whole = catch_unwind(AssertUnwindSafe(|| of(folder, &context, !terms.quick, terms)));
    let rules_alone = || catch_unwind(AssertUnwindSafe(|| of(folder, &context, false, terms)));
    whole.or_else(|_| rules_alone()).unwrap_or_else(|_| faulty())
}

fn of(folder: &Folder, context: &Context, evaluate: bool, terms: &Terms) -> (Repository, Known) {
    let sources = &folder.sources;
    let (survey, design) = evaluated(folder, evaluate);
    let exposed = secret::exposed(sources, context, design.as_ref());
    let examined = examine_with(context, secret::findings(&exposed, context));
    let parts = Parts {
        name: &folder.name,
        sources,
        context,
        examined: &examined,
        exposed: &exposed,
        diagnostics: &folder.diagnostics,
        survey: survey.as_ref(),
        design: design.as_ref(),
    };
    repository(&parts, &|rule| terms.filter.wants(rule), &|fingerprint| terms.known.contains(fingerprint))
}

/// Every recipe evaluated by itself, and what a conversion would give.
fn evaluated(folder: &Folder, evaluate: bool) -> (Option<Surveyed>, Option<Outcome>) {
    let sources = &folder.sources;
    let has_code = || !crate::chef::repository::Repository::find(sources, "", &folder.name).cookbooks.is_empty();
    if !evaluate || !has_code() {
        return (None, None);
    }
    let options = Options { name: folder.name.clone(), stacks: folder.stacks.clone(), ..Options::default() };
    (Some(crate::compile::survey(sources, &options)), Some(crate::compile::design(sources, &options)))
}

/// Keeps the texts that `repository` names places in, below its name, for the lines that a page shows.
fn keep(folder: &Folder, repository: &Repository, shown: &mut SourceMap) {
    let named = repository.files();
    for (_, file) in folder.sources.iter().filter(|(_, file)| !file.text().is_empty() && named.contains(file.path.as_str())) {
        shown.add_text(format!("{}/{}", folder.name, file.path), file.text());
    }
}

fn rendered(audit: &Audit, asked: &Asked, folders: &[(String, PathBuf)], (shown, hidden): (&SourceMap, &Known)) -> String {
    let within: Vec<String> = folders.iter().map(|(_, path)| in_checkout(path)).collect();
    match asked.format {
        AuditFormat::Text => text::text(audit, asked.quiet),
        AuditFormat::Markdown => markdown::markdown(audit),
        AuditFormat::Html => html::audit(audit, shown, hidden),
        AuditFormat::Json => serde_json::to_string_pretty(audit).unwrap_or_default() + "\n",
        AuditFormat::Sarif => sarif::sarif(audit, &within, asked.baseline.is_some()),
        AuditFormat::Csv => csv::csv(audit),
        AuditFormat::Github => github::annotations(audit, &within),
    }
}

/// Where a folder lies below the current one, as code hosts know its files: `cookbooks/`; empty where it does not lie below it.
fn in_checkout(path: &Path) -> String {
    let current = std::env::current_dir().and_then(fs::canonicalize);
    let (Ok(current), Ok(real)) = (current, fs::canonicalize(path)) else { return String::new() };
    let inside = real.strip_prefix(&current).map(|inside| inside.to_string_lossy().replace('\\', "/")).unwrap_or_default();
    if inside.is_empty() { inside } else { inside + "/" }
}

fn ending(audit: &Audit, fail_on: FailOn) -> Ending {
    let unreadable = |one: &Repository| one.failure.is_some() || one.unread.iter().any(|file| file.why.contains("cannot be read"));
    let new = audit.repositories.iter().flat_map(|repository| &repository.findings).filter(|one| !one.known);
    let fails = new.filter_map(|one| fail_on.least().map(|least| one.severity >= least)).any(|fails| fails);
    if audit.repositories.iter().any(unreadable) {
        Ending::Failure
    } else if fails {
        Ending::Findings
    } else {
        Ending::Clean
    }
}

/// Which rules count.
pub struct Filter {
    select: Vec<String>,
    ignore: Vec<String>,
}

impl Filter {
    fn of(asked: &Asked) -> Result<Self, Failure> {
        for word in asked.select.iter().chain(&asked.ignore) {
            if words::find(word).is_none() && !words::all().any(|rule| matches(rule, word)) && !is_category(word) {
                let categories: Vec<&str> = Category::ALL.iter().map(|category| category.name()).collect();
                return Err(Failure::new(format!("no rule and no category is called `{word}`"))
                    .help(format!("`ekiben rules` lists the rules; the categories are {}", categories.join(", "))));
            }
        }
        Ok(Self { select: asked.select.clone(), ignore: asked.ignore.clone() })
    }

    fn wants(&self, rule: &Rule) -> bool {
        let any = |list: &[String]| list.iter().any(|word| matches(rule, word));
        (self.select.is_empty() || any(&self.select)) && !any(&self.ignore)
    }
}

fn is_category(word: &str) -> bool {
    Category::ALL.iter().any(|category| category.name().eq_ignore_ascii_case(word))
}

/// Whether `word` is the rule's code, the beginning of it (`A3`), its name or its category.
fn matches(rule: &Rule, word: &str) -> bool {
    let code = word.len() > 1 && rule.code.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    code || rule.name.eq_ignore_ascii_case(word) || rule.category.name().eq_ignore_ascii_case(word)
}

/// Runs `ekiben rules`.
pub fn rules(format: Format) {
    print(&match format {
        Format::Text => pages::table(),
        Format::Json => pages::json(),
    });
}

/// Runs `ekiben rule`.
pub fn rule(name: &str, format: Format) -> Result<Ending, Failure> {
    let Some(rule) = words::find(name) else {
        return Err(Failure::new(format!("no rule is called `{name}`")).help("`ekiben rules` lists them"));
    };
    print(&match format {
        Format::Text => pages::page(rule),
        Format::Json => pages::page_json(rule),
    });
    Ok(Ending::Clean)
}
