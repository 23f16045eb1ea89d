//! Secrets on command lines, where the program and its options say what they are: `mysql -uroot -pabc`, `curl -u ann:abc`,
//! `echo abc | docker login --password-stdin`.
//!
//! In: any text. Out: the stretches that are secrets. Words are found without regard to what is quoted around them, so that commands inside
//! `sh -c "…"`, crontabs, JSON lists and unit files are found as well.

use super::name::name_is_secret;
use super::value::can_be_secret;

/// Where a program takes a secret.
enum Rule {
    /// Right behind the option: `-pabc`.
    Attached(&'static str),
    /// The word after the option: `-w abc`.
    Next(&'static str),
    /// Behind the first of these characters in the word after the option, or attached to it: `-u ann:abc`.
    Login(&'static str, char),
    /// The second word after a subcommand: `add_user ann abc`.
    Second(&'static str),
    /// The word after a name that means a secret, after `set`: `config set auth_token abc`.
    Set,
    /// Behind the colon in a word after a subcommand: `config gems.example ann:abc`.
    Pair(&'static str),
    /// The word after the option, after a subcommand: `login -p abc`.
    After(&'static str, &'static str),
    /// The last word, where the short options hold this letter: `-bc file ann abc`.
    Last(char),
}

use Rule::{After, Attached, Last, Login, Next, Pair, Second, Set};

const MYSQL: &[Rule] = &[Attached("-p")];
const CURL: &[Rule] = &[Login("-u", ':'), Login("--user", ':'), Login("-U", ':'), Login("--proxy-user", ':')];
const LDAP: &[Rule] = &[Next("-w"), Next("-y")];
const SET_PASSWORD: &[Rule] = &[Next("-p")];
const LOGIN: &[Rule] = &[After("login", "-p")];
const SET: &[Rule] = &[Set];

/// The programs; those that take `--password` and its kin alone are found by that name.
const PROGRAMS: &[(&str, &[Rule])] = &[
    ("7z", &[Attached("-p")]),
    ("aws", SET),
    ("bundle", &[Set, Pair("config")]),
    ("composer", SET),
    ("curl", CURL),
    ("docker", LOGIN),
    ("git", SET),
    ("htpasswd", &[Last('b')]),
    ("http", &[Login("-a", ':'), Login("--auth", ':')]),
    ("innobackupex", MYSQL),
    ("keytool", &[Next("-storepass"), Next("-keypass"), Next("-srcstorepass"), Next("-deststorepass")]),
    ("ldapadd", LDAP),
    ("ldapdelete", LDAP),
    ("ldapmodify", LDAP),
    ("ldapsearch", LDAP),
    ("lftp", &[Login("-u", ',')]),
    ("mariadb", MYSQL),
    ("mariadb-admin", MYSQL),
    ("mariadb-dump", MYSQL),
    ("mongo", SET_PASSWORD),
    ("mongodump", SET_PASSWORD),
    ("mongoexport", SET_PASSWORD),
    ("mongoimport", SET_PASSWORD),
    ("mongorestore", SET_PASSWORD),
    ("mongosh", SET_PASSWORD),
    ("mysql", MYSQL),
    ("mysqladmin", MYSQL),
    ("mysqlcheck", MYSQL),
    ("mysqldump", MYSQL),
    ("mysqlimport", MYSQL),
    ("mysqlshow", MYSQL),
    ("mysqlslap", MYSQL),
    ("ncftpget", SET_PASSWORD),
    ("ncftpput", SET_PASSWORD),
    ("npm", SET),
    ("openssl", &[Next("-k"), Next("-K")]),
    ("podman", LOGIN),
    ("rabbitmqadmin", SET_PASSWORD),
    ("rabbitmqctl", &[Second("add_user"), Second("change_password"), Second("authenticate_user")]),
    ("redis-cli", &[Next("-a"), Set]),
    ("smbclient", &[Login("-U", '%')]),
    ("sqlcmd", &[Next("-P"), Attached("-P")]),
    ("sshpass", &[Next("-p"), Attached("-p")]),
    ("unzip", &[Next("-P")]),
    ("useradd", SET_PASSWORD),
    ("usermod", SET_PASSWORD),
    ("yarn", SET),
    ("zip", &[Next("-P")]),
];

/// Words by which a program says that it reads a password from its input.
const READS: &[&str] = &["--password-stdin", "--stdin", "--passphrase-fd", "chpasswd", "passwd"];

/// What ends a command.
const ENDS: &[char] = &['\n', ';', '|', '&', '`'];

/// A word: without quotes and brackets around it.
#[derive(Clone, Copy)]
struct Word {
    start: usize,
    end: usize,
}

/// The secret stretches of `text` with their names, by start.
pub(super) fn find(text: &str) -> Vec<(usize, usize, &'static str)> {
    let mut found = Vec::new();
    let mut piped: Vec<Word> = Vec::new();
    let mut start = 0;
    for end in text.match_indices(ENDS).map(|(at, _)| at).chain([text.len()]) {
        if end < start || text[..end].ends_with('\\') {
            continue;
        }
        let words = words(text, start, end);
        one_command(text, &words, &mut found);
        said(text, &words, &piped, &mut found);
        piped = if text[end..].starts_with('|') { words } else { Vec::new() };
        start = end + 1;
    }
    found.retain(|(start, end, _)| start < end && can_be_secret(&text[*start..*end]));
    found.sort_unstable();
    found.dedup_by_key(|one| one.0);
    found
}

fn words(text: &str, start: usize, end: usize) -> Vec<Word> {
    const AROUND: &[char] = &['"', '\'', '[', ']', '(', ')', '{', '}', ',', '\\'];
    let mut words = Vec::new();
    let mut at = start;
    for word in text[start..end].split([' ', '\t', '\n', '\r']) {
        let inner = word.trim_start_matches(AROUND);
        let from = at + word.len() - inner.len();
        let inner = inner.trim_end_matches(AROUND);
        if !inner.is_empty() {
            words.push(Word { start: from, end: from + inner.len() });
        }
        at += word.len() + 1;
    }
    words
}

fn one_command(text: &str, words: &[Word], found: &mut Vec<(usize, usize, &'static str)>) {
    let of = |word: &Word| &text[word.start..word.end];
    let program = words.iter().enumerate().find_map(|(index, word)| {
        let name = of(word).rsplit('/').next().unwrap_or_default();
        PROGRAMS.binary_search_by_key(&name, |(program, _)| program).ok().map(|found| (index, PROGRAMS[found].1))
    });
    let Some((first, rules)) = program else { return };
    let words = &words[first + 1..];
    for rule in rules {
        for (index, word) in words.iter().enumerate() {
            let next = words.get(index + 1).filter(|next| !of(next).starts_with('-'));
            match rule {
                // A long name behind one dash is no password: `-proxy`, `-port` do not occur with these programs.
                Attached(option) if of(word).starts_with(option) => {
                    let from = quoted(text, word.start + option.len());
                    found.push((from, word.end.max(from), "password"));
                }
                Next(option) if of(word) == *option => {
                    found.extend(next.map(|next| (next.start, whole(text, *next), "password")));
                }
                After(subcommand, option) if of(word) == *option && words[..index].iter().any(|before| of(before) == *subcommand) => {
                    found.extend(next.map(|next| (next.start, whole(text, *next), "password")));
                }
                Login(option, mark) => {
                    let value = match of(word).strip_prefix(option) {
                        Some("") => next.copied(),
                        Some(rest) if !option.starts_with("--") || rest.starts_with('=') => Some(*word),
                        _ => None,
                    };
                    let Some(value) = value else { continue };
                    let value_text = of(&value);
                    // A host with a port, an address: no login.
                    if let Some((before, after)) = value_text.split_once(*mark).filter(|(_, after)| !after.starts_with("//")) {
                        let from = quoted(text, value.start + before.len() + mark.len_utf8());
                        found.push((from, (from + after.len()).min(whole(text, value)), "password"));
                    }
                }
                Second(subcommand) if of(word) == *subcommand => {
                    found.extend(words.get(index + 2).map(|word| (word.start, whole(text, *word), "password")));
                }
                Set if index > 0 && of(word).eq_ignore_ascii_case("set") => {
                    let mut rest = words[index + 1..].iter().filter(|word| !of(word).starts_with("--"));
                    if let (Some(name), Some(value)) = (rest.next(), rest.next()) {
                        if name_is_secret(of(name).rsplit([':', '.', '/']).next().unwrap_or_default()) {
                            found.push((value.start, whole(text, *value), "password"));
                        }
                    }
                }
                Pair(subcommand) if of(word) == *subcommand => {
                    for word in &words[index + 1..] {
                        if let Some((before, after)) = of(word).split_once(':').filter(|(before, after)| {
                            !after.starts_with('/') && !after.contains(':') && !before.is_empty() && !before.starts_with('-')
                        }) {
                            let from = word.start + before.len() + 1;
                            found.push((from, from + after.len(), "password"));
                        }
                    }
                }
                Last(letter)
                    if index == 0
                        && words
                            .iter()
                            .any(|word| of(word).starts_with('-') && !of(word).starts_with("--") && of(word).contains(*letter)) =>
                {
                    let plain: Vec<&Word> = words.iter().filter(|word| !of(word).starts_with(['-', '>', '<'])).collect();
                    if let [_, .., last] = plain.as_slice() {
                        found.push((last.start, whole(text, **last), "password"));
                    }
                }
                _ => {}
            }
        }
    }
}

/// What `echo` and `printf` say to a program that reads a password, or to a file whose name means a secret.
fn said(text: &str, words: &[Word], piped: &[Word], found: &mut Vec<(usize, usize, &'static str)>) {
    let of = |word: &Word| &text[word.start..word.end];
    let reads = words.iter().any(|word| READS.contains(&of(word).rsplit('/').next().unwrap_or_default()))
        || (words.iter().any(|word| of(word) == "sudo") && words.iter().any(|word| of(word) == "-S"));
    if reads {
        if let Some((first, last)) = spoken(text, piped) {
            let whole = &text[first.start..last.end];
            // `ann:abc` for chpasswd.
            let pair = words.iter().any(|word| of(word).ends_with("chpasswd"));
            let from = if pair { whole.find(':').map_or(first.start, |at| first.start + at + 1) } else { first.start };
            found.push((from, last.end, "password"));
        }
    }
    let arrow = words.iter().position(|word| of(word).starts_with('>'));
    let Some(arrow) = arrow else { return };
    let target = of(&words[arrow]).trim_start_matches('>');
    let target = if target.is_empty() { words.get(arrow + 1).map(of) } else { Some(target) };
    let file = target.unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let stem = file.trim_start_matches('.').trim_end_matches(".txt");
    if name_is_secret(stem) {
        if let Some((first, last)) = spoken(text, &words[..arrow]) {
            found.push((first.start, last.end, "password"));
        }
    }
}

/// The first and last word that `echo` or `printf` says.
fn spoken(text: &str, words: &[Word]) -> Option<(Word, Word)> {
    let of = |word: &Word| &text[word.start..word.end];
    let echo = words.iter().position(|word| matches!(of(word), "echo" | "printf" | "/bin/echo"))?;
    let mut said = words[echo + 1..].iter().filter(|word| !matches!(of(word), "-n" | "-e" | "-en" | "-ne" | "%s" | "%s\\n" | "--"));
    let first = *said.next()?;
    Some((first, said.next_back().copied().unwrap_or(first)))
}

/// Past a quote at byte `at`.
fn quoted(text: &str, at: usize) -> usize {
    at + usize::from(text[at..].starts_with(['"', '\'']))
}

/// The end of the word's value: with a quote before it, where that is closed on the same line.
fn whole(text: &str, word: Word) -> usize {
    let Some(quote) = text[..word.start].chars().next_back().filter(|c| matches!(c, '"' | '\'')) else { return word.end };
    let line = text[word.start..].lines().next().unwrap_or_default();
    let close = line.find(quote).map_or(word.end, |at| word.start + at);
    if text[word.start..close.max(word.start)].contains(' ') && close > word.end { close } else { word.end.min(close.max(word.start)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_sorted() {
        assert!(PROGRAMS.is_sorted_by_key(|(name, _)| name));
    }

    #[test]
    fn secrets_are_found_where_the_program_says() {
        for (text, secrets) in [
            ("mysql -uroot -pabc1 -e 'SELECT 1'", &["abc1"][..]),
            ("mysql -uroot -p'abc1' < x", &["abc1"]),
            ("mysql -u root -p album", &[]),
            ("sh -c \"mysqldump -pabc1 album > x\"", &["abc1"]),
            ("curl -u ann:abc1 https://x.example", &["abc1"]),
            ("curl --user 'ann:abc1' https://x.example", &["abc1"]),
            ("curl --user=ann:abc1 https://x.example", &["abc1"]),
            ("curl -sSu ann https://x.example:80/", &[]),
            ("sudo -u ann docker login -u ann -p abc1 r.example", &["abc1"]),
            ("docker run -p 80:80 x", &[]),
            ("sshpass -p 'abc 1' scp a b", &["abc 1"]),
            ("htpasswd -bc /etc/x ann abc1", &["abc1"]),
            ("htpasswd -c /etc/x ann", &[]),
            ("rabbitmqctl add_user ann abc1", &["abc1"]),
            ("aws configure set aws_secret_access_key abc1 --profile x", &["abc1"]),
            ("aws configure set region eu-west-1", &[]),
            ("bundle config gems.example ann:abc1", &["abc1"]),
            ("bundle config build.nokogiri --use-system-libraries", &[]),
            ("smbclient //a/b -U ann%abc1 -c ls", &["abc1"]),
            ("echo abc1 | docker login --password-stdin", &["abc1"]),
            ("echo 'ann:abc1' | chpasswd", &["abc1"]),
            ("echo abc1 > /etc/app/api_token && x", &["abc1"]),
            ("echo abc1 > /etc/motd", &[]),
            ("redis-cli -h cache -a \\\n abc1 FLUSHALL", &["abc1"]),
            ("[\"mysql\", \"-pabc1\"]", &["abc1"]),
            ("mysql -p$DB_PASSWORD", &[]),
            ("日本 mysql -pひみつ", &["ひみつ"]),
        ] {
            let found: Vec<&str> = find(text).into_iter().map(|(start, end, _)| &text[start..end]).collect();
            assert_eq!(found, secrets, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_searched(text in "(mysql|curl|echo|-p|-u|:|>|'|\"| |\\||é|\\\\|\n|x|docker|set|token|chpasswd){0,24}") {
            for (start, end, _) in find(&text) {
                proptest::prop_assert!(text.get(start..end).is_some());
            }
        }
    }
}
