//! The native methods of a module, shared by all interpreters.
//!
//! In: the tables of `core`, `library` and `chef`, in the order in which they are defined on a module. Out: one [`Natives`] for the same tables
//! in the same order, made once for the program. A run makes some thousand native methods and calls a few dozen: what it calls becomes a
//! [`Method`](crate::ruby::module::Method) when it is looked up.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::name::{Name, NameMap, Seed};
use crate::ruby::core::arity::{self, Arity};
use crate::ruby::module::{Native, Visibility};

/// A table of native methods: names and functions.
pub type Table = &'static [(&'static str, Native)];

/// A native method as its table has it.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The function.
    pub native: Native,
    /// How many arguments it takes, where that is known.
    pub arity: Option<Arity>,
    /// Who may call it.
    pub visibility: Visibility,
}

/// What the tables that were defined on a module so far come to.
pub struct Natives {
    /// The methods by name; a later table wins.
    pub entries: NameMap<Entry>,
}

/// Which tables: those before, the one that is added (address and length, or name and function), whether as private methods, and the class
/// that its arities are looked up for.
type Key = (usize, usize, usize, bool, Option<Name>);

static KNOWN: LazyLock<Mutex<HashMap<Key, &'static Natives, Seed>>> = LazyLock::new(Mutex::default);

impl Natives {
    /// The tables of `before` with `table` behind them, on the module called `class`.
    ///
    /// Tables are part of the program, so there are as many as it has lines that define one.
    #[must_use]
    pub fn with(before: Option<&'static Self>, table: Table, visibility: Visibility, class: Option<&str>) -> &'static Self {
        Self::step(before, (table.as_ptr() as usize, table.len()), table, visibility, class)
    }

    /// The methods of `before` and one more, for tables that are put together by the program.
    #[must_use]
    pub fn with_one(
        before: Option<&'static Self>,
        name: &str,
        native: Native,
        visibility: Visibility,
        class: Option<&str>,
    ) -> &'static Self {
        let what = (Name::new(name).as_str().as_ptr() as usize, native as usize);
        Self::step(before, what, &[(name, native)], visibility, class)
    }

    fn step(
        before: Option<&'static Self>,
        what: (usize, usize),
        table: &[(&str, Native)],
        visibility: Visibility,
        class: Option<&str>,
    ) -> &'static Self {
        let class = class.filter(|class| arity::knows(class)).map(Name::new);
        let address = before.map_or(0, |before| std::ptr::from_ref(before) as usize);
        let key = (address, what.0, what.1, visibility == Visibility::Private, class);
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(natives) = known.get(&key) {
            return natives;
        }
        let mut entries = before.map(|before| before.entries.clone()).unwrap_or_default();
        for (name, native) in table {
            let arity = class.and_then(|class| arity::of(&class, name));
            entries.insert(Name::new(name), Entry { native: *native, arity, visibility });
        }
        let made: &'static Self = Box::leak(Box::new(Self { entries }));
        known.insert(key, made);
        made
    }
}
