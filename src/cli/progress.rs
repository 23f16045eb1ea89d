//! What is going on, on standard error: only on a terminal, and only when it takes longer than a blink.

use std::io::IsTerminal;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Shorter work shows nothing.
const PATIENCE: Duration = Duration::from_millis(300);

/// A spinner that names the phase; gone when dropped.
pub struct Progress {
    phases: Option<Sender<&'static str>>,
    painter: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts waiting; silent where `quiet` or without a terminal.
    pub fn start(quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self { phases: None, painter: None };
        }
        let (phases, told) = channel();
        Self { phases: Some(phases), painter: Some(std::thread::spawn(move || paint(&told))) }
    }

    /// Names what is done now.
    pub fn phase(&self, name: &'static str) {
        if let Some(phases) = &self.phases {
            let _painter_gone = phases.send(name);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.phases = None;
        if let Some(painter) = self.painter.take() {
            let _painter_gone = painter.join();
        }
    }
}

fn paint(told: &Receiver<&'static str>) {
    let start = std::time::Instant::now();
    let mut phase = "";
    loop {
        match told.recv_timeout(PATIENCE.saturating_sub(start.elapsed())) {
            Ok(name) => phase = name,
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
    let spinner = ProgressBar::new_spinner().with_message(phase);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed:.dim}") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(Duration::from_millis(100));
    while let Ok(name) = told.recv() {
        spinner.set_message(name);
    }
    spinner.finish_and_clear();
}
