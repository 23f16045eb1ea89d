//! What Chef Infra has, whether ekiben has it or not: classes with their methods, words of the recipe language, constants.

use std::sync::OnceLock;

use crate::ruby::vocabulary::Vocabulary;

/// Chef's classes, modules and the words of its language.
const CHEF: &str = include_str!("vocabulary/chef.txt");

/// Chef's own.
pub fn chef() -> &'static Vocabulary {
    static TABLE: OnceLock<Vocabulary> = OnceLock::new();
    TABLE.get_or_init(|| Vocabulary::parse(CHEF))
}

/// Whether Chef has the type of resource `name`.
pub fn has_resource(name: &str) -> bool {
    chef().has("$resources", name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_recipe_language_are_known() {
        for (head, word) in
            [("Chef::DSL::Recipe#", "data_bag_item"), ("Chef::DSL::Recipe#", "ubuntu?"), ("Chef::Config.", "chef_server_url")]
        {
            assert_eq!(chef().has(head, word), word != "chef_server_url", "{head}{word}");
        }
        assert!(chef().has_constant("Chef::Resource::AptPackage") && !chef().has_constant("Chef::Resource::Nothing"));
        assert!(has_resource("apt_package") && !has_resource("php_pear"));
    }
}
