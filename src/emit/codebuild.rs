//! `buildspec.yml` for AWS CodeBuild: language and libraries only when they changed, tests, images under the commit's tag.
//!
//! In: what building makes. Out: one file whose commands each stand alone and name no registry:
//! `docker buildx bake -f docker-bake.hcl --push deps`.

use crate::blueprint::{Artifact, Blueprint};
use crate::emit::docker::product::{self, Product};
use crate::emit::docker::{bake, instruction::shell_word, stage::Stages};
use crate::emit::layout::Layout;
use crate::emit::yaml::{Document, List, Map, Node, render};
use crate::emit::{Options, file, is_wanted};

/// What builds a target.
const BAKE: &str = "docker buildx bake -f docker-bake.hcl";

/// The CodeBuild target.
#[must_use]
pub fn emit(blueprint: &Blueprint, options: &Options) -> Vec<Artifact> {
    let layout = Layout::of(blueprint);
    if layout.images.is_empty() {
        return Vec::new();
    }
    let stages = Stages::of(&layout);
    let project = Project { layout: &layout, options, products: product::all(&layout, &stages), stages: &stages };
    vec![file("buildspec.yml", render(&[project.spec()]))]
}

/// What the functions below share.
struct Project<'a> {
    layout: &'a Layout<'a>,
    options: &'a Options,
    products: Vec<Product<'a>>,
    stages: &'a Stages,
}

impl Project<'_> {
    fn spec(&self) -> Document {
        let variables = Map::new().with("DOCKER_BUILDKIT", "1");
        let variables = if self.parts().next().is_none() {
            variables
        } else {
            variables
                .above("Another value builds language and libraries anew, with the base image and packages of that day. Security updates")
                .above("come in this way: let a scheduled build set it to the date.")
                .with("REFRESH", "1")
        };
        let environment =
            Map::new().with("shell", "bash").with("variables", variables).with("exported-variables", List::flow().item("TAG"));
        let phase = |commands: List| Map::new().with("on-failure", "ABORT").with("commands", commands);
        let phases = Map::new()
            .spaced()
            .with("pre_build", phase(self.prepare()))
            .with("build", phase(self.build()))
            .with("post_build", phase(self.publish()));
        let mut files = List::new().item("images.json");
        for target in ["kubernetes", "ecs", "beanstalk", "codedeploy"].into_iter().filter(|target| is_wanted(self.options, target)) {
            files.push(format!("{target}/**/*"));
        }
        let root = Map::new().spaced().with("version", Node::Decimal("0.2".to_owned())).with("env", environment).with("phases", phases);
        Document::new(root.with("artifacts", Map::new().with("files", files))).commented(self.head())
    }

    fn head(&self) -> Vec<String> {
        let mut lines = vec![
            "CodeBuild: test, build, push. The project needs privileged mode, an image with docker buildx (standard:7.0,".to_owned(),
            "amazonlinux-x86_64-standard:5.0 and newer), a role that may push, a repository for each image, and these variables:"
                .to_owned(),
            "  REGISTRY         registry and path before the names of the images".to_owned(),
            "  REGISTRY_REGION  its region, where it is not the project's own".to_owned(),
        ];
        for (id, file) in self.logins() {
            lines.push(format!("  {}  the content of {file}; of type SECRETS_MANAGER, so that it stands nowhere", secret_variable(&id)));
        }
        lines
    }

    /// Language and libraries of what gets deployed.
    fn parts(&self) -> impl Iterator<Item = (&Product<'_>, &str)> {
        let deployed = self.products.iter().filter(|product| product.deployed);
        deployed.filter_map(|product| product.argument.as_deref().map(|argument| (product, argument)))
    }

    /// What gets deployed.
    fn images(&self) -> impl Iterator<Item = &Product<'_>> {
        self.products.iter().filter(|product| product.argument.is_none() && product.deployed)
    }

    fn logins(&self) -> Vec<(String, String)> {
        let mut logins = Vec::new();
        for login in self.images().flat_map(|product| product::logins(self.layout, product.image)) {
            if !logins.contains(&login) {
                logins.push(login);
            }
        }
        logins
    }

    fn prepare(&self) -> List {
        let mut commands = List::new()
            .item("test -n \"$REGISTRY\"")
            .item(
                "aws ecr get-login-password --region \"${REGISTRY_REGION:-$AWS_REGION}\" | \
                 docker login --username AWS --password-stdin \"${REGISTRY%%/*}\"",
            )
            .item("export REVISION=$CODEBUILD_RESOLVED_SOURCE_VERSION")
            .item("export TAG=${REVISION:0:12}")
            .item("test -n \"$TAG\"");
        for (id, file) in self.logins() {
            let (name, path) = (secret_variable(&id), shell_word(&file));
            let comment = format!("The login of the libraries' registry: a secret of the build, no part of an image ({id}).");
            commands = commands.above_all([comment]);
            commands.push(format!("test -f {path} || {{ test -n \"${name}\" && printf '%s\\n' \"${name}\" > {path}; }}"));
        }
        for (index, (product, argument)) in self.parts().enumerate() {
            if index == 0 {
                commands = commands.above_all([
                    "The tag of language and libraries is a hash of what they are made of: their stages of the Dockerfile and the files"
                        .to_owned(),
                    "that these copy. The same inputs have the same tag, and nothing is built.".to_owned(),
                ]);
            }
            commands.push(format!("content=$(\n{}) && export {argument}=\"$REGISTRY/{}:$content\"\n", hash(product), product.name));
        }
        commands
    }

    fn build(&self) -> List {
        let mut commands = List::new();
        for (index, (product, argument)) in self.parts().enumerate() {
            if index == 0 {
                commands = commands.above_all([
                    "Only what the registry does not have. Another build may be faster: a tag cannot be pushed twice, and its image will do."
                        .to_owned(),
                ]);
            }
            let there = exists(&format!("${argument}"));
            commands.push(format!("{there} ||\n  {BAKE} --push {} ||\n  {there}\n", bake::target(&product.stage)));
        }
        for product in self.images() {
            let Some(chain) = self.stages.get(&product.image.name).filter(|_| is_tested(product)) else { continue };
            if is_wanted(self.options, "compose") {
                commands.push(format!("docker compose run --rm --build {}", chain.test));
            }
        }
        commands.item(BAKE)
    }

    fn publish(&self) -> List {
        let mut commands = List::new().item("test \"$CODEBUILD_BUILD_SUCCEEDING\" = 1");
        commands = commands.above_all(["A tag is given once: a second build of a commit leaves the image that is there.".to_owned()]);
        for product in self.images() {
            let reference = format!("$REGISTRY/{}:$TAG", product.name);
            commands.push(format!("{} || docker push \"{reference}\"", exists(&reference)));
        }
        let names: Vec<String> = self.images().map(|product| format!("\"{}\":\"%s\"", product.name)).collect();
        let references: Vec<String> = self.images().map(|product| format!("\"$(reference {})\"", product.name)).collect();
        let known = references.iter().enumerate().map(|(number, reference)| format!("  image_{}={reference}\n", number + 1));
        let values: Vec<String> = (1..=references.len()).map(|number| format!("\"$image_{number}\"")).collect();
        let lines = [
            "(\n  set -e\n  reference() {\n".to_owned(),
            "    digest=$(docker buildx imagetools inspect \"$REGISTRY/$1:$TAG\" --format '{{.Manifest.Digest}}')\n".to_owned(),
            "    test -n \"$digest\" || exit 1\n    printf '%s' \"$REGISTRY/$1:$TAG@$digest\"\n  }\n".to_owned(),
            known.collect::<String>(),
            format!("  printf '{{{}}}\\n' {} > images.json\n)\n", names.join(","), values.join(" ")),
        ];
        commands = commands.above_all([
            "What was built, for the step that deploys it: name, and reference with tag and digest, as `kustomize edit set image` takes it."
                .to_owned(),
        ]);
        commands.item(lines.concat())
    }
}

fn is_tested(product: &Product) -> bool {
    product.image.item.source.as_ref().is_some_and(|source| source.tests.is_some())
}

/// Asks the registry, without fetching the image.
fn exists(reference: &str) -> String {
    format!("docker buildx imagetools inspect \"{reference}\" > /dev/null 2>&1")
}

/// `NPMRC` for `npmrc`.
fn secret_variable(id: &str) -> String {
    id.to_uppercase().replace('-', "_")
}

/// Prints the hash of what a part is made of: the base image, its stages, the files they copy with their modes.
fn hash(product: &Product) -> String {
    let (stages, base) = (product.stages.join("|"), &product.base);
    let mut inputs =
        vec!["echo \"$REFRESH\"".to_owned(), format!("awk '/^FROM / {{ on = / AS ({stages})$/ }} on || /^ARG {base}=/' Dockerfile")];
    if !product.files.is_empty() {
        let files: Vec<String> = product.files.iter().map(|file| shell_word(file)).collect();
        inputs.push(format!("tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - -- {}", files.join(" ")));
    }
    let lines: String = inputs.iter().map(|input| format!("    {input}\n")).collect();
    format!("  set -eo pipefail\n  {{\n{lines}  }} | sha256sum | cut -c 1-16\n")
}
