//! Decides whether the threaded backend is built: it is asked for by a feature, and needs the
//! optimiser, which makes jumps of the calls between its steps, and a calling convention that
//! passes six words in registers.
fn main() {
    println!("cargo::rustc-check-cfg=cfg(threaded)");
    let is = |name: &str, values: &[&str]| {
        std::env::var(name).is_ok_and(|value| values.contains(&value.as_str()))
    };
    let optimised = is("OPT_LEVEL", &["2", "3"]);
    let convention = is("CARGO_CFG_TARGET_ARCH", &["x86_64", "aarch64"]);
    let feature = |name: &str| std::env::var_os(name).is_some();
    // Work is counted in the loop.
    let wanted = feature("CARGO_FEATURE_THREADED") && !feature("CARGO_FEATURE_WORK");
    if wanted && optimised && convention {
        println!("cargo::rustc-cfg=threaded");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
