//! What whenever sets before it reads the schedule (`lib/whenever/setup.rb`): defaults and built-in job types.

use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;
use crate::whenever::{job_list, machine, state};

/// Variables with a fixed default.
const DEFAULTS: [(&str, &str); 3] =
    [("environment_variable", "RAILS_ENV"), ("environment", "production"), ("job_template", "/bin/bash -l -c ':job'")];

/// The built-in job types with their templates.
const JOB_TYPES: [(&str, &str); 4] = [
    ("command", ":task :output"),
    ("rake", "cd :path && :environment_variable=:environment :bundle_command rake :task --silent :output"),
    ("script", "cd :path && :environment_variable=:environment :bundle_command script/:task :output"),
    ("runner", "cd :path && :bundle_command :runner_command -e :environment ':task' :output"),
];

/// What runs a `runner` job: the first whose file exists.
const RUNNERS: [(&str, &str); 2] = [("bin/rails", "bin/rails runner"), ("script/rails", "script/rails runner")];

/// Sets the defaults and defines the job types on `list`.
///
/// # Errors
/// None on a list that [`job_list::make`] made.
pub fn run(interpreter: &mut Interpreter, list: &Value) -> Eval<()> {
    for (name, value) in DEFAULTS {
        job_list::set(interpreter, list, name, Value::str(value))?;
    }
    if let Some(environment) = state(interpreter).options.environment.clone() {
        job_list::set(interpreter, list, "environment", Value::str(environment))?;
    }
    let path = state(interpreter).options.path.clone();
    job_list::set(interpreter, list, "path", Value::str(path))?;
    job_list::set(interpreter, list, "chronic_options", Value::Hash(Value::new_hash()))?;
    let runner = RUNNERS.iter().find(|(path, _)| machine::exists(interpreter, path)).map_or("script/runner", |(_, command)| command);
    job_list::set(interpreter, list, "runner_command", Value::str(runner))?;
    let bundle = if machine::exists(interpreter, "Gemfile") { "bundle exec" } else { "" };
    job_list::set(interpreter, list, "bundle_command", Value::str(bundle))?;
    for (name, template) in JOB_TYPES {
        job_list::define_job_type(interpreter, list, name.into(), Value::str(template));
    }
    Ok(())
}
