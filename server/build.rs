//! Migrations are part of the program: it is built again when there is a new one.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
