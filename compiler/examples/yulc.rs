//! Compiles a file of Yul: `cargo run -p tephra-yul --example yulc -- FILE.yul OUT.wasm`.
use std::{env, error::Error, fs};

use tephra_yul::{Options, compile};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        return Err("FILE.yul and OUT.wasm are needed".into());
    };
    let contract = compile(&fs::read_to_string(&from)?, &Options::default())
        .map_err(|error| format!("{from}:{error}"))?;
    fs::write(&to, &contract.bytes)?;
    for (name, bytes) in &contract.sizes {
        println!("{bytes:>6} {name}");
    }
    println!("{from}: {} bytes", contract.bytes.len());
    Ok(())
}
