//! The operating systems that `OpsWorks` offers, as Chef's `node['platform']` and `node['platform_version']`.
//!
//! `Ubuntu 18.04 LTS` is `("ubuntu", "18.04")`; `Custom` says nothing.

/// Platform and version of an export's `Os` string.
#[must_use]
pub fn platform(os: &str) -> Option<(String, String)> {
    let lower = os.trim().to_lowercase();
    let version = lower
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .map(|word| word.trim_end_matches(|c: char| !c.is_ascii_digit()).to_owned());
    let (name, version) = if lower.starts_with("ubuntu") {
        ("ubuntu", version?)
    } else if lower.starts_with("amazon") {
        // The bare name is what templates write for the last release before versions were told.
        ("amazon", version.unwrap_or_else(|| "2016.09".to_owned()))
    } else if lower.starts_with("centos") {
        ("centos", version?)
    } else if lower.starts_with("red hat") || lower.starts_with("rhel") {
        ("redhat", version?)
    } else if lower.starts_with("debian") {
        ("debian", version?)
    } else if lower.contains("windows") {
        // Ohai gives the kernel's version on Windows.
        let version = match () {
            () if lower.contains("2012") => "6.3.9600",
            () if lower.contains("2016") => "10.0.14393",
            () if lower.contains("2019") => "10.0.17763",
            () if lower.contains("2022") => "10.0.20348",
            () => return None,
        };
        ("windows", version.to_owned())
    } else {
        return None;
    };
    Some((name.to_owned(), version))
}

/// Whether the platform is of the Debian family: the built-in cookbooks' defaults hang on it.
#[must_use]
pub fn is_debian_family(platform: &(String, String)) -> bool {
    matches!(platform.0.as_str(), "ubuntu" | "debian")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_exports_write_them() {
        for (os, name, version) in [
            ("Ubuntu 18.04 LTS", "ubuntu", "18.04"),
            ("Ubuntu 12.04 LTS", "ubuntu", "12.04"),
            ("Amazon Linux 2", "amazon", "2"),
            ("Amazon Linux 2018.03", "amazon", "2018.03"),
            ("Amazon Linux", "amazon", "2016.09"),
            ("CentOS Linux 7", "centos", "7"),
            ("CentOS 7", "centos", "7"),
            ("Red Hat Enterprise Linux 7", "redhat", "7"),
            ("Microsoft Windows Server 2012 R2 Base", "windows", "6.3.9600"),
        ] {
            assert_eq!(platform(os), Some((name.to_owned(), version.to_owned())), "{os}");
        }
        assert_eq!(platform("Custom"), None);
        assert_eq!(platform(""), None);
    }
}
