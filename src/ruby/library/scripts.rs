//! Libraries that are written in Ruby (`scripts/*.rb`): read when a constant of theirs is first asked for.
//!
//! `StringScanner.new(text)` finds no constant, so `scripts/strscan.rb` is evaluated at the top level, and the constant is there.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Visibility};
use crate::ruby::value::Value;

/// A library: the constants that it defines, what `require` calls it, its source.
struct Script {
    constants: &'static [&'static str],
    name: &'static str,
    source: &'static str,
}

const SCRIPTS: &[Script] = &[
    Script { constants: &["StringScanner"], name: "strscan", source: include_str!("scripts/strscan.rb") },
    Script { constants: &["BigDecimal"], name: "bigdecimal", source: include_str!("scripts/bigdecimal.rb") },
    Script { constants: &["CSV"], name: "csv", source: include_str!("scripts/csv.rb") },
    Script { constants: &["OptionParser", "OptParse"], name: "optparse", source: include_str!("scripts/optparse.rb") },
    Script { constants: &["Observable"], name: "observer", source: include_str!("scripts/observer.rb") },
    Script { constants: &["TSort"], name: "tsort", source: include_str!("scripts/tsort.rb") },
    Script { constants: &["WeakRef"], name: "weakref", source: include_str!("scripts/weakref.rb") },
    Script { constants: &["Abbrev"], name: "abbrev", source: include_str!("scripts/abbrev.rb") },
    Script { constants: &["Prime"], name: "prime", source: include_str!("scripts/prime.rb") },
    Script { constants: &["Resolv::IPv4", "Resolv::IPv6"], name: "resolv", source: include_str!("scripts/resolv.rb") },
    // Gems that come with Chef, or that cookbooks install to read and write configuration.
    Script { constants: &["Mixlib::Config"], name: "mixlib/config", source: include_str!("scripts/mixlib_config.rb") },
    Script { constants: &["IniParse"], name: "iniparse", source: include_str!("scripts/iniparse.rb") },
    Script { constants: &[], name: "deepsort", source: include_str!("scripts/deepsort.rb") },
];

impl Interpreter {
    /// The constant `full` of `module`, when a library written in Ruby defines it.
    ///
    /// # Errors
    /// What the library raises: a bound that was reached.
    pub fn scripted_constant(&mut self, module: &Rc<Module>, full: &str, name: Name) -> Eval<Option<Value>> {
        let Some(script) = SCRIPTS.iter().find(|script| script.constants.contains(&full)) else { return Ok(None) };
        self.run_script(script)?;
        let found = module.constants.borrow().get(&name).cloned();
        Ok(found)
    }

    /// `require name`: methods that a library adds to core classes are there from then on. Whether there is such a library.
    ///
    /// # Errors
    /// What the library raises: a bound that was reached.
    pub fn require_script(&mut self, name: &str) -> Eval<bool> {
        // `bigdecimal/util` is a part of `bigdecimal` here.
        match SCRIPTS.iter().find(|script| name.strip_prefix(script.name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))) {
            Some(script) => self.run_script(script).map(|()| true),
            None => Ok(false),
        }
    }

    fn run_script(&mut self, script: &Script) -> Eval<()> {
        if !self.scripts.insert(script.name) {
            return Ok(());
        }
        let path = format!("{}.rb", script.name);
        let parsed = self.add_generated(&path, script.source.to_owned());
        let main = self.main.clone();
        let scope = self.top_scope(main);
        scope.frame.visibility.set(Visibility::Private);
        // A library is not under the condition of the code that first asks for it.
        let conditions = std::mem::take(&mut self.conditions);
        let span = self.span;
        let answer = self.run(&scope, &parsed.tree);
        self.span = span;
        self.conditions = conditions;
        answer.map(|_| ())
    }
}
