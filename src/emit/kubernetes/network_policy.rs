//! Who may connect to whom: `NetworkPolicy` objects, where the user asks for them.
//!
//! In: processes, their ports and the routes to them. Out: `networkpolicy.yaml`: one policy for the namespace that lets nobody in and
//! everything out but to the nodes' credentials, and one for each process with a port that lets in who needs it.

use crate::blueprint::Process;
use crate::emit::kubernetes::{Cluster, labels, object, settings_label};
use crate::emit::layout::Named;
use crate::emit::yaml::{Document, List, Map};

/// Where the nodes' own credentials are: an address, and the network that it is taken out of.
const METADATA: &[(&str, &str)] = &[("0.0.0.0/0", "169.254.169.254/32"), ("::/0", "fd00:ec2::254/128")];

impl Cluster<'_> {
    /// The policies of the base; none unless asked for.
    pub(super) fn network_policies(&self) -> Vec<Document> {
        if !self.options.network_policy {
            return Vec::new();
        }
        let mut documents = vec![closed()];
        documents.extend(self.layout.standalone().filter_map(|process| self.admission(process)));
        documents
    }

    /// Whether there is a policy of `process`'s own.
    pub(super) fn is_admitted(&self, process: &Process) -> bool {
        self.options.network_policy && self.serves(process)
    }

    /// Who may connect to `process`: everybody where a route leads to it, else the pods beside it.
    fn admission(&self, process: &Named<Process>) -> Option<Document> {
        let (serving, _) = self.served(process.item)?;
        // By number: a name would be looked up among the containers, and a sidecar is none of them everywhere.
        let port = |port: &u16| Map::flow().with("protocol", "TCP").with("port", u32::from(*port));
        let ports = serving.ports.iter().map(port).fold(List::new(), List::item);
        let mut rule = Map::new();
        let comment = if self.is_routed(process) {
            "The load balancer's addresses are those of its subnets, which are not known here: an ipBlock under `from` would narrow it."
        } else {
            rule = rule.with("from", List::new().item(Map::new().with("podSelector", Map::flow())));
            "No route leads here: only the pods of this namespace connect."
        };
        let selector = Map::new().with("matchLabels", labels(&self.layout.name, &process.name));
        let spec = Map::new()
            .with("podSelector", selector)
            .with("policyTypes", List::flow().item("Ingress"))
            .with("ingress", List::new().item(rule.with("ports", ports)));
        let metadata = Map::new().with("name", process.name.as_str()).with("labels", labels(&self.layout.name, &process.name));
        let head = object("networking.k8s.io/v1", "NetworkPolicy", metadata).with("spec", spec);
        Some(Document::new(head).commented([comment.to_owned()]))
    }
}

/// What holds for every pod of the namespace.
fn closed() -> Document {
    let everywhere = METADATA.iter().fold(List::new(), |list, (network, without)| {
        list.item(Map::new().with("ipBlock", Map::flow().with("cidr", *network).with("except", List::flow().item(*without))))
    });
    // Some networks do not count pods among the addresses of an ipBlock: the cluster's name server is one.
    let everywhere = everywhere.item(Map::new().with("namespaceSelector", Map::flow()));
    let spec = Map::new()
        .with("podSelector", Map::flow())
        .with("policyTypes", List::flow().item("Ingress").item("Egress"))
        .above(
            "Stores and services outside are known by name, and policies know addresses only: security groups are what limits the way out.",
        )
        .above("Closed is the nodes' metadata: pods have the role of their service account, and must not get the nodes' own.")
        .with("egress", List::new().item(Map::new().with("to", everywhere)));
    let metadata = Map::new().with("name", "default").with("labels", settings_label());
    let comments = [
        "Nobody connects to a pod of this namespace unless a policy below lets them in; kubelet's probes always pass.",
        "The cluster's network must enforce policies: with the VPC CNI, `enableNetworkPolicy: \"true\"` in the add-on's configuration.",
    ];
    Document::new(object("networking.k8s.io/v1", "NetworkPolicy", metadata).with("spec", spec)).commented(comments.map(str::to_owned))
}
