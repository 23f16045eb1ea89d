//! Roles and the log group.

use crate::emit::ecs::text::{attribute, reference, substitute};
use crate::emit::ecs::{LOG_GROUP, Resource, Stack};
use crate::emit::settings;
use crate::emit::yaml::{List, Map};

impl Stack<'_> {
    /// Log group, execution role, task role, role of the schedules.
    pub(super) fn roles(&self) -> Vec<Resource> {
        let logs = Map::new().with("LogGroupName", substitute("/ecs/${AWS::StackName}")).with("RetentionInDays", reference("LogRetention"));
        let mut roles = vec![Resource::new("LogGroup", LOG_GROUP, logs).always(), self.execution_role(), self.task_role()];
        if !self.schedules().is_empty() {
            roles.push(self.scheduler_role());
            let group = Map::new().with("Name", reference("AWS::StackName"));
            roles.push(Resource::new("ScheduleGroup", "AWS::Scheduler::ScheduleGroup", group));
        }
        roles
    }

    fn execution_role(&self) -> Resource {
        let managed = substitute("arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy");
        let mut properties = trusted("ecs-tasks.amazonaws.com").with("ManagedPolicyArns", List::new().item(managed));
        let scopes: Vec<_> = settings::scopes(self.layout).into_iter().filter(|scope| self.has_secret(*scope)).collect();
        if !scopes.is_empty() {
            let arns =
                scopes.iter().fold(List::new(), |list, scope| list.item(substitute(format!("${{{}}}*", self.secret_parameter(*scope)))));
            let statement = allow(List::flow().item("secretsmanager:GetSecretValue"), arns);
            properties = properties
                .above("A secret with a customer's key needs kms:Decrypt for that key, too.")
                .with("Policies", List::new().item(policy("secrets", List::new().item(statement))));
        }
        let comment = "Pulls images, writes logs, reads the secrets of secrets.md.".to_owned();
        Resource::new("ExecutionRole", "AWS::IAM::Role", properties).commented([comment]).always()
    }

    fn task_role(&self) -> Resource {
        let choice = List::flow().item("HasPolicies").item(reference("TaskPolicies")).item(reference("AWS::NoValue"));
        let channels = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"];
        let actions = channels.iter().fold(List::new(), |list, action| list.item(format!("ssmmessages:{action}")));
        let statement = allow(actions, List::flow().item("*"));
        let properties = trusted("ecs-tasks.amazonaws.com")
            .with("ManagedPolicyArns", Map::flow().with("Fn::If", choice))
            .above("`aws ecs execute-command` in place of SSH")
            .with("Policies", List::new().item(policy("execute-command", List::new().item(statement))));
        let role = self.place().environment.and_then(|environment| environment.role.as_deref());
        let mut comments = vec!["What the application itself may do.".to_owned()];
        comments.extend(role.map(|role| format!("The hosts had the role {role}: hand its policies over as TaskPolicies.")));
        Resource::new("TaskRole", "AWS::IAM::Role", properties).commented(comments).always()
    }

    fn scheduler_role(&self) -> Resource {
        let tasks = self.schedule_tasks().into_iter().fold(List::new(), |list, id| list.item(reference(id)));
        let roles = List::new().item(attribute("ExecutionRole", "Arn")).item(attribute("TaskRole", "Arn"));
        let statements =
            List::new().item(allow(List::flow().item("ecs:RunTask"), tasks)).item(allow(List::flow().item("iam:PassRole"), roles));
        let properties = trusted("scheduler.amazonaws.com").with("Policies", List::new().item(policy("run-task", statements)));
        Resource::new("SchedulerRole", "AWS::IAM::Role", properties).commented(["Starts the scheduled tasks.".to_owned()])
    }
}

fn trusted(service: &str) -> Map {
    let statement =
        Map::new().with("Effect", "Allow").with("Principal", Map::flow().with("Service", service)).with("Action", "sts:AssumeRole");
    let document = Map::new().with("Version", "2012-10-17").with("Statement", List::new().item(statement));
    Map::new().with("AssumeRolePolicyDocument", document)
}

fn policy(name: &str, statements: List) -> Map {
    let document = Map::new().with("Version", "2012-10-17").with("Statement", statements);
    Map::new().with("PolicyName", name).with("PolicyDocument", document)
}

fn allow(actions: List, resources: List) -> Map {
    Map::new().with("Effect", "Allow").with("Action", actions).with("Resource", resources)
}
