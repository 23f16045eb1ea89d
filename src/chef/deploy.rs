//! The callbacks of `deploy`: `before_migrate`, `before_symlink`, `before_restart`, `after_restart`, as blocks of the resource or as
//! files `deploy/before_migrate.rb` of the deployed project.
//!
//! Each is a small recipe of its own, run when the resource converges: `execute 'rake assets:precompile'` in it is a resource inside the
//! `deploy`. Source: `Chef::Provider::Deploy` of Chef 11 and 12. The release is `current`: it is, as soon as the deployment is over.

use std::rc::Rc;

use crate::chef::client::{RunContext, client};
use crate::chef::resource::{data, property};
use crate::name::Name;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Module;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::source::FileId;

use super::load;

/// The callbacks in the order in which a deployment calls them.
const CALLBACKS: &[&str] = &["before_migrate", "before_symlink", "before_restart", "after_restart"];

/// What the code of a callback can call besides the recipe DSL.
const PROVIDER: &str = r##"
def release_path
  "#{new_resource.deploy_to}/current"
end
def shared_path
  "#{new_resource.deploy_to}/shared"
end
def run(command, &block)
  made = execute(command, &block)
  made.user(new_resource.user) unless made.user
  made.cwd(release_path) unless made.cwd
  made.environment(new_resource.environment) unless made.environment
  made
end
def sudo(command, &block)
  execute(command, &block)
end
def link_tempfiles_to_current_release
end
"##;

/// Makes the provider classes that cookbooks name.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let provider = interpreter.define_class_path("Chef::Provider", &object);
    let deploy = interpreter.define_class_path("Chef::Provider::Deploy", &provider);
    for name in ["Revision", "Timestamped", "Branch"] {
        interpreter.define_class_path(&format!("Chef::Provider::Deploy::{name}"), &deploy);
    }
    interpreter.define(&deploy, &[("run_callback_from_file", from_file)]);
}

/// Runs the callbacks of the `deploy` resource `resource`, the step `number`.
///
/// # Errors
/// What their code raises.
pub fn callbacks(interpreter: &mut Interpreter, resource: &Value, number: usize) -> Eval<()> {
    let Some(found) = data(resource) else { return Ok(()) };
    let provider = provider(interpreter)?;
    let object = interpreter.allocate(&provider);
    let context = super::run_context::object(interpreter);
    let state = client(interpreter);
    let node = state.node_object.borrow().clone();
    for (name, value) in [
        ("@new_resource", resource.clone()),
        ("@run_context", context),
        ("@cookbook_name", Value::str(found.cookbook.as_str())),
        ("@node", node),
    ] {
        interpreter.set_ivar(&object, name, value);
    }
    for name in CALLBACKS {
        let code = property::stored(resource, Name::new(name));
        let inner = state.contexts.borrow().len();
        state.contexts.borrow_mut().push(RunContext { parent: Some(state.context.get()), owner: Some(number), ..RunContext::default() });
        let outer = state.context.replace(inner);
        let outer_provider = state.provider.replace(object.clone());
        let place = state.place.replace((found.cookbook.clone(), found.recipe.clone()));
        let answer = match code {
            Some(Value::Proc(block)) => {
                let definee = interpreter.class_of(&object);
                ended(interpreter.call_block_with_self(&block, &object, Some(definee), &Args::none()))
            }
            _ => file(interpreter, resource, name).map_or(Ok(()), |file| run(interpreter, &object, file, name)),
        };
        state.provider.replace(outer_provider);
        let answer = answer.and_then(|()| super::converge::run_context(interpreter, inner, Some(number)));
        state.context.set(outer);
        state.place.replace(place);
        answer?;
    }
    Ok(())
}

fn provider(interpreter: &mut Interpreter) -> Eval<Rc<Module>> {
    let object = Rc::clone(&interpreter.classes.object);
    let above = interpreter.define_class_path("Chef::Provider", &object);
    let deploy = interpreter.define_class_path("Chef::Provider::Deploy", &above);
    if interpreter.find_method(&deploy, Name::new("release_path")).is_none() {
        interpreter.eval_text(&Value::Module(Rc::clone(&deploy)), &Value::str(PROVIDER), Some(Rc::clone(&deploy)))?;
    }
    Ok(deploy)
}

/// A `return` or `next` in a callback ends only the callback.
fn ended(answer: Eval) -> Eval<()> {
    match answer {
        Ok(_) => Ok(()),
        Err(flow) => match *flow {
            Flow::Return(..) | Flow::Next(_) | Flow::Break(..) => Ok(()),
            other => Err(Box::new(other)),
        },
    }
}

/// The project's file of a callback.
fn file(interpreter: &mut Interpreter, resource: &Value, callback: &str) -> Option<FileId> {
    let path = property::get(interpreter, resource, Name::new("deploy_to")).ok()?;
    let path = interpreter.display(&path).ok()?;
    project_file(interpreter, &path, &format!("deploy/{callback}.rb"))
}

/// The file `inside` of the project that is deployed to `deploy_to`: the one of that name, or the only one.
fn project_file(interpreter: &Interpreter, deploy_to: &str, inside: &str) -> Option<FileId> {
    let state = client(interpreter);
    let plain = |text: &str| text.to_lowercase().replace(['-', '_'], "");
    let wanted = deploy_to.trim_end_matches('/').rsplit('/').next().map(plain)?;
    let projects = &state.projects;
    let (_, folder) = projects.iter().find(|(name, _)| plain(name) == wanted).or(match projects.as_slice() {
        [only] => Some(only),
        _ => None,
    })?;
    interpreter.sources.find(&format!("{folder}{inside}"))
}

/// Runs a callback's file with the provider as self.
fn run(interpreter: &mut Interpreter, object: &Value, file: FileId, callback: &str) -> Eval<()> {
    let state = client(interpreter);
    let cookbook = state.place.borrow().0.clone();
    let answer = load::run_file(interpreter, &Rc::clone(&state.trees), file, object, &cookbook, callback);
    ended(answer)
}

/// `run_callback_from_file("#{release_path}/deploy/before_migrate.rb")`, which the service's own cookbooks call in their blocks.
fn from_file(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let path = args.value(0);
    let path = interpreter.display(&path)?;
    let Some((root, inside)) = path.split_once("/current/") else { return Ok(Value::Nil) };
    let Some(file) = project_file(interpreter, root, inside) else { return Ok(Value::Nil) };
    let name = inside.rsplit('/').next().unwrap_or(inside).trim_end_matches(".rb").to_owned();
    run(interpreter, me, file, &name)?;
    Ok(Value::Nil)
}
