//! The conformance suites: cases with answers by real Ruby, Erubis, Whenever and Chef.
//!
//! `EKIBEN_CONFORMANCE=DIR` runs another folder of the same layout. Each suite prints `NAME: PASSED/TOTAL` and writes the ids
//! that fail to `target/conformance/NAME.txt`. `tests/conformance-baseline/NAME.txt` lists the ids that may fail: nothing that
//! is not listed there may. `EKIBEN_BLESS=1` writes it anew.
#![allow(clippy::disallowed_methods)]

mod suite;

#[test]
fn ruby() {
    suite::run("ruby", suite::ruby::cases);
}

#[test]
fn erb() {
    suite::run("erb", suite::erb::cases);
}

#[test]
fn chef() {
    suite::run("chef", suite::chef::cases);
}

#[test]
fn whenever() {
    suite::run("whenever", suite::whenever::cases);
}

#[test]
fn truth() {
    match suite::truth::run() {
        None => println!("truth: skipped: EKIBEN_TRUTH and EKIBEN_REPOSITORIES name no folders"),
        Some((resources, files)) => assert!(resources >= 0.98 && files >= 0.98, "resources {resources:.4}, files {files:.4}"),
    }
}

#[test]
fn chefspec() {
    match suite::chefspec::run() {
        None => println!("chefspec: skipped: EKIBEN_REPOSITORIES names no folder"),
        Some(share) => println!("chefspec: {:.2}% of the expectations hold", 100.0 * share),
    }
}

#[test]
fn audit() {
    suite::run("audit", suite::audit::cases);
    suite::audit::hold();
}
