//! The program `ekiben`: everything is in the library, whose `cli` module alone touches disk, terminal, clock and environment.

use std::process::ExitCode;

fn main() -> ExitCode {
    ekiben::cli::main()
}
