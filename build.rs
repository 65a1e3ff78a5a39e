//! Links the program at a fixed address where that saves time.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |variable: &str, value: &str| std::env::var(variable).is_ok_and(|found| found == value);
    // At any other address the loader writes 16,000 addresses into the program before it starts: a tenth
    // of the time of a whole render.
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") && is("PROFILE", "release") {
        println!("cargo:rustc-link-arg-bin=monstack=-no-pie");
    }
}
