//! Settings that are no secret: `app.env` of the base for equal ones, of the overlay for those that differ.

use std::collections::BTreeMap;

use crate::blueprint::{Setting, Variable};
use crate::emit::kubernetes::Cluster;
use crate::emit::origin;
use crate::emit::settings::{self, Kind, Scope};
use crate::emit::yaml::List;

impl Cluster<'_> {
    /// Whether there is a `ConfigMap` of that scope.
    pub(super) fn has_settings(&self, scope: Scope) -> bool {
        !settings::of_scope(self.layout, Kind::Plain, scope).is_empty()
    }

    /// The name of a scope's `ConfigMap` and Secret.
    pub(super) fn settings_name(&self, scope: Scope) -> String {
        match scope {
            None => self.layout.name.clone(),
            Some(image) => format!("{}-app", self.layout.image_name(image)),
        }
    }

    /// The scopes whose variables a container of the image gets.
    pub(super) fn scopes_of<'s>(&self, image: &'s str) -> Vec<Scope<'s>> {
        vec![None, Some(image)]
    }

    /// `app.env` of the base.
    pub(super) fn base_env(&self, scope: Scope) -> String {
        let mut out = String::from("# The same in every environment.\n");
        for variable in settings::of_scope(self.layout, Kind::Plain, scope).into_iter().filter(|variable| self.is_shared(variable)) {
            push(&mut out, variable, settings::known(self.layout, variable, 0).unwrap_or_default());
        }
        out
    }

    /// `app.env` of overlay `index`.
    pub(super) fn overlay_env(&self, index: usize, scope: Scope) -> String {
        let mut out = format!("# What is particular to {}.\n", self.layout.places[index].name);
        for variable in settings::of_scope(self.layout, Kind::Plain, scope).into_iter().filter(|variable| !self.is_shared(variable)) {
            match self.layout.at(&variable.value, index) {
                Some(Setting::Known(value)) => push(&mut out, variable, value),
                Some(Setting::Unknown(reason)) => unknown(&mut out, variable, reason),
                _ => {}
            }
        }
        for variable in settings::of_scope(self.layout, Kind::Unknown, scope) {
            if let Some(Setting::Unknown(reason)) = self.layout.at(&variable.value, index) {
                unknown(&mut out, variable, reason);
            }
        }
        out
    }

    /// Values of several lines, which an env file cannot hold: base (`None`) or overlay.
    pub(super) fn literals(&self, index: Option<usize>, scope: Scope) -> List {
        let mut list = List::new();
        for variable in
            settings::of_scope(self.layout, Kind::Plain, scope).into_iter().filter(|variable| self.is_shared(variable) == index.is_none())
        {
            if let Some(value) = settings::known(self.layout, variable, index.unwrap_or(0)).filter(|value| value.contains(['\n', '\r'])) {
                list = list.above_all(origin::lines(&variable.origin)).item(format!("{}={}", variable.name, kept(value)));
            }
        }
        list
    }

    /// Variables that hold the pod's own name.
    pub(super) fn pod_names(&self) -> Vec<&Variable> {
        settings::of_kind(self.layout, Kind::PodName)
    }

    /// Variables of one container, as they stand in place `index`, without secrets.
    pub(super) fn own_variables<'v>(
        &self,
        variables: &'v BTreeMap<String, crate::blueprint::PerEnvironment<String>>,
        index: Option<usize>,
    ) -> Vec<(&'v str, Option<&'v String>)> {
        let usable = variables.iter().filter(|(name, _)| settings::is_name(name) && !settings::is_secret(self.layout, name));
        usable.map(|(name, value)| (name.as_str(), index.map_or_else(|| value.base(), |index| self.layout.at(value, index)))).collect()
    }

    fn is_shared(&self, variable: &Variable) -> bool {
        self.layout.is_same(&variable.value)
    }
}

fn push(out: &mut String, variable: &Variable, value: &str) {
    if value.contains(['\n', '\r']) {
        return;
    }
    let note = variable.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
    comment(out, &format!("{}{note}", origin::short(&variable.origin)));
    out.push_str(&format!("{}={value}\n", variable.name));
}

fn unknown(out: &mut String, variable: &Variable, reason: &str) {
    comment(out, &origin::short(&variable.origin));
    comment(out, &format!("{}= set by hand: {reason}", variable.name));
}

fn comment(out: &mut String, text: &str) {
    if !text.is_empty() {
        out.push_str(&format!("# {}\n", origin::one_line(text)));
    }
}

/// kustomize takes one pair of quotes off a literal that begins and ends with the same.
fn kept(value: &str) -> String {
    let quoted = |quote: char| value.len() > 1 && value.starts_with(quote) && value.ends_with(quote);
    if quoted('"') || quoted('\'') { format!("'{value}'") } else { value.to_owned() }
}
