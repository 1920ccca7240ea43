//! `ps-eval FILE`: evaluates a script of PowerShell with the variables of the environment, and prints what it writes. It ends with 2 where the script is
//! not understood.

use ps_parser::{PowerShellSession, Variables};

fn main() {
    let file = std::env::args().nth(1).expect("a file");
    let script = std::fs::read_to_string(&file).expect("a script");
    match PowerShellSession::new().with_variables(Variables::env()).parse_script(&script) {
        Ok(result) if result.errors().is_empty() => println!("{}", result.output()),
        Ok(result) => {
            eprintln!("{:?}", result.errors());
            std::process::exit(2);
        }
        Err(error) => {
            eprintln!("{error:?}");
            std::process::exit(2);
        }
    }
}
