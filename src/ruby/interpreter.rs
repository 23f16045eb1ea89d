//! The interpreter's state: classes, globals, frames, bounds, and what it printed.
//!
//! In: a syntax tree. Out: a [`Value`]. Nothing of the evaluated code reaches the machine: no process, file, network or clock.

use std::any::Any;
use std::collections::{HashMap, HashSet};
use std::rc::{Rc, Weak};

use crate::diagnostic::Diagnostic;
use crate::graph::Condition;
use crate::name::Name;
use crate::read::ruby::ast::{Expr, Node, Target};
use crate::ruby::bounds::Bounds;
use crate::ruby::classes::Classes;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::generated::{Generated, Parsed};
use crate::ruby::module::Module;
use crate::ruby::procs::Args;
use crate::ruby::scope::{Frame, MethodContext, Nesting, Scope};
use crate::ruby::value::{Str, Value};
use crate::ruby::vocabulary::Vocabulary;
use crate::source::{FileId, Location, SourceFile, SourceMap, Span};
use crate::text::Hole;
use crate::unsupported::Ledger;

/// Files of generated code have ids from here on.
pub const GENERATED: u32 = 1 << 24;

/// Makes an object of a class (`allocate`).
pub type Allocator = fn(&mut Interpreter, &Rc<Module>) -> Value;

/// A library that was required and is not here: what it defines is unknown.
#[derive(Debug, Clone)]
pub struct OpenLibrary {
    /// As `require` names it.
    pub name: String,
    /// Why that what it defines is unknown is no lack of ours, where it is none: it asks a server, or it is a cookbook's that is not given.
    pub reason: Option<String>,
}

/// Judges a value by the name that it is given to.
pub type Judge = fn(&mut Interpreter, &str, Value) -> Value;

/// An interpreter.
pub struct Interpreter {
    /// The core classes.
    pub classes: Classes,
    /// `$variables`
    pub globals: HashMap<Name, Value>,
    /// `main`
    pub main: Value,
    /// Counts changes of method tables and ancestors.
    pub version: u64,
    /// The frames that run, innermost last.
    pub frames: Vec<Rc<Scope>>,
    /// The calls that run, with the place of each call, innermost last.
    pub calls: Vec<(Span, Name)>,
    /// What is being evaluated.
    pub span: Span,
    /// What it may cost.
    pub bounds: Bounds,
    /// Expressions evaluated so far, of the share that the current file or resource has.
    pub steps: u64,
    /// Expressions evaluated so far, of the share that everything has together.
    pub spent: u64,
    /// Calls inside calls now.
    pub depth: usize,
    /// The holes that strings hold, by number.
    pub holes: Vec<Rc<Hole>>,
    /// The numbers of [`Self::holes`].
    pub hole_numbers: HashMap<Rc<Hole>, usize>,
    /// The unknown conditions under which the current code runs.
    pub conditions: Vec<Condition>,
    /// Early exits under an unknown condition: the frame and the value it would have returned.
    pub alternatives: Vec<(usize, Value)>,
    /// Exceptions that are raised only under an unknown condition: where, and class with message.
    pub possible_errors: Vec<(Span, String)>,
    /// What `puts` and friends printed.
    pub stdout: String,
    /// What was found while evaluating.
    pub diagnostics: Vec<Diagnostic>,
    /// What was met and could not be done.
    pub ledger: Ledger,
    /// What real Ruby, and whatever is built on it, has.
    pub vocabularies: Vec<&'static Vocabulary>,
    /// Libraries that were required and that nobody knows: what they define is unknown.
    pub open_libraries: Vec<OpenLibrary>,
    /// The files.
    pub sources: Rc<SourceMap>,
    /// Generated code (templates), parsed once for all runs that share it.
    pub generated: Rc<Generated>,
    /// The files of generated code that this run met.
    generated_files: HashMap<FileId, Rc<SourceFile>>,
    /// What whoever embeds the interpreter keeps with it.
    pub host: Option<Rc<dyn Any>>,
    /// How objects of built-in classes (and their subclasses) are made.
    pub allocators: Vec<(Rc<Module>, Allocator)>,
    /// The time that `Time.now` gives: seconds since 1970, UTC.
    pub now: i64,
    /// What `ENV` holds.
    pub environment: std::collections::BTreeMap<String, String>,
    /// Variables that `ENV` does not hold are unknown, not `nil`.
    pub environment_open: bool,
    /// What a string literal becomes that is given to something of that name: whoever embeds the interpreter may seal secrets.
    pub judge: Option<Judge>,
    /// Whether a file says `# frozen_string_literal: true`, once asked.
    pub frozen_files: HashMap<FileId, bool>,
    /// Objects whose `object_id` was asked, in that order.
    pub identities: Vec<(usize, Value)>,
    /// The tags of the `catch` blocks that run.
    pub tags: Vec<Value>,
    /// Strings whose encoding is not UTF-8, by address.
    pub encodings: HashMap<usize, (Weak<Str>, &'static str)>,
    /// The file last asked for its `frozen_string_literal` comment, and the answer.
    next_id: usize,
    /// Pairs being compared or printed, against endless recursion.
    pub visiting: Vec<usize>,
    /// Conditions that are ranges (`if a..b`) and are on now: the frame and the place of the range.
    pub flip_flops: HashSet<(usize, Span)>,
    /// Why the last pattern did not match, and whether that was a key.
    pub mismatch: Option<crate::ruby::evaluate::Mismatch>,
    /// The libraries written in Ruby that were evaluated.
    pub scripts: HashSet<&'static str>,
    /// How the method was called that `method_missing` answers for.
    pub missing_kind: crate::ruby::dispatch::CallKind,
}

impl Interpreter {
    /// An interpreter over `sources` with Ruby's core classes.
    #[must_use]
    pub fn new(sources: Rc<SourceMap>) -> Self {
        let classes = Classes::new();
        let main = Value::Object(Rc::new(crate::ruby::value::Object {
            class: std::cell::RefCell::new(Rc::clone(&classes.object)),
            ivars: std::cell::RefCell::default(),
            frozen: std::cell::Cell::new(false),
            data: std::cell::RefCell::default(),
        }));
        let mut interpreter = Self {
            classes,
            globals: HashMap::new(),
            main,
            version: 0,
            frames: Vec::new(),
            calls: Vec::new(),
            span: Span::new(FileId(0), 0, 0),
            bounds: Bounds::default(),
            steps: 0,
            spent: 0,
            depth: 0,
            holes: Vec::new(),
            hole_numbers: HashMap::new(),
            conditions: Vec::new(),
            alternatives: Vec::new(),
            possible_errors: Vec::new(),
            stdout: String::new(),
            diagnostics: Vec::new(),
            ledger: Ledger::default(),
            vocabularies: vec![Vocabulary::ruby()],
            open_libraries: Vec::new(),
            sources,
            generated: Rc::default(),
            generated_files: HashMap::new(),
            host: None,
            allocators: Vec::new(),
            now: 1_735_689_600,
            environment: std::collections::BTreeMap::new(),
            environment_open: false,
            judge: None,
            frozen_files: HashMap::new(),
            identities: Vec::new(),
            tags: Vec::new(),
            encodings: HashMap::new(),
            next_id: 1,
            visiting: Vec::new(),
            flip_flops: HashSet::new(),
            mismatch: None,
            scripts: HashSet::new(),
            missing_kind: crate::ruby::dispatch::CallKind::Explicit,
        };
        let top = interpreter.top_scope(interpreter.main.clone());
        // What is defined at the top of a file is a private method of every object.
        top.frame.visibility.set(crate::ruby::module::Visibility::Private);
        interpreter.frames.push(top);
        crate::ruby::core::install(&mut interpreter);
        interpreter
    }

    /// A number that was not given before.
    pub fn fresh_id(&mut self) -> usize {
        self.next_id += 1;
        self.next_id
    }

    /// What the embedder keeps with the interpreter, when that is a `T`.
    #[must_use]
    pub fn host<T: Any>(&self) -> Option<Rc<T>> {
        self.host.clone().and_then(|host| host.downcast::<T>().ok())
    }

    /// A scope as at the top of a file, with `receiver` as self.
    pub fn top_scope(&mut self, receiver: Value) -> Rc<Scope> {
        let nesting = Rc::new(Nesting { module: Rc::clone(&self.classes.object), outer: None });
        let definee = Rc::clone(&self.classes.object);
        let frame = self.frame(receiver, nesting, definee, None, None);
        Scope::new(frame, None)
    }

    /// A new frame.
    pub fn frame(
        &mut self,
        receiver: Value,
        nesting: Rc<Nesting>,
        definee: Rc<Module>,
        method: Option<Rc<MethodContext>>,
        block: Option<Rc<crate::ruby::procs::Proc>>,
    ) -> Rc<Frame> {
        Rc::new(Frame {
            id: self.fresh_id(),
            receiver,
            nesting,
            definee,
            method,
            block,
            visibility: std::cell::Cell::new(crate::ruby::module::Visibility::Public),
            module_function: std::cell::Cell::new(false),
            last_match: std::cell::RefCell::new(Value::Nil),
        })
    }

    /// The scope of the Ruby code that runs (for native methods: their caller's).
    #[must_use]
    pub fn scope(&self) -> Rc<Scope> {
        // The first frame is pushed by `new` and never popped.
        self.frames.last().map_or_else(|| unreachable!("the top frame is always there"), Rc::clone)
    }

    /// Evaluates a whole file's tree in `scope`; a `return` at the top ends it.
    ///
    /// # Errors
    /// What the code raises.
    pub fn run(&mut self, scope: &Rc<Scope>, tree: &Node) -> Eval {
        self.frames.push(Rc::clone(scope));
        let conditions = self.conditions.len();
        let outcome = self.eval(scope, tree);
        self.conditions.truncate(conditions);
        self.frames.pop();
        match outcome {
            Err(flow) => match *flow {
                Flow::Return(id, value) if id == scope.frame.id => Ok(value),
                Flow::Next(value) => Ok(value),
                other => Err(Box::new(other)),
            },
            ok => ok,
        }
    }

    /// Evaluates a whole file's tree as [`Interpreter::run`] does, but asks `goes_on` of each exception that a statement at the top raises:
    /// the statements behind it are evaluated all the same where it says so. A local variable whose value could not be made is unknown.
    ///
    /// # Errors
    /// What unwinds and is no exception that `goes_on` takes.
    pub fn run_statements(&mut self, scope: &Rc<Scope>, tree: &Node, goes_on: &mut dyn FnMut(&mut Self, &Value) -> bool) -> Eval {
        let Expr::Sequence(statements) = &tree.expr else { return self.run(scope, tree) };
        self.frames.push(Rc::clone(scope));
        let frames = self.frames.len();
        let conditions = self.conditions.len();
        let mut outcome = Ok(Value::Nil);
        for statement in statements {
            outcome = self.eval(scope, statement);
            self.conditions.truncate(conditions);
            if let Err(flow) = outcome {
                outcome = match *flow {
                    Flow::Raise(error) if goes_on(self, &error) => {
                        self.frames.truncate(frames);
                        if let Expr::Assign { target: Target::Local(name), value } = &statement.expr {
                            let shown: String = self.slice(value.span).chars().take(60).collect();
                            scope.set(*name, Value::Unknown(Rc::new(Hole::unknown(shown, "its evaluation failed"))));
                        }
                        Ok(Value::Nil)
                    }
                    Flow::Return(id, value) if id == scope.frame.id => {
                        outcome = Ok(value);
                        break;
                    }
                    Flow::Next(value) => {
                        outcome = Ok(value);
                        break;
                    }
                    other => {
                        outcome = Err(Box::new(other));
                        break;
                    }
                };
            }
        }
        self.frames.pop();
        outcome
    }

    /// Generated code (a compiled template) whose line numbers are those of `path`.
    pub fn add_generated(&mut self, path: &str, text: String) -> Rc<Parsed> {
        let parsed = self.generated.get(path, text);
        self.generated_files.insert(parsed.file, Rc::clone(&parsed.source));
        parsed
    }

    /// Code that the run put together, in which the words of `locals` are variables.
    pub fn add_evaluated(&mut self, path: &str, text: String, locals: &[&str]) -> Parsed {
        let parsed = self.generated.parse(path, text, locals);
        self.generated_files.insert(parsed.file, Rc::clone(&parsed.source));
        parsed
    }

    /// The generated code with that id, where this run met it.
    #[must_use]
    pub fn generated_file(&self, id: FileId) -> Option<&SourceFile> {
        self.generated_files.get(&id).map(Rc::as_ref)
    }

    /// The file with that id, generated ones included.
    #[must_use]
    pub fn source(&self, id: FileId) -> &SourceFile {
        if id.0 >= GENERATED {
            if let Some(file) = self.generated_file(id) {
                return file;
            }
        }
        self.sources.file(if (id.0 as usize) < self.sources.len() { id } else { FileId(0) })
    }

    /// Where a span stands, for people.
    #[must_use]
    pub fn location(&self, span: Span) -> Location {
        if (span.file.0 as usize) >= self.sources.len() && span.file.0 < GENERATED {
            return Location { path: "(eval)".to_owned(), line: 1, column: 1 };
        }
        let file = self.source(span.file);
        let (line, column) = file.line_column(span.start);
        Location { path: file.path.clone(), line, column }
    }

    /// Whether the string literals of a file are frozen: one of its first comments says so.
    pub fn freezes_literals(&mut self, file: FileId) -> bool {
        if let Some(known) = self.frozen_files.get(&file) {
            return *known;
        }
        let known = (file.0 as usize) < self.sources.len() || file.0 >= GENERATED;
        let text = if known { self.source(file).text() } else { "" };
        let comments = text.lines().take_while(|line| line.trim_start().starts_with('#') || line.trim().is_empty());
        let says = |line: &str| {
            let line = line.to_ascii_lowercase().replace('-', "_");
            let setting = line.split_once("frozen_string_literal:").map(|(_, value)| value.trim_start().to_owned());
            setting.is_some_and(|value| value.starts_with("true"))
        };
        let found = comments.take(50).any(says);
        self.frozen_files.insert(file, found);
        found
    }

    /// The text of a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        if (span.file.0 as usize) >= self.sources.len() && span.file.0 < GENERATED {
            return "";
        }
        self.source(span.file).text().get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Calls `proc` with `args` as its own block would be called.
    ///
    /// # Errors
    /// What the block raises.
    pub fn yield_values(&mut self, block: &Rc<crate::ruby::procs::Proc>, args: Vec<Value>) -> Eval {
        self.call_proc(block, &Args::new(args))
    }
}
