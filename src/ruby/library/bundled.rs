//! Small gems that come with Chef or that cookbooks install to read and write configuration, in Ruby: evaluated when they are first
//! asked for. In: the name of a `require`, or a constant that nobody defined. Out: the gem's classes and methods.

use std::rc::Rc;

use crate::ruby::interpreter::Interpreter;

/// A gem: what it is required as, its constant (where it has one), and its code.
struct Bundled {
    name: &'static str,
    constant: Option<&'static str>,
    code: &'static str,
}

/// One line a gem.
const GEMS: &[Bundled] = &[
    Bundled { name: "iniparse", constant: Some("IniParse"), code: include_str!("bundled/iniparse.rb") },
    Bundled { name: "deepsort", constant: None, code: include_str!("bundled/deepsort.rb") },
];

impl Interpreter {
    /// Evaluates the gem that is required as `name`, once; whether there is one.
    pub fn require_bundled(&mut self, name: &str) -> bool {
        GEMS.iter().find(|gem| gem.name == name).is_some_and(|gem| self.load_bundled(gem))
    }

    /// Evaluates the gem that defines the constant `name`; whether there is one that was not there before.
    pub(crate) fn bundled_constant(&mut self, name: &str) -> bool {
        let gem = GEMS.iter().find(|gem| gem.constant == Some(name));
        gem.is_some_and(|gem| !self.bundled.contains(&gem.name) && self.load_bundled(gem))
    }

    fn load_bundled(&mut self, gem: &'static Bundled) -> bool {
        if self.bundled.contains(&gem.name) {
            return true;
        }
        self.bundled.push(gem.name);
        let file = self.add_generated(&format!("{}.rb", gem.name), gem.code.to_owned());
        let (tree, _) = crate::read::ruby::parse_text(file, gem.code, &[]);
        let main = self.main.clone();
        let scope = self.top_scope(main);
        let tree = Rc::new(tree);
        self.run(&scope, &tree).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::GEMS;
    use crate::ruby::interpreter::Interpreter;
    use crate::source::SourceMap;
    use std::rc::Rc;

    #[test]
    fn every_gem_can_be_evaluated() {
        let mut interpreter = Interpreter::new(Rc::new(SourceMap::new()));
        for gem in GEMS {
            assert!(interpreter.require_bundled(gem.name), "{}", gem.name);
        }
    }
}
