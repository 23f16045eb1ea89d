//! Resources of Chef that set a variable for the whole host: `env`, `magic_shell_environment`.

use crate::outcome::Fate;
use crate::pass::{Input, Sink};

use super::Table;

/// The resources, and the properties that hold name and value.
const KINDS: &[(&str, &str, &str)] =
    &[("env", "key_name", "value"), ("windows_env", "key_name", "value"), ("magic_shell_environment", "environment_variable", "value")];

pub fn gather(input: &Input<'_>, table: &mut Table, sink: &mut Sink) {
    for (number, resource) in input.items() {
        let Some((_, name, value)) = KINDS.iter().find(|(kind, ..)| *kind == resource.kind) else { continue };
        if ["remove", "delete"].iter().any(|action| resource.actions.iter().any(|known| known == action)) {
            sink.claim(number, Fate::Absorbed, "", "the image does not have the variable");
            continue;
        }
        for (run, resource) in input.occurrences(number) {
            let name = resource.text_or_name(name);
            let (Some(name), Some(value)) = (name.known(), resource.text(value)) else { continue };
            table.set_on(name, run.environment, &run.layer, value, input.origin(number).into_iter().collect());
        }
        sink.claim(number, Fate::Translated, "settings", "a variable of every process: ConfigMap and secret references");
    }
}
