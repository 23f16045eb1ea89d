//! What runs once per release, and what runs on a schedule.

use crate::blueprint::{Job, Mount, Schedule};
use crate::emit::kubernetes::container::variable_of;
use crate::emit::kubernetes::{Cluster, command, labels, object};
use crate::emit::layout::Named;
use crate::emit::yaml::{Document, List, Map};
use crate::emit::{origin, settings};

/// For a suspended task without a time of its own.
const HOURLY: &str = "0 * * * *";

impl Cluster<'_> {
    /// A Job; image, settings and security come from the base's patch.
    pub(super) fn job(&self, job: &Named<Job>) -> Document {
        let component = || labels(&self.layout.name, &job.name);
        let mut container = Map::new().with("name", "app");
        if !job.item.command.is_empty() {
            container = container.with("command", command(&job.item.command));
        }
        let mounts = self.mounted(&self.layout.own_mounts(&job.item.image, &job.item.mounts), None);
        let pod = self.task_pod(container, &mounts);
        let spec = Map::new()
            .with("backoffLimit", 0u32)
            .with("activeDeadlineSeconds", 1800u32)
            .with("ttlSecondsAfterFinished", 86_400u32)
            .with("template", Map::new().with("metadata", Map::new().with("labels", component())).with("spec", pod));
        let metadata = Map::new().with("name", job.name.as_str()).with("labels", component());
        let mut comments = vec!["Once per release, before the rollout: see ../deploy.sh.".to_owned()];
        comments.extend(origin::lines(&job.item.origin));
        comments.extend(job.item.notes.iter().map(|note| origin::one_line(note)));
        Document::new(object("batch/v1", "Job", metadata).with("spec", spec)).commented(comments)
    }

    /// A `CronJob`; policies, image, settings and security come from the base's patch.
    pub(super) fn cron_job(&self, schedule: &Named<Schedule>) -> Document {
        let item = schedule.item;
        let component = || labels(&self.layout.name, "cron");
        let mut container = Map::new().with("name", "app");
        if let Some(words) = item.command.base().filter(|words| !words.is_empty()) {
            container = container.with("command", command(words));
        }
        container = container.with_some("workingDir", self.layout.own_directory(&item.image, item.directory.as_deref()));
        let usable = item.variables.iter().filter(|(name, _)| settings::is_name(name) && !settings::is_secret(self.layout, name));
        let variables = usable.map(|(name, value)| variable_of(name, value)).fold(List::new(), List::item);
        if !variables.is_empty() {
            container = container.with("env", variables);
        }
        let mounts = self.mounted(&self.layout.own_mounts(&item.image, &item.mounts), None);
        let pod = self.task_pod(container, &mounts);
        let template = Map::new().with("metadata", Map::new().with("labels", component())).with("spec", pod);
        let spec = self.timing(item).with("jobTemplate", Map::new().with("spec", Map::new().with("template", template)));
        let metadata = Map::new().with("name", schedule.name.as_str()).with("labels", component());
        Document::new(object("batch/v1", "CronJob", metadata).with("spec", spec)).commented(comments(item))
    }

    /// What overlay `index` changes about the schedules.
    pub(super) fn cron_patches(&self, index: usize) -> Vec<Document> {
        let mut documents = Vec::new();
        for schedule in &self.layout.schedules {
            let metadata = Map::new().with("name", schedule.name.as_str());
            let item = schedule.item;
            if !self.layout.scheduled(item, index) {
                continue;
            }
            let mut spec = Map::new();
            if let (Some(base), Some(here)) = (item.cron.base(), self.layout.at(&item.cron, index))
                && base != here
            {
                spec = spec.with("schedule", here.as_str());
            }
            let mut container = Map::new().with("name", "app");
            if let (Some(base), Some(here)) = (item.command.base(), self.layout.at(&item.command, index))
                && base != here
            {
                container = container.with("command", command(here));
            }
            let mounts = self.mounted(&self.layout.task_mounts(&item.image, &item.mounts), Some(index));
            if container.len() > 1 || !mounts.is_empty() {
                let pod = Map::new().with("spec", self.task_pod(container, &mounts));
                spec = spec.with("jobTemplate", Map::new().with("spec", Map::new().with("template", pod)));
            }
            if !spec.is_empty() {
                documents.push(Document::new(object("batch/v1", "CronJob", metadata).with("spec", spec)));
            }
        }
        documents
    }

    /// What overlay `index` changes about a job: files that only some environments have.
    pub(super) fn job_patch(&self, job: &Named<Job>, index: usize) -> Option<Document> {
        let mounts = self.mounted(&self.layout.task_mounts(&job.item.image, &job.item.mounts), Some(index));
        let pod = (!mounts.is_empty()).then(|| self.task_pod(Map::new().with("name", "app"), &mounts))?;
        let spec = Map::new().with("template", Map::new().with("spec", pod));
        Some(Document::new(object("batch/v1", "Job", Map::new().with("name", job.name.as_str())).with("spec", spec)))
    }

    /// Of `mounts` those of the base, or those that overlay `index` has besides.
    fn mounted<'m>(&self, mounts: &[&'m Mount], index: Option<usize>) -> Vec<&'m Mount> {
        let here = |mount: &Mount| match index {
            None => self.is_everywhere(mount),
            Some(index) => !self.is_everywhere(mount) && self.has_mount(mount, index),
        };
        mounts.iter().copied().filter(|mount| here(mount)).collect()
    }

    fn task_pod(&self, container: Map, mounts: &[&Mount]) -> Map {
        if mounts.is_empty() {
            return Map::new().with("containers", List::new().item(container));
        }
        let inside = mounts.iter().fold(List::new(), |list, mount| list.item(self.volume_mount(mount)));
        let volumes = mounts.iter().fold(List::new(), |list, mount| list.item(self.mount_volume(mount)));
        Map::new().with("containers", List::new().item(container.with("volumeMounts", inside))).with("volumes", volumes)
    }

    fn timing(&self, item: &Schedule) -> Map {
        let mut spec = Map::new();
        let reason =
            item.suspended.clone().or_else(|| item.cron.base().is_none().then(|| format!("{} has no time of its own", item.written)));
        if let Some(reason) = reason {
            spec = spec.with("suspend", true).beside(origin::one_line(&reason));
        }
        let cron = item.cron.base().map_or(HOURLY, String::as_str);
        spec = spec.with("schedule", cron);
        spec = match item.time_zone.as_deref().filter(|zone| !zone.is_empty() && *zone != "Local") {
            Some(zone) => spec.with("timeZone", zone),
            None => spec.with("timeZone", "Etc/UTC").beside("no time zone was set on the hosts"),
        };
        if is_rare(cron) { spec.with("startingDeadlineSeconds", 3600u32) } else { spec }
    }
}

/// At one minute of some hours: worth catching up on after the controller was away. Frequent ones just come round again.
fn is_rare(cron: &str) -> bool {
    let mut fields = cron.split_whitespace();
    let minute = fields.next().is_some_and(|minute| minute.chars().all(|c| c.is_ascii_digit()));
    minute && fields.next().is_some_and(|hour| !hour.contains('*'))
}

fn comments(item: &Schedule) -> Vec<String> {
    let mut comments = vec![origin::one_line(&item.written)];
    for line in origin::lines(&item.origin) {
        // The origin's words are often the schedule's.
        comments.push(line.strip_suffix(&format!(" {}", comments[0])).unwrap_or(&line).to_owned());
    }
    comments.extend(item.notes.iter().map(|note| origin::one_line(note)));
    if let Some(user) = item.user.as_ref().filter(|user| *user == "root") {
        comments.push(format!("cron ran it as {}; here it runs as the image's user", origin::one_line(user)));
    }
    comments
}

#[cfg(test)]
mod tests {
    use super::is_rare;

    #[test]
    fn daily_tasks_are_caught_up_on() {
        assert!(is_rare("30 4 * * *"));
        assert!(is_rare("0 8,20 * * *"));
        assert!(!is_rare("*/10 * * * *"));
        assert!(!is_rare("20 * * * *"));
    }
}
