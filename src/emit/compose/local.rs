//! Values for a machine of one's own: the local stores in place of the real ones, made-up passwords in place of secrets.

use crate::blueprint::{Mount, PerEnvironment, Setting, Store, Variable};
use crate::emit::compose::store;
use crate::emit::layout::{Layout, Named};
use crate::emit::settings::{self, Kind};

/// Stands for a password of a local database; valid nowhere else.
const PASSWORD: &str = "local-only";

/// What local services are set to.
#[derive(Debug, Clone)]
pub struct Local {
    /// Which environment's values are taken: never production's where there is another.
    place: usize,
    /// Name of the local database.
    pub database: String,
    /// Its user.
    pub user: String,
    /// That user's password.
    pub password: String,
    values: Vec<Value>,
}

/// The local value of a variable.
#[derive(Debug, Clone)]
struct Value {
    name: String,
    value: String,
    /// The images that get it; empty for all.
    images: Vec<String>,
}

impl Value {
    fn of(variable: &Variable, value: String) -> Self {
        Self { name: variable.name.clone(), value, images: variable.images.clone() }
    }
}

impl Local {
    /// Chooses the local value of every variable.
    #[must_use]
    pub fn of(layout: &Layout) -> Self {
        let place = layout.places.iter().rposition(|place| !place.name.contains("prod") && place.name != "prd").unwrap_or(0);
        let mut local = Self {
            place,
            database: layout.name.replace('-', "_"),
            user: "app".to_owned(),
            password: PASSWORD.to_owned(),
            values: Vec::new(),
        };
        for variable in settings::of_kind(layout, Kind::Plain) {
            if let Some(value) = local.plain(layout, variable) {
                local.values.push(Value::of(variable, value));
            }
        }
        local.read_database();
        for variable in settings::of_kind(layout, Kind::Secret) {
            if let Some(value) = variable.local.clone().or_else(|| local.made_up(layout, &variable.name)) {
                local.values.push(Value::of(variable, value));
            }
        }
        for variable in settings::of_kind(layout, Kind::PodName).into_iter().chain(settings::of_kind(layout, Kind::Unknown)) {
            if let Some(value) = variable.local.clone().or_else(|| (settings::kind(variable) == Kind::PodName).then(|| "local".to_owned()))
            {
                local.values.push(Value::of(variable, value));
            }
        }
        local
    }

    /// The local value of variable `name`.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|one| one.name == name).map(|one| one.value.as_str())
    }

    /// The local value of a variable, which may be one app's own.
    #[must_use]
    pub fn value_of(&self, variable: &Variable) -> Option<&str> {
        self.values.iter().find(|one| one.name == variable.name && one.images == variable.images).map(|one| one.value.as_str())
    }

    /// The value of the chosen environment, or the first there is.
    #[must_use]
    pub fn here<'a, T: Clone + PartialEq>(&self, value: &'a PerEnvironment<T>) -> Option<&'a T> {
        value.at(self.place).or_else(|| value.base())
    }

    /// The content of a mounted file here; `None` for secrets and for what only some environments have.
    #[must_use]
    pub fn content(&self, mount: &Mount) -> Option<String> {
        // What only some environments have (a password before the staging site) is not needed here.
        let content = mount.content.as_ref().filter(|content| content.values.iter().all(Option::is_some))?;
        self.here(content).cloned()
    }

    /// Variables of the test service: the test database and the test mode.
    #[must_use]
    pub fn for_tests(&self, layout: &Layout) -> Vec<(String, String)> {
        let mut out: Vec<(String, String)> = Vec::new();
        for Value { name, value, .. } in &self.values {
            let mut changed = value.clone();
            if value == &self.database && is_database_name(name) {
                changed = format!("{value}_test");
            }
            for store in layout.stores.iter().filter(|store| store::is_sql(store.item)) {
                let host = &store.name;
                if changed == *host {
                    changed = format!("test-{host}");
                }
                for (before, after) in [("@", ":"), ("@", "/"), ("//", ":"), ("//", "/")] {
                    changed = changed.replace(&format!("{before}{host}{after}"), &format!("{before}test-{host}{after}"));
                }
                changed = test_database(&changed, &self.database);
            }
            if changed != *value {
                out.push((name.clone(), changed));
            }
        }
        for name in ["RAILS_ENV", "RACK_ENV", "NODE_ENV", "APP_ENV"] {
            if self.value(name).is_some() || (name == "RAILS_ENV" && out.is_empty()) {
                out.push((name.to_owned(), "test".to_owned()));
            }
        }
        out
    }

    fn plain(&self, layout: &Layout, variable: &Variable) -> Option<String> {
        if variable.local.is_some() {
            return variable.local.clone();
        }
        let value = match layout.at(&variable.value, self.place) {
            Some(Setting::Known(value)) => value,
            _ => variable
                .value
                .values
                .iter()
                .flatten()
                .find_map(|setting| if let Setting::Known(value) = setting { Some(value) } else { None })?,
        };
        let address = |store: &&Named<Store>| {
            let addresses = store.item.address.iter().flat_map(|address| address.values.iter().flatten());
            addresses.filter(|address| !address.is_empty()).find(|address| value.contains(address.as_str())).cloned()
        };
        for store in &layout.stores {
            if let Some(address) = address(&store) {
                let here = if address.contains(':') { format!("{}:{}", store.name, store.item.port) } else { store.name.clone() };
                return Some(value.replace(&address, &here));
            }
        }
        Some(value.clone())
    }

    /// Name and user of the local database, as the variables say.
    fn read_database(&mut self) {
        if let Some(one) = self.values.iter().find(|one| is_database_name(&one.name) && is_word(&one.value)) {
            self.database.clone_from(&one.value);
        }
        if let Some(one) = self.values.iter().find(|one| is_database_user(&one.name) && is_word(&one.value) && one.value != "root") {
            self.user.clone_from(&one.value);
        }
    }

    /// A stand-in for a secret without which nothing starts.
    fn made_up(&self, layout: &Layout, name: &str) -> Option<String> {
        let upper = name.to_uppercase();
        let sql = layout.stores.iter().find(|store| store::is_sql(store.item));
        if upper.ends_with("SECRET_KEY_BASE") || upper == "SECRET_TOKEN" {
            // Rails wants at least thirty characters.
            return Some([PASSWORD; 6].join("-"));
        }
        if is_database(&upper) && (upper.contains("PASSWORD") || upper.ends_with("_PASS")) {
            return sql.map(|_| self.password.clone());
        }
        if is_database(&upper) && (upper.contains("USER") || upper.ends_with("_LOGIN")) {
            return sql.map(|_| self.user.clone());
        }
        if upper.ends_with("DATABASE_URL") {
            let store = sql?;
            let scheme = if store.item.port == 5432 || store.item.engine.starts_with("postg") { "postgres" } else { "mysql2" };
            return Some(format!("{scheme}://{}:{}@{}:{}/{}", self.user, self.password, store.name, store.item.port, self.database));
        }
        if upper.ends_with("REDIS_URL") {
            let store = layout.stores.iter().find(|store| store.item.engine == "redis" || store.item.engine == "valkey")?;
            return Some(format!("redis://{}:{}/0", store.name, store.item.port));
        }
        None
    }
}

fn is_database(upper: &str) -> bool {
    ["DB", "DATABASE", "MYSQL", "POSTGRES", "PG", "RDS"].iter().any(|word| upper.split('_').any(|part| part == *word))
}

fn is_database_name(name: &str) -> bool {
    let upper = name.to_uppercase();
    is_database(&upper)
        && (upper.ends_with("NAME") && !upper.ends_with("USERNAME")
            || upper.ends_with("DATABASE")
            || upper == "MYSQL_DB"
            || upper == "POSTGRES_DB")
}

/// The address of the tests' database: `mysql2://db/shop?pool=5` becomes `mysql2://db/shop_test?pool=5`; what is no address stays.
fn test_database(value: &str, database: &str) -> String {
    let (address, rest) = value.split_at(value.find('?').unwrap_or(value.len()));
    match address.strip_suffix(database) {
        Some(before) if !database.is_empty() && before.ends_with('/') && before.contains("://") => format!("{address}_test{rest}"),
        _ => value.to_owned(),
    }
}

fn is_database_user(name: &str) -> bool {
    let upper = name.to_uppercase();
    is_database(&upper) && (upper.ends_with("USER") || upper.ends_with("USERNAME"))
}

fn is_word(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}
