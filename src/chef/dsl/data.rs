//! Data bags, search, secrets and tags: `data_bag_item('users', 'ann')`, `search(:node, 'role:db')`, `tag('web')`.
//!
//! Data bags are those of the repository and of the run; nodes those of the repository. What only the server knows is unknown.

use std::rc::Rc;

use crate::chef::attribute::{LevelName, merge_levels};
use crate::chef::client::client;
use crate::chef::dsl::query::{Document, Query};
use crate::chef::{datum, mash};
use crate::diagnostic::Diagnostic;
use crate::graph::Datum;
use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Value};
use crate::secrecy;
use crate::text::Hole;
use crate::unsupported::{Kind, Lack};

const QUERIES: &[(&str, Native)] = &[
    ("data_bag", data_bag),
    ("data_bag_item", data_bag_item),
    ("search", search),
    ("partial_search", search),
    ("tagged?", is_tagged),
    ("secret", secret),
    ("default_secret_service", |_, _, args| Ok(args.value(0))),
    ("default_secret_config", |_, _, args| Ok(args.value(0))),
    ("chef_vault_item", vault_item),
    ("chef_vault_item_for_environment", vault_item),
    ("chef_vault", |i, me, args| data_bag(i, me, args)),
];

const TAGS: &[(&str, Native)] = &[("tag", tag), ("untag", untag)];

const ITEM: &[(&str, Native)] = &[
    ("raw_data", |_, me, _| Ok(me.clone())),
    ("raw_data=", |i, me, args| i.call(me, Name::new("update"), args.clone(), CallKind::Implicit)),
    ("data_bag", |i, me, _| Ok(kept(i, me, "bag"))),
    ("id", |i, me, _| i.send(me, "[]", &[Value::str("id")])),
    ("name", |i, me, _| item_name(i, me)),
    ("object_name", |i, me, _| item_name(i, me)),
    ("to_h", item_to_hash),
    ("to_hash", item_to_hash),
    ("save", |_, me, _| Ok(me.clone())),
    ("to_s", |i, me, _| Ok(Value::str(format!("data_bag_item[{}]", i.send(me, "id", &[])?.text().unwrap_or_default())))),
];

const NODE: &[(&str, Native)] = &[
    ("name", |i, me, _| Ok(kept(i, me, "name"))),
    ("chef_environment", |i, me, _| Ok(kept(i, me, "environment"))),
    ("environment", |i, me, _| Ok(kept(i, me, "environment"))),
    ("run_list", |i, me, _| Ok(kept(i, me, "run_list"))),
    ("role?", |i, me, args| {
        let roles = i.send(me, "[]", &[Value::str("roles")])?.items().unwrap_or_default();
        let wanted = args.value(0).text();
        Ok(Value::Bool(wanted.is_some() && roles.iter().any(|role| role.text() == wanted)))
    }),
    ("to_s", |i, me, _| Ok(Value::str(format!("node[{}]", kept(i, me, "name").text().unwrap_or_default())))),
];

/// Installs them.
pub fn install(interpreter: &mut Interpreter) {
    let module = interpreter.define_module_path("Chef::DSL::DataQuery");
    interpreter.define(&module, QUERIES);
    let universal = interpreter.define_module_path("Chef::DSL::Universal");
    interpreter.include(&universal, &module);
    for path in ["Chef::DSL::ChefVault", "Chef::DSL::Secret"] {
        let part = interpreter.define_module_path(path);
        interpreter.include(&part, &module);
    }
    let recipe = interpreter.define_module_path("Chef::DSL::Recipe");
    interpreter.define(&recipe, TAGS);
    let object = Rc::clone(&interpreter.classes.object);
    let node = interpreter.define_class_path("Chef::Node", &object);
    interpreter.define(&node, TAGS);
    interpreter.define(&node, &[("tagged?", is_tagged)]);
    let mash = interpreter.define_class_path("Mash", &object);
    for path in ["Chef::DataBagItem", "Chef::EncryptedDataBagItem"] {
        let class = interpreter.define_class_path(path, &mash);
        interpreter.define(&class, ITEM);
        interpreter.define_singleton(
            &class,
            &[("load", data_bag_item), ("new", new_item), ("from_hash", new_item), ("load_secret", load_secret), ("validate_id!", accept)],
        );
    }
    let encrypted = interpreter.define_class_path("Chef::EncryptedDataBagItem", &mash);
    interpreter.define(&encrypted, &[("to_h", |_, me, _| Ok(mash::plain(me))), ("to_hash", |_, me, _| Ok(mash::plain(me)))]);
    let found = interpreter.define_class_path("Chef::Node::Found", &mash);
    interpreter.define(&found, NODE);
    let bag = interpreter.define_class_path("Chef::DataBag", &object);
    interpreter.define_singleton(&bag, &[("load", load_bag), ("list", list_bags), ("validate_name!", accept)]);
    let query = interpreter.define_class_path("Chef::Search::Query", &object);
    interpreter.define(&query, &[("search", query_search), ("partial_search", query_search)]);
    interpreter.define_private(&query, &[("initialize", accept)]);
    let vault = interpreter.define_class_path("ChefVault::Item", &object);
    interpreter.define_singleton(&vault, &[("load", vault_item), ("vault?", |_, _, _| Ok(Value::Bool(true)))]);
}

fn accept(_: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    Ok(Value::Nil)
}

/// What a document keeps beside its fields, as a hash of plain values.
fn kept(_: &mut Interpreter, me: &Value, key: &str) -> Value {
    let Value::Hash(hash) = me else { return Value::Nil };
    let data = hash.data.borrow().clone().and_then(|data| data.downcast::<Hash>().ok());
    data.and_then(|data| data.get_str(key)).unwrap_or(Value::Nil)
}

fn keep(hash: &Rc<Hash>, pairs: &[(&str, Value)]) {
    let data = Hash::default();
    for (key, value) in pairs {
        data.insert_plain(Value::str(*key), value.clone());
    }
    *hash.data.borrow_mut() = Some(Rc::new(data));
}

/// A hash as an object of the class `path`, hashes in it as mashes.
fn document(interpreter: &mut Interpreter, value: &Value, path: &str) -> Rc<Hash> {
    let mashes = mash::mashes(interpreter);
    let inner = mash::of_class(&mashes.mash);
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path(path, &object);
    let made = mash::of_class(&class);
    if let Value::Hash(hash) = value {
        for (key, value) in hash.pairs() {
            let value = mash::adopt(interpreter, &inner, value);
            made.insert_plain(mash::key(&key), value);
        }
    }
    made
}

fn item_name(interpreter: &mut Interpreter, me: &Value) -> Eval {
    let bag = kept(interpreter, me, "bag");
    let id = interpreter.send(me, "[]", &[Value::str("id")])?;
    Ok(Value::str(format!("data_bag_item_{}_{}", interpreter.display(&bag)?, interpreter.display(&id)?)))
}

fn item_to_hash(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let plain = mash::plain(me);
    if let Value::Hash(hash) = &plain {
        let bag = kept(interpreter, me, "bag");
        hash.insert_plain(Value::str("chef_type"), Value::str("data_bag_item"));
        hash.insert_plain(Value::str("data_bag"), bag);
    }
    Ok(plain)
}

fn new_item(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let path = match me {
        Value::Module(module) => module.display_name(),
        _ => "Chef::DataBagItem".to_owned(),
    };
    Ok(Value::Hash(document(interpreter, &args.value(0), &path)))
}

fn item(interpreter: &mut Interpreter, bag: &str, content: &Datum) -> Value {
    let mashes = mash::mashes(interpreter);
    let inner = mash::of_class(&mashes.mash);
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::DataBagItem", &object);
    let made = mash::of_class(&class);
    if let Datum::Map(fields) = content {
        for (key, value) in fields {
            let value = mash::of_datum(interpreter, &inner, value);
            made.insert_plain(Value::str(key.as_str()), value);
        }
    }
    keep(&made, &[("bag", Value::str(bag))]);
    Value::Hash(made)
}

/// A value that the server keeps; a secret where its name says so.
fn on_server(interpreter: &mut Interpreter, name: String, words: &str, what: &str) -> Value {
    let state = client(interpreter);
    let at = interpreter.call_site();
    interpreter.ledger.note(Lack::Repository, Kind::Data, name.as_str(), at);
    if state.missing.borrow_mut().insert(name.clone()) {
        let diagnostic = Diagnostic::warning("C120", format!("{what} is not in the repository: what `{name}` gives is unknown"))
            .at(at)
            .help("put it into `data_bags/` (or `nodes/`) of the repository, or fill in the values that come from it by hand");
        interpreter.diagnostics.push(diagnostic);
    }
    let secret = words.split(['_', '-', '/', ' ']).any(secrecy::name_is_secret) || secrecy::name_is_secret(words);
    let reason = format!("{what} of the Chef server");
    Value::Unknown(Rc::new(if secret { Hole::secret(name, reason, None) } else { Hole::unknown(name, reason) }))
}

fn shown(interpreter: &mut Interpreter, value: &Value) -> Eval<String> {
    let text = interpreter.display(value)?;
    Ok(interpreter.concrete(&text).unwrap_or_else(|| interpreter.to_text(&text).to_string()))
}

/// `data_bag('users')`: the names of its items.
fn data_bag(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let bag = shown(interpreter, &args.value(0))?;
    let state = client(interpreter);
    let names = state.data_bags.borrow().get(&bag).map(|items| items.keys().cloned().collect::<Vec<_>>());
    match names {
        Some(names) => Ok(Value::strings(names)),
        None if state.settings.lenient => Ok(on_server(interpreter, format!("data_bag('{bag}')"), "", "the data bag")),
        None => Ok(Value::array(Vec::new())),
    }
}

/// `data_bag_item('users', 'ann')`
fn data_bag_item(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let (bag, id) = (shown(interpreter, &args.value(0))?, args.value(1));
    let state = client(interpreter);
    let valid = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
    let name = shown(interpreter, &id)?;
    if id.is_nil() || (!valid(&name) && !state.settings.lenient) {
        let given = interpreter.inspect(&id)?;
        return invalid_id(interpreter, format!("Data Bag items must have an id matching /^[.\\-[:alnum:]_]+$/, you gave: {given}"));
    }
    let found = state.data_bags.borrow().get(&bag).and_then(|items| items.get(&name)).cloned();
    if let Some(content) = found {
        return Ok(item(interpreter, &bag, &content));
    }
    if state.settings.lenient {
        return Ok(on_server(interpreter, format!("data_bag_item('{bag}', '{name}')"), &format!("{bag}/{name}"), "the data bag item"));
    }
    let others = state.data_bags.borrow().get(&bag).map(|items| items.keys().cloned().collect::<Vec<_>>().join(", ")).unwrap_or_default();
    let message = format!("Item {name} not found in data bag {bag}. Other items found: {others}");
    invalid_id(interpreter, message.trim_end().to_owned())
}

fn invalid_id<T>(interpreter: &mut Interpreter, message: String) -> Eval<T> {
    let above = Rc::clone(&interpreter.classes.argument_error);
    let class = interpreter.define_class_path("Chef::Exceptions::InvalidDataBagItemID", &above);
    interpreter.raise(&class, message)
}

/// `Chef::DataBag.load('users')`: the items by name.
fn load_bag(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let bag = shown(interpreter, &args.value(0))?;
    let state = client(interpreter);
    let items = state.data_bags.borrow().get(&bag).cloned();
    match items {
        Some(items) => {
            let pairs: Vec<(Value, Value)> =
                items.iter().map(|(id, content)| (Value::str(id.as_str()), item(interpreter, &bag, content))).collect();
            Ok(Value::hash(pairs))
        }
        None if state.settings.lenient => Ok(on_server(interpreter, format!("Chef::DataBag.load('{bag}')"), &bag, "the data bag")),
        None => Ok(Value::Hash(Value::new_hash())),
    }
}

fn list_bags(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    let names: Vec<String> = client(interpreter).data_bags.borrow().keys().cloned().collect();
    Ok(Value::hash(names.into_iter().map(|name| (Value::str(name.as_str()), Value::str(format!("data/{name}"))))))
}

fn load_secret(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    let hole = Hole::secret("encrypted_data_bag_secret", "the key of the encrypted data bags", None);
    Ok(interpreter.hole_string(&Rc::new(hole)))
}

/// `secret(name: 'db', service: :hashi_vault)`: a secret by that name.
fn secret(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = match args.option("name") {
        Some(name) => shown(interpreter, &name)?,
        None => "secret".to_owned(),
    };
    let service = match args.option("service") {
        Some(service) => format!("in the secret manager `{}`", shown(interpreter, &service)?),
        None => "in a secret manager".to_owned(),
    };
    Ok(Value::Unknown(Rc::new(Hole::secret(name, service, None))))
}

/// `chef_vault_item('passwords', 'db')`: the plain data bag item where the repository has one, else a secret.
fn vault_item(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (bag, id) = (shown(interpreter, &args.value(0))?, shown(interpreter, &args.value(1))?);
    let known = client(interpreter).data_bags.borrow().get(&bag).is_some_and(|items| items.contains_key(&id));
    if known {
        return data_bag_item(interpreter, me, args);
    }
    let hole = Hole::secret(format!("chef_vault_item('{bag}', '{id}')"), "an item of Chef Vault", None);
    Ok(Value::Unknown(Rc::new(hole)))
}

/// The fields of a document: every name alone, and joined with the names around it.
fn fields(datum: &Datum, prefix: &str, out: &mut Document, depth: usize) {
    if depth > 32 {
        return;
    }
    match datum {
        Datum::Map(map) => {
            for (key, value) in map {
                let full = if prefix.is_empty() { key.clone() } else { format!("{prefix}_{key}") };
                if !prefix.is_empty() {
                    leaves(value, key, out);
                }
                fields(value, &full, out, depth + 1);
            }
        }
        Datum::List(items) => items.iter().for_each(|item| fields(item, prefix, out, depth + 1)),
        other => leaves(other, prefix, out),
    }
}

fn leaves(datum: &Datum, name: &str, out: &mut Document) {
    let text = match datum {
        Datum::Text(text) => text.fill(|hole| hole.value.clone().unwrap_or_default()),
        Datum::Bool(value) => value.to_string(),
        Datum::Integer(value) => value.to_string(),
        Datum::Float(value) => value.to_string(),
        Datum::List(items) => return items.iter().for_each(|item| leaves(item, name, out)),
        _ => return,
    };
    out.push((name.to_owned(), text));
}

/// What a search went through: the rows that match, or that nothing is known.
fn rows(interpreter: &mut Interpreter, args: &Args) -> Eval<Result<Vec<Value>, Value>> {
    let index = shown(interpreter, &args.value(0))?;
    let asked = args.get(1).filter(|value| !matches!(value, Value::Hash(_) | Value::Nil)).cloned();
    let text = match &asked {
        Some(value) => interpreter.display(value)?,
        None => "*:*".to_owned(),
    };
    let state = client(interpreter);
    let words = interpreter.to_text(&text).to_string();
    let name = if asked.is_some() { format!("search(:{index}, '{words}')") } else { format!("search(:{index})") };
    let Some(text) = interpreter.concrete(&text) else {
        return Ok(Err(super::unknown(name, "a search for something unknown")));
    };
    let query = Query::parse(&text);
    let mut found = Vec::new();
    if index == "node" {
        if state.nodes.is_empty() && state.settings.lenient {
            return Ok(Err(on_server(interpreter, name, "", "the list of nodes")));
        }
        for (name, node) in &state.nodes {
            let (made, all) = found_node(interpreter, name, node);
            let mut document = Document::new();
            fields(&all, "", &mut document, 0);
            if query.matches(&document) {
                found.push(made);
            }
        }
    } else {
        let items = state.data_bags.borrow().get(&index).cloned();
        let Some(items) = items else {
            let known = if state.settings.lenient { Err(on_server(interpreter, name, "", "the data bag")) } else { Ok(Vec::new()) };
            return Ok(known);
        };
        for content in items.values() {
            let mut document = Document::new();
            if query != Query::All {
                fields(content, "", &mut document, 0);
            }
            if query.matches(&document) {
                found.push(item(interpreter, &index, content));
            }
        }
    }
    let filter = args.option("filter_result").or_else(|| args.option("keys"));
    if let Some(Value::Hash(filter)) = filter {
        let mut filtered = Vec::new();
        for row in &found {
            filtered.push(narrowed(interpreter, row, &filter)?);
        }
        found = filtered;
    }
    Ok(Ok(found))
}

/// A node of the repository as a search result, and everything that can be searched in it.
fn found_node(interpreter: &mut Interpreter, name: &str, node: &Datum) -> (Value, Datum) {
    let Datum::Map(file) = node else { return (Value::Nil, Datum::Nil) };
    let mut levels: Vec<Option<Value>> = vec![None; 10];
    for (index, level) in [(0, "default"), (4, "normal"), (5, "override"), (9, "automatic")] {
        levels[index] = file.get(level).map(|datum| datum::to_value(interpreter, datum));
    }
    let merged = merge_levels(&levels).unwrap_or_else(|| Value::Hash(Value::new_hash()));
    let made = document(interpreter, &merged, "Chef::Node::Found");
    let environment = file.get("chef_environment").and_then(Datum::as_str).unwrap_or("_default").to_owned();
    let name = file.get("name").and_then(Datum::as_str).unwrap_or(name).to_owned();
    let run_list: Vec<String> =
        file.get("run_list").map(Datum::items).unwrap_or_default().iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
    keep(
        &made,
        &[
            ("name", Value::str(name.as_str())),
            ("environment", Value::str(environment.as_str())),
            ("run_list", Value::strings(run_list.clone())),
        ],
    );
    let mut all = match datum::from_value(interpreter, &merged) {
        Datum::Map(map) => map,
        _ => indexmap::IndexMap::new(),
    };
    let within = |kind: &str| -> Vec<Datum> {
        let items = run_list.iter().filter_map(|item| item.strip_prefix(kind)?.strip_prefix('[')?.strip_suffix(']'));
        items.map(|item| Datum::Text(crate::text::Text::literal(item))).collect()
    };
    let text = |text: String| Datum::Text(crate::text::Text::literal(text));
    for (key, kind) in [("role", "role"), ("roles", "role"), ("recipe", "recipe"), ("recipes", "recipe")] {
        let mut items = all.get(key).map(Datum::items).unwrap_or_default();
        items.extend(within(kind));
        if key == "role" {
            items.extend(all.get("roles").map(Datum::items).unwrap_or_default());
        }
        all.insert(key.to_owned(), Datum::List(items));
    }
    if made.get_str("roles").is_none() {
        let roles = all.get("roles").cloned().unwrap_or(Datum::Nil);
        made.insert_plain(Value::str("roles"), datum::to_value(interpreter, &roles));
    }
    all.insert("name".to_owned(), text(name));
    all.insert("chef_environment".to_owned(), text(environment));
    all.insert("run_list".to_owned(), Datum::List(run_list.into_iter().map(text).collect()));
    (Value::Hash(made), Datum::Map(all))
}

/// A row with only the asked values: `filter_result: { 'ip' => ['ipaddress'] }`.
fn narrowed(interpreter: &mut Interpreter, row: &Value, filter: &Rc<Hash>) -> Eval {
    let mashes = mash::mashes(interpreter);
    let made = mash::of_class(&mashes.mash);
    for (key, path) in filter.pairs() {
        let mut value = row.clone();
        for part in path.items().unwrap_or_else(|| vec![path.clone()]) {
            let name = part.text();
            value = match &value {
                Value::Hash(_) if name.as_deref() == Some("name") && !kept(interpreter, &value, "name").is_nil() => {
                    kept(interpreter, &value, "name")
                }
                Value::Hash(_) if name.as_deref() == Some("chef_environment") && !kept(interpreter, &value, "environment").is_nil() => {
                    kept(interpreter, &value, "environment")
                }
                Value::Hash(_) => interpreter.send(&value, "[]", &[part])?,
                Value::Unknown(hole) => interpreter.derived(hole, &format!("['{}']", name.unwrap_or_default())),
                _ => Value::Nil,
            };
        }
        made.insert_plain(mash::key(&key), value);
    }
    Ok(Value::Hash(made))
}

/// `search(:node, 'role:db')`, with a block for each row.
fn search(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let found = match rows(interpreter, args)? {
        Ok(rows) => rows,
        Err(unknown) => {
            if args.block.is_some() {
                return interpreter.call(&unknown, Name::new("each"), Args::none().with_block(args.block.clone()), CallKind::Explicit);
            }
            return Ok(unknown);
        }
    };
    match &args.block {
        Some(block) => {
            for row in found {
                interpreter.yield_values(block, vec![row])?;
            }
            Ok(Value::Bool(true))
        }
        None => Ok(Value::array(found)),
    }
}

/// `Chef::Search::Query.new.search(:node, 'role:db')`: rows, start, total.
fn query_search(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if args.block.is_some() {
        return search(interpreter, me, args);
    }
    Ok(match rows(interpreter, args)? {
        Ok(found) => {
            let total = Value::Integer(i64::try_from(found.len()).unwrap_or(i64::MAX));
            Value::array(vec![Value::array(found), Value::Integer(0), total])
        }
        Err(unknown) => unknown,
    })
}

fn tags(interpreter: &mut Interpreter) -> Eval<(Value, Vec<Value>)> {
    let node = client(interpreter).node_object.borrow().clone();
    let list = interpreter.send(&node, "tags", &[])?;
    Ok((Value::Hash(client(interpreter).node.level(LevelName::Normal)), list.items().unwrap_or_default()))
}

fn given(interpreter: &mut Interpreter, args: &Args) -> Eval<Vec<String>> {
    let mut names = Vec::new();
    for value in &args.list {
        for item in value.items().unwrap_or_else(|| vec![value.clone()]) {
            names.push(interpreter.display(&item)?);
        }
    }
    Ok(names)
}

/// `tag('web')`: adds tags to the node.
fn tag(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let wanted = given(interpreter, args)?;
    let (level, mut list) = tags(interpreter)?;
    for name in wanted {
        if !list.iter().any(|known| known.text().as_deref() == Some(name.as_str())) {
            list.push(Value::str(name));
        }
    }
    interpreter.send(&level, "[]=", &[Value::str("tags"), Value::array(list.clone())])?;
    Ok(Value::array(list))
}

/// `untag('web')`
fn untag(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let wanted = given(interpreter, args)?;
    let (level, list) = tags(interpreter)?;
    let left: Vec<Value> = list.into_iter().filter(|known| !known.text().is_some_and(|name| wanted.contains(&name))).collect();
    interpreter.send(&level, "[]=", &[Value::str("tags"), Value::array(left)])?;
    Ok(Value::Nil)
}

/// `tagged?('web')`: the node has all of them.
fn is_tagged(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let wanted = given(interpreter, args)?;
    let (_, list) = tags(interpreter)?;
    let all = wanted.iter().all(|name| list.iter().any(|known| known.text().as_deref() == Some(name.as_str())));
    Ok(Value::Bool(all))
}
