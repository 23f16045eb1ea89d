//! A person with access to a stack's hosts.

use super::document::Node;
use super::stack::last_part;

/// One user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct User {
    /// The IAM user.
    pub iam_user_arn: String,
    /// The name on the hosts.
    pub username: String,
    /// The public key.
    pub ssh_public_key: Option<String>,
    /// Whether they may log in.
    pub remote_access: bool,
    /// Whether they may become root.
    pub administrator: bool,
    /// The number on the hosts, where known.
    pub unix_user_id: Option<i64>,
}

impl User {
    /// Of an element of `UserProfiles`, or the properties of `AWS::OpsWorks::UserProfile`.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        let iam_user_arn = node.string("IamUserArn").unwrap_or_default();
        Self {
            username: node.string("SshUsername").or_else(|| node.string("Name")).unwrap_or_else(|| last_part(&iam_user_arn)),
            ssh_public_key: node.string("SshPublicKey"),
            remote_access: node.boolean("AllowSsh") == Some(true),
            administrator: node.boolean("AllowSudo") == Some(true),
            unix_user_id: node.integer("UnixUserId"),
            iam_user_arn,
        }
    }
}
