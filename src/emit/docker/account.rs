//! Users and groups, with fixed numbers.

use crate::blueprint::{Account, Image, Packager};
use crate::emit::docker::instruction::{Command, Instruction, shell_word};
use crate::emit::{identity, origin};

/// The instruction that makes the image's accounts, or `None` where the base has them all.
#[must_use]
pub fn create(image: &Image) -> Option<Instruction> {
    let user = identity::of(Some(image));
    let made_up = Account {
        name: user.name.clone(),
        uid: Some(user.uid),
        group: user.group.clone(),
        gid: Some(user.gid),
        home: None,
        shell: None,
        system: false,
        origin: Vec::new(),
    };
    let mut accounts: Vec<&Account> = Vec::new();
    for account in image.accounts.iter().chain(&image.user).chain(std::iter::once(&made_up)) {
        if !account.name.is_empty()
            && identity::in_base(image, &account.name).is_none()
            && !accounts.iter().any(|other| other.name == account.name)
        {
            accounts.push(account);
        }
    }
    let mut groups: Vec<String> = Vec::new();
    let mut commands = Vec::new();
    for account in accounts {
        let who = identity::resolve(image, account);
        let mut comments = origin::lines(&account.origin);
        if identity::group_in_base(image, &who.group).is_none() && !groups.contains(&who.group) {
            groups.push(who.group.clone());
            let mut command = group(image, &who);
            if may_exist(image, account) {
                command = format!("{{ {command} || groupmod --gid {} {}; }}", who.gid, shell_word(&who.group));
            }
            commands.push(Command::new(command).commented(std::mem::take(&mut comments)));
        }
        let mut command = user_command(image, account, &who);
        if may_exist(image, account) {
            command = format!("{{ {command} || usermod --uid {} --gid {} {}; }}", who.uid, shell_word(&who.group), shell_word(&who.name));
        }
        commands.push(Command::new(command).commented(comments));
    }
    (!commands.is_empty()).then(|| Instruction::run(&[], commands).spaced())
}

/// A package may have made it, with whatever number was free: it gets the one that the manifests name.
fn may_exist(image: &Image, account: &Account) -> bool {
    account.system && account.uid.is_none() && image.packager != Packager::Apk
}

fn group(image: &Image, who: &identity::Identity) -> String {
    let name = shell_word(&who.group);
    match image.packager {
        Packager::Apk => format!("addgroup -g {} {name}", who.gid),
        _ => format!("groupadd{} --gid {} {name}", shared(image, who.gid), who.gid),
    }
}

fn user_command(image: &Image, account: &Account, who: &identity::Identity) -> String {
    let (name, group) = (shell_word(&who.name), shell_word(&who.group));
    if image.packager == Packager::Apk {
        let home = account.home.as_ref().map(|home| format!(" -h {}", shell_word(home))).unwrap_or_default();
        return format!("adduser -D -u {} -G {group}{home} {name}", who.uid);
    }
    let home = match &account.home {
        Some(home) => format!(" --create-home --home-dir {}", shell_word(home)),
        None if account.system => String::new(),
        None => " --create-home".to_owned(),
    };
    let shell = account.shell.as_ref().map(|shell| format!(" --shell {}", shell_word(shell))).unwrap_or_default();
    // Without it useradd writes a login record file as large as the highest user id.
    let no_log = if who.uid > 60_000 { " --no-log-init" } else { "" };
    format!("useradd{}{no_log} --uid {} --gid {group}{home}{shell} {name}", shared(image, who.uid), who.uid)
}

/// Newer Ubuntu and Node images have a user 1000 already.
fn shared(image: &Image, id: u32) -> &'static str {
    if id == 1000 && (image.base.contains("ubuntu:") || image.base.contains("node:")) { " --non-unique" } else { "" }
}
