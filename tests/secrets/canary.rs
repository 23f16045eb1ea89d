//! Values that nobody would write, one for each name: `@@mysql_long@@` becomes `vobitu48213x`.
//!
//! A value is made of its name, so it is the same in every run; its heart is twelve letters and digits, which no quoting or encoding but
//! base 64 changes.

use std::collections::BTreeMap;

/// A planted value.
#[derive(Debug, Clone)]
pub struct Canary {
    /// Its name in the fixtures.
    pub name: String,
    /// The whole value.
    pub value: String,
    /// What is looked for.
    pub heart: String,
    /// Where it stands first: `cookbooks/canteen/recipes/default.rb:4`.
    pub place: String,
}

/// `text` with values for the names; new canaries are noted.
pub fn plant(text: &str, path: &str, canaries: &mut BTreeMap<String, Canary>) -> String {
    let mut planted = String::new();
    let mut rest = text;
    let mut line = 1;
    while let Some((before, name, shape, after)) = next(rest) {
        line += before.matches('\n').count();
        let canary = canaries.entry(name.to_owned()).or_insert_with(|| Canary::of(name, shape, format!("{path}:{line}")));
        planted.push_str(before);
        planted.push_str(&canary.value);
        line += canary.value.matches('\n').count();
        rest = after;
    }
    planted + rest
}

/// What stands before the next name, the name, its shape, and what stands after it.
fn next(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, rest) = text.split_once("@@")?;
    let (inside, after) = rest.split_once("@@").expect("a closed name");
    let (name, shape) = inside.split_once(':').unwrap_or((inside, "plain"));
    assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "a name: {name}");
    Some((before, name, shape, after))
}

impl Canary {
    fn of(name: &str, shape: &str, place: String) -> Self {
        let mut dice = Dice::of(name);
        let heart = match shape {
            "digits" => dice.of_characters("123456789", 12),
            "hex32" | "uuid" | "twilio" | "mailgun" | "shopify" => dice.of_characters(HEX, 32),
            "hex40" => dice.of_characters(HEX, 40),
            "hex64" | "dop" => dice.of_characters(HEX, 64),
            "akid" | "nrak" => dice.of_characters("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
            "opaque" | "base64" | "ghp" | "slack" | "stripe" | "npm" | "jwt" | "aws40" | "crypt" | "crypt_md5" | "apr1" | "bcrypt"
            | "sha64" | "github_pat" | "glpat" | "google" | "sendgrid" | "pem" | "pem_line" | "openssh" => dice.mixed(),
            "plain" | "odd" => dice.word(),
            "letters" => dice.letters(5),
            "human" => dice.capital() + &dice.letters(2) + &dice.of_characters("0123456789", 4),
            other => panic!("no such shape: {other}"),
        };
        let more = dice.mixed();
        let value = match shape {
            "akid" => format!("AKIA{heart}"),
            "aws40" => format!("{heart}/{}", &more[..15]),
            "base64" => format!("MII{heart}{more}=="),
            "opaque" => format!("{heart}{}", &more[..8]),
            "ghp" => format!("ghp_{heart}{}", &more[..12]),
            "npm" => format!("npm_{heart}{}", &more[..12]),
            "slack" => format!("xoxb-{}-{heart}", dice.of_characters("0123456789", 11)),
            "stripe" => format!("sk_live_{heart}"),
            "jwt" => format!("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI{heart}.{more}"),
            "crypt" => format!("$6$salty${heart}{more}"),
            "crypt_md5" => format!("$1$salty${}", &heart[..22]),
            "apr1" => format!("$apr1$salty${}", &heart[..22]),
            "bcrypt" => format!("$2y$10${heart}{more}"),
            "sha64" => heart.clone() + &more[..3],
            "human" => format!("{heart}!"),
            "uuid" => [&heart[..8], &heart[8..12], &heart[12..16], &heart[16..20], &heart[20..]].join("-"),
            "twilio" => format!("SK{heart}"),
            "mailgun" => format!("key-{heart}"),
            "shopify" => format!("shpat_{heart}"),
            "dop" => format!("dop_v1_{heart}"),
            "nrak" => format!("NRAK-{heart}{}", more.to_uppercase()),
            "github_pat" => format!("github_pat_{heart}_{more}"),
            "glpat" => format!("glpat-{}", &heart[..20]),
            "google" => format!("AIza{heart}{}", &more[..11]),
            "sendgrid" => format!("SG.{}.{heart}{}", &more[..22], &more[2..]),
            "pem" => pem("RSA PRIVATE KEY", &heart, &more, "\n"),
            "pem_line" => pem("RSA PRIVATE KEY", &heart, &more, "\\n"),
            "openssh" => pem("OPENSSH PRIVATE KEY", &heart, &more, "\n"),
            "odd" => format!("a\\\\\\\"b {heart}'$x&c=%d#e"),
            _ => heart.clone(),
        };
        Self { name: name.to_owned(), value, heart, place }
    }

    /// Whether `text` has it or the first six characters of its heart, or the whole of it in base 64.
    pub fn is_hinted_in(&self, text: &str) -> bool {
        text.contains(&self.heart[..6]) || self.is_in(text)
    }

    /// Whether `text` has it, as it is or in base 64.
    pub fn is_in(&self, text: &str) -> bool {
        text.contains(&self.heart) || self.heart.len() >= 12 && self.encoded().iter().any(|encoded| text.contains(encoded))
    }

    /// The heart in base 64 with zero, one and two bytes before it, without what depends on the neighbours.
    fn encoded(&self) -> [String; 3] {
        use base64::Engine;
        [0, 1, 2].map(|before| {
            let bytes = [&b"xx"[..before], self.heart.as_bytes()].concat();
            let text = base64::engine::general_purpose::STANDARD_NO_PAD.encode(&bytes[..bytes.len() - bytes.len() % 3]);
            text[[0, 2, 3][before]..].to_owned()
        })
    }
}

const HEX: &str = "0123456789abcdef";

/// A private key that is none, with `end` at the ends of its lines.
fn pem(kind: &str, heart: &str, more: &str, end: &str) -> String {
    let line = format!("{more}{}", more.to_uppercase());
    format!("-----BEGIN {kind}-----{end}{heart}{heart}{end}{line}{end}-----END {kind}-----")
}

/// Numbers that follow from a name.
struct Dice(u64);

impl Dice {
    fn of(name: &str) -> Self {
        Self(name.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % sides
    }

    fn of_characters(&mut self, characters: &str, count: usize) -> String {
        let all: Vec<char> = characters.chars().collect();
        (0..count).map(|_| all[self.roll(all.len())]).collect()
    }

    /// Twelve characters that no shape knows: `vobitu48213x`.
    fn word(&mut self) -> String {
        self.letters(3) + &self.of_characters("0123456789", 5) + "x"
    }

    /// A word of so many syllables that is in no dictionary: `vobitu`.
    fn letters(&mut self, syllables: usize) -> String {
        (0..syllables).map(|_| self.of_characters("bdfgklmnprstvz", 1) + &self.of_characters("aeiou", 1)).collect()
    }

    fn capital(&mut self) -> String {
        self.of_characters("BDFGKLMNPRSTVZ", 1)
    }

    /// Twenty-four letters and digits, some of each kind.
    fn mixed(&mut self) -> String {
        (0..8)
            .map(|_| {
                self.of_characters("ABCDEFGHJKLMNPQRSTUVWXYZ", 1)
                    + &self.of_characters("0123456789", 1)
                    + &self.of_characters("abcdefghijkmnopqrstuvwxyz", 1)
            })
            .collect()
    }
}
