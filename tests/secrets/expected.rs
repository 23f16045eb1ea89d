//! What must and must not be in the outputs.

use crate::canary::Canary;

/// What hides nothing and must be shown: the name of the input, and a text that is in some output.
const SHOWN: &[(&str, &str)] = &[
    ("opsworks", "root /srv/www/canteen/current/public"),
    ("opsworks", "key /etc/ssl/private/canteen.key"),
    ("opsworks", "pub ssh-ed25519 AAAAC3NzaC1lZDI1NTE5-shown-cook"),
    ("opsworks", "kb jp106-shown capuchin-shown 10101"),
    ("opsworks", "/srv/shown-root"),
    ("opsworks", "/etc/ssl/private/shown.key"),
    ("opsworks", "shown-jp106"),
    ("opsworks", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5-shown-ci"),
    ("opsworks", "registry.canteen.example"),
    ("opsworks", "shown-systemd"),
    ("chef-repo", "shown-pier"),
    ("template", "shown-booth"),
    ("template", "shown-value"),
];

/// Values that nothing marks and no shape tells, and why.
const LIMITS: &[(&str, &str)] = &[("wrong_property_value", "a word under a name that means nothing: only its author knows")];

/// Secrets that `secrets.md` does not list, and why.
const UNLISTED: &[(&str, &str)] = &[
    ("wrong_property_value", "see above"),
    ("bag_encrypted", CIPHER),
    ("bag_vault", CIPHER),
    ("bag_vault_key", CIPHER),
    ("credentials_enc", CIPHER),
    ("initializer_fallback", "behind an expression in the app's code, which is not evaluated"),
    ("sensitive_command", "the whole command is hidden; `report.md` has it as a task"),
    ("sensitive_content", FILE),
    ("sensitive_template", FILE),
];

const CIPHER: &str = "it is encrypted: not in clear text";
const FILE: &str = "listed as the file that it is in";

/// What is wrong with the outputs of an input.
pub fn judge(input: &str, canaries: &[Canary], said: &[(String, String)]) -> Vec<String> {
    let mut faults = Vec::new();
    let list = said.iter().find(|(name, _)| name.ends_with("secrets.md")).map_or("", |(_, text)| text.as_str());
    for canary in canaries {
        let limit = LIMITS.iter().any(|(name, _)| *name == canary.name);
        let seen: Vec<&str> = said.iter().filter(|(_, text)| canary.is_in(text)).map(|(name, _)| name.as_str()).collect();
        if !seen.is_empty() && !limit {
            faults.push(format!("{input}: {} of {} ({}) is in {}", canary.name, canary.place, canary.value, seen.join(" | ")));
        }
        if seen.is_empty() && limit {
            faults.push(format!("{input}: {} is no limit any more", canary.name));
        }
        let unlisted = UNLISTED.iter().any(|(name, _)| *name == canary.name);
        if list.contains(&canary.place) == unlisted {
            let fault = if unlisted { "is listed after all" } else { "is not listed in secrets.md" };
            faults.push(format!("{input}: {} of {} {fault}", canary.name, canary.place));
        }
    }
    // Taken out at the end means that something let it through.
    for (name, text) in said.iter().filter(|(_, text)| text.contains("C093")) {
        let line = text.lines().find(|line| line.contains("C093")).unwrap_or_default();
        faults.push(format!("{input}: {name} has {line}"));
    }
    for (_, text) in SHOWN.iter().filter(|(of, _)| *of == input) {
        if !said.iter().any(|(_, content)| content.contains(text)) {
            faults.push(format!("{input}: {text} should be shown"));
        }
    }
    faults
}
