//! Addresses that no longer answer: a build that fetches from them fails.
//!
//! In: an address, or a script with addresses in it. Out: why nothing comes from there any more, and where to look instead.

/// What an address holds, and what became of it.
const GONE: &[(&str, &str)] = &[
    (
        "opsworks-instance-assets",
        "OpsWorks' own store went with the service in 2024: the distribution has such packages, or nothing needs them",
    ),
    ("opsworks-instance-agent", "OpsWorks' agent went with the service in 2024"),
    (
        "googlecode.com/",
        "Google Code closed in 2016; its downloads are in the archive at storage.googleapis.com/google-code-archive-downloads",
    ),
    (
        "code.google.com/p/",
        "Google Code closed in 2016; its downloads are in the archive at storage.googleapis.com/google-code-archive-downloads",
    ),
    ("bintray.com/", "Bintray closed in 2021: look at the project's own releases"),
    ("rubyforge.org/", "RubyForge closed in 2014: gems are at rubygems.org"),
    ("gems.github.com", "GitHub builds no gems since 2009: gems are at rubygems.org"),
    ("cloud.github.com/downloads/", "GitHub's downloads closed in 2012: look at the project's releases"),
    ("codehaus.org/", "Codehaus closed in 2015: look at Maven Central"),
];

/// Why nothing comes from an address in `text`; `None` where nothing is known against it.
#[must_use]
pub fn reason(text: &str) -> Option<&'static str> {
    let at_address = |mark: &str| {
        text.match_indices(mark).any(|(at, _)| {
            let before: &str = &text[..at];
            let word = before.rsplit(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '=' | '(')).next().unwrap_or("");
            word.contains("://")
        })
    };
    GONE.iter().find(|(mark, _)| at_address(mark)).map(|(_, why)| *why)
}

#[cfg(test)]
mod tests {
    use super::reason;

    #[test]
    fn only_addresses_count() {
        assert!(reason("curl https://phantomjs.googlecode.com/files/a.tar.bz2 -o a").is_some());
        assert!(reason("URL=http://dl.bintray.com/x").is_some());
        assert!(reason("# was on googlecode.com/files").is_none());
        assert!(reason("https://example.com/a").is_none());
    }
}
