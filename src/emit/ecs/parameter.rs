//! Parameters: what the account has already, and what changes with a release. Only those that something reads.

use crate::emit::Launch;
use crate::emit::ecs::Stack;
use crate::emit::secrets;
use crate::emit::settings::{self, Kind, Scope};
use crate::emit::yaml::{Map, Node};

impl Stack<'_> {
    /// The `Parameters` of the template.
    pub(super) fn parameters(&self) -> Map {
        let mut map = Map::new();
        if !self.jobs().is_empty() {
            map.set("Part", part());
        }
        map.set("ImageTag", parameter("String", "Tag of the images of this release"));
        let registry = parameter("String", "Registry and path before the names of images");
        map.set("Registry", registry.with_some("Default", self.registry()));
        map.set("Cluster", parameter("String", "Name of the ECS cluster"));
        if !self.routes().is_empty() {
            map.set("VpcId", parameter("AWS::EC2::VPC::Id", "Where the tasks run"));
            let tls = self.routes().iter().any(|route| route.tls);
            let words =
                if tls { "HTTPS listener of the load balancer, with certificates for the hosts" } else { "Listener of the load balancer" };
            map.set("ListenerArn", parameter("String", words));
        }
        if self.has_addresses() {
            map.set("Subnets", parameter("List<AWS::EC2::Subnet::Id>", "Where the tasks get their addresses"));
            let words = "What may reach the tasks and what they may reach: the load balancer, databases";
            map.set("SecurityGroups", parameter("List<AWS::EC2::SecurityGroup::Id>", words));
            if self.options.launch == Launch::Fargate {
                let words = "ENABLED in public subnets, where images cannot be pulled otherwise";
                map.set("AssignPublicIp", choice(words, &["DISABLED", "ENABLED"]));
            }
        }
        if !self.shares().is_empty() {
            map.set("FileSystem", parameter("String", "Id of the EFS file system with what outlives the tasks: fs-…"));
        }
        for scope in settings::scopes(self.layout).into_iter().filter(|scope| self.has_secret(*scope)) {
            let words = format!("ARN of the secret {} in Secrets Manager", self.secret_name(scope));
            map.set(self.secret_parameter(scope), parameter("String", &words).with_some("Default", self.secret_arn(scope)));
        }
        for rule in self.rules() {
            let words = format!("Place of the rule among those of the listener: {}", rule.process);
            map.set(rule.priority, parameter("Number", &words).with("Default", rule.number));
        }
        let role = self.place().environment.and_then(|environment| environment.role.as_deref());
        let words = match role {
            Some(role) => {
                format!(
                    "ARNs of policies for the tasks, separated by commas: those of the hosts' role {}",
                    crate::emit::origin::one_line(role)
                )
            }
            None => "ARNs of policies for the tasks, separated by commas".to_owned(),
        };
        map.set("TaskPolicies", parameter("CommaDelimitedList", &words).with("Default", Node::Quoted(String::new())));
        map.set("LogRetention", parameter("Number", "Days that logs are kept").with("Default", 30u32));
        map
    }

    /// Parameters that have no default, for the file that deploy.sh reads.
    pub(super) fn open_parameters(&self) -> Vec<(String, String)> {
        let mut open = Vec::new();
        if self.registry().is_none() {
            open.push(("Registry", "registry and path before the names of images"));
        }
        open.push(("Cluster", "name of the ECS cluster"));
        if !self.routes().is_empty() {
            open.extend([("VpcId", "vpc-…"), ("ListenerArn", "arn:aws:elasticloadbalancing:…:listener/app/…")]);
        }
        if self.has_addresses() {
            open.extend([("Subnets", "subnet-…,subnet-…"), ("SecurityGroups", "sg-…")]);
        }
        if !self.shares().is_empty() {
            open.push(("FileSystem", "fs-…"));
        }
        let mut open: Vec<(String, String)> = open.into_iter().map(|(name, words)| (name.to_owned(), words.to_owned())).collect();
        for scope in settings::scopes(self.layout).into_iter().filter(|scope| self.has_secret(*scope) && self.secret_arn(*scope).is_none())
        {
            let words = format!("aws secretsmanager describe-secret --secret-id {} --query ARN --output text", self.secret_name(scope));
            open.push((self.secret_parameter(scope), words));
        }
        open
    }

    /// What secrets.md calls a scope's secret.
    fn secret_name(&self, scope: Scope) -> String {
        secrets::key_of_scope(self.layout, &secrets::key(self.layout, self.index), scope)
    }

    /// Its ARN as far as it is known: Secrets Manager adds six characters, which need not be said unless the name's end looks like them.
    fn secret_arn(&self, scope: Scope) -> Option<String> {
        let (name, (account, region)) = (self.secret_name(scope), self.account()?);
        let ambiguous = name.rsplit_once('-').is_some_and(|(_, end)| end.len() == 6);
        let partition = if region.starts_with("cn-") { "aws-cn" } else { "aws" };
        (!ambiguous).then(|| format!("arn:{partition}:secretsmanager:{region}:{account}:secret:{name}"))
    }

    /// Account and region, where both are known.
    fn account(&self) -> Option<(&str, &str)> {
        let environment = self.place().environment?;
        let plain = |text: &&str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let (account, region) = (environment.account.as_deref().filter(plain)?, environment.region.as_deref().filter(plain)?);
        Some((account, region))
    }

    /// Registry and path before image names: that asked for, else the account's own.
    fn registry(&self) -> Option<String> {
        if let Some(registry) = &self.options.registry {
            return Some(registry.trim_end_matches('/').to_owned());
        }
        let (account, region) = self.account()?;
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        Some(format!("{account}.dkr.ecr.{region}.{suffix}"))
    }

    /// The parameter with the name of a scope's secret.
    pub(super) fn secret_parameter(&self, scope: Scope) -> String {
        scope.map_or_else(|| "Secret".to_owned(), |image| format!("{}Secret", self.ids.image(&self.layout.image_name(image))))
    }

    /// Whether something here reads a scope's secret: a variable, or a file, which are all in the first.
    pub(super) fn has_secret(&self, scope: Scope) -> bool {
        let images = self.images();
        let read = match scope {
            None => images.iter().any(|image| !self.layout.is_daemon(image)),
            Some(image) => images.contains(&image) && !self.layout.is_daemon(image),
        };
        let here = |variable: &&crate::blueprint::Variable| self.layout.at(&variable.value, self.index).is_some();
        let variables = read && settings::of_scope(self.layout, Kind::Secret, scope).iter().any(here);
        variables || scope.is_none() && self.mounted().iter().any(|mount| mount.content.is_none())
    }
}

fn parameter(kind: &str, description: &str) -> Map {
    Map::new().with("Type", kind).with("Description", description)
}

fn choice(description: &str, values: &[&str]) -> Map {
    let allowed = values.iter().fold(crate::emit::yaml::List::flow(), |list, value| list.item(*value));
    parameter("String", description).with("AllowedValues", allowed).with("Default", *values.first().unwrap_or(&""))
}

fn part() -> Map {
    choice("`jobs` for a stack of nothing but what runs once per release: deploy.sh runs it before the rollout", &["everything", "jobs"])
}
