fn main() {}
mod abi; mod accounts; mod error; mod input;
