//! What runs all the time: service, target group with its rules, autoscaling.

use crate::blueprint::{Process, Role};
use crate::emit::Launch;
use crate::emit::ecs::text::{reference, substitute};
use crate::emit::ecs::{Resource, Stack};
use crate::emit::layout::Named;
use crate::emit::yaml::{List, Map};

impl<'a> Stack<'a> {
    /// All resources of a process.
    pub(super) fn process(&self, process: &Named<'a, Process>) -> Vec<Resource> {
        let mut all: Vec<Resource> = self.shares_of(process).iter().map(|share| self.access_point(share)).collect();
        all.push(self.process_task(process));
        let rules: Vec<_> = self.rules().into_iter().filter(|rule| rule.process == process.name).collect();
        let ids: Vec<String> = rules.iter().map(|rule| rule.id.clone()).collect();
        if let Some((_, port)) = self.served(process).filter(|_| !rules.is_empty()) {
            all.push(self.target_group(process, port));
        }
        all.extend(rules.into_iter().map(|rule| self.listener_rule(rule)));
        // ECS refuses a target group that no listener uses.
        all.push(self.service(process, !ids.is_empty()).after(&ids));
        all.extend(self.scaling(process));
        all
    }

    fn service(&self, process: &Named<'a, Process>, routed: bool) -> Resource {
        let item = process.item;
        let stem = self.ids.running(&process.name);
        let mut map = Map::new().with("Cluster", reference("Cluster")).with("TaskDefinition", reference(format!("{stem}Task")));
        map = match self.options.launch {
            Launch::Fargate => map.with("LaunchType", "FARGATE"),
            Launch::Ec2 => {
                let spread = Map::flow().with("Type", "spread").with("Field", "attribute:ecs.availability-zone");
                let pack = Map::flow().with("Type", "binpack").with("Field", "memory");
                map.with("LaunchType", "EC2").with("PlacementStrategies", List::new().item(spread).item(pack))
            }
        };
        let (least, most) = self.replicas(item);
        if most > least {
            map = map.above(format!("DesiredCount: the autoscaler's, {least} to {most}"));
        } else {
            map = map.with("DesiredCount", least);
        }
        let breaker = Map::flow().with("Enable", true).with("Rollback", true);
        let (minimum, maximum) = if Self::is_single(item) { (0u32, 100u32) } else { (100, 200) };
        let mut deployment =
            Map::new().with("MinimumHealthyPercent", minimum).with("MaximumPercent", maximum).with("DeploymentCircuitBreaker", breaker);
        if maximum == 100 {
            deployment = deployment.above("there was one on the hosts: never two at once");
        }
        map = map.with("DeploymentConfiguration", deployment).with("EnableExecuteCommand", true).with("PropagateTags", "SERVICE");
        if let Some((container, port)) = self.served(process).filter(|_| routed) {
            let target = Map::new()
                .with("ContainerName", container)
                .with("ContainerPort", u32::from(port))
                .with("TargetGroupArn", reference(format!("{stem}TargetGroup")));
            map = map.with("HealthCheckGracePeriodSeconds", 120u32).with("LoadBalancers", List::new().item(target));
        }
        if self.is_addressed(item) {
            map = map.with("NetworkConfiguration", self.network());
        }
        Resource::new(format!("{stem}Service"), "AWS::ECS::Service", map).commented(self.unrouted(process).filter(|_| !routed))
    }

    /// Where a task gets its address.
    pub(super) fn network(&self) -> Map {
        let mut addresses = Map::new().with("Subnets", reference("Subnets")).with("SecurityGroups", reference("SecurityGroups"));
        if self.options.launch == Launch::Fargate {
            addresses = addresses.with("AssignPublicIp", reference("AssignPublicIp"));
        }
        Map::new().with("AwsvpcConfiguration", addresses)
    }

    fn replicas(&self, process: &Process) -> (u32, u32) {
        let (least, most) = self.layout.at(&process.replicas, self.index).copied().unwrap_or((1, 1));
        (least, most.max(least))
    }

    /// Whether two at once would be wrong while a new one starts.
    fn is_single(process: &Process) -> bool {
        let single = process.replicas.values.iter().flatten().all(|(_, most)| *most <= 1);
        let owns_disk = process.volumes.iter().any(|volume| volume.persistent);
        single && (owns_disk || process.role == Role::Daemon && process.ports.is_empty())
    }

    fn scaling(&self, process: &Named<'a, Process>) -> Vec<Resource> {
        let (least, most) = self.replicas(process.item);
        if most <= least {
            return Vec::new();
        }
        let stem = self.ids.running(&process.name);
        let load = if matches!(process.item.role, Role::Web | Role::Proxy) { 60u32 } else { 70 };
        let target = Map::new()
            .with("ServiceNamespace", "ecs")
            .with("ScalableDimension", "ecs:service:DesiredCount")
            .with("ResourceId", substitute(format!("service/${{Cluster}}/${{{stem}Service.Name}}")))
            .with("MinCapacity", least)
            .with("MaxCapacity", most);
        let metric = Map::flow().with("PredefinedMetricType", "ECSServiceAverageCPUUtilization");
        let tracking = Map::new()
            .with("PredefinedMetricSpecification", metric)
            .with("TargetValue", load)
            .with("ScaleOutCooldown", 60u32)
            .with("ScaleInCooldown", 300u32);
        let policy = Map::new()
            .with("PolicyName", "cpu")
            .with("PolicyType", "TargetTrackingScaling")
            .with("ScalingTargetId", reference(format!("{stem}ScalableTarget")))
            .with("TargetTrackingScalingPolicyConfiguration", tracking);
        vec![
            Resource::new(format!("{stem}ScalableTarget"), "AWS::ApplicationAutoScaling::ScalableTarget", target),
            Resource::new(format!("{stem}ScalingPolicy"), "AWS::ApplicationAutoScaling::ScalingPolicy", policy),
        ]
    }
}
