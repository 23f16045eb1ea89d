//! What building makes: the images that run, and below them language and libraries, which CI publishes by themselves.
//!
//! In: the images of the blueprint. Out: a name, a stage of the Dockerfile and what it is made of for each:
//! `web-shop-ruby` of stage `ruby`, `web-shop-deps` of `deps`, `web-shop` of `app`.

use crate::blueprint::{Action, Image, Stage};
use crate::emit::docker::stage::{Stages, language};
use crate::emit::docker::{container_path, dependency};
use crate::emit::layout::{Layout, Named};
use crate::emit::name::{LABEL, Names};

/// An image that building makes.
#[derive(Debug, Clone)]
pub struct Product<'a> {
    /// Its repository, without a registry: `web-shop-ruby`.
    pub name: String,
    /// The stage of the Dockerfile.
    pub stage: String,
    /// The build argument and variable that names it once it is published; none for what runs.
    pub argument: Option<String>,
    /// The build argument that names the base image.
    pub base: String,
    /// The image that it is, or is a part of.
    pub image: &'a Named<'a, Image>,
    /// For a part: the stages that it is made of, its own last.
    pub stages: Vec<String>,
    /// For a part: the files of the build context that these stages copy.
    pub files: Vec<String>,
    /// Whether something runs from it, or is built on it that runs.
    pub deployed: bool,
}

impl Product<'_> {
    /// Whether it is the language alone, below the libraries.
    #[must_use]
    pub fn is_language(&self) -> bool {
        self.argument.is_some() && self.stages.len() == 1
    }
}

/// All of them, what others are built on first.
#[must_use]
pub fn all<'a>(layout: &'a Layout<'a>, stages: &Stages) -> Vec<Product<'a>> {
    let own: Vec<&str> = layout.images.iter().map(|image| image.name.as_str()).collect();
    let mut names = Names::reserving(&own);
    let mut products = Vec::new();
    for image in &layout.images {
        let (Some(chain), Some(source)) = (stages.get(&image.name), &image.item.source) else { continue };
        let arguments = stages.arguments(image);
        let base = arguments.first().map(|argument| argument.name.clone()).unwrap_or_default();
        let mut published = arguments.iter().filter(|argument| argument.published).map(|argument| argument.name.clone());
        let runtime = vec![chain.runtime.clone()];
        let built = (!dependency::outputs(image.item, source).is_empty()).then(|| chain.builder.clone());
        let libraries = [runtime.clone(), built.into_iter().collect(), vec![chain.dependencies.clone()]].concat();
        let files = copied(image.item, Stage::Runtime);
        let manifests = source.manifests.iter().map(|manifest| format!("{}{manifest}", source.folder));
        let both = [files.clone(), manifests.collect(), copied(image.item, Stage::Dependencies)].concat();
        for (part, made_of, files) in [(language(image.item), runtime, files), ("deps", libraries, both)] {
            products.push(Product {
                name: names.give(&format!("{}-{part}", image.name), LABEL, "part"),
                stage: made_of.last().cloned().unwrap_or_default(),
                argument: published.next(),
                base: base.clone(),
                image,
                stages: made_of,
                files,
                deployed: is_deployed(layout, image.item),
            });
        }
    }
    products.extend(layout.images.iter().filter_map(|image| whole(layout, image, stages)));
    products
}

fn whole<'a>(layout: &Layout, image: &'a Named<'a, Image>, stages: &Stages) -> Option<Product<'a>> {
    let stage = stages.get(&image.name)?.last.clone();
    let base = stages.arguments(image).first().map(|argument| argument.name.clone()).unwrap_or_default();
    let deployed = is_deployed(layout, image.item);
    Some(Product { name: image.name.clone(), stage, argument: None, base, image, stages: Vec::new(), files: Vec::new(), deployed })
}

/// Whether something runs from the image; where nothing runs at all, every image is meant to.
fn is_deployed(layout: &Layout, image: &Image) -> bool {
    let blueprint = layout.blueprint;
    let processes = blueprint.processes.iter().map(|process| &process.image);
    let schedules = blueprint.schedules.iter().map(|schedule| &schedule.image);
    let mut used = processes.chain(schedules).chain(blueprint.jobs.iter().map(|job| &job.image)).peekable();
    used.peek().is_none() || used.any(|name| *name == image.name)
}

fn copied(image: &Image, stage: Stage) -> Vec<String> {
    let mut files = Vec::new();
    for step in image.steps.iter().filter(|step| step.stage == stage) {
        if let Action::Copy { from, .. } = &step.action {
            let path = container_path(from);
            if !files.contains(&path) {
                files.push(path);
            }
        }
    }
    files
}

/// The registry logins that building an image needs, as (id, file in the build context): its own, and those of images that it copies from.
#[must_use]
pub fn logins(layout: &Layout, image: &Named<Image>) -> Vec<(String, String)> {
    let own = |image: &Named<Image>| {
        let source = image.item.source.as_ref()?;
        let file = source.login.as_ref()?;
        Some((dependency::login_id(layout, &image.name), format!("{}{file}", source.folder)))
    };
    let mut logins: Vec<(String, String)> = own(image).into_iter().collect();
    for step in &image.item.steps {
        if let Action::CopyFromImage { image: other, .. } = &step.action
            && let Some(login) = layout.image(other).and_then(own)
            && !logins.contains(&login)
        {
            logins.push(login);
        }
    }
    logins
}
