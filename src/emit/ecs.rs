//! Amazon ECS: one CloudFormation template per environment, and the script that deploys it.
//!
//! In: the blueprint. Out: `ecs/ENVIRONMENT.yaml` (task definitions, services, target groups, rules, autoscaling, schedules, roles),
//! `ecs/ENVIRONMENT.parameters` (what only the account knows), `ecs/deploy.sh`.

mod container;
mod cron;
mod files;
mod id;
mod parameter;
mod role;
mod route;
mod schedule;
mod service;
mod size;
mod storage;
mod task;
mod text;

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::json;

use crate::blueprint::{Artifact, Blueprint, Job, Mount, Process, Schedule};
use crate::emit::ecs::id::Ids;
use crate::emit::ecs::text::{reference, substitute};
use crate::emit::layout::{Layout, Named, Place};
use crate::emit::yaml::{Document, List, Map, render};
use crate::emit::{Launch, Options, file, origin, program, secrets, template};

/// The template of one environment.
struct Stack<'a> {
    layout: &'a Layout<'a>,
    options: &'a Options,
    index: usize,
    ids: Ids,
    /// Variables whose origin stands above an earlier use.
    shown: RefCell<BTreeSet<String>>,
}

/// The type of groups of logs.
const LOG_GROUP: &str = "AWS::Logs::LogGroup";

/// One resource of a template.
struct Resource {
    id: String,
    comments: Vec<String>,
    /// A stack of jobs alone has it, too.
    always: bool,
    kind: String,
    after: Vec<String>,
    properties: Map,
}

impl Resource {
    fn new(id: impl Into<String>, kind: &str, properties: Map) -> Self {
        let (kind, after) = (kind.to_owned(), Vec::new());
        Self { id: id.into(), comments: Vec::new(), always: false, kind, after, properties }
    }

    /// With words above it.
    fn commented(mut self, comments: impl IntoIterator<Item = String>) -> Self {
        self.comments.extend(comments);
        self
    }

    /// Made after others.
    fn after(mut self, ids: &[String]) -> Self {
        self.after.extend_from_slice(ids);
        self
    }

    /// Part of a stack of jobs alone, too.
    fn always(mut self) -> Self {
        self.always = true;
        self
    }
}

/// The Amazon ECS target.
#[must_use]
pub fn emit(blueprint: &Blueprint, options: &Options) -> Vec<Artifact> {
    let layout = Layout::of(blueprint);
    let stacks = (0..layout.places.len()).map(|index| Stack::new(&layout, options, index));
    let stacks: Vec<Stack> = stacks.filter(|stack| !stack.is_empty()).collect();
    let mut files: Vec<Artifact> = Vec::new();
    for stack in &stacks {
        let name = &stack.place().name;
        files.push(file(format!("ecs/{name}.yaml"), render(&[stack.template()])));
        files.push(file(format!("ecs/{name}.parameters"), stack.parameter_file()));
    }
    if let Some(first) = stacks.first() {
        let places: Vec<_> = stacks.iter().map(Stack::for_script).collect();
        let jobs: Vec<_> = first.jobs().iter().map(|job| format!("{}Task", first.ids.running(&job.name))).collect();
        let fargate = options.launch == Launch::Fargate;
        let addresses = first.job_addresses();
        let context = json!({ "places": places, "jobs": jobs, "fargate": fargate, "addresses": addresses });
        files.push(program("ecs/deploy.sh", template::render("ecs/deploy.sh", &context)));
    }
    files
}

impl<'a> Stack<'a> {
    fn new(layout: &'a Layout<'a>, options: &'a Options, index: usize) -> Self {
        Self { layout, options, index, ids: Ids::of(layout), shown: RefCell::default() }
    }

    fn is_empty(&self) -> bool {
        self.processes().is_empty() && self.schedules().is_empty() && self.layout.jobs.is_empty()
    }

    fn place(&self) -> &Place<'a> {
        &self.layout.places[self.index]
    }

    /// What runs all the time here, without sidecars.
    fn processes(&self) -> Vec<&Named<'a, Process>> {
        self.layout.standalone().filter(|process| self.layout.runs(process.item, self.index)).collect()
    }

    /// The sidecars of a process.
    fn sidecars(&self, process: &Process) -> Vec<&Named<'a, Process>> {
        self.layout.sidecars(process).filter(|sidecar| self.layout.runs(sidecar.item, self.index)).collect()
    }

    fn schedules(&self) -> Vec<&Named<'a, Schedule>> {
        self.layout.schedules.iter().filter(|schedule| self.layout.scheduled(schedule.item, self.index)).collect()
    }

    fn jobs(&self) -> &[Named<'a, Job>] {
        &self.layout.jobs
    }

    /// The blueprint's names of the images that something here runs from.
    fn images(&self) -> BTreeSet<&'a str> {
        let mut images: BTreeSet<&'a str> = BTreeSet::new();
        for process in self.processes() {
            images.insert(&process.item.image);
            images.extend(self.sidecars(process.item).iter().map(|sidecar| sidecar.item.image.as_str()));
        }
        images.extend(self.schedules().iter().map(|schedule| schedule.item.image.as_str()));
        images.extend(self.layout.jobs.iter().map(|job| job.item.image.as_str()));
        images
    }

    /// The files mounted into anything here.
    fn mounted(&self) -> Vec<&'a Mount> {
        let mut mounts: Vec<&'a Mount> = Vec::new();
        for process in self.processes() {
            mounts.extend(&process.item.mounts);
            mounts.extend(self.sidecars(process.item).iter().flat_map(|sidecar| &sidecar.item.mounts));
        }
        for schedule in self.schedules() {
            mounts.extend(self.layout.task_mounts(&schedule.item.image, &schedule.item.mounts));
        }
        for job in &self.layout.jobs {
            mounts.extend(self.layout.task_mounts(&job.item.image, &job.item.mounts));
        }
        mounts.retain(|mount| self.has_mount(mount));
        mounts
    }

    /// Whether a file exists here.
    fn has_mount(&self, mount: &Mount) -> bool {
        match &mount.content {
            Some(content) => self.layout.at(content, self.index).is_some(),
            None => secrets::exists(self.layout, mount, self.index),
        }
    }

    /// Whether the containers of a process share an address of their own: always on Fargate, and where a sidecar talks to 127.0.0.1.
    fn is_addressed(&self, process: &Process) -> bool {
        self.options.launch == Launch::Fargate || !self.sidecars(process).is_empty()
    }

    /// Whether anything here has an address of its own.
    fn has_addresses(&self) -> bool {
        self.job_addresses() || self.processes().iter().any(|process| self.is_addressed(process.item))
    }

    /// Whether jobs and scheduled tasks have one.
    fn job_addresses(&self) -> bool {
        self.options.launch == Launch::Fargate
    }

    fn template(&self) -> Document {
        let mut resources = Map::new().spaced();
        let mut all = self.roles();
        for process in self.processes() {
            all.extend(self.process(process));
        }
        all.extend(self.jobs().iter().map(|job| self.job(job)));
        all.extend(self.scheduled());
        for resource in all {
            let mut body = Map::new().with("Type", resource.kind.as_str());
            if !resource.always && !self.jobs().is_empty() {
                body = body.with("Condition", "Everything");
            }
            if !resource.after.is_empty() {
                body = body.with("DependsOn", resource.after.into_iter().fold(List::flow(), List::item));
            }
            if resource.kind == LOG_GROUP {
                // Said, since it holds something: logs go with their stack.
                body = body.with("DeletionPolicy", "Delete").with("UpdateReplacePolicy", "Delete");
            }
            let body = body.with("Properties", resource.properties);
            resources = resources.above_all(resource.comments).with(resource.id, body);
        }
        let mut conditions = Map::new();
        if !self.jobs().is_empty() {
            let everything = List::flow().item(reference("Part")).item("everything");
            conditions.set("Everything", Map::flow().with("Fn::Equals", everything));
        }
        let joined = Map::flow().with("Fn::Join", List::flow().item(text::plain("")).item(reference("TaskPolicies")));
        let none = Map::flow().with("Fn::Equals", List::flow().item(joined).item(text::plain("")));
        conditions.set("HasPolicies", Map::flow().with("Fn::Not", List::flow().item(none)));
        let mut root = Map::new()
            .spaced()
            .with("AWSTemplateFormatVersion", "2010-09-09")
            .with("Description", format!("{} on Amazon ECS", self.place().namespace))
            .with("Parameters", self.parameters())
            .with("Conditions", conditions)
            .with("Resources", resources);
        if !self.jobs().is_empty() {
            root = root.with("Outputs", self.outputs());
        }
        let mut comments = vec![
            "Services, schedules and what runs once per release. Each line names the place in the cookbooks that it comes from; that of a"
                .to_owned(),
            "variable stands where it is used first. Deploy with deploy.sh, which runs the jobs before the rollout, or with".to_owned(),
            "`aws cloudformation deploy --capabilities CAPABILITY_IAM`. Secrets are those of secrets.md.".to_owned(),
        ];
        if self.is_altered() {
            comments.push(
                "A text with `{{resolve:` got a blank after its braces: CloudFormation would look it up and knows no escape.".to_owned(),
            );
        }
        Document::new(root).commented(comments)
    }

    /// What deploy.sh reads to run the jobs.
    fn outputs(&self) -> Map {
        let mut map = Map::new();
        for job in self.jobs() {
            let id = format!("{}Task", self.ids.running(&job.name));
            map.set(id.clone(), Map::new().with("Value", reference(id)));
        }
        map.set("ClusterName", Map::new().with("Value", reference("Cluster")));
        if self.job_addresses() {
            let joined = |name: &str| Map::flow().with("Fn::Join", List::flow().item(",").item(reference(name)));
            let network = List::flow().item("awsvpcConfiguration={subnets=[").item(joined("Subnets")).item("],securityGroups=[");
            let network = network.item(joined("SecurityGroups")).item("],assignPublicIp=").item(reference("AssignPublicIp")).item("}");
            let value = Map::flow().with("Fn::Join", List::flow().item(text::plain("")).item(network));
            map.set("Network", Map::new().with("Value", value));
        }
        map
    }

    /// Whether some text could not be kept to the letter.
    fn is_altered(&self) -> bool {
        let blueprint = self.layout.blueprint;
        let own = blueprint.variables.iter().flat_map(|variable| variable.value.values.iter().flatten());
        let known = own.filter_map(|setting| if let crate::blueprint::Setting::Known(value) = setting { Some(value) } else { None });
        let processes = blueprint.processes.iter();
        let words = processes.clone().flat_map(|process| process.command.values.iter().flatten().flatten());
        let values = processes.flat_map(|process| process.variables.values().flat_map(|value| value.values.iter().flatten()));
        let tasks = blueprint.schedules.iter();
        let task_words = tasks.clone().flat_map(|task| task.command.values.iter().flatten().flatten());
        let job_words = blueprint.jobs.iter().flat_map(|job| &job.command);
        let files = self.mounted().into_iter().filter_map(|mount| mount.content.as_ref()?.at(self.index));
        let all = known.chain(words).chain(values).chain(task_words).chain(tasks.flat_map(|task| task.variables.values()));
        all.chain(job_words).chain(files).any(|text| text::is_altered(text))
    }

    fn parameter_file(&self) -> String {
        let mut out = format!("# What only the account knows: deploy.sh hands these to {}.yaml.\n", self.place().name);
        for (name, words) in self.open_parameters() {
            out.push_str(&format!("# {words}\n{name}=\n"));
        }
        out
    }

    fn for_script(&self) -> serde_json::Value {
        let region = self.place().environment.and_then(|environment| environment.region.as_deref());
        json!({ "name": self.place().name, "stack": self.place().namespace, "region": region.map(origin::one_line).unwrap_or_default() })
    }

    /// `NAME-web`, with the stack's name, so that two stacks of one account do not meet.
    fn family(&self, name: &str) -> Map {
        substitute(format!("${{AWS::StackName}}-{name}"))
    }
}
