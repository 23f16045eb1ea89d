//! Templates to the Ruby source that prints them. Chef renders with Erubis ([`erubis`]); an application's YAML files go
//! through the standard library's ERB ([`erb`]).
//!
//! Line n of the template is line n of the Ruby source, so that places in it are places in the template.
//! `a <%= b %>` becomes `_buf = ''; _buf << 'a '; _buf << ( b ).to_s; _buf.to_s`. The source's value is the text.

mod erubis;
mod standard;
#[cfg(test)]
mod tests;

pub use erubis::erubis;
pub use standard::erb;
