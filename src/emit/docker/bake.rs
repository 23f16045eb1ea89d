//! `docker-bake.hcl`: one call builds all images.
//!
//! In: what building makes. Out: a target for each, named as its stage; the group `default` is what gets deployed.

use crate::emit::Options;
use crate::emit::docker::product::{self, Product};
use crate::emit::docker::stage::Stages;
use crate::emit::hcl::{Body, Object, Value, render};
use crate::emit::layout::Layout;
use crate::emit::origin;

/// The whole file.
#[must_use]
pub fn bake(layout: &Layout, stages: &Stages, options: &Options) -> String {
    let products = product::all(layout, stages);
    let mut root = Body::new().remark(head(&products));
    let registry = options.registry.clone().unwrap_or_default();
    for (name, default, comment) in [
        ("REGISTRY", registry.as_str(), "Registry and path before the names of the images; empty: names alone."),
        ("TAG", "local", "In CI the revision: a tag is given once."),
        ("REVISION", "unknown", "The commit, for the label."),
        ("CACHE", "", "A repository whose tags may change, for the registry's build cache: REGISTRY/cache. Empty: none is read."),
        ("CACHE_WRITE", "", "`true`: it is written, too. Needs a builder that can: docker buildx create --use"),
    ] {
        root = root.above([comment.to_owned()]).block("variable", &[name], Body::new().attribute("default", default));
    }
    for product in &products {
        if let Some(argument) = &product.argument {
            let comment = format!("{} as CI published it; by default the Dockerfile's own stage.", product.name);
            let default = Body::new().attribute("default", &product.stage);
            root = root.above([comment]).block("variable", &[argument], default);
        }
    }
    root = functions(root);
    let deployed = products.iter().filter(|product| product.argument.is_none() && product.deployed);
    let group = Body::new().attribute("targets", Value::texts(deployed.map(|product| target(&product.stage))));
    root = root.block("group", &["default"], group);
    let arguments = products.iter().filter_map(|product| product.argument.as_ref());
    let arguments = arguments.fold(Object::new().with("REVISION", Value::expression("REVISION")), |object, argument| {
        object.with(argument, Value::expression(argument))
    });
    let common = Body::new().attribute("context", ".").attribute("dockerfile", "Dockerfile").attribute("args", arguments);
    root = root.block("target", &["_common"], common);
    for product in &products {
        let origins = origin::lines(&product.image.item.base_origin);
        let comments = if product.argument.is_none() || product.is_language() { origins } else { Vec::new() };
        root = root.above(comments).block("target", &[&target(&product.stage)], of(layout, product));
    }
    render(&root)
}

fn head(products: &[Product]) -> Vec<String> {
    let bake = "docker buildx bake -f docker-bake.hcl";
    let mut lines = vec![
        "All images, for this machine (with -f: without it the services of compose.yaml become targets, too):".to_owned(),
        format!("  {bake}"),
        "Published:".to_owned(),
        format!("  REGISTRY=... TAG=... REVISION=... {bake} --push"),
    ];
    if let Some(part) = products.iter().find_map(|product| product.argument.as_ref().map(|argument| (argument, &product.stage))) {
        lines.push("A part that the others build on, published under a tag of its content:".to_owned());
        lines.push(format!("  {}=... {bake} --push {}", part.0, target(part.1)));
    }
    lines.push("Another base image, from a mirror or of another version; NAME as in the Dockerfile:".to_owned());
    lines.push(format!("  {bake} --set '*.args.NAME=...'"));
    lines
}

fn functions(root: Body) -> Body {
    let function = |name: &str, result: &str| {
        let body = Body::new().attribute("params", vec![Value::expression(name)]);
        body.attribute("result", Value::expression(result))
    };
    let reference = function("name", "REGISTRY == \"\" ? \"${name}:${TAG}\" : \"${REGISTRY}/${name}:${TAG}\"");
    let from = function("name", "CACHE == \"\" ? [] : [\"type=registry,ref=${CACHE}:${name}\"]");
    // Amazon's registry takes caches only in this form.
    let written = "[\"type=registry,ref=${CACHE}:${name},mode=max,image-manifest=true,oci-mediatypes=true\"]";
    let to = function("name", &format!("CACHE == \"\" || CACHE_WRITE != \"true\" ? [] : {written}"));
    root.block("function", &["reference"], reference).block("function", &["cache_from"], from).block("function", &["cache_to"], to)
}

fn of(layout: &Layout, product: &Product) -> Body {
    let reference = format!("reference(\"{}\")", product.name);
    let tag = match &product.argument {
        Some(argument) => format!("{argument} == \"{}\" ? {reference} : {argument}", product.stage),
        None => reference,
    };
    let title = Object::new().with("org.opencontainers.image.title", product.name.as_str());
    let label = match product.argument {
        Some(_) => title,
        None => title.with("org.opencontainers.image.version", Value::expression("TAG")),
    };
    // The language by itself installs nothing from a registry that asks who it is.
    let logins = if product.is_language() { Vec::new() } else { product::logins(layout, product.image) };
    let secrets: Vec<Value> = logins.into_iter().map(|(id, file)| Value::Text(format!("id={id},src={file}"))).collect();
    let body = Body::new()
        .attribute("inherits", Value::texts(["_common"]))
        .attribute("target", &product.stage)
        .attribute("tags", vec![Value::expression(tag)])
        .attribute_some("secret", (!secrets.is_empty()).then_some(secrets));
    body.attribute("cache-from", Value::expression(format!("cache_from(\"{}\")", product.name)))
        .attribute("cache-to", Value::expression(format!("cache_to(\"{}\")", product.name)))
        .attribute("labels", label)
}

/// The target of a stage; `default` is the group.
#[must_use]
pub fn target(stage: &str) -> String {
    if stage == "default" { "default-image".to_owned() } else { stage.to_owned() }
}
