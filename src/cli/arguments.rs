//! What can be asked on the command line. The doc comments are the help that the user reads.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

use crate::emit::{self, ALL, BACKENDS};

/// Compile Chef cookbooks (above all those of AWS OpsWorks stacks) and the project they deploy into Dockerfiles, Compose files and
/// Kubernetes manifests.
///
/// Nothing of the input is run, and nothing is fetched: ekiben reads the folders it is given and writes one folder.
/// Every resource, schedule entry and process is accounted for in report.md, with file and line.
#[derive(Debug, Parser)]
#[command(name = "ekiben", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes:
  0  clean
  1  findings: at least one warning or error about the input, or a file changed by hand was kept
  2  wrong usage, a file or folder that cannot be read or written, or nothing to convert";

const EXAMPLES: &str = "Examples:
  ekiben convert . -o containers
      A repository that holds cookbooks, the app and saved stacks; all are found by what is in them.
  ekiben convert cookbooks --app ../shop --stack exports/production --stack exports/staging -o out
      Cookbooks, the Rails project they deploy, and what `aws opsworks describe-…` said of two stacks.
  ekiben convert . --run-list 'recipe[shop::web]' --platform ubuntu-20.04 -o out --dry-run
      Cookbooks without a stack: what chef-client would be told, and what would be written.

Exit codes:
  0  clean
  1  findings: at least one warning or error about the input, or a file changed by hand was kept
  2  wrong usage, a file or folder that cannot be read or written, or nothing to convert";

const VERIFY: &str = "Examples:
  ekiben verify-image shop:local cookbooks --app ../shop --stack exports/production
      A local image. It is read with `docker create` and `docker export`; nothing of it is run, and nothing is fetched.
  docker export CONTAINER | ekiben verify-image - . --image shop --all
      The same from standard input, with a list of what went elsewhere or was left out, and why.

Exit codes:
  0  every difference is explained
  1  differences that nothing explains
  2  wrong usage, an image or folder that cannot be read, or nothing to compare";

const AUDIT: &str = "Examples:
  ekiben audit cookbooks
      Findings by file, what to do first, what stands in the way of each recipe, the work, secrets to make anew.
  ekiben audit ~/src/*-cookbooks --format markdown > audit.md
      Many repositories: one section each, and a table of all.
  ekiben audit . --write-baseline .ekiben-baseline.json; ekiben audit . --baseline .ekiben-baseline.json --format github
      From now on only new findings fail.
  ekiben audit . --fix --diff
      What --fix would change.

In the source, `# ekiben: allow(rule) the reason` allows a finding of that line, or of the next where it stands alone.

Exit codes:
  0  no new finding at or above --fail-on
  1  there is one
  2  wrong usage, or a folder or file that cannot be read; the rest is audited";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write Dockerfile, compose.yaml, Kubernetes manifests and report.md
    #[command(after_help = EXAMPLES)]
    Convert(Convert),
    /// Show what Chef would do, run by run, resource by resource, without converting it
    #[command(after_help = EXIT_CODES)]
    Graph(Graph),
    /// Compare a built image with what Chef would have left on the machine, and say each difference
    #[command(after_help = VERIFY)]
    VerifyImage(VerifyImage),
    /// Say what stands in the way of a move to containers, what is dangerous, and how big the job is
    #[command(after_help = AUDIT)]
    Audit(Audit),
    /// List the rules of the audit
    Rules {
        /// How to show them: as a table, or as JSON with their pages.
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: Format,
    },
    /// Explain one rule of the audit: what it finds, why it matters, the wrong and the right way
    Rule {
        /// Its name or code: node-set, A101.
        #[arg(value_name = "NAME|CODE")]
        name: String,
        /// How to show it: for people, or as JSON.
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: Format,
    },
    /// List the targets that `convert --target` knows
    Targets,
    /// Write a completion script for a shell to standard output
    Completions {
        /// The shell, for example: ekiben completions bash > /etc/bash_completion.d/ekiben
        shell: clap_complete::Shell,
    },
}

/// `ekiben convert`
#[derive(Debug, Args)]
pub struct Convert {
    /// What is read.
    #[command(flatten)]
    pub input: Input,
    /// The folder to write; it is made when missing. A second run replaces the files that nobody has changed since, removes those
    /// that are no longer made, and keeps (and names) those that were changed by hand.
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::DirPath)]
    pub output: PathBuf,
    /// What to write, several separated by commas, or `all`. `ekiben targets` lists them and says which are written without being named.
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = PossibleValuesParser::new(BACKENDS.iter().map(|backend| backend.name).chain([ALL])))]
    pub target: Vec<String>,
    /// What may be chosen about the output.
    #[command(flatten)]
    pub choices: Choices,
    /// Show which files would be written, removed or kept, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Overwrite files in OUT that were changed by hand or that ekiben did not write.
    #[arg(long)]
    pub force: bool,
    /// How to report: for people, or as one JSON document on standard output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Print only warnings and errors.
    #[arg(short, long)]
    pub quiet: bool,
}

/// What may be chosen about the output.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Choices {
    /// Registry and path before image names: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop. Without it CI puts them in.
    #[arg(long, value_name = "PREFIX")]
    pub registry: Option<String>,
    /// Pin a base image by its digest, too: ruby:3.3-slim-bookworm=sha256:… Once for each image.
    #[arg(long, value_name = "IMAGE=DIGEST", value_parser = digest)]
    pub digest: Vec<(String, String)>,
    /// The `ClusterSecretStore` that the External Secrets Operator reads from.
    #[arg(long, value_name = "NAME", default_value_t = emit::Options::default().secret_store)]
    pub secret_store: String,
    /// Storage class of volumes of one pod.
    #[arg(long, value_name = "NAME", default_value_t = emit::Options::default().storage_class)]
    pub storage_class: String,
    /// Storage class of volumes that several pods share.
    #[arg(long, value_name = "NAME", default_value_t = emit::Options::default().shared_storage_class)]
    pub shared_storage_class: String,
    /// Write `NetworkPolicy` objects: which pods may talk to which.
    #[arg(long)]
    pub network_policy: bool,
    /// Scale workers by the length of their queues with KEDA, which must be installed, instead of by CPU.
    #[arg(long)]
    pub keda: bool,
    /// Where Amazon ECS runs tasks: fargate (each task has an address of its own) or ec2 (instances, dynamic ports).
    #[arg(long, value_name = "TYPE", default_value = "fargate")]
    pub launch: Launch,
}

/// Where Amazon ECS runs tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Launch {
    /// On capacity of AWS.
    Fargate,
    /// On instances of the cluster.
    Ec2,
}

impl Choices {
    /// The emitters' options, for the targets asked for.
    #[must_use]
    pub fn options(&self, targets: &[String]) -> emit::Options {
        emit::Options {
            targets: targets.to_vec(),
            registry: self.registry.as_ref().map(|prefix| prefix.trim_end_matches('/').to_owned()),
            secret_store: self.secret_store.clone(),
            storage_class: self.storage_class.clone(),
            shared_storage_class: self.shared_storage_class.clone(),
            digests: self.digest.iter().cloned().collect(),
            network_policy: self.network_policy,
            keda: self.keda,
            launch: match self.launch {
                Launch::Fargate => emit::Launch::Fargate,
                Launch::Ec2 => emit::Launch::Ec2,
            },
        }
    }
}

/// `ekiben graph`
#[derive(Debug, Args)]
pub struct Graph {
    /// What is read.
    #[command(flatten)]
    pub input: Input,
    /// Show instead what is not supported: every recipe of every cookbook is evaluated alone, and what was not understood is counted, the most
    /// frequent first, with what is missing from the folder and what would stop Chef as well.
    #[arg(long)]
    pub unsupported: bool,
    /// Show instead what is made of the resources: images, processes, schedules, the environment, stores, routes, tasks, each with
    /// the places it comes from.
    #[arg(long, conflicts_with = "unsupported")]
    pub blueprint: bool,
    /// How to show it: for people, or as one JSON document on standard output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Print only warnings and errors beside the graph, no notes.
    #[arg(short, long)]
    pub quiet: bool,
}

/// `ekiben audit`
#[derive(Debug, Args)]
pub struct Audit {
    /// The folders to read: cookbooks, folders of cookbooks, repositories. Each is a repository of the report; saved stacks inside are used.
    #[arg(value_name = "PATH", value_hint = ValueHint::DirPath, required = true)]
    pub paths: Vec<PathBuf>,
    /// An OpsWorks stack that lies elsewhere, as for `convert`: its run lists say what is reached, and its JSON is audited. For one PATH.
    #[arg(long, value_name = "STACK", value_hint = ValueHint::AnyPath)]
    pub stack: Vec<PathBuf>,
    /// How to report.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: AuditFormat,
    /// The least severity of a new finding that makes the exit code 1.
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub fail_on: FailOn,
    /// Only these rules: codes (A301, or A3 for all that begin so), names or categories, separated by commas.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Not these rules: codes, names or categories, separated by commas.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Write the fingerprints of all findings to FILE; nothing fails then.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "baseline")]
    pub write_baseline: Option<PathBuf>,
    /// Findings whose fingerprints are in FILE are no news: they are counted, but not listed, and never fail.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub baseline: Option<PathBuf>,
    /// Mend the findings that a small exact edit mends (`ekiben rules` marks them), then say what is left.
    #[arg(long, conflicts_with = "write_baseline")]
    pub fix: bool,
    /// With --fix: write nothing, and show what would be changed as a diff that `git apply` takes; lines that may hold secrets are not in it.
    #[arg(long, requires = "fix")]
    pub diff: bool,
    /// The day by which something is past its end of life; unless said, the day that the table of ends is of.
    #[arg(long, value_name = "YYYY-MM-DD", default_value = crate::facts::end::AS_OF, value_parser = day)]
    pub as_of: String,
    /// Only the rules: nothing is evaluated, so there is no forecast and no word on what is understood.
    #[arg(long)]
    pub quick: bool,
    /// Print only findings from warnings on, and no summary; show no progress.
    #[arg(short, long)]
    pub quiet: bool,
}

/// How an audit is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// For the terminal.
    Text,
    /// A document, with a table of all repositories.
    Markdown,
    /// One file for the browser: searchable, without network access.
    Html,
    /// Everything, for programs.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// A line for each finding, for spreadsheets.
    Csv,
    /// Annotations of GitHub Actions.
    Github,
}

/// From which severity on findings fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors.
    Error,
    /// Errors and warnings.
    Warning,
    /// Everything.
    Note,
    /// Nothing.
    None,
}

impl FailOn {
    /// The least severity that fails.
    #[must_use]
    pub fn least(self) -> Option<crate::diagnostic::Severity> {
        use crate::diagnostic::Severity;
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::None => None,
        }
    }
}

/// `ekiben verify-image`
#[derive(Debug, Args)]
pub struct VerifyImage {
    /// The image: a local one by its reference, a file that `docker export` printed, or `-` for such on standard input.
    #[arg(value_name = "IMAGE", value_hint = ValueHint::AnyPath)]
    pub image: String,
    /// What is read.
    #[command(flatten)]
    pub input: Input,
    /// Which of the images it is, where its reference does not end with the name.
    #[arg(long = "image", value_name = "NAME")]
    pub image_name: Option<String>,
    /// List what was moved, left out or not checked, too, and why.
    #[arg(long)]
    pub all: bool,
    /// How to report: for people, or as one JSON document on standard output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Show no progress.
    #[arg(short, long)]
    pub quiet: bool,
}

/// What is read, by every command that reads.
#[derive(Debug, Args)]
pub struct Input {
    /// The folder with the cookbooks: one cookbook, a folder of cookbooks, a Chef repository, or a project that holds them.
    #[arg(value_name = "PATH", value_hint = ValueHint::DirPath)]
    pub path: PathBuf,
    /// The Rails (or other) project that the cookbooks deploy, when it is not inside PATH.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub app: Option<PathBuf>,
    /// An OpsWorks stack: a CloudFormation template, or a folder with the saved output of `aws opsworks describe-stacks`,
    /// `describe-layers`, `describe-apps`, `describe-instances` and `describe-rds-db-instances`. Once for each stack; each becomes an
    /// environment. Stacks inside PATH are found without it.
    #[arg(long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    pub stack: Vec<PathBuf>,
    /// Node attributes and a run list, as `chef-client --json-attributes` reads them.
    #[arg(short = 'j', long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub json_attributes: Option<PathBuf>,
    /// What to run where no stack says it: 'recipe[shop::web],role[base]'.
    #[arg(short, long, value_name = "LIST", value_delimiter = ',')]
    pub run_list: Vec<String>,
    /// Only this layer of the stacks, by its short name.
    #[arg(long, value_name = "NAME")]
    pub layer: Option<String>,
    /// The platform of the hosts where no stack says it: ubuntu-20.04, centos-7, amazon-2.
    #[arg(long, value_name = "NAME-VERSION", value_parser = platform)]
    pub platform: Option<(String, String)>,
    /// Only this environment: a stack's environment, or the Chef environment of a repository without stacks.
    #[arg(short, long, value_name = "NAME")]
    pub environment: Option<String>,
}

/// How to report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// `ubuntu-20.04` as name and version.
fn platform(given: &str) -> Result<(String, String), String> {
    match given.rsplit_once('-') {
        Some((name, version)) if !name.is_empty() && version.starts_with(|first: char| first.is_ascii_digit()) => {
            Ok((name.to_lowercase(), version.to_owned()))
        }
        _ => Err("a platform is a name and a version, such as `ubuntu-20.04`".to_owned()),
    }
}

/// `ruby:3.3-slim=sha256:…` as image and digest.
fn day(given: &str) -> Result<String, String> {
    given.parse::<jiff::civil::Date>().map(|day| day.to_string()).map_err(|_| "a day is written as 2027-05-01".to_owned())
}

fn digest(given: &str) -> Result<(String, String), String> {
    match given.split_once('=') {
        Some((image, digest)) if !image.is_empty() && is_digest(digest) => Ok((image.to_owned(), digest.to_owned())),
        _ => Err("write the image, `=`, and `sha256:` with 64 hexadecimal digits".to_owned()),
    }
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_platform_has_a_name_and_a_version() {
        assert_eq!(platform("Ubuntu-20.04"), Ok(("ubuntu".to_owned(), "20.04".to_owned())));
        assert_eq!(platform("opensuse-leap-15.4"), Ok(("opensuse-leap".to_owned(), "15.4".to_owned())));
        for wrong in ["ubuntu", "-20", "ubuntu-", "ubuntu-focal"] {
            assert!(platform(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn lists_are_split_at_commas() {
        let parsed =
            Arguments::try_parse_from(["ekiben", "convert", ".", "-o", "out", "--target", "docker,compose", "-r", "recipe[a],role[b]"]);
        let Ok(Arguments { command: Command::Convert(convert) }) = parsed else { panic!("{parsed:?}") };
        assert_eq!((convert.target.len(), convert.input.run_list.len()), (2, 2));
        assert!(Arguments::try_parse_from(["ekiben", "convert", ".", "-o", "out", "--target", "nomad"]).is_err());
    }
}
