//! What a dependency install leaves behind, where it caches, and what it needs in the environment.

use crate::blueprint::{Image, Runtime, Source};
use crate::emit::docker::package;
use crate::emit::layout::Layout;

/// Where `bundle install` puts gems: the official image's place, outside the source.
const BUNDLE: &str = "/usr/local/bundle";
/// The Python packages' place.
const VIRTUAL_ENVIRONMENT: &str = "/opt/venv";

/// Where the source lies.
#[must_use]
pub fn workdir(image: &Image) -> &str {
    if image.workdir.is_empty() { "/app" } else { &image.workdir }
}

/// Directories that the install commands fill and that the later stages take over. Empty: unknown, so the commands run in place.
#[must_use]
pub fn outputs(image: &Image, source: &Source) -> Vec<String> {
    let has = |name: &str| source.manifests.iter().any(|manifest| manifest.rsplit('/').next() == Some(name));
    let inside = |name: &str| format!("{}/{name}", workdir(image).trim_end_matches('/'));
    let mut outputs = Vec::new();
    if source.install.is_empty() {
        return outputs;
    }
    if has("Gemfile") {
        outputs.push(BUNDLE.to_owned());
    }
    if has("package.json") {
        outputs.push(inside("node_modules"));
    }
    if has("composer.json") {
        outputs.push(inside("vendor"));
    }
    if has("requirements.txt") || has("Pipfile") || has("pyproject.toml") {
        outputs.push(VIRTUAL_ENVIRONMENT.to_owned());
    }
    outputs
}

/// Cache mounts for one install command.
#[must_use]
pub fn caches(image: &Image, command: &str) -> Vec<String> {
    let starts = |tool: &str| command.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).any(|word| word == tool);
    let mut caches = Vec::new();
    if starts("bundle")
        && let Some(abi) = ruby_abi(image)
    {
        caches.push(package::cache("gem-downloads", &format!("{BUNDLE}/ruby/{abi}/cache")));
    }
    for (tool, id, target) in [
        ("npm", "npm", "/root/.npm"),
        ("yarn", "yarn", "/usr/local/share/.cache/yarn"),
        ("composer", "composer", "/root/.composer/cache"),
        ("pip", "pip", "/root/.cache/pip"),
        ("mvn", "maven", "/root/.m2"),
        ("gradle", "gradle", "/root/.gradle"),
    ] {
        if starts(tool) {
            caches.push(package::cache(id, target));
        }
    }
    caches
}

/// The name that a build knows a registry's login by.
#[must_use]
pub fn login_id(layout: &Layout, name: &str) -> String {
    let several = layout.images.iter().filter(|image| image.item.source.as_ref().is_some_and(|source| source.login.is_some())).count() > 1;
    if several { format!("npmrc-{name}") } else { "npmrc".to_owned() }
}

/// Variables that a runtime needs in every stage, where the blueprint does not set them.
#[must_use]
pub fn defaults(image: &Image) -> Vec<(&'static str, String)> {
    let Some(source) = &image.source else { return Vec::new() };
    let outputs = outputs(image, source);
    let mut defaults = vec![("LANG", "C.UTF-8".to_owned())];
    if outputs.iter().any(|path| path == BUNDLE) {
        defaults.push(("BUNDLE_DEPLOYMENT", "1".to_owned()));
        defaults.push(("BUNDLE_PATH", BUNDLE.to_owned()));
        if !source.without.is_empty() {
            defaults.push(("BUNDLE_WITHOUT", source.without.join(":")));
        }
    }
    if matches!(image.runtime, Runtime::Node(_)) {
        defaults.push(("NODE_ENV", "production".to_owned()));
    }
    if outputs.iter().any(|path| path == VIRTUAL_ENVIRONMENT) {
        defaults.push(("PATH", format!("{VIRTUAL_ENVIRONMENT}/bin:$PATH")));
    }
    defaults
}

/// What must run before the install commands.
#[must_use]
pub fn prepare(image: &Image, source: &Source) -> Option<String> {
    outputs(image, source).iter().any(|path| path == VIRTUAL_ENVIRONMENT).then(|| format!("python3 -m venv {VIRTUAL_ENVIRONMENT}"))
}

/// The image that brings Composer, which PHP's has not; its 2.2 is the last for PHP before 7.2.5.
#[must_use]
pub fn composer(image: &Image, source: &Source) -> Option<&'static str> {
    let Runtime::Php(version) = &image.runtime else { return None };
    let wanted = source.install.iter().any(|command| command.split_whitespace().next() == Some("composer"));
    let old = version.starts_with('5') || ["7.0", "7.1", "7.2"].iter().any(|series| version.starts_with(series));
    wanted.then_some(if old { "composer:2.2" } else { "composer:2" })
}

/// An install command with the libraries that tests need, too.
#[must_use]
pub fn for_tests(command: &str) -> String {
    let mut command = command.replace(" --omit=dev", "").replace(" --production", "").replace(" --no-dev", "");
    if command.starts_with("bundle ") {
        command.insert_str(0, "BUNDLE_WITHOUT='' ");
    }
    if command.starts_with("npm ") || command.starts_with("yarn ") {
        command.insert_str(0, "NODE_ENV=development ");
    }
    command
}

/// `3.1.4` has its gems under `3.1.0`.
fn ruby_abi(image: &Image) -> Option<String> {
    let Runtime::Ruby(version) = &image.runtime else { return None };
    let mut parts = version.split('.');
    let (major, minor) = (parts.next()?, parts.next()?);
    (major.parse::<u8>().is_ok() && minor.parse::<u8>().is_ok()).then(|| format!("{major}.{minor}.0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_get_the_development_libraries() {
        assert_eq!(for_tests("bundle install --jobs 4"), "BUNDLE_WITHOUT='' bundle install --jobs 4");
        assert_eq!(for_tests("npm ci --omit=dev"), "NODE_ENV=development npm ci");
    }

    #[test]
    fn composer_comes_from_its_own_image() {
        let source = Source { install: vec!["composer install --no-dev".to_owned()], ..Source::default() };
        let image = |version: &str| Image { runtime: Runtime::Php(version.to_owned()), ..Image::default() };
        assert_eq!(composer(&image("5.6"), &source), Some("composer:2.2"));
        assert_eq!(composer(&image("8.2"), &source), Some("composer:2"));
        assert_eq!(composer(&image("8.2"), &Source::default()), None);
    }

    #[test]
    fn gem_downloads_are_cached_by_ruby_version() {
        let image = Image { runtime: Runtime::Ruby("3.1.4".to_owned()), ..Image::default() };
        assert!(caches(&image, "bundle install")[0].contains("/usr/local/bundle/ruby/3.1.0/cache"));
        assert!(caches(&image, "make install").is_empty());
    }
}
