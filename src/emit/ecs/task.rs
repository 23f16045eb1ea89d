//! Task definitions: of a process with its sidecars, of a job, of what schedules run.

use crate::blueprint::{Limits, Process, Resources};
use crate::emit::docker::ending;
use crate::emit::ecs::container::Part;
use crate::emit::ecs::size::{fargate, units};
use crate::emit::ecs::text::attribute;
use crate::emit::ecs::{Resource, Stack};
use crate::emit::layout::Named;
use crate::emit::yaml::{List, Map, Node};
use crate::emit::{Launch, origin, probe};

/// For what runs once: starting values, to be measured.
const ONCE: Resources = Resources { cpu_millis: 250, memory_mib: 512, memory_limit_mib: 1024 };

/// For a process whose size no source says.
const UNKNOWN: Resources = Resources { cpu_millis: 250, memory_mib: 256, memory_limit_mib: 512 };

/// Longest stop on Fargate, in seconds.
const LONGEST_STOP: u32 = 120;

/// Containers in one task.
const MOST: usize = 10;

/// What a task definition is made of.
#[derive(Default)]
struct Task {
    containers: List,
    count: usize,
    volumes: List,
    comments: Vec<String>,
    cpu_millis: u32,
    memory_mib: u32,
    scratch_gib: u32,
    addressed: bool,
}

impl Task {
    fn add(&mut self, comments: Vec<String>, container: Map) {
        let taken = std::mem::take(&mut self.containers);
        self.containers = taken.above_all(comments).item(container);
        self.count += 1;
    }
}

impl<'a> Stack<'a> {
    /// The task definition of a process.
    pub(super) fn process_task(&self, process: &Named<'a, Process>) -> Resource {
        let item = process.item;
        let mut task = Task { addressed: self.is_addressed(item), ..Task::default() };
        task.comments.extend(self.unknown(&item.image));
        let mut main = self.sized(self.container(&self.part_of(&process.name, item)), item, &mut task, true);
        for sidecar in self.sidecars(item) {
            let part = self.part_of(&sidecar.name, sidecar.item);
            let (container, waits, points) = self.with_files(&part, self.container(&part), &mut task);
            let container = self.sized(self.with_ports(container, sidecar.item, task.addressed), sidecar.item, &mut task, false);
            let container = if waits.is_empty() { container } else { container.with("DependsOn", waits) };
            let container = if points.is_empty() { container } else { container.with("MountPoints", points) };
            let mut comments = origin::lines(&sidecar.item.origin);
            comments.push("A sidecar: starts before the application, stops after it.".to_owned());
            task.add(comments, self.with_stop(container, sidecar.item));
        }
        main = self.with_ports(main, item, task.addressed);
        let part = self.part_of(&process.name, item);
        let (container, waits, mut points) = self.with_files(&part, main, &mut task);
        let waits = self.sidecars(item).iter().fold(waits, |list, sidecar| list.item(dependency(&sidecar.name, "START")));
        let mut container = if waits.is_empty() { container } else { container.with("DependsOn", waits) };
        for share in self.shares_of(process) {
            task.volumes.push(self.share_volume(&share));
            points.push(Map::flow().with("SourceVolume", share.name.as_str()).with("ContainerPath", share.volume.path.as_str()));
        }
        if !points.is_empty() {
            container = container.with("MountPoints", points);
        }
        task.comments.extend(self.scratch(item, &mut task.scratch_gib));
        if let Some(check) = item.health.as_ref().and_then(|health| probe::words(self.layout, &item.image, health)) {
            let test =
                check.iter().fold(List::flow().item(Node::Quoted("CMD".to_owned())), |list, word| list.item(Node::Quoted(word.clone())));
            let check = Map::new().with("Command", test).with("Interval", 10u32).with("Timeout", 5u32);
            container = container.with("HealthCheck", check.with("Retries", 6u32).with("StartPeriod", 120u32));
        }
        container = self.with_limits(container, item.limits);
        let comments = [origin::lines(&item.origin), item.notes.iter().map(|note| origin::one_line(note)).collect()].concat();
        task.add(Vec::new(), self.with_stop(container, item));
        task.comments = [comments, task.comments].concat();
        self.definition(format!("{}Task", self.ids.running(&process.name)), &process.name, task)
    }

    /// The task definition of something that runs once, with one container.
    pub(super) fn single_task(&self, id: String, family: &str, part: &Part, comments: Vec<String>) -> Resource {
        let mut task = Task { comments, addressed: self.job_addresses(), ..Task::default() };
        task.comments.extend(self.unknown(part.image));
        let (container, waits, points) = self.with_files(part, self.container(part), &mut task);
        let container = if waits.is_empty() { container } else { container.with("DependsOn", waits) };
        let container = if points.is_empty() { container } else { container.with("MountPoints", points) };
        let container = self.with_resources(container, &ONCE, &mut task, true);
        task.add(Vec::new(), container);
        self.definition(id, family, task)
    }

    fn definition(&self, id: String, family: &str, mut task: Task) -> Resource {
        let mut map = Map::new().with("Family", self.family(family));
        if self.options.launch == Launch::Fargate {
            let size = fargate(task.cpu_millis, task.memory_mib);
            map = map
                .with("RequiresCompatibilities", List::flow().item("FARGATE"))
                .with("NetworkMode", "awsvpc")
                .with("Cpu", Node::Quoted(size.cpu.to_string()))
                .beside(format!("{} thousandths asked for", task.cpu_millis))
                .with("Memory", Node::Quoted(size.memory.to_string()))
                .beside(format!("{} MiB asked for", task.memory_mib));
            if !size.enough {
                task.comments.push("Fargate has no task as large as what was asked for: split it, or run it on EC2.".to_owned());
            }
            if task.scratch_gib > 20 {
                map = map.with("EphemeralStorage", Map::flow().with("SizeInGiB", task.scratch_gib.clamp(21, 200)));
            }
        } else {
            map = map.with("RequiresCompatibilities", List::flow().item("EC2"));
            map = if task.addressed {
                map.with("NetworkMode", "awsvpc").beside("not bridge: the sidecar talks to 127.0.0.1")
            } else {
                map.with("NetworkMode", "bridge")
            };
        }
        if task.count > MOST {
            task.comments.push(format!("A task has at most {MOST} containers: this one must be split."));
        }
        map = map
            .with("ExecutionRoleArn", attribute("ExecutionRole", "Arn"))
            .with("TaskRoleArn", attribute("TaskRole", "Arn"))
            .with("ContainerDefinitions", task.containers);
        if !task.volumes.is_empty() {
            map = map.with("Volumes", task.volumes);
        }
        Resource::new(id, "AWS::ECS::TaskDefinition", map).commented(task.comments)
    }

    /// What a container waits for and mounts, for its files; the container that brings them goes first.
    fn with_files(&self, part: &Part, container: Map, task: &mut Task) -> (Map, List, List) {
        let files = self.files(part);
        task.comments.extend(files.notes);
        files.volumes.into_iter().for_each(|volume| task.volumes.push(volume));
        let points = files.points.into_iter().fold(List::new(), List::item);
        match files.container {
            Some((name, first)) => {
                task.add(vec![format!("Brings {} its files.", part.name)], first);
                (container, List::new().item(dependency(&name, "SUCCESS")), points)
            }
            None => (container, List::new(), points),
        }
    }

    fn with_ports(&self, map: Map, process: &Process, addressed: bool) -> Map {
        if process.ports.is_empty() {
            return map;
        }
        let port = |port: &u16| {
            let map = Map::flow().with("ContainerPort", u32::from(*port));
            if addressed { map } else { map.with("HostPort", 0u32) }
        };
        map.with("PortMappings", process.ports.iter().fold(List::new(), |list, one| list.item(port(one))))
    }

    fn sized(&self, map: Map, process: &Process, task: &mut Task, main: bool) -> Map {
        let asked = self.layout.at(&process.resources, self.index).copied().unwrap_or(UNKNOWN);
        self.with_resources(map, &asked, task, main)
    }

    /// Adds a container's size to the task's. The CPU of a task on Fargate is the main container's, which sidecars share.
    fn with_resources(&self, map: Map, asked: &Resources, task: &mut Task, main: bool) -> Map {
        let limit = asked.memory_limit_mib.max(asked.memory_mib);
        if main || self.options.launch == Launch::Ec2 {
            task.cpu_millis = task.cpu_millis.saturating_add(asked.cpu_millis);
        }
        task.memory_mib = task.memory_mib.saturating_add(limit);
        if self.options.launch == Launch::Fargate {
            // The task's memory is the application's, but for what its sidecars may take of it.
            return if main || limit < 6 { map } else { map.with("Memory", limit) };
        }
        let map = if asked.cpu_millis > 0 { map.with("Cpu", units(asked.cpu_millis)) } else { map };
        let map = if asked.memory_mib >= 6 && asked.memory_mib < limit { map.with("MemoryReservation", asked.memory_mib) } else { map };
        map.with("Memory", limit.max(6))
    }

    /// How long the container has to stop: the load balancer has let go before ECS sends the signal.
    fn with_stop(&self, map: Map, process: &Process) -> Map {
        let seconds = process.grace_seconds.saturating_add(process.drain_seconds).max(2);
        let image = self.layout.image(&process.image).and_then(|image| ending::stop_signal(self.layout, image.item));
        let signal = process.stop_signal.as_deref().and_then(ending::signal_name).filter(|signal| image.as_ref() != Some(signal));
        let map = match signal.filter(|signal| signal != "SIGTERM") {
            Some(signal) => {
                map.above(format!("stopped with {signal} on the hosts; ECS sends what the image's STOPSIGNAL says, else SIGTERM"))
            }
            None => map,
        };
        if self.options.launch == Launch::Fargate && seconds > LONGEST_STOP {
            return map.with("StopTimeout", LONGEST_STOP).beside(format!("{seconds} s on the hosts; Fargate waits no longer"));
        }
        let map = map.with("StopTimeout", seconds);
        if process.drain_seconds == 0 {
            return map;
        }
        map.beside(format!("{} s for what the load balancer still sends + {} s to finish", process.drain_seconds, process.grace_seconds))
    }

    fn with_limits(&self, map: Map, limits: Limits) -> Map {
        let ulimit = |name: &str, value: u64| {
            let value = Node::Integer(i64::from(i32::try_from(value).unwrap_or(i32::MAX)));
            Map::flow().with("Name", name).with("SoftLimit", value.clone()).with("HardLimit", value)
        };
        let mut list = List::new();
        if let Some(files) = limits.open_files {
            list.push(ulimit("nofile", files));
        }
        let mut map = map;
        if let Some(processes) = limits.processes {
            if self.options.launch == Launch::Fargate {
                map = map.above(format!("{processes} processes at most on the hosts: Fargate can only limit open files"));
            } else {
                list.push(ulimit("nproc", processes));
            }
        }
        if list.is_empty() { map } else { map.with("Ulimits", list) }
    }

    /// Scratch space: a container's own file system, which a task's ephemeral storage holds.
    fn scratch(&self, process: &Process, gib: &mut u32) -> Vec<String> {
        let mut words = Vec::new();
        for volume in process.volumes.iter().filter(|volume| !volume.persistent) {
            let size = volume.size_gib.as_ref().and_then(|size| self.layout.at(size, self.index).copied());
            let Some(size) = size else { continue };
            *gib = gib.saturating_add(size);
            let (path, place) = (&volume.path, origin::short(&volume.origin));
            let where_ = match self.options.launch {
                Launch::Fargate if size > 200 => "the task's ephemeral storage, of which Fargate gives 200 GiB",
                Launch::Fargate => "the task's ephemeral storage",
                Launch::Ec2 => "the instance's disk, which must have room for it",
            };
            words.push(origin::one_line(&format!("{path}: {size} GiB of scratch space on {where_}; {place}")));
        }
        words
    }
}

fn dependency(name: &str, condition: &str) -> Map {
    Map::flow().with("ContainerName", name).with("Condition", condition)
}
