//! Declared jobs to the lines of a crontab: grouped, merged, printed (`JobList#generate_cron_output`).
//!
//! Two lines that differ in one field alone become one: `0 1 * * * x` and `0 2 * * * x` are `0 1,2 * * * x`.

use std::rc::Rc;

use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::hole::has_hole;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::{Hash, Key, Value};
use crate::text::Text;
use crate::whenever::job_list::Declared;
use crate::whenever::{Job, Schedule, cron, job, moment, state};

/// A line before it is merged.
struct Entry {
    /// The line, split at blanks into at most six pieces; a line that must not be merged has one.
    pieces: Vec<String>,
    /// Its schedule and command, as long as nothing was merged into it.
    whole: Option<(String, String)>,
    /// The declared job's number.
    job: usize,
}

/// The schedule of `list`.
///
/// # Errors
/// What Whenever raises over times and templates.
pub fn generate(interpreter: &mut Interpreter, list: &Value) -> Eval<Schedule> {
    let mut schedule = Schedule::default();
    let mut text = String::new();
    let environment = match interpreter.get_ivar(list, "@env") {
        Value::Hash(hash) => hash.pairs(),
        other => return interpreter.undefined_method(&other, "each".into(), CallKind::Explicit),
    };
    let mut mailto = None;
    for (name, value) in &environment {
        let name = interpreter.display(name)?;
        let shown = interpreter.display(value)?;
        let value = interpreter.to_text(&shown);
        text.push_str(&format!("{name}={}\n", if shown.is_empty() { "\"\"" } else { &shown }));
        if name == "MAILTO" {
            mailto = Some(value.clone());
        }
        schedule.environment.push((interpreter.to_text(&name).to_string(), value));
    }
    if !environment.is_empty() {
        text.push('\n');
    }
    let state = state(interpreter);
    let jobs = state.jobs.take();
    let options = match interpreter.get_ivar(list, "@chronic_options") {
        Value::Hash(hash) => hash,
        _ => Value::new_hash(),
    };
    // Jobs with the default address come before all others.
    let default = Key::plain(&Value::symbol("default_mailto"));
    let mut addresses: Vec<&Key> = distinct(jobs.iter().map(|job| &job.mailto.1));
    addresses.sort_by_key(|address| **address != default);
    for address in addresses {
        let group: Vec<usize> = (0..jobs.len()).filter(|index| jobs[*index].mailto.1 == *address).collect();
        let mut lines = String::new();
        let mut made = Vec::new();
        for every in distinct(group.iter().map(|index| &jobs[*index].every.1)) {
            let same: Vec<usize> = group.iter().copied().filter(|index| jobs[*index].every.1 == *every).collect();
            lines_of(interpreter, list, &options, &jobs, &same, &mut lines, &mut made)?;
        }
        let mut receiver = mailto.clone();
        if *address != default {
            let shown = match group.first().and_then(|index| jobs.get(*index)) {
                Some(job) => interpreter.display(&job.mailto.0)?,
                None => String::new(),
            };
            if !lines.is_empty() {
                text.push_str(&format!("MAILTO={shown}\n\n"));
            }
            receiver = Some(interpreter.to_text(&shown));
        }
        text.push_str(&lines);
        interpreter.check_size(text.len())?;
        for (index, cron, command) in made {
            if let Some(declared) = jobs.get(index) {
                schedule.jobs.push(finish(interpreter, declared, &cron, &command, receiver.clone())?);
            }
        }
    }
    schedule.text = interpreter.to_text(&text);
    Ok(schedule)
}

fn distinct<'a>(keys: impl Iterator<Item = &'a Key>) -> Vec<&'a Key> {
    let mut seen = indexmap::IndexSet::new();
    seen.extend(keys);
    seen.into_iter().collect()
}

/// `cron_jobs_of_time`: the lines of the jobs `same`, which share address and frequency.
fn lines_of(
    interpreter: &mut Interpreter,
    list: &Value,
    options: &Rc<Hash>,
    jobs: &[Declared],
    same: &[usize],
    lines: &mut String,
    made: &mut Vec<(usize, String, String)>,
) -> Eval<()> {
    let wanted = match interpreter.get_ivar(list, "@roles") {
        Value::Array(roles) => roles.items.borrow().clone(),
        _ => Vec::new(),
    };
    let mut entries = Vec::new();
    for index in same {
        let Some(declared) = jobs.get(*index) else { continue };
        if !wanted.is_empty() && !has_role(interpreter, declared, &wanted)? {
            continue;
        }
        let command = command(interpreter, declared)?;
        for every in enumerate(interpreter, &declared.every.0, true)? {
            for at in enumerate(interpreter, &declared.at, false)? {
                interpreter.step()?;
                let schedule = schedule(interpreter, declared, &every, &at, options)?;
                let line = match &schedule {
                    Some(schedule) => format!("{schedule} {command}"),
                    None => command.clone(),
                };
                let line = line.trim();
                let schedule = schedule.unwrap_or_default();
                if line.starts_with('@') {
                    lines.push_str(line);
                    lines.push_str("\n\n");
                    made.push((*index, schedule, command.clone()));
                    continue;
                }
                let pieces = if has_hole(&schedule) { vec![line.to_owned()] } else { split(line) };
                entries.push(Entry { pieces, whole: Some((schedule, command.clone())), job: *index });
            }
        }
    }
    combine(interpreter, &mut entries)?;
    for entry in entries {
        lines.push_str(&entry.pieces.join(" "));
        lines.push_str("\n\n");
        let (schedule, command) = match entry.whole {
            Some(whole) => whole,
            None => {
                let fields = entry.pieces.len().min(5);
                (entry.pieces[..fields].join(" "), entry.pieces[fields..].join(" "))
            }
        };
        made.push((entry.job, schedule, command));
    }
    Ok(())
}

fn has_role(interpreter: &mut Interpreter, job: &Declared, wanted: &[Value]) -> Eval<bool> {
    if job.roles.is_empty() {
        return Ok(true);
    }
    for role in &job.roles {
        for wanted in wanted {
            if role.is_unknown() || interpreter.equal(role, wanted)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// `Job#output`
fn command(interpreter: &mut Interpreter, declared: &Declared) -> Eval<String> {
    let inner = job::fill(interpreter, &declared.template, &declared.options)?;
    let options = Value::new_hash();
    for (key, value) in declared.options.pairs() {
        options.insert_plain(key, value);
    }
    options.insert_plain(Value::symbol("job"), Value::str(inner));
    let whole = job::fill(interpreter, &declared.job_template, &options)?;
    Ok(whole.replace('%', "\\%"))
}

/// `Cron.enumerate`: a string is cut at commas, unless it is cron syntax.
fn enumerate(interpreter: &mut Interpreter, item: &Value, raw: bool) -> Eval<Vec<Value>> {
    match item {
        Value::Str(text) => {
            let text = text.text.borrow().clone();
            if raw && cron::is_raw(&text) {
                return Ok(vec![item.clone()]);
            }
            let mut parts: Vec<&str> = text.split(',').collect();
            while parts.last().is_some_and(|part| part.is_empty()) {
                parts.pop();
            }
            Ok(parts.into_iter().map(Value::str).collect())
        }
        Value::Array(_) | Value::Hash(_) | Value::Range(_) => interpreter.to_list(item),
        Value::Object(_) if interpreter.responds_to(item, "each")? => interpreter.to_list(item),
        other => Ok(vec![other.clone()]),
    }
}

/// The schedule of one frequency at one time; a hole where either is unknown.
fn schedule(interpreter: &mut Interpreter, job: &Declared, every: &Value, at: &Value, options: &Rc<Hash>) -> Eval<Option<String>> {
    if let Value::Str(text) = every {
        // What is known of a raw line stays: `‹minute› 4 * * *`.
        if has_hole(&text.text.borrow()) {
            return Ok(Some(text.text.borrow().clone()));
        }
    }
    for value in [every, at] {
        let hole = match value {
            Value::Unknown(hole) => Some(Rc::clone(hole)),
            Value::Str(text) if has_hole(&text.text.borrow()) => interpreter.holes_in(&text.text.borrow()).first().cloned(),
            _ => None,
        };
        if let Some(hole) = hole {
            return Ok(Some(interpreter.hole_character(&hole).to_string()));
        }
    }
    let given = if let Value::Str(text) = at { Some(text.text.borrow().clone()) } else { None };
    let at = moment::at(interpreter, at, options, job)?;
    cron::syntax(interpreter, every, &at, given.as_deref())
}

/// Ruby's `split(/ +/, 6)`.
fn split(line: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while pieces.len() < 5 {
        let Some((piece, after)) = rest.split_once(' ') else { break };
        pieces.push(piece.to_owned());
        rest = after.trim_start_matches(' ');
    }
    pieces.push(rest.to_owned());
    pieces
}

/// `combine`: merges lines that differ in one field only, and have no `*` there.
fn combine(interpreter: &mut Interpreter, entries: &mut Vec<Entry>) -> Eval<()> {
    for field in 0..5 {
        for later in (1..entries.len()).rev() {
            let Some(own) = entries.get(later) else { continue };
            if has_hole(&own.pieces[0]) || own.pieces.get(field).is_some_and(|piece| piece == "*") {
                continue;
            }
            let Some(without) = without(&own.pieces, field) else {
                return interpreter.type_error("no implicit conversion of nil into Array");
            };
            for earlier in (0..later).rev() {
                interpreter.step()?;
                let Some(other) = entries.get(earlier) else { continue };
                if has_hole(&other.pieces[0]) || other.pieces.get(field).is_some_and(|piece| piece == "*") {
                    continue;
                }
                let Some(compared) = self::without(&other.pieces, field) else {
                    return interpreter.type_error("no implicit conversion of nil into Array");
                };
                if compared == without {
                    let added = entries[later].pieces.get(field).cloned().unwrap_or_default();
                    if let Some(piece) = entries[earlier].pieces.get_mut(field) {
                        piece.push(',');
                        piece.push_str(&added);
                    }
                    entries[earlier].whole = None;
                    entries.remove(later);
                    break;
                }
            }
        }
    }
    Ok(())
}

/// The pieces but one; `None` where Ruby's slices would be `nil`.
fn without(pieces: &[String], field: usize) -> Option<Vec<String>> {
    let mut left = pieces.get(..field)?.to_vec();
    left.extend_from_slice(pieces.get(field + 1..)?);
    Some(left)
}

fn finish(interpreter: &mut Interpreter, job: &Declared, cron: &str, command: &str, mailto: Option<Text>) -> Eval<Job> {
    let task = interpreter.display(&job.options.get_symbol("task").unwrap_or(Value::Nil))?;
    let description = match job.options.get_symbol("description").filter(Value::truthy) {
        Some(value) => {
            let text = interpreter.display(&value)?;
            Some(interpreter.to_text(&text))
        }
        None => None,
    };
    let mut roles = Vec::new();
    for role in &job.roles {
        let role = interpreter.display(role)?;
        roles.push(interpreter.to_text(&role).to_string());
    }
    Ok(Job {
        cron: interpreter.to_text(cron),
        command: interpreter.to_text(command),
        task: interpreter.to_text(&task),
        kind: job.kind.to_string(),
        mailto,
        description,
        roles,
        at: interpreter.location(job.span),
        written: job.written.clone(),
        conditions: job.conditions.clone(),
    })
}
