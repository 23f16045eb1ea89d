//! Schedules as a file of /etc/cron.d.

use crate::blueprint::Schedule;
use crate::emit::hosts::Hosts;
use crate::emit::layout::Named;
use crate::emit::origin;

impl Hosts<'_> {
    /// The entries of those schedules that `wanted` takes, each with a command of ours; what is suspended or has no time is a comment.
    pub fn crontab(&self, wanted: impl Fn(&Schedule) -> bool, command: impl Fn(&str) -> String) -> String {
        let mut out =
            String::from("# The commands are those of docker-compose.yml. CRON_TZ is cronie's; other crons go by the host's time zone.\n");
        let mut last = "";
        for schedule in self.schedules().into_iter().filter(|schedule| wanted(schedule.item)) {
            let command = command(&schedule.name);
            for line in words(schedule) {
                out.push_str(&format!("# {line}\n"));
            }
            let cron = self.layout.at(&schedule.item.cron, self.index).map(|cron| origin::one_line(cron));
            match (cron, schedule.item.suspended.as_ref().map(|reason| origin::one_line(reason))) {
                (Some(cron), None) => {
                    let zone = zone(schedule.item);
                    if zone != last {
                        out.push_str(&format!("CRON_TZ={zone}\n"));
                        last = zone;
                    }
                    out.push_str(&format!("{cron} root {command}\n"));
                }
                (Some(cron), Some(reason)) => out.push_str(&format!("# not run: {reason}\n# {cron} root {command}\n")),
                (None, reason) => {
                    let reason = reason.unwrap_or_else(|| "it has no time of its own".to_owned());
                    out.push_str(&format!("# not run: {reason}\n# {command}\n"));
                }
            }
        }
        out
    }
}

fn zone(schedule: &Schedule) -> &str {
    let plain = |zone: &&str| {
        let legal = zone.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+'));
        legal && !zone.is_empty() && *zone != "Local"
    };
    schedule.time_zone.as_deref().filter(plain).unwrap_or("UTC")
}

fn words(schedule: &Named<Schedule>) -> Vec<String> {
    let written = origin::one_line(&schedule.item.written);
    let mut words = vec![written.clone()];
    for line in origin::lines(&schedule.item.origin) {
        // The origin's words are often the schedule's.
        words.push(line.strip_suffix(&format!(" {written}")).unwrap_or(&line).to_owned());
    }
    words.extend(schedule.item.notes.iter().map(|note| origin::one_line(note)));
    words.retain(|line| !line.is_empty());
    words
}
