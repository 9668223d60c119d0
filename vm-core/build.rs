//! Decides whether the threaded backend is built: it is asked for by a feature, and needs the optimiser, which makes jumps of the calls between its steps, and a calling
//! convention that passes six words in registers.
fn main() {
    println!("cargo::rustc-check-cfg=cfg(threaded)");
    let is = |name: &str, values: &[&str]| std::env::var(name).is_ok_and(|value| values.contains(&value.as_str()));
    let optimised = is("OPT_LEVEL", &["2", "3"]);
    let convention = is("CARGO_CFG_TARGET_ARCH", &["x86_64", "aarch64"]);
    let wanted = std::env::var_os("CARGO_FEATURE_THREADED").is_some();
    if wanted && optimised && convention {
        println!("cargo::rustc-cfg=threaded");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
