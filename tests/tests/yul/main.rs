//! The compiler from Yul, on the engine.
mod arithmetic;
mod random;
mod solidity;
