//! Names of stages and build arguments, shared with Compose: `ruby`, `gems`, `deps`, `test`, `app`.

use crate::blueprint::{Image, Runtime};
use crate::emit::layout::{Layout, Named};
use crate::emit::name::{LABEL, Names};
use crate::emit::{Options, digest};

/// The stages of one image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The language runtime.
    pub runtime: String,
    /// The throw-away stage with compilers.
    pub builder: String,
    /// System packages and libraries.
    pub dependencies: String,
    /// Throw-away stage of the test stage.
    pub test_builder: String,
    /// The test stage.
    pub test: String,
    /// What runs.
    pub last: String,
    /// Before argument names: empty, or `ADMIN_`.
    pub prefix: String,
}

/// A build argument with its default.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Argument {
    /// `BASE_IMAGE`.
    pub name: String,
    /// `ruby:3.1.4-slim-bookworm`, or a stage.
    pub value: String,
    /// Whether CI may put a published image in.
    pub published: bool,
}

/// The stages of all images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stages {
    /// By final image name.
    pub images: Vec<(String, Chain)>,
    /// What pins images of others.
    options: Options,
}

impl Stages {
    /// Names for all stages; the only image with source gets short ones.
    #[must_use]
    pub fn of(layout: &Layout) -> Self {
        Self::pinned(layout, &Options::default())
    }

    /// The same, with base images pinned by the digests that the user gave.
    #[must_use]
    pub fn pinned(layout: &Layout, options: &Options) -> Self {
        let with_source = layout.images.iter().filter(|image| image.item.source.is_some()).count();
        let mut names = Names::default();
        let images = layout.images.iter().map(|image| {
            let stripped = image.name.strip_prefix(&format!("{}-", layout.name));
            let short = stripped.filter(|short| short.starts_with(|c: char| c.is_ascii_lowercase())).unwrap_or(&image.name).to_owned();
            let alone = with_source == 1 && image.item.source.is_some();
            let part = |part: &str| if alone { part.to_owned() } else { format!("{short}-{part}") };
            let last = if alone { "app".to_owned() } else { short.clone() };
            let prefix =
                if alone || layout.images.len() == 1 { String::new() } else { format!("{}_", short.to_uppercase().replace('-', "_")) };
            let last = names.give(&last, LABEL, "image");
            let mut give = |wanted: String| names.give(&wanted, LABEL, "stage");
            let (runtime, builder) = (part(language(image.item)), part(builder(image.item)));
            let stages = Chain {
                runtime: give(runtime),
                test_builder: give(format!("{builder}-test")),
                builder: give(builder),
                dependencies: give(part("deps")),
                test: give(part("test")),
                last,
                prefix,
            };
            (image.name.clone(), stages)
        });
        Self { images: images.collect(), options: options.clone() }
    }

    /// The stages of an image, by its final name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Chain> {
        self.images.iter().find(|(other, _)| other == name).map(|(_, stages)| stages)
    }

    /// The stage to build for the image that the blueprint calls `raw`.
    #[must_use]
    pub fn target(&self, layout: &Layout, raw: &str) -> Option<String> {
        layout.image(raw).and_then(|image| self.get(&image.name)).map(|stages| stages.last.clone())
    }

    /// An image of others, with its digest where there is one.
    #[must_use]
    pub fn pin(&self, image: &str) -> String {
        digest::pinned(&self.options, image)
    }

    /// The build arguments of one image.
    #[must_use]
    pub fn arguments(&self, image: &Named<Image>) -> Vec<Argument> {
        let Some(stages) = self.get(&image.name) else { return Vec::new() };
        let argument =
            |name: &str, value: &str, published| Argument { name: format!("{}{name}", stages.prefix), value: value.to_owned(), published };
        let base = &self.pin(if image.item.base.is_empty() { "debian:bookworm-slim" } else { &image.item.base });
        if image.item.source.is_none() {
            let name = if stages.prefix.is_empty() { "BASE_IMAGE" } else { "IMAGE" };
            return vec![argument(name, base, false)];
        }
        vec![
            argument("BASE_IMAGE", base, false),
            argument(&format!("{}_IMAGE", language(image.item).to_uppercase()), &stages.runtime, true),
            argument("DEPS_IMAGE", &stages.dependencies, true),
        ]
    }
}

/// What the first stage is called.
pub fn language(image: &Image) -> &'static str {
    match image.runtime {
        Runtime::Ruby(_) => "ruby",
        Runtime::Node(_) => "node",
        Runtime::Php(_) => "php",
        Runtime::Java(_) => "java",
        Runtime::Python(_) => "python",
        Runtime::System | Runtime::Daemon(_) => "system",
    }
}

/// What the stage with the compilers is called.
fn builder(image: &Image) -> &'static str {
    match image.runtime {
        Runtime::Ruby(_) => "gems",
        Runtime::Node(_) => "modules",
        Runtime::Php(_) => "vendor",
        _ => "build",
    }
}
