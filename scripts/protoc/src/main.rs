//! Prints where the compiler for protocol buffers is, and where its standard definitions are, each
//! on a line of its own.
fn main() -> Result<(), protoc_bin_vendored::Error> {
    println!("{}", protoc_bin_vendored::protoc_bin_path()?.display());
    println!("{}", protoc_bin_vendored::include_path()?.display());
    Ok(())
}
