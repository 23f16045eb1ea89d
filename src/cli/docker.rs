//! The file system of a local image: `docker create`, `docker export`, `docker rm`. The only programs that are ever started, and nothing
//! of the image is: the container is made, read and removed. Nothing is fetched.

use std::io::{ErrorKind, Read};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use super::Failure;

/// A container that was never started; it is removed whatever happens.
pub struct Container {
    id: String,
}

impl Drop for Container {
    fn drop(&mut self) {
        let _gone = Command::new("docker").args(["rm", "--force", "--volumes", &self.id]).stdin(Stdio::null()).output();
    }
}

/// What `docker export` prints.
pub struct Export {
    child: Child,
    out: Option<ChildStdout>,
}

impl Read for Export {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.out.as_mut().map_or(Ok(0), |out| out.read(into))
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        // A reader that gives up leaves nothing behind.
        drop(self.out.take());
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

impl Container {
    /// Makes a container of a local image.
    pub fn create(reference: &str) -> Result<Self, Failure> {
        // An image without a command needs one; it is never run.
        let made = docker(&["create", "--pull", "never", "--network", "none", "--", reference, "/bin/true"])?;
        let id = String::from_utf8_lossy(&made.stdout).lines().last().unwrap_or_default().trim().to_owned();
        if !made.status.success() || id.is_empty() {
            let said = String::from_utf8_lossy(&made.stderr).trim().to_owned();
            let help = "`docker images` lists the local images; a file is named by its path, and `-` is standard input";
            return Err(Failure::new(format!("docker knows no local image `{reference}`: {}", last_line(&said))).help(help));
        }
        Ok(Self { id })
    }

    /// Its whole file system.
    pub fn export(&self) -> Result<Export, Failure> {
        self.stream(&["export", &self.id])
    }

    /// One file, as an archive of its own.
    pub fn file(&self, path: &str) -> Result<Export, Failure> {
        self.stream(&["cp", &format!("{}:{path}", self.id), "-"])
    }

    fn stream(&self, arguments: &[&str]) -> Result<Export, Failure> {
        let mut child = Command::new("docker")
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| missing(&error))?;
        let out = child.stdout.take();
        Ok(Export { child, out })
    }
}

fn docker(arguments: &[&str]) -> Result<Output, Failure> {
    Command::new("docker").args(arguments).stdin(Stdio::null()).output().map_err(|error| missing(&error))
}

fn missing(error: &std::io::Error) -> Failure {
    let what = match error.kind() {
        ErrorKind::NotFound => "there is no program `docker`".to_owned(),
        _ => format!("`docker` could not be started: {}", error.to_string().to_lowercase()),
    };
    Failure::new(what).help("where there is one: `docker export $(docker create IMAGE) > image.tar`; then give image.tar")
}

fn last_line(text: &str) -> &str {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing").trim_start_matches("Error response from daemon: ")
}
