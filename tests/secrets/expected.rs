//! What must and must not be in the outputs.

use crate::canary::Canary;

/// What hides nothing and must be shown: the name of the input, and a text that is in some output.
const SHOWN: &[(&str, &str)] = &[];

/// Values that nothing marks and no shape tells.
const LIMITS: &[(&str, &str)] = &[];

/// What is wrong with the outputs of an input.
pub fn judge(input: &str, canaries: &[Canary], said: &[(String, String)]) -> Vec<String> {
    let mut faults = Vec::new();
    for canary in canaries {
        let limit = LIMITS.iter().any(|(name, _)| *name == canary.name);
        let seen: Vec<&str> = said.iter().filter(|(_, text)| canary.is_in(text)).map(|(name, _)| name.as_str()).collect();
        if !seen.is_empty() && !limit {
            faults.push(format!("{input}: {} of {} ({}) is in {}", canary.name, canary.place, canary.value, seen.join(" | ")));
        }
        if seen.is_empty() && limit {
            faults.push(format!("{input}: {} is no limit any more", canary.name));
        }
    }
    for (_, text) in SHOWN.iter().filter(|(of, _)| *of == input) {
        if !said.iter().any(|(_, content)| content.contains(text)) {
            faults.push(format!("{input}: {text} should be shown"));
        }
    }
    faults
}
