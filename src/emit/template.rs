//! Line-shaped files by template: Dockerfile, shell scripts, Markdown. Never YAML.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};

const TEMPLATES: &[(&str, &str)] = &[
    ("Dockerfile", include_str!("docker/Dockerfile.jinja")),
    ("dockerignore", include_str!("docker/dockerignore.jinja")),
    ("deploy.sh", include_str!("kubernetes/deploy.sh.jinja")),
    ("secrets.md", include_str!("secrets/secrets.md.jinja")),
    ("hosts/secrets.sh", include_str!("hosts/secrets.sh.jinja")),
    ("codedeploy/place.sh", include_str!("codedeploy/place.sh.jinja")),
    ("codedeploy/stop.sh", include_str!("codedeploy/stop.sh.jinja")),
    ("codedeploy/prepare.sh", include_str!("codedeploy/prepare.sh.jinja")),
    ("codedeploy/install.sh", include_str!("codedeploy/install.sh.jinja")),
    ("codedeploy/start.sh", include_str!("codedeploy/start.sh.jinja")),
    ("codedeploy/validate.sh", include_str!("codedeploy/validate.sh.jinja")),
    ("codedeploy/task.sh", include_str!("codedeploy/task.sh.jinja")),
    ("beanstalk/secrets.sh", include_str!("beanstalk/secrets.sh.jinja")),
    ("beanstalk/jobs.sh", include_str!("beanstalk/jobs.sh.jinja")),
    ("beanstalk/README.md", include_str!("beanstalk/README.md.jinja")),
    ("ecs/deploy.sh", include_str!("ecs/deploy.sh.jinja")),
];

/// Renders template `name`. A fault of the template, which the tests would find, stands in the output as a comment.
#[must_use]
pub fn render(name: &str, context: &serde_json::Value) -> String {
    let text = environment().and_then(|environment| environment.get_template(name)?.render(value(context)));
    text.unwrap_or_else(|error| format!("# {error:#}\n"))
}

/// The template engine's form of plain data.
fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::from(()),
        serde_json::Value::Bool(value) => Value::from(*value),
        serde_json::Value::Number(number) => Value::from(number.as_i64().unwrap_or_default()),
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => items.iter().map(value).collect(),
        serde_json::Value::Object(entries) => {
            Value::from(entries.iter().map(|(key, entry)| (key.clone(), value(entry))).collect::<BTreeMap<String, Value>>())
        }
    }
}

fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    environment.add_filter("exec", exec);
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    Ok(environment)
}

/// A list of words as a JSON array, without the escapes for HTML that `tojson` makes of `<` and `&`.
fn exec(words: &Value) -> Result<String, Error> {
    if words.kind() != ValueKind::Seq {
        return Err(Error::new(ErrorKind::InvalidOperation, "exec form needs a list"));
    }
    let quoted: Vec<String> = words.try_iter()?.map(|word| serde_json::Value::String(word.to_string()).to_string()).collect();
    Ok(format!("[{}]", quoted.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_compiles() -> Result<(), Error> {
        let environment = environment()?;
        for (name, _) in TEMPLATES {
            environment.get_template(name)?;
        }
        Ok(())
    }

    #[test]
    fn exec_form_is_json_without_html_escapes() -> Result<(), Error> {
        let words = Value::from(vec!["sh", "-c", "a <b> && \"c\" 'd'\n"]);
        assert_eq!(exec(&words)?, r#"["sh", "-c", "a <b> && \"c\" 'd'\n"]"#);
        Ok(())
    }
}
