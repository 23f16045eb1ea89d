//! A health check from inside a container, by what its image surely has: the language's own HTTP client, or a shell's sockets.

use crate::blueprint::{Health, Packager, Runtime};
use crate::emit::layout::Layout;

/// The words of a command that fails when `health` is not given; `None` for an image that is not the blueprint's.
#[must_use]
pub fn words(layout: &Layout, image: &str, health: &Health) -> Option<Vec<String>> {
    let image = layout.image(image)?;
    let port = health.port;
    let url = |path: &str| format!("http://127.0.0.1:{port}{}", if path.starts_with('/') { path.to_owned() } else { format!("/{path}") });
    let safe = |path: &String| path.chars().all(|c| c.is_ascii_alphanumeric() || "/_-.?=&%".contains(c));
    let path = health.path.as_ref().filter(|path| safe(path)).map(|path| url(path));
    let program = |words: &[&str], code: String| words.iter().map(|word| (*word).to_owned()).chain([code]).collect();
    Some(match (&image.item.runtime, path) {
        (Runtime::Ruby(_), Some(url)) => {
            program(&["ruby", "-rnet/http", "-e"], format!("exit Net::HTTP.get_response(URI('{url}')).code.to_i < 400"))
        }
        (Runtime::Ruby(_), None) => program(&["ruby", "-rsocket", "-e"], format!("TCPSocket.new('127.0.0.1', {port}).close")),
        (Runtime::Node(_), Some(url)) => program(
            &["node", "-e"],
            // `fetch` is there only since Node.js 18.
            format!("require('http').get('{url}', r => process.exit(r.statusCode < 400 ? 0 : 1)).on('error', () => process.exit(1))"),
        ),
        (Runtime::Node(_), None) => program(
            &["node", "-e"],
            format!("require('net').connect({port}, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(1))"),
        ),
        (Runtime::Python(_), Some(url)) => program(&["python3", "-c"], format!("import urllib.request; urllib.request.urlopen('{url}')")),
        (Runtime::Python(_), None) => {
            program(&["python3", "-c"], format!("import socket; socket.create_connection(('127.0.0.1', {port}))"))
        }
        (Runtime::Php(_), Some(url)) => program(&["php", "-r"], format!("exit(@file_get_contents('{url}') === false ? 1 : 0);")),
        _ if image.item.packager != Packager::Apk => program(&["bash", "-c"], format!("exec 3<>/dev/tcp/127.0.0.1/{port}")),
        _ => program(&["nc", "-z", "127.0.0.1"], port.to_string()),
    })
}
