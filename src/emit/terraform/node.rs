//! `nodes.tf` of an environment: spot capacity for the workers that may run on it, with the taint that they tolerate.

use crate::emit::hcl::{Body, Object, Value};
use crate::emit::layout::Layout;
use crate::emit::origin;
use crate::emit::terraform::{e, role, variable};

/// The workers of place `index` that tolerate the taint.
fn workers<'a>(layout: &'a Layout, index: usize) -> Vec<&'a str> {
    let here = layout.spot_workers().filter(|process| layout.runs(process.item, index));
    here.map(|process| process.name.as_str()).collect()
}

/// `nodes.tf`.
pub fn nodes(layout: &Layout, index: usize) -> Body {
    let names = workers(layout, index);
    if names.is_empty() {
        return Body::new();
    }
    let here = layout.spot_workers().filter(|process| layout.runs(process.item, index));
    let origins = origin::lines(&here.flat_map(|process| process.item.origin.clone()).collect::<Vec<_>>());
    let scaling = Body::new()
        .attribute("min_size", e("var.spot_nodes.min_size"))
        .attribute("max_size", e("var.spot_nodes.max_size"))
        .attribute("desired_size", e("var.spot_nodes.min_size"));
    let taint = Body::new()
        .attribute("key", e("var.spot_nodes.taint.key"))
        .attribute("value", e("var.spot_nodes.taint.value"))
        .attribute("effect", e("var.spot_nodes.taint.effect"));
    let group = Body::new()
        .attribute("count", e("var.spot_nodes == null ? 0 : 1"))
        .attribute("cluster_name", e("var.cluster_name"))
        .attribute("node_group_name_prefix", format!("{}-spot-", crate::emit::name::dns_label(&layout.places[index].namespace, 30, "app")))
        .attribute("node_role_arn", e("var.spot_nodes.node_role_arn"))
        .attribute("subnet_ids", e("var.spot_nodes.subnet_ids"))
        .attribute("instance_types", e("var.spot_nodes.instance_types"))
        .attribute("capacity_type", e("var.spot_nodes.capacity_type"))
        .attribute("disk_size", e("var.spot_nodes.disk_size"))
        .above(["What the workers' affinity looks for.".to_owned()])
        .attribute(
            "labels",
            Object::new().with("karpenter.sh/capacity-type", e("lower(replace(var.spot_nodes.capacity_type, \"_\", \"-\"))")),
        )
        .block("scaling_config", &[], scaling)
        .block("taint", &[], taint)
        .block("update_config", &[], Body::new().attribute("max_unavailable", 1))
        .block(
            "lifecycle",
            &[],
            Body::new()
                .above(["The autoscaler sets the number of nodes.".to_owned()])
                .attribute("ignore_changes", vec![e("scaling_config[0].desired_size")])
                .attribute("create_before_destroy", true),
        );
    Body::new()
        .remark([format!("For {}: they stop within the two minutes that a spot node gives.", names.join(", "))])
        .above(origins)
        .block("resource", &["aws_eks_node_group", "spot"], group)
}

/// What the node group asks for.
pub fn variables(body: Body, layout: &Layout, index: usize) -> Body {
    if workers(layout, index).is_empty() {
        return body;
    }
    let body = if role::pod_role(layout, index).is_some() {
        body
    } else {
        body.block("variable", &["cluster_name"], variable("The EKS cluster that the pods run in.", "string", None))
    };
    let most = layout.spot_workers().filter_map(|process| layout.at(&process.item.replicas, index)).map(|(_, most)| *most).sum::<u32>();
    let taint = Object::new()
        .with("key", e("optional(string, \"spot\")"))
        .with("value", e("optional(string, \"true\")"))
        .with("effect", e("optional(string, \"NO_SCHEDULE\")"));
    let kind = Object::new()
        .with("subnet_ids", e("list(string)"))
        .with("node_role_arn", e("string"))
        .with("instance_types", e("list(string)"))
        .with("capacity_type", e("optional(string, \"SPOT\")"))
        .with("disk_size", e("optional(number, 50)"))
        .with("min_size", e("optional(number, 0)"))
        .with("max_size", e(format!("optional(number, {})", most.max(1))))
        .above(["The manifests tolerate spot=true:NoSchedule.".to_owned()])
        .with("taint", optional(taint));
    let spot = Body::new()
        .attribute("description", "Nodes for the workers, of several instance types of one size; null: the cluster has such nodes, or the workers run with all else.")
        .attribute("type", Value::call("object", kind))
        .attribute("default", e("null"));
    body.block("variable", &["spot_nodes"], spot)
}

/// `optional(object({ … }), {})`.
fn optional(object: Object) -> Value {
    Value::Call("optional".to_owned(), vec![Value::call("object", object), Value::Object(Object::new())])
}
