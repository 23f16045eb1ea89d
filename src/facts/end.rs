//! When versions of languages, data stores and systems stop being kept.
//!
//! `Ruby 2.3` ended in 2019-03. The date of today comes in as an argument: only `src/cli` knows the clock. Sources: endoflife.date and
//! the projects' own pages.

use std::cmp::Ordering;

/// The last month (or day) with updates: subject, line, date; by subject in order of versions.
const ENDS: &[(&str, &str, &str)] = &[
    ("Ruby", "1.9", "2015-02"),
    ("Ruby", "2.0", "2016-02"),
    ("Ruby", "2.1", "2017-03"),
    ("Ruby", "2.2", "2018-03"),
    ("Ruby", "2.3", "2019-03"),
    ("Ruby", "2.4", "2020-03"),
    ("Ruby", "2.5", "2021-03"),
    ("Ruby", "2.6", "2022-03"),
    ("Ruby", "2.7", "2023-03"),
    ("Ruby", "3.0", "2024-04"),
    ("Ruby", "3.1", "2025-03"),
    ("Ruby", "3.2", "2026-03"),
    ("Ruby", "3.3", "2027-03"),
    ("Ruby", "3.4", "2028-03"),
    ("Ruby", "4.0", "2029-03"),
    ("Node.js", "0", "2016-12"),
    ("Node.js", "4", "2018-04"),
    ("Node.js", "5", "2016-06"),
    ("Node.js", "6", "2019-04"),
    ("Node.js", "8", "2019-12"),
    ("Node.js", "10", "2021-04"),
    ("Node.js", "12", "2022-04"),
    ("Node.js", "14", "2023-04"),
    ("Node.js", "16", "2023-09"),
    ("Node.js", "18", "2025-04"),
    ("Node.js", "20", "2026-04"),
    ("Node.js", "21", "2024-06"),
    ("Node.js", "22", "2027-04"),
    ("Node.js", "24", "2028-04"),
    ("PHP", "5.3", "2014-08"),
    ("PHP", "5.4", "2015-09"),
    ("PHP", "5.5", "2016-07"),
    ("PHP", "5.6", "2018-12"),
    ("PHP", "7.0", "2019-01"),
    ("PHP", "7.1", "2019-12"),
    ("PHP", "7.2", "2020-11"),
    ("PHP", "7.3", "2021-12"),
    ("PHP", "7.4", "2022-11"),
    ("PHP", "8.0", "2023-11"),
    ("PHP", "8.1", "2025-12"),
    ("PHP", "8.2", "2026-12"),
    ("PHP", "8.3", "2027-12"),
    ("PHP", "8.4", "2028-12"),
    ("Python", "2.7", "2020-01"),
    ("Python", "3.5", "2020-09"),
    ("Python", "3.6", "2021-12"),
    ("Python", "3.7", "2023-06"),
    ("Python", "3.8", "2024-10"),
    ("Python", "3.9", "2025-10"),
    ("Python", "3.10", "2026-10"),
    ("Python", "3.11", "2027-10"),
    ("ubuntu", "10.04", "2015-04"),
    ("ubuntu", "12.04", "2017-04"),
    ("ubuntu", "14.04", "2019-04"),
    ("ubuntu", "16.04", "2021-04"),
    ("ubuntu", "18.04", "2023-05"),
    ("ubuntu", "20.04", "2025-05"),
    ("ubuntu", "22.04", "2027-04"),
    ("ubuntu", "24.04", "2029-05"),
    ("ubuntu", "26.04", "2031-04"),
    ("debian", "7", "2018-05"),
    ("debian", "8", "2020-06"),
    ("debian", "9", "2022-07"),
    ("debian", "10", "2024-06"),
    ("debian", "11", "2026-08"),
    ("debian", "12", "2028-06"),
    ("debian", "13", "2030-06"),
    ("amazon", "2", "2026-06"),
    ("amazon", "2018", "2023-12"),
    ("amazon", "2023", "2029-06"),
    ("centos", "5", "2017-03"),
    ("centos", "6", "2020-11"),
    ("centos", "7", "2024-06"),
    ("centos", "8", "2021-12"),
    ("centos", "9", "2027-05"),
    ("redhat", "6", "2020-11"),
    ("redhat", "7", "2024-06"),
    ("redhat", "8", "2029-05"),
    ("redhat", "9", "2032-05"),
    ("Java", "6", "2018-12"),
    ("Java", "7", "2022-07"),
    ("Java", "8", "2030-12"),
    ("MySQL", "5.1", "2013-12"),
    ("MySQL", "5.5", "2018-12"),
    ("MySQL", "5.6", "2021-02"),
    ("MySQL", "5.7", "2023-10"),
    ("MySQL", "8.0", "2026-04"),
    ("MySQL", "8.4", "2032-04"),
    ("PostgreSQL", "8.3", "2013-02"),
    ("PostgreSQL", "8.4", "2014-07"),
    ("PostgreSQL", "9.0", "2015-10"),
    ("PostgreSQL", "9.1", "2016-10"),
    ("PostgreSQL", "9.2", "2017-11"),
    ("PostgreSQL", "9.3", "2018-11"),
    ("PostgreSQL", "9.4", "2020-02"),
    ("PostgreSQL", "9.5", "2021-02"),
    ("PostgreSQL", "9.6", "2021-11"),
    ("PostgreSQL", "10", "2022-11"),
    ("PostgreSQL", "11", "2023-11"),
    ("PostgreSQL", "12", "2024-11"),
    ("PostgreSQL", "13", "2025-11"),
    ("PostgreSQL", "14", "2026-11-12"),
    ("PostgreSQL", "15", "2027-11"),
    ("PostgreSQL", "16", "2028-11"),
    ("PostgreSQL", "17", "2029-11"),
    ("PostgreSQL", "18", "2030-11"),
    ("Redis", "7.0", "2024-07"),
    ("Redis", "7.2", "2029-12"),
    ("MongoDB", "3.6", "2021-04"),
    ("MongoDB", "4.0", "2022-04"),
    ("MongoDB", "4.2", "2023-04"),
    ("MongoDB", "4.4", "2024-02"),
    ("MongoDB", "5.0", "2024-10"),
    ("MongoDB", "6.0", "2025-07"),
    ("MongoDB", "7.0", "2027-08"),
    ("Elasticsearch", "5", "2019-03"),
    ("Elasticsearch", "6", "2022-02"),
    ("Elasticsearch", "7", "2026-01"),
    ("Elasticsearch", "8", "2027-07"),
];

/// The day that these facts were last looked at; the default of today.
pub const AS_OF: &str = "2026-11-21";

/// Whether `subject` is an operating system: those have Ohai's names, in small letters.
#[must_use]
pub fn is_platform(subject: &str) -> bool {
    subject.starts_with(|c: char| c.is_ascii_lowercase())
}

/// The date when `line` of `subject` ended, if that is known and before `today`.
#[must_use]
pub fn ended(subject: &str, line: &str, today: &str) -> Option<&'static str> {
    let (_, _, date) = ENDS.iter().find(|(known, version, _)| *known == subject && *version == line)?;
    is_past(date, today).then_some(date)
}

/// The date when `version` of `subject` ended: that of its line or, where the table has none, that of the next newer one, when it had
/// ended at the latest. `2.3.8` of Ruby ended in 2019-03, and `7.10` of Node.js by 2019-12.
#[must_use]
pub fn ended_by(subject: &str, version: &str, today: &str) -> Option<String> {
    let lines = || ENDS.iter().filter(|(known, ..)| *known == subject);
    let past = |(_, _, date): &&(&str, &str, &'static str)| is_past(date, today);
    // `3` of Python may be any of 3: what holds for the newest holds for it.
    if let Some(own) = lines().rfind(|(_, line, _)| compare(version, line) == Ordering::Equal) {
        return Some(own).filter(past).map(|(_, _, date)| (*date).to_owned());
    }
    let newer = lines().find(|(_, line, _)| compare(version, line) == Ordering::Less);
    newer.filter(past).map(|(_, _, date)| format!("{date} at the latest"))
}

/// The oldest line of `subject` that is kept on `today`.
#[must_use]
pub fn oldest_kept(subject: &str, today: &str) -> Option<&'static str> {
    ENDS.iter().find(|(known, _, date)| *known == subject && !is_past(date, today)).map(|(_, line, _)| *line)
}

/// A month is past when the next one has begun.
fn is_past(date: &str, today: &str) -> bool {
    date < today.get(..date.len()).unwrap_or(today)
}

/// Compares `version` with `line` by as many numbers as both have: `2.3.8` is equal to `2.3`, and `2` is equal to all of 2.
fn compare(version: &str, line: &str) -> Ordering {
    let numbers = |text: &str| -> Vec<u32> { text.split('.').map_while(|part| part.parse().ok()).collect() };
    let (version, line) = (numbers(version), numbers(line));
    let count = version.len().min(line.len());
    version.iter().take(count).cmp(line.iter().take(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_ended() {
        assert_eq!(ended("Ruby", "3.1", AS_OF), Some("2025-03"));
        assert_eq!(ended("PHP", "8.2", AS_OF), None);
        assert_eq!(ended("PHP", "8.2", "2027-01-01"), Some("2026-12"));
        assert_eq!(ended("Ruby", "9.9", AS_OF), None);
    }

    #[test]
    fn versions_without_a_line_of_their_own() {
        for (subject, version, past) in [
            ("Elasticsearch", "5.6.2", true),
            ("Node.js", "7.10", true),
            ("Node.js", "0.10.26", true),
            ("Node.js", "21", true),
            ("Node.js", "22.1.0", false),
            ("Redis", "3.2", true),
            ("Redis", "7.2.4", false),
            ("PostgreSQL", "9.3", true),
            ("PostgreSQL", "14", true),
            ("PostgreSQL", "15.2", false),
            ("PostgreSQL", "99", false),
            ("ubuntu", "15.10", true),
            ("amazon", "2017.09", true),
            ("amazon", "2", true),
            ("amazon", "2023", false),
            ("Python", "3", false),
            ("Python", "2", true),
        ] {
            assert_eq!(ended_by(subject, version, AS_OF).is_some(), past, "{subject} {version}");
        }
        assert_eq!(oldest_kept("Ruby", AS_OF), Some("3.3"));
    }

    #[test]
    fn the_table_is_sorted_without_doubles() {
        for pair in ENDS.windows(2) {
            let [first, second] = pair else { continue };
            assert!(first.0 != second.0 || compare(first.1, second.1) == Ordering::Less, "{} {}", second.0, second.1);
        }
    }
}
