//! What runs once per release, and what runs on a schedule.
//!
//! Schedules of one image with the same files and directory share a task definition; each hands its own command over. A time that
//! EventBridge cannot say in one expression becomes two schedules.

use serde_json::{Map as Object, Value, json};

use crate::blueprint::{Job, Mount, Overlap, Schedule};
use crate::emit::ecs::container::Part;
use crate::emit::ecs::cron::{expressions, is_rare};
use crate::emit::ecs::text::{attribute, plain, reference, substitute};
use crate::emit::ecs::{Resource, Stack};
use crate::emit::layout::Named;
use crate::emit::yaml::{Map, Node};
use crate::emit::{Launch, origin, own_name, settings};

/// For a task without a time of its own, which is disabled.
const HOURLY: &str = "cron(0 * * * ? *)";

/// Characters that overrides may have.
const OVERRIDES: usize = 8000;

/// Schedules that share a task definition.
struct Group<'a> {
    /// The resource.
    id: String,
    /// Its family: `web-shop-tasks`.
    name: String,
    image: &'a str,
    directory: Option<&'a str>,
    mounts: Vec<&'a Mount>,
    /// The command is the definition's: too long to hand over.
    command: Option<&'a [String]>,
    schedules: Vec<&'a str>,
}

impl<'a> Stack<'a> {
    /// The task definition of a job.
    pub(super) fn job(&self, job: &Named<'a, Job>) -> Resource {
        let mounts = self.layout.task_mounts(&job.item.image, &job.item.mounts);
        let part = Part {
            name: job.name.clone(),
            image: &job.item.image,
            command: &job.item.command,
            directory: None,
            variables: Vec::new(),
            mounts: mounts.into_iter().filter(|mount| self.has_mount(mount)).collect(),
            essential: true,
        };
        let mut comments = vec!["Once per release, before the rollout: see deploy.sh.".to_owned()];
        comments.extend(origin::lines(&job.item.origin));
        comments.extend(job.item.notes.iter().map(|note| origin::one_line(note)));
        self.single_task(format!("{}Task", self.ids.running(&job.name)), &job.name, &part, comments).always()
    }

    /// The resources of all schedules.
    pub(super) fn scheduled(&self) -> Vec<Resource> {
        let groups = self.groups();
        let mut all: Vec<Resource> = groups.iter().map(|group| self.group(group)).collect();
        for schedule in self.schedules() {
            if let Some(group) = groups.iter().find(|group| group.schedules.contains(&schedule.name.as_str())) {
                all.extend(self.times(schedule, group));
            }
        }
        all
    }

    /// The task definitions that schedules run.
    pub(super) fn schedule_tasks(&self) -> Vec<String> {
        self.groups().into_iter().map(|group| group.id).collect()
    }

    fn groups(&self) -> Vec<Group<'a>> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for schedule in self.layout.schedules.iter().filter(|schedule| self.layout.scheduled(schedule.item, self.index)) {
            let item: &'a Schedule = schedule.item;
            let mut mounts = self.layout.task_mounts(&item.image, &item.mounts);
            mounts.retain(|mount| self.has_mount(mount));
            let directory = self.layout.own_directory(&item.image, item.directory.as_deref());
            let words = self.layout.at(&item.command, self.index).map(Vec::as_slice).unwrap_or_default();
            let command = (words.iter().map(String::len).sum::<usize>() > OVERRIDES / 2).then_some(words);
            let same = |group: &&mut Group<'a>| {
                let alike = group.image == item.image && group.directory == directory && group.command.is_none() && command.is_none();
                alike && group.mounts.iter().map(|mount| &mount.path).eq(mounts.iter().map(|mount| &mount.path)) && group.mounts == mounts
            };
            if let Some(group) = groups.iter_mut().find(same) {
                group.schedules.push(&schedule.name);
                continue;
            }
            let image = self.layout.image_name(&item.image);
            let others = groups.iter().filter(|group| group.image == item.image).count();
            let number = if others == 0 { String::new() } else { (others + 1).to_string() };
            let schedules = vec![schedule.name.as_str()];
            let (id, name) = (format!("TasksOf{}{number}", self.ids.image(&image)), format!("{image}-tasks{number}"));
            groups.push(Group { id, name, image: &item.image, directory, mounts, command, schedules });
        }
        groups
    }

    fn group(&self, group: &Group<'a>) -> Resource {
        let part = Part {
            name: "task".to_owned(),
            image: group.image,
            command: group.command.unwrap_or_default(),
            directory: group.directory,
            variables: Vec::new(),
            mounts: group.mounts.clone(),
            essential: true,
        };
        self.single_task(group.id.clone(), &group.name, &part, vec!["Of the schedules below; each hands over its own command.".to_owned()])
    }

    fn times(&self, schedule: &Named<'a, Schedule>, group: &Group) -> Vec<Resource> {
        let item = schedule.item;
        let cron = self.layout.at(&item.cron, self.index);
        let found = cron.and_then(|cron| expressions(cron));
        let mut comments = words(item);
        let suspended = match (&item.suspended, cron, &found) {
            (Some(reason), ..) => Some(reason.clone()),
            (None, None, _) => Some(format!("{} has no time of its own", item.written)),
            (None, Some(cron), None) => Some(format!("`{cron}` cannot be said here")),
            _ => None,
        };
        let expressions = found.unwrap_or_else(|| vec![HOURLY.to_owned()]);
        if expressions.len() > 1 {
            comments.push("on certain dates and on certain weekdays: two schedules; on a day that is both it runs twice".to_owned());
        }
        let rare = cron.is_some_and(|cron| is_rare(cron));
        let mut all = Vec::new();
        for (index, expression) in expressions.into_iter().enumerate() {
            let number = if index == 0 { String::new() } else { (index + 1).to_string() };
            let mut map = Map::new()
                .with("Name", if index == 0 { schedule.name.clone() } else { format!("{}-{number}", schedule.name) })
                .with("GroupName", reference("ScheduleGroup"))
                .with("ScheduleExpression", expression);
            map = match item.time_zone.as_deref().filter(|zone| is_zone(zone)) {
                Some(zone) => map.with("ScheduleExpressionTimezone", zone),
                None => map.with("ScheduleExpressionTimezone", "UTC").beside("no time zone was set on the hosts"),
            };
            map = match &suspended {
                Some(reason) => map.with("State", "DISABLED").beside(origin::one_line(reason)),
                None => map.with("State", "ENABLED"),
            };
            map = map.with("FlexibleTimeWindow", Map::flow().with("Mode", Node::Quoted("OFF".to_owned())));
            map = map.with("Target", self.target(schedule, group, rare));
            let id = format!("{}Schedule{number}", self.ids.running(&schedule.name));
            all.push(Resource::new(id, "AWS::Scheduler::Schedule", map).commented(std::mem::take(&mut comments)));
        }
        all
    }

    fn target(&self, schedule: &Named<'a, Schedule>, group: &Group, rare: bool) -> Map {
        let mut parameters = Map::new()
            .with("TaskDefinitionArn", reference(group.id.as_str()))
            .with("LaunchType", if self.options.launch == Launch::Fargate { "FARGATE" } else { "EC2" });
        if self.job_addresses() {
            parameters = parameters.with("NetworkConfiguration", self.network());
        }
        // Of a start that failed: what comes round again soon is not worth a second try.
        let (age, attempts) = if rare { (3600u32, 10u32) } else { (60, 1) };
        let retry = Map::flow().with("MaximumEventAgeInSeconds", age).with("MaximumRetryAttempts", attempts);
        let map = Map::new()
            .with("Arn", substitute("arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:cluster/${Cluster}"))
            .with("RoleArn", attribute("SchedulerRole", "Arn"))
            .with("EcsParameters", parameters)
            .with("RetryPolicy", retry);
        match self.overrides(schedule, group) {
            Some(text) => map.with("Input", unquoted(plain(&text))),
            None => map,
        }
    }

    /// What a schedule hands over: its command and its own variables.
    fn overrides(&self, schedule: &Named<'a, Schedule>, group: &Group) -> Option<String> {
        let item = schedule.item;
        let mut own = Object::new();
        own.insert("name".to_owned(), json!("task"));
        let words = self.layout.at(&item.command, self.index).filter(|words| !words.is_empty() && group.command.is_none());
        if let Some(words) = words {
            let (words, _) = own_name::command(self.layout, &item.image, words);
            own.insert("command".to_owned(), json!(words));
        }
        let usable = item.variables.iter().filter(|(name, _)| settings::is_name(name) && !settings::is_secret(self.layout, name));
        let variables: Vec<Value> = usable.map(|(name, value)| json!({ "name": name, "value": value })).collect();
        if !variables.is_empty() {
            own.insert("environment".to_owned(), json!(variables));
        }
        // The scheduler fills in its own words wherever they stand: `<aws.scheduler.execution-id>`.
        let text = json!({ "containerOverrides": [own] }).to_string().replace("<aws.scheduler.", "\\u003caws.scheduler.");
        let has_any = text.contains("\"command\"") || text.contains("\"environment\"");
        has_any.then_some(text)
    }
}

/// As it is shortest, not in double quotes: it is JSON.
fn unquoted(node: Node) -> Node {
    match node {
        Node::Quoted(text) => Node::Text(text),
        other => other,
    }
}

fn is_zone(zone: &str) -> bool {
    !zone.is_empty() && zone != "Local" && zone.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+'))
}

fn words(item: &Schedule) -> Vec<String> {
    let mut comments = vec![origin::one_line(&item.written)];
    for line in origin::lines(&item.origin) {
        // The origin's words are often the schedule's.
        comments.push(line.strip_suffix(&format!(" {}", comments[0])).unwrap_or(&line).to_owned());
    }
    comments.extend(item.notes.iter().map(|note| origin::one_line(note)));
    if let Overlap::Forbidden(why) = &item.overlap {
        let words = format!("it must not run twice at a time ({why}): the scheduler does not look, the task itself must");
        comments.push(origin::one_line(&words));
    }
    if let Some(user) = item.user.as_ref().filter(|user| *user == "root") {
        comments.push(format!("cron ran it as {user}; here it runs as the image's user"));
    }
    comments.retain(|comment| !comment.is_empty());
    comments
}
