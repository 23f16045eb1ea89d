//! Data bags: items as they are read, encrypted ones as secrets.

use serde_json::Value as Json;

use crate::graph::Datum;
use crate::secrecy;
use crate::text::Text;

/// The content of a data bag item. The values of an encrypted item (`encrypted_data` with a cipher) are secrets.
#[must_use]
pub fn from_json(json: &Json, bag: &str, secrets: bool) -> Datum {
    let Json::Object(map) = json else { return super::datum::from_json(json, secrets) };
    Datum::Map(
        map.iter()
            .map(|(key, value)| {
                let encrypted = value.get("encrypted_data").is_some();
                let datum = if encrypted { Datum::Text(sealed(key, bag)) } else { super::datum::from_json_named(value, key, secrets) };
                (key.clone(), datum)
            })
            .collect(),
    )
}

fn sealed(key: &str, bag: &str) -> Text {
    secrecy::seal(key, secrecy::FILTERED, &format!("encrypted in the data bag `{bag}`"))
}
